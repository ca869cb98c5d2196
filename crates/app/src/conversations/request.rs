//! What a visitor asks of a conversation, and why it may be refused.

use super::view::ConversationView;
use crate::AppError;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::StoreError;
use stream::{Answer, Input};

/// A request of the visitor.
#[derive(Debug, Clone)]
pub struct StepRequest {
    /// Made by the client; the same id is the same request.
    pub client_id: String,
    /// What the visitor did.
    pub what: Did,
    /// The answer holds the messages after this number.
    pub after: u64,
    /// Where the visitor is now.
    pub page_url: Option<String>,
}

/// What the visitor did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Did {
    /// Answered a card.
    Answered {
        /// The card that the visitor saw waiting.
        card: String,
        /// What was answered.
        answer: Answer,
    },
    /// Wants to answer an earlier card again.
    WentBack {
        /// That card.
        card: String,
    },
    /// Wants to start again.
    Restarted,
    /// Opened the document of the card that waits.
    OpenedDocument {
        /// That card.
        card: String,
    },
}

impl Did {
    pub(super) fn input(&self) -> Input {
        match self {
            Self::Answered { card, answer } => Input::Answer { card: card.clone(), answer: answer.clone() },
            Self::WentBack { card } => Input::Back { card: card.clone() },
            Self::Restarted => Input::Restart,
            Self::OpenedDocument { card } => Input::OpenDocument { card: card.clone() },
        }
    }

    /// Whether it can be the first thing that a visitor does: then the opening is written down with it.
    pub(super) const fn may_begin(&self) -> bool {
        matches!(self, Self::Answered { .. } | Self::OpenedDocument { .. })
    }

    /// To tell a repeated request from another one with the same id.
    pub(super) fn digest(&self) -> String {
        let bytes = Sha256::digest(serde_json::to_vec(self).unwrap_or_default());
        BASE64_URL_SAFE_NO_PAD.encode(&bytes[..16])
    }
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
pub enum StepRefused {
    /// The card does not wait (any more): here is what does (409).
    #[error("the conversation has gone on; here is where it stands now")]
    NotCurrent(Box<ConversationView>),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] AppError),
}

impl From<StoreError> for StepRefused {
    fn from(error: StoreError) -> Self {
        Self::Other(error.into())
    }
}
