//! What is kept for a while only.

use crate::{
    error::Result,
    rows::{Columns, all, run},
    session::Handle,
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{PersonId, Timestamp, to_millis};
use sqlx::query;
use store::RetentionWrites;

#[async_trait]
impl RetentionWrites for Handle<Turn> {
    async fn expire_page_views(&mut self, before: Timestamp, limit: u32) -> Result<u64> {
        let before = to_millis(before);
        let mut gone = 0;
        for statement in [
            "DELETE FROM page_views WHERE id IN (SELECT id FROM page_views WHERE at < ?1 ORDER BY at LIMIT ?2)",
            "DELETE FROM visits WHERE id IN
               (SELECT id FROM visits WHERE started_at < ?1 AND last_at < ?1 ORDER BY started_at LIMIT ?2)",
            "DELETE FROM activities WHERE position IN
               (SELECT position FROM activities WHERE kind = 'visited_page' AND at < ?1 ORDER BY at LIMIT ?2)",
            // Their use is noted once an hour, so that a page view is never younger than that.
            "DELETE FROM decision_snapshots WHERE id IN
               (SELECT id FROM decision_snapshots WHERE used_at < ?1 - 86400000 ORDER BY used_at LIMIT ?2)",
        ] {
            gone += run(self.connection()?, query(statement).bind(before).bind(limit)).await?;
        }
        Ok(gone)
    }

    async fn idle_anonymous_people(&mut self, before: Timestamp, limit: u32) -> Result<Vec<PersonId>> {
        let idle = query(
            "SELECT id FROM people
             WHERE email IS NULL AND created_at < ?1 AND coalesce(last_seen_at, 0) < ?1
               AND id IN (SELECT person_id FROM visitors)
               AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.person_id = people.id AND c.engaged_at IS NOT NULL)
             ORDER BY created_at LIMIT ?2",
        );
        let rows = all(self.connection()?, idle.bind(to_millis(before)).bind(limit)).await?;
        rows.iter().map(|row| row.id("id")).collect()
    }
}
