//! Webhooks of action cards: a job of the outbox, written in the unit of work of the step that passed the card, and
//! delivered by the worker until the address takes it or three days are over (spec 09, rules R7 and R24).
//!
//! The job holds ids only. What is sent is read when it is sent: the conversation up to the moment of the call, and the
//! person as known then. So nothing of a person who is erased waits in the outbox.

use crate::{
    App, AppError,
    access::Actor,
    audit::{self, Note},
    conversations::console::{self, ConversationDetail},
    delivery::next_attempt,
    goals::GoalNames,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use connect::{OutgoingAnswer, OutgoingError, OutgoingRequest, Purpose, outgoing::Send as Sending};
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use kernel::{ConversationId, JobId, PersonId, Secret, Timestamp, WebUrl, millis, text::one_line, to_millis};
use people::AttributeMap;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::Sha256;
use store::{Job, JobStatus, Session};
use tokio::task::JoinSet;
use utoipa::ToSchema;

/// The kind of jobs that are webhooks.
pub const WEBHOOK: &str = "webhook";
/// Webhooks that one node delivers at once.
const CLAIM: u32 = 10;
/// How long a node that died keeps its webhooks from others.
const LEASE_MS: i64 = 120_000;
/// How long an address is tried.
const PATIENCE: SignedDuration = SignedDuration::from_hours(72);
/// The instance's setting that says which secret is in force.
const SETTING: &str = "webhook_signing";

/// What a webhook job holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookPayload {
    /// Where to.
    pub url: String,
    /// The dialogue or flow by the name of its version.
    pub dialogue: String,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// The action card.
    pub card: String,
    /// The last message that is told.
    pub seq: u64,
    /// When the card was passed.
    pub at: Timestamp,
}

impl WebhookPayload {
    /// Out of a job; an error when the job is no webhook.
    pub fn of(job: &Job) -> Result<Self, AppError> {
        serde_json::from_value(job.payload.clone())
            .map_err(|e| AppError::Internal(format!("webhook job {}: {e}", job.id)))
    }

    /// The job that delivers it.
    pub(crate) fn job(&self, app: &App) -> Job {
        Job {
            id: app.id(self.at),
            kind: WEBHOOK.to_owned(),
            payload: json!(self),
            title: one_line(&format!("{}: {}", self.url, self.dialogue)),
            status: JobStatus::Waiting,
            attempts: 0,
            next_attempt_at: self.at,
            last_error: None,
            created_at: self.at,
            finished_at: None,
        }
    }
}

/// The content of a call.
#[derive(Debug, Serialize)]
struct Told {
    /// The same in every try.
    id: JobId,
    /// Always `action`.
    event: &'static str,
    at: Timestamp,
    card_id: String,
    person: Option<ToldPerson>,
    conversation: ConversationDetail,
}

#[derive(Debug, Serialize)]
struct ToldPerson {
    id: PersonId,
    email: Option<String>,
    attributes: AttributeMap,
}

/// Delivers the webhooks that are due; returns how many were tried.
pub async fn deliver_due(app: &App) -> Result<usize, AppError> {
    let mut tried = 0;
    loop {
        let now = app.now();
        let mut tx = app.store().begin().await?;
        let jobs = tx.claim_jobs(&[WEBHOOK], now, millis(to_millis(now) + LEASE_MS), CLAIM).await?;
        if jobs.is_empty() {
            return Ok(tried);
        }
        tx.commit().await?;
        tried += jobs.len();
        // One address that does not answer holds up nobody else.
        let mut calls = JoinSet::new();
        for job in jobs {
            let app = app.clone();
            calls.spawn(async move { deliver(&app, job).await });
        }
        while let Some(call) = calls.join_next().await {
            call.map_err(|error| AppError::Internal(error.to_string()))??;
        }
    }
}

/// Why a webhook was not taken.
enum Failure {
    /// It may be, another time.
    Passing(String),
    /// It will never be.
    Final(String),
}

async fn deliver(app: &App, mut job: Job) -> Result<(), AppError> {
    let outcome = match request(app, &job).await? {
        Ok(request) => judged(app.outgoing().send(&request).await),
        Err(failure) => Err(failure),
    };
    let now = app.now();
    job.attempts += 1;
    match outcome {
        Ok(()) => (job.status, job.last_error, job.finished_at) = (JobStatus::Sent, None, Some(now)),
        Err(failure) => give_up_or_wait(app, &mut job, failure, now),
    }
    let mut tx = app.store().begin().await?;
    tx.settle_job(&job).await?;
    Ok(tx.commit().await?)
}

fn give_up_or_wait(app: &App, job: &mut Job, failure: Failure, now: Timestamp) {
    let (reason, is_final) = match failure {
        Failure::Passing(reason) => (reason, false),
        Failure::Final(reason) => (reason, true),
    };
    job.next_attempt_at = next_attempt(app, job.attempts, now);
    let dead = is_final || job.next_attempt_at.duration_since(job.created_at) > PATIENCE;
    job.status = if dead { JobStatus::Dead } else { JobStatus::Waiting };
    job.finished_at = dead.then_some(now);
    tracing::warn!(job = %job.id, attempts = job.attempts, dead, reason, "a webhook was not taken");
    job.last_error = Some(reason);
}

fn judged(answer: Result<OutgoingAnswer, OutgoingError>) -> Result<(), Failure> {
    match answer {
        Ok(OutgoingAnswer { status: 200..=299, .. }) => Ok(()),
        Ok(OutgoingAnswer { status: 410, .. }) => {
            Err(Failure::Final("answers 410: it is gone for good".to_owned()))
        }
        Ok(OutgoingAnswer { status: status @ 300..=399, .. }) => Err(Failure::Passing(format!(
            "answers {status} and leads elsewhere, which is not followed; give the address that takes it"
        ))),
        Ok(OutgoingAnswer { status, .. }) => Err(Failure::Passing(format!("answers {status}"))),
        Err(OutgoingError::Refused(reason)) => Err(Failure::Final(reason)),
        Err(error) => Err(Failure::Passing(error.to_string())),
    }
}

/// The signed request of a job; a failure when there is nothing to send any more.
async fn request(app: &App, job: &Job) -> Result<Result<OutgoingRequest, Failure>, AppError> {
    let Ok(payload) = WebhookPayload::of(job) else {
        return Ok(Err(Failure::Final("cannot be read".to_owned())));
    };
    let Ok(url) = payload.url.parse::<WebUrl>() else {
        return Ok(Err(Failure::Final("is not a web address".to_owned())));
    };
    let mut session = app.store().read().await?;
    let Some(told) = told(&mut *session, job.id, &payload).await? else {
        return Ok(Err(Failure::Final("the conversation is not there any more".to_owned())));
    };
    let secret = Signing::read(&mut *session).await?.key(app);
    let body = serde_json::to_vec(&told).map_err(|error| AppError::Internal(error.to_string()))?;
    let seconds = to_millis(app.now()).div_euclid(1_000).to_string();
    let headers = vec![
        ("webhook-id", job.id.to_string()),
        ("webhook-signature", signature(&secret, &job.id.to_string(), &seconds, &body)),
        ("webhook-timestamp", seconds),
    ];
    let send = Sending::Post { media_type: "application/json", body };
    Ok(Ok(OutgoingRequest { purpose: Purpose::Webhook, url, send, headers }))
}

async fn told(
    session: &mut dyn Session,
    id: JobId,
    payload: &WebhookPayload,
) -> Result<Option<Told>, AppError> {
    let names = GoalNames::read(session).await?;
    let Some(mut conversation) = console::find(session, payload.conversation, &names).await? else {
        return Ok(None);
    };
    conversation.transcript.retain(|message| message.seq <= payload.seq && !message.superseded);
    let row = session.conversation(payload.conversation).await?;
    let person = match row {
        Some(row) => session.person(row.conversation.person_id).await?,
        None => None,
    };
    let person = person.map(|person| ToldPerson {
        id: person.id,
        email: person.email.map(|email| email.to_string()),
        attributes: person.attributes,
    });
    let WebhookPayload { card, at, .. } = payload;
    Ok(Some(Told { id, event: "action", at: *at, card_id: card.clone(), person, conversation }))
}

/// `v1,` and the code over id, time and content, as receivers of webhooks commonly check it.
fn signature(key: &[u8; 32], id: &str, seconds: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length of key is taken");
    for part in [id.as_bytes(), b".", seconds.as_bytes(), b".", body] {
        mac.update(part);
    }
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

/// Which secret signs. Derived from the instance's key, so that it stands in no database and no backup.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
struct Signing {
    /// A new secret for each number.
    generation: u32,
}

impl Signing {
    async fn read(session: &mut dyn Session) -> Result<Self, AppError> {
        let stored = session.setting(SETTING).await?;
        Ok(stored.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default())
    }

    fn key(self, app: &App) -> [u8; 32] {
        let instance = app.settings().instance_key.expose();
        let mut mac = Hmac::<Sha256>::new_from_slice(instance).expect("any length of key is taken");
        mac.update(b"webhook secret");
        mac.update(&self.generation.to_be_bytes());
        mac.finalize().into_bytes().into()
    }

    fn secret(self, app: &App) -> Secret<String> {
        Secret::new(format!("whsec_{}", BASE64_STANDARD.encode(self.key(app))))
    }
}

/// How receivers know that a webhook is of this instance.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WebhookSigning {
    /// `whsec_` and the key of the code, in base64.
    #[schema(example = "whsec_c2VjcmV0")]
    pub secret: String,
}

/// Shows the secret; that somebody looked is in the audit log.
pub async fn signing(app: &App, actor: &Actor) -> Result<WebhookSigning, AppError> {
    let mut tx = app.store().begin().await?;
    let signing = Signing::read(&mut *tx).await?;
    audit::write(app, &mut *tx, actor, Note::new("webhooks.secret_shown", "settings")).await?;
    tx.commit().await?;
    Ok(WebhookSigning { secret: signing.secret(app).expose().clone() })
}

/// Makes a new secret; what is sent from now on is signed with it.
pub async fn rotate(app: &App, actor: &Actor) -> Result<WebhookSigning, AppError> {
    let mut tx = app.store().begin().await?;
    let before = Signing::read(&mut *tx).await?;
    let signing = Signing { generation: before.generation + 1 };
    tx.put_setting(SETTING, Some(&json!(signing))).await?;
    audit::write(app, &mut *tx, actor, Note::new("webhooks.secret_changed", "settings")).await?;
    tx.commit().await?;
    Ok(WebhookSigning { secret: signing.secret(app).expose().clone() })
}

#[cfg(test)]
mod tests {
    use super::signature;

    #[test]
    fn the_code_is_over_id_time_and_content() {
        let of = |id: &str, seconds: &str, body: &[u8]| signature(&[7; 32], id, seconds, body);
        let signed = of("job_1", "1764064800", b"{}");
        assert!(signed.starts_with("v1,"), "{signed}");
        for other in [
            of("job_2", "1764064800", b"{}"),
            of("job_1", "1764064801", b"{}"),
            of("job_1", "1764064800", b"[]"),
        ] {
            assert_ne!(signed, other);
        }
        assert_ne!(signed, signature(&[8; 32], "job_1", "1764064800", b"{}"));
    }
}
