//! A live chat on the real binary: one node on SQLite, or two on Postgres and NATS, with agents who are signed in and a site
//! whose visitors ask for a person.

use crate::http::{Answer, Client};
use crate::instance::{Console, Server};
use crate::nats::NatsServer;
use crate::postgres::PostgresServer;
use serde_json::{Value as Json, json};
use std::net::SocketAddr;
use std::path::Path;

const PASSWORD: &str = "correct horse battery";
/// What all nodes have in common.
const KEY: &str = "4242424242424242424242424242424242424242424242424242424242424242";
/// Chats that an agent of the stage takes at once: the most that can be set.
pub const CHATS: usize = 20;

/// An agent with a session.
#[derive(Debug, Clone)]
pub struct Agent {
    /// The user.
    pub id: String,
    /// What a browser would send.
    pub cookie: String,
}

/// Nodes with everything that they need.
#[derive(Debug)]
pub struct Stage {
    /// The nodes.
    pub nodes: Vec<Server>,
    /// Where clients connect; the nodes themselves unless something was put in between.
    pub entrances: Vec<SocketAddr>,
    /// Hints between the nodes.
    pub nats: Option<NatsServer>,
    /// Where the nodes keep everything.
    pub postgres: Option<PostgresServer>,
    /// Key of the site.
    pub site_key: String,
    /// The agents.
    pub agents: Vec<Agent>,
    token: String,
}

/// A question, then an agent.
fn stream() -> Json {
    let text = |t: &str| json!({ "blocks": [{ "type": "paragraph", "spans": [{ "text": t }] }] });
    json!({ "start": "ask", "cards": [
        { "id": "ask", "kind": "question", "text": text("What brings you here?"), "style": "buttons",
          "responses": [
            { "id": "chat", "label": "A person", "next": "agent" }, { "id": "look", "label": "Nothing", "next": "bye" } ] },
        { "id": "agent", "kind": "live_chat", "text": text("One moment, please."), "routing": { "by": "round_robin" },
          "fallback": text("Nobody is here now.") },
        { "id": "bye", "kind": "message", "text": text("Have a look around."), "next": null } ]})
}

fn always() -> Json {
    let day = json!([{ "from": "00:00", "to": "24:00" }]);
    json!({ "time_zone": "UTC", "week": { "monday": day, "tuesday": day, "wednesday": day, "thursday": day,
        "friday": day, "saturday": day, "sunday": day } })
}

/// Limits that would only stop the generator.
const FREE: [(&str, &str); 6] = [
    ("USHER_LIMITS_ADDRESS_REQUESTS_PER_MINUTE", "0"),
    ("USHER_LIMITS_VISITOR_REQUESTS_PER_MINUTE", "0"),
    ("USHER_LIMITS_SIGN_INS_PER_MINUTE", "0"),
    ("USHER_LOG_LEVEL", "error"),
    ("USHER_INSTANCE_KEY", KEY),
    ("USHER_DATABASE_CONNECTIONS", "24"),
];

impl Stage {
    /// One node on SQLite.
    pub async fn single(
        binary: impl AsRef<Path>,
        agents: usize,
        more: &[(&str, &str)],
    ) -> Result<Self, String> {
        let node = Server::new(&binary, &[&FREE[..], more].concat());
        Self::set(vec![node], None, None, agents).await
    }

    /// Two nodes on Postgres and NATS of their own.
    pub async fn pair(
        binary: impl AsRef<Path>,
        agents: usize,
        more: &[(&str, &str)],
    ) -> Result<Self, String> {
        let (postgres, nats) = (PostgresServer::start().await, NatsServer::start().await);
        let nats_url = nats.url();
        let shared = [("USHER_DATABASE_URL", postgres.url()), ("USHER_NATS_URL", nats_url.as_str())];
        let variables = [&FREE[..], more, &shared[..]].concat();
        let nodes = vec![Server::new(&binary, &variables), Server::new(&binary, &variables)];
        Self::set(nodes, Some(postgres), Some(nats), agents).await
    }

    async fn set(
        mut nodes: Vec<Server>,
        postgres: Option<PostgresServer>,
        nats: Option<NatsServer>,
        agents: usize,
    ) -> Result<Self, String> {
        let first = &nodes[0];
        first.run_with(&["user", "add", "owner@example.com", "--password-stdin"], PASSWORD).await?;
        for number in 0..agents {
            let email = format!("agent{number}@example.com");
            let add = ["user", "add", &email, "--profile", "Live agent", "--password-stdin"];
            first.run_with(&add, PASSWORD).await?;
        }
        let token = first.run(&["token", "create", "stage", "--scope", "*", "--quiet"]).await?;
        for node in &mut nodes {
            node.start().await?;
        }
        let mut console = Console::new(nodes[0].address(), &token);
        let (site, site_key) = console.open_site("Stage").await?;
        console.publish_dialogue(&site, "Help", stream()).await?;
        let entrances = nodes.iter().map(Server::address).collect();
        let mut stage = Self { nodes, entrances, nats, postgres, site_key, agents: Vec::new(), token };
        for number in 0..agents {
            stage.agents.push(employ(&mut console, stage.nodes[0].address(), number).await?);
        }
        Ok(stage)
    }

    /// The console API of a node, with every right.
    pub fn console(&self, node: usize) -> Console {
        Console::new(self.nodes[node].address(), &self.token)
    }

    /// Ends everything.
    pub async fn end(mut self) -> Result<(), String> {
        for node in &mut self.nodes {
            node.terminate().await.map_err(|e| e.to_string())?;
        }
        Ok(())
    }
}

/// Signs an agent in and gives hours and room for chats.
async fn employ(console: &mut Console, address: SocketAddr, number: usize) -> Result<Agent, String> {
    let credentials = json!({ "email": format!("agent{number}@example.com"), "password": PASSWORD });
    let origin = format!("http://{address}");
    let headers = [("origin", origin.as_str())];
    let answer = Client::new(address)
        .send("POST", "/api/v1/session", &headers, Some(&credentials))
        .await
        .map_err(|e| e.to_string())?;
    let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
    let cookie = cookie.ok_or_else(|| refusal("POST /session", &answer))?.to_owned();
    let id = answer.json()["user"]["id"].as_str().map(str::to_owned);
    let id = id.ok_or_else(|| refusal("POST /session", &answer))?;
    let work = json!({ "live_chat": always(), "chat_limit": CHATS });
    console.call("PATCH", &format!("/api/v1/agents/{id}"), Some(work)).await?;
    Ok(Agent { id, cookie })
}

fn refusal(what: &str, answer: &Answer) -> String {
    format!("{what}: {} {}", answer.status, String::from_utf8_lossy(&answer.body))
}

/// A visitor with an open conversation.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Names the visitor in ids.
    pub number: usize,
    /// The visitor's token.
    pub token: String,
    /// The conversation.
    pub conversation: String,
    site_key: String,
}

impl Visitor {
    /// Looks at a page and opens what is shown there.
    pub async fn open(client: &mut Client, site_key: &str, number: usize) -> Result<Self, String> {
        let view = format!("{number:08x}-0000-7000-8000-000000000000");
        let page = json!({ "page_view_id": view, "url": "https://www.example.com/", "title": "Home" });
        let mut visitor =
            Self { number, token: String::new(), conversation: String::new(), site_key: site_key.to_owned() };
        let seen = visitor.post(client, "page", &page).await?;
        visitor.token = seen["visitor_token"].as_str().ok_or_else(|| format!("no token: {seen}"))?.to_owned();
        let open = json!({ "page_view_id": view, "dialogue_id": seen["resolved"]["dialogue_id"] });
        let opened = visitor.post(client, "conversations", &open).await?;
        let id = opened["conversation"]["id"].as_str();
        id.ok_or_else(|| format!("no conversation: {opened}"))?.clone_into(&mut visitor.conversation);
        Ok(visitor)
    }

    /// Key of the site.
    pub fn site_key(&self) -> &str {
        &self.site_key
    }

    /// Asks for a person; the conversation as it stands then.
    pub async fn ask(&self, client: &mut Client) -> Result<Json, String> {
        let input = json!({ "client_id": format!("{:08x}-0000-7000-8000-000000000001", self.number), "card_id": "ask",
            "input": { "kind": "response", "response_id": "chat" } });
        self.post(client, &format!("conversations/{}/input", self.conversation), &input).await
    }

    /// The conversation as it stands.
    pub async fn read(&self, client: &mut Client) -> Result<Json, String> {
        self.call(client, "GET", &format!("conversations/{}", self.conversation), None).await
    }

    async fn post(&self, client: &mut Client, path: &str, body: &Json) -> Result<Json, String> {
        self.call(client, "POST", path, Some(body)).await
    }

    /// Calls until the server answers: a broken connection or a 503 is tried again with the same content.
    pub async fn call(
        &self,
        client: &mut Client,
        method: &str,
        path: &str,
        body: Option<&Json>,
    ) -> Result<Json, String> {
        let path = format!("/api/visitor/v1/{path}?site={}", self.site_key);
        let headers = [("x-usher-visitor", self.token.as_str())];
        let headers = if self.token.is_empty() { &headers[..0] } else { &headers[..] };
        insist(client, method, &path, headers, body).await
    }
}

/// Calls until there is an answer that is not *try again*.
pub async fn insist(
    client: &mut Client,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Json>,
) -> Result<Json, String> {
    let mut last = String::new();
    for _ in 0..600 {
        match client.send(method, path, headers, body).await {
            Ok(answer) if (200..300).contains(&answer.status) => return Ok(answer.json()),
            Ok(answer) if !matches!(answer.status, 429 | 502 | 503) => {
                return Err(refusal(&format!("{method} {path}"), &answer));
            }
            Ok(answer) => last = refusal("last", &answer),
            Err(error) => last = error.to_string(),
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    Err(format!("{method} {path}: no answer; {last}"))
}
