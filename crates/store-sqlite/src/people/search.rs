//! Pages and counts of people.
//!
//! A page comes from one of two directions. Where a list, a company or words leave few people ([`FEW`] at most), those
//! are looked up and sorted. Where they leave many, or nobody asked for any, the index of the sort order is walked and
//! each row is checked until the page is full, which is soon because many fit. People without a value in the sort
//! column come last, by id; they are asked for when the others do not fill the page.

use super::{person, select_people};
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

/// The last row of a page: whether it has a value, which, and its id; sorted by companies also the company's.
#[derive(Serialize, Deserialize)]
struct Key {
    value: Option<KeyValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    company: Option<Uuid>,
    id: Uuid,
}

#[derive(Serialize, Deserialize, Clone)]
#[serde(untagged)]
enum KeyValue {
    Whole(i64),
    Real(f64),
    Text(String),
}

impl KeyValue {
    fn bind(&self, sql: &mut Sql) -> Result<()> {
        match self {
            Self::Whole(whole) => sql.bind(*whole)?,
            Self::Real(real) => sql.bind(*real)?,
            Self::Text(text) => sql.bind(text.clone())?,
        };
        Ok(())
    }
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
        PeopleSort::Company => "c.name_folded",
    }
}

/// What is walked when words, lists and companies leave many.
#[derive(Clone, Copy, PartialEq)]
enum Walk {
    /// The rows, in an order that nobody asked for.
    Rows,
    /// The index of the sort order.
    Index(&'static str),
    /// The companies by name, and the people of each.
    Companies,
}

const fn walk(sort: PeopleSort) -> Walk {
    match sort {
        PeopleSort::CreatedAt => Walk::Index("people_by_created"),
        PeopleSort::UpdatedAt => Walk::Index("people_by_updated"),
        PeopleSort::LastSeenAt => Walk::Index("people_by_last_seen"),
        PeopleSort::Email => Walk::Index("people_email"),
        PeopleSort::LastName => Walk::Index("people_by_last_name"),
        PeopleSort::Score => Walk::Index("people_by_score"),
        PeopleSort::Company => Walk::Companies,
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
        PeopleSort::Email | PeopleSort::LastName => row.opt_text(name)?.map(KeyValue::Text),
        PeopleSort::Company => {
            row.opt_text("company_sort")?.filter(|name| !name.is_empty()).map(KeyValue::Text)
        }
    };
    let company = if sort == PeopleSort::Company { row.opt_id("company_id")? } else { None };
    Ok(Key { value, company, id: row.id("id")? })
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
    fn from(&self, sql: &mut Sql, walk: Walk) -> Result<()> {
        let by_company = self.source == Source::Walk && walk == Walk::Companies;
        match self.source {
            Source::Walk => match walk {
                Walk::Rows => sql.push(" FROM people p"),
                Walk::Index(index) => sql.push(" FROM people p INDEXED BY ").push(index),
                Walk::Companies => sql.push(
                    " FROM companies c INDEXED BY companies_by_name
                      CROSS JOIN people p INDEXED BY people_by_company ON p.company_id = c.id",
                ),
            },
            Source::Company => sql.push(" FROM people p INDEXED BY people_by_company"),
            Source::List => sql.push(" FROM list_members lm CROSS JOIN people p ON p.id = lm.person_id"),
            Source::Words => sql.push(" FROM people_fts f CROSS JOIN people p ON p.pk = f.rowid"),
        };
        if !self.words.is_empty() && self.source != Source::Words {
            sql.push(" CROSS JOIN people_words w ON w.pk = p.pk");
        }
        if !by_company && self.needs_companies() {
            sql.push(" LEFT JOIN companies c ON c.id = p.company_id");
        }
        sql.push(" WHERE 1");
        self.conditions(sql)
    }

    fn needs_companies(&self) -> bool {
        self.query.sort == PeopleSort::Company
            || self.query.criteria.as_ref().is_some_and(criteria_sql::needs_companies)
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

    fn select(&self, walk: Walk) -> Result<Sql> {
        let mut sql = Sql::default();
        sql.push(select_people!(""));
        if self.query.sort == PeopleSort::Company {
            sql.push(", c.name_folded AS company_sort");
        }
        self.from(&mut sql, walk)?;
        Ok(sql)
    }

    /// The rows with a value in the sort column, behind `after`.
    fn valued(&self, after: Option<&Key>, limit: i64) -> Result<Sql> {
        let sort = self.query.sort;
        let column = column(sort);
        let direction = if self.query.descending { " DESC" } else { "" };
        let mut sql = self.select(walk(sort))?;
        match sort {
            PeopleSort::CreatedAt | PeopleSort::UpdatedAt => {}
            PeopleSort::Company => drop(sql.push(" AND c.name_folded <> ''")),
            _ => drop(sql.push(&format!(" AND {column} IS NOT NULL"))),
        }
        if let Some(Key { value: Some(value), company, id }) = after {
            self.behind(&mut sql, value, *company, *id)?;
        }
        let ties = match sort {
            // Addresses are unique, and their index ends with them.
            PeopleSort::Email => String::new(),
            PeopleSort::Company => format!(", c.id{direction}, p.id{direction}"),
            _ => format!(", p.id{direction}"),
        };
        sql.push(&format!(" ORDER BY {column}{direction}{ties} LIMIT ")).bind(limit)?;
        Ok(sql)
    }

    fn behind(&self, sql: &mut Sql, value: &KeyValue, company: Option<Uuid>, id: Uuid) -> Result<()> {
        let column = column(self.query.sort);
        let beyond = if self.query.descending { "<" } else { ">" };
        if let Some(company) = company {
            // The rest of the last company's people, then the companies behind it.
            sql.push(&format!(" AND ({column}, c.id) {beyond}= ("));
            value.bind(sql)?;
            sql.push(", ").bind(company)?.push(") AND (c.id <> ").bind(company)?;
            sql.push(&format!(" OR p.id {beyond} ")).bind(id)?.push(")");
        } else {
            sql.push(&format!(" AND ({column}, p.id) {beyond} ("));
            value.bind(sql)?;
            sql.push(", ").bind(id)?.push(")");
        }
        Ok(())
    }

    /// The rows without a value, behind `after`.
    fn valueless(&self, after: Option<Uuid>, limit: i64) -> Result<Sql> {
        let (direction, beyond) = if self.query.descending { (" DESC", "<") } else { ("", ">") };
        let mut sql = self.select(Walk::Rows)?;
        match self.query.sort {
            PeopleSort::Company => sql.push(" AND coalesce(c.name_folded, '') = ''"),
            other => sql.push(&format!(" AND {} IS NULL", column(other))),
        };
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
    let after: Option<Key> = page.cursor.as_ref().map(store::Cursor::key).transpose()?;
    let plan = Plan::new(connection, asked).await?;
    let size = page.limit.clamp(1, 200) as usize;
    let wanted = |have: usize| i64::try_from(size + 1 - have).unwrap_or(1);
    let mut found = Vec::new();
    let last_without = matches!(&after, Some(Key { value: None, .. }));
    if !last_without {
        found = rows(connection, plan.valued(after.as_ref(), wanted(0))?).await?;
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
        plan.from(&mut sql, Walk::Rows)?;
    } else {
        let limit = i64::try_from(COUNTED + 1).unwrap_or(i64::MAX);
        sql.push("SELECT count(*) AS n, coalesce(max(pk), 0) AS reached, (SELECT max(pk) FROM people) AS last FROM (");
        sql.push("SELECT p.pk AS pk");
        plan.from(&mut sql, Walk::Rows)?;
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
