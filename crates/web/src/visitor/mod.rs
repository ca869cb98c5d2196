//! What the widget calls: `/api/visitor/v1`. Public: the site's key names the site, the origin must be one of the site's
//! when it says so, and the visitor's token opens nothing but the visitor's own conversations.

mod avatars;
mod caller;
mod consent;
mod conversations;
pub mod cors;
mod documents;
mod flows;
pub mod meet;
mod page;
pub mod viewer;

use crate::{problem::Problem, state::Web};
use axum::{
    extract::{DefaultBodyLimit, Request},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use utoipa_axum::router::OpenApiRouter;

/// Routes of the visitor API.
pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .merge(page::router())
        .merge(conversations::router())
        .merge(flows::router())
        .merge(consent::router())
        .merge(avatars::router())
        .merge(documents::router())
        .layer(from_fn(small_bodies))
}

/// Bodies of visitors are small.
async fn small_bodies(mut request: Request, next: Next) -> Response {
    let Some(web) = request.extensions().get::<Web>().cloned() else {
        return Problem::new(axum::http::StatusCode::INTERNAL_SERVER_ERROR, "No state.").into_response();
    };
    DefaultBodyLimit::max(web.app().settings().limits.visitor_body_bytes).apply(&mut request);
    next.run(request).await
}
