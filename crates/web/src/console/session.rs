//! Setting up, signing in and out, invitations and password resets.

use super::users_shapes::Me;
use crate::extract::{ClientAddress, Json, Path, UserAgent};
use crate::guard::{Guarded, Needs, Who, cookie_name};
use crate::problem::Problem;
use crate::state::Web;
use app::access::Actor;
use app::sessions::{self, Attempt, NewSession};
use app::users::{self, FirstOwner};
use app::{AppError, invitations};
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Routes of sign-in.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(Needs::Nothing, routes!(needs_setup))
        .at(Needs::Nothing, routes!(setup))
        .at(Needs::Nothing, routes!(sign_in))
        .at(Needs::User, routes!(show))
        .at(Needs::User, routes!(sign_out))
        .at(Needs::Nothing, routes!(ask_reset))
        .at(Needs::Nothing, routes!(redeem_reset))
        .at(Needs::Nothing, routes!(invitation))
        .at(Needs::Nothing, routes!(join))
}

/// Whether somebody must set the instance up.
#[derive(Debug, Serialize, ToSchema)]
struct SetupState {
    /// True while there is no user.
    needs_owner: bool,
}

/// Whether the instance needs its first owner
#[utoipa::path(get, path = "/api/v1/setup", tag = "console", responses((status = 200, body = SetupState)))]
async fn needs_setup(State(web): State<Web>) -> Result<axum::Json<SetupState>, Problem> {
    Ok(axum::Json(SetupState { needs_owner: users::needs_owner(web.app()).await? }))
}

/// The first user, who becomes the owner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Setup {
    #[schema(example = "ada@example.com")]
    email: String,
    #[schema(example = "Ada Lovelace")]
    name: String,
    /// 10 to 200 characters.
    #[schema(example = "correct horse battery")]
    password: String,
}

/// Make the first owner and sign in
///
/// Only while there is no user; 409 afterwards, also for all but one of several that try at once.
#[utoipa::path(post, path = "/api/v1/setup", tag = "console", request_body = Setup, responses((status = 201, body = Me)))]
async fn setup(
    State(web): State<Web>,
    address: ClientAddress,
    agent: UserAgent,
    Json(body): Json<Setup>,
) -> Result<Response, Problem> {
    web.limits().sign_in(address.0)?;
    let first =
        FirstOwner { email: &body.email, name: &body.name, password: &body.password, user_agent: &agent.0 };
    let mut actor = Actor::system();
    actor.ip = Some(address.0.to_string());
    let begun = users::create_first_owner(web.app(), &actor, &first).await?;
    signed_in(&web, &begun, StatusCode::CREATED).await
}

/// Credentials.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    #[schema(example = "ada@example.com")]
    email: String,
    #[schema(example = "correct horse battery")]
    password: String,
}

/// Sign in
///
/// The answer and its time are the same for wrong, unknown, locked and disabled accounts.
#[utoipa::path(post, path = "/api/v1/session", tag = "console", request_body = Credentials, responses((status = 200, body = Me)))]
async fn sign_in(
    State(web): State<Web>,
    address: ClientAddress,
    agent: UserAgent,
    Json(body): Json<Credentials>,
) -> Result<Response, Problem> {
    web.limits().sign_in(address.0)?;
    let attempt = Attempt {
        email: &body.email,
        password: &body.password,
        user_agent: &agent.0,
        ip: Some(address.0.to_string()),
    };
    let begun = sessions::sign_in(web.app(), &attempt).await?;
    signed_in(&web, &begun, StatusCode::OK).await
}

async fn signed_in(web: &Web, begun: &NewSession, status: StatusCode) -> Result<Response, Problem> {
    let found = sessions::authenticate(web.app(), &begun.token.hash()).await?;
    let found = found.ok_or_else(|| AppError::Internal("a new session is not there".to_owned()))?;
    let user = found.user().ok_or_else(|| AppError::Internal("a session without user".to_owned()))?;
    let mut response = (status, axum::Json(Me::of(web, user))).into_response();
    let seconds = i64::from(web.app().settings().retention.session_days) * 24 * 3_600;
    set_cookie(web, &mut response, begun.token.expose(), seconds);
    Ok(response)
}

fn set_cookie(web: &Web, response: &mut Response, value: &str, seconds: i64) {
    let url = &web.app().settings().public_url;
    let secure = if url.starts_with("https://") { "; Secure" } else { "" };
    let cookie =
        format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", cookie_name(url));
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
}

/// Who is signed in
#[utoipa::path(get, path = "/api/v1/session", tag = "console", responses((status = 200, body = Me)))]
async fn show(State(web): State<Web>, who: Who) -> Result<axum::Json<Me>, Problem> {
    Ok(axum::Json(Me::of(&web, super::users_shapes::me(&who)?)))
}

/// Sign out
#[utoipa::path(delete, path = "/api/v1/session", tag = "console", responses((status = 204)))]
async fn sign_out(State(web): State<Web>, who: Who) -> Result<Response, Problem> {
    sessions::sign_out(web.app(), super::users_shapes::me(&who)?).await?;
    web.forget_sign_ins();
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&web, &mut response, "", 0);
    Ok(response)
}

/// For whom a new password is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ResetRequest {
    #[schema(example = "ada@example.com")]
    email: String,
}

/// Ask for a link to set a new password
///
/// Always 202, whether there is such a user or not.
#[utoipa::path(post, path = "/api/v1/password-resets", tag = "console", request_body = ResetRequest, responses((status = 202)))]
async fn ask_reset(
    State(web): State<Web>,
    address: ClientAddress,
    Json(body): Json<ResetRequest>,
) -> Result<StatusCode, Problem> {
    web.limits().sign_in(address.0)?;
    // After the answer, so that its time tells nothing.
    tokio::spawn(async move {
        if let Err(error) = invitations::request_reset(web.app(), &body.email).await {
            tracing::error!(%error, "a password reset was not written");
        }
    });
    Ok(StatusCode::ACCEPTED)
}

/// A new password with the token of the link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Reset {
    token: String,
    /// 10 to 200 characters.
    password: String,
}

/// Set a new password
#[utoipa::path(post, path = "/api/v1/password-resets/redeem", tag = "console", request_body = Reset, responses((status = 204)))]
async fn redeem_reset(
    State(web): State<Web>,
    address: ClientAddress,
    Json(body): Json<Reset>,
) -> Result<StatusCode, Problem> {
    web.limits().sign_in(address.0)?;
    invitations::redeem_reset(web.app(), &body.token, &body.password).await?;
    web.forget_sign_ins();
    Ok(StatusCode::NO_CONTENT)
}

/// An open invitation.
#[derive(Debug, Serialize, ToSchema)]
struct Invitation {
    email: String,
    name: Option<String>,
    profile_name: String,
}

/// Look at an invitation
#[utoipa::path(get, path = "/api/v1/invitations/{token}", tag = "console", params(("token" = String, Path, description = "Token of the link")), responses((status = 200, body = Invitation)))]
async fn invitation(
    State(web): State<Web>,
    address: ClientAddress,
    Path(token): Path<String>,
) -> Result<axum::Json<Invitation>, Problem> {
    web.limits().sign_in(address.0)?;
    let open = invitations::open(web.app(), &token).await?;
    Ok(axum::Json(Invitation { email: open.email, name: open.name, profile_name: open.profile_name }))
}

/// Name and password of who joins.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Join {
    token: String,
    name: String,
    /// 10 to 200 characters.
    password: String,
}

/// Join by an invitation and sign in
#[utoipa::path(post, path = "/api/v1/invitations/redeem", tag = "console", request_body = Join, responses((status = 201, body = Me)))]
async fn join(
    State(web): State<Web>,
    address: ClientAddress,
    agent: UserAgent,
    Json(body): Json<Join>,
) -> Result<Response, Problem> {
    web.limits().sign_in(address.0)?;
    let begun = invitations::redeem(web.app(), &body.token, &body.name, &body.password, &agent.0).await?;
    signed_in(&web, &begun, StatusCode::CREATED).await
}
