//! A proxy that loses answers: what the client sent arrives and is acted on, and the connection breaks before the answer.

use crate::SeededEntropy;
use kernel::Entropy;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A running proxy; it ends with this value.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    share: Arc<AtomicU32>,
    cut: Arc<AtomicU64>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// In front of a server. Nothing is cut yet.
    pub async fn start(target: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (share, cut) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU64::new(0)));
        let knife =
            Knife { share: Arc::clone(&share), cut: Arc::clone(&cut), dice: Arc::new(SeededEntropy::new(5)) };
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, target, knife.clone()));
            }
        });
        Ok(Self { address, share, cut, accepting })
    }

    /// Where clients connect.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on so many of a thousand answers are lost, with their connection.
    pub fn lose(&self, of_a_thousand: u32) {
        self.share.store(of_a_thousand, Ordering::SeqCst);
    }

    /// How many were lost.
    pub fn lost(&self) -> u64 {
        self.cut.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

#[derive(Clone)]
struct Knife {
    share: Arc<AtomicU32>,
    cut: Arc<AtomicU64>,
    dice: Arc<SeededEntropy>,
}

impl Knife {
    fn cuts(&self) -> bool {
        let mut bytes = [0; 4];
        self.dice.fill(&mut bytes);
        let cuts = u32::from_le_bytes(bytes) % 1_000 < self.share.load(Ordering::SeqCst);
        self.cut.fetch_add(u64::from(cuts), Ordering::SeqCst);
        cuts
    }
}

async fn pass(client: TcpStream, target: SocketAddr, knife: Knife) {
    let Ok(server) = TcpStream::connect(target).await else { return };
    drop((client.set_nodelay(true), server.set_nodelay(true)));
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let there = tokio::spawn(async move {
        drop(copy(&mut from_client, &mut to_server).await);
        drop(to_server.shutdown().await);
    });
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(read) = from_server.read(&mut buffer).await {
        if read == 0 || knife.cuts() || to_client.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
    there.abort();
}
