//! Places in a text, and what is wrong there.

use std::{collections::BTreeMap, ops::Range};

/// A place in a text, counted from 1; columns are characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

/// Something that cannot be read as it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TextError {
    /// Where.
    pub place: Place,
    /// Which field: `cards/hello/responses/0/label`; empty for the text as a whole.
    pub field: String,
    /// A sentence for the author.
    pub message: String,
}

/// Something wrong within a value, at a byte of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The byte.
    pub at: usize,
    /// A sentence for the author.
    pub message: String,
}

impl Mistake {
    pub(crate) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }

    /// Where it is in a text that stands by itself.
    pub fn place_in(&self, text: &str) -> Place {
        Lines::of(text).place(text, self.at)
    }
}

/// Where the lines of a text begin.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { starts: std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect() }
    }

    pub(crate) fn place(&self, text: &str, at: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let start = self.starts[line - 1];
        let before = text.get(start..at.min(text.len())).unwrap_or_default();
        Place { line, column: before.chars().count() + 1 }
    }
}

/// Where the fields of a text stand, so that what is found later can be shown there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    fields: BTreeMap<String, Place>,
}

impl Places {
    pub(crate) fn note(&mut self, field: &str, place: Place) {
        self.fields.entry(field.to_owned()).or_insert(place);
    }

    /// Where a field stands: its own place, or that of the closest field around it; the beginning otherwise.
    pub fn of(&self, field: &str) -> Place {
        let mut wanted = field.trim_matches('/');
        loop {
            if let Some(place) = self.fields.get(wanted) {
                return *place;
            }
            match wanted.rsplit_once('/') {
                Some((outer, _)) => wanted = outer,
                None => return Place { line: 1, column: 1 },
            }
        }
    }
}

/// The byte of the source at which a byte of a string's value stands; `raw` is the string with its quotation marks, which
/// begins at `span.start`.
pub(crate) fn within_string(raw: &str, span: &Range<usize>, at: usize) -> usize {
    let (skip, literal) = match raw {
        _ if raw.starts_with("'''") => (3, true),
        _ if raw.starts_with("\"\"\"") => (3, false),
        _ => (1, raw.starts_with('\'')),
    };
    let first_line = usize::from(skip == 3 && raw[skip..].starts_with('\n'));
    let begin = skip + first_line;
    let inside = raw.get(begin..).unwrap_or_default();
    let offset = if literal { at } else { escaped_offset(inside, at) };
    (span.start + begin + offset).min(span.end)
}

/// The byte of a basic string's source at which a byte of its value stands.
fn escaped_offset(source: &str, wanted: usize) -> usize {
    let (mut source_at, mut value_at) = (0, 0);
    while value_at < wanted && source_at < source.len() {
        let rest = &source[source_at..];
        let (taken, given) = piece(rest);
        source_at += taken;
        value_at += given;
    }
    source_at
}

/// How many bytes the first sign of the source takes, and how many its value has.
fn piece(rest: &str) -> (usize, usize) {
    let Some(escaped) = rest.strip_prefix('\\') else {
        let length = rest.chars().next().map_or(1, char::len_utf8);
        return (length, length);
    };
    let hex = |digits: usize| {
        let code = escaped.get(1..=digits).and_then(|text| u32::from_str_radix(text, 16).ok());
        (digits + 2, code.and_then(char::from_u32).map_or(1, char::len_utf8))
    };
    match escaped.as_bytes().first() {
        Some(b'x') => hex(2),
        Some(b'u') => hex(4),
        Some(b'U') => hex(8),
        Some(b'\n' | b' ' | b'\t') => (1 + escaped.len() - escaped.trim_start().len(), 0),
        _ => (2, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters() {
        let text = "één\nzwei\n";
        let lines = Lines::of(text);
        for (at, line, column) in
            [(0, 1, 1), (2, 1, 2), (5, 1, 4), (6, 2, 1), (10, 2, 5), (11, 3, 1), (99, 3, 1)]
        {
            assert_eq!(lines.place(text, at), Place { line, column }, "{at}");
        }
    }

    #[test]
    fn a_byte_of_a_value_is_found_in_every_kind_of_string() {
        for (raw, at, expected) in [
            ("'abc'", 2, 3),
            ("\"abc\"", 2, 3),
            (r#""a\"bc""#, 2, 4),
            (r#""\u00e9x""#, 2, 7),
            ("'''\nab\ncd'''", 3, 7),
            ("\"\"\"\na\\\\b\"\"\"", 2, 7),
        ] {
            assert_eq!(within_string(raw, &(0..raw.len()), at), expected, "{raw}");
        }
    }

    #[test]
    fn an_unknown_field_is_where_the_field_around_it_is() {
        let mut places = Places::default();
        places.note("cards/a", Place { line: 7, column: 1 });
        places.note("cards/a/next", Place { line: 9, column: 3 });
        assert_eq!(places.of("cards/a/next").line, 9);
        assert_eq!(places.of("/cards/a/responses/0").line, 7);
        assert_eq!(places.of("targeting/pages").line, 1);
    }
}
