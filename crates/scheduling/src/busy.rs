//! Which events of a calendar keep somebody busy, and for which stretch of time.

use jiff::{civil::Date, tz::TimeZone};
use kernel::Timestamp;
use routing::Hours;
use serde::{Deserialize, Serialize};

/// From an instant to an instant, which is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stretch {
    /// The beginning.
    pub start: Timestamp,
    /// The end, which is not part of it.
    pub end: Timestamp,
}

impl Stretch {
    /// Whether the two have an instant in common. Stretches that touch have none.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// When an event takes place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// From an instant to an instant.
    At(Stretch),
    /// Whole days of the calendar; the last is not part of it, as iCalendar writes it (RFC 5545, 3.6.1).
    Days {
        /// The first day.
        from: Date,
        /// The day after the last; an event that ends on its first day takes that day.
        to: Date,
    },
}

/// How an event shows in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// As busy, also when it is private, and away from the office.
    Busy,
    /// As tentative.
    Tentative,
    /// As free: "transparent".
    Free,
    /// As cancelled.
    Cancelled,
}

/// What the calendar's owner answered to the invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The event is his or her own, or nothing was asked.
    Own,
    /// Yes.
    Accepted,
    /// Perhaps.
    Tentative,
    /// Nothing yet.
    None,
    /// No.
    Declined,
}

/// An event of a calendar, each instance of a recurring one by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub when: When,
    /// How it shows.
    pub shows: Shows,
    /// What the owner answered.
    pub answer: Answer,
}

/// The stretch for which an event keeps the owner of a calendar busy; none when it does not.
///
/// Free, declined and cancelled events do not block, tentative and unanswered ones do. An all-day event blocks the whole
/// local days of the calendar, `zone`.
pub fn blocking(event: &Event, zone: &TimeZone) -> Option<Stretch> {
    let blocks = matches!(event.shows, Shows::Busy | Shows::Tentative) && event.answer != Answer::Declined;
    let stretch = match event.when {
        When::At(stretch) => stretch,
        When::Days { from, to } => whole_days(from, to, zone)?,
    };
    (blocks && stretch.start < stretch.end).then_some(stretch)
}

fn whole_days(from: Date, to: Date, zone: &TimeZone) -> Option<Stretch> {
    let clock = Hours::new(None, zone.clone());
    let to = if to <= from { from.tomorrow().ok()? } else { to };
    Some(Stretch { start: clock.start_of(from)?, end: clock.start_of(to)? })
}
