//! Imports and the rows they refused.

use crate::{
    error::Result,
    rows::{Columns, after_time, all, json, limit, one, opt_ms, paged, run, run_found, word},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{ImportId, ListId, Timestamp, UserId, to_millis};
use serde_json::json;
use sqlx::{query, sqlite::SqliteRow};
use store::{ImportReads, ImportRecord, ImportWrites, Page, PageRequest, Reject, StoreError};

fn import(row: &SqliteRow) -> Result<ImportRecord> {
    Ok(ImportRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        state: row.word("state")?,
        mode: row.opt_text("mode")?.map(|mode| crate::rows::from_word(&mode)).transpose()?,
        plan: row.json("plan")?,
        size_bytes: row.int("size_bytes")?,
        file: row.text("file")?,
        list_id: row.opt_id("list_id")?,
        progress: row.json("progress")?,
        error: row.opt_text("error")?,
        created_by: row.opt_id("created_by")?,
        created_at: row.at("created_at")?,
        started_at: row.opt_at("started_at")?,
        finished_at: row.opt_at("finished_at")?,
    })
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[async_trait]
impl<C: Connected> ImportReads for Handle<C> {
    async fn import(&mut self, id: ImportId) -> Result<Option<ImportRecord>> {
        let found = query("SELECT * FROM imports WHERE id = ?").bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(import).transpose()
    }

    async fn imports(&mut self, page: &PageRequest) -> Result<Page<ImportRecord>> {
        let (at, id) = after_time(page)?;
        let found = query(
            "SELECT * FROM imports WHERE (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?",
        )
        .bind(at)
        .bind(id)
        .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(import).collect::<Result<_>>()?;
        Ok(paged(items, page, |i: &ImportRecord| (to_millis(i.created_at), i.id.uuid())))
    }

    async fn rejects(&mut self, id: ImportId, after: u64, limit: u32) -> Result<Vec<Reject>> {
        let found = query(
            "SELECT * FROM import_rejects WHERE import_id = ? AND line > ? ORDER BY line, rowid LIMIT ?",
        )
        .bind(id.uuid())
        .bind(signed(after))
        .bind(limit);
        let rows = all(self.connection()?, found).await?;
        let reject = |row: &SqliteRow| {
            Ok(Reject {
                line: row.int("line")?,
                field: row.text("field")?,
                reason: row.text("reason")?,
                cells: row.json("cells")?,
            })
        };
        rows.iter().map(reject).collect()
    }
}

#[async_trait]
impl ImportWrites for Handle<Turn> {
    async fn insert_import(&mut self, new: &ImportRecord) -> Result<()> {
        let insert = query(
            "INSERT INTO imports (id, name, state, mode, plan, size_bytes, file, list_id, progress, error, created_by,
               created_at, started_at, finished_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(new.id.uuid())
        .bind(new.name.clone())
        .bind(word(new.state))
        .bind(new.mode.map(word))
        .bind(json(&new.plan)?)
        .bind(signed(new.size_bytes))
        .bind(new.file.clone())
        .bind(new.list_id.map(ListId::uuid))
        .bind(json(&new.progress)?)
        .bind(new.error.clone())
        .bind(new.created_by.map(UserId::uuid))
        .bind(to_millis(new.created_at))
        .bind(opt_ms(new.started_at))
        .bind(opt_ms(new.finished_at));
        run(self.connection()?, insert).await.map(drop)
    }

    async fn update_import(&mut self, changed: &ImportRecord) -> Result<()> {
        let update = query(
            "UPDATE imports SET name = ?, state = ?, mode = ?, plan = ?, size_bytes = ?, list_id = ?, progress = ?,
               error = ?, created_by = ?, started_at = ?, finished_at = ?
             WHERE id = ?",
        )
        .bind(changed.name.clone())
        .bind(word(changed.state))
        .bind(changed.mode.map(word))
        .bind(json(&changed.plan)?)
        .bind(signed(changed.size_bytes))
        .bind(changed.list_id.map(ListId::uuid))
        .bind(json(&changed.progress)?)
        .bind(changed.error.clone())
        .bind(changed.created_by.map(UserId::uuid))
        .bind(opt_ms(changed.started_at))
        .bind(opt_ms(changed.finished_at))
        .bind(changed.id.uuid());
        run_found(self.connection()?, update).await
    }

    async fn lease_import(
        &mut self,
        id: ImportId,
        holder: &str,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<bool> {
        let take = query(
            "UPDATE imports SET lease_holder = ?1, lease_until = ?2
             WHERE id = ?3 AND (lease_holder IS NULL OR lease_holder = ?1 OR lease_until <= ?4)",
        )
        .bind(holder.to_owned())
        .bind(to_millis(lease_until))
        .bind(id.uuid())
        .bind(to_millis(now));
        if run(self.connection()?, take).await? > 0 {
            return Ok(true);
        }
        let there = query("SELECT 1 FROM imports WHERE id = ?").bind(id.uuid());
        one(self.connection()?, there).await?.map(|_| false).ok_or(StoreError::NotFound)
    }

    async fn insert_rejects(&mut self, id: ImportId, rejects: &[Reject]) -> Result<()> {
        let rows: Vec<_> = rejects.iter().map(|r| json!([r.line, r.field, r.reason, r.cells])).collect();
        let insert = query(
            "INSERT INTO import_rejects (import_id, line, field, reason, cells)
             SELECT ?, value ->> 0, value ->> 1, value ->> 2, value -> 3 FROM json_each(?) ORDER BY key",
        )
        .bind(id.uuid())
        .bind(json(&rows)?);
        run(self.connection()?, insert).await.map(drop)
    }

    async fn delete_import(&mut self, id: ImportId) -> Result<()> {
        run_found(self.connection()?, query("DELETE FROM imports WHERE id = ?").bind(id.uuid())).await
    }
}
