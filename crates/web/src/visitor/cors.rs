//! Answers to other origins. Nothing here decides who may call: the request itself is checked in `caller`. A page whose
//! origin is not allowed gets no leave for requests that need asking first; the refusal of a plain request is readable, so
//! that a developer sees why.

use super::caller::{origin_host, site_key};
use crate::state::Web;
use app::caller::Caller;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

const HEADERS: &str = "content-type, range, x-usher-visitor";
/// What pages may read of an answer; the viewer of documents asks for parts of a file.
const EXPOSED: &str = "retry-after, accept-ranges, content-length, content-range, etag";
/// Seconds for which a browser may remember the leave.
const MAX_AGE: &str = "7200";

/// A request to the visitor API, possibly of another origin.
#[derive(Debug)]
pub struct Crossing {
    origin: Option<HeaderValue>,
    preflight: bool,
}

impl Crossing {
    /// Out of the headers of a request.
    pub fn of(request: &Request) -> Self {
        let asks = HeaderName::from_static("access-control-request-method");
        Self {
            origin: request.headers().get(header::ORIGIN).cloned(),
            preflight: request.method() == Method::OPTIONS && request.headers().contains_key(asks),
        }
    }

    /// The browser asks before it sends the request itself; see [`preflight`].
    pub const fn is_preflight(&self) -> bool {
        self.preflight
    }

    /// Adds the headers of cross-origin requests to the answer.
    pub fn mark(self, headers: &mut HeaderMap) {
        vary(headers);
        if let Some(origin) = self.origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        }
    }
}

/// The answer to a preflight.
pub fn preflight(web: &Web, request: &Request) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
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
