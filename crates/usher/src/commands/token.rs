//! `usher token`.

use super::said;
use crate::config::Config;
use crate::wire;
use app::App;
use app::access::{Actor, PermissionSet};
use app::tokens::NewToken;
use clap::Subcommand;

/// Tokens for the API.
#[derive(Subcommand)]
pub enum TokenCommand {
    /// Make a token and print it once
    #[command(
        after_help = "Example:\n  usher token create nightly-export --scope people.view --scope people.export"
    )]
    Create {
        /// Name for people
        name: String,
        /// What it may do, as in `GET /api/v1/permissions`; `*` for everything. May be repeated
        #[arg(long = "scope", required = true)]
        scopes: Vec<String>,
        /// Print nothing but the token
        #[arg(long)]
        quiet: bool,
    },
}

/// Does it.
pub async fn run(config: &Config, command: TokenCommand) -> Result<(), String> {
    let instance = wire::open(config).await?;
    let TokenCommand::Create { name, scopes, quiet } = command;
    let token = create(&instance.app, &name, scopes).await?;
    if quiet {
        println!("{token}");
    } else {
        println!(
            "{token}\n\nKeep it: it is not shown again. Use it as `Authorization: Bearer {}…`.",
            app::tokens::PREFIX
        );
    }
    instance.app.store().close().await;
    Ok(())
}

/// Makes a token with these scopes; `*` stands for all.
pub async fn create(app: &App, name: &str, scopes: Vec<String>) -> Result<String, String> {
    let scopes = if scopes.iter().any(|s| s == "*") { PermissionSet::all().keys() } else { scopes };
    let new = NewToken { name: name.to_owned(), scopes, expires_at: None };
    let (token, _) = app::tokens::create(app, &Actor::command_line(), new).await.map_err(|e| said(&e))?;
    Ok(token.expose().to_owned())
}
