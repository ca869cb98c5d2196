//! `cargo xtask test`: everything, or one part; ends with `N passed, M failed, K skipped`.

use crate::shell::{self, Outcome};
use crate::{demo, regen, setup, tidy, web};
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What the runs so far counted.
#[derive(Default)]
struct Tally {
    passed: u64,
    failed: u64,
    skipped: u64,
    failures: Vec<String>,
}

/// Store adapters: their tests need Postgres.
const STORE: [&str; 2] = ["store-sqlite", "store-postgres"];
/// Crates whose tests speak HTTP to a server or start the binary.
const API: [&str; 2] = ["web", "usher"];

/// Runs all parts or the one that is named.
pub fn run(args: &[String]) -> Outcome {
    let part = args.first().map(String::as_str);
    if let Some(unknown) = part.filter(|p| !["unit", "store", "api", "e2e", "web", "lint"].contains(p)) {
        return Err(format!("unknown part {unknown:?}; there are unit, store, api, e2e, web and lint"));
    }
    let wants = |name: &str| part.is_none_or(|p| p == name);
    let begun = Instant::now();
    let mut tally = Tally::default();
    if wants("store") || wants("api") || wants("e2e") || part.is_none() {
        setup::debian_packages()?;
    }
    web::build()?;
    if wants("lint") {
        lint(&mut tally);
    }
    if wants("web") {
        browser_units(&mut tally);
    }
    let mut built = false;
    match part {
        // In one go: cargo chooses features for what it is asked for together, so that parts share little of what they compile.
        None => built = cargo_tests(&mut tally, "Rust", &["test", "--workspace", "--exclude", "xtask"]),
        Some(part) => rust_part(&mut tally, part),
    }
    if wants("api") || wants("e2e") {
        match if built { demo::binary(false) } else { demo::server(false) } {
            Ok(server) => with_server(&mut tally, &server, &wants),
            Err(message) => single(&mut tally, "server", Err(message)),
        }
    }
    finish(&tally, begun)
}

/// The tests of one part that cargo runs, if it is one of those.
fn rust_part(tally: &mut Tally, part: &str) {
    let excluded: Vec<&str> =
        ["xtask"].iter().chain(&STORE).chain(&API).flat_map(|name| ["--exclude", *name]).collect();
    match part {
        "unit" => cargo_tests(tally, part, &[&["test", "--workspace"], excluded.as_slice()].concat()),
        "store" => cargo_tests(tally, part, &["test", "-p", STORE[0], "-p", STORE[1]]),
        "api" => cargo_tests(tally, part, &["test", "-p", API[0], "-p", API[1]]),
        _ => true,
    };
}

/// The quick loop: format, lints, types, unit tests.
pub fn check() -> Outcome {
    let begun = Instant::now();
    let mut tally = Tally::default();
    setup::npm_packages()?;
    lint(&mut tally);
    browser_units(&mut tally);
    cargo_tests(
        &mut tally,
        "unit",
        &[
            "test",
            "-p",
            "kernel",
            "-p",
            "criteria",
            "-p",
            "targeting",
            "-p",
            "stream",
            "-p",
            "people",
            "-p",
            "engagement",
            "-p",
            "app",
        ],
    );
    finish(&tally, begun)
}

fn finish(tally: &Tally, begun: Instant) -> Outcome {
    for failure in &tally.failures {
        eprintln!("FAILED  {failure}");
    }
    eprintln!("in {:.0} s", begun.elapsed().as_secs_f64());
    println!("{} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.skipped);
    if tally.failed == 0 { Ok(()) } else { Err("some tests failed".to_owned()) }
}

fn lint(tally: &mut Tally) {
    single(
        tally,
        "format (Rust)",
        shell::step("format (Rust)", &mut shell::cargo(&["fmt", "--all", "--check"])),
    );
    single(tally, "repository rules", tidy::run());
    let clippy = &mut shell::cargo(&["clippy", "--quiet", "--workspace", "--all-targets"]);
    single(tally, "clippy", shell::step("clippy", clippy));
}

fn browser_units(tally: &mut Tally) {
    single(tally, "biome", shell::step("biome", &mut shell::bin("biome", &["check", "."])));
    single(tally, "TypeScript", shell::step("TypeScript", &mut shell::npm(&["run", "--silent", "types"])));
    single(
        tally,
        "widget size",
        shell::step("widget size", &mut shell::npm(&["run", "--silent", "size", "-w", "@usher/widget"])),
    );
    vitest(tally, "browser units", &["run"]);
}

/// What needs the server's binary.
fn with_server(tally: &mut Tally, server: &str, wants: &dyn Fn(&str) -> bool) {
    if wants("api") {
        single(tally, "generated files are current", regen::check_current(server));
    }
    if wants("e2e") {
        end_to_end(tally, server);
    }
}

/// Runs the journeys in Chromium against the real server, which the tests start themselves.
fn end_to_end(tally: &mut Tally, server: &str) {
    // The journeys find the server they start by this name.
    let mut command = vitest_command(&["run", "--config", "e2e/vitest.config.ts"]);
    command.env("USHER_BINARY", server);
    vitest_with(tally, "end to end", command);
}

fn single(tally: &mut Tally, name: &str, outcome: Outcome) {
    match outcome {
        Ok(()) => tally.passed += 1,
        Err(message) => {
            tally.failed += 1;
            tally.failures.push(format!("{name}: {message}"));
        }
    }
}

/// Runs cargo's test runner and adds up its closing lines; whether everything compiled and each test program ran.
fn cargo_tests(tally: &mut Tally, name: &str, args: &[&str]) -> bool {
    eprintln!("── {name}");
    let mut command = shell::cargo(args);
    command.arg("--no-fail-fast").stdout(Stdio::piped());
    let (passed, failed) = (tally.passed, tally.failed);
    let status = run_and_read(&mut command, |line| {
        if let Some(counts) = line.strip_prefix("test result: ") {
            tally.passed += count(counts, " passed");
            tally.failed += count(counts, " failed");
            tally.skipped += count(counts, " ignored");
        } else if let Some(test) = line.strip_prefix("test ").and_then(|l| l.strip_suffix(" ... FAILED")) {
            tally.failures.push(format!("{name}: {test}"));
        }
    });
    if status != Some(true) && tally.failed == failed {
        single(tally, name, Err("did not compile or ended early".to_owned()));
        return false;
    }
    if tally.passed == passed && tally.failed == failed {
        single(tally, name, Err("ran no test".to_owned()));
        return false;
    }
    true
}

fn count(line: &str, what: &str) -> u64 {
    let number = line.split(what).next().and_then(|before| before.rsplit(' ').next());
    number.and_then(|n| n.parse().ok()).unwrap_or(0)
}

fn run_and_read(command: &mut Command, mut on_line: impl FnMut(&str)) -> Option<bool> {
    let mut child = command.spawn().ok()?;
    for line in BufReader::new(child.stdout.take()?).lines().map_while(Result::ok) {
        println!("{line}");
        on_line(&line);
    }
    Some(child.wait().ok()?.success())
}

fn vitest_command(args: &[&str]) -> Command {
    shell::bin("vitest", args)
}

fn vitest(tally: &mut Tally, name: &str, args: &[&str]) {
    vitest_with(tally, name, vitest_command(args));
}

/// Runs vitest and reads the counts of its JSON report.
fn vitest_with(tally: &mut Tally, name: &str, mut command: Command) {
    let report = std::env::temp_dir().join(format!("usher-vitest-{}.json", std::process::id()));
    command
        .args(["--reporter=default", "--reporter=json"])
        .arg(format!("--outputFile.json={}", report.display()));
    let outcome = shell::step(name, &mut command);
    let json =
        fs::read_to_string(&report).ok().and_then(|t| serde_json::from_str::<serde_json::Value>(&t).ok());
    drop(fs::remove_file(&report));
    let Some(json) = json else {
        single(tally, name, Err("left no report".to_owned()));
        return;
    };
    let number = |key: &str| json[key].as_u64().unwrap_or(0);
    tally.passed += number("numPassedTests");
    tally.failed += number("numFailedTests");
    tally.skipped += number("numPendingTests") + number("numTodoTests");
    for failed in json["testResults"].as_array().into_iter().flatten() {
        for case in
            failed["assertionResults"].as_array().into_iter().flatten().filter(|c| c["status"] == "failed")
        {
            tally.failures.push(format!("{name}: {}", case["fullName"].as_str().unwrap_or("?")));
        }
    }
    if outcome.is_err() && number("numFailedTests") == 0 {
        single(tally, name, Err("a file could not be run".to_owned()));
    } else if number("numTotalTests") == 0 {
        single(tally, name, Err("ran no test".to_owned()));
    }
}
