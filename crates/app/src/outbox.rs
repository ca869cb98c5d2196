//! The outbox as screens and the worker see it: mails, webhooks and notifications, written in the transaction of their cause (rule R7).
//! Mails are held where no mail server is set up, so that the outbox screen shows them with their link.

use crate::access::{Actor, Permission};
use crate::audit::{self, Note};
use crate::notify::{ALERT, AlertPayload};
use crate::webhooks::{WEBHOOK, WebhookPayload};
use crate::{App, AppError};
use bus::Hint;
use connect::Mail;
use kernel::{Email, JobId, Timestamp, UserId, text::one_line};
use serde::{Deserialize, Serialize};
use store::{Job, JobStatus, Page, PageRequest};

/// The kind of jobs that are mails.
pub const MAIL: &str = "mail";

/// What a mail job holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailPayload {
    /// To whom.
    pub to: Email,
    /// Name beside the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_name: Option<String>,
    /// Subject; one line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The text with HTML, if there is such a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// The text holds a link that lets its reader act as this user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_for: Option<UserId>,
    /// When it is of no use any more: it is not sent later than that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl MailPayload {
    /// Out of a job; an error when the job is no mail.
    pub fn of(job: &Job) -> Result<Self, AppError> {
        serde_json::from_value(job.payload.clone())
            .map_err(|e| AppError::Internal(format!("mail job {}: {e}", job.id)))
    }

    /// As the mailer takes it.
    pub fn into_mail(self, id: JobId) -> Mail {
        Mail {
            id,
            to: self.to,
            to_name: self.to_name,
            subject: self.subject,
            text: self.text,
            html: self.html,
        }
    }
}

/// A job for a mail: waiting, or held while no mail server is set up.
pub fn mail_job(app: &App, mail: &MailPayload, now: Timestamp) -> Result<Job, AppError> {
    let payload = serde_json::to_value(mail).map_err(|e| AppError::Internal(e.to_string()))?;
    let status = if app.mailer().is_some() { JobStatus::Waiting } else { JobStatus::Held };
    Ok(Job {
        id: app.id(now),
        kind: MAIL.to_owned(),
        payload,
        title: one_line(&format!("{}: {}", mail.to, mail.subject)),
        status,
        attempts: 0,
        next_attempt_at: now,
        last_error: None,
        created_at: now,
        finished_at: None,
    })
}

/// The word of the API. A job that waits after a failed attempt is shown as *failed*: it will be tried again.
pub const fn status_word(status: JobStatus) -> &'static str {
    match status {
        JobStatus::Waiting => "waiting",
        JobStatus::Held => "held",
        JobStatus::Sent => "sent",
        JobStatus::Dead => "dead",
    }
}

/// The word for one job.
pub fn job_word(job: &Job) -> &'static str {
    match job.status {
        JobStatus::Waiting if job.attempts > 0 => "failed",
        other => status_word(other),
    }
}

/// What a job of the outbox is.
#[derive(Debug, Clone)]
pub enum Outgoing {
    /// A mail.
    Mail(MailPayload),
    /// A webhook of an action card.
    Webhook(WebhookPayload),
    /// A notification of an agent, pushed or written to a chat.
    Alert(AlertPayload),
}

impl Outgoing {
    /// Out of a job; none when the job is none of these.
    pub fn of(job: &Job) -> Result<Option<Self>, AppError> {
        match job.kind.as_str() {
            MAIL => MailPayload::of(job).map(|mail| Some(Self::Mail(mail))),
            WEBHOOK => WebhookPayload::of(job).map(|webhook| Some(Self::Webhook(webhook))),
            ALERT => AlertPayload::of(job).map(|alert| Some(Self::Alert(alert))),
            _ => Ok(None),
        }
    }
}

/// Mails, webhooks or notifications (`kind`), newest first; `word` as in the API. *Failed* and *waiting* are told apart within the page.
pub async fn list(
    app: &App,
    kind: Option<&str>,
    word: Option<&str>,
    page: &PageRequest,
) -> Result<Page<Job>, AppError> {
    let kind = match kind {
        None | Some(MAIL) => MAIL,
        Some(WEBHOOK) => WEBHOOK,
        Some(ALERT) => ALERT,
        Some(_) => return Err(AppError::invalid("/kind", "option", "is not mail, webhook or alert")),
    };
    let status = match word {
        None => None,
        Some("waiting" | "failed") => Some(JobStatus::Waiting),
        Some("held") => Some(JobStatus::Held),
        Some("sent") => Some(JobStatus::Sent),
        Some("dead") => Some(JobStatus::Dead),
        Some(_) => return Err(AppError::invalid("/status", "option", "is not a status of the outbox")),
    };
    let mut page = app.store().read().await?.jobs(Some(kind), status, page).await?;
    if let Some(word @ ("waiting" | "failed")) = word {
        page.items.retain(|job| job_word(job) == word);
    }
    Ok(page)
}

/// One mail with its text, or what else it is. A link that acts as somebody is only shown to who may give such links: the owner, and who
/// manages users unless the link is the owner's.
pub async fn show(app: &App, actor: &Actor, id: JobId) -> Result<(Job, Outgoing), AppError> {
    let mut session = app.store().read().await?;
    let missing = || AppError::NotFound("mail, webhook or notification");
    let job = session.job(id).await?.ok_or_else(missing)?;
    let mut mail = match Outgoing::of(&job)?.ok_or_else(missing)? {
        Outgoing::Mail(mail) => mail,
        other @ (Outgoing::Webhook(_) | Outgoing::Alert(_)) => return Ok((job, other)),
    };
    if let Some(user) = mail.secret_for {
        let of_owner = session.user(user).await?.is_some_and(|user| user.owner);
        let may = actor.owner || (actor.may(Permission::AdminUsers) && !of_owner);
        if !may || job.status == JobStatus::Sent {
            mail.text = without_links(&mail.text);
            mail.html = None;
        }
    }
    Ok((job, Outgoing::Mail(mail)))
}

fn without_links(text: &str) -> String {
    let lines = text.lines().map(|line| if line.contains("://") { "(link not shown)" } else { line });
    lines.collect::<Vec<_>>().join("\n")
}

/// Tries a mail, webhook or notification again now.
pub async fn retry(app: &App, actor: &Actor, id: JobId) -> Result<(), AppError> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let of_these = |job: &Job| [MAIL, WEBHOOK, ALERT].contains(&job.kind.as_str());
    let mut job =
        tx.job(id).await?.filter(of_these).ok_or(AppError::NotFound("mail, webhook or notification"))?;
    if job.status == JobStatus::Sent {
        return Err(AppError::Conflict("it has been sent already".to_owned()));
    }
    if job.kind == MAIL && app.mailer().is_none() {
        return Err(AppError::Conflict("no mail server is set up; see the configuration file".to_owned()));
    }
    job.status = JobStatus::Waiting;
    job.next_attempt_at = now;
    job.finished_at = None;
    tx.settle_job(&job).await?;
    audit::write(app, &mut *tx, actor, Note::new("outbox.retried", "job").of(id, &job.title)).await?;
    tx.commit().await?;
    app.hint(Hint::Outbox);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_taken_out_line_by_line() {
        assert_eq!(without_links("Hello\nhttps://x/y/1\nBye"), "Hello\n(link not shown)\nBye");
    }
}
