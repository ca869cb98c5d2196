//! Generated files: the OpenAPI document and the TypeScript types made of it.

use crate::demo;
use crate::setup;
use crate::shell::{self, Outcome, step};
use std::fs;

const OPENAPI: &str = "web/packages/api/openapi.json";
const SCHEMA: &str = "web/packages/api/src/schema.d.ts";

/// Writes the generated files anew.
pub fn run() -> Outcome {
    write(&demo::server(false)?)
}

fn write(server: &str) -> Outcome {
    setup::npm_packages()?;
    let document = shell::output(&mut shell::command(server, &["openapi"]))?;
    let path = shell::root().join(OPENAPI);
    fs::write(&path, document).map_err(|e| format!("{OPENAPI}: {e}"))?;
    step(
        "TypeScript types",
        &mut shell::bin(
            "openapi-typescript",
            &["packages/api/openapi.json", "-o", "packages/api/src/schema.d.ts"],
        ),
    )
}

/// Fails when a generated file is not what its source gives now, as this binary of the server tells it; the files are left
/// as they were found.
pub fn check_current(server: &str) -> Outcome {
    let before = read_both();
    write(server)?;
    let after = read_both();
    for ((name, old), (_, new)) in before.iter().zip(&after) {
        if old != new {
            if let Some(old) = old {
                fs::write(shell::root().join(name), old).map_err(|e| format!("{name}: {e}"))?;
            }
            return Err(format!("{name} is not current: run `cargo xtask regen` and commit it"));
        }
    }
    Ok(())
}

fn read_both() -> [(&'static str, Option<String>); 2] {
    [OPENAPI, SCHEMA].map(|name| (name, fs::read_to_string(shell::root().join(name)).ok()))
}
