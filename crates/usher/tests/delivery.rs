//! Live chat while what it stands on is taken away: killed nodes, lost answers, clients that are away or do not read, NATS
//! and Postgres that go and come back (robust.md, Delivery). `cargo xtask bench faults` is the long form of it.

use serde_json::{Value as Json, json};
use std::path::Path;
use std::time::Duration;
use testkit::delivery::{Findings, Run};
use testkit::http::Client;
use testkit::proxy::Proxy;
use testkit::socket::{Entrance, Socket};
use testkit::stage::{Agent, Stage, Visitor};
use tokio::time::timeout;

const BINARY: &str = env!("CARGO_BIN_EXE_usher");
/// Longer than anything takes; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

fn unharmed(found: &Findings) {
    println!("{found}");
    assert_eq!(found.harm(), 0, "{found}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_killed_again_and_again_loses_doubles_and_disorders_nothing() {
    let mut stage = Stage::single(BINARY, 2, &[]).await.expect("a stage");
    let mut run = Run::begin(&stage, 40).await.expect("talks");
    for _ in 0..6 {
        run.messages(400).await.expect("messages");
        run.kill(&mut stage, 0).await.expect("a node that comes back, with everybody");
    }
    run.messages(200).await.expect("messages");
    let found = run.finish(&stage).await.expect("an end");
    unharmed(&found);
    assert!(found.returns >= 6 * 42, "everybody lost the connection every time: {found}");
    assert!(found.slowest_return < Duration::from_secs(5), "{found}");
    stage.end().await.expect("the end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_are_lost_after_the_message_was_stored_double_nothing() {
    let mut stage = Stage::single(BINARY, 2, &[]).await.expect("a stage");
    let proxy = Proxy::start(stage.nodes[0].address()).await.expect("a proxy");
    stage.entrances = vec![proxy.address()];
    let mut run = Run::begin(&stage, 30).await.expect("talks");
    proxy.lose(40);
    run.messages(1_500).await.expect("messages");
    proxy.lose(0);
    let found = run.finish(&stage).await.expect("an end");
    unharmed(&found);
    assert!(proxy.lost() > 20 && found.returns > 20, "only {} answers were lost: {found}", proxy.lost());
    stage.end().await.expect("the end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_killed_in_turn_without_hints_and_without_a_database_for_a_while_lose_nothing() {
    let mut stage = Stage::pair(BINARY, 2, &[]).await.expect("a stage");
    let mut run = Run::begin(&stage, 40).await.expect("talks");
    for node in [0, 1, 0, 1] {
        run.messages(200).await.expect("messages");
        run.kill(&mut stage, node).await.expect("a node that comes back");
    }

    // Without hints messages come later, and they come.
    stage.nats.as_mut().expect("NATS").stop();
    run.messages(200).await.expect("messages without NATS");
    stage.nats.as_mut().expect("NATS").start_again().await;
    run.messages(200).await.expect("messages with an empty NATS");

    // Without a database nothing is acknowledged.
    stage.postgres.as_mut().expect("Postgres").stop();
    run.refusals(80).await.expect("refusals");
    let before = run.acknowledged();
    run.refusals(80).await.expect("further refusals");
    assert_eq!(run.acknowledged(), before, "acknowledged without a database");
    stage.postgres.as_mut().expect("Postgres").start_again().await;
    run.messages(400).await.expect("messages after the outage");

    let found = run.finish(&stage).await.expect("an end");
    unharmed(&found);
    stage.end().await.expect("the end");
}

/// A visitor with an agent, both connected.
struct Talk {
    stage: Stage,
    visitor: Visitor,
    chat: String,
    /// Where the visitor joined.
    start: u64,
    epoch: Json,
    agents: Vec<Socket>,
}

async fn console(stage: &Stage, agent: &Agent) -> Socket {
    let mut socket =
        Entrance::of_console(stage.nodes[0].address(), &agent.cookie).open().await.expect("opens");
    socket.send(&json!({ "t": "hello", "protocol": 1 })).await.expect("sent");
    hears(&mut socket, "me").await;
    socket
}

async fn hears(socket: &mut Socket, kind: &str) -> Json {
    timeout(PATIENCE, socket.until(kind)).await.expect("something comes").expect("the connection stands")
}

impl Talk {
    async fn begin(agents: usize, more: &[(&str, &str)]) -> Self {
        let stage = Stage::single(BINARY, agents, more).await.expect("a stage");
        let mut consoles = Vec::new();
        for agent in &stage.agents {
            consoles.push(console(&stage, agent).await);
        }
        let mut client = Client::new(stage.nodes[0].address());
        let visitor = Visitor::open(&mut client, &stage.site_key, 1).await.expect("a conversation");
        let asked = visitor.ask(&mut client).await.expect("a chat");
        let chat = asked["chat"]["id"].as_str().expect("a chat").to_owned();
        let mut talk =
            Self { stage, visitor, chat, start: 0, epoch: asked["epoch"].clone(), agents: consoles };
        talk.by_agent(0, "POST", "/accept", None).await;
        let stands = talk.read().await;
        talk.start = stands["last_seq"].as_u64().expect("a number");
        talk
    }

    async fn by_agent(&self, agent: usize, method: &str, rest: &str, body: Option<&Json>) -> Json {
        let address = self.stage.nodes[0].address();
        let origin = format!("http://{address}");
        let headers = [("cookie", self.stage.agents[agent].cookie.as_str()), ("origin", origin.as_str())];
        let path = format!("/api/v1/chats/{}{rest}", self.chat);
        let mut client = Client::new(address);
        testkit::stage::insist(&mut client, method, &path, &headers, body).await.expect("an answer")
    }

    async fn says(&self, words: &str) {
        let body = json!({ "client_id": words.replace(' ', "-"), "kind": "text", "text": words });
        self.by_agent(0, "POST", "/messages", Some(&body)).await;
    }

    async fn read(&self) -> Json {
        let mut client = Client::new(self.stage.nodes[0].address());
        self.visitor.read(&mut client).await.expect("a conversation")
    }

    async fn visitors_socket(&self, receive_buffer: Option<u32>) -> Socket {
        let entrance = Entrance {
            receive_buffer,
            ..Entrance::of_visitor(self.stage.nodes[0].address(), &self.stage.site_key)
        };
        let mut socket = entrance.open().await.expect("opens");
        socket
            .send(&json!({ "t": "hello", "protocol": 1, "token": self.visitor.token }))
            .await
            .expect("sent");
        hears(&mut socket, "ready").await;
        socket
    }

    fn watch(&self, after: u64) -> Json {
        json!({ "t": "watch", "conversation": self.visitor.conversation, "after": after, "epoch": self.epoch })
    }
}

fn seqs(frame: &Json) -> Vec<u64> {
    frame["items"].as_array().into_iter().flatten().filter_map(|item| item["seq"].as_u64()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_was_away_gets_exactly_what_it_missed_and_beyond_the_window_everything_anew() {
    let window = [("USHER_SOCKETS_REPLAY_MESSAGES", "30")];
    let mut talk = Talk::begin(2, &window).await;
    let mut tab = talk.visitors_socket(None).await;
    tab.send(&talk.watch(talk.start)).await.expect("sent");
    hears(&mut tab, "chat").await;
    drop(tab);
    for number in 0..30 {
        talk.says(&format!("word {number}")).await;
    }
    let mut tab = talk.visitors_socket(None).await;
    tab.send(&talk.watch(talk.start)).await.expect("sent");
    let missed = hears(&mut tab, "messages").await;
    assert_eq!(seqs(&missed), (talk.start + 1..=talk.start + 30).collect::<Vec<_>>());
    drop(tab);

    // One more than the window, and another agent meanwhile.
    talk.says("word 30").await;
    let other = json!({ "agent_id": talk.stage.agents[1].id });
    talk.by_agent(0, "POST", "/transfer", Some(&other)).await;
    hears(&mut talk.agents[1], "offer").await;
    talk.by_agent(1, "POST", "/accept", None).await;
    let mut tab = talk.visitors_socket(None).await;
    tab.send(&talk.watch(talk.start)).await.expect("sent");
    assert_eq!(hears(&mut tab, "resync").await["conversation"], json!(talk.visitor.conversation));
    let whole = talk.read().await;
    assert_eq!(whole["chat"]["agents"][0]["name"], "agent1", "{}", whole["chat"]);
    let texts: Vec<&Json> =
        whole["messages"].as_array().into_iter().flatten().filter(|m| m["from"] == "agent").collect();
    assert_eq!(texts.len(), 31);
    tab.send(&talk.watch(whole["last_seq"].as_u64().expect("a number"))).await.expect("sent");
    let now = hears(&mut tab, "chat").await;
    assert_eq!(
        (&now["chat"]["state"], &now["chat"]["agents"][0]["name"]),
        (&json!("with_agent"), &json!("agent1"))
    );
    talk.stage.end().await.expect("the end");
}

/// The time limit is the server's; the test waits for what the server does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_read_is_closed_and_others_are_unharmed() {
    let limits = [("USHER_SOCKETS_SLOW_SECONDS", "2"), ("USHER_SOCKETS_SILENCE_SECONDS", "20")];
    let talk = Talk::begin(1, &limits).await;
    let long = "x".repeat(3_900);
    for number in 0..20 {
        let body = json!({ "client_id": format!("long-{number}"), "kind": "text", "text": format!("{number} {long}") });
        talk.by_agent(0, "POST", "/messages", Some(&body)).await;
    }
    let mut slow = talk.visitors_socket(Some(4_096)).await;
    let mut quick = talk.visitors_socket(None).await;
    quick.send(&talk.watch(talk.start)).await.expect("sent");
    hears(&mut quick, "messages").await;
    // It asks for everything again and again, and takes nothing: until the server gives up.
    let sockets = open_sockets(&talk.stage).await;
    assert_eq!(sockets, 2);
    let asking = async { while slow.send(&talk.watch(talk.start)).await.is_ok() {} };
    timeout(PATIENCE, asking).await.expect("the server closes it");
    let closed = async {
        while open_sockets(&talk.stage).await == 2 {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, closed).await.expect("one socket is left");
    talk.says("still here").await;
    let heard = hears(&mut quick, "messages").await;
    assert!(heard["items"].to_string().contains("still here"), "{heard}");
    talk.stage.end().await.expect("the end");
}

/// Visitors' sockets, as the node counts them.
async fn open_sockets(stage: &Stage) -> u64 {
    let mut client = Client::new(stage.nodes[0].address());
    let answer = client.send("GET", "/metrics", &[], None).await.expect("figures");
    let text = String::from_utf8_lossy(&answer.body).into_owned();
    let line = text.lines().find(|line| line.starts_with("usher_sockets{") && line.contains("visitor"));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_ends_says_goodbye_and_its_clients_go_on_at_the_other_one() {
    let mut stage = Stage::pair(Path::new(BINARY), 1, &[]).await.expect("a stage");
    let mut run = Run::begin(&stage, 12).await.expect("talks");
    run.messages(100).await.expect("messages");
    let mut client = Client::new(stage.nodes[0].address());
    let visitor = Visitor::open(&mut client, &stage.site_key, 1_000).await.expect("a conversation");
    let mut tab =
        Entrance::of_visitor(stage.nodes[0].address(), &stage.site_key).open().await.expect("opens");
    tab.send(&json!({ "t": "hello", "protocol": 1, "token": visitor.token })).await.expect("sent");
    hears(&mut tab, "ready").await;
    let goodbye = tokio::spawn(async move {
        let frame = hears(&mut tab, "bye").await;
        (frame, tab.next().await)
    });
    assert!(stage.nodes[0].terminate().await.expect("it ends"), "the node ends with success");
    let (frame, after) = goodbye.await.expect("a frame");
    assert_eq!((&frame["code"], after), (&json!("leaving"), None));
    let again = frame["again_in_ms"].as_u64().expect("a hint");
    assert!((500..4_000).contains(&again), "{again}");
    run.messages(100).await.expect("everybody goes on at the other node");
    stage.nodes[0].start().await.expect("it starts again");
    run.messages(100).await.expect("messages");
    let found = run.finish(&stage).await.expect("an end");
    unharmed(&found);
    stage.end().await.expect("the end");
}
