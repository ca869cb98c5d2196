//! Page views with their traces, and what a simulation reads.

use crate::{
    codec::{At, Columns, all, instant, uuids},
    paging::{Filter, NewestFirst},
    profile,
    unit::Unit,
    visitors::view,
};
use async_trait::async_trait;
use kernel::{DecisionSnapshotId, PageViewId, PersonId, Timestamp, VisitorId, millis};
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query, types::Json as Document};
use std::collections::BTreeMap;
use store::{
    DecisionSnapshot, Page, PageRequest, Recorded, RecordedView, SeenPage, SiteScope, StoreError, TraceReads,
    TraceWrites, Visit, VisitorProfile,
};
use uuid::Uuid;

const SEEN: NewestFirst = NewestFirst {
    select: "SELECT w.*, v.person_id, p.email AS person_email,
               nullif(coalesce(p.attributes ->> 'full_name',
                 trim(concat_ws(' ', p.attributes ->> 'first_name', p.attributes ->> 'last_name'))), '') AS person_name
             FROM page_views w JOIN visitors v ON v.id = w.visitor_id LEFT JOIN people p ON p.id = v.person_id",
    time: "w.at",
    id: "w.id",
};

/// Page views `w` of site `$1` in `[$2, $3)`, of the visitors whose last byte is below `$4`.
macro_rules! recorded {
    ($select:literal, $rest:literal) => {
        concat!(
            $select,
            " WHERE w.site_id = $1 AND w.at >= $2 AND w.at < $3
               AND ($4 > 255 OR get_byte(uuid_send(w.visitor_id), 15) < $4) ",
            $rest
        )
    };
}

fn seen(row: &PgRow) -> Result<SeenPage, StoreError> {
    Ok(SeenPage {
        view: view(row)?,
        site: SiteScope::new(row.id("site_id")?),
        person_id: row.id("person_id")?,
        person_name: row.maybe_text("person_name")?,
        person_email: row.maybe_text("person_email")?,
    })
}

fn snapshot(row: &PgRow) -> Result<DecisionSnapshot, StoreError> {
    Ok(DecisionSnapshot { id: row.id("id")?, dialogues: row.json("dialogues")?, used_at: row.at("used_at")? })
}

fn with_visit(row: &PgRow) -> Result<RecordedView, StoreError> {
    let view = view(row)?;
    let visit = match row.maybe_at("started_at")? {
        None => None,
        Some(started_at) => Some(Visit {
            id: view.visit_id,
            visitor_id: view.visitor_id,
            number: row.small("number")?,
            started_at,
            last_at: row.at("last_at")?,
            pages: row.small("pages")?,
            visible_ms: row.count("visible_ms")?,
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
impl TraceReads for Unit {
    async fn page_view(&mut self, id: PageViewId) -> Result<Option<SeenPage>, StoreError> {
        let mut wanted = Filter::new();
        wanted.when("w.id = {}", Some(id.uuid()))?;
        let page = SEEN.page(self, wanted, &PageRequest::first(1), seen).await?;
        Ok(page.items.into_iter().next())
    }

    async fn page_views_of_person(
        &mut self,
        person: PersonId,
        page: &PageRequest,
    ) -> Result<Page<SeenPage>, StoreError> {
        let mut wanted = Filter::new();
        wanted.when(
            "w.visitor_id IN (SELECT id FROM visitors
               WHERE person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = {}), {}))",
            Some(person.uuid()),
        )?;
        SEEN.page(self, wanted, page, seen).await
    }

    async fn page_views_of_site(
        &mut self,
        site: SiteScope,
        page: &PageRequest,
    ) -> Result<Page<SeenPage>, StoreError> {
        let mut wanted = Filter::new();
        wanted.when("w.site_id = {}", Some(site.site().uuid()))?;
        SEEN.page(self, wanted, page, seen).await
    }

    async fn decision_snapshots(
        &mut self,
        ids: &[DecisionSnapshotId],
    ) -> Result<Vec<DecisionSnapshot>, StoreError> {
        let found = query("SELECT * FROM decision_snapshots WHERE id = ANY($1)");
        all(&self.rows(found.bind(uuids(ids, DecisionSnapshotId::uuid))).await?, snapshot)
    }

    async fn count_recorded(&mut self, recorded: &Recorded) -> Result<u64, StoreError> {
        let found = query(recorded!("SELECT count(*) AS n FROM page_views w", ""))
            .bind(recorded.site.site().uuid())
            .bind(At(recorded.span.from))
            .bind(At(recorded.span.to))
            .bind(i32::from(recorded.visitors));
        self.row(found).await?.map_or(Ok(0), |row| row.count("n"))
    }

    async fn recorded_views(
        &mut self,
        recorded: &Recorded,
        after: Option<(Timestamp, PageViewId)>,
        limit: u32,
    ) -> Result<Vec<RecordedView>, StoreError> {
        let (at, id) = after.map_or((millis(0), Uuid::nil()), |(at, id)| (at, id.uuid()));
        let found = query(recorded!(
            "SELECT w.*, t.number, t.started_at, t.last_at, t.pages, t.visible_ms, t.dialogue_ms,
               t.attributes AS visit_attributes
             FROM page_views w LEFT JOIN visits t ON t.id = w.visit_id",
            "AND (w.at, w.id) > ($5, $6) ORDER BY w.at, w.id LIMIT $7"
        ))
        .bind(recorded.site.site().uuid())
        .bind(At(recorded.span.from))
        .bind(At(recorded.span.to))
        .bind(i32::from(recorded.visitors))
        .bind(At(at))
        .bind(id)
        .bind(i64::from(limit));
        all(&self.rows(found).await?, with_visit)
    }

    async fn visitor_profiles(
        &mut self,
        site: SiteScope,
        visitors: &[VisitorId],
    ) -> Result<Vec<VisitorProfile>, StoreError> {
        profile::read_many(self, site, visitors).await
    }
}

#[async_trait]
impl TraceWrites for Unit {
    async fn keep_decision_snapshots(
        &mut self,
        snapshots: &[(SiteScope, DecisionSnapshot)],
    ) -> Result<(), StoreError> {
        if snapshots.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<Json> = snapshots
            .iter()
            .map(|(site, snapshot)| {
                json!({
                    "id": snapshot.id.uuid(),
                    "site_id": site.site().uuid(),
                    "dialogues": snapshot.dialogues,
                    "used_at": instant(snapshot.used_at),
                })
            })
            .collect();
        // Two nodes that write the same ones wait for each other instead of dying together.
        rows.sort_by(|a, b| a["id"].as_str().cmp(&b["id"].as_str()));
        let keep = query(
            "INSERT INTO decision_snapshots AS t (id, site_id, dialogues, used_at)
             SELECT r.id, r.site_id, r.dialogues, r.used_at
             FROM jsonb_populate_recordset(NULL::decision_snapshots, $1) r JOIN sites s ON s.id = r.site_id
             ON CONFLICT (id) DO UPDATE SET used_at = greatest(t.used_at, excluded.used_at)",
        );
        self.run(keep.bind(Document(rows))).await.map(drop)
    }
}
