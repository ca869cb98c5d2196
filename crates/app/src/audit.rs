//! The audit log: every change of configuration and every access to personal data in bulk, in the same transaction.

use crate::access::Actor;
use crate::{App, AppError};
use serde_json::{Value as Json, json};
use store::{AuditEntry, AuditFilter, Page, PageRequest, Tx};

/// What happened to which object.
#[derive(Debug, Clone)]
pub struct Note {
    action: &'static str,
    kind: &'static str,
    id: Option<String>,
    name: Option<String>,
    details: Json,
}

impl Note {
    /// `action` is a verb in the past (`site.updated`), `kind` the kind of object (`site`).
    pub fn new(action: &'static str, kind: &'static str) -> Self {
        Self { action, kind, id: None, name: None, details: json!({}) }
    }
    /// To which object.
    pub fn of(mut self, id: impl ToString, name: impl Into<String>) -> Self {
        self.id = Some(id.to_string());
        self.name = Some(name.into());
        self
    }
    /// To which object, without its name: what names a person does not go into the log, which outlasts the person.
    pub fn with_id(mut self, id: impl ToString) -> Self {
        self.id = Some(id.to_string());
        self
    }
    /// What changed, without secrets.
    pub fn details(mut self, details: Json) -> Self {
        self.details = details;
        self
    }
}

/// Appends to the log within a unit of work.
pub async fn write(app: &App, tx: &mut dyn Tx, actor: &Actor, note: Note) -> Result<(), AppError> {
    let now = app.now();
    let entry = AuditEntry {
        id: app.id(now),
        at: now,
        user_id: actor.user_id(),
        actor: actor.name.clone(),
        via: actor.via().to_owned(),
        action: note.action.to_owned(),
        object_kind: note.kind.to_owned(),
        object_id: note.id,
        object_name: note.name,
        details: note.details,
        ip: actor.ip.clone(),
    };
    Ok(tx.append_audit(&[entry]).await?)
}

/// Appends to the log on its own (accesses that change nothing).
pub async fn write_alone(app: &App, actor: &Actor, note: Note) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    write(app, &mut *tx, actor, note).await?;
    Ok(tx.commit().await?)
}

/// A page of the log, newest first.
pub async fn list(app: &App, filter: &AuditFilter, page: &PageRequest) -> Result<Page<AuditEntry>, AppError> {
    Ok(app.store().read().await?.audit_log(filter, page).await?)
}
