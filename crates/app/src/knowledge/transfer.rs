//! The response library out as a file and in again, in one transaction: what a file says is done as a whole or not at all.

use super::{
    MAX_RESPONSES,
    table::{self, Library, Outcome, Refused},
};
use crate::{
    App, AppError,
    access::Actor,
    audit::{self, Note},
    sites::configuration_changed,
};
use kernel::{ResponseId, RichText, Timestamp};
use knowledge::{Response, ReviewState};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// What is to be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Nothing: say only what it would do.
    Look,
    /// What it says, if no row is refused.
    Whole,
    /// What its good rows say.
    GoodRows,
}

/// What a file did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Imported {
    /// Whether it is done.
    pub applied: bool,
    /// Responses made.
    pub created: u64,
    /// Responses changed.
    pub changed: u64,
    /// Rows that say what is there already.
    pub unchanged: u64,
    /// Rows that are refused.
    pub rows_refused: u64,
    /// Why, cell by cell; the first 500.
    pub refused: Vec<Refused>,
}

/// The most refused cells that are told.
const MAX_REFUSED: usize = 500;

/// All responses as CSV.
pub async fn export(app: &App) -> Result<String, AppError> {
    Ok(table::write(&app.store().read().await?.responses().await?))
}

/// Reads a file of responses. A row means the response with its id, else the one with its question, else a new one;
/// columns that the file does not have stay as they are.
pub async fn import(app: &App, actor: &Actor, file: &[u8], wanted: Wanted) -> Result<Imported, AppError> {
    let (rows, refused) = table::read(file).await?;
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let present = tx.responses().await?;
    let room = MAX_RESPONSES.saturating_sub(present.len());
    // Ids of one moment are in no order; sorted, they keep that of the file.
    let mut ids: Vec<ResponseId> = rows.iter().map(|_| app.id(now)).collect();
    ids.sort_unstable();
    let rows = rows.into_iter().zip(ids).map(|(row, id)| (row, fresh(id, now)));
    let work = Work::of(Library::of(present), rows, refused);
    if work.created.len() > room {
        return Err(AppError::Conflict(format!("there would be more than {MAX_RESPONSES} responses")));
    }
    let mut imported = work.told();
    let apply = match wanted {
        Wanted::Look => false,
        Wanted::Whole => imported.rows_refused == 0,
        Wanted::GoodRows => true,
    };
    if !apply {
        return Ok(imported);
    }
    imported.applied = true;
    if imported.created + imported.changed == 0 {
        return Ok(imported);
    }
    let changed: Vec<Response> =
        work.changed.into_iter().map(|response| Response { updated_at: now, ..response }).collect();
    tx.insert_responses(&work.created).await?;
    tx.update_responses(&changed).await?;
    let counts =
        json!({ "created": imported.created, "changed": imported.changed, "refused": imported.rows_refused });
    audit::write(app, &mut *tx, actor, Note::new("response.imported", "response").details(counts)).await?;
    tx.commit().await?;
    configuration_changed(app).await?;
    Ok(imported)
}

fn fresh(id: ResponseId, now: Timestamp) -> Response {
    Response {
        id,
        question: String::new(),
        variants: Vec::new(),
        answer: RichText::default(),
        topics: Vec::new(),
        links: Vec::new(),
        state: ReviewState::default(),
        created_at: now,
        updated_at: now,
        version: 1,
    }
}

/// What is to be written, and what is not.
struct Work {
    created: Vec<Response>,
    changed: Vec<Response>,
    unchanged: u64,
    refused: Vec<Refused>,
}

impl Work {
    /// What the rows come to, each with the response that it makes if it means none that is there.
    fn of(
        mut library: Library,
        rows: impl Iterator<Item = (table::Row, Response)>,
        refused: Vec<Refused>,
    ) -> Self {
        let mut work = Self { created: Vec::new(), changed: Vec::new(), unchanged: 0, refused };
        for (row, fresh) in rows {
            match library.take(row, fresh) {
                Ok(Outcome::Created(response)) => work.created.push(response),
                Ok(Outcome::Changed(response)) => work.changed.push(response),
                Ok(Outcome::Unchanged) => work.unchanged += 1,
                Err(faults) => work.refused.extend(faults),
            }
        }
        work.refused.sort_by_key(|one| one.line);
        work
    }

    fn told(&self) -> Imported {
        let mut lines: Vec<u64> = self.refused.iter().map(|one| one.line).collect();
        lines.dedup();
        Imported {
            applied: false,
            created: self.created.len() as u64,
            changed: self.changed.len() as u64,
            unchanged: self.unchanged,
            rows_refused: lines.len() as u64,
            refused: self.refused.iter().take(MAX_REFUSED).cloned().collect(),
        }
    }
}
