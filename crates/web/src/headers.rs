//! Security headers of every answer (rule R12): the policy of the API allows nothing, that of the console its own files.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// For the API and everything that is not a page.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// For the console: own files only; nothing inline, and no text ever becomes markup or script. The component kit sets
/// single properties through the object model, which needs no exception.
const CONSOLE: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
/// For the page of the API's documentation.
const DOCS: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Adds what is not there yet.
pub async fn secure(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let demo = path.starts_with("/demo/") || path == "/demo";
    let headers = response.headers_mut();
    if !demo {
        set(headers, header::CONTENT_SECURITY_POLICY, policy(&path));
        // The viewer of documents says itself who may frame it.
        if path != "/widget/viewer" {
            set(headers, header::X_FRAME_OPTIONS, "DENY");
        }
        set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(headers, HeaderName::from_static("cross-origin-resource-policy"), resource_policy(&path));
    }
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    set(headers, HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    if path.starts_with("/api/") {
        set(headers, header::CACHE_CONTROL, "no-store");
    }
    response
}

fn policy(path: &str) -> &'static str {
    if path.starts_with("/console") {
        CONSOLE
    } else if path.starts_with("/api/docs") {
        DOCS
    } else {
        NOTHING
    }
}

/// What the widget fetches is fetched by other sites.
fn resource_policy(path: &str) -> &'static str {
    let foreign = path.starts_with("/widget/") || path.starts_with("/api/visitor/");
    if foreign { "cross-origin" } else { "same-origin" }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
