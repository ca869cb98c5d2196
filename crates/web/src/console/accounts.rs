//! Accounts, one by one and out of CSV files.

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
    routing::{
        accounts::{self, AccountPatch, AccountView, NewAccount},
        upload::{self, AccountUpload},
    },
};
use axum::{
    extract::{DefaultBodyLimit, Request, State},
    http::StatusCode,
};
use kernel::AccountId;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

const VIEW: Needs = Needs::AnyOf(&[Permission::AdminAccountsView, Permission::AdminAccountsManage]);
const MANAGE: Needs = Needs::Permission(Permission::AdminAccountsManage);
/// Bytes of a file of accounts.
const LARGEST_FILE: u64 = 16 * 1024 * 1024;

/// Routes of accounts.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(VIEW, routes!(list))
        .creating(MANAGE, routes!(create))
        .at(VIEW, routes!(show))
        .at(MANAGE, routes!(change))
        .at(MANAGE, routes!(delete))
        .at(MANAGE, routes!(take_file).layer(DefaultBodyLimit::disable()))
}

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Words in name or domain.
    q: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Accounts, newest first
#[utoipa::path(get, path = "/api/v1/accounts", operation_id = "list_accounts", tag = "console", params(Wanted), responses((status = 200, body = List<AccountView>)))]
async fn list(
    State(web): State<Web>,
    Query(query): Query<Wanted>,
) -> Result<axum::Json<List<AccountView>>, Problem> {
    let page = page_request(query.limit, query.cursor);
    let found = accounts::list(web.app(), query.q.as_deref(), &page).await?;
    Ok(axum::Json(List::of(found, |row| row)))
}

/// Make an account
#[utoipa::path(post, path = "/api/v1/accounts", operation_id = "create_account", tag = "console", request_body = NewAccount, responses((status = 201, body = AccountView)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<NewAccount>,
) -> Result<Made<axum::Json<AccountView>>, Problem> {
    let made = accounts::create(web.app(), &who, body).await?;
    Ok(Made(format!("/api/v1/accounts/{}", made.id), axum::Json(made)))
}

/// One account
#[utoipa::path(get, path = "/api/v1/accounts/{id}", operation_id = "show_account", tag = "console", params(("id" = String, Path)), responses((status = 200, body = AccountView)))]
async fn show(State(web): State<Web>, Path(id): Path<AccountId>) -> Result<Versioned<AccountView>, Problem> {
    let account = accounts::show(web.app(), id).await?;
    Ok(Versioned(account.version, account))
}

/// Change an account
#[utoipa::path(patch, path = "/api/v1/accounts/{id}", operation_id = "change_account", tag = "console", params(("id" = String, Path)), request_body = AccountPatch, responses((status = 200, body = AccountView)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<AccountId>,
    IfMatch(version): IfMatch,
    Json(body): Json<AccountPatch>,
) -> Result<Versioned<AccountView>, Problem> {
    let account = accounts::update(web.app(), &who, id, version, body).await?;
    Ok(Versioned(account.version, account))
}

/// Which accounts are removed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccountsToDelete)]
struct Chosen {
    /// At most 10,000.
    #[schema(value_type = Vec<String>)]
    ids: Vec<AccountId>,
}

/// Remove accounts
#[utoipa::path(post, path = "/api/v1/accounts/delete", operation_id = "delete_accounts", tag = "console", request_body = Chosen, responses((status = 204)))]
async fn delete(State(web): State<Web>, who: Who, Json(body): Json<Chosen>) -> Result<StatusCode, Problem> {
    accounts::delete(web.app(), &who, &body.ids).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Upload accounts
///
/// A CSV file with the columns name, domains and owner (an agent's e-mail address); rows whose name is there already change
/// that account. The bare file, or the part `file` of a form.
#[utoipa::path(post, path = "/api/v1/accounts/upload", operation_id = "upload_accounts", tag = "console", request_body(content = String, content_type = "text/csv"), responses((status = 200, body = AccountUpload)))]
async fn take_file(
    State(web): State<Web>,
    who: Who,
    request: Request,
) -> Result<axum::Json<AccountUpload>, Problem> {
    let file = Upload::read(&web, request, LARGEST_FILE).await?;
    Ok(axum::Json(upload::upload(web.app(), &who, &file.bytes).await?))
}
