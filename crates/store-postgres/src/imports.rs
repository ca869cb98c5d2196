//! Imports and the rows they refused.

use crate::{
    codec::{At, Columns, all, instant, long, maybe_id, maybe_instant},
    paging::{Filter, NewestFirst},
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{ImportId, ListId, Timestamp, UserId};
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query};
use store::{ImportReads, ImportRecord, ImportWrites, Page, PageRequest, Reject, StoreError};

const IMPORTS: Table = Table {
    name: "imports",
    key: "id",
    columns: "id, name, state, mode, plan, size_bytes, file, list_id, progress, error, created_by, created_at, \
              started_at, finished_at",
    changeable: "name, state, mode, plan, size_bytes, list_id, progress, error, created_by, started_at, finished_at",
};
const REJECTS: Table = Table {
    name: "import_rejects",
    key: "import_id",
    columns: "import_id, line, field, reason, cells",
    changeable: "",
};
const LIST: NewestFirst = NewestFirst { select: "SELECT * FROM imports", time: "created_at", id: "id" };

fn import(row: &PgRow) -> Result<ImportRecord, StoreError> {
    Ok(ImportRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        state: row.word("state")?,
        mode: if row.maybe_text("mode")?.is_some() { Some(row.word("mode")?) } else { None },
        plan: row.json("plan")?,
        size_bytes: row.count("size_bytes")?,
        file: row.text("file")?,
        list_id: row.maybe_id("list_id")?,
        progress: row.json("progress")?,
        error: row.maybe_text("error")?,
        created_by: row.maybe_id("created_by")?,
        created_at: row.at("created_at")?,
        started_at: row.maybe_at("started_at")?,
        finished_at: row.maybe_at("finished_at")?,
    })
}

fn as_row(import: &ImportRecord) -> Json {
    json!({
        "id": import.id.uuid(),
        "name": import.name,
        "state": import.state,
        "mode": import.mode,
        "plan": import.plan,
        "size_bytes": import.size_bytes,
        "file": import.file,
        "list_id": maybe_id(import.list_id.map(ListId::uuid)),
        "progress": import.progress,
        "error": import.error,
        "created_by": maybe_id(import.created_by.map(UserId::uuid)),
        "created_at": instant(import.created_at),
        "started_at": maybe_instant(import.started_at),
        "finished_at": maybe_instant(import.finished_at),
    })
}

#[async_trait]
impl ImportReads for Unit {
    async fn import(&mut self, id: ImportId) -> Result<Option<ImportRecord>, StoreError> {
        let found = query("SELECT * FROM imports WHERE id = $1").bind(id.uuid());
        self.row(found).await?.as_ref().map(import).transpose()
    }

    async fn imports(&mut self, page: &PageRequest) -> Result<Page<ImportRecord>, StoreError> {
        LIST.page(self, Filter::new(), page, import).await
    }

    async fn rejects(&mut self, id: ImportId, after: u64, limit: u32) -> Result<Vec<Reject>, StoreError> {
        let found = query(
            "SELECT * FROM import_rejects WHERE import_id = $1 AND line > $2 ORDER BY line, position LIMIT $3",
        )
        .bind(id.uuid())
        .bind(long(after))
        .bind(i64::from(limit));
        all(&self.rows(found).await?, |row| {
            Ok(Reject {
                line: row.count("line")?,
                field: row.text("field")?,
                reason: row.text("reason")?,
                cells: row.json("cells")?,
            })
        })
    }
}

#[async_trait]
impl ImportWrites for Unit {
    async fn insert_import(&mut self, new: &ImportRecord) -> Result<(), StoreError> {
        IMPORTS.insert_or_undo(self.connection(), &[as_row(new)]).await
    }

    async fn update_import(&mut self, changed: &ImportRecord) -> Result<(), StoreError> {
        match IMPORTS.update(self.connection(), &[as_row(changed)], "").await? {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }

    async fn lease_import(
        &mut self,
        id: ImportId,
        holder: &str,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<bool, StoreError> {
        let take = query(
            "UPDATE imports SET lease_holder = $2, lease_until = $3
             WHERE id = $1 AND (lease_holder IS NULL OR lease_holder = $2 OR lease_until <= $4)",
        )
        .bind(id.uuid())
        .bind(holder)
        .bind(At(lease_until))
        .bind(At(now));
        if self.run(take).await? > 0 {
            return Ok(true);
        }
        let there = query("SELECT FROM imports WHERE id = $1").bind(id.uuid());
        self.row(there).await?.map(|_| false).ok_or(StoreError::NotFound)
    }

    async fn insert_rejects(&mut self, id: ImportId, rejects: &[Reject]) -> Result<(), StoreError> {
        let rows: Vec<Json> = rejects
            .iter()
            .map(|reject| {
                json!({
                    "import_id": id.uuid(),
                    "line": reject.line,
                    "field": reject.field,
                    "reason": reject.reason,
                    "cells": reject.cells,
                })
            })
            .collect();
        REJECTS.insert(self.connection(), &rows).await.map(drop)
    }

    async fn delete_import(&mut self, id: ImportId) -> Result<(), StoreError> {
        self.run_on_one(query("DELETE FROM imports WHERE id = $1").bind(id.uuid())).await
    }
}
