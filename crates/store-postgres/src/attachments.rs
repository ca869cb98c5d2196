//! Files sent in chats.

use crate::{
    codec::{At, Columns, all, instant, long, uuids},
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{ConversationId, FileId, Timestamp};
use serde_json::json;
use sqlx::{postgres::PgRow, query};
use store::{AttachmentReads, AttachmentRecord, AttachmentWrites, StoreError};

const ATTACHMENTS: Table = Table {
    name: "attachments",
    key: "id",
    columns: "id, conversation_id, name, media_type, size, created_at, sent",
    changeable: "",
};

fn attachment(row: &PgRow) -> Result<AttachmentRecord, StoreError> {
    Ok(AttachmentRecord {
        id: row.id("id")?,
        conversation_id: row.id("conversation_id")?,
        name: row.text("name")?,
        media_type: row.text("media_type")?,
        size: row.count("size")?,
        created_at: row.at("created_at")?,
    })
}

#[async_trait]
impl AttachmentReads for Unit {
    async fn attachment(
        &mut self,
        conversation: ConversationId,
        id: FileId,
    ) -> Result<Option<AttachmentRecord>, StoreError> {
        let found = query("SELECT * FROM attachments WHERE id = $1 AND conversation_id = $2 AND sent")
            .bind(id.uuid())
            .bind(conversation.uuid());
        self.row(found).await?.as_ref().map(attachment).transpose()
    }

    async fn count_attachments(&mut self, conversation: ConversationId) -> Result<u64, StoreError> {
        let counted = query("SELECT count(*) AS held FROM attachments WHERE conversation_id = $1");
        let row = self.row(counted.bind(conversation.uuid())).await?;
        row.map_or(Ok(0), |row| row.count("held"))
    }
}

#[async_trait]
impl AttachmentWrites for Unit {
    async fn insert_attachment(&mut self, attachment: &AttachmentRecord) -> Result<(), StoreError> {
        let row = json!({
            "id": attachment.id.uuid(),
            "conversation_id": attachment.conversation_id.uuid(),
            "name": attachment.name,
            "media_type": attachment.media_type,
            "size": long(attachment.size),
            "created_at": instant(attachment.created_at),
            "sent": false,
        });
        ATTACHMENTS.insert(self.connection(), &[row]).await.map(drop)
    }

    async fn send_attachment(&mut self, conversation: ConversationId, id: FileId) -> Result<(), StoreError> {
        let update = query("UPDATE attachments SET sent = true WHERE id = $1 AND conversation_id = $2")
            .bind(id.uuid())
            .bind(conversation.uuid());
        self.run_on_one(update).await
    }

    async fn release_attachment(&mut self, id: FileId) -> Result<(), StoreError> {
        let release = query("UPDATE attachments SET conversation_id = NULL, name = '' WHERE id = $1");
        self.run(release.bind(id.uuid())).await.map(drop)
    }

    async fn released_attachments(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<FileId>, StoreError> {
        let release = query(
            "UPDATE attachments SET conversation_id = NULL, name = ''
             WHERE NOT sent AND conversation_id IS NOT NULL AND created_at < $1",
        );
        self.run(release.bind(At(before))).await?;
        let released = query("SELECT id FROM attachments WHERE conversation_id IS NULL LIMIT $1");
        all(&self.rows(released.bind(i64::from(limit))).await?, |row| row.id("id"))
    }

    async fn delete_attachments(&mut self, ids: &[FileId]) -> Result<(), StoreError> {
        let delete = query("DELETE FROM attachments WHERE conversation_id IS NULL AND id = ANY($1)");
        self.run(delete.bind(uuids(ids, FileId::uuid))).await.map(drop)
    }
}
