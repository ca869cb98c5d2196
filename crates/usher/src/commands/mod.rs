//! Commands that do one thing and end. They call the same use cases as the API.

pub mod import;
pub mod remote;
pub mod sample;
pub mod texts;
pub mod token;
pub mod user;

use std::io::{IsTerminal, Read};

/// A secret from standard input: the first line of a pipe, or asked for on a terminal.
fn secret_from_input(what: &str) -> Result<String, String> {
    if std::io::stdin().is_terminal() {
        eprint!("{what}: ");
    }
    let mut text = String::new();
    if std::io::stdin().is_terminal() {
        std::io::stdin().read_line(&mut text).map_err(|e| e.to_string())?;
    } else {
        std::io::stdin().read_to_string(&mut text).map_err(|e| e.to_string())?;
    }
    let line = text.lines().next().unwrap_or_default().to_owned();
    if line.is_empty() { Err(format!("no {what} was given")) } else { Ok(line) }
}

/// An error of a use case as a sentence, with the refused values named.
fn said(error: &app::AppError) -> String {
    match error {
        app::AppError::Invalid(fields) => fields
            .iter()
            .map(|f| format!("{} {}", f.field.trim_start_matches('/'), f.reason))
            .collect::<Vec<_>>()
            .join("; "),
        app::AppError::Unavailable(cause) => format!("{error} ({cause})"),
        app::AppError::Internal(cause) => format!("{error} ({cause})"),
        other => other.to_string(),
    }
}
