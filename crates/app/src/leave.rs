//! The widget says for how long a page was visible: time on page and on site add up over the visit (spec 03, *Events*).

use crate::{
    App, AppError,
    caller::Caller,
    memory::{Looker, PageContext},
    page_batch::Row,
    page_view::add_time,
    running::hand_over,
    visit,
};
use kernel::{PageViewId, VisitorId};
use serde::Deserialize;
use std::sync::{Arc, atomic::Ordering};
use store::{GuestMark, Visit};
use utoipa::ToSchema;
use uuid::Uuid;

/// More than this is not believed of one page view.
const MOST_MS: u64 = 24 * 3_600 * 1_000;

/// How a page was looked at until now.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveRequest {
    /// The page view.
    #[schema(value_type = String, format = "uuid")]
    pub page_view_id: Uuid,
    /// Milliseconds for which the page was visible, from its beginning.
    pub visible_ms: f64,
    /// Deepest scroll position, 0 to 100.
    pub scroll_percent: f64,
}

/// Adds the time to the visit. A page view that this node does not remember is passed over: the time is telemetry.
pub async fn leave(app: &App, caller: &Caller, request: &LeaveRequest) -> Result<(), AppError> {
    let page = app.memory().pages.get(&PageViewId::from(request.page_view_id));
    let Some(page) = page.filter(|page| page.site == caller.site.id()) else { return Ok(()) };
    let added = added_ms(&page, request.visible_ms);
    if added == 0 {
        return Ok(());
    }
    match page.by {
        Looker::Visitor(visitor) => {
            if let Some(visit) = grow(app, visitor, &page, added) {
                hand_over(app, Row::Visit(caller.site.scope(), visit));
            }
            Ok(())
        }
        Looker::Guest(hash) => as_guest(app, caller, &page, hash, added).await,
    }
}

/// The widget sends the time from the beginning, possibly several times; what was added before is not added again.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0 and a day")]
fn added_ms(page: &PageContext, visible_ms: f64) -> u64 {
    let total = if visible_ms.is_finite() { visible_ms.max(0.0) as u64 } else { 0 }.min(MOST_MS);
    let before = page.visible_ms.fetch_max(total, Ordering::SeqCst);
    total.saturating_sub(before)
}

fn grow(app: &App, visitor: VisitorId, page: &PageContext, added: u64) -> Option<Arc<Visit>> {
    let recent = app.memory().visits.get(&visitor)?;
    let mut visit = (*recent).clone();
    visit.visible_ms = visit.visible_ms.saturating_add(added);
    visit.last_at = visit.last_at.max(app.now());
    for dialogue in &page.target_of {
        add_time(&mut visit.dialogue_ms, *dialogue, added);
    }
    let visit = Arc::new(visit);
    visit::remember(app, Arc::clone(&visit));
    Some(visit)
}

async fn as_guest(
    app: &App,
    caller: &Caller,
    page: &Arc<PageContext>,
    hash: [u8; 32],
    added: u64,
) -> Result<(), AppError> {
    let mut id = [0_u8; 16];
    id.copy_from_slice(&hash[..16]);
    let visit = grow(app, Uuid::from_bytes(id).into(), page, added);
    if page.target_of.is_empty() {
        return Ok(());
    }
    let now = app.now();
    let mut tx = app.store().begin().await?;
    for dialogue in &page.target_of {
        let times = visit.as_ref().map(|visit| visit.dialogue_ms.as_slice()).unwrap_or_default();
        let total = times.iter().find(|(id, _)| id == dialogue).map_or(added, |(_, ms)| *ms);
        let mark = GuestMark {
            hash,
            dialogue_id: *dialogue,
            shown_at: None,
            dismissed_at: None,
            visible_ms: total,
            converted: false,
            created_at: now,
        };
        tx.put_guest_mark(caller.site.scope(), &mark).await?;
    }
    Ok(tx.commit().await?)
}
