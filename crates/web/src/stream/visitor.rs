//! The socket of a visitor.

use super::{
    socket::{self, Upgrade},
    viewer::Viewer,
};
use crate::{
    guard::{Guarded, Needs},
    state::Web,
    visitor::caller::Visitor,
};
use axum::{extract::State, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new().at(Needs::SiteKey, routes!(open))
}

/// What happens in the visitor's conversations, as it happens
///
/// A WebSocket with JSON frames; the visitor's token is in the first one. See the socket protocol in the documentation.
#[utoipa::path(get, path = "/api/visitor/v1/socket", operation_id = "open_visitor_socket", tag = "visitor",
    params(("site" = String, Query, description = "Key of the site")),
    responses((status = 101, description = "Frames follow")))]
async fn open(State(web): State<Web>, Visitor(caller): Visitor, Upgrade(upgrade): Upgrade) -> Response {
    socket::upgrade(web, upgrade, Viewer::Visitor(Box::new(caller)))
}
