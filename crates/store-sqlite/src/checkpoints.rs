//! Writing the log back into the database (checkpoints), beside the writer.
//!
//! Left to itself SQLite does it at the end of the commit that makes the log long enough, and everybody who writes waits for
//! it. Here a connection of its own does most of it every second, while writing goes on. The log can only begin anew when
//! nothing of it is left, so that, once it is long, the little that was added in the meantime is written back while the
//! writer rests.

use crate::{error::Result, rows::one, writer::Writer};
use sqlx::{Connection, Row, SqliteConnection, query};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::oneshot, task::JoinHandle, time::MissedTickBehavior};

const PAUSE: Duration = Duration::from_secs(1);

/// Ends with [`Checkpoints::close`], or when it is dropped.
pub(crate) struct Checkpoints {
    running: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

impl Checkpoints {
    /// `long` is the length of the log, in pages, from which on it is to begin anew.
    pub(crate) fn new(connection: SqliteConnection, writer: Arc<Writer>, long: u32) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(run(connection, writer, long, stopped));
        Self { running: Mutex::new(Some((stop, task))) }
    }

    pub(crate) async fn close(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((stop, task)) = running {
            drop(stop);
            if let Err(error) = task.await {
                tracing::error!(%error, "the task of the checkpoints failed");
            }
        }
    }
}

async fn run(
    mut connection: SqliteConnection,
    writer: Arc<Writer>,
    long: u32,
    mut stopped: oneshot::Receiver<()>,
) {
    let mut ticks = tokio::time::interval(PAUSE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            _ = ticks.tick() => {}
        }
        if let Err(error) = write_back(&mut connection, &writer, long).await {
            tracing::warn!(%error, "the log could not be written back; it grows until it can");
        }
    }
    connection.close().await.ok();
}

async fn write_back(connection: &mut SqliteConnection, writer: &Writer, long: u32) -> Result<()> {
    if pages_of_log(connection).await? >= i64::from(long) {
        let _rest = writer.alone().await;
        pages_of_log(connection).await?;
    }
    Ok(())
}

/// Writes back what can be written back without waiting for anybody; how long the log is.
async fn pages_of_log(connection: &mut SqliteConnection) -> Result<i64> {
    let row = one(connection, query("PRAGMA wal_checkpoint(PASSIVE)")).await?;
    Ok(row.and_then(|row| row.try_get::<i64, _>("log").ok()).unwrap_or(0))
}
