//! The activity log. SQLite has one writer, so that positions are handed out in the order of the commits and a reader
//! of the whole log never misses one.

use crate::{
    error::{Result, corrupt},
    rows::{Columns, after_time, all, hex, json, limit, paged, run},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use engagement::{Activity, ActivityType};
use kernel::{DialogueId, PersonId, Timestamp, VisitorId, to_millis};
use serde_json::json;
use sqlx::{query, sqlite::SqliteRow};
use store::{ActivityCount, ActivityReads, ActivityWrites, LoggedActivity, Page, PageRequest};

fn kind(row: &SqliteRow) -> Result<ActivityType> {
    let name = row.text("kind")?;
    ActivityType::from_name(&name).ok_or_else(|| corrupt(format!("activity type {name}")))
}

fn activity(row: &SqliteRow) -> Result<Activity> {
    Ok(Activity {
        id: row.id("id")?,
        kind: kind(row)?,
        person_id: row.id("person_id")?,
        visitor_id: row.opt_id("visitor_id")?,
        site_id: row.opt_id("site_id")?,
        dialogue_id: row.opt_id("dialogue_id")?,
        conversation_id: row.opt_id("conversation_id")?,
        at: row.at("at")?,
        attributes: row.json("attributes")?,
    })
}

fn page_of(rows: &[SqliteRow], page: &PageRequest) -> Result<Page<Activity>> {
    let items = rows.iter().map(activity).collect::<Result<_>>()?;
    Ok(paged(items, page, |a: &Activity| (to_millis(a.at), a.id.uuid())))
}

#[async_trait]
impl<C: Connected> ActivityReads for Handle<C> {
    async fn activities_of(
        &mut self,
        person: PersonId,
        kind: Option<ActivityType>,
        page: &PageRequest,
    ) -> Result<Page<Activity>> {
        let (at, id) = after_time(page)?;
        let found = query(
            "SELECT * FROM activities
             WHERE person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = ?1), ?1)
               AND (?2 IS NULL OR kind = ?2) AND (at, id) < (?3, ?4)
             ORDER BY at DESC, id DESC LIMIT ?5",
        )
        .bind(person.uuid())
        .bind(kind.map(ActivityType::name))
        .bind(at)
        .bind(id)
        .bind(limit(page));
        page_of(&all(self.connection()?, found).await?, page)
    }

    async fn activities_by_type(
        &mut self,
        kind: ActivityType,
        from: Timestamp,
        to: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<Activity>> {
        let (at, id) = after_time(page)?;
        let found = query(
            "SELECT * FROM activities
             WHERE kind = ?1 AND at >= ?2 AND at < ?3 AND person_id IS NOT NULL AND (at, id) < (?4, ?5)
             ORDER BY at DESC, id DESC LIMIT ?6",
        )
        .bind(kind.name())
        .bind(to_millis(from))
        .bind(to_millis(to))
        .bind(at)
        .bind(id)
        .bind(limit(page));
        page_of(&all(self.connection()?, found).await?, page)
    }

    async fn dialogue_activity_times(
        &mut self,
        dialogue: DialogueId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<(ActivityType, Timestamp)>> {
        let found = query(
            "SELECT kind, at FROM activities
             WHERE dialogue_id = ? AND kind IN ('triggered', 'engaged', 'completed', 'acquired', 'goal')
               AND at >= ? AND at < ?
             ORDER BY at, position",
        )
        .bind(dialogue.uuid())
        .bind(to_millis(from))
        .bind(to_millis(to));
        all(self.connection()?, found).await?.iter().map(|row| Ok((kind(row)?, row.at("at")?))).collect()
    }

    async fn count_activities(&mut self, from: Timestamp, to: Timestamp) -> Result<Vec<ActivityCount>> {
        let found = query(
            "SELECT kind, count(*) AS n FROM activities WHERE at >= ? AND at < ? GROUP BY kind ORDER BY kind",
        )
        .bind(to_millis(from))
        .bind(to_millis(to));
        let rows = all(self.connection()?, found).await?;
        rows.iter().map(|row| Ok(ActivityCount { kind: kind(row)?, count: row.int("n")? })).collect()
    }

    async fn activities_after(&mut self, position: i64, limit: u32) -> Result<Vec<LoggedActivity>> {
        let found = query(
            "SELECT * FROM activities WHERE position > ? AND person_id IS NOT NULL ORDER BY position LIMIT ?",
        )
        .bind(position)
        .bind(limit);
        let rows = all(self.connection()?, found).await?;
        rows.iter()
            .map(|row| Ok(LoggedActivity { position: row.int("position")?, activity: activity(row)? }))
            .collect()
    }
}

#[async_trait]
impl ActivityWrites for Handle<Turn> {
    async fn append_activities(&mut self, activities: &[Activity]) -> Result<()> {
        let rows: Vec<_> = activities
            .iter()
            .map(|a| {
                json!([
                    hex(a.id.uuid()),
                    a.kind.name(),
                    hex(a.person_id.uuid()),
                    a.visitor_id.map(|id| hex(id.uuid())),
                    a.site_id.map(|id| hex(id.uuid())),
                    a.dialogue_id.map(|id| hex(id.uuid())),
                    a.conversation_id.map(|id| hex(id.uuid())),
                    to_millis(a.at),
                    a.attributes,
                ])
            })
            .collect();
        let insert = query(
            "INSERT INTO activities
               (id, kind, person_id, visitor_id, site_id, dialogue_id, conversation_id, at, attributes)
             SELECT unhex(value ->> 0), value ->> 1,
               coalesce((SELECT person_id FROM person_aliases WHERE id = unhex(j.value ->> 2)), unhex(value ->> 2)),
               unhex(value ->> 3), unhex(value ->> 4), unhex(value ->> 5), unhex(value ->> 6), value ->> 7, value -> 8
             FROM json_each(?) j ORDER BY key",
        )
        .bind(json(&rows)?);
        run(self.connection()?, insert).await.map(drop)
    }

    async fn move_activities(
        &mut self,
        from: PersonId,
        to: PersonId,
        visitor: Option<VisitorId>,
    ) -> Result<()> {
        let update = query(
            "UPDATE activities SET person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = ?2), ?2)
             WHERE person_id = ?1 AND (?3 IS NULL OR visitor_id = ?3)",
        )
        .bind(from.uuid())
        .bind(to.uuid())
        .bind(visitor.map(VisitorId::uuid));
        run(self.connection()?, update).await.map(drop)
    }
}
