//! Users and invitations.

use super::users_shapes::User;
use crate::extract::{Json, Path};
use crate::guard::{Guarded, Needs, Who};
use crate::idempotency::Made;
use crate::problem::Problem;
use crate::shapes::List;
use crate::state::Web;
use app::access::Permission;
use app::invitations::{self, Invite};
use app::users::{self, UserChange};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::{ProfileId, UserId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const USERS: Needs = Needs::Permission(Permission::AdminUsers);

/// Routes of users.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(USERS, routes!(list))
        .creating(USERS, routes!(invite))
        .at(USERS, routes!(show))
        .at(USERS, routes!(change))
        .at(USERS, routes!(delete))
        .at(USERS, routes!(invite_again))
}

/// All users
#[utoipa::path(get, path = "/api/v1/users", tag = "console", responses((status = 200, body = List<User>)))]
async fn list(State(web): State<Web>) -> Result<axum::Json<List<User>>, Problem> {
    let users = users::list(web.app()).await?;
    Ok(axum::Json(List::whole(users.into_iter().map(Into::into).collect())))
}

/// Whom to invite.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Invitee {
    #[schema(example = "grace@example.com")]
    email: String,
    /// With what rights.
    #[schema(value_type = String)]
    profile_id: ProfileId,
    name: Option<String>,
}

/// Invite somebody
///
/// Makes the user and mails a link; where no mail server is set up the outbox screen shows it.
#[utoipa::path(post, path = "/api/v1/users/invitations", tag = "console", request_body = Invitee, responses((status = 201, body = User)))]
async fn invite(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<Invitee>,
) -> Result<Made<axum::Json<User>>, Problem> {
    let invite = Invite { email: body.email, profile_id: body.profile_id, name: body.name };
    let row = invitations::invite(web.app(), &who, invite).await?;
    let place = format!("/api/v1/users/{}", row.user.id);
    Ok(Made(place, axum::Json(row.into())))
}

/// One user
#[utoipa::path(get, path = "/api/v1/users/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = User)))]
async fn show(State(web): State<Web>, Path(id): Path<UserId>) -> Result<axum::Json<User>, Problem> {
    Ok(axum::Json(users::show(web.app(), id).await?.into()))
}

/// A change of a user.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UserChange)]
struct Change {
    name: Option<String>,
    #[schema(value_type = Option<String>)]
    profile_id: Option<ProfileId>,
    /// True ends all sessions at once.
    disabled: Option<bool>,
}

/// Change a user
#[utoipa::path(patch, path = "/api/v1/users/{id}", tag = "console", params(("id" = String, Path)), request_body = Change, responses((status = 200, body = User)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<UserId>,
    Json(body): Json<Change>,
) -> Result<axum::Json<User>, Problem> {
    let change = UserChange { name: body.name, profile_id: body.profile_id, disabled: body.disabled };
    let row = users::update(web.app(), &who, id, change).await?;
    web.forget_sign_ins();
    Ok(axum::Json(row.into()))
}

/// Remove a user
#[utoipa::path(delete, path = "/api/v1/users/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(State(web): State<Web>, who: Who, Path(id): Path<UserId>) -> Result<StatusCode, Problem> {
    users::delete(web.app(), &who, id).await?;
    web.forget_sign_ins();
    Ok(StatusCode::NO_CONTENT)
}

/// Mail the invitation again
#[utoipa::path(post, path = "/api/v1/users/{id}/invitation", tag = "console", params(("id" = String, Path)), responses((status = 202)))]
async fn invite_again(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<UserId>,
) -> Result<StatusCode, Problem> {
    invitations::resend(web.app(), &who, id).await?;
    Ok(StatusCode::ACCEPTED)
}
