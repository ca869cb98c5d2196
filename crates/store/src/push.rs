//! Browsers of users that take pushed notifications (RFC 8030), and which chats their agents were called to.

use crate::StoreError;
use async_trait::async_trait;
use kernel::{ChatId, PushSubscriptionId, SessionId, Timestamp, UserId};

/// A browser's subscription. It lives as long as the sign-in with which it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushSubscription {
    /// Stable id.
    pub id: PushSubscriptionId,
    /// Whose.
    pub user_id: UserId,
    /// Made by this sign-in; goes with it.
    pub session_id: SessionId,
    /// Where the browser's push service takes messages; unique.
    pub endpoint: String,
    /// The browser's public key: an uncompressed point of P-256.
    pub p256dh: Vec<u8>,
    /// The secret that the browser shares with whoever may write to it.
    pub auth: Vec<u8>,
    /// The public key of the server for which the browser subscribed, as the browser was given it.
    pub server_key: String,
    /// Which browser.
    pub user_agent: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When something was last pushed.
    pub pushed_at: Option<Timestamp>,
}

/// Reading subscriptions. Those of sign-ins that have ended at `now` are not there.
#[async_trait]
pub trait PushReads {
    /// The subscriptions of a user, oldest first.
    async fn push_subscriptions_of(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<PushSubscription>, StoreError>;
    /// One subscription.
    async fn push_subscription(
        &mut self,
        id: PushSubscriptionId,
        now: Timestamp,
    ) -> Result<Option<PushSubscription>, StoreError>;
    /// Users who have any, each once, in no order.
    async fn pushable_users(&mut self, now: Timestamp) -> Result<Vec<UserId>, StoreError>;
    /// Chats with an agent in which the visitor said something at or before `before` that no agent has read, with the number
    /// of the visitor's last message, the longest overdue first. Those whose agents were called already and have not
    /// looked since are left out.
    async fn unread_chats(&mut self, before: Timestamp, limit: u32)
    -> Result<Vec<(ChatId, u64)>, StoreError>;
}

/// Writing subscriptions.
#[async_trait]
pub trait PushWrites {
    /// Adds a subscription, or replaces the one with its endpoint, whosever that was: one browser, one subscription.
    async fn put_push_subscription(&mut self, subscription: &PushSubscription) -> Result<(), StoreError>;
    /// Removes a subscription; false when it was not there.
    async fn delete_push_subscription(&mut self, id: PushSubscriptionId) -> Result<bool, StoreError>;
    /// Notes that something was pushed.
    async fn note_pushed(&mut self, id: PushSubscriptionId, at: Timestamp) -> Result<(), StoreError>;
    /// Notes that the agents of a chat were called to a message; true when they were not called to it or a later one before.
    async fn note_called(&mut self, chat: ChatId, seq: u64) -> Result<bool, StoreError>;
}
