//! Files in the visitor's chat.

use super::caller::Visitor;
use crate::{
    extract::{Path, Query},
    guard::{Guarded, Needs},
    problem::Problem,
    state::Web,
    upload::{Upload, about_file, sent_file},
};
use app::livechat::{
    attachment::{self, Upload as Sending},
    talk::Said,
};
use axum::{
    Json,
    extract::{DefaultBodyLimit, Request, State},
    response::Response,
};
use kernel::{ConversationId, FileId};
use serde::Deserialize;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt},
    routes,
};

pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        // The limit of a file is counted where it is read.
        .at(Needs::SiteKey, routes!(send).layer(DefaultBodyLimit::disable()))
        .at(Needs::SiteKey, routes!(fetch))
}

/// Which message.
#[derive(Debug, Deserialize)]
struct ClientId {
    client_id: String,
}

/// Send a file to the agent, while the conversation waits for people or is with them
///
/// `multipart/form-data` with the part `file`: a picture (PNG, JPEG, GIF, WebP) or a PDF, told by its content.
#[utoipa::path(post, path = "/api/visitor/v1/conversations/{id}/attachments", operation_id = "send_file_as_visitor", tag = "visitor",
    request_body(content = String, content_type = "multipart/form-data"),
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path),
        ("client_id" = String, Query, description = "Made by the widget for this message; the same id is the same message")),
    responses((status = 200, body = Said), (status = 409, description = "The chat has ended"),
        (status = 413, description = "The file is too large"), (status = 415, description = "Such files are not taken")))]
async fn send(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path(id): Path<ConversationId>,
    Query(query): Query<ClientId>,
    request: Request,
) -> Result<Json<Said>, Problem> {
    let limit = web.app().settings().limits.attachment_bytes;
    let refused = |problem| about_file(problem, limit);
    let file = Upload::read(&web, request, limit).await.map_err(refused)?;
    let sending = Sending { client_id: query.client_id, name: file.name, bytes: file.bytes };
    let said = attachment::send_as_visitor(web.app(), &caller, id, sending).await;
    Ok(Json(said.map_err(|error| refused(error.into()))?))
}

/// A file of the visitor's own chat
#[utoipa::path(get, path = "/api/visitor/v1/conversations/{id}/attachments/{file}", operation_id = "fetch_file_as_visitor", tag = "visitor",
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path), ("file" = String, Path)),
    responses((status = 200, description = "The file", content_type = "application/octet-stream")))]
async fn fetch(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path((id, file)): Path<(ConversationId, FileId)>,
) -> Result<Response, Problem> {
    let found = attachment::open_as_visitor(web.app(), &caller, id, file).await?;
    // On a shared computer nothing may stay behind.
    Ok(sent_file(found, "no-store"))
}
