//! The period of a report: an instant to begin with, one to end before, and the zone in which its days are cut.

use crate::{App, AppError};
use jiff::{SignedDuration, ToSpan, Zoned, tz::TimeZone};
use kernel::Timestamp;
use store::Span;

/// How many days are shown when nothing is said.
const DAYS: i64 = 30;
/// The longest period.
const MOST_DAYS: i64 = 800;

/// What was asked for; what is absent is the last 30 days, in the zone of the instance.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// From this time on.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
    /// IANA name of the zone.
    pub zone: Option<String>,
}

/// A period that can be reported.
#[derive(Debug, Clone)]
pub struct Period {
    /// The instants.
    pub span: Span,
    /// Where days are cut.
    pub zone: TimeZone,
}

impl Asked {
    /// The period, or what is wrong with it.
    pub fn period(&self, app: &App) -> Result<Period, AppError> {
        let zone = self.zone.as_deref().unwrap_or(&app.settings().time_zone);
        let zone = TimeZone::get(zone)
            .map_err(|_| AppError::invalid("/time_zone", "option", "is not a time zone"))?;
        // What happens at this very instant has happened.
        let to = self.to.unwrap_or_else(|| app.now() + SignedDuration::from_millis(1));
        let from = self.from.unwrap_or_else(|| to - SignedDuration::from_hours(24 * DAYS));
        if from >= to || to.duration_since(from) > SignedDuration::from_hours(24 * MOST_DAYS) {
            return Err(AppError::invalid("/from", "range", "must be before the end, by at most 800 days"));
        }
        Ok(Period { span: Span { from, to }, zone })
    }
}

impl Period {
    /// The period of as many days that ends where this one begins, cut in the same zone: a day is a day there, also where
    /// the clock was changed.
    pub fn before(&self) -> Span {
        let Span { from, to } = self.span;
        let (first, last) = (from.to_zoned(self.zone.clone()), to.to_zoned(self.zone.clone()));
        let start = same_time_of_day(&first, &last)
            .and_then(|days| first.checked_sub(days.days()).ok())
            .map_or_else(|| from - to.duration_since(from), |start| start.timestamp());
        Span { from: start, to: from }
    }
}

/// How many whole days of the calendar lie between two moments with the same time of day.
fn same_time_of_day(first: &Zoned, last: &Zoned) -> Option<i64> {
    let days = first.date().until(last.date()).ok()?.get_days();
    (first.time() == last.time()).then_some(i64::from(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str, zone: &str) -> Period {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        Period { span: Span { from: at(from), to: at(to) }, zone: TimeZone::get(zone).expect("a zone") }
    }

    #[test]
    fn the_period_before_has_as_many_days_of_the_zone() {
        for (from, to, zone, before) in [
            // Seven days of 24 hours.
            ("2026-11-14T00:00:00Z", "2026-11-21T00:00:00Z", "UTC", "2026-11-07T00:00:00Z"),
            // Seven days in Berlin on the first of which the clock is put back; then seven after seven with it.
            ("2026-10-24T22:00:00Z", "2026-10-31T23:00:00Z", "Europe/Berlin", "2026-10-17T22:00:00Z"),
            ("2026-10-25T23:00:00Z", "2026-11-01T23:00:00Z", "Europe/Berlin", "2026-10-18T22:00:00Z"),
            // No whole days: as long as it is itself.
            ("2026-11-20T10:00:00Z", "2026-11-20T13:00:00Z", "UTC", "2026-11-20T07:00:00Z"),
        ] {
            let period = period(from, to, zone);
            let found = period.before();
            assert_eq!(found.to, period.span.from);
            assert_eq!(found.from.to_string(), before, "{from} to {to} in {zone}");
        }
    }
}
