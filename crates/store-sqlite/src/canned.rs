//! Texts that agents keep at hand.

use crate::{
    error::Result,
    rows::{Columns, all, one, run, run_found},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{CannedResponseId, UserId, to_millis};
use sqlx::{query, sqlite::SqliteRow};
use store::{CannedReads, CannedResponse, CannedWrites, StoreError};

fn response(row: &SqliteRow) -> Result<CannedResponse> {
    Ok(CannedResponse {
        id: row.id("id")?,
        shortcut: row.text("shortcut")?,
        text: row.text("text")?,
        owner_id: row.opt_id("owner_id")?,
        created_at: row.at("created_at")?,
        updated_at: row.at("updated_at")?,
        version: row.int("version")?,
    })
}

#[async_trait]
impl<C: Connected> CannedReads for Handle<C> {
    async fn canned_responses(&mut self, owner: Option<UserId>) -> Result<Vec<CannedResponse>> {
        let found = query(
            "SELECT * FROM canned_responses WHERE owner_id IS NULL OR owner_id = ?
             ORDER BY shortcut, owner_id IS NULL, id",
        )
        .bind(owner.map(UserId::uuid));
        all(self.connection()?, found).await?.iter().map(response).collect()
    }

    async fn canned_response(&mut self, id: CannedResponseId) -> Result<Option<CannedResponse>> {
        let found = query("SELECT * FROM canned_responses WHERE id = ?").bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(response).transpose()
    }
}

#[async_trait]
impl CannedWrites for Handle<Turn> {
    async fn insert_canned_response(&mut self, response: &CannedResponse) -> Result<()> {
        let insert = query(
            "INSERT INTO canned_responses (id, shortcut, text, owner_id, created_at, updated_at, version)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(response.id.uuid())
        .bind(response.shortcut.clone())
        .bind(response.text.clone())
        .bind(response.owner_id.map(UserId::uuid))
        .bind(to_millis(response.created_at))
        .bind(to_millis(response.updated_at))
        .bind(response.version);
        run(self.connection()?, insert).await.map(drop)
    }

    async fn update_canned_response(&mut self, response: &CannedResponse) -> Result<()> {
        let update = query(
            "UPDATE canned_responses SET shortcut = ?, text = ?, owner_id = ?, updated_at = ?, version = version + 1
             WHERE id = ? AND version = ?",
        )
        .bind(response.shortcut.clone())
        .bind(response.text.clone())
        .bind(response.owner_id.map(UserId::uuid))
        .bind(to_millis(response.updated_at))
        .bind(response.id.uuid())
        .bind(response.version);
        if run(self.connection()?, update).await? > 0 {
            return Ok(());
        }
        match self.canned_response(response.id).await? {
            Some(_) => Err(StoreError::Stale),
            None => Err(StoreError::NotFound),
        }
    }

    async fn delete_canned_response(&mut self, id: CannedResponseId) -> Result<()> {
        run_found(self.connection()?, query("DELETE FROM canned_responses WHERE id = ?").bind(id.uuid()))
            .await
    }
}
