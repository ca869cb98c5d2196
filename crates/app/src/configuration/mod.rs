//! Configuration as text: export, check and apply of sites, dialogues, flows and what they share (spec 04, *as text*).
//!
//! The form of the texts is the business of `textform`. Here names are looked up, differences become a plan, and the plan
//! is carried out in one unit of work: all of it or nothing. A check is the same work, thrown away at the end, so that it
//! never says anything else than what would happen.

mod alone;
mod dialogues;
mod export;
mod folder;
mod publishing;
mod run;
mod shapes;
mod shared;
mod sites;
mod world;

pub use alone::check_alone;
pub use export::{export, text_of};
pub use shapes::{
    Action, ConfigurationFiles, ConfigurationReport, PlannedChange, Prevents, ShownLine, Sign, TestedScript,
    TextFile, TextProblem,
};

use crate::{App, AppError, FieldError, access::Actor};
use std::collections::BTreeMap;

/// The most texts of one folder.
pub const MOST_FILES: usize = 5_000;

/// How a folder is applied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ApplyOptions {
    /// Everything is tried and thrown away.
    pub dry_run: bool,
    /// Dialogues and flows go live where they differ from what is live.
    pub publish: bool,
    /// Dialogues and flows that the folder does not have are deleted on the sites that it has.
    pub prune: bool,
}

/// Says what applying and publishing the texts would do and what stands against it. Nothing is changed.
pub async fn check(
    app: &App,
    actor: &Actor,
    files: &BTreeMap<String, String>,
) -> Result<ConfigurationReport, AppError> {
    few_enough(files)?;
    run::run(app, actor, files, run::Mode::CHECK).await
}

/// Makes the instance say what the texts say. With a problem nothing is changed; the report tells which.
pub async fn apply(
    app: &App,
    actor: &Actor,
    files: &BTreeMap<String, String>,
    options: ApplyOptions,
) -> Result<ConfigurationReport, AppError> {
    few_enough(files)?;
    run::run(app, actor, files, run::Mode::of(options)).await
}

fn few_enough(files: &BTreeMap<String, String>) -> Result<(), AppError> {
    match files.len() {
        0 => Err(AppError::invalid("/files", "required", "has no text")),
        1..=MOST_FILES => Ok(()),
        _ => Err(AppError::invalid("/files", "too_many", format!("has more than {MOST_FILES} texts"))),
    }
}

/// The problems of a report as the refusal of a request names them.
pub fn refused(report: &ConfigurationReport) -> AppError {
    let field = |problem: &TextProblem| {
        let file = problem.file.replace('~', "~0").replace('/', "~1");
        let place = format!("line {}, column {}", problem.line, problem.column);
        let within = if problem.field.is_empty() { String::new() } else { format!(" ({})", problem.field) };
        FieldError::new(format!("/files/{file}"), "text", format!("{place}{within}: {}", problem.message))
    };
    AppError::Invalid(report.errors.iter().map(field).collect())
}
