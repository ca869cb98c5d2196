//! By what ways everybody wants to be called, kept among the user's preferences.

use super::{About, browsers, browsers::BrowserView, keys::ServerKey};
use crate::{
    App, AppError,
    access::{Actor, Permission},
    sessions::SignedInUser,
    vault,
};
use kernel::WebUrl;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::User;
use utoipa::ToSchema;

/// Under which the preferences are kept, and the purpose of the encrypted part.
const KEY: &str = "notifications";

/// Ways of calling somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationWays)]
pub struct Ways {
    /// Pushed to the browsers that take it.
    pub push: bool,
    /// By mail.
    pub email: bool,
    /// To the address of one's own chat.
    pub webhook: bool,
}

impl Ways {
    const PUSHED: Self = Self { push: true, email: false, webhook: false };

    /// Whether there is any.
    pub(super) const fn any(self) -> bool {
        self.push || self.email || self.webhook
    }
}

/// What somebody wants to be told of, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Wishes {
    offer: Ways,
    message: Ways,
    missed: Ways,
    unattended: Ways,
    /// Encrypted: whoever has the address can write into that chat.
    webhook: Option<String>,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            offer: Ways::PUSHED,
            message: Ways::PUSHED,
            missed: Ways::PUSHED,
            unattended: Ways::default(),
            webhook: None,
        }
    }
}

impl Wishes {
    /// Out of a user's preferences.
    pub(crate) fn of(user: &User) -> Self {
        let stored = user.preferences.get(KEY).cloned();
        stored.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default()
    }

    /// By which ways about something. Trials go to a browser or address of their own.
    pub(crate) const fn ways(&self, about: About) -> Ways {
        match about {
            About::Offer => self.offer,
            About::Message => self.message,
            About::Missed => self.missed,
            About::Unattended => self.unattended,
            About::Trial => Ways { push: true, email: true, webhook: true },
        }
    }

    /// The address of the user's chat.
    pub(super) fn webhook(&self, app: &App) -> Option<WebUrl> {
        let bytes = vault::unlock(app, KEY, self.webhook.as_ref()?)?;
        std::str::from_utf8(bytes.expose()).ok()?.parse().ok()
    }
}

/// How one is called.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = MyNotifications)]
pub struct NotificationsView {
    /// A chat is offered.
    pub offer: Ways,
    /// A visitor wrote, and nobody has read it.
    pub message: Ways,
    /// One did not answer an offer in time.
    pub missed: Ways,
    /// Nobody took a chat; absent for those who do not see all chats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unattended: Option<Ways>,
    /// The incoming webhook of one's own chat.
    pub webhook_url: Option<String>,
    /// A mail server is set up; without one nobody is called by mail.
    pub mail_available: bool,
    /// The key with which a browser subscribes.
    pub push_key: String,
    /// Browsers of one's own that take pushed notifications, oldest first.
    pub browsers: Vec<BrowserView>,
}

/// A choice; everything is replaced.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationsChange)]
pub struct NotificationsChange {
    /// A chat is offered.
    pub offer: Ways,
    /// A visitor wrote, and nobody has read it.
    pub message: Ways,
    /// One did not answer an offer in time.
    pub missed: Ways,
    /// Nobody took a chat; only for those who see all chats.
    #[serde(default)]
    pub unattended: Ways,
    /// The incoming webhook of one's own chat, which takes `{"text": "…"}`; none removes it.
    #[serde(default)]
    pub webhook_url: Option<String>,
}

/// One's own choice.
pub async fn show(app: &App, actor: &Actor, me: &SignedInUser) -> Result<NotificationsView, AppError> {
    let key = ServerKey::ensure(app).await?;
    let mut session = app.store().read().await?;
    let user = session.user(me.user.id).await?.ok_or(AppError::NotFound("user"))?;
    let wishes = Wishes::of(&user);
    Ok(NotificationsView {
        offer: wishes.offer,
        message: wishes.message,
        missed: wishes.missed,
        unattended: actor.may(Permission::LivechatViewAll).then_some(wishes.unattended),
        webhook_url: wishes.webhook(app).map(|url| url.to_string()),
        mail_available: app.mailer().is_some(),
        push_key: key.public,
        browsers: browsers::list(&mut *session, me, app.now()).await?,
    })
}

/// Chooses.
pub async fn change(
    app: &App,
    actor: &Actor,
    me: &SignedInUser,
    change: NotificationsChange,
) -> Result<NotificationsView, AppError> {
    if change.unattended.any() && !actor.may(Permission::LivechatViewAll) {
        return Err(AppError::Forbidden(
            "only those who see all chats are told of unattended ones".to_owned(),
        ));
    }
    let webhook = match change.webhook_url.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => {
            let not_web = |_| AppError::invalid("/webhook_url", "url", "is not a web address");
            let url: WebUrl = text.parse().map_err(not_web)?;
            Some(vault::lock(app, KEY, url.to_string().as_bytes())?)
        }
    };
    let by_webhook = [change.offer, change.message, change.missed, change.unattended];
    if webhook.is_none() && by_webhook.iter().any(|ways| ways.webhook) {
        return Err(AppError::invalid("/webhook_url", "required", "must be given to be called in a chat"));
    }
    let NotificationsChange { offer, message, missed, unattended, .. } = change;
    let wishes = Wishes { offer, message, missed, unattended, webhook };
    let mut tx = app.store().begin().await?;
    let mut user = tx.user(me.user.id).await?.ok_or(AppError::NotFound("user"))?;
    let mut preferences = user.preferences.as_object().cloned().unwrap_or_default();
    preferences.insert(KEY.to_owned(), json!(wishes));
    user.preferences = preferences.into();
    tx.update_user(&user).await?;
    tx.commit().await?;
    app.hint(bus::Hint::User { id: user.id });
    show(app, actor, me).await
}
