//! Rules, rings, fallbacks, and who would get a visitor now.

use crate::{
    etag::Versioned,
    extract::{IfMatch, Json, Path, Query},
    guard::{Guarded, Needs, Who},
    idempotency::Made,
    problem::Problem,
    shapes::List,
    state::Web,
};
use ::routing::Purpose;
use app::{
    access::Permission,
    routing::{
        self,
        dry_run::{DryRun, DryRunAnswer},
        fallbacks::{self, Fallbacks, SiteFallbacks},
        rings::{self, RingView},
        rules::{self, NewRule, RulePatch, RuleView},
    },
};
use axum::{extract::State, http::StatusCode};
use kernel::{RoutingRuleId, SiteId, TeamId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

const VIEW_RULES: Needs = Needs::AnyOf(&[Permission::AdminRulesView, Permission::AdminRulesManage]);
const MANAGE_RULES: Needs = Needs::Permission(Permission::AdminRulesManage);
const VIEW_RINGS: Needs = Needs::Permission(Permission::AdminRoundRobinView);
const TRY: Needs = Needs::AnyOf(&[
    Permission::AdminRoundRobinView,
    Permission::AdminRulesManage,
    Permission::AdminAccountsManage,
]);
const FALLBACKS: Needs = Needs::Permission(Permission::AdminChatbotSettings);

/// Routes of routing.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(VIEW_RULES, routes!(list))
        .creating(MANAGE_RULES, routes!(create))
        .at(VIEW_RULES, routes!(show))
        .at(MANAGE_RULES, routes!(change))
        .at(MANAGE_RULES, routes!(delete))
        .at(VIEW_RINGS, routes!(ring))
        .at(TRY, routes!(dry_run))
        .at(FALLBACKS, routes!(show_fallbacks))
        .at(FALLBACKS, routes!(change_fallbacks))
}

/// All routing rules by priority
#[utoipa::path(get, path = "/api/v1/routing/rules", operation_id = "list_routing_rules", tag = "console", responses((status = 200, body = List<RuleView>)))]
async fn list(State(web): State<Web>) -> Result<axum::Json<List<RuleView>>, Problem> {
    Ok(axum::Json(List::whole(rules::list(web.app()).await?)))
}

/// Make a routing rule
#[utoipa::path(post, path = "/api/v1/routing/rules", operation_id = "create_routing_rule", tag = "console", request_body = NewRule, responses((status = 201, body = RuleView)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<NewRule>,
) -> Result<Made<axum::Json<RuleView>>, Problem> {
    let made = rules::create(web.app(), &who, body).await?;
    Ok(Made(format!("/api/v1/routing/rules/{}", made.id), axum::Json(made)))
}

/// One routing rule
#[utoipa::path(get, path = "/api/v1/routing/rules/{id}", operation_id = "show_routing_rule", tag = "console", params(("id" = String, Path)), responses((status = 200, body = RuleView)))]
async fn show(State(web): State<Web>, Path(id): Path<RoutingRuleId>) -> Result<Versioned<RuleView>, Problem> {
    let rule = rules::show(web.app(), id).await?;
    Ok(Versioned(rule.version, rule))
}

/// Change a routing rule
#[utoipa::path(patch, path = "/api/v1/routing/rules/{id}", operation_id = "change_routing_rule", tag = "console", params(("id" = String, Path)), request_body = RulePatch, responses((status = 200, body = RuleView)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<RoutingRuleId>,
    IfMatch(version): IfMatch,
    Json(body): Json<RulePatch>,
) -> Result<Versioned<RuleView>, Problem> {
    let rule = rules::update(web.app(), &who, id, version, body).await?;
    Ok(Versioned(rule.version, rule))
}

/// Remove a routing rule
#[utoipa::path(delete, path = "/api/v1/routing/rules/{id}", operation_id = "delete_routing_rule", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<RoutingRuleId>,
) -> Result<StatusCode, Problem> {
    rules::delete(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which ring.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// `live_chat` or `meeting`.
    #[param(value_type = String)]
    purpose: Purpose,
    /// The ring of a team; without team and rule that of all agents.
    #[param(value_type = Option<String>)]
    team: Option<TeamId>,
    /// The ring of a rule.
    #[param(value_type = Option<String>)]
    rule: Option<RoutingRuleId>,
}

/// Whose turn it is
#[utoipa::path(get, path = "/api/v1/routing/ring", operation_id = "show_ring", tag = "console", params(Wanted), responses((status = 200, body = RingView)))]
async fn ring(State(web): State<Web>, Query(query): Query<Wanted>) -> Result<axum::Json<RingView>, Problem> {
    let scope = rings::scope(query.team, query.rule)?;
    Ok(axum::Json(rings::show(web.app(), query.purpose, scope).await?))
}

/// Who would get this visitor now?
///
/// Hours, switches, accounts, rules and turns are looked at as they are at this moment; nobody's turn is taken. A person
/// can be named by whoever may see people.
#[utoipa::path(post, path = "/api/v1/routing/dry-run", operation_id = "dry_run_routing", tag = "console", request_body = DryRun, responses((status = 200, body = DryRunAnswer)))]
async fn dry_run(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<DryRun>,
) -> Result<axum::Json<DryRunAnswer>, Problem> {
    Ok(axum::Json(routing::dry_run(web.app(), &who, body).await?))
}

/// What a site says and offers when nobody can be reached
#[utoipa::path(get, path = "/api/v1/sites/{id}/fallbacks", operation_id = "show_fallbacks", tag = "console", params(("id" = String, Path)), responses((status = 200, body = SiteFallbacks)))]
async fn show_fallbacks(
    State(web): State<Web>,
    Path(id): Path<SiteId>,
) -> Result<Versioned<SiteFallbacks>, Problem> {
    let found = fallbacks::show(web.app(), id).await?;
    Ok(Versioned(found.version, found))
}

/// Replace what a site says and offers when nobody can be reached
#[utoipa::path(put, path = "/api/v1/sites/{id}/fallbacks", operation_id = "change_fallbacks", tag = "console", params(("id" = String, Path)), request_body = Fallbacks, responses((status = 200, body = SiteFallbacks)))]
async fn change_fallbacks(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<SiteId>,
    IfMatch(version): IfMatch,
    Json(body): Json<Fallbacks>,
) -> Result<Versioned<SiteFallbacks>, Problem> {
    let found = fallbacks::update(web.app(), &who, id, version, body).await?;
    Ok(Versioned(found.version, found))
}
