//! One connection. The reader hands frames on, the writer sends what it is given, each within its time; between them
//! [`super::session`] works. Whatever takes too long ends the connection, and the client comes back for the rest.

use super::{
    frames::{Out, PROTOCOL},
    hub::Newcomer,
    leaving::again_in_ms,
    session::Session,
    viewer::Viewer,
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
use kernel::Entropy;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, mpsc},
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
/// How long the last frames may take when the node ends.
const FAREWELL: Duration = Duration::from_secs(2);

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
    upgrade.read_buffer_size(READ_BUFFER).max_message_size(MOST_IN).max_frame_size(MOST_IN).on_upgrade(
        move |socket| {
            let leaving = web.config().leaving.clone();
            leaving.with(run(web, socket, viewer))
        },
    )
}

/// A frame and its share of the room for what waits.
type Waiting = (Message, OwnedSemaphorePermit);

/// The way to the writer. What waits there is bounded by number and by size: half of the bytes for messages, which wait for
/// room, half for everything else, which does not.
#[derive(Clone)]
pub struct Outgoing {
    queue: mpsc::Sender<Waiting>,
    messages: Arc<Semaphore>,
    others: Arc<Semaphore>,
    half: u32,
    close: CancellationToken,
}

impl Outgoing {
    fn new(queue: mpsc::Sender<Waiting>, most: u32, close: CancellationToken) -> Self {
        let half = most.div_ceil(2);
        let room = || Arc::new(Semaphore::new(usize::try_from(half).unwrap_or(Semaphore::MAX_PERMITS)));
        Self { queue, messages: room(), others: room(), half, close }
    }

    /// Sends a frame; a client for which too much waits is closed.
    pub fn send(&self, frame: &Out) {
        if let Some(text) = written(frame) {
            self.put(Message::Text(text));
        }
    }

    /// Sends a frame as soon as there is room for it: what a client missed may be more than may wait for it.
    pub async fn send_in_turn(&self, frame: &Out) {
        let Some(text) = written(frame) else { return };
        let room = tokio::select! {
            () = self.close.cancelled() => return,
            room = Arc::clone(&self.messages).acquire_many_owned(self.share(text.len())) => room,
        };
        if let Ok(room) = room {
            self.queue_up((Message::Text(text), room));
        }
    }

    /// Asks for a sign.
    pub fn ping(&self) {
        self.put(Message::Ping(bytes::Bytes::new()));
    }

    /// Says why, and closes.
    pub fn bye(&self, code: &'static str, detail: &'static str) {
        self.farewell(code, detail, None);
    }

    /// Sends the client elsewhere, and closes.
    pub fn leave(&self, dice: &dyn Entropy) {
        let detail = "This server is going away; connect again.";
        self.farewell("leaving", detail, Some(again_in_ms(dice)));
    }

    fn farewell(&self, code: &'static str, detail: &'static str, again_in_ms: Option<u16>) {
        self.send(&Out::Bye { code, detail, again_in_ms });
        let reason = Utf8Bytes::from_static(code);
        self.put(Message::Close(Some(CloseFrame { code: 4_000, reason })));
    }

    /// A frame that is longer than all the room has it to itself.
    fn share(&self, bytes: usize) -> u32 {
        u32::try_from(bytes).unwrap_or(u32::MAX).min(self.half)
    }

    fn put(&self, message: Message) {
        let bytes = if let Message::Text(text) = &message { text.len() } else { 0 };
        match Arc::clone(&self.others).try_acquire_many_owned(self.share(bytes)) {
            Ok(room) => self.queue_up((message, room)),
            Err(_) => self.close.cancel(),
        }
    }

    fn queue_up(&self, waiting: Waiting) {
        if self.queue.try_send(waiting).is_err() {
            self.close.cancel();
        }
    }
}

fn written(frame: &Out) -> Option<Utf8Bytes> {
    match serde_json::to_string(frame) {
        Ok(text) => Some(text.into()),
        Err(error) => {
            tracing::error!(%error, "a frame cannot be written");
            None
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
    let limits = &web.app().settings().sockets;
    let (slow, silence) =
        (Duration::from_secs(limits.slow_seconds), Duration::from_secs(limits.silence_seconds));
    let out = Outgoing::new(queue, limits.waiting_bytes, close.clone());
    let writer = tokio::spawn(write(sink, waiting, slow, close.clone()));
    let reader = tokio::spawn(read(stream, arrived, silence, close.clone()));
    serve(&web, viewer, &out, &mut arriving, &close).await;
    // The writer ends with its queue, after what is still in it.
    drop(out);
    reader.abort();
    let patience = if web.config().leaving.has_begun() { FAREWELL } else { slow };
    if timeout(patience, writer).await.is_err() {
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
        () = web.config().leaving.begins() => return out.leave(web.app().entropy()),
        hello = timeout(HELLO, first(arriving)) => hello,
    };
    let Ok(Some(hello)) = hello else {
        return out.bye("hello", "The first frame must be hello, within ten seconds.");
    };
    let viewer = match Box::pin(viewer.greeted(web, &hello)).await {
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
    let mut session = Session::new(web, viewer, id, out);
    out.send(&Out::Ready { protocol: PROTOCOL, at: web.app().now() });
    Box::pin(session.begin()).await;
    session.run(arriving, notes, close).await;
    session.end();
    if let Some(agent) = web.hub().leave(id) {
        Box::pin(super::hub::note(web, &[agent])).await;
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
    mut waiting: mpsc::Receiver<Waiting>,
    slow: Duration,
    close: CancellationToken,
) {
    loop {
        let next = tokio::select! {
            biased;
            () = close.cancelled() => break,
            next = waiting.recv() => next,
        };
        let Some((message, _room)) = next else { break };
        let last = matches!(message, Message::Close(_));
        let sent = tokio::select! {
            () = close.cancelled() => break,
            sent = timeout(slow, sink.send(message)) => sent,
        };
        if last || !matches!(sent, Ok(Ok(()))) {
            break;
        }
    }
    close.cancel();
    // Telling the other side goodbye is courtesy, not to be waited for.
    drop(timeout(Duration::from_millis(200), sink.close()).await);
}

async fn read(
    mut stream: SplitStream<WebSocket>,
    arrived: mpsc::Sender<Arrived>,
    silence: Duration,
    close: CancellationToken,
) {
    let mut heard = Instant::now();
    loop {
        let next = tokio::select! {
            () = close.cancelled() => return,
            next = tokio::time::timeout_at(heard + silence, stream.next()) => next,
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
