//! A connection for reading and a unit of work: one type that is either.

use crate::error::store_error;
use async_trait::async_trait;
use kernel::PersonId;
use sqlx::{
    AssertSqlSafe, PgConnection, Postgres, Transaction,
    pool::PoolConnection,
    postgres::{PgArguments, PgRow},
    query::Query,
};
use std::collections::HashSet;
use store::{Session, StoreError, Tx};

/// One database connection, alone or in a transaction.
pub(crate) struct Unit {
    link: Link,
    /// Its place in the activity log is marked; see `activities`.
    pub(crate) log_is_marked: bool,
    /// People who cannot be merged away until the unit of work ends; see `people::hold`.
    pub(crate) held: HashSet<PersonId>,
}

enum Link {
    Alone(PoolConnection<Postgres>),
    Transaction(Transaction<'static, Postgres>),
}

impl Unit {
    pub(crate) fn reading(connection: PoolConnection<Postgres>) -> Self {
        Self::new(Link::Alone(connection))
    }

    pub(crate) fn writing(transaction: Transaction<'static, Postgres>) -> Self {
        Self::new(Link::Transaction(transaction))
    }

    fn new(link: Link) -> Self {
        Self { link, log_is_marked: false, held: HashSet::new() }
    }

    pub(crate) fn connection(&mut self) -> &mut PgConnection {
        match &mut self.link {
            Link::Alone(connection) => connection,
            Link::Transaction(transaction) => transaction,
        }
    }

    /// All rows of a query.
    pub(crate) async fn rows(&mut self, query: Bound<'_>) -> Result<Vec<PgRow>, StoreError> {
        query.fetch_all(self.connection()).await.map_err(store_error)
    }

    /// The only row of a query, if there is one.
    pub(crate) async fn row(&mut self, query: Bound<'_>) -> Result<Option<PgRow>, StoreError> {
        query.fetch_optional(self.connection()).await.map_err(store_error)
    }

    /// Carries out a statement; returns how many rows it touched.
    pub(crate) async fn run(&mut self, query: Bound<'_>) -> Result<u64, StoreError> {
        Ok(query.execute(self.connection()).await.map_err(store_error)?.rows_affected())
    }

    /// Carries out a statement that must touch a row.
    pub(crate) async fn run_on_one(&mut self, query: Bound<'_>) -> Result<(), StoreError> {
        if self.run(query).await? == 0 { Err(StoreError::NotFound) } else { Ok(()) }
    }
}

/// A statement with its parameters.
pub(crate) type Bound<'q> = Query<'q, Postgres, PgArguments>;

/// A statement put together out of the constants of this crate.
pub(crate) fn made(sql: String) -> Bound<'static> {
    sqlx::query(AssertSqlSafe(sql))
}

impl Session for Unit {}

#[async_trait]
impl Tx for Unit {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        match self.link {
            Link::Transaction(transaction) => transaction.commit().await.map_err(store_error),
            Link::Alone(_) => Ok(()),
        }
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        match self.link {
            Link::Transaction(transaction) => transaction.rollback().await.map_err(store_error),
            Link::Alone(_) => Ok(()),
        }
    }
}
