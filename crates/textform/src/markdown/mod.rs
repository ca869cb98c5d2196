//! Rich text as Markdown: a small part of it, the same light marks that the console's text field takes, and a few escapes
//! so that every text has a form. Each line is a paragraph or an item of a list.
//!
//! `**bold**`, `*italic*`, `[text](https://…)`, `- item`, `1. item`; a blank line keeps two lists apart; `{{tokens}}` stand
//! as they are; a backslash takes the meaning from a sign. Besides, for what people hardly ever write: `\n` a line break
//! within a paragraph, `\b` the seam between two runs that look the same, `\e` an empty run, and alone on a line `\p` an
//! empty paragraph, `\u` and `\o` empty lists.

mod read;
#[cfg(test)]
pub(crate) mod tests;
mod write;

pub use read::read;
pub use write::write;

/// The token at the beginning of `text`, whose inside is never marked: `{{…}}` on one line without braces in it.
fn token(text: &str) -> Option<&str> {
    let inside = text.strip_prefix("{{")?;
    let end = inside.find(['{', '}', '\n'])?;
    inside[end..].starts_with("}}").then(|| &text[..end + 4])
}

/// The sign of an item at the beginning of a line: how long it is, and whether it counts.
fn marker(line: &str) -> Option<(usize, bool)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let (length, ordered) = match digits {
        0 if line.starts_with('-') => (1, false),
        1..=9 if line[digits..].starts_with('.') => (digits + 1, true),
        _ => return None,
    };
    let next = line[length..].chars().next();
    next.is_none_or(char::is_whitespace).then_some((length, ordered))
}
