//! The visitor opens a document of a card and reads it. Opening is a step of the conversation like an answer: it engages,
//! and an activity tells of it. What follows goes on beside that activity: pages with their times, searches, downloads.
//! Everything that is acknowledged is on disk.

use super::{
    advance::step,
    is_stale,
    request::{Did, StepRefused, StepRequest},
    stage_of,
    trigger::lock,
};
use crate::{App, AppError, caller::Caller};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use engagement::{ImpossibleEvent, ReadingEvent};
use kernel::{ConversationId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Conversation, ConversationStage, Tx};
use utoipa::ToSchema;

/// What the visitor did with a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DocumentEvent {
    /// Opened it.
    Opened,
    /// Looked at a page.
    Page {
        /// Which, from 1 on.
        page: u32,
        /// For how many seconds, 0 to 3,600; times of the same page add up.
        seconds: f64,
    },
    /// Looked for words in it.
    Search {
        /// The words, at most 200 characters.
        text: String,
    },
    /// Saved the file.
    Downloaded,
    /// Printed it.
    Printed,
    /// Closed it.
    Closed,
}

impl DocumentEvent {
    /// What it is to the reading; none for the opening.
    fn reading(&self) -> Result<Option<ReadingEvent>, AppError> {
        Ok(Some(match self {
            Self::Opened => return Ok(None),
            Self::Page { page, seconds } => ReadingEvent::Page { page: *page, ms: milliseconds(*seconds)? },
            Self::Search { text } => ReadingEvent::Search { text: text.clone() },
            Self::Downloaded => ReadingEvent::Downloaded,
            Self::Printed => ReadingEvent::Printed,
            Self::Closed => ReadingEvent::Closed,
        }))
    }

    fn digest(&self) -> String {
        let bytes = Sha256::digest(serde_json::to_vec(self).unwrap_or_default());
        BASE64_URL_SAFE_NO_PAD.encode(&bytes[..16])
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 3,600,000")]
fn milliseconds(seconds: f64) -> Result<u64, AppError> {
    if (0.0..=3_600.0).contains(&seconds) {
        Ok((seconds * 1_000.0).round() as u64)
    } else {
        Err(AppError::invalid("/event/seconds", "range", "must be 0 to 3,600"))
    }
}

fn impossible(error: ImpossibleEvent) -> AppError {
    let field = match error {
        ImpossibleEvent::Page => "/event/page",
        ImpossibleEvent::Time => "/event/seconds",
        ImpossibleEvent::Search => "/event/text",
    };
    AppError::invalid(field, "range", error.to_string())
}

/// An event of a document.
#[derive(Debug, Clone)]
pub struct DocumentRequest {
    /// Made by the client; the same id is the same event.
    pub client_id: String,
    /// The card that shows the document.
    pub card: String,
    /// What happened.
    pub event: DocumentEvent,
    /// Where the visitor is now.
    pub page_url: Option<String>,
}

/// Notes an event.
pub async fn note(
    app: &App,
    caller: &Caller,
    id: ConversationId,
    request: &DocumentRequest,
) -> Result<(), StepRefused> {
    let Some(event) = request.event.reading()? else { return open(app, caller, id, request).await };
    let now = app.now();
    let known = caller.visitor(app, now).await?.ok_or(AppError::NotFound("conversation"))?;
    let mut tx = app.store().begin().await?;
    let conversation = lock(&mut *tx, caller, &known, id).await?;
    let view = tx.last_document_view(id, &request.card).await?;
    let mut view =
        view.ok_or_else(|| AppError::Conflict("no document was opened at this card".to_owned()))?;
    let digest = request.event.digest();
    match tx.note_document_event(view.activity_id, &request.client_id, &digest, now).await? {
        // What the first one did may not be flushed yet; it is when this is.
        Some(noted) if noted == digest => return Ok(tx.commit().await?),
        Some(_) => {
            return Err(AppError::Conflict("this client id was used for another event".to_owned()).into());
        }
        None => {}
    }
    view.reading.note(&event, view.pages).map_err(impossible)?;
    view.updated_at = now;
    tx.save_document_view(&view).await?;
    keep_alive(app, &mut *tx, conversation, now).await?;
    Ok(tx.commit().await?)
}

/// The opening is a step of the conversation.
async fn open(
    app: &App,
    caller: &Caller,
    id: ConversationId,
    request: &DocumentRequest,
) -> Result<(), StepRefused> {
    let step_request = StepRequest {
        client_id: request.client_id.clone(),
        what: Did::OpenedDocument { card: request.card.clone() },
        after: 0,
        page_url: request.page_url.clone(),
    };
    step(app, caller, id, &step_request).await.map(drop)
}

/// Who reads is there: the conversation is not dropped meanwhile.
async fn keep_alive(
    app: &App,
    tx: &mut dyn Tx,
    mut conversation: Conversation,
    now: Timestamp,
) -> Result<(), AppError> {
    let hours = app.settings().retention.drop_after_hours;
    let goes_on =
        stage_of(&conversation) == ConversationStage::Engaged && !is_stale(&conversation, now, hours);
    if goes_on {
        conversation.last_visitor_at = now;
        tx.save_conversation(&conversation).await?;
    }
    Ok(())
}
