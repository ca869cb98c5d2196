//! Making, changing and erasing people by users and scripts.

use crate::access::Actor;
use crate::audit::{self, Note};
use crate::catalog::AttributeCatalog;
use crate::livechat;
use crate::people::PersonDetail;
use crate::{App, AppError, FieldError};
use bus::Hint;
use criteria::{AttributeRef, AttributeType, Catalog, Source, standard};
use engagement::{Activity, ActivityType};
use kernel::{CompanyId, Email, PersonId, Timestamp, UserId};
use people::setting::{Existing, Incoming, OverwritePolicy, apply_attributes};
use people::{AttributeMap, Change, Company, Origin, Person, Rung};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use store::Tx;

/// Values by bare attribute name; `null` empties. Beside attributes: `email`, `owner` (id of a user), `company` (id or
/// name of a company).
pub type AttributeValues = BTreeMap<String, Value>;

/// Makes a person; an address is needed, for by it people are known.
pub async fn create(app: &App, actor: &Actor, values: &AttributeValues) -> Result<PersonDetail, AppError> {
    let now = app.now();
    if values.get("email").is_none_or(Value::is_null) {
        return Err(AppError::invalid("/attributes/email", "required", "is missing"));
    }
    let origin = actor.origin(now);
    let mut person = Person {
        id: app.id(now),
        email: None,
        rung: Rung::Anonymous,
        attributes: AttributeMap::new(),
        origins: BTreeMap::new(),
        base_origin: origin.clone(),
        suggestions: Vec::new(),
        company_id: None,
        owner_id: None,
        created_at: now,
        updated_at: now,
        last_seen_at: None,
        version: 1,
    };
    let mut tx = app.store().begin().await?;
    set(app, &mut *tx, &mut person, values, &origin).await?;
    // The base origin says it all.
    person.origins.clear();
    tx.insert_people(std::slice::from_ref(&person)).await?;
    audit::write(app, &mut *tx, actor, Note::new("person.created", "person").with_id(person.id)).await?;
    tx.commit().await?;
    super::show(app, person.id).await
}

/// Changes values. `version` is the one on which the change is based; every changed value becomes an activity.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: PersonId,
    values: &AttributeValues,
    version: Option<i64>,
) -> Result<PersonDetail, AppError> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let mut person = tx.lock_person(id).await?.ok_or(AppError::NotFound("person"))?;
    if version.is_some_and(|version| version != person.version) {
        return Err(AppError::Stale);
    }
    let changes = set(app, &mut *tx, &mut person, values, &actor.origin(now)).await?;
    if changes.is_empty() {
        return super::show(app, person.id).await;
    }
    person.version += 1;
    person.updated_at = now;
    tx.update_people(std::slice::from_ref(&person)).await?;
    let log: Vec<Activity> =
        changes.iter().map(|change| activity(app, actor, person.id, change, now)).collect();
    tx.append_activities(&log).await?;
    tx.commit().await?;
    app.hint(Hint::Person { id: person.id });
    super::show(app, person.id).await
}

fn activity(app: &App, actor: &Actor, person: PersonId, change: &Change, now: Timestamp) -> Activity {
    let details = json!({
        "attribute": change.attribute, "old": change.old, "new": change.new, "by": actor.name, "via": actor.via(),
    });
    Activity {
        id: app.id(now),
        kind: ActivityType::AttributeChanged,
        person_id: person,
        visitor_id: None,
        site_id: None,
        dialogue_id: None,
        conversation_id: None,
        at: now,
        attributes: details.as_object().cloned().unwrap_or_else(Map::new),
    }
}

async fn set(
    app: &App,
    tx: &mut dyn Tx,
    person: &mut Person,
    values: &AttributeValues,
    origin: &Origin,
) -> Result<Vec<Change>, AppError> {
    let catalog = AttributeCatalog::read(tx).await?;
    let types = |name: &str| type_of(&catalog, name);
    let offer = |(name, value): (&String, &Value)| Incoming {
        attribute: name.clone(),
        value: value.clone(),
        overwrite: OverwritePolicy::Always,
    };
    let special = |name: &&String| matches!(name.as_str(), "email" | "owner" | "company");
    let incoming: Vec<Incoming> = values.iter().filter(|(name, _)| !special(name)).map(offer).collect();
    let changes = apply_attributes(&Existing::of(person), &incoming, origin, &types);
    if !changes.refused.is_empty() {
        let field = |(name, reason): &(String, String)| {
            FieldError::new(format!("/attributes/{name}"), "value", reason.clone())
        };
        return Err(AppError::Invalid(changes.refused.iter().map(field).collect()));
    }
    changes.apply_to(person);
    let mut all = changes.set;
    if let Some(value) = values.get("email") {
        all.extend(set_email(tx, person, value, origin).await?);
    }
    if let Some(value) = values.get("owner") {
        all.extend(set_owner(tx, person, value, origin).await?);
    }
    if let Some(value) = values.get("company") {
        all.extend(set_company(app, tx, person, value, origin).await?);
    }
    Ok(all)
}

/// The type of a person's attribute that may be set.
fn type_of(catalog: &AttributeCatalog, name: &str) -> Option<AttributeType> {
    let path = AttributeRef::new(Source::Person, name).ok()?;
    if standard::find(&path).is_some_and(|standard| !standard.editable) {
        return None;
    }
    catalog.attribute_type(&path)
}

fn text<'a>(value: &'a Value, field: &str) -> Result<Option<&'a str>, AppError> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        Value::String(text) => Ok(Some(text.trim())),
        _ => Err(AppError::invalid(format!("/attributes/{field}"), "value", "is not a text")),
    }
}

async fn set_email(
    tx: &mut dyn Tx,
    person: &mut Person,
    value: &Value,
    origin: &Origin,
) -> Result<Option<Change>, AppError> {
    let field = "/attributes/email";
    let Some(text) = text(value, "email")? else {
        return match person.email {
            None => Ok(None),
            Some(_) => {
                Err(AppError::invalid(field, "required", "cannot be emptied: by it the person is known"))
            }
        };
    };
    let email: Email =
        text.parse().map_err(|_| AppError::invalid(field, "email_syntax", "is not an e-mail address"))?;
    if person.email.as_ref() == Some(&email) {
        return Ok(None);
    }
    if tx.lock_email(&email).await?.is_some_and(|holder| holder.id != person.id) {
        return Err(AppError::Conflict("another person has this e-mail address".to_owned()));
    }
    let old = person.email.replace(email.clone()).map(|email| json!(email));
    person.rung = person.rung.max(Rung::Claimed);
    person.origins.insert("email".to_owned(), origin.clone());
    Ok(Some(Change { attribute: "email".to_owned(), old, new: Some(json!(email)) }))
}

async fn set_owner(
    tx: &mut dyn Tx,
    person: &mut Person,
    value: &Value,
    origin: &Origin,
) -> Result<Option<Change>, AppError> {
    let unknown = || AppError::invalid("/attributes/owner", "option", "is not a user");
    let new = match text(value, "owner")? {
        None => None,
        Some(text) => {
            let id: UserId = text.parse().map_err(|_| unknown())?;
            Some(tx.user(id).await?.ok_or_else(unknown)?)
        }
    };
    if new.as_ref().map(|user| user.id) == person.owner_id {
        return Ok(None);
    }
    let old = match person.owner_id {
        Some(id) => tx.user(id).await?.map(|user| json!(user.name)),
        None => None,
    };
    person.owner_id = new.as_ref().map(|user| user.id);
    person.origins.insert("owner".to_owned(), origin.clone());
    Ok(Some(Change { attribute: "owner".to_owned(), old, new: new.map(|user| json!(user.name)) }))
}

async fn set_company(
    app: &App,
    tx: &mut dyn Tx,
    person: &mut Person,
    value: &Value,
    origin: &Origin,
) -> Result<Option<Change>, AppError> {
    let new = match text(value, "company")? {
        None => None,
        Some(text) => Some(company(app, tx, text, origin.at).await?),
    };
    if new.as_ref().map(|company| company.id) == person.company_id {
        return Ok(None);
    }
    let old = match person.company_id {
        Some(id) => tx.company(id).await?.map(|row| json!(row.company.name)),
        None => None,
    };
    person.company_id = new.as_ref().map(|company| company.id);
    Ok(Some(Change { attribute: "company".to_owned(), old, new: new.map(|company| json!(company.name)) }))
}

/// A company by id, or by name; a new name makes a company.
async fn company(app: &App, tx: &mut dyn Tx, text: &str, now: Timestamp) -> Result<Company, AppError> {
    if let Ok(id) = text.parse::<CompanyId>() {
        let unknown = || AppError::invalid("/attributes/company", "option", "is not a company");
        return Ok(tx.company(id).await?.ok_or_else(unknown)?.company);
    }
    if let Some(known) = tx.companies_by_name(&[text.to_owned()]).await?.into_iter().next() {
        return Ok(known);
    }
    let name = crate::users::checked_name(text, "/attributes/company")?;
    let made = Company {
        id: app.id(now),
        name,
        domains: Vec::new(),
        attributes: AttributeMap::new(),
        owner_id: None,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    tx.insert_companies(std::slice::from_ref(&made)).await?;
    Ok(made)
}

/// Erases a person for ever with everything that names it; counts of dialogues stay.
pub async fn erase(app: &App, actor: &Actor, id: PersonId) -> Result<(), AppError> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let person = tx.lock_person(id).await?.ok_or(AppError::NotFound("person"))?;
    tx.erase_people(&[person.id], now).await?;
    audit::write(app, &mut *tx, actor, Note::new("person.erased", "person").with_id(person.id)).await?;
    tx.commit().await?;
    livechat::attachment::tidy(app).await;
    app.hint(Hint::Person { id: person.id });
    Ok(())
}
