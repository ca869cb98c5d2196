//! The storage port on SQLite: one file, WAL with `synchronous=FULL`, several readers, one writer whose flushes are
//! shared by those who write at the same time ([`writer`]).
//!
//! - One module a noun, as in the port; [`rows`] is the one place where columns become values.
//! - Reads are written once for both kinds of session ([`session::Handle`]).
//! - Sets go into a statement as one JSON array (`json_each`), so that a method is one statement whatever the size of
//!   the set and the text of the statement never changes. What is written thousands of times a second comes as rows of
//!   parameters ([`values`]; people of an import in `people::bulk`): taking JSON apart costs SQLite more than the rest.
//! - Not in here: decisions. Times, ids and defaults come in.

mod access;
mod activities;
mod attachments;
mod attributes;
mod canned;
mod chats;
mod checkpoints;
mod companies;
mod conversation_list;
mod conversations;
mod criteria_sql;
mod dialogues;
mod documents;
mod error;
mod goals;
mod imports;
mod knowledge;
mod lists;
mod migrations;
mod outbox;
mod page_views;
mod people;
mod profile;
mod push;
mod readers;
mod reports;
mod retention;
mod routing;
mod rows;
mod session;
mod sites;
mod steps;
mod traces;
mod users;
mod values;
mod visitors;
mod writer;

use async_trait::async_trait;
use checkpoints::Checkpoints;
use error::Result;
use readers::Readers;
use session::Handle;
use sqlx::{
    ConnectOptions, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use std::{path::Path, sync::Arc, time::Duration};
use steps::Steps;
use store::{Session, StepRecord, Store, StoreError, Tx};
use writer::Writer;

/// How the database is opened. The defaults serve one node with a million people.
#[derive(Debug, Clone, Copy)]
pub struct SqliteOptions {
    /// Connections for reading; 1 to 64.
    pub readers: usize,
    /// Page cache of the writer, in MiB.
    pub writer_cache_mib: u32,
    /// Page cache of each reader, in MiB.
    pub reader_cache_mib: u32,
    /// How much of the file readers may map into memory, in MiB; 0 maps nothing.
    pub mmap_mib: u32,
    /// How long the writer waits for another process that writes, such as the command line.
    pub busy_timeout: Duration,
    /// Size of the log, in pages of 4 KiB, from which on it begins anew as soon as it is written back into the database.
    pub checkpoint_pages: u32,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            readers: 4,
            writer_cache_mib: 64,
            reader_cache_mib: 8,
            mmap_mib: 512,
            busy_timeout: Duration::from_secs(10),
            checkpoint_pages: 16_384,
        }
    }
}

/// How many rows SQLite's thread may be ahead of whoever reads them.
const ROWS_AHEAD: usize = 256;

/// A database in one file.
pub struct SqliteStore {
    writer: Arc<Writer>,
    steps: Steps,
    checkpoints: Checkpoints,
    readers: Arc<Readers>,
}

impl SqliteStore {
    /// Opens the file, making it when it is not there. The schema is not touched: see [`Store::migrate`].
    pub async fn open(path: &Path, options: SqliteOptions) -> Result<Self> {
        let write = connection(&writing(path, options)).await?;
        let reading = reading(path, options);
        let mut connections = Vec::with_capacity(options.readers);
        for _ in 0..options.readers.clamp(1, 64) {
            connections.push(connection(&reading).await?);
        }
        let writer = Arc::new(Writer::new(write));
        let beside = connection(&checkpointing(path, options)).await?;
        Ok(Self {
            steps: Steps::new(Arc::clone(&writer)),
            checkpoints: Checkpoints::new(beside, Arc::clone(&writer), options.checkpoint_pages),
            writer,
            readers: Readers::new(connections),
        })
    }
}

async fn connection(options: &SqliteConnectOptions) -> Result<SqliteConnection> {
    options.connect().await.map_err(error::database)
}

// No `temp_store = memory` here: SQLite walks a journal of savepoints in memory from its beginning at every statement.
fn writing(path: &Path, options: SqliteOptions) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(options.busy_timeout)
        .statement_cache_capacity(400)
        .row_buffer_size(ROWS_AHEAD)
        .disable_statement_logging()
        .pragma("cache_size", format!("-{}", options.writer_cache_mib * 1024))
        .pragma("secure_delete", "on")
        // Only a net: see `checkpoints`.
        .pragma("wal_autocheckpoint", options.checkpoint_pages.saturating_mul(4).to_string())
        .pragma("journal_size_limit", (u64::from(options.checkpoint_pages) * 4096).to_string())
        .thread_name(|_| "sqlite-write".to_owned())
}

fn checkpointing(path: &Path, options: SqliteOptions) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(options.busy_timeout)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging()
        .pragma("cache_size", "-256")
        .thread_name(|_| "sqlite-back".to_owned())
}

fn reading(path: &Path, options: SqliteOptions) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(options.busy_timeout)
        .statement_cache_capacity(400)
        .row_buffer_size(ROWS_AHEAD)
        .disable_statement_logging()
        .pragma("cache_size", format!("-{}", options.reader_cache_mib * 1024))
        .pragma("mmap_size", (u64::from(options.mmap_mib) << 20).to_string())
        .pragma("temp_store", "memory")
        .pragma("query_only", "on")
        .thread_name(|number| format!("sqlite-read-{number}"))
}

#[async_trait]
impl Store for SqliteStore {
    async fn read(&self) -> Result<Box<dyn Session>> {
        Ok(Box::new(Handle::new(self.readers.take().await?)))
    }

    async fn begin(&self) -> Result<Box<dyn Tx>> {
        Ok(Box::new(Handle::new(self.writer.begin().await?)))
    }

    async fn commit_step(&self, step: StepRecord) -> Result<()> {
        self.steps.commit(step).await
    }

    async fn migrate(&self) -> Result<()> {
        let mut unit = self.writer.begin().await?;
        migrations::apply(unit.connection()?).await?;
        unit.commit().await
    }

    async fn ready(&self) -> Result<()> {
        let mut unit = self.writer.begin().await?;
        migrations::probe(unit.connection()?).await?;
        unit.commit().await
    }

    async fn close(&self) {
        self.readers.close().await;
        self.checkpoints.close().await;
        self.writer.close().await;
    }
}

/// What a closed store answers.
fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".into())
}
