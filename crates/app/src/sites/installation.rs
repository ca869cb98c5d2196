//! How a site is installed: the snippet, the lines of a strict Content-Security-Policy, and where it was seen.

use super::record;
use crate::{App, AppError};
use kernel::{SiteId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// A line of a Content-Security-Policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CspLine {
    /// The directive.
    pub directive: String,
    /// What is added to it.
    pub value: String,
}

/// What stands on the installation screen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Installation {
    /// To be put into every page.
    pub snippet: String,
    /// What a strict policy must allow.
    pub csp: Vec<CspLine>,
    /// The same as one line.
    pub csp_line: String,
    /// When a page with the snippet was seen last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_seen_at: Option<Timestamp>,
    /// Hosts on which the snippet was seen.
    pub seen_hosts: Vec<String>,
}

/// The installation of a site.
pub async fn installation(app: &App, id: SiteId) -> Result<Installation, AppError> {
    let site = record(app, id).await?;
    let host = &app.settings().public_url;
    // The view's styles are adopted style sheets, its pictures and requests come from this host: nothing inline.
    // Documents are shown in a frame; chats with agents come over a socket, which the host's other scheme does not allow.
    let sockets = format!("{host} {}", host.replacen("http", "ws", 1));
    let csp = ["script-src", "connect-src", "img-src", "media-src", "frame-src"].map(|directive| {
        let value = if directive == "connect-src" { &sockets } else { host };
        CspLine { directive: directive.to_owned(), value: value.clone() }
    });
    let line: Vec<String> = csp.iter().map(|line| format!("{} {}", line.directive, line.value)).collect();
    Ok(Installation {
        snippet: format!("<script async src=\"{host}/widget/v1.js\" data-site=\"{}\"></script>", site.key),
        csp_line: line.join("; "),
        csp: csp.to_vec(),
        last_seen_at: site.last_seen_at,
        seen_hosts: site.seen_hosts,
    })
}
