//! Building the browser side, when its sources changed.

use crate::setup;
use crate::shell::{self, Outcome, step};
use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// Builds widget and console into their `dist` folders if any source is newer than the last build.
pub fn build() -> Outcome {
    setup::npm_packages()?;
    let web = shell::root().join("web");
    let stamp = web.join("node_modules/.usher-built");
    let built = fs::metadata(&stamp).and_then(|m| m.modified()).ok();
    let outputs = ["apps/widget/dist/manifest.json", "apps/console/dist/index.html"];
    let complete = outputs.iter().all(|o| web.join(o).is_file());
    if complete && built.is_some_and(|at| newest(&web) <= Some(at)) {
        return Ok(());
    }
    step("widget and console", &mut shell::npm(&["run", "--silent", "build"]))?;
    fs::write(stamp, "").map_err(|e| format!("node_modules: {e}"))
}

fn newest(dir: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(dir).ok()?.flatten();
    entries
        .filter(|e| !matches!(e.file_name().to_str(), Some("node_modules" | "dist" | "e2e" | "results")))
        .filter_map(|e| {
            let path = e.path();
            if path.is_dir() { newest(&path) } else { e.metadata().and_then(|m| m.modified()).ok() }
        })
        .max()
}
