//! Conditions in words, for messages and explanations: `company.size greater than 50`.

use crate::{
    AttributeCondition, Catalog, Condition, ListRef, Literal, MembershipOperator, Operand, Operator,
};

const SHOWN_VALUES: usize = 3;
const SHOWN_CHARACTERS: usize = 60;

/// The condition in words; lists by the name that `catalog` knows, otherwise by their id.
pub fn describe(condition: &Condition, catalog: &dyn Catalog) -> String {
    match condition {
        Condition::Attribute(condition) => attribute(condition),
        Condition::Membership(condition) => {
            let not = if condition.op == MembershipOperator::IsMember { "" } else { "not " };
            format!("{not}member of {}", list(condition.member_of, catalog))
        }
    }
}

fn attribute(condition: &AttributeCondition) -> String {
    let head = format!("{} {}", condition.attribute, condition.op.words());
    if condition.values.is_empty() {
        return head;
    }
    let shown: Vec<_> = condition.values.iter().take(SHOWN_VALUES).map(literal).collect();
    let joined = shown.join(if condition.op == Operator::Between { " and " } else { " or " });
    let hidden = condition.values.len() - shown.len();
    match condition.unit {
        Some(unit) if condition.op.operand() == Operand::Duration => {
            format!("{head} {joined} {}", unit.as_str())
        }
        _ if hidden > 0 => format!("{head} {joined} or {hidden} more"),
        _ => format!("{head} {joined}"),
    }
}

pub(crate) fn list(list: ListRef, catalog: &dyn Catalog) -> String {
    let kind = if matches!(list, ListRef::List(_)) { "list" } else { "smart list" };
    format!("{kind} {}", catalog.list_name(list).map_or_else(|| list.to_string(), |name| shorten(&name)))
}

pub(crate) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => shorten(text),
        Literal::Number(number) => number.to_string(),
        Literal::Boolean(yes) => yes.to_string(),
        Literal::Null => "nothing".into(),
    }
}

/// `text` on one line and no longer than fits into a sentence.
pub(crate) fn shorten(text: &str) -> String {
    let line = kernel::text::one_line(text);
    match line.char_indices().nth(SHOWN_CHARACTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
