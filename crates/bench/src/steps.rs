//! Conversation steps, stored and acknowledged durably.

use crate::load::{Measured, Traffic, closed, paced, post};
use crate::talks::{self, ANSWERS, Answering, Kind, Talk};
use crate::{Options, figures};
use std::collections::VecDeque;
use std::sync::Arc;
use testkit::faults::endless_question;
use testkit::http::Answer;
use testkit::instance::{Console, Server};
use tokio::sync::Semaphore;

/// Conversations answered at the same time, each on a connection of its own.
const CONVERSATIONS: usize = 128;
/// For so many steps a second conversations are opened beforehand.
const ENOUGH_PER_SECOND: u64 = 10_000;
/// The rate at which latency and CPU are measured: half of the goal.
const HALF: u64 = 2_000;

/// One question without an end; see [`endless`].
struct Endless {
    talk: Talk,
    count: u64,
}

impl Traffic for Endless {
    fn request(&mut self) -> Option<Vec<u8>> {
        self.count += 1;
        let id = format!("{:08x}-0000-7000-8000-{:012x}", self.talk.number(), self.count);
        // What the widget sends: it has everything so far and asks for what is new.
        let after = 1 + 2 * (self.count - 1);
        let body = format!(
            r#"{{"client_id":"{id}","card_id":"ask","after":{after},"input":{{"kind":"response","response_id":"more"}}}}"#
        );
        Some(post(self.talk.path(), Some(self.talk.token()), &body))
    }

    fn answer(&mut self, answer: &Answer) -> bool {
        answer.status == 200
    }
}

/// A running server with one dialogue.
async fn prepare(options: &Options, dialogue: serde_json::Value) -> Result<(Server, String), String> {
    let limits = [
        ("USHER_LIMITS_ADDRESS_REQUESTS_PER_MINUTE", "100000000"),
        ("USHER_LIMITS_VISITOR_REQUESTS_PER_MINUTE", "100000000"),
        ("USHER_LOG_LEVEL", "error"),
    ];
    let mut server = Server::new(&options.binary, &limits);
    let token = server.run(&["token", "create", "bench", "--scope", "*", "--quiet"]).await?;
    server.start().await?;
    let mut console = Console::new(server.address(), &token);
    let (site, key) = console.open_site("Bench").await?;
    console.publish_dialogue(&site, "Bench", dialogue).await?;
    Ok((server, key))
}

/// Opens conversations, some at a time.
async fn open_many(server: &Server, key: &str, count: usize) -> Result<VecDeque<Talk>, String> {
    let (address, at_once) = (server.address(), Arc::new(Semaphore::new(64)));
    let opening: Vec<_> = (0..count)
        .map(|number| {
            let (key, at_once) = (key.to_owned(), Arc::clone(&at_once));
            tokio::spawn(async move {
                let _turn = at_once.acquire_owned().await.map_err(|e| e.to_string())?;
                talks::open(address, &key, number).await
            })
        })
        .collect();
    let mut opened = VecDeque::with_capacity(count);
    for one in opening {
        opened.push_back(one.await.map_err(|e| e.to_string())??);
    }
    Ok(opened)
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn per_step_ms(seconds: f64, measured: &Measured) -> f64 {
    seconds * 1_000.0 / measured.times.len().max(1) as f64
}

/// Conversations of ten answers on a server of their own, opened beforehand for so many steps.
async fn talking(
    options: &Options,
    kind: Kind,
    steps: u64,
) -> Result<(Server, Vec<Box<dyn Traffic>>), String> {
    let (server, key) = prepare(options, talks::dialogue(kind)).await?;
    let count = usize::try_from(steps).unwrap_or(usize::MAX) / ANSWERS;
    let mut opened = open_many(&server, &key, count).await?;
    let share = count / CONVERSATIONS;
    let traffic = (0..CONVERSATIONS)
        .map(|_| Box::new(Answering::new(kind, opened.drain(..share).collect())) as Box<dyn Traffic>)
        .collect();
    Ok((server, traffic))
}

/// Conversations of ten choices: at most load and at half of the goal, with the CPU of a step. Then what the other kinds of
/// conversations cost.
pub async fn run(options: &Options) -> Result<(), String> {
    let steps = (options.seconds + 2) * ENOUGH_PER_SECOND + options.seconds * HALF;
    let (mut server, traffic) = talking(options, Kind::Choices, steps).await?;
    let pid = server.pid().ok_or("the server runs")?;
    let (_, traffic) = closed(server.address(), traffic, 2).await;
    let before = figures::cpu_seconds(pid);
    let (most, traffic) = closed(server.address(), traffic, options.seconds).await;
    most.say("steps at most load, conversations of ten choices");
    println!("  CPU of a step then: {:.3} ms", per_step_ms(figures::cpu_seconds(pid) - before, &most));
    let before = figures::cpu_seconds(pid);
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let (half, _) = paced(server.address(), traffic, HALF as f64, options.seconds).await;
    half.say("steps at 2,000/s");
    let cpu_ms = per_step_ms(figures::cpu_seconds(pid) - before, &half);
    figures::at_least("conversation steps, durable", most.per_second, 4_000.0, "/s");
    figures::at_most("step p99 at 2,000/s", figures::quantile_ms(&half.times, 0.99), 20.0, "ms");
    figures::at_most("CPU of a step", cpu_ms, 0.15, "ms");
    figures::zero("steps not answered as they should be", most.bad + half.bad);
    server.terminate().await.map_err(|e| e.to_string())?;
    mixed(options).await?;
    endless(options).await
}

/// Conversations in which answers also become attributes, companies and known people.
async fn mixed(options: &Options) -> Result<(), String> {
    let (mut server, traffic) =
        talking(options, Kind::Mixed, (options.seconds + 2) * ENOUGH_PER_SECOND / 2).await?;
    let pid = server.pid().ok_or("the server runs")?;
    let (_, traffic) = closed(server.address(), traffic, 2).await;
    let before = figures::cpu_seconds(pid);
    let (most, _) = closed(server.address(), traffic, options.seconds).await;
    most.say("steps at most load, of ten answers one becomes an attribute and one is a form");
    println!("  CPU of such a step: {:.3} ms", per_step_ms(figures::cpu_seconds(pid) - before, &most));
    figures::zero("steps of them not answered as they should be", most.bad);
    server.terminate().await.map(drop).map_err(|e| e.to_string())
}

/// Conversations that never end, each longer with every step: no visitor has them, but nothing may break down under them.
async fn endless(options: &Options) -> Result<(), String> {
    let (mut server, key) = prepare(options, endless_question()).await?;
    let opened = open_many(&server, &key, CONVERSATIONS).await?;
    let traffic: Vec<_> =
        opened.into_iter().map(|talk| Box::new(Endless { talk, count: 0 }) as Box<dyn Traffic>).collect();
    let pid = server.pid().ok_or("the server runs")?;
    let (_, traffic) = closed(server.address(), traffic, 2).await;
    let before = figures::cpu_seconds(pid);
    let (most, _) = closed(server.address(), traffic, options.seconds).await;
    most.say("steps of conversations without an end, at most load");
    println!("  CPU of such a step: {:.3} ms", per_step_ms(figures::cpu_seconds(pid) - before, &most));
    figures::zero("steps of them not answered as they should be", most.bad);
    server.terminate().await.map(drop).map_err(|e| e.to_string())
}
