//! One unit of work on a conversation: the engine's steps and what they make of it, until it is written down.

use super::{
    effects::Mark,
    identity::Bearer,
    request::{Did, StepRequest},
    stage_of,
    telling::Telling,
    view::{ConversationView, Opening, Showing},
};
use crate::{
    AppError, FieldError, caller::Caller, facts::Voice, livechat::Requested, memory::Known,
    snapshot::LiveVersion,
};
use engagement::{Activity, ActivityType, Reading};
use kernel::{ConversationId, DocumentId};
use people::{Origin, Rung, SourceKind};
use store::{Conversation, DocumentView, Job, Message, StoreError, Tx};
use stream::{ChatOutcome, FieldCode, Input, Phase, Refused, Step, Turn, rehearsal::MAX_CONTINUATIONS};

/// Why a unit of work is given up.
pub(crate) enum Refusal {
    /// The card does not wait.
    NotCurrent,
    /// The client id is there already.
    Repeated,
    /// Anything else.
    Other(AppError),
}

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self::Other(error)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken { what: "conversations.client_id" } => Self::Repeated,
            other => Self::Other(other.into()),
        }
    }
}

/// For what Usher does by itself: there, nothing can be refused.
impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Other(error) => error,
            Refusal::NotCurrent | Refusal::Repeated => {
                Self::Internal("a step of Usher's own was refused".to_owned())
            }
        }
    }
}

/// A document that was opened in this step.
pub(super) struct Opened {
    pub card: String,
    pub document: DocumentId,
    pub pages: u32,
}

/// What one unit of work makes of a conversation.
pub(crate) struct Unit<'a> {
    pub(crate) showing: Showing<'a>,
    pub conversation: Conversation,
    /// Messages made by this step.
    pub fresh: Vec<Message>,
    pub person_changed: bool,
    pub(crate) telling: Telling<'a>,
    pub(super) opened: Vec<Opened>,
    /// Webhooks to be called.
    pub(super) calls: Vec<Job>,
    /// How the chat ended that the last step asked for, when it did at once.
    pub(super) chat_over: Option<ChatOutcome>,
    /// The chat that was requested.
    pub requested: Option<Requested>,
    /// The visitor's person as far as it was read for writing.
    pub(crate) bearer: Option<Bearer>,
}

impl<'a> Unit<'a> {
    pub(crate) fn new(showing: &Showing<'a>, conversation: Conversation) -> Self {
        Self {
            showing: *showing,
            conversation,
            fresh: Vec::new(),
            person_changed: false,
            telling: Telling::new(showing.app, showing.now),
            opened: Vec::new(),
            calls: Vec::new(),
            chat_over: None,
            requested: None,
            bearer: None,
        }
    }

    pub(super) fn version(&self) -> &'a LiveVersion {
        self.showing.version
    }

    /// The conversation as the person that the visitor is now sees it.
    pub(crate) fn view(&self, messages: &[Message], after: u64) -> Result<ConversationView, AppError> {
        match &self.bearer {
            None => self.showing.view(&self.conversation, messages, after),
            Some(bearer) => {
                let own = self.own();
                let voice = bearer.voice(&self.showing, &own);
                Showing { voice: &voice, ..self.showing }.view(&self.conversation, messages, after)
            }
        }
    }

    fn own(&self) -> Vec<ConversationId> {
        let mut own = self.showing.voice.own.to_vec();
        if !own.contains(&self.conversation.id) {
            own.push(self.conversation.id);
        }
        own
    }

    /// Carries out a request of the visitor.
    pub(crate) async fn take(
        &mut self,
        tx: &mut dyn Tx,
        caller: &Caller,
        known: &Known,
        request: &StepRequest,
    ) -> Result<(), Refusal> {
        self.allowed(&request.what)?;
        if let Some(url) = request.page_url.as_deref() {
            self.telling.on_page(url);
        }
        if self.conversation.state.phase == Phase::New {
            if !request.what.may_begin() {
                return Err(Refusal::NotCurrent);
            }
            self.run(tx, caller, known, &Input::Start, None).await?;
        }
        let mark = Mark { client_id: request.client_id.clone(), digest: request.what.digest() };
        self.run(tx, caller, known, &request.what.input(), Some((&request.what, mark))).await?;
        self.conversation.last_visitor_at = self.showing.now;
        self.save(tx, known).await
    }

    /// What the bot says first is written down, when it comes to an end without asking anything, which counts as
    /// completed, or hands over to people at once.
    pub(crate) async fn finish_opening(
        &mut self,
        tx: &mut dyn Tx,
        caller: &Caller,
        known: &Known,
    ) -> Result<(), AppError> {
        if self.conversation.state.phase != Phase::New {
            return Ok(());
        }
        let fresh = self.conversation.state.clone();
        let opening = Opening::with(self.version(), self.showing.voice, self.showing.now, fresh)?;
        if !matches!(opening.state.phase, Phase::Ended | Phase::WithPeople { .. }) {
            return Ok(());
        }
        self.run(tx, caller, known, &Input::Start, None).await?;
        Ok(self.save(tx, known).await?)
    }

    /// Applies an input and everything that follows from it.
    async fn run(
        &mut self,
        tx: &mut dyn Tx,
        caller: &Caller,
        known: &Known,
        input: &Input,
        asked: Option<(&Did, Mark)>,
    ) -> Result<(), Refusal> {
        let client_id = asked.as_ref().map(|(_, mark)| mark.client_id.clone());
        let step = self.advance(Turn { input, client_id: client_id.as_deref(), at: self.showing.now })?;
        let mark = asked.and_then(|(did, mark)| self.event_of(did, mark));
        self.carry_out(tx, caller, known, step, mark).await?;
        for _ in 0..MAX_CONTINUATIONS {
            let input = if self.conversation.state.must_continue() {
                Input::Continue
            } else if let Some(outcome) = self.chat_over.take() {
                Input::ChatEnded { outcome }
            } else if let Some((card, question)) = self.conversation.state.asked() {
                let (card, question) = (card.to_owned(), question.to_owned());
                Input::Knowledge { answer: self.look_up(tx, &card, &question).await? }
            } else {
                return Ok(());
            };
            let step = self.advance(Turn { input: &input, client_id: None, at: self.showing.now })?;
            self.carry_out(tx, caller, known, step, None).await?;
        }
        Ok(())
    }

    /// The author can switch going back and starting again off.
    fn allowed(&self, what: &Did) -> Result<(), AppError> {
        let sentence = match what {
            Did::WentBack { .. } if !self.version().allow_back => "earlier answers cannot be changed here",
            Did::Restarted if !self.version().allow_restart => "this conversation cannot be started again",
            _ => return Ok(()),
        };
        Err(AppError::Conflict(sentence.to_owned()))
    }

    /// One step of the engine, for the person that the visitor is now.
    pub(super) fn advance(&self, turn: Turn<'_>) -> Result<Step, Refusal> {
        match &self.bearer {
            None => self.advance_as(turn, self.showing.voice),
            Some(bearer) => {
                let own = self.own();
                self.advance_as(turn, &bearer.voice(&self.showing, &own))
            }
        }
    }

    fn advance_as(&self, turn: Turn<'_>, voice: &Voice<'_>) -> Result<Step, Refusal> {
        let stream = &self.version().stream;
        stream::advance(stream, &self.conversation.state, turn, voice).map_err(|refused| match refused {
            Refused::NotCurrent => Refusal::NotCurrent,
            Refused::AlreadyApplied => Refusal::Repeated,
            Refused::Invalid(errors) => {
                Refusal::Other(AppError::Invalid(errors.into_iter().map(field).collect()))
            }
        })
    }

    /// The person, locked for writing; read once in a step.
    pub(super) async fn bearer(&mut self, tx: &mut dyn Tx, known: &Known) -> Result<Bearer, AppError> {
        match self.bearer.take() {
            Some(bearer) => Ok(bearer),
            None => Bearer::lock(tx, &self.conversation, known).await,
        }
    }

    pub(super) fn origin(&self, rung: Rung) -> Origin {
        Origin {
            source: SourceKind::Chat,
            detail: Some(self.conversation.id.to_string()),
            at: self.showing.now,
            rung: Some(rung),
        }
    }

    async fn save(&mut self, tx: &mut dyn Tx, known: &Known) -> Result<(), Refusal> {
        self.conversation.stage = stage_of(&self.conversation);
        if let Some(bearer) = self.bearer.as_mut() {
            self.person_changed |= bearer.store(tx, self.showing.now).await?;
        }
        tx.insert_messages(self.conversation.id, &self.fresh).await?;
        tx.save_conversation(&self.conversation).await?;
        if !self.telling.activities.is_empty() {
            tx.append_activities(self.telling.told()).await?;
        }
        if !self.opened.is_empty() {
            tx.insert_document_views(&self.document_views()).await?;
        }
        if !self.calls.is_empty() {
            tx.enqueue(&self.calls).await?;
        }
        if self.conversation.person_id != known.profile.person.id {
            self.person_changed = true;
        }
        Ok(())
    }

    /// What goes on beside the activities that tell of openings; both are in the order in which it happened.
    fn document_views(&self) -> Vec<DocumentView> {
        let told = self.telling.activities.iter().filter(|a| a.kind == ActivityType::Document);
        let view = |(activity, opened): (&Activity, &Opened)| DocumentView {
            activity_id: activity.id,
            document_id: opened.document,
            dialogue_id: self.conversation.dialogue_id,
            conversation_id: Some(self.conversation.id),
            card_id: opened.card.clone(),
            opened_at: activity.at,
            pages: opened.pages,
            reading: Reading::default(),
            updated_at: activity.at,
        };
        told.zip(&self.opened).map(view).collect()
    }
}

pub(crate) fn field(error: stream::FieldError) -> FieldError {
    let code = match error.code {
        FieldCode::EmailSyntax => "email_syntax",
        FieldCode::EmailRefused => "email_refused",
        FieldCode::Phone => "phone",
        FieldCode::Number => "number",
        FieldCode::Date => "date",
        FieldCode::Url => "url",
        FieldCode::Required => "required",
        FieldCode::Option => "option",
        FieldCode::TooLong => "too_long",
    };
    FieldError { field: error.field, code, reason: error.message }
}
