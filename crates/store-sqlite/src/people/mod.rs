//! People: rows, reading, and where each way of writing and searching stands.

mod bulk;
mod erase;
mod index;
mod merge;
mod origins;
mod search;
mod write;

use crate::{
    error::{Result, corrupt},
    rows::{Columns, all, json, one},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{Email, PersonId, Timestamp, to_millis};
use people::Person;
use serde_json::json;
use sqlx::{query, sqlite::SqliteRow};
use store::{Page, PageRequest, PeopleQuery, PeopleReads, PeopleWrites, Total};

pub(crate) fn person(row: &SqliteRow) -> Result<Person> {
    let email = row.opt_text("email")?;
    Ok(Person {
        id: row.id("id")?,
        email: email.map(|email| email.parse::<Email>().map_err(corrupt)).transpose()?,
        rung: row.word("rung")?,
        attributes: row.json("attributes")?,
        origins: row.opt_json("origins")?.unwrap_or_default(),
        base_origin: match row.opt_json("shared")? {
            Some(shared) => shared,
            None => row.json("base_origin")?,
        },
        suggestions: row.opt_json("suggestions")?.unwrap_or_default(),
        company_id: row.opt_id("company_id")?,
        owner_id: row.opt_id("owner_id")?,
        created_at: row.at("created_at")?,
        updated_at: row.at("updated_at")?,
        last_seen_at: row.opt_at("last_seen_at")?,
        version: row.int("version")?,
    })
}

/// What [`person`] reads of `people p`, for the beginning of a statement.
macro_rules! select_people {
    ($rest:literal) => {
        concat!(
            "SELECT p.*, (SELECT o.origin FROM shared_origins o WHERE o.pk = p.shared_origin) AS shared ",
            $rest
        )
    };
}
use select_people;

const BY_ID: &str = select_people!(
    "FROM people p WHERE p.id = coalesce((SELECT person_id FROM person_aliases WHERE id = ?1), ?1)"
);
const BY_EMAIL: &str = select_people!("FROM people p WHERE p.email = ?");
const BY_EMAILS: &str = select_people!(
    "FROM json_each(?) j CROSS JOIN people p ON p.email = j.value AND p.email IS NOT NULL GROUP BY p.pk"
);

#[async_trait]
impl<C: Connected> PeopleReads for Handle<C> {
    async fn person(&mut self, id: PersonId) -> Result<Option<Person>> {
        one(self.connection()?, query(BY_ID).bind(id.uuid())).await?.as_ref().map(person).transpose()
    }

    async fn people_by_email(&mut self, emails: &[Email]) -> Result<Vec<Person>> {
        let found = query(BY_EMAILS).bind(json(emails)?);
        all(self.connection()?, found).await?.iter().map(person).collect()
    }

    async fn search_people(&mut self, query: &PeopleQuery, page: &PageRequest) -> Result<Page<Person>> {
        search::page(self.connection()?, query, page).await
    }

    async fn count_people(&mut self, query: &PeopleQuery) -> Result<Total> {
        search::total(self.connection()?, query).await
    }
}

#[async_trait]
impl PeopleWrites for Handle<Turn> {
    async fn insert_people(&mut self, people: &[Person]) -> Result<()> {
        write::insert(self.connection()?, people).await
    }

    async fn update_people(&mut self, people: &[Person]) -> Result<()> {
        write::update(self.connection()?, people).await
    }

    async fn bulk_upsert_people(&mut self, people: &[Person]) -> Result<()> {
        bulk::upsert(self.connection()?, people).await
    }

    async fn index_people(&mut self, limit: u32) -> Result<u64> {
        index::catch_up(self.connection()?, limit).await
    }

    // The writer is alone, so that what was read stays as it is until the unit of work ends.
    async fn lock_person(&mut self, id: PersonId) -> Result<Option<Person>> {
        self.person(id).await
    }

    async fn lock_email(&mut self, email: &Email) -> Result<Option<Person>> {
        let found = query(BY_EMAIL).bind(email.as_str().to_owned());
        one(self.connection()?, found).await?.as_ref().map(person).transpose()
    }

    async fn touch_people(&mut self, seen: &[(PersonId, Timestamp)]) -> Result<()> {
        let rows: Vec<_> =
            seen.iter().map(|(id, at)| json!([crate::rows::hex(id.uuid()), to_millis(*at)])).collect();
        let touch = query(
            "UPDATE people SET last_seen_at = seen.at
             FROM (SELECT coalesce(a.person_id, unhex(j.value ->> 0)) AS id, max(j.value ->> 1) AS at
               FROM json_each(?) j LEFT JOIN person_aliases a ON a.id = unhex(j.value ->> 0) GROUP BY 1) seen
             WHERE people.id = seen.id AND (people.last_seen_at IS NULL OR people.last_seen_at < seen.at)",
        )
        .bind(json(&rows)?);
        crate::rows::run(self.connection()?, touch).await.map(drop)
    }

    async fn absorb_person(&mut self, survivor: PersonId, lost: PersonId, at: Timestamp) -> Result<()> {
        merge::absorb(self.connection()?, survivor, lost, at).await
    }

    async fn erase_people(&mut self, ids: &[PersonId], at: Timestamp) -> Result<()> {
        erase::people(self.connection()?, ids, at).await
    }
}
