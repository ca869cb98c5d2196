//! Documents: their content for the viewer, whole or in parts, and what visitors do with them.

use super::caller::Visitor;
use crate::{
    extract::{ClientAddress, Path, Query, WidgetJson},
    guard::{Guarded, Needs},
    problem::Problem,
    state::Web,
};
use app::{
    conversations::{
        advance::StepRefused,
        document::{self, DocumentEvent, DocumentRequest},
    },
    documents::{self, content::MEDIA_TYPE},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{ConversationId, DocumentId};
use serde::Deserialize;
use store::DocumentRecord;
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new().at(Needs::Nothing, routes!(content)).at(Needs::SiteKey, routes!(note))
}

/// Which content.
#[derive(Debug, Deserialize)]
struct Version {
    v: Option<u32>,
}

/// The content of a document
///
/// Whole, or the part that one `Range` asks for. The address with the current `v` may be kept for ever.
#[utoipa::path(get, path = "/api/visitor/v1/documents/{id}", tag = "visitor",
    params(("id" = String, Path), ("v" = Option<u32>, Query, description = "`content_version` of the document")),
    responses((status = 200, description = "The file", content_type = "application/pdf"),
        (status = 206, description = "A part of the file", content_type = "application/pdf"),
        (status = 304, description = "The file is the one that the browser has"),
        (status = 416, description = "The file has no such part")))]
async fn content(
    State(web): State<Web>,
    Path(id): Path<DocumentId>,
    Query(query): Query<Version>,
    ClientAddress(address): ClientAddress,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    web.limits().address(address)?;
    let record = documents::record(web.app(), id).await?;
    let mut answer = fixed_headers(&record, query.v);
    if is_known(&headers, &tag(&record)) {
        return Ok((StatusCode::NOT_MODIFIED, answer).into_response());
    }
    let (status, first, length) = match part(&headers, &record) {
        Part::Whole => (StatusCode::OK, 0, record.size),
        Part::From(first, last) => {
            let range = format!("bytes {first}-{last}/{}", record.size);
            answer.extend(HeaderValue::from_str(&range).ok().map(|value| (header::CONTENT_RANGE, value)));
            (StatusCode::PARTIAL_CONTENT, first, last - first + 1)
        }
        Part::None => {
            let range = format!("bytes */{}", record.size);
            answer.extend(HeaderValue::from_str(&range).ok().map(|value| (header::CONTENT_RANGE, value)));
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, answer).into_response());
        }
    };
    let reader = web.app().files().open(record.file, first).await.map_err(app::AppError::from)?;
    answer.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    Ok((status, answer, Body::from_stream(ReaderStream::new(reader.take(length)))).into_response())
}

fn tag(record: &DocumentRecord) -> String {
    format!("\"{}-{}\"", record.id, record.content_version)
}

/// Inert wherever it is opened: nothing in it runs, and nothing takes it for something else.
fn fixed_headers(record: &DocumentRecord, version: Option<u32>) -> HeaderMap {
    let keep = if version == Some(record.content_version) {
        "public, max-age=31536000, immutable"
    } else {
        "public, no-cache"
    };
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::CONTENT_TYPE, MEDIA_TYPE),
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::ACCEPT_RANGES, "bytes"),
        (header::CACHE_CONTROL, keep),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.extend(HeaderValue::from_str(&tag(record)).ok().map(|tag| (header::ETAG, tag)));
    headers
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    known.split(',').any(|one| matches!(one.trim().trim_start_matches("W/"), "*") || one.trim() == tag)
}

/// What of a file is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Everything.
    Whole,
    /// From a byte to a byte, both included.
    From(u64, u64),
    /// What is not there.
    None,
}

fn part(headers: &HeaderMap, record: &DocumentRecord) -> Part {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let Some(range) = text(header::RANGE) else { return Part::Whole };
    // A part of another content would not fit what the browser has.
    if text(header::IF_RANGE).is_some_and(|known| known != tag(record)) {
        return Part::Whole;
    }
    asked(range, record.size)
}

/// One range of bytes; several at once, and other units, are answered with the whole.
fn asked(range: &str, size: u64) -> Part {
    let Some(range) = range.trim().strip_prefix("bytes=") else { return Part::Whole };
    let Some((first, last)) = range.split_once('-') else { return Part::Whole };
    match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if last < first => Part::Whole,
        (Ok(first), _) if first >= size => Part::None,
        (Ok(first), Ok(last)) => Part::From(first, last.min(size - 1)),
        (Ok(first), Err(_)) if last.trim().is_empty() => Part::From(first, size - 1),
        (Err(_), Ok(0)) if first.trim().is_empty() => Part::None,
        (Err(_), Ok(tail)) if first.trim().is_empty() => Part::From(size.saturating_sub(tail), size - 1),
        _ => Part::Whole,
    }
}

/// Something that the visitor did with a document.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DocumentInput {
    /// Made by the widget for this event; the same id is the same event.
    #[schema(value_type = String, format = "uuid")]
    client_id: Uuid,
    /// The card that shows the document.
    card_id: String,
    /// What happened. `opened` comes first; the others go on with the last opening at this card.
    event: DocumentEvent,
    /// Where the visitor is.
    #[serde(default)]
    page_url: Option<String>,
}

/// Say what the visitor does with a document: opening it is an engagement
#[utoipa::path(post, path = "/api/visitor/v1/conversations/{id}/document", tag = "visitor", request_body = DocumentInput,
    params(("site" = String, Query, description = "Key of the site"), ("id" = String, Path)),
    responses((status = 204), (status = 409, description = "The card does not wait: `current` says what does; or nothing was opened there")))]
async fn note(
    State(web): State<Web>,
    Visitor(caller): Visitor,
    Path(id): Path<ConversationId>,
    WidgetJson(body): WidgetJson<DocumentInput>,
) -> Response {
    let request = DocumentRequest {
        client_id: body.client_id.to_string(),
        card: body.card_id,
        event: body.event,
        page_url: body.page_url,
    };
    match document::note(web.app(), &caller, id, &request).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(StepRefused::Other(error)) => Problem::from(error).into_response(),
        Err(StepRefused::NotCurrent(current)) => super::conversations::gone_on(current),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_everything_else_is_the_whole() {
        for (range, part) in [
            ("bytes=0-9", Part::From(0, 9)),
            ("bytes=90-", Part::From(90, 99)),
            ("bytes=90-1000", Part::From(90, 99)),
            ("bytes=-10", Part::From(90, 99)),
            ("bytes=-1000", Part::From(0, 99)),
            ("bytes=100-", Part::None),
            ("bytes=-0", Part::None),
            ("bytes=9-3", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=-", Part::Whole),
            ("lines=0-1", Part::Whole),
        ] {
            assert_eq!(asked(range, 100), part, "{range}");
        }
    }
}
