//! Entity tags: every JSON answer of the console API to GET carries one, and is not sent again to who has it.
//! A handler that sets the version of a record as `ETag: "7"` gets `"7.HASH"`: good for `If-Match` (which reads the
//! version) and for `If-None-Match` (which compares everything that is shown).

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Answers above this are streams, not lists.
const LARGEST: usize = 16 * 1024 * 1024;

/// Tags answers and shortens repeated ones.
pub async fn tag(request: Request, next: Next) -> Response {
    if request.method() != Method::GET || !request.uri().path().starts_with("/api/v1/") {
        return next.run(request).await;
    }
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if response.status() != StatusCode::OK || !is_json(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LARGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let hash = BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(&bytes)[..12]);
    let tag = tag_text(&parts.headers, &hash);
    let same = known.as_ref().and_then(|v| v.to_str().ok()).is_some_and(|known| matches(known, &tag));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if same {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn is_json(headers: &HeaderMap) -> bool {
    let content = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    content.is_some_and(|text| text.starts_with("application/json"))
        && !headers.contains_key(header::CONTENT_DISPOSITION)
}

fn tag_text(headers: &HeaderMap, hash: &str) -> String {
    let version = headers.get(header::ETAG).and_then(|v| v.to_str().ok()).map(|v| v.trim_matches('"'));
    version.map_or_else(|| format!("W/\"{hash}\""), |version| format!("\"{version}.{hash}\""))
}

fn matches(known: &str, tag: &str) -> bool {
    let bare = |text: &str| text.trim().trim_start_matches("W/").to_owned();
    known.split(',').any(|one| one.trim() == "*" || bare(one) == bare(tag))
}

/// JSON with the version of the record it shows.
#[derive(Debug)]
pub struct Versioned<T>(pub i64, pub T);

impl<T: serde::Serialize> IntoResponse for Versioned<T> {
    fn into_response(self) -> Response {
        let mut response = axum::Json(self.1).into_response();
        if let Ok(value) = HeaderValue::from_str(&format!("\"{}\"", self.0)) {
            response.headers_mut().insert(header::ETAG, value);
        }
        response
    }
}
