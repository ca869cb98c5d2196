//! The activity log. SQLite has one writer, so that positions are handed out in the order of the commits and a reader
//! of the whole log never misses one.

use crate::{
    error::{Result, corrupt},
    rows::{Columns, after_time, all, json, limit, paged, run},
    session::{Connected, Handle},
    values::{MOST_ROWS, Values},
    writer::Turn,
};
use async_trait::async_trait;
use engagement::{Activity, ActivityType};
use kernel::{ConversationId, DialogueId, PersonId, SiteId, Timestamp, VisitorId, to_millis};
use sqlx::{SqliteConnection, query, sqlite::SqliteRow};
use std::sync::LazyLock;
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

/// Appends to the log, in this order.
pub(crate) async fn append(connection: &mut SqliteConnection, activities: &[&Activity]) -> Result<()> {
    static INSERT: LazyLock<Values> = LazyLock::new(|| {
        Values::new(9, |rows| {
            format!(
                "INSERT OR FAIL INTO activities
                   (id, kind, person_id, visitor_id, site_id, dialogue_id, conversation_id, at, attributes)
                 SELECT column1, column2, coalesce((SELECT person_id FROM person_aliases WHERE id = j.column3), column3),
                   column4, column5, column6, column7, column8, column9
                 FROM (VALUES {rows}) j WHERE column1 IS NOT NULL"
            )
        })
    });
    for part in activities.chunks(MOST_ROWS) {
        let mut insert = INSERT.query(part.len());
        for a in part {
            insert = insert
                .bind(a.id.uuid())
                .bind(a.kind.name())
                .bind(a.person_id.uuid())
                .bind(a.visitor_id.map(VisitorId::uuid))
                .bind(a.site_id.map(SiteId::uuid))
                .bind(a.dialogue_id.map(DialogueId::uuid))
                .bind(a.conversation_id.map(ConversationId::uuid))
                .bind(to_millis(a.at))
                .bind(json(&a.attributes)?);
        }
        run(connection, insert).await?;
    }
    Ok(())
}

#[async_trait]
impl ActivityWrites for Handle<Turn> {
    async fn append_activities(&mut self, activities: &[Activity]) -> Result<()> {
        append(self.connection()?, &activities.iter().collect::<Vec<_>>()).await
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
