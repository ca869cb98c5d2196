//! Taking the content of a document: whole, within the limit, and a PDF by what stands in it. What a client or another
//! server says about its kind counts for nothing.

use super::pdf::{self, NotReadable};
use crate::{App, AppError};
use connect::{OutgoingError, OutgoingRequest, Purpose, outgoing::Send as Sending};
use kernel::{FileId, Timestamp, WebUrl};
use tokio::io::AsyncReadExt;

/// The media type of every document.
pub const MEDIA_TYPE: &str = "application/pdf";

/// A PDF that may be kept.
#[derive(Debug)]
pub(super) struct Content {
    bytes: Vec<u8>,
    pages: u32,
}

/// A PDF that is kept.
#[derive(Debug)]
pub(super) struct Stored {
    pub file: FileId,
    pub size: u64,
    pub pages: u32,
}

impl Content {
    /// Looks at an upload.
    pub(super) async fn read(app: &App, bytes: Vec<u8>) -> Result<Self, AppError> {
        let limit = app.settings().limits.document_bytes;
        if bytes.len() as u64 > limit {
            return Err(AppError::TooLarge { limit });
        }
        Self::check(bytes, "").await
    }

    /// Fetches what is at an address.
    pub(super) async fn fetch(app: &App, url: &WebUrl) -> Result<Self, AppError> {
        let request = OutgoingRequest {
            purpose: Purpose::Document,
            url: url.clone(),
            send: Sending::Get,
            headers: vec![("accept", MEDIA_TYPE.to_owned())],
        };
        let answer = app.outgoing().send(&request).await.map_err(|error| not_fetched(&error))?;
        match answer.status {
            200 => Self::check(answer.body, "/url").await,
            300..=399 => {
                let reason = "leads elsewhere; give the address at which the file itself is";
                Err(AppError::invalid("/url", "redirect", reason))
            }
            status => {
                let reason = format!("answers with status {status} instead of a file");
                Err(AppError::invalid("/url", "status", reason))
            }
        }
    }

    async fn check(bytes: Vec<u8>, field: &str) -> Result<Self, AppError> {
        // Reading through megabytes would hold up the other requests of this thread.
        let looked_at = tokio::task::spawn_blocking(move || (pdf::pages(&bytes), bytes)).await;
        let (pages, bytes) = looked_at.map_err(|error| AppError::Internal(error.to_string()))?;
        match pages {
            Ok(pages) => Ok(Self { bytes, pages }),
            Err(NotReadable::NotPdf) if field.is_empty() => {
                Err(AppError::Unsupported("the document must be a PDF file".to_owned()))
            }
            Err(NotReadable::NotPdf) => {
                Err(AppError::invalid(field, "pdf", "is not the address of a PDF file"))
            }
            Err(reason) => Err(AppError::invalid(field, "pdf", format!("the file cannot be used: {reason}"))),
        }
    }

    /// Keeps it.
    pub(super) async fn store(self, app: &App, now: Timestamp) -> Result<Stored, AppError> {
        let file = app.id(now);
        let size = self.bytes.len() as u64;
        app.files().put(file, &mut self.bytes.as_slice(), size).await?;
        Ok(Stored { file, size, pages: self.pages })
    }

    /// Whether a kept file holds the same. One that cannot be read does not.
    pub(super) async fn is_same_as(&self, app: &App, file: FileId, size: u64) -> bool {
        if size != self.bytes.len() as u64 {
            return false;
        }
        let Ok(mut reader) = app.files().open(file, 0).await else { return false };
        let mut kept = Vec::with_capacity(self.bytes.len());
        reader.read_to_end(&mut kept).await.is_ok() && kept == self.bytes
    }
}

fn not_fetched(error: &OutgoingError) -> AppError {
    let (code, reason) = match error {
        OutgoingError::Refused(reason) => ("refused", format!("cannot be used: {reason}")),
        OutgoingError::Unreachable(reason) => ("unreachable", format!("cannot be reached: {reason}")),
        OutgoingError::TimedOut { seconds } => ("timeout", format!("gave no file within {seconds} s")),
        OutgoingError::TooLarge { limit } => {
            ("too_large", format!("gave more than {} MB; upload the file instead", limit / (1024 * 1024)))
        }
    };
    AppError::invalid("/url", code, reason)
}

/// The last part of an address as people read it.
pub(super) fn decoded(part: &str) -> String {
    percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn escaped_names_become_readable() {
        for (part, text) in
            [("Price%20list.pdf", "Price list.pdf"), ("a+b&c.pdf", "a+b&c.pdf"), ("%zz", "%zz"), ("", "")]
        {
            assert_eq!(decoded(part), text);
        }
    }
}
