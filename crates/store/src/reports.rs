//! Figures of one dialogue or flow (spec 11): over time, cut by where visitors came from, and by card.
//!
//! Every figure is counted by its own time: a conversation triggered on Monday and engaged on Tuesday counts as triggered
//! on Monday and as engaged on Tuesday. Whatever the cut, each conversation, guest and activity falls into exactly one
//! part of it, so that the parts add up to the whole.

use crate::StoreError;
use async_trait::async_trait;
use kernel::{ConversationId, DialogueId, Timestamp, VersionId};
use serde::{Deserialize, Serialize};

/// The buckets in which times are counted: offsets of all time zones are multiples of a quarter of an hour, so that days
/// of every zone can be cut from them.
pub const BUCKET_MS: i64 = 15 * 60 * 1_000;

/// From the first instant on, and before the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Span {
    /// The first instant that belongs to it.
    pub from: Timestamp,
    /// The first instant that does not any more.
    pub to: Timestamp,
}

/// Where a visitor came from when a conversation was triggered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Kind of device, such as `mobile`.
    pub device: Option<String>,
    /// Country inferred from the address.
    pub country: Option<String>,
    /// The person had an e-mail address.
    pub known: bool,
}

/// What is counted of a dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// Conversations shown, guests without stored identity included.
    Triggered,
    /// Conversations with a first answer.
    Engaged,
    /// Conversations that reached the end of a branch.
    Completed,
    /// Conversations in which an e-mail address was given.
    Acquired,
    /// Goal cards passed, every time.
    Goals,
    /// Documents opened, every time.
    Documents,
}

/// The figures of a dialogue, or of a part of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// See [`Figure::Triggered`].
    pub triggered: u64,
    /// See [`Figure::Engaged`].
    pub engaged: u64,
    /// See [`Figure::Completed`].
    pub completed: u64,
    /// See [`Figure::Acquired`].
    pub acquired: u64,
    /// See [`Figure::Goals`].
    pub goals: u64,
    /// See [`Figure::Documents`].
    pub documents: u64,
}

impl Figures {
    /// The sum of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            triggered: self.triggered + other.triggered,
            engaged: self.engaged + other.engaged,
            completed: self.completed + other.completed,
            acquired: self.acquired + other.acquired,
            goals: self.goals + other.goals,
            documents: self.documents + other.documents,
        }
    }
}

/// What figures are cut by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// The page on which the conversation was triggered: its address without parameters and without a slash at its end.
    Page,
    /// Kind of device.
    Device,
    /// Inferred country.
    Country,
    /// `known` or `anonymous` when it was triggered.
    Known,
    /// Number of the version; guests count for the one that was live.
    Version,
}

/// One part of a cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What the part has in common; none when it was not recorded (guests, erased people, old conversations).
    pub key: Option<String>,
    /// Its figures.
    pub figures: Figures,
}

/// Something that is told apart by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCount {
    /// The name; none when it went with an erased person.
    pub name: Option<String>,
    /// How often.
    pub times: u64,
    /// In how many conversations.
    pub conversations: u64,
}

/// A card's conversations; each counts once, however often it came by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardFigures {
    /// The card.
    pub card_id: String,
    /// The card was said, asked or passed.
    pub reached: u64,
    /// The visitor answered it.
    pub answered: u64,
    /// The visitor went away at it: dropped there, or never answered anything.
    pub left: u64,
}

/// What the canvas shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CanvasFigures {
    /// All conversations of the period, guests' included.
    pub conversations: u64,
    /// Cards with anything, by id.
    pub cards: Vec<CardFigures>,
    /// Conversations and guests' showings of which nothing is written down, since nobody answered: they stand at the
    /// opening of their version.
    pub unanswered: Vec<(VersionId, u64)>,
}

/// Reading figures.
#[async_trait]
pub trait ReportReads {
    /// Figures by the bucket of [`BUCKET_MS`] in which they were counted, oldest first, without empty ones.
    async fn figures_over_time(
        &mut self,
        dialogue: DialogueId,
        span: Span,
    ) -> Result<Vec<(Timestamp, Figures)>, StoreError>;
    /// Figures of every part of a cut, the most triggered first, then by key.
    async fn figures_by(
        &mut self,
        dialogue: DialogueId,
        span: Span,
        cut: Cut,
    ) -> Result<Vec<Part>, StoreError>;
    /// The goals reached, the most frequent first.
    async fn goals_of(&mut self, dialogue: DialogueId, span: Span) -> Result<Vec<NamedCount>, StoreError>;
    /// The documents opened, the most frequent first.
    async fn documents_of(&mut self, dialogue: DialogueId, span: Span)
    -> Result<Vec<NamedCount>, StoreError>;
    /// What happened at each card in the conversations triggered in the span; of one version when given.
    async fn canvas_figures(
        &mut self,
        dialogue: DialogueId,
        span: Span,
        version: Option<VersionId>,
    ) -> Result<CanvasFigures, StoreError>;
}

/// Writing what reports cut by.
#[async_trait]
pub trait ReportWrites {
    /// Notes where the visitor of a conversation came from.
    async fn note_circumstances(
        &mut self,
        conversation: ConversationId,
        circumstances: &Circumstances,
    ) -> Result<(), StoreError>;
}
