//! Delivering the mails of the outbox: claimed with a lease, tried with growing pauses, given up visibly (rule R7).

use crate::outbox::MailPayload;
use crate::{App, AppError};
use connect::{MailError, Mailer};
use kernel::{Timestamp, millis, to_millis};
use store::{Job, JobStatus};

/// Mails that one node claims at once.
const CLAIM: u32 = 10;
/// How long a node that died keeps its mails from others.
const LEASE_MS: i64 = 120_000;
/// Tries until a mail is given up: with the pauses below about a day and a half.
const MOST_ATTEMPTS: u32 = 12;
/// The pause after the first failure; doubled after each further one.
const FIRST_PAUSE_MS: i64 = 30_000;
/// The longest pause.
const LONGEST_PAUSE_MS: i64 = 6 * 3_600_000;

/// Sends the mails that are due; returns how many were tried. Without a mail server nothing is claimed, and mails stay
/// held; once there is one, they go out.
pub async fn deliver_due(app: &App) -> Result<usize, AppError> {
    let Some(mailer) = app.mailer() else { return Ok(0) };
    let mut tried = 0;
    loop {
        let now = app.now();
        let mut tx = app.store().begin().await?;
        tx.release_held(crate::outbox::MAIL, now).await?;
        let jobs =
            tx.claim_jobs(&[crate::outbox::MAIL], now, millis(to_millis(now) + LEASE_MS), CLAIM).await?;
        tx.commit().await?;
        if jobs.is_empty() {
            return Ok(tried);
        }
        tried += jobs.len();
        for job in jobs {
            deliver(app, mailer, job).await?;
        }
    }
}

async fn deliver(app: &App, mailer: &dyn Mailer, mut job: Job) -> Result<(), AppError> {
    let mut too_late = None;
    let outcome = match MailPayload::of(&job) {
        Ok(mail) if mail.until.is_some_and(|until| until <= app.now()) => {
            too_late = Some("not sent: too late to be of use".to_owned());
            Ok(())
        }
        Ok(mail) => mailer.send(&mail.into_mail(job.id)).await,
        Err(error) => Err(MailError::Permanent(error.to_string())),
    };
    let now = app.now();
    job.attempts += 1;
    match outcome {
        Ok(()) => {
            job.status = JobStatus::Sent;
            job.last_error = too_late;
            job.finished_at = Some(now);
        }
        Err(error) => {
            let dead = error.is_permanent() || job.attempts >= MOST_ATTEMPTS;
            tracing::warn!(job = %job.id, attempts = job.attempts, dead, %error, "a mail was not taken");
            job.status = if dead { JobStatus::Dead } else { JobStatus::Waiting };
            job.finished_at = dead.then_some(now);
            job.next_attempt_at = next_attempt(app, job.attempts, now);
            job.last_error = Some(error.to_string());
        }
    }
    let mut tx = app.store().begin().await?;
    tx.settle_job(&job).await?;
    Ok(tx.commit().await?)
}

/// Doubled pauses, the last fifth of each at random, so that mails that failed together do not come back together.
pub(crate) fn next_attempt(app: &App, attempts: u32, now: Timestamp) -> Timestamp {
    let doubled = FIRST_PAUSE_MS.saturating_mul(1_i64 << attempts.saturating_sub(1).min(20));
    let pause = doubled.min(LONGEST_PAUSE_MS);
    let mut die = [0_u8; 1];
    app.entropy().fill(&mut die);
    millis(to_millis(now) + pause - pause / 5 * i64::from(die[0]) / 255)
}
