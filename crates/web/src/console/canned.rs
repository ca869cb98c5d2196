//! Canned responses: texts that agents keep at hand.

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
    canned::{self, CannedPatch, CannedView, NewCanned},
};
use axum::{extract::State, http::StatusCode};
use kernel::CannedResponseId;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Whoever takes chats has own ones; the shared ones take *Agents*, which the use case looks at.
const USE: Needs = Needs::AnyOf(&[
    Permission::AgentLivechatAvailability,
    Permission::LivechatViewAll,
    Permission::AdminAgents,
]);

/// Routes of canned responses.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(USE, routes!(list))
        .creating(USE, routes!(create))
        .at(USE, routes!(show))
        .at(USE, routes!(change))
        .at(USE, routes!(delete))
}

/// The shared canned responses and one's own, by shortcut
#[utoipa::path(get, path = "/api/v1/canned-responses", operation_id = "list_canned_responses", tag = "console", responses((status = 200, body = List<CannedView>)))]
async fn list(State(web): State<Web>, who: Who) -> Result<axum::Json<List<CannedView>>, Problem> {
    Ok(axum::Json(List::whole(canned::list(web.app(), &who).await?)))
}

/// Add a canned response
#[utoipa::path(post, path = "/api/v1/canned-responses", operation_id = "create_canned_response", tag = "console", request_body = NewCanned, responses((status = 201, body = CannedView)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<NewCanned>,
) -> Result<Made<axum::Json<CannedView>>, Problem> {
    let made = canned::create(web.app(), &who, body).await?;
    Ok(Made(format!("/api/v1/canned-responses/{}", made.id), axum::Json(made)))
}

/// One canned response
#[utoipa::path(get, path = "/api/v1/canned-responses/{id}", operation_id = "show_canned_response", tag = "console", params(("id" = String, Path)), responses((status = 200, body = CannedView)))]
async fn show(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<CannedResponseId>,
) -> Result<Versioned<CannedView>, Problem> {
    let response = canned::show(web.app(), &who, id).await?;
    Ok(Versioned(response.version, response))
}

/// Change a canned response
#[utoipa::path(patch, path = "/api/v1/canned-responses/{id}", operation_id = "change_canned_response", tag = "console", params(("id" = String, Path)), request_body = CannedPatch, responses((status = 200, body = CannedView)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<CannedResponseId>,
    IfMatch(version): IfMatch,
    Json(body): Json<CannedPatch>,
) -> Result<Versioned<CannedView>, Problem> {
    let response = canned::update(web.app(), &who, id, version, body).await?;
    Ok(Versioned(response.version, response))
}

/// Remove a canned response
#[utoipa::path(delete, path = "/api/v1/canned-responses/{id}", operation_id = "delete_canned_response", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<CannedResponseId>,
) -> Result<StatusCode, Problem> {
    canned::delete(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
