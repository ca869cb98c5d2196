//! Why a page view got what it got, and what a draft would have got.

use crate::{
    extract::{Json, Path, Query},
    guard::{Guarded, Needs},
    problem::Problem,
    shapes::{List, Paging, page_request},
    state::Web,
};
use app::{
    access::Permission,
    traces::{
        explain::{self, DialoguePageView, PageViewExplanation, PageViewSummary, Wanted},
        simulate::{self, Simulation, SimulationRequest},
    },
};
use axum::extract::State;
use kernel::{DialogueId, PageViewId, PersonId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// A page view tells what a person did, and a verdict what is known of the person.
const PEOPLE: Needs = Needs::Permission(Permission::PeopleView);
/// A simulation gives counts only.
const MANAGE: Needs = Needs::Permission(Permission::DialoguesManage);

/// Routes of traces.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(PEOPLE, routes!(of_person))
        .at(PEOPLE, routes!(of_dialogue))
        .at(PEOPLE, routes!(explanation))
        .at(MANAGE, routes!(run))
}

/// Page views of a person, newest first
///
/// Those of all visitors who are this person now, for as long as page views are kept.
#[utoipa::path(get, path = "/api/v1/people/{id}/page-views", tag = "console", params(("id" = String, Path), Paging), responses((status = 200, body = List<PageViewSummary>)))]
async fn of_person(
    State(web): State<Web>,
    Path(id): Path<PersonId>,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<List<PageViewSummary>>, Problem> {
    let found = explain::of_person(web.app(), id, &paging.request()).await?;
    Ok(axum::Json(List::of(found, |row| row)))
}

/// Which page views.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// `target_pages` (the standard: those of its target pages), `shown`, `not_shown` (of its target pages) or `all`.
    #[param(value_type = Option<String>)]
    show: Option<Wanted>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Recent page views with the verdict on a dialogue, newest first
///
/// A page of this list may be short, since at most 2,000 page views of the site are looked at for it; `next` tells where to
/// go on.
#[utoipa::path(get, path = "/api/v1/dialogues/{id}/page-views", tag = "console", params(("id" = String, Path), Filter), responses((status = 200, body = List<DialoguePageView>)))]
async fn of_dialogue(
    State(web): State<Web>,
    Path(id): Path<DialogueId>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<List<DialoguePageView>>, Problem> {
    let page = page_request(filter.limit, filter.cursor);
    let found = explain::of_dialogue(web.app(), id, filter.show.unwrap_or_default(), &page).await?;
    Ok(axum::Json(List::of(found, |row| row)))
}

/// Why: a page view with the verdict on every dialogue of its site
#[utoipa::path(get, path = "/api/v1/page-views/{id}/explanation", tag = "console", params(("id" = String, Path)), responses((status = 200, body = PageViewExplanation)))]
async fn explanation(
    State(web): State<Web>,
    Path(id): Path<PageViewId>,
) -> Result<axum::Json<PageViewExplanation>, Problem> {
    Ok(axum::Json(explain::explanation(web.app(), id).await?))
}

/// Simulate a draft over the recorded page views of the last days
///
/// Pages, visits, times and what each page view got are as recorded; person, company and lists are as they are today.
#[utoipa::path(post, path = "/api/v1/dialogues/{id}/simulate", tag = "console", params(("id" = String, Path)), request_body = SimulationRequest, responses((status = 200, body = Simulation)))]
async fn run(
    State(web): State<Web>,
    Path(id): Path<DialogueId>,
    Json(body): Json<SimulationRequest>,
) -> Result<axum::Json<Simulation>, Problem> {
    Ok(axum::Json(simulate::simulate(web.app(), id, body).await?))
}
