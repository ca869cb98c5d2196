//! Companies that rows name: found by domain, then by name, made when there are none, in one go for a batch.
//! Looking up and writing are apart, since the batch before may still be being written.

use super::rows::{CompanyCells, Row};
use crate::{App, AppError};
use criteria::AttributeType;
use kernel::{CompanyId, Domain, Timestamp, text::fold};
use people::setting::{Existing, Incoming, OverwritePolicy, apply_attributes};
use people::{Company, Origin};
use std::collections::{BTreeMap, HashMap, HashSet};
use store::{Session, StoreError, Tx};

/// The companies of a batch.
#[derive(Default)]
pub(super) struct Companies {
    by_row: Vec<Option<CompanyId>>,
    /// To be added.
    made: Vec<Company>,
    /// To be replaced, each one version above the stored.
    changed: Vec<Company>,
}

/// Finds the company of each row that names one, over what the session sees and what it does not see yet.
pub(super) async fn resolve(
    app: &App,
    session: &mut dyn Session,
    rows: &[Row],
    types: &HashMap<String, AttributeType>,
    origin: &Origin,
    unseen: &[Company],
) -> Result<Companies, AppError> {
    if rows.iter().all(|row| row.company.is_none()) {
        return Ok(Companies::default());
    }
    let mut known = Known::read(session, rows, unseen).await?;
    let mut by_row = Vec::with_capacity(rows.len());
    for row in rows {
        by_row.push(row.company.as_ref().map(|cells| {
            let at = known.place(app, cells, origin.at);
            known.set(at, cells, types, origin);
            known.companies[at].id
        }));
    }
    Ok(known.into_companies(by_row))
}

impl Companies {
    /// The company of a row, by its position in the batch.
    pub(super) fn of_row(&self, index: usize) -> Option<CompanyId> {
        self.by_row.get(index).copied().flatten()
    }

    /// Those that will be different in the store.
    pub(super) fn written(&self) -> impl Iterator<Item = &Company> {
        self.made.iter().chain(&self.changed)
    }

    /// False when somebody else made one of the new ones since they were looked up.
    pub(super) async fn still_new(&self, session: &mut dyn Session) -> Result<bool, StoreError> {
        if self.made.is_empty() {
            return Ok(true);
        }
        let domains: Vec<Domain> = self.made.iter().flat_map(|company| company.domains.clone()).collect();
        let names: Vec<String> = self.made.iter().map(|company| company.name.clone()).collect();
        Ok(session.companies_by_domain(&domains).await?.is_empty()
            && session.companies_by_name(&names).await?.is_empty())
    }

    /// Writes them.
    pub(super) async fn write(&self, tx: &mut dyn Tx) -> Result<(), StoreError> {
        if !self.made.is_empty() {
            tx.insert_companies(&self.made).await?;
        }
        // The port replaces companies one by one; a file changes each at most once in a batch.
        for company in &self.changed {
            tx.update_company(company).await?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Known {
    companies: Vec<Company>,
    ids: HashSet<CompanyId>,
    by_domain: HashMap<Domain, usize>,
    by_name: HashMap<String, usize>,
    made: HashSet<usize>,
    changed: HashSet<usize>,
}

impl Known {
    async fn read(session: &mut dyn Session, rows: &[Row], unseen: &[Company]) -> Result<Self, AppError> {
        let cells = || rows.iter().filter_map(|row| row.company.as_ref());
        let domains: HashSet<&Domain> = cells().filter_map(|c| c.domain.as_ref()).collect();
        let names: HashSet<&str> = cells().map(|c| c.name.as_str()).collect();
        let domains: Vec<Domain> = domains.into_iter().cloned().collect();
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let mut known = Self::default();
        for company in unseen {
            known.add(company.clone());
        }
        for company in session.companies_by_domain(&domains).await? {
            known.add_once(company);
        }
        for company in session.companies_by_name(&names).await? {
            known.add_once(company);
        }
        Ok(known)
    }

    fn add_once(&mut self, company: Company) {
        if !self.ids.contains(&company.id) {
            self.add(company);
        }
    }

    fn add(&mut self, company: Company) -> usize {
        let at = self.companies.len();
        for domain in &company.domains {
            self.by_domain.entry(domain.clone()).or_insert(at);
        }
        self.by_name.entry(fold(&company.name)).or_insert(at);
        self.ids.insert(company.id);
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

    fn into_companies(self, by_row: Vec<Option<CompanyId>>) -> Companies {
        let mut found = Companies { by_row, ..Companies::default() };
        for (at, mut company) in self.companies.into_iter().enumerate() {
            if self.made.contains(&at) {
                found.made.push(company);
            } else if self.changed.contains(&at) {
                company.version += 1;
                found.changed.push(company);
            }
        }
        found
    }
}
