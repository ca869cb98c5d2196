//! Documents and their reports as users see them.

use crate::{
    conversations::console::{DialogueName, PersonName},
    dialogues::Author,
    library::Use,
};
use kernel::{ConversationId, DocumentId, Timestamp};
use serde::Serialize;
use std::collections::HashMap;
use store::{DocumentFigures, DocumentOpening, DocumentRecord, PageFigures};
use utoipa::ToSchema;

/// A document of the library.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Document)]
pub struct DocumentView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: DocumentId,
    /// Name for authors and visitors.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Pages.
    pub pages: u32,
    /// Where visitors fetch it; another one with every new content.
    pub url: String,
    /// The address from which it was fetched; `null` when it was uploaded.
    pub source_url: Option<String>,
    /// 1 and one more with every new content.
    pub content_version: u32,
    /// What visitors did with it.
    pub figures: Figures,
    /// Dialogues and flows that use it.
    pub used_in: Vec<Use>,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// By whom; none for the command line and tokens.
    pub created_by: Option<Author>,
    /// Last change of name or content.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}

impl DocumentView {
    pub(super) fn new(
        record: &DocumentRecord,
        url: String,
        figures: DocumentFigures,
        created_by: Option<Author>,
        used_in: &[Use],
    ) -> Self {
        Self {
            id: record.id,
            name: record.name.clone(),
            size: record.size,
            pages: record.pages,
            url,
            source_url: record.source_url.clone(),
            content_version: record.content_version,
            figures: figures.into(),
            used_in: used_in.to_vec(),
            created_at: record.created_at,
            created_by,
            updated_at: record.updated_at,
        }
    }
}

/// What visitors did with a document.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[schema(as = DocumentFigures)]
pub struct Figures {
    /// Openings.
    pub opens: u64,
    /// Different people who opened it; erased people are not among them.
    pub people: u64,
    /// Share of the pages that an opening saw, 0 to 1, on average; `null` while nobody opened it.
    pub share_read: Option<f64>,
    /// Seconds of reading of an opening, on average; `null` while nobody opened it.
    pub average_seconds: Option<f64>,
    /// Searches.
    pub searches: u64,
    /// Openings in which the file was downloaded.
    pub downloads: u64,
    /// Openings in which it was printed.
    pub prints: u64,
}

impl From<DocumentFigures> for Figures {
    fn from(figures: DocumentFigures) -> Self {
        let some = figures.opens > 0;
        Self {
            opens: figures.opens,
            people: figures.people,
            share_read: some.then_some((figures.share_read * 1_000.0).round() / 1_000.0),
            average_seconds: average_seconds(figures.read_ms, figures.opens),
            searches: figures.searches,
            downloads: figures.downloads,
            prints: figures.prints,
        }
    }
}

/// One opening: who read, and how far.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = DocumentOpening)]
pub struct OpeningView {
    /// Who; none while nothing is known of the visitor, and once the person is erased.
    pub person: Option<PersonName>,
    /// In which conversation; `null` once the person is erased.
    #[schema(value_type = Option<String>)]
    pub conversation_id: Option<ConversationId>,
    /// In which dialogue or flow; `null` when it is gone.
    pub dialogue: Option<DialogueName>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// Pages that were on the screen.
    pub pages_viewed: Vec<u32>,
    /// Share of the pages that were on the screen, 0 to 1.
    pub share_read: f64,
    /// Seconds of reading.
    pub seconds: f64,
    /// What was looked for.
    pub searches: Vec<String>,
    /// The file was downloaded.
    pub downloaded: bool,
    /// It was printed.
    pub printed: bool,
}

impl OpeningView {
    pub(super) fn new(opening: DocumentOpening, dialogue: Option<DialogueName>) -> Self {
        let DocumentOpening { view, person_id, person_name, person_email } = opening;
        let known = person_name.is_some() || person_email.is_some();
        let person = person_id.filter(|_| known);
        let reading = view.reading;
        Self {
            person: person.map(|id| PersonName { id, full_name: person_name, email: person_email }),
            conversation_id: view.conversation_id,
            dialogue,
            opened_at: view.opened_at,
            share_read: (reading.share_of(view.pages) * 1_000.0).round() / 1_000.0,
            seconds: seconds(reading.total_ms()),
            downloaded: reading.downloads > 0,
            printed: reading.prints > 0,
            pages_viewed: reading.pages.into_keys().collect(),
            searches: reading.searches,
        }
    }
}

fn seconds(ms: u64) -> f64 {
    average_seconds(ms, 1).unwrap_or_default()
}

/// To a tenth of a second.
#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn average_seconds(ms: u64, of: u64) -> Option<f64> {
    (of > 0).then(|| (ms as f64 / of as f64 / 100.0).round() / 10.0)
}

/// What visitors did with one page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
#[schema(as = DocumentPage)]
pub struct PageView {
    /// Which page, from 1 on.
    pub page: u32,
    /// Openings that saw it.
    pub views: u64,
    /// Seconds on it of those that saw it, on average; `null` when nobody did.
    pub average_seconds: Option<f64>,
}

/// What visitors looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DocumentSearch)]
pub struct SearchView {
    /// The words.
    pub text: String,
    /// How often.
    pub count: u64,
}

/// What visitors did with a document, page by page.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = DocumentReport)]
pub struct Report {
    /// As a whole.
    pub figures: Figures,
    /// Every page of the document as it is now.
    pub pages: Vec<PageView>,
    /// The most frequent searches, at most 50.
    pub searches: Vec<SearchView>,
}

impl Report {
    pub(super) fn new(
        pages: u32,
        figures: DocumentFigures,
        seen: &[PageFigures],
        searches: Vec<(String, u64)>,
    ) -> Self {
        let seen: HashMap<u32, &PageFigures> = seen.iter().map(|page| (page.page, page)).collect();
        let page = |page: u32| {
            let (views, ms) = seen.get(&page).map_or((0, 0), |page| (page.views, page.ms));
            PageView { page, views, average_seconds: average_seconds(ms, views) }
        };
        Self {
            figures: figures.into(),
            pages: (1..=pages).map(page).collect(),
            searches: searches.into_iter().map(|(text, count)| SearchView { text, count }).collect(),
        }
    }
}
