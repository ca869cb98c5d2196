//! A batch of page views: a statement or a few for each kind of row in it.

use crate::{
    error::Result,
    rows::{Columns, all, hex, hexes, json, opt_ms, run, word},
    session::Handle,
    values::{MOST_ROWS, Values},
    writer::Turn,
};
use kernel::to_millis;
use people::Person;
use sqlx::query;
use std::{collections::HashSet, sync::LazyLock};
use store::{PageViewBatch, PeopleWrites};
use uuid::Uuid;

impl Handle<Turn> {
    /// A visitor that is there keeps its person; one whose token was revoked or who was erased does not come back.
    pub(crate) async fn add_new_visitors(&mut self, batch: &PageViewBatch) -> Result<()> {
        static INSERT: LazyLock<Values> = LazyLock::new(|| {
            Values::new(10, |rows| {
                format!(
                    "INSERT INTO visitors (id, site_id, token_hash, person_id, rung, language, dismissed_at, created_at,
                       last_seen_at, revoked_at)
                     SELECT column1, column2, column3,
                       coalesce((SELECT person_id FROM person_aliases WHERE id = j.column4), column4), column5, column6,
                       column7, column8, column9, column10
                     FROM (VALUES {rows}) j WHERE column2 IN (SELECT id FROM sites)
                     ON CONFLICT DO NOTHING"
                )
            })
        });
        if batch.new_visitors.is_empty() {
            return Ok(());
        }
        let known = query("SELECT id FROM visitors WHERE id IN (SELECT unhex(value) FROM json_each(?))")
            .bind(hexes(batch.new_visitors.iter().map(|(_, visitor, _)| visitor.id.uuid())));
        let rows = all(self.connection()?, known).await?;
        let mut seen: HashSet<Uuid> = rows.iter().map(|row| row.id("id")).collect::<Result<_>>()?;
        let fresh: Vec<_> =
            batch.new_visitors.iter().filter(|(_, visitor, _)| seen.insert(visitor.id.uuid())).collect();
        let mut people = HashSet::new();
        let anonymous: Vec<Person> = fresh
            .iter()
            .filter(|(_, _, person)| people.insert(person.id))
            .map(|(_, _, person)| person.clone())
            .collect();
        self.add_missing_people(&anonymous).await?;
        for part in fresh.chunks(MOST_ROWS) {
            let mut insert = INSERT.query(part.len());
            for (site, v, _) in part {
                insert = insert
                    .bind(v.id.uuid())
                    .bind(site.site().uuid())
                    .bind(v.token_hash.to_vec())
                    .bind(v.person_id.uuid())
                    .bind(word(v.rung))
                    .bind(v.language.as_deref())
                    .bind(opt_ms(v.dismissed_at))
                    .bind(to_millis(v.created_at))
                    .bind(to_millis(v.last_seen_at))
                    .bind(opt_ms(v.revoked_at));
            }
            run(self.connection()?, insert).await?;
        }
        Ok(())
    }

    async fn add_missing_people(&mut self, people: &[Person]) -> Result<()> {
        let known = query(
            "SELECT unhex(value) AS id FROM json_each(?)
             WHERE unhex(value) IN (SELECT id FROM people) OR unhex(value) IN (SELECT id FROM person_aliases)
               OR unhex(value) IN (SELECT person_id FROM erasures)",
        )
        .bind(hexes(people.iter().map(|person| person.id.uuid())));
        let rows = all(self.connection()?, known).await?;
        let known: HashSet<Uuid> = rows.iter().map(|row| row.id("id")).collect::<Result<_>>()?;
        let missing: Vec<Person> =
            people.iter().filter(|person| !known.contains(&person.id.uuid())).cloned().collect();
        self.insert_people(&missing).await
    }

    /// Visits of visitors who were erased in the meantime are left out. When a visit began does not change, and indexes are
    /// made of it: an update that named it would write them anew every time.
    pub(crate) async fn add_visits(&mut self, batch: &PageViewBatch) -> Result<()> {
        static UPSERT: LazyLock<Values> = LazyLock::new(|| {
            Values::new(10, |rows| {
                format!(
                    "INSERT INTO visits (id, site_id, visitor_id, number, started_at, last_at, pages, visible_ms,
                       dialogue_ms, attributes)
                     SELECT column1, column2, v.id, column4, column5, column6, column7, column8, column9, column10
                     FROM (VALUES {rows}) j CROSS JOIN visitors v ON v.id = j.column3 AND v.site_id = j.column2
                     WHERE true
                     ON CONFLICT (id) DO UPDATE SET
                       number = excluded.number,
                       last_at = max(last_at, excluded.last_at),
                       pages = max(pages, excluded.pages),
                       visible_ms = max(visible_ms, excluded.visible_ms),
                       dialogue_ms = CASE WHEN dialogue_ms = excluded.dialogue_ms THEN dialogue_ms ELSE (
                         SELECT json_group_object(key, ms) FROM (
                           SELECT key, max(value) AS ms FROM (
                             SELECT key, value FROM json_each(visits.dialogue_ms)
                             UNION ALL SELECT key, value FROM json_each(excluded.dialogue_ms))
                           GROUP BY key)) END,
                       attributes = excluded.attributes
                     WHERE visits.visitor_id = excluded.visitor_id"
                )
            })
        });
        for part in batch.visits.chunks(MOST_ROWS) {
            let mut upsert = UPSERT.query(part.len());
            for (site, v) in part {
                let by_dialogue: serde_json::Map<String, serde_json::Value> =
                    v.dialogue_ms.iter().map(|(id, ms)| (hex(id.uuid()), (*ms).into())).collect();
                upsert = upsert
                    .bind(v.id.uuid())
                    .bind(site.site().uuid())
                    .bind(v.visitor_id.uuid())
                    .bind(v.number)
                    .bind(to_millis(v.started_at))
                    .bind(to_millis(v.last_at))
                    .bind(v.pages)
                    .bind(i64::try_from(v.visible_ms).unwrap_or(i64::MAX))
                    .bind(json(&by_dialogue)?)
                    .bind(json(&v.attributes)?);
            }
            run(self.connection()?, upsert).await?;
        }
        self.touch_visitors(batch).await
    }

    async fn touch_visitors(&mut self, batch: &PageViewBatch) -> Result<()> {
        static TOUCH: LazyLock<Values> = LazyLock::new(|| {
            Values::new(2, |rows| {
                format!(
                    "UPDATE visitors SET last_seen_at = max(last_seen_at, seen.at)
                     FROM (SELECT column1 AS id, max(column2) AS at FROM (VALUES {rows}) GROUP BY 1) seen
                     WHERE visitors.id = seen.id"
                )
            })
        });
        for part in batch.visits.chunks(MOST_ROWS) {
            let mut touch = TOUCH.query(part.len());
            for (_, v) in part {
                touch = touch.bind(v.visitor_id.uuid()).bind(to_millis(v.last_at));
            }
            run(self.connection()?, touch).await?;
        }
        Ok(())
    }

    pub(crate) async fn add_views(&mut self, batch: &PageViewBatch) -> Result<()> {
        static INSERT: LazyLock<Values> = LazyLock::new(|| {
            Values::new(8, |rows| {
                format!(
                    "INSERT INTO page_views (id, site_id, visit_id, visitor_id, url, title, at, trace)
                     SELECT column1, column2, column3, v.id, column5, column6, column7, column8
                     FROM (VALUES {rows}) j CROSS JOIN visitors v ON v.id = j.column4 AND v.site_id = j.column2
                     WHERE true
                     ON CONFLICT DO NOTHING"
                )
            })
        });
        for part in batch.views.chunks(MOST_ROWS) {
            let mut insert = INSERT.query(part.len());
            for (site, v) in part {
                insert = insert
                    .bind(v.id.uuid())
                    .bind(site.site().uuid())
                    .bind(v.visit_id.uuid())
                    .bind(v.visitor_id.uuid())
                    .bind(v.url.as_str())
                    .bind(v.title.as_str())
                    .bind(to_millis(v.at))
                    .bind(json(&v.trace)?);
            }
            run(self.connection()?, insert).await?;
        }
        Ok(())
    }
}
