//! Backtest: a draft's targeting over the page views of the last days, before anybody is exposed to it (spec 03,
//! *Simulate*).
//!
//! Page, visit and time are as they were recorded, and so is what each page view got. Person, company and lists are as
//! they are today. Nobody answers in a simulation: a dialogue that would have been shown stays for the next page view.

use super::{
    replay::{Reason, Run},
    words::VerdictKind,
};
use crate::{
    App, AppError,
    dialogues::{Draft, Handle},
};
use jiff::SignedDuration;
use kernel::{DialogueId, PageViewId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Recorded, Span};
use targeting::{CapReached, EventCondition, EventRule, Obstacle};
use utoipa::ToSchema;

/// The longest time that is simulated, in days.
pub const MOST_DAYS: u32 = 90;
/// Page views that are decided at most; of more, those of a part of the visitors are.
pub const MOST_PAGE_VIEWS: u64 = 100_000;
/// Page views read at once.
const AT_ONCE: u32 = 2_000;
/// Reasons and displaced dialogues that are told.
const MOST_TOLD: usize = 20;

/// What to simulate.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SimulationRequest {
    /// The draft; the stored one when absent.
    #[serde(default)]
    pub draft: Option<Draft>,
    /// Its priority; the stored one when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 10_000)]
    pub priority: Option<u32>,
    /// How many days back, 1 to 90.
    #[schema(minimum = 1, maximum = 90)]
    pub days: u32,
}

/// A dialogue that would have lost visitors.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Displaced {
    /// The dialogue.
    #[schema(value_type = String)]
    pub id: DialogueId,
    /// Its name at that time.
    pub name: String,
    /// Visitors who got it and would have got the draft instead at least once.
    pub visitors: u64,
    /// Page views on which that would have happened.
    pub page_views: u64,
}

/// Why page views would not have got the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Hindrance {
    /// The verdict.
    pub verdict: VerdictKind,
    /// What stood against it, for people.
    pub reason: String,
    /// On how many page views.
    pub page_views: u64,
}

/// What would have happened. Counts are of the page views decided: all that were recorded, unless it says that it is a sample.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Simulation {
    /// Page views from this time on.
    #[schema(value_type = String, format = DateTime)]
    pub from: Timestamp,
    /// Page views before this time.
    #[schema(value_type = String, format = DateTime)]
    pub to: Timestamp,
    /// Page views recorded on the site in that time.
    pub recorded_page_views: u64,
    /// Page views decided: fewer than recorded when there are more than 100,000, then those of a part of the visitors.
    pub page_views: u64,
    /// Only the page views of a part of the visitors were decided.
    pub is_sample: bool,
    /// Visitors of the page views decided.
    pub visitors: u64,
    /// Page views on which the draft would have been on the screen.
    pub shown_page_views: u64,
    /// Visitors who would have been shown it.
    pub shown_visitors: u64,
    /// The share of visitors who would have been shown it, 0 to 1.
    pub share: f64,
    /// Dialogues that it would have displaced by priority, the most visitors first.
    pub displaced: Vec<Displaced>,
    /// What kept it from page views, the most frequent first.
    pub hindrances: Vec<Hindrance>,
    /// Events of the draft that are not recorded with page views, so that they were taken as having come:
    /// `time_on_page`, `scroll_depth`, `exit_intent`.
    pub events_taken_as_come: Vec<String>,
}

/// Runs a draft's targeting over recorded page views.
pub async fn simulate(app: &App, id: DialogueId, request: SimulationRequest) -> Result<Simulation, AppError> {
    if !(1..=MOST_DAYS).contains(&request.days) {
        return Err(AppError::invalid("/days", "range", "must be between 1 and 90"));
    }
    let mut session = app.store().read().await?;
    let record = Handle::from(id).find(&mut *session).await?;
    let configuration = app.snapshot();
    let site = configuration.site(record.site_id).ok_or(AppError::NotFound("dialogue"))?;
    let to = app.now() + SignedDuration::from_millis(1);
    let span = Span { from: to - SignedDuration::from_hours(24 * i64::from(request.days)), to };
    let all = Recorded { site: site.scope(), span, visitors: 256 };
    let recorded_page_views = session.count_recorded(&all).await?;
    let recorded = Recorded { visitors: part_of_visitors(recorded_page_views), ..all };
    let mut run = Run::new(app, site, &record, request)?;
    let mut after: Option<(Timestamp, PageViewId)> = None;
    loop {
        let views = session.recorded_views(&recorded, after, AT_ONCE).await?;
        let Some(last) = views.last() else { break };
        after = Some((last.view.at, last.view.id));
        run.decide(&mut *session, &views).await?;
    }
    Ok(run.told(span, recorded_page_views, recorded.visitors < 256))
}

/// How many of 256 parts of the visitors are simulated, so that the page views stay within the limit.
fn part_of_visitors(page_views: u64) -> u16 {
    if page_views <= MOST_PAGE_VIEWS {
        return 256;
    }
    u16::try_from(256 * MOST_PAGE_VIEWS / page_views).unwrap_or(255).clamp(1, 255)
}

impl Run<'_> {
    fn told(self, span: Span, recorded_page_views: u64, is_sample: bool) -> Simulation {
        let visitors = self.visitors.len() as u64;
        let mut displaced: Vec<Displaced> = self
            .displaced
            .iter()
            .map(|(id, lost)| Displaced {
                id: *id,
                name: lost.name.clone(),
                visitors: lost.visitors.len() as u64,
                page_views: lost.page_views,
            })
            .collect();
        displaced.sort_by_key(|one| (std::cmp::Reverse(one.visitors), one.id));
        displaced.truncate(MOST_TOLD);
        let mut hindrances: Vec<Hindrance> =
            self.hindrances.iter().map(|(reason, page_views)| self.in_words(*reason, *page_views)).collect();
        hindrances.sort_by(|a, b| b.page_views.cmp(&a.page_views).then_with(|| a.reason.cmp(&b.reason)));
        hindrances.truncate(MOST_TOLD);
        Simulation {
            from: span.from,
            to: span.to,
            recorded_page_views,
            page_views: self.page_views,
            is_sample,
            visitors,
            shown_page_views: self.shown_page_views,
            shown_visitors: self.shown_visitors,
            share: share(self.shown_visitors, visitors),
            displaced,
            hindrances,
            events_taken_as_come: self.draft().map(|draft| not_recorded(&draft.events)).unwrap_or_default(),
        }
    }

    fn in_words(&self, reason: Reason, page_views: u64) -> Hindrance {
        let (verdict, reason) = match reason {
            Reason::ChatOff => (VerdictKind::ChatOff, "Chat was off for the site".to_owned()),
            Reason::GoesOn => (VerdictKind::ConversationGoesOn, "An engaged conversation went on".to_owned()),
            Reason::EventsNotCome => (VerdictKind::Shown, "Its events had not come".to_owned()),
            Reason::Outranked(id) => {
                let name = self.names.get(&id).map_or("another dialogue", String::as_str);
                (VerdictKind::Outranked, format!("{name} comes first by priority"))
            }
            Reason::Kept(obstacle) => self.obstacle_in_words(obstacle),
        };
        Hindrance { verdict, reason, page_views }
    }

    fn obstacle_in_words(&self, obstacle: Obstacle) -> (VerdictKind, String) {
        let draft = self.draft();
        match obstacle {
            Obstacle::Disabled => (VerdictKind::Disabled, "It is switched off".to_owned()),
            Obstacle::Completed => (VerdictKind::Completed, "The visitor had completed it".to_owned()),
            Obstacle::Page => (VerdictKind::OtherPage, "The page is none of its target pages".to_owned()),
            Obstacle::Excluded(place) => {
                let pattern = draft.and_then(|draft| draft.pages.exclusions().nth(place as usize));
                let words = format!("The page is excluded by {}", pattern.unwrap_or("a pattern"));
                (VerdictKind::ExcludedPage, words)
            }
            Obstacle::Audience(number) => {
                let words = draft.and_then(|draft| {
                    draft.audience.conditions().get(number as usize).map(|told| told.words.to_owned())
                });
                (VerdictKind::Audience, words.unwrap_or_else(|| "Its audience".to_owned()))
            }
            Obstacle::Cap(CapReached::Share) => {
                (VerdictKind::Share, "The visitor is not in the share of visitors".to_owned())
            }
            Obstacle::Cap(CapReached::PerVisitor) => {
                (VerdictKind::ShownOften, "It would have been shown as often as its cap allows".to_owned())
            }
            Obstacle::Cap(CapReached::PauseAfterDismissal) => {
                (VerdictKind::Paused, "The visitor had closed it, and its pause was not over".to_owned())
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn not_recorded(events: &EventRule) -> Vec<String> {
    let name = |condition: &EventCondition| match condition {
        EventCondition::TimeOnPage { .. } => Some("time_on_page"),
        EventCondition::ScrollDepth { .. } => Some("scroll_depth"),
        EventCondition::ExitIntent {} => Some("exit_intent"),
        EventCondition::PageViews { .. } | EventCondition::TimeOnSite { .. } => None,
    };
    let mut names: Vec<String> = events.conditions.iter().filter_map(name).map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_keeps_the_page_views_within_the_limit() {
        for (page_views, parts) in
            [(0, 256), (100_000, 256), (100_001, 255), (200_000, 128), (1_000_000, 25), (1_000_000_000, 1)]
        {
            assert_eq!(part_of_visitors(page_views), parts, "{page_views}");
        }
    }

    #[test]
    fn what_is_not_recorded_is_named_once() {
        let scroll = EventCondition::ScrollDepth { percent: 50 };
        let conditions =
            vec![scroll, EventCondition::ExitIntent {}, EventCondition::PageViews { count: 3 }, scroll];
        let events = EventRule { conditions, ..EventRule::default() };
        assert_eq!(not_recorded(&events), ["exit_intent", "scroll_depth"]);
    }
}
