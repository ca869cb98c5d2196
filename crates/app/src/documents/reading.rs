//! What became of openings, beside the activities that tell of them: activities never change, reading goes on.

use crate::AppError;
use engagement::{Activity, ActivityType};
use kernel::ActivityId;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, HashMap};
use store::{DocumentView, Session};

/// Adds to the details of openings what became of them: pages viewed and of how many, share read, seconds, searches,
/// whether the file was downloaded or printed (spec 08).
pub(crate) async fn join(session: &mut dyn Session, activities: &mut [Activity]) -> Result<(), AppError> {
    let opened: Vec<ActivityId> =
        activities.iter().filter(|a| a.kind == ActivityType::Document).map(|a| a.id).collect();
    if opened.is_empty() {
        return Ok(());
    }
    let views = session.document_views(&opened).await?;
    let views: HashMap<ActivityId, DocumentView> =
        views.into_iter().map(|view| (view.activity_id, view)).collect();
    for activity in activities {
        if let Some(view) = views.get(&activity.id) {
            activity.attributes.extend(details(view));
        }
    }
    Ok(())
}

fn details(view: &DocumentView) -> [(String, Json); 8] {
    let reading = &view.reading;
    let share = (reading.share_of(view.pages) * 1_000.0).round() / 1_000.0;
    let seconds: BTreeMap<u32, u64> =
        reading.pages.iter().map(|(page, ms)| (*page, ms.div_ceil(1_000))).collect();
    [
        ("pages", json!(view.pages)),
        ("pages_viewed", json!(reading.pages.keys().collect::<Vec<_>>())),
        ("share_read", json!(share)),
        ("seconds", json!(reading.total_ms().div_ceil(1_000))),
        ("seconds_by_page", json!(seconds)),
        ("searches", json!(reading.searches)),
        ("downloaded", json!(reading.downloads > 0)),
        ("printed", json!(reading.prints > 0)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
}
