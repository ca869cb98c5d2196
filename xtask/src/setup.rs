//! What a fresh machine lacks: Debian packages for the tests, npm packages for everything.

use crate::shell::{self, Outcome, step};
use std::fs;
use std::path::Path;

/// A program or file that a test needs and the Debian package that brings it.
const DEBIAN: [(&str, &str); 4] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/lib/postgresql", "postgresql"),
    ("/usr/sbin/nats-server", "nats-server"),
    ("/usr/bin/strace", "strace"),
];

/// Installs what the tests need; as root through apt-get, otherwise prints the one line to run.
pub fn debian_packages() -> Outcome {
    let missing: Vec<&str> =
        DEBIAN.iter().filter(|(path, _)| !present(path)).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let line = format!("apt-get install -y --no-install-recommends {}", missing.join(" "));
    if !is_root() || !shell::exists("apt-get") {
        return Err(format!(
            "The tests need packages that are not installed. Please run:\n\n  sudo {line}\n"
        ));
    }
    step("package lists", &mut shell::command("apt-get", &["update", "-q"]))?;
    let mut install = shell::command("sh", &["-c", &line]);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    step(&format!("installing {}", missing.join(", ")), &mut install)
}

fn present(path: &str) -> bool {
    let name = Path::new(path).file_name().and_then(|n| n.to_str()).unwrap_or_default();
    Path::new(path).exists() || shell::exists(name)
}

fn is_root() -> bool {
    shell::output(&mut shell::command("id", &["-u"])).is_ok_and(|id| id.trim() == "0")
}

/// Installs the browser side's packages when the lock file changed since the last time.
pub fn npm_packages() -> Outcome {
    if !shell::exists("npm") {
        return Err("Node.js with npm is needed to build the browser side (Node 20 or newer).".to_owned());
    }
    let web = shell::root().join("web");
    let lock = fs::read_to_string(web.join("package-lock.json"))
        .map_err(|e| format!("web/package-lock.json: {e}"))?;
    let stamp = web.join("node_modules/.usher-lock");
    if fs::read_to_string(&stamp).is_ok_and(|seen| seen == lock) {
        return Ok(());
    }
    step("browser packages", &mut shell::npm(&["ci", "--no-audit", "--no-fund"]))?;
    fs::write(stamp, lock).map_err(|e| format!("node_modules: {e}"))
}
