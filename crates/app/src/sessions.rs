//! Signing in and out. Sessions are rows, so that they can be listed and ended from elsewhere (rule R23).
//!
//! Wrong password, unknown, disabled, locked and not yet joined accounts get the same answer after the same work.

use crate::access::{Actor, ActorKind, PermissionSet};
use crate::audit::{self, Note};
use crate::{App, AppError, passwords};
use bus::Hint;
use jiff::ToSpan;
use kernel::token::TokenHash;
use kernel::{Email, OpaqueToken, SessionId, Timestamp, UserId, millis, to_millis};
use serde_json::json;
use store::{ApiToken, Profile, Tx, User, UserSession};

/// Sessions and tokens note their use at most this often.
pub(crate) const TOUCH_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 3_600_000;
/// The longest lock of an account.
const LONGEST_LOCK_MS: i64 = DAY_MS;
const WRONG: &str = "the e-mail address or the password is not right";

/// A proven credential: a user in a browser, or an API token.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// A signed-in user.
    User(Box<SignedInUser>),
    /// An API token.
    Token(ApiToken),
}

/// A user in a browser.
#[derive(Debug, Clone)]
pub struct SignedInUser {
    /// Who.
    pub user: User,
    /// With what rights.
    pub profile: Profile,
    /// In which browser.
    pub session: UserSession,
}

impl SignIn {
    /// Who acts with this credential from `ip`.
    pub fn actor(&self, ip: Option<String>) -> Actor {
        match self {
            Self::User(signed_in) => {
                let kind = ActorKind::User { id: signed_in.user.id, session: Some(signed_in.session.id) };
                let permissions = permissions_of(&signed_in.user, &signed_in.profile);
                Actor {
                    kind,
                    name: signed_in.user.name.clone(),
                    owner: signed_in.user.owner,
                    permissions,
                    ip,
                }
            }
            Self::Token(token) => Actor {
                kind: ActorKind::Token { id: token.id },
                name: token.name.clone(),
                owner: false,
                permissions: PermissionSet::from_keys(&token.scopes),
                ip,
            },
        }
    }

    /// The user, if it is one.
    pub fn user(&self) -> Option<&SignedInUser> {
        match self {
            Self::User(signed_in) => Some(signed_in),
            Self::Token(_) => None,
        }
    }
}

/// What a user may do: everything for the owner, else what the profile has.
pub fn permissions_of(user: &User, profile: &Profile) -> PermissionSet {
    if user.owner { PermissionSet::all() } else { PermissionSet::from_keys(&profile.permissions) }
}

/// A session that was begun, with the cookie that proves it.
#[derive(Debug)]
pub struct NewSession {
    /// Shown to the browser once.
    pub token: OpaqueToken,
    /// The session.
    pub session: UserSession,
}

/// An attempt to sign in.
#[derive(Debug)]
pub struct Attempt<'a> {
    /// As typed.
    pub email: &'a str,
    /// As typed.
    pub password: &'a str,
    /// Browser.
    pub user_agent: &'a str,
    /// Address of the client.
    pub ip: Option<String>,
}

/// The user behind a session cookie; `None` when it has ended or the user is disabled.
pub async fn authenticate(app: &App, hash: &TokenHash) -> Result<Option<SignIn>, AppError> {
    let now = app.now();
    let found = app.store().read().await?.session_by_hash(hash, now).await?;
    let Some((session, user, profile)) = found.filter(|(_, user, _)| !user.disabled) else { return Ok(None) };
    if to_millis(now) - to_millis(session.last_seen_at) > TOUCH_MS {
        let (app, id) = (app.clone(), session.id);
        // Noting the use must not make anybody wait, and losing a note costs a minute of precision.
        tokio::spawn(async move {
            if let Err(error) = touch(&app, id, now).await {
                tracing::debug!(%error, "use of a session was not noted");
            }
        });
    }
    Ok(Some(SignIn::User(Box::new(SignedInUser { user, profile, session }))))
}

async fn touch(app: &App, id: SessionId, now: Timestamp) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    tx.touch_session(id, now).await?;
    Ok(tx.commit().await?)
}

/// Signs in with e-mail address and password.
pub async fn sign_in(app: &App, attempt: &Attempt<'_>) -> Result<NewSession, AppError> {
    let email = attempt.email.parse::<Email>().ok();
    let user = match &email {
        Some(email) => app.store().read().await?.user_by_email(email).await?,
        None => None,
    };
    let hash = user.as_ref().and_then(|user| user.password_hash.as_ref());
    let fits = passwords::verify(attempt.password, hash).await?;
    let now = app.now();
    let open = |user: &User| !user.disabled && user.locked_until.is_none_or(|until| until <= now);
    match user.filter(|user| fits && open(user)) {
        Some(user) => admit(app, user.id, attempt, now).await,
        None => Err(refuse(app, email.as_ref(), fits, now).await?),
    }
}

async fn admit(app: &App, id: UserId, attempt: &Attempt<'_>, now: Timestamp) -> Result<NewSession, AppError> {
    let mut tx = app.store().begin().await?;
    // Read again: what was checked above may have changed while the password was being checked.
    let mut user =
        tx.user(id).await?.filter(|user| !user.disabled).ok_or(AppError::Unauthenticated(WRONG))?;
    user.failed_attempts = 0;
    user.locked_until = None;
    user.last_seen_at = Some(now);
    tx.update_user(&user).await?;
    let begun = begin(app, &mut *tx, &user, attempt.user_agent, now).await?;
    let actor = actor_of(&user, attempt.ip.clone());
    audit::write(app, &mut *tx, &actor, Note::new("session.begun", "user").of(user.id, &user.name)).await?;
    tx.commit().await?;
    Ok(begun)
}

fn actor_of(user: &User, ip: Option<String>) -> Actor {
    let kind = ActorKind::User { id: user.id, session: None };
    Actor { kind, name: user.name.clone(), owner: user.owner, permissions: PermissionSet::default(), ip }
}

/// Begins a session within a unit of work.
pub(crate) async fn begin(
    app: &App,
    tx: &mut dyn Tx,
    user: &User,
    user_agent: &str,
    now: Timestamp,
) -> Result<NewSession, AppError> {
    let token = OpaqueToken::generate(app.entropy(), "");
    let lasts = i64::from(app.settings().retention.session_days) * DAY_MS;
    let session = UserSession {
        id: app.id(now),
        token_hash: token.hash(),
        user_id: user.id,
        user_agent: user_agent.to_owned(),
        created_at: now,
        last_seen_at: now,
        expires_at: millis(to_millis(now) + lasts),
    };
    tx.insert_session(&session).await?;
    Ok(NewSession { token, session })
}

/// Counts the failure; an unknown account costs a write of the same kind. A right password for a locked account does
/// not count, so that the lock ends in its time.
async fn refuse(app: &App, email: Option<&Email>, fits: bool, now: Timestamp) -> Result<AppError, AppError> {
    let mut tx = app.store().begin().await?;
    let user = match email {
        Some(email) => tx.user_by_email(email).await?,
        None => None,
    };
    match user.filter(|_| !fits) {
        Some(mut user) => {
            let limits = &app.settings().limits;
            count_failure(&mut user, limits.sign_in_failures, limits.sign_in_lock_minutes, now);
            tx.update_user(&user).await?;
        }
        None => tx.put_setting("sign_in/last_refused", Some(&json!(to_millis(now)))).await?,
    }
    tx.commit().await?;
    Ok(AppError::Unauthenticated(WRONG))
}

/// Every `failures` wrong passwords lock the account, each time twice as long.
fn count_failure(user: &mut User, failures: u32, minutes: u32, now: Timestamp) {
    if user.locked_until.is_some_and(|until| until > now) {
        return;
    }
    user.failed_attempts = user.failed_attempts.saturating_add(1);
    if failures > 0 && user.failed_attempts.is_multiple_of(failures) {
        let doublings = (user.failed_attempts / failures - 1).min(10);
        let lock = ((i64::from(minutes) * 60_000) << doublings).min(LONGEST_LOCK_MS);
        user.locked_until = now.checked_add(lock.milliseconds()).ok();
    }
}

/// Signs out: ends the session.
pub async fn sign_out(app: &App, signed_in: &SignedInUser) -> Result<(), AppError> {
    end(app, signed_in.user.id, signed_in.session.id).await
}

/// The sessions of a user, newest first.
pub async fn list(app: &App, user: UserId) -> Result<Vec<UserSession>, AppError> {
    Ok(app.store().read().await?.sessions_of(user).await?)
}

/// Ends one of the user's own sessions.
pub async fn end(app: &App, user: UserId, session: SessionId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    if !tx.delete_session(user, session).await? {
        return Err(AppError::NotFound("session"));
    }
    tx.commit().await?;
    app.hint(Hint::User { id: user });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn user() -> User {
        User {
            id: Uuid::nil().into(),
            email: "ada@example.com".parse().expect("address"),
            name: "Ada".to_owned(),
            profile_id: Uuid::nil().into(),
            owner: false,
            disabled: false,
            password_hash: None,
            failed_attempts: 0,
            locked_until: None,
            preferences: json!({}),
            created_at: Timestamp::UNIX_EPOCH,
            last_seen_at: None,
        }
    }

    #[test]
    fn locks_come_every_few_failures_and_double() {
        let mut user = user();
        let mut now = millis(0);
        let mut locks = Vec::new();
        for _ in 0..9 {
            count_failure(&mut user, 3, 15, now);
            if let Some(until) = user.locked_until.filter(|until| *until > now) {
                locks.push((to_millis(until) - to_millis(now)) / 60_000);
                now = until;
            }
        }
        assert_eq!(locks, [15, 30, 60]);
    }

    #[test]
    fn attempts_during_a_lock_do_not_lengthen_it() {
        let mut user = user();
        user.locked_until = Some(millis(1_000));
        count_failure(&mut user, 1, 15, millis(500));
        assert_eq!((user.failed_attempts, user.locked_until), (0, Some(millis(1_000))));
    }
}
