//! The response library.

use crate::{
    etag::Versioned,
    extract::{IfMatch, Json, Path, Query},
    guard::{Guarded, Needs, Who},
    idempotency::Made,
    problem::Problem,
    shapes::{List, page_request},
    state::Web,
    upload::Upload,
};
use app::{
    access::Permission,
    knowledge::{self, Imported, NewResponse, ResponsePatch, ResponseView, Tried, UnansweredView, Wanted},
};
use axum::{
    extract::{DefaultBodyLimit, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{QuestionId, ResponseId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

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
        .at(VIEW, routes!(export))
        // The limit of the file is counted where it is read.
        .at(MANAGE, routes!(import).layer(DefaultBodyLimit::disable()))
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

/// The library as CSV
///
/// The columns are `id`, `question`, `variants`, `answer`, `topics`, `links` and `state`; a cell with several entries has
/// one a line, an answer has light marks (`**bold**`, `- item`), a link is `Title | https://…`. Cells that a spreadsheet
/// could take for a formula get a quote in front, which is taken away when the file is read again.
#[utoipa::path(get, path = "/api/v1/responses.csv", tag = "console", responses((status = 200, content_type = "text/csv", body = String)))]
async fn export(State(web): State<Web>) -> Result<Response, Problem> {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"responses.csv\""),
    ];
    Ok((headers, knowledge::export(web.app()).await?).into_response())
}

/// The largest file of responses: the whole library at its longest.
const FILE_BYTES: u64 = 32 << 20;

/// What is to be done with the file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Doing {
    /// Do what the file says; without it the answer only says what it would do.
    #[serde(default)]
    apply: bool,
    /// Leave out what is refused; without it nothing is done as long as a row is refused.
    #[serde(default)]
    skip_refused: bool,
}

impl From<Doing> for Wanted {
    fn from(doing: Doing) -> Self {
        match (doing.apply, doing.skip_refused) {
            (false, _) => Self::Look,
            (true, false) => Self::Whole,
            (true, true) => Self::GoodRows,
        }
    }
}

/// Read a file of responses
///
/// CSV with the columns of the download, of which `question` and `answer` are needed; as `multipart/form-data` with the
/// part `file`, or as the bare body. A row means the response with its id, else the one with its question, else a new one;
/// what a file has no column for stays as it is. All that is done is done at once.
#[utoipa::path(post, path = "/api/v1/responses/import", tag = "console", params(Doing), request_body(content = String, content_type = "text/csv"), responses((status = 200, body = Imported)))]
async fn import(
    State(web): State<Web>,
    who: Who,
    Query(doing): Query<Doing>,
    request: Request,
) -> Result<axum::Json<Imported>, Problem> {
    let file = Upload::read(&web, request, FILE_BYTES).await?;
    Ok(axum::Json(knowledge::import(web.app(), &who, &file.bytes, doing.into()).await?))
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
