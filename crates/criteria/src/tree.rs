//! The criteria tree as it is written, sent and stored.

use crate::{AttributeRef, MembershipOperator, Operator, Unit};
use kernel::{InvalidId, ListId, SmartListId};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use std::{fmt, fmt::Write as _, str::FromStr};

/// The deepest nesting of groups that is accepted.
pub const MAX_DEPTH: usize = 20;
/// The most conditions that one criteria may hold.
pub const MAX_CONDITIONS: usize = 500;
/// The most values that one condition may hold.
pub const MAX_VALUES: usize = 500;

/// A tree of conditions. JSON: `{"all":[…]}`, `{"any":[…]}` or a condition; unknown and doubled fields, more than
/// [`MAX_DEPTH`] levels, [`MAX_CONDITIONS`] conditions or [`MAX_VALUES`] values are refused while reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Criteria {
    /// Every one holds; without any, everybody matches.
    All(Vec<Criteria>),
    /// At least one holds; without any, nobody matches (and [`crate::check()`] says so).
    Any(Vec<Criteria>),
    /// A single condition.
    Condition(Condition),
}

/// One question about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// About an attribute.
    Attribute(AttributeCondition),
    /// About membership of a list.
    Membership(MembershipCondition),
}

/// *attribute · operator · values*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttributeCondition {
    /// Which attribute.
    pub attribute: AttributeRef,
    /// What is asked.
    pub op: Operator,
    /// What it is compared with; see [`Operator::operand`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Literal>,
    /// The unit of in past, not in past and in future.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
}

/// *member of* a list or smart list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MembershipCondition {
    /// Which list.
    pub member_of: ListRef,
    /// What is asked.
    pub op: MembershipOperator,
}

/// A value of a condition as written: its type is the attribute's business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Literal {
    /// Text, a day or an instant.
    Text(String),
    /// A number.
    Number(serde_json::Number),
    /// A boolean.
    Boolean(bool),
    /// Nothing; never a usable value, but an editor sends it while the author is writing.
    Null,
}

impl Literal {
    /// The literal as JSON, for [`crate::AttributeType::parse`].
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => serde_json::Value::Number(number.clone()),
            Self::Boolean(yes) => (*yes).into(),
            Self::Null => serde_json::Value::Null,
        }
    }
}

/// A list of people, fixed or smart; JSON is the id, whose prefix tells which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ListRef {
    /// A fixed list.
    List(ListId),
    /// A smart list.
    SmartList(SmartListId),
}

impl fmt::Display for ListRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::List(id) => id.fmt(f),
            Self::SmartList(id) => id.fmt(f),
        }
    }
}

impl FromStr for ListRef {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        text.parse().map(Self::SmartList).or_else(|_| text.parse().map(Self::List))
    }
}

impl TryFrom<String> for ListRef {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<ListRef> for String {
    fn from(list: ListRef) -> Self {
        list.to_string()
    }
}

/// Runs `inner` with `path` extended by a member of a group.
pub(crate) fn within<T>(
    path: &mut String,
    word: &str,
    index: usize,
    inner: impl FnOnce(&mut String) -> T,
) -> T {
    let length = path.len();
    // Writing to a String cannot fail.
    let _ = write!(path, "/{word}/{index}");
    let result = inner(path);
    path.truncate(length);
    result
}

impl Default for Criteria {
    fn default() -> Self {
        Self::everybody()
    }
}

impl Criteria {
    /// The criteria that everybody satisfies: `{"all":[]}`.
    pub fn everybody() -> Self {
        Self::All(Vec::new())
    }

    /// A single condition on an attribute.
    pub fn of(attribute: AttributeRef, op: Operator, values: Vec<Literal>) -> Self {
        Self::Condition(Condition::Attribute(AttributeCondition { attribute, op, values, unit: None }))
    }

    /// Calls `visit` for each condition with its JSON pointer (`/all/0/any/2`), in the order in which they stand.
    pub fn each_condition<'a>(&'a self, visit: &mut dyn FnMut(&str, &'a Condition)) {
        self.walk(&mut String::new(), visit);
    }

    fn walk<'a>(&'a self, path: &mut String, visit: &mut dyn FnMut(&str, &'a Condition)) {
        let (word, members) = match self {
            Self::Condition(condition) => return visit(path, condition),
            Self::All(members) => ("all", members),
            Self::Any(members) => ("any", members),
        };
        for (index, member) in members.iter().enumerate() {
            within(path, word, index, |path| member.walk(path, visit));
        }
    }

    /// The attributes that the criteria asks about, sorted, each once.
    pub fn attributes_used(&self) -> Vec<&AttributeRef> {
        let mut used = Vec::new();
        self.each_condition(&mut |_, condition| {
            if let Condition::Attribute(condition) = condition {
                used.push(&condition.attribute);
            }
        });
        used.sort_unstable();
        used.dedup();
        used
    }

    /// The lists and smart lists that the criteria asks about, sorted, each once.
    pub fn lists_used(&self) -> Vec<ListRef> {
        let mut used = Vec::new();
        self.each_condition(&mut |_, condition| {
            if let Condition::Membership(condition) = condition {
                used.push(condition.member_of);
            }
        });
        used.sort_unstable();
        used.dedup();
        used
    }

    /// How deep groups are nested (a lone condition: 0) and how many conditions there are.
    pub fn extent(&self) -> (usize, usize) {
        match self {
            Self::Condition(_) => (0, 1),
            Self::All(members) | Self::Any(members) => members
                .iter()
                .map(Self::extent)
                .fold((1, 0), |(depth, count), (d, c)| (depth.max(d + 1), count + c)),
        }
    }
}

impl Serialize for Criteria {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let (word, members) = match self {
            Self::Condition(Condition::Attribute(condition)) => return condition.serialize(s),
            Self::Condition(Condition::Membership(condition)) => return condition.serialize(s),
            Self::All(members) => ("all", members),
            Self::Any(members) => ("any", members),
        };
        let mut map = s.serialize_map(Some(1))?;
        map.serialize_entry(word, members)?;
        map.end()
    }
}
