//! A temporary Postgres with everything that makes it durable switched on, and a fresh database for each test.
//!
//! `USHER_TEST_POSTGRES_URL` names a running server (a superuser's or database creator's address); without it one is
//! started for the test process.

use crate::servers::{RunningServer, free_port, new_directory, unique_word};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::{
    future::Future,
    path::{Path, PathBuf},
    process::Command,
    str::FromStr,
    time::Duration,
};
use tokio::sync::OnceCell;

/// Names a server that is running already.
pub const URL_VARIABLE: &str = "USHER_TEST_POSTGRES_URL";

/// A Postgres server.
#[derive(Debug)]
pub struct PostgresServer {
    url: String,
    port: u16,
    directory: PathBuf,
    running: Option<RunningServer>,
}

impl PostgresServer {
    /// The server that all tests of this process share.
    pub async fn shared() -> &'static Self {
        static SHARED: OnceCell<PostgresServer> = OnceCell::const_new();
        SHARED
            .get_or_init(|| async {
                match std::env::var(URL_VARIABLE) {
                    // Whoever started that server also ends it.
                    Ok(url) if !url.is_empty() => {
                        Self { url, port: 0, directory: PathBuf::new(), running: None }
                    }
                    _ => Self::start().await,
                }
            })
            .await
    }

    /// Starts a server of its own, for tests that stop or kill it.
    pub async fn start() -> Self {
        let directory = new_directory("usher-postgres-");
        let programs = programs();
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&directory));
        }
        let data = directory.join("data");
        let mut init = as_server_user(&programs.join("initdb"));
        init.extend(words(&[
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "-D",
        ]));
        init.push(data.display().to_string());
        run(Command::new(&init[0]).args(&init[1..]));

        let port = free_port();
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let mut this = Self { url, port, directory, running: None };
        this.start_again().await;
        this
    }

    /// Starts it (again) with the data that it had, at the same address.
    pub async fn start_again(&mut self) {
        let mut server = as_server_user(&programs().join("postgres"));
        server.extend(words(&["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200", "-p"]));
        server.push(self.port.to_string());
        server.extend(["-k".to_owned(), self.directory.display().to_string()]);
        server.extend(["-D".to_owned(), self.directory.join("data").display().to_string()]);
        let running = RunningServer::start(self.directory.clone(), "QUIT", &server);
        self.running = Some(running.expect("sh can be started"));
        self.wait_until_ready().await;
    }

    /// Ends it at once, as a crash would; the data stay.
    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }

    async fn wait_until_ready(&self) {
        for _ in 0..600 {
            if self.connect().await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!(
            "PostgreSQL did not start:\n{}",
            self.running.as_ref().map(RunningServer::log).unwrap_or_default()
        );
    }

    /// The address of its maintenance database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A connection to its maintenance database.
    pub async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        PgConnectOptions::from_str(&self.url)?.connect().await
    }

    /// A new empty database.
    pub async fn database(&self) -> TestDatabase {
        self.create("").await
    }

    /// A new database that is a copy of another one, to which nobody is connected.
    pub async fn database_like(&self, template: &TestDatabase) -> TestDatabase {
        self.create(&format!(" TEMPLATE {}", template.name)).await
    }

    async fn create(&self, template: &str) -> TestDatabase {
        let name = format!("usher_test_{}", unique_word());
        let mut connection = self.connect().await.expect("the server answers");
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}{template}")))
            .execute(&mut connection)
            .await
            .expect("the database can be created");
        connection.close().await.expect("the connection closes");
        let options = PgConnectOptions::from_str(&self.url).expect("a checked address").database(&name);
        TestDatabase { url: options.to_url_lossy().to_string(), server_url: self.url.clone(), name }
    }
}

/// A database that is dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    server_url: String,
    name: String,
}

impl TestDatabase {
    /// An empty database on the shared server.
    pub async fn empty() -> Self {
        PostgresServer::shared().await.database().await
    }

    /// A database on the shared server that `migrate` brought up to date. `migrate` runs once per process, on a template
    /// that is then copied for each test; it must close its connections.
    pub async fn migrated<F, Done>(migrate: F) -> Self
    where
        F: FnOnce(String) -> Done,
        Done: Future<Output = ()>,
    {
        static TEMPLATE: OnceCell<TestDatabase> = OnceCell::const_new();
        let server = PostgresServer::shared().await;
        let template = TEMPLATE
            .get_or_init(|| async {
                let database = server.database().await;
                migrate(database.url.clone()).await;
                database
            })
            .await;
        server.database_like(template).await
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let (url, name) = (self.server_url.clone(), self.name.clone());
        // A test's runtime cannot be waited on from a destructor; a thread with a runtime of its own can.
        let drop_it = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let mut connection = PgConnectOptions::from_str(&url).ok()?.connect().await.ok()?;
                let drop_it = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
                sqlx::query(AssertSqlSafe(drop_it)).execute(&mut connection).await.ok()
            })
        };
        drop(std::thread::spawn(drop_it).join());
    }
}

/// The folder of the newest installed Postgres, as Debian lays it out.
fn programs() -> PathBuf {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(_, folder)| folder.join("initdb").exists())
        .collect();
    versions.sort();
    let newest = versions.pop().map(|(_, folder)| folder);
    newest.expect(
        "PostgreSQL is installed (Debian: apt-get install postgresql), or USHER_TEST_POSTGRES_URL is set",
    )
}

fn is_root() -> bool {
    // The owner of this process' own folder in /proc is its effective user.
    std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0)
}

/// Postgres refuses to run as root: the packaged user runs it then.
fn as_server_user(program: &Path) -> Vec<String> {
    let mut command = Vec::new();
    if is_root() {
        command.extend(words(&["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]));
    }
    command.push(program.display().to_string());
    command
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn run(command: &mut Command) {
    let output = command.output().expect("the program can be started");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
