//! The storage port on Postgres: many writers, row locks, `SKIP LOCKED`, `COPY` for imports, activities in a partition a
//! month. Needs no extension.
//!
//! A set of rows is written by one statement (`table`); only the bulk form of people goes by `COPY` (`bulk`). What a
//! statement locks is said where it locks.

mod access;
mod accounts;
mod activities;
mod attachments;
mod attributes;
mod bulk;
mod canned;
mod chats;
mod codec;
mod companies;
mod conditions;
mod conversation_list;
mod conversations;
mod dialogues;
mod documents;
mod erasure;
mod error;
mod goals;
mod imports;
mod knowledge;
mod lines;
mod lists;
mod outbox;
mod paging;
mod people;
mod profile;
mod push;
mod reports;
mod retention;
mod routing;
mod schema;
mod search;
mod sites;
mod steps;
mod table;
mod traces;
mod unit;
mod versions;
mod views;
mod visitors;
mod words;

use crate::{error::store_error, unit::Unit};
use async_trait::async_trait;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{str::FromStr, time::Duration};
use store::{Session, StepRecord, Store, StoreError, Tx};

/// How a database is reached.
#[derive(Debug, Clone)]
pub struct PostgresSettings {
    /// `postgres://user:password@host:port/database?sslmode=…`.
    pub url: kernel::Secret<String>,
    /// The most connections of this process.
    pub connections: u32,
    /// How long a caller waits for a free connection before the store is unavailable to it.
    pub patience: Duration,
}

impl PostgresSettings {
    /// 20 connections, 5 seconds of patience.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: kernel::Secret::new(url.into()), connections: 20, patience: Duration::from_secs(5) }
    }
}

/// A Postgres database.
#[derive(Debug, Clone)]
pub struct PostgresStore {
    pool: PgPool,
}

impl PostgresStore {
    /// Prepares a pool; connects when first used. Fails only on an address that cannot be one.
    pub fn new(settings: &PostgresSettings) -> Result<Self, StoreError> {
        // No statement of the service is meant to take this long, and none may keep its locks longer.
        let limits = [
            ("statement_timeout", "60s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "60s"),
            ("TimeZone", "UTC"),
        ];
        let options = PgConnectOptions::from_str(settings.url.expose())
            .map_err(store_error)?
            .application_name("usher")
            .options(limits);
        let pool = PgPoolOptions::new()
            .max_connections(settings.connections)
            .acquire_timeout(settings.patience)
            .connect_lazy_with(options);
        Ok(Self { pool })
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn read(&self) -> Result<Box<dyn Session>, StoreError> {
        Ok(Box::new(Unit::reading(self.pool.acquire().await.map_err(store_error)?)))
    }

    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        Ok(Box::new(Unit::writing(self.pool.begin().await.map_err(store_error)?)))
    }

    async fn commit_step(&self, step: StepRecord) -> Result<(), StoreError> {
        steps::commit(&self.pool, &step).await
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        schema::migrate(&self.pool).await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        schema::prove_writable(&self.pool).await
    }

    async fn close(&self) {
        self.pool.close().await;
    }
}
