//! Records for the tests of this crate.

use crate::person::{Origin, Person, Rung, SourceKind};
use kernel::{ConversationId, PersonId, Timestamp, millis};
use std::collections::BTreeMap;

pub fn at(seconds: i64) -> Timestamp {
    millis(seconds * 1_000)
}

pub fn person_id(number: u128) -> PersonId {
    format!("per_{number:026}").parse().expect("decimal digits are digits of an id")
}

pub fn conversation_id(number: u128) -> ConversationId {
    format!("cnv_{number:026}").parse().expect("decimal digits are digits of an id")
}

pub fn origin(source: SourceKind, seconds: i64) -> Origin {
    Origin { source, detail: None, at: at(seconds), rung: None }
}

/// A known person without any value but the address.
pub fn person(number: u128) -> Person {
    Person {
        id: person_id(number),
        email: format!("p{number}@example.com").parse().ok(),
        rung: Rung::Claimed,
        attributes: BTreeMap::new(),
        origins: BTreeMap::new(),
        base_origin: origin(SourceKind::System, 0),
        suggestions: Vec::new(),
        company_id: None,
        owner_id: None,
        created_at: at(0),
        updated_at: at(0),
        last_seen_at: None,
        version: 1,
    }
}
