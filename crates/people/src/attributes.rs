//! Definitions of custom attributes.

use criteria::AttributeType;
use kernel::{AttributeId, Timestamp};
use serde::{Deserialize, Serialize};

/// What an attribute belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeOwner {
    /// `person.*`
    Person,
    /// `company.*`
    Company,
}

/// A custom attribute that an admin defined, or an admin's settings for a standard one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeDefinition {
    /// Stable id.
    pub id: AttributeId,
    /// What it belongs to.
    pub of: AttributeOwner,
    /// Bare name: `[a-z][a-z0-9_]{0,39}`, unique for its owner, never that of a standard attribute unless `standard`.
    pub name: String,
    /// What screens call it.
    pub label: String,
    /// Its type; cannot change while used.
    pub kind: AttributeType,
    /// True for a row that only carries settings (`harmless`) of a standard attribute.
    pub standard: bool,
    /// May be shown to a visitor with a merely claimed identity (spec 03, "claimed is not proven").
    pub harmless: bool,
    /// When it was defined.
    pub created_at: Timestamp,
}
