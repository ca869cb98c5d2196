//! What addresses tell, out of files in the MMDB format: those of `MaxMind`, DB-IP and `IPinfo`, and our own.
//!
//! - Several files may be named; the first that knows a part says it, so that a file of places and one of companies go
//!   together, and a company's own list of networks in front of both.
//! - A file that has changed is read again by [`IpDatabases::reload`]; one that is broken then leaves the old one in use.
//! - Nothing is asked of anybody over the network.

mod fields;
pub mod writer;

use connect::ip::{Inference, IpIntelligence, KEPT_V4, KEPT_V6, truncated};
use maxminddb::Reader;
use moka::sync::Cache;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock};
use std::time::SystemTime;

/// Networks whose inference is kept at hand.
const REMEMBERED: u64 = 20_000;

/// Some databases. The order is that of the configuration.
pub struct IpDatabases {
    files: RwLock<Vec<File>>,
    /// By truncated address; only where all addresses of that block have the same inference.
    known: Cache<IpAddr, Inference>,
    /// Reloading takes turns.
    reloading: Mutex<()>,
}

struct File {
    path: PathBuf,
    state: State,
    reader: Reader<Vec<u8>>,
}

/// By what a change of a file is noticed.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    size: u64,
    changed: Option<SystemTime>,
}

fn state(path: &Path) -> Result<State, String> {
    let about = fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(State { size: about.len(), changed: about.modified().ok() })
}

impl File {
    fn open(path: &Path) -> Result<Self, String> {
        let state = state(path)?;
        let bytes = fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let reader = Reader::from_source(bytes).map_err(|_| {
            format!("{} is not a database in the MMDB format, or only a part of one", path.display())
        })?;
        Ok(Self { path: path.to_path_buf(), state, reader })
    }

    /// What this file tells, and whether it tells the same of the whole truncated block.
    fn look_up(&self, address: IpAddr) -> (Inference, bool) {
        let Ok(found) = self.reader.lookup(address) else { return (Inference::default(), false) };
        let kept = if address.is_ipv4() { KEPT_V4 } else { KEPT_V6 };
        let whole = found
            .network()
            .is_ok_and(|network| network.prefix() <= kept || network.is_ipv4() != address.is_ipv4());
        let value = found.decode::<serde_json::Value>().ok().flatten();
        (value.map(|value| fields::inference(&value)).unwrap_or_default(), whole)
    }
}

impl IpDatabases {
    /// Reads the files; the error is a sentence for the operator, with the path in it.
    pub fn open(paths: &[PathBuf]) -> Result<Self, String> {
        let files = paths.iter().map(|path| File::open(path)).collect::<Result<_, _>>()?;
        Ok(Self { files: RwLock::new(files), known: Cache::new(REMEMBERED), reloading: Mutex::new(()) })
    }

    /// Reads again what has changed on the disk; true when something has. Takes as long as reading the files does.
    pub fn reload(&self) -> bool {
        let _turn = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        let stale: Vec<PathBuf> = self
            .files
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .filter(|file| state(&file.path).is_ok_and(|now| now != file.state))
            .map(|file| file.path.clone())
            .collect();
        let mut changed = false;
        for path in stale {
            match File::open(&path) {
                Ok(fresh) => changed |= self.put(fresh),
                // Perhaps it is being copied just now: the next turn tries again.
                Err(error) => {
                    tracing::warn!(%error, "an IP database could not be read again; the old one stays in use");
                }
            }
        }
        if changed {
            self.known.invalidate_all();
        }
        changed
    }

    fn put(&self, fresh: File) -> bool {
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        let Some(old) = files.iter_mut().find(|file| file.path == fresh.path) else { return false };
        tracing::info!(path = %fresh.path.display(), "an IP database was read again");
        *old = fresh;
        true
    }
}

impl IpIntelligence for IpDatabases {
    fn look_up(&self, address: IpAddr) -> Inference {
        // A server that listens on both families sees IPv4 clients as IPv6.
        let address = address.to_canonical();
        let block = truncated(address);
        if let Some(known) = self.known.get(&block) {
            return known;
        }
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
        let (mut inference, mut whole) = (Inference::default(), true);
        for file in files.iter() {
            let (found, same) = file.look_up(address);
            inference = inference.or(found);
            whole &= same;
        }
        if whole {
            // Still holding the files, so that nothing old gets in after a reload has cleared what was known.
            self.known.insert(block, inference.clone());
        }
        inference
    }
}
