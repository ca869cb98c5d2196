//! People as users and scripts see, find, change, export and erase them.

mod activities;
mod change;
mod document;
mod sheet;

pub use activities::activities;
pub use change::{AttributeValues, create, erase, update};
pub use document::document;
pub use sheet::{Sheet, sheet};

use crate::catalog::AttributeCatalog;
use crate::{App, AppError, FieldError};
use criteria::Criteria;
use kernel::{CompanyId, ListId, PersonId, UserId};
use people::{Company, Origin, Person, SourceKind};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use store::{ListRecord, Page, PageRequest, PeopleQuery, PeopleSort, Session, Total};

/// Which people are looked for.
#[derive(Debug, Clone)]
pub struct Search {
    /// Beginnings of words of name, address, company or job title.
    pub words: Option<String>,
    /// Conditions.
    pub criteria: Option<Criteria>,
    /// Only known, only anonymous, or both.
    pub known: Option<bool>,
    /// Only members of a list.
    pub list: Option<ListId>,
    /// Only people of a company.
    pub company: Option<CompanyId>,
    /// Sorted by.
    pub sort: PeopleSort,
    /// Downwards.
    pub descending: bool,
    /// Zone in which days are cut; the instance's when none.
    pub time_zone: Option<String>,
}

impl Default for Search {
    fn default() -> Self {
        Self {
            words: None,
            criteria: None,
            known: None,
            list: None,
            company: None,
            sort: PeopleSort::CreatedAt,
            descending: true,
            time_zone: None,
        }
    }
}

/// A person with the names that screens show.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// The record.
    pub person: Person,
    /// Name of the company.
    pub company: Option<(CompanyId, String)>,
    /// Name of the owner.
    pub owner: Option<(UserId, String)>,
}

/// A person with everything that the record's screen shows.
#[derive(Debug, Clone)]
pub struct PersonDetail {
    /// Row of the list.
    pub row: PersonRow,
    /// Origins by attribute, users by name.
    pub origins: BTreeMap<String, Origin>,
    /// Lists of which it is a member.
    pub lists: Vec<ListRecord>,
    /// Browsers associated with it.
    pub visitors: usize,
}

/// Checks criteria and makes the store's question.
pub(crate) async fn question(
    app: &App,
    session: &mut dyn Session,
    search: &Search,
) -> Result<PeopleQuery, AppError> {
    if let Some(criteria) = &search.criteria {
        let catalog = AttributeCatalog::read(session).await?;
        let errors = criteria::check(criteria, &catalog);
        if !errors.is_empty() {
            let field = |error: criteria::CheckError| {
                FieldError::new(format!("/criteria{}", error.path), "criteria", error.message)
            };
            return Err(AppError::Invalid(errors.into_iter().map(field).collect()));
        }
    }
    Ok(PeopleQuery {
        words: search.words.clone().filter(|words| !words.trim().is_empty()),
        criteria: search.criteria.clone(),
        known: search.known,
        list: search.list,
        company: search.company,
        sort: search.sort,
        descending: search.descending,
        now: app.now(),
        time_zone: search.time_zone.clone().unwrap_or_else(|| app.settings().time_zone.clone()),
    })
}

/// A page of people and how many there are.
pub async fn search(
    app: &App,
    search: &Search,
    page: &PageRequest,
) -> Result<(Page<PersonRow>, Total), AppError> {
    let mut session = app.store().read().await?;
    let question = question(app, &mut *session, search).await?;
    let found = session.search_people(&question, page).await?;
    let total = session.count_people(&question).await?;
    let mut names = Names::default();
    let items = names.rows(&mut *session, found.items).await?;
    Ok((Page { items, next: found.next }, total))
}

/// How many people meet criteria.
pub async fn count(app: &App, search: &Search) -> Result<Total, AppError> {
    let mut session = app.store().read().await?;
    let question = question(app, &mut *session, search).await?;
    Ok(session.count_people(&question).await?)
}

/// One person; the id of a merged person yields the survivor.
pub async fn show(app: &App, id: PersonId) -> Result<PersonDetail, AppError> {
    let mut session = app.store().read().await?;
    let person = session.person(id).await?.ok_or(AppError::NotFound("person"))?;
    let lists = session.lists_of(person.id).await?;
    let visitors = session.visitors_of(person.id).await?.len();
    let mut names = Names::default();
    let mut rows = names.rows(&mut *session, vec![person]).await?;
    let row = rows.pop().ok_or(AppError::NotFound("person"))?;
    let origins = origins(&row.person, &names.users);
    Ok(PersonDetail { row, origins, lists, visitors })
}

/// The origin of every value that is there; a user's by name.
fn origins(person: &Person, users: &HashMap<UserId, String>) -> BTreeMap<String, Origin> {
    let fields = [("email", person.email.is_some()), ("owner", person.owner_id.is_some())];
    let fields = fields.into_iter().filter(|(_, there)| *there).map(|(name, _)| name.to_owned());
    let named = |name: String| {
        let mut origin = person.origin_of(&name).clone();
        if origin.source == SourceKind::User {
            let user = origin.detail.as_ref().and_then(|id| id.parse::<UserId>().ok());
            origin.detail = user.and_then(|id| users.get(&id).cloned()).or(origin.detail);
        }
        (name, origin)
    };
    person.attributes.keys().cloned().chain(fields).map(named).collect()
}

/// Names of companies and users, each read once.
#[derive(Default)]
pub(crate) struct Names {
    companies: HashMap<CompanyId, Option<Company>>,
    users: HashMap<UserId, String>,
    users_read: bool,
}

impl Names {
    pub(crate) async fn rows(
        &mut self,
        session: &mut dyn Session,
        people: Vec<Person>,
    ) -> Result<Vec<PersonRow>, AppError> {
        if !self.users_read {
            self.users = session.users().await?.into_iter().map(|user| (user.id, user.name)).collect();
            self.users_read = true;
        }
        let mut rows = Vec::with_capacity(people.len());
        for person in people {
            let company = match person.company_id {
                Some(id) => self.company(session, id).await?.map(|company| (id, company.name.clone())),
                None => None,
            };
            let owner = person.owner_id.and_then(|id| Some((id, self.users.get(&id)?.clone())));
            rows.push(PersonRow { person, company, owner });
        }
        Ok(rows)
    }

    pub(crate) async fn company(
        &mut self,
        session: &mut dyn Session,
        id: CompanyId,
    ) -> Result<Option<&Company>, AppError> {
        // A page has few companies more than once; a long export must not keep them all.
        if self.companies.len() > 10_000 {
            self.companies.clear();
        }
        let company = match self.companies.entry(id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(session.company(id).await?.map(|row| row.company)),
        };
        Ok(company.as_ref())
    }
}
