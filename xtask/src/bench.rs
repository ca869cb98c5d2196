//! `cargo xtask bench [NAME …]`: release builds, figures against those of the contract, ratios within one run.

use crate::shell::{self, Outcome, step};
use crate::web;

/// The benchmarks by name, each one program that prints its figures.
const BENCHES: [(&str, &[&str]); 2] = [
    ("criteria", &["run", "--release", "-q", "-p", "criteria", "--example", "criteria_bench"]),
    ("stream", &["run", "--release", "-q", "-p", "stream", "--example", "step_bench"]),
];

/// Runs the named benchmarks, or all.
pub fn run(args: &[String]) -> Outcome {
    web::build()?;
    for name in args {
        if !BENCHES.iter().any(|(n, _)| n == name) {
            let known: Vec<&str> = BENCHES.iter().map(|(n, _)| *n).collect();
            return Err(format!("unknown benchmark {name:?}; there are {}", known.join(", ")));
        }
    }
    for (name, command) in BENCHES.iter().filter(|(n, _)| args.is_empty() || args.iter().any(|a| a == n)) {
        step(name, &mut shell::cargo(command))?;
    }
    Ok(())
}
