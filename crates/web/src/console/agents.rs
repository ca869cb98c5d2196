//! Agents: their hours, the switch, how many chats and how many turns.

use crate::{
    etag::Versioned,
    extract::{IfMatch, Json, Path},
    guard::{Guarded, Needs, Who},
    problem::Problem,
    shapes::List,
    state::Web,
};
use app::{
    access::Permission,
    routing::{
        agents::{self, AgentPatch, AgentView},
        free_times::{self, Asked, FreeTimes},
    },
};
use axum::extract::State;
use kernel::UserId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Whoever sees something that names agents sees who they are.
const VIEW: Needs = Needs::AnyOf(&[
    Permission::DialoguesManage,
    Permission::FlowsManage,
    Permission::AdminAgents,
    Permission::AdminRoundRobinView,
    Permission::AdminTeamsView,
    Permission::AdminTeamsManage,
    Permission::AdminRulesView,
    Permission::AdminRulesManage,
    Permission::AdminAccountsView,
    Permission::AdminAccountsManage,
]);
const MANAGE: Needs = Needs::Permission(Permission::AdminAgents);
const OWN: Needs =
    Needs::AnyOf(&[Permission::AgentLivechatAvailability, Permission::AgentCalendarAvailability]);
const BOOKABLE: Needs = Needs::AnyOf(&[Permission::AgentCalendarAvailability, Permission::AdminAgents]);
const SWITCH: Needs = Needs::Permission(Permission::AgentLivechatAvailability);

/// Routes of agents.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(VIEW, routes!(list))
        .at(VIEW, routes!(show))
        .at(MANAGE, routes!(change))
        .at(OWN, routes!(show_own))
        .at(OWN, routes!(change_own))
        .at(SWITCH, routes!(switch))
        .at(BOOKABLE, routes!(preview))
}

/// All agents: users who may take live chats or meetings
#[utoipa::path(get, path = "/api/v1/agents", operation_id = "list_agents", tag = "console", responses((status = 200, body = List<AgentView>)))]
async fn list(State(web): State<Web>) -> Result<axum::Json<List<AgentView>>, Problem> {
    Ok(axum::Json(List::whole(agents::list(web.app()).await?)))
}

/// One agent
#[utoipa::path(get, path = "/api/v1/agents/{id}", operation_id = "show_agent", tag = "console", params(("id" = String, Path)), responses((status = 200, body = AgentView)))]
async fn show(State(web): State<Web>, Path(id): Path<UserId>) -> Result<Versioned<AgentView>, Problem> {
    let agent = agents::show(web.app(), id).await?;
    Ok(Versioned(agent.version, agent))
}

/// Change an agent
#[utoipa::path(patch, path = "/api/v1/agents/{id}", operation_id = "change_agent", tag = "console", params(("id" = String, Path)), request_body = AgentPatch, responses((status = 200, body = AgentView)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<UserId>,
    IfMatch(version): IfMatch,
    Json(body): Json<AgentPatch>,
) -> Result<Versioned<AgentView>, Problem> {
    let agent = agents::update(web.app(), &who, id, version, body).await?;
    Ok(Versioned(agent.version, agent))
}

/// My availability
#[utoipa::path(get, path = "/api/v1/me/availability", operation_id = "show_my_availability", tag = "console", responses((status = 200, body = AgentView)))]
async fn show_own(State(web): State<Web>, who: Who) -> Result<Versioned<AgentView>, Problem> {
    let id = who.user_id().ok_or(app::AppError::NotFound("agent"))?;
    let agent = agents::show(web.app(), id).await?;
    Ok(Versioned(agent.version, agent))
}

/// Change my hours
#[utoipa::path(patch, path = "/api/v1/me/availability", operation_id = "change_my_availability", tag = "console", request_body = AgentPatch, responses((status = 200, body = AgentView)))]
async fn change_own(
    State(web): State<Web>,
    who: Who,
    IfMatch(version): IfMatch,
    Json(body): Json<AgentPatch>,
) -> Result<Versioned<AgentView>, Problem> {
    let agent = agents::update_own(web.app(), &who, version, body).await?;
    Ok(Versioned(agent.version, agent))
}

/// How the switch is turned.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AvailabilitySwitch)]
struct Turn {
    /// To available, or to unavailable.
    available: bool,
}

/// Turn my switch
///
/// It overrides the hours until they next begin or end, or until midnight, whichever comes first. Turning it to what the
/// hours say is switching back.
#[utoipa::path(put, path = "/api/v1/me/availability/switch", operation_id = "turn_my_switch", tag = "console", request_body = Turn, responses((status = 200, body = AgentView)))]
async fn switch(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<Turn>,
) -> Result<Versioned<AgentView>, Problem> {
    let agent = agents::switch(web.app(), &who, body.available).await?;
    Ok(Versioned(agent.version, agent))
}

/// Free times that hours and rules would give
///
/// What visitors would be offered if nothing else were in the calendar. Nothing is saved.
#[utoipa::path(post, path = "/api/v1/availability/free-times", operation_id = "preview_free_times", tag = "console", request_body = Asked, responses((status = 200, body = FreeTimes)))]
async fn preview(State(web): State<Web>, Json(asked): Json<Asked>) -> Result<axum::Json<FreeTimes>, Problem> {
    Ok(axum::Json(free_times::free_times(web.app(), &asked)?))
}
