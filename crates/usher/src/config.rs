//! Configuration: one TOML file and a `USHER_…` variable for every key; unknown keys are errors (spec 12).
//!
//! Every key is declared once, in [`Config`]. The variable of `mail.smtp_host` is `USHER_MAIL_SMTP_HOST`.

use app::context::{Limits, Retention, Sockets};
use outbound::{AllowedHosts, GuardSettings};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Everything that an operator can set. Defaults make `usher serve` work with no configuration at all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port to listen on.
    pub listen: String,
    /// Where browsers reach this instance, without a slash at the end; empty = `http://` and `listen`.
    pub public_url: String,
    /// Folder of the SQLite file, the uploads and the instance key.
    pub data_dir: PathBuf,
    /// `postgres://…`; empty = a SQLite file in `data_dir`.
    pub database_url: String,
    /// Connections to Postgres.
    pub database_connections: u32,
    /// `nats://…`, needed for more than one node; empty = in this process.
    pub nats_url: String,
    /// Name of the instance on screens.
    pub instance_name: String,
    /// IANA zone in which days are cut.
    pub time_zone: String,
    /// 64 hexadecimal digits, the same on all nodes; empty = kept in `data_dir/instance.key`.
    pub instance_key: String,
    /// How many proxies in front append to `X-Forwarded-For`; 0 = the peer's address counts and the header nothing.
    pub trusted_proxies: usize,
    /// API requests worked on at the same time; more are refused at once.
    pub requests_in_flight: usize,
    /// Seconds that requests under way get after SIGTERM.
    pub drain_seconds: u64,
    /// Logs.
    pub log: Log,
    /// Outgoing mail.
    pub mail: MailConfig,
    /// What addresses on the internet tell of a visitor.
    pub ip: IpConfig,
    /// Requests to addresses that people chose.
    pub outgoing: OutgoingConfig,
    /// Limits.
    pub limits: Limits,
    /// How long things are kept.
    pub retention: Retention,
    /// How long who may wait for what in live chat.
    pub live_chat: livechat::Rules,
    /// Connections over which conversations are told.
    pub sockets: Sockets,
}

/// Logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug` or a filter such as `info,web=debug`.
    pub level: String,
    /// `text` or `json`.
    pub format: String,
}

/// What addresses on the internet tell of a visitor: place and company, out of files in the MMDB format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IpConfig {
    /// Paths of the files; the first that knows a part says it. None = nothing is inferred.
    pub databases: Vec<PathBuf>,
    /// How often it is looked whether a file has changed, in seconds.
    pub reload_seconds: u64,
}

impl Default for IpConfig {
    fn default() -> Self {
        Self { databases: Vec::new(), reload_seconds: 60 }
    }
}

/// Outgoing mail; with an empty `smtp_host` mails are held on the outbox screen.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// Host of the SMTP server; empty = none.
    pub smtp_host: String,
    /// Its port.
    pub smtp_port: u16,
    /// `starttls`, `tls` or `none`.
    pub security: String,
    /// Sign-in name; empty = none.
    pub user: String,
    /// Password; better as `USHER_MAIL_PASSWORD`.
    pub password: String,
    /// Sender's address.
    pub from: String,
    /// Sender's name.
    pub from_name: String,
}

/// Requests to addresses that people chose: webhooks, documents fetched by address, push services of browsers. They reach the public
/// internet and, inside the network of this server, only the hosts listed here: a name or an address, with a port
/// (`127.0.0.1:9000`) or for every port (`hooks.internal`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutgoingConfig {
    /// Inner hosts that webhooks may call.
    pub allowed_webhook_hosts: Vec<String>,
    /// Inner hosts from which documents may be fetched.
    pub allowed_document_hosts: Vec<String>,
    /// Inner hosts that are push services of browsers.
    pub allowed_push_hosts: Vec<String>,
    /// Seconds after which a request is given up.
    pub timeout_seconds: u64,
    /// Bytes of an answer after which it is given up.
    pub max_bytes: u64,
}

impl Default for OutgoingConfig {
    fn default() -> Self {
        Self {
            allowed_webhook_hosts: Vec::new(),
            allowed_document_hosts: Vec::new(),
            allowed_push_hosts: Vec::new(),
            timeout_seconds: 10,
            max_bytes: 5 * 1024 * 1024,
        }
    }
}

impl OutgoingConfig {
    /// As the guarded client takes it; the error names the key.
    pub fn guard(&self) -> Result<GuardSettings, String> {
        let hosts = |key: &str, listed: &[String]| {
            AllowedHosts::parse(listed).map_err(|error| format!("outgoing.{key}: {error}"))
        };
        Ok(GuardSettings {
            webhook_hosts: hosts("allowed_webhook_hosts", &self.allowed_webhook_hosts)?,
            document_hosts: hosts("allowed_document_hosts", &self.allowed_document_hosts)?,
            push_hosts: hosts("allowed_push_hosts", &self.allowed_push_hosts)?,
            time_limit: Duration::from_secs(self.timeout_seconds),
            max_bytes: self.max_bytes,
        })
    }
}

impl std::fmt::Debug for MailConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailConfig").field("smtp_host", &self.smtp_host).finish_non_exhaustive()
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".to_owned(),
            public_url: String::new(),
            data_dir: PathBuf::from("usher-data"),
            database_url: String::new(),
            database_connections: 16,
            nats_url: String::new(),
            instance_name: "Usher".to_owned(),
            time_zone: "UTC".to_owned(),
            instance_key: String::new(),
            trusted_proxies: 0,
            requests_in_flight: 1_024,
            drain_seconds: 20,
            log: Log::default(),
            mail: MailConfig::default(),
            ip: IpConfig::default(),
            outgoing: OutgoingConfig::default(),
            limits: Limits::default(),
            retention: Retention::default(),
            live_chat: livechat::Rules::default(),
            sockets: Sockets::default(),
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".to_owned(), format: "text".to_owned() }
    }
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            smtp_host: String::new(),
            smtp_port: 587,
            security: "starttls".to_owned(),
            user: String::new(),
            password: String::new(),
            from: String::new(),
            from_name: "Usher".to_owned(),
        }
    }
}

/// Variables that begin with `USHER_` without being configuration.
const OTHER_VARIABLES: [&str; 5] =
    ["USHER_CONFIG", "USHER_TOKEN", "USHER_BINARY", "USHER_TEST_POSTGRES_URL", "USHER_TEST_NATS_URL"];

impl Config {
    /// Reads the file, if one is given, then the variables. The error is a sentence for the operator.
    pub fn load(file: Option<&Path>, variables: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut table = match file {
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
                text.parse::<toml::Table>().map_err(|e| format!("{}: {e}", path.display()))?
            }
            None => toml::Table::new(),
        };
        let defaults = toml::Table::try_from(Self::default()).map_err(|e| e.to_string())?;
        let keys = leaves(&defaults);
        for (name, text) in variables.iter().filter(|(n, _)| n.starts_with("USHER_")) {
            if OTHER_VARIABLES.contains(&name.as_str()) {
                continue;
            }
            let (path, default) = keys.get(name).ok_or_else(|| {
                format!("{name} is no key of the configuration; `usher config show` lists them")
            })?;
            let value = parse_like(default, text).map_err(|e| format!("{name}: {e}"))?;
            put(&mut table, path, value);
        }
        let config: Self = table.try_into().map_err(|e: toml::de::Error| e.message().to_owned())?;
        config.check()?;
        Ok(config)
    }

    /// What cannot be right, in a sentence.
    fn check(&self) -> Result<(), String> {
        self.listen.parse::<std::net::SocketAddr>().map_err(|_| {
            format!("listen: {:?} is not an address with a port such as 127.0.0.1:8080", self.listen)
        })?;
        if !self.public_url.is_empty()
            && (!self.public_url.starts_with("http") || self.public_url.ends_with('/'))
        {
            return Err("public_url begins with http:// or https:// and ends without a slash".to_owned());
        }
        if jiff::tz::TimeZone::get(&self.time_zone).is_err() {
            return Err(format!("time_zone: {:?} is no IANA zone such as Europe/Berlin", self.time_zone));
        }
        if !["text", "json"].contains(&self.log.format.as_str()) {
            return Err("log.format is text or json".to_owned());
        }
        if !["starttls", "tls", "none"].contains(&self.mail.security.as_str()) {
            return Err("mail.security is starttls, tls or none".to_owned());
        }
        if !self.mail.smtp_host.is_empty() && self.mail.from.parse::<kernel::Email>().is_err() {
            return Err("mail.from must be an e-mail address once mail.smtp_host is set".to_owned());
        }
        if self.ip.reload_seconds == 0 {
            return Err("ip.reload_seconds is at least 1".to_owned());
        }
        let sockets = &self.sockets;
        let seconds =
            [sockets.look_seconds, sockets.ping_seconds, sockets.silence_seconds, sockets.slow_seconds];
        if seconds.contains(&0) || sockets.waiting_bytes == 0 {
            return Err("sockets: seconds and bytes are at least 1".to_owned());
        }
        if !self.instance_key.is_empty() && decode_key(&self.instance_key).is_none() {
            return Err("instance_key has 64 hexadecimal digits".to_owned());
        }
        self.outgoing.guard().map(drop)
    }

    /// Where browsers reach this instance.
    pub fn public_url(&self) -> String {
        if self.public_url.is_empty() { format!("http://{}", self.listen) } else { self.public_url.clone() }
    }

    /// The whole configuration as TOML, secrets hidden.
    pub fn show(&self) -> String {
        let mut shown = self.clone();
        for secret in [&mut shown.mail.password, &mut shown.instance_key] {
            if !secret.is_empty() {
                "(set)".clone_into(secret);
            }
        }
        if shown.database_url.contains('@') {
            "(set)".clone_into(&mut shown.database_url);
        }
        toml::to_string_pretty(&shown).expect("the configuration is plain data")
    }
}

/// Variable name → path and default of every key.
fn leaves(table: &toml::Table) -> BTreeMap<String, (Vec<String>, toml::Value)> {
    let mut found = BTreeMap::new();
    for (key, value) in table {
        if let toml::Value::Table(inner) = value {
            for (name, (mut path, default)) in leaves(inner) {
                path.insert(0, key.clone());
                found.insert(
                    format!("USHER_{}_{}", key.to_uppercase(), &name["USHER_".len()..]),
                    (path, default),
                );
            }
        } else {
            found.insert(format!("USHER_{}", key.to_uppercase()), (vec![key.clone()], value.clone()));
        }
    }
    found
}

fn parse_like(default: &toml::Value, text: &str) -> Result<toml::Value, String> {
    Ok(match default {
        toml::Value::Integer(_) => {
            toml::Value::Integer(text.trim().parse().map_err(|_| "is not a whole number")?)
        }
        toml::Value::Boolean(_) => {
            toml::Value::Boolean(text.trim().parse().map_err(|_| "is neither true nor false")?)
        }
        toml::Value::Array(_) => toml::Value::Array(
            text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(toml::Value::from).collect(),
        ),
        _ => toml::Value::String(text.to_owned()),
    })
}

fn put(table: &mut toml::Table, path: &[String], value: toml::Value) {
    match path {
        [last] => drop(table.insert(last.clone(), value)),
        [first, rest @ ..] => {
            let inner = table.entry(first.clone()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if let toml::Value::Table(inner) = inner {
                put(inner, rest, value);
            }
        }
        [] => {}
    }
}

/// The key in 64 hexadecimal digits.
pub fn decode_key(text: &str) -> Option<[u8; 32]> {
    let text = text.trim();
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut key = [0_u8; 32];
    for (index, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
        let file = tempfile();
        std::fs::write(&file, toml).expect("written");
        let variables = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let loaded = Config::load(Some(&file), &variables);
        std::fs::remove_file(file).expect("removed");
        loaded
    }

    fn tempfile() -> PathBuf {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        std::env::temp_dir().join(format!("usher-config-{}-{number}.toml", std::process::id()))
    }

    #[test]
    fn a_variable_beats_the_file_and_the_file_beats_the_default() {
        let config = load(
            "listen = \"127.0.0.1:1\"\n[limits]\nsign_in_failures = 3\n",
            &[
                ("USHER_LISTEN", "127.0.0.1:2"),
                ("USHER_RETENTION_SESSION_DAYS", "5"),
                ("USHER_MAIL_SMTP_PORT", "25"),
            ],
        )
        .expect("valid");
        assert_eq!(config.listen, "127.0.0.1:2");
        assert_eq!(config.limits.sign_in_failures, 3);
        assert_eq!(config.retention.session_days, 5);
        assert_eq!(config.mail.smtp_port, 25);
    }

    #[test]
    fn unknown_keys_and_impossible_values_are_named() {
        for (toml, variables, word) in [
            ("lisen = \"x\"", vec![], "lisen"),
            ("", vec![("USHER_LISEN", "x")], "USHER_LISEN"),
            ("listen = \"here\"", vec![], "listen"),
            ("time_zone = \"Mars/Base\"", vec![], "time_zone"),
            ("", vec![("USHER_MAIL_SMTP_PORT", "many")], "USHER_MAIL_SMTP_PORT"),
            ("", vec![("USHER_SOCKETS_PING_SECONDS", "0")], "sockets"),
            ("instance_key = \"abc\"", vec![], "instance_key"),
            (
                "",
                vec![("USHER_OUTGOING_ALLOWED_WEBHOOK_HOSTS", "hooks,a b")],
                "outgoing.allowed_webhook_hosts",
            ),
        ] {
            let error = load(toml, &variables).expect_err("refused");
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn showing_hides_secrets() {
        let key = "ab".repeat(32);
        let config =
            load(&format!("instance_key = \"{key}\"\n[mail]\npassword = \"hunter2\"\n"), &[]).expect("valid");
        let shown = config.show();
        assert!(!shown.contains("hunter2") && !shown.contains(&key), "{shown}");
        assert!(shown.contains("session_days"));
    }
}
