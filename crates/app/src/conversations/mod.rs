//! Conversations: what a message holds, what visitors and users see of it, how one is triggered, answered and closed.
//!
//! - [`trigger`]: a dialogue is shown or opened. - [`flow`]: a flow is started. - [`advance`]: the visitor answers, goes back, starts again.
//! - [`document`]: a document is opened and read. - [`view`]: what the widget sees. - [`console`]: what users see.
//!
//! Until the first answer nothing is written but the conversation itself: what the bot says first is rendered anew from
//! the newest version each time, so that a republished dialogue shows its new text (spec 03, rule 3). The first answer
//! writes it down with the answer, and pins the version.

pub mod advance;
mod circumstances;
pub mod console;
pub mod document;
pub(crate) mod effects;
pub mod flow;
pub(crate) mod identity;
mod quick;
mod request;
pub(crate) mod setting;
pub(crate) mod telling;
pub mod trigger;
pub(crate) mod unit;
pub mod view;

use kernel::{FileId, RichText, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Conversation, ConversationStage};
use stream::AnswerRecord;
use utoipa::ToSchema;

/// Content of a stored message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageBody {
    /// The text as shown; for events a sentence for the transcript.
    pub text: RichText,
    /// What was answered; only on answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerRecord>,
    /// Digest of the request that made it, to tell a repeated request from another one with the same client id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// When its author changed it last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// Its author took it back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// The number of the message that was changed; only on *changed*.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<u64>,
    /// The file that was sent; only on *attachment*.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Attachment>,
    /// Not for visitors.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

/// A file that was sent in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attachment {
    /// Under which it is fetched.
    #[schema(value_type = String)]
    pub id: FileId,
    /// Its name.
    pub name: String,
    /// What it is, as found in its content.
    #[schema(example = "image/png")]
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Pixels, of pictures.
    pub width: Option<u32>,
    /// Pixels, of pictures.
    pub height: Option<u32>,
}

impl MessageBody {
    /// Text without anything else.
    pub(crate) fn of(text: RichText) -> Self {
        Self {
            text,
            answer: None,
            request: None,
            edited_at: None,
            deleted: false,
            changes: None,
            attachment: None,
            hidden: false,
        }
    }
}

/// The stage that follows from the times.
pub(crate) fn stage_of(conversation: &Conversation) -> ConversationStage {
    match conversation {
        Conversation { completed_at: Some(_), .. } => ConversationStage::Completed,
        Conversation { dropped_at: Some(_), .. } => ConversationStage::Dropped,
        Conversation { engaged_at: Some(_), .. } => ConversationStage::Engaged,
        _ => ConversationStage::Triggered,
    }
}

/// An engaged conversation that has seen nothing from the visitor for so long that it is dropped (spec 03, rule 6).
pub(crate) fn is_stale(conversation: &Conversation, now: Timestamp, drop_after_hours: u32) -> bool {
    let limit = jiff::SignedDuration::from_hours(i64::from(drop_after_hours));
    stage_of(conversation) == ConversationStage::Engaged
        && now.duration_since(conversation.last_visitor_at) >= limit
}
