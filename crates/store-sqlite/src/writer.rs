//! The one writer, and how those who write at the same time share a flush of the disk (group commit).
//!
//! Units of work take turns at one connection. The first opens a transaction, the others join it, each in a savepoint. When a unit is
//! done it queues once more, behind those who already wait for their turn; they go first and join the transaction.
//! Whoever reaches the front with its unit still unflushed commits for all, and only then does any of them hear that
//! it is done. Alone, a unit reaches the front at once. A unit that is dropped or fails goes back to its savepoint and
//! disturbs nobody; a failed `COMMIT` fails every unit of the group.
//!
//! Ends of units run in tasks of their own, so that a caller who goes away in the middle leaves nothing half-done.

use crate::{
    closed,
    error::{Result, database},
};
use sqlx::{Connection, SqliteConnection};
use std::sync::Arc;
use store::StoreError;
use tokio::{
    runtime::Handle,
    sync::{Mutex, OwnedMutexGuard, oneshot},
};

/// The most units that share a flush: bounds how long the first of them waits.
const GROUP: usize = 64;

/// Why a flush failed, for every unit of its group.
type Flushed = std::result::Result<(), String>;

pub(crate) struct Writer {
    turn: Arc<Mutex<Line>>,
    runtime: Handle,
}

struct Line {
    connection: Option<SqliteConnection>,
    /// A transaction is open; these units are done and wait for its flush.
    group: Option<Vec<oneshot::Sender<Flushed>>>,
    /// What the unit that has the turn runs in, be it that it was dropped.
    unit: Unit,
}

/// What a unit of work runs in.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    /// Nobody has the turn.
    None,
    /// The first of a group needs no savepoint: going back is giving up the transaction. Savepoints cost SQLite a copy
    /// of each page that changes, which an import would pay dearly.
    First,
    /// A savepoint.
    Joined,
}

/// A unit of work's turn at the connection.
pub(crate) struct Turn {
    line: Option<OwnedMutexGuard<Line>>,
    turn: Arc<Mutex<Line>>,
    runtime: Handle,
}

impl Writer {
    pub(crate) fn new(connection: SqliteConnection) -> Self {
        let line = Line { connection: Some(connection), group: None, unit: Unit::None };
        Self { turn: Arc::new(Mutex::new(line)), runtime: Handle::current() }
    }

    pub(crate) async fn begin(&self) -> Result<Turn> {
        let mut line = Arc::clone(&self.turn).lock_owned().await;
        line.tidy().await;
        line.open_unit().await?;
        Ok(Turn { line: Some(line), turn: Arc::clone(&self.turn), runtime: self.runtime.clone() })
    }

    /// The turn without a unit of work and without a transaction: whoever has it makes one of its own.
    pub(crate) async fn alone(&self) -> Alone {
        let mut line = Arc::clone(&self.turn).lock_owned().await;
        line.tidy().await;
        if line.group.is_some() {
            line.flush().await;
        }
        Alone { line }
    }

    pub(crate) async fn close(&self) {
        let mut line = Arc::clone(&self.turn).lock_owned().await;
        line.tidy().await;
        if line.group.is_some() {
            line.flush().await;
        }
        if let Some(connection) = line.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "the database was not closed cleanly");
        }
    }
}

/// See [`Writer::alone`]. Held by a task that nobody cancels, so that its transaction always comes to an end.
pub(crate) struct Alone {
    line: OwnedMutexGuard<Line>,
}

impl Alone {
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.line.connection.as_mut().ok_or_else(closed)
    }
}

impl Turn {
    /// The connection, inside this unit's savepoint.
    pub(crate) fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.line.as_mut().and_then(|line| line.connection.as_mut()).ok_or_else(closed)
    }

    /// Returns when the unit is flushed.
    pub(crate) async fn commit(mut self) -> Result<()> {
        let Some(line) = self.line.take() else { return Err(closed()) };
        let ending = self.runtime.spawn(finish(Arc::clone(&self.turn), line));
        ending.await.map_err(|gone| StoreError::Unavailable(Box::new(gone)))?
    }

    /// Returns when nothing of the unit is left.
    pub(crate) async fn rollback(mut self) -> Result<()> {
        let Some(mut line) = self.line.take() else { return Err(closed()) };
        let ending = self.runtime.spawn(async move { line.undo().await });
        ending.await.map_err(|gone| StoreError::Unavailable(Box::new(gone)))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(mut line) = self.line.take() {
            // If the runtime ends before the task runs, the next turn tidies up, or SQLite when the file is opened.
            self.runtime.spawn(async move { line.undo().await });
        }
    }
}

async fn finish(turn: Arc<Mutex<Line>>, mut line: OwnedMutexGuard<Line>) -> Result<()> {
    let (done, mut flushed) = oneshot::channel();
    let units = line.release(done);
    if units < GROUP {
        drop(line);
        line = tokio::select! {
            biased;
            outcome = &mut flushed => return told(outcome),
            again = turn.lock_owned() => again,
        };
        line.tidy().await;
    }
    if let Ok(outcome) = flushed.try_recv() {
        return told(Ok(outcome));
    }
    line.flush().await;
    told(flushed.await)
}

fn told(outcome: std::result::Result<Flushed, oneshot::error::RecvError>) -> Result<()> {
    match outcome {
        Ok(Ok(())) => Ok(()),
        Ok(Err(cause)) => Err(StoreError::Unavailable(cause.into())),
        Err(_) => Err(closed()),
    }
}

impl Line {
    async fn run(&mut self, sql: &'static str) -> Result<()> {
        let connection = self.connection.as_mut().ok_or_else(closed)?;
        sqlx::query(sql).execute(connection).await.map(drop).map_err(database)
    }

    async fn open_unit(&mut self) -> Result<()> {
        if self.group.is_none() {
            // Set before the statement: if the caller goes away while it runs, `tidy` finds the open transaction.
            self.group = Some(Vec::new());
            self.unit = Unit::First;
            let begun = self.run("BEGIN IMMEDIATE").await;
            if begun.is_err() {
                (self.group, self.unit) = (None, Unit::None);
            }
            return begun;
        }
        self.unit = Unit::Joined;
        let opened = self.run("SAVEPOINT unit").await;
        if let Err(error) = &opened {
            self.unit = Unit::None;
            self.abandon(&error.to_string()).await;
        }
        opened
    }

    /// Ends a unit that is done and says how many units wait for the flush. Its savepoint stays open below those of the
    /// units that follow: the common COMMIT ends them all, and a statement a unit is saved.
    fn release(&mut self, done: oneshot::Sender<Flushed>) -> usize {
        self.unit = Unit::None;
        let group = self.group.get_or_insert_default();
        group.push(done);
        group.len()
    }

    async fn undo(&mut self) {
        let unit = std::mem::replace(&mut self.unit, Unit::None);
        if unit == Unit::Joined {
            // Goes back to the innermost savepoint of that name, which is this unit's.
            if let Err(error) = self.run("ROLLBACK TO unit").await {
                self.abandon(&error.to_string()).await;
            }
        }
        self.drop_empty().await;
    }

    /// Clears away what a unit left that was dropped without its task having run.
    async fn tidy(&mut self) {
        if self.unit != Unit::None {
            self.undo().await;
        }
        self.drop_empty().await;
    }

    async fn drop_empty(&mut self) {
        if self.group.as_ref().is_some_and(Vec::is_empty) {
            self.abandon("nothing was written").await;
        }
    }

    /// Gives up the whole transaction.
    async fn abandon(&mut self, cause: &str) {
        // An error only says that SQLite had given it up already.
        self.run("ROLLBACK").await.ok();
        for unit in self.group.take().unwrap_or_default() {
            unit.send(Err(cause.to_owned())).ok();
        }
    }

    async fn flush(&mut self) {
        if let Err(error) = self.run("COMMIT").await {
            tracing::error!(%error, "a group of changes could not be made durable");
            return self.abandon(&error.to_string()).await;
        }
        for unit in self.group.take().unwrap_or_default() {
            unit.send(Ok(())).ok();
        }
    }
}
