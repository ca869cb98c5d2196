//! A folder by itself, without an instance: what a pipeline can check before anything is running.

use super::{
    folder::{Folder, problem},
    run::sentence,
    shapes::{ConfigurationReport, Prevents, TestedScript, TextProblem},
};
use crate::AppError;
use jiff::tz::TimeZone;
use kernel::Timestamp;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use store::SiteRecord;
use textform::{Kind, TextError, trial::Trial};
use uuid::Uuid;

/// Checks texts and plays their tests; lists, documents, agents and teams are taken to be there.
pub fn check_alone(files: &BTreeMap<String, String>, at: Timestamp, zone: &TimeZone) -> ConfigurationReport {
    let (trial, errors) = Trial::of(files);
    let mut report = ConfigurationReport::default();
    report
        .errors
        .extend(errors.into_iter().map(|error| problem(&error.file, error.error, Prevents::Applying)));
    let (folder, opened) = Folder::open(files);
    // What cannot be opened was told already.
    let doubled = opened.into_iter().filter(|found| !report.errors.contains(found)).collect::<Vec<_>>();
    report.errors.extend(doubled);
    report.errors.extend(sites(&folder, at));
    for found in trial.check() {
        let list = if found.is_error { &mut report.errors } else { &mut report.warnings };
        list.push(problem(&found.file, found.found, Prevents::Publishing));
    }
    for played in trial.play(at, zone) {
        let failure = played.result.failure.map(|failure| failure.message);
        let place = played.failed_at;
        if let (Some(message), Some(place)) = (&failure, place) {
            let message = format!("The test “{}” fails: {}", played.result.name, sentence(message));
            let error = TextError { place, field: "tests".to_owned(), message };
            report.errors.push(problem(&played.file, error, Prevents::Publishing));
        }
        report.tests.push(TestedScript {
            file: played.file,
            dialogue: played.dialogue,
            name: played.result.name,
            failure,
            line: place.map(|place| place.line),
            transcript: played.result.transcript,
        });
    }
    report.errors.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    report.ok = report.errors.is_empty();
    report
}

/// What the sections of sites cannot hold.
fn sites(folder: &Folder, at: Timestamp) -> Vec<TextProblem> {
    let mut problems = Vec::new();
    for text in folder.of(Kind::Site) {
        let Ok(read) = text.document.site() else { continue };
        let Err(AppError::Invalid(errors)) = super::sites::refused(&read.value, &mut plain(at)) else {
            continue;
        };
        for error in errors {
            let field = error.field.trim_start_matches('/').to_owned();
            let name = field.rsplit('/').next().unwrap_or(&field).to_owned();
            let message = format!("“{name}” {}.", error.reason);
            let error = TextError { place: read.places.of(&field), field, message };
            problems.push(problem(&text.file, error, Prevents::Applying));
        }
    }
    problems
}

/// A site of nobody, to try values on.
fn plain(at: Timestamp) -> SiteRecord {
    SiteRecord {
        id: Uuid::nil().into(),
        name: String::new(),
        key: String::new(),
        enabled: true,
        chat_enabled: true,
        style: Json::Null,
        privacy: json!({}),
        security: json!({}),
        poke_pause_minutes: 0,
        avatar: None,
        last_seen_at: None,
        seen_hosts: Vec::new(),
        created_at: at,
        version: 1,
    }
}
