//! Links by mail that set a password once: invitations to join and password resets. Each works once and ends by itself.

use crate::access::Actor;
use crate::audit::{self, Note};
use crate::outbox::{MailPayload, mail_job};
use crate::sessions::{self, NewSession};
use crate::users::{UserRow, checked_email, checked_name, email_taken, invited};
use crate::{App, AppError, passwords};
use bus::Hint;
use kernel::{OpaqueToken, ProfileId, Timestamp, UserId, millis, text::one_line, to_millis};
use serde_json::json;
use store::{Invitation, InvitationKind, Tx, User};

const HOUR_MS: i64 = 3_600_000;

/// Who is invited.
#[derive(Debug, Clone)]
pub struct Invite {
    /// Sign-in name.
    pub email: String,
    /// With what rights.
    pub profile_id: ProfileId,
    /// Name, if known.
    pub name: Option<String>,
}

/// An open invitation, as the page shows it before a password is chosen.
#[derive(Debug, Clone)]
pub struct OpenInvitation {
    /// For whom.
    pub email: String,
    /// Name, if one was given.
    pub name: Option<String>,
    /// With what rights.
    pub profile_name: String,
}

/// Makes a user who has yet to join, and mails the link.
pub async fn invite(app: &App, actor: &Actor, invite: Invite) -> Result<UserRow, AppError> {
    let email = checked_email(&invite.email)?;
    let name = match &invite.name {
        Some(name) if !name.trim().is_empty() => checked_name(name, "/name")?,
        _ => String::new(),
    };
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let profile = tx.profile(invite.profile_id).await?;
    let profile = profile.ok_or_else(|| AppError::invalid("/profile_id", "option", "is not a profile"))?;
    let user = invited(app, email, name, &profile, now);
    tx.insert_user(&user).await.map_err(email_taken)?;
    mail_link(app, &mut *tx, &user, InvitationKind::Join, now).await?;
    let note = Note::new("user.invited", "user").of(user.id, user.email.as_str());
    audit::write(app, &mut *tx, actor, note.details(json!({ "profile": profile.name }))).await?;
    tx.commit().await?;
    app.hint(Hint::Outbox);
    Ok(UserRow { user, profile_name: profile.name })
}

/// Mails a new link to somebody who has not joined yet; the earlier link is void.
pub async fn resend(app: &App, actor: &Actor, id: UserId) -> Result<(), AppError> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let user = tx.user(id).await?.ok_or(AppError::NotFound("user"))?;
    if user.password_hash.is_some() {
        return Err(AppError::Conflict("this user has joined already".to_owned()));
    }
    mail_link(app, &mut *tx, &user, InvitationKind::Join, now).await?;
    let note = Note::new("user.invited_again", "user").of(user.id, user.email.as_str());
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    app.hint(Hint::Outbox);
    Ok(())
}

/// Mails a link to set a new password, if there is such a user. The caller learns nothing, neither by answer nor by time:
/// it is meant to be run after answering.
pub async fn request_reset(app: &App, email: &str) -> Result<(), AppError> {
    let Ok(email) = checked_email(email) else { return Ok(()) };
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let Some(user) = tx.user_by_email(&email).await?.filter(|user| !user.disabled) else { return Ok(()) };
    let kind = if user.password_hash.is_some() { InvitationKind::Reset } else { InvitationKind::Join };
    mail_link(app, &mut *tx, &user, kind, now).await?;
    tx.commit().await?;
    app.hint(Hint::Outbox);
    Ok(())
}

async fn mail_link(
    app: &App,
    tx: &mut dyn Tx,
    user: &User,
    kind: InvitationKind,
    now: Timestamp,
) -> Result<(), AppError> {
    let token = OpaqueToken::generate(app.entropy(), "");
    let retention = &app.settings().retention;
    let hours = match kind {
        InvitationKind::Join => retention.invitation_hours,
        InvitationKind::Reset => retention.password_reset_hours,
    };
    tx.insert_invitation(&Invitation {
        id: app.id(now),
        token_hash: token.hash(),
        user_id: user.id,
        kind,
        created_at: now,
        expires_at: millis(to_millis(now) + i64::from(hours) * HOUR_MS),
    })
    .await?;
    let mail = letter(app, user, kind, hours, &token);
    Ok(tx.enqueue(&[mail_job(app, &mail, now)?]).await?)
}

fn letter(app: &App, user: &User, kind: InvitationKind, hours: u32, token: &OpaqueToken) -> MailPayload {
    let settings = app.settings();
    let instance = one_line(&settings.instance_name);
    let link = |page: &str| format!("{}/console/{page}/{}", settings.public_url, token.expose());
    let (subject, text) = match kind {
        InvitationKind::Join => (
            format!("You are invited to {instance}"),
            format!(
                "Hello,\n\nyou are invited to work with {instance}. Choose a password here:\n\n{}\n\n\
                 The link works once, for {hours} hours.\n",
                link("join")
            ),
        ),
        InvitationKind::Reset => (
            format!("A new password for {instance}"),
            format!(
                "Hello,\n\nsomebody, probably you, asked for a new password for {instance}. Choose it here:\n\n{}\n\n\
                 The link works once, for {hours} hours. If it was not you, nothing has changed and there is nothing to do.\n",
                link("reset")
            ),
        ),
    };
    let to_name = Some(one_line(&user.name)).filter(|name| !name.is_empty());
    MailPayload {
        to: user.email.clone(),
        to_name,
        subject,
        text,
        html: None,
        secret_for: Some(user.id),
        until: None,
    }
}

/// The invitation behind a link.
pub async fn open(app: &App, token: &str) -> Result<OpenInvitation, AppError> {
    let mut session = app.store().read().await?;
    let invitation = session.invitation_by_hash(&OpaqueToken::hash_of(token), app.now()).await?;
    let invitation = invitation.filter(|i| i.kind == InvitationKind::Join).ok_or_else(void)?;
    let user = session.user(invitation.user_id).await?.filter(|user| !user.disabled).ok_or_else(void)?;
    let profile = session.profile(user.profile_id).await?;
    Ok(OpenInvitation {
        email: user.email.to_string(),
        name: Some(user.name).filter(|name| !name.is_empty()),
        profile_name: profile.map(|p| p.name).unwrap_or_default(),
    })
}

fn void() -> AppError {
    AppError::NotFound("invitation, or it has been used or has ended")
}

/// Joins: sets name and password, and signs in.
pub async fn redeem(
    app: &App,
    token: &str,
    name: &str,
    password: &str,
    user_agent: &str,
) -> Result<NewSession, AppError> {
    let name = checked_name(name, "/name")?;
    passwords::check(password, "/password")?;
    let hash = passwords::hash(app, password).await?;
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let mut user = take(&mut *tx, token, InvitationKind::Join, now).await?;
    user.name = name;
    user.password_hash = Some(hash);
    user.last_seen_at = Some(now);
    tx.update_user(&user).await?;
    let begun = sessions::begin(app, &mut *tx, &user, user_agent, now).await?;
    let note = Note::new("user.joined", "user").of(user.id, &user.name);
    audit::write(app, &mut *tx, &Actor::system(), note).await?;
    tx.commit().await?;
    app.hint(Hint::User { id: user.id });
    Ok(begun)
}

/// Sets a new password, unlocks the account and ends all sessions.
pub async fn redeem_reset(app: &App, token: &str, password: &str) -> Result<(), AppError> {
    passwords::check(password, "/password")?;
    let hash = passwords::hash(app, password).await?;
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let mut user = take(&mut *tx, token, InvitationKind::Reset, now).await?;
    user.password_hash = Some(hash);
    user.failed_attempts = 0;
    user.locked_until = None;
    tx.update_user(&user).await?;
    tx.delete_sessions(user.id, None).await?;
    let note = Note::new("user.password_reset", "user").of(user.id, &user.name);
    audit::write(app, &mut *tx, &Actor::system(), note).await?;
    tx.commit().await?;
    app.hint(Hint::User { id: user.id });
    Ok(())
}

async fn take(tx: &mut dyn Tx, token: &str, kind: InvitationKind, now: Timestamp) -> Result<User, AppError> {
    let invitation = tx.invitation_by_hash(&OpaqueToken::hash_of(token), now).await?;
    let invitation = invitation.filter(|i| i.kind == kind).ok_or_else(void)?;
    if !tx.take_invitation(invitation.id).await? {
        return Err(void());
    }
    tx.user(invitation.user_id).await?.filter(|user| !user.disabled).ok_or_else(void)
}
