//! Users: the first owner, changes by admins and by oneself. The owner can be neither disabled nor demoted nor deleted.

use crate::access::{Actor, BUILT_IN_PROFILES};
use crate::audit::{self, Note};
use crate::sessions::{self, NewSession, SignedInUser};
use crate::{App, AppError, passwords, profiles};
use bus::Hint;
use kernel::{Email, ProfileId, UserId, text::has_forbidden_controls};
use serde_json::{Value as Json, json};
use store::{Profile, StoreError, Tx, User};

/// The first user.
#[derive(Debug)]
pub struct FirstOwner<'a> {
    /// Sign-in name.
    pub email: &'a str,
    /// Name for people.
    pub name: &'a str,
    /// Password in the clear.
    pub password: &'a str,
    /// Browser, for the session.
    pub user_agent: &'a str,
}

/// A user with the name of the profile.
#[derive(Debug, Clone)]
pub struct UserRow {
    /// The user.
    pub user: User,
    /// Name of the profile.
    pub profile_name: String,
}

/// A change by an admin; absent parts stay.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// New name.
    pub name: Option<String>,
    /// Other profile.
    pub profile_id: Option<ProfileId>,
    /// Lock out or let in again.
    pub disabled: Option<bool>,
}

/// A change of oneself; absent parts stay.
#[derive(Debug, Clone, Default)]
pub struct SelfChange {
    /// New name.
    pub name: Option<String>,
    /// The present and the new password.
    pub password: Option<(String, String)>,
    /// `light`, `dark`, `auto`.
    pub theme: Option<String>,
    /// IANA name; `Some(None)` clears it.
    pub time_zone: Option<Option<String>>,
}

/// Name of the theme in somebody's preferences.
pub fn theme(user: &User) -> &str {
    user.preferences.get("theme").and_then(Json::as_str).unwrap_or("auto")
}

/// Time zone in somebody's preferences.
pub fn time_zone(user: &User) -> Option<&str> {
    user.preferences.get("time_zone").and_then(Json::as_str)
}

/// A name on one line, 1 to 100 characters.
pub(crate) fn checked_name(name: &str, field: &str) -> Result<String, AppError> {
    let name = name.trim();
    if name.is_empty() {
        return Err(AppError::invalid(field, "required", "is empty"));
    }
    if name.chars().count() > 100 {
        return Err(AppError::invalid(field, "too_long", "is longer than 100 characters"));
    }
    if has_forbidden_controls(name) || name.contains(['\n', '\r']) {
        return Err(AppError::invalid(field, "control", "holds a line break or a control character"));
    }
    Ok(name.to_owned())
}

pub(crate) fn checked_email(text: &str) -> Result<Email, AppError> {
    text.parse().map_err(|_| AppError::invalid("/email", "email_syntax", "is not an e-mail address"))
}

pub(crate) fn email_taken(error: StoreError) -> AppError {
    match error {
        StoreError::Taken { what: "users.email" } => {
            AppError::invalid("/email", "taken", "is the address of another user")
        }
        other => other.into(),
    }
}

/// True while nobody can sign in because there is no user at all.
pub async fn needs_owner(app: &App) -> Result<bool, AppError> {
    Ok(app.store().read().await?.count_users().await? == 0)
}

/// Makes the first user the owner and signs in. Of several that try at once, one wins; the others get a conflict.
pub async fn create_first_owner(
    app: &App,
    actor: &Actor,
    first: &FirstOwner<'_>,
) -> Result<NewSession, AppError> {
    let email = checked_email(first.email)?;
    let name = checked_name(first.name, "/name")?;
    passwords::check(first.password, "/password")?;
    if !needs_owner(app).await? {
        return Err(has_owner());
    }
    profiles::ensure_built_in(app).await?;
    let hash = passwords::hash(app, first.password).await?;
    let now = app.now();
    let mut tx = app.store().begin().await?;
    // Written before counting: on a store with several writers the second one waits here until the first has committed.
    tx.put_setting("setup/owner", Some(&json!(email.as_str()))).await?;
    if tx.count_users().await? > 0 {
        return Err(has_owner());
    }
    let user = User {
        id: app.id(now),
        email,
        name,
        profile_id: widest_profile(&mut *tx).await?,
        owner: true,
        disabled: false,
        password_hash: Some(hash),
        failed_attempts: 0,
        locked_until: None,
        preferences: json!({}),
        created_at: now,
        last_seen_at: Some(now),
    };
    tx.insert_user(&user).await.map_err(email_taken)?;
    let begun = sessions::begin(app, &mut *tx, &user, first.user_agent, now).await?;
    audit::write(app, &mut *tx, actor, Note::new("owner.created", "user").of(user.id, &user.name)).await?;
    tx.commit().await?;
    Ok(begun)
}

fn has_owner() -> AppError {
    AppError::Conflict("this instance has an owner already; sign in instead".to_owned())
}

/// An owner needs a profile too; it says nothing about rights, for an owner has them all.
async fn widest_profile(tx: &mut dyn Tx) -> Result<ProfileId, AppError> {
    let profiles = tx.profiles().await?;
    let marketing = profiles.iter().find(|p| p.name == BUILT_IN_PROFILES[3].name);
    marketing
        .or_else(|| profiles.iter().max_by_key(|p| p.permissions.len()))
        .map(|profile| profile.id)
        .ok_or_else(|| AppError::Internal("there is no profile".to_owned()))
}

/// Makes a user with a password at once; for the command line and the demo.
pub async fn create(
    app: &App,
    actor: &Actor,
    email: &str,
    name: &str,
    profile_name: &str,
    password: Option<&str>,
) -> Result<User, AppError> {
    let email = checked_email(email)?;
    let name = checked_name(name, "/name")?;
    let hash = match password {
        Some(password) => {
            passwords::check(password, "/password")?;
            Some(passwords::hash(app, password).await?)
        }
        None => None,
    };
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let profile = tx.profiles().await?.into_iter().find(|p| p.name.eq_ignore_ascii_case(profile_name));
    let profile = profile.ok_or_else(|| AppError::invalid("/profile_id", "option", "is not a profile"))?;
    let mut user = invited(app, email, name, &profile, now);
    user.password_hash = hash;
    tx.insert_user(&user).await.map_err(email_taken)?;
    audit::write(app, &mut *tx, actor, Note::new("user.created", "user").of(user.id, &user.name)).await?;
    tx.commit().await?;
    Ok(user)
}

/// A user who has not joined yet.
pub(crate) fn invited(
    app: &App,
    email: Email,
    name: String,
    profile: &Profile,
    now: kernel::Timestamp,
) -> User {
    User {
        id: app.id(now),
        email,
        name,
        profile_id: profile.id,
        owner: false,
        disabled: false,
        password_hash: None,
        failed_attempts: 0,
        locked_until: None,
        preferences: json!({}),
        created_at: now,
        last_seen_at: None,
    }
}

/// All users by name.
pub async fn list(app: &App) -> Result<Vec<UserRow>, AppError> {
    let mut session = app.store().read().await?;
    let users = session.users().await?;
    let profiles = session.profiles().await?;
    let name = |id| profiles.iter().find(|p| p.id == id).map(|p| p.name.clone()).unwrap_or_default();
    Ok(users.into_iter().map(|user| UserRow { profile_name: name(user.profile_id), user }).collect())
}

/// One user.
pub async fn show(app: &App, id: UserId) -> Result<UserRow, AppError> {
    let mut session = app.store().read().await?;
    let user = session.user(id).await?.ok_or(AppError::NotFound("user"))?;
    let profile = session.profile(user.profile_id).await?;
    Ok(UserRow { profile_name: profile.map(|p| p.name).unwrap_or_default(), user })
}

/// Changes a user. Disabling ends all sessions at once.
pub async fn update(app: &App, actor: &Actor, id: UserId, change: UserChange) -> Result<UserRow, AppError> {
    let mut tx = app.store().begin().await?;
    let mut user = tx.user(id).await?.ok_or(AppError::NotFound("user"))?;
    let mut details = serde_json::Map::new();
    if let Some(name) = &change.name {
        user.name = checked_name(name, "/name")?;
        details.insert("name".to_owned(), json!(user.name));
    }
    if let Some(profile) = change.profile_id.filter(|profile| *profile != user.profile_id) {
        refuse_for_owner(&user, "the owner has every permission; the profile cannot be changed")?;
        let found = tx.profile(profile).await?;
        let found = found.ok_or_else(|| AppError::invalid("/profile_id", "option", "is not a profile"))?;
        user.profile_id = profile;
        details.insert("profile".to_owned(), json!(found.name));
    }
    if let Some(disabled) = change.disabled.filter(|disabled| *disabled != user.disabled) {
        refuse_for_owner(&user, "the owner cannot be disabled")?;
        if actor.user_id() == Some(id) {
            return Err(AppError::Conflict("you cannot disable yourself".to_owned()));
        }
        user.disabled = disabled;
        details.insert("disabled".to_owned(), json!(disabled));
    }
    tx.update_user(&user).await?;
    if user.disabled {
        tx.delete_sessions(id, None).await?;
    }
    let note = Note::new("user.updated", "user").of(id, &user.name).details(Json::Object(details));
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    app.hint(Hint::User { id });
    show(app, id).await
}

fn refuse_for_owner(user: &User, sentence: &str) -> Result<(), AppError> {
    if user.owner { Err(AppError::Conflict(sentence.to_owned())) } else { Ok(()) }
}

/// Removes a user with sessions and invitations; what he or she did stays.
pub async fn delete(app: &App, actor: &Actor, id: UserId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let user = tx.user(id).await?.ok_or(AppError::NotFound("user"))?;
    refuse_for_owner(&user, "the owner cannot be deleted")?;
    if actor.user_id() == Some(id) {
        return Err(AppError::Conflict("you cannot delete yourself".to_owned()));
    }
    tx.delete_user(id).await?;
    audit::write(app, &mut *tx, actor, Note::new("user.deleted", "user").of(id, &user.name)).await?;
    tx.commit().await?;
    app.hint(Hint::User { id });
    Ok(())
}

/// Changes one's own name, password or preferences. A new password ends all other sessions.
pub async fn update_self(
    app: &App,
    actor: &Actor,
    me: &SignedInUser,
    change: SelfChange,
) -> Result<User, AppError> {
    let hash = match &change.password {
        None => None,
        Some((current, new)) => {
            passwords::check(new, "/password/new")?;
            if !passwords::verify(current, me.user.password_hash.as_ref()).await? {
                return Err(AppError::invalid("/password/current", "wrong", "is not your present password"));
            }
            Some(passwords::hash(app, new).await?)
        }
    };
    let mut tx = app.store().begin().await?;
    let mut user = tx.user(me.user.id).await?.ok_or(AppError::NotFound("user"))?;
    apply_self(&mut user, &change)?;
    if let Some(hash) = hash {
        user.password_hash = Some(hash);
        tx.delete_sessions(user.id, Some(me.session.id)).await?;
        audit::write(
            app,
            &mut *tx,
            actor,
            Note::new("user.password_changed", "user").of(user.id, &user.name),
        )
        .await?;
    }
    tx.update_user(&user).await?;
    tx.commit().await?;
    app.hint(Hint::User { id: user.id });
    Ok(user)
}

fn apply_self(user: &mut User, change: &SelfChange) -> Result<(), AppError> {
    if let Some(name) = &change.name {
        user.name = checked_name(name, "/name")?;
    }
    let mut preferences = user.preferences.as_object().cloned().unwrap_or_default();
    if let Some(theme) = &change.theme {
        if !matches!(theme.as_str(), "light" | "dark" | "auto") {
            return Err(AppError::invalid("/theme", "option", "is not light, dark or auto"));
        }
        preferences.insert("theme".to_owned(), json!(theme));
    }
    match &change.time_zone {
        Some(Some(zone)) if jiff::tz::TimeZone::get(zone).is_err() => {
            return Err(AppError::invalid(
                "/time_zone",
                "option",
                "is not a time zone such as Europe/Berlin",
            ));
        }
        Some(Some(zone)) => drop(preferences.insert("time_zone".to_owned(), json!(zone))),
        Some(None) => drop(preferences.remove("time_zone")),
        None => {}
    }
    user.preferences = Json::Object(preferences);
    Ok(())
}
