//! API tokens.

use crate::extract::{Json, Path};
use crate::guard::{Guarded, Needs, Who};
use crate::problem::Problem;
use crate::shapes::{At, List};
use crate::state::Web;
use app::access::Permission;
use app::tokens::{self, NewToken};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::TokenId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const USERS: Needs = Needs::Permission(Permission::AdminUsers);

/// Routes of tokens.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new().at(USERS, routes!(list)).at(USERS, routes!(create)).at(USERS, routes!(delete))
}

/// An API token.
#[derive(Debug, Serialize, ToSchema)]
struct ApiToken {
    id: String,
    name: String,
    /// Permission keys.
    scopes: Vec<String>,
    created_by: Option<String>,
    created_at: At,
    last_used_at: Option<At>,
    expires_at: Option<At>,
}

/// A token just made.
#[derive(Debug, Serialize, ToSchema)]
struct NewApiToken {
    /// Shown this once.
    #[schema(example = "ust_…")]
    token: String,
    #[serde(flatten)]
    info: ApiToken,
}

impl From<store::ApiToken> for ApiToken {
    fn from(token: store::ApiToken) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name,
            scopes: token.scopes,
            created_by: token.created_by.map(|id| id.to_string()),
            created_at: token.created_at.into(),
            last_used_at: token.last_used_at.map(At),
            expires_at: token.expires_at.map(At),
        }
    }
}

/// All tokens
#[utoipa::path(get, path = "/api/v1/tokens", tag = "console", responses((status = 200, body = List<ApiToken>)))]
async fn list(State(web): State<Web>) -> Result<axum::Json<List<ApiToken>>, Problem> {
    let tokens = tokens::list(web.app()).await?;
    Ok(axum::Json(List::whole(tokens.into_iter().map(Into::into).collect())))
}

/// A token to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TokenWanted)]
struct New {
    #[schema(example = "Nightly export")]
    name: String,
    /// Permission keys, at most one's own.
    #[schema(example = json!(["people.view", "people.export"]))]
    scopes: Vec<String>,
    /// When it ends by itself.
    expires_at: Option<At>,
}

/// Make a token
///
/// The token is shown in this answer only.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "console", request_body = New, responses((status = 201, body = NewApiToken)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<New>,
) -> Result<(StatusCode, axum::Json<NewApiToken>), Problem> {
    let new = NewToken { name: body.name, scopes: body.scopes, expires_at: body.expires_at.map(|at| at.0) };
    let (secret, token) = tokens::create(web.app(), &who, new).await?;
    let answer = NewApiToken { token: secret.expose().to_owned(), info: token.into() };
    Ok((StatusCode::CREATED, axum::Json(answer)))
}

/// End a token
#[utoipa::path(delete, path = "/api/v1/tokens/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(State(web): State<Web>, who: Who, Path(id): Path<TokenId>) -> Result<StatusCode, Problem> {
    tokens::delete(web.app(), &who, id).await?;
    web.forget_sign_ins();
    Ok(StatusCode::NO_CONTENT)
}
