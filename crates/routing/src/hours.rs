//! Hours on the time line: whether an instant lies in them, and when that changes next.
//!
//! Blocks are times on the clock. A time that a change of the clock leaves out is taken as the moment of the change; of
//! a time that comes twice, a block begins at the first and ends at the last, so that a shift is one piece.

use crate::{
    Block, Schedule,
    schedule::ClockTime,
    switch::{Because, State, Switch},
};
use jiff::{
    ToSpan,
    civil::Date,
    tz::{AmbiguousOffset, TimeZone},
};
use kernel::Timestamp;

/// How many days behind the last special date are looked through: every weekday twice, and one more.
const DAYS_BEHIND: i64 = 16;
/// The farthest day that is looked at.
const DAYS_AHEAD: i64 = 800;

/// A schedule with its zone at hand.
#[derive(Debug, Clone)]
pub struct Hours<'a> {
    schedule: Option<&'a Schedule>,
    zone: TimeZone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    start: Timestamp,
    end: Timestamp,
}

#[derive(Clone, Copy)]
enum Edge {
    Start,
    End,
}

impl<'a> Hours<'a> {
    /// Of a schedule, in the zone that it names; `none` has hours at no time.
    pub const fn new(schedule: Option<&'a Schedule>, zone: TimeZone) -> Self {
        Self { schedule, zone }
    }

    /// The zone.
    pub const fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The pieces that begin on a date of the zone, by beginning. Pieces of neighbouring dates may touch or overlap.
    pub fn pieces_of(&self, date: Date) -> impl Iterator<Item = (Timestamp, Timestamp)> + use<> {
        self.spans_of(date).into_iter().map(|span| (span.start, span.end))
    }

    /// Midnight at the beginning of a date, or the moment at which the date begins where a change of the clock leaves
    /// midnight out. None at the end of time.
    pub fn start_of(&self, date: Date) -> Option<Timestamp> {
        self.instant(date, ClockTime::MIDNIGHT, Edge::Start)
    }

    /// The date that the zone's calendar shows at an instant.
    pub fn date_of(&self, now: Timestamp) -> Date {
        now.to_zoned(self.zone.clone()).date()
    }

    /// Whether `now` lies in the hours.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let today = self.date_of(now);
        let days = [today.yesterday().ok(), Some(today), today.tomorrow().ok()];
        days.into_iter().flatten().flat_map(|day| self.spans_of(day)).any(|s| s.start <= now && now < s.end)
    }

    /// The first instant after `now` at which hours begin or end; none when that does not happen in sight.
    pub fn next_boundary(&self, now: Timestamp) -> Option<Timestamp> {
        let today = self.date_of(now);
        let last = self.horizon(today);
        let mut day = today.yesterday().ok()?;
        let mut open: Option<Span> = None;
        while day <= last {
            for span in self.spans_of(day) {
                match &mut open {
                    Some(whole) if span.start <= whole.end => whole.end = whole.end.max(span.end),
                    _ => {
                        if let Some(boundary) = open.and_then(|whole| whole.after(now)) {
                            return Some(boundary);
                        }
                        open = Some(span);
                    }
                }
            }
            day = day.tomorrow().ok()?;
        }
        let whole = open?;
        let ends_in_sight = self.instant(day, ClockTime::MIDNIGHT, Edge::Start)? > whole.end;
        whole.after(now).filter(|boundary| *boundary == whole.start || ends_in_sight)
    }

    /// The first midnight after an instant.
    pub fn next_midnight(&self, after: Timestamp) -> Timestamp {
        let tomorrow = self.date_of(after).tomorrow().ok();
        tomorrow.and_then(|day| self.instant(day, ClockTime::MIDNIGHT, Edge::Start)).unwrap_or(Timestamp::MAX)
    }

    /// Whether the agent is available at `now`, why, and until when that stays so.
    pub fn state_at(&self, switch: Option<Switch>, now: Timestamp) -> State {
        let overriding = switch.map(|switch| (switch, switch.until(self))).filter(|(_, until)| now < *until);
        if let Some((switch, until)) = overriding {
            return State { available: switch.available, because: Because::Switch, until: Some(until) };
        }
        let because =
            if self.schedule.is_none_or(Schedule::is_empty) { Because::NoHours } else { Because::Schedule };
        State { available: self.is_open(now), because, until: self.next_boundary(now) }
    }

    fn horizon(&self, today: Date) -> Date {
        let special = self.schedule.and_then(Schedule::last_special_date).map_or(today, |day| day.max(today));
        let far = |from: Date, days: i64| from.checked_add(days.days()).unwrap_or(Date::MAX);
        far(special, DAYS_BEHIND).min(far(today, DAYS_AHEAD))
    }

    /// The pieces that begin on a date, by beginning.
    fn spans_of(&self, date: Date) -> Vec<Span> {
        let Some(schedule) = self.schedule else { return Vec::new() };
        let mut spans: Vec<Span> =
            schedule.blocks_of(date).filter_map(|block| self.span(schedule, date, block)).collect();
        spans.sort_unstable();
        spans
    }

    fn span(&self, schedule: &Schedule, date: Date, block: Block) -> Option<Span> {
        let start = self.instant(date, block.from, Edge::Start)?;
        let end = if block.crosses_midnight() {
            let next = date.tomorrow().ok()?;
            let to = if schedule.days_off.contains(&next) { ClockTime::MIDNIGHT } else { block.to };
            self.instant(next, to, Edge::End)?
        } else {
            self.instant(date, block.to, Edge::End)?
        };
        (start < end).then_some(Span { start, end })
    }

    fn instant(&self, date: Date, time: ClockTime, edge: Edge) -> Option<Timestamp> {
        let (date, (hour, minute)) = if time == ClockTime::END_OF_DAY {
            (date.tomorrow().ok()?, (0, 0))
        } else {
            (date, time.parts())
        };
        let wall = date.at(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0);
        let there = self.zone.to_ambiguous_timestamp(wall);
        match (there.offset(), edge) {
            (AmbiguousOffset::Gap { after, .. }, _) => {
                let before_the_change = after.to_timestamp(wall).ok()?;
                self.zone.following(before_the_change).next().map(|change| change.timestamp())
            }
            (_, Edge::Start) => there.earlier().ok(),
            (_, Edge::End) => there.later().ok(),
        }
    }
}

impl Span {
    fn after(self, now: Timestamp) -> Option<Timestamp> {
        [self.start, self.end].into_iter().find(|edge| *edge > now)
    }
}
