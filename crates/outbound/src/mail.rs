//! Mail by SMTP.
//!
//! No line break reaches a header: addresses have a type that cannot hold one, and names and subjects with a control
//! character are refused instead of repaired (rule R16). Every mail carries `Auto-Submitted` (rule R36) and a Message-ID
//! made of its outbox job.

use async_trait::async_trait;
use connect::{Mail, MailError, Mailer};
use kernel::{Clock, Domain, Email, Secret, to_millis};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox, MultiPart, SinglePart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::{
        Error as SmtpError,
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use std::{
    error::Error,
    fmt::Write,
    sync::Arc,
    time::{Duration, SystemTime},
};

/// How long handing over one mail may take in all.
pub const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte (usually port 465).
    Tls,
    /// TLS after `STARTTLS` (usually port 587); without it nothing is sent.
    StartTls,
    /// None; for a server on the same machine or network.
    None,
}

/// Where and as whom mail is handed over.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// Name or address of the server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub encryption: Encryption,
    /// User and password, if the server wants them.
    pub credentials: Option<(String, Secret<String>)>,
    /// The sender's address; its domain also stands in Message-IDs.
    pub from: Email,
    /// The sender's name.
    pub from_name: Option<String>,
}

/// The settings cannot be used; the text says which and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidSettings(String);

/// Sends mail through one server, a connection for each mail.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    domain: String,
    clock: Arc<dyn Clock>,
    limit: Duration,
}

impl SmtpMailer {
    /// Prepares sending; does not connect yet.
    pub fn new(settings: SmtpSettings, clock: Arc<dyn Clock>) -> Result<Self, InvalidSettings> {
        let from = mailbox(settings.from_name.as_deref(), &settings.from)
            .map_err(|error| InvalidSettings(format!("the sender {error}")))?;
        let tls = match settings.encryption {
            Encryption::None => Tls::None,
            Encryption::Tls => Tls::Wrapper(tls(&settings.host)?),
            Encryption::StartTls => Tls::Required(tls(&settings.host)?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host)
            .port(settings.port)
            .tls(tls)
            .timeout(Some(TIME_LIMIT));
        if let Some((user, password)) = settings.credentials {
            builder = builder.credentials(Credentials::new(user, password.expose().clone()));
        }
        let domain = from.email.domain().to_owned();
        Ok(Self { transport: builder.build(), from, domain, clock, limit: TIME_LIMIT })
    }

    /// With another limit than [`TIME_LIMIT`] for handing over one mail.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    fn message(&self, mail: &Mail) -> Result<Message, MailError> {
        let recipient = mailbox(mail.to_name.as_deref(), &mail.to)
            .map_err(|error| MailError::Permanent(format!("the recipient {error}")))?;
        if mail.subject.contains(char::is_control) {
            return Err(MailError::Permanent("the subject holds a line break".to_owned()));
        }
        let since_1970 = Duration::from_millis(u64::try_from(to_millis(self.clock.now())).unwrap_or(0));
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(recipient)
            .subject(mail.subject.clone())
            .date(SystemTime::UNIX_EPOCH + since_1970)
            .message_id(Some(format!("<{}@{}>", mail.id, self.domain)));
        builder = builder.raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
        let message = match &mail.html {
            Some(html) => {
                builder.multipart(MultiPart::alternative_plain_html(mail.text.clone(), html.clone()))
            }
            None => builder.singlepart(SinglePart::plain(mail.text.clone())),
        };
        message.map_err(|error| MailError::Permanent(error.to_string()))
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = self.message(mail)?;
        match tokio::time::timeout(self.limit, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if is_permanent(&error) => Err(MailError::Permanent(in_words(&error))),
            Ok(Err(error)) => Err(MailError::Temporary(in_words(&error))),
            Err(_) => Err(MailError::Temporary(format!("no answer within {} s", self.limit.as_secs_f32()))),
        }
    }
}

/// A server that refuses our password may be set right; only an answer about the mail itself is final.
fn is_permanent(error: &SmtpError) -> bool {
    const ABOUT_US: [&str; 4] = ["530", "534", "535", "538"];
    error.is_permanent() && !error.status().is_some_and(|code| ABOUT_US.contains(&code.to_string().as_str()))
}

fn in_words(error: &SmtpError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            // Writing to a string cannot fail.
            let _ = write!(text, ": {cause_text}");
        }
        source = cause.source();
    }
    kernel::text::one_line(&text)
}

fn tls(host: &str) -> Result<TlsParameters, InvalidSettings> {
    TlsParameters::new(host.to_owned())
        .map_err(|error| InvalidSettings(format!("TLS with {host} is not possible: {error}")))
}

fn mailbox(name: Option<&str>, email: &Email) -> Result<Mailbox, String> {
    if name.is_some_and(|name| name.contains(char::is_control)) {
        return Err("has a name with a line break".to_owned());
    }
    let (local, domain) = email.as_str().rsplit_once('@').unwrap_or((email.as_str(), ""));
    // Not every server on the way speaks SMTPUTF8; the ASCII form of a domain is understood everywhere.
    let ascii = domain.parse::<Domain>().map_err(|error| format!("has a domain that {error}"))?;
    let address = Address::new(local, ascii.as_str()).map_err(|error| format!("cannot be used: {error}"))?;
    Ok(Mailbox::new(name.map(str::to_owned), address))
}
