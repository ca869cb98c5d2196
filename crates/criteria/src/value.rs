//! Values of attributes and their types.

use jiff::civil::Date;
use kernel::{Email, Timestamp, WebUrl, text::has_forbidden_controls};
use serde::{Deserialize, Serialize, Serializer};

/// The longest text an attribute holds, in characters.
pub const MAX_TEXT: usize = 10_000;

/// The value of an attribute; an absent value has none (`Option<Value>`).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, e-mail address or web address; never blank.
    Text(String),
    /// Number, score or amount; always finite.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A day, without time and zone.
    Date(Date),
    /// An instant, to the millisecond.
    DateTime(Timestamp),
}

/// The type of an attribute. A score is a number that scoring changes, a currency one that has a unit;
/// both compare as numbers. E-mail and URL compare as text and know *domain is*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttributeType {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A number that scoring changes.
    Score,
    /// An amount of money.
    Currency,
    /// A day.
    Date,
    /// An instant.
    DateTime,
    /// Yes or no.
    Boolean,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
}

/// Why a text or JSON value is not a value of the type; fit for people, to stand behind the attribute's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAttributeValue {
    /// JSON of another kind.
    #[error("is not a text")]
    Text,
    /// More than [`MAX_TEXT`] characters.
    #[error("is longer than 10000 characters")]
    TooLong,
    /// NUL or another control character.
    #[error("holds a control character")]
    Control,
    /// Not a finite number.
    #[error("is not a number")]
    Number,
    /// Not a boolean.
    #[error("is not true or false")]
    Boolean,
    /// Not a day.
    #[error("is not a date such as 2026-11-20")]
    Date,
    /// Not an instant.
    #[error("is not a time such as 2026-11-20T09:30:00Z")]
    DateTime,
    /// Not an e-mail address.
    #[error("is not an e-mail address")]
    Email,
    /// Not a web address.
    #[error("is not a web address that begins with http:// or https://")]
    Url,
}

impl Value {
    /// The value as plain JSON: text, number or boolean.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.as_str().into(),
            Self::Number(number) => whole(*number).map_or_else(|| (*number).into(), Into::into),
            Self::Boolean(yes) => (*yes).into(),
            Self::Date(date) => date.to_string().into(),
            Self::DateTime(at) => instant_text(*at).into(),
        }
    }

    /// [`Value::to_json`] of a value that is not needed any more.
    pub fn into_json(self) -> serde_json::Value {
        match self {
            Self::Text(text) => text.into(),
            other => other.to_json(),
        }
    }

    /// The value as people read it in a sentence or a CSV cell; what [`AttributeType::parse_text`] reads back.
    pub fn to_text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Boolean(yes) => yes.to_string(),
            Self::Date(date) => date.to_string(),
            Self::DateTime(at) => instant_text(*at),
        }
    }
}

/// RFC 3339 in UTC with exactly three decimals, so that texts sort as the instants do.
pub(crate) fn instant_text(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// Whole numbers are written without `.0`, as every JSON reader outside Rust writes them.
fn whole(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked before the cast")]
    (number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0).then_some(number as i64)
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => s.serialize_str(text),
            Self::Number(number) => match whole(*number) {
                Some(whole) => s.serialize_i64(whole),
                None => s.serialize_f64(*number),
            },
            Self::Boolean(yes) => s.serialize_bool(*yes),
            Self::Date(date) => s.collect_str(date),
            Self::DateTime(at) => s.serialize_str(&instant_text(*at)),
        }
    }
}

impl AttributeType {
    /// All types, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Text,
        Self::Number,
        Self::Score,
        Self::Currency,
        Self::Date,
        Self::DateTime,
        Self::Boolean,
        Self::Email,
        Self::Url,
    ];

    /// The word used in JSON and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Score => "score",
            Self::Currency => "currency",
            Self::Date => "date",
            Self::DateTime => "datetime",
            Self::Boolean => "boolean",
            Self::Email => "email",
            Self::Url => "url",
        }
    }

    /// The type with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// True for the types whose values are [`Value::Text`].
    pub fn is_textual(self) -> bool {
        matches!(self, Self::Text | Self::Email | Self::Url)
    }

    /// True for the types whose values are [`Value::Number`].
    pub fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::Score | Self::Currency)
    }

    /// True for the types whose values are days or instants.
    pub fn is_temporal(self) -> bool {
        matches!(self, Self::Date | Self::DateTime)
    }

    /// Reads plain JSON as a value of this type; `null` and blank text are *empty* (`None`).
    pub fn parse(self, json: &serde_json::Value) -> Result<Option<Value>, InvalidAttributeValue> {
        match (self, json) {
            (_, serde_json::Value::Null) => Ok(None),
            (_, serde_json::Value::String(text)) if text.trim().is_empty() => Ok(None),
            (Self::Boolean, serde_json::Value::Bool(yes)) => Ok(Some(Value::Boolean(*yes))),
            (Self::Number | Self::Score | Self::Currency, serde_json::Value::Number(number)) => {
                number.as_f64().and_then(finite).map(Some).ok_or(InvalidAttributeValue::Number)
            }
            (kind, serde_json::Value::String(text)) if kind.is_textual() || kind.is_temporal() => {
                kind.parse_string(text).map(Some)
            }
            (kind, _) => Err(kind.error()),
        }
    }

    /// Reads a CSV cell or typed text; blank is *empty* (`None`).
    ///
    /// More forgiving than JSON: booleans may be yes/no, y/n, on/off, 1/0; amounts may carry a currency sign; days
    /// may be written 2026/11/20; a time without a zone is taken as UTC, a day as its midnight in UTC.
    pub fn parse_text(self, text: &str) -> Result<Option<Value>, InvalidAttributeValue> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let value = match self {
            Self::Boolean => boolean_word(text).map(Value::Boolean),
            Self::Number | Self::Score => number(text),
            Self::Currency => number(text.trim_matches(['$', '€', '£', '¥', ' '])),
            Self::Date => loose_date(text).map(Value::Date),
            Self::DateTime => loose_instant(text).map(Value::DateTime),
            Self::Text | Self::Email | Self::Url => return self.parse_string(text).map(Some),
        };
        value.map(Some).ok_or(self.error())
    }

    fn parse_string(self, text: &str) -> Result<Value, InvalidAttributeValue> {
        if text.len() > MAX_TEXT && text.chars().nth(MAX_TEXT).is_some() {
            return Err(InvalidAttributeValue::TooLong);
        }
        if has_forbidden_controls(text) {
            return Err(InvalidAttributeValue::Control);
        }
        let text = text.trim();
        match self {
            Self::Email => text.parse::<Email>().ok().map(|email| Value::Text(email.into())),
            Self::Url => text.parse::<WebUrl>().ok().map(|url| Value::Text(url.into())),
            Self::Date => strict_date(text).map(Value::Date),
            Self::DateTime => instant(text).map(Value::DateTime),
            _ => Some(Value::Text(text.to_owned())),
        }
        .ok_or(self.error())
    }

    /// What is said about a value that is not of this type.
    pub(crate) fn error(self) -> InvalidAttributeValue {
        match self {
            Self::Text => InvalidAttributeValue::Text,
            Self::Number | Self::Score | Self::Currency => InvalidAttributeValue::Number,
            Self::Boolean => InvalidAttributeValue::Boolean,
            Self::Date => InvalidAttributeValue::Date,
            Self::DateTime => InvalidAttributeValue::DateTime,
            Self::Email => InvalidAttributeValue::Email,
            Self::Url => InvalidAttributeValue::Url,
        }
    }
}

fn finite(number: f64) -> Option<Value> {
    number.is_finite().then_some(Value::Number(number))
}

fn number(text: &str) -> Option<Value> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
    if plain { text.parse().ok().and_then(finite) } else { None }
}

fn boolean_word(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "1" => Some(true),
        "false" | "no" | "n" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// A day and nothing else: the length rules out a time behind it, which would be dropped silently.
pub(crate) fn strict_date(text: &str) -> Option<Date> {
    let years = |date: &Date| (1..=9999).contains(&date.year());
    if text.len() == 10 { text.parse::<Date>().ok().filter(years) } else { None }
}

/// An instant with its offset, cut to milliseconds.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let at = text.parse::<Timestamp>().ok()?;
    Timestamp::from_millisecond(at.as_millisecond()).ok()
}

fn loose_date(text: &str) -> Option<Date> {
    strict_date(text).or_else(|| strict_date(&text.replace('/', "-")))
}

fn loose_instant(text: &str) -> Option<Timestamp> {
    let civil = || {
        let at = match loose_date(text) {
            Some(date) => date.at(0, 0, 0, 0),
            None => text.parse::<jiff::civil::DateTime>().ok()?,
        };
        let zoned = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Timestamp::from_millisecond(zoned.timestamp().as_millisecond()).ok()
    };
    instant(text).or_else(civil)
}
