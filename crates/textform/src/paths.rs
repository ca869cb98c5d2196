//! Where the text of an object stands in a folder.

use crate::{Head, Kind};
use kernel::text::fold;
use std::collections::HashSet;

/// The longest name of a file, without its ending.
const LONGEST: usize = 60;

/// A file for each text, in this order: `sites/acme.toml`, `dialogues/acme/book-a-demo.toml`, `goals.toml`. The same
/// objects in the same order always get the same files.
pub fn paths<'a>(heads: impl IntoIterator<Item = &'a Head>) -> Vec<String> {
    let mut taken = HashSet::new();
    heads.into_iter().map(|head| free(&stem(head), &mut taken)).collect()
}

fn stem(head: &Head) -> String {
    let site = slug(head.site.as_deref().unwrap_or_default());
    let own = slug(&head.reference);
    match head.kind {
        Kind::Site => format!("sites/{own}"),
        Kind::Flow => format!("flows/{site}/{own}"),
        Kind::Dialogue => format!("dialogues/{site}/{own}"),
        Kind::Attributes | Kind::Lists | Kind::Goals => head.kind.word().to_owned(),
    }
}

fn free(stem: &str, taken: &mut HashSet<String>) -> String {
    let numbered = (2..).map(|number: u64| format!("{stem}-{number}"));
    let mut names = std::iter::once(stem.to_owned()).chain(numbered);
    let name = names.find(|name| taken.insert(name.clone())).unwrap_or_default();
    format!("{name}.toml")
}

/// A name as a file may be called on every system.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for sign in fold(name).chars() {
        if sign.is_ascii_alphanumeric() || (sign.is_alphanumeric() && !sign.is_ascii()) {
            slug.push(sign);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug: String = slug.chars().take(LONGEST).collect();
    match slug.trim_matches('-') {
        "" => "unnamed".to_owned(),
        fine => fine.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_names_that_every_system_takes() {
        for (name, expected) in [
            ("Book a demo", "book-a-demo"),
            ("  Käse & Brot (2) ", "kase-brot-2"),
            ("../../etc/passwd", "etc-passwd"),
            ("日本", "日本"),
            ("???", "unnamed"),
        ] {
            assert_eq!(slug(name), expected);
        }
        assert_eq!(slug(&"a".repeat(300)).len(), LONGEST);
    }

    #[test]
    fn two_objects_never_share_a_file() {
        let head = |kind, name: &str, site: Option<&str>| Head {
            kind,
            name: name.to_owned(),
            reference: name.to_owned(),
            formerly: None,
            site: site.map(str::to_owned),
        };
        let heads = [
            head(Kind::Goals, "", None),
            head(Kind::Site, "Acme", None),
            head(Kind::Dialogue, "Hello!", Some("Acme")),
            head(Kind::Dialogue, "Hello?", Some("Acme")),
            head(Kind::Flow, "Hello?", Some("Acme")),
        ];
        assert_eq!(
            paths(&heads),
            [
                "goals.toml",
                "sites/acme.toml",
                "dialogues/acme/hello.toml",
                "dialogues/acme/hello-2.toml",
                "flows/acme/hello.toml"
            ]
        );
    }
}
