//! What is kept for a while only.

use crate::{
    codec::{At, Columns},
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{PersonId, Timestamp};
use sqlx::query;
use store::{RetentionWrites, StoreError};

#[async_trait]
impl RetentionWrites for Unit {
    async fn expire_page_views(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let mut gone = 0;
        for statement in [
            "DELETE FROM page_views WHERE id IN (SELECT id FROM page_views WHERE at < $1 ORDER BY at LIMIT $2)",
            "DELETE FROM visits WHERE id IN
               (SELECT id FROM visits WHERE started_at < $1 AND last_at < $1 ORDER BY started_at LIMIT $2)",
            "DELETE FROM activities WHERE (position, at) IN
               (SELECT position, at FROM activities WHERE kind = 'visited_page' AND at < $1 ORDER BY at LIMIT $2)",
            // Their use is noted once an hour, so that a page view is never younger than that.
            "DELETE FROM decision_snapshots WHERE id IN
               (SELECT id FROM decision_snapshots WHERE used_at < $1 - interval '1 day' ORDER BY used_at LIMIT $2)",
        ] {
            gone += self.run(query(statement).bind(At(before)).bind(i64::from(limit))).await?;
        }
        Ok(gone)
    }

    async fn idle_anonymous_people(
        &mut self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<PersonId>, StoreError> {
        let idle = query(
            "SELECT id FROM people p
             WHERE email IS NULL AND created_at < $1 AND (last_seen_at IS NULL OR last_seen_at < $1)
               AND EXISTS (SELECT FROM visitors v WHERE v.person_id = p.id)
               AND NOT EXISTS (SELECT FROM conversations c WHERE c.person_id = p.id AND c.engaged_at IS NOT NULL)
             ORDER BY created_at LIMIT $2",
        );
        let rows = self.rows(idle.bind(At(before)).bind(i64::from(limit))).await?;
        rows.iter().map(|row| row.id("id")).collect()
    }
}
