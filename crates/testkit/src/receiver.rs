//! A web server on loopback that answers as it was told, one reply a request, and keeps what it was sent: the other side
//! of webhooks and of documents fetched by address.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How a request is answered.
#[derive(Debug, Clone)]
pub enum Reply {
    /// A status without content.
    Status(u16),
    /// Content.
    Content {
        /// Its media type.
        media_type: &'static str,
        /// The content.
        bytes: Vec<u8>,
    },
    /// Go elsewhere.
    Redirect(String),
    /// Never: the request is read, and the connection stays open.
    Silence,
    /// A head, then content without an end.
    Endless,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Received {
    /// Request line and headers.
    pub head: String,
    /// The content.
    pub body: Vec<u8>,
}

impl Received {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

#[derive(Debug, Default)]
struct Shared {
    replies: Mutex<VecDeque<Reply>>,
    received: Mutex<Vec<Received>>,
    came: Notify,
}

/// The server; gone when it is dropped.
#[derive(Debug)]
pub struct Receiver {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

impl Receiver {
    /// Answers with these replies in turn; with the last one for ever.
    pub async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared =
            Arc::new(Shared { replies: Mutex::new(replies.into_iter().collect()), ..Shared::default() });
        let of_task = Arc::clone(&shared);
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = Arc::clone(&of_task);
                // A client that goes away half-way is the client's business.
                tokio::spawn(async move { drop(answer(stream, &shared).await) });
            }
        });
        Self { address, shared, serving }
    }

    /// An address at this server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Everything that was sent so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replies from now on.
    pub fn reply(&self, replies: impl IntoIterator<Item = Reply>) {
        *self.shared.replies.lock().unwrap_or_else(PoisonError::into_inner) = replies.into_iter().collect();
    }

    /// Returns once `number` requests have come in all.
    pub async fn wait_for(&self, number: usize) -> Vec<Received> {
        loop {
            let came = self.shared.came.notified();
            let received = self.received();
            if received.len() >= number {
                return received;
            }
            came.await;
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn answer(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let request = read(&mut stream).await?;
    shared.received.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    shared.came.notify_waiters();
    let reply = {
        let mut replies = shared.replies.lock().unwrap_or_else(PoisonError::into_inner);
        if replies.len() > 1 { replies.pop_front() } else { replies.front().cloned() }
    };
    match reply.unwrap_or(Reply::Status(204)) {
        Reply::Status(status) => write(&mut stream, status, "", b"").await,
        Reply::Content { media_type, bytes } => {
            write(&mut stream, 200, &format!("content-type: {media_type}\r\n"), &bytes).await
        }
        Reply::Redirect(to) => write(&mut stream, 302, &format!("location: {to}\r\n"), b"").await,
        Reply::Silence => std::future::pending().await,
        Reply::Endless => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").await?;
            let more = vec![b'x'; 64 * 1024];
            loop {
                stream.write_all(&more).await?;
            }
        }
    }
}

async fn write(stream: &mut TcpStream, status: u16, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} -\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    stream.shutdown().await
}

async fn read(stream: &mut TcpStream) -> std::io::Result<Received> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut received = Received { head, body: bytes.split_off(head_end) };
    let length: usize = received.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    while received.body.len() < length {
        if stream.read_buf(&mut received.body).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(received)
}
