//! Conversation steps, stored and acknowledged durably.

use crate::load::{Shared, Traffic, closed, paced, post};
use crate::{Options, figures};
use serde_json::json;
use std::sync::Arc;
use testkit::faults::endless_question;
use testkit::http::{Answer, Client};
use testkit::instance::{Console, Server};

/// Conversations, each on a connection of its own.
const CONVERSATIONS: usize = 128;

struct Talking {
    path: Shared,
    token: String,
    conversation: usize,
    count: u64,
}

impl Traffic for Talking {
    fn request(&mut self) -> Vec<u8> {
        self.count += 1;
        let id = format!("{:08x}-0000-7000-8000-{:012x}", self.conversation, self.count);
        // What the widget sends: it has everything so far and asks for what is new.
        let after = 1 + 2 * (self.count - 1);
        let body = format!(
            r#"{{"client_id":"{id}","card_id":"ask","after":{after},"input":{{"kind":"response","response_id":"more"}}}}"#
        );
        post(&self.path, Some(&self.token), &body)
    }

    fn answer(&mut self, answer: &Answer) -> bool {
        answer.status == 200
    }
}

async fn open(server: &Server, key: &str, conversation: usize) -> Result<Box<dyn Traffic>, String> {
    let mut client = Client::new(server.address());
    let view = format!("{conversation:08x}-0000-7000-8000-000000000000");
    let page = json!({ "page_view_id": view, "url": "https://www.example.com/" });
    let path = format!("/api/visitor/v1/page?site={key}");
    let answer = client.send("POST", &path, &[], Some(&page)).await.map_err(|e| e.to_string())?.json();
    let token = answer["visitor_token"].as_str().ok_or_else(|| format!("no token: {answer}"))?.to_owned();
    let begin = json!({ "page_view_id": view, "dialogue_id": answer["resolved"]["dialogue_id"] });
    let path = format!("/api/visitor/v1/conversations?site={key}");
    let opened = client
        .send("POST", &path, &[("x-usher-visitor", &token)], Some(&begin))
        .await
        .map_err(|e| e.to_string())?
        .json();
    let id = opened["conversation"]["id"].as_str().ok_or_else(|| format!("no conversation: {opened}"))?;
    let path = Arc::from(format!("/api/visitor/v1/conversations/{id}/input?site={key}"));
    Ok(Box::new(Talking { path, token, conversation, count: 0 }))
}

/// Measures at most load and at half of the goal, with the CPU that a step costs.
pub async fn run(options: &Options) -> Result<(), String> {
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
    console.publish_dialogue(&site, "Endless", endless_question()).await?;
    let mut traffic = Vec::new();
    for conversation in 0..CONVERSATIONS {
        traffic.push(open(&server, &key, conversation).await?);
    }
    let pid = server.pid().ok_or("the server runs")?;
    let (_, traffic) = closed(server.address(), traffic, 2).await;
    let (most, traffic) = closed(server.address(), traffic, options.seconds).await;
    most.say("steps at most load");
    let before = figures::cpu_seconds(pid);
    let (half, _) = paced(server.address(), traffic, 2_000.0, options.seconds).await;
    half.say("steps at 2,000/s");
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    let cpu_ms = (figures::cpu_seconds(pid) - before) * 1_000.0 / half.times.len().max(1) as f64;
    figures::at_least("conversation steps, durable", most.per_second, 4_000.0, "/s");
    figures::at_most("step p99 at 2,000/s", figures::quantile_ms(&half.times, 0.99), 20.0, "ms");
    figures::at_most("CPU of a step", cpu_ms, 0.15, "ms");
    figures::zero("steps not answered as they should be", most.bad + half.bad);
    server.terminate().await.map_err(|e| e.to_string())?;
    Ok(())
}
