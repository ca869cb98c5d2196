//! Puts the parts together: which store, which bus, which mailer. The only place that chooses.

use crate::ambient::{SystemClock, SystemEntropy};
use crate::config::Config;
use crate::keys::instance_key;
use app::{App, Ports, Settings};
use bus::{Bus, InProcessBus};
use connect::Mailer;
use kernel::{Clock, Secret};
use outbound::{Encryption, LocalFiles, SmtpMailer, SmtpSettings};
use std::fs::{self, File, TryLockError};
use std::sync::Arc;
use store::Store;
use store_postgres::{PostgresSettings, PostgresStore};
use store_sqlite::{SqliteOptions, SqliteStore};

/// An instance whose schema is up to date, and the lock that keeps other processes off its file.
pub struct Instance {
    /// The use cases.
    pub app: App,
    /// Held as long as this process uses the SQLite file; other processes use the running server instead.
    _lock: Option<File>,
}

/// Opens everything that the configuration names, with the system's clock.
pub async fn open(config: &Config) -> Result<Instance, String> {
    open_at(config, Arc::new(SystemClock), false).await
}

/// The instance of a demo; screens say so.
pub async fn open_demo(config: &Config) -> Result<Instance, String> {
    open_at(config, Arc::new(SystemClock), true).await
}

/// The same with another clock (the demo lives through its weeks in seconds).
pub async fn open_at(config: &Config, clock: Arc<dyn Clock>, demo: bool) -> Result<Instance, String> {
    fs::create_dir_all(&config.data_dir).map_err(|e| format!("{}: {e}", config.data_dir.display()))?;
    let entropy = Arc::new(SystemEntropy);
    let key = instance_key(config, &*entropy)?;
    let (store, lock) = store(config).await?;
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
    };
    let settings = Settings {
        public_url: config.public_url(),
        instance_name: config.instance_name.clone(),
        demo,
        instance_key: key,
        time_zone: config.time_zone.clone(),
        limits: config.limits.clone(),
        retention: config.retention.clone(),
    };
    Ok(Instance { app: App::new(ports, settings), _lock: lock })
}

async fn store(config: &Config) -> Result<(Arc<dyn Store>, Option<File>), String> {
    if config.database_url.is_empty() {
        let lock = lock(config)?;
        let path = config.data_dir.join("usher.db");
        let store = SqliteStore::open(&path, SqliteOptions::default()).await;
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
