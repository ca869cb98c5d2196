//! Dialogues.

use crate::{
    etag::Versioned,
    extract::{IfMatch, Json, Path, Query},
    guard::{Guarded, Needs, Who},
    idempotency::Made,
    problem::Problem,
    shapes::{At, List, page_request},
    state::Web,
};
use app::{
    access::Permission,
    dialogues::{
        self, Checked, DialoguePatch, DialogueSummary, DialogueView, NewDialogue, VersionContent,
        VersionView, checks, report,
        report::Report,
        templates::{self, Template},
    },
};
use axum::{extract::State, http::StatusCode};
use kernel::{DialogueId, SiteId};
use serde::Deserialize;
use store::{DialogueFilter, DialogueKind, PublicationState};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

const VIEW: Needs = Needs::Permission(Permission::DialoguesView);
const MANAGE: Needs = Needs::Permission(Permission::DialoguesManage);
const PUBLISH: Needs = Needs::Permission(Permission::DialoguesPublish);

/// Routes of dialogues.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(VIEW, routes!(list))
        .creating(MANAGE, routes!(create))
        .at(VIEW, routes!(show))
        .at(MANAGE, routes!(change))
        .at(MANAGE, routes!(delete))
        .at(VIEW, routes!(check))
        .at(PUBLISH, routes!(publish))
        .at(PUBLISH, routes!(unpublish))
        .creating(MANAGE, routes!(duplicate))
        .at(VIEW, routes!(versions))
        .at(VIEW, routes!(version))
        .at(VIEW, routes!(figures))
        .at(VIEW, routes!(all_templates))
}

/// Which dialogues.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of one site.
    #[param(value_type = Option<String>)]
    site: Option<SiteId>,
    /// `draft`, `published` or `unpublished`.
    #[param(value_type = Option<String>)]
    state: Option<PublicationState>,
    /// Name contains.
    q: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Dialogues by priority, then age
#[utoipa::path(get, path = "/api/v1/dialogues", tag = "console", params(Filter), responses((status = 200, body = List<DialogueSummary>)))]
async fn list(
    State(web): State<Web>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<List<DialogueSummary>>, Problem> {
    let page = page_request(filter.limit, filter.cursor);
    let wanted = DialogueFilter {
        site: filter.site,
        state: filter.state,
        kind: Some(DialogueKind::Dialogue),
        query: filter.q.filter(|q| !q.trim().is_empty()),
    };
    let found = dialogues::list(web.app(), &wanted, &page).await?;
    Ok(axum::Json(List::of(found, |row| row)))
}

/// Make a dialogue, empty or from a template
#[utoipa::path(post, path = "/api/v1/dialogues", tag = "console", request_body = NewDialogue, responses((status = 201, body = DialogueView)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<NewDialogue>,
) -> Result<Made<axum::Json<DialogueView>>, Problem> {
    Ok(made(dialogues::create(web.app(), &who, body).await?))
}

fn made(dialogue: DialogueView) -> Made<axum::Json<DialogueView>> {
    Made(format!("/api/v1/dialogues/{}", dialogue.summary.id), axum::Json(dialogue))
}

fn versioned(dialogue: DialogueView) -> Versioned<DialogueView> {
    Versioned(dialogue.summary.draft_version, dialogue)
}

/// One dialogue with its draft
#[utoipa::path(get, path = "/api/v1/dialogues/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = DialogueView)))]
async fn show(
    State(web): State<Web>,
    Path(id): Path<DialogueId>,
) -> Result<Versioned<DialogueView>, Problem> {
    Ok(versioned(dialogues::get(web.app(), id).await?))
}

/// Change a dialogue
///
/// `If-Match` names the draft version that the change is based on; 412 when somebody else was first.
#[utoipa::path(patch, path = "/api/v1/dialogues/{id}", tag = "console", params(("id" = String, Path)), request_body = DialoguePatch, responses((status = 200, body = DialogueView)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<DialogueId>,
    IfMatch(version): IfMatch,
    Json(body): Json<DialoguePatch>,
) -> Result<Versioned<DialogueView>, Problem> {
    Ok(versioned(dialogues::update(web.app(), &who, id, version, body).await?))
}

/// Remove a dialogue with its versions and conversations
#[utoipa::path(delete, path = "/api/v1/dialogues/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(State(web): State<Web>, who: Who, Path(id): Path<DialogueId>) -> Result<StatusCode, Problem> {
    dialogues::delete(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What keeps the draft from being published
#[utoipa::path(post, path = "/api/v1/dialogues/{id}/check", tag = "console", params(("id" = String, Path)), responses((status = 200, body = Checked)))]
async fn check(State(web): State<Web>, Path(id): Path<DialogueId>) -> Result<axum::Json<Checked>, Problem> {
    Ok(axum::Json(checks::check(web.app(), id).await?))
}

/// Publish the draft as a new version
#[utoipa::path(post, path = "/api/v1/dialogues/{id}/publish", tag = "console", params(("id" = String, Path)), responses((status = 200, body = DialogueView)))]
async fn publish(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<DialogueId>,
) -> Result<Versioned<DialogueView>, Problem> {
    Ok(versioned(dialogues::publish(web.app(), &who, id).await?))
}

/// Take a dialogue off; engaged conversations go on
#[utoipa::path(post, path = "/api/v1/dialogues/{id}/unpublish", tag = "console", params(("id" = String, Path)), responses((status = 200, body = DialogueView)))]
async fn unpublish(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<DialogueId>,
) -> Result<Versioned<DialogueView>, Problem> {
    Ok(versioned(dialogues::unpublish(web.app(), &who, id).await?))
}

/// Make a copy
#[utoipa::path(post, path = "/api/v1/dialogues/{id}/duplicate", tag = "console", params(("id" = String, Path)), responses((status = 201, body = DialogueView)))]
async fn duplicate(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<DialogueId>,
) -> Result<Made<axum::Json<DialogueView>>, Problem> {
    Ok(made(dialogues::duplicate(web.app(), &who, id).await?))
}

/// All versions, newest first
#[utoipa::path(get, path = "/api/v1/dialogues/{id}/versions", tag = "console", params(("id" = String, Path)), responses((status = 200, body = List<VersionView>)))]
async fn versions(
    State(web): State<Web>,
    Path(id): Path<DialogueId>,
) -> Result<axum::Json<List<VersionView>>, Problem> {
    Ok(axum::Json(List::whole(dialogues::versions(web.app(), id).await?)))
}

/// One version with its content
#[utoipa::path(get, path = "/api/v1/dialogues/{id}/versions/{version}", tag = "console",
    params(("id" = String, Path), ("version" = u32, Path)), responses((status = 200, body = VersionContent)))]
async fn version(
    State(web): State<Web>,
    Path((id, number)): Path<(DialogueId, u32)>,
) -> Result<axum::Json<VersionContent>, Problem> {
    Ok(axum::Json(dialogues::version(web.app(), id, number).await?))
}

/// Which time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Range {
    /// From this time on; 30 days before the end when absent.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Before this time; now when absent.
    #[param(value_type = Option<String>)]
    to: Option<At>,
    /// IANA name of the zone in which days are cut; the instance's when absent.
    time_zone: Option<String>,
}

/// Figures of a dialogue
#[utoipa::path(get, path = "/api/v1/dialogues/{id}/report", tag = "console", params(("id" = String, Path), Range), responses((status = 200, body = Report)))]
async fn figures(
    State(web): State<Web>,
    Path(id): Path<DialogueId>,
    Query(range): Query<Range>,
) -> Result<axum::Json<Report>, Problem> {
    let times = (range.from.map(|at| at.0), range.to.map(|at| at.0));
    Ok(axum::Json(report::report(web.app(), id, times, range.time_zone.as_deref()).await?))
}

/// Templates to start from
#[utoipa::path(get, path = "/api/v1/templates", tag = "console", responses((status = 200, body = List<Template>)))]
async fn all_templates() -> axum::Json<List<Template>> {
    axum::Json(List::whole(templates::list()))
}
