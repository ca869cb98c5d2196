//! What visitors would be offered, for hours and rules that need not be saved yet.

use super::{check_rules, check_schedule, hours};
use crate::{App, AppError, FieldError};
use ::routing::Schedule;
use jiff::{ToSpan, civil::Date};
use kernel::Timestamp;
use scheduling::{Calendar, Rules, Stretch};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most days that are looked at.
const MAX_DAYS: u32 = 14;

/// Hours and rules, and for which days the free times are wanted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FreeTimesRequest)]
pub struct Asked {
    /// Hours for meetings.
    #[schema(value_type = Object)]
    pub meetings: Schedule,
    /// Length, buffers and limits.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub meeting_rules: Rules,
    /// How long the meeting is, in minutes; one of the lengths. The first of them when not given.
    #[serde(default)]
    pub length: Option<u32>,
    /// How many days, 1 to 14, from the first on which something can be booked; 7 when not given.
    #[serde(default)]
    pub days: Option<u32>,
}

/// The free times of some days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FreeTimes {
    /// The zone whose days these are.
    pub time_zone: String,
    /// Length of the meeting, in minutes.
    pub length: u32,
    /// Every day in order, also those without a free time.
    pub days: Vec<FreeDay>,
}

/// The free times of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FreeDay {
    /// The date on the calendar of the zone.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// When meetings could start.
    #[schema(value_type = Vec<String>, format = DateTime)]
    pub starts: Vec<Timestamp>,
}

/// What visitors would be offered with these hours and rules, if nothing else were in the calendar.
pub fn free_times(app: &App, asked: &Asked) -> Result<FreeTimes, AppError> {
    let length = checked(asked)?;
    let now = app.now();
    let hours = hours(Some(&asked.meetings));
    let calendar = Calendar::new(hours.clone(), &asked.meeting_rules, &[], &[]);
    let first = hours.date_of(asked.meeting_rules.bookable(now).start);
    let mut days = Vec::new();
    for ahead in 0..asked.days.unwrap_or(7) {
        let date = first.checked_add(i64::from(ahead).days());
        let Some((date, range)) = date.ok().and_then(|date| Some((date, whole(&hours, date)?))) else {
            break;
        };
        let starts = calendar.slots(length, range, now).into_iter().map(|slot| slot.start).collect();
        days.push(FreeDay { date, starts });
    }
    Ok(FreeTimes { time_zone: asked.meetings.time_zone.clone(), length, days })
}

fn whole(hours: &::routing::Hours<'_>, date: Date) -> Option<Stretch> {
    Some(Stretch { start: hours.start_of(date)?, end: hours.start_of(date.tomorrow().ok()?)? })
}

fn checked(asked: &Asked) -> Result<u32, AppError> {
    let mut errors = Vec::new();
    check_schedule("/meetings", &asked.meetings, &mut errors);
    check_rules("/meeting_rules", &asked.meeting_rules, &mut errors);
    let length = asked.length.unwrap_or_else(|| asked.meeting_rules.usual_length());
    if !asked.meeting_rules.lengths.contains(&length) {
        errors.push(FieldError::new("/length", "option", "must be one of the lengths"));
    }
    if asked.days.is_some_and(|days| !(1..=MAX_DAYS).contains(&days)) {
        errors.push(FieldError::new("/days", "range", "must be from 1 to 14"));
    }
    if errors.is_empty() { Ok(length) } else { Err(AppError::Invalid(errors)) }
}
