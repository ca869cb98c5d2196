//! Days of a time zone: where an instant falls, and where a day begins and ends. A day may have 23 or 25 hours, begin at
//! one o'clock, or not exist at all.

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::Timestamp;
use std::ops::Range;

/// The most days that a report covers: ten years.
pub const MAX_DAYS: usize = 3_660;

/// The day on which an instant falls.
pub fn day_of(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// The instants of a day: from its first moment up to, and without, the first of the next. Empty for a day that a zone
/// skipped.
pub fn instants(day: Date, zone: &TimeZone) -> Range<Timestamp> {
    first_moment(day, zone, Timestamp::MIN)
        ..day.tomorrow().map_or(Timestamp::MAX, |next| first_moment(next, zone, Timestamp::MAX))
}

/// The instants of all days from `first` to `last`, both included.
pub fn instants_between(first: Date, last: Date, zone: &TimeZone) -> Range<Timestamp> {
    instants(first, zone).start..instants(last, zone).end
}

/// Every day from `first` to `last`, both included, at most [`MAX_DAYS`].
pub fn between(first: Date, last: Date) -> impl Iterator<Item = Date> {
    first.series(1.day()).take_while(move |day| *day <= last).take(MAX_DAYS)
}

fn first_moment(day: Date, zone: &TimeZone, beyond: Timestamp) -> Timestamp {
    let midnight = day.at(0, 0, 0, 0);
    zone.to_ambiguous_zoned(midnight).compatible().map_or(beyond, |moment| moment.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_have_the_hours_that_the_zone_gives_them() {
        for (zone, day, hours) in [
            ("Europe/Berlin", date(2026, 3, 28), 24),
            ("Europe/Berlin", date(2026, 3, 29), 23),
            ("Europe/Berlin", date(2026, 10, 25), 25),
            // Midnight itself is skipped: the day begins at one o'clock.
            ("Africa/Cairo", date(2026, 4, 24), 23),
            // Midnight comes twice: the day begins with the first.
            ("America/Havana", date(2026, 11, 1), 25),
            // Samoa went over the date line and had no 30 December.
            ("Pacific/Apia", date(2011, 12, 30), 0),
            ("UTC", date(2026, 3, 29), 24),
        ] {
            let zone = TimeZone::get(zone).expect("a zone");
            let instants = instants(day, &zone);
            let seconds = instants.end.as_second() - instants.start.as_second();
            assert_eq!(seconds, hours * 3_600, "{zone:?} {day}");
            if hours > 0 {
                assert_eq!(day_of(instants.start, &zone), day);
                let before = instants.start - 1.second();
                assert_ne!(day_of(before, &zone), day);
            }
        }
    }

    #[test]
    fn days_follow_each_other_without_gap_or_overlap() {
        let zone = TimeZone::get("America/New_York").expect("a zone");
        let days: Vec<Date> = between(date(2026, 1, 1), date(2026, 12, 31)).collect();
        assert_eq!(days.len(), 365);
        for pair in days.windows(2) {
            assert_eq!(instants(pair[0], &zone).end, instants(pair[1], &zone).start);
        }
        let year = instants_between(days[0], days[364], &zone);
        assert_eq!(year.end.as_second() - year.start.as_second(), 365 * 86_400);
        assert_eq!(between(date(2026, 1, 2), date(2026, 1, 1)).count(), 0);
        assert_eq!(between(date(1, 1, 1), date(9999, 1, 1)).count(), MAX_DAYS);
    }

    #[test]
    fn the_ends_of_time_do_not_break() {
        let zone = TimeZone::UTC;
        assert!(!instants(Date::MIN, &zone).is_empty());
        assert!(!instants(Date::MAX, &zone).is_empty());
    }
}
