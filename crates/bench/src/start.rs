//! From start to ready, and what an idle server holds in memory.

use crate::{Options, figures};
use std::time::Instant;
use testkit::instance::Server;

async fn start(server: &mut Server) -> Result<f64, String> {
    let begun = Instant::now();
    server.start().await?;
    Ok(begun.elapsed().as_secs_f64())
}

/// Measures on an empty store and on one with people.
pub async fn run(options: &Options) -> Result<(), String> {
    let mut empty = Server::new(&options.binary, &[("USHER_LOG_LEVEL", "error")]);
    let first = start(&mut empty).await?;
    empty.terminate().await.map_err(|e| e.to_string())?;
    figures::at_most("start to ready, empty store (first start, schema included)", first, 0.3, "s");

    let mut full = Server::new(&options.binary, &[("USHER_LOG_LEVEL", "error")]);
    crate::import::fill(&full, options.rows).await?;
    let again = start(&mut full).await?;
    let memory = figures::memory_mib(full.pid().ok_or("the server runs")?, "VmRSS");
    figures::at_most(&format!("start to ready, {} people", options.rows), again, 1.0, "s");
    figures::at_most("resident when idle", memory, 80.0, "MiB");
    full.terminate().await.map_err(|e| e.to_string())?;
    Ok(())
}
