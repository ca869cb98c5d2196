//! CSV imports.

use super::people_shapes::Ref;
use crate::extract::{Json, Path, Query};
use crate::guard::{Guarded, Needs, Who};
use crate::problem::Problem;
use crate::shapes::{At, List, Paging};
use crate::state::Web;
use crate::words;
use app::App;
use app::access::Permission;
use app::export::{inert, line};
use app::import::{self, StartImport};
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use kernel::{ImportId, ListId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{ImportMode, ImportState};
use tokio::io::AsyncRead;
use tokio_util::io::StreamReader;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt};
use utoipa_axum::routes;

const IMPORT: Needs = Needs::Permission(Permission::PeopleImport);

/// Routes of imports.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(IMPORT, routes!(list))
        // The file is written as it comes; its limit is counted there.
        .at(IMPORT, routes!(upload).layer(DefaultBodyLimit::disable()))
        .at(IMPORT, routes!(show))
        .at(IMPORT, routes!(start))
        .at(IMPORT, routes!(cancel))
        .at(IMPORT, routes!(resume))
        .at(IMPORT, routes!(rejects))
        .at(IMPORT, routes!(delete))
}

/// A column of the file.
#[derive(Debug, Serialize, ToSchema)]
struct ImportColumn {
    header: String,
    samples: Vec<String>,
    /// The attribute proposed or chosen; `null` leaves the column out.
    #[schema(example = "person.email")]
    attribute: Option<String>,
}

/// How far an import is.
#[derive(Debug, Serialize, ToSchema)]
struct Progress {
    bytes: u64,
    rows: u64,
    created: u64,
    updated: u64,
    unchanged: u64,
    rejected: u64,
    /// Since the last start.
    rows_per_second: f64,
    seconds_left: Option<f64>,
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
struct Import {
    id: String,
    name: String,
    #[schema(value_type = words::ImportStateWord)]
    state: ImportState,
    #[schema(value_type = Option<words::ImportModeWord>)]
    mode: Option<ImportMode>,
    size_bytes: u64,
    delimiter: String,
    /// `utf-8`, `utf-16` or `windows-1252`.
    encoding: String,
    columns: Vec<ImportColumn>,
    /// At most 20 rows.
    preview: Vec<Vec<String>>,
    progress: Progress,
    list_id: Option<String>,
    created_by: Option<Ref>,
    created_at: At,
    finished_at: Option<At>,
    error: Option<String>,
}

fn shape(app: &App, import: import::Import) -> Import {
    let (rows_per_second, seconds_left) = import.speed(app.now());
    let record = import.record;
    let progress = record.progress;
    let column = |column: import::Column| ImportColumn {
        header: column.header,
        samples: column.samples,
        attribute: column.attribute,
    };
    Import {
        id: record.id.to_string(),
        name: record.name,
        state: record.state,
        mode: record.mode,
        size_bytes: record.size_bytes,
        delimiter: import.plan.delimiter.to_string(),
        encoding: import.plan.encoding,
        columns: import.plan.columns.into_iter().map(column).collect(),
        preview: import.plan.preview,
        progress: Progress {
            bytes: progress.bytes,
            rows: progress.rows,
            created: progress.created,
            updated: progress.updated,
            unchanged: progress.unchanged,
            rejected: progress.rejected,
            rows_per_second: rows_per_second.round(),
            seconds_left: seconds_left.map(f64::ceil),
        },
        list_id: record.list_id.map(|id| id.to_string()),
        created_by: record.created_by.map(|id| Ref::new(id, import.created_by.unwrap_or_default())),
        created_at: record.created_at.into(),
        finished_at: record.finished_at.map(At),
        error: record.error,
    }
}

/// All imports, newest first
#[utoipa::path(get, path = "/api/v1/imports", tag = "console", params(Paging), responses((status = 200, body = List<Import>)))]
async fn list(
    State(web): State<Web>,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<List<Import>>, Problem> {
    let found = import::list(web.app(), &paging.request()).await?;
    Ok(axum::Json(List::of(found, |import| shape(web.app(), import))))
}

/// The name of a file sent as the bare body.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FileName {
    /// Shown on screens.
    name: Option<String>,
}

/// Upload a file
///
/// As `multipart/form-data` with the part `file`, or as the bare body with `?name=`. Nothing is stored about people before
/// the import is started.
#[utoipa::path(post, path = "/api/v1/imports", tag = "console", params(FileName), request_body(content = String, content_type = "text/csv"), responses((status = 201, body = Import)))]
async fn upload(
    State(web): State<Web>,
    who: Who,
    Query(query): Query<FileName>,
    request: Request,
) -> Result<Response, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let import = if kind.starts_with("multipart/form-data") {
        upload_part(&web, &who, request).await?
    } else {
        let body = request.into_body().into_data_stream();
        let mut reader = StreamReader::new(body.map(|chunk| chunk.map_err(std::io::Error::other)));
        store(&web, &who, query.name.as_deref().unwrap_or_default(), &mut reader).await?
    };
    Ok((StatusCode::CREATED, axum::Json(shape(web.app(), import))).into_response())
}

async fn upload_part(web: &Web, who: &Who, request: Request) -> Result<import::Import, Problem> {
    let broken = |detail: String| {
        Problem::new(StatusCode::BAD_REQUEST, format!("The form is not readable: {detail}."))
    };
    let mut form = Multipart::from_request(request, web).await.map_err(|error| broken(error.body_text()))?;
    while let Some(part) = form.next_field().await.map_err(|error| broken(error.body_text()))? {
        if part.name() == Some("file") {
            let name = part.file_name().unwrap_or_default().to_owned();
            let chunks = part.map(|chunk| chunk.map_err(std::io::Error::other));
            return store(web, who, &name, &mut StreamReader::new(Box::pin(chunks))).await;
        }
    }
    Err(Problem::field("/file", "required", "is missing: the form has no part of this name"))
}

async fn store(
    web: &Web,
    who: &Who,
    name: &str,
    reader: &mut (dyn AsyncRead + Send + Unpin),
) -> Result<import::Import, Problem> {
    Ok(import::upload(web.app(), who, name, reader).await?)
}

/// One import
#[utoipa::path(get, path = "/api/v1/imports/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = Import)))]
async fn show(State(web): State<Web>, Path(id): Path<ImportId>) -> Result<axum::Json<Import>, Problem> {
    Ok(axum::Json(shape(web.app(), import::show(web.app(), id).await?)))
}

/// What is chosen before the start.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Start {
    #[schema(value_type = words::ImportModeWord)]
    mode: ImportMode,
    /// Attribute by header; `null` or absent leaves the column out.
    #[schema(value_type = BTreeMap<String, Option<String>>, example = json!({"E-mail": "person.email", "Company": "company.name"}))]
    mapping: BTreeMap<String, Option<String>>,
    /// Put everybody on this list.
    #[schema(value_type = Option<String>)]
    list_id: Option<ListId>,
}

/// Start an import
#[utoipa::path(post, path = "/api/v1/imports/{id}/start", tag = "console", params(("id" = String, Path)), request_body = Start, responses((status = 202, body = Import)))]
async fn start(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ImportId>,
    Json(body): Json<Start>,
) -> Result<(StatusCode, axum::Json<Import>), Problem> {
    let chosen = StartImport { mode: body.mode, mapping: body.mapping, list_id: body.list_id };
    let import = import::start(web.app(), &who, id, chosen).await?;
    Ok((StatusCode::ACCEPTED, axum::Json(shape(web.app(), import))))
}

/// Stop an import between two batches; it can go on
#[utoipa::path(post, path = "/api/v1/imports/{id}/cancel", tag = "console", params(("id" = String, Path)), responses((status = 202)))]
async fn cancel(State(web): State<Web>, who: Who, Path(id): Path<ImportId>) -> Result<StatusCode, Problem> {
    import::cancel(web.app(), &who, id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Go on with a cancelled or failed import at the next row
#[utoipa::path(post, path = "/api/v1/imports/{id}/resume", tag = "console", params(("id" = String, Path)), responses((status = 202)))]
async fn resume(State(web): State<Web>, who: Who, Path(id): Path<ImportId>) -> Result<StatusCode, Problem> {
    import::resume(web.app(), &who, id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// The refused rows as CSV: line, field, reason, then the row
#[utoipa::path(get, path = "/api/v1/imports/{id}/rejects", tag = "console", params(("id" = String, Path)), responses((status = 200, content_type = "text/csv", body = String)))]
async fn rejects(State(web): State<Web>, Path(id): Path<ImportId>) -> Result<Response, Problem> {
    let import = import::show(web.app(), id).await?;
    let headers = import.plan.columns.iter().map(|column| inert(&column.header));
    let header: Vec<String> =
        ["line", "field", "reason"].map(str::to_owned).into_iter().chain(headers).collect();
    let app = web.app().clone();
    let pages = stream::unfold(Some(0), move |after| {
        let app = app.clone();
        async move { Some(page(&app, id, after?).await) }
    });
    let first = stream::once(async move { Ok(line(&header)) });
    let head = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}-refused.csv\"")),
    ];
    // Compression asks once more after the end.
    Ok((head, Body::from_stream(first.chain(pages).fuse())).into_response())
}

async fn page(app: &App, id: ImportId, after: u64) -> (std::io::Result<String>, Option<u64>) {
    const ROWS: u32 = 1_000;
    match import::rejects(app, id, after, ROWS).await {
        Ok(rows) => {
            let last = rows.last().map(|reject| reject.line).filter(|_| rows.len() == ROWS as usize);
            let text = |reject: &store::Reject| {
                let fixed = [reject.line.to_string(), inert(&reject.field), inert(&reject.reason)];
                let cells: Vec<String> =
                    fixed.into_iter().chain(reject.cells.iter().map(|cell| inert(cell))).collect();
                line(&cells)
            };
            (Ok(rows.iter().map(text).collect()), last)
        }
        Err(error) => (Err(std::io::Error::other(error)), None),
    }
}

/// Remove an import; the people stay
#[utoipa::path(delete, path = "/api/v1/imports/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(State(web): State<Web>, who: Who, Path(id): Path<ImportId>) -> Result<StatusCode, Problem> {
    import::delete(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
