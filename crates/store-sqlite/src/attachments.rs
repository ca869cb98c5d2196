//! Files sent in chats.

use crate::{
    error::Result,
    rows::{Columns, all, count, hexes, one, run, run_found},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{ConversationId, FileId, Timestamp, to_millis};
use sqlx::{query, sqlite::SqliteRow};
use store::{AttachmentReads, AttachmentRecord, AttachmentWrites};

fn attachment(row: &SqliteRow) -> Result<AttachmentRecord> {
    Ok(AttachmentRecord {
        id: row.id("id")?,
        conversation_id: row.id("conversation_id")?,
        name: row.text("name")?,
        media_type: row.text("media_type")?,
        size: row.int("size")?,
        created_at: row.at("created_at")?,
    })
}

#[async_trait]
impl<C: Connected> AttachmentReads for Handle<C> {
    async fn attachment(
        &mut self,
        conversation: ConversationId,
        id: FileId,
    ) -> Result<Option<AttachmentRecord>> {
        let found = query("SELECT * FROM attachments WHERE id = ? AND conversation_id = ? AND sent = 1")
            .bind(id.uuid())
            .bind(conversation.uuid());
        one(self.connection()?, found).await?.as_ref().map(attachment).transpose()
    }

    async fn count_attachments(&mut self, conversation: ConversationId) -> Result<u64> {
        let counted = query("SELECT count(*) FROM attachments WHERE conversation_id = ?");
        count(self.connection()?, counted.bind(conversation.uuid())).await
    }
}

#[async_trait]
impl AttachmentWrites for Handle<Turn> {
    async fn insert_attachment(&mut self, attachment: &AttachmentRecord) -> Result<()> {
        let insert = query(
            "INSERT INTO attachments (id, conversation_id, name, media_type, size, created_at, sent)
             VALUES (?, ?, ?, ?, ?, ?, 0)",
        )
        .bind(attachment.id.uuid())
        .bind(attachment.conversation_id.uuid())
        .bind(attachment.name.clone())
        .bind(attachment.media_type.clone())
        .bind(i64::try_from(attachment.size).unwrap_or(i64::MAX))
        .bind(to_millis(attachment.created_at));
        run(self.connection()?, insert).await.map(drop)
    }

    async fn send_attachment(&mut self, conversation: ConversationId, id: FileId) -> Result<()> {
        let update = query("UPDATE attachments SET sent = 1 WHERE id = ? AND conversation_id = ?")
            .bind(id.uuid())
            .bind(conversation.uuid());
        run_found(self.connection()?, update).await
    }

    async fn release_attachment(&mut self, id: FileId) -> Result<()> {
        let release = query("UPDATE attachments SET conversation_id = NULL, name = '' WHERE id = ?");
        run(self.connection()?, release.bind(id.uuid())).await.map(drop)
    }

    async fn released_attachments(&mut self, before: Timestamp, limit: u32) -> Result<Vec<FileId>> {
        let release = query(
            "UPDATE attachments SET conversation_id = NULL, name = ''
             WHERE sent = 0 AND conversation_id IS NOT NULL AND created_at < ?",
        );
        run(self.connection()?, release.bind(to_millis(before))).await?;
        let released = query("SELECT id FROM attachments WHERE conversation_id IS NULL LIMIT ?").bind(limit);
        all(self.connection()?, released).await?.iter().map(|row| row.id("id")).collect()
    }

    async fn delete_attachments(&mut self, ids: &[FileId]) -> Result<()> {
        let delete = query(
            "DELETE FROM attachments WHERE conversation_id IS NULL
               AND id IN (SELECT unhex(value) FROM json_each(?))",
        );
        run(self.connection()?, delete.bind(hexes(ids.iter().map(|id| id.uuid())))).await.map(drop)
    }
}
