//! Adding and replacing people with everything that is kept beside them.

use super::{
    bulk::{self, Names},
    index,
    origins::Origins,
};
use crate::{
    error::{Result, database},
    rows::{Columns, all, hex, hexes, json, opt_ms, run, word},
};
use kernel::{CompanyId, to_millis};
use people::Person;
use serde_json::json;
use sqlx::{SqliteConnection, query};
use std::collections::{HashMap, HashSet};
use store::{StoreError, folded_attributes, last_name_key, score_key};

/// Names of the companies of some people.
pub(super) async fn company_names(
    connection: &mut SqliteConnection,
    people: impl IntoIterator<Item = &Person>,
) -> Result<Names> {
    let ids: HashSet<_> =
        people.into_iter().filter_map(|person| person.company_id).map(CompanyId::uuid).collect();
    if ids.is_empty() {
        return Ok(Names::new());
    }
    let names = query("SELECT id, name FROM companies WHERE id IN (SELECT unhex(value) FROM json_each(?))");
    let rows = all(connection, names.bind(hexes(ids))).await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.text("name")?))).collect()
}

/// All or none, so that a unit of work may go on after `Taken`.
async fn all_or_none(connection: &mut SqliteConnection, done: Result<()>) -> Result<()> {
    if done.is_err() {
        query("ROLLBACK TO people").execute(&mut *connection).await.map_err(database)?;
    }
    query("RELEASE people").execute(connection).await.map_err(database)?;
    done
}

pub(super) async fn insert(connection: &mut SqliteConnection, people: &[Person]) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    query("SAVEPOINT people").execute(&mut *connection).await.map_err(database)?;
    let done = insert_all(connection, people).await;
    all_or_none(connection, done).await
}

async fn insert_all(connection: &mut SqliteConnection, people: &[Person]) -> Result<()> {
    let names = company_names(connection, people).await?;
    let people: Vec<&Person> = people.iter().collect();
    bulk::insert(connection, &people, &names).await
}

pub(super) async fn update(connection: &mut SqliteConnection, people: &[Person]) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    check_versions(connection, people).await?;
    query("SAVEPOINT people").execute(&mut *connection).await.map_err(database)?;
    let done = update_all(connection, people).await;
    all_or_none(connection, done).await
}

async fn check_versions(connection: &mut SqliteConnection, people: &[Person]) -> Result<()> {
    let versions =
        query("SELECT id, version FROM people WHERE id IN (SELECT unhex(value) FROM json_each(?))")
            .bind(hexes(people.iter().map(|person| person.id.uuid())));
    let rows = all(connection, versions).await?;
    let stored: HashMap<kernel::PersonId, i64> =
        rows.iter().map(|row| Ok((row.id("id")?, row.int("version")?))).collect::<Result<_>>()?;
    for person in people {
        match stored.get(&person.id) {
            None => return Err(StoreError::NotFound),
            Some(version) if version + 1 != person.version => return Err(StoreError::Stale),
            Some(_) => {}
        }
    }
    Ok(())
}

async fn update_all(connection: &mut SqliteConnection, people: &[Person]) -> Result<()> {
    let names = company_names(connection, people).await?;
    let mut origins = Origins::of(connection, &people.iter().collect::<Vec<_>>()).await?;
    let mut rows = Vec::with_capacity(people.len());
    for p in people {
        let (base, shared) = origins.columns(&p.base_origin)?;
        rows.push(json!([
            hex(p.id.uuid()),
            p.email,
            word(p.rung),
            p.attributes,
            folded_attributes(&p.attributes).map(|folded| json(&folded)).transpose()?,
            if p.origins.is_empty() { None } else { Some(json(&p.origins)?) },
            base,
            shared,
            if p.suggestions.is_empty() { None } else { Some(json(&p.suggestions)?) },
            p.company_id.map(|id| hex(id.uuid())),
            p.owner_id.map(|id| hex(id.uuid())),
            score_key(p),
            to_millis(p.created_at),
            to_millis(p.updated_at),
            opt_ms(p.last_seen_at),
            p.version,
            last_name_key(p),
        ]));
    }
    let update = query(
        "UPDATE people SET email = j.value ->> 1, rung = j.value ->> 2, attributes = j.value -> 3,
           folded = j.value ->> 4, origins = j.value ->> 5, base_origin = j.value ->> 6, shared_origin = j.value ->> 7,
           suggestions = j.value ->> 8, company_id = unhex(j.value ->> 9), owner_id = unhex(j.value ->> 10),
           score = j.value ->> 11, created_at = j.value ->> 12, updated_at = j.value ->> 13,
           last_seen_at = j.value ->> 14, version = j.value ->> 15, last_name_sort = j.value ->> 16
         FROM json_each(?) j WHERE people.id = unhex(j.value ->> 0)",
    )
    .bind(json(&rows)?);
    run(connection, update).await?;
    index::replace(connection, people, &names).await
}
