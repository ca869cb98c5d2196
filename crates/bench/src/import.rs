//! Import of people from CSV, beside the bare bulk load of the same database in the same run; and whether what stands in
//! the store afterwards is what the file says, also when rows are broken and when the import is interrupted.

mod bare;
mod truth;

use crate::{Options, figures};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use testkit::instance::{Console, Server};
use testkit::postgres::{PostgresServer, TestDatabase};
use truth::Content;

/// Rows of the import that is interrupted: enough for it to be caught in the middle.
const INTERRUPTED_ROWS: u64 = 200_000;
/// How long an interrupted import may take until it is done.
const PATIENCE: Duration = Duration::from_mins(10);

/// A file of invented people with sixteen columns.
async fn sample(server: &Server, rows: u64, broken_every: u64) -> Result<PathBuf, String> {
    let file = server.data().join("people.csv");
    let path = file.to_string_lossy().into_owned();
    let (rows, every) = (rows.to_string(), broken_every.to_string());
    server.run(&["sample-people", "--rows", &rows, "--broken-every", &every, "--out", &path]).await?;
    Ok(file)
}

/// Fills an instance that does not run with people, through the real importer.
pub async fn fill(server: &Server, rows: u64) -> Result<(), String> {
    let file = sample(server, rows, 0).await?;
    server.run(&["import", "people", &file.to_string_lossy(), "--mode", "upsert"]).await?;
    fs::remove_file(file).map_err(|e| e.to_string())
}

/// Where people go.
enum Database {
    Sqlite,
    Postgres(PostgresServer),
}

/// An empty instance; its database goes with it.
struct Instance {
    server: Server,
    database: Option<TestDatabase>,
}

impl Database {
    fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "Postgres",
        }
    }

    /// Rows a second that the contract asks of two idle cores.
    fn goal(&self) -> f64 {
        match self {
            Self::Sqlite => 60_000.0,
            Self::Postgres(_) => 45_000.0,
        }
    }

    async fn instance(&self, options: &Options) -> Instance {
        let database = match self {
            Self::Sqlite => None,
            Self::Postgres(server) => Some(server.database().await),
        };
        let url = database.as_ref().map(|database| database.url().to_owned()).unwrap_or_default();
        let variables = [("USHER_LOG_LEVEL", "error"), ("USHER_DATABASE_URL", url.as_str())];
        Instance { server: Server::new(&options.binary, &variables), database }
    }

    async fn bare(&self, text: &str) -> Result<f64, String> {
        match self {
            Self::Sqlite => bare::sqlite(text).await,
            Self::Postgres(server) => bare::postgres(server.url(), text).await,
        }
    }
}

impl Instance {
    async fn content(&self) -> Result<Content, String> {
        match &self.database {
            None => truth::of_sqlite(&self.server.data().join("usher.db")).await,
            Some(database) => truth::of_postgres(database.url()).await,
        }
    }
}

/// What an import took.
struct Took {
    seconds: f64,
    cpu: f64,
    peak_mib: f64,
    said: String,
}

/// Imports with the command line, timed as a whole process.
async fn import(server: &Server, file: &Path, extra: &[&str]) -> Result<Took, String> {
    let path = file.to_string_lossy().into_owned();
    let mut args = vec!["import", "people", &path, "--mode", "upsert", "--json"];
    args.extend(extra);
    let begun = Instant::now();
    let child =
        server.command(&args).stdout(std::process::Stdio::piped()).spawn().map_err(|e| e.to_string())?;
    let pid = child.id().unwrap_or(0);
    let watch = tokio::spawn(async move {
        let (mut peak, mut cpu) = (0.0_f64, 0.0_f64);
        loop {
            let now = figures::memory_mib(pid, "VmHWM");
            if now == 0.0 {
                return (peak, cpu);
            }
            (peak, cpu) = (peak.max(now), cpu.max(figures::cpu_seconds(pid)));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let out = child.wait_with_output().await.map_err(|e| e.to_string())?;
    let seconds = begun.elapsed().as_secs_f64();
    let (peak_mib, cpu) = watch.await.map_err(|e| e.to_string())?;
    if !out.status.success() {
        return Err("the import failed".to_owned());
    }
    Ok(Took { seconds, cpu, peak_mib, said: String::from_utf8_lossy(&out.stdout).trim().to_owned() })
}

/// Measures the importer on both databases, or on the one that was asked for.
pub async fn run(options: &Options) -> Result<(), String> {
    let asked = |name: &str| options.store.as_deref().is_none_or(|store| store == name);
    if asked("sqlite") {
        on(&Database::Sqlite, options).await?;
    }
    if asked("postgres") {
        on(&Database::Postgres(PostgresServer::start().await), options).await?;
    }
    Ok(())
}

async fn on(database: &Database, options: &Options) -> Result<(), String> {
    println!("{}:", database.name());
    whole(database, options).await?;
    broken(database, options).await?;
    interrupted(database, options).await
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
async fn whole(database: &Database, options: &Options) -> Result<(), String> {
    let instance = database.instance(options).await;
    let file = sample(&instance.server, options.rows, 0).await?;
    let text = fs::read_to_string(&file).map_err(|e| e.to_string())?;
    let before = database.bare(&text).await?;
    let took = import(&instance.server, &file, &[]).await?;
    let after = database.bare(&text).await?;
    // The machine may be busier at one time than at another.
    let floor = before.midpoint(after);
    println!("  bare load of the same rows: {before:.0} rows/s before, {after:.0} after");
    println!("  {}; {:.1} µs of CPU a row in this process", took.said, took.cpu * 1e6 / options.rows as f64);
    let rate = options.rows as f64 / took.seconds;
    figures::at_least("import of people, whole process", rate, database.goal(), "rows/s");
    figures::at_least("import against the bare load of the same run", rate / floor * 100.0, 60.0, "%");
    figures::at_most("peak memory of the import", took.peak_mib, 200.0, "MiB");
    figures::same("people and values as the file says", &instance.content().await?, &truth::of_file(&text));
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
async fn broken(database: &Database, options: &Options) -> Result<(), String> {
    let instance = database.instance(options).await;
    let file = sample(&instance.server, options.rows, 100).await?;
    let text = fs::read_to_string(&file).map_err(|e| e.to_string())?;
    let rejects = instance.server.data().join("rejects.csv");
    let took = import(&instance.server, &file, &["--rejects", &rejects.to_string_lossy()]).await?;
    let rate = options.rows as f64 / took.seconds;
    println!("  with one broken row in a hundred: {rate:.0} rows/s; {}", took.said);
    let refused = truth::refused(&fs::read_to_string(&rejects).map_err(|e| e.to_string())?);
    figures::same("lines refused, with field and reason", &refused, &truth::refusals(&text));
    figures::same(
        "people and values as the good rows say",
        &instance.content().await?,
        &truth::of_file(&text),
    );
    Ok(())
}

/// Through a running server: cancelled about half-way and resumed, then the server killed and started again.
async fn interrupted(database: &Database, options: &Options) -> Result<(), String> {
    let mut instance = database.instance(options).await;
    let rows = options.rows.min(INTERRUPTED_ROWS);
    let file = sample(&instance.server, rows, 100).await?;
    let text = fs::read_to_string(&file).map_err(|e| e.to_string())?;
    let server = &mut instance.server;
    let token = server.run(&["token", "create", "bench", "--scope", "people.import", "--quiet"]).await?;
    server.start().await?;
    let url = format!("http://{}", server.address());
    let token = token.trim();
    let path = file.to_string_lossy().into_owned();
    let args = ["import", "people", &path, "--url", &url, "--token", token];
    let mut client =
        server.command(&args).stderr(std::process::Stdio::null()).spawn().map_err(|e| e.to_string())?;
    let mut console = Console::new(server.address(), token);
    let id = until(&mut console, "", |import| done(import) >= rows / 3).await?;
    console.call("POST", &format!("/api/v1/imports/{id}/cancel"), None).await?;
    until(&mut console, &id, |import| import["state"] == "cancelled").await?;
    // It was told of the cancellation, and says so.
    client.wait().await.map_err(|e| e.to_string())?;
    console.call("POST", &format!("/api/v1/imports/{id}/resume"), None).await?;
    until(&mut console, &id, |import| done(import) >= rows * 2 / 3).await?;
    server.kill().await.map_err(|e| e.to_string())?;
    server.start().await?;
    let mut console = Console::new(server.address(), token);
    until(&mut console, &id, |import| import["state"] == "done").await?;
    server.terminate().await.map_err(|e| e.to_string())?;
    let content = instance.content().await?;
    figures::same("the same after cancel, resume, kill and restart", &content, &truth::of_file(&text));
    Ok(())
}

fn done(import: &serde_json::Value) -> u64 {
    import["progress"]["rows"].as_u64().unwrap_or(0)
}

/// Waits until the import is as wanted; without id, until there is one. Its id.
async fn until(
    console: &mut Console,
    id: &str,
    wanted: impl Fn(&serde_json::Value) -> bool,
) -> Result<String, String> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let found = console.call("GET", "/api/v1/imports", None).await?;
        let items = found["items"].as_array().cloned().unwrap_or_default();
        let import = items.into_iter().find(|import| id.is_empty() || import["id"] == id);
        if let Some(import) = import {
            if import["state"] == "failed" {
                return Err(format!("the import failed: {}", import["error"]));
            }
            if wanted(&import) {
                return Ok(import["id"].as_str().unwrap_or_default().to_owned());
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err("the import did not come so far".to_owned())
}
