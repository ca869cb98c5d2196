//! Configuration as text: export, check and apply.

use crate::{
    extract::{ConfigurationJson, Path, Query},
    guard::{Guarded, Needs, Who},
    problem::Problem,
    state::Web,
};
use app::{
    access::Permission,
    configuration::{self, ApplyOptions, ConfigurationFiles, ConfigurationReport, TextFile},
};
use axum::extract::State;
use kernel::DialogueId;
use serde::Deserialize;
use std::collections::BTreeMap;
use store::DialogueKind;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

const DIALOGUES: Needs = Needs::Permission(Permission::DialoguesView);
const FLOWS: Needs = Needs::Permission(Permission::FlowsView);
const EITHER: Needs = Needs::AnyOf(&[Permission::DialoguesView, Permission::FlowsView]);
/// What each text changes needs its own permission besides; the use case asks for it.
const CHANGE: Needs = Needs::AnyOf(&[
    Permission::DialoguesManage,
    Permission::FlowsManage,
    Permission::AdminChatbotSettings,
    Permission::AdminPrivacySecurity,
    Permission::PeopleEdit,
]);

/// Routes of configuration as text.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(DIALOGUES, routes!(dialogue_text))
        .at(FLOWS, routes!(flow_text))
        .at(EITHER, routes!(export))
        .at(EITHER, routes!(check))
        .at(CHANGE, routes!(apply))
}

/// The draft of a dialogue as text
#[utoipa::path(get, path = "/api/v1/dialogues/{id}/text", tag = "console", params(("id" = String, Path)), responses((status = 200, body = TextFile)))]
async fn dialogue_text(
    State(web): State<Web>,
    Path(id): Path<DialogueId>,
) -> Result<axum::Json<TextFile>, Problem> {
    Ok(axum::Json(configuration::text_of(web.app(), DialogueKind::Dialogue, id).await?))
}

/// The draft of a flow as text
#[utoipa::path(get, path = "/api/v1/flows/{id}/text", tag = "console", params(("id" = String, Path)), responses((status = 200, body = TextFile)))]
async fn flow_text(
    State(web): State<Web>,
    Path(id): Path<DialogueId>,
) -> Result<axum::Json<TextFile>, Problem> {
    Ok(axum::Json(configuration::text_of(web.app(), DialogueKind::Flow, id).await?))
}

/// What is exported.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Exported {
    /// The live versions instead of the drafts, and only what is live.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    published: bool,
}

/// Sites, dialogues, flows and what they share, as texts by path
///
/// The form of the texts is described in the documentation (*Conversations as text*).
#[utoipa::path(get, path = "/api/v1/configuration", tag = "console", params(Exported), responses((status = 200, body = ConfigurationFiles)))]
async fn export(
    State(web): State<Web>,
    who: Who,
    Query(wanted): Query<Exported>,
) -> Result<axum::Json<ConfigurationFiles>, Problem> {
    Ok(axum::Json(configuration::export(web.app(), &who, wanted.published).await?))
}

/// Texts by path.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Texts {
    /// Path and text.
    files: BTreeMap<String, String>,
}

/// Check texts
///
/// Tells what applying and publishing them would change, what stands against it, with file, line and field, and what
/// their tests come to. Nothing is changed.
#[utoipa::path(post, path = "/api/v1/configuration/check", tag = "console", request_body = Texts, responses((status = 200, body = ConfigurationReport)))]
async fn check(
    State(web): State<Web>,
    who: Who,
    ConfigurationJson(body): ConfigurationJson<Texts>,
) -> Result<axum::Json<ConfigurationReport>, Problem> {
    Ok(axum::Json(configuration::check(web.app(), &who, &body.files).await?))
}

/// How texts are applied.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Applying {
    /// Only tell what would happen.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    dry_run: bool,
    /// Publish the dialogues and flows that differ from what is live.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    publish: bool,
    /// Delete dialogues and flows that are not among the texts, on the sites that are.
    #[serde(default)]
    #[param(value_type = Option<bool>)]
    prune: bool,
}

/// Apply texts
///
/// Everything in one step or nothing: what is not there is made, what is there is changed. With a problem the answer is
/// 422; `errors` names files and lines, and `report` is what a check would have said. Each change needs the permission
/// that it would need by other ways.
#[utoipa::path(post, path = "/api/v1/configuration/apply", tag = "console", params(Applying), request_body = Texts, responses((status = 200, body = ConfigurationReport)))]
async fn apply(
    State(web): State<Web>,
    who: Who,
    Query(Applying { dry_run, publish, prune }): Query<Applying>,
    ConfigurationJson(body): ConfigurationJson<Texts>,
) -> Result<axum::Json<ConfigurationReport>, Problem> {
    let options = ApplyOptions { dry_run, publish, prune };
    let report = configuration::apply(web.app(), &who, &body.files, options).await?;
    if report.ok {
        return Ok(axum::Json(report));
    }
    Err(Problem::from(configuration::refused(&report)).with("report", report))
}
