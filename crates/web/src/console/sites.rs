//! Sites.

use crate::{
    etag::Versioned,
    extract::{IfMatch, Json, Path},
    guard::{Guarded, Needs, Who},
    idempotency::Made,
    problem::Problem,
    shapes::List,
    state::Web,
};
use app::{
    access::Permission,
    contrast::{Colors, ContrastPair},
    sites::{
        self, Installation, NewSite, SitePatch, SiteView,
        identity::{self, IdentityChange, IdentityView},
    },
};
use axum::{body::Bytes, extract::State, http::StatusCode};
use kernel::SiteId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

const SETTINGS: Needs = Needs::Permission(Permission::AdminChatbotSettings);
const EITHER: Needs = Needs::AnyOf(&[Permission::AdminChatbotSettings, Permission::AdminPrivacySecurity]);
const PRIVACY: Needs = Needs::Permission(Permission::AdminPrivacySecurity);
/// Whoever works with dialogues or conversations must be able to name their sites.
const SEE: Needs = Needs::AnyOf(&[
    Permission::AdminChatbotSettings,
    Permission::AdminPrivacySecurity,
    Permission::DialoguesView,
    Permission::LivechatViewAll,
    Permission::LivechatViewOwn,
    Permission::PeopleView,
]);

/// Routes of sites.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(SEE, routes!(list))
        .creating(SETTINGS, routes!(create))
        .at(SEE, routes!(show))
        .at(EITHER, routes!(change))
        .at(SETTINGS, routes!(delete))
        .at(SETTINGS, routes!(put_avatar))
        .at(SETTINGS, routes!(delete_avatar))
        .at(EITHER, routes!(installation))
        .at(SETTINGS, routes!(contrast))
        .at(PRIVACY, routes!(show_identity))
        .at(PRIVACY, routes!(change_identity))
        .at(PRIVACY, routes!(rotate_identity))
}

/// All sites, oldest first
#[utoipa::path(get, path = "/api/v1/sites", tag = "console", responses((status = 200, body = List<SiteView>)))]
async fn list(State(web): State<Web>) -> Result<axum::Json<List<SiteView>>, Problem> {
    Ok(axum::Json(List::whole(sites::list(web.app()).await?)))
}

/// Make a site
#[utoipa::path(post, path = "/api/v1/sites", tag = "console", request_body = NewSite, responses((status = 201, body = SiteView)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<NewSite>,
) -> Result<Made<axum::Json<SiteView>>, Problem> {
    let site = sites::create(web.app(), &who, body).await?;
    Ok(Made(format!("/api/v1/sites/{}", site.id), axum::Json(site)))
}

/// One site
#[utoipa::path(get, path = "/api/v1/sites/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = SiteView)))]
async fn show(State(web): State<Web>, Path(id): Path<SiteId>) -> Result<Versioned<SiteView>, Problem> {
    let site = sites::get(web.app(), id).await?;
    Ok(Versioned(site.version, site))
}

/// Change a site
///
/// Each section is replaced as a whole. Privacy and security need the permission `admin.privacy_security`, the rest
/// `admin.chatbot_settings`.
#[utoipa::path(patch, path = "/api/v1/sites/{id}", tag = "console", params(("id" = String, Path)), request_body = SitePatch, responses((status = 200, body = SiteView)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<SiteId>,
    IfMatch(version): IfMatch,
    Json(body): Json<SitePatch>,
) -> Result<Versioned<SiteView>, Problem> {
    let site = sites::update(web.app(), &who, id, version, body).await?;
    Ok(Versioned(site.version, site))
}

/// Remove a site with its dialogues, visitors and conversations
#[utoipa::path(delete, path = "/api/v1/sites/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(State(web): State<Web>, who: Who, Path(id): Path<SiteId>) -> Result<StatusCode, Problem> {
    sites::delete(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Set the bot's picture
///
/// A square PNG, JPEG, GIF, WebP or SVG of at most 200 × 200 pixels and 256 kB. What it is is found in the content; an
/// SVG is rewritten out of harmless elements.
#[utoipa::path(put, path = "/api/v1/sites/{id}/avatar", tag = "console", params(("id" = String, Path)),
    request_body(content = Vec<u8>, content_type = "image/*"), responses((status = 200, body = SiteView)))]
async fn put_avatar(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<SiteId>,
    content: Bytes,
) -> Result<Versioned<SiteView>, Problem> {
    let site = sites::set_avatar(web.app(), &who, id, Some(&content)).await?;
    Ok(Versioned(site.version, site))
}

/// Remove the bot's picture
#[utoipa::path(delete, path = "/api/v1/sites/{id}/avatar", tag = "console", params(("id" = String, Path)), responses((status = 200, body = SiteView)))]
async fn delete_avatar(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<SiteId>,
) -> Result<Versioned<SiteView>, Problem> {
    let site = sites::set_avatar(web.app(), &who, id, None).await?;
    Ok(Versioned(site.version, site))
}

/// How a site is installed
#[utoipa::path(get, path = "/api/v1/sites/{id}/installation", tag = "console", params(("id" = String, Path)), responses((status = 200, body = Installation)))]
async fn installation(
    State(web): State<Web>,
    Path(id): Path<SiteId>,
) -> Result<axum::Json<Installation>, Problem> {
    Ok(axum::Json(sites::installation(web.app(), id).await?))
}

/// Colours to be compared.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ContrastRequest {
    colors: Colors,
}

/// The contrast of colours that are seen together.
#[derive(Debug, Serialize, ToSchema)]
struct Contrast {
    pairs: Vec<ContrastPair>,
}

/// Work out contrasts (WCAG 2.2)
#[utoipa::path(post, path = "/api/v1/contrast", tag = "console", request_body = ContrastRequest, responses((status = 200, body = Contrast)))]
async fn contrast(Json(body): Json<ContrastRequest>) -> Result<axum::Json<Contrast>, Problem> {
    let mut errors = Vec::new();
    body.colors.check("/colors", &mut errors);
    if !errors.is_empty() {
        return Err(app::AppError::Invalid(errors).into());
    }
    Ok(axum::Json(Contrast { pairs: body.colors.contrast() }))
}

/// With what a site signs who its visitors are; that somebody looked is in the audit log
#[utoipa::path(get, path = "/api/v1/sites/{id}/identity", tag = "console", params(("id" = String, Path)), responses((status = 200, body = IdentityView)))]
async fn show_identity(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<SiteId>,
) -> Result<axum::Json<IdentityView>, Problem> {
    Ok(axum::Json(identity::show(web.app(), &who, id).await?))
}

/// Set the public key for RS256 or ES256
#[utoipa::path(put, path = "/api/v1/sites/{id}/identity", tag = "console", params(("id" = String, Path)), request_body = IdentityChange, responses((status = 200, body = IdentityView)))]
async fn change_identity(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<SiteId>,
    Json(body): Json<IdentityChange>,
) -> Result<axum::Json<IdentityView>, Problem> {
    Ok(axum::Json(identity::change(web.app(), &who, id, body).await?))
}

/// Make a new secret; tokens signed with the old one are refused from now on
#[utoipa::path(post, path = "/api/v1/sites/{id}/identity/rotate", tag = "console", params(("id" = String, Path)), responses((status = 200, body = IdentityView)))]
async fn rotate_identity(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<SiteId>,
) -> Result<axum::Json<IdentityView>, Problem> {
    Ok(axum::Json(identity::rotate(web.app(), &who, id).await?))
}
