//! The page that shows documents, in a frame inside the conversation: a file of somebody's making is taken apart on this
//! origin and not on the website's. It holds no token and says nothing but what is read (rules R14, R15).

use super::caller;
use crate::{assets, problem::Problem, state::Web};
use app::caller::Caller;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};

/// Its own files only; characters and pictures of a document become fonts and blobs; the worker's address is made by a
/// named policy, no other text becomes script.
const POLICY: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; \
    img-src 'self' blob: data:; font-src 'self' blob: data:; base-uri 'none'; form-action 'none'; \
    require-trusted-types-for 'script'; trusted-types usher-viewer";

/// The route of the page.
pub fn router() -> Router<Web> {
    Router::new().route("/widget/viewer", get(page))
}

/// May be framed by the pages that may use the site's key, and by no others.
async fn page(State(web): State<Web>, request: Request) -> Result<Response, Problem> {
    let key = caller::site_key(request.uri()).unwrap_or_default();
    let site = Caller::site(web.app(), &key)?;
    let Some(mut response) = assets::file(&web, "widget/viewer.html", request.headers()) else {
        return Ok(Problem::not_found("file").into_response());
    };
    let policy = format!("{POLICY}; frame-ancestors {}", site.frame_ancestors());
    let policy = HeaderValue::from_str(&policy)
        .map_err(|_| Problem::forbidden("The site's allowed domains cannot be written in a policy."))?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}
