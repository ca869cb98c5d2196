//! The visitor answers, goes back, or starts again: one step of the engine and everything that follows from it, in one
//! unit of work (journey 2).
//!
//! Each request has an id made by the client: the same request twice is answered twice and applied once; another request
//! with the same id is refused. A request for a card that no longer waits is refused with the current state, so that two
//! tabs cannot fork a conversation.

pub use super::request::{Did, StepRefused, StepRequest};

use super::{
    MessageBody,
    identity::{self, Bearer},
    is_stale, setting, stage_of,
    telling::Telling,
    trigger::{drop_stale, lock, tx_session},
    view::{ConversationView, Opening, Showing, from, kind, own_conversations},
};
use crate::{
    App, AppError, FieldError,
    caller::Caller,
    facts::Voice,
    memory::{Counters, Known},
    snapshot::LiveVersion,
};
use bus::Hint;
use engagement::ActivityType;
use kernel::{ConversationId, RichText};
use people::{Origin, Rung, SourceKind};
use serde_json::json;
use store::{Conversation, Message, MessageFrom, Session, StoreError, Tx};
use stream::{
    Effect, FieldCode, Input, MessageContent, Phase, Refused, Step, Turn, message::superseded_from,
};

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
    let mut tx = app.store().begin().await?;
    let conversation = lock(&mut *tx, caller, &known, id).await?;
    let (dialogue, version) = (conversation.dialogue_id, conversation.version_id);
    let version = app.version(&caller.site, dialogue, version, tx_session(&mut *tx)).await?;
    let own = own_conversations(&known);
    let voice = Voice::of(&caller.site, &known, &own);
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
    tx.commit().await?;
    Counters::add(&app.counters().steps, 1);
    announce(app, &known, &unit, stood == standing(&unit.conversation));
    unit.view(&messages, after).map_err(StepRefused::from)
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

fn announce(app: &App, known: &Known, unit: &Unit<'_>, stands_as_before: bool) {
    let visitor = known.profile.visitor.id;
    if !stands_as_before || unit.person_changed {
        app.memory().forget_visitor(visitor);
        app.hint(Hint::Visitor { id: visitor });
    }
    let conversation = &unit.conversation;
    app.hint(Hint::Conversation { id: conversation.id, seq: conversation.last_seq });
    if unit.person_changed {
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
    showing.view(conversation, &messages, after).map_err(StepRefused::from)
}

enum Refusal {
    NotCurrent,
    Repeated,
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

/// What one unit of work makes of a conversation.
pub(crate) struct Unit<'a> {
    showing: Showing<'a>,
    pub conversation: Conversation,
    /// Messages made by this step.
    pub fresh: Vec<Message>,
    pub person_changed: bool,
    telling: Telling<'a>,
    /// The visitor's person as far as it was read for writing.
    bearer: Option<Bearer>,
}

impl<'a> Unit<'a> {
    pub(crate) fn new(showing: &Showing<'a>, conversation: Conversation) -> Self {
        Self {
            showing: *showing,
            conversation,
            fresh: Vec::new(),
            person_changed: false,
            telling: Telling::new(showing.app, showing.now),
            bearer: None,
        }
    }

    fn version(&self) -> &'a LiveVersion {
        self.showing.version
    }

    /// The conversation as the person that the visitor is now sees it.
    fn view(&self, messages: &[Message], after: u64) -> Result<ConversationView, AppError> {
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

    async fn take(
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
            if !matches!(request.what, Did::Answered { .. }) {
                return Err(Refusal::NotCurrent);
            }
            let opening = Opening::of(self.version(), self.showing.voice, self.showing.now)?;
            self.carry_out(tx, caller, known, opening.step, None).await?;
        }
        let input = request.what.input();
        let turn = Turn { input: &input, client_id: Some(&request.client_id), at: self.showing.now };
        let step = self.advance(turn, self.showing.voice)?;
        let mark = Mark { client_id: request.client_id.clone(), digest: request.what.digest() };
        if !matches!(request.what, Did::Answered { .. }) {
            self.event(&request.what, &mark);
        }
        self.carry_out(tx, caller, known, step, Some(mark)).await?;
        while self.conversation.state.must_continue() {
            let turn = Turn { input: &Input::Continue, client_id: None, at: self.showing.now };
            let step = match &self.bearer {
                Some(bearer) => {
                    let own = self.own();
                    self.advance(turn, &bearer.voice(&self.showing, &own))?
                }
                None => self.advance(turn, self.showing.voice)?,
            };
            self.carry_out(tx, caller, known, step, None).await?;
        }
        self.conversation.last_visitor_at = self.showing.now;
        self.save(tx, known).await
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

    fn advance(&self, turn: Turn<'_>, voice: &Voice<'_>) -> Result<Step, Refusal> {
        let stream = &self.version().stream;
        stream::advance(stream, &self.conversation.state, turn, voice).map_err(|refused| match refused {
            Refused::NotCurrent => Refusal::NotCurrent,
            Refused::AlreadyApplied => Refusal::Repeated,
            Refused::Invalid(errors) => {
                Refusal::Other(AppError::Invalid(errors.into_iter().map(field).collect()))
            }
        })
    }

    async fn carry_out(
        &mut self,
        tx: &mut dyn Tx,
        caller: &Caller,
        known: &Known,
        step: Step,
        mut mark: Option<Mark>,
    ) -> Result<(), Refusal> {
        self.conversation.epoch += step.state.epoch - self.conversation.state.epoch;
        self.conversation.state = step.state;
        let mut values = Vec::new();
        for effect in step.effects {
            if let Some(content) = effect.message() {
                let mark = mark.take_if(|_| content.answer.is_some());
                self.say(content, mark);
            }
            match effect {
                Effect::SetAttribute { attribute, value, overwrite } => {
                    values.push(setting::offer(&attribute, value, overwrite));
                }
                Effect::GiveEmail { email } => {
                    let bearer = self.bearer(tx, known).await?;
                    let given = identity::Given { email, caller, conversation: &mut self.conversation };
                    let bearer =
                        identity::give(self.showing.app, tx, given, bearer, &mut self.telling).await?;
                    self.bearer = Some(bearer);
                    self.acquired();
                }
                Effect::ReachGoal { goal, .. } => self.goal(goal),
                Effect::Supersede { from_card } => self.supersede(tx, from_card.as_deref()).await?,
                Effect::Engaged => self.engaged(),
                Effect::Completed => self.completed(),
                Effect::Say { .. }
                | Effect::Ask { .. }
                | Effect::Answered { .. }
                | Effect::GivePhone { .. } => {}
            }
        }
        if !values.is_empty() {
            let mut bearer = self.bearer(tx, known).await?;
            let site = self.showing.site;
            let origin = self.origin(bearer.rung);
            setting::apply(
                self.showing.app,
                tx,
                setting::Setting { site, conversation: &self.conversation, dialogue: &self.version().name },
                &mut bearer,
                values,
                &origin,
                &mut self.telling,
            )
            .await?;
            self.bearer = Some(bearer);
        }
        Ok(())
    }

    /// The person, locked for writing; read once in a step.
    async fn bearer(&mut self, tx: &mut dyn Tx, known: &Known) -> Result<Bearer, AppError> {
        match self.bearer.take() {
            Some(bearer) => Ok(bearer),
            None => Bearer::lock(tx, &self.conversation, known).await,
        }
    }

    fn origin(&self, rung: Rung) -> Origin {
        Origin {
            source: SourceKind::Chat,
            detail: Some(self.conversation.id.to_string()),
            at: self.showing.now,
            rung: Some(rung),
        }
    }

    fn say(&mut self, content: MessageContent, mark: Option<Mark>) {
        let body = MessageBody {
            text: content.text,
            answer: content.answer,
            request: mark.as_ref().map(|mark| mark.digest.clone()),
        };
        let client_id = mark.map(|mark| mark.client_id);
        self.message(from(content.from), kind(content.kind), content.card_id, body, client_id);
    }

    fn message(
        &mut self,
        from: MessageFrom,
        kind: &str,
        card_id: Option<String>,
        body: MessageBody,
        client_id: Option<String>,
    ) {
        self.conversation.last_seq += 1;
        self.fresh.push(Message {
            id: self.showing.app.id(self.showing.now),
            seq: self.conversation.last_seq,
            from,
            kind: kind.to_owned(),
            card_id,
            body: serde_json::to_value(body).unwrap_or_default(),
            superseded: false,
            client_id,
            at: self.showing.now,
        });
    }

    /// A sentence for the transcript; it also carries the client's id.
    fn event(&mut self, what: &Did, mark: &Mark) {
        let sentence = match what {
            Did::WentBack { .. } => "The visitor went back to an earlier question.",
            Did::Restarted => "The visitor started again.",
            Did::Answered { .. } => return,
        };
        let body =
            MessageBody { text: RichText::plain(sentence), answer: None, request: Some(mark.digest.clone()) };
        self.message(MessageFrom::System, "event", None, body, Some(mark.client_id.clone()));
    }

    fn goal(&mut self, goal: String) {
        self.telling.of(
            ActivityType::Goal,
            &self.conversation,
            &self.version().name,
            json!({ "goal": goal }),
        );
        let text = RichText::plain(&format!("Goal reached: {goal}"));
        let body = MessageBody { text, answer: None, request: None };
        self.message(MessageFrom::System, "event", None, body, None);
        self.conversation.goals.push(goal);
    }

    fn engaged(&mut self) {
        if self.conversation.engaged_at.replace(self.showing.now).is_none() {
            let more = json!({ "status": "initiated" });
            self.telling.of(ActivityType::Engaged, &self.conversation, &self.version().name, more);
        }
    }

    fn completed(&mut self) {
        if self.conversation.completed_at.is_none() {
            self.conversation.completed_at = Some(self.showing.now);
            let more = json!({ "status": "completed" });
            self.telling.of(ActivityType::Completed, &self.conversation, &self.version().name, more);
        }
    }

    fn acquired(&mut self) {
        self.person_changed = true;
        if self.conversation.acquired_at.is_none() {
            self.conversation.acquired_at = Some(self.showing.now);
            self.telling.of(ActivityType::Acquired, &self.conversation, &self.version().name, json!({}));
        }
    }

    async fn supersede(&mut self, tx: &mut dyn Tx, from_card: Option<&str>) -> Result<(), AppError> {
        let stored = tx.messages(self.conversation.id, 0).await?;
        let live: Vec<(u64, MessageContent)> = stored
            .iter()
            .filter(|message| !message.superseded && message.from != MessageFrom::System)
            .filter_map(|message| Some((message.seq, content(message)?)))
            .collect();
        let contents: Vec<MessageContent> = live.iter().map(|(_, content)| content.clone()).collect();
        let Some(first) = superseded_from(&contents, from_card) else { return Ok(()) };
        let seqs: Vec<u64> = live[first..].iter().map(|(seq, _)| *seq).collect();
        Ok(tx.supersede_messages(self.conversation.id, &seqs).await?)
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
        if self.conversation.person_id != known.profile.person.id {
            self.person_changed = true;
        }
        Ok(())
    }
}

/// What marks the message that a request made.
struct Mark {
    client_id: String,
    digest: String,
}

fn content(message: &Message) -> Option<MessageContent> {
    let body: MessageBody = serde_json::from_value(message.body.clone()).ok()?;
    let kind = match message.kind.as_str() {
        "text" => stream::MessageKind::Text,
        "question" => stream::MessageKind::Question,
        "info" => stream::MessageKind::Info,
        "answer" => stream::MessageKind::Answer,
        _ => return None,
    };
    let from = match message.from {
        MessageFrom::Bot => stream::MessageFrom::Bot,
        MessageFrom::Visitor => stream::MessageFrom::Visitor,
        MessageFrom::System => stream::MessageFrom::System,
    };
    Some(MessageContent {
        from,
        kind,
        card_id: message.card_id.clone(),
        text: body.text,
        answer: body.answer,
    })
}

fn field(error: stream::FieldError) -> FieldError {
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

/// An opened dialogue that asks nothing has come to its end: what it says is written down, and it counts as completed.
pub(crate) async fn finish_opening(
    tx: &mut dyn Tx,
    unit: &mut Unit<'_>,
    known: &Known,
) -> Result<(), AppError> {
    if unit.conversation.state.phase != Phase::New {
        return Ok(());
    }
    let opening = Opening::of(unit.version(), unit.showing.voice, unit.showing.now)?;
    if opening.step.state.phase != Phase::Ended {
        return Ok(());
    }
    unit.conversation.state = opening.step.state.clone();
    for effect in opening.step.effects {
        if let Some(content) = effect.message() {
            unit.say(content, None);
        }
        match effect {
            Effect::ReachGoal { goal, .. } => unit.goal(goal),
            Effect::Completed => unit.completed(),
            _ => {}
        }
    }
    unit.save(tx, known).await.map_err(|refusal| match refusal {
        Refusal::Other(error) => error,
        Refusal::NotCurrent | Refusal::Repeated => AppError::Internal("an opening was refused".to_owned()),
    })
}
