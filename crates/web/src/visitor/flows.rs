//! What a page does: starts flows, hands over forms, says who the visitor is. And conversations that are not recorded.

use super::caller::Visitor;
use crate::{
    extract::WidgetJson,
    guard::{Guarded, Needs},
    problem::Problem,
    state::Web,
};
use app::{
    conversations::flow::{self, FlowStart, Started},
    forms::{self, FormSent, FormTaken},
    identify::{self, Identified, IdentifyRequest},
    rehearsals::visitor::{self, Unrecorded, UnrecordedTurn},
};
use axum::{Json, extract::State};
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(Needs::SiteKey, routes!(start))
        .at(Needs::SiteKey, routes!(unrecorded))
        .at(Needs::SiteKey, routes!(form))
        .at(Needs::SiteKey, routes!(identify_visitor))
}

/// Start a flow
///
/// Each start is a new conversation; an engaged, unfinished one of the same flow goes on.
#[utoipa::path(post, path = "/api/visitor/v1/flows/start", tag = "visitor", request_body = FlowStart,
    params(("site" = String, Query, description = "Key of the site")), responses((status = 200, body = Started)))]
async fn start(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    WidgetJson(body): WidgetJson<FlowStart>,
) -> Result<Json<Started>, Problem> {
    Ok(Json(flow::start(web.app(), &caller, body).await?))
}

/// Go on in a conversation that is not recorded
#[utoipa::path(post, path = "/api/visitor/v1/unrecorded", tag = "visitor", request_body = UnrecordedTurn,
    params(("site" = String, Query, description = "Key of the site")), responses((status = 200, body = Unrecorded)))]
async fn unrecorded(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    WidgetJson(body): WidgetJson<UnrecordedTurn>,
) -> Result<Json<Unrecorded>, Problem> {
    Ok(Json(visitor::step(web.app(), &caller, body).await?))
}

/// Hand a form of the page over
///
/// Its values become attributes of the person; the first choice that fits starts its flow.
#[utoipa::path(post, path = "/api/visitor/v1/forms", tag = "visitor", request_body = FormSent,
    params(("site" = String, Query, description = "Key of the site")), responses((status = 200, body = FormTaken)))]
async fn form(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    WidgetJson(body): WidgetJson<FormSent>,
) -> Result<Json<FormTaken>, Problem> {
    Ok(Json(forms::sent(web.app(), &caller, body).await?))
}

/// Say who the visitor is, with a signed token
#[utoipa::path(post, path = "/api/visitor/v1/identify", tag = "visitor", request_body = IdentifyRequest,
    params(("site" = String, Query, description = "Key of the site")), responses((status = 200, body = Identified)))]
async fn identify_visitor(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    WidgetJson(body): WidgetJson<IdentifyRequest>,
) -> Result<Json<Identified>, Problem> {
    Ok(Json(identify::identify(web.app(), &caller, &body).await?))
}
