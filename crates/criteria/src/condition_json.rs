//! Reading a criteria from JSON within its limits: depth, conditions and values are counted while reading, so that
//! a hostile tree is refused before it is built.

use crate::{
    AttributeCondition, AttributeRef, Condition, Criteria, ListRef, Literal, MAX_CONDITIONS, MAX_DEPTH,
    MAX_VALUES, MembershipCondition, MembershipOperator, Operator, Unit,
};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use std::{cell::Cell, fmt};

const FIELDS: &[&str] = &["all", "any", "attribute", "op", "values", "unit", "member_of"];

impl<'de> Deserialize<'de> for Criteria {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Node { depth: 0, left: &Cell::new(MAX_CONDITIONS) }.deserialize(d)
    }
}

#[derive(Clone, Copy)]
struct Node<'a> {
    depth: usize,
    left: &'a Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Criteria;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Criteria, D::Error> {
        d.deserialize_map(self)
    }
}

#[derive(Default)]
struct Parts {
    all: Option<Vec<Criteria>>,
    any: Option<Vec<Criteria>>,
    attribute: Option<AttributeRef>,
    member_of: Option<ListRef>,
    op: Option<String>,
    values: Option<Vec<Literal>>,
    unit: Option<Unit>,
}

fn once<E: Error, T>(slot: &mut Option<T>, name: &'static str, value: T) -> Result<(), E> {
    if slot.replace(value).is_some() { Err(E::duplicate_field(name)) } else { Ok(()) }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Criteria;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a group {\"all\":[…]} or {\"any\":[…]}, or a condition")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Criteria, A::Error> {
        let mut parts = Parts::default();
        while let Some(field) = map.next_key::<String>()? {
            match field.as_str() {
                "all" => once(&mut parts.all, "all", map.next_value_seed(self.group()?)?)?,
                "any" => once(&mut parts.any, "any", map.next_value_seed(self.group()?)?)?,
                "attribute" => once(&mut parts.attribute, "attribute", map.next_value()?)?,
                "member_of" => once(&mut parts.member_of, "member_of", map.next_value()?)?,
                "op" => once(&mut parts.op, "op", map.next_value()?)?,
                "values" => once(&mut parts.values, "values", map.next_value_seed(Values)?)?,
                "unit" => once(&mut parts.unit, "unit", map.next_value()?)?,
                unknown => return Err(A::Error::unknown_field(unknown, FIELDS)),
            }
        }
        self.assemble(parts)
    }
}

impl Node<'_> {
    fn group<E: Error>(self) -> Result<Group<Self>, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format_args!("groups are nested more than {MAX_DEPTH} deep")));
        }
        Ok(Group(Self { depth: self.depth + 1, left: self.left }))
    }

    fn assemble<E: Error>(self, parts: Parts) -> Result<Criteria, E> {
        match parts {
            Parts {
                all: Some(members),
                any: None,
                attribute: None,
                member_of: None,
                op: None,
                values: None,
                unit: None,
            } => Ok(Criteria::All(members)),
            Parts {
                all: None,
                any: Some(members),
                attribute: None,
                member_of: None,
                op: None,
                values: None,
                unit: None,
            } => Ok(Criteria::Any(members)),
            Parts { all: None, any: None, attribute, member_of, op, values, unit } => {
                let left = self.left.get().checked_sub(1);
                self.left.set(
                    left.ok_or_else(|| E::custom(format_args!("more than {MAX_CONDITIONS} conditions")))?,
                );
                let op = op.ok_or_else(|| E::missing_field("op"))?;
                condition(attribute, member_of, &op, values, unit).map(Criteria::Condition)
            }
            _ => Err(E::custom("a group holds either \"all\" or \"any\" and nothing else")),
        }
    }
}

fn condition<E: Error>(
    attribute: Option<AttributeRef>,
    member_of: Option<ListRef>,
    op: &str,
    values: Option<Vec<Literal>>,
    unit: Option<Unit>,
) -> Result<Condition, E> {
    match (attribute, member_of) {
        (Some(attribute), None) => {
            let op = Operator::from_word(op).ok_or_else(|| unknown_operator(op))?;
            let values = values.unwrap_or_default();
            Ok(Condition::Attribute(AttributeCondition { attribute, op, values, unit }))
        }
        (None, Some(member_of)) => {
            if values.is_some() || unit.is_some() {
                return Err(E::custom("a membership takes neither \"values\" nor \"unit\""));
            }
            let op = match op {
                "is_member" => MembershipOperator::IsMember,
                "is_not_member" => MembershipOperator::IsNotMember,
                other => return Err(unknown_operator(other)),
            };
            Ok(Condition::Membership(MembershipCondition { member_of, op }))
        }
        (Some(_), Some(_)) => Err(E::custom("a condition has either \"attribute\" or \"member_of\"")),
        (None, None) => Err(E::custom("a condition needs \"attribute\" or \"member_of\"")),
    }
}

fn unknown_operator<E: Error>(op: &str) -> E {
    let op: String = op.chars().take(40).collect();
    E::custom(format_args!("unknown operator {op:?}"))
}

/// A sequence of nodes.
struct Group<T>(T);

impl<'de> DeserializeSeed<'de> for Group<Node<'_>> {
    type Value = Vec<Criteria>;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Vec<Criteria>, D::Error> {
        d.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Group<Node<'_>> {
    type Value = Vec<Criteria>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of groups and conditions")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Criteria>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = seq.next_element_seed(self.0)? {
            // Empty groups count for nothing else, so they are bounded here.
            if members.len() >= MAX_CONDITIONS {
                return Err(A::Error::custom(format_args!("more than {MAX_CONDITIONS} members in a group")));
            }
            members.push(member);
        }
        Ok(members)
    }
}

/// The values of a condition.
struct Values;

impl<'de> DeserializeSeed<'de> for Values {
    type Value = Vec<Literal>;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Vec<Literal>, D::Error> {
        d.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Values {
    type Value = Vec<Literal>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts, numbers or booleans")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Literal>, A::Error> {
        let mut values = Vec::new();
        while values.len() < MAX_VALUES {
            match seq.next_element()? {
                Some(value) => values.push(value),
                None => return Ok(values),
            }
        }
        match seq.next_element::<IgnoredAny>()? {
            None => Ok(values),
            Some(_) => Err(A::Error::custom(format_args!("more than {MAX_VALUES} values in a condition"))),
        }
    }
}
