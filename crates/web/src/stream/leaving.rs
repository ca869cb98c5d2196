//! The end of a node. The server's own shutdown does not know of connections that became sockets (rule R9): they are told to
//! connect elsewhere, and waited for.

use kernel::Entropy;
use std::future::Future;
use tokio_util::{
    sync::CancellationToken,
    task::{TaskTracker, task_tracker::TrackedFuture},
};

/// The earliest and the latest moment at which a client is asked to come back, so that not all come at once.
const AGAIN_MS: (u16, u16) = (500, 4_000);

/// All sockets of a node, for whoever ends the node.
#[derive(Debug, Clone, Default)]
pub struct Leaving {
    begun: CancellationToken,
    open: TaskTracker,
}

impl Leaving {
    /// Says goodbye to every socket, and returns when all of them are closed. Whoever connects from now on is told the same.
    pub async fn see_off(&self) {
        self.begun.cancel();
        self.open.close();
        self.open.wait().await;
    }

    /// Whether the node is about to end.
    pub(super) fn has_begun(&self) -> bool {
        self.begun.is_cancelled()
    }

    /// Returns when the node is about to end.
    pub(super) async fn begins(&self) {
        self.begun.cancelled().await;
    }

    /// A connection that is waited for.
    pub(super) fn with<F: Future>(&self, connection: F) -> TrackedFuture<F> {
        self.open.track_future(connection)
    }
}

/// After how long a client should come back.
pub(super) fn again_in_ms(dice: &dyn Entropy) -> u16 {
    let mut bytes = [0; 2];
    dice.fill(&mut bytes);
    let (earliest, latest) = AGAIN_MS;
    earliest + u16::from_le_bytes(bytes) % (latest - earliest)
}
