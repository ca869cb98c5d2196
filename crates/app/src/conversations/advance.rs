//! The visitor answers, goes back, or starts again: one step of the engine and everything that follows from it, in one
//! unit of work (journey 2).
//!
//! Each request has an id made by the client: the same request twice is answered twice and applied once; another request
//! with the same id is refused. A request for a card that no longer waits is refused with the current state, so that two
//! tabs cannot fork a conversation.

pub use super::request::{Did, StepRefused, StepRequest};

use super::{
    MessageBody, is_stale, quick,
    trigger::{drop_stale, lock, tx_session},
    unit::{Refusal, Unit},
    view::{ConversationView, Showing, own_conversations},
};
use crate::{
    App, AppError,
    caller::Caller,
    facts::Voice,
    livechat,
    memory::{Counters, Known},
    snapshot::PinnedVersion,
    visit,
};
use bus::Hint;
use kernel::ConversationId;
use store::{Conversation, Session};

/// Takes a step.
pub async fn step(
    app: &App,
    caller: &Caller,
    id: ConversationId,
    request: &StepRequest,
) -> Result<ConversationView, StepRefused> {
    let now = app.now();
    if !caller.site.record.chat_enabled {
        return Err(AppError::Forbidden("the chat is switched off at the moment".to_owned()).into());
    }
    let known = caller.visitor(app, now).await?.ok_or(AppError::NotFound("conversation"))?;
    if let Some(taken) = quick::step(app, caller, &known, id, request).await? {
        Counters::add(&app.counters().steps, 1);
        announce(app, &known, &taken.after, standing(&taken.before) == standing(&taken.after), false);
        return Ok(taken.view);
    }
    let mut tx = app.store().begin().await?;
    let conversation = lock(&mut *tx, caller, &known, id).await?;
    let pinned = PinnedVersion::of(&conversation);
    let version = app.version(&caller.site, pinned, tx_session(&mut *tx)).await?;
    let own = own_conversations(&known);
    let visit = visit::current(app, &known.profile);
    let voice = Voice::of(&caller.site, &known, &own).speaking(&version.language).during(visit.as_ref());
    let showing = Showing { app, site: &caller.site, version: &version, voice: &voice, now };
    if conversation.state.has_applied(&request.client_id) {
        let answer = repeated(tx_session(&mut *tx), &showing, &conversation, request).await;
        // What the first request did may not be flushed yet; nobody hears of it before.
        tx.commit().await?;
        return answer;
    }
    if is_stale(&conversation, now, app.settings().retention.drop_after_hours) {
        drop_stale(app, &mut *tx, conversation, &version.name, now).await?;
        tx.commit().await?;
        app.memory().forget_visitor(known.profile.visitor.id);
        return refused_as_it_stands(app, caller, &known, id).await;
    }
    let before = conversation.last_seq;
    let stood = standing(&conversation);
    let mut unit = Unit::new(&showing, conversation);
    match unit.take(&mut *tx, caller, &known, request).await {
        Ok(()) => {}
        Err(Refusal::NotCurrent) => {
            // Read here, because what another tab did just now is not flushed yet, and answered when it is.
            let session = tx_session(&mut *tx);
            let current = super::view::read_with(app, caller, &known, session, id, 0).await?;
            tx.commit().await?;
            return Err(StepRefused::NotCurrent(Box::new(current)));
        }
        Err(Refusal::Repeated) => {
            // A unit of work that ran into the unique client id is of no more use.
            drop(tx);
            let mut session = app.store().read().await?;
            let visitor = known.profile.visitor.id;
            let found = session.visitor_conversation(caller.site.scope(), visitor, id).await?;
            let conversation = found.ok_or(AppError::NotFound("conversation"))?;
            return repeated(&mut *session, &showing, &conversation, request).await;
        }
        Err(Refusal::Other(error)) => return Err(error.into()),
    }
    let whole = request.after < before || !matches!(request.what, Did::Answered { .. });
    let after = if matches!(request.what, Did::Answered { .. }) { request.after } else { 0 };
    let messages = if whole { tx.messages(id, after).await? } else { std::mem::take(&mut unit.fresh) };
    let mut view = unit.view(&messages, after)?;
    livechat::complete(app, tx_session(&mut *tx), &unit.conversation, &mut view).await?;
    tx.commit().await?;
    Counters::add(&app.counters().steps, 1);
    app.memory().conversations.invalidate(&id);
    app.memory().talks.invalidate(&id);
    if let Some(requested) = &unit.requested {
        requested.announce(app, id);
    }
    if !unit.calls.is_empty() {
        app.hint(Hint::Outbox);
    }
    announce(app, &known, &unit.conversation, stood == standing(&unit.conversation), unit.person_changed);
    Ok(view)
}

/// What targeting and the next step need to know of a conversation, but for the time of the last answer: that may lag in
/// memory, for it only matters after hours.
fn standing(conversation: &Conversation) -> impl PartialEq + use<> {
    let c = conversation;
    (
        c.stage,
        c.person_id,
        c.version_id,
        c.triggered_at,
        c.engaged_at,
        c.completed_at,
        c.dropped_at,
        c.dismissed_at,
    )
}

fn announce(
    app: &App,
    known: &Known,
    conversation: &Conversation,
    stands_as_before: bool,
    person_changed: bool,
) {
    let visitor = known.profile.visitor.id;
    if !stands_as_before || person_changed {
        app.memory().forget_visitor(visitor);
        app.hint(Hint::Visitor { id: visitor });
    }
    app.hint(Hint::Conversation { id: conversation.id, seq: conversation.last_seq });
    if person_changed {
        app.memory().forget_person(conversation.person_id);
        app.hint(Hint::Person { id: conversation.person_id });
    }
}

async fn refused_as_it_stands(
    app: &App,
    caller: &Caller,
    known: &Known,
    id: ConversationId,
) -> Result<ConversationView, StepRefused> {
    let mut session = app.store().read().await?;
    let view = super::view::read_with(app, caller, known, &mut *session, id, 0).await?;
    Err(StepRefused::NotCurrent(Box::new(view)))
}

/// The same request again gets the answer that it would have got; another one with its id does not.
async fn repeated(
    session: &mut dyn Session,
    showing: &Showing<'_>,
    conversation: &Conversation,
    request: &StepRequest,
) -> Result<ConversationView, StepRefused> {
    let made = session.conversation_of_client_id(conversation.id, &request.client_id).await?;
    let body = made.and_then(|message| serde_json::from_value::<MessageBody>(message.body).ok());
    if body.and_then(|body| body.request) != Some(request.what.digest()) {
        return Err(AppError::Conflict("this client id was used for another input".to_owned()).into());
    }
    let answered = matches!(request.what, Did::Answered { .. });
    let after = if answered { request.after } else { 0 };
    let messages = session.messages(conversation.id, after).await?;
    let mut view = showing.view(conversation, &messages, after)?;
    livechat::complete(showing.app, session, conversation, &mut view).await?;
    Ok(view)
}
