//! Values that leave the server and come back: as JSON with a code over it, so that nobody but this instance can have
//! made them. What is in them can be read by whoever holds them.

use crate::App;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;

const CODE: usize = 20;

/// Writes a value; the purpose keeps values of different kinds apart.
pub(crate) fn seal<T: Serialize>(app: &App, purpose: &str, value: &T) -> String {
    let body = serde_json::to_vec(value).unwrap_or_default();
    let code = code(app, purpose, &body).finalize().into_bytes();
    format!("{}.{}", BASE64_URL_SAFE_NO_PAD.encode(body), BASE64_URL_SAFE_NO_PAD.encode(&code[..CODE]))
}

/// Reads a value; none when it was not sealed here for this purpose.
pub(crate) fn unseal<T: DeserializeOwned>(app: &App, purpose: &str, text: &str) -> Option<T> {
    let (body, code_text) = text.split_once('.')?;
    let body = BASE64_URL_SAFE_NO_PAD.decode(body).ok()?;
    let given = BASE64_URL_SAFE_NO_PAD.decode(code_text).ok().filter(|given| given.len() == CODE)?;
    code(app, purpose, &body).verify_truncated_left(&given).ok()?;
    serde_json::from_slice(&body).ok()
}

fn code(app: &App, purpose: &str, body: &[u8]) -> Hmac<Sha256> {
    let key = app.settings().instance_key.expose();
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length of key is taken");
    mac.update(b"sealed ");
    mac.update(&(purpose.len() as u64).to_be_bytes());
    mac.update(purpose.as_bytes());
    mac.update(body);
    mac
}
