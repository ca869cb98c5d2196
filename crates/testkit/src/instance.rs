//! The real binary on a folder and port of its own, started, killed and started again.

use crate::http::{Answer, Client};
use serde_json::{Value as Json, json};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

/// A server process of the test's own.
#[derive(Debug)]
pub struct Server {
    binary: PathBuf,
    data: tempfile::TempDir,
    address: SocketAddr,
    variables: Vec<(String, String)>,
    child: Option<Child>,
}

/// A port on loopback that nobody uses at the moment.
pub fn free_address() -> SocketAddr {
    let probe = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    probe.local_addr().expect("a bound socket has an address")
}

impl Server {
    /// An empty instance for `binary`; `variables` are further `USHER_…` settings. Nothing runs yet.
    pub fn new(binary: impl AsRef<Path>, variables: &[(&str, &str)]) -> Self {
        let own = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
        Self {
            binary: binary.as_ref().to_path_buf(),
            data: tempfile::tempdir().expect("a temporary folder"),
            address: free_address(),
            variables: variables.iter().map(own).collect(),
            child: None,
        }
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The binary.
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Process number of the running server.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().and_then(Child::id)
    }

    /// Another command of the binary on the same data, not started yet.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(args)
            .env("USHER_DATA_DIR", self.data.path())
            .env("USHER_LISTEN", self.address.to_string());
        command.envs(self.variables.iter().map(|(k, v)| (k.as_str(), v.as_str()))).kill_on_drop(true);
        command
    }

    /// Runs another command of the binary on the same data; its standard output.
    pub async fn run(&self, args: &[&str]) -> Result<String, String> {
        let out = self.command(args).output().await.map_err(|e| e.to_string())?;
        if out.status.success() {
            Ok(String::from_utf8_lossy(&out.stdout).into_owned())
        } else {
            Err(String::from_utf8_lossy(&out.stderr).into_owned())
        }
    }

    /// The same with something on standard input, such as a password.
    pub async fn run_with(&self, args: &[&str], input: &str) -> Result<String, String> {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|e| e.to_string())?;
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(input.as_bytes()).await.map_err(|e| e.to_string())?;
        }
        let out = child.wait_with_output().await.map_err(|e| e.to_string())?;
        if out.status.success() {
            Ok(String::from_utf8_lossy(&out.stdout).into_owned())
        } else {
            Err(String::from_utf8_lossy(&out.stderr).into_owned())
        }
    }

    /// Starts the server and returns when `/readyz` says so.
    pub async fn start(&mut self) -> Result<(), String> {
        let mut command = self.command(&["serve"]);
        command.stdout(Stdio::null()).stderr(Stdio::inherit());
        self.child = Some(command.spawn().map_err(|e| e.to_string())?);
        let mut probe = Client::new(self.address);
        let ready = async {
            while !matches!(probe.send("GET", "/readyz", &[], None).await, Ok(Answer { status: 200, .. })) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), ready)
            .await
            .map_err(|_| "the server did not become ready in 30 s".to_owned())
    }

    /// Ends the server without a warning (SIGKILL) and waits for its end.
    pub async fn kill(&mut self) -> io::Result<()> {
        match self.child.take() {
            Some(mut child) => child.kill().await,
            None => Ok(()),
        }
    }

    /// Asks the server to end (SIGTERM) and waits for it; true when it ended with success.
    pub async fn terminate(&mut self) -> io::Result<bool> {
        let Some(mut child) = self.child.take() else { return Ok(true) };
        if let Some(pid) = child.id() {
            Command::new("kill").args(["-TERM", &pid.to_string()]).status().await?;
        }
        Ok(child.wait().await?.success())
    }
}

/// The console API with a token.
#[derive(Debug)]
pub struct Console {
    client: Client,
    authorization: String,
}

impl Console {
    /// With a token made by `usher token create`.
    pub fn new(address: SocketAddr, token: &str) -> Self {
        Self { client: Client::new(address), authorization: format!("Bearer {}", token.trim()) }
    }

    /// Sends a request and demands a success; the error names what was answered.
    pub async fn call(&mut self, method: &str, path: &str, body: Option<Json>) -> Result<Json, String> {
        let authorization = self.authorization.clone();
        let headers = [("authorization", authorization.as_str())];
        let answer = self
            .client
            .send(method, path, &headers, body.as_ref())
            .await
            .map_err(|e| format!("{method} {path}: {e}"))?;
        if (200..300).contains(&answer.status) {
            Ok(answer.json())
        } else {
            Err(format!("{method} {path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)))
        }
    }

    /// A new site that stores a visitor token at once, and its key.
    pub async fn open_site(&mut self, name: &str) -> Result<(String, String), String> {
        let site = self.call("POST", "/api/v1/sites", Some(json!({ "name": name }))).await?;
        let id = site["id"].as_str().unwrap_or_default().to_owned();
        let mut privacy = site["privacy"].clone();
        privacy["consent_mode"] = json!("open");
        self.patch(&format!("/api/v1/sites/{id}"), &site["version"], json!({ "privacy": privacy })).await?;
        Ok((id, site["key"].as_str().unwrap_or_default().to_owned()))
    }

    /// A published dialogue on a site, for everybody on every page of example.com.
    pub async fn publish_dialogue(&mut self, site: &str, name: &str, stream: Json) -> Result<String, String> {
        let targeting = json!({
            "audience": { "all": [] },
            "pages": { "include": ["https://*.example.com"], "exclude": [] },
            "events": { "mode": "any", "conditions": [] },
            "caps": {}
        });
        self.publish_with(site, name, stream, targeting).await
    }

    /// A published dialogue with a targeting of its own.
    pub async fn publish_with(
        &mut self,
        site: &str,
        name: &str,
        stream: Json,
        targeting: Json,
    ) -> Result<String, String> {
        let created =
            self.call("POST", "/api/v1/dialogues", Some(json!({ "site_id": site, "name": name }))).await?;
        let id = created["id"].as_str().unwrap_or_default().to_owned();
        let mut draft = created["draft"].clone();
        draft["stream"] = stream;
        draft["targeting"] = targeting;
        let path = format!("/api/v1/dialogues/{id}");
        self.patch(&path, &created["draft_version"], json!({ "draft": draft })).await?;
        self.call("POST", &format!("{path}/publish"), None).await?;
        Ok(id)
    }

    /// Changes what is there in a certain version.
    pub async fn patch(&mut self, path: &str, version: &Json, body: Json) -> Result<Json, String> {
        let (authorization, version) = (self.authorization.clone(), format!("\"{version}\""));
        let headers = [("authorization", authorization.as_str()), ("if-match", version.as_str())];
        let answer =
            self.client.send("PATCH", path, &headers, Some(&body)).await.map_err(|e| e.to_string())?;
        if answer.status == 200 {
            Ok(answer.json())
        } else {
            Err(format!("PATCH {path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)))
        }
    }
}
