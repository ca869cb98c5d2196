//! Writing the log back into the database (checkpoints), beside the writer.
//!
//! Left to itself SQLite does it at the end of the commit that makes the log long enough, and everybody who writes waits for
//! it. Here a connection of its own does most of it every second, while writing goes on. Under load it does so more often:
//! whatever it flushes the writer's own flushes wait for, so that little at a time means short waits. The log can only begin
//! anew when nothing of it is left, so that, once it is long, the little that was added in the meantime is written back
//! while the writer rests.

use crate::{error::Result, rows::one, writer::Writer};
use sqlx::{Connection, Row, SqliteConnection, query};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::oneshot, task::JoinHandle};

const PAUSE: Duration = Duration::from_secs(1);
/// Instead of [`PAUSE`] after there was much.
const SHORT_PAUSE: Duration = Duration::from_millis(100);
/// Pages that are much at a time.
const MUCH: i64 = 200;

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
    let (mut pause, mut before) = (PAUSE, 0);
    loop {
        tokio::select! {
            _ = &mut stopped => break,
            () = tokio::time::sleep(pause) => {}
        }
        match write_back(&mut connection, &writer, long).await {
            Ok(written) => {
                pause = if written - before >= MUCH { SHORT_PAUSE } else { PAUSE };
                before = written;
            }
            Err(error) => {
                pause = PAUSE;
                tracing::warn!(%error, "the log could not be written back; it grows until it can");
            }
        }
    }
    connection.close().await.ok();
}

/// How many pages of the log are written back now; fewer than before when it began anew.
async fn write_back(connection: &mut SqliteConnection, writer: &Writer, long: u32) -> Result<i64> {
    let (length, written) = pages_of_log(connection).await?;
    if length < i64::from(long) {
        return Ok(written);
    }
    let _rest = writer.alone().await;
    Ok(pages_of_log(connection).await?.1)
}

/// Writes back what can be written back without waiting for anybody; how long the log is, and how much of it is back.
async fn pages_of_log(connection: &mut SqliteConnection) -> Result<(i64, i64)> {
    let row = one(connection, query("PRAGMA wal_checkpoint(PASSIVE)")).await?;
    let number = |name| row.as_ref().and_then(|row| row.try_get::<i64, _>(name).ok()).unwrap_or(0);
    Ok((number("log"), number("checkpointed")))
}
