//! The outbox: mails that wait, were sent, are held because no mail server is set up, or were given up.

use crate::extract::{Path, Query};
use crate::guard::{Guarded, Needs, Who};
use crate::problem::Problem;
use crate::shapes::{At, List, page_request};
use crate::state::Web;
use app::access::Permission;
use app::outbox::{self, MailPayload};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::JobId;
use serde::{Deserialize, Serialize};
use store::{Job, JobStatus};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const OUTBOX: Needs = Needs::AnyOf(&[Permission::AdminIntegrations, Permission::AdminUsers]);

/// Routes of the outbox.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(OUTBOX, routes!(list))
        .at(OUTBOX, routes!(show))
        .at(OUTBOX, routes!(retry))
        .at(OUTBOX, routes!(settings))
}

/// A mail in the outbox.
#[derive(Debug, Serialize, ToSchema)]
struct OutboxItem {
    id: String,
    kind: String,
    /// `waiting`, `sent`, `held`, `failed` (will be tried again) or `dead`.
    status: String,
    to: String,
    subject: String,
    created_at: At,
    attempts: u32,
    /// When it will be tried; `null` when it will not be.
    next_attempt_at: Option<At>,
    last_error: Option<String>,
}

/// A mail with its text.
#[derive(Debug, Serialize, ToSchema)]
struct OutboxMail {
    #[serde(flatten)]
    item: OutboxItem,
    /// Plain text. Links that act as somebody are left out for who may not give such links.
    text: String,
    #[schema(value_type = Object)]
    headers: serde_json::Value,
}

impl OutboxItem {
    fn of(job: &Job, mail: &MailPayload) -> Self {
        Self {
            id: job.id.to_string(),
            kind: job.kind.clone(),
            status: outbox::job_word(job).to_owned(),
            to: mail.to.to_string(),
            subject: mail.subject.clone(),
            created_at: job.created_at.into(),
            attempts: job.attempts,
            next_attempt_at: (job.status == JobStatus::Waiting).then(|| job.next_attempt_at.into()),
            last_error: job.last_error.clone(),
        }
    }
}

/// Which mails.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
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
    let jobs = outbox::list(web.app(), status.as_deref(), &page).await?;
    let mut items = Vec::with_capacity(jobs.items.len());
    for job in &jobs.items {
        items.push(OutboxItem::of(job, &MailPayload::of(job)?));
    }
    Ok(axum::Json(List { items, next: jobs.next.map(|c| c.as_str().to_owned()) }))
}

/// One mail with its text
#[utoipa::path(get, path = "/api/v1/outbox/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = OutboxMail)))]
async fn show(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<JobId>,
) -> Result<axum::Json<OutboxMail>, Problem> {
    let (job, mail) = outbox::show(web.app(), &who, id).await?;
    let headers = serde_json::json!({ "To": mail.to, "Subject": mail.subject });
    Ok(axum::Json(OutboxMail { item: OutboxItem::of(&job, &mail), text: mail.text, headers }))
}

/// Try a mail again now
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
