//! Opaque pagination cursors: base64 of the sort key of the last row.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

/// The text is not a cursor that this list gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not one that this list gave")]
pub struct InvalidCursor;

/// A position in a list, opaque to clients. At most 2,000 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(String);

impl Cursor {
    /// Makes a cursor out of the sort key of the last row.
    pub fn of<T: Serialize>(key: &T) -> Self {
        let json = serde_json::to_vec(key).unwrap_or_default();
        Self(BASE64_URL_SAFE_NO_PAD.encode(json))
    }
    /// Takes a client's text as it is; [`Cursor::key`] checks it.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The text for the client.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The sort key inside.
    pub fn key<T: DeserializeOwned>(&self) -> Result<T, InvalidCursor> {
        if self.0.len() > 2_000 {
            return Err(InvalidCursor);
        }
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&self.0).map_err(|_| InvalidCursor)?;
        serde_json::from_slice(&bytes).map_err(|_| InvalidCursor)
    }
}
