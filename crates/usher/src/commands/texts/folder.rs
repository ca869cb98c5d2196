//! Texts in a folder of this machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// How deep folders are looked into.
const DEEPEST: usize = 16;

/// The texts (`*.toml`) of a folder and the folders in it, by path with slashes; hidden ones are left out.
pub fn read(folder: &Path) -> Result<BTreeMap<String, String>, String> {
    if !folder.is_dir() {
        return Err(format!("{} is not a folder", folder.display()));
    }
    let mut files = BTreeMap::new();
    collect(folder, "", DEEPEST, &mut files)?;
    Ok(files)
}

fn collect(
    folder: &Path,
    prefix: &str,
    depth: usize,
    files: &mut BTreeMap<String, String>,
) -> Result<(), String> {
    let said = |e: std::io::Error| format!("{}: {e}", folder.display());
    for entry in fs::read_dir(folder).map_err(said)? {
        let entry = entry.map_err(said)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            if depth > 0 {
                collect(&path, &format!("{prefix}{name}/"), depth - 1, files)?;
            }
        } else if name.ends_with(".toml") {
            files.insert(format!("{prefix}{name}"), text(&path)?);
        }
    }
    Ok(())
}

/// A text.
pub fn text(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    String::from_utf8(bytes).map_err(|_| format!("{} is not UTF-8 text", path.display()))
}

/// A path of a text within a folder.
pub fn within(folder: &Path, path: &str) -> PathBuf {
    path.split('/').fold(folder.to_owned(), |whole, part| whole.join(part))
}
