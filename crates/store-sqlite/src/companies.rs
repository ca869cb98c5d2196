//! Companies and their domains.

use crate::{
    error::{Result, corrupt},
    rows::{Columns, all, hex, json, like_start, limit, one, paged, run},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{CompanyId, Domain, UserId, text::fold, to_millis};
use people::Company;
use serde_json::json;
use sqlx::{query, sqlite::SqliteRow};
use store::{CompanyReads, CompanyRow, CompanyWrites, Page, PageRequest, StoreError, folded_attributes};
use uuid::Uuid;

/// With `?1` as the first parameter of what follows.
macro_rules! select_companies {
    ($rest:literal) => {
        concat!(
            "SELECT c.*, (SELECT json_group_array(domain ORDER BY position) FROM company_domains d
               WHERE d.company_id = c.id) AS domains
             FROM companies c ",
            $rest
        )
    };
}

pub(crate) fn company(row: &SqliteRow) -> Result<Company> {
    Ok(Company {
        id: row.id("id")?,
        name: row.text("name")?,
        domains: row.json("domains")?,
        attributes: row.json("attributes")?,
        owner_id: row.opt_id("owner_id")?,
        created_at: row.at("created_at")?,
        updated_at: row.at("updated_at")?,
        version: row.int("version")?,
    })
}

fn counted(row: &SqliteRow) -> Result<CompanyRow> {
    Ok(CompanyRow { company: company(row)?, people: row.int("people")? })
}

#[async_trait]
impl<C: Connected> CompanyReads for Handle<C> {
    async fn company(&mut self, id: CompanyId) -> Result<Option<CompanyRow>> {
        let found = query(
            "SELECT c.*, (SELECT json_group_array(domain ORDER BY position) FROM company_domains d
               WHERE d.company_id = c.id) AS domains,
               (SELECT count(*) FROM people p WHERE p.company_id = c.id) AS people
             FROM companies c WHERE c.id = ?",
        )
        .bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(counted).transpose()
    }

    async fn companies(&mut self, words: Option<&str>, page: &PageRequest) -> Result<Page<CompanyRow>> {
        let after: Option<(String, Uuid)> = page.cursor.as_ref().map(store::Cursor::key).transpose()?;
        let (name, id) = after.unwrap_or((String::new(), Uuid::nil()));
        let found = query(
            "SELECT c.*, (SELECT json_group_array(domain ORDER BY position) FROM company_domains d
               WHERE d.company_id = c.id) AS domains,
               (SELECT count(*) FROM people p WHERE p.company_id = c.id) AS people
             FROM companies c
             WHERE (c.name_folded, c.id) > (?1, ?2)
               AND (?3 IS NULL OR c.name_folded LIKE ?3 ESCAPE '\\' OR EXISTS (
                 SELECT 1 FROM company_domains d WHERE d.company_id = c.id AND d.domain LIKE ?3 ESCAPE '\\'))
             ORDER BY c.name_folded, c.id LIMIT ?4",
        )
        .bind(name)
        .bind(id)
        .bind(words.map(fold).filter(|words| !words.is_empty()).map(|words| like_start(&words)))
        .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(counted).collect::<Result<_>>()?;
        Ok(paged(items, page, |row: &CompanyRow| (fold(&row.company.name), row.company.id.uuid())))
    }

    async fn companies_by_domain(&mut self, domains: &[Domain]) -> Result<Vec<Company>> {
        let found = query(select_companies!(
            "WHERE c.id IN (SELECT company_id FROM company_domains WHERE domain IN (SELECT value FROM json_each(?1)))"
        ))
        .bind(json(domains)?);
        all(self.connection()?, found).await?.iter().map(company).collect()
    }

    async fn companies_by_name(&mut self, names: &[String]) -> Result<Vec<Company>> {
        let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
        let found = query(select_companies!(
            "WHERE c.name_folded IN (SELECT value FROM json_each(?1)) ORDER BY c.name_folded, c.id"
        ))
        .bind(json(&folded)?);
        all(self.connection()?, found).await?.iter().map(company).collect()
    }
}

#[async_trait]
impl CompanyWrites for Handle<Turn> {
    async fn insert_companies(&mut self, companies: &[Company]) -> Result<()> {
        let mut rows = Vec::with_capacity(companies.len());
        for c in companies {
            rows.push(json!([
                hex(c.id.uuid()),
                c.name,
                fold(&c.name),
                c.attributes,
                folded_attributes(&c.attributes).map(|folded| json(&folded)).transpose()?,
                c.owner_id.map(|id| hex(id.uuid())),
                to_millis(c.created_at),
                to_millis(c.updated_at),
                c.version
            ]));
        }
        let insert = query(
            "INSERT INTO companies (id, name, name_folded, attributes, folded, owner_id, created_at, updated_at, version)
             SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value -> 3, value ->> 4, unhex(value ->> 5),
               value ->> 6, value ->> 7, value ->> 8
             FROM json_each(?)",
        )
        .bind(json(&rows)?);
        run(self.connection()?, insert).await?;
        self.insert_domains(companies).await
    }

    async fn update_company(&mut self, company: &Company) -> Result<()> {
        let id = company.id.uuid();
        let before = query("SELECT name, version FROM companies WHERE id = ?").bind(id);
        let Some(before) = one(self.connection()?, before).await? else { return Err(StoreError::NotFound) };
        if before.int::<i64>("version")? != company.version - 1 {
            return Err(StoreError::Stale);
        }
        let update = query(
            "UPDATE companies SET name = ?, name_folded = ?, attributes = ?, folded = ?, owner_id = ?, updated_at = ?,
               version = ?
             WHERE id = ?",
        )
        .bind(company.name.clone())
        .bind(fold(&company.name))
        .bind(json(&company.attributes)?)
        .bind(folded_attributes(&company.attributes).map(|folded| json(&folded)).transpose()?)
        .bind(company.owner_id.map(UserId::uuid))
        .bind(to_millis(company.updated_at))
        .bind(company.version)
        .bind(id);
        run(self.connection()?, update).await?;
        run(self.connection()?, query("DELETE FROM company_domains WHERE company_id = ?").bind(id)).await?;
        self.insert_domains(std::slice::from_ref(company)).await?;
        if before.text("name")? == company.name { Ok(()) } else { self.renamed(company).await }
    }
}

impl Handle<Turn> {
    async fn insert_domains(&mut self, companies: &[Company]) -> Result<()> {
        let mut rows = Vec::new();
        for company in companies {
            for (position, domain) in company.domains.iter().enumerate() {
                rows.push(json!([domain, hex(company.id.uuid()), position]));
            }
        }
        if rows.is_empty() {
            return Ok(());
        }
        let insert = query(
            "INSERT INTO company_domains (domain, company_id, position)
             SELECT value ->> 0, unhex(value ->> 1), value ->> 2 FROM json_each(?)",
        )
        .bind(json(&rows)?);
        run(self.connection()?, insert).await.map(drop)
    }

    /// The company's people are found by its name: their words follow through `index_people`, since there may be a
    /// hundred thousand of them.
    async fn renamed(&mut self, company: &Company) -> Result<()> {
        let queue = query(
            "INSERT INTO people_unindexed (pk) SELECT pk FROM people WHERE company_id = ? ON CONFLICT DO NOTHING",
        )
        .bind(company.id.uuid());
        run(self.connection()?, queue).await.map(drop)
    }
}

/// A company out of the JSON object that a wider query made of its row.
pub(crate) fn from_json(value: &serde_json::Value) -> Result<Company> {
    let text = |name: &str| value.get(name).and_then(serde_json::Value::as_str).unwrap_or_default();
    let number = |name: &str| value.get(name).and_then(serde_json::Value::as_i64).unwrap_or_default();
    let id = |name: &str| Uuid::parse_str(text(name)).map_err(corrupt);
    let part = |name: &str| value.get(name).cloned().unwrap_or_default();
    Ok(Company {
        id: CompanyId::from(id("id")?),
        name: text("name").to_owned(),
        domains: serde_json::from_value(part("domains")).map_err(corrupt)?,
        attributes: serde_json::from_value(part("attributes")).map_err(corrupt)?,
        owner_id: if text("owner_id").is_empty() { None } else { Some(UserId::from(id("owner_id")?)) },
        created_at: kernel::millis(number("created_at")),
        updated_at: kernel::millis(number("updated_at")),
        version: number("version"),
    })
}
