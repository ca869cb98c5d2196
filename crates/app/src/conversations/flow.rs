//! A flow is started by an action on the page: a link, a button, a form, the page itself (spec 03, rule 8). Each start is
//! a new conversation; an engaged, unfinished one of the same flow goes on.

use super::{
    circumstances, is_stale, stage_of,
    telling::Telling,
    trigger::{drop_stale, ensure_stored, lock, tx_session},
    unit::Unit,
    view::{ConversationView, Opening, Showing, own_conversations},
};
use crate::{
    App, AppError, FieldError,
    caller::Caller,
    facts::Voice,
    livechat,
    memory::Known,
    rehearsals::visitor,
    sites::{ConsentMode, WidgetConfig},
    snapshot::{LiveVersion, PinnedVersion},
    visit::PageFacts,
};
use bus::Hint;
use engagement::ActivityType;
use kernel::{ConversationId, DialogueId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};
use store::{Conversation, ConversationStage, Tx, Visit};
use stream::{ConversationState, Interface};
use targeting::Stage;
use utoipa::ToSchema;
use uuid::Uuid;

/// The most values that a page hands over, and their longest text in characters.
const MAX_CONTEXT: usize = 20;
const MAX_CONTEXT_TEXT: usize = 500;

/// The start of a flow.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowStart {
    /// Made by the widget for this start; the same id is the same start.
    #[schema(value_type = String, format = "uuid")]
    pub start_id: Uuid,
    /// Which flow.
    #[schema(value_type = String)]
    pub flow_id: DialogueId,
    /// Address of the page.
    pub url: String,
    /// How it appears; the flow's own choice when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub ui: Option<Interface>,
    /// What the page hands over, for `{{context.name}}`: at most 20 texts of 500 characters, names of `a-z`, `0-9`, `_`.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub context: BTreeMap<String, String>,
    /// The visitor clicked: from now on something may be stored in the mode *interaction*.
    #[serde(default)]
    pub clicked: bool,
    /// Consent was given before.
    #[serde(default)]
    pub granted: bool,
    /// What the snippet declares; counts only when it is stricter than the site's mode.
    #[serde(default)]
    pub consent_mode: Option<ConsentMode>,
}

/// A started flow.
#[derive(Debug, Serialize, ToSchema)]
pub struct Started {
    /// To be stored by the widget, when one was issued now.
    pub visitor_token: Option<String>,
    /// How the conversation goes on: `recorded` by its id, `unrecorded` with `state`, `waiting_for_click`: nothing
    /// happened yet; start again with `clicked` when the visitor does something in it.
    #[schema(value_type = String)]
    pub how: How,
    /// To be sent with the next turn, when it is not recorded.
    pub state: Option<String>,
    /// The conversation.
    pub conversation: ConversationView,
    /// Look of the widget.
    pub widget: WidgetConfig,
}

/// How a started flow goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It is stored.
    Recorded,
    /// It travels as a sealed state.
    Unrecorded,
    /// It waits for the visitor's first click.
    WaitingForClick,
}

/// Starts a flow.
pub async fn start(app: &App, caller: &Caller, request: FlowStart) -> Result<Started, AppError> {
    check_context(&request.context)?;
    let now = app.now();
    let version = caller.site.flow(request.flow_id).cloned().ok_or(AppError::NotFound("flow"))?;
    let mode = caller.mode().strictest(request.consent_mode.unwrap_or(ConsentMode::Open));
    let page = PageFacts::new(&request.url, None, None);
    let start = Start { app, caller, version, page: &page, now, request: &request };
    match caller.visitor(app, now).await? {
        Some(known) => start.recorded(&known, None).await,
        None if mode == ConsentMode::Required && !request.granted => start.unrecorded().await,
        None if mode == ConsentMode::Open || request.granted || request.clicked => {
            let (token, known) = caller.newcomer(app, now);
            start.recorded(&known, Some(token.expose().to_owned())).await
        }
        None => start.waiting(),
    }
}

fn check_context(context: &BTreeMap<String, String>) -> Result<(), AppError> {
    let mut errors = Vec::new();
    if context.len() > MAX_CONTEXT {
        errors.push(FieldError::new("/context", "too_many", "must have at most 20 entries"));
    }
    for (name, text) in context {
        let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if name.is_empty() || name.len() > 40 || !name.bytes().all(fine) {
            errors.push(FieldError::new("/context", "name", "names have 1 to 40 of a-z, 0-9 and _"));
        }
        if text.chars().count() > MAX_CONTEXT_TEXT || kernel::text::has_forbidden_controls(text) {
            let field = format!("/context/{name}");
            errors.push(FieldError::new(field, "too_long", "must have at most 500 characters"));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors)) }
}

struct Start<'a> {
    app: &'a App,
    caller: &'a Caller,
    version: Arc<LiveVersion>,
    page: &'a PageFacts,
    now: Timestamp,
    request: &'a FlowStart,
}

impl Start<'_> {
    fn widget(&self) -> WidgetConfig {
        let own = &self.version.language;
        let spoken = (own != "auto").then_some(own.as_str());
        let browser = &self.caller.browser.accept_language;
        WidgetConfig::of(&self.caller.site, &self.app.settings().public_url, spoken, browser)
    }

    async fn unrecorded(&self) -> Result<Started, AppError> {
        let request = self.request;
        let context = request.context.clone();
        let talk =
            visitor::flow(self.app, self.caller, &self.version, self.page, request.ui, context).await?;
        Ok(Started {
            visitor_token: None,
            how: How::Unrecorded,
            state: Some(talk.state),
            conversation: talk.conversation,
            widget: self.widget(),
        })
    }

    /// What the flow says first, without a conversation.
    fn waiting(&self) -> Result<Started, AppError> {
        let visitor = crate::caller::guest_history(&self.caller.guest(self.app, self.now), &[]).visitor;
        let first_page = || crate::visit::first_page(self.app, self.page, &self.caller.browser, None);
        let visit: Visit = crate::visit::next(self.app, visitor, None, first_page, self.now);
        let voice = Voice::of_guest(&self.caller.site, &visit, self.page).speaking(&self.version.language);
        let opening = Opening::with(&self.version, &voice, self.now, self.fresh_state())?;
        Ok(Started {
            visitor_token: None,
            how: How::WaitingForClick,
            state: None,
            conversation: opening.view(&self.version, self.request.ui),
            widget: self.widget(),
        })
    }

    fn fresh_state(&self) -> ConversationState {
        ConversationState {
            flows: self.version.flows.clone(),
            context: self.request.context.clone(),
            interface: self.request.ui,
            ..ConversationState::default()
        }
    }

    async fn recorded(&self, known: &Known, token: Option<String>) -> Result<Started, AppError> {
        let (app, caller) = (self.app, self.caller);
        let mut tx = app.store().begin().await?;
        ensure_stored(&mut *tx, caller, known).await?;
        // Two tabs may ask at once: the person's lock lets one of them find what the other made.
        tx.lock_person(known.profile.person.id).await?;
        let conversation = match self.standing(&mut *tx, known).await? {
            Some(standing) => standing,
            None => self.begin(&mut *tx, known).await?,
        };
        app.memory().starts.insert((caller.site.id(), self.request.start_id), conversation.id);
        let pinned = PinnedVersion::of(&conversation);
        let version = app.version(&caller.site, pinned, tx_session(&mut *tx)).await?;
        let own = own_conversations(known);
        let voice = Voice::of(&caller.site, known, &own).speaking(&version.language);
        let showing = Showing { app, site: &caller.site, version: &version, voice: &voice, now: self.now };
        let mut unit = Unit::new(&showing, conversation);
        unit.finish_opening(&mut *tx, caller, known).await?;
        let messages = match unit.conversation.last_seq {
            0 => Vec::new(),
            _ => tx.messages(unit.conversation.id, 0).await?,
        };
        let mut view = unit.view(&messages, 0)?;
        livechat::complete(app, tx_session(&mut *tx), &unit.conversation, &mut view).await?;
        tx.commit().await?;
        if let Some(requested) = &unit.requested {
            requested.announce(app, unit.conversation.id);
        }
        let visitor = known.profile.visitor.id;
        app.memory().forget_visitor(visitor);
        app.hint(Hint::Visitor { id: visitor });
        Ok(Started {
            visitor_token: token,
            how: How::Recorded,
            state: None,
            conversation: view,
            widget: self.widget(),
        })
    }

    /// The conversation that this start made before, or one of the flow that is engaged and not finished, locked.
    async fn standing(&self, tx: &mut dyn Tx, known: &Known) -> Result<Option<Conversation>, AppError> {
        let key = (self.caller.site.id(), self.request.start_id);
        let repeated = self.app.memory().starts.get(&key);
        let engaged = known.history.marks.iter().rev();
        let engaged =
            engaged.filter(|mark| mark.dialogue == self.version.dialogue_id && mark.stage == Stage::Engaged);
        let candidates: Vec<ConversationId> =
            repeated.into_iter().chain(engaged.map(|mark| mark.conversation)).collect();
        for id in candidates {
            let found = match lock(tx, self.caller, known, id).await {
                Err(AppError::NotFound(_)) => continue,
                found => found?,
            };
            let hours = self.app.settings().retention.drop_after_hours;
            if is_stale(&found, self.now, hours) {
                drop_stale(self.app, tx, found, &self.version.name, self.now).await?;
            } else if repeated == Some(id) || stage_of(&found) == ConversationStage::Engaged {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    async fn begin(&self, tx: &mut dyn Tx, known: &Known) -> Result<Conversation, AppError> {
        let profile = &known.profile;
        let conversation = Conversation {
            id: self.app.id(self.now),
            site_id: self.caller.site.id(),
            visitor_id: profile.visitor.id,
            person_id: profile.person.id,
            dialogue_id: self.version.dialogue_id,
            version_id: self.version.id,
            stage: ConversationStage::Triggered,
            state: self.fresh_state(),
            revision: 0,
            last_seq: 0,
            epoch: self.version.number,
            page_url: self.page.url.clone(),
            triggered_at: self.now,
            engaged_at: None,
            completed_at: None,
            dropped_at: None,
            acquired_at: None,
            dismissed_at: None,
            last_visitor_at: self.now,
            shown_at: vec![self.now],
            goals: Vec::new(),
        };
        tx.insert_conversation(&conversation).await?;
        tx.note_circumstances(conversation.id, &circumstances::of(self.app, known)).await?;
        let mut telling = Telling::new(self.app, self.now);
        telling.of(ActivityType::Triggered, &conversation, &self.version.name, json!({}));
        tx.append_activities(&telling.activities).await?;
        Ok(conversation)
    }
}
