//! Operators, which types they serve, and what values they take (spec 03, *Types and operators*).

use crate::AttributeType;
use serde::{Deserialize, Serialize};

macro_rules! operators {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $says:literal, $operand:ident;)*) => {
        /// What a condition on an attribute asks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Operator { $($(#[$doc])* $name,)* }

        impl Operator {
            /// All operators.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];
            /// The word in JSON.
            pub fn as_str(self) -> &'static str { match self { $(Self::$name => $word,)* } }
            /// The words in a sentence: `company.size greater than 50`.
            pub fn words(self) -> &'static str { match self { $(Self::$name => $says,)* } }
            /// What stands behind the operator.
            pub fn operand(self) -> Operand { match self { $(Self::$name => Operand::$operand,)* } }
        }
    };
}

/// How many values, and which, an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operand {
    /// None.
    Nothing,
    /// One or more of the attribute's type; any of them (for a negative operator: none of them).
    Some,
    /// Exactly one.
    One,
    /// Exactly two, the lower first; both ends belong to it.
    Two,
    /// One whole number above zero and a unit.
    Duration,
}

operators! {
    /// Equal to any of the values.
    Is = "is", "is", Some;
    /// Equal to none of the values; empty satisfies it.
    IsNot = "is_not", "is not", Some;
    /// Holds any of the texts.
    Contains = "contains", "contains", Some;
    /// Holds none of the texts; empty satisfies it.
    NotContains = "not_contains", "does not contain", Some;
    /// Begins with any of the texts.
    StartsWith = "starts_with", "starts with", Some;
    /// Begins with none of the texts; empty satisfies it.
    NotStartsWith = "not_starts_with", "does not start with", Some;
    /// Has no value.
    IsEmpty = "is_empty", "is empty", Nothing;
    /// Has a value.
    IsNotEmpty = "is_not_empty", "is not empty", Nothing;
    /// The host of the e-mail or web address is any of the domains or a sub-domain of one.
    DomainIs = "domain_is", "domain is", Some;
    /// Number above.
    GreaterThan = "greater_than", "greater than", One;
    /// Number below.
    LessThan = "less_than", "less than", One;
    /// Number equal or above.
    AtLeast = "at_least", "at least", One;
    /// Number equal or below.
    AtMost = "at_most", "at most", One;
    /// Within two values, both included.
    Between = "between", "between", Two;
    /// Earlier than the day or instant.
    Before = "before", "before", One;
    /// Later than the day (so from the next day on) or instant.
    After = "after", "after", One;
    /// On the day or later; at the instant or later.
    OnOrAfter = "on_or_after", "on or after", One;
    /// From N units ago until now.
    InPast = "in_past", "in past", Duration;
    /// Not from N units ago until now; empty does not satisfy it.
    NotInPast = "not_in_past", "not in past", Duration;
    /// From now until in N units.
    InFuture = "in_future", "in future", Duration;
    /// Today in the zone.
    Today = "today", "is today", Nothing;
    /// The day before today.
    Yesterday = "yesterday", "is yesterday", Nothing;
    /// Monday to Sunday of this week.
    ThisWeek = "this_week", "is this week", Nothing;
    /// Monday to Sunday of the week before.
    LastWeek = "last_week", "is last week", Nothing;
    /// This calendar month.
    ThisMonth = "this_month", "is this month", Nothing;
    /// The calendar month before.
    LastMonth = "last_month", "is last month", Nothing;
    /// This calendar quarter.
    ThisQuarter = "this_quarter", "is this quarter", Nothing;
    /// The calendar quarter before.
    LastQuarter = "last_quarter", "is last quarter", Nothing;
    /// The boolean is true.
    IsTrue = "is_true", "is true", Nothing;
    /// The boolean is false.
    IsFalse = "is_false", "is false", Nothing;
}

const TEXT: &[Operator] = &[
    Operator::Is,
    Operator::IsNot,
    Operator::Contains,
    Operator::NotContains,
    Operator::StartsWith,
    Operator::NotStartsWith,
    Operator::IsEmpty,
    Operator::IsNotEmpty,
];
const ADDRESS: &[Operator] = &[
    Operator::Is,
    Operator::IsNot,
    Operator::Contains,
    Operator::NotContains,
    Operator::StartsWith,
    Operator::NotStartsWith,
    Operator::IsEmpty,
    Operator::IsNotEmpty,
    Operator::DomainIs,
];
const NUMBER: &[Operator] = &[
    Operator::Is,
    Operator::IsNot,
    Operator::GreaterThan,
    Operator::LessThan,
    Operator::AtLeast,
    Operator::AtMost,
    Operator::Between,
    Operator::IsEmpty,
    Operator::IsNotEmpty,
];
const TIME: &[Operator] = &[
    Operator::Is,
    Operator::Before,
    Operator::After,
    Operator::OnOrAfter,
    Operator::Between,
    Operator::InPast,
    Operator::NotInPast,
    Operator::InFuture,
    Operator::Today,
    Operator::Yesterday,
    Operator::ThisWeek,
    Operator::LastWeek,
    Operator::ThisMonth,
    Operator::LastMonth,
    Operator::ThisQuarter,
    Operator::LastQuarter,
    Operator::IsEmpty,
    Operator::IsNotEmpty,
];
const BOOLEAN: &[Operator] = &[Operator::IsTrue, Operator::IsFalse, Operator::IsEmpty];

impl Operator {
    /// The operators of a type, in the order in which they are offered.
    pub fn of(kind: AttributeType) -> &'static [Self] {
        match kind {
            AttributeType::Text => TEXT,
            AttributeType::Email | AttributeType::Url => ADDRESS,
            AttributeType::Number | AttributeType::Score | AttributeType::Currency => NUMBER,
            AttributeType::Date | AttributeType::DateTime => TIME,
            AttributeType::Boolean => BOOLEAN,
        }
    }

    /// True for the operators that an empty value satisfies beside *is empty*: is not, does not contain, does not
    /// start with (spec 03 lists exactly these).
    pub fn is_negative(self) -> bool {
        matches!(self, Self::IsNot | Self::NotContains | Self::NotStartsWith)
    }

    /// The operator with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|op| op.as_str() == word)
    }
}

/// What a condition on a list asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MembershipOperator {
    /// The person is in the list.
    IsMember,
    /// The person is not in the list.
    IsNotMember,
}

/// The unit of a relative time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 60 seconds.
    Minutes,
    /// 60 minutes.
    Hours,
    /// Calendar days in the zone: the same time of day, also across a change of the clocks.
    Days,
    /// Seven calendar days.
    Weeks,
    /// Calendar months: the same day of the month, or the last one of a shorter month.
    Months,
}

impl Unit {
    /// The word in JSON and in sentences.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Weeks => "weeks",
            Self::Months => "months",
        }
    }
}
