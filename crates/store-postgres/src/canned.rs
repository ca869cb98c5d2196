//! Texts that agents keep at hand.

use crate::{
    codec::{Columns, all, instant, maybe_id},
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{CannedResponseId, UserId};
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query};
use store::{CannedReads, CannedResponse, CannedWrites, StoreError};

const CANNED: Table = Table {
    name: "canned_responses",
    key: "id",
    columns: "id, shortcut, text, owner_id, created_at, updated_at, version",
    changeable: "shortcut, text, owner_id, updated_at, version",
};

fn response(row: &PgRow) -> Result<CannedResponse, StoreError> {
    Ok(CannedResponse {
        id: row.id("id")?,
        shortcut: row.text("shortcut")?,
        text: row.text("text")?,
        owner_id: row.maybe_id("owner_id")?,
        created_at: row.at("created_at")?,
        updated_at: row.at("updated_at")?,
        version: row.long("version")?,
    })
}

fn row(response: &CannedResponse, version: i64) -> Json {
    json!({
        "id": response.id.uuid(),
        "shortcut": response.shortcut,
        "text": response.text,
        "owner_id": maybe_id(response.owner_id.map(UserId::uuid)),
        "created_at": instant(response.created_at),
        "updated_at": instant(response.updated_at),
        "version": version,
    })
}

#[async_trait]
impl CannedReads for Unit {
    async fn canned_responses(&mut self, owner: Option<UserId>) -> Result<Vec<CannedResponse>, StoreError> {
        let found = query(
            "SELECT * FROM canned_responses WHERE owner_id IS NULL OR owner_id = $1
             ORDER BY shortcut COLLATE \"C\", owner_id IS NULL, id",
        )
        .bind(owner.map(UserId::uuid));
        all(&self.rows(found).await?, response)
    }

    async fn canned_response(&mut self, id: CannedResponseId) -> Result<Option<CannedResponse>, StoreError> {
        let found = query("SELECT * FROM canned_responses WHERE id = $1").bind(id.uuid());
        self.row(found).await?.as_ref().map(response).transpose()
    }
}

#[async_trait]
impl CannedWrites for Unit {
    async fn insert_canned_response(&mut self, response: &CannedResponse) -> Result<(), StoreError> {
        CANNED.insert(self.connection(), &[row(response, response.version)]).await.map(drop)
    }

    async fn update_canned_response(&mut self, response: &CannedResponse) -> Result<(), StoreError> {
        let new = row(response, response.version + 1);
        if CANNED.update(self.connection(), &[new], "AND t.version = r.version - 1").await? > 0 {
            return Ok(());
        }
        let there = self.canned_response(response.id).await?;
        Err(if there.is_some() { StoreError::Stale } else { StoreError::NotFound })
    }

    async fn delete_canned_response(&mut self, id: CannedResponseId) -> Result<(), StoreError> {
        self.run_on_one(query("DELETE FROM canned_responses WHERE id = $1").bind(id.uuid())).await
    }
}
