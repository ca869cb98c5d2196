//! Calling addresses that people chose: webhooks, documents by address, push services of browsers (rule R24). One request, no second one to where
//! an answer points, and never into the network that this server stands in unless the operator listed the host.

use async_trait::async_trait;
use kernel::WebUrl;

/// What an address was given for; the operator lists the inner hosts that may be called for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Telling another system what happened.
    Webhook,
    /// Fetching a document of the library.
    Document,
    /// Handing a message to the push service of a user's browser; over HTTPS only, unless the host is listed.
    Push,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Send {
    /// A question without content.
    Get,
    /// Content.
    Post {
        /// Media type of the content.
        media_type: &'static str,
        /// The content.
        body: Vec<u8>,
    },
}

/// A request to an address that somebody chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingRequest {
    /// What the address was given for.
    pub purpose: Purpose,
    /// Where to.
    pub url: WebUrl,
    /// What is sent.
    pub send: Send,
    /// Further headers. No credentials of this instance are ever among them; what it signs for one receiver is none.
    pub headers: Vec<(&'static str, String)>,
}

/// An answer, whatever its status. A redirect is an answer too: it is not followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingAnswer {
    /// The status code.
    pub status: u16,
    /// The content.
    pub body: Vec<u8>,
}

/// Calls addresses that people chose.
#[async_trait]
pub trait Outgoing: Sync + std::marker::Send {
    /// Sends a request and reads the whole answer, within the client's limits of time and size.
    async fn send(&self, request: &OutgoingRequest) -> Result<OutgoingAnswer, OutgoingError>;
}

/// Why there was no answer. The texts are for people; they name the host, and nothing of what was sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutgoingError {
    /// The address leads into the network of this server and is not on the operator's list; another try would be refused
    /// again.
    #[error("{0}")]
    Refused(String),
    /// No such host, nobody listening, no trust in its certificate, or the connection broke.
    #[error("{0}")]
    Unreachable(String),
    /// The answer did not come to its end in time.
    #[error("no answer within {seconds} s")]
    TimedOut {
        /// How long was waited.
        seconds: u64,
    },
    /// The answer is larger than allowed.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// How many are allowed.
        limit: u64,
    },
}
