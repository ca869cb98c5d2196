//! Writing people by the thousand: rows of parameters in statements of few sizes, so that each is prepared once.

use super::{index, write::company_names};
use crate::{
    error::{Result, corrupt, database},
    rows::{Columns, all, hexes, json, one, opt_ms, run, word},
};
use kernel::{CompanyId, Email, PersonId, UserId, text::fold, to_millis};
use people::{Origin, Person, Rung};
use serde::Serialize;
use sqlx::{Arguments, Encode, Sqlite, SqliteConnection, Type, query, query_with, sqlite::SqliteArguments};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock},
};
use store::{folded_attributes, last_name_key, score_key};

/// Rows in a statement, from many to one.
const SIZES: [usize; 3] = [128, 8, 1];

const COLUMNS: usize = 18;
// `FAIL` leaves what the statement did before it failed, which spares SQLite a journal of each page that it changes.
// Callers undo the whole.
const INSERT: &str =
    "INSERT OR FAIL INTO people (pk, id, email, rung, attributes, folded, origins, base_origin, suggestions,
    company_id, owner_id, score, created_at, updated_at, last_seen_at, version, last_name_sort, company_sort) VALUES ";
/// The sort keys of names stay: they follow with the search index.
const REPLACE: &str = " ON CONFLICT (id) DO UPDATE SET email = excluded.email, rung = excluded.rung,
    attributes = excluded.attributes, folded = excluded.folded, origins = excluded.origins,
    base_origin = excluded.base_origin, suggestions = excluded.suggestions, company_id = excluded.company_id,
    owner_id = excluded.owner_id, score = excluded.score, created_at = excluded.created_at,
    updated_at = excluded.updated_at, last_seen_at = excluded.last_seen_at, version = excluded.version";

/// A statement of many rows, in each size.
pub(super) struct Texts([String; SIZES.len()]);

impl Texts {
    /// `begin`, then rows of so many columns, then `end`.
    pub(super) fn new(begin: &str, columns: usize, end: &str) -> Self {
        let row = format!("({})", vec!["?"; columns].join(", "));
        Self(SIZES.map(|size| format!("{begin}{}{end}", vec![row.as_str(); size].join(", "))))
    }

    /// Carries the statement out for all rows. Parameters of the next ones are made while the database is at work.
    pub(super) async fn run<T>(
        &'static self,
        connection: &mut SqliteConnection,
        rows: &[T],
        mut arguments: impl FnMut(&[T]) -> Result<SqliteArguments>,
    ) -> Result<()> {
        let mut parts = self.parts(rows);
        let mut next = || -> Result<Option<(&'static str, SqliteArguments)>> {
            parts.next().map(|(text, rows)| Ok((text, arguments(rows)?))).transpose()
        };
        let mut ready = next()?;
        while let Some((text, bound)) = ready {
            let (done, made) = tokio::join!(execute(connection, text, bound), async { next() });
            done?;
            ready = made?;
        }
        Ok(())
    }

    fn parts<'a, T>(&'static self, rows: &'a [T]) -> impl Iterator<Item = (&'static str, &'a [T])> {
        let mut left = rows;
        std::iter::from_fn(move || {
            let at = SIZES.iter().position(|size| *size <= left.len())?;
            let (now, later) = left.split_at(SIZES[at]);
            left = later;
            Some((self.0[at].as_str(), now))
        })
    }
}

static INSERTS: LazyLock<Texts> = LazyLock::new(|| Texts::new(INSERT, COLUMNS, ""));
static UPSERTS: LazyLock<Texts> = LazyLock::new(|| Texts::new(INSERT, COLUMNS, REPLACE));

/// Somebody to be written.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    /// The key of somebody new; none keeps that of who is there.
    pub(super) pk: Option<i64>,
    pub(super) person: &'a Person,
}

/// Names of companies by id.
pub(super) type Names = HashMap<CompanyId, String>;
/// Their sort keys.
type Keys = HashMap<CompanyId, Arc<str>>;

/// Adds people with their sort keys and search index. The first address or id that is there already ends it.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    people: &[&Person],
    names: &Names,
) -> Result<()> {
    let keys: Keys = names
        .iter()
        .map(|(id, name)| (*id, fold(name).into()))
        .filter(|(_, name): &(_, Arc<str>)| !name.is_empty())
        .collect();
    let last = last_key(connection).await?;
    let entries: Vec<_> =
        (last + 1..).zip(people).map(|(pk, person)| Entry { pk: Some(pk), person }).collect();
    let mut words = Vec::with_capacity(entries.len());
    let bind = |rows: &[Entry<'_>]| {
        words.extend(index::words(rows, names));
        arguments(rows, Some(&keys))
    };
    INSERTS.run(connection, &entries, bind).await?;
    index::add(connection, &words).await
}

/// Adds or replaces people by id. Who is new is found at once, the others when the queue of the search index is done.
pub(super) async fn upsert(connection: &mut SqliteConnection, people: &[Person]) -> Result<()> {
    let known = known(connection, people).await?;
    let (old, new): (Vec<&Person>, Vec<&Person>) =
        latest(people).into_iter().partition(|person| known.contains(&person.id));
    // First who is there already: an address that they give up may be that of somebody new.
    replace(connection, &old).await?;
    if new.is_empty() {
        return Ok(());
    }
    let names = company_names(connection, new.iter().copied()).await?;
    insert(connection, &new, &names).await
}

/// Each person once, as the last entry has it.
fn latest(people: &[Person]) -> Vec<&Person> {
    if people.is_sorted_by(|one, next| one.id < next.id) {
        return people.iter().collect();
    }
    let mut seen = HashSet::with_capacity(people.len());
    let mut latest: Vec<_> = people.iter().rev().filter(|person| seen.insert(person.id)).collect();
    latest.reverse();
    latest
}

/// Which of them are there. Ids follow the time, so that new ones lie behind the last and need not be looked up.
async fn known(connection: &mut SqliteConnection, people: &[Person]) -> Result<HashSet<PersonId>> {
    let Some(last) = one(connection, query("SELECT id FROM people ORDER BY id DESC LIMIT 1")).await? else {
        return Ok(HashSet::new());
    };
    let last: PersonId = last.id("id")?;
    let asked: Vec<_> = people.iter().map(|person| person.id).filter(|id| *id <= last).collect();
    if asked.is_empty() {
        return Ok(HashSet::new());
    }
    let found = query("SELECT id FROM people WHERE id IN (SELECT unhex(value) FROM json_each(?))")
        .bind(hexes(asked.into_iter().map(PersonId::uuid)));
    all(connection, found).await?.iter().map(|row| row.id("id")).collect()
}

async fn replace(connection: &mut SqliteConnection, people: &[&Person]) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let entries: Vec<_> = people.iter().map(|person| Entry { pk: None, person }).collect();
    UPSERTS.run(connection, &entries, |rows| arguments(rows, None)).await?;
    let queue = query(
        "INSERT INTO people_unindexed (pk)
         SELECT p.pk FROM json_each(?) j CROSS JOIN people p ON p.id = unhex(j.value) WHERE true
         ON CONFLICT DO NOTHING",
    )
    .bind(hexes(people.iter().map(|person| person.id.uuid())));
    run(connection, queue).await.map(drop)
}

async fn last_key(connection: &mut SqliteConnection) -> Result<i64> {
    let last = query("SELECT coalesce(max(pk), 0) AS last FROM people");
    one(connection, last).await?.map_or(Ok(0), |row| row.int("last"))
}

async fn execute(
    connection: &mut SqliteConnection,
    text: &'static str,
    arguments: SqliteArguments,
) -> Result<()> {
    query_with(text, arguments).execute(connection).await.map(drop).map_err(database)
}

fn arguments(people: &[Entry<'_>], keys: Option<&Keys>) -> Result<SqliteArguments> {
    let mut row = Row { arguments: SqliteArguments::default(), buffer: Vec::new(), base: None, rung: None };
    row.arguments.reserve(people.len() * COLUMNS, 0);
    for entry in people {
        row.person(*entry, keys)?;
    }
    Ok(row.arguments)
}

/// Collects the parameters of rows. Texts go as `Arc<str>`, one allocation each: the database's thread frees them, and
/// memory that one thread asks for and another gives back is dear.
struct Row<'a> {
    arguments: SqliteArguments,
    /// For documents while they are written.
    buffer: Vec<u8>,
    /// The origin of the person before, with its text: in an import all have the same.
    base: Option<(&'a Origin, Arc<str>)>,
    /// The same of rungs.
    rung: Option<(Rung, Arc<str>)>,
}

impl<'a> Row<'a> {
    fn add<'v, T: Encode<'v, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> Result<()> {
        self.arguments.add(value).map_err(corrupt)
    }

    fn text(&mut self, text: Option<&str>) -> Result<()> {
        self.add(text.map(Arc::<str>::from))
    }

    fn document<T: Serialize>(&mut self, value: Option<&T>) -> Result<()> {
        let Some(value) = value else { return self.text(None) };
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        serde_json::to_writer(&mut buffer, value).map_err(corrupt)?;
        self.text(Some(std::str::from_utf8(&buffer).map_err(corrupt)?))?;
        self.buffer = buffer;
        Ok(())
    }

    fn base_origin(&mut self, origin: &'a Origin) -> Result<Arc<str>> {
        if let Some((before, text)) = &self.base
            && *before == origin
        {
            return Ok(Arc::clone(text));
        }
        let text: Arc<str> = json(origin)?.into();
        self.base = Some((origin, Arc::clone(&text)));
        Ok(text)
    }

    fn rung(&mut self, rung: Rung) -> Arc<str> {
        match &self.rung {
            Some((before, text)) if *before == rung => Arc::clone(text),
            _ => {
                let text: Arc<str> = word(rung).into();
                self.rung = Some((rung, Arc::clone(&text)));
                text
            }
        }
    }

    fn person(&mut self, entry: Entry<'a>, keys: Option<&Keys>) -> Result<()> {
        let Entry { pk, person: p } = entry;
        self.add(pk)?;
        self.add(p.id.uuid())?;
        self.text(p.email.as_ref().map(Email::as_str))?;
        let rung = self.rung(p.rung);
        self.add(rung)?;
        self.document(Some(&p.attributes))?;
        self.document(folded_attributes(&p.attributes).as_ref())?;
        self.document(Some(&p.origins).filter(|origins| !origins.is_empty()))?;
        let base = self.base_origin(&p.base_origin)?;
        self.add(base)?;
        self.document(Some(&p.suggestions).filter(|suggestions| !suggestions.is_empty()))?;
        self.add(p.company_id.map(CompanyId::uuid))?;
        self.add(p.owner_id.map(UserId::uuid))?;
        self.add(score_key(p))?;
        self.add(to_millis(p.created_at))?;
        self.add(to_millis(p.updated_at))?;
        self.add(opt_ms(p.last_seen_at))?;
        self.add(p.version)?;
        self.text(keys.and_then(|_| last_name_key(p)).as_deref())?;
        self.add(keys.and_then(|keys| p.company_id.and_then(|id| keys.get(&id).cloned())))
    }
}
