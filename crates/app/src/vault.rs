//! Secrets that are kept in the store: encrypted with a key that is derived from the instance's own, which is in no
//! database and no backup.

use crate::{App, AppError};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use kernel::Secret;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use sha2::Sha256;

/// Encrypts a secret; the purpose keeps secrets of different kinds apart.
pub(crate) fn lock(app: &App, purpose: &str, secret: &[u8]) -> Result<String, AppError> {
    let mut nonce = [0; NONCE_LEN];
    app.entropy().fill(&mut nonce);
    let mut sealed = secret.to_vec();
    key(app, purpose)
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
        .map_err(|_| AppError::Internal("a secret could not be encrypted".to_owned()))?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode([&nonce[..], &sealed].concat()))
}

/// Decrypts a secret; none when it was not encrypted here for this purpose, or with another key of the instance.
pub(crate) fn unlock(app: &App, purpose: &str, text: &str) -> Option<Secret<Vec<u8>>> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_LEN)?;
    let mut sealed = sealed.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let opened = key(app, purpose).open_in_place(nonce, Aad::empty(), &mut sealed).ok()?;
    Some(Secret::new(opened.to_vec()))
}

fn key(app: &App, purpose: &str) -> LessSafeKey {
    let instance = app.settings().instance_key.expose();
    let mut mac = Hmac::<Sha256>::new_from_slice(instance).expect("any length of key is taken");
    mac.update(b"vault ");
    mac.update(purpose.as_bytes());
    let bytes = mac.finalize().into_bytes();
    LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &bytes).expect("the code has the length of a key"))
}
