//! Companies and their domains.

use crate::{
    codec::{Columns, all, instant, maybe_id},
    error::store_error,
    paging::{Filter, cut, escaped},
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{CompanyId, Cursor, Domain, UserId, text::fold};
use people::Company;
use serde_json::{Value as Json, json};
use sqlx::{Connection, PgConnection, postgres::PgRow, query};
use store::{CompanyReads, CompanyRow, CompanyWrites, Page, PageRequest, StoreError, folded_attributes};
use uuid::Uuid;

const COMPANIES: Table = Table {
    name: "companies",
    key: "id",
    columns: "id, name, name_folded, attributes, folded, owner_id, created_at, updated_at, version",
    changeable: "name, name_folded, attributes, folded, owner_id, updated_at, version",
};
const DOMAINS: Table =
    Table { name: "company_domains", key: "domain", columns: "domain, company_id, position", changeable: "" };

/// Companies `c` with their domains.
macro_rules! select_companies {
    ($rest:literal) => {
        concat!(
            "SELECT c.*, ARRAY(SELECT d.domain FROM company_domains d WHERE d.company_id = c.id ORDER BY d.position)
               AS domains ",
            $rest
        )
    };
}
const COUNTED: &str = select_companies!(
    ", (SELECT count(*) FROM people p WHERE p.company_id = c.id) AS people FROM companies c "
);

pub(crate) fn company(row: &PgRow) -> Result<Company, StoreError> {
    let domains: Vec<String> = row.column("domains")?;
    Ok(Company {
        id: row.id("id")?,
        name: row.text("name")?,
        domains: domains
            .into_iter()
            .map(|domain| domain.parse().map_err(|_| StoreError::Corrupt("a company's domain".to_owned())))
            .collect::<Result<_, _>>()?,
        attributes: row.json("attributes")?,
        owner_id: row.maybe_id("owner_id")?,
        created_at: row.at("created_at")?,
        updated_at: row.at("updated_at")?,
        version: row.long("version")?,
    })
}

fn counted(row: &PgRow) -> Result<CompanyRow, StoreError> {
    Ok(CompanyRow { company: company(row)?, people: row.count("people")? })
}

fn as_row(company: &Company) -> Json {
    json!({
        "id": company.id.uuid(),
        "name": company.name,
        "name_folded": fold(&company.name),
        "attributes": company.attributes,
        "folded": folded_attributes(&company.attributes),
        "owner_id": maybe_id(company.owner_id.map(UserId::uuid)),
        "created_at": instant(company.created_at),
        "updated_at": instant(company.updated_at),
        "version": company.version,
    })
}

async fn insert_domains(connection: &mut PgConnection, companies: &[Company]) -> Result<(), StoreError> {
    let rows: Vec<Json> = companies
        .iter()
        .flat_map(|company| company.domains.iter().enumerate().map(move |numbered| (company.id, numbered)))
        .map(|(id, (position, domain))| json!({ "domain": domain, "company_id": id.uuid(), "position": position }))
        .collect();
    DOMAINS.insert(connection, &rows).await.map(drop)
}

async fn insert_all(connection: &mut PgConnection, companies: &[Company]) -> Result<(), StoreError> {
    let rows: Vec<Json> = companies.iter().map(as_row).collect();
    COMPANIES.insert(connection, &rows).await?;
    insert_domains(connection, companies).await
}

async fn replace(connection: &mut PgConnection, company: &Company) -> Result<(), StoreError> {
    COMPANIES.update(connection, &[as_row(company)], "").await?;
    let former = query("DELETE FROM company_domains WHERE company_id = $1").bind(company.id.uuid());
    former.execute(&mut *connection).await.map_err(store_error)?;
    insert_domains(connection, std::slice::from_ref(company)).await
}

#[async_trait]
impl CompanyReads for Unit {
    async fn company(&mut self, id: CompanyId) -> Result<Option<CompanyRow>, StoreError> {
        let mut wanted = Filter::new();
        wanted.when("c.id = {}", Some(id.uuid()))?;
        let sql = format!("{COUNTED} {}", wanted.clause());
        self.row(wanted.statement(sql)).await?.as_ref().map(counted).transpose()
    }

    async fn companies(
        &mut self,
        words: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<CompanyRow>, StoreError> {
        let mut wanted = Filter::new();
        let start = words.map(fold).filter(|words| !words.is_empty());
        wanted.when(
            "(c.name_folded LIKE {} OR EXISTS (
               SELECT FROM company_domains d WHERE d.company_id = c.id AND d.domain LIKE {}))",
            start.map(|words| format!("{}%", escaped(&words))),
        )?;
        if let Some(cursor) = &page.cursor {
            let (name, id): (String, Uuid) = cursor.key()?;
            let (name, id) = (wanted.bind(name)?, wanted.bind(id)?);
            wanted.and(format!("(c.name_folded, c.id) > ({name}, {id})"));
        }
        let limit = page.limit.clamp(1, 200);
        let sql = format!("{COUNTED} {} ORDER BY c.name_folded, c.id LIMIT {}", wanted.clause(), limit + 1);
        let rows = self.rows(wanted.statement(sql)).await?;
        cut(&rows, limit, counted, |row| {
            Ok(Cursor::of(&(row.text("name_folded")?, row.column::<Uuid>("id")?)))
        })
    }

    async fn companies_by_domain(&mut self, domains: &[Domain]) -> Result<Vec<Company>, StoreError> {
        let domains: Vec<&str> = domains.iter().map(Domain::as_str).collect();
        let found = query(select_companies!(
            "FROM companies c WHERE c.id IN (SELECT company_id FROM company_domains WHERE domain = ANY($1))"
        ));
        all(&self.rows(found.bind(domains)).await?, company)
    }

    async fn companies_by_name(&mut self, names: &[String]) -> Result<Vec<Company>, StoreError> {
        let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
        let found = query(select_companies!(
            "FROM companies c WHERE c.name_folded = ANY($1) ORDER BY c.name_folded, c.id"
        ));
        all(&self.rows(found.bind(folded)).await?, company)
    }
}

#[async_trait]
impl CompanyWrites for Unit {
    async fn insert_companies(&mut self, companies: &[Company]) -> Result<(), StoreError> {
        let mut attempt = self.connection().begin().await.map_err(store_error)?;
        match insert_all(&mut attempt, companies).await {
            Ok(()) => attempt.commit().await.map_err(store_error),
            Err(error) => {
                attempt.rollback().await.map_err(store_error)?;
                Err(error)
            }
        }
    }

    async fn update_company(&mut self, company: &Company) -> Result<(), StoreError> {
        let before = query("SELECT name, version FROM companies WHERE id = $1 FOR NO KEY UPDATE");
        let before = self.row(before.bind(company.id.uuid())).await?.ok_or(StoreError::NotFound)?;
        if before.long("version")? != company.version - 1 {
            return Err(StoreError::Stale);
        }
        let mut attempt = self.connection().begin().await.map_err(store_error)?;
        match replace(&mut attempt, company).await {
            Ok(()) => attempt.commit().await.map_err(store_error)?,
            Err(error) => {
                attempt.rollback().await.map_err(store_error)?;
                return Err(error);
            }
        }
        if before.text("name")? == company.name { Ok(()) } else { self.renamed(company).await }
    }
}

impl Unit {
    /// People are found and sorted by the name of their company. The sort key is set at once; the words follow with the
    /// index, since there may be a hundred thousand people.
    async fn renamed(&mut self, company: &Company) -> Result<(), StoreError> {
        let sort = query("UPDATE people SET company_sort = nullif($1, '') WHERE company_id = $2");
        self.run(sort.bind(fold(&company.name)).bind(company.id.uuid())).await?;
        let queue = query(
            "INSERT INTO people_unindexed (person_id) SELECT id FROM people WHERE company_id = $1 ON CONFLICT DO NOTHING",
        );
        self.run(queue.bind(company.id.uuid())).await.map(drop)
    }
}
