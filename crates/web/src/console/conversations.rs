//! Conversations: list, transcript, and those of a person.

use crate::{
    extract::{Path, Query},
    guard::{Guarded, Needs},
    problem::Problem,
    shapes::{At, List, Paging, page_request},
    state::Web,
};
use app::{
    access::Permission,
    conversations::console::{self, ConversationDetail, ConversationSummary},
};
use axum::extract::State;
use kernel::{ConversationId, DialogueId, PersonId};
use serde::Deserialize;
use store::{ConversationFilter, ConversationStage};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

const VIEW: Needs = Needs::Permission(Permission::LivechatViewAll);
/// A person's record shows what was said with the person.
const OF_PERSON: Needs = Needs::AnyOf(&[Permission::LivechatViewAll, Permission::PeopleView]);

/// Routes of conversations.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(VIEW, routes!(list))
        .at(OF_PERSON, routes!(show))
        .at(OF_PERSON, routes!(of_person))
}

/// Which conversations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// `triggered`, `engaged`, `completed` or `dropped`.
    #[param(value_type = Option<String>)]
    state: Option<ConversationStage>,
    /// Of one dialogue.
    #[param(value_type = Option<String>)]
    dialogue: Option<DialogueId>,
    /// Of one person.
    #[param(value_type = Option<String>)]
    person: Option<PersonId>,
    /// Person's name or address, or dialogue's name, contains.
    q: Option<String>,
    /// Shown at or after.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Shown before.
    #[param(value_type = Option<String>)]
    to: Option<At>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// Conversations, newest first
#[utoipa::path(get, path = "/api/v1/conversations", tag = "console", params(Filter), responses((status = 200, body = List<ConversationSummary>)))]
async fn list(
    State(web): State<Web>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<List<ConversationSummary>>, Problem> {
    let page = page_request(filter.limit, filter.cursor);
    let wanted = ConversationFilter {
        stage: filter.state,
        dialogue: filter.dialogue,
        person: filter.person,
        query: filter.q.filter(|q| !q.trim().is_empty()),
        from: filter.from.map(|at| at.0),
        to: filter.to.map(|at| at.0),
    };
    let found = console::list(web.app(), &wanted, &page).await?;
    Ok(axum::Json(List::of(found, |row| row)))
}

/// One conversation with its transcript
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = ConversationDetail)))]
async fn show(
    State(web): State<Web>,
    Path(id): Path<ConversationId>,
) -> Result<axum::Json<ConversationDetail>, Problem> {
    Ok(axum::Json(console::get(web.app(), id).await?))
}

/// Conversations of a person, newest first
#[utoipa::path(get, path = "/api/v1/people/{id}/conversations", tag = "console", params(("id" = String, Path), Paging), responses((status = 200, body = List<ConversationSummary>)))]
async fn of_person(
    State(web): State<Web>,
    Path(id): Path<PersonId>,
    Query(paging): Query<Paging>,
) -> Result<axum::Json<List<ConversationSummary>>, Problem> {
    let found = console::of_person(web.app(), id, &paging.request()).await?;
    Ok(axum::Json(List::of(found, |row| row)))
}
