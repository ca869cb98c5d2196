//! Page views, and what the widget says about them later.

use super::caller::Visitor;
use crate::{
    extract::{Reply, WidgetJson},
    guard::{Guarded, Needs},
    problem::Problem,
    state::Web,
};
use app::{
    conversations::{
        trigger::{self, DialogueOnPage},
        view::ConversationView,
    },
    leave::{self, LeaveRequest},
    page_view::{self, PageAnswer, PageRequest},
};
use axum::{Json, extract::State, http::StatusCode};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(Needs::SiteKey, routes!(page))
        .at(Needs::SiteKey, routes!(leave))
        .at(Needs::SiteKey, routes!(shown))
}

/// Files that the loader fetches next.
#[derive(Debug, Serialize, ToSchema)]
struct AssetPaths {
    /// Path of the chat's code below the address of this server.
    #[schema(value_type = String, example = "widget/view-Bby7p0zg.js")]
    view: Arc<str>,
}

/// The answer to a page view.
#[derive(Debug, Serialize, ToSchema)]
struct PageResponse {
    #[serde(flatten)]
    answer: PageAnswer,
    /// Files that the loader fetches next.
    assets: AssetPaths,
}

/// Decide what a page view shows
#[utoipa::path(post, path = "/api/visitor/v1/page", tag = "visitor", request_body = PageRequest,
    params(("site" = String, Query, description = "Key of the site")), responses((status = 200, body = PageResponse)))]
async fn page(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    WidgetJson(body): WidgetJson<PageRequest>,
) -> Result<Reply<PageResponse>, Problem> {
    let answer = page_view::page_view(web.app(), &caller, &body).await?;
    Ok(Reply(PageResponse { answer, assets: AssetPaths { view: web.view_path() } }))
}

/// Say for how long a page was visible
#[utoipa::path(post, path = "/api/visitor/v1/page/leave", tag = "visitor", request_body = LeaveRequest,
    params(("site" = String, Query, description = "Key of the site")), responses((status = 204)))]
async fn leave(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    WidgetJson(body): WidgetJson<LeaveRequest>,
) -> Result<StatusCode, Problem> {
    leave::leave(web.app(), &caller, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A conversation, if one may be remembered.
#[derive(Debug, Serialize, ToSchema)]
struct ShownResponse {
    /// `null` for somebody about whom nothing is stored.
    conversation: Option<ConversationView>,
}

/// Say that a dialogue is on the screen: its trigger is counted
#[utoipa::path(post, path = "/api/visitor/v1/shown", tag = "visitor", request_body = DialogueOnPage,
    params(("site" = String, Query, description = "Key of the site")), responses((status = 200, body = ShownResponse)))]
async fn shown(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    WidgetJson(body): WidgetJson<DialogueOnPage>,
) -> Result<Json<ShownResponse>, Problem> {
    let conversation = trigger::shown(web.app(), &caller, &body).await?;
    Ok(Json(ShownResponse { conversation }))
}
