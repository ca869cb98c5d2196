//! A question with its approved answer.

use kernel::{Block, ResponseId, RichText, SafeLink, Span, Timestamp};
use serde::{Deserialize, Serialize};

/// The longest question, in characters.
pub const MAX_QUESTION: usize = 500;
/// The most other ways to ask it.
pub const MAX_VARIANTS: usize = 50;
/// The most topics of a response.
pub const MAX_TOPICS: usize = 20;
/// The most links of a response.
pub const MAX_LINKS: usize = 10;

/// Whether a response may be said (spec 09).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// Somebody wrote it, nobody has looked at it.
    #[default]
    NeedsReview,
    /// It may be said.
    Approved,
    /// It may not.
    Rejected,
}

/// A source that is shown with an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What is read.
    pub title: String,
    /// Where it leads.
    pub url: SafeLink,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Stable id.
    pub id: ResponseId,
    /// The question as one would ask it.
    pub question: String,
    /// Other ways to ask it.
    pub variants: Vec<String>,
    /// What is said.
    pub answer: RichText,
    /// What it is about; answer cards may be limited to topics.
    pub topics: Vec<String>,
    /// Sources, shown with the answer.
    pub links: Vec<Link>,
    /// Whether it may be said.
    pub state: ReviewState,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
    /// Rises by one with every change.
    pub version: i64,
}

impl Response {
    /// The answer with its sources below, as it is said.
    pub fn said(&self) -> RichText {
        let mut text = self.answer.clone();
        if !self.links.is_empty() {
            let item = |link: &Link| {
                vec![Span { text: link.title.clone(), link: Some(link.url.clone()), ..Span::default() }]
            };
            text.blocks.push(Block::List { ordered: false, items: self.links.iter().map(item).collect() });
        }
        text
    }
}
