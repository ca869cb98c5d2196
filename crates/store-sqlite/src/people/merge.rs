//! One person takes up another (rule R38): the lost id becomes an alias, and aliases never form a chain.

use super::index;
use crate::{
    error::Result,
    rows::{Columns, one, run},
};
use kernel::{PersonId, Timestamp, to_millis};
use sqlx::{SqliteConnection, query};
use store::StoreError;
use uuid::Uuid;

/// What moves from `?2` to `?1`.
const MOVES: [&str; 8] = [
    "INSERT OR IGNORE INTO list_members (list_id, person_id, added_by, added_at)
       SELECT list_id, ?1, added_by, added_at FROM list_members WHERE person_id = ?2",
    "DELETE FROM list_members WHERE person_id = ?2 AND ?1 IS NOT NULL",
    "UPDATE visitors SET person_id = ?1 WHERE person_id = ?2",
    "UPDATE conversations SET person_id = ?1 WHERE person_id = ?2",
    "UPDATE activities SET person_id = ?1 WHERE person_id = ?2",
    "UPDATE assignments SET person_id = ?1 WHERE person_id = ?2",
    "UPDATE person_aliases SET person_id = ?1 WHERE person_id = ?2",
    "DELETE FROM people WHERE id = ?2 AND ?1 IS NOT NULL",
];

const RESOLVE: &str =
    "SELECT pk, id FROM people WHERE id = coalesce((SELECT person_id FROM person_aliases WHERE id = ?1), ?1)";

/// Doing it twice, or for two ids of one person, changes nothing.
pub(super) async fn absorb(
    connection: &mut SqliteConnection,
    survivor: PersonId,
    lost: PersonId,
    at: Timestamp,
) -> Result<()> {
    let (_, survivor) = living(connection, survivor).await?;
    let (lost_pk, lost) = living(connection, lost).await?;
    if survivor == lost {
        return Ok(());
    }
    index::remove(connection, &[lost_pk]).await?;
    for statement in MOVES {
        run(connection, query(statement).bind(survivor).bind(lost)).await?;
    }
    let alias = query("INSERT INTO person_aliases (id, person_id, at) VALUES (?, ?, ?)");
    run(connection, alias.bind(lost).bind(survivor).bind(to_millis(at))).await.map(drop)
}

async fn living(connection: &mut SqliteConnection, id: PersonId) -> Result<(i64, Uuid)> {
    let row = one(connection, query(RESOLVE).bind(id.uuid())).await?.ok_or(StoreError::NotFound)?;
    Ok((row.int("pk")?, row.id("id")?))
}
