//! A dialogue is put on a page, or opened by the visitor (spec 03, rules 3 to 7): the trigger is counted once for a
//! conversation, in however many tabs and however often the page is loaded. And: the visitor closes it.

use super::{
    circumstances, is_stale, stage_of,
    telling::Telling,
    unit::Unit,
    view::{ConversationView, Showing, own_conversations},
};
use crate::{
    App, AppError,
    caller::Caller,
    facts::Voice,
    livechat,
    memory::{Known, Looker, PageContext},
    sites::ConsentMode,
    snapshot::{LiveVersion, PinnedVersion},
};
use bus::Hint;
use engagement::ActivityType;
use kernel::{ConversationId, DialogueId, PageViewId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::{Arc, atomic::Ordering};
use store::{Conversation, ConversationStage, GuestMark, PageViewBatch, Tx};
use stream::{ConversationState, Phase};
use utoipa::ToSchema;
use uuid::Uuid;

/// How many showings a conversation remembers.
const MOST_SHOWINGS: usize = 50;

/// A dialogue on a page.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DialogueOnPage {
    /// The page view.
    #[schema(value_type = String, format = "uuid")]
    pub page_view_id: Uuid,
    /// The dialogue that it resolved to.
    #[schema(value_type = String)]
    pub dialogue_id: DialogueId,
}

/// The answer to an opened dialogue.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opened {
    /// To be stored by the widget, when one was issued now.
    pub visitor_token: Option<String>,
    /// The conversation.
    pub conversation: ConversationView,
}

/// The event came and the dialogue is on the screen. None for a guest, of whom only a mark is kept.
pub async fn shown(
    app: &App,
    caller: &Caller,
    request: &DialogueOnPage,
) -> Result<Option<ConversationView>, AppError> {
    let now = app.now();
    let version = live(caller, request.dialogue_id)?;
    let page = page_of(app, caller, request.page_view_id);
    match caller.visitor(app, now).await? {
        Some(known) => {
            let asked = Asked { app, caller, version: &version, page: page.as_deref(), now };
            asked.ensure(&known, Reason::Shown).await.map(Some)
        }
        None if caller.mode() == ConsentMode::Required => Err(consent_needed()),
        None => {
            let hash = caller.guest(app, now);
            let mark = guest_mark(hash, request.dialogue_id, now, false);
            let mut tx = app.store().begin().await?;
            tx.put_guest_mark(caller.site.scope(), &mark).await?;
            tx.commit().await?;
            Ok(None)
        }
    }
}

/// The visitor opened the panel. This is the click after which something may be stored in mode *interaction*.
pub async fn open(app: &App, caller: &Caller, request: &DialogueOnPage) -> Result<Opened, AppError> {
    let now = app.now();
    let version = live(caller, request.dialogue_id)?;
    let page = page_of(app, caller, request.page_view_id);
    let known = caller.visitor(app, now).await?;
    if known.is_none() && caller.mode() == ConsentMode::Required {
        return Err(consent_needed());
    }
    let (token, known, guest) = if let Some(known) = known {
        (None, known, None)
    } else {
        let seen = page.as_deref().and_then(|page| match page.by {
            Looker::Guest(hash) => Some(hash),
            Looker::Visitor(_) => None,
        });
        let (token, known) = caller.newcomer(app, now);
        let guest = seen.unwrap_or_else(|| caller.guest(app, now));
        (Some(token.expose().to_owned()), known, Some(guest))
    };
    let asked = Asked { app, caller, version: &version, page: page.as_deref(), now };
    let conversation = asked.ensure(&known, Reason::Opened { guest }).await?;
    Ok(Opened { visitor_token: token, conversation })
}

/// The visitor closed the conversation: the panel stays closed on later pages.
pub async fn close(app: &App, caller: &Caller, id: ConversationId) -> Result<(), AppError> {
    let now = app.now();
    let missing = || AppError::NotFound("conversation");
    let known = caller.visitor(app, now).await?.ok_or_else(missing)?;
    let visitor = known.profile.visitor.id;
    let mut tx = app.store().begin().await?;
    let mut conversation = lock(&mut *tx, caller, &known, id).await?;
    conversation.dismissed_at = Some(now);
    tx.save_conversation(&conversation).await?;
    tx.dismiss(visitor, now).await?;
    tx.commit().await?;
    app.memory().forget_visitor(visitor);
    app.hint(Hint::Visitor { id: visitor });
    Ok(())
}

fn consent_needed() -> AppError {
    AppError::Forbidden("the visitor has not given consent; call usher.consent(true) first".to_owned())
}

fn live(caller: &Caller, dialogue: DialogueId) -> Result<Arc<LiveVersion>, AppError> {
    caller.site.dialogue(dialogue).cloned().ok_or(AppError::NotFound("dialogue"))
}

fn page_of(app: &App, caller: &Caller, id: Uuid) -> Option<Arc<PageContext>> {
    app.memory().pages.get(&PageViewId::from(id)).filter(|page| page.site == caller.site.id())
}

fn guest_mark(hash: [u8; 32], dialogue_id: DialogueId, now: Timestamp, converted: bool) -> GuestMark {
    GuestMark {
        hash,
        dialogue_id,
        shown_at: Some(now),
        dismissed_at: None,
        visible_ms: 0,
        converted,
        created_at: now,
    }
}

/// Locks a conversation of the visitor; somebody else's does not exist.
pub(crate) async fn lock(
    tx: &mut dyn Tx,
    caller: &Caller,
    known: &Known,
    id: ConversationId,
) -> Result<Conversation, AppError> {
    let visitor = known.profile.visitor.id;
    let found = tx.lock_conversation(id).await?;
    found
        .filter(|c| c.site_id == caller.site.id() && c.visitor_id == visitor)
        .ok_or(AppError::NotFound("conversation"))
}

/// Writes visitor and person that may still be waiting for the writer of page views.
pub(crate) async fn ensure_stored(tx: &mut dyn Tx, caller: &Caller, known: &Known) -> Result<(), AppError> {
    if known.stored {
        return Ok(());
    }
    let profile = &known.profile;
    let newcomer = (caller.site.scope(), profile.visitor.clone(), profile.person.clone());
    let batch = PageViewBatch { new_visitors: vec![newcomer], ..PageViewBatch::default() };
    Ok(tx.record_page_views(&batch).await?)
}

/// Why a conversation must be there.
enum Reason {
    Shown,
    Opened { guest: Option<[u8; 32]> },
}

struct Asked<'a> {
    app: &'a App,
    caller: &'a Caller,
    version: &'a LiveVersion,
    page: Option<&'a PageContext>,
    now: Timestamp,
}

impl Asked<'_> {
    async fn ensure(&self, known: &Known, reason: Reason) -> Result<ConversationView, AppError> {
        let visitor = known.profile.visitor.id;
        let mut tx = self.app.store().begin().await?;
        ensure_stored(&mut *tx, self.caller, known).await?;
        // Two tabs may ask at once: the person's lock lets one of them find what the other made.
        tx.lock_person(known.profile.person.id).await?;
        let found = tx.lock_open_conversation(visitor, self.version.dialogue_id).await?;
        let (conversation, version) = match found {
            Some(found) if is_stale(&found, self.now, self.app.settings().retention.drop_after_hours) => {
                drop_stale(self.app, &mut *tx, found, &self.version.name, self.now).await?;
                (self.begin(&mut *tx, known, &reason).await?, None)
            }
            Some(found) => self.resume(&mut *tx, found, &reason).await?,
            None if self.has_completed(known) => return Err(AppError::NotFound("dialogue")),
            None => (self.begin(&mut *tx, known, &reason).await?, None),
        };
        let version = version.as_deref().unwrap_or(self.version);
        let own = own_conversations(known);
        let voice = Voice::of(&self.caller.site, known, &own).speaking(&version.language);
        let showing =
            Showing { app: self.app, site: &self.caller.site, version, voice: &voice, now: self.now };
        let mut unit = Unit::new(&showing, conversation);
        if matches!(reason, Reason::Opened { .. }) {
            unit.finish_opening(&mut *tx, self.caller, known).await?;
        }
        let messages = match unit.conversation.last_seq {
            0 => Vec::new(),
            _ => tx.messages(unit.conversation.id, 0).await?,
        };
        let mut view = showing.view(&unit.conversation, &messages, 0)?;
        livechat::complete(self.app, tx_session(&mut *tx), &unit.conversation, &mut view).await?;
        tx.commit().await?;
        self.app.memory().forget_visitor(visitor);
        self.app.hint(Hint::Visitor { id: visitor });
        if let Some(requested) = &unit.requested {
            requested.announce(self.app, unit.conversation.id);
        }
        Ok(view)
    }

    fn has_completed(&self, known: &Known) -> bool {
        let of_this = |mark: &&targeting::Mark| mark.dialogue == self.version.dialogue_id;
        known.history.marks.iter().filter(of_this).any(|mark| mark.completed_at.is_some())
    }

    async fn begin(&self, tx: &mut dyn Tx, known: &Known, reason: &Reason) -> Result<Conversation, AppError> {
        let scope = self.caller.site.scope();
        let mut triggered_at = self.now;
        if let Reason::Opened { guest: Some(hash) } = reason {
            let marks = tx.guest_marks(scope, hash).await?;
            let counted = marks.iter().find(|m| m.dialogue_id == self.version.dialogue_id);
            triggered_at = counted.and_then(|mark| mark.shown_at).unwrap_or(self.now);
            if counted.is_some() {
                let mark = guest_mark(*hash, self.version.dialogue_id, triggered_at, true);
                tx.put_guest_mark(scope, &mark).await?;
            }
        }
        let conversation = Conversation {
            id: self.app.id(self.now),
            site_id: self.caller.site.id(),
            visitor_id: known.profile.visitor.id,
            person_id: known.profile.person.id,
            dialogue_id: self.version.dialogue_id,
            version_id: self.version.id,
            stage: ConversationStage::Triggered,
            state: ConversationState { flows: self.version.flows.clone(), ..ConversationState::default() },
            revision: 0,
            last_seq: 0,
            epoch: self.version.number,
            page_url: self.page.map(|page| page.url.clone()).unwrap_or_default(),
            triggered_at,
            engaged_at: None,
            completed_at: None,
            dropped_at: None,
            acquired_at: None,
            dismissed_at: None,
            last_visitor_at: self.now,
            shown_at: self.first_showing().then_some(triggered_at).into_iter().collect(),
            goals: Vec::new(),
        };
        tx.insert_conversation(&conversation).await?;
        tx.note_circumstances(conversation.id, &circumstances::of(self.app, known)).await?;
        let mut telling = Telling::new(self.app, triggered_at);
        telling.of(ActivityType::Triggered, &conversation, &self.version.name, json!({}));
        tx.append_activities(&telling.activities).await?;
        Ok(conversation)
    }

    /// The conversation goes on. One that nobody answered yet takes the newest version (rule 3).
    async fn resume(
        &self,
        tx: &mut dyn Tx,
        mut conversation: Conversation,
        reason: &Reason,
    ) -> Result<(Conversation, Option<Arc<LiveVersion>>), AppError> {
        let mut changed = false;
        let newest =
            conversation.version_id == self.version.id && conversation.state.flows == self.version.flows;
        if conversation.state.phase == Phase::New && !newest {
            conversation.version_id = self.version.id;
            conversation.state.flows.clone_from(&self.version.flows);
            conversation.epoch = conversation.epoch.max(self.version.number);
            changed = true;
        }
        match reason {
            Reason::Shown if self.first_showing() => {
                conversation.shown_at.push(self.now);
                let surplus = conversation.shown_at.len().saturating_sub(MOST_SHOWINGS);
                conversation.shown_at.drain(..surplus);
                changed = true;
            }
            // Whoever opens it again has a reason to see it on later pages.
            Reason::Opened { .. } if conversation.dismissed_at.take().is_some() => changed = true,
            _ => {}
        }
        if changed {
            tx.save_conversation(&conversation).await?;
        }
        let pinned = PinnedVersion::of(&conversation);
        let version = self.app.version(&self.caller.site, pinned, tx_session(tx)).await?;
        Ok((conversation, Some(version)))
    }

    /// A message of the widget that is repeated is one showing.
    fn first_showing(&self) -> bool {
        self.page.is_none_or(|page| !page.shown.swap(true, Ordering::SeqCst))
    }
}

/// A unit of work as a session for reading.
pub(crate) fn tx_session(tx: &mut dyn Tx) -> &mut dyn store::Session {
    tx
}

/// Drops an engaged conversation whose visitor is away for too long (rule 6).
pub(crate) async fn drop_stale(
    app: &App,
    tx: &mut dyn Tx,
    mut conversation: Conversation,
    dialogue_name: &str,
    now: Timestamp,
) -> Result<(), AppError> {
    conversation.dropped_at = Some(now);
    conversation.stage = stage_of(&conversation);
    tx.save_conversation(&conversation).await?;
    let mut telling = Telling::new(app, now);
    telling.of(ActivityType::Dropped, &conversation, dialogue_name, json!({ "status": "dropped" }));
    Ok(tx.append_activities(&telling.activities).await?)
}
