//! Writing people by the thousand: rows of parameters in statements of few sizes, so that each is prepared once.

use super::{index, origins::Origins, write::company_names};
use crate::{
    error::{Result, corrupt, database},
    rows::{Columns, all, hexes, one, opt_ms, run, word},
};
use kernel::{CompanyId, Email, PersonId, UserId, to_millis};
use people::{Person, Rung};
use serde::Serialize;
use sqlx::{Arguments, Encode, Sqlite, SqliteConnection, Type, query, query_with, sqlite::SqliteArguments};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock},
};
use store::{folded_attributes, last_name_key, score_key};

/// Rows in a statement, from many to one.
const SIZES: [usize; 3] = [128, 8, 1];

/// What an insert of everything sets: first what [`Row::always`], then what [`Row::seldom`] adds.
macro_rules! insert {
    ($seldom:literal) => {
        // `FAIL` leaves what the statement did before it failed, which spares SQLite a journal of each page that it
        // changes. Callers undo the whole.
        concat!(
            "INSERT OR FAIL INTO people (pk, id, email, rung, attributes, folded, base_origin, shared_origin, company_id,
    score, created_at, updated_at, version, last_name_sort",
            $seldom,
            ") VALUES "
        )
    };
}

const ALWAYS: usize = 14;
const ALL: usize = ALWAYS + 4;
/// The sort key of names stays: it follows with the search index.
const REPLACE: &str = " ON CONFLICT (id) DO UPDATE SET email = excluded.email, rung = excluded.rung,
    attributes = excluded.attributes, folded = excluded.folded, origins = excluded.origins,
    base_origin = excluded.base_origin, shared_origin = excluded.shared_origin, suggestions = excluded.suggestions,
    company_id = excluded.company_id, owner_id = excluded.owner_id, score = excluded.score,
    created_at = excluded.created_at, updated_at = excluded.updated_at, last_seen_at = excluded.last_seen_at,
    version = excluded.version";

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

const WHOLE: &str = insert!(", origins, suggestions, owner_id, last_seen_at");
static SIMPLE: LazyLock<Texts> = LazyLock::new(|| Texts::new(insert!(""), ALWAYS, ""));
static INSERTS: LazyLock<Texts> = LazyLock::new(|| Texts::new(WHOLE, ALL, ""));
static UPSERTS: LazyLock<Texts> = LazyLock::new(|| Texts::new(WHOLE, ALL, REPLACE));

/// Somebody to be written.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    /// The key of somebody new; none keeps that of who is there.
    pub(super) pk: Option<i64>,
    pub(super) person: &'a Person,
}

/// Names of companies by id.
pub(super) type Names = HashMap<CompanyId, String>;

/// Adds people with their sort keys and search index. The first address or id that is there already ends it.
pub(super) async fn insert<'a>(
    connection: &mut SqliteConnection,
    people: &[&'a Person],
    names: &Names,
) -> Result<()> {
    let last = last_key(connection).await?;
    let entries: Vec<_> =
        (last + 1..).zip(people).map(|(pk, person)| Entry { pk: Some(pk), person }).collect();
    let mut rows = Rows::new(Origins::of(connection, people).await?);
    let mut words = Vec::with_capacity(entries.len());
    let (texts, seldom) = if people.iter().all(|person| is_simple(person)) {
        (&SIMPLE, Seldom::Left)
    } else {
        (&INSERTS, Seldom::Set)
    };
    let bind = |entries: &[Entry<'a>]| {
        words.extend(index::words(entries, names));
        rows.arguments(entries, seldom)
    };
    texts.run(connection, &entries, bind).await?;
    index::add(connection, &words).await
}

/// True for people without what few have, as those of an import.
fn is_simple(person: &Person) -> bool {
    person.origins.is_empty()
        && person.suggestions.is_empty()
        && person.owner_id.is_none()
        && person.last_seen_at.is_none()
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
    let mut rows = Rows::new(Origins::of(connection, people).await?);
    UPSERTS.run(connection, &entries, |entries| rows.arguments(entries, Seldom::Set)).await?;
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

/// Whether the columns that few people need are in the statement.
#[derive(Clone, Copy, PartialEq)]
enum Seldom {
    Set,
    Left,
}

/// Makes the parameters of rows. Texts go as `Arc<str>`, one allocation each: the database's thread frees them, and
/// memory that one thread asks for and another gives back is dear.
struct Rows<'a> {
    origins: Origins<'a>,
    /// For documents while they are written.
    buffer: Vec<u8>,
    /// The rung of the person before, with its text: in an import all have the same.
    rung: Option<(Rung, Arc<str>)>,
}

impl<'a> Rows<'a> {
    fn new(origins: Origins<'a>) -> Self {
        Self { origins, buffer: Vec::new(), rung: None }
    }

    fn arguments(&mut self, people: &[Entry<'a>], seldom: Seldom) -> Result<SqliteArguments> {
        let mut arguments = Values(SqliteArguments::default());
        arguments.0.reserve(people.len() * ALL, 0);
        for entry in people {
            self.always(&mut arguments, *entry)?;
            if seldom == Seldom::Set {
                self.seldom(&mut arguments, entry.person)?;
            }
        }
        Ok(arguments.0)
    }

    fn always(&mut self, values: &mut Values, entry: Entry<'a>) -> Result<()> {
        let Entry { pk, person: p } = entry;
        values.add(pk)?;
        values.add(p.id.uuid())?;
        values.text(p.email.as_ref().map(Email::as_str))?;
        values.add(self.rung(p.rung))?;
        self.document(values, Some(&p.attributes))?;
        self.document(values, folded_attributes(&p.attributes).as_ref())?;
        let (base, shared) = self.origins.columns(&p.base_origin)?;
        values.add(base)?;
        values.add(shared)?;
        values.add(p.company_id.map(CompanyId::uuid))?;
        values.add(score_key(p))?;
        values.add(to_millis(p.created_at))?;
        values.add(to_millis(p.updated_at))?;
        values.add(p.version)?;
        // Only an insert sets it.
        let last_name = if pk.is_some() { last_name_key(p) } else { None };
        values.text(last_name.as_deref())
    }

    fn seldom(&mut self, values: &mut Values, p: &Person) -> Result<()> {
        self.document(values, Some(&p.origins).filter(|origins| !origins.is_empty()))?;
        self.document(values, Some(&p.suggestions).filter(|suggestions| !suggestions.is_empty()))?;
        values.add(p.owner_id.map(UserId::uuid))?;
        values.add(opt_ms(p.last_seen_at))
    }

    fn document<T: Serialize>(&mut self, values: &mut Values, value: Option<&T>) -> Result<()> {
        let Some(value) = value else { return values.text(None) };
        self.buffer.clear();
        serde_json::to_writer(&mut self.buffer, value).map_err(corrupt)?;
        values.text(Some(std::str::from_utf8(&self.buffer).map_err(corrupt)?))
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
}

/// Parameters in order.
struct Values(SqliteArguments);

impl Values {
    fn add<'v, T: Encode<'v, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> Result<()> {
        self.0.add(value).map_err(corrupt)
    }

    fn text(&mut self, text: Option<&str>) -> Result<()> {
        self.add(text.map(Arc::<str>::from))
    }
}
