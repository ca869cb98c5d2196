//! Files that are sent whole: as the bare body, or as the part `file` of a form; and names of files that are sent out.

use crate::extract::gather;
use crate::problem::Problem;
use crate::state::Web;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::AttachmentRecord;
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

/// A file as it came.
#[derive(Debug)]
pub struct Upload {
    /// What the client calls it; never more than words for people.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Upload {
    /// Reads at most `limit` bytes; more are refused.
    pub async fn read(web: &Web, request: Request, limit: u64) -> Result<Self, Problem> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            return Self::of_form(web, request, limit).await;
        }
        let bytes = gather(request.into_body().into_data_stream(), limit).await?;
        Ok(Self { name: String::new(), bytes: bytes.into() })
    }

    async fn of_form(web: &Web, request: Request, limit: usize) -> Result<Self, Problem> {
        let broken = |detail: String| {
            Problem::new(StatusCode::BAD_REQUEST, format!("The form is not readable: {detail}."))
        };
        let mut form = Multipart::from_request(request, web).await.map_err(|e| broken(e.body_text()))?;
        while let Some(part) = form.next_field().await.map_err(|e| broken(e.body_text()))? {
            if part.name() == Some("file") {
                let name = part.file_name().unwrap_or_default().to_owned();
                let bytes = gather(part, limit).await?;
                return Ok(Self { name, bytes: bytes.into() });
            }
        }
        Err(Problem::field("/file", "required", "is missing: the form has no part of this name"))
    }
}

/// The header that makes a browser save an answer under a name: plain for old ones, and as it is (RFC 6266).
pub fn attachment(name: &str, ending: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || " -_.".contains(c) { c } else { '_' })
        .take(100)
        .collect();
    let exact = utf8_percent_encode(name, NON_ALPHANUMERIC);
    let text = format!("attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{exact}.{ending}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attachment"))
}

/// A file that a visitor or an agent sent, as one that is saved and never shown by itself: inert wherever it is opened.
pub fn sent_file(
    (record, content): (AttachmentRecord, impl AsyncRead + Send + 'static),
    keep: &'static str,
) -> Response {
    let (stem, ending) = record.name.rsplit_once('.').unwrap_or((&record.name, "bin"));
    let media_type = HeaderValue::from_str(&record.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let head = [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_LENGTH, HeaderValue::from(record.size)),
        (header::CONTENT_DISPOSITION, attachment(stem, ending)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CACHE_CONTROL, HeaderValue::from_static(keep)),
    ];
    (head, Body::from_stream(ReaderStream::new(content))).into_response()
}

/// What is wrong with a file that is to be sent, with the field that holds it.
pub fn about_file(problem: Problem, limit: u64) -> Problem {
    match problem.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            problem.about("/file", "too_large", format!("must have at most {} MB", limit / (1024 * 1024)))
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            problem.about("/file", "media_type", "must be a picture (PNG, JPEG, GIF, WebP) or a PDF")
        }
        _ => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::attachment;

    #[test]
    fn names_cannot_leave_their_header() {
        for (name, header) in [
            ("Price list", "attachment; filename=\"Price list.pdf\"; filename*=UTF-8''Price%20list.pdf"),
            ("a\"\r\nb", "attachment; filename=\"a___b.pdf\"; filename*=UTF-8''a%22%0D%0Ab.pdf"),
            ("é", "attachment; filename=\"_.pdf\"; filename*=UTF-8''%C3%A9.pdf"),
        ] {
            assert_eq!(attachment(name, "pdf"), header);
        }
    }
}
