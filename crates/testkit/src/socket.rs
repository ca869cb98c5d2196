//! A WebSocket of a test: light enough for ten thousand of them in one process.

use futures_util::{SinkExt, StreamExt};
use serde_json::Value as Json;
use std::net::{IpAddr, SocketAddr};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
        protocol::WebSocketConfig,
    },
};

/// The library's default of 128 KiB a connection would be more than a gigabyte for ten thousand.
const READ_BUFFER: usize = 4_096;

/// Where and how to connect.
#[derive(Debug, Clone)]
pub struct Entrance {
    /// The server.
    pub server: SocketAddr,
    /// Path and query.
    pub path: String,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// From which own address; more than one are needed for more connections than an address has ports.
    pub from: Option<IpAddr>,
    /// Bytes that the system may take in for a client that does not read; none for the system's own choice.
    pub receive_buffer: Option<u32>,
}

impl Entrance {
    /// A visitor's, on a site.
    pub fn of_visitor(server: SocketAddr, site_key: &str) -> Self {
        let headers = vec![("origin".to_owned(), "https://www.example.com".to_owned())];
        let path = format!("/api/visitor/v1/socket?site={site_key}");
        Self { server, path, headers, from: None, receive_buffer: None }
    }

    /// A console's, with the cookie of a session.
    pub fn of_console(server: SocketAddr, cookie: &str) -> Self {
        let headers =
            vec![("origin".to_owned(), format!("http://{server}")), ("cookie".to_owned(), cookie.to_owned())];
        Self { server, path: "/api/v1/socket".to_owned(), headers, from: None, receive_buffer: None }
    }

    /// Connects; the error is the status of a refusal, or why there is no connection.
    pub async fn open(&self) -> Result<Socket, String> {
        let stream = self.connect().await.map_err(|error| error.to_string())?;
        let mut request =
            format!("ws://{}{}", self.server, self.path).into_client_request().map_err(|e| e.to_string())?;
        for (name, value) in &self.headers {
            let name: HeaderName = name.parse().map_err(|_| format!("{name} is no header"))?;
            let value = HeaderValue::from_str(value).map_err(|e| e.to_string())?;
            request.headers_mut().insert(name, value);
        }
        let config = WebSocketConfig::default().read_buffer_size(READ_BUFFER).write_buffer_size(0);
        match client_async_with_config(request, stream, Some(config)).await {
            Ok((stream, _)) => Ok(Socket { stream }),
            Err(Error::Http(answer)) => Err(answer.status().as_u16().to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn connect(&self) -> std::io::Result<TcpStream> {
        let socket = if self.server.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        if let Some(bytes) = self.receive_buffer {
            socket.set_recv_buffer_size(bytes)?;
        }
        if let Some(from) = self.from {
            socket.bind(SocketAddr::new(from, 0))?;
        }
        let stream = socket.connect(self.server).await?;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

/// An open connection.
#[derive(Debug)]
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Sends a frame; fails when the connection is gone.
    pub async fn send(&mut self, frame: &Json) -> Result<(), String> {
        self.stream.send(Message::Text(frame.to_string().into())).await.map_err(|error| error.to_string())
    }

    /// The next frame as it came; none when the connection ended.
    pub async fn next_text(&mut self) -> Option<String> {
        loop {
            match self.stream.next().await? {
                Ok(Message::Text(text)) => return Some(text.as_str().to_owned()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next frame; none when the connection ended.
    pub async fn next(&mut self) -> Option<Json> {
        let text = self.next_text().await?;
        Some(serde_json::from_str(&text).unwrap_or(Json::Null))
    }

    /// The next frame of a kind; what comes before does not matter. None when the connection ended.
    pub async fn until(&mut self, kind: &str) -> Option<Json> {
        loop {
            let frame = self.next().await?;
            if frame["t"] == kind {
                return Some(frame);
            }
        }
    }
}
