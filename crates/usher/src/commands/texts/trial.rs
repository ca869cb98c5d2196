//! `usher test-dialogue`: plays the tests of texts, without server or store.

use super::{folder, report};
use crate::ambient::SystemClock;
use crate::config::Config;
use app::configuration::{ConfigurationReport, check_alone};
use clap::Args;
use jiff::tz::TimeZone;
use kernel::Clock;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Which texts are tested.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  usher test-dialogue conversations\n  usher test-dialogue conversations/dialogues/acme/book-a-demo.toml --json\n\nFlows, sites and attributes that the texts refer to are found in the same folder."
)]
pub struct TestArgs {
    /// Texts of dialogues and flows, or folders of them
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Print the results as JSON
    #[arg(long)]
    json: bool,
}

/// Plays the tests.
pub fn test(config: &Config, args: &TestArgs) -> Result<(), String> {
    let mut tests = ConfigurationReport::default();
    for path in &args.paths {
        let found = one(config, path)?;
        tests.tests.extend(found.tests);
        tests.errors.extend(found.errors);
    }
    let failed = tests.tests.iter().filter(|test| test.failure.is_some()).count();
    let passed = tests.tests.len() - failed;
    tests.ok = failed == 0 && tests.errors.is_empty();
    if args.json {
        println!("{}", json!({ "ok": tests.ok, "tests": tests.tests, "errors": tests.errors }));
    } else {
        report::print_tests(&json!(tests));
        for error in &tests.errors {
            eprintln!("{}:{}:{}: {}", error.file, error.line, error.column, error.message);
        }
        println!("{passed} passed, {failed} failed.");
    }
    match (tests.errors.len(), failed) {
        (0, 0) => Ok(()),
        (0, failed) => Err(format!("{failed} of {} tests failed", tests.tests.len())),
        (errors, _) => Err(format!("{errors} mistakes in the texts")),
    }
}

/// What a text, or the texts of a folder, come to with everything around them.
fn one(config: &Config, path: &Path) -> Result<ConfigurationReport, String> {
    let (root, files, wanted) = around(path)?;
    let zone = TimeZone::get(&config.time_zone).unwrap_or(TimeZone::UTC);
    let mut found = check_alone(&files, SystemClock.now(), &zone);
    let is_wanted = |file: &str| wanted.as_deref().is_none_or(|wanted| wanted == file);
    let shown = |file: &str| folder::within(&root, file).display().to_string();
    found.tests.retain(|test| is_wanted(&test.file));
    found
        .errors
        .retain(|error| is_wanted(&error.file) && error.prevents == app::configuration::Prevents::Applying);
    for test in &mut found.tests {
        test.file = shown(&test.file);
    }
    for error in &mut found.errors {
        error.file = shown(&error.file);
    }
    Ok(found)
}

/// A folder, its texts by path, and the one that is meant; none for all.
type Around = (PathBuf, BTreeMap<String, String>, Option<String>);

/// The folder around a path with its texts, and the one that is meant; none for all.
fn around(path: &Path) -> Result<Around, String> {
    if path.is_dir() {
        return Ok((path.to_owned(), folder::read(path)?, None));
    }
    let whole = fs::canonicalize(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let own = whole.parent().unwrap_or(Path::new("/"));
    let is_root = |folder: &&Path| {
        ["flows", "sites", "dialogues"].iter().any(|name| folder.join(name).is_dir())
            || folder.join("attributes.toml").is_file()
    };
    // dialogues/SITE/NAME.toml: the root is two folders up.
    let root = own.ancestors().take(4).find(is_root).unwrap_or(own);
    let files = folder::read(root)?;
    let within = whole.strip_prefix(root).unwrap_or(&whole);
    let wanted: Vec<String> = within.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    let wanted = wanted.join("/");
    if !files.contains_key(&wanted) {
        return Err(format!("{} is not a text that ends with .toml", path.display()));
    }
    Ok((root.to_owned(), files, Some(wanted)))
}
