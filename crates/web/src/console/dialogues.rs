//! Dialogues and flows: the same routes twice, each with its own permissions.

use crate::{
    etag::Versioned,
    extract::{IfMatch, Json, Path, Query},
    guard::{Guarded, Needs, Who},
    idempotency::Made,
    problem::Problem,
    shapes::{List, page_request},
    state::Web,
};
use app::{
    access::Permission,
    dialogues::{
        self, Checked, DialoguePatch, DialogueSummary, DialogueView, Handle, NewDialogue, VersionContent,
        VersionView, checks,
        editing::{self, Editing},
        templates::{self, Template},
    },
    rehearsals::{
        author::{self, PreviewTurn, PreviewView},
        scripts::{self, TestResults, TestRun},
        visitor::{self, LinkRequest, PreviewLink},
    },
};
use axum::{extract::State, http::StatusCode};
use kernel::{DialogueId, SiteId};
use serde::Deserialize;
use store::{DialogueFilter, DialogueKind, PublicationState};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Routes of dialogues and flows.
pub fn router() -> OpenApiRouter<Web> {
    dialogue_routes::router()
        .merge(flow_routes::router())
        .at(Needs::Permission(Permission::DialoguesView), routes!(all_templates))
}

/// Which dialogues or flows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// Of one site.
    #[param(value_type = Option<String>)]
    site: Option<SiteId>,
    /// `draft`, `published` or `unpublished`.
    #[param(value_type = Option<String>)]
    state: Option<PublicationState>,
    /// Name contains.
    q: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
}

fn versioned(dialogue: DialogueView) -> Versioned<DialogueView> {
    Versioned(dialogue.summary.draft_version, dialogue)
}

/// Templates to start from
#[utoipa::path(get, path = "/api/v1/templates", tag = "console", responses((status = 200, body = List<Template>)))]
async fn all_templates() -> axum::Json<List<Template>> {
    axum::Json(List::whole(templates::list()))
}

/// The routes of one kind below `$base`, which stands in every path because the API's file is made of literals.
macro_rules! stream_routes {
    (
        $(#[$doc:meta])* $module:ident, $kind:expr, $view:expr, $manage:expr, $publish:expr, $base:literal,
        $one:literal, $check:literal, $publishing:literal, $unpublishing:literal, $duplicate:literal,
        $versions:literal, $version:literal, $preview:literal, $tests:literal, $link:literal,
        $editing:literal
    ) => {
        $(#[$doc])*
        mod $module {
            use super::*;

            const VIEW: Needs = Needs::Permission($view);
            const MANAGE: Needs = Needs::Permission($manage);
            const PUBLISH: Needs = Needs::Permission($publish);

            pub(super) fn router() -> OpenApiRouter<Web> {
                OpenApiRouter::new()
                    .at(VIEW, routes!(list))
                    .creating(MANAGE, routes!(create))
                    .at(VIEW, routes!(show))
                    .at(MANAGE, routes!(change))
                    .at(MANAGE, routes!(delete))
                    .at(VIEW, routes!(check))
                    .at(PUBLISH, routes!(publish))
                    .at(PUBLISH, routes!(unpublish))
                    .creating(MANAGE, routes!(duplicate))
                    .at(VIEW, routes!(versions))
                    .at(VIEW, routes!(version))
                    .at(MANAGE, routes!(preview))
                    .at(VIEW, routes!(tests))
                    .at(MANAGE, routes!(preview_link))
                    .at(MANAGE, routes!(editing))
            }

            fn handle(id: DialogueId) -> Handle {
                Handle { kind: $kind, id }
            }

            fn made(dialogue: DialogueView) -> Made<axum::Json<DialogueView>> {
                Made(format!(concat!($base, "/{}"), dialogue.summary.id), axum::Json(dialogue))
            }

            /// All, by priority, then age
            #[utoipa::path(get, path = $base, tag = "console", params(Filter), responses((status = 200, body = List<DialogueSummary>)))]
            async fn list(
                State(web): State<Web>,
                Query(filter): Query<Filter>,
            ) -> Result<axum::Json<List<DialogueSummary>>, Problem> {
                let page = page_request(filter.limit, filter.cursor);
                let wanted = DialogueFilter {
                    site: filter.site,
                    state: filter.state,
                    kind: Some($kind),
                    query: filter.q.filter(|q| !q.trim().is_empty()),
                };
                let found = dialogues::list(web.app(), &wanted, &page).await?;
                Ok(axum::Json(List::of(found, |row| row)))
            }

            /// Make one, empty or from a template
            #[utoipa::path(post, path = $base, tag = "console", request_body = NewDialogue, responses((status = 201, body = DialogueView)))]
            async fn create(
                State(web): State<Web>,
                who: Who,
                Json(body): Json<NewDialogue>,
            ) -> Result<Made<axum::Json<DialogueView>>, Problem> {
                Ok(made(dialogues::create_kind(web.app(), &who, $kind, body).await?))
            }

            /// One with its draft
            #[utoipa::path(get, path = $one, tag = "console", params(("id" = String, Path)), responses((status = 200, body = DialogueView)))]
            async fn show(
                State(web): State<Web>,
                Path(id): Path<DialogueId>,
            ) -> Result<Versioned<DialogueView>, Problem> {
                Ok(versioned(dialogues::get(web.app(), handle(id)).await?))
            }

            /// Change one
            ///
            /// `If-Match` names the draft version that the change is based on; 412 when somebody else was first.
            #[utoipa::path(patch, path = $one, tag = "console", params(("id" = String, Path)), request_body = DialoguePatch, responses((status = 200, body = DialogueView)))]
            async fn change(
                State(web): State<Web>,
                who: Who,
                Path(id): Path<DialogueId>,
                IfMatch(version): IfMatch,
                Json(body): Json<DialoguePatch>,
            ) -> Result<Versioned<DialogueView>, Problem> {
                Ok(versioned(dialogues::update(web.app(), &who, handle(id), version, body).await?))
            }

            /// Remove one with its versions and conversations
            #[utoipa::path(delete, path = $one, tag = "console", params(("id" = String, Path)), responses((status = 204)))]
            async fn delete(
                State(web): State<Web>,
                who: Who,
                Path(id): Path<DialogueId>,
            ) -> Result<StatusCode, Problem> {
                dialogues::delete(web.app(), &who, handle(id)).await?;
                Ok(StatusCode::NO_CONTENT)
            }

            /// What keeps the draft from being published
            #[utoipa::path(post, path = $check, tag = "console", params(("id" = String, Path)), responses((status = 200, body = Checked)))]
            async fn check(
                State(web): State<Web>,
                Path(id): Path<DialogueId>,
            ) -> Result<axum::Json<Checked>, Problem> {
                Ok(axum::Json(checks::check(web.app(), handle(id)).await?))
            }

            /// Publish the draft as a new version
            ///
            /// Refused while the checks find an error or a scripted test fails.
            #[utoipa::path(post, path = $publishing, tag = "console", params(("id" = String, Path)), responses((status = 200, body = DialogueView)))]
            async fn publish(
                State(web): State<Web>,
                who: Who,
                Path(id): Path<DialogueId>,
            ) -> Result<Versioned<DialogueView>, Problem> {
                Ok(versioned(dialogues::publish(web.app(), &who, handle(id)).await?))
            }

            /// Take it off; engaged conversations go on
            #[utoipa::path(post, path = $unpublishing, tag = "console", params(("id" = String, Path)), responses((status = 200, body = DialogueView)))]
            async fn unpublish(
                State(web): State<Web>,
                who: Who,
                Path(id): Path<DialogueId>,
            ) -> Result<Versioned<DialogueView>, Problem> {
                Ok(versioned(dialogues::unpublish(web.app(), &who, handle(id)).await?))
            }

            /// Make a copy
            #[utoipa::path(post, path = $duplicate, tag = "console", params(("id" = String, Path)), responses((status = 201, body = DialogueView)))]
            async fn duplicate(
                State(web): State<Web>,
                who: Who,
                Path(id): Path<DialogueId>,
            ) -> Result<Made<axum::Json<DialogueView>>, Problem> {
                Ok(made(dialogues::duplicate(web.app(), &who, handle(id)).await?))
            }

            /// All versions, newest first
            #[utoipa::path(get, path = $versions, tag = "console", params(("id" = String, Path)), responses((status = 200, body = List<VersionView>)))]
            async fn versions(
                State(web): State<Web>,
                Path(id): Path<DialogueId>,
            ) -> Result<axum::Json<List<VersionView>>, Problem> {
                Ok(axum::Json(List::whole(dialogues::versions(web.app(), handle(id)).await?)))
            }

            /// One version with its content
            #[utoipa::path(get, path = $version, tag = "console",
                params(("id" = String, Path), ("version" = u32, Path)), responses((status = 200, body = VersionContent)))]
            async fn version(
                State(web): State<Web>,
                Path((id, number)): Path<(DialogueId, u32)>,
            ) -> Result<axum::Json<VersionContent>, Problem> {
                Ok(axum::Json(dialogues::version(web.app(), handle(id), number).await?))
            }

            /// Talk to a draft; nothing is recorded
            ///
            /// Talking as a person needs the permission to view people.
            #[utoipa::path(post, path = $preview, tag = "console", params(("id" = String, Path)), request_body = PreviewTurn, responses((status = 200, body = PreviewView)))]
            async fn preview(
                State(web): State<Web>,
                who: Who,
                Path(id): Path<DialogueId>,
                Json(body): Json<PreviewTurn>,
            ) -> Result<axum::Json<PreviewView>, Problem> {
                if body.person_id.is_some() && !who.may(Permission::PeopleView) {
                    let sentence = "talking as a person needs the permission to view people";
                    return Err(app::AppError::Forbidden(sentence.to_owned()).into());
                }
                Ok(axum::Json(author::preview(web.app(), handle(id), body).await?))
            }

            /// Play the scripted tests of a draft
            #[utoipa::path(post, path = $tests, tag = "console", params(("id" = String, Path)), request_body = TestRun, responses((status = 200, body = TestResults)))]
            async fn tests(
                State(web): State<Web>,
                Path(id): Path<DialogueId>,
                Json(body): Json<TestRun>,
            ) -> Result<axum::Json<TestResults>, Problem> {
                Ok(axum::Json(scripts::run(web.app(), handle(id), body).await?))
            }

            /// Make a link under which a page of the site shows the draft
            #[utoipa::path(post, path = $link, tag = "console", params(("id" = String, Path)), request_body = LinkRequest, responses((status = 200, body = PreviewLink)))]
            async fn preview_link(
                State(web): State<Web>,
                Path(id): Path<DialogueId>,
                Json(body): Json<LinkRequest>,
            ) -> Result<axum::Json<PreviewLink>, Problem> {
                Ok(axum::Json(visitor::link(web.app(), handle(id), &body).await?))
            }

            /// Say that the draft is open, and hear who else has it open
            #[utoipa::path(post, path = $editing, tag = "console", params(("id" = String, Path)), responses((status = 200, body = Editing)))]
            async fn editing(
                State(web): State<Web>,
                who: Who,
                Path(id): Path<DialogueId>,
            ) -> Result<axum::Json<Editing>, Problem> {
                Ok(axum::Json(editing::heartbeat(web.app(), &who, handle(id)).await?))
            }
        }
    };
}

stream_routes!(
    /// Dialogues.
    dialogue_routes, DialogueKind::Dialogue,
    Permission::DialoguesView, Permission::DialoguesManage, Permission::DialoguesPublish,
    "/api/v1/dialogues",
    "/api/v1/dialogues/{id}",
    "/api/v1/dialogues/{id}/check",
    "/api/v1/dialogues/{id}/publish",
    "/api/v1/dialogues/{id}/unpublish",
    "/api/v1/dialogues/{id}/duplicate",
    "/api/v1/dialogues/{id}/versions",
    "/api/v1/dialogues/{id}/versions/{version}",
    "/api/v1/dialogues/{id}/preview",
    "/api/v1/dialogues/{id}/tests",
    "/api/v1/dialogues/{id}/preview-link",
    "/api/v1/dialogues/{id}/editing"
);

stream_routes!(
    /// Conversational flows.
    flow_routes, DialogueKind::Flow,
    Permission::FlowsView, Permission::FlowsManage, Permission::FlowsPublish,
    "/api/v1/flows",
    "/api/v1/flows/{id}",
    "/api/v1/flows/{id}/check",
    "/api/v1/flows/{id}/publish",
    "/api/v1/flows/{id}/unpublish",
    "/api/v1/flows/{id}/duplicate",
    "/api/v1/flows/{id}/versions",
    "/api/v1/flows/{id}/versions/{version}",
    "/api/v1/flows/{id}/preview",
    "/api/v1/flows/{id}/tests",
    "/api/v1/flows/{id}/preview-link",
    "/api/v1/flows/{id}/editing"
);
