//! Puts the parts together: which store, which bus, which mailer. The only place that chooses.

use crate::ambient::{SystemClock, SystemEntropy};
use crate::config::Config;
use crate::keys::instance_key;
use app::{App, Ports, Settings};
use bus::{Bus, InProcessBus};
use connect::{IpIntelligence, Mailer};
use connect_ip::IpDatabases;
use kernel::{Clock, Secret};
use outbound::{Encryption, GuardedClient, LocalFiles, SmtpMailer, SmtpSettings};
use std::fs::{self, File, TryLockError};
use std::sync::Arc;
use store::Store;
use store_postgres::{PostgresSettings, PostgresStore};
use store_sqlite::{SqliteOptions, SqliteStore};

/// An instance whose schema is up to date, and the lock that keeps other processes off its file.
pub struct Instance {
    /// The use cases.
    pub app: App,
    /// What addresses tell, read again when its files change; none where nothing is configured or nobody is served.
    pub ip: Option<Arc<IpDatabases>>,
    /// Held as long as this process uses the SQLite file; other processes use the running server instead.
    _lock: Option<File>,
}

/// Opens what a command needs, with the system's clock.
pub async fn open(config: &Config) -> Result<Instance, String> {
    // Nobody waits for many reads here: the file is not mapped, so that it does not count as this process's memory.
    let sqlite = SqliteOptions { readers: 2, mmap_mib: 0, ..SqliteOptions::default() };
    assemble(config, Arc::new(SystemClock), false, None, sqlite).await
}

/// Opens everything that the configuration names, to serve visitors.
pub async fn open_to_serve(config: &Config) -> Result<Instance, String> {
    let ip = ip_databases(config)?;
    assemble(config, Arc::new(SystemClock), false, ip, SqliteOptions::default()).await
}

/// The instance of a demo; screens say so.
pub async fn open_demo(config: &Config) -> Result<Instance, String> {
    open_demo_at(config, Arc::new(SystemClock)).await
}

/// The same with another clock (the demo lives through its weeks in seconds).
pub async fn open_demo_at(config: &Config, clock: Arc<dyn Clock>) -> Result<Instance, String> {
    let ip = ip_databases(config)?;
    assemble(config, clock, true, ip, SqliteOptions::default()).await
}

/// The files that tell of addresses; a missing or broken one is an error of the configuration.
pub fn ip_databases(config: &Config) -> Result<Option<Arc<IpDatabases>>, String> {
    if config.ip.databases.is_empty() {
        return Ok(None);
    }
    let databases =
        IpDatabases::open(&config.ip.databases).map_err(|error| format!("ip.databases: {error}"))?;
    Ok(Some(Arc::new(databases)))
}

async fn assemble(
    config: &Config,
    clock: Arc<dyn Clock>,
    demo: bool,
    ip: Option<Arc<IpDatabases>>,
    sqlite: SqliteOptions,
) -> Result<Instance, String> {
    fs::create_dir_all(&config.data_dir).map_err(|e| format!("{}: {e}", config.data_dir.display()))?;
    let entropy = Arc::new(SystemEntropy);
    let key = instance_key(config, &*entropy)?;
    let (store, lock) = store(config, sqlite).await?;
    store.migrate().await.map_err(|e| format!("the database cannot be brought up to date: {e}"))?;
    let files =
        LocalFiles::open(config.data_dir.join("files"), clock.now()).await.map_err(|e| e.to_string())?;
    let ports = Ports {
        store,
        bus: bus(config).await?,
        mailer: mailer(config, Arc::clone(&clock))?,
        clock,
        entropy,
        files: Arc::new(files),
        ip: ip.clone().map(|ip| ip as Arc<dyn IpIntelligence>),
        outgoing: Arc::new(GuardedClient::new(config.outgoing.guard()?)),
    };
    let settings = Settings {
        public_url: config.public_url(),
        instance_name: config.instance_name.clone(),
        demo,
        instance_key: key,
        time_zone: config.time_zone.clone(),
        limits: config.limits.clone(),
        retention: config.retention.clone(),
        live_chat: config.live_chat.clone(),
        sockets: config.sockets.clone(),
    };
    Ok(Instance { app: App::new(ports, settings), ip, _lock: lock })
}

async fn store(config: &Config, sqlite: SqliteOptions) -> Result<(Arc<dyn Store>, Option<File>), String> {
    if config.database_url.is_empty() {
        let lock = lock(config)?;
        let path = config.data_dir.join("usher.db");
        let store = SqliteStore::open(&path, sqlite).await;
        return Ok((Arc::new(store.map_err(|e| format!("{}: {e}", path.display()))?), Some(lock)));
    }
    let settings = PostgresSettings {
        connections: config.database_connections,
        ..PostgresSettings::new(&config.database_url)
    };
    let store = PostgresStore::new(&settings).map_err(|e| format!("database_url: {e}"))?;
    Ok((Arc::new(store), None))
}

/// One process at a time uses the file: caches of a running server would not hear of changes made behind its back.
fn lock(config: &Config) -> Result<File, String> {
    let path = config.data_dir.join("usher.lock");
    let file = File::create(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(format!(
            "A server is running on {}. Use --url with its address and --token (or USHER_TOKEN) to work through it.",
            config.data_dir.display()
        )),
        Err(TryLockError::Error(error)) => Err(format!("{}: {error}", path.display())),
    }
}

async fn bus(config: &Config) -> Result<Arc<dyn Bus>, String> {
    if config.nats_url.is_empty() {
        return Ok(Arc::new(InProcessBus::default()));
    }
    let bus = bus_nats::NatsBus::connect(&config.nats_url, "usher.hints").await;
    Ok(Arc::new(bus.map_err(|e| format!("nats_url: {e}"))?))
}

fn mailer(config: &Config, clock: Arc<dyn Clock>) -> Result<Option<Arc<dyn Mailer>>, String> {
    let mail = &config.mail;
    if mail.smtp_host.is_empty() {
        return Ok(None);
    }
    let settings = SmtpSettings {
        host: mail.smtp_host.clone(),
        port: mail.smtp_port,
        encryption: match mail.security.as_str() {
            "tls" => Encryption::Tls,
            "none" => Encryption::None,
            _ => Encryption::StartTls,
        },
        credentials: (!mail.user.is_empty()).then(|| (mail.user.clone(), Secret::new(mail.password.clone()))),
        from: mail.from.parse().map_err(|e| format!("mail.from {e}"))?,
        from_name: (!mail.from_name.is_empty()).then(|| mail.from_name.clone()),
    };
    let mailer = SmtpMailer::new(settings, clock).map_err(|e| format!("mail: {e}"))?;
    Ok(Some(Arc::new(mailer)))
}
