//! One connection. The reader hands frames on, the writer sends what it is given, each within its time; between them
//! [`super::session`] works. Whatever takes too long ends the connection, and the client comes back for the rest.

use super::{
    frames::{Out, PROTOCOL},
    hub::Newcomer,
    session::{Session, Viewer},
};
use crate::{problem::Problem, state::Web};
use axum::extract::{
    FromRequestParts,
    ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, rejection::WebSocketUpgradeRejection},
};
use axum::http::request::Parts;
use axum::response::Response;
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use std::time::Duration;
use tokio::{
    sync::mpsc,
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

/// The longest frame that a client may send.
const MOST_IN: usize = 16 * 1024;
/// The library's default of 128 KiB would be most of what an idle connection costs.
const READ_BUFFER: usize = 4_096;
/// Frames that may wait to be sent.
const QUEUE: usize = 256;
/// Frames that may wait to be worked on.
const INCOMING: usize = 16;
/// How long the client may take for its first frame.
const HELLO: Duration = Duration::from_secs(10);
/// How long one frame may take to be sent.
const SEND: Duration = Duration::from_secs(30);
/// How often the client is asked for a sign.
pub const PING: Duration = Duration::from_secs(25);
/// How long it may give none.
pub const SILENCE: Duration = Duration::from_mins(1);

/// A request that can become a socket; any other one is told why it cannot.
pub struct Upgrade(pub WebSocketUpgrade);

impl<S: Send + Sync> FromRequestParts<S> for Upgrade {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let refused = |rejection: WebSocketUpgradeRejection| {
            Problem::new(
                rejection.status(),
                format!("This address is a WebSocket: {}.", rejection.body_text()),
            )
        };
        WebSocketUpgrade::from_request_parts(parts, state).await.map(Self).map_err(refused)
    }
}

/// Accepts the upgrade.
pub fn upgrade(web: Web, upgrade: WebSocketUpgrade, viewer: Viewer) -> Response {
    upgrade
        .read_buffer_size(READ_BUFFER)
        .max_message_size(MOST_IN)
        .max_frame_size(MOST_IN)
        .on_upgrade(move |socket| run(web, socket, viewer))
}

/// The way to the writer.
#[derive(Clone)]
pub struct Outgoing {
    queue: mpsc::Sender<Message>,
    close: CancellationToken,
}

impl Outgoing {
    /// Sends a frame; a client with a full queue is closed.
    pub fn send(&self, frame: &Out) {
        match serde_json::to_string(frame) {
            Ok(text) => self.put(Message::Text(text.into())),
            Err(error) => tracing::error!(%error, "a frame cannot be written"),
        }
    }

    /// Asks for a sign.
    pub fn ping(&self) {
        self.put(Message::Ping(bytes::Bytes::new()));
    }

    /// Says why, and closes.
    pub fn bye(&self, code: &'static str, detail: &'static str) {
        self.send(&Out::Bye { code, detail });
        let reason = Utf8Bytes::from_static(code);
        self.put(Message::Close(Some(CloseFrame { code: 4_000, reason })));
    }

    fn put(&self, message: Message) {
        if self.queue.try_send(message).is_err() {
            self.close.cancel();
        }
    }
}

/// What the reader hands on.
pub enum Arrived {
    /// A frame.
    Text(Utf8Bytes),
    /// A sign that the client is there.
    Sign,
}

async fn run(web: Web, socket: WebSocket, viewer: Viewer) {
    let close = CancellationToken::new();
    let (sink, stream) = socket.split();
    let (queue, waiting) = mpsc::channel(QUEUE);
    let (arrived, mut arriving) = mpsc::channel(INCOMING);
    let out = Outgoing { queue, close: close.clone() };
    let writer = tokio::spawn(write(sink, waiting, close.clone()));
    let reader = tokio::spawn(read(stream, arrived, close.clone()));
    serve(&web, viewer, &out, &mut arriving, &close).await;
    // The writer ends with its queue, after what is still in it.
    drop(out);
    reader.abort();
    if timeout(SEND, writer).await.is_err() {
        close.cancel();
    }
}

async fn serve(
    web: &Web,
    viewer: Viewer,
    out: &Outgoing,
    arriving: &mut mpsc::Receiver<Arrived>,
    close: &CancellationToken,
) {
    let hello = tokio::select! {
        () = close.cancelled() => return,
        hello = timeout(HELLO, first(arriving)) => hello,
    };
    let Ok(Some(hello)) = hello else {
        return out.bye("hello", "The first frame must be hello, within ten seconds.");
    };
    let viewer = match viewer.greeted(web, &hello).await {
        Ok(viewer) => viewer,
        Err((code, detail)) => return out.bye(code, detail),
    };
    let newcomer = Newcomer {
        user: viewer.user(),
        console: viewer.is_console(),
        agent: viewer.takes_chats(),
        close: close.clone(),
    };
    let (id, notes) = web.hub().join(newcomer);
    out.send(&Out::Ready { protocol: PROTOCOL, at: web.app().now() });
    let mut session = Session::new(web, viewer, id, out);
    session.begin().await;
    session.run(arriving, notes, close).await;
    session.end();
    if let Some(agent) = web.hub().leave(id) {
        super::hub::note(web, &[agent]).await;
    }
}

async fn first(arriving: &mut mpsc::Receiver<Arrived>) -> Option<Utf8Bytes> {
    loop {
        match arriving.recv().await? {
            Arrived::Text(text) => return Some(text),
            Arrived::Sign => {}
        }
    }
}

async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    mut waiting: mpsc::Receiver<Message>,
    close: CancellationToken,
) {
    loop {
        let message = tokio::select! {
            biased;
            () = close.cancelled() => break,
            message = waiting.recv() => message,
        };
        let Some(message) = message else { break };
        let last = matches!(message, Message::Close(_));
        let sent = tokio::select! {
            () = close.cancelled() => break,
            sent = timeout(SEND, sink.send(message)) => sent,
        };
        if last || !matches!(sent, Ok(Ok(()))) {
            break;
        }
    }
    close.cancel();
    // Telling the other side goodbye is courtesy, not to be waited for.
    drop(timeout(Duration::from_millis(200), sink.close()).await);
}

async fn read(mut stream: SplitStream<WebSocket>, arrived: mpsc::Sender<Arrived>, close: CancellationToken) {
    let mut heard = Instant::now();
    loop {
        let next = tokio::select! {
            () = close.cancelled() => return,
            next = tokio::time::timeout_at(heard + SILENCE, stream.next()) => next,
        };
        heard = Instant::now();
        let sign = match next {
            Ok(Some(Ok(Message::Text(text)))) => Arrived::Text(text),
            Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => Arrived::Sign,
            _ => break,
        };
        if arrived.send(sign).await.is_err() {
            break;
        }
    }
    close.cancel();
}
