//! CSV imports of people: progress is written in the transaction that writes the people, so that an import resumes anywhere.

use crate::{Page, PageRequest, StoreError};
use async_trait::async_trait;
use kernel::{ImportId, ListId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// File is there, mapping is not chosen yet.
    Uploaded,
    /// Rows are being read.
    Running,
    /// Stopped by a person; can go on.
    Cancelled,
    /// All rows read.
    Done,
    /// Stopped by an error; can go on.
    Failed,
}

/// What an import does with rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportMode {
    /// Only new people; known addresses are refused.
    Create,
    /// Only known people; new addresses are refused.
    Update,
    /// Both.
    Upsert,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportProgress {
    /// Bytes of the file read; the next row begins here.
    pub bytes: u64,
    /// Line on which the next row begins (1 = header).
    pub line: u64,
    /// Rows read.
    pub rows: u64,
    /// People made.
    pub created: u64,
    /// People changed.
    pub updated: u64,
    /// Rows that changed nothing.
    pub unchanged: u64,
    /// Rows refused.
    pub rejected: u64,
}

/// An import.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRecord {
    /// Stable id.
    pub id: ImportId,
    /// Name of the file.
    pub name: String,
    /// Where it stands.
    pub state: ImportState,
    /// Chosen at the start.
    pub mode: Option<ImportMode>,
    /// Format, columns, mapping, preview; the type stands in `app::import`.
    pub plan: Json,
    /// Size of the file in bytes.
    pub size_bytes: u64,
    /// Where the file is, for the files port.
    pub file: String,
    /// Everybody in the file is put on this list.
    pub list_id: Option<ListId>,
    /// How far it is.
    pub progress: ImportProgress,
    /// Why it failed, in plain words.
    pub error: Option<String>,
    /// Who began it; `None` for the command line.
    pub created_by: Option<UserId>,
    /// When the file came.
    pub created_at: Timestamp,
    /// When rows were first read.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// A refused row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// Line on which the row begins.
    pub line: u64,
    /// Header of the column, or empty for the whole row.
    pub field: String,
    /// Why.
    pub reason: String,
    /// The row as it was, cells in order.
    pub cells: Vec<String>,
}

/// Reading imports.
#[async_trait]
pub trait ImportReads {
    /// One import.
    async fn import(&mut self, id: ImportId) -> Result<Option<ImportRecord>, StoreError>;
    /// All imports, newest first.
    async fn imports(&mut self, page: &PageRequest) -> Result<Page<ImportRecord>, StoreError>;
    /// Refused rows with a line above `after`, in order, at most `limit`.
    async fn rejects(&mut self, id: ImportId, after: u64, limit: u32) -> Result<Vec<Reject>, StoreError>;
}

/// Writing imports.
#[async_trait]
pub trait ImportWrites {
    /// Adds an import.
    async fn insert_import(&mut self, import: &ImportRecord) -> Result<(), StoreError>;
    /// Replaces everything but id, file and `created_at`.
    async fn update_import(&mut self, import: &ImportRecord) -> Result<(), StoreError>;
    /// Takes the right to run an import until `lease_until`; false when somebody holds it at `now`. Renewed by the holder.
    async fn lease_import(
        &mut self,
        id: ImportId,
        holder: &str,
        now: Timestamp,
        lease_until: Timestamp,
    ) -> Result<bool, StoreError>;
    /// Adds refused rows.
    async fn insert_rejects(&mut self, id: ImportId, rejects: &[Reject]) -> Result<(), StoreError>;
    /// Removes an import and its rejects.
    async fn delete_import(&mut self, id: ImportId) -> Result<(), StoreError>;
}
