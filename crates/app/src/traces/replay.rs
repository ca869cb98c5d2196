//! Deciding recorded page views anew, with a draft among the dialogues of that time.

use super::{Described, Kept, simulate::SimulationRequest};
use crate::{App, AppError, FieldError, facts::Subject, snapshot::Site, visit::PageFacts};
use criteria::{AttributeRef, AttributeType, Moment};
use jiff::tz::TimeZone;
use kernel::{ConversationId, DecisionSnapshotId, DialogueId, Timestamp, VersionId, VisitorId};
use serde_json::Value as Json;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use store::{ConversationMark, DialogueRecord, RecordedView, Session, Visit, VisitorProfile};
use targeting::{
    CompiledDialogue, EventCondition, EventMode, EventRule, Mark, Obstacle, Page, Published, SiteSnapshot,
    Stage, Trace, Traced, VisitorHistory,
};
use uuid::Uuid;

/// A reason without its words; page views are counted by it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Reason {
    Kept(Obstacle),
    ChatOff,
    GoesOn,
    Outranked(DialogueId),
    EventsNotCome,
}

#[derive(Default)]
pub(super) struct VisitorSoFar {
    shown_at: Vec<Timestamp>,
    met: bool,
}

#[derive(Default)]
pub(super) struct Lost {
    pub name: String,
    pub visitors: HashSet<VisitorId>,
    pub page_views: u64,
}

/// The page views so far.
pub(super) struct Run<'a> {
    site: &'a Site,
    record: &'a DialogueRecord,
    priority: u32,
    zone: TimeZone,
    /// The draft alone, compiled.
    snapshot: SiteSnapshot,
    wanted: Vec<(AttributeRef, AttributeType)>,
    described: HashMap<DecisionSnapshotId, Arc<Vec<Described>>>,
    pub visitors: HashMap<VisitorId, VisitorSoFar>,
    pub page_views: u64,
    pub shown_page_views: u64,
    pub shown_visitors: u64,
    pub displaced: HashMap<DialogueId, Lost>,
    pub hindrances: HashMap<Reason, u64>,
    pub names: HashMap<DialogueId, String>,
}

impl<'a> Run<'a> {
    pub fn new(
        app: &App,
        site: &'a Site,
        record: &'a DialogueRecord,
        request: SimulationRequest,
    ) -> Result<Self, AppError> {
        let targeting = request.draft.map_or_else(|| record.draft.targeting.clone(), |draft| draft.targeting);
        let priority = request.priority.unwrap_or(record.priority);
        let errors = targeting.check(&*site.catalog);
        if !errors.is_empty() {
            let field = |e: criteria::CheckError| {
                FieldError::new(format!("/draft/targeting{}", e.path), "check", e.message)
            };
            return Err(AppError::Invalid(errors.into_iter().map(field).collect()));
        }
        let draft = Published {
            id: record.id,
            version: VersionId::from(Uuid::nil()),
            created_at: record.created_at,
            priority,
            // What would be if it were published; whether it is switched on is decided then.
            enabled: true,
            targeting,
        };
        let (snapshot, _) = SiteSnapshot::build(*site.targeting.rules(), [draft], &*site.catalog);
        let asked = |(path, _): &(AttributeRef, _)| snapshot.symbols().wants(path.of(), path.name());
        let wanted = site.catalog.all().filter(asked).collect();
        Ok(Self {
            site,
            record,
            priority,
            zone: TimeZone::get(&app.settings().time_zone).unwrap_or(TimeZone::UTC),
            snapshot,
            wanted,
            described: HashMap::new(),
            visitors: HashMap::new(),
            page_views: 0,
            shown_page_views: 0,
            shown_visitors: 0,
            displaced: HashMap::new(),
            hindrances: HashMap::new(),
            names: HashMap::new(),
        })
    }

    /// Decides the next page views, in the order of time.
    pub async fn decide(
        &mut self,
        session: &mut dyn Session,
        views: &[RecordedView],
    ) -> Result<(), AppError> {
        self.read_snapshots(session, views).await?;
        let mut candidates = Vec::new();
        for recorded in views {
            self.page_views += 1;
            self.visitors.entry(recorded.view.visitor_id).or_default();
            let kept = Kept::read(&recorded.view.trace);
            let page = Page::parse(&recorded.view.url);
            match self.hindered(kept.as_ref(), page.as_ref()) {
                Some(reason) => self.hinder(reason),
                None => candidates.push((recorded, kept, page)),
            }
        }
        let asked: HashSet<VisitorId> =
            candidates.iter().map(|(recorded, ..)| recorded.view.visitor_id).collect();
        let asked: Vec<VisitorId> = asked.into_iter().collect();
        let profiles = session.visitor_profiles(self.site.scope(), &asked).await?;
        let profiles: HashMap<VisitorId, VisitorProfile> =
            profiles.into_iter().map(|profile| (profile.visitor.id, profile)).collect();
        for (recorded, kept, page) in &candidates {
            let profile = profiles.get(&recorded.view.visitor_id);
            self.decide_one(recorded, kept.as_ref(), page.as_ref(), profile);
        }
        Ok(())
    }

    async fn read_snapshots(
        &mut self,
        session: &mut dyn Session,
        views: &[RecordedView],
    ) -> Result<(), AppError> {
        let ids: HashSet<DecisionSnapshotId> = views
            .iter()
            .filter_map(|recorded| Some(Kept::read(&recorded.view.trace)?.snapshot))
            .filter(|id| !self.described.contains_key(id))
            .collect();
        if ids.is_empty() {
            return Ok(());
        }
        let ids: Vec<DecisionSnapshotId> = ids.into_iter().collect();
        for stored in session.decision_snapshots(&ids).await? {
            let dialogues: Vec<Described> = serde_json::from_value(stored.dialogues).unwrap_or_default();
            self.described.insert(stored.id, Arc::new(dialogues));
        }
        Ok(())
    }

    /// The draft, compiled.
    pub fn draft(&self) -> Option<&CompiledDialogue> {
        self.snapshot.dialogues().first()
    }

    /// What stands against a page view whoever the visitor is.
    fn hindered(&self, kept: Option<&Kept>, page: Option<&Page>) -> Option<Reason> {
        let traced = kept.and_then(|kept| Trace::read(&kept.verdicts)).unwrap_or_default();
        match traced.first() {
            Some(Traced::ChatOff) => return Some(Reason::ChatOff),
            Some(Traced::GoesOn) => return Some(Reason::GoesOn),
            _ if kept.is_some_and(|kept| kept.conversation.is_some()) => return Some(Reason::GoesOn),
            _ => {}
        }
        self.draft().and_then(|draft| draft.page_obstacle(page)).map(Reason::Kept)
    }

    fn hinder(&mut self, reason: Reason) {
        *self.hindrances.entry(reason).or_default() += 1;
    }

    fn decide_one(
        &mut self,
        recorded: &RecordedView,
        kept: Option<&Kept>,
        page: Option<&Page>,
        profile: Option<&VisitorProfile>,
    ) {
        let (visitor, at) = (recorded.view.visitor_id, recorded.view.at);
        if let Some(obstacle) = self.obstacle(recorded, kept, page, profile) {
            return self.hinder(Reason::Kept(obstacle));
        }
        if let Some(winner) = self.winner(kept) {
            if self.precedes(&winner) {
                let lost = self.displaced.entry(winner.id).or_default();
                lost.name = winner.name;
                lost.visitors.insert(visitor);
                lost.page_views += 1;
            } else {
                self.names.insert(winner.id, winner.name);
                return self.hinder(Reason::Outranked(winner.id));
            }
        }
        let come = self.draft().is_none_or(|draft| have_come(&draft.events, kept, recorded.visit.as_ref()));
        let so_far = self.visitors.entry(visitor).or_default();
        so_far.met |= come;
        if !so_far.met {
            return self.hinder(Reason::EventsNotCome);
        }
        self.shown_visitors += u64::from(so_far.shown_at.is_empty());
        self.shown_page_views += 1;
        so_far.shown_at.push(at);
    }

    fn obstacle(
        &self,
        recorded: &RecordedView,
        kept: Option<&Kept>,
        page: Option<&Page>,
        profile: Option<&VisitorProfile>,
    ) -> Option<Obstacle> {
        let draft = self.draft()?;
        let view = &recorded.view;
        let page_facts = PageFacts::new(&view.url, Some(&view.title), None);
        let visit = visit_at(recorded, kept);
        let subject = Subject {
            site: self.site,
            person: profile.map(|profile| &profile.person),
            company: profile.and_then(|profile| profile.company.as_ref()),
            lists: profile.map_or(&[], |profile| &profile.lists),
            visit: &visit,
            page: &page_facts,
        };
        let moment = Moment::new(view.at, self.zone.clone());
        let facts = subject.facts_for(self.snapshot.symbols(), &self.wanted, &moment);
        let history = self.history(view.visitor_id, view.at, profile);
        draft.obstacle(&targeting::View { visitor: &history, page, facts: &facts, now: view.at })
    }

    /// What the visitor had met of this dialogue: really, and in the simulation.
    fn history(&self, visitor: VisitorId, at: Timestamp, profile: Option<&VisitorProfile>) -> VisitorHistory {
        let mut history = VisitorHistory::new(visitor);
        let of_this =
            |mark: &&ConversationMark| mark.dialogue_id == self.record.id && mark.triggered_at <= at;
        let known = profile.map_or(&[][..], |profile| &profile.conversations);
        history.marks.extend(known.iter().filter(of_this).map(|mark| as_it_was(mark, at)));
        let shown = self.visitors.get(&visitor).map(|so_far| so_far.shown_at.clone()).unwrap_or_default();
        if let Some(first) = shown.first() {
            history.marks.push(Mark {
                dialogue: self.record.id,
                conversation: ConversationId::from(Uuid::nil()),
                stage: Stage::Triggered,
                triggered_at: *first,
                engaged_at: None,
                last_visitor_at: None,
                completed_at: None,
                dismissed_at: None,
                shown_at: shown,
            });
        }
        history
    }

    /// The dialogue that the page view got, unless it was this one.
    fn winner(&self, kept: Option<&Kept>) -> Option<Described> {
        let kept = kept?;
        let place = Trace::read(&kept.verdicts)?.iter().position(|traced| *traced == Traced::Shown)?;
        let winner = self.described.get(&kept.snapshot)?.get(place)?;
        (winner.id != self.record.id).then(|| winner.clone())
    }

    fn precedes(&self, other: &Described) -> bool {
        (self.priority, self.record.created_at, self.record.id) < (other.priority, other.created_at, other.id)
    }
}

/// The visit as it stood at a page view.
fn visit_at(recorded: &RecordedView, kept: Option<&Kept>) -> Visit {
    let view = &recorded.view;
    let page = kept.map_or(1, |kept| kept.page);
    match &recorded.visit {
        Some(visit) => Visit { pages: page, ..visit.clone() },
        None => Visit {
            id: view.visit_id,
            visitor_id: view.visitor_id,
            number: 1,
            started_at: view.at,
            last_at: view.at,
            pages: page,
            visible_ms: 0,
            dialogue_ms: Vec::new(),
            attributes: Json::Null,
        },
    }
}

/// A conversation of the dialogue as it stood at a time. It counts by having been completed or closed; how often it was
/// shown is what the simulation decides.
fn as_it_was(mark: &ConversationMark, at: Timestamp) -> Mark {
    let before = |time: Option<Timestamp>| time.filter(|time| *time <= at);
    let completed_at = before(mark.completed_at);
    Mark {
        dialogue: mark.dialogue_id,
        conversation: mark.id,
        stage: if completed_at.is_some() { Stage::Completed } else { Stage::Triggered },
        triggered_at: mark.triggered_at,
        engaged_at: None,
        last_visitor_at: None,
        completed_at,
        dismissed_at: before(mark.dismissed_at),
        shown_at: Vec::new(),
    }
}

/// Whether the events had come, as far as that is recorded: page views exactly, time on site by the whole visit. What is
/// not recorded is taken as having come.
fn have_come(events: &EventRule, kept: Option<&Kept>, visit: Option<&Visit>) -> bool {
    let come = |condition: &EventCondition| match *condition {
        EventCondition::PageViews { count } => kept.is_none_or(|kept| kept.page >= count),
        EventCondition::TimeOnSite { seconds } => {
            visit.is_none_or(|visit| visit.visible_ms >= u64::from(seconds) * 1_000)
        }
        EventCondition::TimeOnPage { .. }
        | EventCondition::ScrollDepth { .. }
        | EventCondition::ExitIntent {} => true,
    };
    match events.mode {
        _ if events.conditions.is_empty() => true,
        EventMode::All => events.conditions.iter().all(come),
        EventMode::Any => events.conditions.iter().any(come),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_as_far_as_they_are_recorded() {
        let rule = |mode, conditions: &[EventCondition]| EventRule { mode, conditions: conditions.to_vec() };
        let kept = Kept {
            snapshot: DecisionSnapshotId::from(Uuid::nil()),
            verdicts: String::new(),
            facts: std::collections::BTreeMap::new(),
            page: 2,
            conversation: None,
        };
        let (second, third) =
            (EventCondition::PageViews { count: 2 }, EventCondition::PageViews { count: 3 });
        let scroll = EventCondition::ScrollDepth { percent: 50 };
        for (events, come) in [
            (rule(EventMode::All, &[]), true),
            (rule(EventMode::All, &[second]), true),
            (rule(EventMode::All, &[second, third]), false),
            (rule(EventMode::Any, &[second, third]), true),
            (rule(EventMode::Any, &[third, scroll]), true),
            (rule(EventMode::All, &[third, scroll]), false),
        ] {
            assert_eq!(have_come(&events, Some(&kept), None), come, "{events:?}");
        }
    }
}
