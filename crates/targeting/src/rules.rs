//! Targeting as an author writes it and as it is stored with a version.

use crate::EventRule;
use criteria::Criteria;
use serde::{Deserialize, Serialize};

/// Who sees a dialogue, where, when and how often.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targeting {
    /// The people who may see it.
    pub audience: Criteria,
    /// The pages on which it may appear.
    pub pages: PagePatterns,
    /// What must happen before it is shown.
    pub events: EventRule,
    /// How often and to which share of visitors.
    pub caps: Caps,
}

/// Target pages as written; a draft may hold half-typed patterns, so they are parsed when checked and compiled.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PagePatterns {
    /// Patterns of pages on which the dialogue may appear; without any it cannot be published.
    pub include: Vec<String>,
    /// Patterns of pages on which it may not; they win over inclusions.
    #[serde(default)]
    pub exclude: Vec<String>,
}

/// Limits of showing (spec 03, *Caps*); absent means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// Show at most so often to one visitor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_visitor: Option<PerVisitor>,
    /// Days without showing after the visitor dismissed it; 1 to 3650.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause_after_dismissal_days: Option<u32>,
    /// The share of visitors who may see it, in percent; 1 to 100. The same visitors each time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<u8>,
}

/// At most `times` showings within `period_days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerVisitor {
    /// Showings; 1 to 1000.
    pub times: u32,
    /// Length of the period in days of 24 hours; 1 to 3650.
    pub period_days: u32,
}
