//! A push service with the browsers behind it, as a process of its own that is written in another language against the
//! same standards: what it can open, browsers can.

use crate::http::Client;
use serde_json::{Value as Json, json};
use std::{net::SocketAddr, process::Stdio};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/simulators/push.mjs");

/// The service; ends when it is dropped.
#[derive(Debug)]
pub struct PushService {
    client: Client,
    _process: Child,
}

impl PushService {
    /// Starts it on a free port. Needs Node.js, as everything in `web` does.
    pub async fn start() -> Self {
        let mut process = Command::new("node")
            .arg(PROGRAM)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("Node.js");
        let output = process.stdout.take().expect("an output");
        let line = BufReader::new(output).lines().next_line().await.expect("a line").expect("a line");
        let told: Json = serde_json::from_str(&line).expect("JSON");
        let port = told["port"].as_u64().and_then(|port| u16::try_from(port).ok()).expect("a port");
        Self { client: Client::new(SocketAddr::from(([127, 0, 0, 1], port))), _process: process }
    }

    /// A browser subscribes for the key of a server: `id`, `endpoint`, `p256dh`, `auth`.
    pub async fn subscribe(&mut self, server_key: &Json) -> Json {
        self.call("POST", "/subscriptions", Some(json!({ "server_key": server_key }))).await
    }

    /// What is pushed next to a subscription is answered with these statuses, and taken after them.
    pub async fn reply(&mut self, subscription: &Json, statuses: &[u16]) {
        let path = format!("/subscriptions/{}/replies", id(subscription));
        self.call("POST", &path, Some(json!({ "statuses": statuses }))).await;
    }

    /// What was pushed to a subscription, opened: `ttl`, `urgency`, `topic`, `claims`, `content`.
    pub async fn messages(&mut self, subscription: &Json) -> Vec<Json> {
        let told = self.call("GET", &format!("/subscriptions/{}", id(subscription)), None).await;
        told["messages"].as_array().cloned().unwrap_or_default()
    }

    async fn call(&mut self, method: &str, path: &str, body: Option<Json>) -> Json {
        let answer = self.client.send(method, path, &[], body.as_ref()).await.expect("an answer");
        assert_eq!(answer.status, 200, "{method} {path}");
        answer.json()
    }
}

fn id(subscription: &Json) -> &str {
    subscription["id"].as_str().expect("an id")
}
