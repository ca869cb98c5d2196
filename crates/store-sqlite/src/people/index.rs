//! The search index: words of people in `people_words`, found through `people_fts`, which wants the old words told when
//! they go.

use super::bulk::{Entry, Names, Texts};
use crate::{
    error::{Result, corrupt},
    rows::{Columns, all, hex, json, run},
};
use kernel::text::fold;
use people::Person;
use serde_json::json;
use sqlx::{
    Arguments, SqliteConnection, query,
    sqlite::{SqliteArguments, SqliteRow},
};
use std::sync::{Arc, LazyLock};
use store::{person_words, words_in};

fn company<'a>(person: &Person, names: &'a Names) -> Option<&'a str> {
    person.company_id.and_then(|id| names.get(&id)).map(String::as_str)
}

static WORDS: LazyLock<Texts> =
    LazyLock::new(|| Texts::new("INSERT OR FAIL INTO people_words (pk, words) VALUES ", 2, ""));

/// Keys of new people with their words; those without words, as anonymous visitors are, cost nothing.
pub(super) fn words(people: &[Entry<'_>], names: &Names) -> impl Iterator<Item = (i64, Arc<str>)> {
    people.iter().filter_map(|Entry { pk, person }| {
        let words = person_words(person, company(person, names));
        if words.is_empty() { None } else { Some(((*pk)?, words.into())) }
    })
}

/// Indexes people who were just added, in the order of their keys; nobody has a higher one.
pub(super) async fn add(connection: &mut SqliteConnection, people: &[(i64, Arc<str>)]) -> Result<()> {
    let Some((first, _)) = people.first() else { return Ok(()) };
    let arguments = |rows: &[(i64, Arc<str>)]| {
        let mut arguments = SqliteArguments::default();
        for (pk, words) in rows {
            arguments.add(*pk).and_then(|()| arguments.add(Arc::clone(words))).map_err(corrupt)?;
        }
        Ok(arguments)
    };
    WORDS.run(connection, people, arguments).await?;
    // One statement, because the index writes out what it has gathered before each that may fail in the middle.
    let index =
        query("INSERT INTO people_fts (rowid, words) SELECT pk, words FROM people_words WHERE pk >= ?");
    run(connection, index.bind(*first)).await.map(drop)
}

/// Indexes people who were changed.
pub(super) async fn replace(
    connection: &mut SqliteConnection,
    people: &[Person],
    names: &Names,
) -> Result<()> {
    let rows: Vec<_> = people
        .iter()
        .map(|person| json!([hex(person.id.uuid()), person_words(person, company(person, names))]))
        .collect();
    let changed = query(
        "SELECT p.pk, j.value ->> 1 AS words, coalesce(w.words, '') AS old
         FROM json_each(?) j CROSS JOIN people p ON p.id = unhex(j.value ->> 0) LEFT JOIN people_words w ON w.pk = p.pk
         WHERE coalesce(w.words, '') <> j.value ->> 1",
    )
    .bind(json(&rows)?);
    let rows = all(connection, changed).await?;
    let changed = rows
        .iter()
        .map(|row| Ok(Change { pk: row.int("pk")?, old: row.text("old")?, new: row.text("words")? }))
        .collect::<Result<Vec<_>>>()?;
    write(connection, &changed).await
}

/// What changes for one person.
struct Change {
    pk: i64,
    old: String,
    new: String,
}

async fn write(connection: &mut SqliteConnection, changes: &[Change]) -> Result<()> {
    let old: Vec<_> = changes.iter().filter(|c| !c.old.is_empty()).map(|c| json!([c.pk, c.old])).collect();
    let new: Vec<_> = changes.iter().filter(|c| !c.new.is_empty()).map(|c| json!([c.pk, c.new])).collect();
    if !old.is_empty() {
        let old = json(&old)?;
        let out = query(
            "INSERT INTO people_fts (people_fts, rowid, words)
             SELECT 'delete', value ->> 0, value ->> 1 FROM json_each(?)",
        );
        run(connection, out.bind(old.clone())).await?;
        let gone = query("DELETE FROM people_words WHERE pk IN (SELECT value ->> 0 FROM json_each(?))");
        run(connection, gone.bind(old)).await?;
    }
    if !new.is_empty() {
        let new = json(&new)?;
        let words =
            query("INSERT INTO people_words (pk, words) SELECT value ->> 0, value ->> 1 FROM json_each(?)");
        run(connection, words.bind(new.clone())).await?;
        let index =
            query("INSERT INTO people_fts (rowid, words) SELECT value ->> 0, value ->> 1 FROM json_each(?)");
        run(connection, index.bind(new)).await?;
    }
    Ok(())
}

/// Takes people with these keys out of the index.
pub(super) async fn remove(connection: &mut SqliteConnection, pks: &[i64]) -> Result<()> {
    let pks = json(pks)?;
    let out = query(
        "INSERT INTO people_fts (people_fts, rowid, words)
         SELECT 'delete', w.pk, w.words FROM people_words w WHERE w.pk IN (SELECT value FROM json_each(?))",
    );
    run(connection, out.bind(pks.clone())).await?;
    let words = query("DELETE FROM people_words WHERE pk IN (SELECT value FROM json_each(?))");
    run(connection, words.bind(pks.clone())).await?;
    let queue = query("DELETE FROM people_unindexed WHERE pk IN (SELECT value FROM json_each(?))");
    run(connection, queue.bind(pks)).await.map(drop)
}

/// Words and sort key of somebody in the queue.
struct Waiting {
    change: Change,
    last_name: Option<String>,
    sorted: bool,
}

fn waiting(row: &SqliteRow) -> Result<Waiting> {
    let texts = ["first_name", "last_name", "full_name", "job_title", "email", "company"];
    let texts = texts.into_iter().map(|name| row.opt_text(name)).collect::<Result<Vec<_>>>()?;
    let last_name = texts[1].as_deref().map(fold).filter(|text| !text.is_empty());
    Ok(Waiting {
        change: Change {
            pk: row.int("pk")?,
            old: row.text("old")?,
            new: words_in(texts.iter().filter_map(Option::as_deref)),
        },
        sorted: last_name == row.opt_text("last_name_sort")?,
        last_name,
    })
}

/// Brings up to date who waits in the queue, lowest key first.
pub(super) async fn catch_up(connection: &mut SqliteConnection, limit: u32) -> Result<u64> {
    let queue = query(
        "SELECT p.pk, p.email, p.attributes ->> '$.first_name' AS first_name, p.attributes ->> '$.last_name' AS last_name,
           p.attributes ->> '$.full_name' AS full_name, p.attributes ->> '$.job_title' AS job_title,
           p.last_name_sort, c.name AS company, coalesce(w.words, '') AS old
         FROM (SELECT pk FROM people_unindexed ORDER BY pk LIMIT ?) u CROSS JOIN people p ON p.pk = u.pk
           LEFT JOIN companies c ON c.id = p.company_id LEFT JOIN people_words w ON w.pk = p.pk",
    )
    .bind(limit);
    let rows = all(connection, queue).await?;
    let entries = rows.iter().map(waiting).collect::<Result<Vec<_>>>()?;
    let keys: Vec<_> = entries
        .iter()
        .filter(|entry| !entry.sorted)
        .map(|entry| json!([entry.change.pk, entry.last_name]))
        .collect();
    if !keys.is_empty() {
        let update = query(
            "UPDATE people SET last_name_sort = j.value ->> 1
             FROM json_each(?) j WHERE people.pk = j.value ->> 0",
        );
        run(connection, update.bind(json(&keys)?)).await?;
    }
    let changes: Vec<_> = entries.into_iter().map(|e| e.change).filter(|c| c.old != c.new).collect();
    write(connection, &changes).await?;
    let done = query(
        "DELETE FROM people_unindexed WHERE pk IN (SELECT pk FROM people_unindexed ORDER BY pk LIMIT ?)",
    );
    run(connection, done.bind(limit)).await
}
