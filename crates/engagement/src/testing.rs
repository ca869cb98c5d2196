//! Activities for the tests of this crate.

use crate::{Activity, ActivityType};
use kernel::millis;
use serde_json::Value;
use std::{fmt::Debug, str::FromStr};

fn id<T: FromStr>(prefix: &str, number: u32) -> T
where
    T::Err: Debug,
{
    format!("{prefix}_{number:026}").parse().expect("decimal digits are digits of an id")
}

/// An activity of dialogue 1 in a conversation, `second` seconds after 1970.
pub fn activity(
    number: u32,
    kind: ActivityType,
    conversation: u32,
    second: i64,
    details: &Value,
) -> Activity {
    Activity {
        id: id("act", number),
        kind,
        person_id: id("per", 1),
        visitor_id: None,
        site_id: None,
        dialogue_id: Some(id("dlg", 1)),
        conversation_id: Some(id("cnv", conversation)),
        at: millis(second * 1_000),
        attributes: details.as_object().cloned().expect("an object"),
    }
}
