//! Running other programs and saying so.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// What a step may end with: nothing, or a sentence for the person at the terminal.
pub type Outcome = Result<(), String>;

/// The repository's top folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the repository").to_path_buf()
}

/// A program in the repository's top folder.
pub fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// Cargo, the one that runs this program.
pub fn cargo(args: &[&str]) -> Command {
    command(&std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), args)
}

/// npm in the browser side's folder.
pub fn npm(args: &[&str]) -> Command {
    let mut command = command("npm", args);
    command.current_dir(root().join("web"));
    command
}

/// A program of the browser side's packages.
pub fn bin(name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(root().join("web/node_modules/.bin").join(name));
    command.args(args).current_dir(root().join("web"));
    command
}

/// Says what is done, does it, and turns a failure into a sentence.
pub fn step(title: &str, command: &mut Command) -> Outcome {
    let begun = Instant::now();
    eprintln!("── {title}");
    let status =
        command.status().map_err(|e| format!("{title}: cannot start {:?}: {e}", command.get_program()))?;
    eprintln!(
        "   {} in {:.1} s",
        if status.success() { "done" } else { "FAILED" },
        begun.elapsed().as_secs_f64()
    );
    if status.success() { Ok(()) } else { Err(format!("{title} failed")) }
}

/// The standard output of a program that must succeed.
pub fn output(command: &mut Command) -> Result<String, String> {
    let name = format!("{:?}", command.get_program());
    let out = command.stderr(Stdio::inherit()).output().map_err(|e| format!("cannot start {name}: {e}"))?;
    if out.status.success() {
        String::from_utf8(out.stdout).map_err(|e| format!("{name}: {e}"))
    } else {
        Err(format!("{name} failed"))
    }
}

/// True when a program can be found.
pub fn exists(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}
