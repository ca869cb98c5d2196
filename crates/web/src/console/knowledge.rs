//! The response library.

use crate::{
    etag::Versioned,
    extract::{IfMatch, Json, Path, Query},
    guard::{Guarded, Needs, Who},
    idempotency::Made,
    problem::Problem,
    shapes::{List, page_request},
    state::Web,
};
use app::{
    access::Permission,
    knowledge::{self, NewResponse, ResponsePatch, ResponseView, Tried, UnansweredView},
};
use axum::{extract::State, http::StatusCode};
use kernel::{QuestionId, ResponseId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

const VIEW: Needs = Needs::Permission(Permission::DialoguesView);
const MANAGE: Needs = Needs::Permission(Permission::DialoguesManage);

/// Routes of the response library.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(VIEW, routes!(list))
        .creating(MANAGE, routes!(create))
        .at(VIEW, routes!(show))
        .at(MANAGE, routes!(change))
        .at(MANAGE, routes!(delete))
        .at(VIEW, routes!(attempt))
        .at(VIEW, routes!(unanswered))
        .at(MANAGE, routes!(dismiss))
}

/// All responses, oldest first
#[utoipa::path(get, path = "/api/v1/responses", tag = "console", responses((status = 200, body = List<ResponseView>)))]
async fn list(State(web): State<Web>) -> Result<axum::Json<List<ResponseView>>, Problem> {
    Ok(axum::Json(List::whole(knowledge::list(web.app()).await?)))
}

/// Make a response
#[utoipa::path(post, path = "/api/v1/responses", tag = "console", request_body = NewResponse, responses((status = 201, body = ResponseView)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<NewResponse>,
) -> Result<Made<axum::Json<ResponseView>>, Problem> {
    let made = knowledge::create(web.app(), &who, body).await?;
    Ok(Made(format!("/api/v1/responses/{}", made.id), axum::Json(made)))
}

/// One response
#[utoipa::path(get, path = "/api/v1/responses/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = ResponseView)))]
async fn show(
    State(web): State<Web>,
    Path(id): Path<ResponseId>,
) -> Result<Versioned<ResponseView>, Problem> {
    let response = knowledge::get(web.app(), id).await?;
    Ok(Versioned(response.version, response))
}

/// Change a response; only approved ones are said
#[utoipa::path(patch, path = "/api/v1/responses/{id}", tag = "console", params(("id" = String, Path)), request_body = ResponsePatch, responses((status = 200, body = ResponseView)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ResponseId>,
    IfMatch(version): IfMatch,
    Json(body): Json<ResponsePatch>,
) -> Result<Versioned<ResponseView>, Problem> {
    let response = knowledge::update(web.app(), &who, id, version, body).await?;
    Ok(Versioned(response.version, response))
}

/// Remove a response
#[utoipa::path(delete, path = "/api/v1/responses/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(State(web): State<Web>, who: Who, Path(id): Path<ResponseId>) -> Result<StatusCode, Problem> {
    knowledge::delete(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A question to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Attempt {
    /// As a visitor would ask it.
    question: String,
    /// Only responses with one of these topics; all when absent.
    #[serde(default)]
    topics: Vec<String>,
}

/// What a visitor would be told
#[utoipa::path(post, path = "/api/v1/responses/try", tag = "console", request_body = Attempt, responses((status = 200, body = Tried)))]
async fn attempt(State(web): State<Web>, Json(body): Json<Attempt>) -> Result<axum::Json<Tried>, Problem> {
    let question: String = body.question.chars().take(stream::MAX_TEXT).collect();
    Ok(axum::Json(knowledge::attempt(web.app(), &question, &body.topics).await?))
}

/// Which questions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Paged {
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Questions that no approved response answers, the one asked last first
#[utoipa::path(get, path = "/api/v1/unanswered-questions", tag = "console", params(Paged), responses((status = 200, body = List<UnansweredView>)))]
async fn unanswered(
    State(web): State<Web>,
    Query(query): Query<Paged>,
) -> Result<axum::Json<List<UnansweredView>>, Problem> {
    let found = knowledge::unanswered(web.app(), &page_request(query.limit, query.cursor)).await?;
    Ok(axum::Json(List::of(found, |row| row)))
}

/// Take a question off the list without answering it
#[utoipa::path(delete, path = "/api/v1/unanswered-questions/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn dismiss(State(web): State<Web>, Path(id): Path<QuestionId>) -> Result<StatusCode, Problem> {
    knowledge::dismiss(web.app(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
