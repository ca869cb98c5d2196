//! Messages between people. Each is stored, flushed and acknowledged, in that order (rule R1), and many that come at the same
//! time share the way to the disk ([`store::Store::commit_step`]). It is written from the conversation and the chat as this
//! node remembers them; whatever changes a chat moves its conversation on, so that a message that was worked out from an
//! older state is refused by the store and worked out anew.

use super::{
    answer::agent_of,
    attachment, list,
    work::{Work, Written},
};
use crate::{
    App, AppError,
    access::Actor,
    audit::{self, Note},
    caller::Caller,
    conversations::{Attachment, MessageBody, stage_of, telling::Telling},
    memory::Counters,
};
use ::livechat::{Chat, Event, State};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bus::Hint;
use engagement::ActivityType;
use kernel::{ChatId, ConversationId, RichText, Timestamp, UserId, VisitorId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use store::{Conversation, Message, MessageFrom, StepRecord, StoreError};
use utoipa::ToSchema;

/// The longest message, in characters.
pub const MAX_TEXT: usize = 4_000;
/// The longest id that a client makes.
const MAX_CLIENT_ID: usize = 100;
/// How often a message is worked out anew when others are faster, before the conversation is held for it.
const TRIES: usize = 8;

/// The last messages that are kept with a talk, and how long their texts may be, in bytes.
const TAIL: usize = 4;
const SHORT: usize = 1_000;

/// A conversation under way with its chat, as they were when this node last wrote to it.
#[derive(Debug, Clone)]
pub(crate) struct Talk {
    pub conversation: Arc<Conversation>,
    pub chat: Arc<Chat>,
    /// The last messages without a gap, as this node stored them; none when it read the talk.
    tail: Vec<Arc<Message>>,
}

impl Talk {
    fn read(conversation: Conversation, chat: Chat) -> Self {
        Self { conversation: Arc::new(conversation), chat: Arc::new(chat), tail: Vec::new() }
    }

    /// With a message that was stored behind the last one.
    fn followed_by(&self, conversation: Arc<Conversation>, message: Message, length: usize) -> Self {
        let mut tail = self.tail.clone();
        if length > SHORT {
            tail.clear();
        } else {
            let surplus = (tail.len() + 1).saturating_sub(TAIL);
            tail.drain(..surplus);
            tail.push(Arc::new(message));
        }
        Self { conversation, chat: Arc::clone(&self.chat), tail }
    }

    /// All messages after a number, when they are here.
    pub(super) fn after(&self, number: u64) -> Option<impl Iterator<Item = &Message>> {
        let first = self.tail.first()?.seq;
        (first <= number + 1 && number <= self.conversation.last_seq)
            .then(|| self.tail.iter().map(Arc::as_ref).filter(move |message| message.seq > number))
    }
}

/// What an agent writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// To the visitor.
    #[default]
    Text,
    /// To colleagues.
    Note,
}

/// A message to be said.
#[derive(Debug, Clone)]
pub struct Saying {
    /// Made by the client for this message; the same id is the same message.
    pub client_id: String,
    /// What it is; visitors write texts.
    pub kind: Kind,
    /// The words; of a file its name.
    pub text: String,
    /// The file that is sent.
    pub attachment: Option<Attachment>,
    /// Digest of the file's content.
    pub digest: Option<String>,
}

impl Saying {
    /// Words.
    pub fn words(client_id: String, kind: Kind, text: String) -> Self {
        Self { client_id, kind, text, attachment: None, digest: None }
    }
}

/// A message that was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Said {
    /// Its number.
    pub seq: u64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// Who speaks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Speaker {
    Visitor(VisitorId),
    Agent(UserId),
}

/// The visitor says something.
pub async fn say_as_visitor(
    app: &App,
    caller: &Caller,
    id: ConversationId,
    saying: &Saying,
) -> Result<Said, AppError> {
    let missing = || AppError::NotFound("conversation");
    let known = caller.visitor(app, app.now()).await?.ok_or_else(missing)?;
    if saying.kind == Kind::Note {
        return Err(AppError::Forbidden("visitors cannot write notes".to_owned()));
    }
    say(app, Speaker::Visitor(known.profile.visitor.id), id, saying).await
}

/// An agent says something in a conversation that he or she is in.
pub async fn say_as_agent(
    app: &App,
    actor: &Actor,
    id: ConversationId,
    saying: &Saying,
) -> Result<Said, AppError> {
    say(app, Speaker::Agent(agent_of(actor)?), id, saying).await
}

/// The same by the chat's id.
pub async fn say_in_chat(app: &App, actor: &Actor, id: ChatId, saying: &Saying) -> Result<Said, AppError> {
    let chat = app.store().read().await?.chat(id).await?.ok_or(AppError::NotFound("chat"))?;
    if !list::may_see(actor, &chat) {
        return Err(AppError::NotFound("chat"));
    }
    if chat.is_over() {
        return Err(AppError::Conflict("the chat has ended".to_owned()));
    }
    say_as_agent(app, actor, chat.conversation_id, saying).await
}

async fn say(app: &App, speaker: Speaker, id: ConversationId, saying: &Saying) -> Result<Said, AppError> {
    check(saying)?;
    for _ in 0..TRIES {
        let (talk, remembered) = match app.memory().talks.get(&id) {
            Some(talk) => (talk, true),
            None => (read(app, id).await?, false),
        };
        let turn = Turn { app, speaker, saying, now: app.now() };
        if let Err(refused) = allowed(speaker, &talk) {
            // What is remembered may be older than what another node did.
            app.memory().talks.invalidate(&id);
            if remembered {
                continue;
            }
            return turn.repeated(id).await?.ok_or(refused);
        }
        if talk.chat.ends_at.is_some() {
            return turn.wake(id).await;
        }
        match turn.store(&talk).await {
            Ok(said) => return Ok(said),
            Err(StoreError::Stale) => app.memory().talks.invalidate(&id),
            Err(StoreError::Taken { .. }) => {
                let other = || AppError::Conflict("this client id was used for another message".to_owned());
                return turn.repeated(id).await?.ok_or_else(other);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Turn { app, speaker, saying, now: app.now() }.wake(id).await
}

fn check(saying: &Saying) -> Result<(), AppError> {
    let invalid = |field: &str, code, reason: &str| Err(AppError::invalid(field, code, reason));
    if saying.text.trim().is_empty() {
        return invalid("/text", "required", "must not be empty");
    }
    if saying.text.chars().count() > MAX_TEXT {
        return invalid("/text", "too_long", "must have at most 4,000 characters");
    }
    if kernel::text::has_forbidden_controls(&saying.text) {
        return invalid("/text", "text", "has characters that cannot be stored");
    }
    check_client_id(&saying.client_id)
}

pub(super) fn check_client_id(id: &str) -> Result<(), AppError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if id.is_empty() || id.len() > MAX_CLIENT_ID || !id.bytes().all(plain) {
        let reason = "must have 1 to 100 letters, digits, - or _";
        return Err(AppError::invalid("/client_id", "client_id", reason));
    }
    Ok(())
}

pub(super) async fn read(app: &App, id: ConversationId) -> Result<Arc<Talk>, AppError> {
    let missing = || AppError::NotFound("conversation");
    let mut session = app.store().read().await?;
    // In this order: when the chat changes in between, the conversation is too old, and the store refuses what is made of it.
    let conversation = session.conversation(id).await?.ok_or_else(missing)?.conversation;
    let chat = session.latest_chat(id).await?.ok_or_else(missing)?;
    let talk = Arc::new(Talk::read(conversation, chat));
    app.memory().talks.insert(id, Arc::clone(&talk));
    Ok(talk)
}

/// Whether somebody may speak in this conversation now.
pub(super) fn allowed(speaker: Speaker, Talk { conversation, chat, .. }: &Talk) -> Result<(), AppError> {
    let ended = || AppError::Conflict("the chat has ended".to_owned());
    match speaker {
        Speaker::Visitor(visitor) if conversation.visitor_id != visitor => {
            Err(AppError::NotFound("conversation"))
        }
        Speaker::Agent(agent) if !chat.agents.iter().any(|one| one.agent == agent) => {
            Err(AppError::NotFound("conversation"))
        }
        _ if chat.is_over() => Err(ended()),
        Speaker::Agent(agent) if !chat.has(agent) => {
            Err(AppError::Conflict("you are not in this chat any more".to_owned()))
        }
        Speaker::Visitor(_) | Speaker::Agent(_) => Ok(()),
    }
}

/// One message on its way.
pub(super) struct Turn<'a> {
    pub app: &'a App,
    pub speaker: Speaker,
    pub saying: &'a Saying,
    pub now: Timestamp,
}

impl Turn<'_> {
    fn from(&self) -> MessageFrom {
        match self.speaker {
            Speaker::Visitor(_) => MessageFrom::Visitor,
            Speaker::Agent(_) => MessageFrom::Agent,
        }
    }

    fn author(&self) -> Option<UserId> {
        match self.speaker {
            Speaker::Visitor(_) => None,
            Speaker::Agent(agent) => Some(agent),
        }
    }

    fn kind(&self) -> &'static str {
        match self.saying {
            Saying { attachment: Some(_), .. } => "attachment",
            Saying { kind: Kind::Text, .. } => "text",
            Saying { kind: Kind::Note, .. } => "note",
        }
    }

    /// Tells the same message from another one with its client id.
    fn digest(&self) -> String {
        let author = self.author().map(|author| author.to_string()).unwrap_or_default();
        let mut text = format!("{author}\n{}\n{}", self.kind(), self.saying.text);
        if let Some(content) = &self.saying.digest {
            text.push('\n');
            text.push_str(content);
        }
        BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
    }

    fn body(&self) -> MessageBody {
        MessageBody {
            request: Some(self.digest()),
            hidden: self.saying.kind == Kind::Note,
            attachment: self.saying.attachment.clone(),
            ..MessageBody::of(RichText::plain(&self.saying.text))
        }
    }

    fn message(&self, seq: u64) -> Message {
        Message {
            id: self.app.id(self.now),
            seq,
            from: self.from(),
            kind: self.kind().to_owned(),
            card_id: None,
            body: serde_json::to_value(self.body()).unwrap_or_default(),
            superseded: false,
            client_id: Some(self.saying.client_id.clone()),
            author_id: self.author(),
            at: self.now,
        }
    }

    fn dialogue_name(&self, conversation: &Conversation) -> String {
        let snapshot = self.app.snapshot();
        let live = snapshot.site(conversation.site_id).and_then(|site| site.live(conversation.dialogue_id));
        live.map(|version| version.name.clone()).unwrap_or_default()
    }

    /// Stores the message with its number, and tells of it once it is flushed.
    async fn store(&self, talk: &Talk) -> Result<Said, StoreError> {
        let mut after = (*talk.conversation).clone();
        after.last_seq += 1;
        after.revision += 1;
        let mut activities = Vec::new();
        if matches!(self.speaker, Speaker::Visitor(_)) {
            after.last_visitor_at = self.now;
            if after.engaged_at.is_none() {
                after.engaged_at = Some(self.now);
                after.state.engaged = true;
                let mut telling = Telling::new(self.app, self.now);
                let name = self.dialogue_name(&after);
                telling.of(ActivityType::Engaged, &after, &name, json!({ "status": "initiated" }));
                activities = telling.activities;
            }
        }
        after.stage = stage_of(&after);
        let said = Said { seq: after.last_seq, at: self.now };
        let after = Arc::new(after);
        let message = self.message(said.seq);
        let messages = vec![message.clone()];
        let step = StepRecord { conversation: Arc::clone(&after), messages, activities };
        self.app.store().commit_step(step).await?;
        let id = after.id;
        let talk = talk.followed_by(after, message, self.saying.text.len());
        self.app.memory().talks.insert(id, Arc::new(talk));
        self.app.memory().conversations.invalidate(&id);
        Counters::add(&self.app.counters().chat_messages, 1);
        self.app.hint(Hint::Conversation { id, seq: said.seq });
        Ok(said)
    }

    /// The message in a unit of work that holds the conversation: it also takes a warning back.
    pub(super) async fn wake(&self, id: ConversationId) -> Result<Said, AppError> {
        let mut work = Work::in_conversation(self.app, id).await?;
        let talk = Talk::read(work.conversation.clone(), work.chat.clone());
        if let Err(refused) = allowed(self.speaker, &talk) {
            return self.repeated(id).await?.ok_or(refused);
        }
        if work.tx.conversation_of_client_id(id, &self.saying.client_id).await?.is_some() {
            drop(work);
            let other = || AppError::Conflict("this client id was used for another message".to_owned());
            return self.repeated(id).await?.ok_or_else(other);
        }
        if work.chat.state == State::WithAgent {
            work.apply(Event::Spoke).await?;
        }
        if matches!(self.speaker, Speaker::Visitor(_)) {
            work.conversation.last_visitor_at = self.now;
            if work.conversation.engaged_at.is_none() {
                work.conversation.engaged_at = Some(self.now);
                work.conversation.state.engaged = true;
                work.tell(ActivityType::Engaged, json!({ "status": "initiated" }));
            }
        }
        if let Some(attachment) = &self.saying.attachment {
            let gone = |_| AppError::Conflict("the file is not there any more; send it again".to_owned());
            work.tx.send_attachment(id, attachment.id).await.map_err(gone)?;
        }
        let written = Written {
            from: self.from(),
            kind: self.kind(),
            author: self.author(),
            client_id: Some(self.saying.client_id.clone()),
            body: self.body(),
        };
        work.write(written).await?;
        let said = Said { seq: work.conversation.last_seq, at: self.now };
        work.finish().await?;
        Counters::add(&self.app.counters().chat_messages, 1);
        Ok(said)
    }

    /// The answer that the same message got before; none when there is none, or another one with its client id.
    pub(super) async fn repeated(&self, id: ConversationId) -> Result<Option<Said>, AppError> {
        let mut session = self.app.store().read().await?;
        let made = session.conversation_of_client_id(id, &self.saying.client_id).await?;
        let Some(made) = made else { return Ok(None) };
        let body: Option<MessageBody> = serde_json::from_value(made.body).ok();
        let same = body.and_then(|body| body.request) == Some(self.digest());
        Ok(same.then_some(Said { seq: made.seq, at: made.at }))
    }
}

/// Changes one's own message; the earlier words stay in the audit log.
pub async fn edit(app: &App, actor: &Actor, id: ChatId, seq: u64, text: &str) -> Result<(), AppError> {
    check(&Saying::words("-".to_owned(), Kind::Text, text.to_owned()))?;
    let change = |body: &mut MessageBody, now| {
        if body.attachment.is_some() {
            let reason = "a file cannot be changed; take it back and send another one";
            return Err(AppError::Conflict(reason.to_owned()));
        }
        body.text = RichText::plain(text);
        body.edited_at = Some(now);
        Ok(())
    };
    rewrite(app, actor, id, seq, "message.edited", change).await
}

/// Takes one's own message back; its words stay in the audit log, a file goes.
pub async fn delete(app: &App, actor: &Actor, id: ChatId, seq: u64) -> Result<(), AppError> {
    let change = |body: &mut MessageBody, _| {
        body.text = RichText::plain("");
        body.attachment = None;
        body.deleted = true;
        Ok(())
    };
    rewrite(app, actor, id, seq, "message.deleted", change).await
}

async fn rewrite(
    app: &App,
    actor: &Actor,
    id: ChatId,
    seq: u64,
    action: &'static str,
    change: impl Fn(&mut MessageBody, Timestamp) -> Result<(), AppError>,
) -> Result<(), AppError> {
    let author = agent_of(actor)?;
    let missing = || AppError::NotFound("message");
    let mut work = Work::on(app, id).await?;
    if !list::may_see(actor, &work.chat) {
        return Err(AppError::NotFound("chat"));
    }
    let found = work.tx.messages(work.conversation.id, seq.saturating_sub(1)).await?;
    let found = found.into_iter().next().filter(|message| message.seq == seq).ok_or_else(missing)?;
    if found.author_id != Some(author) {
        return Err(AppError::Forbidden("only its author can change a message".to_owned()));
    }
    if work.now.duration_since(found.at) > app.settings().live_chat.edit() {
        return Err(AppError::Conflict("a message can be changed for five minutes".to_owned()));
    }
    let mut body: MessageBody =
        serde_json::from_value(found.body).map_err(|error| AppError::Internal(error.to_string()))?;
    if body.deleted {
        return Err(AppError::Conflict("the message was taken back".to_owned()));
    }
    // Under the person, so that erasing the person takes the words with it.
    let note = Note::new(action, "person").of(work.conversation.person_id, "").details(json!({
        "chat_id": id, "seq": seq, "before": body.text.to_plain(),
    }));
    audit::write(app, &mut *work.tx, actor, note).await?;
    let file = body.attachment.as_ref().map(|attachment| attachment.id);
    change(&mut body, work.now)?;
    let gone = file.filter(|_| body.attachment.is_none());
    if let Some(file) = gone {
        work.tx.release_attachment(file).await?;
    }
    let json = serde_json::to_value(&body).map_err(|error| AppError::Internal(error.to_string()))?;
    work.tx.rewrite_message(work.conversation.id, seq, &json).await?;
    let changed = MessageBody {
        changes: Some(seq),
        hidden: body.hidden,
        edited_at: body.edited_at,
        deleted: body.deleted,
        ..MessageBody::of(body.text)
    };
    let written =
        Written { from: MessageFrom::System, kind: "changed", author: None, client_id: None, body: changed };
    work.write(written).await?;
    work.finish().await?;
    if gone.is_some() {
        attachment::tidy(app).await;
    }
    Ok(())
}
