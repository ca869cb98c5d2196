//! Live chat over sockets: many open connections, of which some talk. How long a message takes to be stored and on the other
//! side's screen, how many can be stored, and what a silent connection costs.

use crate::{Options, figures};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use testkit::http::Client;
use testkit::party::plain;
use testkit::socket::{Entrance, Socket};
use testkit::stage::{Agent, CHATS, Stage, Visitor, insist};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

/// Agents, each with as many chats as can be.
const AGENTS: usize = 25;
/// Messages a second of both sides together at which the time is measured.
const RATE: u64 = 1_000;
/// Own addresses from which connections are made: each has ports for about 28,000.
const SOURCES: u8 = 4;

/// What everybody does at the moment.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Pace {
    /// Nothing.
    Silent,
    /// Each side of each chat says something at this interval.
    Every(Duration),
    /// The next word follows the acknowledgement of the last.
    AtOnce,
    /// The end.
    Over,
}

/// What is measured.
struct Gauge {
    begun: Instant,
    acknowledged: AtomicU64,
    refused: AtomicU64,
    closed: AtomicU64,
}

impl Gauge {
    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// One connection that talks: a visitor's with one chat, or an agent's with many.
struct Talker {
    socket: Socket,
    side: &'static str,
    number: usize,
    conversations: Vec<String>,
    said: u64,
    gauge: Arc<Gauge>,
    pace: watch::Receiver<Pace>,
    /// From saying to hearing, of what the other side said.
    times: Vec<Duration>,
}

impl Talker {
    async fn run(mut self) -> Vec<Duration> {
        loop {
            let pace = *self.pace.borrow_and_update();
            let went_on = match pace {
                Pace::Over => break,
                Pace::Silent => self.listen().await,
                Pace::Every(gap) => self.steadily(gap).await,
                Pace::AtOnce => self.without_pause().await,
            };
            if !went_on {
                self.gauge.closed.fetch_add(1, Relaxed);
                break;
            }
        }
        self.times
    }

    /// Until the pace changes; false when the connection ended.
    async fn listen(&mut self) -> bool {
        loop {
            tokio::select! {
                changed = self.pace.changed() => return changed.is_ok(),
                text = self.socket.next_text() => match text {
                    Some(text) => {
                        self.hear(&text);
                    }
                    None => return false,
                },
            }
        }
    }

    async fn steadily(&mut self, gap: Duration) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "a handful of conversations")]
        let each = gap / self.conversations.len() as u32;
        // Everybody begins at another moment, so that the load is even.
        let offset = gap.mul_f64(real(self.number as u64 * 37 % 100) / 100.0);
        let (mut due, mut place) = (self.gauge.begun.elapsed() + offset, 0);
        loop {
            let at = tokio::time::Instant::from_std(self.gauge.begun + due);
            tokio::select! {
                changed = self.pace.changed() => return changed.is_ok(),
                text = self.socket.next_text() => match text {
                    Some(text) => {
                        self.hear(&text);
                    }
                    None => return false,
                },
                () = tokio::time::sleep_until(at) => {
                    let micros = u64::try_from(due.as_micros()).unwrap_or(u64::MAX);
                    if !self.say(place, micros).await {
                        return false;
                    }
                    place = (place + 1) % self.conversations.len();
                    due += each;
                }
            }
        }
    }

    async fn without_pause(&mut self) -> bool {
        for place in 0..self.conversations.len() {
            if !self.say(place, self.gauge.now()).await {
                return false;
            }
        }
        loop {
            tokio::select! {
                changed = self.pace.changed() => return changed.is_ok(),
                text = self.socket.next_text() => {
                    let Some(text) = text else { return false };
                    let answered = self.hear(&text);
                    if let Some(place) = answered
                        && !self.say(place, self.gauge.now()).await
                    {
                        return false;
                    }
                }
            }
        }
    }

    async fn say(&mut self, place: usize, micros: u64) -> bool {
        self.said += 1;
        let frame = json!({ "t": "say", "conversation": self.conversations[place],
            "client_id": format!("{}{}-{place}-{}", self.side, self.number, self.said),
            "text": format!("{} {micros} And how long would that take, roughly?", self.side) });
        self.socket.send(&frame).await.is_ok()
    }

    /// Looks at a frame; the place of the conversation whose message was acknowledged or refused.
    fn hear(&mut self, text: &str) -> Option<usize> {
        if text.starts_with(r#"{"t":"messages""#) {
            self.messages(text);
            return None;
        }
        let acknowledged = text.starts_with(r#"{"t":"ack""#);
        if !acknowledged && !text.starts_with(r#"{"t":"refused""#) {
            return None;
        }
        let counter = if acknowledged { &self.gauge.acknowledged } else { &self.gauge.refused };
        counter.fetch_add(1, Relaxed);
        let id = text.split(r#""client_id":""#).nth(1)?;
        id.split('-').nth(1)?.parse().ok()
    }

    fn messages(&mut self, text: &str) {
        let now = self.gauge.now();
        let frame: Json = serde_json::from_str(text).unwrap_or_default();
        for item in frame["items"].as_array().into_iter().flatten() {
            let words = plain(&item["text"]);
            let Some((side, rest)) = words.split_once(' ') else { continue };
            let sent = rest.split(' ').next().and_then(|micros| micros.parse::<u64>().ok());
            // At most load a time tells of nothing but the queue.
            let steady = matches!(*self.pace.borrow(), Pace::Every(_));
            if let Some(sent) = sent.filter(|_| steady && side != self.side) {
                self.times.push(Duration::from_micros(now.saturating_sub(sent)));
            }
        }
    }
}

fn from(number: usize) -> Option<IpAddr> {
    let last = u8::try_from(number % usize::from(SOURCES)).unwrap_or(0) + 1;
    Some(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)))
}

async fn enter(entrance: &Entrance, hello: &Json, watched: &[(String, u64, u64)]) -> Result<Socket, String> {
    let mut socket = entrance.open().await?;
    socket.send(hello).await?;
    socket.until("ready").await.ok_or("no greeting")?;
    for (conversation, after, epoch) in watched {
        socket
            .send(&json!({ "t": "watch", "conversation": conversation, "after": after, "epoch": epoch }))
            .await?;
        socket.until("messages").await.ok_or("no messages")?;
    }
    Ok(socket)
}

fn hello(token: Option<&str>) -> Json {
    json!({ "t": "hello", "protocol": 1, "token": token })
}

/// Does something for each of so many, some at a time.
async fn many<T, F>(count: usize, one: impl Fn(usize) -> F) -> Result<Vec<T>, String>
where
    T: Send + 'static,
    F: Future<Output = Result<T, String>> + Send + 'static,
{
    let at_once = Arc::new(Semaphore::new(64));
    let tasks: Vec<_> = (0..count)
        .map(|number| {
            let (at_once, one) = (Arc::clone(&at_once), one(number));
            tokio::spawn(async move {
                let _turn = at_once.acquire_owned().await.map_err(|e| e.to_string())?;
                one.await
            })
        })
        .collect();
    let mut done = Vec::with_capacity(count);
    for task in tasks {
        done.push(task.await.map_err(|e| e.to_string())??);
    }
    Ok(done)
}

async fn open(stage: &Stage, first: usize, count: usize) -> Result<Vec<Visitor>, String> {
    let (server, key) = (stage.nodes[0].address(), stage.site_key.clone());
    many(count, |number| {
        let key = key.clone();
        async move { Visitor::open(&mut Client::new(server), &key, first + number).await }
    })
    .await
}

/// What an agent took: conversation, last number, epoch.
async fn take(server: SocketAddr, agent: Agent) -> Result<Vec<(String, u64, u64)>, String> {
    let (mut client, origin) = (Client::new(server), format!("http://{server}"));
    let headers = [("cookie", agent.cookie.as_str()), ("origin", origin.as_str())];
    let me = insist(&mut client, "GET", "/api/v1/live/me", &headers, None).await?;
    let mut taken = Vec::new();
    for offer in me["offers"].as_array().into_iter().flatten() {
        let path = format!("/api/v1/chats/{}/accept", offer["chat_id"].as_str().unwrap_or_default());
        let view = insist(&mut client, "POST", &path, &headers, None).await?;
        let number = |name: &str| view[name].as_u64().unwrap_or(0);
        let conversation = view["conversation_id"].as_str().unwrap_or_default().to_owned();
        taken.push((conversation, number("last_seq"), number("epoch")));
    }
    Ok(taken)
}

/// Agents and visitors who talk.
async fn talkers(
    stage: &Stage,
    gauge: &Arc<Gauge>,
    pace: &watch::Receiver<Pace>,
) -> Result<Vec<JoinHandle<Vec<Duration>>>, String> {
    let server = stage.nodes[0].address();
    let mut consoles = Vec::new();
    for agent in &stage.agents {
        consoles.push(enter(&Entrance::of_console(server, &agent.cookie), &hello(None), &[]).await?);
    }
    let visitors = open(stage, 0, AGENTS * CHATS).await?;
    let asking = visitors.clone();
    many(visitors.len(), |number| {
        let visitor = asking[number].clone();
        async move { visitor.ask(&mut Client::new(server)).await }
    })
    .await?;
    let (mut running, mut places) = (Vec::new(), HashMap::new());
    let talker = |socket, side, number, conversations| {
        let (gauge, pace) = (Arc::clone(gauge), pace.clone());
        tokio::spawn(
            Talker { socket, side, number, conversations, said: 0, gauge, pace, times: Vec::new() }.run(),
        )
    };
    for (number, (agent, mut socket)) in stage.agents.iter().zip(consoles).enumerate() {
        let taken = take(server, agent.clone()).await?;
        for (conversation, after, epoch) in &taken {
            socket
                .send(&json!({ "t": "watch", "conversation": conversation, "after": after, "epoch": epoch }))
                .await?;
            places.insert(conversation.clone(), (*after, *epoch));
        }
        let conversations = taken.into_iter().map(|(conversation, ..)| conversation).collect();
        running.push(talker(socket, "agent", number, conversations));
    }
    for visitor in visitors {
        let (after, epoch) =
            *places.get(&visitor.conversation).ok_or("a chat that nobody took: the stage is too small")?;
        let watched = [(visitor.conversation.clone(), after, epoch)];
        let entrance =
            Entrance { from: from(visitor.number), ..Entrance::of_visitor(server, &stage.site_key) };
        let socket = enter(&entrance, &hello(Some(&visitor.token)), &watched).await?;
        running.push(talker(socket, "visitor", visitor.number, vec![visitor.conversation]));
    }
    Ok(running)
}

/// Connections of visitors who say nothing, each with a conversation of its own; they listen as long as they are there.
async fn idle(stage: &Stage, visitors: Vec<Visitor>) -> Result<Vec<JoinHandle<()>>, String> {
    let (server, key) = (stage.nodes[0].address(), stage.site_key.clone());
    many(visitors.len(), |number| {
        let (visitor, key) = (visitors[number].clone(), key.clone());
        async move {
            let entrance = Entrance { from: from(number), ..Entrance::of_visitor(server, &key) };
            let watched = [(visitor.conversation.clone(), 0, 1)];
            let mut socket = enter(&entrance, &hello(Some(&visitor.token)), &watched).await?;
            Ok(tokio::spawn(async move { while socket.next_text().await.is_some() {} }))
        }
    })
    .await
}

/// The median time of a flush of a small write in a folder.
fn flush_ms(folder: &Path) -> f64 {
    let path = folder.join("flush-probe");
    let Ok(mut file) = File::create(&path) else { return 0.0 };
    let mut times: Vec<Duration> = (0..200)
        .filter_map(|_| {
            let begun = Instant::now();
            file.write_all(&[7; 4_096]).and_then(|()| file.sync_data()).ok()?;
            Some(begun.elapsed())
        })
        .collect();
    drop(std::fs::remove_file(path));
    times.sort_unstable();
    figures::quantile_ms(&times, 0.5)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
const fn real(number: u64) -> f64 {
    number as f64
}

/// Ten thousand connections, a thousand messages a second; then as many messages as there can be.
pub async fn run(options: &Options) -> Result<(), String> {
    testkit::servers::allow_open_files(65_536);
    let stage = Stage::single(&options.binary, AGENTS, &[]).await?;
    let pid = stage.nodes[0].pid().ok_or("the server runs")?;
    let begun = Instant::now();
    let gauge = Arc::new(Gauge {
        begun,
        acknowledged: AtomicU64::new(0),
        refused: AtomicU64::new(0),
        closed: AtomicU64::new(0),
    });
    let (pace, paced) = watch::channel(Pace::Silent);
    let talking = talkers(&stage, &gauge, &paced).await?;

    let silent = options.connections.saturating_sub(talking.len());
    let visitors = open(&stage, 1_000_000, silent).await?;
    let before = figures::memory_mib(pid, "VmRSS");
    let idle = idle(&stage, visitors).await?;
    let after = figures::memory_mib(pid, "VmRSS");
    println!(
        "  {} connections, {before:.0} MiB before {silent} silent ones and {after:.0} MiB with them",
        talking.len() + silent
    );
    let idle_cpu = figures::cpu_seconds(pid);
    tokio::time::sleep(Duration::from_secs(options.seconds)).await;
    println!(
        "  CPU of the server while nobody talks: {:.1} % of a core",
        (figures::cpu_seconds(pid) - idle_cpu) * 100.0 / real(options.seconds)
    );

    let gap = Duration::from_secs_f64(real(2 * (AGENTS * CHATS) as u64) / real(RATE));
    let cpu = figures::cpu_seconds(pid);
    let first = stretch(&pace, Pace::Every(gap), &gauge, options.seconds).await;
    let cpu = figures::cpu_seconds(pid) - cpu;
    println!(
        "  {first:.0} messages/s acknowledged; CPU of the server for one: {:.3} ms",
        cpu * 1_000.0 / (first * real(options.seconds))
    );
    let most = stretch(&pace, Pace::AtOnce, &gauge, options.seconds).await;
    pace.send_replace(Pace::Over);
    let mut times = Vec::new();
    for one in talking {
        times.extend(one.await.map_err(|e| e.to_string())?);
    }
    times.sort_unstable();
    let flush = flush_ms(stage.nodes[0].data());
    let q = |part| figures::quantile_ms(&times, part);
    println!(
        "  said until heard at {RATE}/s: {} messages, p50 {:.2} ms, p99 {:.2} ms, worst {:.2} ms; one flush {flush:.2} ms",
        times.len(),
        q(0.5),
        q(0.99),
        q(1.0)
    );
    figures::at_most("chat message on the other screen, p99 beyond one flush", q(0.99) - flush, 15.0, "ms");
    figures::at_least("chat messages stored at most load", most, 8_000.0, "/s");
    let each = (after - before) * 1_024.0 / real(silent as u64).max(1.0);
    figures::at_most("memory of an idle connection", each, 15.0, "KiB");
    let bad = gauge.refused.load(Relaxed) + gauge.closed.load(Relaxed);
    figures::zero("messages refused and connections lost", bad);
    idle.iter().for_each(JoinHandle::abort);
    stage.end().await
}

/// Acknowledged messages a second while everybody talks at a pace.
async fn stretch(to: &watch::Sender<Pace>, pace: Pace, gauge: &Gauge, seconds: u64) -> f64 {
    to.send_replace(pace);
    // Until everybody is at it.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (begun, before) = (Instant::now(), gauge.acknowledged.load(Relaxed));
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let said = gauge.acknowledged.load(Relaxed) - before;
    real(said) / begun.elapsed().as_secs_f64()
}
