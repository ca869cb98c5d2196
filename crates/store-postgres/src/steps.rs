//! Steps of conversations that were worked out beside the store ([`store::Store::commit_step`]): one statement, and one
//! journey to the server, unless something became true that goes to the log of activities.

use crate::{
    codec::{At, long, word},
    conversations::{MESSAGES, message_row},
    error::store_error,
    unit::{Unit, made},
};
use serde_json::Value as Json;
use sqlx::{PgConnection, PgPool, types::Json as Document};
use store::{ActivityWrites, StepRecord, StoreError, Tx};

pub(crate) async fn commit(pool: &PgPool, step: &StepRecord) -> Result<(), StoreError> {
    if step.activities.is_empty() {
        let mut connection = pool.acquire().await.map_err(store_error)?;
        return write(&mut connection, step).await;
    }
    let mut unit = Box::new(Unit::writing(pool.begin().await.map_err(store_error)?));
    // People are held before the conversation, in the order of whoever merges them.
    unit.append_activities(&step.activities).await?;
    write(unit.connection(), step).await?;
    unit.commit().await
}

/// Moves the conversation on if it stands where the step began, and then adds the messages.
async fn write(connection: &mut PgConnection, step: &StepRecord) -> Result<(), StoreError> {
    let c = &*step.conversation;
    let rows: Vec<Json> = step.messages.iter().map(|message| message_row(c.id, message)).collect();
    let columns = MESSAGES.columns;
    let write = made(format!(
        "WITH moved AS (
           UPDATE conversations SET state = $3, last_seq = $4, epoch = $5, last_visitor_at = $6, goals = $7, stage = $8,
             engaged_at = $9, completed_at = $10, dropped_at = $11, revision = revision + 1
           WHERE id = $1 AND revision = $2 AND person_id IS NOT NULL
           RETURNING id),
         said AS (
           INSERT INTO messages ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::messages, $12)
           WHERE EXISTS (SELECT FROM moved))
         SELECT id FROM moved"
    ))
    .bind(c.id.uuid())
    .bind(long(c.revision.saturating_sub(1)))
    .bind(Document(&c.state))
    .bind(long(c.last_seq))
    .bind(i32::try_from(c.epoch).unwrap_or(i32::MAX))
    .bind(At(c.last_visitor_at))
    .bind(Document(&c.goals))
    .bind(word(&c.stage))
    .bind(c.engaged_at.map(At))
    .bind(c.completed_at.map(At))
    .bind(c.dropped_at.map(At))
    .bind(Document(rows));
    match write.fetch_optional(connection).await.map_err(store_error)? {
        Some(_) => Ok(()),
        None => Err(StoreError::Stale),
    }
}
