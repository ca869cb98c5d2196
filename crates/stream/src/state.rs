//! Where a conversation stands. Small, serialisable, and a pure function of the inputs so far.

use crate::card::CardId;
use kernel::{DialogueId, Timestamp, VersionId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many client ids a state remembers, so that an input sent twice has one effect.
pub const REMEMBERED_CLIENT_IDS: usize = 32;

/// How many answers a state remembers. A stream may lead in circles for ever; nobody goes back further than this.
pub const REMEMBERED_ANSWERS: usize = 500;

/// Where a conversation stands.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ConversationState {
    /// What happens next.
    pub phase: Phase,
    /// The waiting cards passed, in order, each with its answer as text; at most [`REMEMBERED_ANSWERS`], oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<Visited>,
    /// True from the first answer on, for good (spec 03, resolution rule 5).
    #[serde(default)]
    pub engaged: bool,
    /// True once the end of a branch was reached, for good (rule 6); going back does not take it away.
    #[serde(default)]
    pub completed: bool,
    /// Rises by one with every back and restart: clients then fetch everything anew.
    #[serde(default)]
    pub epoch: u32,
    /// The last client ids applied, oldest first; at most [`REMEMBERED_CLIENT_IDS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applied: Vec<String>,
    /// The versions of the flows that the stream runs, fixed when the conversation began.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub flows: BTreeMap<DialogueId, VersionId>,
    /// What the page said when it started the flow, by name; texts may show it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub context: BTreeMap<String, String>,
    /// How it appears, when the start said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<Interface>,
    /// When the last input was applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_input_at: Option<Timestamp>,
}

impl ConversationState {
    /// The card that waits for the visitor.
    pub fn waiting_card(&self) -> Option<&str> {
        match &self.phase {
            Phase::Waiting { card } => Some(card),
            Phase::New
            | Phase::Continue { .. }
            | Phase::Asking { .. }
            | Phase::WithPeople { .. }
            | Phase::Ended => None,
        }
    }

    /// What this visitor last gave for an attribute in this conversation and did not take back.
    pub fn given(&self, attribute: &str) -> Option<&str> {
        self.path.iter().rev().find_map(|visited| visited.given.get(attribute)).map(String::as_str)
    }

    /// What this visitor last answered at a card.
    pub fn answer_at(&self, card: &str) -> Option<&str> {
        self.path.iter().rev().find(|visited| visited.card == card).map(|visited| visited.answer.as_str())
    }

    /// True when an input with this client id was applied before.
    pub fn has_applied(&self, client_id: &str) -> bool {
        self.applied.iter().any(|applied| applied == client_id)
    }

    pub(crate) fn remember(&mut self, client_id: &str) {
        self.applied.push(client_id.to_owned());
        let surplus = self.applied.len().saturating_sub(REMEMBERED_CLIENT_IDS);
        self.applied.drain(..surplus);
    }

    pub(crate) fn pass(&mut self, visited: Visited) {
        self.path.push(visited);
        let surplus = self.path.len().saturating_sub(REMEMBERED_ANSWERS);
        self.path.drain(..surplus);
    }

    /// True when the service must carry out the effects so far and call again with [`crate::Input::Continue`] and the
    /// profile of the person that the visitor now belongs to, with everything that was set.
    pub const fn must_continue(&self) -> bool {
        matches!(self.phase, Phase::Continue { .. })
    }

    /// The question that the service must look up, to call again with [`crate::Input::Knowledge`].
    pub fn asked(&self) -> Option<(&str, &str)> {
        match &self.phase {
            Phase::Asking { card, question } => Some((card, question)),
            _ => None,
        }
    }

    /// The live chat card that handed the visitor over to people, until that chat ends.
    pub fn with_people(&self) -> Option<&str> {
        match &self.phase {
            Phase::WithPeople { card } => Some(card),
            _ => None,
        }
    }

    /// How often the visitor has just answered this card in a row.
    pub(crate) fn answered_in_a_row(&self, card: &str) -> usize {
        self.path.iter().rev().take_while(|visited| visited.card == card).count()
    }
}

/// How a conversation appears on a page (spec 02).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interface {
    /// An icon in the corner with a panel.
    #[default]
    Chatbot,
    /// A centred modal.
    Popup,
    /// Inside an element of the page.
    Inline,
}

/// What happens next in a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Phase {
    /// Nothing was said yet.
    #[default]
    New,
    /// A card waits for the visitor.
    Waiting {
        /// The card.
        card: CardId,
    },
    /// An identity was given or a value set that the next card asks about; the stream goes on when that is carried out.
    Continue {
        /// The next card; none ends the branch.
        next: Option<CardId>,
    },
    /// A question is being looked up.
    Asking {
        /// The card that took it.
        card: CardId,
        /// The question.
        question: String,
    },
    /// The visitor waits for an agent or talks with one; see [`crate::Input::ChatEnded`].
    WithPeople {
        /// The live chat card.
        card: CardId,
    },
    /// The end of a branch was reached.
    Ended,
}

/// A waiting card that was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visited {
    /// The card.
    pub card: CardId,
    /// What was answered, as text for `{{answer.…}}`; empty when skipped.
    pub answer: String,
    /// The values given, by attribute (`person.phone`), as text: what this visitor typed is always theirs to see.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub given: BTreeMap<String, String>,
}
