//! Who gets a chat when everybody asks at once, on two nodes: each chat is taken once, equal agents get equally many, and
//! weights are kept (spec 06, Routing).

use serde_json::{Value as Json, json};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use testkit::http::Client;
use testkit::socket::Entrance;
use testkit::stage::{Agent, Stage, Visitor};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

const BINARY: &str = env!("CARGO_BIN_EXE_usher");

/// Consoles of all agents, on both nodes in turn; they are there as long as these run.
async fn consoles(stage: &Stage) -> Vec<JoinHandle<()>> {
    let mut open = Vec::new();
    for (agent, node) in stage.agents.iter().zip(stage.entrances.iter().cycle()) {
        let mut socket = Entrance::of_console(*node, &agent.cookie).open().await.expect("opens");
        socket.send(&json!({ "t": "hello", "protocol": 1 })).await.expect("sent");
        socket.until("me").await.expect("a state");
        open.push(tokio::spawn(async move { while socket.next().await.is_some() {} }));
    }
    open
}

/// Visitors with a conversation, on both nodes in turn.
async fn visitors(stage: &Stage, number: usize) -> Vec<(Visitor, Client)> {
    let at_once = Arc::new(Semaphore::new(24));
    let opening: Vec<_> = (0..number)
        .zip(stage.entrances.iter().copied().cycle())
        .map(|(number, node)| {
            let (at_once, key) = (Arc::clone(&at_once), stage.site_key.clone());
            tokio::spawn(async move {
                let _turn = at_once.acquire_owned().await.expect("a turn");
                let mut client = Client::new(node);
                client.patience = std::time::Duration::from_secs(60);
                (Visitor::open(&mut client, &key, number).await.expect("a conversation"), client)
            })
        })
        .collect();
    let mut opened = Vec::new();
    for one in opening {
        opened.push(one.await.expect("a visitor"));
    }
    opened
}

/// All of them ask at the same moment; their chats as they are answered.
async fn ask(visitors: Vec<(Visitor, Client)>) -> Vec<Json> {
    let asking: Vec<_> = visitors
        .into_iter()
        .map(|(visitor, mut client)| tokio::spawn(async move { visitor.ask(&mut client).await }))
        .collect();
    let mut chats = Vec::new();
    for one in asking {
        chats.push(one.await.expect("an answer").expect("a conversation")["chat"].take());
    }
    chats
}

fn waiting(chats: &[Json]) -> usize {
    chats.iter().filter(|chat| chat["state"] == "waiting").count()
}

/// Chats by agent: asked for, or taken.
async fn loads(stage: &Stage) -> HashMap<String, u64> {
    let board = stage.console(0).call("GET", "/api/v1/live/board", None).await.expect("a board");
    let agents = board["agents"].as_array().into_iter().flatten();
    let load = |agent: &Json| Some((agent["id"].as_str()?.to_owned(), agent["open_chats"].as_u64()?));
    agents.filter_map(load).filter(|(id, _)| stage.agents.iter().any(|agent| agent.id == *id)).collect()
}

async fn call(
    stage: &Stage,
    node: usize,
    agent: &Agent,
    method: &str,
    path: &str,
    body: Option<Json>,
) -> (u16, Json) {
    let origin = format!("http://{}", stage.entrances[node]);
    let headers = [("cookie", agent.cookie.as_str()), ("origin", origin.as_str())];
    let mut client = Client::new(stage.entrances[node]);
    client.patience = std::time::Duration::from_secs(60);
    let path = format!("/api/v1{path}");
    let answer = client.send(method, &path, &headers, body.as_ref()).await.expect("an answer");
    (answer.status, answer.json())
}

async fn offered(stage: &Stage, agent: &Agent) -> Vec<String> {
    let (status, me) = call(stage, 0, agent, "GET", "/live/me", None).await;
    assert_eq!(status, 200, "{me}");
    let offers = me["offers"].as_array().into_iter().flatten();
    offers.filter_map(|offer| offer["chat_id"].as_str().map(str::to_owned)).collect()
}

/// Every agent takes what is offered, in two tabs on two nodes at once, while a colleague tries to take it as well.
async fn take_everything(stage: &Arc<Stage>) {
    let taking: Vec<_> = (0..stage.agents.len())
        .map(|number| {
            let stage = Arc::clone(stage);
            tokio::spawn(async move {
                let (agent, rival) =
                    (&stage.agents[number], &stage.agents[(number + 1) % stage.agents.len()]);
                for chat in offered(&stage, agent).await {
                    let path = format!("/chats/{chat}/accept");
                    let (first, second, foreign) = tokio::join!(
                        call(&stage, 0, agent, "POST", &path, None),
                        call(&stage, 1, agent, "POST", &path, None),
                        call(&stage, number % 2, rival, "POST", &path, None)
                    );
                    assert_eq!((first.0, second.0), (200, 200), "{} {}", first.1, second.1);
                    assert_eq!(foreign.0, 404, "{}", foreign.1);
                }
            })
        })
        .collect();
    for one in taking {
        one.await.expect("everything is taken");
    }
}

/// All chats that were taken.
async fn taken(stage: &Stage) -> Vec<Json> {
    let (mut console, mut rows, mut cursor) = (stage.console(1), Vec::new(), String::new());
    loop {
        let page =
            console.call("GET", &format!("/api/v1/chats?limit=200{cursor}"), None).await.expect("chats");
        rows.extend(page["items"].as_array().cloned().unwrap_or_default());
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_agents_and_a_thousand_at_once_on_two_nodes() {
    testkit::servers::allow_open_files(8_192);
    let stage = Arc::new(
        Stage::pair(BINARY, 50, &[("USHER_LIVE_CHAT_OFFER_SECONDS", "600")]).await.expect("a stage"),
    );
    let open = consoles(&stage).await;
    let chats = ask(visitors(&stage, 1_000).await).await;
    assert_eq!(waiting(&chats), 1_000);
    let given = loads(&stage).await;
    assert_eq!((given.len(), given.values().sum::<u64>()), (50, 1_000));
    let (least, most) = (given.values().min().expect("agents"), given.values().max().expect("agents"));
    assert!(most - least <= 1, "{given:?}");

    take_everything(&stage).await;
    let rows = taken(&stage).await;
    let conversations: HashSet<&str> =
        rows.iter().filter_map(|row| row["conversation_id"].as_str()).collect();
    assert_eq!((rows.len(), conversations.len()), (1_000, 1_000));
    let mut by_agent: HashMap<&str, u64> = HashMap::new();
    for row in &rows {
        assert_eq!(
            (&row["state"], row["agents"].as_array().map(Vec::len)),
            (&json!("with_agent"), Some(1)),
            "{row}"
        );
        *by_agent.entry(row["agent"]["id"].as_str().expect("an owner")).or_default() += 1;
    }
    assert!(by_agent.iter().all(|(agent, chats)| given[*agent] == *chats), "{by_agent:?}");
    once_and_with_one_greeting(&stage, &rows).await;
    of_two_changes_at_once_one_happens(&stage, &rows).await;
    open.iter().for_each(JoinHandle::abort);
    Arc::into_inner(stage).expect("nobody else has it").end().await.expect("the end");
}

/// The history of some chats: one offer, one acceptance, one sentence that says so.
async fn once_and_with_one_greeting(stage: &Stage, rows: &[Json]) {
    let mut console = stage.console(0);
    for row in rows.iter().step_by(20) {
        let path = format!("/api/v1/chats/{}", row["id"].as_str().expect("an id"));
        let view = console.call("GET", &path, None).await.expect("a chat");
        let results: Vec<&Json> =
            view["offers"].as_array().into_iter().flatten().map(|offer| &offer["result"]).collect();
        assert_eq!(results, ["accepted"], "{view}");
        let said = console.call("GET", &format!("{path}/messages?after=0"), None).await.expect("messages");
        let greetings = said["items"].as_array().into_iter().flatten().filter(|m| m["kind"] == "notice");
        assert_eq!(greetings.count(), 1, "{said}");
    }
}

/// A colleague takes a chat on one node while its owner hands it to somebody else on the other: one of both happens.
async fn of_two_changes_at_once_one_happens(stage: &Stage, rows: &[Json]) {
    for row in rows.iter().step_by(50) {
        let (chat, owner) =
            (row["id"].as_str().expect("an id"), row["agent"]["id"].as_str().expect("an owner"));
        let place = stage.agents.iter().position(|agent| agent.id == owner).expect("one of ours");
        let agent = |further: usize| &stage.agents[(place + further) % stage.agents.len()];
        let (hand, take) = (format!("/chats/{chat}/transfer"), format!("/chats/{chat}/accept"));
        let to = |further: usize| Some(json!({ "agent_id": agent(further).id }));
        let (status, said) = call(stage, 0, agent(0), "POST", &hand, to(1)).await;
        assert_eq!(status, 200, "{said}");
        let (taken, handed) = tokio::join!(
            call(stage, 1, agent(1), "POST", &take, None),
            call(stage, 0, agent(0), "POST", &hand, to(2))
        );
        let winner = if taken.0 == 200 { agent(1) } else { agent(0) };
        assert!((taken.0 == 200) != (handed.0 == 200), "{} {}", taken.1, handed.1);
        let view = seen_by_program(stage, &format!("/api/v1/chats/{chat}")).await;
        assert_eq!(
            (&view["agent"]["id"], view["agents"].as_array().map(Vec::len)),
            (&json!(winner.id), Some(1))
        );
    }
}

async fn seen_by_program(stage: &Stage, path: &str) -> Json {
    stage.console(1).call("GET", path, None).await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_with_three_times_the_weight_gets_three_times_as_many_on_two_nodes() {
    let stage = Stage::pair(BINARY, 8, &[("USHER_LIVE_CHAT_OFFER_SECONDS", "600")]).await.expect("a stage");
    let mut console = stage.console(0);
    for agent in &stage.agents[..4] {
        let path = format!("/api/v1/agents/{}", agent.id);
        console.call("PATCH", &path, Some(json!({ "weight": 3 }))).await.expect("a weight");
    }
    let open = consoles(&stage).await;
    let chats = ask(visitors(&stage, 80).await).await;
    assert_eq!(waiting(&chats), 80);
    let given = loads(&stage).await;
    let share = |agents: &[Agent]| agents.iter().map(|agent| given[&agent.id]).collect::<Vec<_>>();
    assert_eq!((share(&stage.agents[..4]), share(&stage.agents[4..])), (vec![15; 4], vec![5; 4]));
    open.iter().for_each(JoinHandle::abort);
    stage.end().await.expect("the end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_at_the_limit_is_asked_for_no_more_however_many_ask_at_once() {
    let stage = Stage::pair(BINARY, 1, &[("USHER_LIVE_CHAT_OFFER_SECONDS", "600")]).await.expect("a stage");
    let open = consoles(&stage).await;
    let chats = ask(visitors(&stage, 50).await).await;
    assert_eq!(loads(&stage).await.values().sum::<u64>(), 20, "the limit of the only agent");
    assert_eq!(waiting(&chats), 20);
    assert_eq!(chats.iter().filter(|chat| chat["outcome"] == "nobody").count(), 30);
    open.iter().for_each(JoinHandle::abort);
    stage.end().await.expect("the end");
}
