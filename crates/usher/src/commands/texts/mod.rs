//! `usher export | check | apply | test-dialogue`: configuration as text, on the data folder or through a running server.

mod apply;
mod export;
mod folder;
mod report;
mod trial;

pub use apply::{ApplyArgs, CheckArgs, apply, check};
pub use export::{ExportArgs, export};
pub use trial::{TestArgs, test};

use super::remote::Remote;
use clap::Args;

/// A running server to work through.
#[derive(Args)]
struct Through {
    /// Address of a running server to work through
    #[arg(long)]
    url: Option<String>,
    /// API token for it
    #[arg(long, env = "USHER_TOKEN", hide_env_values = true)]
    token: Option<String>,
}

impl Through {
    /// The server, when one is named.
    fn server(&self) -> Result<Option<Remote>, String> {
        let Some(url) = &self.url else { return Ok(None) };
        let token = self.token.as_deref().ok_or("--token (or USHER_TOKEN) is needed with --url")?;
        Remote::new(url, token).map(Some)
    }
}
