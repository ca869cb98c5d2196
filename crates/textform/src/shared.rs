//! What dialogues share, as text: the attributes that admins define, and the names of goals and lists.

use crate::{
    Document, Kind, TextError,
    document::Read,
    toml_text::{Reading, Section, Writer},
};
use criteria::{AttributeRef, AttributeType, Source};

/// An attribute that admins defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeText {
    /// Its path: `person.shoe_size`.
    pub path: AttributeRef,
    /// What screens call it.
    pub label: String,
    /// Its type.
    pub kind: AttributeType,
    /// May be shown to a visitor with a merely claimed identity.
    pub harmless: bool,
}

/// All of an instance's attributes that are not as every instance has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttributesText {
    /// Standard attributes that may be shown to a visitor with a merely claimed identity.
    pub harmless: Vec<AttributeRef>,
    /// Those that admins defined.
    pub attributes: Vec<AttributeText>,
}

/// The text of the attributes.
pub fn write_attributes(all: &AttributesText) -> String {
    let AttributesText { harmless, attributes } = all;
    let mut out = Writer::default();
    out.text("kind", Kind::Attributes.word());
    if !harmless.is_empty() {
        let paths: Vec<String> = harmless.iter().map(AttributeRef::to_string).collect();
        out.texts("harmless", paths.iter().map(String::as_str));
    }
    for AttributeText { path, label, kind, harmless } in attributes {
        out.header("[[attributes]]");
        out.text("attribute", &path.to_string());
        out.text("label", label);
        out.text("type", kind.as_str());
        out.flag("harmless", *harmless, false);
    }
    out.finish()
}

/// The text of the names of goals or lists.
pub fn write_names(kind: Kind, names: &[String]) -> String {
    let mut out = Writer::default();
    out.text("kind", kind.word());
    let rows: Vec<String> = names.iter().map(|name| crate::toml_text::string(name)).collect();
    out.rows(kind.word(), &rows);
    out.finish()
}

impl Document {
    /// Reads the attributes; all mistakes when they are none.
    pub fn attributes(&self) -> Result<Read<AttributesText>, Vec<TextError>> {
        self.read(|reading, root| {
            let harmless = root.texts(reading, "harmless").unwrap_or_default();
            let harmless = harmless.iter().filter_map(|text| path(reading, text)).collect();
            let sections = root.sections(reading, "attributes").unwrap_or_default();
            let attributes = sections.into_iter().filter_map(|section| attribute(reading, section)).collect();
            AttributesText { harmless, attributes }
        })
    }

    /// Reads the names of goals or lists; all mistakes when they are none.
    pub fn names(&self) -> Result<Read<Vec<String>>, Vec<TextError>> {
        let key = self.head().kind.word();
        self.read(|reading, root| {
            let names = root.texts(reading, key).unwrap_or_default();
            names.into_iter().map(|text| text.value.to_owned()).collect()
        })
    }
}

fn path(reading: &mut Reading<'_>, text: &crate::toml_text::Text<'_>) -> Option<AttributeRef> {
    let path = text.value.parse::<AttributeRef>().map_err(|e| format!("“{}” {e}.", text.value));
    let path = path.and_then(|path| match path.of() {
        Source::Person | Source::Company => Ok(path),
        Source::Visit | Source::Inferred => {
            Err("Only attributes of people and companies can be set.".to_owned())
        }
    });
    path.map_err(|message| reading.error(&text.span, &text.field, message)).ok()
}

fn attribute(reading: &mut Reading<'_>, mut section: Section<'_>) -> Option<AttributeText> {
    let types = AttributeType::ALL.map(|kind| (kind.as_str(), kind));
    for key in ["attribute", "type"] {
        if !section.has(key) {
            section.error(reading, key, format!("“{key}” is missing."));
        }
    }
    let path = section.text(reading, "attribute").and_then(|text| path(reading, &text));
    let label = section.string(reading, "label");
    let kind = section.word(reading, "type", &types);
    let harmless = section.flag(reading, "harmless", false);
    section.finish(reading);
    let path = path?;
    let label = label.unwrap_or_else(|| path.name().to_owned());
    Some(AttributeText { path, label, kind: kind?, harmless })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ATTRIBUTES: &str = r#"kind = "attributes"
harmless = ["person.first_name"]

[[attributes]]
attribute = "person.shoe_size"
label = "Shoe size"
type = "number"
harmless = true

[[attributes]]
attribute = "company.plan"
label = "Plan"
type = "text"
"#;

    #[test]
    fn attributes_are_written_as_they_were_read() {
        let read = Document::open(ATTRIBUTES).expect("a text").attributes().expect("attributes");
        assert_eq!(read.value.attributes.len(), 2);
        assert_eq!(write_attributes(&read.value), ATTRIBUTES);
    }

    #[test]
    fn names_are_written_as_they_were_read() {
        for kind in [Kind::Goals, Kind::Lists] {
            for names in [vec![], vec!["Demo booked".to_owned(), "“Odd”\n\"name\"".to_owned()]] {
                let text = write_names(kind, &names);
                let document = Document::open(&text).expect("a text");
                assert_eq!(document.head().kind, kind);
                assert_eq!(document.names().expect("names").value, names);
            }
        }
    }

    #[test]
    fn mistakes_are_named() {
        let text = ATTRIBUTES.replace("\"number\"", "\"shoe\"").replace("company.plan", "visit.plan");
        let mistakes = Document::open(&text).expect("a text").attributes().expect_err("mistakes");
        let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.place.line).collect();
        assert_eq!(lines, [7, 11], "{mistakes:?}");
    }
}
