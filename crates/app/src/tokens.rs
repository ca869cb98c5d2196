//! API tokens: for scripts and integrations, with scopes, shown once (spec 12).

use crate::access::{Actor, Permission, PermissionSet};
use crate::audit::{self, Note};
use crate::sessions::{SignIn, TOUCH_MS};
use crate::{App, AppError, FieldError};
use bus::Hint;
use kernel::token::TokenHash;
use kernel::{OpaqueToken, Timestamp, TokenId, UserId, to_millis};
use serde_json::json;
use store::ApiToken;

/// What every token begins with, so that people and scanners know what they found.
pub const PREFIX: &str = "ust_";

/// A token to be made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Name for people, 1 to 100 characters.
    pub name: String,
    /// Permission keys.
    pub scopes: Vec<String>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// The token behind a bearer credential; `None` when there is none.
pub async fn authenticate(app: &App, hash: &TokenHash) -> Result<Option<SignIn>, AppError> {
    let now = app.now();
    let Some(token) = app.store().read().await?.token_by_hash(hash, now).await? else { return Ok(None) };
    let stale = token.last_used_at.is_none_or(|at| to_millis(now) - to_millis(at) > TOUCH_MS);
    if stale {
        let (app, id) = (app.clone(), token.id);
        // Noting the use must not make anybody wait, and losing a note costs a minute of precision.
        tokio::spawn(async move {
            if let Err(error) = touch(&app, id, now).await {
                tracing::debug!(%error, "use of a token was not noted");
            }
        });
    }
    Ok(Some(SignIn::Token(token)))
}

async fn touch(app: &App, id: TokenId, now: Timestamp) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    tx.touch_token(id, now).await?;
    Ok(tx.commit().await?)
}

/// All tokens, newest first.
pub async fn list(app: &App) -> Result<Vec<ApiToken>, AppError> {
    Ok(app.store().read().await?.tokens().await?)
}

/// Makes a token; nobody can give more than he or she has.
pub async fn create(app: &App, actor: &Actor, new: NewToken) -> Result<(OpaqueToken, ApiToken), AppError> {
    let now = app.now();
    let scopes = checked_scopes(actor, &new.scopes)?;
    let name = crate::users::checked_name(&new.name, "/name")?;
    if new.expires_at.is_some_and(|at| at <= now) {
        return Err(AppError::invalid("/expires_at", "past", "lies in the past"));
    }
    let secret = OpaqueToken::generate(app.entropy(), PREFIX);
    let token = ApiToken {
        id: app.id(now),
        token_hash: secret.hash(),
        name,
        scopes: scopes.keys(),
        created_by: actor.user_id(),
        created_at: now,
        last_used_at: None,
        expires_at: new.expires_at,
    };
    let mut tx = app.store().begin().await?;
    tx.insert_token(&token).await?;
    let note = Note::new("token.created", "token").of(token.id, &token.name);
    audit::write(app, &mut *tx, actor, note.details(json!({ "scopes": token.scopes }))).await?;
    tx.commit().await?;
    Ok((secret, token))
}

fn checked_scopes(actor: &Actor, keys: &[String]) -> Result<PermissionSet, AppError> {
    let mut errors = Vec::new();
    let mut scopes = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        let field = format!("/scopes/{index}");
        match Permission::from_key(key) {
            None => errors.push(FieldError::new(field, "option", "is not a permission")),
            Some(scope) if !actor.may(scope) => {
                errors.push(FieldError::new(field, "not_yours", "is not one of your own permissions"));
            }
            Some(scope) => scopes.push(scope),
        }
    }
    if keys.is_empty() {
        errors.push(FieldError::new("/scopes", "required", "is empty: the token could do nothing"));
    }
    if errors.is_empty() { Ok(scopes.into_iter().collect()) } else { Err(AppError::Invalid(errors)) }
}

/// Ends a token.
pub async fn delete(app: &App, actor: &Actor, id: TokenId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let name = tx.tokens().await?.into_iter().find(|t| t.id == id).map(|t| t.name);
    if !tx.delete_token(id).await? {
        return Err(AppError::NotFound("token"));
    }
    let note = Note::new("token.deleted", "token").of(id, name.unwrap_or_default());
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    // Tokens have no hint of their own; the hint about a user makes every node forget cached sign-ins.
    app.hint(Hint::User { id: UserId::from(id.uuid()) });
    Ok(())
}
