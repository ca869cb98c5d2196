//! People: search, record, activities, export, erasure.

use super::people_shapes::{Activity, Person, PersonDetail};
use crate::etag::Versioned;
use crate::extract::{IfMatch, Json, Path, Query};
use crate::guard::{Guarded, Needs, Who};
use crate::idempotency::Made;
use crate::problem::Problem;
use crate::shapes::{List, page_request};
use crate::state::Web;
use app::access::Permission;
use app::people::{self, Search};
use axum::body::Body;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use criteria::Criteria;
use engagement::ActivityType;
use futures_util::{StreamExt, stream};
use kernel::PersonId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use store::PeopleSort;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const VIEW: Needs = Needs::Permission(Permission::PeopleView);
const EDIT: Needs = Needs::Permission(Permission::PeopleEdit);
const EXPORT: Needs = Needs::Permission(Permission::PeopleExport);

/// Routes of people.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(VIEW, routes!(search))
        .at(VIEW, routes!(count))
        .creating(EDIT, routes!(create))
        .at(EXPORT, routes!(export))
        .at(VIEW, routes!(show))
        .at(EDIT, routes!(change))
        .at(Needs::Permission(Permission::PeopleDelete), routes!(erase))
        .at(VIEW, routes!(activities))
        .at(EXPORT, routes!(document))
}

/// A question for people.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Question {
    /// Beginnings of words of name, address, company or job title.
    #[schema(example = "ada love")]
    q: Option<String>,
    /// Conditions on `person.*`, `company.*` and membership.
    #[schema(value_type = Object, example = json!({"all": [{"attribute": "person.score", "op": "at_least", "values": [10]}]}))]
    criteria: Option<Criteria>,
    sort: Option<Sort>,
    /// Only known, or only anonymous people.
    known: Option<bool>,
    /// 1 to 200; 50 when absent.
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Order of people.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Sort {
    by: SortBy,
    #[serde(default)]
    direction: Direction,
}

/// What people are sorted by.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum SortBy {
    CreatedAt,
    LastSeenAt,
    Email,
    LastName,
    Score,
    Company,
    UpdatedAt,
}

/// Upwards or downwards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Direction {
    Asc,
    #[default]
    Desc,
}

impl From<SortBy> for PeopleSort {
    fn from(by: SortBy) -> Self {
        match by {
            SortBy::CreatedAt => Self::CreatedAt,
            SortBy::LastSeenAt => Self::LastSeenAt,
            SortBy::Email => Self::Email,
            SortBy::LastName => Self::LastName,
            SortBy::Score => Self::Score,
            SortBy::Company => Self::Company,
            SortBy::UpdatedAt => Self::UpdatedAt,
        }
    }
}

fn zone_of(who: &Who) -> Option<String> {
    who.sign_in().user().and_then(|me| app::users::time_zone(&me.user)).map(str::to_owned)
}

/// People found.
#[derive(Debug, Serialize, ToSchema)]
struct Found {
    items: Vec<Person>,
    next: Option<String>,
    /// How many there are.
    total: u64,
    total_is_estimate: bool,
}

/// Search people
#[utoipa::path(post, path = "/api/v1/people/search", tag = "console", request_body = Question, responses((status = 200, body = Found)))]
async fn search(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<Question>,
) -> Result<axum::Json<Found>, Problem> {
    let search = Search {
        words: body.q,
        criteria: body.criteria,
        known: body.known,
        sort: body.sort.as_ref().map_or(PeopleSort::CreatedAt, |sort| sort.by.into()),
        descending: body.sort.is_none_or(|sort| sort.direction == Direction::Desc),
        time_zone: zone_of(&who),
        ..Search::default()
    };
    let page = page_request(body.limit, body.cursor);
    let (found, total) = people::search(web.app(), &search, &page).await?;
    Ok(axum::Json(Found {
        items: found.items.into_iter().map(Into::into).collect(),
        next: found.next.map(|cursor| cursor.as_str().to_owned()),
        total: total.count,
        total_is_estimate: !total.exact,
    }))
}

/// Criteria whose people are counted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Counted {
    #[schema(value_type = Object)]
    criteria: Criteria,
}

/// How many people there are.
#[derive(Debug, Serialize, ToSchema)]
struct Count {
    count: u64,
}

/// Count the people who meet criteria
#[utoipa::path(post, path = "/api/v1/people/count", tag = "console", request_body = Counted, responses((status = 200, body = Count)))]
async fn count(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<Counted>,
) -> Result<axum::Json<Count>, Problem> {
    let search = Search { criteria: Some(body.criteria), time_zone: zone_of(&who), ..Search::default() };
    Ok(axum::Json(Count { count: people::count(web.app(), &search).await?.count }))
}

/// Values of a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Values {
    /// By bare attribute name; `null` empties. Beside attributes: `email`, `owner` (id of a user), `company` (id or name).
    #[schema(value_type = BTreeMap<String, crate::words::AttributeValue>, example = json!({"email": "ada@example.com", "first_name": "Ada"}))]
    attributes: BTreeMap<String, Value>,
}

/// Make a person
#[utoipa::path(post, path = "/api/v1/people", tag = "console", request_body = Values, responses((status = 201, body = PersonDetail)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<Values>,
) -> Result<Made<Versioned<PersonDetail>>, Problem> {
    let detail = people::create(web.app(), &who, &body.attributes).await?;
    Ok(Made(format!("/api/v1/people/{}", detail.row.person.id), answer(detail)))
}

fn answer(detail: people::PersonDetail) -> Versioned<PersonDetail> {
    Versioned(detail.row.person.version, detail.into())
}

/// One person
///
/// The id of a merged person yields the survivor.
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = PersonDetail)))]
async fn show(State(web): State<Web>, Path(id): Path<PersonId>) -> Result<Versioned<PersonDetail>, Problem> {
    Ok(answer(people::show(web.app(), id).await?))
}

/// Change values of a person
///
/// Give the version you changed as `If-Match`; 412 when somebody else was first.
#[utoipa::path(patch, path = "/api/v1/people/{id}", tag = "console", params(("id" = String, Path)), request_body = Values, responses((status = 200, body = PersonDetail)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<PersonId>,
    IfMatch(version): IfMatch,
    Json(body): Json<Values>,
) -> Result<Versioned<PersonDetail>, Problem> {
    Ok(answer(people::update(web.app(), &who, id, &body.attributes, version).await?))
}

/// Erase a person for ever
#[utoipa::path(delete, path = "/api/v1/people/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn erase(State(web): State<Web>, who: Who, Path(id): Path<PersonId>) -> Result<StatusCode, Problem> {
    people::erase(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which activities.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of one type, such as `engaged`.
    #[serde(rename = "type")]
    kind: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Activities of a person, newest first
#[utoipa::path(get, path = "/api/v1/people/{id}/activities", tag = "console", params(("id" = String, Path), Filter), responses((status = 200, body = List<Activity>)))]
async fn activities(
    State(web): State<Web>,
    Path(id): Path<PersonId>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<List<Activity>>, Problem> {
    let kind = match filter.kind.filter(|kind| !kind.is_empty()) {
        None => None,
        Some(name) => Some(
            ActivityType::from_name(&name)
                .ok_or_else(|| Problem::field("/type", "option", "is not a type of activity"))?,
        ),
    };
    let page = page_request(filter.limit, filter.cursor);
    let found = people::activities(web.app(), id, kind, &page).await?;
    Ok(axum::Json(List::of(found, Into::into)))
}

/// Everything about a person, as one JSON file
#[utoipa::path(get, path = "/api/v1/people/{id}/export", tag = "console", params(("id" = String, Path)), responses((status = 200, body = Object)))]
async fn document(State(web): State<Web>, who: Who, Path(id): Path<PersonId>) -> Result<Response, Problem> {
    web.limits().bulk_read(&who.name)?;
    let document = people::document(web.app(), &who, id).await?;
    let name = format!("attachment; filename=\"{id}.json\"");
    Ok(([(header::CONTENT_DISPOSITION, name)], axum::Json(document)).into_response())
}

/// People for a file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PeopleExport)]
struct Export {
    #[schema(value_type = Option<Object>)]
    criteria: Option<Criteria>,
    q: Option<String>,
    /// Only known, or only anonymous people.
    known: Option<bool>,
    /// Bare attribute names, or `id`, `company`, `company.industry`, `owner`, `created_at`…
    #[schema(example = json!(["email", "first_name", "company"]))]
    columns: Vec<String>,
}

/// People as CSV
///
/// Cells that a spreadsheet could take for a formula get a quote in front.
#[utoipa::path(post, path = "/api/v1/people/export", tag = "console", request_body = Export, responses((status = 200, content_type = "text/csv", body = String)))]
async fn export(State(web): State<Web>, who: Who, Json(body): Json<Export>) -> Result<Response, Problem> {
    web.limits().bulk_read(&who.name)?;
    let search = Search {
        words: body.q,
        criteria: body.criteria,
        known: body.known,
        time_zone: zone_of(&who),
        ..Search::default()
    };
    let sheet = people::sheet(web.app(), &who, &search, body.columns).await?;
    let lines = stream::unfold(sheet, async |mut sheet| {
        let text = sheet.recv().await?;
        // A broken transfer tells the client that the file is not whole.
        Some((text.map_err(std::io::Error::other), sheet))
    });
    // Compression asks once more after the end.
    let lines = lines.fuse();
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"people.csv\""),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}
