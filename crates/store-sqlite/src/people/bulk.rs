//! Writing people by the thousand: rows of parameters in statements of few sizes, so that each is prepared once.

use crate::{
    error::{Result, corrupt, database},
    rows::{count, hexes, json, opt_ms, run, word},
};
use kernel::{CompanyId, UserId, to_millis};
use people::{Origin, Person};
use sqlx::{Arguments, Encode, Sqlite, SqliteConnection, Type, query, query_with, sqlite::SqliteArguments};
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};
use store::{folded_attributes, last_name_key, score_key};

/// Rows in a statement, from many to one.
const SIZES: [usize; 3] = [64, 8, 1];

const INSERT: &str =
    "INSERT INTO people (id, email, rung, attributes, folded, origins, base_origin, suggestions, company_id,
    owner_id, score, created_at, updated_at, last_seen_at, version, last_name_sort, company_sort) VALUES ";
const ROW: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
/// The sort keys of names stay: they follow with the search index.
const REPLACE: &str = " ON CONFLICT (id) DO UPDATE SET email = excluded.email, rung = excluded.rung,
    attributes = excluded.attributes, folded = excluded.folded, origins = excluded.origins,
    base_origin = excluded.base_origin, suggestions = excluded.suggestions, company_id = excluded.company_id,
    owner_id = excluded.owner_id, score = excluded.score, created_at = excluded.created_at,
    updated_at = excluded.updated_at, last_seen_at = excluded.last_seen_at, version = excluded.version";

type Texts = [String; SIZES.len()];

fn texts(end: &str) -> Texts {
    SIZES.map(|size| format!("{INSERT}{}{end}", vec![ROW; size].join(", ")))
}

static INSERTS: LazyLock<Texts> = LazyLock::new(|| texts(""));
static UPSERTS: LazyLock<Texts> = LazyLock::new(|| texts(REPLACE));

/// Sort keys of companies by id: folded names.
pub(super) type CompanyKeys = HashMap<CompanyId, String>;

/// Adds people with their sort keys. The first address or id that is there already ends it.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    people: &[Person],
    keys: &CompanyKeys,
) -> Result<()> {
    let mut left = people;
    for (size, text) in SIZES.into_iter().zip(INSERTS.iter()) {
        while left.len() >= size {
            let (now, later) = left.split_at(size);
            let arguments = arguments(now, Some(keys))?;
            execute(connection, text, arguments).await?;
            left = later;
        }
    }
    Ok(())
}

/// Adds or replaces people by id and puts them into the queue of the search index.
pub(super) async fn upsert(connection: &mut SqliteConnection, people: &[Person]) -> Result<()> {
    let before = last_key(connection).await?;
    let mut left = people;
    for (size, text) in SIZES.into_iter().zip(UPSERTS.iter()) {
        while left.len() >= size {
            let (now, later) = left.split_at(size);
            let arguments = arguments(now, None)?;
            execute(connection, text, arguments).await?;
            left = later;
        }
    }
    queue(connection, people, before).await
}

async fn last_key(connection: &mut SqliteConnection) -> Result<u64> {
    count(connection, query("SELECT coalesce(max(pk), 0) FROM people")).await
}

/// New people have the keys behind the last one, so that only those who were there before must be looked up.
async fn queue(connection: &mut SqliteConnection, people: &[Person], before: u64) -> Result<()> {
    let before_key = i64::try_from(before).unwrap_or(i64::MAX);
    let new =
        query("INSERT INTO people_unindexed (pk) SELECT pk FROM people WHERE pk > ? ON CONFLICT DO NOTHING");
    let added = run(connection, new.bind(before_key)).await?;
    if added == people.len() as u64 {
        return Ok(());
    }
    let ids: HashSet<_> = people.iter().map(|person| person.id.uuid()).collect();
    let old = query(
        "INSERT INTO people_unindexed (pk)
         SELECT p.pk FROM json_each(?) j CROSS JOIN people p ON p.id = unhex(j.value) WHERE p.pk <= ?
         ON CONFLICT DO NOTHING",
    )
    .bind(hexes(ids))
    .bind(before_key);
    run(connection, old).await.map(drop)
}

async fn execute(
    connection: &mut SqliteConnection,
    text: &'static str,
    arguments: SqliteArguments,
) -> Result<()> {
    query_with(text, arguments).execute(connection).await.map(drop).map_err(database)
}

fn arguments(people: &[Person], keys: Option<&CompanyKeys>) -> Result<SqliteArguments> {
    let mut row = Row { arguments: SqliteArguments::default(), base: None };
    row.arguments.reserve(people.len() * 17, 0);
    for person in people {
        row.person(person, keys)?;
    }
    Ok(row.arguments)
}

struct Row<'a> {
    arguments: SqliteArguments,
    /// The origin of the person before, with its text: in an import all have the same.
    base: Option<(&'a Origin, std::sync::Arc<str>)>,
}

impl<'a> Row<'a> {
    fn add<'v, T: Encode<'v, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> Result<()> {
        self.arguments.add(value).map_err(corrupt)
    }

    fn base_origin(&mut self, origin: &'a Origin) -> Result<std::sync::Arc<str>> {
        if let Some((before, text)) = &self.base
            && *before == origin
        {
            return Ok(std::sync::Arc::clone(text));
        }
        let text: std::sync::Arc<str> = json(origin)?.into();
        self.base = Some((origin, std::sync::Arc::clone(&text)));
        Ok(text)
    }

    fn person(&mut self, p: &'a Person, keys: Option<&CompanyKeys>) -> Result<()> {
        self.add(p.id.uuid())?;
        self.add(p.email.as_ref().map(|email| email.as_str().to_owned()))?;
        self.add(word(p.rung))?;
        self.add(json(&p.attributes)?)?;
        self.add(folded_attributes(&p.attributes).map(|folded| json(&folded)).transpose()?)?;
        self.add(if p.origins.is_empty() { None } else { Some(json(&p.origins)?) })?;
        let base = self.base_origin(&p.base_origin)?;
        self.add(base)?;
        self.add(if p.suggestions.is_empty() { None } else { Some(json(&p.suggestions)?) })?;
        self.add(p.company_id.map(CompanyId::uuid))?;
        self.add(p.owner_id.map(UserId::uuid))?;
        self.add(score_key(p))?;
        self.add(to_millis(p.created_at))?;
        self.add(to_millis(p.updated_at))?;
        self.add(opt_ms(p.last_seen_at))?;
        self.add(p.version)?;
        self.add(keys.and_then(|_| last_name_key(p)))?;
        self.add(keys.and_then(|keys| p.company_id.and_then(|id| keys.get(&id).cloned())))
    }
}
