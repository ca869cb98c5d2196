//! A text with its head: what it describes, and where things stand in it.

use crate::{
    Places, TextError,
    toml_text::{Reading, Section},
};
use toml::{Spanned, de::DeTable};

/// What a text describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The attributes that admins define, and which standard ones are harmless.
    Attributes,
    /// Fixed lists by name.
    Lists,
    /// Goals by name.
    Goals,
    /// A site: look, privacy, security.
    Site,
    /// A conversational flow.
    Flow,
    /// A dialogue.
    Dialogue,
}

/// The words for kinds.
pub(crate) const KINDS: [(&str, Kind); 6] = [
    ("dialogue", Kind::Dialogue),
    ("flow", Kind::Flow),
    ("site", Kind::Site),
    ("attributes", Kind::Attributes),
    ("goals", Kind::Goals),
    ("lists", Kind::Lists),
];

impl Kind {
    /// The word in texts.
    pub fn word(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }

    /// True for texts of which there is one for each object.
    pub const fn has_name(self) -> bool {
        matches!(self, Self::Site | Self::Flow | Self::Dialogue)
    }
}

/// What a text describes, as far as that can be said without knowing an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The kind of thing.
    pub kind: Kind,
    /// Its name; empty for kinds without.
    pub name: String,
    /// What it is called by others when several have the name; the name otherwise.
    pub reference: String,
    /// What it was called before, so that it is renamed and not made anew.
    pub formerly: Option<String>,
    /// The site of a dialogue or flow.
    pub site: Option<String>,
}

/// What was read, with the places of its fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Read<T> {
    /// It.
    pub value: T,
    /// Where its fields stand.
    pub places: Places,
}

/// A text that is TOML and says what it describes.
#[derive(Debug, Clone)]
pub struct Document {
    source: String,
    head: Head,
    places: Places,
}

impl Document {
    /// Reads the head; all mistakes when there is none.
    pub fn open(text: &str) -> Result<Self, Vec<TextError>> {
        let source = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let (head, places) = {
            let mut reading = Reading::of(&source);
            let table = parsed(&mut reading, &source)?;
            let head = head(&mut reading, &mut Section::root(&table));
            match head {
                Some(head) if reading.errors.is_empty() => (head, reading.places),
                _ => return Err(sorted(reading.errors)),
            }
        };
        Ok(Self { source, head, places })
    }

    /// What it describes.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Where the fields of the head stand.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Reads everything behind the head.
    pub(crate) fn read<T>(
        &self,
        read: impl FnOnce(&mut Reading<'_>, &mut Section<'_>) -> T,
    ) -> Result<Read<T>, Vec<TextError>> {
        let mut reading = Reading::of(&self.source);
        let table = parsed(&mut reading, &self.source)?;
        let mut root = Section::root(&table);
        drop(head(&mut reading, &mut root));
        let value = read(&mut reading, &mut root);
        root.finish(&mut reading);
        if reading.errors.is_empty() {
            Ok(Read { value, places: reading.places })
        } else {
            Err(sorted(reading.errors))
        }
    }
}

fn sorted(mut errors: Vec<TextError>) -> Vec<TextError> {
    errors.sort();
    errors.dedup();
    errors
}

/// The document's table; every breach of TOML otherwise.
fn parsed<'a>(reading: &mut Reading<'_>, source: &'a str) -> Result<Spanned<DeTable<'a>>, Vec<TextError>> {
    let (table, errors) = DeTable::parse_recoverable(source);
    if errors.is_empty() {
        return Ok(table);
    }
    for error in errors {
        let message = format!("This is not TOML: {}.", error.message().trim_end_matches('.'));
        reading.error(&error.span().unwrap_or_default(), "", message);
    }
    Err(sorted(std::mem::take(&mut reading.errors)))
}

fn head(reading: &mut Reading<'_>, root: &mut Section<'_>) -> Option<Head> {
    if !root.has("kind") {
        let known: Vec<&str> = KINDS.iter().map(|(word, _)| *word).collect();
        reading.error(&(0..0), "kind", format!("“kind” is missing: one of {}.", known.join(", ")));
        return None;
    }
    let kind = root.word(reading, "kind", &KINDS)?;
    if !kind.has_name() {
        return Some(Head {
            kind,
            name: String::new(),
            reference: String::new(),
            formerly: None,
            site: None,
        });
    }
    let name = root.required(reading, "name");
    let reference = root.string(reading, "reference").unwrap_or_else(|| name.clone());
    let formerly = root.string(reading, "formerly");
    let site = (kind != Kind::Site).then(|| root.required(reading, "site"));
    Some(Head { kind, name, reference, formerly, site })
}
