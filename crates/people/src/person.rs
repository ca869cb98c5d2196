//! The record of a person or a company, and where each of its values came from.

use kernel::{CompanyId, Domain, Email, PersonId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Attribute values by bare name (`first_name`, custom ones too) as plain JSON scalars, checked against the
/// definition's type when they were set. Absent = empty; `null` is never stored.
/// Not in here, because they are fields of the record: `email`, `created_at`, `last_seen_at`, `owner`.
pub type AttributeMap = BTreeMap<String, serde_json::Value>;

/// How sure Usher is of who a person is (spec 13, identity ladder). Ordered: later is stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// No e-mail address.
    Anonymous,
    /// An address was typed, imported or set by a user: known, but the visitor has not proven it.
    Claimed,
    /// A signed identification or a one-time code.
    Proven,
}

/// Who set a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// A CSV import.
    Import,
    /// A visitor in a conversation.
    Chat,
    /// A visitor in a form of the website.
    Form,
    /// A user of the console.
    User,
    /// An API token.
    Api,
    /// A synchronised CRM.
    Crm,
    /// Usher itself (inference, merge, default).
    System,
}

/// Where a value came from and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Who set it.
    pub source: SourceKind,
    /// Import id, conversation id, visitor id (form), user id or token name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// When.
    pub at: Timestamp,
    /// The rung of the visitor who gave it; none for values not from a visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rung: Option<Rung>,
}

/// A value that was offered but did not replace a proven one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Bare attribute name.
    pub attribute: String,
    /// The value offered.
    pub value: serde_json::Value,
    /// Where it came from.
    pub origin: Origin,
}

/// A person (lead or contact): known once it has an e-mail address, else anonymous.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Stable id; ids of merged people keep resolving to the survivor.
    pub id: PersonId,
    /// The address; unique among living people.
    pub email: Option<Email>,
    /// How sure the identity is.
    pub rung: Rung,
    /// Standard and custom attributes.
    pub attributes: AttributeMap,
    /// Origins by attribute name (also `email`); what is absent here has `base_origin`.
    pub origins: BTreeMap<String, Origin>,
    /// Origin of every value that has none of its own: how the record came to be.
    pub base_origin: Origin,
    /// Values offered against proven ones.
    pub suggestions: Vec<Suggestion>,
    /// The company it belongs to.
    pub company_id: Option<CompanyId>,
    /// The owning salesperson.
    pub owner_id: Option<UserId>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// Last change of any value.
    pub updated_at: Timestamp,
    /// Last time a visitor of this person was seen.
    pub last_seen_at: Option<Timestamp>,
    /// Rises by one with every change; compared on update.
    pub version: i64,
}

impl Person {
    /// The origin of an attribute's value.
    pub fn origin_of(&self, attribute: &str) -> &Origin {
        self.origins.get(attribute).unwrap_or(&self.base_origin)
    }

    /// True once there is an e-mail address.
    pub const fn is_known(&self) -> bool {
        self.email.is_some()
    }

    /// A text attribute; `None` when empty.
    pub fn text(&self, attribute: &str) -> Option<&str> {
        self.attributes.get(attribute).and_then(serde_json::Value::as_str).filter(|t| !t.is_empty())
    }
}

/// A company (account).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Company {
    /// Stable id.
    pub id: CompanyId,
    /// Name as people write it.
    pub name: String,
    /// Its domains; each belongs to one company at most.
    pub domains: Vec<Domain>,
    /// Standard (`industry`, `size`, `revenue`, address parts) and custom attributes.
    pub attributes: AttributeMap,
    /// The owning salesperson.
    pub owner_id: Option<UserId>,
    /// When the record was made.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
    /// Rises by one with every change.
    pub version: i64,
}
