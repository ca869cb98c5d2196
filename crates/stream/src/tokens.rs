//! Tokens in texts: `{{person.first_name:"there"}}` (spec 04).
//!
//! A text is read once and values are put in as they are: what a visitor typed is never read as a token again.
//! What looks like a token but is none stays as it stands.

/// What a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenPath {
    /// An attribute: `person.first_name`, `company.size`, `visit.path` (`lead.` is read as `person.`).
    Attribute(String),
    /// The answer given at a card, by the card's title or id.
    Answer(String),
    /// Something about the agent of the conversation: one of [`AGENT_TOKENS`].
    Agent(String),
    /// Something about the meeting booked in it: one of [`MEETING_TOKENS`].
    Meeting(String),
    /// What the page said when it started the flow (`{{context.plan}}`); any name.
    Context(String),
}

/// What tokens may say of an agent (`{{agent.name}}`).
pub const AGENT_TOKENS: [&str; 3] = ["name", "first_name", "email"];
/// What tokens may say of a meeting (`{{meeting.time}}`).
pub const MEETING_TOKENS: [&str; 5] = ["date", "time", "agent", "location", "link"];

/// A token of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it stands for.
    pub path: TokenPath,
    /// What is shown when that is empty.
    pub default: Option<String>,
}

/// Where values come from.
pub trait TokenSource {
    /// The text for a token; none when it is empty.
    fn value(&self, path: &TokenPath) -> Option<String>;
}

/// Which tokens an author may use.
pub trait TokenCatalog {
    /// Whether there is such an attribute.
    fn has_attribute(&self, attribute: &str) -> bool;
    /// Whether a card that can be answered has this title or id.
    fn has_answer(&self, card: &str) -> bool;
}

/// What is wrong with a token; the text of each is fit for authors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// `{{` without `}}`.
    #[error("a token begins with {{{{ but has no }}}}")]
    Unclosed,
    /// Not of the form of a token.
    #[error("{{{{{0}}}}} is not a token; tokens look like {{{{person.first_name:\"there\"}}}}")]
    Malformed(String),
    /// No such attribute.
    #[error("there is no attribute {0}")]
    UnknownAttribute(String),
    /// No such card, or one that is never answered.
    #[error("there is no question or form called “{0}”")]
    UnknownAnswer(String),
}

enum Piece<'a> {
    Plain(&'a str),
    Token { token: Token },
    Malformed { whole: &'a str, inside: &'a str },
    Unclosed { whole: &'a str },
}

/// `text` with its tokens replaced by values, defaults or nothing.
pub fn render(text: &str, source: &dyn TokenSource) -> String {
    if !text.contains("{{") {
        return text.to_owned();
    }
    let mut rendered = String::with_capacity(text.len());
    for piece in (Pieces { rest: text }) {
        match piece {
            Piece::Plain(plain) => rendered.push_str(plain),
            Piece::Malformed { whole, .. } | Piece::Unclosed { whole } => rendered.push_str(whole),
            Piece::Token { token } => {
                let value = source.value(&token.path).filter(|value| !value.trim().is_empty());
                rendered.push_str(&value.or(token.default).unwrap_or_default());
            }
        }
    }
    rendered
}

/// What is wrong with the tokens of an author's text.
pub fn check(text: &str, catalog: &dyn TokenCatalog) -> Vec<TokenError> {
    let problem = |piece| match piece {
        Piece::Plain(_) => None,
        Piece::Unclosed { .. } => Some(TokenError::Unclosed),
        Piece::Malformed { inside, .. } => Some(TokenError::Malformed(inside.to_owned())),
        Piece::Token { token } => match token.path {
            TokenPath::Attribute(name) if !catalog.has_attribute(&name) => {
                Some(TokenError::UnknownAttribute(name))
            }
            TokenPath::Answer(card) if !catalog.has_answer(&card) => Some(TokenError::UnknownAnswer(card)),
            TokenPath::Agent(name) if !AGENT_TOKENS.contains(&name.as_str()) => {
                Some(TokenError::UnknownAttribute(format!("agent.{name}")))
            }
            TokenPath::Meeting(name) if !MEETING_TOKENS.contains(&name.as_str()) => {
                Some(TokenError::UnknownAttribute(format!("meeting.{name}")))
            }
            _ => None,
        },
    };
    Pieces { rest: text }.filter_map(problem).collect()
}

/// The tokens of a text, in order; what only looks like one is left out.
pub fn parse(text: &str) -> Vec<Token> {
    let token = |piece| match piece {
        Piece::Token { token } => Some(token),
        _ => None,
    };
    Pieces { rest: text }.filter_map(token).collect()
}

/// An attribute name with `lead.` read as `person.`.
pub fn canonical_attribute(attribute: &str) -> String {
    match attribute.strip_prefix("lead.") {
        Some(name) => format!("person.{name}"),
        None => attribute.to_owned(),
    }
}

struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let begin = self.rest.find("{{").unwrap_or(self.rest.len());
        if begin > 0 {
            let (plain, rest) = self.rest.split_at(begin);
            self.rest = rest;
            return Some(Piece::Plain(plain));
        }
        let whole = self.rest;
        let Some(end) = end_of_token(whole) else {
            self.rest = "";
            return Some(Piece::Unclosed { whole });
        };
        let (whole, rest) = whole.split_at(end);
        self.rest = rest;
        let inside = &whole[2..whole.len() - 2];
        Some(parse_inside(inside).map_or(Piece::Malformed { whole, inside }, |token| Piece::Token { token }))
    }
}

/// Where the token at the beginning of `text` ends, behind its `}}`; braces inside a quoted default do not count.
fn end_of_token(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut quoted, mut before) = (2, false, b' ');
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quoted => at += 1,
            b'"' if quoted => quoted = false,
            b'"' => quoted = before == b':',
            b'}' if !quoted && bytes.get(at + 1) == Some(&b'}') => return Some(at + 2),
            b' ' => {}
            other => before = other,
        }
        at += 1;
    }
    // A default that is never closed must not swallow the rest of the text.
    if quoted { text.find("}}").map(|end| end + 2) } else { None }
}

fn parse_inside(inside: &str) -> Option<Token> {
    let inside = inside.trim();
    let (name, default) = match inside.split_once(":\"").or_else(|| inside.split_once(": \"")) {
        Some((name, quoted)) => (name.trim_end(), Some(unquote(quoted)?)),
        None => (inside, None),
    };
    let (namespace, name) = name.split_once('.')?;
    let path = match namespace {
        "answer" if !name.trim().is_empty() => TokenPath::Answer(name.trim().to_owned()),
        "person" | "lead" if is_name(name) => TokenPath::Attribute(format!("person.{name}")),
        "agent" if is_name(name) => TokenPath::Agent(name.to_owned()),
        "context" if is_name(name) => TokenPath::Context(name.to_owned()),
        "meeting" if is_name(name) => TokenPath::Meeting(name.to_owned()),
        "company" | "visit" if is_name(name) => TokenPath::Attribute(format!("{namespace}.{name}")),
        _ => return None,
    };
    Some(Token { path, default })
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The text of a quoted default: `\"` is a quotation mark, `\\` a backslash; nothing may follow the closing mark.
fn unquote(quoted: &str) -> Option<String> {
    let mut text = String::new();
    let mut characters = quoted.chars();
    loop {
        match characters.next()? {
            '\\' => match characters.next()? {
                escaped @ ('"' | '\\') => text.push(escaped),
                other => text.extend(['\\', other]),
            },
            '"' => return characters.as_str().trim().is_empty().then_some(text),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;
    impl TokenSource for Fixed {
        fn value(&self, path: &TokenPath) -> Option<String> {
            match path {
                TokenPath::Attribute(name) if name == "person.first_name" => {
                    Some("Ada {{visit.path}}".to_owned())
                }
                TokenPath::Attribute(name) if name == "person.title" => Some("  ".to_owned()),
                TokenPath::Answer(card) if card == "Your role" => Some("{{7*7}}".to_owned()),
                _ => None,
            }
        }
    }
    impl TokenCatalog for Fixed {
        fn has_attribute(&self, attribute: &str) -> bool {
            attribute == "person.first_name"
        }
        fn has_answer(&self, card: &str) -> bool {
            card == "Your role"
        }
    }

    #[test]
    fn tokens_become_values_defaults_or_nothing_and_the_rest_stays() {
        for (text, expected) in [
            ("no token", "no token"),
            ("Hi {{person.first_name}}!", "Hi Ada {{visit.path}}!"),
            ("Hi {{ lead.first_name : \"you\" }}", "Hi Ada {{visit.path}}"),
            ("Hi {{person.last_name:\"there\"}}", "Hi there"),
            ("Hi {{person.title:\"Dr\"}}", "Hi Dr"),
            ("Hi {{person.last_name}}.", "Hi ."),
            (r#"{{person.x:"say \"hi\" \\ }} ok"}}"#, r#"say "hi" \ }} ok"#),
            ("{{answer.Your role}}", "{{7*7}}"),
            ("{{7*7}} {{foo.bar}} {{person.}}", "{{7*7}} {{foo.bar}} {{person.}}"),
            ("open {{person.first_name", "open {{person.first_name"),
            ("{{{person.first_name}}}", "{{{person.first_name}}}"),
            ("{{bad\"}} then {{person.last_name:\"x\"}}", "{{bad\"}} then x"),
            ("{{}}", "{{}}"),
        ] {
            assert_eq!(render(text, &Fixed), expected, "{text}");
        }
    }

    #[test]
    fn authors_are_told_what_is_wrong() {
        for (text, expected) in [
            ("{{person.first_name:\"x\"}} {{answer.Your role}}", vec![]),
            ("{{person.shoe}}", vec![TokenError::UnknownAttribute("person.shoe".to_owned())]),
            ("{{answer.Nothing}}", vec![TokenError::UnknownAnswer("Nothing".to_owned())]),
            (
                "{{7*7}} {{person.first_name",
                vec![TokenError::Malformed("7*7".to_owned()), TokenError::Unclosed],
            ),
        ] {
            assert_eq!(check(text, &Fixed), expected, "{text}");
        }
        let sentence = TokenError::Malformed("7*7".to_owned()).to_string();
        assert!(sentence.starts_with("{{7*7}} is not a token"), "{sentence}");
    }
}
