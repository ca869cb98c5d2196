//! The search index of people: the lexemes of each, found by their beginnings.

use crate::{
    codec::{Columns, all, uuids},
    people::person,
    unit::Unit,
};
use kernel::{CompanyId, PersonId};
use people::Person;
use sqlx::query;
use std::collections::HashMap;
use store::{StoreError, person_words, search_words};

/// Longer words are cut, here and in the question: Postgres takes lexemes up to 2 kB.
const LONGEST: usize = 200;

/// A company's name as people write it and as it is compared.
pub(crate) struct CompanyNames {
    pub plain: String,
    pub folded: String,
}

/// The names of the companies of these people.
pub(crate) async fn company_names(
    unit: &mut Unit,
    people: &[Person],
) -> Result<HashMap<CompanyId, CompanyNames>, StoreError> {
    let mut ids: Vec<CompanyId> = people.iter().filter_map(|person| person.company_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = query("SELECT id, name, name_folded FROM companies WHERE id = ANY($1)");
    let rows = unit.rows(found.bind(uuids(&ids, CompanyId::uuid))).await?;
    rows.iter()
        .map(|row| {
            let names = CompanyNames { plain: row.text("name")?, folded: row.text("name_folded")? };
            Ok((row.id("id")?, names))
        })
        .collect()
}

/// Replaces the words of people.
pub(crate) async fn put(
    unit: &mut Unit,
    ids: impl Iterator<Item = PersonId>,
    texts: Vec<String>,
) -> Result<(), StoreError> {
    let texts: Vec<String> = texts.iter().map(|text| lexemes(text)).collect();
    let put = query(
        "INSERT INTO people_words (person_id, words)
         SELECT id, array_to_tsvector(string_to_array(words, ' ')) FROM unnest($1::uuid[], $2::text[]) AS n (id, words)
         ON CONFLICT (person_id) DO UPDATE SET words = excluded.words WHERE people_words.words <> excluded.words",
    )
    .bind(ids.map(PersonId::uuid).collect::<Vec<_>>())
    .bind(texts);
    unit.run(put).await.map(drop)
}

/// Words as long as lexemes may be.
pub(crate) fn lexemes(words: &str) -> String {
    words.split(' ').map(cut).collect::<Vec<_>>().join(" ")
}

fn cut(word: &str) -> &str {
    word.char_indices().nth(LONGEST).map_or(word, |(end, _)| &word[..end])
}

/// The question for words that must all be beginnings of a person's words; `None` when it asks for none.
pub(crate) fn question(words: &str) -> Option<String> {
    let terms: Vec<String> = search_words(words).iter().map(|word| format!("'{}':*", cut(word))).collect();
    (!terms.is_empty()).then(|| terms.join(" & "))
}

/// Takes people out of the queue and indexes them; several workers take different ones.
pub(crate) async fn catch_up(unit: &mut Unit, limit: u32) -> Result<u64, StoreError> {
    let take = query(
        "DELETE FROM people_unindexed WHERE person_id IN (
           SELECT person_id FROM people_unindexed ORDER BY person_id LIMIT $1 FOR UPDATE SKIP LOCKED)
         RETURNING person_id",
    );
    let rows = unit.rows(take.bind(i64::from(limit))).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let ids: Vec<PersonId> = all(&rows, |row| row.id("person_id"))?;
    let found = query(
        "SELECT p.*, c.name AS company_name FROM people p LEFT JOIN companies c ON c.id = p.company_id
         WHERE p.id = ANY($1)",
    );
    let found = unit.rows(found.bind(uuids(&ids, PersonId::uuid))).await?;
    let people = all(&found, person)?;
    let mut texts = Vec::with_capacity(people.len());
    for (row, person) in found.iter().zip(&people) {
        texts.push(person_words(person, row.maybe_text("company_name")?.as_deref()));
    }
    put(unit, people.iter().map(|person| person.id), texts).await?;
    Ok(ids.len() as u64)
}
