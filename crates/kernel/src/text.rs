//! Comparing words as people do: without case and without accents.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// `text` for comparison: decomposed, without combining marks, lower case, trimmed (spec 03: case- and accent-insensitive).
pub fn fold(text: &str) -> String {
    let trimmed = text.trim();
    if trimmed.is_ascii() {
        return trimmed.to_ascii_lowercase();
    }
    trimmed.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// True when the text holds a character that neither a store nor a header may hold: NUL or another control but tab and line breaks.
pub fn has_forbidden_controls(text: &str) -> bool {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r');
    if text.is_ascii() {
        return text.bytes().any(|b| b.is_ascii_control() && !allowed(char::from(b)));
    }
    text.chars().any(|c| c.is_control() && !allowed(c))
}

/// `text` on one line: line breaks and controls become spaces, so that it can go into a header or a log line.
pub fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_accents_do_not_count() {
        assert_eq!(fold("  ÉCOLE "), fold("ecole"));
        assert_eq!(fold("Łódź"), "łodz");
        assert_eq!(fold("STRASSE"), "strasse");
    }
}
