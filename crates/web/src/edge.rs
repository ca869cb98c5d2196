//! What every request goes through, on the way in and on the way out, in one layer: each layer of a router is a clone of
//! everything below it and an allocation for every request, so that what belongs to all requests stands here together.

use crate::metrics::Timing;
use crate::state::Web;
use crate::visitor::cors::{self, Crossing};
use crate::{headers, problem};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;

/// Gives the request its state, answers preflights, refuses what is too much, survives a panic, counts, and adds the headers
/// of every answer.
pub async fn pass(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let kind = headers::Kind::of(request.uri().path());
    let crossing = (kind == headers::Kind::Visitor).then(|| Crossing::of(&request));
    if crossing.as_ref().is_some_and(Crossing::is_preflight) {
        let mut response = cors::preflight(&web, &request);
        headers::secure(kind, &mut response);
        return response;
    }
    let timing = Timing::begin(&request);
    request.extensions_mut().insert(web.clone());
    let mut response = answer(&web, kind, request, next).await;
    timing.end(&web, response.status());
    if let Some(crossing) = crossing {
        crossing.mark(response.headers_mut());
    }
    headers::secure(kind, &mut response);
    response
}

/// Under overload most are served and the rest is refused at once, instead of all being served late.
async fn answer(web: &Web, kind: headers::Kind, request: Request, next: Next) -> Response {
    let _permit = if kind.is_api() {
        let Ok(permit) = web.in_flight().try_acquire() else {
            web.metrics().shed.inc();
            let detail = "Too much to do at the moment; try again shortly.";
            return problem::Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail)
                .retry_after(1)
                .into_response();
        };
        Some(permit)
    } else {
        None
    };
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answered.unwrap_or_else(|_| problem::panicked())
}
