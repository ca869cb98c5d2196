//! People: records, attributes and their origins, the identity ladder and merging. Pure: rules only.

pub mod attributes;
pub mod person;

pub use attributes::{AttributeDefinition, AttributeOwner};
pub use person::{AttributeMap, Company, Origin, Person, Rung, SourceKind, Suggestion};
