//! `usher check` and `usher apply`.

use super::{Through, folder, report};
use crate::ambient::SystemClock;
use crate::commands::said;
use crate::config::Config;
use crate::wire;
use app::access::Actor;
use app::configuration::{self, ApplyOptions};
use clap::Args;
use jiff::tz::TimeZone;
use kernel::Clock;
use serde_json::json;
use std::path::PathBuf;

/// What is checked and how.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  usher check conversations\n  usher check conversations --alone\n  usher check conversations --url https://usher.example.com --token ust_…"
)]
pub struct CheckArgs {
    /// The folder of texts
    dir: PathBuf,
    /// Without any instance: lists, documents, agents and teams are taken to be there
    #[arg(long)]
    alone: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    through: Through,
}

/// What is applied and how.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  usher apply conversations --dry-run\n  usher apply conversations --publish\n  usher apply conversations --url https://usher.example.com --token ust_… --json"
)]
pub struct ApplyArgs {
    /// The folder of texts
    dir: PathBuf,
    /// Only tell what would happen
    #[arg(long)]
    dry_run: bool,
    /// Publish the dialogues and flows that differ from what is live
    #[arg(long)]
    publish: bool,
    /// Delete dialogues and flows that the folder does not have, on the sites that it has
    #[arg(long)]
    prune: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    through: Through,
}

/// Says what applying would do and what stands against it.
pub async fn check(config: &Config, args: CheckArgs) -> Result<(), String> {
    let files = folder::read(&args.dir)?;
    let found = if args.alone {
        let zone = TimeZone::get(&config.time_zone).unwrap_or(TimeZone::UTC);
        json!(configuration::check_alone(&files, SystemClock.now(), &zone))
    } else if let Some(server) = args.through.server()? {
        server.send_json("/api/v1/configuration/check", &json!({ "files": files })).await?
    } else {
        let instance = wire::open(config).await?;
        let outcome = configuration::check(&instance.app, &Actor::command_line(), &files).await;
        instance.app.store().close().await;
        json!(outcome.map_err(|e| said(&e))?)
    };
    report::print(&found, args.json, true)
}

/// Makes the instance say what the texts say.
pub async fn apply(config: &Config, args: ApplyArgs) -> Result<(), String> {
    let files = folder::read(&args.dir)?;
    let ApplyArgs { dry_run, publish, prune, .. } = args;
    let done = if let Some(server) = args.through.server()? {
        let path = format!("/api/v1/configuration/apply?dry_run={dry_run}&publish={publish}&prune={prune}");
        server.send_json(&path, &json!({ "files": files })).await?
    } else {
        let instance = wire::open(config).await?;
        let options = ApplyOptions { dry_run, publish, prune };
        let outcome = configuration::apply(&instance.app, &Actor::command_line(), &files, options).await;
        instance.app.store().close().await;
        json!(outcome.map_err(|e| said(&e))?)
    };
    report::print(&done, args.json, dry_run)
}
