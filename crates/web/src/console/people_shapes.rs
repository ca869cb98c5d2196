//! Shapes of people and companies.

use crate::shapes::At;
use crate::words;
use app::companies::CompanyView;
use app::people::{PersonDetail as Detail, PersonRow};
use engagement::Activity as Fact;
use people::{Origin as PersonOrigin, Rung, SourceKind};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Something with a name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Ref {
    pub id: String,
    pub name: String,
}

impl Ref {
    /// Out of an id and a name.
    pub fn new(id: impl ToString, name: impl Into<String>) -> Self {
        Self { id: id.to_string(), name: name.into() }
    }
}

/// A person as a row of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Person {
    #[schema(example = "per_01jc8x4n1sfgz8v7qk2m3p4r5t")]
    id: String,
    /// True once there is an e-mail address.
    known: bool,
    /// How sure the identity is.
    #[schema(value_type = words::RungWord)]
    rung: Rung,
    #[schema(example = "ada@example.com")]
    email: Option<String>,
    full_name: Option<String>,
    /// Values by bare attribute name: text, number or boolean.
    #[schema(value_type = BTreeMap<String, words::AttributeValue>, example = json!({"first_name": "Ada", "score": 12}))]
    attributes: BTreeMap<String, Value>,
    company: Option<Ref>,
    owner: Option<Ref>,
    created_at: At,
    updated_at: At,
    last_seen_at: Option<At>,
    /// For `If-Match`.
    version: i64,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        let person = row.person;
        Self {
            id: person.id.to_string(),
            known: person.is_known(),
            rung: person.rung,
            full_name: people::full_name(&person),
            email: person.email.map(String::from),
            attributes: person.attributes,
            company: row.company.map(|(id, name)| Ref::new(id, name)),
            owner: row.owner.map(|(id, name)| Ref::new(id, name)),
            created_at: person.created_at.into(),
            updated_at: person.updated_at.into(),
            last_seen_at: person.last_seen_at.map(At),
            version: person.version,
        }
    }
}

/// Where a value came from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Origin {
    #[schema(value_type = words::OriginSource)]
    source: SourceKind,
    /// Import id, conversation id, user or token name.
    detail: Option<String>,
    at: At,
    /// How sure it was who gave it; `null` when no visitor did.
    #[schema(value_type = Option<words::VisitorRung>)]
    rung: Option<Rung>,
}

impl From<PersonOrigin> for Origin {
    fn from(origin: PersonOrigin) -> Self {
        Self { source: origin.source, detail: origin.detail, at: origin.at.into(), rung: origin.rung }
    }
}

/// A value that was offered but did not replace a proven one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suggestion {
    attribute: String,
    #[schema(value_type = words::AttributeValue)]
    value: Value,
    #[schema(value_type = words::OriginSource)]
    source: SourceKind,
    at: At,
}

/// A person with origins, suggestions and lists.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PersonDetail {
    #[serde(flatten)]
    person: Person,
    /// By attribute name.
    origins: BTreeMap<String, Origin>,
    suggestions: Vec<Suggestion>,
    lists: Vec<Ref>,
    /// Browsers associated with the person.
    visitors: usize,
}

impl From<Detail> for PersonDetail {
    fn from(detail: Detail) -> Self {
        let suggestions = detail.row.person.suggestions.iter().map(|suggestion| Suggestion {
            attribute: suggestion.attribute.clone(),
            value: suggestion.value.clone(),
            source: suggestion.origin.source,
            at: suggestion.origin.at.into(),
        });
        Self {
            suggestions: suggestions.collect(),
            origins: detail.origins.into_iter().map(|(name, origin)| (name, origin.into())).collect(),
            lists: detail.lists.iter().map(|list| Ref::new(list.id, &list.name)).collect(),
            visitors: detail.visitors,
            person: detail.row.into(),
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Activity {
    id: String,
    at: At,
    #[serde(rename = "type")]
    #[schema(example = "engaged")]
    kind: &'static str,
    person_id: String,
    site_id: Option<String>,
    dialogue: Option<Ref>,
    conversation_id: Option<String>,
    #[schema(value_type = BTreeMap<String, Value>)]
    attributes: Map<String, Value>,
    /// In a sentence.
    #[schema(example = "Engaged with Book a demo on /pricing")]
    summary: String,
}

impl From<Fact> for Activity {
    fn from(fact: Fact) -> Self {
        let dialogue_name = fact.attributes.get("dialogue_name").and_then(Value::as_str).unwrap_or_default();
        Self {
            id: fact.id.to_string(),
            at: fact.at.into(),
            kind: fact.kind.name(),
            person_id: fact.person_id.to_string(),
            site_id: fact.site_id.map(|id| id.to_string()),
            dialogue: fact.dialogue_id.map(|id| Ref::new(id, dialogue_name)),
            conversation_id: fact.conversation_id.map(|id| id.to_string()),
            summary: engagement::summary(&fact),
            attributes: fact.attributes,
        }
    }
}

/// A company.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Company {
    id: String,
    name: String,
    domains: Vec<String>,
    #[schema(value_type = BTreeMap<String, words::AttributeValue>)]
    attributes: BTreeMap<String, Value>,
    /// How many people belong to it.
    people: u64,
    owner: Option<Ref>,
    created_at: At,
    /// For `If-Match`.
    version: i64,
}

impl From<CompanyView> for Company {
    fn from(view: CompanyView) -> Self {
        let company = view.row.company;
        Self {
            id: company.id.to_string(),
            name: company.name,
            domains: company.domains.iter().map(ToString::to_string).collect(),
            attributes: company.attributes,
            people: view.row.people,
            owner: view.owner.map(|(id, name)| Ref::new(id, name)),
            created_at: company.created_at.into(),
            version: company.version,
        }
    }
}
