//! The fault run of the conversation: many visitors talk, the server is killed again and again, and afterwards every
//! acknowledged message must stand in the transcript once and in order (robust.md, Delivery).

use crate::http::Client;
use crate::instance::{Console, Server};
use serde_json::{Value as Json, json};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// How big the run is.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Visitors who talk at the same time, one conversation each.
    pub conversations: usize,
    /// How often the server is killed.
    pub kills: usize,
    /// Acknowledged messages between two kills, over all conversations.
    pub messages_between_kills: u64,
}

/// What the run found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Findings {
    /// Messages that the server acknowledged.
    pub acknowledged: u64,
    /// Acknowledged, but not in the transcript.
    pub lost: u64,
    /// In the transcript more than once.
    pub doubled: u64,
    /// In the transcript behind a later one.
    pub out_of_order: u64,
    /// Numbers missing or repeated in a transcript.
    pub misnumbered: u64,
    /// Requests that broke off and were sent again.
    pub repeated: u64,
}

/// A stream that asks the same question for ever and takes any text.
pub fn endless_question() -> Json {
    let text = |t: &str| json!({ "blocks": [{ "type": "paragraph", "spans": [{ "text": t }] }] });
    json!({ "start": "ask", "cards": [{
        "id": "ask", "kind": "question", "text": text("What else?"), "style": "buttons",
        "responses": [{ "id": "more", "label": "More", "next": "ask" }, { "id": "end", "label": "Enough", "next": "bye" }],
        "free_text": { "next": "ask" }
    }, { "id": "bye", "kind": "message", "text": text("Good bye."), "next": null }]})
}

struct Visitor {
    address: SocketAddr,
    site_key: String,
    number: usize,
    acknowledged: Arc<AtomicU64>,
    repeated: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

/// Runs the plan against `binary`.
pub async fn run(binary: impl AsRef<Path>, plan: Plan) -> Result<Findings, String> {
    let limits = [
        ("USHER_LIMITS_ADDRESS_REQUESTS_PER_MINUTE", "100000000"),
        ("USHER_LIMITS_VISITOR_REQUESTS_PER_MINUTE", "100000000"),
        ("USHER_LOG_LEVEL", "error"),
    ];
    let mut server = Server::new(binary, &limits);
    let token = server.run(&["token", "create", "fault run", "--scope", "*", "--quiet"]).await?;
    server.start().await?;
    let mut console = Console::new(server.address(), &token);
    let (site, site_key) = console.open_site("Fault run").await?;
    console.publish_dialogue(&site, "Endless", endless_question()).await?;

    let acknowledged = Arc::new(AtomicU64::new(0));
    let repeated = Arc::new(AtomicU64::new(0));
    let stop = Arc::new(AtomicBool::new(false));
    let talks: Vec<_> = (0..plan.conversations)
        .map(|number| {
            let visitor = Visitor {
                address: server.address(),
                site_key: site_key.clone(),
                number,
                acknowledged: Arc::clone(&acknowledged),
                repeated: Arc::clone(&repeated),
                stop: Arc::clone(&stop),
            };
            tokio::spawn(visitor.talk())
        })
        .collect();

    for kill in 1..=plan.kills as u64 {
        let goal = kill * plan.messages_between_kills;
        while acknowledged.load(Ordering::SeqCst) < goal {
            if talks.iter().any(tokio::task::JoinHandle::is_finished) {
                return Err("a visitor ended before the run did".to_owned());
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        server.kill().await.map_err(|e| e.to_string())?;
        server.start().await?;
    }
    stop.store(true, Ordering::SeqCst);
    let mut findings = Findings::default();
    let mut console = Console::new(server.address(), &token);
    for talk in talks {
        let (conversation, sent) = talk.await.map_err(|e| e.to_string())??;
        examine(&mut console, &conversation, &sent, &mut findings).await?;
    }
    findings.acknowledged = acknowledged.load(Ordering::SeqCst);
    findings.repeated = repeated.load(Ordering::SeqCst);
    server.terminate().await.map_err(|e| e.to_string())?;
    Ok(findings)
}

impl Visitor {
    /// Opens a conversation, then says one numbered text after another; returns the conversation and what was acknowledged.
    async fn talk(self) -> Result<(String, Vec<String>), String> {
        let mut client = Client::new(self.address);
        let page_view = uuid_like(self.number, 0);
        let page = json!({ "page_view_id": page_view, "url": "https://www.example.com/", "title": "Home" });
        let first = self.insist(&mut client, "/api/visitor/v1/page", None, &page).await?;
        let token = first["visitor_token"].as_str().ok_or("no visitor token was issued")?.to_owned();
        let dialogue = first["resolved"]["dialogue_id"]
            .as_str()
            .ok_or_else(|| format!("nothing was resolved: {first}"))?;
        let open = json!({ "page_view_id": page_view, "dialogue_id": dialogue });
        let opened = self.insist(&mut client, "/api/visitor/v1/conversations", Some(&token), &open).await?;
        let id = opened["conversation"]["id"]
            .as_str()
            .ok_or_else(|| format!("no conversation: {opened}"))?
            .to_owned();
        let path = format!("/api/visitor/v1/conversations/{id}/input");
        let mut sent = Vec::new();
        while !self.stop.load(Ordering::SeqCst) {
            let text = format!("visitor {} says {}", self.number, sent.len());
            let client_id = uuid_like(self.number, sent.len() + 1);
            let input = json!({ "client_id": client_id, "card_id": "ask", "input": { "kind": "text", "text": text } });
            self.insist(&mut client, &path, Some(&token), &input).await?;
            sent.push(text);
            self.acknowledged.fetch_add(1, Ordering::SeqCst);
        }
        Ok((id, sent))
    }

    /// Sends until the server answers; a broken connection or a 503 is tried again with the same content.
    async fn insist(
        &self,
        client: &mut Client,
        path: &str,
        token: Option<&str>,
        body: &Json,
    ) -> Result<Json, String> {
        let path = format!("{path}?site={}", self.site_key);
        let headers: Vec<(&str, &str)> = token.map(|t| ("x-usher-visitor", t)).into_iter().collect();
        let deadline = async {
            loop {
                match client.send("POST", &path, &headers, Some(body)).await {
                    Ok(answer) if (200..300).contains(&answer.status) => return Ok(answer.json()),
                    Ok(answer) if matches!(answer.status, 429 | 502 | 503) => {}
                    Ok(answer) => {
                        return Err(format!(
                            "POST {path}: {} {}",
                            answer.status,
                            String::from_utf8_lossy(&answer.body)
                        ));
                    }
                    Err(_) => {
                        self.repeated.fetch_add(1, Ordering::SeqCst);
                    }
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), deadline)
            .await
            .map_err(|_| format!("POST {path}: no answer in 60 s"))?
    }
}

/// A UUID that names visitor and message, so that a run can be read afterwards.
fn uuid_like(visitor: usize, message: usize) -> String {
    format!("{visitor:08x}-0000-7000-8000-{message:012x}")
}

async fn examine(
    console: &mut Console,
    id: &str,
    sent: &[String],
    findings: &mut Findings,
) -> Result<(), String> {
    let conversation = console.call("GET", &format!("/api/v1/conversations/{id}"), None).await?;
    let transcript = conversation["transcript"].as_array().ok_or("a conversation has a transcript")?;
    let numbers: Vec<u64> = transcript.iter().filter_map(|m| m["seq"].as_u64()).collect();
    findings.misnumbered += numbers.iter().zip(1..).filter(|(seq, expected)| *seq != expected).count() as u64;
    let said: Vec<String> =
        transcript.iter().filter(|m| m["from"] == "visitor").map(|m| plain(&m["text"])).collect();
    let mut last = None;
    for text in sent {
        let places: Vec<usize> =
            said.iter().enumerate().filter(|(_, s)| *s == text).map(|(i, _)| i).collect();
        match places.as_slice() {
            [] => findings.lost += 1,
            [place] => {
                findings.out_of_order += u64::from(last.is_some_and(|l| *place < l));
                last = Some(*place);
            }
            _ => findings.doubled += 1,
        }
    }
    Ok(())
}

fn plain(text: &Json) -> String {
    let blocks = text["blocks"].as_array().into_iter().flatten();
    let spans = blocks.flat_map(|b| b["spans"].as_array().into_iter().flatten());
    spans.filter_map(|s| s["text"].as_str()).collect()
}
