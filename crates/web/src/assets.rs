//! Static files of console and widget, given by the binary. Hashed names are immutable, others are revalidated by ETag;
//! variants compressed beforehand are preferred.

use crate::problem::Problem;
use crate::state::Web;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Router, routing::get};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// A file as it is kept.
#[derive(Debug, Clone)]
pub struct Asset {
    /// The content.
    pub bytes: Cow<'static, [u8]>,
}

/// Where static files come from. Paths begin with `console/`, `widget/` or `demo/`, without a slash in front.
pub trait Assets: Send + Sync {
    /// A file; the variants stand beside it as `NAME.br` and `NAME.gz`.
    fn get(&self, path: &str) -> Option<Asset>;
}

/// No files at all: for the API alone and for tests of it.
#[derive(Debug, Clone, Copy)]
pub struct NoAssets;

impl Assets for NoAssets {
    fn get(&self, _: &str) -> Option<Asset> {
        None
    }
}

/// Routes of static files.
pub fn router() -> Router<Web> {
    Router::new()
        .route("/", get(async || Redirect::temporary("/console/")))
        .route("/console", get(async || Redirect::temporary("/console/")))
        .route("/console/", get(index))
        .route("/console/{*path}", get(console))
        .route("/widget/{*path}", get(widget))
}

async fn index(State(web): State<Web>, headers: HeaderMap) -> Response {
    file(&web, "console/index.html", &headers).unwrap_or_else(|| {
        Problem::new(StatusCode::NOT_FOUND, "This server was built without the console.").into_response()
    })
}

async fn console(State(web): State<Web>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    if let Some(response) = file(&web, &format!("console/{path}"), &headers) {
        return response;
    }
    // Addresses of the single-page console have no extension; a missing file must not be answered with the page.
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.contains('.') {
        Problem::not_found("file").into_response()
    } else {
        index(State(web), headers).await
    }
}

async fn widget(State(web): State<Web>, Path(path): Path<String>, headers: HeaderMap) -> Response {
    let mut response = file(&web, &format!("widget/{path}"), &headers)
        .unwrap_or_else(|| Problem::not_found("file").into_response());
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    response
}

/// Answers with a file of the assets, or `None` when it is not there.
pub fn file(web: &Web, path: &str, request: &HeaderMap) -> Option<Response> {
    if path.split('/').any(|part| part == "..") {
        return None;
    }
    let plain = web.assets().get(path)?;
    let accepts = |coding: &str| accepts(request, coding);
    let variant = |coding: &'static str, suffix: &str| {
        accepts(coding)
            .then(|| web.assets().get(&format!("{path}{suffix}")))
            .flatten()
            .map(|a| (a, Some(coding)))
    };
    let (asset, coding) = variant("br", ".br").or_else(|| variant("gzip", ".gz")).unwrap_or((plain, None));
    Some(answer(path, asset.bytes, coding, request))
}

fn answer(
    path: &str,
    bytes: Cow<'static, [u8]>,
    coding: Option<&'static str>,
    request: &HeaderMap,
) -> Response {
    let tag = format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(&Sha256::digest(&bytes)[..12]));
    let known = request.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    let fresh = known.is_some_and(|v| v.split(',').any(|t| t.trim().trim_start_matches("W/") == tag));
    let body = match (fresh, bytes) {
        (true, _) => Body::empty(),
        (false, Cow::Borrowed(bytes)) => Body::from(Bytes::from_static(bytes)),
        (false, Cow::Owned(bytes)) => Body::from(bytes),
    };
    let mut response = Response::new(body);
    *response.status_mut() = if fresh { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
    let headers = response.headers_mut();
    let lasting = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(lasting));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(path)));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if let Some(coding) = coding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

fn accepts(request: &HeaderMap, coding: &str) -> bool {
    let text = request.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    text.split(',').any(|part| {
        let mut words = part.split(';').map(str::trim);
        words.next() == Some(coding) && !words.any(|w| matches!(w, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// True for names that a build tool made out of the content: `view-DmoMvZGl.js`.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default();
    stem.len() > 9
        && stem.is_char_boundary(stem.len() - 9)
        && stem[stem.len() - 9..].strip_prefix('-').is_some_and(|hash| {
            hash.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
                && hash.bytes().any(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
        })
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "ogg" => "audio/ogg",
        "wasm" => "application/wasm",
        "txt" | "ts" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names_are_known() {
        for (path, hashed) in [
            ("widget/view-DmoMvZGl.js", true),
            ("console/assets/index-B3k_9x1-.css", true),
            ("widget/v1.js", false),
            ("console/index.html", false),
            ("console/favicon.svg", false),
            ("console/assets/some-settings.js", false),
        ] {
            assert_eq!(is_hashed(path), hashed, "{path}");
        }
    }

    #[test]
    fn codings_that_are_refused_are_not_sent() {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip;q=0.5, br;q=0"));
        assert!(accepts(&headers, "gzip") && !accepts(&headers, "br"));
    }
}
