//! What runs beside the requests: the writer of page views, and the ear for hints that keeps memory fresh.

use crate::{App, AppError, page_batch, page_batch::Row};
use bus::Hint;
use std::time::Duration;
use tokio::{
    sync::{broadcast::error::RecvError, oneshot},
    task::JoinHandle,
};

/// How long a failed reload of the configuration waits before the next try.
const RELOAD_PAUSE: Duration = Duration::from_secs(1);

/// The background work of an [`App`]; ends with [`Running::stop`].
#[derive(Debug)]
pub struct Running {
    app: App,
    ear: JoinHandle<()>,
    writer: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl App {
    /// Makes sure that the built-in profiles and the key for Web Push are there, compiles the configuration and starts the background work. Call it once, before requests are served.
    pub async fn start(&self) -> Result<Running, AppError> {
        // Listening before reading: what changes in between is heard.
        let hints = self.bus().subscribe();
        crate::profiles::ensure_built_in(self).await?;
        crate::notify::prepare(self).await?;
        self.reload().await?;
        let ear = tokio::spawn(listen(self.clone(), hints));
        let writer = self.memory().batch.take_receiver().map(|rows| {
            let (stop, stopped) = oneshot::channel::<()>();
            let app = self.clone();
            let task = async move {
                tokio::select! {
                    () = page_batch::write_batches(app, rows) => {}
                    _ = stopped => {}
                }
            };
            (stop, tokio::spawn(task))
        });
        Ok(Running { app: self.clone(), ear, writer })
    }

    /// Returns when all page views answered so far are written (or dropped).
    pub async fn flush_page_views(&self) {
        self.memory().batch.flush().await;
    }
}

impl Running {
    /// Writes what is waiting and ends the background work.
    pub async fn stop(self) {
        self.ear.abort();
        if let Some((stop, writer)) = self.writer {
            self.app.flush_page_views().await;
            stop.send(()).ok();
            if let Err(error) = writer.await {
                tracing::error!(%error, "the writer of page views failed");
            }
        }
    }
}

async fn listen(app: App, mut hints: tokio::sync::broadcast::Receiver<Hint>) {
    loop {
        match hints.recv().await {
            Ok(Hint::Configuration) => reload(&app).await,
            Ok(Hint::Visitor { id }) => app.memory().forget_visitor(id),
            // A talk that is remembered from before the change would only be refused by the store.
            Ok(Hint::Chat { conversation, .. }) => app.memory().talks.invalidate(&conversation),
            Ok(Hint::User { id }) => app.memory().called.invalidate(&id),
            Ok(Hint::Person { id }) => app.memory().forget_person(id),
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => {
                app.memory().forget_all();
                reload(&app).await;
            }
            Err(RecvError::Closed) => return,
        }
    }
}

async fn reload(app: &App) {
    while let Err(error) = app.reload().await {
        tracing::warn!(%error, "the configuration could not be read; trying again");
        tokio::time::sleep(RELOAD_PAUSE).await;
    }
}

/// Hands a row to the writer and counts it when there was no room.
pub(crate) fn hand_over(app: &App, row: Row) {
    let is_view = matches!(row, Row::View(_));
    if !app.memory().batch.send(row) && is_view {
        crate::memory::Counters::add(&app.counters().page_views_dropped, 1);
    }
}
