//! What became of dialogues and flows: numbers on the canvas.

use crate::{
    extract::{Path, Query},
    guard::{Guarded, Needs},
    problem::Problem,
    shapes::At,
    state::Web,
};
use app::{
    access::Permission,
    dialogues::{
        Handle,
        canvas::{self, CanvasNumbers},
        span::Asked,
    },
};
use axum::extract::State;
use kernel::DialogueId;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

const DIALOGUES: Needs = Needs::Permission(Permission::DialoguesView);
const FLOWS: Needs = Needs::Permission(Permission::FlowsView);

/// Routes of figures.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new().at(DIALOGUES, routes!(dialogue_canvas)).at(FLOWS, routes!(flow_canvas))
}

/// Which conversations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CanvasQuery {
    /// Triggered from this time on; 30 days before the end when absent.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Triggered before this time; now when absent.
    #[param(value_type = Option<String>)]
    to: Option<At>,
    /// Number of one version; all when absent.
    version: Option<u32>,
}

/// Numbers on the canvas of a dialogue
///
/// For each card how many conversations reached it, answered it, and ended at it unfinished.
#[utoipa::path(get, path = "/api/v1/dialogues/{id}/canvas", tag = "console",
    params(("id" = String, Path), CanvasQuery), responses((status = 200, body = CanvasNumbers)))]
async fn dialogue_canvas(
    State(web): State<Web>,
    Path(id): Path<DialogueId>,
    Query(query): Query<CanvasQuery>,
) -> Result<axum::Json<CanvasNumbers>, Problem> {
    numbers(&web, id.into(), &query).await
}

/// Numbers on the canvas of a flow
///
/// For each card how many conversations reached it, answered it, and ended at it unfinished.
#[utoipa::path(get, path = "/api/v1/flows/{id}/canvas", tag = "console",
    params(("id" = String, Path), CanvasQuery), responses((status = 200, body = CanvasNumbers)))]
async fn flow_canvas(
    State(web): State<Web>,
    Path(id): Path<DialogueId>,
    Query(query): Query<CanvasQuery>,
) -> Result<axum::Json<CanvasNumbers>, Problem> {
    numbers(&web, Handle::flow(id), &query).await
}

async fn numbers(
    web: &Web,
    handle: Handle,
    query: &CanvasQuery,
) -> Result<axum::Json<CanvasNumbers>, Problem> {
    let asked = Asked { from: query.from.map(|at| at.0), to: query.to.map(|at| at.0), zone: None };
    Ok(axum::Json(canvas::numbers(web.app(), handle, &asked, query.version).await?))
}
