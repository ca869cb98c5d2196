//! Why a use case did not do what was asked, in terms that the edge translates.
//!
//! What a person may read stands in the text of the variants; causes go to the log where the error is answered and never
//! to a client. Add a variant when callers must act differently, not for another sentence.

use kernel::cursor::InvalidCursor;
use store::StoreError;

/// One refused value of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer into the request body: `/style/colors/header`; empty for the whole.
    pub field: String,
    /// Why, for programs: `required`, `too_long`, `email_syntax`…
    pub code: &'static str,
    /// Why, for people; follows the name of the field in a sentence.
    pub reason: String,
}

impl FieldError {
    /// A refused value.
    pub fn new(field: impl Into<String>, code: &'static str, reason: impl Into<String>) -> Self {
        Self { field: field.into(), code, reason: reason.into() }
    }
}

/// The outcome of a use case that did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// There is no such thing, or it is not this caller's (404; the two are not told apart).
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Nobody is signed in, or the credentials are wrong (401).
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// The caller may not do this (403). The sentence says why.
    #[error("{0}")]
    Forbidden(String),
    /// The state of things does not allow it now (409). The sentence says why.
    #[error("{0}")]
    Conflict(String),
    /// Somebody else changed it since it was read (412).
    #[error("it was changed in the meantime; load it again and repeat your change")]
    Stale,
    /// Values were refused (422).
    #[error("some values cannot be accepted")]
    Invalid(Vec<FieldError>),
    /// The content is larger than allowed (413).
    #[error("it is larger than {limit} bytes")]
    TooLarge {
        /// Bytes allowed.
        limit: u64,
    },
    /// The content is of a kind that is not taken (415). The sentence says what is.
    #[error("{0}")]
    Unsupported(String),
    /// Too often (429).
    #[error("too many requests; try again in {retry_after} s")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// Something that is needed cannot be reached now (503). The cause is for the log.
    #[error("the service is not available at the moment; try again shortly")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Something is not as this program expects (500). The cause is for the log.
    #[error("something went wrong on our side")]
    Internal(String),
}

impl AppError {
    /// One refused value.
    pub fn invalid(field: impl Into<String>, code: &'static str, reason: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, code, reason)])
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken { what } => Self::Conflict(taken(what).to_owned()),
            StoreError::Stale => Self::Stale,
            StoreError::NotFound => Self::NotFound("record"),
            StoreError::Cursor => Self::from(InvalidCursor),
            StoreError::Unavailable(cause) => Self::Unavailable(cause),
            StoreError::Corrupt(cause) => Self::Internal(cause),
        }
    }
}

/// The sentence for a unique value that is in use; use cases that know the field answer with `Invalid` instead.
fn taken(what: &str) -> &'static str {
    match what {
        "people.email" => "another person has this e-mail address",
        "users.email" => "another user has this e-mail address",
        "company_domains.domain" => "another company has this domain",
        "attributes.name" => "there is an attribute with this name",
        "lists.name" => "there is a list with this name",
        "profiles.name" => "there is a profile with this name",
        "conversations.client_id" => "this client id was used for another input",
        _ => "the value is in use",
    }
}

impl From<InvalidCursor> for AppError {
    fn from(_: InvalidCursor) -> Self {
        Self::invalid("/cursor", "cursor", "is not one that this list gave")
    }
}

impl From<connect::FileError> for AppError {
    fn from(error: connect::FileError) -> Self {
        match error {
            connect::FileError::Missing => Self::NotFound("file"),
            connect::FileError::TooLarge { limit } => Self::TooLarge { limit },
            other => Self::Unavailable(Box::new(other)),
        }
    }
}
