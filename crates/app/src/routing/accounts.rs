//! Accounts: companies, by domain, whose visitors go to their owner before anything else is asked.

use super::all_agents;
use crate::{
    App, AppError, FieldError,
    access::Actor,
    audit::{self, Note},
    users::checked_name,
};
use kernel::{AccountId, Domain, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{AccountRecord, Page, PageRequest, Session, StoreError};
use stream::mail_domains;
use utoipa::ToSchema;

/// The most domains of an account.
pub(super) const MAX_DOMAINS: usize = 50;

/// An account as users see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Account)]
pub struct AccountView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: AccountId,
    /// Name.
    pub name: String,
    /// Its domains; sub-domains belong to it.
    #[schema(value_type = Vec<String>)]
    pub domains: Vec<Domain>,
    /// Whose it is.
    #[schema(value_type = String)]
    pub owner_id: UserId,
    /// Name of the owner; none when there is no such user any more.
    pub owner_name: Option<String>,
    /// False when the owner takes no visitors (any more): then the card decides as if there were no account.
    pub owner_is_agent: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Rises with every change; send it as `If-Match`.
    pub version: i64,
}

/// What makes an account.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// 1 to 100 characters, unique.
    pub name: String,
    /// 1 to 50; each belongs to one account.
    pub domains: Vec<String>,
    /// An agent.
    #[schema(value_type = String)]
    pub owner_id: UserId,
}

/// Changes of an account; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// New name.
    #[serde(default)]
    pub name: Option<String>,
    /// All domains, whole.
    #[serde(default)]
    pub domains: Option<Vec<String>>,
    /// An agent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub owner_id: Option<UserId>,
}

/// Users by name, and which of them are agents.
struct People {
    names: Vec<(UserId, String)>,
    agents: Vec<UserId>,
}

impl People {
    async fn read(session: &mut dyn Session) -> Result<Self, AppError> {
        let names = session.users().await?.into_iter().map(|user| (user.id, user.name)).collect();
        Ok(Self { names, agents: all_agents(session).await?.iter().map(|agent| agent.user.id).collect() })
    }

    fn view(&self, account: AccountRecord) -> AccountView {
        let AccountRecord { id, name, domains, owner, created_at, version } = account;
        AccountView {
            id,
            name,
            domains,
            owner_id: owner,
            owner_name: self.names.iter().find(|(id, _)| *id == owner).map(|(_, name)| name.clone()),
            owner_is_agent: self.agents.contains(&owner),
            created_at,
            version,
        }
    }
}

/// A page of accounts, newest first; those with the words in name or domain, when given.
pub async fn list(app: &App, words: Option<&str>, page: &PageRequest) -> Result<Page<AccountView>, AppError> {
    let mut session = app.store().read().await?;
    let found = session.accounts(words.filter(|words| !words.trim().is_empty()), page).await?;
    let people = People::read(&mut *session).await?;
    let items = found.items.into_iter().map(|account| people.view(account)).collect();
    Ok(Page { items, next: found.next })
}

/// One account.
pub async fn show(app: &App, id: AccountId) -> Result<AccountView, AppError> {
    let mut session = app.store().read().await?;
    let account = session.account(id).await?.ok_or(AppError::NotFound("account"))?;
    Ok(People::read(&mut *session).await?.view(account))
}

/// Makes an account.
pub async fn create(app: &App, actor: &Actor, new: NewAccount) -> Result<AccountView, AppError> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let account = AccountRecord {
        id: app.id(now),
        name: checked_name(&new.name, "/name")?,
        domains: checked_domains(&new.domains)?,
        owner: checked_owner(&mut *tx, new.owner_id).await?,
        created_at: now,
        version: 1,
    };
    tx.insert_accounts(std::slice::from_ref(&account)).await.map_err(taken)?;
    let note = Note::new("account.created", "account").of(account.id, &account.name);
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    show(app, account.id).await
}

/// Changes an account.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: AccountId,
    version: Option<i64>,
    patch: AccountPatch,
) -> Result<AccountView, AppError> {
    let mut tx = app.store().begin().await?;
    let mut account = tx.account(id).await?.ok_or(AppError::NotFound("account"))?;
    if version.is_some_and(|version| version != account.version) {
        return Err(AppError::Stale);
    }
    if let Some(name) = &patch.name {
        account.name = checked_name(name, "/name")?;
    }
    if let Some(domains) = &patch.domains {
        account.domains = checked_domains(domains)?;
    }
    if let Some(owner) = patch.owner_id.filter(|owner| *owner != account.owner) {
        account.owner = checked_owner(&mut *tx, owner).await?;
    }
    tx.update_accounts(std::slice::from_ref(&account)).await.map_err(taken)?;
    let note = Note::new("account.updated", "account").of(id, &account.name);
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    show(app, id).await
}

/// Removes accounts; those that are gone already do not matter. Returns how many went.
pub async fn delete(app: &App, actor: &Actor, ids: &[AccountId]) -> Result<u64, AppError> {
    let mut tx = app.store().begin().await?;
    let deleted = tx.delete_accounts(ids).await?;
    if deleted > 0 {
        let note = Note::new("accounts.deleted", "account").details(json!({ "count": deleted }));
        audit::write(app, &mut *tx, actor, note).await?;
    }
    tx.commit().await?;
    Ok(deleted)
}

async fn checked_owner(session: &mut dyn Session, owner: UserId) -> Result<UserId, AppError> {
    let agents = all_agents(session).await?;
    let is_agent = agents.iter().any(|agent| agent.user.id == owner);
    is_agent.then_some(owner).ok_or_else(|| AppError::invalid("/owner_id", "unknown", "is not an agent"))
}

fn checked_domains(texts: &[String]) -> Result<Vec<Domain>, AppError> {
    let mut errors = Vec::new();
    let mut domains = Vec::new();
    for (index, text) in texts.iter().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        match domain(text) {
            Ok(domain) => domains.push(domain),
            Err(reason) => errors.push(FieldError::new(format!("/domains/{index}"), "domain", reason)),
        }
    }
    domains.sort_unstable();
    domains.dedup();
    if domains.is_empty() && errors.is_empty() {
        errors.push(FieldError::new("/domains", "required", "must have at least one domain"));
    }
    if domains.len() > MAX_DOMAINS {
        errors.push(FieldError::new("/domains", "too_many", "must have at most 50 domains"));
    }
    if errors.is_empty() { Ok(domains) } else { Err(AppError::Invalid(errors)) }
}

/// A domain that can be a company's: not an ending of many, and not where everybody gets an address.
pub(super) fn domain(text: &str) -> Result<Domain, &'static str> {
    let text = text.trim().trim_start_matches('@');
    let domain: Domain = text.parse().map_err(|_| "is not a domain such as acme.example")?;
    if !domain.as_str().contains('.') {
        return Err("is not a domain such as acme.example");
    }
    if mail_domains::is_free(domain.as_str()) || mail_domains::is_disposable(domain.as_str()) {
        return Err("belongs to a mail provider, where everybody can get an address");
    }
    Ok(domain)
}

fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::Taken { what: "accounts.name" } => {
            AppError::invalid("/name", "taken", "is the name of another account")
        }
        StoreError::Taken { what: "account_domains.domain" } => {
            AppError::invalid("/domains", "taken", "has a domain of another account")
        }
        other => other.into(),
    }
}
