//! The binary: command line, configuration, wiring.

mod ambient;
mod commands;
mod config;
mod demo;
mod embedded;
mod keys;
mod sample;
mod serve;
mod wire;

use clap::{Args, Parser, Subcommand};
use config::Config;
use std::path::PathBuf;
use std::process::ExitCode;

/// A request asks for memory some hundred times, and much of it is given back by another thread (SQLite's) than asked for it:
/// with glibc's allocator that took about a fifth of the time of a request.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Conversational marketing and sales engagement on your own machine.
#[derive(Parser)]
#[command(
    name = "usher",
    version,
    after_help = "Examples:\n  usher demo\n  usher serve --data /var/lib/usher --listen 0.0.0.0:8080\n  usher user add ada@example.com --owner\n  usher import people contacts.csv --rejects refused.csv\n  usher export --out conversations\n  usher apply conversations --dry-run"
)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Where the instance is; every key of the configuration can also be set as `USHER_…`.
#[derive(Args, Clone)]
pub struct Place {
    /// Configuration file (TOML)
    #[arg(long, global = true, env = "USHER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Folder of the data (SQLite file, uploads, instance key)
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address and port to listen on
    #[arg(long, global = true, value_name = "ADDR")]
    listen: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve until SIGTERM
    Serve,
    /// Serve a living demo: a website, dialogues, people and weeks of activity
    Demo(demo::DemoArgs),
    /// Bring the database up to date and end
    Migrate,
    /// Users of the console
    #[command(subcommand)]
    User(commands::user::UserCommand),
    /// Tokens for the API
    #[command(subcommand)]
    Token(commands::token::TokenCommand),
    /// Import from files
    #[command(subcommand)]
    Import(commands::import::ImportCommand),
    /// Write sites, dialogues and flows as texts into a folder
    Export(commands::texts::ExportArgs),
    /// Check a folder of texts: what applying would do, what stands against it, what the tests say
    Check(commands::texts::CheckArgs),
    /// Make the instance say what a folder of texts says
    Apply(commands::texts::ApplyArgs),
    /// Play the tests of texts, without server or store
    TestDialogue(commands::texts::TestArgs),
    /// Write a CSV file of invented people, for trying the importer
    SamplePeople(commands::sample::SampleArgs),
    /// The configuration in force
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print the OpenAPI document
    Openapi,
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Print every key with its value; secrets are hidden
    Show,
    /// Say whether the configuration can be used
    Check,
}

impl Place {
    /// The configuration of file, variables and options, the last winning.
    fn load(&self) -> Result<Config, String> {
        let variables = std::env::vars().collect();
        let mut config = Config::load(self.config.as_deref(), &variables)?;
        if let Some(data) = &self.data {
            config.data_dir.clone_from(data);
        }
        if let Some(listen) = &self.listen {
            config.listen.clone_from(listen);
        }
        Ok(config)
    }
}

fn logs(config: &Config) -> Result<(), String> {
    let filter =
        tracing_subscriber::EnvFilter::try_new(&config.log.level).map_err(|e| format!("log.level: {e}"))?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log.format == "json" {
        builder.json().init();
    } else {
        builder.compact().init();
    }
    Ok(())
}

async fn run(cli: Cli) -> Result<(), String> {
    let config = cli.place.load()?;
    if let Command::Config(command) = &cli.command {
        match command {
            ConfigCommand::Show => print!("{}", config.show()),
            ConfigCommand::Check => {
                wire::ip_databases(&config)?;
                println!("The configuration can be used.");
            }
        }
        return Ok(());
    }
    logs(&config)?;
    match cli.command {
        Command::Serve => {
            let instance = wire::open_to_serve(&config).await?;
            let address = config.public_url();
            serve::run(&config, instance, axum::Router::new(), || println!("Usher is ready at {address}"))
                .await
        }
        Command::Demo(args) => demo::run(config, &args).await,
        Command::Migrate => {
            let instance = wire::open(&config).await?;
            instance.app.store().close().await;
            println!("The database is up to date.");
            Ok(())
        }
        Command::User(command) => commands::user::run(&config, command).await,
        Command::Token(command) => commands::token::run(&config, command).await,
        Command::Import(command) => commands::import::run(&config, command).await,
        Command::Export(args) => commands::texts::export(&config, args).await,
        Command::Check(args) => commands::texts::check(&config, args).await,
        Command::Apply(args) => commands::texts::apply(&config, args).await,
        Command::TestDialogue(args) => commands::texts::test(&config, &args),
        Command::SamplePeople(args) => commands::sample::run(&args),
        Command::Openapi => {
            println!("{}", web::openapi_json());
            Ok(())
        }
        Command::Config(_) => Ok(()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
