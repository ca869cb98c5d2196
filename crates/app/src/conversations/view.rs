//! A conversation as the widget sees it.

use super::{Attachment, MessageBody, effects::event, is_stale, stage_of};
use crate::{
    App, AppError,
    caller::Caller,
    facts::Voice,
    livechat::{self, view::VisitorChat},
    memory::Known,
    snapshot::{LiveVersion, PinnedVersion, Site},
};
use kernel::{ConversationId, DialogueId, RichText, Timestamp, UserId};
use serde::Serialize;
use store::{Conversation, ConversationStage, DialogueKind, Message, MessageFrom, Session};
use stream::{
    AnswerRecord, ConversationState, Effect, Input, Interface, MessageContent, Phase, Turn, Waiting,
    rehearsal::MAX_CONTINUATIONS,
};
use utoipa::ToSchema;

/// A message of the conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MessageView {
    /// 1, 2, 3… within the conversation; the order. Not every number is shown to visitors.
    pub seq: u64,
    /// Who speaks.
    #[schema(value_type = String, example = "bot")]
    pub from: MessageFrom,
    /// `text`, `question`, `info`, `answer`, `notice`, `attachment`, `changed`; in transcripts also `event` and `note`.
    pub kind: String,
    /// The card it came from or answers.
    pub card_id: Option<String>,
    /// The text as structure.
    #[schema(value_type = Object)]
    pub text: RichText,
    /// Replaced by a later answer.
    pub superseded: bool,
    /// The client's id of the input that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What was answered; only on answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub answer: Option<AnswerRecord>,
    /// The agent who wrote it.
    pub author: Option<AuthorView>,
    /// When its author changed it last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub edited_at: Option<Timestamp>,
    /// Its author took it back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// Only on `changed`: the number of the message that reads like this now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<u64>,
    /// The file that was sent; only on `attachment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Attachment>,
    #[serde(skip)]
    pub(crate) author_id: Option<UserId>,
    #[serde(skip)]
    hidden: bool,
}

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuthorView {
    /// The user; not told to visitors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Name.
    pub name: String,
    /// Picture, when there is one.
    pub avatar_url: Option<String>,
}

impl MessageView {
    /// Out of a stored message.
    pub fn of(message: &Message) -> Result<Self, AppError> {
        let body: MessageBody = serde_json::from_value(message.body.clone())
            .map_err(|error| AppError::Internal(format!("message {}: {error}", message.id)))?;
        Ok(Self {
            seq: message.seq,
            from: message.from,
            kind: message.kind.clone(),
            card_id: message.card_id.clone(),
            text: body.text,
            superseded: message.superseded,
            client_id: message.client_id.clone(),
            at: message.at,
            answer: body.answer,
            author: None,
            edited_at: body.edited_at,
            deleted: body.deleted,
            changes: body.changes,
            attachment: body.attachment,
            author_id: message.author_id,
            hidden: body.hidden,
        })
    }

    /// Of a conversation that is not recorded.
    pub(crate) fn rehearsed(content: &MessageContent, seq: u64, at: Timestamp) -> Self {
        Self {
            seq,
            from: from(content.from),
            kind: kind(content.kind).to_owned(),
            card_id: content.card_id.clone(),
            text: content.text.clone(),
            superseded: false,
            client_id: None,
            at,
            answer: content.answer.clone(),
            author: None,
            edited_at: None,
            deleted: false,
            changes: None,
            attachment: None,
            author_id: None,
            hidden: false,
        }
    }

    /// Events and notes stand in transcripts only.
    pub(crate) fn is_for_visitors(&self) -> bool {
        let of_system =
            self.from == MessageFrom::System && !matches!(self.kind.as_str(), "notice" | "changed");
        !of_system && !self.hidden && self.kind != "note"
    }
}

/// A conversation as its visitor sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationView {
    /// Its id; none for a conversation that is not recorded.
    #[schema(value_type = Option<String>)]
    pub id: Option<ConversationId>,
    /// `dialogue` or `flow`.
    #[schema(value_type = String)]
    pub kind: DialogueKind,
    /// Of which dialogue or flow.
    #[schema(value_type = String)]
    pub dialogue_id: DialogueId,
    /// Name of the dialogue or flow.
    pub name: String,
    /// `chatbot`, `popup` or `inline`.
    #[schema(value_type = String)]
    pub ui: Interface,
    /// `triggered`, `engaged`, `completed` or `dropped`.
    #[schema(value_type = String)]
    pub state: ConversationStage,
    /// The visitor may start again.
    pub allow_restart: bool,
    /// The visitor may answer earlier cards again.
    pub allow_back: bool,
    /// Number of the last message.
    pub last_seq: u64,
    /// Rises when earlier messages changed: fetch everything again.
    pub epoch: u32,
    /// The messages asked for.
    pub messages: Vec<MessageView>,
    /// What the conversation waits for.
    #[schema(value_type = Option<Object>)]
    pub waiting: Option<Waiting>,
    /// True once an e-mail address was given.
    pub person_known: bool,
    /// The chat with an agent that was asked for last.
    pub chat: Option<VisitorChat>,
}

/// What the bot says first, rendered for somebody now. Nothing of it is carried out before the visitor answers.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    pub state: ConversationState,
    pub effects: Vec<Effect>,
    pub at: Timestamp,
}

impl Opening {
    /// Walks from the start to the first waiting card or the end.
    pub(crate) fn of(version: &LiveVersion, voice: &Voice<'_>, at: Timestamp) -> Result<Self, AppError> {
        Self::with(version, voice, at, ConversationState::default())
    }

    /// The same for a conversation that begins with something.
    pub(crate) fn with(
        version: &LiveVersion,
        voice: &Voice<'_>,
        at: Timestamp,
        fresh: ConversationState,
    ) -> Result<Self, AppError> {
        let refused = |refused| AppError::Internal(format!("the start of {}: {refused}", version.id));
        let walk = |state: &ConversationState, input: &Input| {
            let turn = Turn { input, client_id: None, at };
            stream::advance(&version.stream, state, turn, voice).map_err(refused)
        };
        let mut step = walk(&fresh, &Input::Start)?;
        let mut effects = std::mem::take(&mut step.effects);
        for _ in 0..MAX_CONTINUATIONS {
            if !step.state.must_continue() {
                break;
            }
            step = walk(&step.state, &Input::Continue)?;
            effects.append(&mut step.effects);
        }
        Ok(Self { state: step.state, effects, at })
    }

    /// The messages with the numbers that they get when they are written down: events take numbers too.
    pub(crate) fn messages(&self) -> Vec<MessageView> {
        let numbered = self.effects.iter().scan(0_u64, |seq, effect| {
            let content = effect.message();
            if content.is_some() || event(effect).is_some() {
                *seq += 1;
            }
            Some((*seq, content))
        });
        numbered
            .filter_map(|(seq, content)| Some((seq, content?)))
            .map(|(seq, content)| MessageView::rehearsed(&content, seq, self.at))
            .collect()
    }

    /// As a conversation that is not there yet.
    pub(crate) fn view(&self, version: &LiveVersion, interface: Option<Interface>) -> ConversationView {
        let messages = self.messages();
        ConversationView {
            id: None,
            kind: version.kind,
            dialogue_id: version.dialogue_id,
            name: version.name.clone(),
            ui: interface.unwrap_or(version.interface),
            state: ConversationStage::Triggered,
            allow_restart: version.allow_restart,
            allow_back: version.allow_back,
            last_seq: messages.last().map_or(0, |message| message.seq),
            epoch: version.number,
            messages,
            waiting: self.waiting(),
            person_known: false,
            chat: None,
        }
    }

    pub(crate) fn waiting(&self) -> Option<Waiting> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Ask { waiting, .. } => Some(waiting.clone()),
            Effect::RequestChat { card, .. } => Some(Waiting::LiveChat { card_id: card.clone() }),
            _ => None,
        })
    }

    /// The text beside the icon: the first card that says something.
    pub(crate) fn poke(&self) -> Option<String> {
        let first = self.effects.iter().find_map(Effect::message)?;
        Some(first.text.to_plain()).filter(|text| !text.trim().is_empty())
    }
}

pub(crate) const fn from(from: stream::MessageFrom) -> MessageFrom {
    match from {
        stream::MessageFrom::Bot => MessageFrom::Bot,
        stream::MessageFrom::Visitor => MessageFrom::Visitor,
        stream::MessageFrom::System => MessageFrom::System,
    }
}

pub(crate) const fn kind(kind: stream::MessageKind) -> &'static str {
    match kind {
        stream::MessageKind::Text => "text",
        stream::MessageKind::Question => "question",
        stream::MessageKind::Info => "info",
        stream::MessageKind::Document => "document",
        stream::MessageKind::AiAnswer => "ai_answer",
        stream::MessageKind::Answer => "answer",
        stream::MessageKind::Notice => "notice",
    }
}

/// What is needed to show a conversation.
#[derive(Clone, Copy)]
pub(crate) struct Showing<'a> {
    pub app: &'a App,
    pub site: &'a Site,
    pub version: &'a LiveVersion,
    pub voice: &'a Voice<'a>,
    pub now: Timestamp,
}

impl Showing<'_> {
    /// A conversation with the messages after `after`. One that is not answered yet shows its opening.
    pub(crate) fn view(
        &self,
        conversation: &Conversation,
        stored: &[Message],
        after: u64,
    ) -> Result<ConversationView, AppError> {
        if conversation.state.phase == Phase::New {
            return self.unanswered(conversation, after);
        }
        let messages: Result<Vec<_>, _> = stored.iter().map(MessageView::of).collect();
        let shown = |message: &MessageView| message.seq > after && message.is_for_visitors();
        let mut view = self.frame(conversation);
        view.messages = messages?.into_iter().filter(shown).collect();
        if !matches!(view.state, ConversationStage::Dropped) {
            view.waiting = stream::waiting(&self.version.stream, &conversation.state, self.voice);
        }
        Ok(view)
    }

    fn unanswered(&self, conversation: &Conversation, after: u64) -> Result<ConversationView, AppError> {
        let fresh = conversation.state.clone();
        let opening = Opening::with(self.version, self.voice, conversation.triggered_at, fresh)?;
        let mut view = self.frame(conversation);
        view.waiting = opening.waiting();
        view.messages = opening.messages();
        view.last_seq = view.messages.last().map_or(0, |message| message.seq);
        view.messages.retain(|message| message.seq > after);
        Ok(view)
    }

    fn frame(&self, conversation: &Conversation) -> ConversationView {
        let hours = self.app.settings().retention.drop_after_hours;
        let stale = is_stale(conversation, self.now, hours);
        ConversationView {
            id: Some(conversation.id),
            kind: self.version.kind,
            dialogue_id: conversation.dialogue_id,
            name: self.version.name.clone(),
            ui: conversation.state.interface.unwrap_or(self.version.interface),
            state: if stale { ConversationStage::Dropped } else { stage_of(conversation) },
            allow_restart: self.version.allow_restart,
            allow_back: self.version.allow_back,
            last_seq: conversation.last_seq,
            epoch: conversation.epoch,
            messages: Vec::new(),
            waiting: None,
            person_known: self.voice.person.is_some_and(people::Person::is_known),
            chat: None,
        }
    }
}

/// The visitor's own conversation, for a widget that comes back or missed something.
pub async fn read(
    app: &App,
    caller: &Caller,
    id: ConversationId,
    after: u64,
) -> Result<ConversationView, AppError> {
    let now = app.now();
    let known = caller.visitor(app, now).await?.ok_or(AppError::NotFound("conversation"))?;
    let mut session = app.store().read().await?;
    read_with(app, caller, &known, &mut *session, id, after).await
}

pub(crate) async fn read_with(
    app: &App,
    caller: &Caller,
    known: &Known,
    session: &mut dyn Session,
    id: ConversationId,
    after: u64,
) -> Result<ConversationView, AppError> {
    let site = &*caller.site;
    let found = session.visitor_conversation(site.scope(), known.profile.visitor.id, id).await?;
    let conversation = found.ok_or(AppError::NotFound("conversation"))?;
    let version = app.version(site, PinnedVersion::of(&conversation), session).await?;
    let messages = match conversation.last_seq {
        0 => Vec::new(),
        _ => session.messages(id, after).await?,
    };
    let own = own_conversations(known);
    let voice = Voice::of(site, known, &own).speaking(&version.language);
    let showing = Showing { app, site, version: &version, voice: &voice, now: app.now() };
    let mut view = showing.view(&conversation, &messages, after)?;
    livechat::complete(app, session, &conversation, &mut view).await?;
    Ok(view)
}

/// What was typed there is the visitor's to see.
pub(crate) fn own_conversations(known: &Known) -> Vec<ConversationId> {
    known.profile.conversations.iter().map(|mark| mark.id).collect()
}
