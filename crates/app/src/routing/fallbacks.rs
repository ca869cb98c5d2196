//! What a site says and offers when nobody can be reached (spec 06, *Fallback rules*).

use crate::{
    App, AppError, FieldError,
    access::Actor,
    audit::{self, Note},
    sites::configuration_changed,
};
use kernel::{RichText, SiteId};
use serde::{Deserialize, Serialize};
use store::{FallbackRecord, Session, SiteScope};
use stream::Handover;
use utoipa::ToSchema;

/// The fallbacks of a site; cards may have texts of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Fallbacks {
    /// Said when nobody takes a chat; the standard text in the visitor's language when `null`.
    #[schema(value_type = Option<Object>)]
    pub live_chat: Option<RichText>,
    /// Said when no meeting can be offered; the standard text in the visitor's language when `null`.
    #[schema(value_type = Option<Object>)]
    pub meeting: Option<RichText>,
    /// Any available agent is asked when those whom a card asks for cannot be had.
    pub any_available_agent: bool,
    /// The calendar of the first agent is offered when nobody can chat.
    pub include_meeting_booking: bool,
}

/// The fallbacks with their version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SiteFallbacks {
    /// Of which site.
    #[schema(value_type = String)]
    pub site_id: SiteId,
    /// What they are.
    pub fallbacks: Fallbacks,
    /// Rises with every change; send it as `If-Match`.
    pub version: i64,
}

impl Fallbacks {
    /// The text for a handover that cannot be made, when the site has its own.
    pub fn text(&self, handover: Handover) -> Option<&RichText> {
        match handover {
            Handover::LiveChat => self.live_chat.as_ref(),
            Handover::Meeting => self.meeting.as_ref(),
        }
    }

    /// As they are stored; nothing when the site has none.
    pub(crate) async fn read(session: &mut dyn Session, site: SiteId) -> Result<Self, AppError> {
        Ok(record(session, site).await?.fallbacks)
    }
}

async fn record(session: &mut dyn Session, site: SiteId) -> Result<SiteFallbacks, AppError> {
    let Some(found) = session.fallbacks(SiteScope::new(site)).await? else {
        return Ok(SiteFallbacks { site_id: site, fallbacks: Fallbacks::default(), version: 0 });
    };
    let fallbacks =
        serde_json::from_value(found.content).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(SiteFallbacks { site_id: site, fallbacks, version: found.version })
}

/// The fallbacks of a site.
pub async fn show(app: &App, site: SiteId) -> Result<SiteFallbacks, AppError> {
    let mut session = app.store().read().await?;
    session.site(site).await?.ok_or(AppError::NotFound("site"))?;
    record(&mut *session, site).await
}

/// Replaces the fallbacks of a site.
pub async fn update(
    app: &App,
    actor: &Actor,
    site: SiteId,
    version: Option<i64>,
    mut new: Fallbacks,
) -> Result<SiteFallbacks, AppError> {
    let mut errors = Vec::new();
    for (pointer, text) in [("/live_chat", &mut new.live_chat), ("/meeting", &mut new.meeting)] {
        *text = text.take().filter(|text| !text.is_blank());
        if text.as_ref().is_some_and(|text| text.to_plain().chars().count() > stream::MAX_TEXT) {
            errors.push(FieldError::new(pointer, "text", "must have at most 4000 characters"));
        }
    }
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let mut tx = app.store().begin().await?;
    let found = tx.site(site).await?.ok_or(AppError::NotFound("site"))?;
    let before = record(&mut *tx, site).await?;
    if version.is_some_and(|version| version != before.version) {
        return Err(AppError::Stale);
    }
    let content = serde_json::to_value(&new).map_err(|error| AppError::Internal(error.to_string()))?;
    tx.save_fallbacks(&FallbackRecord { site_id: site, content, version: before.version }).await?;
    audit::write(app, &mut *tx, actor, Note::new("fallbacks.updated", "site").of(site, &found.name)).await?;
    tx.commit().await?;
    configuration_changed(app).await?;
    show(app, site).await
}
