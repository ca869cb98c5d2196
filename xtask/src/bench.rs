//! `cargo xtask bench [NAME …]`: release builds, figures beside those of the contract, ratios within one run.

use crate::demo;
use crate::shell::{self, Outcome, step};
use crate::web;
use std::process::Command;

/// What a benchmark is.
enum Kind {
    /// An example of a pure crate: `(crate, example)`.
    Example(&'static str, &'static str),
    /// A load on the release binary, by the name that the `bench` crate gives it.
    Load(&'static str),
    /// Chromium works with pages of the demo; by the name of its file in `web/e2e/bench`.
    Browser(&'static str),
}

/// All of them by name, in the order in which they run.
const BENCHES: [(&str, Kind); 12] = [
    ("criteria", Kind::Example("criteria", "criteria_bench")),
    ("resolve", Kind::Example("targeting", "resolve_bench")),
    ("engine", Kind::Example("stream", "step_bench")),
    ("slots", Kind::Example("scheduling", "slots_bench")),
    ("widget", Kind::Browser("widget.bench")),
    ("canvas", Kind::Browser("canvas.bench")),
    ("page-view", Kind::Load("page-view")),
    ("step", Kind::Load("step")),
    ("import", Kind::Load("import")),
    ("start", Kind::Load("start")),
    ("sockets", Kind::Load("sockets")),
    ("faults", Kind::Load("faults")),
];

/// Runs the named benchmarks, or all. Options behind `--` go to the loads (`-- --rows 100000 --seconds 4`).
pub fn run(args: &[String]) -> Outcome {
    let mut parts = args.split(|a| a == "--");
    let (names, options) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    for name in names {
        if !BENCHES.iter().any(|(n, _)| n == name) {
            let known: Vec<&str> = BENCHES.iter().map(|(n, _)| *n).collect();
            return Err(format!("unknown benchmark {name:?}; there are {}", known.join(", ")));
        }
    }
    web::build()?;
    let binary = demo::server(true)?;
    let mut failed = Vec::new();
    for (name, kind) in BENCHES.iter().filter(|(n, _)| names.is_empty() || names.iter().any(|a| a == n)) {
        if step(name, command(kind, &binary).args(extra(kind, options))).is_err() {
            failed.push(*name);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("ended with an error: {}", failed.join(", "))) }
}

fn command(kind: &Kind, binary: &str) -> Command {
    match kind {
        Kind::Example(package, example) => {
            shell::cargo(&["run", "--release", "--quiet", "--package", package, "--example", example])
        }
        Kind::Load(name) => shell::cargo(&[
            "run",
            "--release",
            "--quiet",
            "--package",
            "bench",
            "--",
            name,
            "--binary",
            binary,
        ]),
        Kind::Browser(file) => {
            let mut command = shell::bin("vitest", &["run", "--config", "e2e/bench/vitest.config.ts", file]);
            command.env("USHER_BINARY", binary);
            command
        }
    }
}

/// Only the loads take options.
fn extra<'a>(kind: &Kind, options: &'a [String]) -> &'a [String] {
    if matches!(kind, Kind::Load(_)) { options } else { &[] }
}
