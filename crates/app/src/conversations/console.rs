//! Conversations as users see them: list and transcript.

use super::view::MessageView;
use crate::{App, AppError, goals::GoalNames};
use kernel::{ConversationId, DialogueId, PersonId, SiteId, Timestamp};
use serde::Serialize;
use store::{
    ConversationFilter, ConversationRow, ConversationStage, DialogueKind, Page, PageRequest, Session,
};
use utoipa::ToSchema;

/// A site by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SiteName {
    /// Its id.
    #[schema(value_type = String)]
    pub id: SiteId,
    /// Its name.
    pub name: String,
}

/// A dialogue or flow by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DialogueName {
    /// Its id.
    #[schema(value_type = String)]
    pub id: DialogueId,
    /// Its name.
    pub name: String,
    /// `dialogue` or `flow`.
    #[schema(value_type = String)]
    pub kind: DialogueKind,
}

/// A person by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonName {
    /// The id.
    #[schema(value_type = String)]
    pub id: PersonId,
    /// First and last name.
    pub full_name: Option<String>,
    /// The address.
    pub email: Option<String>,
}

/// A row of the conversations screen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationSummary {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ConversationId,
    /// On which site.
    pub site: SiteName,
    /// Of which dialogue or flow.
    pub dialogue: DialogueName,
    /// With whom; none while nothing is known of the visitor.
    pub person: Option<PersonName>,
    /// `triggered`, `engaged`, `completed` or `dropped`.
    #[schema(value_type = String)]
    pub state: ConversationStage,
    /// Shown first.
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    /// First answer.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub engaged_at: Option<Timestamp>,
    /// End reached.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub completed_at: Option<Timestamp>,
    /// E-mail address given.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub acquired_at: Option<Timestamp>,
    /// Last sign of the visitor.
    #[schema(value_type = String, format = DateTime)]
    pub last_activity_at: Timestamp,
    /// Page on which it was shown.
    pub page_url: String,
    /// Messages that are not superseded.
    pub messages: u64,
    /// Goals reached, in order.
    pub goals: Vec<String>,
}

impl ConversationSummary {
    pub(crate) fn new(row: ConversationRow, names: &GoalNames) -> Self {
        let conversation = row.conversation;
        let known = row.person_name.is_some() || row.person_email.is_some();
        let person =
            PersonName { id: conversation.person_id, full_name: row.person_name, email: row.person_email };
        Self {
            id: conversation.id,
            site: SiteName { id: conversation.site_id, name: row.site_name },
            dialogue: DialogueName {
                id: conversation.dialogue_id,
                name: row.dialogue_name,
                kind: row.dialogue_kind,
            },
            person: known.then_some(person),
            state: conversation.stage,
            started_at: conversation.triggered_at,
            engaged_at: conversation.engaged_at,
            completed_at: conversation.completed_at,
            acquired_at: conversation.acquired_at,
            last_activity_at: conversation.last_visitor_at,
            page_url: conversation.page_url,
            messages: row.messages,
            goals: conversation.goals.into_iter().map(|goal| names.shown(goal)).collect(),
        }
    }
}

/// A conversation with everything said in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConversationDetail {
    /// What stands in the list too.
    #[serde(flatten)]
    pub summary: ConversationSummary,
    /// Which version of the dialogue it is.
    pub version: u32,
    /// Everything, superseded messages and events included.
    pub transcript: Vec<MessageView>,
}

/// A page of conversations, newest first.
pub async fn list(
    app: &App,
    filter: &ConversationFilter,
    page: &PageRequest,
) -> Result<Page<ConversationSummary>, AppError> {
    let mut session = app.store().read().await?;
    let found = session.conversations(filter, page).await?;
    let names = GoalNames::read(&mut *session).await?;
    let summary = |row| ConversationSummary::new(row, &names);
    Ok(Page { items: found.items.into_iter().map(summary).collect(), next: found.next })
}

/// Conversations of a person, newest first.
pub async fn of_person(
    app: &App,
    person: PersonId,
    page: &PageRequest,
) -> Result<Page<ConversationSummary>, AppError> {
    let resolved = app.store().read().await?.person(person).await?.ok_or(AppError::NotFound("person"))?;
    list(app, &ConversationFilter { person: Some(resolved.id), ..ConversationFilter::default() }, page).await
}

/// One conversation with its transcript.
pub async fn get(app: &App, id: ConversationId) -> Result<ConversationDetail, AppError> {
    let mut session = app.store().read().await?;
    let names = GoalNames::read(&mut *session).await?;
    find(&mut *session, id, &names).await?.ok_or(AppError::NotFound("conversation"))
}

pub(crate) async fn find(
    session: &mut dyn Session,
    id: ConversationId,
    names: &GoalNames,
) -> Result<Option<ConversationDetail>, AppError> {
    let Some(row) = session.conversation(id).await? else { return Ok(None) };
    let transcript: Result<Vec<_>, _> = session.messages(id, 0).await?.iter().map(MessageView::of).collect();
    let version = number(session, &row).await?;
    let summary = ConversationSummary::new(row, names);
    Ok(Some(ConversationDetail { summary, version, transcript: transcript? }))
}

async fn number(session: &mut dyn Session, row: &ConversationRow) -> Result<u32, AppError> {
    let version = session.version(row.conversation.version_id).await?;
    Ok(version.map_or(0, |version| version.number))
}
