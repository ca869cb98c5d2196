//! Words, values and brackets of a criteria's text.

use crate::Mistake;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a word of the language.
    Word,
    /// A text in quotation marks, without them.
    Text(String),
    /// A number or a date.
    Bare,
    Comma,
    Open,
    Close,
    OpenList,
    CloseList,
}

#[derive(Debug, Clone)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    /// As it stands in the text.
    pub(super) source: &'a str,
    pub(super) at: usize,
}

pub(super) const fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'+' | b'-')
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_')
}

pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, Mistake> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(sign) = text[at..].chars().next() {
        if sign.is_whitespace() {
            at += sign.len_utf8();
            continue;
        }
        let token = token(text, at, sign)?;
        at += token.source.len();
        found.push(token);
    }
    Ok(found)
}

fn token(text: &str, at: usize, sign: char) -> Result<Token<'_>, Mistake> {
    let simple = |kind| Ok(Token { kind, source: &text[at..=at], at });
    let run = |kind, belongs: fn(u8) -> bool| {
        let rest = &text.as_bytes()[at + 1..];
        let length = 1 + rest.iter().take_while(|byte| belongs(**byte)).count();
        Ok(Token { kind, source: &text[at..at + length], at })
    };
    let digit_follows = text.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit);
    match sign {
        ',' => simple(Kind::Comma),
        '(' => simple(Kind::Open),
        ')' => simple(Kind::Close),
        '[' => simple(Kind::OpenList),
        ']' => simple(Kind::CloseList),
        '"' => quoted(text, at),
        '0'..='9' => run(Kind::Bare, is_bare),
        '-' if digit_follows => run(Kind::Bare, is_bare),
        'a'..='z' | 'A'..='Z' | '_' => run(Kind::Word, is_word),
        '\'' | '“' | '”' | '„' => {
            Err(Mistake::new(at, "Texts stand in straight double quotation marks: \"DE\"."))
        }
        other => Err(Mistake::new(at, format!("The sign “{other}” has no meaning here."))),
    }
}

/// A text as JSON writes it.
fn quoted(text: &str, at: usize) -> Result<Token<'_>, Mistake> {
    let mut escaped = false;
    for (offset, byte) in text.bytes().enumerate().skip(at + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => {
                let source = &text[at..=offset];
                let wrong = |_| {
                    Mistake::new(
                        at,
                        "The text holds a line break or an escape that has no meaning; write \\n for a line break and \\\\ for a backslash.",
                    )
                };
                let value = serde_json::from_str(source).map_err(wrong)?;
                return Ok(Token { kind: Kind::Text(value), source, at });
            }
            _ => {}
        }
    }
    Err(Mistake::new(at, "The quotation mark is never closed."))
}
