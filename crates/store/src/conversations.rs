//! Conversations and their numbered messages.

use crate::{Cut, Figure, Page, PageRequest, SiteScope, StoreError};
use async_trait::async_trait;
use engagement::Activity;
use kernel::{
    ConversationId, DialogueId, MessageId, PersonId, SiteId, Timestamp, UserId, VersionId, VisitorId,
};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::sync::Arc;
use stream::ConversationState;

/// Where a conversation stands. Derived from its times, stored for filtering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConversationStage {
    /// Shown.
    Triggered,
    /// Answered.
    Engaged,
    /// End reached.
    Completed,
    /// 24 hours without the visitor.
    Dropped,
}

/// One run of a dialogue or flow by one visitor, pinned to a version.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// Stable id.
    pub id: ConversationId,
    /// On which site.
    pub site_id: SiteId,
    /// By which browser.
    pub visitor_id: VisitorId,
    /// For whom (follows the visitor when it moves).
    pub person_id: PersonId,
    /// Of which dialogue or flow.
    pub dialogue_id: DialogueId,
    /// At which version.
    pub version_id: VersionId,
    /// Where it stands.
    pub stage: ConversationStage,
    /// The engine's state.
    pub state: ConversationState,
    /// Rises with every change that is stored; set by the store (what writing methods are given does not matter, but for
    /// [`StepRecord`]).
    pub revision: u64,
    /// Number of the last message; 0 when there is none.
    pub last_seq: u64,
    /// Rises when earlier messages were superseded: clients fetch everything again.
    pub epoch: u32,
    /// Page on which it was triggered.
    pub page_url: String,
    /// Shown first.
    pub triggered_at: Timestamp,
    /// First answer.
    pub engaged_at: Option<Timestamp>,
    /// End reached.
    pub completed_at: Option<Timestamp>,
    /// Given up.
    pub dropped_at: Option<Timestamp>,
    /// E-mail address given.
    pub acquired_at: Option<Timestamp>,
    /// Last closed by the visitor.
    pub dismissed_at: Option<Timestamp>,
    /// Last sign of the visitor.
    pub last_visitor_at: Timestamp,
    /// When it was shown (newest last, at most 50 kept).
    pub shown_at: Vec<Timestamp>,
    /// Names of goals reached, in order.
    pub goals: Vec<String>,
}

/// Who says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageFrom {
    /// The dialogue.
    Bot,
    /// The visitor.
    Visitor,
    /// An agent ([`Message::author_id`]).
    Agent,
    /// Usher: events in the transcript (goal reached, restarted), not shown to visitors unless kind *notice*.
    System,
}

/// A numbered part of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Stable id.
    pub id: MessageId,
    /// 1, 2, 3… within the conversation; the order.
    pub seq: u64,
    /// Who says it.
    pub from: MessageFrom,
    /// `text`, `question`, `info`, `answer`, `notice`, `event`, `note`, `changed`.
    pub kind: String,
    /// The card it belongs to.
    pub card_id: Option<String>,
    /// Content by kind; its type stands in `app::conversations`.
    pub body: Json,
    /// Replaced by a later answer, kept in the transcript.
    pub superseded: bool,
    /// The client's id of the input that made it; unique in the conversation (rule R3).
    pub client_id: Option<String>,
    /// The agent who says it.
    pub author_id: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// What one step of the engine made of a conversation that was read without a lock; see [`crate::Store::commit_step`].
#[derive(Debug, Clone)]
pub struct StepRecord {
    /// As it is after the step, its revision one above that of the conversation from which the step was taken. Of its
    /// fields a step changes state, numbers, goals, stage, and the times of engagement, end and last sign; the others
    /// stay as they are stored.
    pub conversation: Arc<Conversation>,
    /// The messages that the step made, numbered on from the conversation before it.
    pub messages: Vec<Message>,
    /// What became true, in this order.
    pub activities: Vec<Activity>,
}

/// A row of the conversations screen.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversationRow {
    /// The conversation.
    pub conversation: Conversation,
    /// Name of the site.
    pub site_name: String,
    /// Name of the dialogue or flow.
    pub dialogue_name: String,
    /// `dialogue` or `flow`.
    pub dialogue_kind: crate::DialogueKind,
    /// Name of the person, if any is known.
    pub person_name: Option<String>,
    /// Address of the person.
    pub person_email: Option<String>,
    /// How many messages are not superseded.
    pub messages: u64,
}

/// Which conversations a list shows.
#[derive(Debug, Clone, Default)]
pub struct ConversationFilter {
    /// At one stage.
    pub stage: Option<ConversationStage>,
    /// Of one dialogue.
    pub dialogue: Option<DialogueId>,
    /// Of one person.
    pub person: Option<PersonId>,
    /// Person's name or address, or dialogue name, contains (without case).
    pub query: Option<String>,
    /// Triggered, or counted in `figure`, at or after.
    pub from: Option<Timestamp>,
    /// Triggered, or counted in `figure`, before.
    pub to: Option<Timestamp>,
    /// Those that a figure of a report counts. Guests and people who were erased are in figures, not in lists.
    pub figure: Option<Figure>,
    /// With the figures that count by name: of this goal or document.
    pub named: Option<String>,
    /// One part of a cut.
    pub part: Option<(Cut, String)>,
}

/// Reading conversations.
#[async_trait]
pub trait ConversationReads {
    /// One conversation of a visitor on a site; `None` when it is somebody else's.
    async fn visitor_conversation(
        &mut self,
        site: SiteScope,
        visitor: VisitorId,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError>;
    /// One conversation, for the console.
    async fn conversation(&mut self, id: ConversationId) -> Result<Option<ConversationRow>, StoreError>;
    /// Messages with a number above `after`, in order.
    async fn messages(&mut self, id: ConversationId, after: u64) -> Result<Vec<Message>, StoreError>;
    /// Conversations, newest triggered first.
    async fn conversations(
        &mut self,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<ConversationRow>, StoreError>;
    /// Engaged conversations without sign of the visitor since `before`, at most `limit`.
    async fn stale_conversations(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<ConversationId>, StoreError>;
    /// Conversations that hold a message with this client id.
    async fn conversation_of_client_id(
        &mut self,
        id: ConversationId,
        client_id: &str,
    ) -> Result<Option<Message>, StoreError>;
}

/// Writing conversations.
#[async_trait]
pub trait ConversationWrites {
    /// Adds a conversation.
    async fn insert_conversation(&mut self, conversation: &Conversation) -> Result<(), StoreError>;
    /// Reads a conversation and keeps others from changing it until the end of the unit of work.
    async fn lock_conversation(&mut self, id: ConversationId) -> Result<Option<Conversation>, StoreError>;
    /// The triggered or engaged, neither completed nor dropped, conversation of a visitor with a dialogue, locked.
    async fn lock_open_conversation(
        &mut self,
        visitor: VisitorId,
        dialogue: DialogueId,
    ) -> Result<Option<Conversation>, StoreError>;
    /// Writes all changeable fields of a locked conversation.
    async fn save_conversation(&mut self, conversation: &Conversation) -> Result<(), StoreError>;
    /// Adds messages whose numbers the caller took from the locked conversation (`last_seq + 1`…). `Taken
    /// {conversations.client_id}` when a client id is there already.
    async fn insert_messages(&mut self, id: ConversationId, messages: &[Message]) -> Result<(), StoreError>;
    /// Replaces the content of a message; nothing happens when there is none with this number.
    async fn rewrite_message(&mut self, id: ConversationId, seq: u64, body: &Json) -> Result<(), StoreError>;
    /// Marks the messages with these numbers as superseded.
    async fn supersede_messages(&mut self, id: ConversationId, seqs: &[u64]) -> Result<(), StoreError>;
    /// Moves the conversations of a visitor to a person.
    async fn move_conversations(&mut self, visitor: VisitorId, to: PersonId) -> Result<(), StoreError>;
}
