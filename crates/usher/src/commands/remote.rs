//! A running server, for commands that work through it.

use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value as Json;

/// The API of a running server with a token.
pub struct Remote {
    client: Client,
    url: String,
    token: String,
}

impl Remote {
    /// Nothing is sent yet.
    pub fn new(url: &str, token: &str) -> Result<Self, String> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the operator names the server on the command line; no visitor's address is ever called here"
        )]
        let client = Client::builder()
            .tls_backend_preconfigured(outbound::trust::client_config())
            .build()
            .map_err(|e| e.to_string())?;
        Ok(Self { client, url: url.trim_end_matches('/').to_owned(), token: token.trim().to_owned() })
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, String> {
        let response =
            request.bearer_auth(&self.token).send().await.map_err(|e| format!("{}: {e}", self.url))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status();
        let problem: Json = response.json().await.unwrap_or(Json::Null);
        let detail =
            problem["detail"].as_str().or_else(|| problem["title"].as_str()).unwrap_or("no further words");
        Err(format!("{status}: {detail}"))
    }

    /// Reads a resource.
    pub async fn get(&self, path: &str) -> Result<Json, String> {
        let response = self.send(self.client.get(format!("{}{path}", self.url))).await?;
        response.json().await.map_err(|e| e.to_string())
    }

    /// Reads a text.
    pub async fn text(&self, path: &str) -> Result<String, String> {
        self.send(self.client.get(format!("{}{path}", self.url)))
            .await?
            .text()
            .await
            .map_err(|e| e.to_string())
    }

    /// Sends a document.
    pub async fn post(&self, path: &str, body: &Json) -> Result<(), String> {
        self.send(self.client.post(format!("{}{path}", self.url)).json(body)).await.map(drop)
    }

    /// Sends a document and reads the answer; a refusal that carries a report is answered with it.
    pub async fn send_json(&self, path: &str, body: &Json) -> Result<Json, String> {
        let request = self.client.post(format!("{}{path}", self.url)).json(body).bearer_auth(&self.token);
        let response = request.send().await.map_err(|e| format!("{}: {e}", self.url))?;
        let status = response.status();
        let answer: Json = response.json().await.map_err(|e| e.to_string())?;
        if status.is_success() {
            return Ok(answer);
        }
        match answer.get("report") {
            Some(report) => Ok(report.clone()),
            None => Err(format!("{status}: {}", answer["detail"].as_str().unwrap_or("no further words"))),
        }
    }

    /// Sends a file.
    pub async fn upload(&self, path: &str, name: &str, content: Vec<u8>) -> Result<Json, String> {
        let request = self.client.post(format!("{}{path}", self.url)).query(&[("name", name)]);
        let response = self.send(request.header("content-type", "text/csv").body(content)).await?;
        response.json().await.map_err(|e| e.to_string())
    }
}
