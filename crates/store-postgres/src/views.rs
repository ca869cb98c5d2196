//! A batch of page views: one statement for each kind of row in it.

use crate::{
    codec::{Columns, all, document, instant},
    people::hold_all,
    unit::Unit,
    visitors::as_row,
};
use kernel::PersonId;
use people::Person;
use serde_json::{Map, Value as Json, json};
use sqlx::{query, types::Json as Document};
use std::collections::HashSet;
use store::{PageViewBatch, PeopleWrites, StoreError};
use uuid::Uuid;

/// How often people are looked for anew when others add them at the same moment.
const TRIES: usize = 5;

pub(crate) async fn record(unit: &mut Unit, batch: &PageViewBatch) -> Result<(), StoreError> {
    add_visitors(unit, batch).await?;
    add_visits(unit, batch).await?;
    add_views(unit, batch).await
}

/// A visitor that is there keeps its person; one whose token was revoked or who was erased does not come back.
async fn add_visitors(unit: &mut Unit, batch: &PageViewBatch) -> Result<(), StoreError> {
    if batch.new_visitors.is_empty() {
        return Ok(());
    }
    let asked: Vec<Uuid> = batch.new_visitors.iter().map(|(_, visitor, _)| visitor.id.uuid()).collect();
    let known = query("SELECT id FROM visitors WHERE id = ANY($1)").bind(asked);
    let mut seen: HashSet<Uuid> =
        all(&unit.rows(known).await?, |row| row.column("id"))?.into_iter().collect();
    let mut fresh: Vec<_> =
        batch.new_visitors.iter().filter(|(_, visitor, _)| seen.insert(visitor.id.uuid())).collect();
    // Two nodes that write the same new visitors wait for each other instead of dying together.
    fresh.sort_by_key(|(_, visitor, _)| visitor.id);
    let mut people = HashSet::new();
    let anonymous: Vec<Person> = fresh
        .iter()
        .filter(|(_, _, person)| people.insert(person.id))
        .map(|(_, _, person)| person.clone())
        .collect();
    add_missing_people(unit, anonymous).await?;
    let persons: Vec<PersonId> = fresh.iter().map(|(_, visitor, _)| visitor.person_id).collect();
    hold_all(unit, &persons).await?;
    let rows: Vec<Json> =
        fresh.iter().map(|(site, visitor, _)| as_row(*site, visitor, visitor.person_id)).collect();
    let insert = query(
        "INSERT INTO visitors (id, site_id, token_hash, person_id, rung, language, dismissed_at, created_at,
           last_seen_at, revoked_at)
         SELECT r.id, r.site_id, r.token_hash, coalesce(a.person_id, r.person_id), r.rung, r.language, r.dismissed_at,
           r.created_at, r.last_seen_at, r.revoked_at
         FROM jsonb_populate_recordset(NULL::visitors, $1) r
           JOIN sites s ON s.id = r.site_id LEFT JOIN person_aliases a ON a.id = r.person_id
         ON CONFLICT DO NOTHING",
    );
    unit.run(insert.bind(Document(rows))).await.map(drop)
}

async fn add_missing_people(unit: &mut Unit, mut people: Vec<Person>) -> Result<(), StoreError> {
    for _ in 0..TRIES {
        people = missing(unit, people).await?;
        match unit.insert_people(&people).await {
            // Somebody else added one of them in between, and has committed: it is there when looked for again.
            Err(StoreError::Taken { what: "people.id" }) => {}
            done => return done,
        }
    }
    Err(StoreError::Unavailable("the same people are added again and again".into()))
}

/// Those who are neither there nor merged or erased.
async fn missing(unit: &mut Unit, people: Vec<Person>) -> Result<Vec<Person>, StoreError> {
    let known = query(
        "SELECT n.id FROM unnest($1::uuid[]) AS n (id)
         WHERE EXISTS (SELECT FROM people p WHERE p.id = n.id)
           OR EXISTS (SELECT FROM person_aliases a WHERE a.id = n.id)
           OR EXISTS (SELECT FROM erasures e WHERE e.person_id = n.id)",
    );
    let ids: Vec<Uuid> = people.iter().map(|person| person.id.uuid()).collect();
    let known: HashSet<PersonId> =
        all(&unit.rows(known.bind(ids)).await?, |row| row.id("id"))?.into_iter().collect();
    Ok(people.into_iter().filter(|person| !known.contains(&person.id)).collect())
}

/// Visits of visitors who were erased in the meantime are left out. Of a visit that stands twice in the batch the last
/// counts, with the larger times of both.
async fn add_visits(unit: &mut Unit, batch: &PageViewBatch) -> Result<(), StoreError> {
    if batch.visits.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(batch.visits.len());
    for (site, visit) in &batch.visits {
        let by_dialogue: Map<String, Json> =
            visit.dialogue_ms.iter().map(|(id, ms)| (id.uuid().to_string(), (*ms).into())).collect();
        rows.push(json!({
            "id": visit.id.uuid(),
            "site_id": site.site().uuid(),
            "visitor_id": visit.visitor_id.uuid(),
            "number": visit.number,
            "started_at": instant(visit.started_at),
            "last_at": instant(visit.last_at),
            "pages": visit.pages,
            "visible_ms": visit.visible_ms,
            "dialogue_ms": by_dialogue,
            "attributes": document(&visit.attributes)?,
        }));
    }
    // A statement may touch a row once, so a visit that comes twice goes in two statements.
    for rows in rounds(rows) {
        let insert = query(UPSERT_VISITS).bind(Document(&rows));
        unit.run(insert).await?;
    }
    let touch = query(
        "WITH latest AS (
           SELECT visitor_id, max(last_at) AS at FROM jsonb_populate_recordset(NULL::visits, $1) GROUP BY 1),
         locked AS MATERIALIZED (
           SELECT v.id, latest.at FROM visitors v JOIN latest ON latest.visitor_id = v.id AND v.last_seen_at < latest.at
           ORDER BY v.id FOR NO KEY UPDATE OF v)
         UPDATE visitors v SET last_seen_at = greatest(v.last_seen_at, locked.at) FROM locked WHERE v.id = locked.id",
    );
    let seen: Vec<Json> = batch
        .visits
        .iter()
        .map(|(_, visit)| json!({ "visitor_id": visit.visitor_id.uuid(), "last_at": instant(visit.last_at) }))
        .collect();
    unit.run(touch.bind(Document(seen))).await.map(drop)
}

const UPSERT_VISITS: &str = "
    INSERT INTO visits AS t (id, site_id, visitor_id, number, started_at, last_at, pages, visible_ms, dialogue_ms,
      attributes)
    SELECT r.id, r.site_id, v.id, r.number, r.started_at, r.last_at, r.pages, r.visible_ms, r.dialogue_ms, r.attributes
    FROM jsonb_populate_recordset(NULL::visits, $1) r
      JOIN visitors v ON v.id = r.visitor_id AND v.site_id = r.site_id
    ORDER BY r.id
    ON CONFLICT (id) DO UPDATE SET
      number = excluded.number,
      started_at = least(t.started_at, excluded.started_at),
      last_at = greatest(t.last_at, excluded.last_at),
      pages = greatest(t.pages, excluded.pages),
      visible_ms = greatest(t.visible_ms, excluded.visible_ms),
      dialogue_ms = CASE WHEN t.dialogue_ms = excluded.dialogue_ms THEN t.dialogue_ms ELSE (
        SELECT jsonb_object_agg(key, ms) FROM (
          SELECT key, max(value::bigint) AS ms FROM (
            SELECT * FROM jsonb_each_text(t.dialogue_ms)
            UNION ALL SELECT * FROM jsonb_each_text(excluded.dialogue_ms)) both_of_them
          GROUP BY key) larger) END,
      attributes = excluded.attributes
    WHERE t.visitor_id = excluded.visitor_id";

/// Rows in rounds, in each of which an id comes once; the order of rows with one id is kept.
fn rounds(rows: Vec<Json>) -> Vec<Vec<Json>> {
    let mut rounds: Vec<(HashSet<String>, Vec<Json>)> = Vec::new();
    for row in rows {
        let id = row.get("id").and_then(Json::as_str).unwrap_or_default().to_owned();
        let round = rounds.iter().rposition(|(ids, _)| ids.contains(&id)).map_or(0, |round| round + 1);
        if round == rounds.len() {
            rounds.push((HashSet::new(), Vec::new()));
        }
        rounds[round].0.insert(id);
        rounds[round].1.push(row);
    }
    rounds.into_iter().map(|(_, rows)| rows).collect()
}

async fn add_views(unit: &mut Unit, batch: &PageViewBatch) -> Result<(), StoreError> {
    if batch.views.is_empty() {
        return Ok(());
    }
    let rows: Vec<Json> = batch
        .views
        .iter()
        .map(|(site, view)| {
            json!({
                "id": view.id.uuid(),
                "site_id": site.site().uuid(),
                "visit_id": view.visit_id.uuid(),
                "visitor_id": view.visitor_id.uuid(),
                "url": view.url,
                "title": view.title,
                "at": instant(view.at),
                "trace": view.trace,
            })
        })
        .collect();
    let insert = query(
        "INSERT INTO page_views (id, site_id, visit_id, visitor_id, url, title, at, trace)
         SELECT r.id, r.site_id, r.visit_id, v.id, r.url, r.title, r.at, r.trace
         FROM jsonb_populate_recordset(NULL::page_views, $1) r
           JOIN visitors v ON v.id = r.visitor_id AND v.site_id = r.site_id
         ORDER BY r.id
         ON CONFLICT DO NOTHING",
    );
    unit.run(insert.bind(Document(rows))).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_one_id_keep_their_order_in_rounds_of_their_own() {
        let row = |id: &str, n: u32| json!({ "id": id, "n": n });
        let rounds = rounds(vec![row("a", 1), row("b", 1), row("a", 2), row("a", 3), row("c", 1)]);
        assert_eq!(
            rounds,
            [vec![row("a", 1), row("b", 1), row("c", 1)], vec![row("a", 2)], vec![row("a", 3)]]
        );
    }
}
