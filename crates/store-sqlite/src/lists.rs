//! Lists and their members.

use crate::{
    error::Result,
    rows::{Columns, all, hexes, run, run_found},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{ListId, PersonId, Timestamp, UserId, to_millis};
use sqlx::{query, sqlite::SqliteRow};
use std::collections::HashSet;
use store::{ListReads, ListRecord, ListWrites};

fn list(row: &SqliteRow) -> Result<ListRecord> {
    Ok(ListRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        size: row.int("size")?,
        created_at: row.at("created_at")?,
    })
}

#[async_trait]
impl<C: Connected> ListReads for Handle<C> {
    async fn lists(&mut self) -> Result<Vec<ListRecord>> {
        let found = query(
            "SELECT l.*, (SELECT count(*) FROM list_members m WHERE m.list_id = l.id) AS size FROM lists l
             ORDER BY lower(l.name), l.id",
        );
        all(self.connection()?, found).await?.iter().map(list).collect()
    }

    async fn lists_of(&mut self, person: PersonId) -> Result<Vec<ListRecord>> {
        let found = query(
            "SELECT l.*, (SELECT count(*) FROM list_members x WHERE x.list_id = l.id) AS size
             FROM list_members m JOIN lists l ON l.id = m.list_id
             WHERE m.person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = ?1), ?1)
             ORDER BY lower(l.name), l.id",
        )
        .bind(person.uuid());
        all(self.connection()?, found).await?.iter().map(list).collect()
    }
}

#[async_trait]
impl ListWrites for Handle<Turn> {
    async fn insert_list(&mut self, list: &ListRecord) -> Result<()> {
        let insert = query("INSERT INTO lists (id, name, created_at) VALUES (?, ?, ?)")
            .bind(list.id.uuid())
            .bind(list.name.clone())
            .bind(to_millis(list.created_at));
        run(self.connection()?, insert).await.map(drop)
    }

    async fn rename_list(&mut self, id: ListId, name: &str) -> Result<()> {
        let update = query("UPDATE lists SET name = ? WHERE id = ?").bind(name.to_owned()).bind(id.uuid());
        run_found(self.connection()?, update).await
    }

    async fn delete_list(&mut self, id: ListId) -> Result<()> {
        run_found(self.connection()?, query("DELETE FROM lists WHERE id = ?").bind(id.uuid())).await
    }

    async fn add_to_list(
        &mut self,
        list: ListId,
        people: &[PersonId],
        by: Option<UserId>,
        at: Timestamp,
    ) -> Result<Vec<PersonId>> {
        let add = query(
            "INSERT INTO list_members (list_id, person_id, added_by, added_at)
             SELECT ?1, p.id, ?2, ?3
             FROM json_each(?4) j
               LEFT JOIN person_aliases a ON a.id = unhex(j.value)
               CROSS JOIN people p ON p.id = coalesce(a.person_id, unhex(j.value))
             WHERE true
             ON CONFLICT DO NOTHING
             RETURNING person_id",
        )
        .bind(list.uuid())
        .bind(by.map(UserId::uuid))
        .bind(to_millis(at))
        .bind(hexes(people.iter().map(|id| id.uuid())));
        let rows = all(self.connection()?, add).await?;
        in_order(people, rows.iter().map(|row| row.id("person_id")).collect::<Result<_>>()?)
    }

    async fn remove_from_list(&mut self, list: ListId, people: &[PersonId]) -> Result<Vec<PersonId>> {
        let remove = query(
            "DELETE FROM list_members
             WHERE list_id = ?1 AND person_id IN (
               SELECT coalesce((SELECT person_id FROM person_aliases WHERE id = unhex(value)), unhex(value))
               FROM json_each(?2))
             RETURNING person_id",
        )
        .bind(list.uuid())
        .bind(hexes(people.iter().map(|id| id.uuid())));
        let rows = all(self.connection()?, remove).await?;
        in_order(people, rows.iter().map(|row| row.id("person_id")).collect::<Result<_>>()?)
    }
}

/// In the order in which the caller named them; survivors of merged ids come behind.
fn in_order(asked: &[PersonId], changed: Vec<PersonId>) -> Result<Vec<PersonId>> {
    let mut left: HashSet<PersonId> = changed.iter().copied().collect();
    let mut ordered: Vec<_> = asked.iter().copied().filter(|id| left.remove(id)).collect();
    ordered.extend(changed.into_iter().filter(|id| left.remove(id)));
    Ok(ordered)
}
