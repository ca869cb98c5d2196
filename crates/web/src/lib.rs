//! The edge: HTTP in, use cases called, answers out. It translates and never decides.
//!
//! - [`router`] puts everything together; [`guard`] is the table of who may call what.
//! - `visitor/` is what the widget calls, `console/` what screens and scripts call.
//! - `stream/` is sockets of both: what is said arrives while it is said.
//! - [`problem`] turns errors into problem details, [`extract`] refuses bad input with them.
//!
//! Not in here: sockets and TLS (the binary), rules (the pure crates), transactions (`app`).

pub mod assets;
pub mod console;
mod edge;
pub mod etag;
pub mod extract;
pub mod guard;
pub mod headers;
pub mod health;
pub mod idempotency;
pub mod limits;
pub mod metrics;
pub mod openapi;
mod openapi_answers;
pub mod problem;
pub mod shapes;
pub mod state;
mod stream;
pub mod strict;
pub mod upload;
pub mod visitor;
mod words;

pub use assets::{Asset, Assets, NoAssets};
pub use problem::Problem;
pub use state::{MailInfo, Web, WebConfig};
pub use stream::Leaving;

use app::App;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use bus::Hint;
use std::sync::Arc;
use tokio::sync::broadcast::error::RecvError;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

/// The `OpenAPI` file as it is kept in the repository (`cargo xtask regen`).
pub fn openapi_json() -> String {
    openapi::json()
}

/// Everything that this program answers. Must be called within a Tokio runtime.
///
/// # Panics
/// When a route does not state what it needs (rule R21).
pub fn router(app: App, assets: Arc<dyn Assets>, config: WebConfig) -> Router {
    let unguarded = openapi::unguarded();
    assert!(unguarded.is_empty(), "these routes do not state the permission they need: {unguarded:?}");
    let web = Web::new(app, assets, config);
    listen(web.clone());
    stream::listen(&web);
    let router = assemble(&web);
    web.set_itself(router.clone());
    router
}

fn assemble(web: &Web) -> Router {
    let limits = &web.app().settings().limits;
    // The table of permissions and the OpenAPI file are made from the same routers (`openapi::routes`).
    let (visitor, _) = visitor::router().split_for_parts();
    let (console, _) = console::router().split_for_parts();
    let console = console.layer(DefaultBodyLimit::max(limits.console_body_bytes)).layer(from_fn(etag::tag));
    let pages = Router::new()
        .route("/api/openapi.json", get(openapi::show))
        .route("/api/docs", get(openapi::docs))
        .route("/api/docs/style.css", get(openapi::style))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::show))
        .merge(visitor::meet::router())
        .merge(visitor::viewer::router())
        .merge(assets::router());
    // What fits into the first flight of a connection arrives no sooner when it is compressed; pictures gain nothing, and
    // static files come compressed beforehand.
    let worth = SizeAbove::new(8_192)
        .and(NotForContentType::new("image/"))
        .and(NotForContentType::new("font/"))
        .and(NotForContentType::new("application/pdf"));
    Router::new()
        .merge(visitor)
        .merge(console)
        .merge(pages)
        .fallback(nowhere)
        .method_not_allowed_fallback(wrong_method)
        .layer(CompressionLayer::new().compress_when(worth))
        .layer(from_fn_with_state(web.clone(), edge::pass))
        .with_state(web.clone())
}

async fn nowhere() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
}

async fn wrong_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "This address does not take this method.")
}

/// Forgets cached sign-ins as soon as somebody's rights or sessions change anywhere.
fn listen(web: Web) {
    let mut hints = web.app().bus().subscribe();
    tokio::spawn(async move {
        loop {
            match hints.recv().await {
                Ok(Hint::User { .. }) | Err(RecvError::Lagged(_)) => web.forget_sign_ins(),
                Ok(_) => {}
                Err(RecvError::Closed) => return,
            }
        }
    });
}
