//! Conversations: list, transcript, and those of a person.

use crate::{
    extract::{Path, Query},
    guard::{Guarded, Needs},
    problem::Problem,
    shapes::{At, List, Paging, page_request},
    state::Web,
};
use app::{
    AppError,
    access::Permission,
    conversations::console::{self, ConversationDetail, ConversationSummary},
};
use axum::extract::State;
use kernel::{ConversationId, DialogueId, PersonId};
use serde::Deserialize;
use store::{ConversationFilter, ConversationStage, Cut, Figure};
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
    /// Counted in this figure of reports: `triggered`, `engaged`, `completed`, `acquired`, `goals` or `documents`.
    #[param(value_type = Option<String>)]
    figure: Option<Figure>,
    /// With the figure `goals` or `documents`: of the goal or document with this name.
    named: Option<String>,
    /// Of one part of a report cut by `page`, `device`, `country`, `known` or `version`; needs `key`.
    #[param(value_type = Option<String>)]
    by: Option<Cut>,
    /// What the part has in common, as reports say it.
    key: Option<String>,
    /// Shown, or counted in the figure, at or after.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Shown, or counted in the figure, before.
    #[param(value_type = Option<String>)]
    to: Option<At>,
    limit: Option<u32>,
    cursor: Option<String>,
}

impl Filter {
    fn wanted(self) -> Result<ConversationFilter, AppError> {
        let by_name = matches!(self.figure, Some(Figure::Goals | Figure::Documents));
        if self.named.is_some() && !by_name {
            return Err(AppError::invalid("named", "unfit", "a name needs the figure goals or documents"));
        }
        let part = match (self.by, self.key) {
            (Some(cut), Some(key)) => Some((cut, key)),
            (None, None) => None,
            _ => return Err(AppError::invalid("key", "unfit", "`by` and `key` go together")),
        };
        Ok(ConversationFilter {
            stage: self.state,
            dialogue: self.dialogue,
            person: self.person,
            query: self.q.filter(|q| !q.trim().is_empty()),
            from: self.from.map(|at| at.0),
            to: self.to.map(|at| at.0),
            figure: self.figure,
            named: self.named,
            part,
        })
    }
}

/// Conversations, newest first
///
/// Guests without stored identity and people who were erased are counted in figures of reports, but have no conversation
/// here.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "console", params(Filter), responses((status = 200, body = List<ConversationSummary>)))]
async fn list(
    State(web): State<Web>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<List<ConversationSummary>>, Problem> {
    let page = page_request(filter.limit, filter.cursor.clone());
    let wanted = filter.wanted()?;
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
