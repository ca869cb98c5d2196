//! Where the effects of a chat become messages, activities and the next question: within a unit of work that holds the
//! conversation.

use super::{choose, name_of, request::for_dialogue, words, work::Written};
use crate::{
    App, AppError,
    conversations::{MessageBody, effects::event, telling::Telling, view},
    facts::Voice,
    notify::{self, About, Alert},
    snapshot::{LiveVersion, Site},
};
use ::livechat::{Chat, Effect, Event, OfferResult, Outcome, Refused, Role};
use engagement::ActivityType;
use jiff::SignedDuration;
use kernel::{Locale, RichText, Timestamp, UserId};
use serde_json::json;
use std::collections::VecDeque;
use store::{Conversation, Message, MessageFrom, Tx};
use stream::{Input, Turn};

/// A chat in the hands of whoever changes it.
pub(super) struct Desk<'a, 'b> {
    pub app: &'a App,
    pub now: Timestamp,
    pub site: &'b Site,
    pub dialogue_name: &'b str,
    /// In which the visitor is told what happens.
    pub locale: Locale,
    pub conversation: &'b mut Conversation,
    pub fresh: &'b mut Vec<Message>,
    pub telling: &'b mut Telling<'a>,
    pub chat: Chat,
    /// Agents for whom something changed.
    pub agents: Vec<UserId>,
    /// Who is to be called by other ways than the console.
    pub alerts: Vec<Alert>,
    /// Set when the chat ended here.
    pub ended: Option<Outcome>,
}

/// For how long it is worth telling somebody that a chat was missed.
const NEWS: SignedDuration = SignedDuration::from_hours(12);

impl Desk<'_, '_> {
    /// Something happens to the chat.
    pub async fn apply(&mut self, tx: &mut dyn Tx, event: Event) -> Result<(), AppError> {
        let effects = match self.chat.apply(&self.app.settings().live_chat, self.now, event) {
            Ok(effects) => effects,
            Err(refused) => return Err(self.refusal(tx, refused).await?),
        };
        self.carry_out(tx, effects).await
    }

    /// Asks the next agent.
    pub async fn choose(&mut self, tx: &mut dyn Tx) -> Result<(), AppError> {
        self.carry_out(tx, vec![Effect::Choose]).await
    }

    async fn refusal(&self, tx: &mut dyn Tx, refused: Refused) -> Result<AppError, AppError> {
        Ok(AppError::Conflict(match refused {
            Refused::Taken { by } => {
                format!("{} has taken this chat", name_of(self.app, tx, by).await?)
            }
            other => other.to_string(),
        }))
    }

    async fn carry_out(&mut self, tx: &mut dyn Tx, effects: Vec<Effect>) -> Result<(), AppError> {
        let mut open = VecDeque::from(effects);
        while let Some(effect) = open.pop_front() {
            match effect {
                Effect::Choose => {
                    let next =
                        choose::next(self.app, tx, self.site, self.conversation, &mut self.chat).await?;
                    let event = next.map_or(Event::NobodyFound, |agent| Event::Chosen { agent });
                    let rules = &self.app.settings().live_chat;
                    let more = self.chat.apply(rules, self.now, event);
                    open.extend(more.map_err(|refused| AppError::Conflict(refused.to_string()))?);
                }
                Effect::Offered { agent, role, from } => self.offered(tx, agent, role, from).await?,
                Effect::OfferGone { agent, result } => self.offer_gone(tx, agent, result).await?,
                Effect::Joined { agent, first } => self.joined(tx, agent, first).await?,
                Effect::Left { agent } => self.left(tx, agent).await?,
                Effect::Warned => self.notice(words::ends_soon(self.locale)),
                Effect::Ended { outcome } => self.ended(tx, outcome).await?,
            }
        }
        Ok(())
    }

    async fn offered(
        &mut self,
        tx: &mut dyn Tx,
        agent: UserId,
        role: Role,
        from: Option<UserId>,
    ) -> Result<(), AppError> {
        self.agents.push(agent);
        let until = self.chat.offer_to(agent).map_or(self.now, |offer| offer.answer_by);
        self.alert(agent, About::Offer, until);
        let name = name_of(self.app, tx, agent).await?;
        let sentence = match (from, role) {
            (None, _) => format!("{name} was asked to take the chat."),
            (Some(from), Role::Owner) => {
                format!("{} offered the chat to {name}.", name_of(self.app, tx, from).await?)
            }
            (Some(from), Role::Guest) => {
                format!("{} asked {name} to join.", name_of(self.app, tx, from).await?)
            }
        };
        self.event(&sentence);
        Ok(())
    }

    async fn offer_gone(
        &mut self,
        tx: &mut dyn Tx,
        agent: UserId,
        result: OfferResult,
    ) -> Result<(), AppError> {
        self.agents.push(agent);
        let name = name_of(self.app, tx, agent).await?;
        match result {
            OfferResult::Missed => {
                self.alert(agent, About::Missed, self.now + NEWS);
                self.event(&format!("{name} did not answer in time."));
            }
            OfferResult::Declined => self.event(&format!("{name} declined.")),
            OfferResult::Withdrawn => self.event(&format!("{name} is not asked any more.")),
            OfferResult::Accepted | OfferResult::Open => {}
        }
        Ok(())
    }

    async fn joined(&mut self, tx: &mut dyn Tx, agent: UserId, first: bool) -> Result<(), AppError> {
        self.agents.push(agent);
        let name = name_of(self.app, tx, agent).await?;
        self.notice(&words::joined(self.locale, &name));
        if first && !self.was_with_an_agent(tx).await? {
            let wait = self.now.duration_since(self.chat.requested_at).as_millis();
            let more = json!({
                "chat_id": self.chat.id, "agent_id": agent, "agent_name": name,
                "wait_ms": i64::try_from(wait).unwrap_or(i64::MAX),
            });
            self.telling.of(ActivityType::LiveChatInitiated, self.conversation, self.dialogue_name, more);
        }
        Ok(())
    }

    /// Engaged with an agent counts once for a conversation, whatever number of chats it has.
    async fn was_with_an_agent(&self, tx: &mut dyn Tx) -> Result<bool, AppError> {
        Ok(tx.accepted_chats(self.conversation.id).await? > 0)
    }

    async fn left(&mut self, tx: &mut dyn Tx, agent: UserId) -> Result<(), AppError> {
        self.agents.push(agent);
        let name = name_of(self.app, tx, agent).await?;
        self.notice(&words::left(self.locale, &name));
        Ok(())
    }

    async fn ended(&mut self, tx: &mut dyn Tx, outcome: Outcome) -> Result<(), AppError> {
        self.ended = Some(outcome);
        self.agents.extend(self.chat.agents.iter().map(|one| one.agent));
        let talked = self.chat.accepted_at.is_some();
        match outcome {
            Outcome::EndedByAgent | Outcome::EndedByVisitor => self.notice(words::ended(self.locale)),
            Outcome::TimedOut => self.notice(words::timed_out(self.locale)),
            Outcome::Cancelled => self.event("The visitor does not wait for an agent any more."),
            Outcome::Missed => self.event("Nobody took the chat."),
            Outcome::Nobody => self.event("Nobody could be asked to take the chat."),
        }
        if matches!(outcome, Outcome::Missed | Outcome::Nobody) && !choose::was_refused(&self.chat) {
            for supervisor in notify::supervisors(tx).await? {
                self.alert(supervisor, About::Unattended, self.now + NEWS);
            }
        }
        let kind = match outcome {
            Outcome::Missed | Outcome::Nobody => ActivityType::LiveChatMissed,
            _ if talked => ActivityType::LiveChatEnded,
            _ => return Ok(()),
        };
        let mut more = json!({ "chat_id": self.chat.id, "outcome": outcome });
        if let Some(last) = self.chat.last_owner() {
            more["agent_id"] = json!(last);
            more["agent_name"] = json!(name_of(self.app, tx, last).await?);
        }
        self.telling.of(kind, self.conversation, self.dialogue_name, more);
        Ok(())
    }

    /// The dialogue goes on after the chat: it says its fallback when nobody came, and is at its end.
    pub fn return_to_dialogue(&mut self, version: &LiveVersion, voice: &Voice<'_>) {
        let Some(outcome) = self.ended else { return };
        let input = Input::ChatEnded { outcome: for_dialogue(outcome) };
        let turn = Turn { input: &input, client_id: None, at: self.now };
        let Ok(step) = stream::advance(&version.stream, &self.conversation.state, turn, voice) else {
            // The visitor is elsewhere in the dialogue already.
            return;
        };
        self.conversation.state = step.state;
        for effect in &step.effects {
            if let Some(content) = effect.message() {
                let (from, kind) = (view::from(content.from), view::kind(content.kind));
                let body = MessageBody::of(content.text);
                self.push(from, kind, content.card_id, &body);
            } else if let Some((_, sentence)) = event(effect) {
                self.event(&sentence);
            }
            if matches!(effect, stream::Effect::Completed) {
                self.completed();
            }
        }
    }

    fn completed(&mut self) {
        if self.conversation.completed_at.is_none() {
            self.conversation.completed_at = Some(self.now);
            let more = json!({ "status": "completed" });
            self.telling.of(ActivityType::Completed, self.conversation, self.dialogue_name, more);
        }
    }

    fn alert(&mut self, user: UserId, about: About, until: Timestamp) {
        self.alerts.push(Alert { user, about, seq: None, until });
    }

    /// A sentence for the transcript.
    pub fn event(&mut self, sentence: &str) {
        let body = MessageBody::of(RichText::plain(sentence));
        self.push(MessageFrom::System, "event", None, &body);
    }

    /// A sentence for both sides.
    fn notice(&mut self, sentence: &str) {
        let body = MessageBody::of(RichText::plain(sentence));
        self.push(MessageFrom::System, "notice", None, &body);
    }

    /// What somebody writes.
    pub fn write(&mut self, written: Written<'_>) {
        let Written { from, kind, author, client_id, body } = written;
        self.push(from, kind, None, &body);
        if let Some(message) = self.fresh.last_mut() {
            (message.author_id, message.client_id) = (author, client_id);
        }
    }

    /// The next message.
    fn push(&mut self, from: MessageFrom, kind: &str, card_id: Option<String>, body: &MessageBody) {
        self.conversation.last_seq += 1;
        self.fresh.push(Message {
            id: self.app.id(self.now),
            seq: self.conversation.last_seq,
            from,
            kind: kind.to_owned(),
            card_id,
            body: serde_json::to_value(body).unwrap_or_default(),
            superseded: false,
            client_id: None,
            author_id: None,
            at: self.now,
        });
    }
}
