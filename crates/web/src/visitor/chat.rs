//! The visitor's side of a chat with an agent.

use super::caller::Visitor;
use crate::{
    extract::{Path, WidgetJson},
    guard::{Guarded, Needs},
    problem::Problem,
    state::Web,
};
use app::livechat::{
    answer::{self, Rating},
    talk::{self, Kind, Said, Saying},
    transcript,
    view::VisitorChat,
};
use axum::{Json, extract::State, http::StatusCode};
use kernel::ConversationId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(Needs::SiteKey, routes!(say))
        .at(Needs::SiteKey, routes!(end))
        .at(Needs::SiteKey, routes!(cancel))
        .at(Needs::SiteKey, routes!(rate))
        .at(Needs::SiteKey, routes!(mail))
}

/// A message of the visitor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VisitorMessage {
    /// Made by the widget for this message; the same id is the same message.
    client_id: String,
    /// 1 to 4,000 characters.
    text: String,
}

/// Write to the agent, while the conversation waits for people or is with them
#[utoipa::path(post, path = "/api/visitor/v1/conversations/{id}/messages", operation_id = "say_as_visitor", tag = "visitor", request_body = VisitorMessage,
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path)),
    responses((status = 200, body = Said), (status = 409, description = "The chat has ended")))]
async fn say(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path(id): Path<ConversationId>,
    WidgetJson(body): WidgetJson<VisitorMessage>,
) -> Result<Json<Said>, Problem> {
    let saying = Saying::words(body.client_id, Kind::Text, body.text);
    Ok(Json(talk::say_as_visitor(web.app(), &caller, id, &saying).await?))
}

/// Nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NothingMore {}

/// End the chat
#[utoipa::path(post, path = "/api/visitor/v1/conversations/{id}/chat/end", operation_id = "end_chat_as_visitor", tag = "visitor", request_body = NothingMore,
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path)),
    responses((status = 200, body = VisitorChat)))]
async fn end(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path(id): Path<ConversationId>,
    WidgetJson(NothingMore {}): WidgetJson<NothingMore>,
) -> Result<Json<VisitorChat>, Problem> {
    Ok(Json(answer::end_by_visitor(web.app(), &caller, id).await?))
}

/// Do not wait for an agent any longer
#[utoipa::path(post, path = "/api/visitor/v1/conversations/{id}/chat/cancel", operation_id = "cancel_chat", tag = "visitor", request_body = NothingMore,
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path)),
    responses((status = 200, body = VisitorChat)))]
async fn cancel(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path(id): Path<ConversationId>,
    WidgetJson(NothingMore {}): WidgetJson<NothingMore>,
) -> Result<Json<VisitorChat>, Problem> {
    Ok(Json(answer::end_by_visitor(web.app(), &caller, id).await?))
}

/// Rate a chat that has ended
#[utoipa::path(post, path = "/api/visitor/v1/conversations/{id}/chat/rating", operation_id = "rate_chat", tag = "visitor", request_body = Rating,
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path)),
    responses((status = 200, body = VisitorChat)))]
async fn rate(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path(id): Path<ConversationId>,
    WidgetJson(body): WidgetJson<Rating>,
) -> Result<Json<VisitorChat>, Problem> {
    Ok(Json(answer::rate(web.app(), &caller, id, body).await?))
}

/// Where to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TranscriptRequest {
    /// The address that the visitor gave in this conversation.
    email: String,
}

/// Send the conversation by mail
#[utoipa::path(post, path = "/api/visitor/v1/conversations/{id}/chat/transcript", operation_id = "mail_transcript", tag = "visitor", request_body = TranscriptRequest,
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path)),
    responses((status = 202)))]
async fn mail(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path(id): Path<ConversationId>,
    WidgetJson(body): WidgetJson<TranscriptRequest>,
) -> Result<StatusCode, Problem> {
    transcript::by_mail(web.app(), &caller, id, &body.email).await?;
    Ok(StatusCode::ACCEPTED)
}
