//! Writing whole rows: a set of rows travels as one JSON document that Postgres turns into rows of the table.

use serde_json::Value as Json;
use sqlx::{AssertSqlSafe, Connection, PgConnection, query, types::Json as Document};
use store::StoreError;

use crate::error::store_error;

/// A table, its key and the other columns that are written.
pub(crate) struct Table {
    pub name: &'static str,
    /// What identifies a row in [`Table::update`].
    pub key: &'static str,
    /// All columns that are written at the insert.
    pub columns: &'static str,
    /// Those that are replaced by [`Table::update`]; one with the name `revision` rises by one instead.
    pub changeable: &'static str,
}

impl Table {
    /// Adds rows, in their order. An error leaves the transaction unusable; see [`Table::insert_or_undo`].
    pub async fn insert(&self, connection: &mut PgConnection, rows: &[Json]) -> Result<u64, StoreError> {
        self.insert_with(connection, rows, "").await
    }

    /// Adds rows with an `ON CONFLICT` clause; returns how many were written.
    pub async fn insert_with(
        &self,
        connection: &mut PgConnection,
        rows: &[Json],
        on_conflict: &'static str,
    ) -> Result<u64, StoreError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let Self { name, columns, .. } = self;
        let sql = format!(
            "INSERT INTO {name} ({columns}) SELECT {columns} \
             FROM jsonb_populate_recordset(NULL::{name}, $1) {on_conflict}"
        );
        let done = query(AssertSqlSafe(sql)).bind(Document(rows)).execute(connection).await;
        Ok(done.map_err(store_error)?.rows_affected())
    }

    /// Adds rows; after an error nothing of them is there and the transaction goes on (callers act on `Taken`).
    pub async fn insert_or_undo(
        &self,
        connection: &mut PgConnection,
        rows: &[Json],
    ) -> Result<(), StoreError> {
        let mut attempt = connection.begin().await.map_err(store_error)?;
        match self.insert(&mut attempt, rows).await {
            Ok(_) => attempt.commit().await.map_err(store_error),
            Err(error) => {
                attempt.rollback().await.map_err(store_error)?;
                Err(error)
            }
        }
    }

    /// Replaces the changeable columns of rows with the same key, and, where `condition` is not empty, only where it holds
    /// between the stored row `t` and the new one `r`; returns how many were replaced.
    pub async fn update(
        &self,
        connection: &mut PgConnection,
        rows: &[Json],
        condition: &'static str,
    ) -> Result<u64, StoreError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let Self { name, key, changeable, .. } = self;
        let new = |column: &str| match column {
            "revision" => "revision = t.revision + 1".to_owned(),
            _ => format!("{column} = r.{column}"),
        };
        let news: Vec<_> = changeable.split(", ").map(new).collect();
        let sql = format!(
            "UPDATE {name} t SET {} FROM jsonb_populate_recordset(NULL::{name}, $1) r WHERE t.{key} = r.{key} {condition}",
            news.join(", ")
        );
        let done = query(AssertSqlSafe(sql)).bind(Document(rows)).execute(connection).await;
        Ok(done.map_err(store_error)?.rows_affected())
    }

    /// [`Table::update`] for rows with unique values: after an error nothing is replaced and the transaction goes on. True
    /// when every row was replaced.
    pub async fn update_or_undo(
        &self,
        connection: &mut PgConnection,
        rows: &[Json],
        condition: &'static str,
    ) -> Result<bool, StoreError> {
        let mut attempt = connection.begin().await.map_err(store_error)?;
        match self.update(&mut attempt, rows, condition).await {
            Ok(replaced) if replaced == rows.len() as u64 => {
                attempt.commit().await.map_err(store_error)?;
                Ok(true)
            }
            outcome => {
                attempt.rollback().await.map_err(store_error)?;
                outcome.map(|_| false)
            }
        }
    }
}
