//! `cargo xtask demo`: from a fresh clone to a running site.

use crate::shell::{self, Outcome, step};
use crate::web;
use std::os::unix::process::CommandExt;

/// Builds the browser side and the server, then becomes `usher demo`.
pub fn run(args: &[String]) -> Outcome {
    let mut release = false;
    let mut pass: Vec<String> = vec!["demo".to_owned()];
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--release" => release = true,
            "--fresh" | "--json" => pass.push(arg.clone()),
            "--port" => {
                let port: u16 = rest
                    .next()
                    .and_then(|p| p.parse().ok())
                    .ok_or("--port takes a number from 1 to 65535")?;
                pass.extend(["--listen".to_owned(), format!("127.0.0.1:{port}")]);
            }
            "--data" => {
                pass.extend(["--data".to_owned(), rest.next().ok_or("--data takes a folder")?.clone()])
            }
            other => {
                return Err(format!(
                    "unknown option {other:?}; demo takes --port, --data, --release, --fresh, --json"
                ));
            }
        }
    }
    web::build()?;
    let binary = server(release)?;
    let error = shell::command(&binary, &[]).args(&pass).exec();
    Err(format!("cannot start {binary}: {error}"))
}

/// Builds the server and returns the path of its binary.
pub fn server(release: bool) -> Result<String, String> {
    let mut args = vec!["build", "--package", "usher"];
    if release {
        args.push("--release");
    }
    step("server", &mut shell::cargo(&args))?;
    binary(release)
}

/// Where cargo puts the server's binary.
pub fn binary(release: bool) -> Result<String, String> {
    let metadata = shell::output(&mut shell::cargo(&["metadata", "--format-version", "1", "--no-deps"]))?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata).map_err(|e| e.to_string())?;
    let target = metadata["target_directory"].as_str().ok_or("cargo metadata names no target folder")?;
    Ok(format!("{target}/{}/usher", if release { "release" } else { "debug" }))
}
