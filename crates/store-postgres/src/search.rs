//! Pages and counts of people. Whoever has no value in the sort column comes last in both directions, by id: those are
//! asked for when the others do not fill the page, so that each half walks an index.

use crate::{
    codec::{At, Columns, all},
    conditions::{Reading, expression, needs_companies},
    paging::{Filter, fixed},
    people::person,
    unit::Unit,
    words,
};
use kernel::{CompanyId, Cursor, ListId, millis, to_millis};
use people::Person;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use store::{Page, PageRequest, PeopleQuery, PeopleSort, StoreError, Total};
use uuid::Uuid;

/// From this size on the number of all people is taken from the statistics.
const ESTIMATED_FROM: u64 = 200_000;

/// The last row of a page.
#[derive(Serialize, Deserialize)]
struct Key {
    value: Option<KeyValue>,
    id: Uuid,
}

#[derive(Serialize, Deserialize, Clone)]
#[serde(untagged)]
enum KeyValue {
    Milliseconds(i64),
    Number(f64),
    Text(String),
}

/// Which rows a page is filled with.
#[derive(Clone, Copy, PartialEq)]
enum Half {
    WithValue,
    WithoutValue,
}

const fn column(sort: PeopleSort) -> &'static str {
    match sort {
        PeopleSort::CreatedAt => "created_at",
        PeopleSort::UpdatedAt => "updated_at",
        PeopleSort::LastSeenAt => "last_seen_at",
        PeopleSort::Email => "email",
        PeopleSort::LastName => "last_name_sort",
        PeopleSort::Score => "score",
        PeopleSort::Company => "company_sort",
    }
}

const fn always_there(sort: PeopleSort) -> bool {
    matches!(sort, PeopleSort::CreatedAt | PeopleSort::UpdatedAt)
}

fn key(row: &PgRow, sort: PeopleSort) -> Result<Key, StoreError> {
    let column = column(sort);
    let value = match sort {
        PeopleSort::CreatedAt | PeopleSort::UpdatedAt | PeopleSort::LastSeenAt => {
            row.maybe_at(column)?.map(|at| KeyValue::Milliseconds(to_millis(at)))
        }
        PeopleSort::Score => row.column::<Option<f64>>(column)?.map(KeyValue::Number),
        PeopleSort::Email | PeopleSort::LastName | PeopleSort::Company => {
            row.maybe_text(column)?.map(KeyValue::Text)
        }
    };
    Ok(Key { value, id: row.column("id")? })
}

/// `FROM people p …`, and the conditions of the query.
fn wanted(query: &PeopleQuery, reading: Option<&Reading>) -> Result<(String, Filter), StoreError> {
    let mut from = "FROM people p".to_owned();
    let mut filter = Filter::new();
    match query.known {
        Some(true) => filter.and("p.email IS NOT NULL".to_owned()),
        Some(false) => filter.and("p.email IS NULL".to_owned()),
        None => {}
    }
    filter.when("p.company_id = {}", query.company.map(CompanyId::uuid))?;
    filter.when(
        "p.id IN (SELECT lm.person_id FROM list_members lm WHERE lm.list_id = {})",
        query.list.map(ListId::uuid),
    )?;
    filter.when(
        "p.id IN (SELECT w.person_id FROM people_words w WHERE w.words @@ {}::tsquery)",
        query.words.as_deref().and_then(words::question),
    )?;
    if let (Some(criteria), Some(reading)) = (&query.criteria, reading) {
        if needs_companies(criteria) {
            from.push_str(" LEFT JOIN companies c ON c.id = p.company_id");
        }
        let condition = expression(&mut filter, criteria, reading)?;
        filter.and(condition);
    }
    Ok((from, filter))
}

async fn reading(unit: &mut Unit, query: &PeopleQuery) -> Result<Option<Reading>, StoreError> {
    match query.criteria {
        Some(_) => Reading::new(unit, query).await.map(Some),
        None => Ok(None),
    }
}

async fn half(
    unit: &mut Unit,
    query: &PeopleQuery,
    reading: Option<&Reading>,
    half: Half,
    after: Option<Key>,
    limit: usize,
) -> Result<Vec<PgRow>, StoreError> {
    let (from, mut filter) = wanted(query, reading)?;
    let column = column(query.sort);
    let (direction, beyond) = if query.descending { ("DESC", "<") } else { ("ASC", ">") };
    if half == Half::WithoutValue {
        filter.and(format!("p.{column} IS NULL"));
    } else if !always_there(query.sort) {
        filter.and(format!("p.{column} IS NOT NULL"));
    }
    if let Some(Key { value, id }) = after {
        let value = match value {
            Some(KeyValue::Milliseconds(ms)) if matches!(query.sort, PeopleSort::Score) => {
                // A whole number was read back as milliseconds.
                #[expect(clippy::cast_precision_loss, reason = "it was a double before it was written")]
                Some(filter.bind(ms as f64)?)
            }
            Some(KeyValue::Milliseconds(ms)) => Some(filter.bind(At(millis(ms)))?),
            Some(KeyValue::Number(number)) => Some(filter.bind(number)?),
            Some(KeyValue::Text(text)) => Some(filter.bind(text)?),
            None => None,
        };
        let id = filter.bind(id)?;
        filter.and(match value {
            Some(value) => format!("(p.{column}, p.id) {beyond} ({value}, {id})"),
            None => format!("p.id {beyond} {id}"),
        });
    }
    let order = match half {
        Half::WithValue => format!("p.{column} {direction}, p.id {direction}"),
        Half::WithoutValue => format!("p.id {direction}"),
    };
    let sql = format!("SELECT p.* {from} {} ORDER BY {order} LIMIT {limit}", filter.clause());
    unit.rows(filter.statement(sql)).await
}

pub(crate) async fn page(
    unit: &mut Unit,
    query: &PeopleQuery,
    page: &PageRequest,
) -> Result<Page<Person>, StoreError> {
    let after: Option<Key> = page.cursor.as_ref().map(Cursor::key).transpose()?;
    check(after.as_ref(), query.sort)?;
    let reading = reading(unit, query).await?;
    let size = page.limit.clamp(1, 200) as usize;
    let in_second_half = after.as_ref().is_some_and(|key| key.value.is_none());
    let (first, second) = if in_second_half { (None, after) } else { (after, None) };
    let mut rows = Vec::new();
    if !in_second_half {
        rows = half(unit, query, reading.as_ref(), Half::WithValue, first, size + 1).await?;
    }
    if rows.len() <= size && !always_there(query.sort) {
        let missing = size + 1 - rows.len();
        rows.extend(half(unit, query, reading.as_ref(), Half::WithoutValue, second, missing).await?);
    }
    let shown = &rows[..rows.len().min(size)];
    let next = match shown.last() {
        Some(last) if rows.len() > size => Some(Cursor::of(&key(last, query.sort)?)),
        _ => None,
    };
    Ok(Page { items: all(shown, person)?, next })
}

/// A cursor of a list in another order is no cursor of this one.
fn check(after: Option<&Key>, sort: PeopleSort) -> Result<(), StoreError> {
    let fits = match after.map(|key| &key.value) {
        None => true,
        Some(None) => !always_there(sort),
        Some(Some(KeyValue::Milliseconds(_))) => {
            !matches!(sort, PeopleSort::Email | PeopleSort::LastName | PeopleSort::Company)
        }
        Some(Some(KeyValue::Number(_))) => sort == PeopleSort::Score,
        Some(Some(KeyValue::Text(_))) => {
            matches!(sort, PeopleSort::Email | PeopleSort::LastName | PeopleSort::Company)
        }
    };
    if fits { Ok(()) } else { Err(StoreError::Cursor) }
}

pub(crate) async fn total(unit: &mut Unit, query: &PeopleQuery) -> Result<Total, StoreError> {
    let (list, company, words) =
        (query.list, query.company, query.words.as_deref().and_then(words::question));
    let everybody = query.criteria.is_none() && list.is_none() && company.is_none() && words.is_none();
    if everybody && query.known.is_none() {
        let estimate =
            "SELECT greatest(reltuples, 0)::bigint AS n FROM pg_class WHERE oid = 'people'::regclass";
        let count = unit.row(fixed(estimate)).await?.map_or(Ok(0), |row| row.count("n"))?;
        if count >= ESTIMATED_FROM {
            return Ok(Total { count, exact: false });
        }
    }
    let reading = reading(unit, query).await?;
    let (from, filter) = wanted(query, reading.as_ref())?;
    let sql = format!("SELECT count(*) AS n {from} {}", filter.clause());
    let count = unit.row(filter.statement(sql)).await?.map_or(Ok(0), |row| row.count("n"))?;
    Ok(Total { count, exact: true })
}
