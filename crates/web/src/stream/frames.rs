//! The frames, as `docs/socket-protocol.md` tells them.

use app::{
    conversations::view::MessageView,
    livechat::{
        talk::Kind,
        view::{ChatView, Me, OfferView, VisitorChat},
    },
};
use kernel::{ChatId, ConversationId, Timestamp};
use serde::{Deserialize, Serialize};

/// The version of the protocol.
pub const PROTOCOL: u32 = 1;

/// What a client sends.
#[derive(Debug, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case", deny_unknown_fields)]
pub enum In {
    /// First of all.
    Hello {
        /// The protocol that the client speaks.
        protocol: u32,
        /// The visitor's token.
        #[serde(default)]
        token: Option<String>,
    },
    /// From now on what happens in a conversation is told.
    Watch {
        conversation: ConversationId,
        /// The client has everything up to this number.
        #[serde(default)]
        after: u64,
        /// As the client knows it.
        epoch: u32,
    },
    /// No longer.
    Unwatch { conversation: ConversationId },
    /// A message.
    Say {
        conversation: ConversationId,
        client_id: String,
        #[serde(default)]
        kind: Kind,
        text: String,
    },
    /// Somebody writes, or stopped.
    Typing { conversation: ConversationId, on: bool },
    /// Everything up to a number was on the screen.
    Read { conversation: ConversationId, seq: u64 },
    /// Are you there?
    Ping,
}

/// The parts of a frame that can be told of one that cannot be read.
#[derive(Debug, Default, Deserialize)]
pub struct Name {
    #[serde(default)]
    pub t: Option<String>,
}

/// Who writes or has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Visitor,
    Agent,
}

/// A chat as the viewer may see it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum ChatFor {
    Visitor(Box<VisitorChat>),
    Agent(Box<ChatView>),
}

/// What the server sends.
#[derive(Debug, Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Out {
    Ready {
        protocol: u32,
        at: Timestamp,
    },
    Messages {
        conversation: ConversationId,
        epoch: u32,
        after: u64,
        upto: u64,
        items: Vec<MessageView>,
    },
    Resync {
        conversation: ConversationId,
    },
    Ack {
        conversation: ConversationId,
        client_id: String,
        seq: u64,
        at: Timestamp,
    },
    Refused {
        conversation: Option<ConversationId>,
        client_id: Option<String>,
        code: &'static str,
        detail: String,
    },
    Chat {
        conversation: ConversationId,
        chat: ChatFor,
    },
    Typing {
        conversation: ConversationId,
        who: Side,
        #[serde(skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        on: bool,
    },
    Read {
        conversation: ConversationId,
        who: Side,
        seq: u64,
    },
    Offer {
        offer: Box<OfferView>,
    },
    OfferGone {
        chat_id: ChatId,
        reason: &'static str,
    },
    Me {
        me: Box<Me>,
    },
    Inbox,
    Pong,
    Bye {
        code: &'static str,
        detail: &'static str,
        /// The client should come back after so long.
        #[serde(skip_serializing_if = "Option::is_none")]
        again_in_ms: Option<u16>,
    },
}
