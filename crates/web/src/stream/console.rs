//! The socket of a console.

use super::{
    socket::{self, Upgrade},
    viewer::Viewer,
};
use crate::{
    guard::{Guarded, Needs, Who, is_same_origin},
    problem::Problem,
    state::Web,
};
use app::access::{Actor, Permission};
use axum::{extract::State, http::HeaderMap, response::Response};
use utoipa_axum::{router::OpenApiRouter, routes};

const LISTEN: [Permission; 3] =
    [Permission::LivechatViewOwn, Permission::LivechatViewAll, Permission::AgentLivechatAvailability];

pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new().at(Needs::AnyOf(&LISTEN), routes!(open))
}

/// Whether somebody may have a socket.
pub fn may_listen(actor: &Actor) -> bool {
    LISTEN.iter().any(|permission| actor.may(*permission))
}

/// Chats, offers and the inbox, as they change
///
/// A WebSocket with JSON frames; see the socket protocol in the documentation. Whoever may take chats counts as connected
/// while it is open.
#[utoipa::path(get, path = "/api/v1/socket", operation_id = "open_socket", tag = "console",
    responses((status = 101, description = "Frames follow")))]
async fn open(
    State(web): State<Web>,
    who: Who,
    headers: HeaderMap,
    Upgrade(upgrade): Upgrade,
) -> Result<Response, Problem> {
    // A browser sends its cookie with the socket of any page; the origin tells whose page it is.
    if !is_same_origin(&web, &headers) {
        return Err(Problem::forbidden("The socket is opened by another origin."));
    }
    Ok(socket::upgrade(web, upgrade, Viewer::Console(Box::new(who), Box::new(headers))))
}
