//! Accounts out of a CSV file. What can be taken is taken in one unit of work; every other row is reported with its reason.

use super::{
    accounts::{MAX_DOMAINS, domain},
    all_agents,
};
use crate::{
    App, AppError,
    access::Actor,
    audit::{self, Note},
    import::text::decode,
    users::checked_name,
};
use kernel::{Domain, UserId, text::fold};
use serde::Serialize;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use store::{AccountRecord, Tx};
use utoipa::ToSchema;

/// The most rows of a file.
const MAX_ROWS: usize = 50_000;
/// The most refused rows that are told one by one.
const MAX_TOLD: usize = 1_000;

/// What came of a file.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct AccountUpload {
    /// Accounts made.
    pub created: usize,
    /// Accounts that were there under their name, and are now as the file says.
    pub updated: usize,
    /// Rows refused.
    pub refused: usize,
    /// The first 1,000 of them.
    pub refusals: Vec<RefusedRow>,
}

/// A row that was not taken.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RefusedRow {
    /// Its line in the file, from 1 on; the header is the first.
    pub line: u64,
    /// What stood there as name.
    pub name: String,
    /// Why, in a sentence.
    pub reason: String,
}

struct Row {
    line: u64,
    name: String,
    domains: Vec<Domain>,
    owner: UserId,
}

/// Takes a file with the columns name, domains (several with spaces, commas or semicolons between) and owner (the e-mail
/// address of an agent), in any order; further columns do not matter.
pub async fn upload(app: &App, actor: &Actor, bytes: &[u8]) -> Result<AccountUpload, AppError> {
    let mut tx = app.store().begin().await?;
    let agents = all_agents(&mut *tx).await?;
    let owners: HashMap<String, UserId> =
        agents.iter().map(|agent| (agent.user.email.to_string(), agent.user.id)).collect();
    let mut told = AccountUpload::default();
    let rows = read(bytes, &owners, &mut told)?;
    let rows = without_doubles(rows, &mut told);
    write(app, &mut *tx, rows, &mut told).await?;
    told.refusals.sort_by_key(|row| row.line);
    told.refusals.truncate(MAX_TOLD);
    let note = Note::new("accounts.uploaded", "account").details(json!({
        "created": told.created, "updated": told.updated, "refused": told.refused,
    }));
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    Ok(told)
}

impl AccountUpload {
    fn refuse(&mut self, line: u64, name: &str, reason: impl Into<String>) {
        self.refused += 1;
        let name = name.chars().take(100).collect();
        self.refusals.push(RefusedRow { line, name, reason: reason.into() });
    }
}

struct Columns {
    name: usize,
    domains: usize,
    owner: usize,
}

fn columns(header: &csv::ByteRecord) -> Result<Columns, AppError> {
    let titles: Vec<String> =
        header.iter().map(|title| fold(decode(title).trim_start_matches('\u{feff}').trim())).collect();
    let find = |names: &[&str]| {
        let missing = || {
            let reason = format!("has no column {}; it needs name, domains and owner", names[0]);
            AppError::invalid("/file", "columns", reason)
        };
        titles.iter().position(|title| names.contains(&title.as_str())).ok_or_else(missing)
    };
    Ok(Columns {
        name: find(&["name", "account", "company"])?,
        domains: find(&["domains", "domain"])?,
        owner: find(&["owner", "owner e-mail", "owner email", "owner_email"])?,
    })
}

fn read(
    bytes: &[u8],
    owners: &HashMap<String, UserId>,
    told: &mut AccountUpload,
) -> Result<Vec<Row>, AppError> {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |sign: u8| first.iter().copied().filter(|byte| *byte == sign).count();
    let delimiter = if count(b';') > count(b',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
    let broken = |_| AppError::invalid("/file", "csv", "is not a readable CSV file");
    let columns = columns(reader.byte_headers().map_err(broken)?)?;
    let mut rows = Vec::new();
    for record in reader.byte_records() {
        let record = record.map_err(broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        if rows.len() + told.refused >= MAX_ROWS {
            return Err(AppError::invalid("/file", "too_many", "has more than 50,000 rows"));
        }
        let cell =
            |index: usize| record.get(index).map(|cell| decode(cell).trim().to_owned()).unwrap_or_default();
        let name = cell(columns.name);
        match row(&name, &cell(columns.domains), &cell(columns.owner), owners) {
            Ok((name, domains, owner)) => rows.push(Row { line, name, domains, owner }),
            Err(reason) => told.refuse(line, &name, reason),
        }
    }
    Ok(rows)
}

fn row(
    name: &str,
    domains: &str,
    owner: &str,
    owners: &HashMap<String, UserId>,
) -> Result<(String, Vec<Domain>, UserId), String> {
    let name = checked_name(name, "/name").map_err(|_| "The name is missing or too long.".to_owned())?;
    let mut found = Vec::new();
    for text in domains.split([' ', ',', ';']).filter(|text| !text.is_empty()) {
        let text: String = text.chars().take(300).collect();
        found.push(domain(&text).map_err(|reason| format!("{text} {reason}."))?);
    }
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        return Err("There is no domain.".to_owned());
    }
    if found.len() > MAX_DOMAINS {
        return Err("There are more than 50 domains.".to_owned());
    }
    let owner = owners
        .get(&owner.to_lowercase())
        .ok_or_else(|| "The owner is not the e-mail address of an agent.".to_owned())?;
    Ok((name, found, *owner))
}

/// Of rows with the same name or domain the first one stays.
fn without_doubles(rows: Vec<Row>, told: &mut AccountUpload) -> Vec<Row> {
    let (mut names, mut domains) = (HashSet::new(), HashSet::new());
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        if names.contains(&fold(&row.name)) {
            told.refuse(row.line, &row.name, "The name is there twice in this file.");
        } else if let Some(twice) = row.domains.iter().find(|domain| domains.contains(*domain)) {
            told.refuse(row.line, &row.name, format!("{twice} is there twice in this file."));
        } else {
            names.insert(fold(&row.name));
            domains.extend(row.domains.iter().cloned());
            kept.push(row);
        }
    }
    kept
}

/// Makes or changes accounts; a row with a domain of an account of another name is refused.
async fn write(app: &App, tx: &mut dyn Tx, rows: Vec<Row>, told: &mut AccountUpload) -> Result<(), AppError> {
    let names: Vec<String> = rows.iter().map(|row| row.name.clone()).collect();
    let domains: Vec<String> =
        rows.iter().flat_map(|row| &row.domains).map(|domain| domain.as_str().to_owned()).collect();
    let known: HashMap<String, AccountRecord> = tx
        .accounts_with_names(&names)
        .await?
        .into_iter()
        .map(|account| (fold(&account.name), account))
        .collect();
    let mut holders = HashMap::new();
    for account in tx.accounts_with_domains(&domains).await? {
        for domain in account.domains {
            holders.insert(domain, (account.id, account.name.clone()));
        }
    }
    let now = app.now();
    let (mut fresh, mut changed) = (Vec::new(), Vec::new());
    for Row { line, name, domains, owner } in rows {
        let before = known.get(&fold(&name));
        let foreign = domains.iter().find_map(|domain| {
            let (holder, called) = holders.get(domain)?;
            (before.is_none_or(|account| account.id != *holder)).then(|| (domain.clone(), called.clone()))
        });
        if let Some((domain, called)) = foreign {
            told.refuse(line, &name, format!("{domain} belongs to the account {called}."));
            continue;
        }
        match before {
            Some(account) => changed.push(AccountRecord { name, domains, owner, ..account.clone() }),
            None => fresh.push(AccountRecord {
                id: app.id(now),
                name,
                domains,
                owner,
                created_at: now,
                version: 1,
            }),
        }
    }
    (told.created, told.updated) = (fresh.len(), changed.len());
    tx.update_accounts(&changed).await?;
    Ok(tx.insert_accounts(&fresh).await?)
}
