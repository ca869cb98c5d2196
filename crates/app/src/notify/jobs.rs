//! What somebody is called about becomes jobs of the outbox, in the transaction of its cause: one for each browser, mail and
//! chat, so that each is tried by itself and none is sent twice.

use super::{About, settings::Wishes, words};
use crate::{
    App, AppError,
    access::Permission,
    outbox::{MailPayload, mail_job},
    sessions::permissions_of,
};
use kernel::{ChatId, PushSubscriptionId, Timestamp, UserId, text::one_line};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Job, JobStatus, Session, Tx, User};

/// The kind of jobs that call somebody by push or chat; mails are mails.
pub const ALERT: &str = "alert";

/// Somebody is to be called.
#[derive(Debug, Clone)]
pub(crate) struct Alert {
    pub user: UserId,
    pub about: About,
    /// The message that it is about.
    pub seq: Option<u64>,
    /// When it is not worth telling any more.
    pub until: Timestamp,
}

/// Where the chat is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub chat: ChatId,
    pub site: &'a str,
    pub dialogue: &'a str,
}

/// By which way a job goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Way {
    /// To a browser.
    Push {
        /// Which.
        subscription: PushSubscriptionId,
    },
    /// To the user's chat.
    Webhook,
}

/// What an alert job holds: ids only. What is said is looked up when it is sent, and whether it still is to be said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertPayload {
    /// Who is called.
    pub user: UserId,
    /// Why.
    pub about: About,
    /// To which chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat: Option<ChatId>,
    /// To which message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// By which way.
    pub way: Way,
    /// When it is not worth telling any more.
    pub until: Timestamp,
}

impl AlertPayload {
    /// Out of a job; an error when the job is no alert.
    pub fn of(job: &Job) -> Result<Self, AppError> {
        serde_json::from_value(job.payload.clone())
            .map_err(|error| AppError::Internal(format!("alert job {}: {error}", job.id)))
    }

    /// What it says, in a line.
    pub const fn title(&self) -> &'static str {
        words::title(self.about)
    }

    pub(super) fn job(&self, app: &App, name: &str, now: Timestamp) -> Job {
        Job {
            id: app.id(now),
            kind: ALERT.to_owned(),
            payload: json!(self),
            title: one_line(&format!("{name}: {}", self.title())),
            status: JobStatus::Waiting,
            attempts: 0,
            next_attempt_at: now,
            last_error: None,
            created_at: now,
            finished_at: None,
        }
    }
}

/// Puts what is to be told into the outbox; true when there was anything. Hint [`bus::Hint::Outbox`] after the commit then.
pub(crate) async fn enqueue(
    app: &App,
    tx: &mut dyn Tx,
    place: Place<'_>,
    alerts: &[Alert],
) -> Result<bool, AppError> {
    let now = app.now();
    let mut jobs = Vec::new();
    for alert in alerts {
        let Some(user) = tx.user(alert.user).await?.filter(|user| !user.disabled) else { continue };
        let wishes = Wishes::of(&user);
        let ways = wishes.ways(alert.about);
        let by = |way| AlertPayload {
            user: user.id,
            about: alert.about,
            chat: Some(place.chat),
            seq: alert.seq,
            way,
            until: alert.until,
        };
        if ways.push {
            for one in tx.push_subscriptions_of(user.id, now).await? {
                jobs.push(by(Way::Push { subscription: one.id }).job(app, &user.name, now));
            }
        }
        if ways.webhook && wishes.webhook(app).is_some() {
            jobs.push(by(Way::Webhook).job(app, &user.name, now));
        }
        // Without a mail server it would be held, and leave when it is of no use any more.
        if ways.email && app.mailer().is_some() {
            jobs.push(mail_job(app, &mail(app, &user, place, alert), now)?);
        }
    }
    if jobs.is_empty() {
        return Ok(false);
    }
    tx.enqueue(&jobs).await?;
    Ok(true)
}

fn mail(app: &App, user: &User, place: Place<'_>, alert: &Alert) -> MailPayload {
    let path = words::path(alert.about, Some(place.chat));
    let link = format!("{}{path}", app.settings().public_url);
    let (title, place) = (words::title(alert.about), words::place(place.dialogue, place.site));
    MailPayload {
        to: user.email.clone(),
        to_name: Some(user.name.clone()),
        subject: one_line(&format!("{title}: {place}")),
        text: words::letter(alert.about, &place, &link),
        html: None,
        secret_for: None,
        until: Some(alert.until),
    }
}

/// Who wants to know of chats that nobody took, and may.
pub(crate) async fn supervisors(session: &mut dyn Session) -> Result<Vec<UserId>, AppError> {
    let profiles = session.profiles().await?;
    let users = session.users().await?;
    let wants = |user: &&User| {
        let profile = profiles.iter().find(|profile| profile.id == user.profile_id);
        let may =
            profile.is_some_and(|profile| permissions_of(user, profile).has(Permission::LivechatViewAll));
        may && !user.disabled && Wishes::of(user).ways(About::Unattended).any()
    };
    Ok(users.iter().filter(wants).map(|user| user.id).collect())
}
