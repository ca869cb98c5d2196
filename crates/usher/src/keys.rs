//! The instance key: made once, kept in a file that only the owner can read.

use crate::config::{Config, decode_key};
use kernel::{Entropy, Secret};
use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;

/// The key from the configuration, else from `data_dir/instance.key`, which is made when it is not there.
pub fn instance_key(config: &Config, entropy: &dyn Entropy) -> Result<Secret<[u8; 32]>, String> {
    if let Some(key) = decode_key(&config.instance_key) {
        return Ok(Secret::new(key));
    }
    let path = config.data_dir.join("instance.key");
    let said = |e: std::io::Error| format!("{}: {e}", path.display());
    match fs::read_to_string(&path) {
        Ok(text) => decode_key(&text)
            .map(Secret::new)
            .ok_or_else(|| format!("{} does not hold 64 hexadecimal digits", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let mut key = [0_u8; 32];
            entropy.fill(&mut key);
            let text: String = key.iter().map(|b| format!("{b:02x}")).collect();
            let mut file =
                fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).map_err(said)?;
            file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(said)?;
            Ok(Secret::new(key))
        }
        Err(error) => Err(said(error)),
    }
}
