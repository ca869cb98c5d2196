//! Visitors and the marks of guests.

use crate::{
    codec::{At, Columns, all, hex, instant, maybe_instant, word},
    paging::{Filter, NewestFirst},
    people::hold,
    table::Table,
    unit::Unit,
    views,
};
use async_trait::async_trait;
use kernel::{PersonId, Timestamp, VisitorId};
use people::Rung;
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query};
use store::{
    GuestMark, Page, PageRequest, PageViewBatch, PageViewRecord, SiteScope, StoreError, Visitor,
    VisitorProfile, VisitorReads, VisitorWrites,
};

pub(crate) const VISITORS: Table = Table {
    name: "visitors",
    key: "id",
    columns: "id, site_id, token_hash, person_id, rung, language, dismissed_at, created_at, last_seen_at, revoked_at",
    changeable: "",
};
const VIEWS: NewestFirst = NewestFirst { select: "SELECT * FROM page_views", time: "at", id: "id" };

pub(crate) fn visitor(row: &PgRow) -> Result<Visitor, StoreError> {
    Ok(Visitor {
        id: row.id("id")?,
        token_hash: row.hash("token_hash")?,
        person_id: row.id("person_id")?,
        rung: row.word("rung")?,
        language: row.maybe_text("language")?,
        dismissed_at: row.maybe_at("dismissed_at")?,
        created_at: row.at("created_at")?,
        last_seen_at: row.at("last_seen_at")?,
        revoked_at: row.maybe_at("revoked_at")?,
    })
}

pub(crate) fn as_row(site: SiteScope, visitor: &Visitor, person: PersonId) -> Json {
    json!({
        "id": visitor.id.uuid(),
        "site_id": site.site().uuid(),
        "token_hash": hex(&visitor.token_hash),
        "person_id": person.uuid(),
        "rung": visitor.rung,
        "language": visitor.language,
        "dismissed_at": maybe_instant(visitor.dismissed_at),
        "created_at": instant(visitor.created_at),
        "last_seen_at": instant(visitor.last_seen_at),
        "revoked_at": maybe_instant(visitor.revoked_at),
    })
}

fn mark(row: &PgRow) -> Result<GuestMark, StoreError> {
    Ok(GuestMark {
        hash: row.hash("hash")?,
        dialogue_id: row.id("dialogue_id")?,
        shown_at: row.maybe_at("shown_at")?,
        dismissed_at: row.maybe_at("dismissed_at")?,
        visible_ms: row.count("visible_ms")?,
        converted: row.flag("converted")?,
        created_at: row.at("created_at")?,
    })
}

pub(crate) fn view(row: &PgRow) -> Result<PageViewRecord, StoreError> {
    Ok(PageViewRecord {
        id: row.id("id")?,
        visit_id: row.id("visit_id")?,
        visitor_id: row.id("visitor_id")?,
        url: row.text("url")?,
        title: row.text("title")?,
        at: row.at("at")?,
        trace: row.json("trace")?,
    })
}

#[async_trait]
impl VisitorReads for Unit {
    async fn visitor_profile(
        &mut self,
        site: SiteScope,
        token_hash: &[u8; 32],
    ) -> Result<Option<VisitorProfile>, StoreError> {
        crate::profile::read(self, site, token_hash).await
    }

    async fn token_revoked(&mut self, site: SiteScope, token_hash: &[u8; 32]) -> Result<bool, StoreError> {
        let found =
            query("SELECT FROM visitors WHERE token_hash = $1 AND site_id = $2 AND revoked_at IS NOT NULL")
                .bind(token_hash.as_slice())
                .bind(site.site().uuid());
        Ok(self.row(found).await?.is_some())
    }

    async fn guest_marks(&mut self, site: SiteScope, hash: &[u8; 32]) -> Result<Vec<GuestMark>, StoreError> {
        let found = query(
            "SELECT * FROM guest_marks WHERE site_id = $1 AND hash = $2 ORDER BY created_at, dialogue_id",
        )
        .bind(site.site().uuid())
        .bind(hash.as_slice());
        all(&self.rows(found).await?, mark)
    }

    async fn visitors_of(&mut self, person: PersonId) -> Result<Vec<(SiteScope, Visitor)>, StoreError> {
        let found = query(
            "SELECT * FROM visitors
             WHERE person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = $1), $1)
             ORDER BY created_at DESC, id DESC",
        );
        let rows = self.rows(found.bind(person.uuid())).await?;
        all(&rows, |row| Ok((SiteScope::new(row.id("site_id")?), visitor(row)?)))
    }

    async fn page_views_of(
        &mut self,
        visitor: VisitorId,
        page: &PageRequest,
    ) -> Result<Page<PageViewRecord>, StoreError> {
        let mut wanted = Filter::new();
        wanted.when("visitor_id = {}", Some(visitor.uuid()))?;
        VIEWS.page(self, wanted, page, view).await
    }

    async fn count_visits(&mut self, from: Timestamp, to: Timestamp) -> Result<u64, StoreError> {
        let found = query("SELECT count(*) AS n FROM visits WHERE started_at >= $1 AND started_at < $2");
        let row = self.row(found.bind(At(from)).bind(At(to))).await?;
        row.map_or(Ok(0), |row| row.count("n"))
    }
}

#[async_trait]
impl VisitorWrites for Unit {
    async fn ensure_visitor(&mut self, site: SiteScope, wanted: &Visitor) -> Result<Visitor, StoreError> {
        let person = hold(self, wanted.person_id).await?;
        let row = as_row(site, wanted, person);
        VISITORS.insert_with(self.connection(), &[row], "ON CONFLICT DO NOTHING").await?;
        let stored = query(
            "SELECT * FROM visitors WHERE site_id = $1 AND (token_hash = $2 OR id = $3)
             ORDER BY token_hash = $2 DESC LIMIT 1",
        )
        .bind(site.site().uuid())
        .bind(wanted.token_hash.as_slice())
        .bind(wanted.id.uuid());
        // Neither: id or hash belong to a visitor of another site.
        self.row(stored).await?.as_ref().map(visitor).transpose()?.ok_or(StoreError::NotFound)
    }

    async fn record_page_views(&mut self, batch: &PageViewBatch) -> Result<(), StoreError> {
        views::record(self, batch).await
    }

    async fn associate_visitor(
        &mut self,
        visitor: VisitorId,
        person: PersonId,
        rung: Rung,
    ) -> Result<(), StoreError> {
        let person = hold(self, person).await?;
        let update = query("UPDATE visitors SET person_id = $2, rung = $3 WHERE id = $1")
            .bind(visitor.uuid())
            .bind(person.uuid())
            .bind(word(&rung));
        self.run_on_one(update).await
    }

    async fn replace_visitor(
        &mut self,
        site: SiteScope,
        old: VisitorId,
        new: &Visitor,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.ensure_visitor(site, new).await?;
        for update in [
            "UPDATE conversations SET visitor_id = $1 WHERE visitor_id = $2",
            "UPDATE visits SET visitor_id = $1 WHERE visitor_id = $2",
            "UPDATE page_views SET visitor_id = $1 WHERE visitor_id = $2",
        ] {
            self.run(query(update).bind(new.id.uuid()).bind(old.uuid())).await?;
        }
        self.revoke_visitor(old, at).await
    }

    async fn dismiss(&mut self, visitor: VisitorId, at: Timestamp) -> Result<(), StoreError> {
        let update = query("UPDATE visitors SET dismissed_at = greatest(dismissed_at, $2) WHERE id = $1");
        self.run_on_one(update.bind(visitor.uuid()).bind(At(at))).await
    }

    async fn revoke_visitor(&mut self, visitor: VisitorId, at: Timestamp) -> Result<(), StoreError> {
        let update = query("UPDATE visitors SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1");
        self.run_on_one(update.bind(visitor.uuid()).bind(At(at))).await
    }

    async fn put_guest_mark(&mut self, site: SiteScope, mark: &GuestMark) -> Result<bool, StoreError> {
        // Made empty first if it is not there, so that there is a row to lock and two calls follow each other.
        let make = query(
            "INSERT INTO guest_marks (site_id, hash, dialogue_id, visible_ms, converted, created_at)
             VALUES ($1, $2, $3, 0, false, $4) ON CONFLICT DO NOTHING",
        )
        .bind(site.site().uuid())
        .bind(mark.hash.as_slice())
        .bind(mark.dialogue_id.uuid())
        .bind(At(mark.created_at));
        self.run(make).await?;
        let merge = query(
            "WITH before AS MATERIALIZED (
               SELECT shown_at FROM guest_marks WHERE site_id = $1 AND hash = $2 AND dialogue_id = $3 FOR UPDATE)
             UPDATE guest_marks m SET shown_at = least(m.shown_at, $4), dismissed_at = greatest(m.dismissed_at, $5),
               visible_ms = greatest(m.visible_ms, $6), converted = m.converted OR $7
             FROM before
             WHERE m.site_id = $1 AND m.hash = $2 AND m.dialogue_id = $3
             RETURNING before.shown_at IS NULL AND $4 IS NOT NULL AS first",
        )
        .bind(site.site().uuid())
        .bind(mark.hash.as_slice())
        .bind(mark.dialogue_id.uuid())
        .bind(mark.shown_at.map(At))
        .bind(mark.dismissed_at.map(At))
        .bind(crate::codec::long(mark.visible_ms))
        .bind(mark.converted);
        self.row(merge).await?.ok_or(StoreError::NotFound)?.flag("first")
    }

    async fn fold_guest_marks(&mut self, before: Timestamp) -> Result<u64, StoreError> {
        let fold = query(
            "WITH gone AS (DELETE FROM guest_marks WHERE created_at < $1 RETURNING dialogue_id, shown_at, converted),
             added AS (
               INSERT INTO dialogue_guest_triggers (dialogue_id, bucket, triggered)
               SELECT g.dialogue_id, date_bin('15 minutes', g.shown_at, 'epoch'), count(*)
               FROM gone g JOIN dialogues d ON d.id = g.dialogue_id
               WHERE g.shown_at IS NOT NULL AND NOT g.converted
               GROUP BY 1, 2
               ON CONFLICT (dialogue_id, bucket)
               DO UPDATE SET triggered = dialogue_guest_triggers.triggered + excluded.triggered)
             SELECT count(*) AS n FROM gone",
        );
        let row = self.row(fold.bind(At(before))).await?;
        row.map_or(Ok(0), |row| row.count("n"))
    }
}
