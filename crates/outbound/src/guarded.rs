//! The one HTTP client for addresses that people chose (rule R24): the name is resolved here, every address is looked at,
//! and the connection goes to one of those and nowhere else, so that a name cannot mean something else a moment later. No
//! redirects, no proxy, no credentials, one deadline for everything, and an answer that may not grow.

use crate::{address::is_public, trust};
use async_trait::async_trait;
use connect::{Outgoing, OutgoingAnswer, OutgoingError, OutgoingRequest, Purpose, outgoing::Send};
use reqwest::{
    Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};
use std::{
    error::Error,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use url::{Host, Url};

/// Hosts inside the operator's network that may be called all the same. An entry is a name or an address, with a port
/// (`127.0.0.1:9000`, `[::1]:9000`) or for every port (`hooks.internal`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedHosts(Vec<(String, Option<u16>)>);

impl AllowedHosts {
    /// Out of the configuration; the error names the entry that is none.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a String>) -> Result<Self, String> {
        let entry = |text: &String| {
            let url = Url::parse(&format!("http://{}", text.trim())).ok();
            let plain = |url: &Url| url.path() == "/" && url.query().is_none() && url.username().is_empty();
            let url = url
                .filter(plain)
                .ok_or_else(|| format!("{text:?} is not a host such as hooks.internal or 127.0.0.1:9000"))?;
            // An address of http says nothing of its usual port, so that is looked for in the text.
            let port = url.port().or_else(|| text.trim().ends_with(":80").then_some(80));
            Ok((host_text(&url), port))
        };
        entries.into_iter().map(entry).collect::<Result<_, _>>().map(Self)
    }

    fn cover(&self, url: &Url) -> bool {
        let (host, port) = (host_text(url), url.port_or_known_default());
        self.0.iter().any(|(listed, at)| *listed == host && (at.is_none() || *at == port))
    }
}

fn host_text(url: &Url) -> String {
    url.host_str().unwrap_or_default().trim_end_matches('.').to_ascii_lowercase()
}

/// The limits of outgoing requests.
#[derive(Debug, Clone)]
pub struct GuardSettings {
    /// Inner hosts that webhooks may call.
    pub webhook_hosts: AllowedHosts,
    /// Inner hosts from which documents may be fetched.
    pub document_hosts: AllowedHosts,
    /// Inner hosts that are push services of browsers.
    pub push_hosts: AllowedHosts,
    /// How long a request may take in all.
    pub time_limit: Duration,
    /// Bytes of an answer.
    pub max_bytes: u64,
}

impl Default for GuardSettings {
    fn default() -> Self {
        Self {
            webhook_hosts: AllowedHosts::default(),
            document_hosts: AllowedHosts::default(),
            push_hosts: AllowedHosts::default(),
            time_limit: Duration::from_secs(10),
            max_bytes: 5 * 1024 * 1024,
        }
    }
}

/// Calls addresses that people chose.
#[derive(Debug, Clone)]
pub struct GuardedClient {
    settings: GuardSettings,
}

impl GuardedClient {
    /// Nothing is opened before it is needed.
    pub const fn new(settings: GuardSettings) -> Self {
        Self { settings }
    }

    async fn exchange(&self, request: &OutgoingRequest) -> Result<OutgoingAnswer, OutgoingError> {
        let url = request.url.parsed();
        let addresses = self.addresses(request.purpose, &url).await?;
        let client = client_to(addresses)
            .map_err(|error| OutgoingError::Unreachable(format!("no request can be made: {error}")))?;
        let mut builder = match &request.send {
            Send::Get => client.get(url.clone()),
            Send::Post { media_type, body } => {
                client.post(url.clone()).header("content-type", *media_type).body(body.clone())
            }
        };
        for (name, value) in &request.headers {
            builder = builder.header(*name, value);
        }
        let response = builder.send().await.map_err(|error| unreachable(&url, &error))?;
        self.read(&url, response).await
    }

    async fn read(&self, url: &Url, mut response: Response) -> Result<OutgoingAnswer, OutgoingError> {
        let limit = self.settings.max_bytes;
        let too_large = OutgoingError::TooLarge { limit };
        if response.content_length().is_some_and(|length| length > limit) {
            return Err(too_large);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| unreachable(url, &error))? {
            if (body.len() + chunk.len()) as u64 > limit {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(OutgoingAnswer { status: response.status().as_u16(), body })
    }

    /// Where the host is; refused when any of its addresses is not public.
    async fn addresses(&self, purpose: Purpose, url: &Url) -> Result<Vec<SocketAddr>, OutgoingError> {
        let port = url.port_or_known_default().unwrap_or(80);
        let found: Vec<IpAddr> = match url.host() {
            Some(Host::Ipv4(address)) => vec![address.into()],
            Some(Host::Ipv6(address)) => vec![address.into()],
            Some(Host::Domain(name)) => resolve(name, port).await?,
            None => Vec::new(),
        };
        let host = host_text(url);
        if found.is_empty() {
            return Err(OutgoingError::Unreachable(format!("there is no host {host}")));
        }
        let (listed, key) = match purpose {
            Purpose::Webhook => (&self.settings.webhook_hosts, "outgoing.allowed_webhook_hosts"),
            Purpose::Document => (&self.settings.document_hosts, "outgoing.allowed_document_hosts"),
            Purpose::Push => (&self.settings.push_hosts, "outgoing.allowed_push_hosts"),
        };
        let is_listed = listed.cover(url);
        if purpose == Purpose::Push && url.scheme() != "https" && !is_listed {
            return Err(OutgoingError::Refused(format!("{host} is not called: a push service speaks HTTPS")));
        }
        if !is_listed && let Some(inner) = found.iter().find(|address| !is_public(**address)) {
            return Err(OutgoingError::Refused(format!(
                "{host} is not called: its address {inner} is not on the public internet, and {key} does not list it"
            )));
        }
        Ok(found.into_iter().map(|address| SocketAddr::new(address, port)).collect())
    }
}

#[async_trait]
impl Outgoing for GuardedClient {
    async fn send(&self, request: &OutgoingRequest) -> Result<OutgoingAnswer, OutgoingError> {
        let limit = self.settings.time_limit;
        let answer = tokio::time::timeout(limit, self.exchange(request)).await;
        answer.unwrap_or(Err(OutgoingError::TimedOut { seconds: limit.as_secs() }))
    }
}

async fn resolve(name: &str, port: u16) -> Result<Vec<IpAddr>, OutgoingError> {
    let found = tokio::net::lookup_host((name, port)).await;
    let found = found.map_err(|_| OutgoingError::Unreachable(format!("there is no host {name}")))?;
    Ok(found.map(|address| address.ip()).collect())
}

/// A client that reaches these addresses and no others, whatever the name. It lives for one request: connections are not
/// kept, so nothing of one request is there for the next.
#[expect(clippy::disallowed_methods, reason = "this is the guarded client that the rule names")]
fn client_to(addresses: Vec<SocketAddr>) -> Result<Client, reqwest::Error> {
    Client::builder()
        .tls_backend_preconfigured(trust::client_config())
        .dns_resolver(Arc::new(Pinned(addresses)))
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .http1_only()
        .pool_max_idle_per_host(0)
        .user_agent("Usher")
        .build()
}

/// Answers every name with the addresses that were looked at.
struct Pinned(Vec<SocketAddr>);

impl Resolve for Pinned {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

/// In words, without the address of the request, which may hold secrets.
fn unreachable(url: &Url, error: &reqwest::Error) -> OutgoingError {
    let mut cause: &dyn Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    OutgoingError::Unreachable(format!("{}: {cause}", host_text(url)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_host_covers_its_port_or_all() {
        let listed = ["127.0.0.1:9000", "Hooks.Internal", "[::1]:80"].map(str::to_owned);
        let listed = AllowedHosts::parse(&listed).expect("hosts");
        for (url, covered) in [
            ("http://127.0.0.1:9000/x", true),
            ("http://127.0.0.1/x", false),
            ("http://0x7f.1:9000/", true),
            ("https://hooks.internal/", true),
            ("http://hooks.internal.:8000/", true),
            ("http://xhooks.internal/", false),
            ("http://[::1]/", true),
            ("http://[::1]:81/", false),
        ] {
            assert_eq!(listed.cover(&Url::parse(url).expect(url)), covered, "{url}");
        }
    }

    #[test]
    fn what_is_no_host_is_named() {
        for bad in ["", "http://x/", "a/b", "user@host", "host:port", "10.0.0.0/8"] {
            let refused = AllowedHosts::parse(&[bad.to_owned()]).expect_err(bad);
            assert!(refused.contains(&format!("{bad:?}")), "{refused}");
        }
    }
}
