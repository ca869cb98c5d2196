//! Page views with their traces, and what a simulation reads.

use crate::{
    error::Result,
    profile,
    rows::{Columns, after_time, all, count, hex, hexes, json, limit, one, paged, run},
    session::{Connected, Handle},
    visitors::view,
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{DecisionSnapshotId, PageViewId, PersonId, Timestamp, VisitorId, millis, to_millis};
use serde_json::{Value as Json, json};
use sqlx::{query, sqlite::SqliteRow};
use std::collections::BTreeMap;
use store::{
    DecisionSnapshot, Page, PageRequest, Recorded, RecordedView, SeenPage, SiteScope, TraceReads,
    TraceWrites, Visit, VisitorProfile,
};
use uuid::Uuid;

macro_rules! select_seen {
    ($rest:literal) => {
        concat!(
            "SELECT w.*, v.person_id, p.email AS person_email,
               nullif(coalesce(p.attributes ->> '$.full_name',
                 trim(coalesce(p.attributes ->> '$.first_name', '') || ' ' || coalesce(p.attributes ->> '$.last_name', ''))
               ), '') AS person_name
             FROM page_views w JOIN visitors v ON v.id = w.visitor_id LEFT JOIN people p ON p.id = v.person_id ",
            $rest
        )
    };
}

/// Page views `w` of site `?1` in `[?2, ?3)`, of the visitors whose last byte is below `?4` (hexadecimal) or of all.
macro_rules! recorded {
    ($select:literal, $rest:literal) => {
        concat!(
            $select,
            " WHERE w.site_id = ?1 AND w.at >= ?2 AND w.at < ?3
               AND (?4 IS NULL OR substr(hex(w.visitor_id), 31, 2) < ?4) ",
            $rest
        )
    };
}

fn seen(row: &SqliteRow) -> Result<SeenPage> {
    Ok(SeenPage {
        view: view(row)?,
        site: SiteScope::new(row.id("site_id")?),
        person_id: row.id("person_id")?,
        person_name: row.opt_text("person_name")?,
        person_email: row.opt_text("person_email")?,
    })
}

fn snapshot(row: &SqliteRow) -> Result<DecisionSnapshot> {
    Ok(DecisionSnapshot { id: row.id("id")?, dialogues: row.json("dialogues")?, used_at: row.at("used_at")? })
}

/// The threshold as `hex` writes bytes; none for everybody.
fn threshold(recorded: &Recorded) -> Option<String> {
    (recorded.visitors < 256).then(|| format!("{:02X}", recorded.visitors))
}

fn with_visit(row: &SqliteRow) -> Result<RecordedView> {
    let view = view(row)?;
    let visit = match row.opt_text("visit_attributes")? {
        None => None,
        Some(_) => Some(Visit {
            id: view.visit_id,
            visitor_id: view.visitor_id,
            number: row.int("number")?,
            started_at: row.at("started_at")?,
            last_at: row.at("last_at")?,
            pages: row.int("pages")?,
            visible_ms: row.int("visible_ms")?,
            dialogue_ms: row
                .json::<BTreeMap<Uuid, u64>>("dialogue_ms")?
                .into_iter()
                .map(|(id, ms)| (id.into(), ms))
                .collect(),
            attributes: row.json::<Json>("visit_attributes")?,
        }),
    };
    Ok(RecordedView { view, visit })
}

#[async_trait]
impl<C: Connected> TraceReads for Handle<C> {
    async fn page_view(&mut self, id: PageViewId) -> Result<Option<SeenPage>> {
        let found = query(select_seen!("WHERE w.id = ?")).bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(seen).transpose()
    }

    async fn page_views_of_person(&mut self, person: PersonId, page: &PageRequest) -> Result<Page<SeenPage>> {
        let (at, id) = after_time(page)?;
        let found = query(select_seen!(
            "WHERE w.visitor_id IN (SELECT id FROM visitors
               WHERE person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = ?1), ?1))
               AND (w.at, w.id) < (?2, ?3)
             ORDER BY w.at DESC, w.id DESC LIMIT ?4"
        ))
        .bind(person.uuid())
        .bind(at)
        .bind(id)
        .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(seen).collect::<Result<_>>()?;
        Ok(paged(items, page, |page: &SeenPage| (to_millis(page.view.at), page.view.id.uuid())))
    }

    async fn page_views_of_site(&mut self, site: SiteScope, page: &PageRequest) -> Result<Page<SeenPage>> {
        let (at, id) = after_time(page)?;
        let found = query(select_seen!(
            "WHERE w.site_id = ?1 AND w.at <= ?2 AND (w.at, w.id) < (?2, ?3)
             ORDER BY w.at DESC, w.id DESC LIMIT ?4"
        ))
        .bind(site.site().uuid())
        .bind(at)
        .bind(id)
        .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(seen).collect::<Result<_>>()?;
        Ok(paged(items, page, |page: &SeenPage| (to_millis(page.view.at), page.view.id.uuid())))
    }

    async fn decision_snapshots(&mut self, ids: &[DecisionSnapshotId]) -> Result<Vec<DecisionSnapshot>> {
        let found =
            query("SELECT * FROM decision_snapshots WHERE id IN (SELECT unhex(value) FROM json_each(?))")
                .bind(hexes(ids.iter().map(|id| id.uuid())));
        all(self.connection()?, found).await?.iter().map(snapshot).collect()
    }

    async fn count_recorded(&mut self, recorded: &Recorded) -> Result<u64> {
        let found = query(recorded!("SELECT count(*) FROM page_views w", ""))
            .bind(recorded.site.site().uuid())
            .bind(to_millis(recorded.span.from))
            .bind(to_millis(recorded.span.to))
            .bind(threshold(recorded));
        count(self.connection()?, found).await
    }

    async fn recorded_views(
        &mut self,
        recorded: &Recorded,
        after: Option<(Timestamp, PageViewId)>,
        limit: u32,
    ) -> Result<Vec<RecordedView>> {
        let (at, id) = after.map_or((millis(i64::MIN / 1_000), Uuid::nil()), |(at, id)| (at, id.uuid()));
        let found = query(recorded!(
            "SELECT w.*, t.number, t.started_at, t.last_at, t.pages, t.visible_ms, t.dialogue_ms,
               t.attributes AS visit_attributes
             FROM page_views w LEFT JOIN visits t ON t.id = w.visit_id",
            "AND w.at >= ?5 AND (w.at, w.id) > (?5, ?6) ORDER BY w.at, w.id LIMIT ?7"
        ))
        .bind(recorded.site.site().uuid())
        .bind(to_millis(recorded.span.from))
        .bind(to_millis(recorded.span.to))
        .bind(threshold(recorded))
        .bind(to_millis(at))
        .bind(id)
        .bind(limit);
        all(self.connection()?, found).await?.iter().map(with_visit).collect()
    }

    async fn visitor_profiles(
        &mut self,
        site: SiteScope,
        visitors: &[VisitorId],
    ) -> Result<Vec<VisitorProfile>> {
        profile::read_many(self.connection()?, site, visitors).await
    }
}

#[async_trait]
impl TraceWrites for Handle<Turn> {
    async fn keep_decision_snapshots(&mut self, snapshots: &[(SiteScope, DecisionSnapshot)]) -> Result<()> {
        if snapshots.is_empty() {
            return Ok(());
        }
        let rows: Vec<Json> = snapshots
            .iter()
            .map(|(site, s)| {
                json!([hex(s.id.uuid()), hex(site.site().uuid()), s.dialogues, to_millis(s.used_at)])
            })
            .collect();
        let keep = query(
            "INSERT INTO decision_snapshots (id, site_id, dialogues, used_at)
             SELECT unhex(value ->> 0), unhex(value ->> 1), value -> 2, value ->> 3 FROM json_each(?) j
             WHERE unhex(value ->> 1) IN (SELECT id FROM sites)
             ON CONFLICT (id) DO UPDATE SET used_at = max(used_at, excluded.used_at)",
        )
        .bind(json(&rows)?);
        run(self.connection()?, keep).await.map(drop)
    }
}
