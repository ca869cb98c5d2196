//! The browsers of a user that take pushed notifications. Each belongs to the sign-in that made it, so that signing out, a
//! new password and a disabled user end it too.

use super::{
    ALERT, About,
    jobs::{AlertPayload, Way},
    keys::ServerKey,
    seal::{AUTH_LEN, is_key},
    settings::Wishes,
};
use crate::{App, AppError, sessions::SignedInUser};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bus::Hint;
use jiff::SignedDuration;
use kernel::{PushSubscriptionId, Timestamp, UserId, WebUrl};
use serde::{Deserialize, Serialize};
use store::{PushSubscription, Session};
use utoipa::ToSchema;

/// The most browsers of one user; the oldest makes room.
const MAX_BROWSERS: usize = 10;
/// How long a trial may take.
const TRIAL: SignedDuration = SignedDuration::from_mins(5);

/// A browser that takes pushed notifications.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = PushBrowser)]
pub struct BrowserView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: PushSubscriptionId,
    /// What the browser calls itself.
    pub user_agent: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When something was last pushed.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub pushed_at: Option<Timestamp>,
    /// Of the sign-in that asks.
    pub current: bool,
}

/// A subscription as the browser gives it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPushSubscription)]
pub struct NewSubscription {
    /// The address of its push service.
    pub endpoint: String,
    /// Its public key, in base64url.
    pub p256dh: String,
    /// Its secret, in base64url.
    pub auth: String,
}

fn view(one: PushSubscription, me: &SignedInUser) -> BrowserView {
    BrowserView {
        id: one.id,
        current: one.session_id == me.session.id,
        user_agent: one.user_agent,
        created_at: one.created_at,
        pushed_at: one.pushed_at,
    }
}

/// One's own, oldest first.
pub(super) async fn list(
    session: &mut dyn Session,
    me: &SignedInUser,
    now: Timestamp,
) -> Result<Vec<BrowserView>, AppError> {
    let found = session.push_subscriptions_of(me.user.id, now).await?;
    Ok(found.into_iter().map(|one| view(one, me)).collect())
}

/// Adds the browser that asks. The same again changes nothing.
pub async fn add(app: &App, me: &SignedInUser, new: NewSubscription) -> Result<BrowserView, AppError> {
    let now = app.now();
    let made = checked(app, me, new, now).await?;
    let mut tx = app.store().begin().await?;
    let own = tx.push_subscriptions_of(me.user.id, now).await?;
    let same = |one: &&PushSubscription| {
        let known = (&one.endpoint, &one.p256dh, &one.auth, &one.server_key, one.session_id);
        known == (&made.endpoint, &made.p256dh, &made.auth, &made.server_key, made.session_id)
    };
    if let Some(known) = own.iter().find(same) {
        return Ok(view(known.clone(), me));
    }
    let others: Vec<_> = own.iter().filter(|one| one.endpoint != made.endpoint).collect();
    for one in others.iter().take((others.len() + 1).saturating_sub(MAX_BROWSERS)) {
        tx.delete_push_subscription(one.id).await?;
    }
    tx.put_push_subscription(&made).await?;
    tx.commit().await?;
    // Chats that wait can be offered to whoever can be pushed to.
    app.hint(Hint::Agent { id: me.user.id });
    Ok(view(made, me))
}

async fn checked(
    app: &App,
    me: &SignedInUser,
    new: NewSubscription,
    now: Timestamp,
) -> Result<PushSubscription, AppError> {
    let decoded = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).unwrap_or_default();
    let (p256dh, auth) = (decoded(&new.p256dh), decoded(&new.auth));
    let endpoint: WebUrl = new
        .endpoint
        .parse()
        .map_err(|_| AppError::invalid("/endpoint", "url", "is not an address of a push service"))?;
    if !is_key(&p256dh) {
        return Err(AppError::invalid("/p256dh", "key", "is not a public key of a browser"));
    }
    if auth.len() != AUTH_LEN {
        return Err(AppError::invalid("/auth", "key", "must have 16 bytes"));
    }
    Ok(PushSubscription {
        id: app.id(now),
        user_id: me.user.id,
        session_id: me.session.id,
        endpoint: endpoint.to_string(),
        p256dh,
        auth,
        server_key: ServerKey::ensure(app).await?.public,
        user_agent: me.session.user_agent.clone(),
        created_at: now,
        pushed_at: None,
    })
}

/// Removes a browser of one's own.
pub async fn remove(app: &App, me: &SignedInUser, id: PushSubscriptionId) -> Result<(), AppError> {
    own(app, me.user.id, id).await?;
    let mut tx = app.store().begin().await?;
    tx.delete_push_subscription(id).await?;
    tx.commit().await?;
    app.hint(Hint::Agent { id: me.user.id });
    Ok(())
}

async fn own(app: &App, user: UserId, id: PushSubscriptionId) -> Result<PushSubscription, AppError> {
    let found = app.store().read().await?.push_subscription(id, app.now()).await?;
    found.filter(|one| one.user_id == user).ok_or(AppError::NotFound("browser"))
}

/// What is tried: a browser, or the chat.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationTrial)]
pub struct Trial {
    /// This browser; the chat when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub browser: Option<PushSubscriptionId>,
}

/// Sends something to see whether it arrives.
pub async fn attempt(app: &App, me: &SignedInUser, trial: Trial) -> Result<(), AppError> {
    let now = app.now();
    let way = match trial.browser {
        Some(id) => Way::Push { subscription: own(app, me.user.id, id).await?.id },
        None => {
            let user = app.store().read().await?.user(me.user.id).await?;
            let address = user.and_then(|user| Wishes::of(&user).webhook(app));
            if address.is_none() {
                return Err(AppError::Conflict("no address of a chat is set".to_owned()));
            }
            Way::Webhook
        }
    };
    let payload = AlertPayload {
        user: me.user.id,
        about: About::Trial,
        chat: None,
        seq: None,
        way,
        until: now + TRIAL,
    };
    let mut tx = app.store().begin().await?;
    tx.enqueue(&[payload.job(app, &me.user.name, now)]).await?;
    tx.commit().await?;
    tracing::debug!(kind = ALERT, "a trial was asked for");
    app.hint(Hint::Outbox);
    Ok(())
}
