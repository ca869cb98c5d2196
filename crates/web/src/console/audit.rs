//! The audit log.

use crate::extract::Query;
use crate::guard::{Guarded, Needs};
use crate::problem::Problem;
use crate::shapes::{At, List, page_request};
use crate::state::Web;
use app::access::Permission;
use axum::extract::State;
use kernel::UserId;
use serde::{Deserialize, Serialize};
use store::{AuditEntry, AuditFilter};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of the audit log.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new().at(Needs::Permission(Permission::AdminAuditLog), routes!(list))
}

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
struct AuditUser {
    /// `null` for a token, the command line and Usher itself.
    id: Option<String>,
    name: String,
}

/// An entry.
#[derive(Debug, Serialize, ToSchema)]
struct Entry {
    id: String,
    at: At,
    user: Option<AuditUser>,
    /// `session`, `token`, `cli` or `system`.
    via: String,
    #[schema(example = "site.updated")]
    action: String,
    object_kind: String,
    object_id: Option<String>,
    object_name: Option<String>,
    #[schema(value_type = Object)]
    details: serde_json::Value,
    ip: Option<String>,
}

impl From<AuditEntry> for Entry {
    fn from(entry: AuditEntry) -> Self {
        let named = entry.user_id.is_some() || entry.via == "token";
        Self {
            id: entry.id.to_string(),
            at: entry.at.into(),
            user: named.then(|| AuditUser { id: entry.user_id.map(|id| id.to_string()), name: entry.actor }),
            via: entry.via,
            action: entry.action,
            object_kind: entry.object_kind,
            object_id: entry.object_id,
            object_name: entry.object_name,
            details: entry.details,
            ip: entry.ip,
        }
    }
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of one user.
    #[param(value_type = Option<String>)]
    user: Option<UserId>,
    /// Action begins with.
    action: Option<String>,
    /// At or after.
    #[param(value_type = Option<String>)]
    from: Option<At>,
    /// Before.
    #[param(value_type = Option<String>)]
    to: Option<At>,
    /// Actor or object name contains.
    q: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

/// The audit log, newest first
#[utoipa::path(get, path = "/api/v1/audit-log", tag = "console", params(Filter), responses((status = 200, body = List<Entry>)))]
async fn list(
    State(web): State<Web>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<List<Entry>>, Problem> {
    let page = page_request(filter.limit, filter.cursor);
    let text = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
    let filter = AuditFilter {
        user: filter.user,
        action: text(filter.action),
        from: filter.from.map(|at| at.0),
        to: filter.to.map(|at| at.0),
        query: text(filter.q),
    };
    let entries = app::audit::list(web.app(), &filter, &page).await?;
    Ok(axum::Json(List::of(entries, Into::into)))
}
