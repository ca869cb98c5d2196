//! Lists of people.

use crate::{
    codec::{At, Columns, all, instant, uuids},
    paging::fixed,
    people::hold_all,
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{ListId, PersonId, Timestamp, UserId};
use serde_json::json;
use sqlx::{Connection, postgres::PgRow, query};
use std::collections::HashSet;
use store::{ListReads, ListRecord, ListWrites, StoreError};

use crate::error::store_error;

const LISTS: Table = Table { name: "lists", key: "id", columns: "id, name, created_at", changeable: "" };

fn list(row: &PgRow) -> Result<ListRecord, StoreError> {
    Ok(ListRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        size: row.count("size")?,
        created_at: row.at("created_at")?,
    })
}

#[async_trait]
impl ListReads for Unit {
    async fn lists(&mut self) -> Result<Vec<ListRecord>, StoreError> {
        let found = fixed(
            "SELECT l.*, (SELECT count(*) FROM list_members m WHERE m.list_id = l.id) AS size FROM lists l
             ORDER BY lower(l.name) COLLATE \"C\", l.id",
        );
        all(&self.rows(found).await?, list)
    }

    async fn lists_of(&mut self, person: PersonId) -> Result<Vec<ListRecord>, StoreError> {
        let found = query(
            "SELECT l.*, (SELECT count(*) FROM list_members x WHERE x.list_id = l.id) AS size
             FROM list_members m JOIN lists l ON l.id = m.list_id
             WHERE m.person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = $1), $1)
             ORDER BY lower(l.name) COLLATE \"C\", l.id",
        );
        all(&self.rows(found.bind(person.uuid())).await?, list)
    }
}

#[async_trait]
impl ListWrites for Unit {
    async fn insert_list(&mut self, list: &ListRecord) -> Result<(), StoreError> {
        let row = json!({ "id": list.id.uuid(), "name": list.name, "created_at": instant(list.created_at) });
        LISTS.insert_or_undo(self.connection(), &[row]).await
    }

    async fn rename_list(&mut self, id: ListId, name: &str) -> Result<(), StoreError> {
        let mut attempt = self.connection().begin().await.map_err(store_error)?;
        let rename = query("UPDATE lists SET name = $2 WHERE id = $1").bind(id.uuid()).bind(name);
        match rename.execute(&mut *attempt).await {
            Ok(done) => {
                attempt.commit().await.map_err(store_error)?;
                if done.rows_affected() == 0 { Err(StoreError::NotFound) } else { Ok(()) }
            }
            Err(error) => {
                attempt.rollback().await.map_err(store_error)?;
                Err(store_error(error))
            }
        }
    }

    async fn delete_list(&mut self, id: ListId) -> Result<(), StoreError> {
        self.run_on_one(query("DELETE FROM lists WHERE id = $1").bind(id.uuid())).await
    }

    async fn add_to_list(
        &mut self,
        list: ListId,
        people: &[PersonId],
        by: Option<UserId>,
        at: Timestamp,
    ) -> Result<Vec<PersonId>, StoreError> {
        hold_all(self, people).await?;
        let there = query("SELECT FROM lists WHERE id = $1 FOR KEY SHARE").bind(list.uuid());
        if self.row(there).await?.is_none() {
            return Err(StoreError::NotFound);
        }
        let add = query(
            "INSERT INTO list_members (list_id, person_id, added_by, added_at)
             SELECT DISTINCT $1::uuid, p.id, $2::uuid, $3::timestamptz
             FROM unnest($4::uuid[]) AS asked (id)
               LEFT JOIN person_aliases a ON a.id = asked.id
               JOIN people p ON p.id = coalesce(a.person_id, asked.id)
             ON CONFLICT DO NOTHING
             RETURNING person_id",
        )
        .bind(list.uuid())
        .bind(by.map(UserId::uuid))
        .bind(At(at))
        .bind(uuids(people, PersonId::uuid));
        let rows = self.rows(add).await?;
        Ok(in_order(people, all(&rows, |row| row.id("person_id"))?))
    }

    async fn remove_from_list(
        &mut self,
        list: ListId,
        people: &[PersonId],
    ) -> Result<Vec<PersonId>, StoreError> {
        let remove = query(
            "DELETE FROM list_members
             WHERE list_id = $1 AND person_id IN (
               SELECT coalesce(a.person_id, asked.id)
               FROM unnest($2::uuid[]) AS asked (id) LEFT JOIN person_aliases a ON a.id = asked.id)
             RETURNING person_id",
        )
        .bind(list.uuid())
        .bind(uuids(people, PersonId::uuid));
        let rows = self.rows(remove).await?;
        Ok(in_order(people, all(&rows, |row| row.id("person_id"))?))
    }
}

/// In the order in which the caller named them; survivors of merged ids come behind.
fn in_order(asked: &[PersonId], changed: Vec<PersonId>) -> Vec<PersonId> {
    let mut left: HashSet<PersonId> = changed.iter().copied().collect();
    let mut ordered: Vec<_> = asked.iter().copied().filter(|id| left.remove(id)).collect();
    ordered.extend(changed.into_iter().filter(|id| left.remove(id)));
    ordered
}
