//! Figures of live chat: of all, by day, by agent and by team (spec 11).

use crate::{
    App, AppError,
    dialogues::span::{Asked, Period},
    export::{inert, line},
};
use ::livechat::figures::{Figures, Record};
use jiff::{SignedDuration, civil::Date};
use kernel::{SiteId, TeamId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use store::Session;
use utoipa::ToSchema;

/// Chats read at once.
const PAGE: u32 = 2_000;

/// What is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, ToSchema)]
pub struct LiveChatFigures {
    /// Chats with an agent; of agents and teams: those that they had last.
    pub chats: u64,
    /// Of these, how many ended because nobody wrote.
    pub timed_out: u64,
    /// Chats that nobody took, also because nobody was there; of nobody in particular.
    pub unattended: u64,
    /// Offers that were taken.
    pub accepted: u64,
    /// Offers that were not answered in time.
    pub missed: u64,
    /// Offers that were refused.
    pub declined: u64,
    /// Mean milliseconds from the request until an agent took the chat.
    #[schema(required = true)]
    pub wait_ms: Option<f64>,
    /// Mean milliseconds from there until the agent's first words.
    #[schema(required = true)]
    pub first_answer_ms: Option<f64>,
    /// Mean milliseconds from there until the end.
    #[schema(required = true)]
    pub length_ms: Option<f64>,
    /// Mean score, 0 to 3.
    #[schema(required = true)]
    pub score: Option<f64>,
    /// Mean rating, 1 to 5.
    #[schema(required = true)]
    pub rating: Option<f64>,
    /// How many rated.
    pub ratings: u64,
}

impl From<Figures> for LiveChatFigures {
    fn from(figures: Figures) -> Self {
        Self {
            chats: figures.chats,
            timed_out: figures.timed_out,
            unattended: figures.unattended,
            accepted: figures.accepted,
            missed: figures.missed,
            declined: figures.declined,
            wait_ms: figures.wait.value(),
            first_answer_ms: figures.first_answer.value(),
            length_ms: figures.length.value(),
            score: figures.score.value(),
            rating: figures.rating.value(),
            ratings: figures.rating.count,
        }
    }
}

/// Figures of a day.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LiveChatDay {
    /// The day, `2026-11-20`.
    pub day: String,
    /// What was counted on it.
    #[serde(flatten)]
    pub figures: LiveChatFigures,
}

/// Figures of an agent or a team.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LiveChatShare {
    /// The agent or team; null for chats of which the agent is not known any more.
    #[schema(required = true)]
    pub id: Option<String>,
    /// Name.
    pub name: String,
    /// What counts for it.
    #[serde(flatten)]
    pub figures: LiveChatFigures,
}

/// Figures of live chat.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct LiveChatReport {
    /// Of the whole period: of the agent or team that was asked for, else of all.
    pub total: LiveChatFigures,
    /// Every day of the period, the first first, of the same.
    pub days: Vec<LiveChatDay>,
    /// Agents with anything, by name.
    pub agents: Vec<LiveChatShare>,
    /// Teams: what counts for their present members, by name.
    pub teams: Vec<LiveChatShare>,
}

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The period.
    pub asked: Asked,
    /// Chats of one site.
    pub site: Option<SiteId>,
    /// Totals and days of this agent.
    pub agent: Option<UserId>,
    /// Totals and days of the members of this team.
    pub team: Option<TeamId>,
}

/// A table of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LiveChatTable {
    /// A row for each day.
    Days,
    /// A row for each agent.
    Agents,
    /// A row for each team.
    Teams,
}

impl LiveChatTable {
    /// The head of its first column, which also names the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Days => "day",
            Self::Agents => "agent",
            Self::Teams => "team",
        }
    }
}

/// What was counted in a period, by whom it counts for and by day.
#[derive(Default)]
struct Counted {
    by_agent: HashMap<Option<UserId>, Figures>,
    by_day: BTreeMap<Date, Figures>,
    total: Figures,
}

impl Counted {
    fn add(&mut self, record: &Record, period: &Period, wanted: impl Fn(Option<UserId>) -> bool) {
        let day = record.requested_at.to_zoned(period.zone.clone()).date();
        for (whom, figures) in record.counted() {
            let sum = self.by_agent.entry(whom).or_default();
            *sum = sum.plus(figures);
            if wanted(whom) {
                self.total = self.total.plus(figures);
                let of_day = self.by_day.entry(day).or_default();
                *of_day = of_day.plus(figures);
            }
        }
    }
}

/// The report.
pub async fn report(app: &App, wanted: &Wanted) -> Result<LiveChatReport, AppError> {
    let period = wanted.asked.period(app)?;
    let mut session = app.store().read().await?;
    let members = match wanted.team {
        Some(team) => Some(session.team(team).await?.ok_or(AppError::NotFound("team"))?.members),
        None => None,
    };
    let concerns = |whom: Option<UserId>| {
        let of_agent = wanted.agent.is_none_or(|agent| whom == Some(agent));
        let of_team = members.as_ref().is_none_or(|all| whom.is_some_and(|whom| all.contains(&whom)));
        of_agent && of_team
    };
    let counted = count(&mut *session, &period, wanted.site, concerns).await?;
    Ok(LiveChatReport {
        total: counted.total.into(),
        days: days(&counted, &period),
        agents: agents(&mut *session, &counted).await?,
        teams: teams(&mut *session, &counted).await?,
    })
}

async fn count(
    session: &mut dyn Session,
    period: &Period,
    site: Option<SiteId>,
    concerns: impl Fn(Option<UserId>) -> bool,
) -> Result<Counted, AppError> {
    let (mut counted, mut after) = (Counted::default(), None);
    loop {
        let page = session.chat_records(period.span, site, after, PAGE).await?;
        for (_, record) in &page {
            counted.add(record, period, &concerns);
        }
        match page.last() {
            Some((id, record)) if page.len() == PAGE as usize => after = Some((record.requested_at, *id)),
            _ => return Ok(counted),
        }
    }
}

/// Every day of the period, those without anything too.
fn days(counted: &Counted, period: &Period) -> Vec<LiveChatDay> {
    let date = |at: kernel::Timestamp| at.to_zoned(period.zone.clone()).date();
    let last = date(period.span.to - SignedDuration::from_millis(1));
    let mut found = Vec::new();
    let mut day = date(period.span.from);
    while day <= last {
        let figures = counted.by_day.get(&day).copied().unwrap_or_default();
        found.push(LiveChatDay { day: day.to_string(), figures: figures.into() });
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    found
}

async fn agents(session: &mut dyn Session, counted: &Counted) -> Result<Vec<LiveChatShare>, AppError> {
    let users = session.users().await?;
    let mut found = Vec::new();
    for (whom, figures) in &counted.by_agent {
        let name = match whom {
            Some(id) => users.iter().find(|user| user.id == *id).map(|user| user.name.clone()),
            // What nobody took is told in the total.
            None if figures.chats == 0 => continue,
            None => None,
        };
        let (id, name) = (whom.map(|id| id.to_string()), name.unwrap_or_default());
        found.push(LiveChatShare { id, name, figures: (*figures).into() });
    }
    found.sort_by_cached_key(|share| (share.id.is_none(), share.name.to_lowercase(), share.id.clone()));
    Ok(found)
}

async fn teams(session: &mut dyn Session, counted: &Counted) -> Result<Vec<LiveChatShare>, AppError> {
    let of = |members: &[UserId]| {
        let each = members.iter().filter_map(|member| counted.by_agent.get(&Some(*member)));
        each.fold(Figures::default(), |sum, figures| sum.plus(*figures))
    };
    let teams = session.teams().await?;
    let share = |team: store::TeamRecord| LiveChatShare {
        id: Some(team.id.to_string()),
        figures: of(&team.members).into(),
        name: team.name,
    };
    Ok(teams.into_iter().map(share).collect())
}

/// A table as CSV, with the words of the API as heads; means are empty where there is nothing.
pub async fn sheet(app: &App, wanted: &Wanted, table: LiveChatTable) -> Result<String, AppError> {
    let report = report(app, wanted).await?;
    let of_share = |share: LiveChatShare| (share.name, share.figures);
    let rows: Vec<(String, LiveChatFigures)> = match table {
        LiveChatTable::Days => report.days.into_iter().map(|day| (day.day, day.figures)).collect(),
        LiveChatTable::Agents => report.agents.into_iter().map(of_share).collect(),
        LiveChatTable::Teams => report.teams.into_iter().map(of_share).collect(),
    };
    let mut text = line(&[
        table.name(),
        "chats",
        "timed_out",
        "unattended",
        "accepted",
        "missed",
        "declined",
        "wait_ms",
        "first_answer_ms",
        "length_ms",
        "score",
        "rating",
        "ratings",
    ]);
    for (name, figures) in rows {
        let whole = |value: Option<f64>| value.map(|value| format!("{value:.0}")).unwrap_or_default();
        let parts = |value: Option<f64>| value.map(|value| format!("{value:.2}")).unwrap_or_default();
        text.push_str(&line(&[
            inert(&name),
            figures.chats.to_string(),
            figures.timed_out.to_string(),
            figures.unattended.to_string(),
            figures.accepted.to_string(),
            figures.missed.to_string(),
            figures.declined.to_string(),
            whole(figures.wait_ms),
            whole(figures.first_answer_ms),
            whole(figures.length_ms),
            parts(figures.score),
            parts(figures.rating),
            figures.ratings.to_string(),
        ]));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;
    use kernel::Timestamp;
    use store::Span;

    fn record(requested: &str) -> Record {
        Record {
            requested_at: requested.parse().expect("an instant"),
            accepted_at: None,
            first_answer_at: None,
            ended_at: None,
            outcome: Some(::livechat::Outcome::Nobody),
            rating: None,
            chat: None,
        }
    }

    #[test]
    fn days_are_those_of_the_zone_also_when_the_clock_changes() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        // In Berlin the 25th of October has 25 hours.
        let period = Period {
            span: Span { from: at("2026-10-24T22:00:00Z"), to: at("2026-10-26T23:00:00Z") },
            zone: TimeZone::get("Europe/Berlin").expect("a zone"),
        };
        let mut counted = Counted::default();
        for requested in ["2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z"] {
            counted.add(&record(requested), &period, |_| true);
        }
        let found = days(&counted, &period);
        let unattended: Vec<_> = found.iter().map(|day| (day.day.as_str(), day.figures.unattended)).collect();
        assert_eq!(unattended, [("2026-10-25", 2), ("2026-10-26", 1)]);
        assert_eq!(counted.total.unattended, 3);
    }
}
