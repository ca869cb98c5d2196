//! The repository's own commands: `cargo xtask demo | test | bench | check | tidy | regen`.

#![expect(
    clippy::disallowed_methods,
    reason = "these commands time what they run for the person at the terminal"
)]

mod bench;
mod demo;
mod regen;
mod setup;
mod shell;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <command>

  demo [--port N] [--data DIR] [--release] [--fresh]   builds everything and starts a living demo
  test [unit|store|api|e2e|web|lint]                   runs all tests, or one part
  bench [NAME …]                                       runs the benchmarks and prints figures
  check                                                the quick loop: format, lints, types, unit tests
  tidy                                                 the repository's own rules
  regen                                                generated files (OpenAPI, TypeScript types)
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    let result = match args.first().map(String::as_str) {
        Some("demo") => demo::run(rest),
        Some("test") => test::run(rest),
        Some("bench") => bench::run(rest),
        Some("check") => test::check(),
        Some("tidy") => tidy::run(),
        Some("regen") => regen::run(),
        Some("help" | "--help" | "-h") | None => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(format!("unknown command {other:?}\n\n{HELP}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
