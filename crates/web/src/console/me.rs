//! Oneself: sessions, name, password, preferences.

use super::users_shapes::{Me, me};
use crate::extract::{Json, Path};
use crate::guard::{Guarded, Needs, Who};
use crate::problem::Problem;
use crate::shapes::{At, List, maybe_null};
use crate::state::Web;
use app::sessions::{self, SignedInUser};
use app::users::{self, SelfChange};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::SessionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes about oneself.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(Needs::User, routes!(list_sessions))
        .at(Needs::User, routes!(end_session))
        .at(Needs::User, routes!(change))
}

/// A signed-in browser.
#[derive(Debug, Serialize, ToSchema)]
struct SessionInfo {
    id: String,
    created_at: At,
    last_seen_at: At,
    user_agent: String,
    /// The one that asks.
    current: bool,
}

/// My sessions
#[utoipa::path(get, path = "/api/v1/me/sessions", tag = "console", responses((status = 200, body = List<SessionInfo>)))]
async fn list_sessions(State(web): State<Web>, who: Who) -> Result<axum::Json<List<SessionInfo>>, Problem> {
    let me = me(&who)?;
    let sessions = sessions::list(web.app(), me.user.id).await?;
    let row = |session: store::UserSession| SessionInfo {
        current: session.id == me.session.id,
        id: session.id.to_string(),
        created_at: session.created_at.into(),
        last_seen_at: session.last_seen_at.into(),
        user_agent: session.user_agent,
    };
    Ok(axum::Json(List::whole(sessions.into_iter().map(row).collect())))
}

/// End one of my sessions
#[utoipa::path(delete, path = "/api/v1/me/sessions/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn end_session(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<SessionId>,
) -> Result<StatusCode, Problem> {
    sessions::end(web.app(), me(&who)?.user.id, id).await?;
    web.forget_sign_ins();
    Ok(StatusCode::NO_CONTENT)
}

/// A change of oneself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MyChange)]
struct Change {
    name: Option<String>,
    password: Option<NewPassword>,
    /// `light`, `dark` or `auto`.
    theme: Option<String>,
    /// IANA name; `null` takes the instance's.
    #[serde(default, deserialize_with = "maybe_null")]
    #[schema(value_type = Option<String>)]
    time_zone: Option<Option<String>>,
}

/// The present and the new password.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    current: String,
    /// 10 to 200 characters.
    new: String,
}

/// Change name, password or preferences
///
/// A new password ends all other sessions.
#[utoipa::path(patch, path = "/api/v1/me", tag = "console", request_body = Change, responses((status = 200, body = Me)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<Change>,
) -> Result<axum::Json<Me>, Problem> {
    let me = me(&who)?;
    let change = SelfChange {
        name: body.name,
        password: body.password.map(|p| (p.current, p.new)),
        theme: body.theme,
        time_zone: body.time_zone,
    };
    let user = users::update_self(web.app(), &who, me, change).await?;
    web.forget_sign_ins();
    let now = SignedInUser { user, profile: me.profile.clone(), session: me.session.clone() };
    Ok(axum::Json(Me::of(&web, &now)))
}
