//! Profiles: sets of permissions; five from the start, more as admins make them (spec 12).

use crate::access::{Actor, BUILT_IN_PROFILES, Permission, PermissionSet};
use crate::audit::{self, Note};
use crate::users::checked_name;
use crate::{App, AppError, FieldError};
use bus::Hint;
use kernel::{ProfileId, UserId};
use serde_json::json;
use store::{Profile, StoreError};

/// The setting that remembers that the five were made, so that a deleted one stays deleted.
const SEEDED: &str = "profiles/built_in";

/// What is given for a new profile.
#[derive(Debug, Clone)]
pub struct NewProfile {
    /// 1 to 100 characters, unique.
    pub name: String,
    /// Up to 1,000 characters.
    pub description: String,
    /// Permission keys.
    pub permissions: Vec<String>,
}

/// A change of a profile; absent parts stay.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    /// New name.
    pub name: Option<String>,
    /// New description.
    pub description: Option<String>,
    /// New permissions, whole.
    pub permissions: Option<Vec<String>>,
    /// The version on which the change is based.
    pub version: Option<i64>,
}

/// Makes the five profiles once in the life of an instance. Called at every start; several nodes may call it at once.
pub async fn ensure_built_in(app: &App) -> Result<(), AppError> {
    if app.store().read().await?.setting(SEEDED).await?.is_some() {
        return Ok(());
    }
    let now = app.now();
    let mut tx = app.store().begin().await?;
    // Written first: on a store with several writers the second one waits here until the first has committed.
    tx.put_setting(SEEDED, Some(&json!(true))).await?;
    if !tx.profiles().await?.is_empty() {
        return Ok(tx.commit().await?);
    }
    for built_in in &BUILT_IN_PROFILES {
        let profile = Profile {
            id: app.id(now),
            name: built_in.name.to_owned(),
            description: built_in.description.to_owned(),
            built_in: true,
            permissions: (built_in.permissions)().keys(),
            version: 1,
            users: 0,
        };
        tx.insert_profile(&profile).await?;
    }
    Ok(tx.commit().await?)
}

/// All profiles, the built-in first.
pub async fn list(app: &App) -> Result<Vec<Profile>, AppError> {
    Ok(app.store().read().await?.profiles().await?)
}

/// One profile.
pub async fn show(app: &App, id: ProfileId) -> Result<Profile, AppError> {
    app.store().read().await?.profile(id).await?.ok_or(AppError::NotFound("profile"))
}

/// Makes a profile.
pub async fn create(app: &App, actor: &Actor, new: NewProfile) -> Result<Profile, AppError> {
    let now = app.now();
    let profile = Profile {
        id: app.id(now),
        name: checked_name(&new.name, "/name")?,
        description: checked_description(&new.description)?,
        built_in: false,
        permissions: checked_permissions(&new.permissions)?,
        version: 1,
        users: 0,
    };
    let mut tx = app.store().begin().await?;
    tx.insert_profile(&profile).await.map_err(name_taken)?;
    let note = Note::new("profile.created", "profile").of(profile.id, &profile.name);
    audit::write(app, &mut *tx, actor, note.details(json!({ "permissions": profile.permissions }))).await?;
    tx.commit().await?;
    Ok(profile)
}

/// Changes a profile; takes effect for its users within seconds.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: ProfileId,
    change: ProfileChange,
) -> Result<Profile, AppError> {
    let mut tx = app.store().begin().await?;
    let mut profile = tx.profile(id).await?.ok_or(AppError::NotFound("profile"))?;
    if change.version.is_some_and(|version| version != profile.version) {
        return Err(AppError::Stale);
    }
    if let Some(name) = change.name {
        profile.name = checked_name(&name, "/name")?;
    }
    if let Some(description) = change.description {
        profile.description = checked_description(&description)?;
    }
    let before = profile.permissions.clone();
    if let Some(keys) = change.permissions {
        profile.permissions = checked_permissions(&keys)?;
    }
    tx.update_profile(&profile).await.map_err(name_taken)?;
    let added: Vec<_> = profile.permissions.iter().filter(|p| !before.contains(p)).collect();
    let removed: Vec<_> = before.iter().filter(|p| !profile.permissions.contains(p)).collect();
    let note = Note::new("profile.updated", "profile").of(id, &profile.name);
    audit::write(app, &mut *tx, actor, note.details(json!({ "added": added, "removed": removed }))).await?;
    tx.commit().await?;
    // One hint is enough: every node forgets all cached sign-ins when rights change.
    app.hint(Hint::User { id: UserId::from(id.uuid()) });
    show(app, id).await
}

/// Removes a profile that nobody has.
pub async fn delete(app: &App, actor: &Actor, id: ProfileId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let profile = tx.profile(id).await?.ok_or(AppError::NotFound("profile"))?;
    if profile.users > 0 {
        let sentence = format!("{} users have this profile; give them another one first", profile.users);
        return Err(AppError::Conflict(sentence));
    }
    tx.delete_profile(id).await?;
    audit::write(app, &mut *tx, actor, Note::new("profile.deleted", "profile").of(id, &profile.name)).await?;
    Ok(tx.commit().await?)
}

fn name_taken(error: StoreError) -> AppError {
    match error {
        StoreError::Taken { what: "profiles.name" } => {
            AppError::invalid("/name", "taken", "is the name of another profile")
        }
        other => other.into(),
    }
}

fn checked_description(text: &str) -> Result<String, AppError> {
    if text.chars().count() > 1_000 {
        return Err(AppError::invalid("/description", "too_long", "is longer than 1,000 characters"));
    }
    Ok(text.trim().to_owned())
}

fn checked_permissions(keys: &[String]) -> Result<Vec<String>, AppError> {
    let unknown: Vec<FieldError> = keys
        .iter()
        .enumerate()
        .filter(|(_, key)| Permission::from_key(key).is_none())
        .map(|(index, _)| FieldError::new(format!("/permissions/{index}"), "option", "is not a permission"))
        .collect();
    if unknown.is_empty() {
        Ok(PermissionSet::from_keys(keys).keys())
    } else {
        Err(AppError::Invalid(unknown))
    }
}
