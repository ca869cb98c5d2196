//! Merging records of one person (spec 08, *Merge*): the same result whatever the order in which it happens.
//!
//! Every choice between two values is the greater by a total order over what belongs to the value itself, and the
//! survivor's own key (rung, age, id) survives with it; that is what makes the order not matter.

use crate::{
    person::{Origin, Person, Rung, Suggestion},
    setting::{Types, is_empty},
};
use criteria::AttributeType;
use kernel::{PersonId, Timestamp};
use serde_json::Value;
use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, BTreeSet},
};

/// The outcome of a merge.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// The surviving record. Version and time of change are the greater; the caller raises them.
    pub person: Person,
    /// The record that is gone; its id keeps resolving to the survivor. None when both were one record.
    pub absorbed: Option<PersonId>,
}

/// Merges two records. Survivor: proven before known before anonymous, then the older, then the smaller id. Values:
/// non-empty before empty, then the most recently set, field by field; of scores the higher.
pub fn merge(a: &Person, b: &Person, types: Types<'_>) -> Merged {
    let (survivor, other) = if survival(a) >= survival(b) { (a, b) } else { (b, a) };
    let mut person = survivor.clone();
    let mut origins = BTreeMap::new();
    person.attributes.clear();
    for name in survivor.attributes.keys().chain(other.attributes.keys()).collect::<BTreeSet<_>>() {
        let held = [survivor, other].into_iter().filter_map(|record| Held::of(record, name));
        let is_score = types(name) == Some(AttributeType::Score);
        if let Some(best) = held.max_by(|x, y| x.order(y, is_score)) {
            person.attributes.insert(name.clone(), best.value.clone());
            origins.insert(name.clone(), best.origin.clone());
        }
    }
    merge_links(&mut person, survivor, other, &mut origins);
    origins.retain(|_, origin| *origin != person.base_origin);
    person.origins = origins;
    person.suggestions = merge_suggestions(survivor, other);
    person.updated_at = survivor.updated_at.max(other.updated_at);
    person.last_seen_at = survivor.last_seen_at.max(other.last_seen_at);
    person.version = survivor.version.max(other.version);
    Merged { person, absorbed: (a.id != b.id).then_some(other.id) }
}

fn survival(person: &Person) -> (Rung, Reverse<Timestamp>, Reverse<PersonId>) {
    (person.rung, Reverse(person.created_at), Reverse(person.id))
}

/// E-mail address, company and owner: fields of the record, chosen by the same rule. An address follows the surer
/// identity first, because the rung speaks of it.
fn merge_links(
    person: &mut Person,
    survivor: &Person,
    other: &Person,
    origins: &mut BTreeMap<String, Origin>,
) {
    let mut choose = |link: &Link| {
        let records = [survivor, other].into_iter().filter(|record| (link.text)(record).is_some());
        let chosen = records.max_by(|x, y| link.key(x).cmp(&link.key(y)))?;
        origins.insert(link.name.to_owned(), chosen.origin_of(link.name).clone());
        Some(chosen)
    };
    let address = |p: &Person| p.email.as_ref().map(ToString::to_string);
    let email = choose(&Link { name: "email", surer_first: true, text: address });
    let company = |p: &Person| p.company_id.map(|id| id.to_string());
    let company = choose(&Link { name: "company", surer_first: false, text: company });
    let owner = |p: &Person| p.owner_id.map(|id| id.to_string());
    let owner = choose(&Link { name: "owner", surer_first: false, text: owner });
    person.email = email.and_then(|record| record.email.clone());
    person.company_id = company.and_then(|record| record.company_id);
    person.owner_id = owner.and_then(|record| record.owner_id);
}

/// A field of the record with an origin under its name.
struct Link {
    name: &'static str,
    surer_first: bool,
    text: fn(&Person) -> Option<String>,
}

impl Link {
    fn key<'a>(&self, record: &'a Person) -> (Rung, OriginKey<'a>, Option<String>) {
        let rung = if self.surer_first { record.rung } else { Rung::Anonymous };
        (rung, origin_key(record.origin_of(self.name)), (self.text)(record))
    }
}

/// A value with its origin, comparable.
struct Held<'a> {
    value: &'a Value,
    origin: &'a Origin,
}

impl<'a> Held<'a> {
    fn of(person: &'a Person, name: &str) -> Option<Self> {
        let value = person.attributes.get(name).filter(|value| !is_empty(value))?;
        Some(Self { value, origin: person.origin_of(name) })
    }

    fn order(&self, other: &Self, is_score: bool) -> Ordering {
        let number = |held: &Self| held.value.as_f64().unwrap_or(f64::NEG_INFINITY);
        let higher = if is_score { number(self).total_cmp(&number(other)) } else { Ordering::Equal };
        higher
            .then_with(|| origin_key(self.origin).cmp(&origin_key(other.origin)))
            .then_with(|| self.value.to_string().cmp(&other.value.to_string()))
    }
}

type OriginKey<'a> = (Timestamp, Option<Rung>, u8, Option<&'a str>);

/// Orders origins: the later first of all, then the surer, then anything that is always the same.
fn origin_key(origin: &Origin) -> OriginKey<'_> {
    (origin.at, origin.rung, origin.source as u8, origin.detail.as_deref())
}

/// All suggestions, each once, in one order.
fn merge_suggestions(a: &Person, b: &Person) -> Vec<Suggestion> {
    let key = |s: &Suggestion| {
        let detail = s.origin.detail.clone();
        (s.attribute.clone(), s.origin.at, s.value.to_string(), s.origin.rung, s.origin.source as u8, detail)
    };
    let mut all: Vec<Suggestion> = a.suggestions.iter().chain(&b.suggestions).cloned().collect();
    all.sort_by_key(key);
    all.dedup();
    all
}

#[cfg(test)]
#[path = "merging_tests.rs"]
mod tests;
