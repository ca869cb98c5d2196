//! Answers to other origins. Nothing here decides who may call: the request itself is checked in `caller`. A page whose
//! origin is not allowed gets no leave for requests that need asking first; the refusal of a plain request is readable, so
//! that a developer sees why.

use super::caller::{origin_host, site_key};
use crate::state::Web;
use app::caller::Caller;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

const PREFIX: &str = "/api/visitor/v1/";
const HEADERS: &str = "content-type, range, x-usher-visitor";
/// What pages may read of an answer; the viewer of documents asks for parts of a file.
const EXPOSED: &str = "retry-after, accept-ranges, content-length, content-range, etag";
/// Seconds for which a browser may remember the leave.
const MAX_AGE: &str = "7200";

/// Adds the headers of cross-origin requests, and answers their preflights.
pub async fn allow(State(web): State<Web>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(PREFIX) {
        return next.run(request).await;
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let asks = HeaderName::from_static("access-control-request-method");
    if request.method() == Method::OPTIONS && request.headers().contains_key(asks) {
        return preflight(&web, &request, origin);
    }
    let mut response = next.run(request).await;
    vary(response.headers_mut());
    if let Some(origin) = origin {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    }
    response
}

fn preflight(web: &Web, request: &Request, origin: Option<HeaderValue>) -> Response {
    let site = site_key(request.uri()).and_then(|key| Caller::site(web.app(), &key).ok());
    let host = origin_host(request.headers());
    let allowed = site.is_some_and(|site| site.allows_host(host.as_deref()));
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    vary(headers);
    if let Some(origin) = origin.filter(|_| allowed) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(HEADERS));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(MAX_AGE));
    }
    response
}

fn vary(headers: &mut HeaderMap) {
    headers.append(header::VARY, HeaderValue::from_static("origin"));
}
