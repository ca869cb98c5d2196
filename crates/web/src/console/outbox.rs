//! The outbox: mails, webhooks and notifications that wait, were sent, are held because no mail server is set up, or were given up.

use crate::extract::{Path, Query};
use crate::guard::{Guarded, Needs, Who};
use crate::problem::Problem;
use crate::shapes::{At, List, page_request};
use crate::state::Web;
use app::access::Permission;
use app::notify::Way;
use app::outbox::{self, Outgoing};
use app::webhooks::{self, WebhookSigning};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::JobId;
use serde::{Deserialize, Serialize};
use store::{Job, JobStatus};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const OUTBOX: Needs = Needs::AnyOf(&[Permission::AdminIntegrations, Permission::AdminUsers]);

/// Whoever has the secret can make webhooks that pass for this instance's.
const SIGNING: Needs = Needs::Permission(Permission::AdminIntegrations);

/// Routes of the outbox.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(OUTBOX, routes!(list))
        .at(OUTBOX, routes!(show))
        .at(OUTBOX, routes!(retry))
        .at(OUTBOX, routes!(settings))
        .at(SIGNING, routes!(signing))
        .at(SIGNING, routes!(rotate))
}

/// A mail, webhook or notification in the outbox.
#[derive(Debug, Serialize, ToSchema)]
struct OutboxItem {
    id: String,
    /// `mail`, `webhook` or `alert` (a notification of an agent).
    kind: String,
    /// `waiting`, `sent`, `held`, `failed` (will be tried again) or `dead`.
    status: String,
    /// The recipient, the address that is called, or the agent.
    to: String,
    /// The subject, the dialogue or flow that calls, or what the agent is told.
    subject: String,
    /// The conversation that a webhook tells of.
    conversation_id: Option<String>,
    created_at: At,
    attempts: u32,
    /// When it will be tried; `null` when it will not be.
    next_attempt_at: Option<At>,
    last_error: Option<String>,
}

/// A mail with its text, a webhook or a notification.
#[derive(Debug, Serialize, ToSchema)]
struct OutboxMail {
    #[serde(flatten)]
    item: OutboxItem,
    /// Plain text; empty for webhooks and notifications, whose content is made when it is sent. Links that act as somebody are left out for who may not give such links.
    text: String,
    #[schema(value_type = Object)]
    headers: serde_json::Value,
}

impl OutboxItem {
    fn of(job: &Job, outgoing: &Outgoing) -> Self {
        let (to, subject, conversation_id) = match outgoing {
            Outgoing::Mail(mail) => (mail.to.to_string(), mail.subject.clone(), None),
            Outgoing::Webhook(call) => {
                (call.url.clone(), call.dialogue.clone(), Some(call.conversation.to_string()))
            }
            Outgoing::Alert(alert) => {
                let whom = job.title.split(": ").next().unwrap_or_default();
                let way = match alert.way {
                    Way::Push { .. } => "pushed to a browser",
                    Way::Webhook => "in a chat",
                };
                (format!("{whom}, {way}"), alert.title().to_owned(), None)
            }
        };
        Self {
            to,
            subject,
            conversation_id,
            id: job.id.to_string(),
            kind: job.kind.clone(),
            status: outbox::job_word(job).to_owned(),
            created_at: job.created_at.into(),
            attempts: job.attempts,
            next_attempt_at: (job.status == JobStatus::Waiting).then(|| job.next_attempt_at.into()),
            last_error: job.last_error.clone(),
        }
    }
}

/// Which mails, webhooks or notifications.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// `mail`, `webhook` or `alert`; mails when absent.
    kind: Option<String>,
    /// `waiting`, `sent`, `held`, `failed` or `dead`.
    status: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// The outbox, newest first
#[utoipa::path(get, path = "/api/v1/outbox", tag = "console", params(Filter), responses((status = 200, body = List<OutboxItem>)))]
async fn list(
    State(web): State<Web>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<List<OutboxItem>>, Problem> {
    let page = page_request(filter.limit, filter.cursor);
    let status = filter.status.filter(|s| !s.is_empty());
    let jobs = outbox::list(web.app(), filter.kind.as_deref(), status.as_deref(), &page).await?;
    let mut items = Vec::with_capacity(jobs.items.len());
    for job in &jobs.items {
        items.extend(Outgoing::of(job)?.map(|outgoing| OutboxItem::of(job, &outgoing)));
    }
    Ok(axum::Json(List { items, next: jobs.next.map(|c| c.as_str().to_owned()) }))
}

/// One mail with its text, webhook or notification
#[utoipa::path(get, path = "/api/v1/outbox/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = OutboxMail)))]
async fn show(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<JobId>,
) -> Result<axum::Json<OutboxMail>, Problem> {
    let (job, outgoing) = outbox::show(web.app(), &who, id).await?;
    let item = OutboxItem::of(&job, &outgoing);
    let (text, headers) = match outgoing {
        Outgoing::Mail(mail) => (mail.text, serde_json::json!({ "To": mail.to, "Subject": mail.subject })),
        Outgoing::Webhook(_) => (String::new(), serde_json::json!({ "webhook-id": item.id })),
        Outgoing::Alert(_) => (String::new(), serde_json::json!({})),
    };
    Ok(axum::Json(OutboxMail { item, text, headers }))
}

/// Try a mail, webhook or notification again now
#[utoipa::path(post, path = "/api/v1/outbox/{id}/retry", tag = "console", params(("id" = String, Path)), responses((status = 202)))]
async fn retry(State(web): State<Web>, who: Who, Path(id): Path<JobId>) -> Result<StatusCode, Problem> {
    outbox::retry(web.app(), &who, id).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Whether mail is set up.
#[derive(Debug, Serialize, ToSchema)]
struct MailSettings {
    /// True when mails leave; false: they are held on the outbox screen.
    configured: bool,
    host: Option<String>,
    port: Option<u16>,
    from: Option<String>,
}

/// The mail server, from the configuration file
#[utoipa::path(get, path = "/api/v1/mail-settings", tag = "console", responses((status = 200, body = MailSettings)))]
async fn settings(State(web): State<Web>) -> axum::Json<MailSettings> {
    let about = web.config().mail.clone();
    axum::Json(MailSettings {
        configured: web.app().mailer().is_some(),
        host: about.as_ref().map(|mail| mail.host.clone()),
        port: about.as_ref().map(|mail| mail.port),
        from: about.map(|mail| mail.from),
    })
}

/// The secret that signs webhooks
///
/// Receivers check the header `webhook-signature` with it. That somebody looked is in the audit log.
#[utoipa::path(get, path = "/api/v1/webhook-signing", tag = "console", responses((status = 200, body = WebhookSigning)))]
async fn signing(State(web): State<Web>, who: Who) -> Result<axum::Json<WebhookSigning>, Problem> {
    Ok(axum::Json(webhooks::signing(web.app(), &who).await?))
}

/// Make a new secret for webhooks
///
/// What is sent from now on is signed with it, what is tried again included.
#[utoipa::path(post, path = "/api/v1/webhook-signing/rotate", tag = "console", responses((status = 200, body = WebhookSigning)))]
async fn rotate(State(web): State<Web>, who: Who) -> Result<axum::Json<WebhookSigning>, Problem> {
    Ok(axum::Json(webhooks::rotate(web.app(), &who).await?))
}
