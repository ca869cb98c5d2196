//! What the visitor has met so far, as the service reads it with the visitor.

use jiff::SignedDuration;
use kernel::{ConversationId, DialogueId, Timestamp, VisitorId};
use serde::{Deserialize, Serialize};

/// The stage of a conversation as it is stored. *Dropped* may also be worked out, see [`Mark::is_open`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Shown, not answered.
    Triggered,
    /// Answered at least once.
    Engaged,
    /// Reached the end of a branch.
    Completed,
    /// Engaged and then silent for too long.
    Dropped,
}

/// One conversation of the visitor: the trace that a dialogue or flow has left.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The dialogue or flow.
    pub dialogue: DialogueId,
    /// The conversation.
    pub conversation: ConversationId,
    /// How far it has come.
    pub stage: Stage,
    /// When the trigger was counted: the dialogue's events had come, so they are met for good.
    pub triggered_at: Timestamp,
    /// The first answer.
    pub engaged_at: Option<Timestamp>,
    /// The latest input of the visitor.
    pub last_visitor_at: Option<Timestamp>,
    /// The end of a branch.
    pub completed_at: Option<Timestamp>,
    /// The latest time the visitor closed it.
    pub dismissed_at: Option<Timestamp>,
    /// Every time it was put on a page unasked; what the cap per visitor counts. The longest period of a cap is enough.
    pub shown_at: Vec<Timestamp>,
}

impl Mark {
    /// True for an engaged conversation that is neither completed nor dropped (spec 03, rule 1): the visitor's latest
    /// input is less than `drop_after` ago (rule 6).
    pub fn is_open(&self, now: Timestamp, drop_after: SignedDuration) -> bool {
        self.stage == Stage::Engaged && now.duration_since(self.last_input()) < drop_after
    }

    /// The latest sign of the visitor in this conversation.
    pub fn last_input(&self) -> Timestamp {
        self.last_visitor_at.or(self.engaged_at).unwrap_or(self.triggered_at)
    }
}

/// Everything that resolution must know of a visitor.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitorHistory {
    /// The visitor; decides about a dialogue's share. A browser that is not known yet has a fresh id.
    pub visitor: VisitorId,
    /// The visitor's conversations on this site, in any order.
    pub marks: Vec<Mark>,
    /// The latest unprompted poke on this site.
    pub last_poke_at: Option<Timestamp>,
}

impl VisitorHistory {
    /// A visitor who has met nothing yet.
    pub fn new(visitor: VisitorId) -> Self {
        Self { visitor, marks: Vec::new(), last_poke_at: None }
    }

    /// The marks of one dialogue.
    pub fn of(&self, dialogue: DialogueId) -> impl Iterator<Item = &Mark> + Clone {
        self.marks.iter().filter(move |mark| mark.dialogue == dialogue)
    }
}
