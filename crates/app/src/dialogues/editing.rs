//! Who else has a draft open. Kept in memory for half a minute: a hint for people, not a lock; the version check of the
//! draft is what keeps changes.

use super::Handle;
use crate::{App, AppError, access::Actor, dialogues::Author};
use serde::Serialize;
use utoipa::ToSchema;

/// Who else has the draft open.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Editing {
    /// Everybody but oneself.
    pub others: Vec<Author>,
}

/// Says that the user has the draft open, and hears who else has. Call it every ten seconds.
pub async fn heartbeat(app: &App, actor: &Actor, handle: impl Into<Handle>) -> Result<Editing, AppError> {
    let id = handle.into().find(&mut *app.store().read().await?).await?.id;
    let editors = &app.memory().editors;
    let me = actor.user_id();
    if let Some(me) = me {
        editors.insert((id, me), actor.name.clone());
    }
    let mut others: Vec<Author> = editors
        .iter()
        .filter(|(key, _)| key.0 == id && Some(key.1) != me)
        .map(|(key, name)| Author { id: key.1, name })
        .collect();
    others.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Editing { others })
}
