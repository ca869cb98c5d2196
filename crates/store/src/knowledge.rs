//! Approved knowledge, and the questions that it did not answer.

use crate::{Page, PageRequest, StoreError};
use async_trait::async_trait;
use kernel::{ConversationId, DialogueId, PersonId, QuestionId, ResponseId, Timestamp};
use knowledge::Response;

/// A question of visitors that no approved response answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnansweredQuestion {
    /// Stable id.
    pub id: QuestionId,
    /// As it was asked last.
    pub question: String,
    /// How often it was asked, compared by [`kernel::text::fold`].
    pub times: u32,
    /// Asked first.
    pub first_at: Timestamp,
    /// Asked last.
    pub last_at: Timestamp,
    /// In which dialogue or flow it was asked last.
    pub dialogue_id: DialogueId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// By whom.
    pub person_id: PersonId,
}

/// Reading knowledge.
#[async_trait]
pub trait KnowledgeReads {
    /// All responses, oldest first.
    async fn responses(&mut self) -> Result<Vec<Response>, StoreError>;
    /// One response.
    async fn response(&mut self, id: ResponseId) -> Result<Option<Response>, StoreError>;
    /// Questions without an answer, the one asked last first.
    async fn unanswered_questions(
        &mut self,
        page: &PageRequest,
    ) -> Result<Page<UnansweredQuestion>, StoreError>;
}

/// Writing knowledge.
#[async_trait]
pub trait KnowledgeWrites {
    /// Adds responses.
    async fn insert_responses(&mut self, responses: &[Response]) -> Result<(), StoreError>;
    /// Replaces everything but id and `created_at` of each; `version` is the version that was read, the stored one becomes
    /// one more. `Stale` when somebody else was first with one of them, `NotFound` when one is gone: then the unit of work
    /// is to be dropped.
    async fn update_responses(&mut self, responses: &[Response]) -> Result<(), StoreError>;
    /// Removes a response; `NotFound` when it is gone.
    async fn delete_response(&mut self, id: ResponseId) -> Result<(), StoreError>;
    /// Adds a question, or counts it once more when it was asked before.
    async fn note_unanswered(&mut self, question: &UnansweredQuestion) -> Result<(), StoreError>;
    /// Removes a question; `NotFound` when it is gone.
    async fn delete_unanswered(&mut self, id: QuestionId) -> Result<(), StoreError>;
}
