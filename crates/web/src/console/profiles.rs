//! Profiles and the vocabulary of permissions.

use crate::etag::Versioned;
use crate::extract::{IfMatch, Json, Path};
use crate::guard::{Guarded, Needs, Who};
use crate::idempotency::Made;
use crate::problem::Problem;
use crate::shapes::List;
use crate::state::Web;
use app::access::{AREAS, Permission};
use app::profiles::{self, NewProfile, ProfileChange};
use axum::extract::State;
use axum::http::StatusCode;
use kernel::ProfileId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

const USERS: Needs = Needs::Permission(Permission::AdminUsers);

/// Routes of profiles.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(USERS, routes!(list))
        .creating(USERS, routes!(create))
        .at(USERS, routes!(show))
        .at(USERS, routes!(change))
        .at(USERS, routes!(delete))
        .at(Needs::User, routes!(permissions))
}

/// A set of permissions.
#[derive(Debug, Serialize, ToSchema)]
struct Profile {
    id: String,
    name: String,
    description: String,
    /// One of the five from the start.
    built_in: bool,
    /// Permission keys.
    permissions: Vec<String>,
    /// How many users have it.
    users: u64,
    version: i64,
}

impl From<store::Profile> for Profile {
    fn from(profile: store::Profile) -> Self {
        Self {
            id: profile.id.to_string(),
            name: profile.name,
            description: profile.description,
            built_in: profile.built_in,
            permissions: profile.permissions,
            users: profile.users,
            version: profile.version,
        }
    }
}

fn answer(profile: store::Profile) -> Versioned<Profile> {
    Versioned(profile.version, profile.into())
}

/// All profiles
#[utoipa::path(get, path = "/api/v1/profiles", tag = "console", responses((status = 200, body = List<Profile>)))]
async fn list(State(web): State<Web>) -> Result<axum::Json<List<Profile>>, Problem> {
    let profiles = profiles::list(web.app()).await?;
    Ok(axum::Json(List::whole(profiles.into_iter().map(Into::into).collect())))
}

/// One profile
#[utoipa::path(get, path = "/api/v1/profiles/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = Profile)))]
async fn show(State(web): State<Web>, Path(id): Path<ProfileId>) -> Result<Versioned<Profile>, Problem> {
    Ok(answer(profiles::show(web.app(), id).await?))
}

/// A profile to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewProfile)]
struct New {
    #[schema(example = "Content editor")]
    name: String,
    #[serde(default)]
    description: String,
    #[schema(example = json!(["dialogues.view", "dialogues.manage"]))]
    permissions: Vec<String>,
}

/// Make a profile
#[utoipa::path(post, path = "/api/v1/profiles", tag = "console", request_body = New, responses((status = 201, body = Profile)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<New>,
) -> Result<Made<Versioned<Profile>>, Problem> {
    let new = NewProfile { name: body.name, description: body.description, permissions: body.permissions };
    let profile = profiles::create(web.app(), &who, new).await?;
    Ok(Made(format!("/api/v1/profiles/{}", profile.id), answer(profile)))
}

/// A change of a profile.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProfileChange)]
struct Change {
    name: Option<String>,
    description: Option<String>,
    /// All permission keys, whole.
    permissions: Option<Vec<String>>,
}

/// Change a profile
///
/// Acts for its users within five seconds.
#[utoipa::path(patch, path = "/api/v1/profiles/{id}", tag = "console", params(("id" = String, Path)), request_body = Change, responses((status = 200, body = Profile)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<ProfileId>,
    IfMatch(version): IfMatch,
    Json(body): Json<Change>,
) -> Result<Versioned<Profile>, Problem> {
    let change = ProfileChange {
        name: body.name,
        description: body.description,
        permissions: body.permissions,
        version,
    };
    let profile = profiles::update(web.app(), &who, id, change).await?;
    web.forget_sign_ins();
    Ok(answer(profile))
}

/// Remove a profile that nobody has
#[utoipa::path(delete, path = "/api/v1/profiles/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(State(web): State<Web>, who: Who, Path(id): Path<ProfileId>) -> Result<StatusCode, Problem> {
    profiles::delete(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The vocabulary.
#[derive(Debug, Serialize, ToSchema)]
struct Vocabulary {
    areas: Vec<Area>,
}

/// Permissions that belong together.
#[derive(Debug, Serialize, ToSchema)]
struct Area {
    key: String,
    label: String,
    permissions: Vec<PermissionInfo>,
}

/// A permission.
#[derive(Debug, Serialize, ToSchema)]
struct PermissionInfo {
    #[schema(example = "people.view")]
    key: String,
    label: String,
    description: String,
}

/// All permissions, by area
#[utoipa::path(get, path = "/api/v1/permissions", tag = "console", responses((status = 200, body = Vocabulary)))]
async fn permissions() -> axum::Json<Vocabulary> {
    let info = |permission: &Permission| PermissionInfo {
        key: permission.key().to_owned(),
        label: permission.label().to_owned(),
        description: permission.description().to_owned(),
    };
    let areas = AREAS.iter().map(|(key, label, permissions)| Area {
        key: (*key).to_owned(),
        label: (*label).to_owned(),
        permissions: permissions.iter().map(info).collect(),
    });
    axum::Json(Vocabulary { areas: areas.collect() })
}
