//! A WebSocket client of consoles and visitors, which checks that messages follow each other without a gap.
#![allow(dead_code, reason = "every test file uses its own part")]

use crate::{console::User, support::Browser};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value as Json, json};
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};

pub struct Socket {
    pub stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// How far the messages of the watched conversation came.
    pub upto: Option<u64>,
}

/// Longer than anything takes; a test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub async fn connect(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Result<Socket, u16> {
    let mut request = format!("ws://{address}{path}").into_client_request().expect("a request");
    for (name, value) in headers {
        let name: tokio_tungstenite::tungstenite::http::HeaderName = name.parse().expect("a name");
        request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a value"));
    }
    match connect_async(request).await {
        Ok((stream, _)) => Ok(Socket { stream, upto: None }),
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

impl Socket {
    pub async fn of_agent(user: &User, address: SocketAddr) -> Self {
        let origin = format!("http://{address}");
        let cookie = user.cookie.as_deref().expect("a cookie");
        let mut socket = connect(address, "/api/v1/socket", &[("origin", &origin), ("cookie", cookie)])
            .await
            .expect("opens");
        socket.send(json!({ "t": "hello", "protocol": 1 })).await;
        assert_eq!(socket.next().await["t"], "ready");
        socket
    }

    pub async fn of_visitor(browser: &Browser, address: SocketAddr) -> Self {
        let path = format!("/api/visitor/v1/socket?site={}", browser.key);
        let mut socket = connect(address, &path, &[("origin", "https://shop.example")]).await.expect("opens");
        socket.send(json!({ "t": "hello", "protocol": 1, "token": browser.token })).await;
        assert_eq!(socket.next().await["t"], "ready");
        socket
    }

    pub async fn send(&mut self, frame: Json) {
        self.stream.send(Message::Text(frame.to_string().into())).await.expect("sends");
    }

    /// The next frame; none when the connection ends.
    pub async fn try_next(&mut self) -> Option<Json> {
        loop {
            match timeout(PATIENCE, self.stream.next()).await.expect("something comes")? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).expect("JSON")),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next frame. Frames with messages follow each other without a gap.
    pub async fn next(&mut self) -> Json {
        let frame = self.try_next().await.expect("the connection stands");
        if frame["t"] == "messages" {
            if let Some(upto) = self.upto {
                assert_eq!(frame["after"], json!(upto), "{frame}");
            }
            self.upto = frame["upto"].as_u64();
        }
        frame
    }

    /// The next frame of a kind; what comes before does not matter.
    pub async fn until(&mut self, kind: &str) -> Json {
        loop {
            let frame = self.next().await;
            if frame["t"] == kind {
                return frame;
            }
        }
    }

    /// Everything that comes before the answer to a ping: nothing more is on its way then.
    pub async fn all(&mut self) -> Vec<Json> {
        self.send(json!({ "t": "ping" })).await;
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await;
            if frame["t"] == "pong" {
                return frames;
            }
            frames.push(frame);
        }
    }

    pub async fn watch(&mut self, conversation: &Json, after: u64, epoch: &Json) -> Json {
        self.upto = None;
        self.send(
            json!({ "t": "watch", "conversation": conversation["id"], "after": after, "epoch": epoch }),
        )
        .await;
        self.until("messages").await
    }

    /// Reads messages until `text` is there.
    pub async fn hears(&mut self, text: &str) -> Vec<Json> {
        let mut items = Vec::new();
        loop {
            let frame = self.until("messages").await;
            items.extend(frame["items"].as_array().cloned().unwrap_or_default());
            if items.iter().any(|item| item["text"].to_string().contains(text)) {
                return items;
            }
        }
    }
}
