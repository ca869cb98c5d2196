//! Booking pages: a flow as a page of its own, at an address that can be sent by mail (spec 07). The page is nothing but
//! the widget's own snippet and one element that declares the flow.

use crate::{openapi::escape, state::Web};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use kernel::DialogueId;

/// This instance's own files and nothing else; nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; \
    media-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// The route of the pages.
pub fn router() -> Router<Web> {
    Router::new().route("/meet/{flow}", get(page))
}

async fn page(State(web): State<Web>, Path(flow): Path<String>, headers: HeaderMap) -> Response {
    let snapshot = web.app().snapshot();
    let named = flow.parse::<DialogueId>().ok();
    let found = named.and_then(|id| Some((id, snapshot.site_of_flow(id)?)));
    let Some((id, site)) = found else {
        return answer(StatusCode::NOT_FOUND, document("en", "Not found", NOWHERE));
    };
    let spoken = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let body = format!(
        "<main><div data-usher-flow=\"{id}\" data-usher-ui=\"inline\"></div><noscript>This page needs JavaScript.</noscript></main>\
         <script async src=\"/widget/v1.js\" data-site=\"{}\"></script>",
        escape(&site.record.key)
    );
    answer(StatusCode::OK, document(site.locale(spoken).tag(), &site.record.name, &body))
}

/// What is shown when there is no such flow, or it is switched off.
const NOWHERE: &str = "<main><h1>There is nothing here</h1><p>The link may be old or incomplete. Ask whoever gave it to you \
    for a new one.</p></main>";

fn document(language: &str, title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1, viewport-fit=cover\"><meta name=\"robots\" content=\"noindex\">\
         <title>{}</title><link rel=\"icon\" href=\"/console/favicon.svg\"><link rel=\"stylesheet\" href=\"/widget/meet.css\"></head><body>{body}</body></html>",
        escape(language),
        escape(title)
    )
}

fn answer(status: StatusCode, html: String) -> Response {
    let headers = [(header::CONTENT_SECURITY_POLICY, POLICY), (header::CACHE_CONTROL, "no-cache")];
    (status, headers, Html(html)).into_response()
}
