//! The short way of an answer: most steps change nothing but their conversation and the log. Such a step is worked out
//! beside the store, from the conversation as this node remembers it or as it is stored, and handed to the store whole
//! ([`store::Store::commit_step`]), which refuses it when the conversation has moved on since. Everything else, and whatever
//! is refused here, goes the long way ([`super::advance`]), which holds the conversation while it works.

use super::{
    effects::Mark,
    is_stale,
    request::{Did, StepRequest},
    stage_of,
    unit::Unit,
    view::{ConversationView, Showing, own_conversations},
};
use crate::{App, AppError, caller::Caller, facts::Voice, memory::Known, snapshot::PinnedVersion};
use kernel::{ConversationId, Timestamp};
use std::sync::Arc;
use store::{Conversation, StepRecord, StoreError};
use stream::{Effect, Input, Phase, Turn};

/// What a step that was stored left.
pub(super) struct Taken {
    pub before: Arc<Conversation>,
    pub after: Arc<Conversation>,
    pub view: ConversationView,
}

/// Takes a step if it can be taken this way; none sends it the long way.
pub(super) async fn step(
    app: &App,
    caller: &Caller,
    known: &Known,
    id: ConversationId,
    request: &StepRequest,
) -> Result<Option<Box<Taken>>, AppError> {
    if !matches!(request.what, Did::Answered { .. }) {
        return Ok(None);
    }
    let quick = Quick { app, caller, known, request, now: app.now() };
    if let Some(before) = app.memory().conversations.get(&id) {
        match quick.take(before).await? {
            Outcome::Stored(taken) => return Ok(Some(taken)),
            Outcome::Unsuitable => return Ok(None),
            // Another node moved it on, or something of another kind happened to it.
            Outcome::Stale => app.memory().conversations.invalidate(&id),
        }
    }
    let mut session = app.store().read().await?;
    let found = session.visitor_conversation(caller.site.scope(), known.profile.visitor.id, id).await?;
    drop(session);
    let Some(before) = found else { return Ok(None) };
    match quick.take(Arc::new(before)).await? {
        Outcome::Stored(taken) => Ok(Some(taken)),
        Outcome::Unsuitable | Outcome::Stale => Ok(None),
    }
}

enum Outcome {
    Stored(Box<Taken>),
    Unsuitable,
    Stale,
}

struct Quick<'a> {
    app: &'a App,
    caller: &'a Caller,
    known: &'a Known,
    request: &'a StepRequest,
    now: Timestamp,
}

impl Quick<'_> {
    async fn take(&self, before: Arc<Conversation>) -> Result<Outcome, AppError> {
        let Some((step, view)) = self.work_out(&before)? else { return Ok(Outcome::Unsuitable) };
        let after = Arc::clone(&step.conversation);
        match self.app.store().commit_step(step).await {
            Ok(()) => {
                self.app.memory().keep_conversation(Arc::clone(&after));
                Ok(Outcome::Stored(Box::new(Taken { before, after, view })))
            }
            Err(StoreError::Stale) => Ok(Outcome::Stale),
            // The long way finds out whether it is the same request.
            Err(StoreError::Taken { .. }) => Ok(Outcome::Unsuitable),
            Err(error) => Err(error.into()),
        }
    }

    /// The step with its answer; none when it is not of this kind.
    fn work_out(&self, before: &Conversation) -> Result<Option<(StepRecord, ConversationView)>, AppError> {
        let site = &*self.caller.site;
        if !self.stands(before) {
            return Ok(None);
        }
        let Some(version) = self.app.known_version(site, &PinnedVersion::of(before)) else { return Ok(None) };
        let own = own_conversations(self.known);
        let voice = Voice::of(site, self.known, &own).speaking(&version.language);
        let showing = Showing { app: self.app, site, version: &version, voice: &voice, now: self.now };
        let mut unit = Unit::new(&showing, before.clone());
        if let Some(url) = self.request.page_url.as_deref() {
            unit.telling.on_page(url);
        }
        if before.state.phase == Phase::New && !apply(&mut unit, &Input::Start, None) {
            return Ok(None);
        }
        let mark = Mark { client_id: self.request.client_id.clone(), digest: self.request.what.digest() };
        if !apply(&mut unit, &self.request.what.input(), Some(mark)) {
            return Ok(None);
        }
        unit.conversation.last_visitor_at = self.now;
        unit.conversation.stage = stage_of(&unit.conversation);
        unit.conversation.revision += 1;
        let view = unit.view(&unit.fresh, self.request.after)?;
        let activities = unit.telling.told().to_vec();
        let conversation = Arc::new(unit.conversation);
        Ok(Some((StepRecord { conversation, messages: unit.fresh, activities }, view)))
    }

    /// Whether the conversation is the visitor's, goes on, and the widget has all of it so far.
    fn stands(&self, before: &Conversation) -> bool {
        let profile = &self.known.profile;
        let theirs = before.site_id == self.caller.site.id()
            && before.visitor_id == profile.visitor.id
            && before.person_id == profile.person.id;
        let goes_on = before.completed_at.is_none()
            && before.dropped_at.is_none()
            && !is_stale(before, self.now, self.app.settings().retention.drop_after_hours);
        let anew = !before.state.has_applied(&self.request.client_id);
        theirs && goes_on && anew && self.request.after >= before.last_seq
    }
}

/// Applies an input to the unit when everything that follows from it stays within the conversation; false otherwise, and
/// then the unit is of no more use.
fn apply(unit: &mut Unit<'_>, input: &Input, mark: Option<Mark>) -> bool {
    let client_id = mark.as_ref().map(|mark| mark.client_id.clone());
    let turn = Turn { input, client_id: client_id.as_deref(), at: unit.showing.now };
    // Why it is refused is said by the long way, with the conversation as it is then.
    let Ok(step) = unit.advance(turn) else { return false };
    if step.state.must_continue() || step.state.asked().is_some() || !step.effects.iter().all(stays_within) {
        return false;
    }
    unit.note_down(step, mark);
    true
}

/// Effects that change nothing but the conversation and the log.
const fn stays_within(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Say { .. }
            | Effect::Ask { .. }
            | Effect::Answered { .. }
            | Effect::MarkMoment { .. }
            | Effect::ReachGoal { .. }
            | Effect::Passed { .. }
            | Effect::Engaged
            | Effect::Completed
    )
}
