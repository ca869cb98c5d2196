//! Naming an attribute: `person.email`, `company.size`, `visit.path`, `inferred.country`.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What an attribute belongs to: the part before the dot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The person; standard and custom attributes.
    Person,
    /// The person's company; standard and custom attributes.
    Company,
    /// The visit that is going on.
    Visit,
    /// What the IP address suggests.
    Inferred,
}

impl Source {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Person, Self::Company, Self::Visit, Self::Inferred];

    /// The word before the dot.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Company => "company",
            Self::Visit => "visit",
            Self::Inferred => "inferred",
        }
    }
}

/// The text does not name an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAttribute {
    /// No `person.`, `company.`, `visit.` or `inferred.` in front.
    #[error(
        "is not an attribute such as person.email: it begins with person., company., visit. or inferred."
    )]
    Source,
    /// The part after the dot is not a name.
    #[error(
        "is not an attribute name: 1 to 64 lower-case letters, digits and underscores, beginning with a letter"
    )]
    Name,
}

/// The path of an attribute. The name has 1 to 64 characters of `a-z`, `0-9`, `_` and begins with a letter;
/// whether the attribute exists is another question (see [`crate::Catalog`]).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AttributeRef {
    of: Source,
    name: Box<str>,
}

impl AttributeRef {
    /// The attribute `name` of `of`.
    pub fn new(of: Source, name: &str) -> Result<Self, InvalidAttribute> {
        if is_name(name) { Ok(Self { of, name: name.into() }) } else { Err(InvalidAttribute::Name) }
    }
    /// What it belongs to.
    pub fn of(&self) -> Source {
        self.of
    }
    /// The part after the dot.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// True for a well-formed attribute name (also the rule for custom attributes).
pub fn is_name(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

impl fmt::Display for AttributeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.of.as_str(), self.name)
    }
}

impl FromStr for AttributeRef {
    type Err = InvalidAttribute;
    fn from_str(text: &str) -> Result<Self, InvalidAttribute> {
        let (of, name) = text.split_once('.').ok_or(InvalidAttribute::Source)?;
        let of = Source::ALL.into_iter().find(|s| s.as_str() == of).ok_or(InvalidAttribute::Source)?;
        Self::new(of, name)
    }
}

impl TryFrom<String> for AttributeRef {
    type Error = InvalidAttribute;
    fn try_from(text: String) -> Result<Self, InvalidAttribute> {
        text.parse()
    }
}

impl From<AttributeRef> for String {
    fn from(path: AttributeRef) -> Self {
        path.to_string()
    }
}
