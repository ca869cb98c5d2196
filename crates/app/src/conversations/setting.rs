//! Values that a visitor gave become attributes of the person or the company (spec 04, *overwrite*; spec 03, *claimed is
//! not proven*).

use super::{
    identity::{Bearer, changed},
    telling::{Place, Telling},
};
use crate::{App, AppError, snapshot::Site};
use criteria::AttributeType;
use engagement::ActivityType;
use kernel::Timestamp;
use people::{Changes, Company, Existing, Incoming, Origin, OverwritePolicy, Rung, apply_attributes};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use store::Tx;
use stream::Overwrite;

/// A value on offer, with the path of its attribute.
#[derive(Debug)]
pub(crate) struct Offer {
    path: String,
    value: Json,
    overwrite: OverwritePolicy,
}

/// A value on offer that replaces what is there, as far as the origin may.
pub(crate) fn given(path: &str, value: Json) -> Offer {
    Offer { path: stream::tokens::canonical_attribute(path), value, overwrite: OverwritePolicy::Always }
}

/// Out of an effect of the engine.
pub(crate) fn offer(attribute: &str, value: Json, overwrite: Overwrite) -> Offer {
    let overwrite = match overwrite {
        Overwrite::Always => OverwritePolicy::Always,
        Overwrite::IfEmpty => OverwritePolicy::IfEmpty,
    };
    Offer { path: stream::tokens::canonical_attribute(attribute), value, overwrite }
}

/// Where it happens.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub site: &'a Site,
    pub place: Place<'a>,
}

impl Setting<'_> {
    fn kind(&self, of: &str, name: &str) -> Option<AttributeType> {
        self.site.catalog.type_of(&format!("{of}.{name}"))
    }
}

/// Sets what may be set, and tells of every change.
pub(crate) async fn apply(
    app: &App,
    tx: &mut dyn Tx,
    setting: Setting<'_>,
    bearer: &mut Bearer,
    offers: Vec<Offer>,
    origin: &Origin,
    telling: &mut Telling<'_>,
) -> Result<(), AppError> {
    let (mut person, mut company) = (Vec::new(), Vec::new());
    for offer in offers {
        let incoming = |name: &str| Incoming {
            attribute: name.to_owned(),
            value: offer.value.clone(),
            overwrite: offer.overwrite,
        };
        match offer.path.split_once('.') {
            Some(("person", name)) => person.push(incoming(name)),
            Some(("company", name)) => company.push(incoming(name)),
            _ => tracing::warn!(attribute = offer.path, "a card sets what cannot be set"),
        }
    }
    let types = |name: &str| setting.kind("person", name);
    let changes = apply_attributes(&Existing::of(&bearer.person), &person, origin, &types);
    if !changes.is_empty() {
        changes.apply_to(&mut bearer.person);
        bearer.person_changed();
    }
    tell(setting, "person", &changes, telling);
    if !company.is_empty() && bearer.person.is_known() {
        let changes = company_values(app, tx, setting, bearer, company, origin).await?;
        tell(setting, "company", &changes, telling);
    }
    Ok(())
}

fn tell(setting: Setting<'_>, of: &str, changes: &Changes, telling: &mut Telling<'_>) {
    for change in &changes.set {
        let path = format!("{of}.{}", change.attribute);
        let more = Json::Object(changed(&path, change.old.as_ref(), change.new.as_ref()));
        telling.at(ActivityType::AttributeChanged, &setting.place, more);
    }
    for (attribute, reason) in &changes.refused {
        tracing::warn!(attribute, reason, "a value of a conversation does not fit its attribute");
    }
}

/// A company is shared by many people, so a visitor who has proven nothing only fills what is empty. A name that is still
/// the domain was made by Usher and counts as empty.
async fn company_values(
    app: &App,
    tx: &mut dyn Tx,
    setting: Setting<'_>,
    bearer: &mut Bearer,
    mut offers: Vec<Incoming>,
    origin: &Origin,
) -> Result<Changes, AppError> {
    let named = offers.iter().position(|offer| offer.attribute == "name").map(|index| offers.remove(index));
    if let Some(name) = named.and_then(|offer| offer.value.as_str().map(|name| name.trim().to_owned())) {
        company_name(app, tx, bearer, name, app.now()).await?;
    }
    if bearer.company.is_none() {
        // Without a company there is nothing that could have these values.
        offers.clear();
    }
    for offer in &mut offers {
        if bearer.rung != Rung::Proven {
            offer.overwrite = OverwritePolicy::IfEmpty;
        }
    }
    let none = BTreeMap::new();
    let types = |name: &str| setting.kind("company", name);
    let empty = people::AttributeMap::new();
    let attributes = bearer.company.as_ref().map_or(&empty, |company| &company.attributes);
    let existing = Existing { attributes, origins: &none, base_origin: origin };
    let changes = apply_attributes(&existing, &offers, origin, &types);
    if let Some(company) = bearer.company.as_mut().filter(|_| !changes.is_empty()) {
        changes.write(&mut company.attributes, &mut BTreeMap::new());
        bearer.company_changed();
    }
    Ok(changes)
}

async fn company_name(
    app: &App,
    tx: &mut dyn Tx,
    bearer: &mut Bearer,
    name: String,
    now: Timestamp,
) -> Result<(), AppError> {
    if name.is_empty() {
        return Ok(());
    }
    if let Some(company) = bearer.company.as_mut() {
        let made_up = company.domains.iter().any(|domain| domain.as_str() == company.name);
        if made_up && company.name != name {
            company.name = name;
            bearer.company_changed();
        }
        return Ok(());
    }
    if let Some(company) = tx.companies_by_name(std::slice::from_ref(&name)).await?.into_iter().next() {
        bearer.person.company_id = Some(company.id);
        bearer.company = Some(company);
        bearer.person_changed();
        return Ok(());
    }
    bearer.found_company(Company {
        id: app.id(now),
        name,
        domains: Vec::new(),
        attributes: people::AttributeMap::new(),
        owner_id: None,
        created_at: now,
        updated_at: now,
        version: 1,
    });
    Ok(())
}
