//! The response library (spec 09): questions with approved answers that answer cards may say, and what visitors asked that
//! none of them answers.

mod table;
mod transfer;

pub use table::Refused;
pub use transfer::{Imported, Wanted, export, import};

use crate::{
    App, AppError, FieldError,
    access::Actor,
    audit::{self, Note},
    sites::configuration_changed,
    snapshot::Site,
};
use kernel::{ConversationId, DialogueId, QuestionId, ResponseId, RichText, Timestamp};
use knowledge::{Link, MAX_LINKS, MAX_QUESTION, MAX_TOPICS, MAX_VARIANTS, Response, ReviewState};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Page, PageRequest, UnansweredQuestion};
use utoipa::ToSchema;

/// The most responses of an instance: all approved ones are held in memory.
const MAX_RESPONSES: usize = 5_000;
/// The longest topic, in characters.
const MAX_TOPIC: usize = 60;

/// The approved answer to a question, with its sources; none when nothing approved answers it.
pub(crate) fn answer(site: &Site, question: &str, topics: &[String]) -> Option<RichText> {
    site.knowledge.find(question, topics).map(|hit| hit.response.said())
}

/// A response as users see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ResponseView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ResponseId,
    /// The question as one would ask it.
    pub question: String,
    /// Other ways to ask it.
    pub variants: Vec<String>,
    /// What is said.
    #[schema(value_type = Object)]
    pub answer: RichText,
    /// What it is about.
    pub topics: Vec<String>,
    /// Sources: `{"title": …, "url": …}`.
    #[schema(value_type = Vec<Object>)]
    pub links: Vec<Link>,
    /// `needs_review`, `approved` or `rejected`.
    #[schema(value_type = String)]
    pub state: ReviewState,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Last change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with every change; send it as `If-Match`.
    pub version: i64,
}

impl From<Response> for ResponseView {
    fn from(response: Response) -> Self {
        let Response {
            id,
            question,
            variants,
            answer,
            topics,
            links,
            state,
            created_at,
            updated_at,
            version,
        } = response;
        Self { id, question, variants, answer, topics, links, state, created_at, updated_at, version }
    }
}

/// What makes a response.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewResponse {
    /// The question; 1 to 500 characters.
    pub question: String,
    /// Other ways to ask it; at most 50.
    #[serde(default)]
    pub variants: Vec<String>,
    /// What is said.
    #[schema(value_type = Object)]
    pub answer: RichText,
    /// What it is about; at most 20.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Sources; at most 10.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub links: Vec<Link>,
    /// `needs_review` when absent.
    #[serde(default)]
    #[schema(value_type = String)]
    pub state: ReviewState,
    /// The unanswered question that it answers; that one goes.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub answers: Option<QuestionId>,
}

/// Changes of a response; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResponsePatch {
    /// The question.
    #[serde(default)]
    pub question: Option<String>,
    /// Other ways to ask it.
    #[serde(default)]
    pub variants: Option<Vec<String>>,
    /// What is said.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub answer: Option<RichText>,
    /// What it is about.
    #[serde(default)]
    pub topics: Option<Vec<String>>,
    /// Sources.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Object>>)]
    pub links: Option<Vec<Link>>,
    /// `needs_review`, `approved` or `rejected`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub state: Option<ReviewState>,
}

/// A question without an answer, as users see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnansweredView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: QuestionId,
    /// As it was asked last.
    pub question: String,
    /// How often it was asked.
    pub times: u32,
    /// Asked first.
    #[schema(value_type = String, format = DateTime)]
    pub first_at: Timestamp,
    /// Asked last.
    #[schema(value_type = String, format = DateTime)]
    pub last_at: Timestamp,
    /// In which dialogue or flow it was asked last.
    #[schema(value_type = String)]
    pub dialogue_id: DialogueId,
    /// In which conversation.
    #[schema(value_type = String)]
    pub conversation_id: ConversationId,
}

impl From<UnansweredQuestion> for UnansweredView {
    fn from(asked: UnansweredQuestion) -> Self {
        let UnansweredQuestion {
            id, question, times, first_at, last_at, dialogue_id, conversation_id, ..
        } = asked;
        Self { id, question, times, first_at, last_at, dialogue_id, conversation_id }
    }
}

/// What a visitor would be told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Tried {
    /// The response that would be said; none: the card says its fallback.
    pub found: Option<ResponseView>,
    /// What comes near, the best first, with how well it fits (0 to 1).
    pub near: Vec<Near>,
}

/// A response with how well it fits.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Near {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ResponseId,
    /// Its question.
    pub question: String,
    /// 0 to 1.
    pub score: f64,
}

/// All responses, oldest first.
pub async fn list(app: &App) -> Result<Vec<ResponseView>, AppError> {
    let found = app.store().read().await?.responses().await?;
    Ok(found.into_iter().map(Into::into).collect())
}

/// One response.
pub async fn get(app: &App, id: ResponseId) -> Result<ResponseView, AppError> {
    let found = app.store().read().await?.response(id).await?;
    Ok(found.ok_or(AppError::NotFound("response"))?.into())
}

/// What would be said to a question now.
pub async fn attempt(app: &App, question: &str, topics: &[String]) -> Result<Tried, AppError> {
    let index = knowledge::Index::of(app.store().read().await?.responses().await?);
    let near = index.ranked(question, topics);
    let near = near.iter().map(|hit| Near {
        id: hit.response.id,
        question: hit.response.question.clone(),
        score: hit.score,
    });
    Ok(Tried {
        found: index.find(question, topics).map(|hit| hit.response.clone().into()),
        near: near.collect(),
    })
}

/// Makes a response.
pub async fn create(app: &App, actor: &Actor, new: NewResponse) -> Result<ResponseView, AppError> {
    let now = app.now();
    let mut response = Response {
        id: app.id(now),
        question: new.question,
        variants: new.variants,
        answer: new.answer,
        topics: new.topics,
        links: new.links,
        state: new.state,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    check(&mut response)?;
    let mut tx = app.store().begin().await?;
    if tx.responses().await?.len() >= MAX_RESPONSES {
        return Err(AppError::Conflict("there are 5,000 responses, which is the most".to_owned()));
    }
    tx.insert_responses(std::slice::from_ref(&response)).await?;
    if let Some(answered) = new.answers {
        match tx.delete_unanswered(answered).await {
            Ok(()) | Err(store::StoreError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let note = Note::new("response.created", "response").of(response.id, &response.question);
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    configuration_changed(app).await?;
    Ok(response.into())
}

/// Changes a response; `version` is the version that the change is based on.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: ResponseId,
    version: Option<i64>,
    patch: ResponsePatch,
) -> Result<ResponseView, AppError> {
    let mut tx = app.store().begin().await?;
    let mut response = tx.response(id).await?.ok_or(AppError::NotFound("response"))?;
    if version.is_some_and(|version| version != response.version) {
        return Err(AppError::Stale);
    }
    let before = response.state;
    response.question = patch.question.unwrap_or(response.question);
    response.variants = patch.variants.unwrap_or(response.variants);
    response.answer = patch.answer.unwrap_or(response.answer);
    response.topics = patch.topics.unwrap_or(response.topics);
    response.links = patch.links.unwrap_or(response.links);
    response.state = patch.state.unwrap_or(response.state);
    response.updated_at = app.now();
    check(&mut response)?;
    tx.update_responses(std::slice::from_ref(&response)).await?;
    let note = Note::new("response.updated", "response")
        .of(id, &response.question)
        .details(json!({ "state": { "old": before, "new": response.state } }));
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    configuration_changed(app).await?;
    get(app, id).await
}

/// Removes a response.
pub async fn delete(app: &App, actor: &Actor, id: ResponseId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let response = tx.response(id).await?.ok_or(AppError::NotFound("response"))?;
    tx.delete_response(id).await?;
    let note = Note::new("response.deleted", "response").of(id, &response.question);
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    configuration_changed(app).await
}

/// Questions without an answer, the one asked last first.
pub async fn unanswered(app: &App, page: &PageRequest) -> Result<Page<UnansweredView>, AppError> {
    let found = app.store().read().await?.unanswered_questions(page).await?;
    Ok(Page { items: found.items.into_iter().map(Into::into).collect(), next: found.next })
}

/// Takes a question off the list without answering it.
pub async fn dismiss(app: &App, id: QuestionId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    tx.delete_unanswered(id).await?;
    tx.commit().await?;
    Ok(())
}

/// Trims what was typed, leaves out what is empty or there twice, and says what cannot be accepted.
fn check(response: &mut Response) -> Result<(), AppError> {
    let mut errors = Vec::new();
    response.question = response.question.trim().to_owned();
    if !is_line(&response.question, MAX_QUESTION) {
        errors.push(FieldError::new("/question", "text", "must have 1 to 500 characters"));
    }
    response.variants = lines("/variants", &response.variants, MAX_VARIANTS, MAX_QUESTION, &mut errors);
    response.topics = lines("/topics", &response.topics, MAX_TOPICS, MAX_TOPIC, &mut errors);
    if response.answer.is_blank() || response.answer.to_plain().chars().count() > stream::MAX_TEXT {
        errors.push(FieldError::new("/answer", "text", "must have 1 to 4000 characters"));
    }
    if response.links.len() > MAX_LINKS {
        errors.push(FieldError::new("/links", "too_many", "must have at most 10 links"));
    }
    for (index, link) in response.links.iter_mut().enumerate() {
        link.title = link.title.trim().to_owned();
        if !is_line(&link.title, 200) {
            let field = format!("/links/{index}/title");
            errors.push(FieldError::new(field, "text", "must have 1 to 200 characters"));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors)) }
}

fn is_line(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

fn lines(
    pointer: &str,
    texts: &[String],
    most: usize,
    longest: usize,
    errors: &mut Vec<FieldError>,
) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        if !is_line(text, longest) {
            let reason = format!("must have at most {longest} characters each, on one line");
            errors.push(FieldError::new(pointer, "text", reason));
        } else if !kept.iter().any(|known| known == text) {
            kept.push(text.to_owned());
        }
    }
    if kept.len() > most {
        errors.push(FieldError::new(pointer, "too_many", format!("must have at most {most} entries")));
    }
    kept
}
