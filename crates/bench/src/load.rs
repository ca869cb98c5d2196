//! Two ways to load a server: as fast as it answers, and at a fixed rate.

use crate::figures::quantile_ms;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::http::{Answer, Client};

/// Writes the next request of one connection, already as HTTP, and looks at its answer.
pub trait Traffic: Send + 'static {
    /// The next request; none when there is nothing left to ask, which ends the connection's part and counts as bad.
    fn request(&mut self) -> Option<Vec<u8>>;
    /// Called with its answer; false when it was not what it should be.
    fn answer(&mut self, answer: &Answer) -> bool;
}

/// What a stretch of load measured.
pub struct Measured {
    /// Answers per second that were as they should be.
    pub per_second: f64,
    /// Times of the good answers, sorted.
    pub times: Vec<Duration>,
    /// Answers that were not as they should be, and broken connections.
    pub bad: u64,
}

impl Measured {
    /// One line of what was measured.
    pub fn say(&self, title: &str) {
        let q = |part| quantile_ms(&self.times, part);
        println!(
            "  {title}: {:.0}/s, p50 {:.2} ms, p99 {:.2} ms, worst {:.2} ms, {} bad",
            self.per_second,
            q(0.5),
            q(0.99),
            q(1.0),
            self.bad
        );
    }
}

/// Every connection sends its next request when the last was answered.
pub async fn closed(
    address: SocketAddr,
    traffic: Vec<Box<dyn Traffic>>,
    seconds: u64,
) -> (Measured, Vec<Box<dyn Traffic>>) {
    let begun = Instant::now();
    let end = begun + Duration::from_secs(seconds);
    let tasks: Vec<_> = traffic
        .into_iter()
        .map(|mut traffic| {
            tokio::spawn(async move {
                let mut client = Client::new(address);
                let (mut times, mut bad) = (Vec::new(), 0);
                while Instant::now() < end
                    && one(&mut client, &mut *traffic, Instant::now(), &mut times, &mut bad).await
                {
                }
                (times, bad, traffic)
            })
        })
        .collect();
    gather(tasks, begun).await
}

/// The connections together send `rate` requests a second, whether answers come or not; a time counts from when the
/// request was due, so that a server that stalls cannot hide it.
pub async fn paced(
    address: SocketAddr,
    traffic: Vec<Box<dyn Traffic>>,
    rate: f64,
    seconds: u64,
) -> (Measured, Vec<Box<dyn Traffic>>) {
    let begun = Instant::now();
    let connections = traffic.len();
    #[expect(clippy::cast_precision_loss, reason = "a handful of connections")]
    let gap = Duration::from_secs_f64(connections as f64 / rate);
    let tasks: Vec<_> = traffic
        .into_iter()
        .enumerate()
        .map(|(index, mut traffic)| {
            tokio::spawn(async move {
                let mut client = Client::new(address);
                let (mut times, mut bad) = (Vec::new(), 0);
                #[expect(clippy::cast_possible_truncation, reason = "a handful of connections")]
                let mut due = begun + gap / connections as u32 * index as u32;
                while due < begun + Duration::from_secs(seconds) {
                    tokio::time::sleep_until(due.into()).await;
                    if !one(&mut client, &mut *traffic, due, &mut times, &mut bad).await {
                        break;
                    }
                    due += gap;
                }
                (times, bad, traffic)
            })
        })
        .collect();
    gather(tasks, begun).await
}

/// False when there was nothing to ask.
async fn one(
    client: &mut Client,
    traffic: &mut dyn Traffic,
    from: Instant,
    times: &mut Vec<Duration>,
    bad: &mut u64,
) -> bool {
    let Some(request) = traffic.request() else {
        *bad += 1;
        return false;
    };
    match client.send_raw(&request).await {
        Ok(answer) if traffic.answer(&answer) => times.push(from.elapsed()),
        _ => *bad += 1,
    }
    true
}

type Task = tokio::task::JoinHandle<(Vec<Duration>, u64, Box<dyn Traffic>)>;

async fn gather(tasks: Vec<Task>, begun: Instant) -> (Measured, Vec<Box<dyn Traffic>>) {
    let (mut times, mut bad, mut traffic) = (Vec::new(), 0, Vec::new());
    for task in tasks {
        let (mine, wrong, back) = task.await.expect("a connection's task does not panic");
        times.extend(mine);
        bad += wrong;
        traffic.push(back);
    }
    let elapsed = begun.elapsed().as_secs_f64();
    times.sort_unstable();
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    let per_second = times.len() as f64 / elapsed;
    (Measured { per_second, times, bad }, traffic)
}

/// A request with a JSON body as HTTP.
pub fn post(path: &str, visitor: Option<&str>, body: &str) -> Vec<u8> {
    let visitor = visitor.map(|t| format!("x-usher-visitor: {t}\r\n")).unwrap_or_default();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nuser-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36\r\ncontent-type: text/plain\r\n{visitor}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A shared text, cheap to hand to every connection.
pub type Shared = Arc<str>;
