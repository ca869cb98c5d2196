//! `usher import`: through the same use cases as the screen, on the data folder or through a running server.

use super::said;
use crate::commands::remote::Remote;
use crate::config::Config;
use crate::wire;
use app::App;
use app::access::Actor;
use app::import::{Import, StartImport};
use clap::{Args, Subcommand, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::fs;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::{ImportMode, ImportProgress, ImportState};

/// Import from files.
#[derive(Subcommand)]
pub enum ImportCommand {
    /// Import people from a CSV file
    #[command(
        after_help = "Examples:\n  usher import people contacts.csv --rejects refused.csv\n  usher import people contacts.csv --map 'Firma=company.name' --map 'Notes=' --mode create\n  usher import people contacts.csv --url https://usher.example.com --token ust_…"
    )]
    People(PeopleArgs),
}

/// What to import and how.
#[derive(Args)]
pub struct PeopleArgs {
    /// The file: UTF-8, UTF-16 or Windows-1252; comma, semicolon, tab or bar between the cells
    file: PathBuf,
    /// HEADER=ATTRIBUTE (`Firma=company.name`), or HEADER= to leave a column out; others are mapped by name and sample
    #[arg(long = "map", value_name = "HEADER=ATTRIBUTE")]
    map: Vec<String>,
    /// Make new people, change known ones, or both
    #[arg(long, value_enum, default_value = "upsert")]
    mode: Mode,
    /// Write the refused rows with line, field and reason
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
    /// Address of a running server to work through
    #[arg(long)]
    url: Option<String>,
    /// API token for it, with the scope people.import
    #[arg(long, env = "USHER_TOKEN", hide_env_values = true)]
    token: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Mode {
    Create,
    Update,
    Upsert,
}

impl Mode {
    const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Upsert => "upsert",
        }
    }
    const fn mode(self) -> ImportMode {
        match self {
            Self::Create => ImportMode::Create,
            Self::Update => ImportMode::Update,
            Self::Upsert => ImportMode::Upsert,
        }
    }
}

/// The proposal for each column, changed by `--map`.
fn mapping(
    args: &PeopleArgs,
    proposed: BTreeMap<String, Option<String>>,
) -> Result<BTreeMap<String, Option<String>>, String> {
    let mut mapping = proposed;
    for pair in &args.map {
        let (header, attribute) =
            pair.rsplit_once('=').ok_or_else(|| format!("--map {pair:?} is not HEADER=ATTRIBUTE"))?;
        let known: Vec<&str> = mapping.keys().map(String::as_str).collect();
        if !mapping.contains_key(header) {
            return Err(format!("--map: there is no column {header:?}; there are {}", known.join(", ")));
        }
        mapping.insert(header.to_owned(), (!attribute.is_empty()).then(|| attribute.to_owned()));
    }
    Ok(mapping)
}

/// Does it.
pub async fn run(config: &Config, command: ImportCommand) -> Result<(), String> {
    let ImportCommand::People(args) = command;
    if let Some(url) = &args.url {
        return through_server(&args, url).await;
    }
    let instance = wire::open(config).await?;
    let result = here(&instance.app, &args).await;
    instance.app.store().close().await;
    result
}

async fn here(app: &App, args: &PeopleArgs) -> Result<(), String> {
    let actor = Actor::command_line();
    let name = args.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let mut file =
        tokio::fs::File::open(&args.file).await.map_err(|e| format!("{}: {e}", args.file.display()))?;
    let import = app::import::upload(app, &actor, &name, &mut file).await.map_err(|e| said(&e))?;
    let id = import.record.id;
    let proposed = import.plan.columns.iter().map(|c| (c.header.clone(), c.attribute.clone())).collect();
    let chosen = StartImport { mode: args.mode.mode(), mapping: mapping(args, proposed)?, list_id: None };
    app::import::start(app, &actor, id, chosen).await.map_err(|e| said(&e))?;
    let bar = progress_bar(import.record.size_bytes);
    let watching = async {
        loop {
            tokio::time::sleep(Duration::from_millis(250)).await;
            if let Ok(import) = app::import::show(app, id).await {
                show(&bar, &import.record.progress);
            }
        }
    };
    tokio::select! {
        outcome = app::import::run(app, id) => drop(outcome.map_err(|e| said(&e))?),
        () = watching => {}
    }
    bar.finish_and_clear();
    let import = app::import::show(app, id).await.map_err(|e| said(&e))?;
    if let Some(path) = &args.rejects {
        write_rejects(app, &import, path).await?;
    }
    // The rows are in the store; the copy that the screen would need to go on is not needed any more.
    let state = import.record.state;
    if state == ImportState::Done && args.rejects.is_some() {
        app::import::delete(app, &actor, id).await.map_err(|e| said(&e))?;
    }
    report(args, &import.record.progress);
    match state {
        ImportState::Done => Ok(()),
        _ => Err(import.record.error.unwrap_or_else(|| "the import did not end".to_owned())),
    }
}

async fn write_rejects(app: &App, import: &Import, path: &Path) -> Result<(), String> {
    let said_io = |e: std::io::Error| format!("{}: {e}", path.display());
    let mut file = std::io::BufWriter::new(fs::File::create(path).map_err(said_io)?);
    let headers = import.plan.columns.iter().map(|c| app::export::inert(&c.header));
    let head: Vec<String> =
        ["line", "field", "reason"].into_iter().map(str::to_owned).chain(headers).collect();
    file.write_all(app::export::line(&head).as_bytes()).map_err(said_io)?;
    let mut after = 0;
    loop {
        let rejects =
            app::import::rejects(app, import.record.id, after, 1_000).await.map_err(|e| said(&e))?;
        let Some(last) = rejects.last() else { break };
        after = last.line;
        for reject in &rejects {
            let own = [reject.line.to_string(), app::export::inert(&reject.field), reject.reason.clone()];
            let cells: Vec<String> =
                own.into_iter().chain(reject.cells.iter().map(|c| app::export::inert(c))).collect();
            file.write_all(app::export::line(&cells).as_bytes()).map_err(said_io)?;
        }
    }
    file.flush().map_err(said_io)
}

async fn through_server(args: &PeopleArgs, url: &str) -> Result<(), String> {
    let token = args.token.as_deref().ok_or("--token (or USHER_TOKEN) is needed with --url")?;
    let server = Remote::new(url, token)?;
    let name = args.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let content = fs::read(&args.file).map_err(|e| format!("{}: {e}", args.file.display()))?;
    let import = server.upload("/api/v1/imports", &name, content).await?;
    let path = format!("/api/v1/imports/{}", import["id"].as_str().unwrap_or_default());
    let columns = import["columns"].as_array().cloned().unwrap_or_default();
    let proposed = columns
        .iter()
        .filter_map(|c| Some((c["header"].as_str()?.to_owned(), c["attribute"].as_str().map(str::to_owned))));
    let start =
        serde_json::json!({ "mode": args.mode.word(), "mapping": mapping(args, proposed.collect())? });
    server.post(&format!("{path}/start"), &start).await?;
    let bar = progress_bar(import["size_bytes"].as_u64().unwrap_or(0));
    let done = loop {
        let now = server.get(&path).await?;
        let progress: ImportProgress = progress_of(&now["progress"]);
        show(&bar, &progress);
        if now["state"] != "running" {
            break now;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    bar.finish_and_clear();
    if let Some(file) = &args.rejects {
        let text = server.text(&format!("{path}/rejects")).await?;
        fs::write(file, text).map_err(|e| format!("{}: {e}", file.display()))?;
    }
    report(args, &progress_of(&done["progress"]));
    if done["state"] == "done" {
        Ok(())
    } else {
        Err(done["error"].as_str().unwrap_or("the import did not end").to_owned())
    }
}

fn progress_of(json: &serde_json::Value) -> ImportProgress {
    let number = |key: &str| json[key].as_u64().unwrap_or(0);
    ImportProgress {
        bytes: number("bytes"),
        line: 0,
        rows: number("rows"),
        created: number("created"),
        updated: number("updated"),
        unchanged: number("unchanged"),
        rejected: number("rejected"),
    }
}

/// A bar on a terminal, nothing elsewhere.
fn progress_bar(bytes: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes}  {msg}  {eta} left");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn show(bar: &ProgressBar, progress: &ImportProgress) {
    bar.set_position(progress.bytes);
    bar.set_message(format!("{} rows", progress.rows));
}

fn report(args: &PeopleArgs, progress: &ImportProgress) {
    if args.json {
        let json = serde_json::json!({ "rows": progress.rows, "created": progress.created, "updated": progress.updated, "unchanged": progress.unchanged, "rejected": progress.rejected });
        println!("{json}");
    } else {
        println!(
            "{} rows: {} created, {} updated, {} unchanged, {} refused",
            progress.rows, progress.created, progress.updated, progress.unchanged, progress.rejected
        );
    }
}
