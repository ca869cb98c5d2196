//! `usher demo`: a living instance on an invented company's website. Everything in it was made through the real services:
//! people by the importer, weeks of conversations by driving the visitor API with the clock set back.

mod api;
mod dialogues;
mod flows;
mod library;
mod networks;
mod pdf;
mod seed;
mod site;
mod talk;
mod visitors;

use crate::config::Config;
use crate::{serve, wire};
use clap::Args;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// How to start the demo.
#[derive(Args)]
pub struct DemoArgs {
    /// Forget an earlier demo in the same folder
    #[arg(long)]
    fresh: bool,
    /// Print addresses, sign-ins, site keys and tokens as one line of JSON
    #[arg(long)]
    json: bool,
}

/// What a person or a script needs to use the demo; kept beside its data.
#[derive(Clone, Serialize, Deserialize)]
pub struct Sheet {
    url: String,
    site_key: String,
    /// Ids of the flows, by what pages of the website call them.
    #[serde(default)]
    flows: BTreeMap<String, String>,
    sign_ins: Vec<SignIn>,
    tokens: Vec<Token>,
}

/// A user of the demo.
#[derive(Clone, Serialize, Deserialize)]
struct SignIn {
    email: String,
    password: String,
    profile: String,
    owner: bool,
}

/// An API token of the demo.
#[derive(Clone, Serialize, Deserialize)]
struct Token {
    name: String,
    token: String,
}

const SHEET: &str = "demo.json";

/// Makes the demo if it is not there, then serves it.
pub async fn run(mut config: Config, args: &DemoArgs) -> Result<(), String> {
    if config.data_dir == Config::default().data_dir {
        config.data_dir = PathBuf::from("demo-data");
    }
    if config.ip.databases.is_empty() {
        config.ip.databases.push(networks::write(&config.data_dir)?);
    }
    if args.fresh {
        forget(&config.data_dir)?;
    }
    let sheet = match read(&config.data_dir)? {
        Some(sheet) if sheet.url == config.public_url() => sheet,
        Some(sheet) => {
            let sheet = seed::retarget(&config, sheet).await?;
            write(&config.data_dir, &sheet)?;
            sheet
        }
        None => {
            forget(&config.data_dir)?;
            let sheet = seed::make(&config).await?;
            write(&config.data_dir, &sheet)?;
            sheet
        }
    };
    let instance = wire::open_demo(&config).await?;
    let routes = site::routes(&sheet.site_key, &sheet.flows);
    serve::run(&config, instance, routes, || sheet.say(args.json)).await
}

/// Removes what an earlier or interrupted demo left, and nothing else.
fn forget(data: &Path) -> Result<(), String> {
    let said = |e: std::io::Error| format!("{}: {e}", data.display());
    fs::create_dir_all(data).map_err(said)?;
    for entry in fs::read_dir(data).map_err(said)?.flatten() {
        let name = entry.file_name();
        let ours =
            name.to_str().is_some_and(|n| n.starts_with("usher.db") || n == SHEET || n == "instance.key");
        if ours {
            fs::remove_file(entry.path()).map_err(said)?;
        }
    }
    Ok(())
}

fn read(data: &Path) -> Result<Option<Sheet>, String> {
    match fs::read_to_string(data.join(SHEET)) {
        Ok(text) => {
            serde_json::from_str(&text).map(Some).map_err(|e| format!("{SHEET}: {e}; start with --fresh"))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{SHEET}: {error}")),
    }
}

/// Written last, when everything else is there: an interrupted demo is made anew.
fn write(data: &Path, sheet: &Sheet) -> Result<(), String> {
    let text = serde_json::to_string_pretty(sheet).map_err(|e| e.to_string())?;
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(true).mode(0o600).open(data.join(SHEET));
    let mut file = file.map_err(|e| format!("{SHEET}: {e}"))?;
    std::io::Write::write_all(&mut file, text.as_bytes()).map_err(|e| format!("{SHEET}: {e}"))
}

impl Sheet {
    fn say(&self, json: bool) {
        if json {
            println!("{}", serde_json::to_string(self).unwrap_or_default());
            return;
        }
        println!("\nUsher is ready.\n");
        println!("  The website, as a visitor   {}/demo/", self.url);
        println!("  The console                 {}/console/", self.url);
        println!("  The API, readable           {}/api/docs\n", self.url);
        for sign_in in &self.sign_ins {
            println!("  {:<34} {:<22} {}", sign_in.email, sign_in.password, sign_in.profile);
        }
        for token in &self.tokens {
            println!("\n  API token ({})  {}", token.name, token.token);
        }
        println!("\nEnd with Ctrl C. Data stay until the next start with --fresh.");
    }
}
