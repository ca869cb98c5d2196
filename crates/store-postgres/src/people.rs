//! People: rows, reading, and writing one by one. The bulk form stands in `bulk`, searching in `search`, joining and
//! erasing in `erasure`, the search index in `words`.

use crate::{
    bulk,
    codec::{At, Columns, all, document, instant, maybe_id, maybe_instant, uuids},
    erasure, search,
    table::Table,
    unit::Unit,
    words,
};
use async_trait::async_trait;
use kernel::{CompanyId, Email, PersonId, Timestamp, UserId, text::fold};
use people::Person;
use serde_json::{Map, Value as Json, json};
use sqlx::{postgres::PgRow, query};
use std::collections::HashSet;
use store::{
    Page, PageRequest, PeopleQuery, PeopleReads, PeopleWrites, StoreError, Total, folded_attributes,
    last_name_key, score_key,
};

pub(crate) const PEOPLE: Table = Table {
    name: "people",
    key: "id",
    columns: "id, email, rung, attributes, folded, origins, base_origin, suggestions, company_id, owner_id, \
              last_name_sort, company_sort, score, created_at, updated_at, last_seen_at, version",
    changeable: "email, rung, attributes, folded, origins, base_origin, suggestions, company_id, owner_id, \
                 last_name_sort, company_sort, score, created_at, updated_at, last_seen_at, version",
};
/// Advisory locks of addresses: the first of their two numbers.
const ADDRESS_LOCK: i32 = 0x5553_0001;

pub(crate) fn person(row: &PgRow) -> Result<Person, StoreError> {
    Ok(Person {
        id: row.id("id")?,
        email: row.maybe_parsed("email")?,
        rung: row.word("rung")?,
        attributes: row.json("attributes")?,
        origins: row.maybe_json("origins")?.unwrap_or_default(),
        base_origin: row.json("base_origin")?,
        suggestions: row.maybe_json("suggestions")?.unwrap_or_default(),
        company_id: row.maybe_id("company_id")?,
        owner_id: row.maybe_id("owner_id")?,
        created_at: row.at("created_at")?,
        updated_at: row.at("updated_at")?,
        last_seen_at: row.maybe_at("last_seen_at")?,
        version: row.long("version")?,
    })
}

/// The foldings that are kept beside the record: those of attributes, and of an address that is not plain ASCII.
pub(crate) fn folded(person: &Person) -> Option<Map<String, Json>> {
    let attributes = folded_attributes(&person.attributes);
    let email = person.email.as_ref().map(Email::as_str).filter(|email| !email.is_ascii());
    let Some(email) = email else { return attributes };
    let mut folded = attributes.unwrap_or_default();
    folded.insert("email".to_owned(), fold(email).into());
    Some(folded)
}

/// `company` is the folded name of the person's company.
pub(crate) fn as_row(person: &Person, company: Option<&str>) -> Result<Json, StoreError> {
    Ok(json!({
        "id": person.id.uuid(),
        "email": person.email,
        "rung": person.rung,
        "attributes": person.attributes,
        "folded": folded(person),
        "origins": if person.origins.is_empty() { Json::Null } else { document(&person.origins)? },
        "base_origin": person.base_origin,
        "suggestions": if person.suggestions.is_empty() { Json::Null } else { document(&person.suggestions)? },
        "company_id": maybe_id(person.company_id.map(CompanyId::uuid)),
        "owner_id": maybe_id(person.owner_id.map(UserId::uuid)),
        "last_name_sort": last_name_key(person),
        "company_sort": company.filter(|name| !name.is_empty()),
        "score": score_key(person),
        "created_at": instant(person.created_at),
        "updated_at": instant(person.updated_at),
        "last_seen_at": maybe_instant(person.last_seen_at),
        "version": person.version,
    }))
}

/// Keeps a person from being merged away until the unit of work ends, and returns the id to write: that of the survivor
/// when it was merged before (rule R38). An id of nobody comes back as it is.
pub(crate) async fn hold(unit: &mut Unit, id: PersonId) -> Result<PersonId, StoreError> {
    let mut id = id;
    while !unit.held.contains(&id) {
        let there = query("SELECT FROM people WHERE id = $1 FOR KEY SHARE").bind(id.uuid());
        if unit.row(there).await?.is_some() {
            unit.held.insert(id);
            break;
        }
        let alias = query("SELECT person_id FROM person_aliases WHERE id = $1").bind(id.uuid());
        match unit.row(alias).await? {
            Some(row) => id = row.id("person_id")?,
            None => break,
        }
    }
    Ok(id)
}

/// [`hold`] for many; what they resolve to is read by a statement of its own afterwards.
pub(crate) async fn hold_all(unit: &mut Unit, ids: &[PersonId]) -> Result<(), StoreError> {
    let mut wanted: HashSet<PersonId> = ids.iter().copied().filter(|id| !unit.held.contains(id)).collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let asked: Vec<_> = wanted.iter().map(|id| id.uuid()).collect();
    let there = query("SELECT id FROM people WHERE id = ANY($1) ORDER BY id FOR KEY SHARE").bind(asked);
    for row in unit.rows(there).await? {
        let id = row.id("id")?;
        wanted.remove(&id);
        unit.held.insert(id);
    }
    for merged in wanted {
        hold(unit, merged).await?;
    }
    Ok(())
}

impl Unit {
    /// Rows of people with the names of their companies, and the words of their search index.
    async fn rows_of(&mut self, people: &[Person]) -> Result<(Vec<Json>, Vec<String>), StoreError> {
        let companies = words::company_names(self, people).await?;
        let mut rows = Vec::with_capacity(people.len());
        let mut texts = Vec::with_capacity(people.len());
        for person in people {
            let company = person.company_id.and_then(|id| companies.get(&id));
            rows.push(as_row(person, company.map(|names| names.folded.as_str()))?);
            texts.push(store::person_words(person, company.map(|names| names.plain.as_str())));
        }
        Ok((rows, texts))
    }
}

impl Unit {
    async fn missing_or_stale(&mut self, people: &[Person]) -> Result<StoreError, StoreError> {
        let there = query("SELECT count(*) AS n FROM people WHERE id = ANY($1)");
        let ids: Vec<_> = people.iter().map(|person| person.id.uuid()).collect();
        let known = self.row(there.bind(ids)).await?.map_or(Ok(0), |row| row.count("n"))?;
        Ok(if known < people.len() as u64 { StoreError::NotFound } else { StoreError::Stale })
    }
}

#[async_trait]
impl PeopleReads for Unit {
    async fn person(&mut self, id: PersonId) -> Result<Option<Person>, StoreError> {
        let found = query(
            "SELECT * FROM people WHERE id = coalesce((SELECT person_id FROM person_aliases WHERE id = $1), $1)",
        );
        self.row(found.bind(id.uuid())).await?.as_ref().map(person).transpose()
    }

    async fn people_by_email(&mut self, emails: &[Email]) -> Result<Vec<Person>, StoreError> {
        let emails: Vec<&str> = emails.iter().map(Email::as_str).collect();
        all(&self.rows(query("SELECT * FROM people WHERE email = ANY($1)").bind(emails)).await?, person)
    }

    async fn search_people(
        &mut self,
        query: &PeopleQuery,
        page: &PageRequest,
    ) -> Result<Page<Person>, StoreError> {
        search::page(self, query, page).await
    }

    async fn count_people(&mut self, query: &PeopleQuery) -> Result<Total, StoreError> {
        search::total(self, query).await
    }
}

#[async_trait]
impl PeopleWrites for Unit {
    async fn insert_people(&mut self, people: &[Person]) -> Result<(), StoreError> {
        if people.is_empty() {
            return Ok(());
        }
        let (rows, texts) = self.rows_of(people).await?;
        PEOPLE.insert_or_undo(self.connection(), &rows).await?;
        self.held.extend(people.iter().map(|person| person.id));
        words::put(self, people.iter().map(|person| person.id), texts).await
    }

    async fn update_people(&mut self, people: &[Person]) -> Result<(), StoreError> {
        if people.is_empty() {
            return Ok(());
        }
        let (rows, texts) = self.rows_of(people).await?;
        let next = "AND t.version = r.version - 1";
        if !PEOPLE.update_or_undo(self.connection(), &rows, next).await? {
            return Err(self.missing_or_stale(people).await?);
        }
        words::put(self, people.iter().map(|person| person.id), texts).await
    }

    async fn bulk_upsert_people(&mut self, people: &[Person]) -> Result<(), StoreError> {
        bulk::upsert(self, people).await
    }

    async fn index_people(&mut self, limit: u32) -> Result<u64, StoreError> {
        words::catch_up(self, limit).await
    }

    async fn lock_person(&mut self, id: PersonId) -> Result<Option<Person>, StoreError> {
        let id = hold(self, id).await?;
        let found = query("SELECT * FROM people WHERE id = $1 FOR NO KEY UPDATE").bind(id.uuid());
        self.row(found).await?.as_ref().map(person).transpose()
    }

    async fn lock_email(&mut self, email: &Email) -> Result<Option<Person>, StoreError> {
        let lock = query("SELECT pg_advisory_xact_lock($1, hashtext($2))");
        self.row(lock.bind(ADDRESS_LOCK).bind(email.as_str())).await?;
        let found = query("SELECT * FROM people WHERE email = $1").bind(email.as_str());
        self.row(found).await?.as_ref().map(person).transpose()
    }

    async fn touch_people(&mut self, seen: &[(PersonId, Timestamp)]) -> Result<(), StoreError> {
        // Rows are locked in the order of their ids, so that two batches wait for each other instead of dying together.
        let touch = query(
            "WITH asked AS (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) AS n (id, at)),
             seen AS (
               SELECT coalesce(a.person_id, asked.id) AS id, max(asked.at) AS at
               FROM asked LEFT JOIN person_aliases a ON a.id = asked.id GROUP BY 1),
             locked AS MATERIALIZED (
               SELECT p.id, seen.at FROM people p JOIN seen ON seen.id = p.id
               WHERE p.last_seen_at IS NULL OR p.last_seen_at < seen.at
               ORDER BY p.id FOR NO KEY UPDATE OF p)
             UPDATE people p SET last_seen_at = greatest(p.last_seen_at, locked.at) FROM locked WHERE p.id = locked.id",
        )
        .bind(uuids(seen, |(id, _)| id.uuid()))
        .bind(seen.iter().map(|(_, at)| At(*at)).collect::<Vec<_>>());
        self.run(touch).await.map(drop)
    }

    async fn absorb_person(
        &mut self,
        survivor: PersonId,
        lost: PersonId,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        erasure::absorb(self, survivor, lost, at).await
    }

    async fn erase_people(&mut self, ids: &[PersonId], at: Timestamp) -> Result<(), StoreError> {
        erasure::erase(self, ids, at).await
    }
}
