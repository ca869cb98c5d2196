//! Spans of time: every question about a day or an instant is *where does the value lie to a window*.
//!
//! Windows that move with the clock (today, in past 3 months) get their bounds from a [`Moment`], once per request.
//! Days begin at midnight of the zone, weeks on Monday, months and quarters are those of the calendar.

use crate::{Operator, Unit};
use jiff::{
    SignedDuration, Span, Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use kernel::{Timestamp, millis};

/// The time at which a criteria is asked, and the zone whose days count.
#[derive(Debug, Clone)]
pub struct Moment {
    now: Timestamp,
    local: Zoned,
}

impl Moment {
    /// `now` (cut to milliseconds) in `zone`.
    pub fn new(now: Timestamp, zone: TimeZone) -> Self {
        let now = millis(now.as_millisecond());
        Self { now, local: now.to_zoned(zone) }
    }
    /// The instant.
    pub fn now(&self) -> Timestamp {
        self.now
    }
    fn today(&self) -> Date {
        self.local.date()
    }
    fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.local.time_zone().clone()).date()
    }
    fn start_of(&self, day: Date) -> Timestamp {
        let clamped = if day.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
        day.to_zoned(self.local.time_zone().clone()).map_or(clamped, |start| start.timestamp())
    }
    fn end_of(&self, day: Date) -> Timestamp {
        day.tomorrow().map_or(Timestamp::MAX, |next| self.start_of(next))
    }
}

/// One end of a fixed window: a whole day or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edge {
    /// A day of the zone.
    Day(Date),
    /// An instant.
    Instant(Timestamp),
}

/// A span of time in the words of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    /// From the first edge to the last, both included.
    Fixed(Edge, Edge),
    /// From so many units ago until now.
    Past(u32, Unit),
    /// From now until in so many units.
    Future(u32, Unit),
    /// Today.
    Today,
    /// The day before.
    Yesterday,
    /// Monday to Sunday around today.
    ThisWeek,
    /// The week before.
    LastWeek,
    /// The calendar month.
    ThisMonth,
    /// The month before.
    LastMonth,
    /// The calendar quarter.
    ThisQuarter,
    /// The quarter before.
    LastQuarter,
}

/// A window at a moment: as days (both included) for date attributes and as instants (the end excluded) for
/// datetime attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The first day.
    pub first_day: Date,
    /// The last day.
    pub last_day: Date,
    /// The first instant.
    pub from: Timestamp,
    /// The first instant behind.
    pub until: Timestamp,
}

/// Where a value must lie to a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// In it.
    Inside,
    /// Before or behind it.
    Outside,
    /// Before its beginning.
    Before,
    /// Behind its end.
    After,
    /// At its beginning or later.
    FromStart,
}

impl Window {
    /// The window of an operator without values: today, last month, …
    pub fn of(op: Operator) -> Option<Self> {
        Some(match op {
            Operator::Today => Self::Today,
            Operator::Yesterday => Self::Yesterday,
            Operator::ThisWeek => Self::ThisWeek,
            Operator::LastWeek => Self::LastWeek,
            Operator::ThisMonth => Self::ThisMonth,
            Operator::LastMonth => Self::LastMonth,
            Operator::ThisQuarter => Self::ThisQuarter,
            Operator::LastQuarter => Self::LastQuarter,
            _ => return None,
        })
    }

    /// What the window is at `moment`.
    pub fn bounds(self, moment: &Moment) -> Bounds {
        let today = moment.today();
        match self {
            Self::Fixed(first, last) => fixed(first, last, moment),
            Self::Past(count, unit) => {
                let from = shift(moment, count, unit, -1);
                Bounds {
                    first_day: moment.day_of(from),
                    last_day: today,
                    from,
                    until: just_behind(moment.now),
                }
            }
            Self::Future(count, unit) => {
                let last = shift(moment, count, unit, 1);
                Bounds {
                    first_day: today,
                    last_day: moment.day_of(last),
                    from: moment.now,
                    until: just_behind(last),
                }
            }
            Self::Today => days(today, today, moment),
            Self::Yesterday => {
                let day = today.yesterday().unwrap_or(Date::MIN);
                days(day, day, moment)
            }
            Self::ThisWeek => week(today, moment),
            Self::LastWeek => week(moved(today, Span::new().days(-7)), moment),
            Self::ThisMonth => month(today, moment),
            Self::LastMonth => month(moved(today.first_of_month(), Span::new().months(-1)), moment),
            Self::ThisQuarter => quarter(today, moment),
            Self::LastQuarter => quarter(moved(today.first_of_month(), Span::new().months(-3)), moment),
        }
    }
}

impl Bounds {
    /// How `day` lies to the window.
    pub fn day(&self, day: Date, relation: Relation) -> bool {
        match relation {
            Relation::Inside => self.first_day <= day && day <= self.last_day,
            Relation::Outside => day < self.first_day || self.last_day < day,
            Relation::Before => day < self.first_day,
            Relation::After => day > self.last_day,
            Relation::FromStart => day >= self.first_day,
        }
    }

    /// How the instant `at` lies to the window.
    pub fn instant(&self, at: Timestamp, relation: Relation) -> bool {
        match relation {
            Relation::Inside => self.from <= at && at < self.until,
            Relation::Outside => at < self.from || self.until <= at,
            Relation::Before => at < self.from,
            Relation::After => at >= self.until,
            Relation::FromStart => at >= self.from,
        }
    }
}

fn just_behind(at: Timestamp) -> Timestamp {
    at.checked_add(SignedDuration::from_millis(1)).unwrap_or(Timestamp::MAX)
}

fn shift(moment: &Moment, count: u32, unit: Unit, sign: i64) -> Timestamp {
    let count = i64::from(count) * sign;
    let clamped = if sign < 0 { Timestamp::MIN } else { Timestamp::MAX };
    let calendar = |span: Result<Span, jiff::Error>| {
        span.and_then(|span| moment.local.checked_add(span)).map(|zoned| zoned.timestamp())
    };
    match unit {
        Unit::Minutes => moment.now.checked_add(SignedDuration::from_secs(count * 60)),
        Unit::Hours => moment.now.checked_add(SignedDuration::from_secs(count * 3_600)),
        Unit::Days => calendar(Span::new().try_days(count)),
        Unit::Weeks => calendar(Span::new().try_weeks(count)),
        Unit::Months => calendar(Span::new().try_months(count)),
    }
    .unwrap_or(clamped)
}

fn moved(day: Date, span: Span) -> Date {
    day.saturating_add(span)
}

fn days(first_day: Date, last_day: Date, moment: &Moment) -> Bounds {
    Bounds { first_day, last_day, from: moment.start_of(first_day), until: moment.end_of(last_day) }
}

fn fixed(first: Edge, last: Edge, moment: &Moment) -> Bounds {
    let (first_day, from) = match first {
        Edge::Day(day) => (day, moment.start_of(day)),
        Edge::Instant(at) => (moment.day_of(at), at),
    };
    let (last_day, until) = match last {
        Edge::Day(day) => (day, moment.end_of(day)),
        Edge::Instant(at) => (moment.day_of(at), just_behind(at)),
    };
    Bounds { first_day, last_day, from, until }
}

fn week(day: Date, moment: &Moment) -> Bounds {
    let since_monday = i64::from(day.weekday().since(Weekday::Monday));
    let monday = moved(day, Span::new().days(-since_monday));
    days(monday, moved(monday, Span::new().days(6)), moment)
}

fn month(day: Date, moment: &Moment) -> Bounds {
    days(day.first_of_month(), day.last_of_month(), moment)
}

fn quarter(day: Date, moment: &Moment) -> Bounds {
    let into_quarter = i64::from((day.month() - 1) % 3);
    let first = moved(day.first_of_month(), Span::new().months(-into_quarter));
    days(first, moved(first, Span::new().months(2)).last_of_month(), moment)
}
