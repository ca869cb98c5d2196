//! What an agent sets for meetings, beside the hours.

use crate::busy::Stretch;
use jiff::SignedDuration;
use kernel::Timestamp;
use routing::Mistake;
use serde::{Deserialize, Serialize};

/// The longest meeting, step or buffer, in minutes: a day.
pub const MAX_MINUTES: u32 = 24 * 60;
/// The most lengths to choose from.
pub const MAX_LENGTHS: usize = 6;
/// The farthest ahead that can be booked, in days.
pub const MAX_HORIZON_DAYS: u32 = 366;
/// The longest notice, in minutes: 60 days.
const MAX_NOTICE: u32 = 60 * MAX_MINUTES;
/// The most meetings of a day.
const MAX_PER_DAY: u32 = 100;

/// What an agent sets for meetings, beside the hours. Times are in minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// How long a meeting may be, in minutes; the first is taken where nobody chooses. One to six, 5 to 1,440 each.
    pub lengths: Vec<u32>,
    /// From one start to the next, in minutes, counted from the beginning of a block of hours; 5 to 1,440. The length
    /// when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<u32>,
    /// Kept free before a meeting, in minutes; up to 1,440.
    pub buffer_before: u32,
    /// Kept free after a meeting, in minutes; up to 1,440.
    pub buffer_after: u32,
    /// How long before its start a meeting can still be booked, in minutes; up to 60 days.
    pub notice: u32,
    /// How far ahead can be booked, in days of 24 hours; 1 to 366.
    pub horizon_days: u32,
    /// The most meetings that start on one day of the agent's zone; 1 to 100, no limit when not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most_per_day: Option<u32>,
}

impl Default for Rules {
    /// Half an hour, a day's notice, thirty days ahead (spec 07).
    fn default() -> Self {
        Self {
            lengths: vec![30],
            step: None,
            buffer_before: 0,
            buffer_after: 0,
            notice: MAX_MINUTES,
            horizon_days: 30,
            most_per_day: None,
        }
    }
}

impl Rules {
    /// The length that is taken where nobody chooses, in minutes.
    pub fn usual_length(&self) -> u32 {
        self.lengths.first().copied().unwrap_or(30)
    }

    /// The stretch that a meeting keeps free of other meetings: itself with its buffers.
    pub fn guarded(&self, meeting: Stretch) -> Stretch {
        Stretch {
            start: meeting.start.saturating_sub(minutes(self.buffer_before)).unwrap_or(Timestamp::MIN),
            end: meeting.end.saturating_add(minutes(self.buffer_after)).unwrap_or(Timestamp::MAX),
        }
    }

    /// The first and the last instant at which a meeting that is booked at `now` may start.
    pub fn bookable(&self, now: Timestamp) -> Stretch {
        let after = |minutes_ahead: u32| now.saturating_add(minutes(minutes_ahead)).unwrap_or(Timestamp::MAX);
        Stretch { start: after(self.notice), end: after(self.horizon_days.saturating_mul(MAX_MINUTES)) }
    }

    /// From one start to the next, in minutes.
    pub(crate) fn step_of(&self, length: u32) -> u32 {
        self.step.unwrap_or(length).max(1)
    }

    /// Everything that cannot be accepted.
    pub fn mistakes(&self) -> Vec<Mistake> {
        let mut found = Vec::new();
        let mut refuse = |path: String, reason| found.push(Mistake { path, reason });
        if self.lengths.is_empty() || self.lengths.len() > MAX_LENGTHS {
            refuse("/lengths".to_owned(), "must have one to six lengths");
        }
        for (index, length) in self.lengths.iter().enumerate() {
            if !(5..=MAX_MINUTES).contains(length) {
                refuse(format!("/lengths/{index}"), "must be from 5 to 1,440 minutes");
            } else if self.lengths[..index].contains(length) {
                refuse(format!("/lengths/{index}"), "is there twice");
            }
        }
        if self.step.is_some_and(|step| !(5..=MAX_MINUTES).contains(&step)) {
            refuse("/step".to_owned(), "must be from 5 to 1,440 minutes");
        }
        for (path, buffer) in [("/buffer_before", self.buffer_before), ("/buffer_after", self.buffer_after)] {
            if buffer > MAX_MINUTES {
                refuse(path.to_owned(), "must be at most 1,440 minutes");
            }
        }
        if self.notice > MAX_NOTICE {
            refuse("/notice".to_owned(), "must be at most 86,400 minutes, which is 60 days");
        }
        if !(1..=MAX_HORIZON_DAYS).contains(&self.horizon_days) {
            refuse("/horizon_days".to_owned(), "must be from 1 to 366");
        }
        if self.most_per_day.is_some_and(|most| !(1..=MAX_PER_DAY).contains(&most)) {
            refuse("/most_per_day".to_owned(), "must be from 1 to 100");
        }
        found
    }
}

/// Minutes as a duration.
pub(crate) fn minutes(count: u32) -> SignedDuration {
    SignedDuration::from_mins(i64::from(count))
}
