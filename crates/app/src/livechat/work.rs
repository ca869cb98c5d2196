//! A unit of work on one chat that is there already.

use super::desk::Desk;
use crate::{
    App, AppError,
    conversations::{stage_of, telling::Telling},
    facts::Voice,
    notify::{self, Alert, Place},
    snapshot::{LiveVersion, PinnedVersion, Site},
};
use ::livechat::{Chat, Event, Outcome};
use bus::Hint;
use kernel::{ChatId, ConversationId, Locale, Timestamp, UserId};
use std::sync::Arc;
use store::{Conversation, Message, Tx};

/// The chat with its conversation, held until the end.
pub(super) struct Work<'a> {
    app: &'a App,
    pub tx: Box<dyn Tx>,
    pub now: Timestamp,
    pub conversation: Conversation,
    pub chat: Chat,
    site: Arc<Site>,
    version: Arc<LiveVersion>,
    locale: Locale,
    fresh: Vec<Message>,
    telling: Telling<'a>,
    agents: Vec<UserId>,
    alerts: Vec<Alert>,
    ended: Option<Outcome>,
}

impl<'a> Work<'a> {
    /// Takes hold of a chat; `NotFound` when it is not there.
    pub async fn on(app: &'a App, id: ChatId) -> Result<Self, AppError> {
        let mut tx = app.store().begin().await?;
        let missing = || AppError::NotFound("chat");
        let found = tx.chat(id).await?.ok_or_else(missing)?;
        let conversation = tx.lock_conversation(found.conversation_id).await?.ok_or_else(missing)?;
        // Read again: only now nobody else can change it.
        let chat = tx.chat(id).await?.ok_or_else(missing)?;
        Self::with(app, tx, conversation, chat).await
    }

    /// Takes hold of the newest chat of a conversation.
    pub async fn in_conversation(app: &'a App, id: ConversationId) -> Result<Self, AppError> {
        let mut tx = app.store().begin().await?;
        let missing = || AppError::NotFound("chat");
        let conversation = tx.lock_conversation(id).await?.ok_or_else(missing)?;
        let chat = tx.latest_chat(id).await?.ok_or_else(missing)?;
        Self::with(app, tx, conversation, chat).await
    }

    async fn with(
        app: &'a App,
        mut tx: Box<dyn Tx>,
        conversation: Conversation,
        chat: Chat,
    ) -> Result<Self, AppError> {
        let site = app.snapshot().site(conversation.site_id).cloned().ok_or(AppError::NotFound("chat"))?;
        let version = app.version(&site, PinnedVersion::of(&conversation), &mut *tx).await?;
        let locale = Locale::from_tag(&version.language)
            .unwrap_or_else(|| site.locale(chat.background.language.as_deref()));
        let now = app.now();
        Ok(Self {
            app,
            tx,
            now,
            conversation,
            chat,
            site,
            version,
            locale,
            fresh: Vec::new(),
            telling: Telling::new(app, now),
            agents: Vec::new(),
            alerts: Vec::new(),
            ended: None,
        })
    }

    /// Something happens to the chat.
    pub async fn apply(&mut self, event: Event) -> Result<(), AppError> {
        self.at_desk(Deed::Apply(event)).await
    }

    /// The next agent is asked.
    pub async fn choose(&mut self) -> Result<(), AppError> {
        self.at_desk(Deed::Choose).await
    }

    /// Writes a message.
    pub async fn write(&mut self, message: Written<'_>) -> Result<(), AppError> {
        self.at_desk(Deed::Write(Box::new(message))).await
    }

    /// Tells of something in the log of activities.
    pub fn tell(&mut self, kind: engagement::ActivityType, more: serde_json::Value) {
        self.telling.of(kind, &self.conversation, &self.version.name, more);
    }

    async fn at_desk(&mut self, deed: Deed<'_>) -> Result<(), AppError> {
        let mut desk = Desk {
            app: self.app,
            now: self.now,
            site: &self.site,
            dialogue_name: &self.version.name,
            locale: self.locale,
            conversation: &mut self.conversation,
            fresh: &mut self.fresh,
            telling: &mut self.telling,
            chat: self.chat.clone(),
            agents: std::mem::take(&mut self.agents),
            alerts: std::mem::take(&mut self.alerts),
            ended: self.ended,
        };
        match deed {
            Deed::Apply(event) => desk.apply(&mut *self.tx, event).await?,
            Deed::Choose => desk.choose(&mut *self.tx).await?,
            Deed::Write(message) => desk.write(*message),
        }
        if desk.ended != self.ended {
            let person = self.tx.person(desk.conversation.person_id).await?;
            let own = [desk.conversation.id];
            // Nobody is asking: what the visitor typed here may be said, and nothing else of the person.
            let voice = Voice {
                person: person.as_ref(),
                own: &own,
                visitor: Some(desk.conversation.visitor_id),
                locale: self.locale,
                ..Voice::of_nobody(&self.site)
            };
            desk.return_to_dialogue(&self.version, &voice);
        }
        let Desk { chat, agents, alerts, ended, .. } = desk;
        (self.chat, self.agents, self.alerts, self.ended) = (chat, agents, alerts, ended);
        Ok(())
    }

    /// Writes everything, and tells of it once it is durable.
    pub async fn finish(mut self) -> Result<Chat, AppError> {
        let rules = &self.app.settings().live_chat;
        self.conversation.stage = stage_of(&self.conversation);
        self.tx.save_chat(&self.chat, self.chat.due_at(rules)).await?;
        self.chat.revision += 1;
        if !self.fresh.is_empty() {
            self.tx.insert_messages(self.conversation.id, &self.fresh).await?;
        }
        self.tx.save_conversation(&self.conversation).await?;
        if !self.telling.activities.is_empty() {
            self.tx.append_activities(self.telling.told()).await?;
        }
        let place = Place { chat: self.chat.id, site: &self.site.record.name, dialogue: &self.version.name };
        let called = notify::enqueue(self.app, &mut *self.tx, place, &self.alerts).await?;
        let Self { app, tx, conversation, chat, fresh, ended, agents, .. } = self;
        tx.commit().await?;
        let spoken = (!fresh.is_empty()).then_some(conversation.last_seq);
        announce(app, &conversation, &chat, spoken, ended.is_some());
        told(app, agents);
        if called {
            app.hint(Hint::Outbox);
        }
        Ok(chat)
    }
}

fn announce(app: &App, conversation: &Conversation, chat: &Chat, spoken: Option<u64>, ended: bool) {
    let id = conversation.id;
    app.memory().conversations.invalidate(&id);
    app.memory().talks.invalidate(&id);
    if let Some(seq) = spoken {
        app.hint(Hint::Conversation { id, seq });
    }
    app.hint(Hint::Chat { id: chat.id, conversation: id });
    if ended {
        app.memory().forget_visitor(conversation.visitor_id);
        app.hint(Hint::Visitor { id: conversation.visitor_id });
    }
}

fn told(app: &App, mut agents: Vec<UserId>) {
    agents.sort_unstable();
    agents.dedup();
    for agent in agents {
        app.hint(Hint::Agent { id: agent });
    }
}

/// A message to be written.
pub(super) struct Written<'a> {
    pub from: store::MessageFrom,
    pub kind: &'a str,
    pub author: Option<UserId>,
    pub client_id: Option<String>,
    pub body: crate::conversations::MessageBody,
}

enum Deed<'a> {
    Apply(Event),
    Choose,
    Write(Box<Written<'a>>),
}
