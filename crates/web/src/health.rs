//! `/healthz`: the process answers. `/readyz`: it can serve now; a store or bus that does not answer in time is not ready.

use crate::problem::Problem;
use crate::state::Web;
use axum::extract::State;
use axum::http::StatusCode;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(2);

/// The process is alive.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The process can serve.
pub async fn ready(State(web): State<Web>) -> Result<&'static str, Problem> {
    let store = tokio::time::timeout(PATIENCE, web.app().store().ready()).await;
    if let Err(cause) =
        store.unwrap_or_else(|_| Err(store::StoreError::Unavailable("no answer in 2 s".into())))
    {
        tracing::warn!(%cause, "not ready: store");
        return Err(not_ready("The store cannot take writes."));
    }
    let bus = tokio::time::timeout(PATIENCE, web.app().bus().ready()).await;
    match bus {
        Ok(Ok(())) => Ok("ok\n"),
        Ok(Err(cause)) => {
            tracing::warn!(%cause, "not ready: bus");
            Err(not_ready("The bus is not connected."))
        }
        Err(_) => Err(not_ready("The bus does not answer.")),
    }
}

fn not_ready(detail: &str) -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(2)
}
