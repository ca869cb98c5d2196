//! The library of documents.

use crate::extract::{Json, Path, Query};
use crate::guard::{Guarded, Needs, Who};
use crate::idempotency::Made;
use crate::problem::Problem;
use crate::shapes::{At, List, page_request};
use crate::state::Web;
use crate::upload::{Upload, attachment};
use app::access::Permission;
use app::documents::content::MEDIA_TYPE;
use app::documents::{self, DocumentView, OpeningView, Report};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::DocumentId;
use serde::Deserialize;
use tokio_util::io::ReaderStream;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

/// Dialogues and flows share the library.
const VIEW: Needs = Needs::AnyOf(&[Permission::DialoguesView, Permission::FlowsView]);
const MANAGE: Needs = Needs::AnyOf(&[Permission::DialoguesManage, Permission::FlowsManage]);

/// Who read what is known of people: it takes the right to see conversations or people, too.
const READERS: Needs = Needs::AnyOf(&[Permission::LivechatViewAll, Permission::PeopleView]);

/// Routes of documents.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(VIEW, routes!(list))
        // The limit of a file is counted where it is read.
        .at(MANAGE, routes!(upload).layer(DefaultBodyLimit::disable()))
        .creating(MANAGE, routes!(add_by_url))
        .at(VIEW, routes!(show))
        .at(MANAGE, routes!(rename))
        .at(MANAGE, routes!(delete))
        .at(VIEW, routes!(download))
        .at(MANAGE, routes!(replace).layer(DefaultBodyLimit::disable()))
        .at(MANAGE, routes!(refresh))
        .at(VIEW, routes!(report))
        .at(READERS, routes!(openings))
}

/// Which documents.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// The name contains these words.
    query: Option<String>,
    /// Rows a page, 1 to 200; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Documents by name
#[utoipa::path(get, path = "/api/v1/documents", tag = "console", params(Filter), responses((status = 200, body = List<DocumentView>)))]
async fn list(
    State(web): State<Web>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<List<DocumentView>>, Problem> {
    let page = page_request(filter.limit, filter.cursor);
    let found = documents::list(web.app(), filter.query.as_deref(), &page).await?;
    Ok(axum::Json(List::of(found, |document| document)))
}

/// The name of a document sent as the bare body.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct GivenName {
    /// Name of the document; that of the file when absent.
    name: Option<String>,
}

/// Add a document: upload a file
///
/// A PDF as `multipart/form-data` with the part `file`, or as the bare body.
#[utoipa::path(post, path = "/api/v1/documents", tag = "console", params(GivenName), request_body(content = String, content_type = "application/pdf"), responses((status = 201, body = DocumentView)))]
async fn upload(
    State(web): State<Web>,
    who: Who,
    Query(query): Query<GivenName>,
    request: Request,
) -> Result<Made<axum::Json<DocumentView>>, Problem> {
    let file = Upload::read(&web, request, web.app().settings().limits.document_bytes).await?;
    let made = documents::upload(web.app(), &who, query.name.as_deref(), &file.name, file.bytes).await?;
    Ok(Made(format!("/api/v1/documents/{}", made.id), axum::Json(made)))
}

/// A file at an address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DocumentAddress)]
struct Address {
    #[schema(example = "https://example.com/brochure.pdf")]
    url: String,
    /// Name of the document; that of the file when absent.
    #[serde(default)]
    name: Option<String>,
}

/// Add a document: fetch the file at an address
///
/// It is fetched now, and again when somebody asks for it (`refresh`); visitors get it from here.
#[utoipa::path(post, path = "/api/v1/documents/by-url", tag = "console", request_body = Address, responses((status = 201, body = DocumentView)))]
async fn add_by_url(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<Address>,
) -> Result<Made<axum::Json<DocumentView>>, Problem> {
    let made = documents::add_by_url(web.app(), &who, body.name.as_deref(), &body.url).await?;
    Ok(Made(format!("/api/v1/documents/{}", made.id), axum::Json(made)))
}

/// One document
#[utoipa::path(get, path = "/api/v1/documents/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = DocumentView)))]
async fn show(
    State(web): State<Web>,
    Path(id): Path<DocumentId>,
) -> Result<axum::Json<DocumentView>, Problem> {
    Ok(axum::Json(documents::show(web.app(), id).await?))
}

/// A document's name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DocumentName)]
struct Name {
    #[schema(example = "Price list 2027")]
    name: String,
}

/// Rename a document
#[utoipa::path(patch, path = "/api/v1/documents/{id}", tag = "console", params(("id" = String, Path)), request_body = Name, responses((status = 200, body = DocumentView)))]
async fn rename(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<DocumentId>,
    Json(body): Json<Name>,
) -> Result<axum::Json<DocumentView>, Problem> {
    Ok(axum::Json(documents::rename(web.app(), &who, id, &body.name).await?))
}

/// Remove a document; refused while a published dialogue or flow uses it
#[utoipa::path(delete, path = "/api/v1/documents/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(State(web): State<Web>, who: Who, Path(id): Path<DocumentId>) -> Result<StatusCode, Problem> {
    documents::delete(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Download the file of a document
#[utoipa::path(get, path = "/api/v1/documents/{id}/file", tag = "console", params(("id" = String, Path)), responses((status = 200, content_type = "application/pdf", body = String)))]
async fn download(State(web): State<Web>, Path(id): Path<DocumentId>) -> Result<Response, Problem> {
    let (record, reader) = documents::open(web.app(), id, 0).await?;
    let head = [
        (header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE)),
        (header::CONTENT_LENGTH, HeaderValue::from(record.size)),
        (header::CONTENT_DISPOSITION, attachment(&record.name, "pdf")),
    ];
    Ok((head, Body::from_stream(ReaderStream::new(reader))).into_response())
}

/// Replace the file of a document by an uploaded one
///
/// A PDF as `multipart/form-data` with the part `file`, or as the bare body. A document that came from an address keeps no
/// tie to it.
#[utoipa::path(put, path = "/api/v1/documents/{id}/file", tag = "console", params(("id" = String, Path)), request_body(content = String, content_type = "application/pdf"), responses((status = 200, body = DocumentView)))]
async fn replace(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<DocumentId>,
    request: Request,
) -> Result<axum::Json<DocumentView>, Problem> {
    let file = Upload::read(&web, request, web.app().settings().limits.document_bytes).await?;
    Ok(axum::Json(documents::replace(web.app(), &who, id, file.bytes).await?))
}

/// Fetch the file again from the document's address
#[utoipa::path(post, path = "/api/v1/documents/{id}/refresh", tag = "console", params(("id" = String, Path)), responses((status = 200, body = DocumentView)))]
async fn refresh(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<DocumentId>,
) -> Result<axum::Json<DocumentView>, Problem> {
    Ok(axum::Json(documents::refresh(web.app(), &who, id).await?))
}

/// Of which time.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Range {
    /// From this time on.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Before this time.
    #[param(value_type = Option<String>)]
    to: Option<At>,
}

/// What visitors did with a document: ever, or of openings in a time
#[utoipa::path(get, path = "/api/v1/documents/{id}/report", tag = "console", params(("id" = String, Path), Range), responses((status = 200, body = Report)))]
async fn report(
    State(web): State<Web>,
    Path(id): Path<DocumentId>,
    Query(range): Query<Range>,
) -> Result<axum::Json<Report>, Problem> {
    let range = (range.from.map(|at| at.0), range.to.map(|at| at.0));
    Ok(axum::Json(documents::report(web.app(), id, range).await?))
}

/// Which openings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OpeningFilter {
    /// From this time on.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Before this time.
    #[param(value_type = Option<String>)]
    to: Option<At>,
    /// Rows a page, 1 to 200; 50 when absent.
    limit: Option<u32>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Who opened a document and how far they read, the latest first
#[utoipa::path(get, path = "/api/v1/documents/{id}/openings", tag = "console", params(("id" = String, Path), OpeningFilter), responses((status = 200, body = List<OpeningView>)))]
async fn openings(
    State(web): State<Web>,
    Path(id): Path<DocumentId>,
    Query(filter): Query<OpeningFilter>,
) -> Result<axum::Json<List<OpeningView>>, Problem> {
    let page = page_request(filter.limit, filter.cursor);
    let range = (filter.from.map(|at| at.0), filter.to.map(|at| at.0));
    let found = documents::openings(web.app(), id, range, &page).await?;
    Ok(axum::Json(List::of(found, |opening| opening)))
}
