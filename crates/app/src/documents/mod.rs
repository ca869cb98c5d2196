//! The library of documents: PDFs that dialogues and flows show inside the chat. They are uploaded, or fetched from an
//! address and fetched again on demand. A new content gets a new address, so that browsers may keep what they have.
//!
//! - [`pdf`]: what a file is. - [`content`]: taking one. - [`reading`]: what visitors do with it. How an opening comes to be
//!   stands with the conversations.

pub mod content;
pub mod pdf;
pub mod reading;
mod shapes;

pub use shapes::{DocumentView, Figures, OpeningView, PageView, Report, SearchView};

use crate::{
    App, AppError,
    access::Actor,
    audit::{self, Note},
    conversations::console::DialogueName,
    dialogues::{authors, named as author_named},
    library::{Use, Uses, checked_range, named},
    sites::configuration_changed,
};
use connect::FileReader;
use content::{Content, Stored};
use kernel::{DialogueId, DocumentId, FileId, Timestamp, WebUrl, text::one_line};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use store::{DocumentFigures, DocumentOpening, DocumentRecord, Page, PageRequest, Session, TimeRange};
use stream::OfferedDocument;

/// The longest name, in characters.
pub const MAX_NAME: usize = 200;
/// How many of the most frequent searches a report names.
const SEARCHES: u32 = 50;

/// As visitors get it.
pub(crate) fn offered(public_url: &str, record: &DocumentRecord) -> OfferedDocument {
    OfferedDocument {
        id: record.id,
        name: record.name.clone(),
        url: address(public_url, record),
        pages: Some(record.pages),
    }
}

fn address(public_url: &str, record: &DocumentRecord) -> String {
    format!("{public_url}/api/visitor/v1/documents/{}?v={}", record.id, record.content_version)
}

/// All documents as visitors get them.
pub(crate) async fn all_offered(
    session: &mut dyn Session,
    public_url: &str,
) -> Result<HashMap<DocumentId, OfferedDocument>, AppError> {
    let all = session.all_documents().await?;
    Ok(all.iter().map(|record| (record.id, offered(public_url, record))).collect())
}

async fn find(session: &mut dyn Session, id: DocumentId) -> Result<DocumentRecord, AppError> {
    session.document(id).await?.ok_or(AppError::NotFound("document"))
}

/// A page of documents by name.
pub async fn list(
    app: &App,
    words: Option<&str>,
    page: &PageRequest,
) -> Result<Page<DocumentView>, AppError> {
    let mut session = app.store().read().await?;
    let found = session.documents(words.filter(|words| !words.trim().is_empty()), page).await?;
    let ids: Vec<DocumentId> = found.items.iter().map(|record| record.id).collect();
    let figures: HashMap<_, _> = session.document_figures(&ids, None).await?.into_iter().collect();
    let uses = Uses::read(&mut *session).await?;
    let authors = authors(&mut *session).await?;
    let public_url = &app.settings().public_url;
    let view = |record: DocumentRecord| {
        let figures = figures.get(&record.id).copied().unwrap_or_default();
        let author = author_named(&authors, record.created_by);
        DocumentView::new(&record, address(public_url, &record), figures, author, uses.of_document(record.id))
    };
    Ok(Page { items: found.items.into_iter().map(view).collect(), next: found.next })
}

/// One document.
pub async fn show(app: &App, id: DocumentId) -> Result<DocumentView, AppError> {
    let mut session = app.store().read().await?;
    let record = find(&mut *session, id).await?;
    let figures = figures_of(&mut *session, id, None).await?;
    let uses = Uses::read(&mut *session).await?;
    let author = author_named(&authors(&mut *session).await?, record.created_by);
    let address = address(&app.settings().public_url, &record);
    Ok(DocumentView::new(&record, address, figures, author, uses.of_document(id)))
}

async fn figures_of(
    session: &mut dyn Session,
    id: DocumentId,
    range: TimeRange,
) -> Result<DocumentFigures, AppError> {
    let found = session.document_figures(&[id], range).await?;
    Ok(found.first().map(|(_, figures)| *figures).unwrap_or_default())
}

/// Adds an uploaded file; its name is the document's unless one is given.
pub async fn upload(
    app: &App,
    actor: &Actor,
    name: Option<&str>,
    file_name: &str,
    bytes: Vec<u8>,
) -> Result<DocumentView, AppError> {
    let name = given_name(name, file_name)?;
    let content = Content::read(app, bytes).await?;
    add(app, actor, name, content, None).await
}

/// Adds the file at an address.
pub async fn add_by_url(
    app: &App,
    actor: &Actor,
    name: Option<&str>,
    url: &str,
) -> Result<DocumentView, AppError> {
    let url = checked_url(url)?;
    let parsed = url.parsed();
    let last = parsed.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let name = given_name(name, &content::decoded(last))?;
    let content = Content::fetch(app, &url).await?;
    add(app, actor, name, content, Some(url)).await
}

async fn add(
    app: &App,
    actor: &Actor,
    name: String,
    content: Content,
    url: Option<WebUrl>,
) -> Result<DocumentView, AppError> {
    let now = app.now();
    let stored = content.store(app, now).await?;
    let record = DocumentRecord {
        id: app.id(now),
        name,
        file: stored.file,
        size: stored.size,
        pages: stored.pages,
        source_url: url.map(String::from),
        content_version: 1,
        created_at: now,
        created_by: actor.user_id(),
        updated_at: now,
        version: 1,
    };
    let written = async {
        let mut tx = app.store().begin().await?;
        tx.insert_document(&record).await?;
        let note = Note::new("document.added", "document")
            .of(record.id, &record.name)
            .details(json!({ "pages": record.pages, "url": record.source_url }));
        audit::write(app, &mut *tx, actor, note).await?;
        Ok::<_, AppError>(tx.commit().await?)
    };
    keep(app, stored.file, written.await).await?;
    configuration_changed(app).await?;
    show(app, record.id).await
}

/// The file of a record that was not written is of no use.
async fn keep(app: &App, file: FileId, written: Result<(), AppError>) -> Result<(), AppError> {
    if written.is_err() {
        forget(app, file).await;
    }
    written
}

async fn forget(app: &App, file: FileId) {
    if let Err(error) = app.files().delete(file).await {
        tracing::warn!(%file, %error, "a file that is not needed any more cannot be removed");
    }
}

/// Renames a document.
pub async fn rename(app: &App, actor: &Actor, id: DocumentId, name: &str) -> Result<DocumentView, AppError> {
    let name = checked_name(name)?;
    let mut tx = app.store().begin().await?;
    let mut record = find(&mut *tx, id).await?;
    let before = std::mem::replace(&mut record.name, name);
    record.updated_at = app.now();
    tx.update_document(&record).await?;
    let note = Note::new("document.renamed", "document").of(id, &record.name);
    audit::write(app, &mut *tx, actor, note.details(json!({ "before": before }))).await?;
    tx.commit().await?;
    configuration_changed(app).await?;
    show(app, id).await
}

/// Replaces the content by an uploaded file; a document that came from an address has none any more.
pub async fn replace(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    bytes: Vec<u8>,
) -> Result<DocumentView, AppError> {
    find(&mut *app.store().read().await?, id).await?;
    let content = Content::read(app, bytes).await?;
    put(app, actor, id, content, None).await
}

/// Fetches the content again from the document's address. The same content changes nothing.
pub async fn refresh(app: &App, actor: &Actor, id: DocumentId) -> Result<DocumentView, AppError> {
    let record = find(&mut *app.store().read().await?, id).await?;
    let no_address = || AppError::Conflict("the document was uploaded; it has no address".to_owned());
    let url = checked_url(&record.source_url.ok_or_else(no_address)?)?;
    let content = Content::fetch(app, &url).await?;
    if content.is_same_as(app, record.file, record.size).await {
        return show(app, id).await;
    }
    put(app, actor, id, content, Some(url)).await
}

async fn put(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    content: Content,
    url: Option<WebUrl>,
) -> Result<DocumentView, AppError> {
    let now = app.now();
    let stored = content.store(app, now).await?;
    let written = put_record(app, actor, id, &stored, url, now).await;
    keep(app, stored.file, written).await?;
    configuration_changed(app).await?;
    show(app, id).await
}

async fn put_record(
    app: &App,
    actor: &Actor,
    id: DocumentId,
    stored: &Stored,
    url: Option<WebUrl>,
    now: Timestamp,
) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let mut record = find(&mut *tx, id).await?;
    let old = std::mem::replace(&mut record.file, stored.file);
    (record.size, record.pages, record.source_url) = (stored.size, stored.pages, url.map(String::from));
    record.content_version += 1;
    record.updated_at = now;
    tx.update_document(&record).await?;
    let details = json!({ "pages": record.pages, "url": record.source_url });
    let note = Note::new("document.replaced", "document").of(id, &record.name).details(details);
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    forget(app, old).await;
    Ok(())
}

/// Removes a document that no published dialogue or flow uses.
pub async fn delete(app: &App, actor: &Actor, id: DocumentId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let record = find(&mut *tx, id).await?;
    let uses = Uses::read(&mut *tx).await?;
    let live: Vec<&Use> = uses.of_document(id).iter().filter(|found| found.published).collect();
    if !live.is_empty() {
        return Err(AppError::Conflict(format!(
            "visitors meet it in {}; take it out there and publish, or unpublish first",
            named(&live)
        )));
    }
    tx.delete_document(id).await?;
    audit::write(app, &mut *tx, actor, Note::new("document.deleted", "document").of(id, &record.name))
        .await?;
    tx.commit().await?;
    forget(app, record.file).await;
    configuration_changed(app).await
}

/// A document with its content from `offset` bytes on.
pub async fn open(app: &App, id: DocumentId, offset: u64) -> Result<(DocumentRecord, FileReader), AppError> {
    let record = record(app, id).await?;
    let reader = app.files().open(record.file, offset).await?;
    Ok((record, reader))
}

/// What is known of a document.
pub async fn record(app: &App, id: DocumentId) -> Result<DocumentRecord, AppError> {
    find(&mut *app.store().read().await?, id).await
}

/// What visitors did with a document in `[from, to)`; ever, when nothing is said.
pub async fn report(
    app: &App,
    id: DocumentId,
    range: (Option<Timestamp>, Option<Timestamp>),
) -> Result<Report, AppError> {
    let range = checked_range(app, range)?;
    let mut session = app.store().read().await?;
    let record = find(&mut *session, id).await?;
    Ok(Report::new(
        record.pages,
        figures_of(&mut *session, id, range).await?,
        &session.document_pages(id, range).await?,
        session.document_searches(id, range, SEARCHES).await?,
    ))
}

/// Openings in `[from, to)`, newest first: who read, and how far.
pub async fn openings(
    app: &App,
    id: DocumentId,
    range: (Option<Timestamp>, Option<Timestamp>),
    page: &PageRequest,
) -> Result<Page<OpeningView>, AppError> {
    let range = checked_range(app, range)?;
    let mut session = app.store().read().await?;
    find(&mut *session, id).await?;
    let found = session.document_openings(id, range, page).await?;
    let ids: HashSet<DialogueId> = found.items.iter().map(|opening| opening.view.dialogue_id).collect();
    let mut names = HashMap::new();
    for id in ids {
        if let Some(record) = session.dialogue(id).await? {
            names.insert(id, DialogueName { id, name: record.name, kind: record.kind });
        }
    }
    let view = |opening: DocumentOpening| {
        let dialogue = names.get(&opening.view.dialogue_id).cloned();
        OpeningView::new(opening, dialogue)
    };
    Ok(Page { items: found.items.into_iter().map(view).collect(), next: found.next })
}

fn checked_url(url: &str) -> Result<WebUrl, AppError> {
    let reason = "is not a web address such as https://example.com/brochure.pdf";
    url.parse().map_err(|_| AppError::invalid("/url", "url", reason))
}

fn checked_name(name: &str) -> Result<String, AppError> {
    let name = name.trim();
    if name.is_empty() || name.chars().nth(MAX_NAME).is_some() || name.chars().any(char::is_control) {
        return Err(AppError::invalid("/name", "text", "must have 1 to 200 characters"));
    }
    Ok(name.to_owned())
}

/// The name given, else the file's without its ending.
fn given_name(name: Option<&str>, file_name: &str) -> Result<String, AppError> {
    if let Some(name) = name.filter(|name| !name.trim().is_empty()) {
        return checked_name(name);
    }
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let ends = last.len() > 4 && last.to_ascii_lowercase().ends_with(".pdf");
    let stem = if ends { &last[..last.len() - 4] } else { last };
    let name: String = one_line(stem).chars().take(MAX_NAME).collect();
    Ok(if name.is_empty() { "Document".to_owned() } else { name })
}

#[cfg(test)]
mod tests {
    use super::given_name;

    #[test]
    fn a_file_gives_its_name_without_its_ending_and_its_path() {
        for (file, name) in [
            ("Price list.pdf", "Price list"),
            ("C:\\files\\Brochure.PDF", "Brochure"),
            ("../../etc/passwd", "passwd"),
            ("été.pdf", "été"),
            (".pdf", ".pdf"),
            ("a\r\nb.pdf", "a  b"),
            ("", "Document"),
        ] {
            assert_eq!(given_name(None, file).ok().as_deref(), Some(name), "{file}");
        }
        assert_eq!(given_name(Some(" Given "), "file.pdf").ok().as_deref(), Some("Given"));
        assert!(given_name(Some("a\u{7}b"), "file.pdf").is_err());
    }
}
