//! `usher export`.

use super::{Through, folder};
use crate::commands::said;
use crate::config::Config;
use crate::wire;
use app::access::Actor;
use app::configuration;
use clap::Args;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use textform::{Document, Head, says_the_same};

/// What is exported and where to.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  usher export --out conversations\n  usher export --out conversations --published --prune\n  usher export --out conversations --url https://usher.example.com --token ust_…"
)]
pub struct ExportArgs {
    /// The folder; texts in it that say the same already stay as they are
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The live versions instead of the drafts, and only what is live
    #[arg(long)]
    published: bool,
    /// Remove texts from the folder whose objects are not exported
    #[arg(long)]
    prune: bool,
    /// Print what was done as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    through: Through,
}

/// Writes the texts of an instance into a folder.
pub async fn export(config: &Config, args: ExportArgs) -> Result<(), String> {
    let (files, left_out) = exported(config, &args).await?;
    let there = if args.out.is_dir() { folder::read(&args.out)? } else { BTreeMap::new() };
    let plan = Plan::of(&files, &there);
    for (path, text) in &plan.written {
        let file = folder::within(&args.out, path);
        let said = |e: std::io::Error| format!("{}: {e}", file.display());
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).map_err(said)?;
        }
        fs::write(&file, text).map_err(said)?;
    }
    for path in plan.left.iter().filter(|_| args.prune) {
        let file = folder::within(&args.out, path);
        fs::remove_file(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    }
    tell(&args, &plan, &left_out);
    Ok(())
}

async fn exported(
    config: &Config,
    args: &ExportArgs,
) -> Result<(BTreeMap<String, String>, Vec<String>), String> {
    let Some(server) = args.through.server()? else {
        let instance = wire::open(config).await?;
        let outcome = configuration::export(&instance.app, &Actor::command_line(), args.published).await;
        instance.app.store().close().await;
        return outcome.map(|all| (all.files, all.left_out)).map_err(|e| said(&e));
    };
    let all = server.get(&format!("/api/v1/configuration?published={}", args.published)).await?;
    let texts = all["files"].as_object().into_iter().flatten();
    let files = texts.filter_map(|(path, text)| Some((path.clone(), text.as_str()?.to_owned())));
    let left_out = all["left_out"].as_array().into_iter().flatten();
    let left_out = left_out.filter_map(|words| words.as_str().map(str::to_owned));
    Ok((files.filter(|(path, _)| is_harmless(path)).collect(), left_out.collect()))
}

/// Whatever a server says, nothing is written outside of the folder.
fn is_harmless(path: &str) -> bool {
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0']);
    path.ends_with(".toml") && path.split('/').all(part)
}

/// Which texts are written where, which stay, and which have no object any more.
#[derive(Debug, Default, PartialEq, Eq)]
struct Plan {
    written: BTreeMap<String, String>,
    same: BTreeSet<String>,
    left: BTreeSet<String>,
}

type Key = (textform::Kind, Option<String>, String);

fn key(text: &str) -> Option<Key> {
    let document = Document::open(text).ok()?;
    let Head { kind, site, reference, .. } = document.head().clone();
    Some((kind, site, reference))
}

impl Plan {
    /// A text that is there already keeps its place, and its comments when it says the same.
    fn of(files: &BTreeMap<String, String>, there: &BTreeMap<String, String>) -> Self {
        let places: BTreeMap<Key, &String> =
            there.iter().filter_map(|(path, text)| Some((key(text)?, path))).collect();
        let mut plan = Self::default();
        let mut used = BTreeSet::new();
        for (path, text) in files {
            let known = key(text).and_then(|key| places.get(&key).copied());
            if let Some(path) = known {
                used.insert(path.clone());
                match there.get(path) {
                    Some(before) if says_the_same(before, text) => drop(plan.same.insert(path.clone())),
                    _ => drop(plan.written.insert(path.clone(), text.clone())),
                }
                continue;
            }
            let path = free(path, |path| there.contains_key(path) || plan.written.contains_key(path));
            plan.written.insert(path, text.clone());
        }
        plan.left = places.into_values().filter(|path| !used.contains(*path)).cloned().collect();
        plan
    }
}

fn free(path: &str, taken: impl Fn(&str) -> bool) -> String {
    let stem = path.trim_end_matches(".toml");
    let numbered = (2..).map(|number: u32| format!("{stem}-{number}.toml"));
    std::iter::once(path.to_owned()).chain(numbered).find(|path| !taken(path)).unwrap_or_default()
}

fn tell(args: &ExportArgs, plan: &Plan, left_out: &[String]) {
    let Plan { written, same, left } = plan;
    if args.json {
        let written: Vec<&String> = written.keys().collect();
        let (removed, left) =
            if args.prune { (left.clone(), BTreeSet::new()) } else { (BTreeSet::new(), left.clone()) };
        let done = json!({ "written": written, "unchanged": same, "removed": removed, "left": left, "left_out": left_out });
        println!("{done}");
        return;
    }
    for path in written.keys() {
        println!("{}", folder::within(&args.out, path).display());
    }
    for path in left {
        let what = if args.prune { "removed" } else { "its object is not exported; --prune removes it" };
        println!("{}: {what}", folder::within(&args.out, path).display());
    }
    for what in left_out {
        println!("not exported: {what}");
    }
    println!("{} written, {} unchanged.", written.len(), same.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(texts: &[(&str, &str)]) -> BTreeMap<String, String> {
        texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn texts_keep_their_places_and_comments() {
        let there = folder(&[
            ("ours/shop.toml", "# Ours\nkind = \"site\"\nname = \"Shop\"\n"),
            ("sites/blog.toml", "kind = \"site\"\nname = \"Gone\"\n"),
            ("lists.toml", "kind = \"lists\"\nlists = [\"A\"]\n"),
            ("Cargo.toml", "[package]\n"),
        ]);
        let files = folder(&[
            ("sites/shop.toml", "kind = \"site\"\nname = \"Shop\"\n"),
            ("sites/blog.toml", "kind = \"site\"\nname = \"Blog\"\n"),
            ("lists.toml", "kind = \"lists\"\nlists = [\n  \"A\",\n  \"B\",\n]\n"),
        ]);
        let plan = Plan::of(&files, &there);
        assert_eq!(plan.same, BTreeSet::from(["ours/shop.toml".to_owned()]));
        let written: Vec<&String> = plan.written.keys().collect();
        assert_eq!(
            written,
            ["lists.toml", "sites/blog-2.toml"],
            "a text of something else is never overwritten"
        );
        assert_eq!(plan.left, BTreeSet::from(["sites/blog.toml".to_owned()]));
    }

    #[test]
    fn a_server_cannot_write_elsewhere() {
        for path in
            ["../x.toml", "/etc/x.toml", "a/../../x.toml", "a\\x.toml", "c:/x.toml", ".git/x.toml", "x.sh"]
        {
            assert!(!is_harmless(path), "{path}");
        }
        assert!(is_harmless("dialogues/acme/book-a-demo.toml"));
    }
}
