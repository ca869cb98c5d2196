//! Goals, shared by dialogues and flows.

use crate::extract::{Json, Path, Query};
use crate::guard::{Guarded, Needs, Who};
use crate::idempotency::Made;
use crate::problem::Problem;
use crate::shapes::{At, List};
use crate::state::Web;
use app::access::Permission;
use app::goals::{self, GoalView};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::GoalId;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Dialogues and flows share the library.
const VIEW: Needs = Needs::AnyOf(&[Permission::DialoguesView, Permission::FlowsView]);
const MANAGE: Needs = Needs::AnyOf(&[Permission::DialoguesManage, Permission::FlowsManage]);

/// Routes of goals.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(VIEW, routes!(list))
        .creating(MANAGE, routes!(create))
        .at(VIEW, routes!(show))
        .at(MANAGE, routes!(rename))
        .at(MANAGE, routes!(delete))
}

/// Of which time the figures are.
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

/// A goal's name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GoalName)]
struct Name {
    #[schema(example = "Demo booked")]
    name: String,
}

/// All goals by name, with how often they were reached: ever, or in a time
#[utoipa::path(get, path = "/api/v1/goals", tag = "console", params(Range), responses((status = 200, body = List<GoalView>)))]
async fn list(
    State(web): State<Web>,
    Query(range): Query<Range>,
) -> Result<axum::Json<List<GoalView>>, Problem> {
    let range = (range.from.map(|at| at.0), range.to.map(|at| at.0));
    Ok(axum::Json(List::whole(goals::list(web.app(), range).await?)))
}

/// Add a goal
#[utoipa::path(post, path = "/api/v1/goals", tag = "console", request_body = Name, responses((status = 201, body = GoalView)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<Name>,
) -> Result<Made<axum::Json<GoalView>>, Problem> {
    let goal = goals::create(web.app(), &who, &body.name).await?;
    Ok(Made(format!("/api/v1/goals/{}", goal.id), axum::Json(goal)))
}

/// One goal
#[utoipa::path(get, path = "/api/v1/goals/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = GoalView)))]
async fn show(State(web): State<Web>, Path(id): Path<GoalId>) -> Result<axum::Json<GoalView>, Problem> {
    Ok(axum::Json(goals::show(web.app(), id).await?))
}

/// Rename a goal
///
/// What calls it by its old name goes on to mean it: drafts, published versions, texts, and what was reached so far.
#[utoipa::path(patch, path = "/api/v1/goals/{id}", tag = "console", params(("id" = String, Path)), request_body = Name, responses((status = 200, body = GoalView)))]
async fn rename(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<GoalId>,
    Json(body): Json<Name>,
) -> Result<axum::Json<GoalView>, Problem> {
    Ok(axum::Json(goals::rename(web.app(), &who, id, &body.name).await?))
}

/// Remove a goal; refused while a dialogue or flow uses it
#[utoipa::path(delete, path = "/api/v1/goals/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(State(web): State<Web>, who: Who, Path(id): Path<GoalId>) -> Result<StatusCode, Problem> {
    goals::delete(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
