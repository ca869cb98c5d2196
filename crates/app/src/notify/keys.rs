//! The key with which this instance shows push services who it is (VAPID, RFC 8292). Made once, when an instance first
//! starts; the private half is encrypted in the settings.

use crate::{App, AppError, vault};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kernel::{Secret, Timestamp, WebUrl};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Session, Tx};

/// The instance's setting.
const SETTING: &str = "web_push";
/// What is written so that two nodes that start at once make one key.
const TURN: &str = "web_push/turn";
/// How long a signature is valid; a day is the most that push services take.
const VALID: SignedDuration = SignedDuration::from_hours(12);

#[derive(Serialize, Deserialize)]
struct Stored {
    public: String,
    private: String,
}

/// The key of this instance.
#[derive(Debug)]
pub(super) struct ServerKey {
    /// As browsers and push services are given it.
    pub public: String,
    private: Secret<Vec<u8>>,
}

#[derive(Serialize)]
struct Claims<'a> {
    aud: String,
    exp: i64,
    sub: &'a str,
}

impl ServerKey {
    /// The key that is there. None before the first start, and when it was encrypted with another key of the instance.
    pub async fn read(app: &App, session: &mut dyn Session) -> Result<Option<Self>, AppError> {
        let stored = session.setting(SETTING).await?;
        let stored: Option<Stored> = stored.and_then(|json| serde_json::from_value(json).ok());
        Ok(stored.and_then(|stored| {
            let private = vault::unlock(app, SETTING, &stored.private)?;
            Some(Self { public: stored.public, private })
        }))
    }

    /// The key that is there, or a new one.
    pub async fn ensure(app: &App) -> Result<Self, AppError> {
        if let Some(key) = Self::read(app, &mut *app.store().read().await?).await? {
            return Ok(key);
        }
        let mut tx = app.store().begin().await?;
        // Written before reading: on a store with several writers the second one waits here until the first has committed.
        tx.put_setting(TURN, Some(&json!(app.now().to_string()))).await?;
        if let Some(key) = Self::read(app, &mut *tx).await? {
            return Ok(key);
        }
        let key = Self::make(app, &mut *tx).await?;
        tx.commit().await?;
        Ok(key)
    }

    async fn make(app: &App, tx: &mut dyn Tx) -> Result<Self, AppError> {
        let failed = || AppError::Internal("no key for Web Push could be made".to_owned());
        let (algorithm, dice) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &dice).map_err(|_| failed())?;
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &dice).map_err(|_| failed())?;
        let public = BASE64_URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        let stored =
            Stored { public: public.clone(), private: vault::lock(app, SETTING, document.as_ref())? };
        tx.put_setting(SETTING, Some(&json!(stored))).await?;
        Ok(Self { public, private: Secret::new(document.as_ref().to_vec()) })
    }

    /// The value of `Authorization` for an address of a push service.
    pub fn authorization(
        &self,
        app: &App,
        endpoint: &WebUrl,
        now: Timestamp,
    ) -> Result<Secret<String>, AppError> {
        let claims = Claims {
            aud: endpoint.parsed().origin().ascii_serialization(),
            exp: (now + VALID).as_second(),
            sub: &contact(app),
        };
        let key = EncodingKey::from_ec_der(self.private.expose());
        let token = jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &key)
            .map_err(|error| AppError::Internal(format!("no signature for a push service: {error}")))?;
        Ok(Secret::new(format!("vapid t={token}, k={}", self.public)))
    }
}

/// Where the makers of a push service find whoever runs this instance.
fn contact(app: &App) -> String {
    let url = &app.settings().public_url;
    if url.starts_with("https://") { url.clone() } else { "mailto:usher@localhost.invalid".to_owned() }
}
