//! Serving: listens, says that it is ready, drains on SIGTERM.

use crate::config::Config;
use crate::embedded::Embedded;
use crate::wire::Instance;
use axum::Router;
use connect_ip::IpDatabases;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use web::{Leaving, WebConfig};

/// Serves an instance until SIGTERM or SIGINT. `extra` are routes beside the product's own; `ready` is called once
/// requests are answered.
pub async fn run(
    config: &Config,
    instance: Instance,
    extra: Router,
    ready: impl FnOnce(),
) -> Result<(), String> {
    let app = instance.app.clone();
    let listener = TcpListener::bind(&config.listen).await.map_err(|e| format!("{}: {e}", config.listen))?;
    let leaving = Leaving::default();
    let web_config = WebConfig {
        leaving: leaving.clone(),
        trusted_proxies: config.trusted_proxies,
        requests_in_flight: config.requests_in_flight,
        ..WebConfig::default()
    };
    let taken = app::goals::adopt(&app).await.map_err(|e| format!("the goals cannot be read: {e}"))?;
    if taken > 0 {
        tracing::info!(goals = taken, "goals that dialogues named are in the library now");
    }
    let running = app.start().await.map_err(|e| format!("the configuration cannot be read: {e}"))?;
    let router = web::router(app.clone(), Arc::new(Embedded), web_config).merge(extra);
    let stop = CancellationToken::new();
    let worker = tokio::spawn(worker::run(app.clone(), stop.clone()));
    let watching = instance.ip.clone().map(|ip| tokio::spawn(watch(ip, config.ip.reload_seconds)));
    ready();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
    let serving = tokio::spawn(serving.into_future());
    terminated().await?;
    stop.cancel();
    let patience = Duration::from_secs(config.drain_seconds);
    let (requests, sockets) = tokio::join!(
        tokio::time::timeout(patience, serving),
        tokio::time::timeout(patience, leaving.see_off())
    );
    if sockets.is_err() {
        tracing::warn!("sockets were still open when the time to drain was over");
    }
    // Whatever is still under way after the patience was not acknowledged; its client tries again elsewhere.
    match requests {
        Ok(Ok(Ok(()))) => {}
        Ok(Ok(Err(error))) => tracing::error!(%error, "serving ended with an error"),
        Ok(Err(error)) => tracing::error!(%error, "the server's task failed"),
        Err(_) => tracing::warn!("requests were still under way when the time to drain was over"),
    }
    match tokio::time::timeout(patience, worker).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the job loop failed"),
        Err(_) => tracing::warn!("work was still under way when the time to drain was over"),
    }
    if let Some(watching) = watching {
        watching.abort();
    }
    running.stop().await;
    app.store().close().await;
    Ok(())
}

/// Reads databases of addresses again when they change on the disk.
async fn watch(ip: Arc<IpDatabases>, every_seconds: u64) {
    loop {
        tokio::time::sleep(Duration::from_secs(every_seconds)).await;
        let ip = Arc::clone(&ip);
        if let Err(error) = tokio::task::spawn_blocking(move || ip.reload()).await {
            tracing::error!(%error, "IP databases could not be looked at");
        }
    }
}

async fn terminated() -> Result<(), String> {
    let mut term = signal(SignalKind::terminate()).map_err(|e| e.to_string())?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|e| e.to_string())?;
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
