//! Sending mail: one mail to one recipient, and whether a failure is worth another try.

use async_trait::async_trait;
use kernel::{Email, JobId};

/// A mail to one recipient. The sender is the mailer's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The outbox job that it belongs to; its Message-ID is made of it, so that a repeated attempt is recognised as the same
    /// mail by whoever receives it.
    pub id: JobId,
    /// To whom.
    pub to: Email,
    /// Name beside the address.
    pub to_name: Option<String>,
    /// Subject; one line.
    pub subject: String,
    /// The plain text, lines ended by `\n`.
    pub text: String,
    /// The same as HTML, if there is such a form.
    pub html: Option<String>,
}

/// Sends mail.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands a mail over to the mail server; `Ok` when that took the responsibility. Ends within the mailer's time limit.
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}

/// Why a mail was not handed over. The texts are for the outbox screen and for logs; they hold no password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The same mail would fail again: the server refused it for good, or it cannot be written as a mail (a line break in
    /// a header).
    #[error("{0}")]
    Permanent(String),
    /// Worth another try: no connection, a time-out, or the server said to come again.
    #[error("{0}")]
    Temporary(String),
}

impl MailError {
    /// True when another try with the same mail is useless.
    pub const fn is_permanent(&self) -> bool {
        matches!(self, Self::Permanent(_))
    }
}
