//! CSV imports of people (spec 08, journey 5): a file is uploaded and looked at, columns are mapped, rows are stored in
//! batches with their progress in the same transaction. Cancelled or broken off, an import goes on at exactly the next row.
//!
//! What an import leaves behind: values it set carry it as their origin. People whom it *changed* get an activity
//! `imported`, and who was put on a list `list_added`. People whom it *created* get no row in the activity log, because it
//! would cost as much as the person; their record says by which import it was made, and the log of such a person ends
//! with an entry made out of that (`app::people::activities`).

mod companies;
mod effects;
pub mod mapping;
mod reader;
mod rows;
mod run;
pub(crate) mod sniff;
pub(crate) mod text;
mod work;

pub use run::{catch_up, run};
pub(crate) use sniff::propose;

use crate::access::Actor;
use crate::audit::{self, Note};
use crate::catalog::AttributeCatalog;
use crate::{App, AppError};
use bus::Hint;
use kernel::{FileId, ImportId, ListId, Timestamp, text::one_line};
use mapping::Targets;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::BTreeMap;
use store::{ImportMode, ImportProgress, ImportRecord, ImportState, Page, PageRequest, Reject, Tx};
use text::AsUtf8;
use tokio::io::{AsyncRead, AsyncReadExt};

/// How much of a file is looked at before the mapping is chosen.
const SAMPLE: u64 = 256 * 1024;

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// Header; unique in the file.
    pub header: String,
    /// Some cells that are not empty.
    pub samples: Vec<String>,
    /// The attribute proposed or chosen (`person.email`); none leaves the column out.
    pub attribute: Option<String>,
}

/// What is known of a file and what was decided about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Between cells.
    pub delimiter: char,
    /// `utf-8`, `utf-16` or `windows-1252`.
    pub encoding: String,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// At most 20 rows.
    pub preview: Vec<Vec<String>>,
    /// When rows were last begun to be read, and how many had been read then.
    pub run: Option<RunMark>,
}

/// From when and where speed is measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RunMark {
    /// When.
    pub at: Timestamp,
    /// Rows read before.
    pub rows: u64,
    /// Bytes read before.
    pub bytes: u64,
}

/// An import with its plan read.
#[derive(Debug, Clone)]
pub struct Import {
    /// The record.
    pub record: ImportRecord,
    /// Its plan.
    pub plan: Plan,
    /// Who began it, by name.
    pub created_by: Option<String>,
}

/// What is chosen before the start.
#[derive(Debug, Clone)]
pub struct StartImport {
    /// What to do with rows.
    pub mode: ImportMode,
    /// Attribute by header; absent or none leaves the column out.
    pub mapping: BTreeMap<String, Option<String>>,
    /// Put everybody on this list.
    pub list_id: Option<ListId>,
}

impl Import {
    fn of(record: ImportRecord) -> Result<Self, AppError> {
        let plan = serde_json::from_value(record.plan.clone())
            .map_err(|error| AppError::Internal(format!("plan of {}: {error}", record.id)))?;
        Ok(Self { record, plan, created_by: None })
    }

    /// Rows a second since the last start, and seconds left at that speed.
    #[expect(clippy::cast_precision_loss, reason = "an estimate for people")]
    pub fn speed(&self, now: Timestamp) -> (f64, Option<f64>) {
        let Some(mark) = self.plan.run else { return (0.0, None) };
        let until = self.record.finished_at.filter(|at| *at > mark.at).unwrap_or(now);
        let seconds = (kernel::to_millis(until) - kernel::to_millis(mark.at)).max(1) as f64 / 1_000.0;
        let progress = &self.record.progress;
        let rows = progress.rows.saturating_sub(mark.rows) as f64 / seconds;
        let bytes = progress.bytes.saturating_sub(mark.bytes) as f64 / seconds;
        let left = self.record.size_bytes.saturating_sub(progress.bytes) as f64;
        let running = self.record.state == ImportState::Running && bytes > 0.0;
        (rows, running.then(|| left / bytes))
    }
}

pub(crate) fn cancel_key(id: ImportId) -> String {
    format!("import/{id}/cancel")
}

/// Takes a file in and looks at it. At most [`crate::Limits::import_bytes`].
pub async fn upload(
    app: &App,
    actor: &Actor,
    name: &str,
    content: &mut (dyn AsyncRead + Send + Unpin),
) -> Result<Import, AppError> {
    let now = app.now();
    let file: FileId = app.id(now);
    let mut content = AsUtf8::new(content);
    let size = app.files().put(file, &mut content, app.settings().limits.import_bytes).await?;
    let utf16 = content.was_utf16();
    match register(app, actor, name, file, size, utf16, now).await {
        Ok(import) => Ok(import),
        Err(error) => {
            app.files().delete(file).await?;
            Err(error)
        }
    }
}

async fn register(
    app: &App,
    actor: &Actor,
    name: &str,
    file: FileId,
    size: u64,
    utf16: bool,
    now: Timestamp,
) -> Result<Import, AppError> {
    let mut sample = Vec::new();
    app.files()
        .open(file, 0)
        .await?
        .take(SAMPLE)
        .read_to_end(&mut sample)
        .await
        .map_err(|error| AppError::Unavailable(Box::new(error)))?;
    let targets = targets(app).await?;
    let plan = sniff::look(&sample, sample.len() as u64 == size, utf16, &targets)
        .map_err(|error| AppError::invalid("/file", "unreadable", error.to_string()))?;
    let record = ImportRecord {
        id: app.id(now),
        name: file_name(name),
        state: ImportState::Uploaded,
        mode: None,
        plan: to_json(&plan)?,
        size_bytes: size,
        file: file.to_string(),
        list_id: None,
        progress: ImportProgress { line: 1, ..ImportProgress::default() },
        error: None,
        created_by: actor.user_id(),
        created_at: now,
        started_at: None,
        finished_at: None,
    };
    let mut tx = app.store().begin().await?;
    tx.insert_import(&record).await?;
    audit::write(app, &mut *tx, actor, Note::new("import.uploaded", "import").of(record.id, &record.name))
        .await?;
    tx.commit().await?;
    Ok(Import { record, plan, created_by: Some(actor.name.clone()) })
}

/// The last part of a client's file name on one line; only shown, never used as a name.
fn file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let line: String = one_line(last).chars().take(200).collect();
    if line.is_empty() { "people.csv".to_owned() } else { line }
}

fn to_json(plan: &Plan) -> Result<serde_json::Value, AppError> {
    serde_json::to_value(plan).map_err(|error| AppError::Internal(error.to_string()))
}

async fn targets(app: &App) -> Result<Targets, AppError> {
    let mut session = app.store().read().await?;
    Ok(Targets::all(&AttributeCatalog::read(&mut *session).await?))
}

/// All imports, newest first.
pub async fn list(app: &App, page: &PageRequest) -> Result<Page<Import>, AppError> {
    let mut session = app.store().read().await?;
    let found = session.imports(page).await?;
    let users = session.users().await?;
    let mut items = Vec::with_capacity(found.items.len());
    for record in found.items {
        let name = users.iter().find(|user| Some(user.id) == record.created_by).map(|user| user.name.clone());
        items.push(Import { created_by: name, ..Import::of(record)? });
    }
    Ok(Page { items, next: found.next })
}

/// One import.
pub async fn show(app: &App, id: ImportId) -> Result<Import, AppError> {
    let mut session = app.store().read().await?;
    let record = session.import(id).await?.ok_or(AppError::NotFound("import"))?;
    let user = match record.created_by {
        Some(user) => session.user(user).await?,
        None => None,
    };
    Ok(Import { created_by: user.map(|user| user.name), ..Import::of(record)? })
}

/// Maps the columns and begins. The rows are read by the worker, or by [`run`].
pub async fn start(app: &App, actor: &Actor, id: ImportId, chosen: StartImport) -> Result<Import, AppError> {
    let targets = targets(app).await?;
    let mut tx = app.store().begin().await?;
    let mut import = Import::of(tx.import(id).await?.ok_or(AppError::NotFound("import"))?)?;
    if import.record.state != ImportState::Uploaded {
        return Err(AppError::Conflict("the import was started already".to_owned()));
    }
    let headers: Vec<String> = import.plan.columns.iter().map(|column| column.header.clone()).collect();
    let columns = mapping::checked(&headers, &chosen.mapping, &targets)?;
    if let Some(list) = chosen.list_id {
        let known = tx.lists().await?.iter().any(|one| one.id == list);
        if !known {
            return Err(AppError::invalid("/list_id", "option", "is not a list"));
        }
    }
    for (column, target) in import.plan.columns.iter_mut().zip(&columns) {
        column.attribute = target.as_ref().map(mapping::Target::path);
    }
    import.record.mode = Some(chosen.mode);
    import.record.list_id = chosen.list_id;
    begin(app, &mut *tx, &mut import).await?;
    let details = json!({ "mode": chosen.mode, "columns": columns.iter().flatten().map(mapping::Target::path).collect::<Vec<_>>() });
    let note = Note::new("import.started", "import").of(id, &import.record.name).details(details);
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    app.hint(Hint::Import { id });
    Ok(import)
}

async fn begin(app: &App, tx: &mut dyn Tx, import: &mut Import) -> Result<(), AppError> {
    let now = app.now();
    let progress = &import.record.progress;
    import.plan.run = Some(RunMark { at: now, rows: progress.rows, bytes: progress.bytes });
    import.record.plan = to_json(&import.plan)?;
    import.record.state = ImportState::Running;
    import.record.error = None;
    import.record.finished_at = None;
    import.record.started_at = import.record.started_at.or(Some(now));
    tx.put_setting(&cancel_key(import.record.id), None).await?;
    Ok(tx.update_import(&import.record).await?)
}

/// Asks a running import to stop; it does so between two batches. One that nobody is carrying out stops at once.
pub async fn cancel(app: &App, actor: &Actor, id: ImportId) -> Result<(), AppError> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    // Taking the lease shows that nobody else is at work, and keeps it so until the end of the unit of work.
    let idle = tx.lease_import(id, "cancel", now, now).await?;
    let mut record = tx.import(id).await?.ok_or(AppError::NotFound("import"))?;
    if record.state != ImportState::Running {
        return Err(AppError::Conflict("the import is not running".to_owned()));
    }
    if idle {
        record.state = ImportState::Cancelled;
        record.finished_at = Some(now);
        tx.update_import(&record).await?;
    } else {
        tx.put_setting(&cancel_key(id), Some(&json!(true))).await?;
    }
    audit::write(app, &mut *tx, actor, Note::new("import.cancelled", "import").of(id, &record.name)).await?;
    tx.commit().await?;
    app.hint(Hint::Import { id });
    Ok(())
}

/// Goes on with a cancelled or failed import at the next row.
pub async fn resume(app: &App, actor: &Actor, id: ImportId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let mut import = Import::of(tx.import(id).await?.ok_or(AppError::NotFound("import"))?)?;
    if !matches!(import.record.state, ImportState::Cancelled | ImportState::Failed)
        || import.record.mode.is_none()
    {
        return Err(AppError::Conflict("only a cancelled or failed import can go on".to_owned()));
    }
    begin(app, &mut *tx, &mut import).await?;
    audit::write(app, &mut *tx, actor, Note::new("import.resumed", "import").of(id, &import.record.name))
        .await?;
    tx.commit().await?;
    app.hint(Hint::Import { id });
    Ok(())
}

/// Removes an import with its file and its refused rows; the people stay.
pub async fn delete(app: &App, actor: &Actor, id: ImportId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let record = tx.import(id).await?.ok_or(AppError::NotFound("import"))?;
    if record.state == ImportState::Running {
        return Err(AppError::Conflict("the import is running; cancel it first".to_owned()));
    }
    tx.delete_import(id).await?;
    tx.put_setting(&cancel_key(id), None).await?;
    audit::write(app, &mut *tx, actor, Note::new("import.deleted", "import").of(id, &record.name)).await?;
    tx.commit().await?;
    if let Ok(file) = record.file.parse::<FileId>() {
        app.files().delete(file).await?;
    }
    Ok(())
}

/// Refused rows after a line, in order.
pub async fn rejects(app: &App, id: ImportId, after: u64, limit: u32) -> Result<Vec<Reject>, AppError> {
    Ok(app.store().read().await?.rejects(id, after, limit).await?)
}
