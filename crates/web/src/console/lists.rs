//! Lists of people.

use crate::extract::{Json, Path};
use crate::guard::{Guarded, Needs, Who};
use crate::idempotency::Made;
use crate::problem::Problem;
use crate::shapes::{At, List};
use crate::state::Web;
use app::access::Permission;
use app::lists;
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{ListId, PersonId};
use serde::{Deserialize, Serialize};
use store::ListRecord;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Audiences name lists, so that authors of dialogues see them too.
const NAMES: Needs = Needs::AnyOf(&[Permission::PeopleView, Permission::DialoguesView]);
const EDIT: Needs = Needs::Permission(Permission::PeopleEdit);

/// Routes of lists.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(NAMES, routes!(list))
        .at(NAMES, routes!(show))
        .creating(EDIT, routes!(create))
        .at(EDIT, routes!(rename))
        .at(EDIT, routes!(delete))
        .at(EDIT, routes!(add))
        .at(EDIT, routes!(remove))
}

/// A list.
#[derive(Debug, Serialize, ToSchema)]
struct PeopleList {
    id: String,
    name: String,
    /// Members now.
    size: u64,
    created_at: At,
}

impl From<ListRecord> for PeopleList {
    fn from(list: ListRecord) -> Self {
        Self { id: list.id.to_string(), name: list.name, size: list.size, created_at: list.created_at.into() }
    }
}

/// A list's name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ListName)]
struct Name {
    #[schema(example = "Trade fair 2026")]
    name: String,
}

/// People.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Members {
    /// At most 10,000.
    #[schema(value_type = Vec<String>)]
    person_ids: Vec<PersonId>,
}

/// All lists by name
#[utoipa::path(get, path = "/api/v1/lists", tag = "console", responses((status = 200, body = List<PeopleList>)))]
async fn list(State(web): State<Web>) -> Result<axum::Json<List<PeopleList>>, Problem> {
    let all = lists::list(web.app()).await?;
    Ok(axum::Json(List::whole(all.into_iter().map(Into::into).collect())))
}

/// One list
#[utoipa::path(get, path = "/api/v1/lists/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = PeopleList)))]
async fn show(State(web): State<Web>, Path(id): Path<ListId>) -> Result<axum::Json<PeopleList>, Problem> {
    Ok(axum::Json(lists::show(web.app(), id).await?.into()))
}

/// Make a list
#[utoipa::path(post, path = "/api/v1/lists", tag = "console", request_body = Name, responses((status = 201, body = PeopleList)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<Name>,
) -> Result<Made<axum::Json<PeopleList>>, Problem> {
    let list = lists::create(web.app(), &who, &body.name).await?;
    Ok(Made(format!("/api/v1/lists/{}", list.id), axum::Json(list.into())))
}

/// Rename a list
#[utoipa::path(patch, path = "/api/v1/lists/{id}", tag = "console", params(("id" = String, Path)), request_body = Name, responses((status = 200, body = PeopleList)))]
async fn rename(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ListId>,
    Json(body): Json<Name>,
) -> Result<axum::Json<PeopleList>, Problem> {
    Ok(axum::Json(lists::rename(web.app(), &who, id, &body.name).await?.into()))
}

/// Remove a list; its people stay
#[utoipa::path(delete, path = "/api/v1/lists/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(State(web): State<Web>, who: Who, Path(id): Path<ListId>) -> Result<StatusCode, Problem> {
    lists::delete(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put people on a list
#[utoipa::path(post, path = "/api/v1/lists/{id}/people", tag = "console", params(("id" = String, Path)), request_body = Members, responses((status = 200, body = PeopleList)))]
async fn add(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ListId>,
    Json(body): Json<Members>,
) -> Result<axum::Json<PeopleList>, Problem> {
    Ok(axum::Json(lists::add(web.app(), &who, id, &body.person_ids).await?.into()))
}

/// Take people off a list
#[utoipa::path(delete, path = "/api/v1/lists/{id}/people", tag = "console", params(("id" = String, Path)), request_body = Members, responses((status = 200, body = PeopleList)))]
async fn remove(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ListId>,
    Json(body): Json<Members>,
) -> Result<axum::Json<PeopleList>, Problem> {
    Ok(axum::Json(lists::remove(web.app(), &who, id, &body.person_ids).await?.into()))
}
