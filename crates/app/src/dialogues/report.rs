//! Figures of a dialogue: totals and days. Each figure is counted by its own time.

use super::{Counts, Handle};
use crate::{App, AppError};
use engagement::ActivityType;
use jiff::{SignedDuration, civil::Date, tz::TimeZone};
use kernel::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How many days are shown when nothing is said.
const DAYS: i64 = 30;
/// The longest range.
const MOST_DAYS: i64 = 800;

/// Figures of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Day {
    /// The day, `2026-11-20`.
    pub day: String,
    /// Shown to somebody with a visitor token. Guests are in the totals only: of them no times are kept.
    pub triggered: u64,
    /// First answer given.
    pub engaged: u64,
    /// End of a branch reached.
    pub completed: u64,
    /// E-mail address given.
    pub acquired: u64,
}

/// Figures of a dialogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    /// Of the whole range.
    pub counts: Counts,
    /// Every day of the range, the first first.
    pub days: Vec<Day>,
}

/// Figures in `[from, to)`, in days of the user's zone; the last 30 days when nothing is said.
pub async fn report(
    app: &App,
    handle: impl Into<Handle>,
    range: (Option<Timestamp>, Option<Timestamp>),
    zone: Option<&str>,
) -> Result<Report, AppError> {
    let zone = zone.unwrap_or(&app.settings().time_zone);
    let zone =
        TimeZone::get(zone).map_err(|_| AppError::invalid("/time_zone", "option", "is not a time zone"))?;
    let to = range.1.unwrap_or_else(|| app.now());
    let from = range.0.unwrap_or_else(|| to - SignedDuration::from_hours(24 * DAYS));
    if from >= to || to.duration_since(from) > SignedDuration::from_hours(24 * MOST_DAYS) {
        return Err(AppError::invalid("/from", "range", "must be before the end, by at most 800 days"));
    }
    let mut session = app.store().read().await?;
    let id = handle.into().find(&mut *session).await?.id;
    let counts = session.dialogue_counts(&[id], Some((from, to))).await?;
    let times = session.dialogue_activity_times(id, from, to).await?;
    Ok(Report {
        counts: counts.first().map(|(_, counts)| (*counts).into()).unwrap_or_default(),
        days: days(&times, from, to, &zone),
    })
}

fn days(times: &[(ActivityType, Timestamp)], from: Timestamp, to: Timestamp, zone: &TimeZone) -> Vec<Day> {
    let date = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let mut buckets: BTreeMap<Date, Day> = BTreeMap::new();
    let last = date(to - SignedDuration::from_millis(1));
    let mut day = date(from);
    while day <= last {
        buckets.insert(day, Day { day: day.to_string(), ..Day::default() });
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    for (kind, at) in times {
        let Some(bucket) = buckets.get_mut(&date(*at)) else { continue };
        match kind {
            ActivityType::Triggered => bucket.triggered += 1,
            ActivityType::Engaged => bucket.engaged += 1,
            ActivityType::Completed => bucket.completed += 1,
            ActivityType::Acquired => bucket.acquired += 1,
            _ => {}
        }
    }
    buckets.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_zone_and_none_is_left_out() {
        let at = |text: &str| text.parse::<Timestamp>().expect("instant");
        let zone = TimeZone::get("Europe/Berlin").expect("zone");
        let times = [
            (ActivityType::Triggered, at("2026-11-19T23:30:00Z")),
            (ActivityType::Goal, at("2026-11-19T12:00:00Z")),
        ];
        let found = days(&times, at("2026-11-18T23:00:00Z"), at("2026-11-20T23:00:00Z"), &zone);
        let triggered: Vec<_> = found.iter().map(|day| (day.day.as_str(), day.triggered)).collect();
        assert_eq!(triggered, [("2026-11-19", 0), ("2026-11-20", 1)]);
    }
}
