//! Extractors whose refusals are problem details: strict JSON, ids in paths, queries, versions, the client's address.

use crate::problem::Problem;
use crate::state::Web;
use crate::strict::{self, Refused};
use app::AppError;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use futures_util::{Stream, StreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// A JSON body of the console API: `application/json` only.
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        json_only(request.headers())?;
        read(request, Part::Console).await.map(Self)
    }
}

fn json_only(headers: &HeaderMap) -> Result<(), Problem> {
    let fits = media_type(headers)
        .is_some_and(|m| m == "application/json" || (m.starts_with("application/") && m.ends_with("+json")));
    if fits {
        return Ok(());
    }
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body must be sent as application/json."))
}

/// A JSON body of the console API that holds the texts of a configuration: it may be larger than others.
#[derive(Debug, Clone, Copy)]
pub struct ConfigurationJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for ConfigurationJson<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        json_only(request.headers())?;
        read(request, Part::Configuration).await.map(Self)
    }
}

/// A JSON body of the visitor API: also as `text/plain`, which browsers send to another origin without asking first.
#[derive(Debug, Clone, Copy)]
pub struct WidgetJson<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for WidgetJson<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        if !matches!(media_type(request.headers()).as_deref(), Some("application/json" | "text/plain")) {
            let detail = "The body must be sent as application/json or text/plain.";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        read(request, Part::Visitor).await.map(Self)
    }
}

/// A JSON answer of the visitor API, written into one piece of memory that is large enough for most of them.
#[derive(Debug, Clone, Copy)]
pub struct Reply<T>(pub T);

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        let mut bytes = Vec::with_capacity(2_048);
        if let Err(error) = serde_json::to_writer(&mut bytes, &self.0) {
            return Problem::from(AppError::Internal(format!("an answer cannot be written: {error}")))
                .into_response();
        }
        ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], bytes).into_response()
    }
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
}

/// Limits of JSON bodies; those of the state, which every request carries.
#[derive(Debug, Clone, Copy)]
enum Part {
    Console,
    Configuration,
    Visitor,
}

/// What a refused body may still send: a client that is cut off while sending often does not see the answer.
const POLITE: usize = 32 * 1024 * 1024;

async fn read<T: DeserializeOwned>(request: Request, part: Part) -> Result<T, Problem> {
    let limits = request.extensions().get::<Web>().map(|web| web.app().settings().limits.clone());
    let limits = limits.unwrap_or_default();
    let limit = match part {
        Part::Console => limits.console_body_bytes,
        Part::Configuration => limits.configuration_body_bytes,
        Part::Visitor => limits.visitor_body_bytes,
    };
    let bytes = body_bytes(request.into_body(), limit).await?;
    strict::from_slice(&bytes).map_err(refused)
}

/// The whole body, or 413 after it was taken in and thrown away.
pub(crate) async fn body_bytes(body: Body, limit: usize) -> Result<Bytes, Problem> {
    gather(body.into_data_stream(), limit).await
}

/// Everything that a stream gives, or 413 after it was taken in and thrown away.
pub(crate) async fn gather<E>(
    mut chunks: impl Stream<Item = Result<Bytes, E>> + Unpin,
    limit: usize,
) -> Result<Bytes, Problem> {
    let mut bytes = BytesMut::new();
    let mut size = 0;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "The body broke off."))?;
        size += chunk.len();
        if size <= limit {
            bytes.extend_from_slice(&chunk);
        } else {
            bytes.clear();
        }
        if size > POLITE {
            break;
        }
    }
    if size > limit {
        let detail = format!("The body is larger than {limit} bytes.");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    Ok(bytes.freeze())
}

fn refused(why: Refused) -> Problem {
    match why {
        Refused::Syntax(text) => {
            Problem::new(StatusCode::BAD_REQUEST, format!("The body is not acceptable JSON: {text}."))
        }
        Refused::Shape { field, reason } => Problem::field(field, "shape", reason),
    }
}

/// Ids and names in the path; one that cannot be right is answered like one that does not exist.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let found = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        found.map(|axum::extract::Path(value)| Self(value)).map_err(|_| Problem::not_found("record"))
    }
}

/// Query parameters.
#[derive(Debug, Clone, Copy)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        if query.contains("%00") {
            return Err(Problem::field("", "control", "the query holds the character NUL"));
        }
        let found = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        found
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| Problem::field("", "query", rejection.body_text()))
    }
}

/// The version in `If-Match`: what the change is based on; none when the header is missing or `*`.
#[derive(Debug, Clone, Copy)]
pub struct IfMatch(pub Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(Self(None));
        }
        let plain = text.trim_start_matches("W/").trim_matches('"');
        let number = plain.split('.').next().and_then(|digits| digits.parse().ok());
        // A tag that this server never gave cannot match anything.
        number.map(|n| Self(Some(n))).ok_or_else(|| app::AppError::Stale.into())
    }
}

/// Where a request comes from: the socket's address, or what a trusted proxy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The address of a request; forwarding headers count only when `trusted_proxies` says how many proxies append to them.
    pub fn of(
        parts_extensions: &axum::http::Extensions,
        headers: &HeaderMap,
        trusted_proxies: usize,
    ) -> Self {
        let socket = parts_extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let socket = socket.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        if trusted_proxies == 0 {
            return Self(socket);
        }
        let hops: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect();
        let hop = hops.len().checked_sub(trusted_proxies).and_then(|index| hops.get(index));
        Self(hop.and_then(|text| text.parse().ok()).unwrap_or(socket))
    }
}

impl FromRequestParts<Web> for ClientAddress {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.extensions, &parts.headers, web.config().trusted_proxies))
    }
}

/// The browser's name, cut to 300 characters of one line.
#[derive(Debug, Clone)]
pub struct UserAgent(pub String);

impl<S: Send + Sync> FromRequestParts<S> for UserAgent {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let text = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Ok(Self(kernel::text::one_line(text).chars().take(300).collect()))
    }
}
