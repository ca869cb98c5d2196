//! One side of live chats: a client that talks, loses its connection, comes back with its numbers, and keeps what it was
//! told. It does what `docs/socket-protocol.md` asks of clients, and nothing more.

use crate::http::Client;
use crate::socket::{Entrance, Socket};
use crate::stage::{Agent, Visitor, insist};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// How messages of this generator begin: to everybody, and among agents.
pub const SAYS: &str = "say ";
/// An internal note.
pub const NOTE: &str = "note ";
/// Every so manieth message of an agent is a note.
const NOTES: usize = 10;
/// Silence after which a client connects anew.
const SILENCE: Duration = Duration::from_secs(20);

/// What everybody is to do.
#[derive(Debug, Clone)]
pub enum Phase {
    /// Talk.
    Talk,
    /// Begin nothing new; what was begun is finished.
    Hush,
    /// Listen until everything up to these numbers is there.
    Until(Arc<HashMap<String, u64>>),
}

/// Counted over all parties.
#[derive(Debug, Default)]
pub struct Counts {
    /// Messages that the server acknowledged.
    pub acknowledged: AtomicU64,
    /// Messages that were refused for the moment, and said again.
    pub refused: AtomicU64,
    /// Connections that were greeted.
    pub welcomed: AtomicU64,
    /// Visitors who have their agent.
    pub together: AtomicU64,
    /// Times that somebody had to read everything anew.
    pub resyncs: AtomicU64,
    /// Parties that have nothing under way any more.
    pub quiet: AtomicU64,
}

/// Whose client it is.
#[derive(Debug)]
pub enum Who {
    /// A visitor's.
    Visitor(Visitor),
    /// An agent's.
    Agent(Agent),
}

/// A message under way.
#[derive(Debug, Clone)]
struct Saying {
    client_id: String,
    text: String,
}

/// A conversation as this party knows it.
#[derive(Debug)]
pub struct Line {
    /// Which.
    pub conversation: String,
    /// Its chat, to agents.
    chat: String,
    /// It was listened to from here on.
    pub start: u64,
    have: u64,
    epoch: u64,
    /// Messages of this generator by number, as they were told.
    pub heard: Vec<(u64, String)>,
    /// Own messages that were acknowledged, with the number that the server named.
    pub acknowledged: Vec<(u64, String)>,
    /// What should not have happened, in words.
    pub faults: Vec<String>,
    saying: Option<Saying>,
    said: usize,
    together: bool,
}

impl Line {
    fn new(conversation: String, chat: String, start: u64, epoch: u64) -> Self {
        Self {
            conversation,
            chat,
            start,
            have: start,
            epoch,
            heard: Vec::new(),
            acknowledged: Vec::new(),
            faults: Vec::new(),
            saying: None,
            said: 0,
            together: false,
        }
    }

    fn watch(&self) -> Json {
        json!({ "t": "watch", "conversation": self.conversation, "after": self.have, "epoch": self.epoch })
    }

    fn keep(&mut self, items: &Json) {
        for item in items.as_array().into_iter().flatten() {
            let (seq, text) = (item["seq"].as_u64().unwrap_or(0), plain(&item["text"]));
            let ours = text.starts_with(SAYS) || text.starts_with(NOTE);
            if ours && item["kind"] != "changed" && seq > self.have {
                self.heard.push((seq, text));
            }
        }
    }

    /// Everything anew.
    fn read_anew(&mut self, items: &Json, upto: u64, epoch: u64) {
        self.heard.clear();
        self.have = self.start;
        self.keep(items);
        (self.have, self.epoch) = (upto, epoch);
    }
}

/// What becomes of a party: whether it was an agent's, and what it knows in the end.
pub type Told = Result<(bool, Vec<Line>), String>;

/// One client.
pub struct Party {
    who: Who,
    number: usize,
    lines: BTreeMap<String, Line>,
    phase: watch::Receiver<Phase>,
    counts: Arc<Counts>,
    quiet: bool,
}

/// Why a connection is left.
enum Left {
    /// It is gone.
    Gone,
    /// The party has everything.
    Done,
    /// Something that must not happen.
    Wrong(String),
}

impl From<String> for Left {
    fn from(_: String) -> Self {
        Self::Gone
    }
}

impl Party {
    /// A visitor, whose conversation stands as it was answered last.
    pub fn visitor(
        visitor: Visitor,
        stands: &Json,
        phase: watch::Receiver<Phase>,
        counts: Arc<Counts>,
    ) -> Self {
        let (seq, epoch) = (stands["last_seq"].as_u64().unwrap_or(0), stands["epoch"].as_u64().unwrap_or(0));
        let line = Line::new(visitor.conversation.clone(), String::new(), seq, epoch);
        let lines = BTreeMap::from([(visitor.conversation.clone(), line)]);
        Self { number: visitor.number, who: Who::Visitor(visitor), lines, phase, counts, quiet: false }
    }

    /// An agent, who takes what is offered.
    pub fn agent(agent: Agent, number: usize, phase: watch::Receiver<Phase>, counts: Arc<Counts>) -> Self {
        Self { who: Who::Agent(agent), number, lines: BTreeMap::new(), phase, counts, quiet: false }
    }

    fn name(&self) -> String {
        match self.who {
            Who::Visitor(_) => format!("visitor{}", self.number),
            Who::Agent(_) => format!("agent{}", self.number),
        }
    }

    /// Talks and listens, over one connection after the other, until everything is told.
    pub async fn run(mut self, entrances: Vec<SocketAddr>) -> Told {
        let is_agent = matches!(self.who, Who::Agent(_));
        let mut turn = self.number;
        while !self.is_done() {
            let server = entrances[turn % entrances.len()];
            turn += 1;
            match self.visit(server).await {
                Err(Left::Wrong(what)) => return Err(format!("{}: {what}", self.name())),
                Err(Left::Done) => break,
                Err(Left::Gone) | Ok(()) => sleep(Duration::from_millis(20)).await,
            }
        }
        Ok((is_agent, self.lines.into_values().collect()))
    }

    fn is_done(&mut self) -> bool {
        let talking = self.lines.values().any(|line| line.saying.is_some());
        match &*self.phase.borrow() {
            Phase::Talk => return false,
            Phase::Hush | Phase::Until(_) if talking => return false,
            Phase::Hush => {}
            Phase::Until(numbers) => {
                let there =
                    |line: &Line| numbers.get(&line.conversation).is_none_or(|upto| line.have >= *upto);
                return self.lines.values().all(there);
            }
        }
        if !std::mem::replace(&mut self.quiet, true) {
            self.counts.quiet.fetch_add(1, SeqCst);
        }
        false
    }

    async fn visit(&mut self, server: SocketAddr) -> Result<(), Left> {
        let (entrance, hello) = match &self.who {
            Who::Visitor(visitor) => (
                Entrance::of_visitor(server, visitor.site_key()),
                json!({ "t": "hello", "protocol": 1, "token": visitor.token }),
            ),
            Who::Agent(agent) => {
                (Entrance::of_console(server, &agent.cookie), json!({ "t": "hello", "protocol": 1 }))
            }
        };
        let mut socket = timeout(SILENCE, entrance.open()).await.map_err(|_| Left::Gone)??;
        socket.send(&hello).await?;
        timeout(SILENCE, socket.until("ready")).await.map_err(|_| Left::Gone)?.ok_or(Left::Gone)?;
        self.counts.welcomed.fetch_add(1, SeqCst);
        let conversations: Vec<String> = self.lines.keys().cloned().collect();
        for conversation in conversations {
            socket.send(&self.lines[&conversation].watch()).await?;
            self.say(&mut socket, &conversation).await?;
        }
        let mut phase = self.phase.clone();
        loop {
            if self.is_done() {
                return Err(Left::Done);
            }
            tokio::select! {
                frame = timeout(SILENCE, socket.next()) => match frame {
                    Ok(Some(frame)) => self.take(&mut socket, server, &frame).await?,
                    Ok(None) | Err(_) => return Ok(()),
                },
                changed = phase.changed() => changed.map_err(|_| Left::Done)?,
            }
        }
    }

    /// Says what is under way, or the next thing.
    async fn say(&mut self, socket: &mut Socket, conversation: &str) -> Result<(), Left> {
        let talks = matches!(*self.phase.borrow(), Phase::Talk);
        let (name, is_agent) = (self.name(), matches!(self.who, Who::Agent(_)));
        let Some(line) = self.lines.get_mut(conversation) else { return Ok(()) };
        if line.saying.is_none() && talks {
            let number = line.said;
            line.said += 1;
            let kind = if is_agent && number % NOTES == NOTES - 1 { NOTE } else { SAYS };
            let text = format!("{kind}{name} {number}");
            line.saying = Some(Saying { client_id: format!("{name}-{number}"), text });
        }
        let Some(saying) = &line.saying else { return Ok(()) };
        let mut frame = json!({ "t": "say", "conversation": conversation, "client_id": saying.client_id, "text": saying.text });
        if saying.text.starts_with(NOTE) {
            frame["kind"] = json!("note");
        }
        Ok(socket.send(&frame).await?)
    }

    async fn take(&mut self, socket: &mut Socket, server: SocketAddr, frame: &Json) -> Result<(), Left> {
        let conversation = frame["conversation"].as_str().unwrap_or_default().to_owned();
        match frame["t"].as_str().unwrap_or_default() {
            "messages" => self.messages(socket, &conversation, frame).await,
            "ack" => self.acknowledged(socket, &conversation, frame).await,
            "refused" => self.refused(socket, &conversation, frame).await,
            "resync" => self.read_anew(socket, server, &conversation).await,
            "offer" => self.accept(socket, server, &frame["offer"]).await,
            "chat" => {
                self.stands(&conversation, &frame["chat"]);
                Ok(())
            }
            "bye" => Err(Left::Gone),
            _ => Ok(()),
        }
    }

    async fn messages(&mut self, socket: &mut Socket, conversation: &str, frame: &Json) -> Result<(), Left> {
        let Some(line) = self.lines.get_mut(conversation) else { return Ok(()) };
        let number = |name: &str| frame[name].as_u64().unwrap_or(0);
        if number("after") > line.have {
            // Something was missed: from the own number once more.
            return Ok(socket.send(&line.watch()).await?);
        }
        line.keep(&frame["items"]);
        line.have = line.have.max(number("upto"));
        Ok(())
    }

    async fn acknowledged(
        &mut self,
        socket: &mut Socket,
        conversation: &str,
        frame: &Json,
    ) -> Result<(), Left> {
        let Some(line) = self.lines.get_mut(conversation) else { return Ok(()) };
        match line.saying.take() {
            Some(saying) if frame["client_id"] == json!(saying.client_id) => {
                line.acknowledged.push((frame["seq"].as_u64().unwrap_or(0), saying.text));
                self.counts.acknowledged.fetch_add(1, SeqCst);
                self.say(socket, conversation).await
            }
            other => {
                line.saying = other;
                Ok(())
            }
        }
    }

    async fn refused(&mut self, socket: &mut Socket, conversation: &str, frame: &Json) -> Result<(), Left> {
        let passing = matches!(frame["code"].as_str(), Some("unavailable" | "too_many"));
        if !passing || frame["client_id"].is_null() {
            return Err(Left::Wrong(format!("refused: {frame}")));
        }
        self.counts.refused.fetch_add(1, SeqCst);
        sleep(Duration::from_millis(50)).await;
        self.say(socket, conversation).await
    }

    async fn read_anew(
        &mut self,
        socket: &mut Socket,
        server: SocketAddr,
        conversation: &str,
    ) -> Result<(), Left> {
        self.counts.resyncs.fetch_add(1, SeqCst);
        let mut client = Client::new(server);
        let Some(line) = self.lines.get_mut(conversation) else { return Ok(()) };
        match &self.who {
            Who::Visitor(visitor) => {
                let read = visitor.read(&mut client).await?;
                let number = |name: &str| read[name].as_u64().unwrap_or(0);
                line.read_anew(&read["messages"], number("last_seq"), number("epoch"));
            }
            Who::Agent(agent) => {
                let path = format!("/api/v1/chats/{}/messages?after=0", line.chat);
                let headers = [("cookie", agent.cookie.as_str())];
                let read = insist(&mut client, "GET", &path, &headers, None).await?;
                let number = |name: &str| read[name].as_u64().unwrap_or(0);
                line.read_anew(&read["items"], number("upto"), number("epoch"));
            }
        }
        Ok(socket.send(&line.watch()).await?)
    }

    async fn accept(&mut self, socket: &mut Socket, server: SocketAddr, offer: &Json) -> Result<(), Left> {
        let Who::Agent(agent) = &self.who else {
            return Err(Left::Wrong("a visitor was offered a chat".to_owned()));
        };
        let (chat, conversation) = (
            offer["chat_id"].as_str().unwrap_or_default(),
            offer["conversation_id"].as_str().unwrap_or_default(),
        );
        let origin = format!("http://{server}");
        let headers = [("cookie", agent.cookie.as_str()), ("origin", origin.as_str())];
        let path = format!("/api/v1/chats/{chat}/accept");
        let taken = insist(&mut Client::new(server), "POST", &path, &headers, None).await;
        let taken = taken.map_err(Left::Wrong)?;
        if !self.lines.contains_key(conversation) {
            let epoch = taken["epoch"].as_u64().unwrap_or(0);
            let line = Line::new(conversation.to_owned(), chat.to_owned(), 0, epoch);
            self.lines.insert(conversation.to_owned(), line);
        }
        socket.send(&self.lines[conversation].watch()).await?;
        self.say(socket, conversation).await
    }

    fn stands(&mut self, conversation: &str, chat: &Json) {
        let Some(line) = self.lines.get_mut(conversation) else { return };
        let with_agent = chat["state"] == "with_agent";
        if with_agent && !std::mem::replace(&mut line.together, true) && matches!(self.who, Who::Visitor(_)) {
            self.counts.together.fetch_add(1, SeqCst);
        }
        if line.together && !with_agent {
            line.faults.push(format!("the chat is {} all of a sudden", chat["state"]));
        }
    }
}

/// The words of a rich text.
pub fn plain(text: &Json) -> String {
    let blocks = text["blocks"].as_array().into_iter().flatten();
    let spans = blocks.flat_map(|block| block["spans"].as_array().into_iter().flatten());
    spans.filter_map(|span| span["text"].as_str()).collect()
}
