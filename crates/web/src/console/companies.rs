//! Companies.

use super::people_shapes::{Company, Person};
use crate::etag::Versioned;
use crate::extract::{IfMatch, Json, Path, Query};
use crate::guard::{Guarded, Needs, Who};
use crate::problem::Problem;
use crate::shapes::{List, Paging, page_request};
use crate::state::Web;
use app::access::Permission;
use app::companies::{self, CompanyChange, CompanyView};
use app::people::{self, Search};
use axum::extract::State;
use kernel::CompanyId;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const VIEW: Needs = Needs::Permission(Permission::PeopleView);

/// Routes of companies.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(VIEW, routes!(list))
        .at(VIEW, routes!(show))
        .at(Needs::Permission(Permission::PeopleEdit), routes!(change))
        .at(VIEW, routes!(people_of))
}

/// Which companies.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Name or domain begins with.
    q: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Companies by name
#[utoipa::path(get, path = "/api/v1/companies", tag = "console", params(Filter), responses((status = 200, body = List<Company>)))]
async fn list(
    State(web): State<Web>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<List<Company>>, Problem> {
    let page = page_request(filter.limit, filter.cursor);
    let found = companies::list(web.app(), filter.q.as_deref(), &page).await?;
    Ok(axum::Json(List::of(found, Into::into)))
}

fn answer(view: CompanyView) -> Versioned<Company> {
    Versioned(view.row.company.version, view.into())
}

/// One company
#[utoipa::path(get, path = "/api/v1/companies/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = Company)))]
async fn show(State(web): State<Web>, Path(id): Path<CompanyId>) -> Result<Versioned<Company>, Problem> {
    Ok(answer(companies::show(web.app(), id).await?))
}

/// A change of a company.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CompanyChange)]
struct Change {
    name: Option<String>,
    /// All domains, whole.
    domains: Option<Vec<String>>,
    /// By bare attribute name; `null` empties.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, crate::words::AttributeValue>)]
    attributes: BTreeMap<String, Value>,
}

/// Change a company
#[utoipa::path(patch, path = "/api/v1/companies/{id}", tag = "console", params(("id" = String, Path)), request_body = Change, responses((status = 200, body = Company)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<CompanyId>,
    IfMatch(version): IfMatch,
    Json(body): Json<Change>,
) -> Result<Versioned<Company>, Problem> {
    let change =
        CompanyChange { name: body.name, domains: body.domains, attributes: body.attributes, version };
    Ok(answer(companies::update(web.app(), &who, id, change).await?))
}

/// People of a company
#[utoipa::path(get, path = "/api/v1/companies/{id}/people", tag = "console", params(("id" = String, Path), Paging), responses((status = 200, body = List<Person>)))]
async fn people_of(
    State(web): State<Web>,
    Path(id): Path<CompanyId>,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<List<Person>>, Problem> {
    companies::show(web.app(), id).await?;
    let search = Search { company: Some(id), ..Search::default() };
    let (found, _) = people::search(web.app(), &search, &paging.request()).await?;
    Ok(axum::Json(List::of(found, Into::into)))
}
