//! People, companies, attribute definitions and lists.

use crate::{Page, PageRequest, StoreError};
use async_trait::async_trait;
use criteria::Criteria;
use kernel::{AttributeId, CompanyId, Domain, Email, ListId, PersonId, Timestamp, UserId};
use people::{AttributeDefinition, AttributeOwner, Company, Person};

/// By what a list of people is sorted; ties by id. People without the value come last in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PeopleSort {
    /// Newest first when descending.
    CreatedAt,
    /// Last change.
    UpdatedAt,
    /// Last seen; never seen comes last in both directions.
    LastSeenAt,
    /// Address.
    Email,
    /// Last name, folded.
    LastName,
    /// Score.
    Score,
    /// Company name, folded.
    Company,
}

/// Which people a list shows.
#[derive(Debug, Clone)]
pub struct PeopleQuery {
    /// Words; each must be the beginning of a word of name, address, company or job title (case- and accent-insensitive).
    pub words: Option<String>,
    /// Checked criteria over `person.*`, `company.*` and membership.
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
    /// Now, for relative dates.
    pub now: Timestamp,
    /// Zone in which days are cut (IANA name).
    pub time_zone: String,
}

/// How many rows a query has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The number.
    pub count: u64,
    /// False when it is an estimate.
    pub exact: bool,
}

/// A company with the number of its people.
#[derive(Debug, Clone, PartialEq)]
pub struct CompanyRow {
    /// The company.
    pub company: Company,
    /// How many people belong to it.
    pub people: u64,
}

/// A fixed set of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRecord {
    /// Stable id.
    pub id: ListId,
    /// Name; unique.
    pub name: String,
    /// Members now.
    pub size: u64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Reading people.
#[async_trait]
pub trait PeopleReads {
    /// One person; the id of a merged person yields the survivor.
    async fn person(&mut self, id: PersonId) -> Result<Option<Person>, StoreError>;
    /// The living people with these addresses, in any order. Thousands at once.
    async fn people_by_email(&mut self, emails: &[Email]) -> Result<Vec<Person>, StoreError>;
    /// A page of people.
    async fn search_people(
        &mut self,
        query: &PeopleQuery,
        page: &PageRequest,
    ) -> Result<Page<Person>, StoreError>;
    /// How many people a query has.
    async fn count_people(&mut self, query: &PeopleQuery) -> Result<Total, StoreError>;
}

/// Writing people.
#[async_trait]
pub trait PeopleWrites {
    /// Adds people, with their search index. `Taken {people.email}` when an address exists; nothing is added then.
    async fn insert_people(&mut self, people: &[Person]) -> Result<(), StoreError>;
    /// Replaces people by id, each `version` one above the stored; `Stale` otherwise. Nothing is replaced after an error.
    async fn update_people(&mut self, people: &[Person]) -> Result<(), StoreError>;
    /// The bulk form for imports: adds or replaces people by id (versions are not compared, the caller holds the import
    /// lock); the search index may follow later through [`PeopleWrites::index_people`].
    async fn bulk_upsert_people(&mut self, people: &[Person]) -> Result<(), StoreError>;
    /// Brings the search index up to date for up to `limit` people that lack it; returns how many were done.
    async fn index_people(&mut self, limit: u32) -> Result<u64, StoreError>;
    /// Reads a person and keeps others from changing it until the end of the unit of work.
    async fn lock_person(&mut self, id: PersonId) -> Result<Option<Person>, StoreError>;
    /// Keeps others from making a person with this address until the end of the unit of work, then returns the holder.
    async fn lock_email(&mut self, email: &Email) -> Result<Option<Person>, StoreError>;
    /// Notes sightings; only later times count. Versions stay.
    async fn touch_people(&mut self, seen: &[(PersonId, Timestamp)]) -> Result<(), StoreError>;
    /// `lost` becomes an alias of `survivor`: memberships, visitors, conversations and activities move, `lost` is gone as a
    /// record but its id (and ids that led to it) resolve to `survivor`.
    async fn absorb_person(
        &mut self,
        survivor: PersonId,
        lost: PersonId,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Erases people with everything that names them: activities, visitors, page views, messages' contents,
    /// memberships, index. Counts of dialogues stay (conversations are kept without content).
    async fn erase_people(&mut self, ids: &[PersonId], at: Timestamp) -> Result<(), StoreError>;
}

/// Reading companies.
#[async_trait]
pub trait CompanyReads {
    /// One company.
    async fn company(&mut self, id: CompanyId) -> Result<Option<CompanyRow>, StoreError>;
    /// Companies whose name or domain begins with the words, by name.
    async fn companies(
        &mut self,
        words: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<CompanyRow>, StoreError>;
    /// The companies of these domains.
    async fn companies_by_domain(&mut self, domains: &[Domain]) -> Result<Vec<Company>, StoreError>;
    /// Companies with exactly these names (case- and accent-insensitive).
    async fn companies_by_name(&mut self, names: &[String]) -> Result<Vec<Company>, StoreError>;
}

/// Writing companies.
#[async_trait]
pub trait CompanyWrites {
    /// Adds companies. `Taken {company_domains.domain}` when a domain belongs to another.
    async fn insert_companies(&mut self, companies: &[Company]) -> Result<(), StoreError>;
    /// Replaces a company; `version` is one above the stored, else `Stale`.
    async fn update_company(&mut self, company: &Company) -> Result<(), StoreError>;
}

/// Reading attribute definitions.
#[async_trait]
pub trait AttributeReads {
    /// All definitions (custom ones and settings of standard ones), by name.
    async fn attribute_definitions(&mut self) -> Result<Vec<AttributeDefinition>, StoreError>;
    /// True when any person (or company) holds a value of it.
    async fn attribute_has_values(&mut self, of: AttributeOwner, name: &str) -> Result<bool, StoreError>;
}

/// Writing attribute definitions.
#[async_trait]
pub trait AttributeWrites {
    /// Adds a definition. `Taken {attributes.name}` when the name exists.
    async fn insert_attribute(&mut self, definition: &AttributeDefinition) -> Result<(), StoreError>;
    /// Replaces label, type and harmless.
    async fn update_attribute(&mut self, definition: &AttributeDefinition) -> Result<(), StoreError>;
    /// Removes a definition.
    async fn delete_attribute(&mut self, id: AttributeId) -> Result<(), StoreError>;
}

/// Reading lists.
#[async_trait]
pub trait ListReads {
    /// All lists by name.
    async fn lists(&mut self) -> Result<Vec<ListRecord>, StoreError>;
    /// Lists of a person, by name.
    async fn lists_of(&mut self, person: PersonId) -> Result<Vec<ListRecord>, StoreError>;
}

/// Writing lists.
#[async_trait]
pub trait ListWrites {
    /// Adds a list. `Taken {lists.name}`.
    async fn insert_list(&mut self, list: &ListRecord) -> Result<(), StoreError>;
    /// Renames a list.
    async fn rename_list(&mut self, id: ListId, name: &str) -> Result<(), StoreError>;
    /// Removes a list; people stay.
    async fn delete_list(&mut self, id: ListId) -> Result<(), StoreError>;
    /// Adds people; returns those who were not members before.
    async fn add_to_list(
        &mut self,
        list: ListId,
        people: &[PersonId],
        by: Option<UserId>,
        at: Timestamp,
    ) -> Result<Vec<PersonId>, StoreError>;
    /// Removes people; returns those who were members.
    async fn remove_from_list(
        &mut self,
        list: ListId,
        people: &[PersonId],
    ) -> Result<Vec<PersonId>, StoreError>;
}
