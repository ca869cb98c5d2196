//! Writing people by the thousand. Who is new goes by `COPY` straight into the table, with the words by which he or she is
//! found; who is there already through a temporary stage and one upsert out of it, and the search index follows later.

use crate::{
    codec::{Columns, all, uuids},
    error::store_error,
    lines::{Lines, columns},
    unit::Unit,
    words::{self, CompanyNames},
};
use kernel::{CompanyId, PersonId};
use people::Person;
use sqlx::query;
use std::{
    collections::{HashMap, HashSet},
    fmt,
};
use store::{StoreError, person_words};

const STAGE: &str = "CREATE TEMPORARY TABLE IF NOT EXISTS people_stage (
    id uuid, email text COLLATE \"C\", rung text, attributes jsonb, folded jsonb, origins jsonb, base_origin jsonb,
    suggestions jsonb, company_id uuid, owner_id uuid, last_name_sort text COLLATE \"C\",
    company_sort text COLLATE \"C\", score double precision, created_at timestamptz, updated_at timestamptz,
    last_seen_at timestamptz, version bigint) ON COMMIT DELETE ROWS";

const UPSERT: &str = concat!(
    "INSERT INTO people (",
    columns!(),
    ") SELECT ",
    columns!(),
    " FROM people_stage
    ON CONFLICT (id) DO UPDATE SET email = excluded.email, rung = excluded.rung, attributes = excluded.attributes,
      folded = excluded.folded, origins = excluded.origins, base_origin = excluded.base_origin,
      suggestions = excluded.suggestions, company_id = excluded.company_id, owner_id = excluded.owner_id,
      last_name_sort = excluded.last_name_sort, company_sort = excluded.company_sort, score = excluded.score,
      created_at = excluded.created_at, updated_at = excluded.updated_at, last_seen_at = excluded.last_seen_at,
      version = excluded.version"
);

const TO_STAGE: &str = concat!("COPY people_stage (", columns!(), ") FROM STDIN");
const TO_PEOPLE: &str = concat!("COPY people (", columns!(), ") FROM STDIN");

/// How many bytes go to the server at once.
const CHUNK: usize = 256 * 1024;

type Names = HashMap<CompanyId, CompanyNames>;

pub(crate) async fn upsert(unit: &mut Unit, people: &[Person]) -> Result<(), StoreError> {
    if people.is_empty() {
        return Ok(());
    }
    let names = words::company_names(unit, people).await?;
    let people = last_of_each(people);
    let known = known(unit, &people).await?;
    let (old, new): (Vec<&Person>, Vec<&Person>) =
        people.into_iter().partition(|person| known.contains(&person.id));
    // First who is there already: an address that they give up may be that of somebody new.
    replace(unit, &old, &names).await?;
    insert(unit, &new, &names).await
}

/// Of people with one id the last, since a statement may touch a row once.
fn last_of_each(people: &[Person]) -> Vec<&Person> {
    let mut seen = HashSet::with_capacity(people.len());
    let mut last: Vec<&Person> = people.iter().rev().filter(|person| seen.insert(person.id)).collect();
    last.reverse();
    last
}

/// Which of them are there. Ids follow the time, so that new ones lie behind the last and need not be looked up.
async fn known(unit: &mut Unit, people: &[&Person]) -> Result<HashSet<PersonId>, StoreError> {
    let Some(last) = unit.row(query("SELECT id FROM people ORDER BY id DESC LIMIT 1")).await? else {
        return Ok(HashSet::new());
    };
    let last: PersonId = last.id("id")?;
    let asked: Vec<PersonId> = people.iter().map(|person| person.id).filter(|id| *id <= last).collect();
    if asked.is_empty() {
        return Ok(HashSet::new());
    }
    let found = query("SELECT id FROM people WHERE id = ANY($1)").bind(uuids(&asked, PersonId::uuid));
    Ok(all(&unit.rows(found).await?, |row| row.id("id"))?.into_iter().collect())
}

async fn replace(unit: &mut Unit, people: &[&Person], names: &Names) -> Result<(), StoreError> {
    if people.is_empty() {
        return Ok(());
    }
    // The stage stays with the connection; what an earlier call of this transaction left in it must go.
    for sql in ["SET LOCAL client_min_messages = warning", STAGE, "TRUNCATE people_stage"] {
        unit.run(query(sql)).await?;
    }
    copy(unit, TO_STAGE, people, |lines, person| lines.person(person, folded_name(person, names))).await?;
    unit.run(query(UPSERT)).await?;
    let queue = "INSERT INTO people_unindexed (person_id) SELECT id FROM people_stage ON CONFLICT DO NOTHING";
    unit.run(query(queue)).await.map(drop)
}

async fn insert(unit: &mut Unit, people: &[&Person], names: &Names) -> Result<(), StoreError> {
    if people.is_empty() {
        return Ok(());
    }
    copy(unit, TO_PEOPLE, people, |lines, person| lines.person(person, folded_name(person, names))).await?;
    copy(unit, "COPY people_words (person_id, words) FROM STDIN", people, |lines, person| {
        let company = person.company_id.and_then(|id| names.get(&id)).map(|names| names.plain.as_str());
        lines.words(person.id, &words::lexemes(&person_words(person, company)))
    })
    .await
}

fn folded_name<'a>(person: &Person, names: &'a Names) -> Option<&'a str> {
    person.company_id.and_then(|id| names.get(&id)).map(|names| names.folded.as_str())
}

async fn copy<'a>(
    unit: &mut Unit,
    statement: &'static str,
    people: &[&'a Person],
    write: impl Fn(&mut Lines<'a>, &'a Person) -> fmt::Result,
) -> Result<(), StoreError> {
    let mut stream = unit.connection().copy_in_raw(statement).await.map_err(store_error)?;
    let mut lines = Lines::default();
    for person in people {
        if let Err(error) = write(&mut lines, person) {
            stream.abort("a row could not be written").await.map_err(store_error)?;
            return Err(StoreError::Corrupt(error.to_string()));
        }
        if lines.text.len() >= CHUNK {
            stream.send(lines.text.as_bytes()).await.map_err(store_error)?;
            lines.text.clear();
        }
    }
    stream.send(lines.text.as_bytes()).await.map_err(store_error)?;
    stream.finish().await.map(drop).map_err(store_error)
}
