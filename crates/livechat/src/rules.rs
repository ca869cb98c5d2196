//! The figures of live chat; every number is configurable (`[live_chat]`).

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// How long who may wait for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Seconds for which an agent may think about an offer.
    pub offer_seconds: u32,
    /// How many agents are asked before the fallback.
    pub agents_asked: u32,
    /// Seconds that a visitor may wait beyond all offers.
    pub wait_margin_seconds: u32,
    /// Minutes without a word after which a chat ends.
    pub idle_minutes: u32,
    /// Seconds before that end at which both sides are told.
    pub idle_warning_seconds: u32,
    /// Seconds for which an agent without a connection keeps a chat.
    pub reconnect_seconds: u32,
    /// Seconds for which an agent without a connection is still offered chats.
    pub connection_seconds: u32,
    /// Minutes in which an author may change a message or take it back.
    pub edit_minutes: u32,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            offer_seconds: 100,
            agents_asked: 2,
            wait_margin_seconds: 20,
            idle_minutes: 10,
            idle_warning_seconds: 60,
            reconnect_seconds: 60,
            connection_seconds: 120,
            edit_minutes: 5,
        }
    }
}

fn seconds(number: u32) -> SignedDuration {
    SignedDuration::from_secs(i64::from(number))
}

impl Rules {
    /// How long an offer stands.
    pub fn offer(&self) -> SignedDuration {
        seconds(self.offer_seconds)
    }
    /// The longest that a visitor waits for somebody.
    pub fn wait(&self) -> SignedDuration {
        seconds(self.offer_seconds) * i32::try_from(self.agents_asked).unwrap_or(i32::MAX)
            + seconds(self.wait_margin_seconds)
    }
    /// How long a chat may be silent.
    pub fn idle(&self) -> SignedDuration {
        seconds(self.idle_minutes) * 60
    }
    /// How long before the end of a silent chat both are told.
    pub fn warning(&self) -> SignedDuration {
        seconds(self.idle_warning_seconds)
    }
    /// How long an agent without a connection keeps a chat.
    pub fn reconnect(&self) -> SignedDuration {
        seconds(self.reconnect_seconds)
    }
    /// How long an agent without a connection is offered chats.
    pub fn connection(&self) -> SignedDuration {
        seconds(self.connection_seconds)
    }
    /// How long a message can be changed.
    pub fn edit(&self) -> SignedDuration {
        seconds(self.edit_minutes) * 60
    }
}
