//! Companies that rows name: found by domain, then by name, made when there are none, in one go for a batch.

use super::rows::{CompanyCells, Row};
use crate::{App, AppError};
use criteria::AttributeType;
use kernel::{CompanyId, Domain, Timestamp, text::fold};
use people::setting::{Existing, Incoming, OverwritePolicy, apply_attributes};
use people::{Company, Origin};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::Tx;

/// The company of each row that names one, by position in the batch.
pub(super) async fn resolve(
    app: &App,
    tx: &mut dyn Tx,
    rows: &[Row],
    types: &HashMap<String, AttributeType>,
    origin: &Origin,
) -> Result<HashMap<usize, CompanyId>, AppError> {
    if rows.iter().all(|row| row.company.is_none()) {
        return Ok(HashMap::new());
    }
    let mut known = Known::read(tx, rows).await?;
    let mut found = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        if let Some(cells) = &row.company {
            let at = known.place(app, cells, origin.at);
            known.set(at, cells, types, origin);
            found.insert(index, known.companies[at].id);
        }
    }
    known.write(tx).await?;
    Ok(found)
}

#[derive(Default)]
struct Known {
    companies: Vec<Company>,
    by_domain: HashMap<Domain, usize>,
    by_name: HashMap<String, usize>,
    made: HashSet<usize>,
    changed: HashSet<usize>,
}

impl Known {
    async fn read(tx: &mut dyn Tx, rows: &[Row]) -> Result<Self, AppError> {
        let cells = || rows.iter().filter_map(|row| row.company.as_ref());
        let domains: HashSet<Domain> = cells().filter_map(|c| c.domain.clone()).collect();
        let names: HashMap<String, String> = cells().map(|c| (fold(&c.name), c.name.clone())).collect();
        let domains: Vec<Domain> = domains.into_iter().collect();
        let names: Vec<String> = names.into_values().collect();
        let mut known = Self::default();
        for company in tx.companies_by_domain(&domains).await? {
            known.add(company);
        }
        for company in tx.companies_by_name(&names).await? {
            if !known.companies.iter().any(|one| one.id == company.id) {
                known.add(company);
            }
        }
        Ok(known)
    }

    fn add(&mut self, company: Company) -> usize {
        let at = self.companies.len();
        for domain in &company.domains {
            self.by_domain.entry(domain.clone()).or_insert(at);
        }
        self.by_name.entry(fold(&company.name)).or_insert(at);
        self.companies.push(company);
        at
    }

    fn place(&mut self, app: &App, cells: &CompanyCells, now: Timestamp) -> usize {
        let by_domain = cells.domain.as_ref().and_then(|domain| self.by_domain.get(domain));
        if let Some(at) = by_domain.or_else(|| self.by_name.get(&fold(&cells.name))) {
            return *at;
        }
        let at = self.add(Company {
            id: app.id(now),
            name: cells.name.clone(),
            domains: cells.domain.iter().cloned().collect(),
            attributes: BTreeMap::new(),
            owner_id: None,
            created_at: now,
            updated_at: now,
            version: 1,
        });
        self.made.insert(at);
        at
    }

    fn set(
        &mut self,
        at: usize,
        cells: &CompanyCells,
        types: &HashMap<String, AttributeType>,
        origin: &Origin,
    ) {
        let company = &mut self.companies[at];
        let same = cells.attributes.iter().all(|(name, value)| company.attributes.get(name) == Some(value));
        let new_domain = cells.domain.as_ref().filter(|domain| !self.by_domain.contains_key(*domain));
        if same && new_domain.is_none() {
            return;
        }
        if let Some(domain) = new_domain {
            company.domains.push(domain.clone());
            self.by_domain.insert(domain.clone(), at);
        }
        let offer = |(name, value): (&String, &serde_json::Value)| Incoming {
            attribute: name.clone(),
            value: value.clone(),
            overwrite: OverwritePolicy::Always,
        };
        let incoming: Vec<Incoming> = cells.attributes.iter().map(offer).collect();
        let mut origins = BTreeMap::new();
        let existing = Existing { attributes: &company.attributes, origins: &origins, base_origin: origin };
        let changes = apply_attributes(&existing, &incoming, origin, &|name| types.get(name).copied());
        changes.write(&mut company.attributes, &mut origins);
        if !self.made.contains(&at) {
            self.changed.insert(at);
        }
    }

    async fn write(self, tx: &mut dyn Tx) -> Result<(), AppError> {
        let (mut new, mut old) = (Vec::new(), Vec::new());
        for (at, company) in self.companies.into_iter().enumerate() {
            if self.made.contains(&at) {
                new.push(company);
            } else if self.changed.contains(&at) {
                old.push(company);
            }
        }
        if !new.is_empty() {
            tx.insert_companies(&new).await?;
        }
        // The port replaces companies one by one; a file changes each at most once in a batch.
        for mut company in old {
            company.version += 1;
            tx.update_company(&company).await?;
        }
        Ok(())
    }
}
