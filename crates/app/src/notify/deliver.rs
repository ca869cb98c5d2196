//! Sending alerts: to push services and to chats. What has come to nothing in the meantime is not sent; what fails is tried
//! again with growing pauses as long as it is worth anything; a browser that is gone is forgotten.

use super::{
    About,
    jobs::{ALERT, AlertPayload, Way},
    keys::ServerKey,
    seal::{Reader, seal},
    settings::Wishes,
    words,
};
use crate::{App, AppError, delivery::next_attempt, livechat::list::row};
use ::livechat::State;
use connect::{OutgoingAnswer, OutgoingError, OutgoingRequest, Purpose, outgoing::Send as Sending};
use kernel::{PushSubscriptionId, Timestamp, WebUrl, millis, to_millis};
use serde_json::json;
use store::{Job, JobStatus, PushSubscription, Session};
use tokio::task::JoinSet;

/// Alerts that one node delivers at once.
const CLAIM: u32 = 20;
/// How long a node that died keeps its alerts from others.
const LEASE_MS: i64 = 30_000;
/// The longest pause between two tries.
const LONGEST_PAUSE_MS: i64 = 60_000;

/// Delivers what is due; returns how many were tried.
pub async fn deliver_due(app: &App) -> Result<usize, AppError> {
    let mut tried = 0;
    loop {
        let now = app.now();
        let mut tx = app.store().begin().await?;
        let jobs = tx.claim_jobs(&[ALERT], now, millis(to_millis(now) + LEASE_MS), CLAIM).await?;
        if jobs.is_empty() {
            return Ok(tried);
        }
        tx.commit().await?;
        tried += jobs.len();
        // One service that does not answer holds up nobody else.
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

/// How a try ended.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// It was taken.
    Taken,
    /// There is nothing to be sent any more.
    Needless(&'static str),
    /// The browser does not take anything any more.
    Gone(PushSubscriptionId),
    /// It may be taken another time.
    Later(String),
    /// It will never be taken.
    Never(String),
}

/// What is ready to be sent, or why nothing is.
type Prepared = Result<(OutgoingRequest, Option<PushSubscriptionId>), Outcome>;

async fn deliver(app: &App, mut job: Job) -> Result<(), AppError> {
    let (outcome, until) = match AlertPayload::of(&job) {
        Ok(payload) => (attempt(app, &payload).await?, payload.until),
        Err(_) => (Outcome::Never("cannot be read".to_owned()), job.created_at),
    };
    let now = app.now();
    job.attempts += 1;
    job.finished_at = Some(now);
    let mut tx = app.store().begin().await?;
    match outcome {
        Outcome::Taken => (job.status, job.last_error) = (JobStatus::Sent, None),
        Outcome::Needless(why) => (job.status, job.last_error) = (JobStatus::Sent, Some(why.to_owned())),
        Outcome::Gone(subscription) => {
            tx.delete_push_subscription(subscription).await?;
            let why = "not sent: the browser does not take notifications any more";
            (job.status, job.last_error) = (JobStatus::Sent, Some(why.to_owned()));
        }
        Outcome::Never(why) => (job.status, job.last_error) = (JobStatus::Dead, Some(why)),
        Outcome::Later(why) => wait(app, &mut job, why, until, now),
    }
    if job.status == JobStatus::Dead {
        tracing::warn!(job = %job.id, reason = job.last_error.as_deref(), "an agent could not be called");
    }
    tx.settle_job(&job).await?;
    Ok(tx.commit().await?)
}

fn wait(app: &App, job: &mut Job, why: String, until: Timestamp, now: Timestamp) {
    let longest = millis(to_millis(now) + LONGEST_PAUSE_MS);
    // Whoever is asked for a chat has a hundred seconds: the first pause is a short one.
    let next = if job.attempts == 1 {
        millis(to_millis(now) + 5_000)
    } else {
        next_attempt(app, job.attempts - 1, now).min(longest)
    };
    let over = next > until;
    job.status = if over { JobStatus::Dead } else { JobStatus::Waiting };
    job.finished_at = over.then_some(now);
    job.next_attempt_at = next;
    job.last_error = Some(why);
}

async fn attempt(app: &App, payload: &AlertPayload) -> Result<Outcome, AppError> {
    let (request, subscription) = match prepare(app, payload).await? {
        Ok(prepared) => prepared,
        Err(outcome) => return Ok(outcome),
    };
    let outcome = judged(app.outgoing().send(&request).await, subscription);
    if let (Outcome::Taken, Some(subscription)) = (&outcome, subscription) {
        let mut tx = app.store().begin().await?;
        tx.note_pushed(subscription, app.now()).await?;
        tx.commit().await?;
    }
    Ok(outcome)
}

fn judged(answer: Result<OutgoingAnswer, OutgoingError>, to: Option<PushSubscriptionId>) -> Outcome {
    match answer {
        Ok(OutgoingAnswer { status: 200..=299, .. }) => Outcome::Taken,
        Ok(OutgoingAnswer { status, .. }) => match (status, to) {
            (404 | 410, Some(subscription)) => Outcome::Gone(subscription),
            (400 | 401 | 403 | 413, Some(_)) => Outcome::Never(format!("the push service answers {status}")),
            (404 | 410, None) => Outcome::Never(format!("answers {status}: the address is gone")),
            _ => Outcome::Later(format!("answers {status}")),
        },
        Err(OutgoingError::Refused(reason)) => Outcome::Never(reason),
        Err(error) => Outcome::Later(error.to_string()),
    }
}

async fn prepare(app: &App, payload: &AlertPayload) -> Result<Prepared, AppError> {
    let now = app.now();
    if payload.until <= now {
        return Ok(Err(Outcome::Needless("not sent: too late to be of use")));
    }
    let mut session = app.store().read().await?;
    let place = match still_needed(&mut *session, payload).await? {
        Ok(place) => place,
        Err(why) => return Ok(Err(Outcome::Needless(why))),
    };
    match payload.way {
        Way::Push { subscription } => {
            let Some(found) = session.push_subscription(subscription, now).await? else {
                return Ok(Err(Outcome::Needless("not sent: the browser was taken off")));
            };
            match ServerKey::read(app, &mut *session).await? {
                // The browser would refuse what another key has signed.
                Some(key) if key.public == found.server_key => push(app, &key, &found, payload, &place, now),
                _ => Ok(Err(Outcome::Gone(subscription))),
            }
        }
        Way::Webhook => {
            let user = session.user(payload.user).await?;
            let address = user.and_then(|user| Wishes::of(&user).webhook(app));
            let Some(url) = address else {
                return Ok(Err(Outcome::Needless("not sent: the address was taken off")));
            };
            Ok(Ok((told(app, url, payload, &place), None)))
        }
    }
}

/// Where the chat is; in words why it is of no use to call anybody to it any more.
async fn still_needed(
    session: &mut dyn Session,
    payload: &AlertPayload,
) -> Result<Result<String, &'static str>, AppError> {
    let Some(chat) = payload.chat else { return Ok(Ok(String::new())) };
    let row = match row(session, chat).await {
        Ok(row) => row,
        Err(AppError::NotFound(_)) => return Ok(Err("not sent: the chat is not there any more")),
        Err(error) => return Err(error),
    };
    let needed = match payload.about {
        About::Offer => row.chat.offer_to(payload.user).is_some(),
        About::Message => {
            let unread = payload.seq.is_none_or(|seq| row.agent_read < seq);
            row.chat.state == State::WithAgent && row.chat.has(payload.user) && unread
        }
        About::Missed | About::Unattended | About::Trial => true,
    };
    Ok(if needed {
        Ok(words::place(&row.dialogue_name, &row.site_name))
    } else {
        Err("not sent: it was settled in the meantime")
    })
}

fn push(
    app: &App,
    key: &ServerKey,
    to: &PushSubscription,
    payload: &AlertPayload,
    place: &str,
    now: Timestamp,
) -> Result<Prepared, AppError> {
    let content = json!({
        "about": payload.about,
        "title": payload.title(),
        "body": place,
        "path": words::path(payload.about, payload.chat),
        "chat_id": payload.chat,
        "until": payload.until,
    });
    let mut salt = [0; 16];
    app.entropy().fill(&mut salt);
    let reader = Reader { key: &to.p256dh, auth: &to.auth };
    let (Ok(body), Ok(url)) =
        (seal(reader, salt, content.to_string().as_bytes()), to.endpoint.parse::<WebUrl>())
    else {
        return Ok(Err(Outcome::Gone(to.id)));
    };
    let seconds = payload.until.duration_since(now).as_secs().max(0);
    let urgency = if payload.about == About::Offer { "high" } else { "normal" };
    let mut headers = vec![
        ("authorization", key.authorization(app, &url, now)?.expose().clone()),
        ("content-encoding", "aes128gcm".to_owned()),
        ("ttl", seconds.to_string()),
        ("urgency", urgency.to_owned()),
    ];
    // What waits at the service about the same chat is replaced.
    headers.extend(payload.chat.map(|chat| ("topic", chat.uuid().simple().to_string())));
    let send = Sending::Post { media_type: "application/octet-stream", body };
    Ok(Ok((OutgoingRequest { purpose: Purpose::Push, url, send, headers }, Some(to.id))))
}

fn told(app: &App, url: WebUrl, payload: &AlertPayload, place: &str) -> OutgoingRequest {
    let link = format!("{}{}", app.settings().public_url, words::path(payload.about, payload.chat));
    let head = payload.title();
    let head = if place.is_empty() { head.to_owned() } else { format!("{head}: {place}") };
    let body = json!({ "text": format!("{head}\n{link}") }).to_string().into_bytes();
    let send = Sending::Post { media_type: "application/json", body };
    OutgoingRequest { purpose: Purpose::Webhook, url, send, headers: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_push_services_and_chats_are_told_apart() {
        let id = PushSubscriptionId::from(uuid::Uuid::from_u128(7));
        let answer = |status| Ok(OutgoingAnswer { status, body: Vec::new() });
        for status in [200, 201, 202, 204] {
            assert_eq!(judged(answer(status), Some(id)), Outcome::Taken, "{status}");
        }
        for status in [404, 410] {
            assert_eq!(judged(answer(status), Some(id)), Outcome::Gone(id), "{status}");
            assert!(matches!(judged(answer(status), None), Outcome::Never(_)), "{status}");
        }
        for status in [401, 403, 413] {
            assert!(matches!(judged(answer(status), Some(id)), Outcome::Never(_)), "{status}");
        }
        for status in [429, 500, 503, 302] {
            assert!(matches!(judged(answer(status), Some(id)), Outcome::Later(_)), "{status}");
        }
        let late = Err(OutgoingError::TimedOut { seconds: 10 });
        assert!(matches!(judged(late, Some(id)), Outcome::Later(_)));
        let refused = Err(OutgoingError::Refused("inside".to_owned()));
        assert!(matches!(judged(refused, Some(id)), Outcome::Never(_)));
    }
}
