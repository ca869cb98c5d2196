//! Pictures of bots. They are served inert: whatever an SVG holds, it may run nothing and load nothing.

use crate::{
    extract::Path,
    guard::{Guarded, Needs},
    problem::Problem,
    state::Web,
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use kernel::FileId;
use utoipa_axum::{router::OpenApiRouter, routes};

pub fn router() -> OpenApiRouter<Web> {
    OpenApiRouter::new().at(Needs::Nothing, routes!(avatar))
}

/// The picture of a bot
#[utoipa::path(get, path = "/api/visitor/v1/avatars/{id}", tag = "visitor", params(("id" = String, Path)),
    responses((status = 200, description = "The picture", content_type = "image/*")))]
async fn avatar(State(web): State<Web>, Path(id): Path<FileId>) -> Result<Response, Problem> {
    let file = app::sites::avatar(web.app(), id).await?;
    let mut headers = HeaderMap::new();
    let media_type = HeaderValue::from_str(&file.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    headers.insert(header::CONTENT_TYPE, media_type);
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // A new picture has a new id.
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok((headers, file.bytes).into_response())
}
