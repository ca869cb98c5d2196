//! Page views decided and answered: 100 published dialogues, a million people, SQLite.

use crate::load::{Measured, Shared, Traffic, closed, paced, post};
use crate::{Options, figures};
use serde_json::{Value as Json, json};
use std::sync::Arc;
use testkit::faults::endless_question;
use testkit::http::Answer;
use testkit::instance::{Console, Server};

/// Connections of the generator.
const CONNECTIONS: usize = 32;
/// Of so many page views of a connection one is by a new visitor.
const NEW_VISITOR_EVERY: u64 = 10;

/// A connection that browses: a visitor looks at some pages, then the next visitor comes.
struct Browsing {
    path: Shared,
    connection: usize,
    count: u64,
    token: Option<String>,
}

impl Traffic for Browsing {
    fn request(&mut self) -> Option<Vec<u8>> {
        if self.count.is_multiple_of(NEW_VISITOR_EVERY) {
            self.token = None;
        }
        self.count += 1;
        let id = format!("{:08x}-0000-7000-8000-{:012x}", self.connection, self.count);
        let page = (self.count * 7 + self.connection as u64) % 60;
        let body = format!(
            r#"{{"page_view_id":"{id}","url":"https://www.example.com/section-{page}/article?utm_source=news","title":"Article {page}","referrer":"https://search.example/","language":"de-DE"}}"#
        );
        Some(post(&self.path, self.token.as_deref(), &body))
    }

    fn answer(&mut self, answer: &Answer) -> bool {
        if self.token.is_none() {
            self.token = answer.json()["visitor_token"].as_str().map(str::to_owned);
        }
        answer.status == 200 && self.token.is_some()
    }
}

/// A dialogue of the hundred: six conditions and a folder of its own each.
fn targeting(number: usize) -> Json {
    json!({
        "audience": { "all": [
            { "any": [
                { "attribute": "visit.language", "op": "starts_with", "values": ["de", "fr"] },
                { "attribute": "person.country", "op": "is", "values": ["Germany"] } ] },
            { "attribute": "visit.pages", "op": "at_least", "values": [1] },
            { "attribute": "person.score", "op": "is_empty" },
            { "attribute": "visit.utm_source", "op": "is", "values": ["news", "ads"] },
            { "attribute": "company.size", "op": if number.is_multiple_of(2) { "is_empty" } else { "is_not_empty" } } ] },
        "pages": { "include": [format!("https://*.example.com/section-{}/*", number % 80)], "exclude": [] },
        "events": { "mode": "any", "conditions": [] },
        "caps": {}
    })
}

/// A server with people, and its site with the hundred dialogues; the server runs.
async fn prepare(options: &Options) -> Result<(Server, String), String> {
    let limits = [
        ("USHER_LIMITS_ADDRESS_REQUESTS_PER_MINUTE", "100000000"),
        ("USHER_LIMITS_VISITOR_REQUESTS_PER_MINUTE", "100000000"),
        ("USHER_LOG_LEVEL", "error"),
    ];
    let mut server = Server::new(&options.binary, &limits);
    crate::import::fill(&server, options.rows).await?;
    let token = server.run(&["token", "create", "bench", "--scope", "*", "--quiet"]).await?;
    server.start().await?;
    let mut console = Console::new(server.address(), &token);
    let (site, key) = console.open_site("Bench").await?;
    for number in 0..100 {
        let name = format!("Dialogue {number}");
        console.publish_with(&site, &name, endless_question(), targeting(number)).await?;
    }
    Ok((server, key))
}

/// Measures at most load and at half of the goal.
pub async fn run(options: &Options) -> Result<(), String> {
    let (mut server, key) = prepare(options).await?;
    let path: Shared = Arc::from(format!("/api/visitor/v1/page?site={key}"));
    let connection = |connection| {
        Box::new(Browsing { path: Arc::clone(&path), connection, count: 0, token: None }) as Box<dyn Traffic>
    };
    let traffic: Vec<_> = (0..CONNECTIONS).map(connection).collect();
    let (_, traffic) = closed(server.address(), traffic, 2).await;
    let pid = server.pid().ok_or("the server runs")?;
    let cpu_ms = |before: f64, measured: &Measured| {
        #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
        let answered = measured.times.len().max(1) as f64;
        (figures::cpu_seconds(pid) - before) * 1_000.0 / answered
    };
    let before = figures::cpu_seconds(pid);
    let (most, traffic): (Measured, _) = closed(server.address(), traffic, options.seconds).await;
    most.say("page views at most load");
    println!("  CPU of a page view then, written to the store: {:.3} ms", cpu_ms(before, &most));
    let before = figures::cpu_seconds(pid);
    let (half, _) = paced(server.address(), traffic, 4_000.0, options.seconds).await;
    half.say("page views at 4,000/s");
    println!("  CPU of a page view then: {:.3} ms", cpu_ms(before, &half));
    figures::at_least("page views decided and answered", most.per_second, 8_000.0, "/s");
    figures::at_most("page view p99 at 4,000/s", figures::quantile_ms(&half.times, 0.99), 10.0, "ms");
    figures::zero("page views not answered as they should be", most.bad + half.bad);
    server.terminate().await.map_err(|e| e.to_string())?;
    Ok(())
}
