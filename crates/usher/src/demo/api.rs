//! The instance's own HTTP interface, called within the process: what drives the demo is what browsers call.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use kernel::{Clock, Timestamp, millis, to_millis};
use serde_json::Value as Json;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tower::ServiceExt;

/// A clock that stands where the demo's story is.
pub struct StoryClock(AtomicI64);

impl StoryClock {
    /// Begins at an instant.
    pub fn at(at: Timestamp) -> Self {
        Self(AtomicI64::new(to_millis(at)))
    }
    /// The story goes on.
    pub fn set(&self, at: Timestamp) {
        self.0.store(to_millis(at), Ordering::SeqCst);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        millis(self.0.load(Ordering::SeqCst))
    }
}

/// The router with a way to call it.
#[derive(Clone)]
pub struct Api {
    router: Router,
    /// Where the story is.
    pub clock: Arc<StoryClock>,
}

/// Who calls.
pub struct Caller<'a> {
    /// Address of the client.
    pub from: SocketAddr,
    /// Headers beside the content type.
    pub headers: Vec<(&'a str, String)>,
}

impl Api {
    /// Calls through `router`.
    pub const fn new(router: Router, clock: Arc<StoryClock>) -> Self {
        Self { router, clock }
    }

    /// Calls and demands a success; the error says what was answered.
    pub async fn call(
        &self,
        caller: &Caller<'_>,
        method: &str,
        path: &str,
        body: Option<Json>,
    ) -> Result<Json, String> {
        let text = body.as_ref().map(Json::to_string).unwrap_or_default();
        self.send(caller, method, path, "application/json", text.into_bytes()).await
    }

    /// The same with a body of any kind.
    pub async fn send(
        &self,
        caller: &Caller<'_>,
        method: &str,
        path: &str,
        kind: &str,
        body: Vec<u8>,
    ) -> Result<Json, String> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
        if !body.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        for (name, value) in &caller.headers {
            request = request.header(*name, value);
        }
        let mut request = request.body(Body::from(body)).map_err(|e| e.to_string())?;
        request.extensions_mut().insert(ConnectInfo(caller.from));
        let Ok(response) = self.router.clone().oneshot(request).await;
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 64 << 20).await.map_err(|e| e.to_string())?;
        if status.is_success() {
            return Ok(serde_json::from_slice(&bytes).unwrap_or(Json::Null));
        }
        Err(format!("{method} {path}: {status} {}", String::from_utf8_lossy(&bytes)))
    }
}
