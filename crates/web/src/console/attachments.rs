//! Files in chats, as agents send and read them.

use crate::{
    extract::{Path, Query},
    guard::{Guarded, Needs, Who},
    problem::Problem,
    state::Web,
    upload::{Upload, about_file, sent_file},
};
use app::{
    access::Permission,
    livechat::{
        attachment::{self, Upload as Sending},
        talk::Said,
    },
};
use axum::{
    Json,
    extract::{DefaultBodyLimit, Request, State},
    response::Response,
};
use kernel::{ChatId, FileId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

/// What one may see of chats is decided chat by chat.
const SEE: Needs = Needs::AnyOf(&[Permission::LivechatViewOwn, Permission::LivechatViewAll]);
const TAKE: Needs = Needs::Permission(Permission::AgentLivechatAvailability);

/// Routes of files in chats.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        // The limit of a file is counted where it is read.
        .at(TAKE, routes!(send).layer(DefaultBodyLimit::disable()))
        .at(SEE, routes!(fetch))
}

/// Which message.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ClientId {
    /// Made by the client for this message; the same id is the same message.
    client_id: String,
}

/// Send a file to the visitor
///
/// `multipart/form-data` with the part `file`: a picture (PNG, JPEG, GIF, WebP) or a PDF, told by its content.
#[utoipa::path(post, path = "/api/v1/chats/{id}/attachments", operation_id = "send_file_in_chat", tag = "console",
    request_body(content = String, content_type = "multipart/form-data"), params(("id" = String, Path), ClientId),
    responses((status = 200, body = Said), (status = 413, description = "The file is too large"),
        (status = 415, description = "Such files are not taken")))]
async fn send(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ChatId>,
    Query(query): Query<ClientId>,
    request: Request,
) -> Result<Json<Said>, Problem> {
    let limit = web.app().settings().limits.attachment_bytes;
    let refused = |problem| about_file(problem, limit);
    let file = Upload::read(&web, request, limit).await.map_err(refused)?;
    let sending = Sending { client_id: query.client_id, name: file.name, bytes: file.bytes };
    let said = attachment::send_in_chat(web.app(), &who, id, sending).await;
    Ok(Json(said.map_err(|error| refused(error.into()))?))
}

/// A file of a chat
#[utoipa::path(get, path = "/api/v1/chats/{id}/attachments/{file}", operation_id = "fetch_file_of_chat", tag = "console",
    params(("id" = String, Path), ("file" = String, Path)),
    responses((status = 200, description = "The file", content_type = "application/octet-stream", body = String)))]
async fn fetch(
    State(web): State<Web>,
    who: Who,
    Path((id, file)): Path<(ChatId, FileId)>,
) -> Result<Response, Problem> {
    let found = attachment::open_in_chat(web.app(), &who, id, file).await?;
    Ok(sent_file(found, "private, max-age=600"))
}
