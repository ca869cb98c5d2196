//! What editors ask while somebody types: is the criteria right, how many people has it, does the page match.

use crate::{
    extract::Json,
    guard::{Guarded, Needs},
    problem::Problem,
    state::Web,
};
use app::{
    access::Permission,
    dialogues::checks::{self, CriteriaChecked, CriteriaRequest, PatternTest, PatternVerdict},
};
use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};

const EDITORS: Needs = Needs::AnyOf(&[Permission::DialoguesView, Permission::PeopleView]);

/// Routes of the editors' questions.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .at(EDITORS, routes!(check))
        .at(Needs::Permission(Permission::DialoguesView), routes!(pattern))
}

/// What is wrong with a criteria
#[utoipa::path(post, path = "/api/v1/criteria/check", tag = "console", request_body = CriteriaRequest, responses((status = 200, body = CriteriaChecked)))]
async fn check(
    State(web): State<Web>,
    Json(body): Json<CriteriaRequest>,
) -> Result<axum::Json<CriteriaChecked>, Problem> {
    Ok(axum::Json(checks::criteria(web.app(), &body).await?))
}

/// Try an address against page patterns
#[utoipa::path(post, path = "/api/v1/page-patterns/test", tag = "console", request_body = PatternTest, responses((status = 200, body = PatternVerdict)))]
async fn pattern(Json(body): Json<PatternTest>) -> Result<axum::Json<PatternVerdict>, Problem> {
    Ok(axum::Json(checks::pattern(body)?))
}
