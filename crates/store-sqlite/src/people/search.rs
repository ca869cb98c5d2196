//! Pages and counts of people.
//!
//! A page comes from one of two directions. Where a list, a company or words leave few people ([`FEW`] at most), those
//! are looked up and sorted. Where they leave many, or nobody asked for any, the index of the sort order is walked and
//! each row is checked until the page is full, which is soon because many fit. People without a value in the sort
//! column come last, by id; they are asked for when the others do not fill the page.

use super::person;
use crate::{
    attributes::definition,
    criteria_sql::{self, Reading, Sql},
    error::{Result, corrupt, database},
    rows::{Columns, all, count},
};
use kernel::{Cursor, to_millis};
use people::Person;
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, Row, SqliteConnection, query, query_with, sqlite::SqliteRow};
use store::{Page, PageRequest, PeopleQuery, PeopleSort, Total, search_words};
use uuid::Uuid;

/// Up to so many people are looked up and sorted.
const FEW: i64 = 20_000;
/// Up to so many people that words leave are counted; beyond it is an estimate.
const COUNTED: u64 = 10_000;

/// Where the rows come from.
#[derive(Clone, Copy, PartialEq)]
enum Source {
    List,
    Company,
    Words,
    Walk,
}

/// The last row of a page: whether it has a value, which, and its id.
#[derive(Serialize, Deserialize)]
struct Key {
    value: Option<KeyValue>,
    id: Uuid,
}

#[derive(Serialize, Deserialize, Clone)]
#[serde(untagged)]
enum KeyValue {
    Whole(i64),
    Real(f64),
    Text(String),
}

struct Plan<'q> {
    query: &'q PeopleQuery,
    words: Vec<String>,
    reading: Option<Reading>,
    source: Source,
}

const fn column(sort: PeopleSort) -> &'static str {
    match sort {
        PeopleSort::CreatedAt => "p.created_at",
        PeopleSort::UpdatedAt => "p.updated_at",
        PeopleSort::LastSeenAt => "p.last_seen_at",
        PeopleSort::Email => "p.email",
        PeopleSort::LastName => "p.last_name_sort",
        PeopleSort::Score => "p.score",
        PeopleSort::Company => "p.company_sort",
    }
}

const fn index(sort: PeopleSort) -> &'static str {
    match sort {
        PeopleSort::CreatedAt => "people_by_created",
        PeopleSort::UpdatedAt => "people_by_updated",
        PeopleSort::LastSeenAt => "people_by_last_seen",
        PeopleSort::Email => "people_email",
        PeopleSort::LastName => "people_by_last_name",
        PeopleSort::Score => "people_by_score",
        PeopleSort::Company => "people_by_company_name",
    }
}

const fn always_there(sort: PeopleSort) -> bool {
    matches!(sort, PeopleSort::CreatedAt | PeopleSort::UpdatedAt)
}

fn key(row: &SqliteRow, sort: PeopleSort) -> Result<Key> {
    let name = column(sort).trim_start_matches("p.");
    let value = match sort {
        PeopleSort::CreatedAt | PeopleSort::UpdatedAt | PeopleSort::LastSeenAt => {
            row.opt_at(name)?.map(|at| KeyValue::Whole(to_millis(at)))
        }
        PeopleSort::Score => row.try_get::<Option<f64>, _>(name).map_err(database)?.map(KeyValue::Real),
        PeopleSort::Email | PeopleSort::LastName | PeopleSort::Company => {
            row.opt_text(name)?.map(KeyValue::Text)
        }
    };
    Ok(Key { value, id: row.id("id")? })
}

/// The words as an expression of FTS5; they hold letters and digits only.
fn expression(words: &[String]) -> String {
    words.iter().map(|word| format!("\"{word}\"*")).collect::<Vec<_>>().join(" AND ")
}

impl<'q> Plan<'q> {
    async fn new(connection: &mut SqliteConnection, query: &'q PeopleQuery) -> Result<Self> {
        let words = query.words.as_deref().map(search_words).unwrap_or_default();
        let reading = reading(connection, query).await?;
        let mut plan = Self { query, words, reading, source: Source::Walk };
        plan.source = plan.choose(connection).await?;
        Ok(plan)
    }

    async fn choose(&self, connection: &mut SqliteConnection) -> Result<Source> {
        if self.query.company.is_some() && self.few(connection, Source::Company).await? {
            return Ok(Source::Company);
        }
        if self.query.list.is_some() && self.few(connection, Source::List).await? {
            return Ok(Source::List);
        }
        if !self.words.is_empty() && self.few(connection, Source::Words).await? {
            return Ok(Source::Words);
        }
        Ok(Source::Walk)
    }

    async fn few(&self, connection: &mut SqliteConnection, source: Source) -> Result<bool> {
        let statement = match source {
            Source::Company => {
                query("SELECT count(*) FROM (SELECT 1 FROM people WHERE company_id = ? LIMIT ?)")
                    .bind(self.query.company.map(kernel::CompanyId::uuid))
            }
            Source::List => {
                query("SELECT count(*) FROM (SELECT 1 FROM list_members WHERE list_id = ? LIMIT ?)")
                    .bind(self.query.list.map(kernel::ListId::uuid))
            }
            Source::Words => {
                query("SELECT count(*) FROM (SELECT 1 FROM people_fts WHERE people_fts MATCH ? LIMIT ?)")
                    .bind(expression(&self.words))
            }
            Source::Walk => return Ok(false),
        };
        Ok(count(connection, statement.bind(FEW + 1)).await? <= FEW.unsigned_abs())
    }

    /// `FROM … WHERE …`, with everything that is asked for.
    fn from(&self, sql: &mut Sql, walk: &str) -> Result<()> {
        match self.source {
            Source::Walk => sql.push(" FROM people p").push(walk),
            Source::Company => sql.push(" FROM people p INDEXED BY people_by_company"),
            Source::List => sql.push(" FROM list_members lm CROSS JOIN people p ON p.id = lm.person_id"),
            Source::Words => sql.push(" FROM people_fts f CROSS JOIN people p ON p.pk = f.rowid"),
        };
        if !self.words.is_empty() && self.source != Source::Words {
            sql.push(" CROSS JOIN people_words w ON w.pk = p.pk");
        }
        if self.query.criteria.as_ref().is_some_and(criteria_sql::needs_companies) {
            sql.push(" LEFT JOIN companies c ON c.id = p.company_id");
        }
        sql.push(" WHERE 1");
        self.conditions(sql)
    }

    fn conditions(&self, sql: &mut Sql) -> Result<()> {
        match self.query.known {
            Some(true) => drop(sql.push(" AND p.email IS NOT NULL")),
            Some(false) => drop(sql.push(" AND p.email IS NULL")),
            None => {}
        }
        if let Some(company) = self.query.company {
            sql.push(" AND p.company_id = ").bind(company.uuid())?;
        }
        if let Some(list) = self.query.list {
            if self.source == Source::List {
                sql.push(" AND lm.list_id = ").bind(list.uuid())?;
            } else {
                sql.push(
                    " AND EXISTS (SELECT 1 FROM list_members lm WHERE lm.person_id = p.id AND lm.list_id = ",
                );
                sql.bind(list.uuid())?.push(")");
            }
        }
        if self.source == Source::Words {
            sql.push(" AND f.people_fts MATCH ").bind(expression(&self.words))?;
        } else {
            for word in &self.words {
                sql.push(" AND instr(' ' || w.words, ").bind(format!(" {word}"))?.push(") > 0");
            }
        }
        if let (Some(criteria), Some(reading)) = (&self.query.criteria, &self.reading) {
            sql.push(" AND ");
            criteria_sql::write(sql, criteria, reading)?;
        }
        Ok(())
    }

    /// The rows with a value in the sort column, behind `after`.
    fn valued(&self, after: Option<(KeyValue, Uuid)>, limit: i64) -> Result<Sql> {
        let column = column(self.query.sort);
        let (direction, beyond) = if self.query.descending { (" DESC", "<") } else { ("", ">") };
        let mut sql = Sql::default();
        sql.push("SELECT p.*");
        self.from(&mut sql, &format!(" INDEXED BY {}", index(self.query.sort)))?;
        if !always_there(self.query.sort) {
            sql.push(&format!(" AND {column} IS NOT NULL"));
        }
        if let Some((value, id)) = after {
            sql.push(&format!(" AND ({column}, p.id) {beyond} ("));
            match value {
                KeyValue::Whole(whole) => sql.bind(whole)?,
                KeyValue::Real(real) => sql.bind(real)?,
                KeyValue::Text(text) => sql.bind(text)?,
            };
            sql.push(", ").bind(id)?.push(")");
        }
        // Addresses are unique, and their index ends with them.
        let ties =
            if self.query.sort == PeopleSort::Email { String::new() } else { format!(", p.id{direction}") };
        sql.push(&format!(" ORDER BY {column}{direction}{ties} LIMIT ")).bind(limit)?;
        Ok(sql)
    }

    /// The rows without a value, behind `after`.
    fn valueless(&self, after: Option<Uuid>, limit: i64) -> Result<Sql> {
        let (direction, beyond) = if self.query.descending { (" DESC", "<") } else { ("", ">") };
        let mut sql = Sql::default();
        sql.push("SELECT p.*");
        self.from(&mut sql, "")?;
        sql.push(&format!(" AND {} IS NULL", column(self.query.sort)));
        if let Some(id) = after {
            sql.push(&format!(" AND p.id {beyond} ")).bind(id)?;
        }
        sql.push(&format!(" ORDER BY p.id{direction} LIMIT ")).bind(limit)?;
        Ok(sql)
    }
}

async fn reading(connection: &mut SqliteConnection, asked: &PeopleQuery) -> Result<Option<Reading>> {
    let Some(criteria) = &asked.criteria else { return Ok(None) };
    let rows = all(connection, query("SELECT * FROM attributes")).await?;
    let definitions = rows.iter().map(definition).collect::<Result<_>>()?;
    let mut users = Vec::new();
    if criteria_sql::needs_users(criteria) {
        for row in all(connection, query("SELECT id FROM users")).await? {
            users.push(row.id("id")?);
        }
    }
    Ok(Some(Reading::new(definitions, users, asked.now, &asked.time_zone)))
}

async fn rows(connection: &mut SqliteConnection, sql: Sql) -> Result<Vec<SqliteRow>> {
    query_with(AssertSqlSafe(sql.text), sql.arguments).fetch_all(connection).await.map_err(database)
}

pub(super) async fn page(
    connection: &mut SqliteConnection,
    asked: &PeopleQuery,
    page: &PageRequest,
) -> Result<Page<Person>> {
    let after: Option<Key> = page.cursor.as_ref().map(|cursor| cursor.key()).transpose()?;
    let plan = Plan::new(connection, asked).await?;
    let size = page.limit.clamp(1, 200) as usize;
    let wanted = |have: usize| i64::try_from(size + 1 - have).unwrap_or(1);
    let mut found = Vec::new();
    let last_without = matches!(&after, Some(Key { value: None, .. }));
    if !last_without {
        let behind = after.as_ref().and_then(|key| key.value.clone().map(|value| (value, key.id)));
        found = rows(connection, plan.valued(behind, wanted(0))?).await?;
    }
    if found.len() <= size
        && !always_there(asked.sort)
        && !(asked.sort == PeopleSort::Email && asked.known == Some(true))
    {
        let behind = after.filter(|_| last_without).map(|key| key.id);
        found.extend(rows(connection, plan.valueless(behind, wanted(found.len()))?).await?);
    }
    let next = if found.len() > size {
        let last = found.get(size - 1).ok_or_else(|| corrupt("an empty page has no last row"))?;
        Some(Cursor::of(&key(last, asked.sort)?))
    } else {
        None
    };
    found.truncate(size);
    Ok(Page { items: found.iter().map(person).collect::<Result<_>>()?, next })
}

pub(super) async fn total(connection: &mut SqliteConnection, asked: &PeopleQuery) -> Result<Total> {
    let plan = Plan::new(connection, asked).await?;
    if asked.criteria.is_none() && asked.list.is_none() && asked.company.is_none() && plan.words.is_empty() {
        // Only these three forms are answered from the smallest index, without looking at rows.
        let sql = match asked.known {
            None => "SELECT count(*) FROM people",
            Some(true) => "SELECT count(*) FROM people WHERE email IS NOT NULL",
            Some(false) => {
                "SELECT (SELECT count(*) FROM people)
                - (SELECT count(*) FROM people WHERE email IS NOT NULL)"
            }
        };
        return Ok(Total { count: count(connection, query(sql)).await?, exact: true });
    }
    let mut sql = Sql::default();
    if plan.words.is_empty() {
        sql.push("SELECT count(*) AS n, 0 AS reached, 0 AS last");
        plan.from(&mut sql, "")?;
    } else {
        let limit = i64::try_from(COUNTED + 1).unwrap_or(i64::MAX);
        sql.push("SELECT count(*) AS n, coalesce(max(pk), 0) AS reached, (SELECT max(pk) FROM people) AS last FROM (");
        sql.push("SELECT p.pk AS pk");
        plan.from(&mut sql, "")?;
        sql.push(if plan.source == Source::Words { " ORDER BY f.rowid" } else { " ORDER BY p.pk" });
        sql.push(" LIMIT ").bind(limit)?.push(")");
    }
    let found = rows(connection, sql).await?;
    let row = found.first().ok_or_else(|| corrupt("a count has a row"))?;
    let counted: u64 = row.int("n")?;
    if plan.words.is_empty() || counted <= COUNTED {
        return Ok(Total { count: counted, exact: true });
    }
    // Words lie evenly over the keys, which follow the order of creation: the share counted stands for the whole.
    let (reached, last): (u64, u64) = (row.int::<u64>("reached")?.max(1), row.int("last")?);
    Ok(Total { count: counted * last.max(reached) / reached, exact: false })
}
