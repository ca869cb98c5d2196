//! Chats with agents, and which agents are connected.

use crate::{Page, PageRequest, Span, StoreError};
use async_trait::async_trait;
use kernel::{ChatId, ConversationId, DialogueId, PersonId, SiteId, Timestamp, UserId};
use livechat::{Chat, Outcome, State, figures::Record};
use serde_json::Value as Json;

/// A chat as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatRow {
    /// The chat.
    pub chat: Chat,
    /// On which site.
    pub site_id: SiteId,
    /// Its name.
    pub site_name: String,
    /// Of which dialogue or flow.
    pub dialogue_id: DialogueId,
    /// Its name.
    pub dialogue_name: String,
    /// With whom.
    pub person_id: PersonId,
    /// Name of the person, if any is known.
    pub person_name: Option<String>,
    /// Address of the person.
    pub person_email: Option<String>,
    /// Name of the person's company.
    pub company: Option<String>,
    /// Page on which the conversation began.
    pub page_url: String,
    /// Number of the last message of the conversation.
    pub last_seq: u64,
    /// Of the conversation.
    pub epoch: u32,
    /// The last number that the visitor has read.
    pub visitor_read: u64,
    /// The last number that an agent has read.
    pub agent_read: u64,
    /// Messages of the visitor above `agent_read`.
    pub unread: u64,
    /// The last thing said by anybody, notes and Usher's own words left out.
    pub last: Option<LastMessage>,
}

/// The end of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct LastMessage {
    /// Who says it.
    pub from: crate::MessageFrom,
    /// Its content.
    pub body: Json,
    /// When.
    pub at: Timestamp,
}

/// Which chats a list shows.
#[derive(Debug, Clone, Default)]
pub struct ChatFilter {
    /// This one.
    pub id: Option<ChatId>,
    /// In one of these states; in any when empty.
    pub states: Vec<State>,
    /// Taken by an agent at some time, or never.
    pub accepted: Option<bool>,
    /// One of these agents is or was in it.
    pub agents: Option<Vec<UserId>>,
    /// Those that are over, and those that this agent is in or asked for.
    pub visible_to: Option<UserId>,
    /// On one site.
    pub site: Option<SiteId>,
    /// Of one dialogue.
    pub dialogue: Option<DialogueId>,
    /// With this rating.
    pub rating: Option<u8>,
    /// With this end.
    pub outcome: Option<Outcome>,
    /// Requested at or after.
    pub from: Option<Timestamp>,
    /// Requested before.
    pub to: Option<Timestamp>,
    /// Person's name or address, or dialogue name, contains (without case).
    pub query: Option<String>,
}

/// Who has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The visitor.
    Visitor,
    /// Any agent.
    Agent,
}

/// Reading chats. Those of erased people are only counted, never read.
#[async_trait]
pub trait ChatReads {
    /// One chat.
    async fn chat(&mut self, id: ChatId) -> Result<Option<Chat>, StoreError>;
    /// The newest chat of a conversation.
    async fn latest_chat(&mut self, conversation: ConversationId) -> Result<Option<Chat>, StoreError>;
    /// The last numbers that visitor and agents have read in a chat.
    async fn chat_reads(&mut self, id: ChatId) -> Result<(u64, u64), StoreError>;
    /// Chats, newest requested first.
    async fn chats(&mut self, filter: &ChatFilter, page: &PageRequest) -> Result<Page<ChatRow>, StoreError>;
    /// Number of the last message and epoch of these conversations, in no order; those that are gone are left out.
    async fn conversation_positions(
        &mut self,
        ids: &[ConversationId],
    ) -> Result<Vec<(ConversationId, u64, u32)>, StoreError>;
    /// How many chats of a conversation an agent has taken.
    async fn accepted_chats(&mut self, conversation: ConversationId) -> Result<u64, StoreError>;
    /// When visitor or agents last wrote something to each other.
    async fn last_word(&mut self, conversation: ConversationId) -> Result<Option<Timestamp>, StoreError>;
    /// How many chats every busy agent is in or asked for, in no order.
    async fn chat_loads(&mut self) -> Result<Vec<(UserId, u32)>, StoreError>;
    /// The open chats that an agent is in or asked for, oldest first.
    async fn chats_of_agent(&mut self, agent: UserId) -> Result<Vec<Chat>, StoreError>;
    /// Chats in a state, oldest request first.
    async fn chats_in(&mut self, state: State, limit: u32) -> Result<Vec<ChatId>, StoreError>;
    /// The owners of chats that are with an agent, each once with those chats, in no order.
    async fn chat_owners(&mut self) -> Result<Vec<(UserId, ChatId)>, StoreError>;
    /// Chats that are due, the longest overdue first.
    async fn due_chats(&mut self, now: Timestamp, limit: u32) -> Result<Vec<ChatId>, StoreError>;
    /// Chats requested in a span, on one site when given, as they are counted; oldest request first, those behind `after` and
    /// at most `limit`. Those of erased people are among them.
    async fn chat_records(
        &mut self,
        span: Span,
        site: Option<SiteId>,
        after: Option<(Timestamp, ChatId)>,
        limit: u32,
    ) -> Result<Vec<(ChatId, Record)>, StoreError>;
    /// When agents were last connected, on whatever node, in no order; those seen at or after `since`.
    async fn agents_seen(&mut self, since: Timestamp) -> Result<Vec<(UserId, Timestamp)>, StoreError>;
}

/// Writing chats. Whoever changes a chat holds its conversation ([`crate::ConversationWrites::lock_conversation`]).
#[async_trait]
pub trait ChatWrites {
    /// Adds a chat; `due_at` is when time next changes something.
    async fn insert_chat(&mut self, chat: &Chat, due_at: Option<Timestamp>) -> Result<(), StoreError>;
    /// Replaces a chat; its revision is the one that was read, the stored one becomes one more. `Stale` when it was not.
    async fn save_chat(&mut self, chat: &Chat, due_at: Option<Timestamp>) -> Result<(), StoreError>;
    /// Notes what was read; never goes back. True when it went on.
    async fn note_read(&mut self, id: ChatId, side: Side, seq: u64) -> Result<bool, StoreError>;
    /// Notes that these agents are connected to a node now; never goes back.
    async fn note_agents(&mut self, node: &str, agents: &[UserId], at: Timestamp) -> Result<(), StoreError>;
}

/// How agents stand in a chat, as adapters keep it: `joined`, `offered` or `left`, each agent once.
pub fn standings(chat: &Chat) -> Vec<(UserId, &'static str)> {
    let mut found: Vec<(UserId, &'static str)> = Vec::new();
    let joined = chat.present().map(|one| (one.agent, "joined"));
    let offered = chat.open_offers().map(|offer| (offer.agent, "offered"));
    let left = chat.agents.iter().map(|one| (one.agent, "left"));
    for (agent, standing) in joined.chain(offered).chain(left) {
        if !found.iter().any(|(known, _)| *known == agent) {
            found.push((agent, standing));
        }
    }
    found
}
