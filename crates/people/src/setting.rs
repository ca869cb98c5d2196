//! Setting attributes: what replaces what, and what is only a suggestion (spec 03, *Claimed is not proven*; spec 04,
//! *overwrite*).

use crate::person::{AttributeMap, Origin, Person, Rung, SourceKind, Suggestion};
use criteria::AttributeType;
use serde_json::Value;
use std::collections::BTreeMap;

/// Names that are fields of the record and never in its attribute map; services set them by their own rules.
pub const RECORD_FIELDS: [&str; 4] = ["email", "created_at", "last_seen_at", "owner"];

/// The type of an attribute by bare name; none when there is no such attribute.
pub type Types<'a> = &'a dyn Fn(&str) -> Option<AttributeType>;

/// Whether a new value replaces one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OverwritePolicy {
    /// It does; except a proven value when the new one comes from a visitor who has proven nothing.
    Always,
    /// Only an empty one.
    IfEmpty,
}

/// A value on offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// Bare attribute name.
    pub attribute: String,
    /// A JSON scalar, or text as typed; `null` and blank text empty the attribute.
    pub value: Value,
    /// Whether it replaces a value that is there.
    pub overwrite: OverwritePolicy,
}

/// A value that changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Bare attribute name.
    pub attribute: String,
    /// The value before; none when empty.
    pub old: Option<Value>,
    /// The value after; none when emptied.
    pub new: Option<Value>,
}

/// What becomes of the values on offer.
#[derive(Debug, Clone, PartialEq)]
pub struct Changes {
    /// Values that change.
    pub set: Vec<Change>,
    /// Values that are the same but proven now.
    pub confirmed: Vec<String>,
    /// Values that would have replaced a proven one.
    pub suggestions: Vec<Suggestion>,
    /// Attributes that stay as they are.
    pub unchanged: Vec<String>,
    /// Values that are none of their attribute, each with a reason fit for people.
    pub refused: Vec<(String, String)>,
    /// Where all of them came from.
    pub origin: Origin,
}

/// A record's values and where they came from.
#[derive(Debug, Clone, Copy)]
pub struct Existing<'a> {
    /// Values by bare name.
    pub attributes: &'a AttributeMap,
    /// Origins by bare name.
    pub origins: &'a BTreeMap<String, Origin>,
    /// The origin of what has none of its own.
    pub base_origin: &'a Origin,
}

impl<'a> Existing<'a> {
    /// The values of a person.
    pub const fn of(person: &'a Person) -> Self {
        Self { attributes: &person.attributes, origins: &person.origins, base_origin: &person.base_origin }
    }

    fn origin(&self, attribute: &str) -> &Origin {
        self.origins.get(attribute).unwrap_or(self.base_origin)
    }
}

enum Fate {
    Set(Change),
    Confirmed,
    Suggested(Value),
    Unchanged,
}

/// Decides about each value on offer; of two for one attribute the later in the list counts.
pub fn apply_attributes(
    existing: &Existing<'_>,
    incoming: &[Incoming],
    origin: &Origin,
    types: Types<'_>,
) -> Changes {
    let mut changes = Changes {
        set: Vec::new(),
        confirmed: Vec::new(),
        suggestions: Vec::new(),
        unchanged: Vec::new(),
        refused: Vec::new(),
        origin: origin.clone(),
    };
    for (index, offer) in incoming.iter().enumerate() {
        let attribute = offer.attribute.clone();
        if incoming[index + 1..].iter().any(|later| later.attribute == attribute) {
            continue;
        }
        match read(&attribute, &offer.value, types) {
            Err(reason) => changes.refused.push((attribute, reason)),
            Ok(value) => match fate(existing, offer, value, origin) {
                Fate::Set(change) => changes.set.push(change),
                Fate::Confirmed => changes.confirmed.push(attribute),
                Fate::Unchanged => changes.unchanged.push(attribute),
                Fate::Suggested(value) => {
                    changes.suggestions.push(Suggestion { attribute, value, origin: origin.clone() });
                }
            },
        }
    }
    changes
}

fn read(attribute: &str, value: &Value, types: Types<'_>) -> Result<Option<Value>, String> {
    if RECORD_FIELDS.contains(&attribute) {
        return Err("is not set this way".to_owned());
    }
    let kind = types(attribute).ok_or_else(|| "is not an attribute".to_owned())?;
    let read = match value {
        Value::String(text) => kind.parse_text(text),
        other => kind.parse(other),
    };
    read.map(|value| value.map(|value| value.to_json())).map_err(|error| error.to_string())
}

fn fate(existing: &Existing<'_>, offer: &Incoming, new: Option<Value>, origin: &Origin) -> Fate {
    let old = existing.attributes.get(&offer.attribute).filter(|value| !is_empty(value)).cloned();
    let Some(before) = &old else {
        let change =
            |new| Fate::Set(Change { attribute: offer.attribute.clone(), old: None, new: Some(new) });
        return new.map_or(Fate::Unchanged, change);
    };
    let held = existing.origin(&offer.attribute);
    if new.as_ref() == Some(before) {
        let proves = origin.rung == Some(Rung::Proven) && held.rung != Some(Rung::Proven);
        return if proves { Fate::Confirmed } else { Fate::Unchanged };
    }
    // The most recent wins, also when an older value arrives late.
    if offer.overwrite == OverwritePolicy::IfEmpty || origin.at < held.at {
        return Fate::Unchanged;
    }
    if held.rung == Some(Rung::Proven) && origin.rung.is_some_and(|rung| rung < Rung::Proven) {
        return new.map_or(Fate::Unchanged, Fate::Suggested);
    }
    Fate::Set(Change { attribute: offer.attribute.clone(), old, new })
}

/// True for what counts as empty (spec 03, criteria).
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

impl Changes {
    /// True when the record has to be written.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.confirmed.is_empty() && self.suggestions.is_empty()
    }

    /// Writes the changes into values and origins of any record; suggestions have their place on people only.
    pub fn write(&self, attributes: &mut AttributeMap, origins: &mut BTreeMap<String, Origin>) {
        for change in &self.set {
            if let Some(value) = &change.new {
                attributes.insert(change.attribute.clone(), value.clone());
                origins.insert(change.attribute.clone(), self.origin.clone());
            } else {
                attributes.remove(&change.attribute);
                origins.remove(&change.attribute);
            }
        }
        for attribute in &self.confirmed {
            origins.insert(attribute.clone(), self.origin.clone());
        }
    }

    /// Writes the changes into a person; its version and time of change are the caller's.
    pub fn apply_to(&self, person: &mut Person) {
        self.write(&mut person.attributes, &mut person.origins);
        for suggestion in &self.suggestions {
            suggest(person, suggestion);
        }
        for change in &self.set {
            let settled = |kept: &Suggestion| {
                kept.attribute == change.attribute && Some(&kept.value) == change.new.as_ref()
            };
            person.suggestions.retain(|kept| !settled(kept));
        }
    }
}

/// Takes along what a visitor typed while anonymous to the person joined on a claim (spec 03): it fills what is empty
/// there; what differs becomes a suggestion, because nothing is proven. Origins stay what they were.
pub fn carry_over(anonymous: &Person, joined: &mut Person) -> Vec<Change> {
    let mut changes = Vec::new();
    for (attribute, value) in anonymous.attributes.iter().filter(|(_, value)| !is_empty(value)) {
        let origin = anonymous.origin_of(attribute).clone();
        if origin.source != SourceKind::Chat {
            continue;
        }
        let held = joined.attributes.get(attribute).filter(|held| !is_empty(held));
        if held.is_none() {
            joined.attributes.insert(attribute.clone(), value.clone());
            joined.origins.insert(attribute.clone(), origin);
            changes.push(Change { attribute: attribute.clone(), old: None, new: Some(value.clone()) });
        } else if held != Some(value) {
            suggest(joined, &Suggestion { attribute: attribute.clone(), value: value.clone(), origin });
        }
    }
    changes
}

/// Keeps a suggestion once.
fn suggest(person: &mut Person, suggestion: &Suggestion) {
    let same = |kept: &Suggestion| kept.attribute == suggestion.attribute && kept.value == suggestion.value;
    if !person.suggestions.iter().any(same) {
        person.suggestions.push(suggestion.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, origin, person};
    use serde_json::json;

    fn kinds(name: &str) -> Option<AttributeType> {
        match name {
            "first_name" => Some(AttributeType::Text),
            "score" => Some(AttributeType::Score),
            "born" => Some(AttributeType::Date),
            "email" => Some(AttributeType::Email),
            _ => None,
        }
    }

    fn offer(
        person: &Person,
        attribute: &str,
        value: Value,
        overwrite: OverwritePolicy,
        from: &Origin,
    ) -> Changes {
        let incoming = Incoming { attribute: attribute.to_owned(), value, overwrite };
        apply_attributes(&Existing::of(person), &[incoming], from, &kinds)
    }

    fn visitor(rung: Rung, seconds: i64) -> Origin {
        Origin { rung: Some(rung), ..origin(SourceKind::Chat, seconds) }
    }

    #[test]
    fn overwrite_decides_what_replaces_what() {
        use OverwritePolicy::{Always, IfEmpty};
        let mut ada = person(1);
        ada.attributes.insert("first_name".to_owned(), json!("Ada"));
        ada.origins.insert("first_name".to_owned(), origin(SourceKind::Import, 10));
        for (value, overwrite, seconds, expected) in [
            (json!("Grace"), Always, 20, Some(json!("Grace"))),
            (json!("Grace"), IfEmpty, 20, Some(json!("Ada"))),
            (json!("Grace"), Always, 5, Some(json!("Ada"))),
            (json!("Ada"), Always, 20, Some(json!("Ada"))),
            (Value::Null, Always, 20, None),
            (json!("  "), IfEmpty, 20, Some(json!("Ada"))),
        ] {
            let mut after = ada.clone();
            offer(&ada, "first_name", value.clone(), overwrite, &visitor(Rung::Claimed, seconds))
                .apply_to(&mut after);
            assert_eq!(
                after.attributes.get("first_name"),
                expected.as_ref(),
                "{value} {overwrite:?} at {seconds}"
            );
        }
    }

    #[test]
    fn a_proven_value_is_only_replaced_by_who_may() {
        let mut ada = person(1);
        ada.attributes.insert("first_name".to_owned(), json!("Ada"));
        ada.origins.insert("first_name".to_owned(), visitor(Rung::Proven, 10));
        let mallory = visitor(Rung::Claimed, 20);
        let claimed = offer(&ada, "first_name", json!("Mallory"), OverwritePolicy::Always, &mallory);
        assert!(claimed.set.is_empty());
        let mut after = ada.clone();
        claimed.apply_to(&mut after);
        claimed.apply_to(&mut after);
        assert_eq!(after.attributes, ada.attributes);
        assert_eq!(after.suggestions.len(), 1, "the same suggestion is kept once");
        assert_eq!(after.suggestions[0].origin, mallory);
        let emptied = offer(&ada, "first_name", Value::Null, OverwritePolicy::Always, &mallory);
        assert!(emptied.is_empty());
        for may in [visitor(Rung::Proven, 20), origin(SourceKind::User, 20)] {
            let changes = offer(&after, "first_name", json!("Mallory"), OverwritePolicy::Always, &may);
            let mut settled = after.clone();
            changes.apply_to(&mut settled);
            assert_eq!(settled.text("first_name"), Some("Mallory"));
            assert!(settled.suggestions.is_empty(), "an accepted suggestion is settled");
        }
    }

    #[test]
    fn the_same_value_from_a_proven_visitor_becomes_proven() {
        let mut ada = person(1);
        ada.attributes.insert("first_name".to_owned(), json!("Ada"));
        let changes =
            offer(&ada, "first_name", json!("Ada"), OverwritePolicy::Always, &visitor(Rung::Proven, 20));
        assert_eq!(changes.confirmed, ["first_name"]);
        changes.apply_to(&mut ada);
        assert_eq!(ada.origin_of("first_name").rung, Some(Rung::Proven));
        assert_eq!(ada.origin_of("first_name").at, at(20));
    }

    #[test]
    fn values_are_read_by_the_type_of_their_attribute() {
        let ada = person(1);
        let from = visitor(Rung::Claimed, 20);
        for (attribute, value, expected) in [
            ("score", json!("42"), Some(json!(42))),
            ("score", json!(1.5), Some(json!(1.5))),
            ("born", json!("2024-02-29"), Some(json!("2024-02-29"))),
            ("born", json!("soon"), None),
            ("score", json!(true), None),
            ("shoe", json!("x"), None),
            ("email", json!("a@example.com"), None),
        ] {
            let changes = offer(&ada, attribute, value.clone(), OverwritePolicy::Always, &from);
            assert_eq!(
                changes.set.first().and_then(|change| change.new.clone()),
                expected,
                "{attribute} {value}"
            );
            assert_eq!(changes.refused.is_empty(), expected.is_some(), "{attribute} {value}");
        }
    }

    #[test]
    fn of_two_values_for_one_attribute_the_later_counts() {
        let one = |text: &str| Incoming {
            attribute: "first_name".to_owned(),
            value: json!(text),
            overwrite: OverwritePolicy::Always,
        };
        let ada = person(1);
        let changes =
            apply_attributes(&Existing::of(&ada), &[one("A"), one("B")], &visitor(Rung::Claimed, 1), &kinds);
        assert_eq!(changes.set.len(), 1);
        assert_eq!(changes.set[0].new, Some(json!("B")));
    }

    #[test]
    fn what_was_typed_before_joining_is_taken_along_and_destroys_nothing() {
        let mut before = person(1);
        for (name, value, source) in [
            ("first_name", "Ada", SourceKind::Chat),
            ("city", "London", SourceKind::Chat),
            ("language", "en", SourceKind::System),
        ] {
            before.attributes.insert(name.to_owned(), json!(value));
            before.origins.insert(name.to_owned(), origin(source, 9));
        }
        let mut joined = person(2);
        joined.attributes.insert("city".to_owned(), json!("Paris"));
        let changes = carry_over(&before, &mut joined);
        assert_eq!(changes.len(), 1);
        assert_eq!((joined.text("first_name"), joined.text("city")), (Some("Ada"), Some("Paris")));
        assert_eq!(joined.origin_of("first_name").at, at(9));
        assert_eq!(joined.suggestions[0].value, json!("London"));
        assert_eq!(joined.text("language"), None);
        assert!(carry_over(&before, &mut joined).is_empty());
        assert_eq!(joined.suggestions.len(), 1);
    }
}
