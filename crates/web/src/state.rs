//! What every handler shares.

use crate::assets::Assets;
use crate::limits::RateLimits;
use crate::metrics::Metrics;
use crate::stream::{Hub, Leaving};
use app::App;
use app::sessions::SignIn;
use axum::Router;
use axum::extract::FromRef;
use kernel::token::TokenHash;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Settings of the edge alone; everything else stands in [`app::Settings`].
#[derive(Debug, Clone)]
pub struct WebConfig {
    /// How many proxies in front append to `X-Forwarded-For`; 0 = the header counts for nothing.
    pub trusted_proxies: usize,
    /// Requests to the API worked on at the same time; more are refused at once with 503.
    pub requests_in_flight: usize,
    /// Version of the program, shown to users.
    pub version: &'static str,
    /// What screens show of the mail server, if one is set up.
    pub mail: Option<MailInfo>,
    /// The way to end the sockets before the process ends.
    pub leaving: Leaving,
}

/// The mail server as screens show it.
#[derive(Debug, Clone)]
pub struct MailInfo {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Sender.
    pub from: String,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            trusted_proxies: 0,
            requests_in_flight: 1_024,
            version: env!("CARGO_PKG_VERSION"),
            mail: None,
            leaving: Leaving::default(),
        }
    }
}

/// The state of the router; cheap to clone.
#[derive(Clone)]
pub struct Web(Arc<Inner>);

struct Inner {
    app: App,
    config: WebConfig,
    assets: Arc<dyn Assets>,
    limits: RateLimits,
    metrics: Metrics,
    sign_ins: moka::sync::Cache<TokenHash, Arc<SignIn>>,
    in_flight: Semaphore,
    hub: Hub,
    itself: OnceLock<Router>,
    view_path: OnceLock<Arc<str>>,
}

/// How long a sign-in is believed without asking the store; rights taken away act within this time on every node.
const SIGN_IN_SECONDS: u64 = 5;

impl Web {
    /// Puts the state together.
    pub fn new(app: App, assets: Arc<dyn Assets>, config: WebConfig) -> Self {
        let limits = RateLimits::new(&app.settings().limits);
        let sign_ins = moka::sync::Cache::builder()
            .max_capacity(10_000)
            .time_to_live(Duration::from_secs(SIGN_IN_SECONDS))
            .build();
        let in_flight = Semaphore::new(config.requests_in_flight);
        let hub = Hub::new(app.entropy().uuid(app.now()).to_string());
        Self(Arc::new(Inner {
            app,
            config,
            assets,
            limits,
            metrics: Metrics::default(),
            sign_ins,
            in_flight,
            hub,
            itself: OnceLock::new(),
            view_path: OnceLock::new(),
        }))
    }
    /// The use cases.
    pub fn app(&self) -> &App {
        &self.0.app
    }
    /// Settings of the edge.
    pub fn config(&self) -> &WebConfig {
        &self.0.config
    }
    /// The files of console and widget.
    pub fn assets(&self) -> &dyn Assets {
        &*self.0.assets
    }
    /// Path of the widget's view chunk below this server's address; its hashed name stands in the build's manifest.
    pub fn view_path(&self) -> Arc<str> {
        let found = || {
            let manifest = self.assets().get("widget/manifest.json")?;
            let manifest: serde_json::Value = serde_json::from_slice(&manifest.bytes).ok()?;
            Some(format!("widget/{}", manifest["view"].as_str()?).into())
        };
        Arc::clone(self.0.view_path.get_or_init(|| found().unwrap_or_else(|| "widget/view.js".into())))
    }
    /// Rate limits of this node.
    pub fn limits(&self) -> &RateLimits {
        &self.0.limits
    }
    /// Figures of this node.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }
    pub(crate) fn sign_ins(&self) -> &moka::sync::Cache<TokenHash, Arc<SignIn>> {
        &self.0.sign_ins
    }
    /// Forgets what is known of sign-ins: somebody's rights or sessions changed.
    pub(crate) fn forget_sign_ins(&self) {
        self.0.sign_ins.invalidate_all();
    }
    /// The sockets of this node.
    pub(crate) fn hub(&self) -> &Hub {
        &self.0.hub
    }
    pub(crate) fn in_flight(&self) -> &Semaphore {
        &self.0.in_flight
    }
    /// The whole router, for answers that are another address's answer (repeated writes).
    pub(crate) fn itself(&self) -> Option<Router> {
        self.0.itself.get().cloned()
    }
    pub(crate) fn set_itself(&self, router: Router) {
        // Set once by `router`; a second call would be the same router.
        drop(self.0.itself.set(router));
    }
}

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Web").field("config", &self.0.config).finish_non_exhaustive()
    }
}

impl FromRef<Web> for App {
    fn from_ref(web: &Web) -> Self {
        web.app().clone()
    }
}
