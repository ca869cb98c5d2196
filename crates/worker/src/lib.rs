//! The job loop: mails, webhooks and notifications of the outbox, imports that run, chats that are due, and the sweep of what ended by itself. It decides nothing: it calls
//! use cases when a hint comes or a while has passed.

use app::{App, AppError};
use bus::Hint;
use std::future::Future;
use std::time::Duration;
use store::{ImportState, PageRequest};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

/// How long a hint may be lost without anybody noticing: the outbox is looked at at least that often.
const OUTBOX_EVERY: Duration = Duration::from_secs(5);
/// Imports of a node that died are taken over within that time (and their lease).
const IMPORTS_EVERY: Duration = Duration::from_secs(5);
/// Offers end, silent chats end, and chats of lost agents go on within that time after they should.
const CHATS_EVERY: Duration = Duration::from_secs(1);
/// Agents are called to messages that nobody reads within that time after they should.
const UNREAD_EVERY: Duration = Duration::from_secs(5);
/// Conversations are dropped, retention applied and guests folded that often.
const SWEEP_EVERY: Duration = Duration::from_secs(60);

/// Works until `stop`; what is under way then is finished or left where another node takes it up.
pub async fn run(app: App, stop: CancellationToken) {
    tokio::join!(
        catch_up(&app, &stop),
        repeat(
            &app,
            &stop,
            "outbox",
            OUTBOX_EVERY,
            |h| matches!(h, Hint::Outbox),
            || app::delivery::deliver_due(&app)
        ),
        repeat(
            &app,
            &stop,
            "webhooks",
            OUTBOX_EVERY,
            |h| matches!(h, Hint::Outbox),
            || app::webhooks::deliver_due(&app)
        ),
        repeat(
            &app,
            &stop,
            "alerts",
            OUTBOX_EVERY,
            |h| matches!(h, Hint::Outbox),
            || app::notify::deliver::deliver_due(&app)
        ),
        repeat(&app, &stop, "unread", UNREAD_EVERY, |_| false, || app::notify::unread::run(&app)),
        repeat(
            &app,
            &stop,
            "imports",
            IMPORTS_EVERY,
            |h| matches!(h, Hint::Import { .. }),
            || imports(&app, &stop)
        ),
        repeat(
            &app,
            &stop,
            "chats",
            CHATS_EVERY,
            |h| matches!(h, Hint::Agent { .. } | Hint::User { .. }),
            || app::livechat::due::run(&app)
        ),
        repeat(&app, &stop, "sweep", SWEEP_EVERY, |_| false, || app::sweep::run(&app)),
    );
}

/// What a process that died left out of the search index. What does not succeed now follows with the next import.
async fn catch_up(app: &App, stop: &CancellationToken) {
    let done = tokio::select! {
        () = stop.cancelled() => return,
        done = app::import::catch_up(app) => done,
    };
    if let Err(error) = done {
        tracing::warn!(%error, "the search index could not be brought up to date");
    }
}

/// Calls `work` at once, then whenever a hint asks for it or `every` has passed.
async fn repeat<F, W, T>(
    app: &App,
    stop: &CancellationToken,
    name: &str,
    every: Duration,
    wants: fn(&Hint) -> bool,
    work: W,
) where
    W: Fn() -> F,
    F: Future<Output = Result<T, AppError>>,
{
    let mut hints = app.bus().subscribe();
    while !stop.is_cancelled() {
        if let Err(error) = work().await {
            tracing::warn!(work = name, error = %error, cause = std::error::Error::source(&error).map(tracing::field::display), "will be tried again");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
            () = asked(&mut hints, wants) => {}
        }
    }
}

/// Runs the imports that should run and that nobody else holds, one after another.
async fn imports(app: &App, stop: &CancellationToken) -> Result<(), AppError> {
    let recent = app::import::list(app, &PageRequest::first(100)).await?;
    for import in recent.items.iter().filter(|i| i.record.state == ImportState::Running) {
        tokio::select! {
            // A batch under way is given up with its unit of work; the next holder begins with it.
            () = stop.cancelled() => return Ok(()),
            outcome = app::import::run(app, import.record.id) => drop(outcome?),
        }
    }
    Ok(())
}

async fn asked(hints: &mut tokio::sync::broadcast::Receiver<Hint>, wants: fn(&Hint) -> bool) {
    loop {
        match hints.recv().await {
            Ok(hint) if wants(&hint) => return,
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => return std::future::pending().await,
        }
    }
}
