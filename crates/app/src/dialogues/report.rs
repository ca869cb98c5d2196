//! Figures of a dialogue or flow: totals, days, parts and names. Each figure is counted by its own time, so that the days
//! and the parts of every cut add up to the totals.

use super::{Handle, span::Asked};
use crate::{App, AppError};
use jiff::{SignedDuration, civil::Date, tz::TimeZone};
use kernel::{DialogueId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Cut, Figures, NamedCount, Part, Session, Span};
use utoipa::ToSchema;

/// How many parts of a cut are told one by one; the table as a file has them all.
const MOST_PARTS: usize = 100;

/// What is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportCounts {
    /// Conversations shown, guests without stored identity included.
    pub triggered: u64,
    /// Conversations with a first answer.
    pub engaged: u64,
    /// Conversations that reached the end of a branch.
    pub completed: u64,
    /// Conversations in which an e-mail address was given.
    pub acquired: u64,
    /// Goals reached, every time.
    pub goals: u64,
    /// Documents opened, every time.
    pub documents: u64,
}

impl From<Figures> for ReportCounts {
    fn from(figures: Figures) -> Self {
        let Figures { triggered, engaged, completed, acquired, goals, documents } = figures;
        Self { triggered, engaged, completed, acquired, goals, documents }
    }
}

/// Figures of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportDay {
    /// The day, `2026-11-20`.
    pub day: String,
    /// What was counted on it.
    #[serde(flatten)]
    pub counts: ReportCounts,
}

/// Figures of a dialogue or flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    /// Of the whole period.
    pub counts: ReportCounts,
    /// Of the period of the same length before it.
    pub before: ReportCounts,
    /// Every day of the period, the first first.
    pub days: Vec<ReportDay>,
    /// Every day of the period before.
    pub before_days: Vec<ReportDay>,
}

/// One part of a cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportPart {
    /// What the part has in common; null when it was not recorded.
    #[schema(required = true)]
    pub key: Option<String>,
    /// Its figures.
    pub counts: ReportCounts,
}

/// The figures of a period, cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReportParts {
    /// The most triggered parts.
    pub items: Vec<ReportPart>,
    /// How many parts there are beyond them.
    pub more: u64,
    /// Figures of those.
    pub rest: ReportCounts,
    /// Figures of all, the same as the report's.
    pub total: ReportCounts,
}

/// A goal or document by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NamedNumber {
    /// The name that it had; null when it went with an erased person.
    #[schema(required = true)]
    pub name: Option<String>,
    /// How often.
    pub times: u64,
    /// In how many conversations.
    pub conversations: u64,
}

/// What is told by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Named {
    /// Goals reached.
    Goals,
    /// Documents opened.
    Documents,
}

/// Totals and days of a period and of the one before.
pub async fn report(app: &App, handle: impl Into<Handle>, asked: &Asked) -> Result<Report, AppError> {
    let period = asked.period(app)?;
    let mut session = app.store().read().await?;
    let id = handle.into().find(&mut *session).await?.id;
    let (counts, days) = over_time(&mut *session, id, period.span, &period.zone).await?;
    let (before, before_days) = over_time(&mut *session, id, period.before(), &period.zone).await?;
    Ok(Report { counts: counts.into(), before: before.into(), days, before_days })
}

async fn over_time(
    session: &mut dyn Session,
    id: DialogueId,
    span: Span,
    zone: &TimeZone,
) -> Result<(Figures, Vec<ReportDay>), AppError> {
    let counted = session.figures_over_time(id, span).await?;
    let total = counted.iter().fold(Figures::default(), |sum, (_, figures)| sum.plus(*figures));
    Ok((total, days(&counted, span, zone)))
}

/// Every day of the span, zeros included. A bucket that began before the span belongs to its first day.
fn days(counted: &[(Timestamp, Figures)], span: Span, zone: &TimeZone) -> Vec<ReportDay> {
    let date = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let mut sums: BTreeMap<Date, Figures> = BTreeMap::new();
    let last = date(span.to - SignedDuration::from_millis(1));
    let mut day = date(span.from);
    while day <= last {
        sums.insert(day, Figures::default());
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    for (bucket, figures) in counted {
        if let Some(sum) = sums.get_mut(&date((*bucket).max(span.from))) {
            *sum = sum.plus(*figures);
        }
    }
    sums.into_iter().map(|(day, sum)| ReportDay { day: day.to_string(), counts: sum.into() }).collect()
}

/// The figures of a period by where visitors came from, or by version.
pub async fn parts(
    app: &App,
    handle: impl Into<Handle>,
    asked: &Asked,
    by: Cut,
) -> Result<ReportParts, AppError> {
    let all = cut(app, handle.into(), asked, by).await?;
    let sum = |parts: &[Part]| parts.iter().fold(Figures::default(), |sum, part| sum.plus(part.figures));
    let (told, rest) = all.split_at(all.len().min(MOST_PARTS));
    Ok(ReportParts {
        items: told.iter().cloned().map(ReportPart::from).collect(),
        more: rest.len() as u64,
        rest: sum(rest).into(),
        total: sum(&all).into(),
    })
}

/// All parts of a cut, however many they are.
pub(super) async fn every_part(
    app: &App,
    handle: Handle,
    asked: &Asked,
    by: Cut,
) -> Result<Vec<ReportPart>, AppError> {
    Ok(cut(app, handle, asked, by).await?.into_iter().map(ReportPart::from).collect())
}

async fn cut(app: &App, handle: Handle, asked: &Asked, by: Cut) -> Result<Vec<Part>, AppError> {
    let span = asked.period(app)?.span;
    let mut session = app.store().read().await?;
    let id = handle.find(&mut *session).await?.id;
    Ok(session.figures_by(id, span, by).await?)
}

impl From<Part> for ReportPart {
    fn from(Part { key, figures }: Part) -> Self {
        Self { key, counts: figures.into() }
    }
}

/// The goals reached or documents opened in a period, the most frequent first.
pub async fn names(
    app: &App,
    handle: impl Into<Handle>,
    asked: &Asked,
    of: Named,
) -> Result<Vec<NamedNumber>, AppError> {
    let span = asked.period(app)?.span;
    let mut session = app.store().read().await?;
    let id = handle.into().find(&mut *session).await?.id;
    let counted = match of {
        Named::Goals => session.goals_of(id, span).await?,
        Named::Documents => session.documents_of(id, span).await?,
    };
    let told = |NamedCount { name, times, conversations }| NamedNumber { name, times, conversations };
    Ok(counted.into_iter().map(told).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_zone_and_none_is_left_out() {
        let at = |text: &str| text.parse::<Timestamp>().expect("instant");
        let zone = TimeZone::get("Europe/Berlin").expect("zone");
        let once = Figures { triggered: 1, ..Figures::default() };
        // The first bucket began before the span; the second is past midnight in Berlin.
        let counted = [(at("2026-11-18T22:45:00Z"), once), (at("2026-11-19T23:30:00Z"), once)];
        let span = Span { from: at("2026-11-18T23:00:00Z"), to: at("2026-11-20T23:00:00Z") };
        let found = days(&counted, span, &zone);
        let triggered: Vec<_> = found.iter().map(|day| (day.day.as_str(), day.counts.triggered)).collect();
        assert_eq!(triggered, [("2026-11-19", 1), ("2026-11-20", 1)]);
    }
}
