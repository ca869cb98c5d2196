//! A mail server on loopback that keeps what it is given, and misbehaves when told.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// How the server treats the next mails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manners {
    /// Takes them.
    Accept,
    /// Answers the recipient with this code (450 come again, 550 never).
    RefuseRecipient(u16),
    /// Answers the content with this code.
    RefuseContent(u16),
    /// Greets with this code and hangs up.
    RefuseConnection(u16),
    /// Says nothing at all.
    Hang,
    /// Hangs up after the content without an answer, though it kept the mail.
    LoseAnswer,
}

/// A mail that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedMail {
    /// Address of the envelope's sender.
    pub from: String,
    /// Addresses of the envelope's recipients.
    pub to: Vec<String>,
    /// Header and body as they came, dots unstuffed, lines ended by `\n`.
    pub data: String,
    /// What was given for signing in (`AUTH PLAIN`, base64), if anything.
    pub credentials: Option<String>,
}

impl ReceivedMail {
    /// The value of a header, unfolded; `None` when there is none or more than one.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.data.split("\n\n").next()?.replace("\n ", " ").replace("\n\t", " ");
        let mut values = head.lines().filter_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        });
        values.next().filter(|_| values.next().is_none())
    }
}

/// The server; dropping it closes it.
#[derive(Debug)]
pub struct SmtpServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    manners: Mutex<Manners>,
    mails: watch::Sender<Vec<ReceivedMail>>,
}

impl SmtpServer {
    /// Starts listening; takes every mail.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let shared =
            Arc::new(Shared { manners: Mutex::new(Manners::Accept), mails: watch::Sender::new(Vec::new()) });
        let accepting = tokio::spawn({
            let shared = Arc::clone(&shared);
            async move {
                while let Ok((socket, _)) = listener.accept().await {
                    tokio::spawn(Dialogue::new(Arc::clone(&shared)).run(socket));
                }
            }
        });
        Self { address, shared, accepting }
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Behaves like this from the next connection on.
    pub fn behave(&self, manners: Manners) {
        *lock(&self.shared.manners) = manners;
    }

    /// What came so far.
    pub fn mails(&self) -> Vec<ReceivedMail> {
        self.shared.mails.borrow().clone()
    }

    /// Waits until at least `count` mails came and returns them.
    pub async fn wait_for(&self, count: usize) -> Vec<ReceivedMail> {
        let mut mails = self.shared.mails.subscribe();
        mails.wait_for(|mails| mails.len() >= count).await.expect("the server is here").clone()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One connection.
struct Dialogue {
    shared: Arc<Shared>,
    manners: Manners,
    mail: ReceivedMail,
}

enum Step {
    Say(String),
    TakeContent,
    HangUp,
}

impl Dialogue {
    fn new(shared: Arc<Shared>) -> Self {
        let manners = *lock(&shared.manners);
        Self { shared, manners, mail: Self::blank(None) }
    }

    fn blank(credentials: Option<String>) -> ReceivedMail {
        ReceivedMail { from: String::new(), to: Vec::new(), data: String::new(), credentials }
    }

    async fn run(mut self, socket: TcpStream) {
        let mut stream = BufReader::new(socket);
        if self.manners == Manners::Hang {
            // Reads so that the socket stays open until the client gives up.
            drop(stream.read_line(&mut String::new()).await);
            return;
        }
        let greeting = match self.manners {
            Manners::RefuseConnection(code) => format!("{code} not now"),
            _ => "220 mail.test ESMTP".to_owned(),
        };
        let mut reply = greeting;
        while stream.write_all(format!("{reply}\r\n").as_bytes()).await.is_ok() {
            if matches!(self.manners, Manners::RefuseConnection(_)) {
                return;
            }
            let Some(line) = read_line(&mut stream).await else { return };
            reply = match self.step(&line) {
                Step::Say(text) => text,
                Step::TakeContent => match self.take_content(&mut stream).await {
                    Some(text) => text,
                    None => return,
                },
                Step::HangUp => return,
            };
        }
    }

    fn step(&mut self, line: &str) -> Step {
        let argument = |prefix: usize| line.get(prefix..).unwrap_or_default();
        let address = || {
            line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(a, _)| a).to_owned()
        };
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => Step::Say("250-mail.test\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 AUTH PLAIN".to_owned()),
            "HELO" | "NOOP" | "RSET" => Step::Say("250 fine".to_owned()),
            "AUTH" => {
                self.mail.credentials = Some(argument("AUTH PLAIN ".len()).to_owned());
                Step::Say("235 welcome".to_owned())
            }
            "MAIL" => {
                self.mail.from = address();
                Step::Say("250 fine".to_owned())
            }
            "RCPT" => {
                if let Manners::RefuseRecipient(code) = self.manners {
                    return Step::Say(format!("{code} not this one"));
                }
                self.mail.to.push(address());
                Step::Say("250 fine".to_owned())
            }
            "DATA" => Step::TakeContent,
            "QUIT" => Step::HangUp,
            _ => Step::Say("502 what?".to_owned()),
        }
    }

    async fn take_content(&mut self, stream: &mut BufReader<TcpStream>) -> Option<String> {
        stream.write_all(b"354 go on\r\n").await.ok()?;
        loop {
            let line = read_line(stream).await?;
            if line == "." {
                break;
            }
            self.mail.data.push_str(line.strip_prefix('.').unwrap_or(&line));
            self.mail.data.push('\n');
        }
        if let Manners::RefuseContent(code) = self.manners {
            return Some(format!("{code} not this content"));
        }
        let blank = Self::blank(self.mail.credentials.clone());
        let mail = std::mem::replace(&mut self.mail, blank);
        self.shared.mails.send_modify(|mails| mails.push(mail));
        (self.manners != Manners::LoseAnswer).then(|| "250 taken".to_owned())
    }
}

async fn read_line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let length = stream.read_line(&mut line).await.ok()?;
    (length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}
