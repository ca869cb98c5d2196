//! Why? Every recorded page view keeps the verdict on each dialogue of its site as a line of a few letters
//! ([`targeting::Trace`]); the dialogues that the letters speak of are stored once for each publication, under an id made
//! of their content. Together they give words, for as long as the page view is kept.
//!
//! - [`explain`]: the page views of a person or a dialogue, and the verdicts on one of them. - [`simulate`]: a draft's
//!   targeting over the page views of the last days.

pub mod explain;
mod replay;
pub mod simulate;
mod words;

pub use words::{Explained, VerdictKind};

use kernel::{ConversationId, DecisionSnapshotId, DialogueId, SiteId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use store::DecisionSnapshot;
use targeting::{Outcome, SiteSnapshot, Trace};
use uuid::Uuid;

/// A dialogue of a snapshot, with the words for everything that a verdict can point at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Described {
    pub id: DialogueId,
    pub name: String,
    pub version: u32,
    pub priority: u32,
    pub created_at: Timestamp,
    /// It is shown as soon as something has happened.
    pub waits: bool,
    /// Excluded pages.
    pub exclude: Vec<String>,
    /// The words of each condition of the audience, and the slot of its attribute.
    pub conditions: Vec<(String, Option<u32>)>,
}

/// The published dialogues of a site as the traces of its page views speak of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Decisions {
    id: DecisionSnapshotId,
    dialogues: Json,
}

impl Decisions {
    /// Of a compiled site; `named` gives a dialogue's name and the number of its version.
    pub(crate) fn of(
        site: SiteId,
        snapshot: &SiteSnapshot,
        named: impl Fn(DialogueId) -> (String, u32),
    ) -> Self {
        let describe = |dialogue: &targeting::CompiledDialogue| {
            let (name, version) = named(dialogue.id);
            let conditions = dialogue.audience.conditions();
            Described {
                id: dialogue.id,
                name,
                version,
                priority: dialogue.priority,
                created_at: dialogue.created_at,
                waits: !dialogue.events.is_immediate(),
                exclude: dialogue.pages.exclusions().map(str::to_owned).collect(),
                conditions: conditions.iter().map(|told| (told.words.to_owned(), told.slot)).collect(),
            }
        };
        let described: Vec<Described> = snapshot.dialogues().iter().map(describe).collect();
        let dialogues = serde_json::to_value(described).unwrap_or_default();
        Self { id: fingerprint(site, &dialogues), dialogues }
    }

    /// Its id.
    pub fn id(&self) -> DecisionSnapshotId {
        self.id
    }

    /// As it is stored.
    pub(crate) fn stored(&self, used_at: Timestamp) -> DecisionSnapshot {
        DecisionSnapshot { id: self.id, dialogues: self.dialogues.clone(), used_at }
    }
}

/// The same dialogues have the same id on every node and at every time.
fn fingerprint(site: SiteId, dialogues: &Json) -> DecisionSnapshotId {
    let mut hash = Sha256::new();
    hash.update(site.uuid().as_bytes());
    hash.update(dialogues.to_string());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    Uuid::from_bytes(bytes).into()
}

/// What a page view keeps; its names are short because there are many of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The snapshot.
    #[serde(rename = "in")]
    pub snapshot: DecisionSnapshotId,
    /// The verdicts.
    #[serde(rename = "is")]
    pub verdicts: String,
    /// What was known of attributes, by slot.
    #[serde(rename = "of", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub facts: BTreeMap<u32, String>,
    /// Which page view of its visit it is.
    #[serde(rename = "nr")]
    pub page: u32,
    /// The conversation that went on.
    #[serde(rename = "on", default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
}

impl Kept {
    pub(crate) fn of(decisions: &Decisions, outcome: &Outcome, trace: Trace, page: u32) -> Self {
        let conversation = match outcome {
            Outcome::Continue { conversation, .. } => Some(*conversation),
            Outcome::Show(_) | Outcome::Nothing => None,
        };
        let Trace { verdicts, facts, .. } = trace;
        Self { snapshot: decisions.id, verdicts, facts: facts.into_iter().collect(), page, conversation }
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The trace of a page view; none where it was recorded without one.
    pub(crate) fn read(trace: &Json) -> Option<Self> {
        Self::deserialize(trace).ok()
    }
}
