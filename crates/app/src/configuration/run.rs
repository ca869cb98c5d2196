//! One unit of work for a whole folder: what it knows, what it did, what stands against it.

use super::{
    ApplyOptions,
    folder::{Folder, problem},
    shapes::{Action, ConfigurationReport, PlannedChange, Prevents, ShownLine, Sign},
    world::World,
};
use crate::{
    App, AppError, FieldError,
    access::{Actor, Permission},
    audit::{self, Note},
    sites::configuration_changed,
};
use kernel::DialogueId;
use serde_json::json;
use std::collections::BTreeMap;
use store::Tx;
use textform::{DiffLine, Kind, Place, Places, TextError, difference};

/// Equal lines shown around a change.
const CONTEXT: usize = 2;

/// What is done with the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mode {
    /// It is thrown away at the end.
    pub(super) pretend: bool,
    /// Dialogues and flows go live.
    pub(super) publish: bool,
    /// What the folder does not have is deleted.
    pub(super) prune: bool,
    /// Only looked at: no right to change anything is needed, and everything is checked, changed or not.
    pub(super) look: bool,
}

impl Mode {
    pub(super) const CHECK: Self = Self { pretend: true, publish: true, prune: false, look: true };

    pub(super) const fn of(options: ApplyOptions) -> Self {
        let ApplyOptions { dry_run, publish, prune } = options;
        Self { pretend: dry_run, publish, prune, look: false }
    }
}

/// A dialogue or flow of the folder, after its draft was written.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) id: DialogueId,
    pub(super) file: String,
    pub(super) places: Places,
    /// Where its change stands in the report.
    pub(super) change: usize,
}

/// The work on a folder.
pub(super) struct Run<'a> {
    pub(super) app: &'a App,
    pub(super) actor: &'a Actor,
    pub(super) mode: Mode,
    pub(super) tx: Box<dyn Tx>,
    pub(super) report: ConfigurationReport,
    pub(super) written: Vec<Written>,
}

/// Carries a folder out.
pub(super) async fn run(
    app: &App,
    actor: &Actor,
    files: &BTreeMap<String, String>,
    mode: Mode,
) -> Result<ConfigurationReport, AppError> {
    let (folder, errors) = Folder::open(files);
    may_see(actor, &folder)?;
    let report = ConfigurationReport { errors, ..ConfigurationReport::default() };
    let tx = app.store().begin().await?;
    let mut run = Run { app, actor, mode, tx, report, written: Vec::new() };
    run.shared(&folder).await?;
    run.sites(&folder).await?;
    let mut world = World::read(&mut *run.tx).await?;
    run.dialogues(&folder, &mut world).await?;
    if mode.publish {
        run.publish().await?;
    }
    // What was live may run what goes now; what is live from here on decides.
    if mode.prune {
        run.prune(&folder, &world).await?;
    }
    run.finish().await
}

/// A plan shows what is there.
fn may_see(actor: &Actor, folder: &Folder) -> Result<(), AppError> {
    for (kind, permission) in
        [(Kind::Dialogue, Permission::DialoguesView), (Kind::Flow, Permission::FlowsView)]
    {
        if let Some(text) = folder.of(kind).next().filter(|_| !actor.may(permission)) {
            let (noun, key) = (kind.word(), permission.key());
            return Err(AppError::Forbidden(format!(
                "reading the {noun} ({}) needs the permission {key}",
                text.file
            )));
        }
    }
    Ok(())
}

impl Run<'_> {
    async fn finish(mut self) -> Result<ConfigurationReport, AppError> {
        self.report.errors.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
        self.report.ok = self.report.errors.is_empty();
        if self.mode.pretend || !self.report.ok {
            self.tx.rollback().await?;
            return Ok(self.report);
        }
        let happened =
            [Action::Created, Action::Changed, Action::Deleted].map(|action| self.report.count(action));
        let went_live = self.report.changes.iter().filter(|change| change.published).count();
        self.report.applied = true;
        if happened == [0, 0, 0] && went_live == 0 {
            self.tx.rollback().await?;
            return Ok(self.report);
        }
        let [created, changed, deleted] = happened;
        let details =
            json!({ "created": created, "changed": changed, "deleted": deleted, "published": went_live });
        let note = Note::new("configuration.applied", "configuration").details(details);
        audit::write(self.app, &mut *self.tx, self.actor, note).await?;
        self.tx.commit().await?;
        configuration_changed(self.app).await?;
        Ok(self.report)
    }

    /// Refuses to go on when the caller may not do what a text asks for.
    pub(super) fn need(&self, permission: Permission, what: &str, file: &str) -> Result<(), AppError> {
        if self.mode.look || self.actor.may(permission) {
            return Ok(());
        }
        Err(AppError::Forbidden(format!("{what} ({file}) needs the permission {}", permission.key())))
    }

    /// A mistake of a text.
    pub(super) fn error(&mut self, file: &str, place: Place, field: &str, message: impl Into<String>) {
        let error = TextError { place, field: field.to_owned(), message: message.into() };
        self.report.errors.push(problem(file, error, Prevents::Applying));
    }

    pub(super) fn errors(&mut self, file: &str, errors: Vec<TextError>) {
        self.report.errors.extend(errors.into_iter().map(|error| problem(file, error, Prevents::Applying)));
    }

    /// Values that a use case refuses, at the places where the text says them. Everything else goes on.
    pub(super) fn refused<T>(
        &mut self,
        file: &str,
        places: &Places,
        outcome: Result<T, AppError>,
    ) -> Result<Option<T>, AppError> {
        match outcome {
            Ok(value) => Ok(Some(value)),
            Err(AppError::Invalid(errors)) => {
                for FieldError { field, code: _, reason } in errors {
                    let field = field.trim_start_matches('/').trim_start_matches("draft/");
                    let field = field.trim_start_matches("stream/");
                    let name = field.rsplit('/').next().unwrap_or(field);
                    self.error(file, places.of(field), field, format!("“{name}” {reason}."));
                }
                Ok(None)
            }
            Err(AppError::Conflict(message)) => {
                self.error(file, places.of(""), "", sentence(&message));
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// Notes what happens to an object; where it stands in the report.
    pub(super) fn change(&mut self, change: PlannedChange) -> usize {
        self.report.changes.push(change);
        self.report.changes.len() - 1
    }
}

pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// The lines in which two texts differ.
pub(super) fn shown_difference(before: &str, after: &str) -> Vec<ShownLine> {
    let line = |line: DiffLine| match line {
        DiffLine::Same(text) => ShownLine { sign: Sign::Same, text },
        DiffLine::Removed(text) => ShownLine { sign: Sign::Removed, text },
        DiffLine::Added(text) => ShownLine { sign: Sign::Added, text },
        DiffLine::Gap(count) => ShownLine { sign: Sign::Gap, text: count.to_string() },
    };
    difference(before, after, CONTEXT).into_iter().map(line).collect()
}
