//! The activity log.
//!
//! Many transactions append at the same time, and one that drew its positions earlier may commit later. A reader of the
//! whole log must not pass it by, so every appending transaction marks its place first: a shared advisory lock whose
//! number is the next position of the sequence, which is below everything it will draw. It never waits for anybody and
//! goes with the transaction. [`ActivityReads::activities_after`] reads up to the lowest mark.

use crate::{
    codec::{At, Columns, all, instant, maybe_id},
    paging::{Filter, NewestFirst, fixed},
    people::{hold, hold_all},
    unit::Unit,
};
use async_trait::async_trait;
use engagement::{Activity, ActivityType};
use kernel::{ConversationId, DialogueId, PersonId, SiteId, Timestamp, VisitorId};
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query, types::Json as Document};
use store::{ActivityCount, ActivityReads, ActivityWrites, LoggedActivity, Page, PageRequest, StoreError};

/// The upper byte of the advisory locks' numbers; the other seven hold the position.
const MARK: i64 = 0x55;

const NEXT_POSITION: &str =
    "SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END AS position FROM activities_position";

const LIST: NewestFirst = NewestFirst { select: "SELECT * FROM activities", time: "at", id: "id" };

fn kind(row: &PgRow) -> Result<ActivityType, StoreError> {
    let name = row.text("kind")?;
    ActivityType::from_name(&name).ok_or_else(|| StoreError::Corrupt(format!("activity type {name}")))
}

fn activity(row: &PgRow) -> Result<Activity, StoreError> {
    Ok(Activity {
        id: row.id("id")?,
        kind: kind(row)?,
        person_id: row.id("person_id")?,
        visitor_id: row.maybe_id("visitor_id")?,
        site_id: row.maybe_id("site_id")?,
        dialogue_id: row.maybe_id("dialogue_id")?,
        conversation_id: row.maybe_id("conversation_id")?,
        at: row.at("at")?,
        attributes: row.json("attributes")?,
    })
}

fn as_row(activity: &Activity) -> Json {
    json!({
        "id": activity.id.uuid(),
        "kind": activity.kind.name(),
        "person_id": activity.person_id.uuid(),
        "visitor_id": maybe_id(activity.visitor_id.map(VisitorId::uuid)),
        "site_id": maybe_id(activity.site_id.map(SiteId::uuid)),
        "dialogue_id": maybe_id(activity.dialogue_id.map(DialogueId::uuid)),
        "conversation_id": maybe_id(activity.conversation_id.map(ConversationId::uuid)),
        "at": instant(activity.at),
        "attributes": activity.attributes,
    })
}

#[async_trait]
impl ActivityReads for Unit {
    async fn activities_of(
        &mut self,
        person: PersonId,
        kind: Option<ActivityType>,
        page: &PageRequest,
    ) -> Result<Page<Activity>, StoreError> {
        let mut wanted = Filter::new();
        wanted.when(
            "person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = {}), {})",
            Some(person.uuid()),
        )?;
        wanted.when("kind = {}", kind.map(ActivityType::name))?;
        LIST.page(self, wanted, page, activity).await
    }

    async fn activities_by_type(
        &mut self,
        kind: ActivityType,
        from: Timestamp,
        to: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<Activity>, StoreError> {
        let mut wanted = Filter::new();
        wanted.and("person_id IS NOT NULL".to_owned());
        wanted.when("kind = {}", Some(kind.name()))?;
        wanted.when("at >= {}", Some(At(from)))?;
        wanted.when("at < {}", Some(At(to)))?;
        LIST.page(self, wanted, page, activity).await
    }

    async fn count_activities(
        &mut self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<ActivityCount>, StoreError> {
        let found = query(
            "SELECT kind, count(*) AS n FROM activities WHERE at >= $1 AND at < $2
             GROUP BY kind ORDER BY kind COLLATE \"C\"",
        )
        .bind(At(from))
        .bind(At(to));
        all(&self.rows(found).await?, |row| Ok(ActivityCount { kind: kind(row)?, count: row.count("n")? }))
    }

    async fn activities_after(
        &mut self,
        position: i64,
        limit: u32,
    ) -> Result<Vec<LoggedActivity>, StoreError> {
        // In this order: who draws a position below `next` and is not finished has set his mark by now.
        let next = self.row(fixed(NEXT_POSITION)).await?;
        let next = next.map_or(Ok(0), |row| row.long("position"))?;
        let lowest = query(
            "SELECT min(((classid::bigint & 16777215) << 32) | objid::bigint) AS position FROM pg_locks
             WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint >> 24 = $1 AND pid <> pg_backend_pid()
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        )
        .bind(MARK);
        let lowest = self.row(lowest).await?;
        let lowest = lowest.map_or(Ok(None), |row| row.column::<Option<i64>>("position"))?;
        let found = query(
            "SELECT * FROM activities WHERE position > $1 AND position < $2 AND person_id IS NOT NULL
             ORDER BY position LIMIT $3",
        )
        .bind(position)
        .bind(lowest.map_or(next, |lowest| lowest.min(next)))
        .bind(i64::from(limit));
        all(&self.rows(found).await?, |row| {
            Ok(LoggedActivity { position: row.long("position")?, activity: activity(row)? })
        })
    }
}

#[async_trait]
impl ActivityWrites for Unit {
    async fn append_activities(&mut self, activities: &[Activity]) -> Result<(), StoreError> {
        if activities.is_empty() {
            return Ok(());
        }
        let people: Vec<PersonId> = activities.iter().map(|activity| activity.person_id).collect();
        hold_all(self, &people).await?;
        if !self.log_is_marked {
            let mark = query(
                "SELECT pg_advisory_xact_lock_shared(($1 << 56) |
                   (SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM activities_position))",
            );
            self.row(mark.bind(MARK)).await?;
            self.log_is_marked = true;
        }
        let rows: Vec<Json> = activities.iter().map(as_row).collect();
        let insert = query(
            "INSERT INTO activities
               (id, kind, person_id, visitor_id, site_id, dialogue_id, conversation_id, at, attributes)
             SELECT r.id, r.kind, coalesce(alias.person_id, r.person_id), r.visitor_id, r.site_id, r.dialogue_id,
               r.conversation_id, r.at, r.attributes
             FROM jsonb_populate_recordset(NULL::activities, $1) WITH ORDINALITY AS r
               LEFT JOIN person_aliases alias ON alias.id = r.person_id
             ORDER BY r.ordinality",
        );
        self.run(insert.bind(Document(rows))).await.map(drop)
    }

    async fn move_activities(
        &mut self,
        from: PersonId,
        to: PersonId,
        visitor: Option<VisitorId>,
    ) -> Result<(), StoreError> {
        let to = hold(self, to).await?;
        let update = query(
            "UPDATE activities SET person_id = $2 WHERE person_id = $1 AND ($3::uuid IS NULL OR visitor_id = $3)",
        )
        .bind(from.uuid())
        .bind(to.uuid())
        .bind(visitor.map(VisitorId::uuid));
        self.run(update).await.map(drop)
    }
}
