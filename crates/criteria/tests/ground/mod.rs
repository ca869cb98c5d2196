//! A catalogue with one attribute of each type, and short ways to ask about them.

#![expect(dead_code, reason = "each test file uses its part")]

use criteria::*;
use jiff::tz::TimeZone;
use kernel::SmartListId;
use std::collections::HashMap;
use uuid::Uuid;

/// `person.<type>` for each type, and the smart lists that are put in.
#[derive(Default)]
pub struct Ground {
    pub smart_lists: HashMap<SmartListId, Vec<ListRef>>,
    pub lists: Vec<ListRef>,
}

impl Catalog for Ground {
    fn attribute_type(&self, attribute: &AttributeRef) -> Option<AttributeType> {
        let kind = AttributeType::from_word(attribute.name());
        kind.filter(|_| attribute.of() == Source::Person)
            .or_else(|| standard::find(attribute).map(|standard| standard.kind))
    }
    fn list_name(&self, list: ListRef) -> Option<String> {
        match list {
            ListRef::SmartList(id) => {
                self.smart_lists.contains_key(&id).then(|| format!("S{}", id.uuid().as_u128()))
            }
            ListRef::List(_) => self.lists.contains(&list).then(|| "Friends".to_owned()),
        }
    }
    fn lists_of(&self, smart_list: SmartListId) -> Vec<ListRef> {
        self.smart_lists.get(&smart_list).cloned().unwrap_or_default()
    }
}

pub fn smart(number: u128) -> SmartListId {
    SmartListId::from(Uuid::from_u128(number))
}

pub fn parse(json: &str) -> Criteria {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// Whether `criteria` (JSON) holds for a person with these attributes (path, JSON value).
pub fn holds_at(criteria: &str, known: &[(&str, &str)], now: &str, zone: &str) -> bool {
    let ground = Ground::default();
    let criteria = parse(criteria);
    let mut symbols = Symbols::new();
    let compiled = compile(&criteria, &ground, &mut symbols).unwrap_or_else(|errors| panic!("{errors:?}"));
    let known: Vec<_> = known
        .iter()
        .filter_map(|(path, value)| {
            let path: AttributeRef = path.parse().unwrap();
            let kind = ground.attribute_type(&path).unwrap();
            let json = serde_json::from_str(value).unwrap();
            Some((path, kind.parse(&json).unwrap_or_else(|error| panic!("{value} {error}"))?))
        })
        .collect();
    let moment = Moment::new(now.parse().unwrap(), TimeZone::get(zone).unwrap());
    let attributes = known.iter().map(|(path, value)| (path.of(), path.name(), value));
    let facts = Facts::prepare(&symbols, &moment, attributes, []);
    let verdict = compiled.explain(&facts);
    assert_eq!(verdict.holds, compiled.holds(&facts), "the explanation disagrees: {verdict:?}");
    verdict.holds
}

pub fn holds(criteria: &str, known: &[(&str, &str)]) -> bool {
    holds_at(criteria, known, "2026-05-13T10:00:00Z", "UTC")
}
