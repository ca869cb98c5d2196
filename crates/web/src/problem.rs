//! Errors as clients see them: RFC 9457 problem details, one stable type a kind, a sentence that a person understands,
//! and `errors[]` naming fields. Causes go to the log here and never further.

use app::{AppError, FieldError};
use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value};
use std::borrow::Cow;
use store::StoreError;

/// Beginning of every problem's `type`.
pub const TYPE_BASE: &str = "https://usher.invalid/problems/";

/// One refused field.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// JSON pointer into the request.
    #[schema(example = "/email")]
    pub field: String,
    /// Why, in words that follow the field's name.
    #[schema(example = "is not an e-mail address")]
    pub reason: String,
    /// Why, for programs.
    #[schema(example = "email_syntax")]
    pub code: Cow<'static, str>,
}

/// The body of every error answer (`application/problem+json`).
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
#[schema(title = "Problem")]
pub struct ProblemBody {
    /// Stable address of the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "https://usher.invalid/problems/invalid")]
    pub kind: String,
    /// The kind in words.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What happened, in a sentence.
    pub detail: String,
    /// Refused fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
}

/// An error answer. Boxed, because every handler's result carries one.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    status: StatusCode,
    slug: &'static str,
    title: &'static str,
    detail: String,
    errors: Vec<FieldProblem>,
    retry_after: Option<u64>,
    members: Map<String, Value>,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        let (slug, title) = kind_of(status);
        Self(Box::new(Parts {
            status,
            slug,
            title,
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
            members: Map::new(),
        }))
    }
    /// 404 for an address or a record.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("There is no such {what}."))
    }
    /// 403 with a sentence.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }
    /// 422 naming one field.
    pub fn field(field: impl Into<String>, code: &'static str, reason: impl Into<String>) -> Self {
        AppError::invalid(field, code, reason).into()
    }
    /// Names the field that it is about.
    pub fn about(mut self, field: &str, code: &'static str, reason: impl Into<String>) -> Self {
        let problem =
            FieldProblem { field: field.to_owned(), reason: reason.into(), code: Cow::Borrowed(code) };
        self.0.errors.push(problem);
        self
    }
    /// 429 or 503 with the seconds to wait.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds.max(1));
        self
    }
    /// An extra member of the body.
    pub fn with(mut self, name: &str, value: impl Serialize) -> Self {
        self.0.members.insert(name.to_owned(), serde_json::to_value(value).unwrap_or(Value::Null));
        self
    }
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }
}

fn kind_of(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        400 => ("bad-request", "The request cannot be read"),
        401 => ("unauthenticated", "Sign in first"),
        403 => ("forbidden", "Not allowed"),
        404 => ("not-found", "Not found"),
        405 => ("method-not-allowed", "Method not allowed"),
        408 => ("timeout", "It took too long"),
        409 => ("conflict", "Not possible now"),
        412 => ("stale", "Changed in the meantime"),
        413 => ("too-large", "Too large"),
        415 => ("unsupported-media-type", "Unsupported kind of content"),
        422 => ("invalid", "Some values cannot be accepted"),
        429 => ("too-many-requests", "Too many requests"),
        503 => ("unavailable", "Not available at the moment"),
        _ => ("internal", "Something went wrong"),
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let parts = *self.0;
        let body = ProblemBody {
            kind: format!("{TYPE_BASE}{}", parts.slug),
            title: parts.title,
            status: parts.status.as_u16(),
            detail: parts.detail,
            errors: parts.errors,
        };
        let mut value = serde_json::to_value(body).unwrap_or(Value::Null);
        if let Value::Object(object) = &mut value {
            object.extend(parts.members);
        }
        let mut response = (parts.status, Json(value)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = parts.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if parts.status == StatusCode::UNAUTHORIZED {
            let name: HeaderName = header::WWW_AUTHENTICATE;
            headers.insert(name, HeaderValue::from_static("Bearer realm=\"usher\""));
        }
        response
    }
}

/// First letter upper case, full stop at the end: the sentences of errors as people read them.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    out.push_str(chars.as_str());
    if !out.ends_with(['.', '!', '?']) {
        out.push('.');
    }
    out
}

fn status_of(error: &AppError) -> StatusCode {
    match error {
        AppError::NotFound(_) => StatusCode::NOT_FOUND,
        AppError::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
        AppError::Forbidden(_) => StatusCode::FORBIDDEN,
        AppError::Conflict(_) => StatusCode::CONFLICT,
        AppError::Stale => StatusCode::PRECONDITION_FAILED,
        AppError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
        AppError::Unsupported(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        AppError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        AppError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<FieldError> for FieldProblem {
    fn from(error: FieldError) -> Self {
        Self { field: error.field, reason: error.reason, code: Cow::Borrowed(error.code) }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let mut problem = Self::new(status_of(&error), sentence(&error.to_string()));
        match error {
            AppError::Invalid(fields) => problem.0.errors = fields.into_iter().map(Into::into).collect(),
            AppError::TooMany { retry_after } => problem.0.retry_after = Some(retry_after.max(1)),
            AppError::Unavailable(cause) => {
                tracing::error!(%cause, "a dependency is not available");
                problem.0.retry_after = Some(2);
            }
            AppError::Internal(cause) => tracing::error!(cause, "unexpected state"),
            _ => {}
        }
        problem
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        AppError::from(error).into()
    }
}

/// The answer to a panic in a handler; the panic itself is logged by the hook of the binary.
pub fn panicked() -> Response {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.").into_response()
}
