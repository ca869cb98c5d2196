//! Consent, and the end of a token.

use super::caller::Visitor;
use crate::{
    extract::WidgetJson,
    guard::{Guarded, Needs},
    problem::Problem,
    state::Web,
};
use app::consent::{self, ConsentAnswer, ConsentRequest};
use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new().at(Needs::SiteKey, routes!(consent)).at(Needs::SiteKey, routes!(logout))
}

/// Give or withdraw consent
#[utoipa::path(post, path = "/api/visitor/v1/consent", tag = "visitor", request_body = ConsentRequest,
    params(("site" = String, Query, description = "Key of the site")), responses((status = 200, body = ConsentAnswer)))]
async fn consent(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    WidgetJson(body): WidgetJson<ConsentRequest>,
) -> Result<Json<ConsentAnswer>, Problem> {
    Ok(Json(consent::consent(web.app(), &caller, body).await?))
}

/// Nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LogoutRequest {}

/// Forget who this browser was: its token is of no more use
#[utoipa::path(post, path = "/api/visitor/v1/logout", tag = "visitor", request_body = LogoutRequest,
    params(("site" = String, Query, description = "Key of the site")), responses((status = 204)))]
async fn logout(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    WidgetJson(LogoutRequest {}): WidgetJson<LogoutRequest>,
) -> Result<StatusCode, Problem> {
    consent::logout(web.app(), &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}
