//! Whether two texts say the same, however they are written.

use crate::{AttributesText, DialogueText, Directory, Document, Kind, SiteText};

#[derive(PartialEq)]
enum Meaning {
    Dialogue(Box<DialogueText>),
    Site(Box<SiteText>),
    Attributes(AttributesText),
    Names(Kind, Vec<String>),
}

/// True when both texts can be read and mean the same: comments, order of keys and spacing do not count.
pub fn says_the_same(one: &str, other: &str) -> bool {
    one == other
        || meaning(one)
            .is_some_and(|meaning_of_one| meaning(other).is_some_and(|other| other == meaning_of_one))
}

fn meaning(text: &str) -> Option<Meaning> {
    let document = Document::open(text).ok()?;
    let kind = document.head().kind;
    Some(match kind {
        Kind::Dialogue | Kind::Flow => {
            Meaning::Dialogue(Box::new(document.dialogue(&Directory::anything()).ok()?.value))
        }
        Kind::Site => Meaning::Site(Box::new(document.site().ok()?.value)),
        Kind::Attributes => Meaning::Attributes(document.attributes().ok()?.value),
        Kind::Goals | Kind::Lists => Meaning::Names(kind, document.names().ok()?.value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_spacing_do_not_count_but_words_do() {
        let example = include_str!("../tests/book-a-demo.toml");
        let commented = format!("# Ours\n{}", example.replace("priority = 10", "priority   =  0x0a # high"));
        assert!(says_the_same(example, &commented));
        assert!(!says_the_same(example, &example.replace("priority = 10", "priority = 11")));
        assert!(!says_the_same(example, "kind = \"lists\""));
        assert!(!says_the_same("no text", "no text either"));
    }
}
