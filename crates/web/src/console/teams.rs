//! Teams.

use crate::{
    etag::Versioned,
    extract::{IfMatch, Json, Path},
    guard::{Guarded, Needs, Who},
    idempotency::Made,
    problem::Problem,
    shapes::List,
    state::Web,
};
use app::{
    access::Permission,
    routing::teams::{self, NewTeam, TeamPatch, TeamView},
};
use axum::{extract::State, http::StatusCode};
use kernel::TeamId;
use utoipa_axum::{router::OpenApiRouter, routes};

const VIEW: Needs = Needs::AnyOf(&[
    Permission::DialoguesManage,
    Permission::FlowsManage,
    Permission::AdminTeamsView,
    Permission::AdminTeamsManage,
    Permission::AdminAgents,
    Permission::AdminRulesView,
    Permission::AdminRulesManage,
]);
const MANAGE: Needs = Needs::Permission(Permission::AdminTeamsManage);

/// Routes of teams.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(VIEW, routes!(list))
        .creating(MANAGE, routes!(create))
        .at(VIEW, routes!(show))
        .at(MANAGE, routes!(change))
        .at(MANAGE, routes!(delete))
}

/// All teams by name
#[utoipa::path(get, path = "/api/v1/teams", operation_id = "list_teams", tag = "console", responses((status = 200, body = List<TeamView>)))]
async fn list(State(web): State<Web>) -> Result<axum::Json<List<TeamView>>, Problem> {
    Ok(axum::Json(List::whole(teams::list(web.app()).await?)))
}

/// Make a team
#[utoipa::path(post, path = "/api/v1/teams", operation_id = "create_team", tag = "console", request_body = NewTeam, responses((status = 201, body = TeamView)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<NewTeam>,
) -> Result<Made<axum::Json<TeamView>>, Problem> {
    let made = teams::create(web.app(), &who, body).await?;
    Ok(Made(format!("/api/v1/teams/{}", made.id), axum::Json(made)))
}

/// One team
#[utoipa::path(get, path = "/api/v1/teams/{id}", operation_id = "show_team", tag = "console", params(("id" = String, Path)), responses((status = 200, body = TeamView)))]
async fn show(State(web): State<Web>, Path(id): Path<TeamId>) -> Result<Versioned<TeamView>, Problem> {
    let team = teams::show(web.app(), id).await?;
    Ok(Versioned(team.version, team))
}

/// Change a team
#[utoipa::path(patch, path = "/api/v1/teams/{id}", operation_id = "change_team", tag = "console", params(("id" = String, Path)), request_body = TeamPatch, responses((status = 200, body = TeamView)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<TeamId>,
    IfMatch(version): IfMatch,
    Json(body): Json<TeamPatch>,
) -> Result<Versioned<TeamView>, Problem> {
    let team = teams::update(web.app(), &who, id, version, body).await?;
    Ok(Versioned(team.version, team))
}

/// Remove a team
#[utoipa::path(delete, path = "/api/v1/teams/{id}", operation_id = "delete_team", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(State(web): State<Web>, who: Who, Path(id): Path<TeamId>) -> Result<StatusCode, Problem> {
    teams::delete(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
