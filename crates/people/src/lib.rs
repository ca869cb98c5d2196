//! People: records, attributes and their origins, the identity ladder and merging. Pure: rules only.

pub mod attributes;
pub mod identity;
pub mod importing;
pub mod merging;
pub mod person;
pub mod setting;
pub mod showing;
#[cfg(test)]
mod testing;

pub use attributes::{AttributeDefinition, AttributeOwner};
pub use identity::{IdentityStep, PersonFacts, decide};
pub use importing::{ImportMode, RowOutcome, RowRefused, apply_row};
pub use merging::{Merged, merge};
pub use person::{AttributeMap, Company, Origin, Person, Rung, SourceKind, Suggestion};
pub use setting::{Change, Changes, Existing, Incoming, OverwritePolicy, apply_attributes, carry_over};
pub use showing::{Viewer, full_name, visible_to_claimed};
