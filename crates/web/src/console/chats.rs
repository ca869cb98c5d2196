//! Chats: the inbox, what agents do in a chat, the board.

use crate::{
    extract::{Json, Path, Query},
    guard::{Guarded, Needs, Who},
    problem::Problem,
    shapes::{At, List, page_request},
    state::Web,
};
use app::{
    access::Permission,
    canned::CannedView,
    livechat::{
        answer::{self, Transfer},
        canned,
        list::{self, Board, ChatMessages, InboxFilter, InboxScope},
        presence,
        talk::{self, Kind, Said, Saying},
        transcript,
        view::{ChatRowView, ChatView, Me},
    },
};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{ChatId, DialogueId, SiteId, TeamId, UserId};
use livechat::Outcome;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// What one may see of chats is decided chat by chat.
const SEE: Needs = Needs::AnyOf(&[Permission::LivechatViewOwn, Permission::LivechatViewAll]);
const TAKE: Needs = Needs::Permission(Permission::AgentLivechatAvailability);
const BOARD: Needs = Needs::Permission(Permission::LivechatViewAll);

/// Routes of chats.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(SEE, routes!(inbox))
        .at(SEE, routes!(show))
        .at(SEE, routes!(messages))
        .at(SEE, routes!(text))
        .at(TAKE, routes!(canned_responses))
        .at(TAKE, routes!(accept))
        .at(TAKE, routes!(decline))
        .at(TAKE, routes!(end))
        .at(BOARD, routes!(join))
        .at(TAKE, routes!(leave))
        .at(TAKE, routes!(transfer))
        .at(TAKE, routes!(invite))
        .at(TAKE, routes!(score))
        .at(TAKE, routes!(say))
        .at(TAKE, routes!(edit))
        .at(TAKE, routes!(take_back))
        .at(BOARD, routes!(board))
        .at(TAKE, routes!(me))
}

/// Which chats.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// `mine`, `active`, `past` or `all` (when absent).
    #[param(value_type = Option<String>)]
    #[serde(default)]
    scope: InboxScope,
    /// This agent is or was in it.
    #[param(value_type = Option<String>)]
    agent_id: Option<UserId>,
    /// A member of this team is or was in it.
    #[param(value_type = Option<String>)]
    team_id: Option<TeamId>,
    /// On one site.
    #[param(value_type = Option<String>)]
    site_id: Option<SiteId>,
    /// Of one dialogue or flow.
    #[param(value_type = Option<String>)]
    dialogue_id: Option<DialogueId>,
    /// With this rating.
    rating: Option<u8>,
    /// With this end.
    #[param(value_type = Option<String>)]
    outcome: Option<Outcome>,
    /// Requested at or after.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Requested before.
    #[param(value_type = Option<String>)]
    to: Option<At>,
    /// Person's name or address, or dialogue's name, contains.
    query: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Chats that an agent took, newest first
///
/// Without *View all conversations*: those that one is in, and everybody's past ones.
#[utoipa::path(get, path = "/api/v1/chats", operation_id = "list_chats", tag = "console", params(Filter), responses((status = 200, body = List<ChatRowView>)))]
async fn inbox(
    State(web): State<Web>,
    who: Who,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<List<ChatRowView>>, Problem> {
    let page = page_request(filter.limit, filter.cursor);
    let wanted = InboxFilter {
        scope: filter.scope,
        agent: filter.agent_id,
        team: filter.team_id,
        site: filter.site_id,
        dialogue: filter.dialogue_id,
        rating: filter.rating,
        outcome: filter.outcome,
        from: filter.from.map(|at| at.0),
        to: filter.to.map(|at| at.0),
        query: filter.query.filter(|words| !words.trim().is_empty()),
    };
    let found = list::inbox(web.app(), &who, wanted, &page).await?;
    Ok(axum::Json(List::of(found, |row| row)))
}

/// One chat
#[utoipa::path(get, path = "/api/v1/chats/{id}", operation_id = "show_chat", tag = "console", params(("id" = String, Path)), responses((status = 200, body = ChatView)))]
async fn show(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ChatId>,
) -> Result<axum::Json<ChatView>, Problem> {
    Ok(axum::Json(list::show(web.app(), &who, id).await?))
}

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct After {
    /// Only those after this number.
    #[serde(default)]
    after: u64,
}

/// Everything said in the conversation of a chat, notes and the automated part included
#[utoipa::path(get, path = "/api/v1/chats/{id}/messages", operation_id = "list_chat_messages", tag = "console", params(("id" = String, Path), After), responses((status = 200, body = ChatMessages)))]
async fn messages(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ChatId>,
    Query(query): Query<After>,
) -> Result<axum::Json<ChatMessages>, Problem> {
    Ok(axum::Json(list::messages(web.app(), &who, id, query.after).await?))
}

/// The conversation of a chat as a text file
#[utoipa::path(get, path = "/api/v1/chats/{id}/transcript.txt", operation_id = "download_chat_transcript", tag = "console", params(("id" = String, Path)), responses((status = 200, content_type = "text/plain", body = String)))]
async fn text(State(web): State<Web>, who: Who, Path(id): Path<ChatId>) -> Result<Response, Problem> {
    let text = transcript::for_agent(web.app(), &who, id).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{id}.txt\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

/// What can be said in a chat at once: canned responses, with the tokens of its person, company and agent filled in
#[utoipa::path(get, path = "/api/v1/chats/{id}/canned-responses", operation_id = "list_chat_canned_responses", tag = "console", params(("id" = String, Path)), responses((status = 200, body = List<CannedView>)))]
async fn canned_responses(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ChatId>,
) -> Result<axum::Json<List<CannedView>>, Problem> {
    Ok(axum::Json(List::whole(canned::ready(web.app(), &who, id).await?)))
}

/// Take an offered chat
#[utoipa::path(post, path = "/api/v1/chats/{id}/accept", operation_id = "accept_chat", tag = "console", params(("id" = String, Path)),
    responses((status = 200, body = ChatView), (status = 409, description = "Somebody else has it, or it is not offered any more")))]
async fn accept(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ChatId>,
) -> Result<axum::Json<ChatView>, Problem> {
    Ok(axum::Json(answer::accept(web.app(), &who, id).await?))
}

/// Refuse an offered chat
#[utoipa::path(post, path = "/api/v1/chats/{id}/decline", operation_id = "decline_chat", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn decline(State(web): State<Web>, who: Who, Path(id): Path<ChatId>) -> Result<StatusCode, Problem> {
    answer::decline(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End the session
#[utoipa::path(post, path = "/api/v1/chats/{id}/end", operation_id = "end_chat", tag = "console", params(("id" = String, Path)), responses((status = 200, body = ChatView)))]
async fn end(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ChatId>,
) -> Result<axum::Json<ChatView>, Problem> {
    Ok(axum::Json(answer::end(web.app(), &who, id).await?))
}

/// Join a chat of somebody else
#[utoipa::path(post, path = "/api/v1/chats/{id}/join", operation_id = "join_chat", tag = "console", params(("id" = String, Path)), responses((status = 200, body = ChatView)))]
async fn join(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ChatId>,
) -> Result<axum::Json<ChatView>, Problem> {
    Ok(axum::Json(answer::join(web.app(), &who, id).await?))
}

/// Leave a chat
///
/// The chat of an owner who leaves goes to whoever helps, or else back to routing.
#[utoipa::path(post, path = "/api/v1/chats/{id}/leave", operation_id = "leave_chat", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn leave(State(web): State<Web>, who: Who, Path(id): Path<ChatId>) -> Result<StatusCode, Problem> {
    answer::leave(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Offer a chat to an agent or a team
///
/// It stays with its agent until it is taken.
#[utoipa::path(post, path = "/api/v1/chats/{id}/transfer", operation_id = "transfer_chat", tag = "console", params(("id" = String, Path)), request_body = Transfer, responses((status = 200, body = ChatView)))]
async fn transfer(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ChatId>,
    Json(body): Json<Transfer>,
) -> Result<axum::Json<ChatView>, Problem> {
    Ok(axum::Json(answer::transfer(web.app(), &who, id, body).await?))
}

/// Whom to ask.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChatInvitation {
    /// An agent.
    #[schema(value_type = String)]
    agent_id: UserId,
}

/// Ask a colleague to join
#[utoipa::path(post, path = "/api/v1/chats/{id}/invite", operation_id = "invite_to_chat", tag = "console", params(("id" = String, Path)), request_body = ChatInvitation, responses((status = 204)))]
async fn invite(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ChatId>,
    Json(body): Json<ChatInvitation>,
) -> Result<StatusCode, Problem> {
    answer::invite(web.app(), &who, id, body.agent_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How good it was.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChatScore {
    /// 0 to 3.
    score: u8,
}

/// Score a conversation; the score stands once the chat has ended
#[utoipa::path(put, path = "/api/v1/chats/{id}/score", operation_id = "score_chat", tag = "console", params(("id" = String, Path)), request_body = ChatScore, responses((status = 200, body = ChatView)))]
async fn score(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ChatId>,
    Json(body): Json<ChatScore>,
) -> Result<axum::Json<ChatView>, Problem> {
    Ok(axum::Json(answer::score(web.app(), &who, id, body.score).await?))
}

/// A message of an agent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AgentMessage {
    /// Made by the client for this message; the same id is the same message.
    client_id: String,
    /// `text` to the visitor, `note` to colleagues.
    #[serde(default)]
    #[schema(value_type = String)]
    kind: Kind,
    /// 1 to 4,000 characters.
    text: String,
}

/// Write to the visitor, or a note to colleagues
#[utoipa::path(post, path = "/api/v1/chats/{id}/messages", operation_id = "say_in_chat", tag = "console", params(("id" = String, Path)), request_body = AgentMessage, responses((status = 200, body = Said)))]
async fn say(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ChatId>,
    Json(body): Json<AgentMessage>,
) -> Result<axum::Json<Said>, Problem> {
    let saying = Saying::words(body.client_id, body.kind, body.text);
    Ok(axum::Json(talk::say_in_chat(web.app(), &who, id, &saying).await?))
}

/// New words.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangedMessage {
    /// 1 to 4,000 characters.
    text: String,
}

/// Change one's own message, for five minutes
#[utoipa::path(patch, path = "/api/v1/chats/{id}/messages/{seq}", operation_id = "edit_chat_message", tag = "console", params(("id" = String, Path), ("seq" = u64, Path)), request_body = ChangedMessage, responses((status = 204)))]
async fn edit(
    State(web): State<Web>,
    who: Who,
    Path((id, seq)): Path<(ChatId, u64)>,
    Json(body): Json<ChangedMessage>,
) -> Result<StatusCode, Problem> {
    talk::edit(web.app(), &who, id, seq, &body.text).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take one's own message back, for five minutes
#[utoipa::path(delete, path = "/api/v1/chats/{id}/messages/{seq}", operation_id = "delete_chat_message", tag = "console", params(("id" = String, Path), ("seq" = u64, Path)), responses((status = 204)))]
async fn take_back(
    State(web): State<Web>,
    who: Who,
    Path((id, seq)): Path<(ChatId, u64)>,
) -> Result<StatusCode, Problem> {
    talk::delete(web.app(), &who, id, seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Waiting, active and missed chats, and the agents
#[utoipa::path(get, path = "/api/v1/live/board", operation_id = "live_board", tag = "console", responses((status = 200, body = Board)))]
async fn board(State(web): State<Web>) -> Result<axum::Json<Board>, Problem> {
    Ok(axum::Json(list::board(web.app()).await?))
}

/// Oneself as an agent of live chat, and what one is asked now
#[utoipa::path(get, path = "/api/v1/live/me", operation_id = "live_me", tag = "console", responses((status = 200, body = Me)))]
async fn me(State(web): State<Web>, who: Who) -> Result<axum::Json<Me>, Problem> {
    Ok(axum::Json(presence::me(web.app(), &who).await?))
}
