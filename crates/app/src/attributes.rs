//! Attributes: the standard ones and those that admins define. A type cannot change, and a definition cannot go, while
//! dialogues or values use it (spec 08).

use crate::access::Actor;
use crate::audit::{self, Note};
use crate::users::checked_name;
use crate::{App, AppError};
use bus::Hint;
use criteria::{AttributeType, Source, attribute::is_name, standard};
use kernel::{AttributeId, Timestamp};
use people::{AttributeDefinition, AttributeOwner};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{DialogueFilter, PageRequest, Session, SiteScope, StoreError, Tx};

/// Attributes by which lists of people can be sorted.
const SORTABLE: [&str; 5] = ["created_at", "last_seen_at", "email", "last_name", "score"];

/// An attribute as screens show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// What changes it; none for those of a visit and those inferred, which nobody changes.
    pub id: Option<AttributeId>,
    /// What it belongs to.
    pub of: Source,
    /// Bare name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Type.
    pub kind: AttributeType,
    /// One that every instance has.
    pub standard: bool,
    /// May be shown to a visitor with a merely claimed identity.
    pub harmless: bool,
    /// Names of dialogues that use it.
    pub used_by: Vec<String>,
    /// Lists of people can be sorted by it.
    pub sortable: bool,
    /// People may set it.
    pub editable: bool,
}

/// An attribute to be defined.
#[derive(Debug, Clone)]
pub struct NewAttribute {
    /// Person or company.
    pub of: AttributeOwner,
    /// Bare name.
    pub name: String,
    /// Label.
    pub label: String,
    /// Type.
    pub kind: AttributeType,
}

/// A change; absent parts stay.
#[derive(Debug, Clone, Default)]
pub struct AttributeChange {
    /// New label (custom attributes only).
    pub label: Option<String>,
    /// New setting.
    pub harmless: Option<bool>,
    /// New type (custom attributes only).
    pub kind: Option<AttributeType>,
}

impl AttributeChange {
    /// True when the attribute is already as the change says.
    pub(crate) fn says_what_is(&self, attribute: &Attribute) -> bool {
        self.label.as_ref().is_none_or(|label| *label == attribute.label)
            && self.harmless.is_none_or(|harmless| harmless == attribute.harmless)
            && self.kind.is_none_or(|kind| kind == attribute.kind)
    }
}

const fn source_of(of: AttributeOwner) -> Source {
    match of {
        AttributeOwner::Person => Source::Person,
        AttributeOwner::Company => Source::Company,
    }
}

const fn owner_of(of: Source) -> Option<AttributeOwner> {
    match of {
        Source::Person => Some(AttributeOwner::Person),
        Source::Company => Some(AttributeOwner::Company),
        Source::Visit | Source::Inferred => None,
    }
}

/// The id by which the settings of a standard attribute are changed: the same on every instance.
fn standard_id(of: Source, name: &str) -> AttributeId {
    let hash = Sha256::digest(format!("standard attribute {}.{name}", of.as_str()));
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&hash[..16]);
    AttributeId::from(uuid::Uuid::from_bytes(bytes))
}

/// All attributes, of one source when given.
pub async fn list(app: &App, of: Option<Source>) -> Result<Vec<Attribute>, AppError> {
    list_in(&mut *app.store().read().await?, of).await
}

/// As [`list`], as a session sees it.
pub(crate) async fn list_in(
    session: &mut dyn Session,
    of: Option<Source>,
) -> Result<Vec<Attribute>, AppError> {
    let texts = dialogue_texts(session).await?;
    let definitions = session.attribute_definitions().await?;
    let mut all: Vec<Attribute> = standard::attributes()
        .iter()
        .map(|standard| {
            let settings = definitions
                .iter()
                .find(|d| d.standard && source_of(d.of) == standard.of && d.name == standard.name);
            Attribute {
                id: owner_of(standard.of).map(|_| standard_id(standard.of, standard.name)),
                of: standard.of,
                name: standard.name.to_owned(),
                label: standard.label.to_owned(),
                kind: standard.kind,
                standard: true,
                harmless: settings.is_some_and(|settings| settings.harmless),
                used_by: users_of(&texts, standard.of, standard.name),
                sortable: standard.of == Source::Person && SORTABLE.contains(&standard.name),
                editable: standard.editable,
            }
        })
        .collect();
    let custom = definitions.into_iter().filter(|definition| !definition.standard);
    all.extend(custom.map(|definition| of_definition(&texts, definition)));
    all.retain(|attribute| of.is_none_or(|of| attribute.of == of));
    Ok(all)
}

fn of_definition(texts: &[(String, String)], definition: AttributeDefinition) -> Attribute {
    let of = source_of(definition.of);
    Attribute {
        id: Some(definition.id),
        of,
        used_by: users_of(texts, of, &definition.name),
        name: definition.name,
        label: definition.label,
        kind: definition.kind,
        standard: false,
        harmless: definition.harmless,
        sortable: false,
        editable: true,
    }
}

/// One attribute.
pub async fn show(app: &App, id: AttributeId) -> Result<Attribute, AppError> {
    let all = list(app, None).await?;
    all.into_iter().find(|attribute| attribute.id == Some(id)).ok_or(AppError::NotFound("attribute"))
}

/// Names and contents of all dialogues: drafts, and what is live where that differs.
async fn dialogue_texts(session: &mut dyn Session) -> Result<Vec<(String, String)>, AppError> {
    let text = |content: &store::DialogueContent| serde_json::to_string(content).unwrap_or_default();
    let mut texts = Vec::new();
    let mut page = PageRequest::first(200);
    loop {
        let found = session.dialogues(&DialogueFilter::default(), &page).await?;
        texts.extend(found.items.iter().map(|d| (d.name.clone(), text(&d.draft))));
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => break,
        }
    }
    for site in session.sites().await? {
        for live in session.published_dialogues(SiteScope::new(site.id)).await? {
            texts.push((live.dialogue.name, text(&live.version.content)));
        }
    }
    Ok(texts)
}

fn users_of(texts: &[(String, String)], of: Source, name: &str) -> Vec<String> {
    let mut paths = vec![format!("{}.{name}", of.as_str())];
    if of == Source::Person {
        paths.push(format!("lead.{name}"));
    }
    let uses = |text: &str| paths.iter().any(|path| mentions(text, path));
    let mut names: Vec<String> =
        texts.iter().filter(|(_, text)| uses(text)).map(|(name, _)| name.clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// True when `path` stands in `text` and is not the beginning or end of a longer name.
fn mentions(text: &str, path: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(path)
        .any(|(at, _)| !text[..at].ends_with(inner) && !text[at + path.len()..].starts_with(inner))
}

/// Defines an attribute.
pub async fn create(app: &App, actor: &Actor, new: NewAttribute) -> Result<Attribute, AppError> {
    let mut tx = app.store().begin().await?;
    let attribute = create_in(app, &mut *tx, actor, new).await?;
    tx.commit().await?;
    app.hint(Hint::Configuration);
    Ok(attribute)
}

/// Defines an attribute within a unit of work.
pub(crate) async fn create_in(
    app: &App,
    tx: &mut dyn Tx,
    actor: &Actor,
    new: NewAttribute,
) -> Result<Attribute, AppError> {
    let now: Timestamp = app.now();
    if !is_name(&new.name) || new.name.len() > 40 {
        let reason = "is not 1 to 40 lower-case letters, digits and underscores, beginning with a letter";
        return Err(AppError::invalid("/name", "name", reason));
    }
    let reserved =
        ["id", "company", "owner", "full_name", "known", "updated_at"].contains(&new.name.as_str());
    if reserved || standard::of(source_of(new.of)).any(|standard| standard.name == new.name) {
        return Err(AppError::invalid("/name", "taken", "is the name of a standard attribute"));
    }
    let definition = AttributeDefinition {
        id: app.id(now),
        of: new.of,
        name: new.name,
        label: checked_name(&new.label, "/label")?,
        kind: new.kind,
        standard: false,
        harmless: false,
        created_at: now,
    };
    tx.insert_attribute(&definition).await.map_err(|error| match error {
        StoreError::Taken { what: "attributes.name" } => {
            AppError::invalid("/name", "taken", "is the name of another attribute")
        }
        other => other.into(),
    })?;
    let note = Note::new("attribute.created", "attribute").of(definition.id, &definition.name);
    audit::write(app, tx, actor, note.details(json!({ "of": definition.of, "type": definition.kind })))
        .await?;
    Ok(of_definition(&[], definition))
}

/// Changes label, harmlessness or type.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: AttributeId,
    change: AttributeChange,
) -> Result<Attribute, AppError> {
    let attribute = show(app, id).await?;
    let mut tx = app.store().begin().await?;
    update_in(app, &mut *tx, actor, &attribute, change).await?;
    tx.commit().await?;
    app.hint(Hint::Configuration);
    show(app, id).await
}

/// Changes an attribute that was just read, within a unit of work.
pub(crate) async fn update_in(
    app: &App,
    tx: &mut dyn Tx,
    actor: &Actor,
    attribute: &Attribute,
    change: AttributeChange,
) -> Result<(), AppError> {
    let (owner, id) = owner_of(attribute.of).zip(attribute.id).ok_or(AppError::NotFound("attribute"))?;
    if attribute.standard && (change.label.is_some() || change.kind.is_some()) {
        return Err(AppError::Conflict("label and type of a standard attribute cannot change".to_owned()));
    }
    let stored = tx.attribute_definitions().await?.into_iter().find(|d| d.id == id);
    let is_new = stored.is_none();
    let mut definition = stored.unwrap_or(AttributeDefinition {
        id,
        of: owner,
        name: attribute.name.clone(),
        label: attribute.label.clone(),
        kind: attribute.kind,
        standard: attribute.standard,
        harmless: attribute.harmless,
        created_at: app.now(),
    });
    if let Some(label) = &change.label {
        definition.label = checked_name(label, "/label")?;
    }
    definition.harmless = change.harmless.unwrap_or(definition.harmless);
    if let Some(kind) = change.kind.filter(|kind| *kind != definition.kind) {
        refuse_used(tx, attribute, owner, "its type cannot change").await?;
        definition.kind = kind;
    }
    if is_new {
        tx.insert_attribute(&definition).await?;
    } else {
        tx.update_attribute(&definition).await?;
    }
    let details = json!({ "label": change.label, "harmless": change.harmless, "type": change.kind });
    let note = Note::new("attribute.updated", "attribute").of(id, &definition.name).details(details);
    audit::write(app, tx, actor, note).await
}

async fn refuse_used(
    session: &mut dyn Session,
    attribute: &Attribute,
    owner: AttributeOwner,
    consequence: &str,
) -> Result<(), AppError> {
    if !attribute.used_by.is_empty() {
        let names = attribute.used_by.join(", ");
        return Err(AppError::Conflict(format!("the attribute is used by {names}; {consequence}")));
    }
    if session.attribute_has_values(owner, &attribute.name).await? {
        return Err(AppError::Conflict(format!(
            "there are records with a value of the attribute; {consequence}"
        )));
    }
    Ok(())
}

/// Removes a definition that nothing uses.
pub async fn delete(app: &App, actor: &Actor, id: AttributeId) -> Result<(), AppError> {
    let attribute = show(app, id).await?;
    let owner = owner_of(attribute.of).filter(|_| !attribute.standard);
    let owner =
        owner.ok_or_else(|| AppError::Conflict("a standard attribute cannot be removed".to_owned()))?;
    let mut tx = app.store().begin().await?;
    refuse_used(&mut *tx, &attribute, owner, "it cannot be removed").await?;
    tx.delete_attribute(id).await?;
    let note = Note::new("attribute.deleted", "attribute").of(id, &attribute.name);
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    app.hint(Hint::Configuration);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_names_count_as_use() {
        for (text, uses) in [
            (r#"{"attribute":"person.shoe"}"#, true),
            ("Hello {{person.shoe:\"x\"}}", true),
            (r#""person.shoe_size""#, false),
            (r#""aperson.shoe""#, false),
        ] {
            assert_eq!(mentions(text, "person.shoe"), uses, "{text}");
        }
    }

    #[test]
    fn ids_of_standard_attributes_differ() {
        let ids: std::collections::HashSet<_> =
            standard::attributes().iter().map(|a| standard_id(a.of, a.name)).collect();
        assert_eq!(ids.len(), standard::attributes().len());
    }
}
