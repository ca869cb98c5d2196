//! The repository's own rules: which crate may see which, licences, words that must not stand in sources.

use crate::shell::{self, Outcome};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Licences that may be linked (SPDX, as cargo names them).
const LICENCES: [&str; 14] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MPL-2.0",
    "Unicode-3.0",
    "Zlib",
    "0BSD",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "Unlicense",
];

/// Crates that build a second TLS or crypto stack.
const BANNED: [&str; 4] = ["openssl-sys", "native-tls", "aws-lc-sys", "openssl"];

/// Whatever can call an address is a dependency of the guarded client alone (rule R24); the command line calls the server
/// that its operator names.
const HTTP_CLIENTS: [&str; 5] = ["reqwest", "ureq", "isahc", "hyper-util", "curl"];
const HTTP_CLIENT_HOMES: [&str; 2] = ["outbound", "usher"];

/// Words that turn text into markup or code in a browser, and machine paths.
const FORBIDDEN_IN_WEB: [&str; 7] = [
    "innerHTML",
    "outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "dangerouslySetInnerHTML",
    "eval(",
    "new Function(",
];

/// Checks everything and names every breach.
pub fn run() -> Outcome {
    let mut breaches = Vec::new();
    let metadata = shell::output(&mut shell::cargo(&["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Json = serde_json::from_str(&metadata).map_err(|e| e.to_string())?;
    check_arrows(&metadata, &mut breaches)?;
    check_licences(&metadata, &mut breaches);
    check_web(&mut breaches);
    check_paths(&mut breaches)?;
    if breaches.is_empty() {
        eprintln!("── tidy: fine");
        return Ok(());
    }
    Err(format!("tidy found {}:\n  {}", breaches.len(), breaches.join("\n  ")))
}

/// A crate may depend only on what its row in ARCHITECTURE.md says.
fn check_arrows(metadata: &Json, breaches: &mut Vec<String>) -> Outcome {
    let text = fs::read_to_string(shell::root().join("ARCHITECTURE.md"))
        .map_err(|e| format!("ARCHITECTURE.md: {e}"))?;
    let allowed = table(&text);
    let members: BTreeSet<&str> = strings(&metadata["workspace_members"]);
    let packages: Vec<&Json> =
        array(&metadata["packages"]).filter(|p| members.contains(p["id"].as_str().unwrap_or(""))).collect();
    let names: BTreeSet<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    for package in &packages {
        let name = package["name"].as_str().unwrap_or_default();
        let Some(row) = allowed.get(name) else {
            breaches.push(format!("crate {name} has no row in ARCHITECTURE.md"));
            continue;
        };
        for dependency in array(&package["dependencies"]).filter(|d| d["kind"].is_null()) {
            let on = dependency["name"].as_str().unwrap_or_default();
            if names.contains(on) && !row.contains(on) {
                breaches
                    .push(format!("{name} depends on {on}, which its row in ARCHITECTURE.md does not allow"));
            }
            if HTTP_CLIENTS.contains(&on) && !HTTP_CLIENT_HOMES.contains(&name) {
                breaches.push(format!("{name} depends on {on}; outgoing requests go through outbound"));
            }
        }
    }
    for row in allowed.keys().filter(|r| !names.contains(r.as_str())) {
        breaches.push(format!("ARCHITECTURE.md has a row for {row}, which is no crate"));
    }
    Ok(())
}

/// Rows of the form `| crate | a, b, c | … |` between the marks.
fn table(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let inside = text.split("<!-- arrows -->").nth(1).unwrap_or_default();
    let cells = |line: &str| line.split('|').map(|c| c.trim().to_owned()).collect::<Vec<_>>();
    inside
        .lines()
        .filter(|l| l.starts_with('|') && !l.contains("---") && !l.starts_with("| crate "))
        .map(cells)
        .filter(|c| c.len() > 2)
        .map(|c| {
            (
                c[1].clone(),
                c[2].split([',', ' ']).filter(|w| !w.is_empty() && *w != "–").map(str::to_owned).collect(),
            )
        })
        .collect()
}

fn check_licences(metadata: &Json, breaches: &mut Vec<String>) {
    for package in array(&metadata["packages"]).filter(|p| !p["source"].is_null()) {
        let name = package["name"].as_str().unwrap_or_default();
        if BANNED.contains(&name) {
            breaches.push(format!("{name}: one crypto stack only (ring)"));
        }
        let licence = package["license"].as_str().unwrap_or_default();
        let licence = licence.replace('/', " OR ").replace(['(', ')'], "");
        let fine = licence
            .split(" OR ")
            .any(|choice| choice.split(" AND ").all(|part| LICENCES.contains(&part.trim())));
        if !fine {
            breaches.push(format!("{name}: licence {licence:?} is not on the list"));
        }
    }
}

fn check_web(breaches: &mut Vec<String>) {
    each_file(&shell::root().join("web"), &mut |path, text| {
        let source = matches!(path.extension().and_then(|e| e.to_str()), Some("ts" | "tsx" | "js" | "mjs"));
        let generated = path.ends_with("schema.d.ts");
        if source && !generated && !path.components().any(|c| c.as_os_str() == "e2e") {
            for word in FORBIDDEN_IN_WEB.iter().filter(|w| text.contains(**w)) {
                breaches.push(format!("{}: {word} (text becomes markup or code)", path.display()));
            }
        }
    });
}

/// Nothing names the machine it was written on.
fn check_paths(breaches: &mut Vec<String>) -> Outcome {
    let listed = shell::output(&mut shell::command("git", &["ls-files"]))?;
    for name in listed.lines().filter(|n| {
        !n.ends_with("Cargo.lock") && !n.ends_with("package-lock.json") && !n.starts_with("xtask/src/tidy.rs")
    }) {
        let Ok(text) = fs::read_to_string(shell::root().join(name)) else { continue };
        for word in ["/root/", "/work/main", "/work/shared", "/tmp/seams"] {
            if text.contains(word) {
                breaches.push(format!("{name}: names a path of one machine ({word})"));
            }
        }
    }
    Ok(())
}

fn each_file(dir: &Path, visit: &mut impl FnMut(&Path, &str)) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if matches!(name.to_str(), Some("node_modules" | "dist")) {
            continue;
        }
        if path.is_dir() {
            each_file(&path, visit);
        } else if let Ok(text) = fs::read_to_string(&path) {
            visit(&path, &text);
        }
    }
}

fn array(value: &Json) -> impl Iterator<Item = &Json> {
    value.as_array().into_iter().flatten()
}

fn strings(value: &Json) -> BTreeSet<&str> {
    array(value).filter_map(Json::as_str).collect()
}
