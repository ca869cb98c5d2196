//! How a site signs who its visitors are (spec 02, `usher.identify`): with a secret that Usher derives and the site's own
//! server keeps, or with a key pair whose public half is set here.

use super::{configuration_changed, record};
use crate::{
    App, AppError,
    access::Actor,
    audit::{self, Note},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::DecodingKey;
use kernel::{Secret, SiteId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;
use store::Session;
use utoipa::ToSchema;

/// What is stored of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredIdentity {
    /// Which secret is in force; a new one for each number.
    pub generation: u32,
    /// PEM of the public key for RS256 or ES256.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
}

impl StoredIdentity {
    pub(crate) async fn read(session: &mut dyn Session, site: SiteId) -> Result<Self, AppError> {
        let stored = session.setting(&setting(site)).await?;
        Ok(stored.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default())
    }

    /// The secret for HS256. Derived, so that it stands in no database and no backup.
    pub(crate) fn secret(&self, app: &App, site: SiteId) -> Secret<String> {
        let key = app.settings().instance_key.expose();
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length of key is taken");
        mac.update(b"identify secret");
        mac.update(site.uuid().as_bytes());
        mac.update(&self.generation.to_be_bytes());
        Secret::new(BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }
}

/// Under which name it is stored.
pub(super) fn setting(site: SiteId) -> String {
    format!("identity:{site}")
}

/// How a site signs who its visitors are.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IdentityView {
    /// For HS256; belongs on the site's server, never into a page.
    pub secret: String,
    /// For RS256 or ES256, PEM.
    pub public_key: Option<String>,
}

/// A change of it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityChange {
    /// PEM of an RSA or P-256 public key; null takes it away.
    pub public_key: Option<String>,
}

/// Shows secret and key; that somebody looked is in the audit log.
pub async fn show(app: &App, actor: &Actor, id: SiteId) -> Result<IdentityView, AppError> {
    let site = record(app, id).await?;
    let mut tx = app.store().begin().await?;
    let stored = StoredIdentity::read(crate::conversations::trigger::tx_session(&mut *tx), id).await?;
    audit::write(app, &mut *tx, actor, Note::new("site.secret_shown", "site").of(id, site.name)).await?;
    tx.commit().await?;
    Ok(view(app, id, stored))
}

fn view(app: &App, id: SiteId, stored: StoredIdentity) -> IdentityView {
    IdentityView { secret: stored.secret(app, id).expose().clone(), public_key: stored.public_key }
}

/// Sets the public key.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: SiteId,
    change: IdentityChange,
) -> Result<IdentityView, AppError> {
    let public_key = change.public_key.map(|pem| pem.trim().to_owned()).filter(|pem| !pem.is_empty());
    if public_key.as_deref().is_some_and(|pem| keys(pem).is_empty()) {
        let reason = "is not the PEM of an RSA or P-256 public key";
        return Err(AppError::invalid("/public_key", "key", reason));
    }
    write(app, actor, id, |stored| StoredIdentity { public_key, ..stored }).await
}

/// Makes a new secret; tokens signed with the old one are refused from now on.
pub async fn rotate(app: &App, actor: &Actor, id: SiteId) -> Result<IdentityView, AppError> {
    write(app, actor, id, |stored| StoredIdentity { generation: stored.generation + 1, ..stored }).await
}

async fn write(
    app: &App,
    actor: &Actor,
    id: SiteId,
    change: impl FnOnce(StoredIdentity) -> StoredIdentity,
) -> Result<IdentityView, AppError> {
    let site = record(app, id).await?;
    let mut tx = app.store().begin().await?;
    let stored = StoredIdentity::read(crate::conversations::trigger::tx_session(&mut *tx), id).await?;
    let stored = change(stored);
    tx.put_setting(&setting(id), Some(&json!(stored))).await?;
    audit::write(app, &mut *tx, actor, Note::new("site.identity_changed", "site").of(id, site.name)).await?;
    tx.commit().await?;
    configuration_changed(app).await?;
    Ok(view(app, id, stored))
}

/// The algorithms that a public key can check, with the key.
pub(crate) fn keys(pem: &str) -> Vec<(jsonwebtoken::Algorithm, DecodingKey)> {
    let rsa = DecodingKey::from_rsa_pem(pem.as_bytes()).ok();
    let ec = DecodingKey::from_ec_pem(pem.as_bytes()).ok();
    let rsa = rsa.map(|key| (jsonwebtoken::Algorithm::RS256, key));
    rsa.into_iter().chain(ec.map(|key| (jsonwebtoken::Algorithm::ES256, key))).collect()
}
