//! The visitor's own conversations.

use super::caller::Visitor;
use crate::{
    extract::{Path, Query, Reply, WidgetJson},
    guard::{Guarded, Needs},
    problem::Problem,
    state::Web,
};
use app::conversations::{
    advance::{self, Did, StepRefused, StepRequest},
    trigger::{self, DialogueOnPage, Opened},
    view::{self, ConversationView},
};
use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::ConversationId;
use serde::Deserialize;
use stream::Answer;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(Needs::SiteKey, routes!(open))
        .at(Needs::SiteKey, routes!(read))
        .at(Needs::SiteKey, routes!(input))
        .at(Needs::SiteKey, routes!(back))
        .at(Needs::SiteKey, routes!(restart))
        .at(Needs::SiteKey, routes!(close))
}

/// Open a dialogue: the visitor clicked
#[utoipa::path(post, path = "/api/visitor/v1/conversations", tag = "visitor", request_body = DialogueOnPage,
    params(("site" = String, Query, description = "Key of the site")), responses((status = 200, body = Opened)))]
async fn open(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    WidgetJson(body): WidgetJson<DialogueOnPage>,
) -> Result<Json<Opened>, Problem> {
    Ok(Json(trigger::open(web.app(), &caller, &body).await?))
}

/// Which messages.
#[derive(Debug, Deserialize)]
struct After {
    #[serde(default)]
    after: u64,
}

/// Read a conversation
#[utoipa::path(get, path = "/api/visitor/v1/conversations/{id}", tag = "visitor",
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path),
        ("after" = Option<u64>, Query, description = "Only messages after this number")),
    responses((status = 200, body = ConversationView)))]
async fn read(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path(id): Path<ConversationId>,
    Query(query): Query<After>,
) -> Result<Json<ConversationView>, Problem> {
    Ok(Json(view::read(web.app(), &caller, id, query.after).await?))
}

/// An answer of the visitor.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InputRequest {
    /// Made by the widget for this input; the same id is the same input.
    #[schema(value_type = String, format = "uuid")]
    client_id: Uuid,
    /// The card that the visitor saw waiting.
    card_id: String,
    /// What was answered.
    #[schema(value_type = Object)]
    input: Answer,
    /// Where the visitor is.
    #[serde(default)]
    page_url: Option<String>,
    /// The answer holds the messages after this number.
    #[serde(default)]
    after: u64,
}

/// Answer a card
#[utoipa::path(post, path = "/api/visitor/v1/conversations/{id}/input", tag = "visitor", request_body = InputRequest,
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path)),
    responses((status = 200, body = ConversationView), (status = 409, description = "The card does not wait: `current` says what does")))]
async fn input(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path(id): Path<ConversationId>,
    WidgetJson(body): WidgetJson<InputRequest>,
) -> Response {
    let request = StepRequest {
        client_id: body.client_id.to_string(),
        what: Did::Answered { card: body.card_id, answer: body.input },
        after: body.after,
        page_url: body.page_url,
    };
    answered(advance::step(web.app(), &caller, id, &request).await)
}

/// Going back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BackRequest {
    /// Made by the widget for this input.
    #[schema(value_type = String, format = "uuid")]
    client_id: Uuid,
    /// The card to be answered again.
    card_id: String,
}

/// Answer an earlier card again: later answers are superseded
#[utoipa::path(post, path = "/api/visitor/v1/conversations/{id}/back", tag = "visitor", request_body = BackRequest,
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path)),
    responses((status = 200, body = ConversationView)))]
async fn back(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path(id): Path<ConversationId>,
    WidgetJson(body): WidgetJson<BackRequest>,
) -> Response {
    let what = Did::WentBack { card: body.card_id };
    let request = StepRequest { client_id: body.client_id.to_string(), what, after: 0, page_url: None };
    answered(advance::step(web.app(), &caller, id, &request).await)
}

/// Starting again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RestartRequest {
    /// Made by the widget for this input.
    #[schema(value_type = String, format = "uuid")]
    client_id: Uuid,
}

/// Start again in the same conversation
#[utoipa::path(post, path = "/api/visitor/v1/conversations/{id}/restart", tag = "visitor", request_body = RestartRequest,
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path)),
    responses((status = 200, body = ConversationView)))]
async fn restart(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path(id): Path<ConversationId>,
    WidgetJson(body): WidgetJson<RestartRequest>,
) -> Response {
    let client_id = body.client_id.to_string();
    let request = StepRequest { client_id, what: Did::Restarted, after: 0, page_url: None };
    answered(advance::step(web.app(), &caller, id, &request).await)
}

fn answered(outcome: Result<ConversationView, StepRefused>) -> Response {
    match outcome {
        Ok(view) => Reply(view).into_response(),
        Err(StepRefused::Other(error)) => Problem::from(error).into_response(),
        Err(StepRefused::NotCurrent(current)) => gone_on(current),
    }
}

/// The refusal of what is not current any more, with what is.
pub(super) fn gone_on(current: Box<ConversationView>) -> Response {
    let detail = "The conversation has gone on; `current` says where it stands.";
    Problem::new(StatusCode::CONFLICT, detail).with("current", current).into_response()
}

/// Nothing.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// Close the panel: it stays closed on later pages
#[utoipa::path(post, path = "/api/visitor/v1/conversations/{id}/close", tag = "visitor", request_body = Nothing,
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path)),
    responses((status = 204)))]
async fn close(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path(id): Path<ConversationId>,
    WidgetJson(Nothing {}): WidgetJson<Nothing>,
) -> Result<StatusCode, Problem> {
    trigger::close(web.app(), &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
