//! The bus: hints between services and nodes. A hint says where to look, never what is there; whoever hears it reads the
//! store. Losing hints costs latency, never data (rule R6).

use async_trait::async_trait;
use kernel::{ChatId, ConversationId, ImportId, PersonId, UserId, VisitorId};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

/// Something changed; look it up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "hint", rename_all = "snake_case")]
pub enum Hint {
    /// Sites, dialogues, attributes or lists changed: compiled configuration must be read again.
    Configuration,
    /// A conversation is now at this number.
    Conversation {
        /// Which.
        id: ConversationId,
        /// Its last message.
        seq: u64,
    },
    /// A chat changed: its state, who is in it, what is known of it.
    Chat {
        /// Which.
        id: ChatId,
        /// In which conversation.
        conversation: ConversationId,
    },
    /// What an agent is offered, or whether he or she can be asked, changed.
    Agent {
        /// Who.
        id: UserId,
    },
    /// Somebody writes in a conversation, or stopped; nobody keeps this.
    Typing {
        /// In which.
        conversation: ConversationId,
        /// The agent; none for the visitor.
        agent: Option<UserId>,
        /// Whether he or she writes.
        on: bool,
    },
    /// Somebody has read a conversation up to a number.
    Read {
        /// Which.
        conversation: ConversationId,
        /// An agent, or the visitor.
        by_agent: bool,
        /// The number.
        seq: u64,
    },
    /// What is known of a visitor changed (conversation, person, token): cached profiles are stale.
    Visitor {
        /// Which.
        id: VisitorId,
    },
    /// A person changed.
    Person {
        /// Which.
        id: PersonId,
    },
    /// An import made progress.
    Import {
        /// Which.
        id: ImportId,
    },
    /// Rights or sessions of a user changed.
    User {
        /// Which.
        id: UserId,
    },
    /// There is work in the outbox.
    Outbox,
}

/// Carries hints. Publishing never waits and never fails: a hint that cannot be carried is dropped.
#[async_trait]
pub trait Bus: Send + Sync {
    /// Sends a hint to everybody, this node included.
    fn publish(&self, hint: Hint);
    /// Everything published from now on, of all nodes. A slow reader loses the oldest hints and is told so by
    /// `RecvError::Lagged`: it then reads the store again.
    fn subscribe(&self) -> broadcast::Receiver<Hint>;
    /// Fails while other nodes cannot be reached.
    async fn ready(&self) -> Result<(), BusError>;
}

/// The bus cannot be reached; what it carries is lost until it can.
#[derive(Debug, thiserror::Error)]
#[error("the bus is not connected: {0}")]
pub struct BusError(pub String);

/// The bus of a single node.
#[derive(Debug, Clone)]
pub struct InProcessBus {
    sender: broadcast::Sender<Hint>,
}

impl InProcessBus {
    /// How many hints a slow reader may be behind before it loses some.
    pub const CAPACITY: usize = 4_096;
}

impl Default for InProcessBus {
    fn default() -> Self {
        Self { sender: broadcast::channel(Self::CAPACITY).0 }
    }
}

#[async_trait]
impl Bus for InProcessBus {
    fn publish(&self, hint: Hint) {
        // Nobody listening is fine: hints are only hints.
        drop(self.sender.send(hint));
    }
    fn subscribe(&self) -> broadcast::Receiver<Hint> {
        self.sender.subscribe()
    }
    async fn ready(&self) -> Result<(), BusError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_subscriber_hears_every_hint() {
        let bus = InProcessBus::default();
        let (mut a, mut b) = (bus.subscribe(), bus.subscribe());
        bus.publish(Hint::Outbox);
        assert_eq!(a.recv().await, Ok(Hint::Outbox));
        assert_eq!(b.recv().await, Ok(Hint::Outbox));
    }
}
