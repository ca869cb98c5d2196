//! What is kept for a while only (spec 08, retention).

use crate::StoreError;
use async_trait::async_trait;
use kernel::{PersonId, Timestamp};

/// Deleting what is old.
#[async_trait]
pub trait RetentionWrites {
    /// Deletes up to `limit` each of the page views before `before`, the visits that ended before it, the visited-page
    /// activities before it, and the decision snapshots used last more than a day before it; returns how many rows went. Nothing is left when it returns 0.
    async fn expire_page_views(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
    /// Up to `limit` people without address whom visitors brought, made and last seen before `before`, of whom no
    /// conversation was ever engaged; oldest first.
    async fn idle_anonymous_people(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<PersonId>, StoreError>;
}
