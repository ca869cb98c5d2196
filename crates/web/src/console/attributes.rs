//! Attributes.

use crate::extract::{Json, Path, Query};
use crate::guard::{Guarded, Needs, Who};
use crate::idempotency::Made;
use crate::problem::Problem;
use crate::shapes::List;
use crate::state::Web;
use crate::words;
use app::access::Permission;
use app::attributes::{self, Attribute, AttributeChange, NewAttribute};
use axum::extract::State;
use axum::http::StatusCode;
use criteria::{AttributeType, Source};
use kernel::AttributeId;
use people::AttributeOwner;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Everybody who filters, targets or looks needs the names.
const NAMES: Needs =
    Needs::AnyOf(&[Permission::PeopleView, Permission::DialoguesView, Permission::AdminChatbotSettings]);
const EDIT: Needs = Needs::Permission(Permission::PeopleEdit);

/// Routes of attributes.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(NAMES, routes!(list))
        .at(NAMES, routes!(show))
        .creating(EDIT, routes!(create))
        .at(EDIT, routes!(change))
        .at(EDIT, routes!(delete))
}

/// An attribute.
#[derive(Debug, Serialize, ToSchema)]
struct AttributeDef {
    /// `null` where nobody can change it.
    id: Option<String>,
    #[schema(value_type = words::AttributeOwnerWord)]
    of: Source,
    #[schema(example = "first_name")]
    name: String,
    label: String,
    #[serde(rename = "type")]
    #[schema(value_type = words::AttributeTypeWord)]
    kind: AttributeType,
    /// One that every instance has.
    standard: bool,
    /// May be shown to a visitor with a merely claimed identity.
    harmless: bool,
    /// Names of dialogues that use it.
    used_by: Vec<String>,
    sortable: bool,
    editable: bool,
}

impl From<Attribute> for AttributeDef {
    fn from(attribute: Attribute) -> Self {
        Self {
            id: attribute.id.map(|id| id.to_string()),
            of: attribute.of,
            name: attribute.name,
            label: attribute.label,
            kind: attribute.kind,
            standard: attribute.standard,
            harmless: attribute.harmless,
            used_by: attribute.used_by,
            sortable: attribute.sortable,
            editable: attribute.editable,
        }
    }
}

/// Which attributes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// `person`, `company`, `visit` or `inferred`.
    #[param(value_type = Option<String>)]
    of: Option<Source>,
}

/// All attributes, the standard ones first
#[utoipa::path(get, path = "/api/v1/attributes", tag = "console", params(Filter), responses((status = 200, body = List<AttributeDef>)))]
async fn list(
    State(web): State<Web>,
    Query(filter): Query<Filter>,
) -> Result<axum::Json<List<AttributeDef>>, Problem> {
    let all = attributes::list(web.app(), filter.of).await?;
    Ok(axum::Json(List::whole(all.into_iter().map(Into::into).collect())))
}

/// One attribute
#[utoipa::path(get, path = "/api/v1/attributes/{id}", tag = "console", params(("id" = String, Path)), responses((status = 200, body = AttributeDef)))]
async fn show(
    State(web): State<Web>,
    Path(id): Path<AttributeId>,
) -> Result<axum::Json<AttributeDef>, Problem> {
    Ok(axum::Json(attributes::show(web.app(), id).await?.into()))
}

/// An attribute to be defined.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewAttribute)]
struct New {
    /// `person` or `company`.
    #[schema(value_type = String, example = "person")]
    of: AttributeOwner,
    /// 1 to 40 lower-case letters, digits and underscores.
    #[schema(example = "shoe_size")]
    name: String,
    #[schema(example = "Shoe size")]
    label: String,
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "number")]
    kind: AttributeType,
}

/// Define an attribute
#[utoipa::path(post, path = "/api/v1/attributes", tag = "console", request_body = New, responses((status = 201, body = AttributeDef)))]
async fn create(
    State(web): State<Web>,
    who: Who,
    Json(body): Json<New>,
) -> Result<Made<axum::Json<AttributeDef>>, Problem> {
    let new = NewAttribute { of: body.of, name: body.name, label: body.label, kind: body.kind };
    let attribute = attributes::create(web.app(), &who, new).await?;
    let id = attribute.id.map(|id| id.to_string()).unwrap_or_default();
    Ok(Made(format!("/api/v1/attributes/{id}"), axum::Json(attribute.into())))
}

/// A change of an attribute.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AttributeChange)]
struct Change {
    label: Option<String>,
    harmless: Option<bool>,
    /// 409 while dialogues or values use the attribute.
    #[serde(rename = "type")]
    #[schema(value_type = Option<String>)]
    kind: Option<AttributeType>,
}

/// Change an attribute
#[utoipa::path(patch, path = "/api/v1/attributes/{id}", tag = "console", params(("id" = String, Path)), request_body = Change, responses((status = 200, body = AttributeDef)))]
async fn change(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<AttributeId>,
    Json(body): Json<Change>,
) -> Result<axum::Json<AttributeDef>, Problem> {
    let change = AttributeChange { label: body.label, harmless: body.harmless, kind: body.kind };
    Ok(axum::Json(attributes::update(web.app(), &who, id, change).await?.into()))
}

/// Remove an attribute that nothing uses
#[utoipa::path(delete, path = "/api/v1/attributes/{id}", tag = "console", params(("id" = String, Path)), responses((status = 204)))]
async fn delete(
    State(web): State<Web>,
    who: Who,
    Path(id): Path<AttributeId>,
) -> Result<StatusCode, Problem> {
    attributes::delete(web.app(), &who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
