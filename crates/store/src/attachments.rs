//! Files sent in chats. The store knows of them; their content is kept elsewhere, under the same id. A file goes in two
//! steps, so that none is forgotten: it is released, and its row is deleted once the content is gone.

use crate::StoreError;
use async_trait::async_trait;
use kernel::{ConversationId, FileId, Timestamp};

/// A file of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentRecord {
    /// Stable id, also of the content.
    pub id: FileId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Name for people.
    pub name: String,
    /// Media type, as found in the content.
    pub media_type: String,
    /// Bytes of the content.
    pub size: u64,
    /// When it was uploaded.
    pub created_at: Timestamp,
}

/// Reading attachments.
#[async_trait]
pub trait AttachmentReads {
    /// A file that was sent in a conversation; none when it is another one's, was never sent, or was released.
    async fn attachment(
        &mut self,
        conversation: ConversationId,
        id: FileId,
    ) -> Result<Option<AttachmentRecord>, StoreError>;
    /// How many files a conversation holds, sent or not.
    async fn count_attachments(&mut self, conversation: ConversationId) -> Result<u64, StoreError>;
}

/// Writing attachments.
#[async_trait]
pub trait AttachmentWrites {
    /// Adds a file that was not sent yet.
    async fn insert_attachment(&mut self, attachment: &AttachmentRecord) -> Result<(), StoreError>;
    /// Notes that a message holds the file. `NotFound` when it is not a file of the conversation, or not any more.
    async fn send_attachment(&mut self, conversation: ConversationId, id: FileId) -> Result<(), StoreError>;
    /// The file is not needed any more.
    async fn release_attachment(&mut self, id: FileId) -> Result<(), StoreError>;
    /// Releases the files that were uploaded before `before` and never sent; returns up to `limit` released ones, in no order.
    async fn released_attachments(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<FileId>, StoreError>;
    /// Forgets released files, whose content is gone. Others stay.
    async fn delete_attachments(&mut self, ids: &[FileId]) -> Result<(), StoreError>;
}
