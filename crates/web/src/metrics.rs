//! Figures of this node for `/metrics` (OpenMetrics): requests by route and status with their latency, page views, dropped
//! telemetry, refused requests, and the outbox by status.

use crate::state::Web;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::Arc;

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Call {
    method: &'static str,
    route: Arc<str>,
    status: u16,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteOf {
    route: Arc<str>,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct JobsIn {
    status: &'static str,
}

#[derive(Debug, Clone, Hash, PartialEq, Eq, EncodeLabelSet)]
struct SocketsOf {
    who: &'static str,
}

/// The counters.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    calls: Family<Call, Counter>,
    seconds: Family<RouteOf, Histogram, fn() -> Histogram>,
    jobs: Family<JobsIn, Gauge>,
    sockets: Family<SocketsOf, Gauge>,
    /// Messages between people that were stored.
    pub chat_messages: Counter,
    /// Page views answered.
    pub page_views: Counter,
    /// Telemetry that was dropped because its batch was full.
    pub telemetry_dropped: Counter,
    /// Requests refused because too many were under way.
    pub shed: Counter,
}

fn buckets() -> Histogram {
    Histogram::new([0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0])
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("usher"),
            calls: Family::default(),
            seconds: Family::new_with_constructor(buckets as fn() -> Histogram),
            jobs: Family::default(),
            sockets: Family::default(),
            chat_messages: Counter::default(),
            page_views: Counter::default(),
            telemetry_dropped: Counter::default(),
            shed: Counter::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("http_requests", "Requests by route and status", metrics.calls.clone());
        registry.register(
            "http_request_seconds",
            "Time to the answer's head by route",
            metrics.seconds.clone(),
        );
        registry.register("outbox_jobs", "Jobs of the outbox by status", metrics.jobs.clone());
        registry.register("sockets", "Open sockets by who is at the other end", metrics.sockets.clone());
        registry.register("chat_messages", "Messages between people stored", metrics.chat_messages.clone());
        registry.register("page_views", "Page views answered", metrics.page_views.clone());
        registry.register(
            "telemetry_dropped",
            "Telemetry dropped under load",
            metrics.telemetry_dropped.clone(),
        );
        registry.register("requests_shed", "Requests refused under overload", metrics.shed.clone());
        metrics
    }
}

/// A request under way, as it will be counted.
#[derive(Debug)]
pub struct Timing {
    begun: tokio::time::Instant,
    method: &'static str,
    route: Arc<str>,
}

impl Timing {
    /// A request has arrived at its route.
    pub fn begin(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().map_or("(none)", MatchedPath::as_str);
        Self {
            begun: tokio::time::Instant::now(),
            method: method_name(request.method()),
            route: Arc::from(route),
        }
    }

    /// The head of its answer is ready.
    pub fn end(self, web: &Web, status: StatusCode) {
        let Self { begun, method, route } = self;
        let metrics = web.metrics();
        let call = Call { method, route: Arc::clone(&route), status: status.as_u16() };
        metrics.calls.get_or_create(&call).inc();
        metrics.seconds.get_or_create(&RouteOf { route }).observe(begun.elapsed().as_secs_f64());
    }
}

fn method_name(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "HEAD" => "HEAD",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Brings a counter up to what the use cases counted.
fn follow(counter: &Counter, counted: &std::sync::atomic::AtomicU64) {
    let counted = counted.load(std::sync::atomic::Ordering::Relaxed);
    counter.inc_by(counted.saturating_sub(counter.get()));
}

/// `GET /metrics`.
pub async fn show(State(web): State<Web>) -> Response {
    if let Ok(mut session) = web.app().store().read().await
        && let Ok(jobs) = session.job_counts().await
    {
        for (status, number) in jobs {
            let status = app::outbox::status_word(status);
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            web.metrics().jobs.get_or_create(&JobsIn { status }).set(number);
        }
    }
    let (visitors, consoles) = web.hub().count();
    for (who, number) in [("visitor", visitors), ("console", consoles)] {
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        web.metrics().sockets.get_or_create(&SocketsOf { who }).set(number);
    }
    follow(&web.metrics().chat_messages, &web.app().counters().chat_messages);
    follow(&web.metrics().page_views, &web.app().counters().page_views);
    follow(&web.metrics().telemetry_dropped, &web.app().counters().page_views_dropped);
    let mut text = String::new();
    if encode(&mut text, &web.metrics().registry).is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}
