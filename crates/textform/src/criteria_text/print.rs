//! Writing a criteria down.

use super::{UNITS, is_bare_date, operator_words};
use crate::Directory;
use criteria::{
    AttributeCondition, Condition, Criteria, ListRef, Literal, MembershipCondition, MembershipOperator,
    Operand, Operator, Unit,
};

/// Longer criteria are written on several lines.
const ONE_LINE: usize = 88;

/// The text of a criteria; long ones on several lines, one condition a line.
pub fn print(criteria: &Criteria, names: &Directory) -> String {
    let printer = Printer { names };
    let line = printer.root(criteria, None);
    let breakable = matches!(criteria, Criteria::All(members) | Criteria::Any(members) if members.len() > 1);
    if breakable && line.chars().count() > ONE_LINE { printer.root(criteria, Some(0)) } else { line }
}

struct Printer<'a> {
    names: &'a Directory,
}

/// How far lines are set in; none keeps everything on one line.
type Indent = Option<usize>;

impl Printer<'_> {
    fn root(&self, criteria: &Criteria, indent: Indent) -> String {
        match criteria {
            // A lone condition stands for a group of one, as the editor makes it.
            Criteria::All(members) if let [Criteria::Condition(only)] = members.as_slice() => {
                self.condition(only)
            }
            Criteria::Condition(only) => format!("({})", self.condition(only)),
            other => self.inside(other, indent),
        }
    }

    /// A criteria where nothing stands beside it.
    fn inside(&self, criteria: &Criteria, indent: Indent) -> String {
        let (members, word) = match criteria {
            Criteria::Condition(condition) => return self.condition(condition),
            Criteria::All(members) => (members, "and"),
            Criteria::Any(members) => (members, "or"),
        };
        match (members.as_slice(), word) {
            ([], "and") => "everybody".to_owned(),
            ([], _) => "nobody".to_owned(),
            ([only], "and") => format!("all({})", self.inside(only, None)),
            ([only], _) => format!("any({})", self.inside(only, None)),
            (members, word) => self.joined(members, word, indent),
        }
    }

    fn joined(&self, members: &[Criteria], word: &str, indent: Indent) -> String {
        let parts: Vec<String> = members.iter().map(|member| self.member(member, indent)).collect();
        match indent {
            None => parts.join(&format!(" {word} ")),
            Some(depth) => parts.join(&format!("\n{}{word} ", "  ".repeat(depth))),
        }
    }

    fn member(&self, criteria: &Criteria, indent: Indent) -> String {
        let group = matches!(criteria, Criteria::All(members) | Criteria::Any(members) if members.len() > 1);
        if !group {
            return self.inside(criteria, None);
        }
        let line = format!("({})", self.inside(criteria, None));
        match indent {
            Some(depth) if line.chars().count() + 2 * depth > ONE_LINE / 2 => {
                let (outer, inner) = ("  ".repeat(depth), "  ".repeat(depth + 1));
                format!("(\n{inner}{}\n{outer})", self.inside(criteria, Some(depth + 1)))
            }
            _ => line,
        }
    }

    fn condition(&self, condition: &Condition) -> String {
        match condition {
            Condition::Attribute(condition) => attribute(condition),
            Condition::Membership(condition) => self.membership(*condition),
        }
    }

    fn membership(&self, MembershipCondition { member_of, op }: MembershipCondition) -> String {
        let (kind, name) = match member_of {
            ListRef::List(id) => ("list", self.names.lists.label(id)),
            ListRef::SmartList(id) => ("smart list", self.names.smart_lists.label(id)),
        };
        let not = if op == MembershipOperator::IsMember { "" } else { "not " };
        format!("{not}member of {kind} {}", quoted(&name))
    }
}

fn attribute(AttributeCondition { attribute, op, values, unit }: &AttributeCondition) -> String {
    let words: Vec<&str> = operator_words(*op).collect();
    let head = format!("{attribute} {}", words.join(" "));
    let operand = plain_operand(*op, values, *unit).unwrap_or_else(|| listed(values, *unit));
    if operand.is_empty() { head } else { format!("{head} {operand}") }
}

/// What stands behind the operator when it is what the operator takes.
fn plain_operand(op: Operator, values: &[Literal], unit: Option<Unit>) -> Option<String> {
    let shown = || -> Vec<String> { values.iter().map(literal).collect() };
    match (op.operand(), values, unit) {
        // “is true” is an operator of its own.
        (Operand::Some, [Literal::Boolean(_), ..], None) if op == Operator::Is => None,
        (Operand::Nothing, [], None) => Some(String::new()),
        (Operand::Some, [_, ..], None) => Some(shown().join(", ")),
        (Operand::One, [_], None) => Some(shown().concat()),
        (Operand::Two, [_, _], None) => Some(shown().join(" and ")),
        (Operand::Duration, [only], Some(unit)) => {
            Some(format!("{} {}", literal(only), unit_word(unit, only)))
        }
        _ => None,
    }
}

/// The form for conditions that somebody has not finished.
fn listed(values: &[Literal], unit: Option<Unit>) -> String {
    let values: Vec<String> = values.iter().map(literal).collect();
    let unit = unit.map(|unit| format!(" {}", unit_word(unit, &Literal::Null))).unwrap_or_default();
    format!("[{}]{unit}", values.join(", "))
}

fn unit_word(unit: Unit, count: &Literal) -> &'static str {
    let one = matches!(count, Literal::Number(number) if number.as_u64() == Some(1));
    let found = UNITS.iter().find(|(known, ..)| *known == unit);
    found.map_or(unit.as_str(), |(_, singular, plural)| if one { singular } else { plural })
}

fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) if is_bare_date(text) => text.clone(),
        Literal::Text(text) => quoted(text),
        Literal::Number(number) => number.to_string(),
        Literal::Boolean(yes) => yes.to_string(),
        Literal::Null => "null".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
