//! A batch of page views: one statement for each kind of row in it.

use crate::{
    error::Result,
    rows::{Columns, all, hash_hex, hex, hexes, json, opt_ms, run, word},
    session::Handle,
    writer::Turn,
};
use kernel::to_millis;
use people::Person;
use serde_json::json;
use sqlx::query;
use std::collections::HashSet;
use store::{PageViewBatch, PeopleWrites};
use uuid::Uuid;

impl Handle<Turn> {
    /// A visitor that is there keeps its person; one whose token was revoked or who was erased does not come back.
    pub(crate) async fn add_new_visitors(&mut self, batch: &PageViewBatch) -> Result<()> {
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
        let rows: Vec<_> = fresh
            .iter()
            .map(|(site, v, _)| {
                json!([
                    hex(v.id.uuid()),
                    hex(site.site().uuid()),
                    hash_hex(&v.token_hash),
                    hex(v.person_id.uuid()),
                    word(v.rung),
                    v.language,
                    opt_ms(v.dismissed_at),
                    to_millis(v.created_at),
                    to_millis(v.last_seen_at),
                    opt_ms(v.revoked_at)
                ])
            })
            .collect();
        let insert = query(
            "INSERT INTO visitors (id, site_id, token_hash, person_id, rung, language, dismissed_at, created_at,
               last_seen_at, revoked_at)
             SELECT unhex(value ->> 0), unhex(value ->> 1), unhex(value ->> 2),
               coalesce((SELECT person_id FROM person_aliases WHERE id = unhex(j.value ->> 3)), unhex(value ->> 3)),
               value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
             FROM json_each(?) j
             WHERE unhex(value ->> 1) IN (SELECT id FROM sites)
             ON CONFLICT DO NOTHING",
        )
        .bind(json(&rows)?);
        run(self.connection()?, insert).await.map(drop)
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

    /// Visits of visitors who were erased in the meantime are left out.
    pub(crate) async fn add_visits(&mut self, batch: &PageViewBatch) -> Result<()> {
        if batch.visits.is_empty() {
            return Ok(());
        }
        let mut rows = Vec::with_capacity(batch.visits.len());
        for (site, v) in &batch.visits {
            let by_dialogue: serde_json::Map<String, serde_json::Value> =
                v.dialogue_ms.iter().map(|(id, ms)| (hex(id.uuid()), (*ms).into())).collect();
            rows.push(json!([
                hex(v.id.uuid()),
                hex(site.site().uuid()),
                hex(v.visitor_id.uuid()),
                v.number,
                to_millis(v.started_at),
                to_millis(v.last_at),
                v.pages,
                v.visible_ms,
                by_dialogue,
                v.attributes
            ]));
        }
        let insert = query(
            "INSERT INTO visits (id, site_id, visitor_id, number, started_at, last_at, pages, visible_ms, dialogue_ms,
               attributes)
             SELECT unhex(value ->> 0), unhex(value ->> 1), v.id, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
               value ->> 7, value -> 8, value -> 9
             FROM json_each(?) j CROSS JOIN visitors v ON v.id = unhex(j.value ->> 2) AND v.site_id = unhex(j.value ->> 1)
             WHERE true
             ON CONFLICT (id) DO UPDATE SET
               number = excluded.number,
               started_at = min(started_at, excluded.started_at),
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
             WHERE visits.visitor_id = excluded.visitor_id",
        )
        .bind(json(&rows)?);
        run(self.connection()?, insert).await?;
        let latest: Vec<_> = batch
            .visits
            .iter()
            .map(|(_, v)| json!([hex(v.visitor_id.uuid()), to_millis(v.last_at)]))
            .collect();
        let touch = query(
            "UPDATE visitors SET last_seen_at = max(last_seen_at, seen.at)
             FROM (SELECT unhex(value ->> 0) AS id, max(value ->> 1) AS at FROM json_each(?) GROUP BY 1) seen
             WHERE visitors.id = seen.id",
        )
        .bind(json(&latest)?);
        run(self.connection()?, touch).await.map(drop)
    }

    pub(crate) async fn add_views(&mut self, batch: &PageViewBatch) -> Result<()> {
        if batch.views.is_empty() {
            return Ok(());
        }
        let rows: Vec<_> = batch
            .views
            .iter()
            .map(|(site, v)| {
                json!([
                    hex(v.id.uuid()),
                    hex(site.site().uuid()),
                    hex(v.visit_id.uuid()),
                    hex(v.visitor_id.uuid()),
                    v.url,
                    v.title,
                    to_millis(v.at),
                    v.trace
                ])
            })
            .collect();
        let insert = query(
            "INSERT INTO page_views (id, site_id, visit_id, visitor_id, url, title, at, trace)
             SELECT unhex(value ->> 0), unhex(value ->> 1), unhex(value ->> 2), v.id, value ->> 4, value ->> 5,
               value ->> 6, value -> 7
             FROM json_each(?) j CROSS JOIN visitors v ON v.id = unhex(j.value ->> 3) AND v.site_id = unhex(j.value ->> 1)
             WHERE true
             ON CONFLICT DO NOTHING",
        )
        .bind(json(&rows)?);
        run(self.connection()?, insert).await.map(drop)
    }
}
