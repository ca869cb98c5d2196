//! A condition whose values have been read by the attribute's type: the one reading that the check, the compiler and
//! the store adapters share, so that they cannot disagree about what a condition means.

use crate::{
    AttributeCondition, AttributeType, Literal, Operand, Operator, Unit,
    value::{instant, strict_date},
    window::{Edge, Relation, Window},
};
use kernel::{Domain, WebUrl, text::fold};

/// The largest count of units in *in past* and *in future*.
const MAX_UNITS: u32 = 100_000;

/// What a condition asks of its attribute. Where several operands stand, any of them will do; with a negative
/// comparison none of them may.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed {
    /// Has no value.
    Empty,
    /// Has a value.
    Present,
    /// Text against texts that are folded by [`kernel::text::fold`].
    Text(TextMatch, Vec<String>),
    /// None of the texts; an empty value satisfies it.
    NotText(TextMatch, Vec<String>),
    /// The host belongs to one of the domains.
    Domain(Vec<Domain>),
    /// Number against bounds.
    Number(Vec<Range>),
    /// None of the numbers; an empty value satisfies it.
    NotNumber(Vec<f64>),
    /// The boolean is this one.
    Boolean(bool),
    /// Day or instant against windows.
    Time(Relation, Vec<Window>),
}

/// How texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextMatch {
    /// Equal.
    Is,
    /// Holds it.
    Contains,
    /// Begins with it.
    StartsWith,
}

/// A range of numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Range {
    /// Equal.
    Exactly(f64),
    /// Greater than.
    Above(f64),
    /// Less than.
    Below(f64),
    /// Equal or greater.
    AtLeast(f64),
    /// Equal or less.
    AtMost(f64),
    /// Both ends included.
    Between(f64, f64),
}

impl Range {
    /// True when `number` lies in the range.
    #[expect(clippy::float_cmp, reason = "`is 5` asks for exactly the number that was stored")]
    pub fn holds(self, number: f64) -> bool {
        match self {
            Self::Exactly(wanted) => number == wanted,
            Self::Above(bound) => number > bound,
            Self::Below(bound) => number < bound,
            Self::AtLeast(bound) => number >= bound,
            Self::AtMost(bound) => number <= bound,
            Self::Between(low, high) => low <= number && number <= high,
        }
    }
}

impl AttributeCondition {
    /// Reads the condition for an attribute of type `kind`; the error is a sentence without its subject.
    pub fn typed(&self, kind: AttributeType) -> Result<Typed, String> {
        self.fits(kind)?;
        match self.op {
            Operator::IsEmpty => Ok(Typed::Empty),
            Operator::IsNotEmpty => Ok(Typed::Present),
            Operator::IsTrue => Ok(Typed::Boolean(true)),
            Operator::IsFalse => Ok(Typed::Boolean(false)),
            _ if kind.is_numeric() => self.numeric(kind),
            _ if kind.is_temporal() => self.temporal(kind),
            _ => self.textual(kind),
        }
    }

    fn fits(&self, kind: AttributeType) -> Result<(), String> {
        if !Operator::of(kind).contains(&self.op) {
            let offered: Vec<_> = Operator::of(kind).iter().map(|op| op.words()).collect();
            let (op, kind) = (self.op.words(), kind.as_str());
            return Err(format!(
                "“{op}” does not go with the type {kind}, which knows: {}",
                offered.join(", ")
            ));
        }
        let count = self.values.len();
        match self.op.operand() {
            Operand::Nothing if count > 0 => Err("takes no value".into()),
            Operand::Some if count == 0 => Err("needs at least one value".into()),
            Operand::One if count != 1 => Err(format!("needs exactly one value, not {count}")),
            Operand::Two if count != 2 => Err(format!("needs exactly two values, not {count}")),
            Operand::Duration if count != 1 => Err(format!("needs exactly one number, not {count}")),
            Operand::Duration if self.unit.is_none() => {
                Err("needs a unit: minutes, hours, days, weeks or months".into())
            }
            Operand::Duration => Ok(()),
            _ if self.unit.is_some() => Err("takes no unit".into()),
            _ => Ok(()),
        }
    }

    fn textual(&self, kind: AttributeType) -> Result<Typed, String> {
        if self.op == Operator::DomainIs {
            let read = |literal: &Literal| {
                let text = text_of(literal)?;
                text.parse::<Domain>().map_err(|error| format!("{} {error}", quoted(literal)))
            };
            return self.values.iter().map(read).collect::<Result<_, _>>().map(Typed::Domain);
        }
        let whole = matches!(self.op, Operator::Is | Operator::IsNot);
        let read = |literal: &Literal| {
            let text = text_of(literal)?;
            // Stored web addresses are normalised, so an equal one must be normalised as well.
            let address =
                (whole && kind == AttributeType::Url).then(|| text.parse::<WebUrl>().ok()).flatten();
            let folded = fold(address.as_ref().map_or(text, WebUrl::as_str));
            if folded.is_empty() { Err(MISSING.to_owned()) } else { Ok(folded) }
        };
        let texts = self.values.iter().map(read).collect::<Result<_, _>>()?;
        Ok(match self.op {
            Operator::IsNot => Typed::NotText(TextMatch::Is, texts),
            Operator::Contains => Typed::Text(TextMatch::Contains, texts),
            Operator::NotContains => Typed::NotText(TextMatch::Contains, texts),
            Operator::StartsWith => Typed::Text(TextMatch::StartsWith, texts),
            Operator::NotStartsWith => Typed::NotText(TextMatch::StartsWith, texts),
            _ => Typed::Text(TextMatch::Is, texts),
        })
    }

    fn numeric(&self, kind: AttributeType) -> Result<Typed, String> {
        let numbers = self.values.iter().map(|v| number_of(v, kind)).collect::<Result<Vec<_>, _>>()?;
        let range = match (self.op, numbers.as_slice()) {
            (Operator::IsNot, _) => return Ok(Typed::NotNumber(numbers)),
            (Operator::GreaterThan, [bound]) => Range::Above(*bound),
            (Operator::LessThan, [bound]) => Range::Below(*bound),
            (Operator::AtLeast, [bound]) => Range::AtLeast(*bound),
            (Operator::AtMost, [bound]) => Range::AtMost(*bound),
            (Operator::Between, [low, high]) if low > high => return Err(TURNED.into()),
            (Operator::Between, [low, high]) => Range::Between(*low, *high),
            _ => return Ok(Typed::Number(numbers.into_iter().map(Range::Exactly).collect())),
        };
        Ok(Typed::Number(vec![range]))
    }

    fn temporal(&self, kind: AttributeType) -> Result<Typed, String> {
        if let Some(window) = Window::of(self.op) {
            return Ok(Typed::Time(Relation::Inside, vec![window]));
        }
        if let (Operand::Duration, [count], Some(unit)) =
            (self.op.operand(), self.values.as_slice(), self.unit)
        {
            return Ok(duration(self.op, units_of(count)?, unit));
        }
        let edges = self.values.iter().map(|v| edge_of(v, kind)).collect::<Result<Vec<_>, _>>()?;
        let at = |edge: &Edge| Window::Fixed(*edge, *edge);
        let relation = match (self.op, edges.as_slice()) {
            (Operator::Between, [first, last]) if is_turned(*first, *last) => return Err(TURNED.into()),
            (Operator::Between, [first, last]) => {
                return Ok(Typed::Time(Relation::Inside, vec![Window::Fixed(*first, *last)]));
            }
            (Operator::Before, _) => Relation::Before,
            (Operator::After, _) => Relation::After,
            (Operator::OnOrAfter, _) => Relation::FromStart,
            _ => Relation::Inside,
        };
        Ok(Typed::Time(relation, edges.iter().map(at).collect()))
    }
}

const MISSING: &str = "a value is missing";
const TURNED: &str = "the first value is above the second";

fn duration(op: Operator, count: u32, unit: Unit) -> Typed {
    match op {
        Operator::InFuture => Typed::Time(Relation::Inside, vec![Window::Future(count, unit)]),
        Operator::NotInPast => Typed::Time(Relation::Outside, vec![Window::Past(count, unit)]),
        _ => Typed::Time(Relation::Inside, vec![Window::Past(count, unit)]),
    }
}

/// A day against an instant depends on the zone, so only edges of one kind are compared.
fn is_turned(first: Edge, last: Edge) -> bool {
    match (first, last) {
        (Edge::Day(first), Edge::Day(last)) => first > last,
        (Edge::Instant(first), Edge::Instant(last)) => first > last,
        _ => false,
    }
}

fn text_of(literal: &Literal) -> Result<&str, String> {
    match literal {
        Literal::Null => Err(MISSING.into()),
        Literal::Text(text) if text.trim().is_empty() => Err(MISSING.into()),
        Literal::Text(text) if text.chars().nth(crate::MAX_TEXT).is_some() => {
            Err(format!("{} {}", quoted(literal), crate::InvalidAttributeValue::TooLong))
        }
        Literal::Text(text) => Ok(text),
        other => Err(format!("{} {}", quoted(other), crate::InvalidAttributeValue::Text)),
    }
}

fn number_of(literal: &Literal, kind: AttributeType) -> Result<f64, String> {
    match kind.parse(&literal.to_json()) {
        Ok(Some(crate::Value::Number(number))) => Ok(number),
        Ok(_) => Err(MISSING.into()),
        Err(error) => Err(format!("{} {error}", quoted(literal))),
    }
}

fn units_of(literal: &Literal) -> Result<u32, String> {
    let count = match literal {
        Literal::Number(number) => number.as_u64().and_then(|n| u32::try_from(n).ok()),
        Literal::Null => return Err(MISSING.into()),
        _ => None,
    };
    count
        .filter(|n| (1..=MAX_UNITS).contains(n))
        .ok_or_else(|| format!("{} is not a whole number from 1 to {MAX_UNITS}", quoted(literal)))
}

fn edge_of(literal: &Literal, kind: AttributeType) -> Result<Edge, String> {
    let text = match literal {
        Literal::Null => return Err(MISSING.into()),
        Literal::Text(text) if text.trim().is_empty() => return Err(MISSING.into()),
        Literal::Text(text) => text.trim(),
        other => return Err(format!("{} {}", quoted(other), kind.error())),
    };
    strict_date(text)
        .map(Edge::Day)
        .or_else(|| instant(text).map(Edge::Instant))
        .ok_or_else(|| format!("{} {}", quoted(literal), kind.error()))
}

fn quoted(literal: &Literal) -> String {
    format!("“{}”", crate::words::literal(literal))
}
