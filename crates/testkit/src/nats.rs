//! A real NATS server on loopback. `USHER_TEST_NATS_URL` names a running one; without it one is started for the test process.

use crate::servers::{RunningServer, free_port, new_directory};
use std::time::Duration;
use tokio::{net::TcpStream, sync::OnceCell};

/// Names a server that is running already.
pub const URL_VARIABLE: &str = "USHER_TEST_NATS_URL";

/// A NATS server that can be stopped and started again at the same address.
#[derive(Debug)]
pub struct NatsServer {
    port: u16,
    running: Option<RunningServer>,
}

impl NatsServer {
    /// A server that is not started yet; its address is known.
    pub fn stopped() -> Self {
        Self { port: free_port(), running: None }
    }

    /// A running server.
    pub async fn start() -> Self {
        let mut server = Self::stopped();
        server.start_again().await;
        server
    }

    /// Starts it (again) at its address and waits until it listens.
    pub async fn start_again(&mut self) {
        let command = ["nats-server", "-a", "127.0.0.1", "-p", &self.port.to_string()].map(str::to_owned);
        let running = RunningServer::start(new_directory("usher-nats-"), "KILL", &command);
        self.running = Some(running.expect("sh can be started"));
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!(
            "nats-server did not start (Debian: apt-get install nats-server):\n{}",
            self.running.as_ref().map(RunningServer::log).unwrap_or_default()
        );
    }

    /// Kills it.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }
}

/// The address of the server that all tests of this process share.
pub async fn shared_url() -> String {
    static SHARED: OnceCell<NatsServer> = OnceCell::const_new();
    match std::env::var(URL_VARIABLE) {
        Ok(url) if !url.is_empty() => url,
        _ => SHARED.get_or_init(NatsServer::start).await.url(),
    }
}
