//! The two kinds of session: a reader's, and a unit of work's. The traits of the port are implemented on both at once.

use crate::{error::Result, readers::Reader, writer::Turn};
use async_trait::async_trait;
use sqlx::SqliteConnection;
use store::{Session, Tx};

/// Something that has a connection.
pub(crate) trait Connected: Send {
    fn connection(&mut self) -> Result<&mut SqliteConnection>;
}

impl Connected for Reader {
    fn connection(&mut self) -> Result<&mut SqliteConnection> {
        Self::connection(self)
    }
}

impl Connected for Turn {
    fn connection(&mut self) -> Result<&mut SqliteConnection> {
        Self::connection(self)
    }
}

/// A session of the port over a connection.
pub(crate) struct Handle<C>(C);

impl<C: Connected> Handle<C> {
    pub(crate) fn new(connected: C) -> Self {
        Self(connected)
    }
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.0.connection()
    }
}

impl<C: Connected> Session for Handle<C> {}

#[async_trait]
impl Tx for Handle<Turn> {
    async fn commit(self: Box<Self>) -> Result<()> {
        self.0.commit().await
    }

    async fn rollback(self: Box<Self>) -> Result<()> {
        self.0.rollback().await
    }
}
