//! `Idempotency-Key` on what makes things: the first answer with a key leaves a note of *where* the made thing is, never of
//! what it holds; a repetition is answered with the thing as it is now, status 201 and `Idempotency-Replayed: true`.
//!
//! Notes are settings in a ring of [`SLOTS`] places in the store, so that they bind all nodes and outlast restarts; a note
//! counts for 24 hours or until its place is needed again. A request that is still being carried out answers 409.
//! What only changes things needs no key: it is repeatable by itself or guarded by `If-Match`.

use crate::extract::body_bytes;
use crate::problem::Problem;
use crate::state::Web;
use app::AppError;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tower::ServiceExt;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
const SLOTS: u16 = 4_096;
const LASTS_MS: i64 = 24 * 3_600_000;
/// After this a request that left no answer is taken for lost (its node died).
const WORKING_MS: i64 = 60_000;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    key: String,
    body: String,
    at: i64,
    location: Option<String>,
}

/// Carries out a request once per key.
pub async fn once(request: Request, next: Next) -> Response {
    let key = match request.headers().get(HEADER) {
        None => return next.run(request).await,
        Some(value) => value.to_str().unwrap_or_default().to_owned(),
    };
    if key.is_empty() || key.len() > 200 {
        let detail = "An Idempotency-Key has 1 to 200 visible characters.";
        return Problem::new(StatusCode::BAD_REQUEST, detail).into_response();
    }
    let Some(web) = request.extensions().get::<Web>().cloned() else { return next.run(request).await };
    match carry_out(&web, &key, request, next).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn carry_out(web: &Web, key: &str, request: Request, next: Next) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let limit = web.app().settings().limits.console_body_bytes;
    let bytes = body_bytes(body, limit).await?;
    let key = name_of(&parts.method, parts.uri.path(), &parts.headers, key);
    let fresh = Note { key, body: digest(&[&bytes]), at: kernel::to_millis(web.app().now()), location: None };
    let headers = parts.headers.clone();
    if let Some(location) = claim(web, &fresh).await? {
        return again(web, &location, headers).await;
    }
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    let location = response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let made = location.filter(|_| response.status() == StatusCode::CREATED);
    settle(web, &fresh, made).await?;
    Ok(response)
}

/// One key means one thing for one credential at one address.
fn name_of(method: &Method, path: &str, headers: &HeaderMap, key: &str) -> String {
    let credential = |name| headers.get(name).map(HeaderValue::as_bytes).unwrap_or_default();
    let parts = [
        credential(header::AUTHORIZATION),
        credential(header::COOKIE),
        method.as_str().as_bytes(),
        path.as_bytes(),
        key.as_bytes(),
    ];
    digest(&parts)
}

fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    BASE64_URL_SAFE_NO_PAD.encode(hash.finalize())
}

fn slot(key: &str) -> String {
    let number = key.bytes().fold(0_u16, |sum, byte| sum.wrapping_mul(31).wrapping_add(u16::from(byte)));
    format!("idempotency/{}", number % SLOTS)
}

/// Notes that the request is being carried out; the address of what was made when it was carried out before.
async fn claim(web: &Web, fresh: &Note) -> Result<Option<String>, Problem> {
    let mut tx = web.app().store().begin().await?;
    let stored = tx.setting(&slot(&fresh.key)).await?;
    let known = stored.and_then(|json| serde_json::from_value::<Note>(json).ok());
    if let Some(note) = known.filter(|note| note.key == fresh.key && fresh.at - note.at < LASTS_MS) {
        if note.body != fresh.body {
            let reason = "was used for a request with another body";
            return Err(Problem::field("Idempotency-Key", "reused", reason));
        }
        if note.location.is_some() {
            return Ok(note.location);
        }
        if fresh.at - note.at < WORKING_MS {
            let detail = "The first request with this Idempotency-Key is still being carried out.";
            return Err(Problem::new(StatusCode::CONFLICT, detail).retry_after(1));
        }
    }
    write(&mut *tx, &fresh.key, Some(fresh)).await?;
    tx.commit().await?;
    Ok(None)
}

async fn settle(web: &Web, fresh: &Note, location: Option<String>) -> Result<(), Problem> {
    let mut tx = web.app().store().begin().await?;
    // What made nothing may be tried again at once.
    let note = location.map(|location| Note { location: Some(location), ..fresh.clone() });
    write(&mut *tx, &fresh.key, note.as_ref()).await?;
    tx.commit().await?;
    Ok(())
}

async fn write(tx: &mut dyn store::Tx, key: &str, note: Option<&Note>) -> Result<(), Problem> {
    let json = note.map(serde_json::to_value).transpose().map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(tx.put_setting(&slot(key), json.as_ref()).await?)
}

async fn again(web: &Web, location: &str, mut headers: HeaderMap) -> Result<Response, Problem> {
    for name in [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::IF_NONE_MATCH, HEADER] {
        headers.remove(name);
    }
    let router = web.itself().ok_or_else(|| AppError::Internal("no router".to_owned()))?;
    let mut request = Request::new(Body::from(Bytes::new()));
    *request.uri_mut() = location.parse().map_err(|_| AppError::Internal("bad location".to_owned()))?;
    *request.headers_mut() = headers;
    let mut response = match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::CREATED;
        if let Ok(value) = HeaderValue::from_str(location) {
            response.headers_mut().insert(header::LOCATION, value);
        }
    }
    response
        .headers_mut()
        .insert(HeaderName::from_static("idempotency-replayed"), HeaderValue::from_static("true"));
    Ok(response)
}

/// 201 with where the made thing is.
#[derive(Debug)]
pub struct Made<T>(pub String, pub T);

impl<T: IntoResponse> IntoResponse for Made<T> {
    fn into_response(self) -> Response {
        let mut response = self.1.into_response();
        *response.status_mut() = StatusCode::CREATED;
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            response.headers_mut().insert(header::LOCATION, value);
        }
        response
    }
}
