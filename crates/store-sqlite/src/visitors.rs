//! Visitors and the marks of guests.

use crate::{
    error::Result,
    profile,
    rows::{Columns, after_time, all, count, limit, one, opt_ms, paged, run, run_found, word},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{PersonId, Timestamp, VisitorId, to_millis};
use people::Rung;
use sqlx::{query, sqlite::SqliteRow};
use store::{
    GuestMark, Page, PageRequest, PageViewBatch, PageViewRecord, SiteScope, StoreError, Visitor,
    VisitorProfile, VisitorReads, VisitorWrites,
};

pub(crate) fn visitor(row: &SqliteRow) -> Result<Visitor> {
    Ok(Visitor {
        id: row.id("id")?,
        token_hash: row.hash("token_hash")?,
        person_id: row.id("person_id")?,
        rung: row.word("rung")?,
        language: row.opt_text("language")?,
        dismissed_at: row.opt_at("dismissed_at")?,
        created_at: row.at("created_at")?,
        last_seen_at: row.at("last_seen_at")?,
        revoked_at: row.opt_at("revoked_at")?,
    })
}

fn mark(row: &SqliteRow) -> Result<GuestMark> {
    Ok(GuestMark {
        hash: row.hash("hash")?,
        dialogue_id: row.id("dialogue_id")?,
        shown_at: row.opt_at("shown_at")?,
        dismissed_at: row.opt_at("dismissed_at")?,
        visible_ms: row.int("visible_ms")?,
        converted: row.flag("converted")?,
        created_at: row.at("created_at")?,
    })
}

pub(crate) fn view(row: &SqliteRow) -> Result<PageViewRecord> {
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
impl<C: Connected> VisitorReads for Handle<C> {
    async fn visitor_profile(
        &mut self,
        site: SiteScope,
        token_hash: &[u8; 32],
    ) -> Result<Option<VisitorProfile>> {
        profile::read(self.connection()?, site, token_hash).await
    }

    async fn token_revoked(&mut self, site: SiteScope, token_hash: &[u8; 32]) -> Result<bool> {
        let found =
            query("SELECT 1 FROM visitors WHERE token_hash = ? AND site_id = ? AND revoked_at IS NOT NULL")
                .bind(token_hash.to_vec())
                .bind(site.site().uuid());
        Ok(one(self.connection()?, found).await?.is_some())
    }

    async fn guest_marks(&mut self, site: SiteScope, hash: &[u8; 32]) -> Result<Vec<GuestMark>> {
        let found = query(
            "SELECT * FROM guest_marks WHERE site_id = ? AND hash = ? ORDER BY created_at, dialogue_id",
        )
        .bind(site.site().uuid())
        .bind(hash.to_vec());
        all(self.connection()?, found).await?.iter().map(mark).collect()
    }

    async fn visitors_of(&mut self, person: PersonId) -> Result<Vec<(SiteScope, Visitor)>> {
        let found = query(
            "SELECT * FROM visitors
             WHERE person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = ?1), ?1)
             ORDER BY created_at DESC, id DESC",
        )
        .bind(person.uuid());
        let rows = all(self.connection()?, found).await?;
        rows.iter().map(|row| Ok((SiteScope::new(row.id("site_id")?), visitor(row)?))).collect()
    }

    async fn page_views_of(
        &mut self,
        visitor: VisitorId,
        page: &PageRequest,
    ) -> Result<Page<PageViewRecord>> {
        let (at, id) = after_time(page)?;
        let found = query(
            "SELECT * FROM page_views WHERE visitor_id = ? AND (at, id) < (?, ?) ORDER BY at DESC, id DESC LIMIT ?",
        )
        .bind(visitor.uuid())
        .bind(at)
        .bind(id)
        .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(view).collect::<Result<_>>()?;
        Ok(paged(items, page, |v: &PageViewRecord| (to_millis(v.at), v.id.uuid())))
    }

    async fn count_visits(&mut self, from: Timestamp, to: Timestamp) -> Result<u64> {
        let visits = query("SELECT count(*) FROM visits WHERE started_at >= ? AND started_at < ?")
            .bind(to_millis(from))
            .bind(to_millis(to));
        count(self.connection()?, visits).await
    }
}

#[async_trait]
impl VisitorWrites for Handle<Turn> {
    async fn ensure_visitor(&mut self, site: SiteScope, wanted: &Visitor) -> Result<Visitor> {
        let insert = query(
            "INSERT INTO visitors (id, site_id, token_hash, person_id, rung, language, dismissed_at, created_at,
               last_seen_at, revoked_at)
             VALUES (?1, ?2, ?3, coalesce((SELECT person_id FROM person_aliases WHERE id = ?4), ?4), ?5, ?6, ?7, ?8, ?9,
               ?10)
             ON CONFLICT DO NOTHING",
        )
        .bind(wanted.id.uuid())
        .bind(site.site().uuid())
        .bind(wanted.token_hash.to_vec())
        .bind(wanted.person_id.uuid())
        .bind(word(wanted.rung))
        .bind(wanted.language.clone())
        .bind(opt_ms(wanted.dismissed_at))
        .bind(to_millis(wanted.created_at))
        .bind(to_millis(wanted.last_seen_at))
        .bind(opt_ms(wanted.revoked_at));
        run(self.connection()?, insert).await?;
        let stored = query(
            "SELECT * FROM visitors WHERE site_id = ?1 AND (token_hash = ?2 OR id = ?3) ORDER BY token_hash = ?2 DESC LIMIT 1",
        )
        .bind(site.site().uuid())
        .bind(wanted.token_hash.to_vec())
        .bind(wanted.id.uuid());
        // Neither: id or hash belong to a visitor of another site.
        one(self.connection()?, stored).await?.as_ref().map(visitor).transpose()?.ok_or(StoreError::NotFound)
    }

    async fn record_page_views(&mut self, batch: &PageViewBatch) -> Result<()> {
        self.add_new_visitors(batch).await?;
        self.add_visits(batch).await?;
        self.add_views(batch).await
    }

    async fn associate_visitor(&mut self, visitor: VisitorId, person: PersonId, rung: Rung) -> Result<()> {
        let update = query(
            "UPDATE visitors SET person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = ?2), ?2), rung = ?3
             WHERE id = ?1",
        )
        .bind(visitor.uuid())
        .bind(person.uuid())
        .bind(word(rung));
        run_found(self.connection()?, update).await
    }

    async fn replace_visitor(
        &mut self,
        site: SiteScope,
        old: VisitorId,
        new: &Visitor,
        at: Timestamp,
    ) -> Result<()> {
        self.ensure_visitor(site, new).await?;
        for update in [
            "UPDATE conversations SET visitor_id = ?1 WHERE visitor_id = ?2",
            "UPDATE visits SET visitor_id = ?1 WHERE visitor_id = ?2",
            "UPDATE page_views SET visitor_id = ?1 WHERE visitor_id = ?2",
        ] {
            run(self.connection()?, query(update).bind(new.id.uuid()).bind(old.uuid())).await?;
        }
        self.revoke_visitor(old, at).await
    }

    async fn dismiss(&mut self, visitor: VisitorId, at: Timestamp) -> Result<()> {
        let update =
            query("UPDATE visitors SET dismissed_at = max(coalesce(dismissed_at, ?1), ?1) WHERE id = ?2")
                .bind(to_millis(at))
                .bind(visitor.uuid());
        run_found(self.connection()?, update).await
    }

    async fn revoke_visitor(&mut self, visitor: VisitorId, at: Timestamp) -> Result<()> {
        let update = query("UPDATE visitors SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?")
            .bind(to_millis(at))
            .bind(visitor.uuid());
        run_found(self.connection()?, update).await
    }

    async fn put_guest_mark(&mut self, site: SiteScope, mark: &GuestMark) -> Result<bool> {
        let before =
            query("SELECT shown_at FROM guest_marks WHERE site_id = ? AND hash = ? AND dialogue_id = ?")
                .bind(site.site().uuid())
                .bind(mark.hash.to_vec())
                .bind(mark.dialogue_id.uuid());
        let shown_before = match one(self.connection()?, before).await? {
            Some(row) => row.opt_at("shown_at")?.is_some(),
            None => false,
        };
        let put = query(
            "INSERT INTO guest_marks (site_id, hash, dialogue_id, shown_at, dismissed_at, visible_ms, converted, created_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (site_id, hash, dialogue_id) DO UPDATE SET
               shown_at = coalesce(min(shown_at, excluded.shown_at), shown_at, excluded.shown_at),
               dismissed_at = coalesce(max(dismissed_at, excluded.dismissed_at), dismissed_at, excluded.dismissed_at),
               visible_ms = max(visible_ms, excluded.visible_ms),
               converted = max(converted, excluded.converted)",
        )
        .bind(site.site().uuid())
        .bind(mark.hash.to_vec())
        .bind(mark.dialogue_id.uuid())
        .bind(opt_ms(mark.shown_at))
        .bind(opt_ms(mark.dismissed_at))
        .bind(i64::try_from(mark.visible_ms).unwrap_or(i64::MAX))
        .bind(mark.converted)
        .bind(to_millis(mark.created_at));
        run(self.connection()?, put).await?;
        Ok(!shown_before && mark.shown_at.is_some())
    }

    async fn fold_guest_marks(&mut self, before: Timestamp) -> Result<u64> {
        let add = query(
            "INSERT INTO dialogue_guest_triggers (dialogue_id, bucket, triggered)
             SELECT m.dialogue_id, m.shown_at - m.shown_at % 900000, count(*)
             FROM guest_marks m JOIN dialogues d ON d.id = m.dialogue_id
             WHERE m.created_at < ? AND m.shown_at IS NOT NULL AND m.converted = 0
             GROUP BY 1, 2
             ON CONFLICT (dialogue_id, bucket) DO UPDATE SET triggered = triggered + excluded.triggered",
        )
        .bind(to_millis(before));
        run(self.connection()?, add).await?;
        run(self.connection()?, query("DELETE FROM guest_marks WHERE created_at < ?").bind(to_millis(before)))
            .await
    }
}
