//! What time alone makes true: conversations are dropped, marks of guests folded into counts, old page views and people
//! without any engagement deleted. Run now and then by the worker, on any node and on several at once.

use crate::{App, AppError, conversations::trigger::drop_stale, livechat};
use bus::Hint;
use jiff::SignedDuration;
use kernel::Timestamp;

/// Rows worked on in one unit of work.
const AT_ONCE: u32 = 500;

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Conversations dropped (spec 03, rule 6).
    pub dropped: u64,
    /// Marks of guests folded.
    pub guest_marks: u64,
    /// Page views and visits deleted.
    pub page_views: u64,
    /// Anonymous people deleted.
    pub people: u64,
    /// Ids of events of documents forgotten.
    pub document_events: u64,
    /// Files of chats deleted.
    pub attachments: u64,
    /// Notifications of agents forgotten.
    pub alerts: u64,
}

/// For how long an event of a document that is sent again is recognised.
const DOCUMENT_EVENTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// For how long the outbox shows notifications that were sent or given up.
const ALERTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Does everything that is due.
pub async fn run(app: &App) -> Result<Swept, AppError> {
    let now = app.now();
    let retention = &app.settings().retention;
    Ok(Swept {
        dropped: drop_conversations(app, now).await?,
        guest_marks: fold_guest_marks(app, now).await?,
        page_views: expire_page_views(app, before(now, retention.page_visits_days)).await?,
        people: expire_people(app, before(now, retention.anonymous_people_days), now).await?,
        document_events: expire_document_events(app, now - DOCUMENT_EVENTS).await?,
        attachments: livechat::attachment::sweep(app).await?,
        alerts: expire_alerts(app, now - ALERTS).await?,
    })
}

fn before(now: Timestamp, days: u32) -> Timestamp {
    now - SignedDuration::from_hours(24 * i64::from(days))
}

async fn drop_conversations(app: &App, now: Timestamp) -> Result<u64, AppError> {
    let hours = app.settings().retention.drop_after_hours;
    let limit = now - SignedDuration::from_hours(i64::from(hours));
    let mut dropped = 0;
    loop {
        // Stale at the very instant counts as stale.
        let just_after = limit + SignedDuration::from_millis(1);
        let ids = app.store().read().await?.stale_conversations(just_after, AT_ONCE).await?;
        let Some(last) = ids.last().copied() else { return Ok(dropped) };
        let mut visitors = Vec::new();
        let mut tx = app.store().begin().await?;
        for id in ids {
            let Some(conversation) = tx.lock_conversation(id).await? else { continue };
            if !crate::conversations::is_stale(&conversation, now, hours) {
                continue;
            }
            let name =
                tx.version(conversation.version_id).await?.map(|version| version.name).unwrap_or_default();
            visitors.push(conversation.visitor_id);
            drop_stale(app, &mut *tx, conversation, &name, now).await?;
            dropped += 1;
        }
        tx.commit().await?;
        for id in &visitors {
            app.memory().forget_visitor(*id);
            app.hint(Hint::Visitor { id: *id });
        }
        if visitors.is_empty() {
            // Another node is ahead, or the visitor came back just now.
            tracing::debug!(%last, "nothing left to drop");
            return Ok(dropped);
        }
    }
}

/// Marks of yesterday cannot be matched with anybody any more: their key is gone with the day.
async fn fold_guest_marks(app: &App, now: Timestamp) -> Result<u64, AppError> {
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).start_of_day();
    let Ok(today) = today else { return Ok(0) };
    let mut tx = app.store().begin().await?;
    let folded = tx.fold_guest_marks(today.timestamp()).await?;
    tx.commit().await?;
    Ok(folded)
}

async fn expire_page_views(app: &App, before: Timestamp) -> Result<u64, AppError> {
    let mut deleted = 0;
    loop {
        let mut tx = app.store().begin().await?;
        let rows = tx.expire_page_views(before, AT_ONCE).await?;
        tx.commit().await?;
        deleted += rows;
        if rows == 0 {
            return Ok(deleted);
        }
    }
}

async fn expire_document_events(app: &App, before: Timestamp) -> Result<u64, AppError> {
    let mut forgotten = 0;
    loop {
        let mut tx = app.store().begin().await?;
        let gone = tx.expire_document_events(before, AT_ONCE).await?;
        tx.commit().await?;
        forgotten += gone;
        if gone == 0 {
            return Ok(forgotten);
        }
    }
}

async fn expire_alerts(app: &App, before: Timestamp) -> Result<u64, AppError> {
    let mut forgotten = 0;
    loop {
        let mut tx = app.store().begin().await?;
        let gone = tx.expire_jobs(crate::notify::ALERT, before, AT_ONCE).await?;
        tx.commit().await?;
        forgotten += gone;
        if gone == 0 {
            return Ok(forgotten);
        }
    }
}

async fn expire_people(app: &App, before: Timestamp, now: Timestamp) -> Result<u64, AppError> {
    let mut deleted = 0;
    loop {
        let mut tx = app.store().begin().await?;
        let ids = tx.idle_anonymous_people(before, AT_ONCE).await?;
        if ids.is_empty() {
            return Ok(deleted);
        }
        tx.erase_people(&ids, now).await?;
        tx.commit().await?;
        deleted += ids.len() as u64;
    }
}
