//! Load generators and figures: drives the release binary on loopback and prints what it measured beside what
//! `contract.md` asks. Run through `cargo xtask bench`.
#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]

mod faults;
mod figures;
mod import;
mod load;
mod pages;
mod sockets;
mod start;
mod steps;
mod talks;

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "bench <page-view|step|import|start|sockets|faults> --binary PATH [--rows N] [--seconds N] [--connections N] [--store sqlite|postgres]";

/// What every benchmark is given.
pub struct Options {
    /// The release binary under test.
    pub binary: PathBuf,
    /// People in the store.
    pub rows: u64,
    /// Seconds of each measured stretch.
    pub seconds: u64,
    /// Open sockets.
    pub connections: usize,
    /// Only this database, where a benchmark measures both.
    pub store: Option<String>,
}

fn options(args: &[String]) -> Result<Options, String> {
    let value = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1));
    let number = |name: &str, default: u64| {
        value(name).map_or(Ok(default), |v| v.parse().map_err(|_| format!("{name} takes a number")))
    };
    let binary = value("--binary").map(PathBuf::from).ok_or_else(|| HELP.to_owned())?;
    let (rows, seconds) = (number("--rows", 1_000_000)?, number("--seconds", 8)?);
    let connections = usize::try_from(number("--connections", 10_000)?).map_err(|e| e.to_string())?;
    Ok(Options { binary, rows, seconds, connections, store: value("--store").cloned() })
}

#[tokio::main]
async fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match (args.first().map(String::as_str), options(&args)) {
        (_, Err(message)) => Err(message),
        (Some("page-view"), Ok(o)) => pages::run(&o).await,
        (Some("step"), Ok(o)) => steps::run(&o).await,
        (Some("import"), Ok(o)) => import::run(&o).await,
        (Some("start"), Ok(o)) => start::run(&o).await,
        (Some("sockets"), Ok(o)) => sockets::run(&o).await,
        (Some("faults"), Ok(o)) => faults::run(&o).await,
        _ => Err(HELP.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
