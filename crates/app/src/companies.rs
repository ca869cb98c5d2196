//! Companies as users see and change them.

use crate::access::Actor;
use crate::audit::{self, Note};
use crate::catalog::AttributeCatalog;
use crate::users::checked_name;
use crate::{App, AppError, FieldError};
use bus::Hint;
use criteria::{AttributeRef, Catalog, Source};
use kernel::{CompanyId, Domain, UserId};
use people::setting::{Existing, Incoming, OverwritePolicy, apply_attributes};
use serde_json::Value;
use std::collections::BTreeMap;
use store::{CompanyRow, Page, PageRequest, StoreError, Tx};

/// A change; absent parts stay. In `attributes` `null` empties; `name`, `domain` and `owner` may stand there too.
#[derive(Debug, Clone, Default)]
pub struct CompanyChange {
    /// New name.
    pub name: Option<String>,
    /// All domains, whole.
    pub domains: Option<Vec<String>>,
    /// Values by bare name.
    pub attributes: BTreeMap<String, Value>,
    /// The version on which the change is based.
    pub version: Option<i64>,
}

/// A company with the name of its owner.
#[derive(Debug, Clone)]
pub struct CompanyView {
    /// The company and the number of its people.
    pub row: CompanyRow,
    /// Name of the owner.
    pub owner: Option<(UserId, String)>,
}

/// A page of companies by name, those whose name or domain begins with the words.
pub async fn list(app: &App, words: Option<&str>, page: &PageRequest) -> Result<Page<CompanyView>, AppError> {
    let mut session = app.store().read().await?;
    let found = session.companies(words.filter(|words| !words.trim().is_empty()), page).await?;
    let users = session.users().await?;
    let view = |row: CompanyRow| {
        let owner = row.company.owner_id.and_then(|id| users.iter().find(|user| user.id == id));
        CompanyView { owner: owner.map(|user| (user.id, user.name.clone())), row }
    };
    Ok(Page { items: found.items.into_iter().map(view).collect(), next: found.next })
}

/// One company.
pub async fn show(app: &App, id: CompanyId) -> Result<CompanyView, AppError> {
    let mut session = app.store().read().await?;
    let row = session.company(id).await?.ok_or(AppError::NotFound("company"))?;
    let owner = match row.company.owner_id {
        Some(user) => session.user(user).await?.map(|user| (user.id, user.name)),
        None => None,
    };
    Ok(CompanyView { row, owner })
}

/// Changes a company.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: CompanyId,
    mut change: CompanyChange,
) -> Result<CompanyView, AppError> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let mut company = tx.company(id).await?.ok_or(AppError::NotFound("company"))?.company;
    if change.version.is_some_and(|version| version != company.version) {
        return Err(AppError::Stale);
    }
    if let Some(name) = take_text(&mut change.attributes, "name")? {
        change.name = Some(name);
    }
    if let Some(domain) = take_text(&mut change.attributes, "domain")? {
        change.domains = Some(vec![domain]);
    }
    if let Some(name) = &change.name {
        company.name = checked_name(name, "/name")?;
    }
    if let Some(domains) = &change.domains {
        company.domains = checked_domains(domains)?;
    }
    if let Some(owner) = change.attributes.remove("owner") {
        company.owner_id = owner_of(&mut *tx, &owner).await?;
    }
    let catalog = AttributeCatalog::read(&mut *tx).await?;
    let types = |name: &str| catalog.attribute_type(&AttributeRef::new(Source::Company, name).ok()?);
    let offer = |(name, value): (&String, &Value)| Incoming {
        attribute: name.clone(),
        value: value.clone(),
        overwrite: OverwritePolicy::Always,
    };
    let incoming: Vec<Incoming> = change.attributes.iter().map(offer).collect();
    let origin = actor.origin(now);
    let mut origins = BTreeMap::new();
    let existing = Existing { attributes: &company.attributes, origins: &origins, base_origin: &origin };
    let changes = apply_attributes(&existing, &incoming, &origin, &types);
    if !changes.refused.is_empty() {
        let field = |(name, reason): &(String, String)| {
            FieldError::new(format!("/attributes/{name}"), "value", reason.clone())
        };
        return Err(AppError::Invalid(changes.refused.iter().map(field).collect()));
    }
    changes.write(&mut company.attributes, &mut origins);
    company.version += 1;
    company.updated_at = now;
    tx.update_company(&company).await.map_err(domain_taken)?;
    audit::write(app, &mut *tx, actor, Note::new("company.updated", "company").of(id, &company.name)).await?;
    tx.commit().await?;
    app.hint(Hint::Configuration);
    show(app, id).await
}

fn take_text(attributes: &mut BTreeMap<String, Value>, name: &str) -> Result<Option<String>, AppError> {
    match attributes.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(AppError::invalid(format!("/attributes/{name}"), "value", "is not a text")),
    }
}

fn checked_domains(texts: &[String]) -> Result<Vec<Domain>, AppError> {
    let mut domains = Vec::new();
    let mut errors = Vec::new();
    for (index, text) in texts.iter().enumerate() {
        match text.parse::<Domain>() {
            Ok(domain) if !domains.contains(&domain) => domains.push(domain),
            Ok(_) => {}
            Err(error) => {
                errors.push(FieldError::new(format!("/domains/{index}"), "domain", error.to_string()));
            }
        }
    }
    if errors.is_empty() { Ok(domains) } else { Err(AppError::Invalid(errors)) }
}

async fn owner_of(tx: &mut dyn Tx, value: &Value) -> Result<Option<UserId>, AppError> {
    let unknown = || AppError::invalid("/attributes/owner", "option", "is not a user");
    match value {
        Value::Null => Ok(None),
        Value::String(text) => {
            let id: UserId = text.parse().map_err(|_| unknown())?;
            Ok(Some(tx.user(id).await?.ok_or_else(unknown)?.id))
        }
        _ => Err(unknown()),
    }
}

fn domain_taken(error: StoreError) -> AppError {
    match error {
        StoreError::Taken { what: "company_domains.domain" } => {
            AppError::invalid("/domains", "taken", "holds the domain of another company")
        }
        other => other.into(),
    }
}
