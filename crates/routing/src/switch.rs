//! The switch *available / unavailable*, which overrides the hours for a while.

use crate::Hours;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// How an agent turned the switch last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switch {
    /// To available, or to unavailable.
    pub available: bool,
    /// When.
    pub at: Timestamp,
}

impl Switch {
    /// Until when it overrides the hours: their next beginning or end after it was turned, or midnight, whichever is first.
    pub fn until(self, hours: &Hours<'_>) -> Timestamp {
        let midnight = hours.next_midnight(self.at);
        hours.next_boundary(self.at).map_or(midnight, |boundary| boundary.min(midnight))
    }

    /// What is kept when an agent turns the switch: nothing when the hours say the same, which is *switching back*.
    pub fn turned(available: bool, hours: &Hours<'_>, now: Timestamp) -> Option<Self> {
        (hours.is_open(now) != available).then_some(Self { available, at: now })
    }
}

/// Why an agent is available or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The hours say so.
    Schedule,
    /// The switch says so.
    Switch,
    /// There are no hours, and the switch says nothing.
    NoHours,
}

/// Availability at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Whether the agent is there.
    pub available: bool,
    /// Why.
    pub because: Because,
    /// Until when, as far as it can be seen.
    pub until: Option<Timestamp>,
}
