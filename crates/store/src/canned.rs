//! Texts that agents keep at hand.

use crate::StoreError;
use async_trait::async_trait;
use kernel::{CannedResponseId, Timestamp, UserId};

/// A canned response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannedResponse {
    /// Stable id.
    pub id: CannedResponseId,
    /// What is typed to find it, without the slash; unique among the shared ones, and among those of one owner.
    pub shortcut: String,
    /// What is said; may hold tokens.
    pub text: String,
    /// Whose it is; none when it is everybody's.
    pub owner_id: Option<UserId>,
    /// When it was added.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
    /// Rises by one with every change.
    pub version: i64,
}

/// Reading canned responses.
#[async_trait]
pub trait CannedReads {
    /// The shared ones and those of `owner`, by shortcut; an own one before a shared one with the same shortcut.
    async fn canned_responses(&mut self, owner: Option<UserId>) -> Result<Vec<CannedResponse>, StoreError>;
    /// One of them, whoever owns it.
    async fn canned_response(&mut self, id: CannedResponseId) -> Result<Option<CannedResponse>, StoreError>;
}

/// Writing canned responses.
#[async_trait]
pub trait CannedWrites {
    /// Adds one. `Taken {canned_responses.shortcut}` when there is such a shortcut with this owner.
    async fn insert_canned_response(&mut self, response: &CannedResponse) -> Result<(), StoreError>;
    /// Replaces shortcut, text, owner and `updated_at`; `version` is the one that was read, the stored one becomes one more.
    /// `Stale` when somebody else was first, `NotFound` when it is gone, `Taken {canned_responses.shortcut}`.
    async fn update_canned_response(&mut self, response: &CannedResponse) -> Result<(), StoreError>;
    /// Removes one. `NotFound` when it is gone.
    async fn delete_canned_response(&mut self, id: CannedResponseId) -> Result<(), StoreError>;
}
