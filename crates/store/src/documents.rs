//! The library of documents, and how visitors read them.

use crate::{Page, PageRequest, StoreError};
use async_trait::async_trait;
use engagement::Reading;
use kernel::{ActivityId, ConversationId, DialogueId, DocumentId, FileId, PersonId, Timestamp, UserId};

/// A PDF that dialogues and flows show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentRecord {
    /// Stable id.
    pub id: DocumentId,
    /// Name for authors and visitors.
    pub name: String,
    /// Where its content is kept.
    pub file: FileId,
    /// Bytes of the content.
    pub size: u64,
    /// Pages of the content.
    pub pages: u32,
    /// The address from which the content was fetched; none when it was uploaded.
    pub source_url: Option<String>,
    /// 1 and one more with every new content: the address that visitors fetch names it.
    pub content_version: u32,
    /// When it was added.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
    /// Last change of name or content.
    pub updated_at: Timestamp,
    /// Rises by one with every change.
    pub version: i64,
}

/// One opening of a document in a conversation, as it goes on.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentView {
    /// The activity that tells of the opening.
    pub activity_id: ActivityId,
    /// The document.
    pub document_id: DocumentId,
    /// The dialogue or flow.
    pub dialogue_id: DialogueId,
    /// The conversation; none once the person is erased.
    pub conversation_id: Option<ConversationId>,
    /// The card.
    pub card_id: String,
    /// When it was opened: the time of the activity.
    pub opened_at: Timestamp,
    /// How many pages the document had then.
    pub pages: u32,
    /// What became of it.
    pub reading: Reading,
    /// Last sign of the reader.
    pub updated_at: Timestamp,
}

/// One opening with who it was, for lists.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentOpening {
    /// The opening.
    pub view: DocumentView,
    /// Who; none once the person is erased.
    pub person_id: Option<PersonId>,
    /// First and last name.
    pub person_name: Option<String>,
    /// E-mail address.
    pub person_email: Option<String>,
}

/// What visitors did with a document.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct DocumentFigures {
    /// Openings.
    pub opens: u64,
    /// Different people, as far as they are not erased.
    pub people: u64,
    /// Share of the pages that an opening saw, 0 to 1, on average.
    pub share_read: f64,
    /// Milliseconds of reading in all.
    pub read_ms: u64,
    /// Searches.
    pub searches: u64,
    /// Openings in which the file was saved.
    pub downloads: u64,
    /// Openings in which it was printed.
    pub prints: u64,
}

/// What visitors did with one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageFigures {
    /// Which page, from 1 on.
    pub page: u32,
    /// Openings that saw it.
    pub views: u64,
    /// Milliseconds on it in all.
    pub ms: u64,
}

/// Times from which to which; all time when `None`.
pub type TimeRange = Option<(Timestamp, Timestamp)>;

/// Reading the library.
#[async_trait]
pub trait DocumentReads {
    /// One document.
    async fn document(&mut self, id: DocumentId) -> Result<Option<DocumentRecord>, StoreError>;
    /// Documents by name without case; those whose name contains the words (without case and accents), when given.
    async fn documents(
        &mut self,
        words: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<DocumentRecord>, StoreError>;
    /// All documents, oldest first.
    async fn all_documents(&mut self) -> Result<Vec<DocumentRecord>, StoreError>;
    /// Figures of many documents at once, of openings in the range. Documents that nobody opened are absent.
    async fn document_figures(
        &mut self,
        ids: &[DocumentId],
        range: TimeRange,
    ) -> Result<Vec<(DocumentId, DocumentFigures)>, StoreError>;
    /// Figures of the pages that somebody saw, of openings in the range, by page.
    async fn document_pages(
        &mut self,
        id: DocumentId,
        range: TimeRange,
    ) -> Result<Vec<PageFigures>, StoreError>;
    /// What was looked for most often (without case), of openings in the range; at most `limit`.
    async fn document_searches(
        &mut self,
        id: DocumentId,
        range: TimeRange,
        limit: u32,
    ) -> Result<Vec<(String, u64)>, StoreError>;
    /// Openings in the range with who it was, newest first.
    async fn document_openings(
        &mut self,
        id: DocumentId,
        range: TimeRange,
        page: &PageRequest,
    ) -> Result<Page<DocumentOpening>, StoreError>;
    /// The openings that these activities tell of, in no order.
    async fn document_views(&mut self, activities: &[ActivityId]) -> Result<Vec<DocumentView>, StoreError>;
    /// The last opening at a card of a conversation.
    async fn last_document_view(
        &mut self,
        conversation: ConversationId,
        card: &str,
    ) -> Result<Option<DocumentView>, StoreError>;
}

/// Writing the library.
#[async_trait]
pub trait DocumentWrites {
    /// Adds a document.
    async fn insert_document(&mut self, document: &DocumentRecord) -> Result<(), StoreError>;
    /// Replaces everything but id, `created_at` and `created_by`; `version` is the one that was read, the stored one becomes
    /// one more. `Stale` when somebody else was first, `NotFound` when it is gone.
    async fn update_document(&mut self, document: &DocumentRecord) -> Result<(), StoreError>;
    /// Removes a document; its openings stay for the activities that tell of them.
    async fn delete_document(&mut self, id: DocumentId) -> Result<(), StoreError>;
    /// Adds openings.
    async fn insert_document_views(&mut self, views: &[DocumentView]) -> Result<(), StoreError>;
    /// Writes how reading goes on. The caller holds the conversation's lock.
    async fn save_document_view(&mut self, view: &DocumentView) -> Result<(), StoreError>;
    /// Notes the client's id of an event of an opening; returns the digest noted with this id before, if there is one.
    async fn note_document_event(
        &mut self,
        activity: ActivityId,
        client_id: &str,
        digest: &str,
        at: Timestamp,
    ) -> Result<Option<String>, StoreError>;
    /// Forgets up to `limit` client ids noted before `before`; returns how many went.
    async fn expire_document_events(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
