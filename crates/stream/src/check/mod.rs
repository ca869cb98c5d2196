//! What keeps a stream from being published, and what its author should look at (spec 04, checks before publishing).
//!
//! A further kind of card adds its own function in `contents`; the graph checks need only know its exits.

mod contents;
mod doing;
mod graph;
mod texts;

use crate::{
    MAX_CARDS,
    card::{Card, CardId, CardKind, Stream},
};
use criteria::{AttributeType, Catalog};
use kernel::{DialogueId, DocumentId, TeamId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// What a check needs to know of the rest of the instance.
pub struct CheckContext<'a> {
    /// The type of an attribute (`person.x`, `company.x`, `visit.x`); none when there is no such attribute.
    pub attribute_type: &'a dyn Fn(&str) -> Option<AttributeType>,
    /// Attributes and lists, for the criteria of branches.
    pub catalog: &'a dyn Catalog,
    /// Whether there is a goal of this name; none when nobody knows.
    pub has_goal: Option<&'a dyn Fn(&str) -> bool>,
    /// Whether a document is in the library.
    pub has_document: &'a dyn Fn(DocumentId) -> bool,
    /// What is known of a flow; none when there is no such flow.
    pub flow: &'a dyn Fn(DialogueId) -> Option<FlowFacts>,
    /// The published stream of a flow: texts may name the answers given in it.
    pub flow_stream: &'a dyn Fn(DialogueId) -> Option<Stream>,
    /// Whether a user takes chats or meetings.
    pub has_agent: &'a dyn Fn(UserId) -> bool,
    /// Whether there is such a team.
    pub has_team: &'a dyn Fn(TeamId) -> bool,
}

impl<'a> CheckContext<'a> {
    /// An instance with attributes, and nothing else that a card may refer to.
    pub fn bare(attribute_type: &'a dyn Fn(&str) -> Option<AttributeType>, catalog: &'a dyn Catalog) -> Self {
        Self {
            attribute_type,
            catalog,
            has_goal: None,
            has_document: &|_| false,
            flow: &|_| None,
            flow_stream: &|_| None,
            has_agent: &|_| false,
            has_team: &|_| false,
        }
    }
}

/// A flow as a card that runs it needs to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FlowFacts {
    /// Visitors can meet it.
    pub published: bool,
    /// It runs the stream that is being checked, by itself or through other flows.
    pub runs_this: bool,
}

/// What the checks found: first what concerns the stream as a whole, then card by card in the author's order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Checks {
    /// What must be mended before publishing.
    pub errors: Vec<Finding>,
    /// What may stay.
    pub warnings: Vec<Finding>,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The card; none for the stream as a whole.
    pub card_id: Option<CardId>,
    /// Where in the card, as path of its JSON: `text`, `next`, `responses/0/label`, `fields/1/attribute`.
    pub field: String,
    /// A sentence for the author.
    pub message: String,
}

/// Checks a stream by itself; that a dialogue has a target is checked where targeting is known.
pub fn check(stream: &Stream, context: &CheckContext<'_>) -> Checks {
    let mut found = Found::default();
    if stream.cards.is_empty() {
        found.stream_error("cards", "There is no card yet.");
        return found.checks;
    }
    if stream.cards.len() > MAX_CARDS {
        let message = format!("There are {} cards; {MAX_CARDS} are the most.", stream.cards.len());
        found.stream_error("cards", &message);
    }
    check_ids(stream, &mut found);
    graph::check(stream, &mut found);
    let scope = contents::Scope::new(stream, context);
    for card in &stream.cards {
        scope.check(card, &mut found);
    }
    warn_of_anonymity(stream, &mut found);
    found.in_order_of(stream)
}

fn check_ids(stream: &Stream, found: &mut Found) {
    let mut seen = HashSet::new();
    for card in &stream.cards {
        if !is_id(&card.id) {
            found.error(card, "id", "A card's id has 1 to 40 lower-case letters, digits, - and _.");
        }
        if !seen.insert(card.id.as_str()) {
            found.error(card, "id", &format!("Two cards have the id {}.", card.id));
        }
    }
}

fn is_id(id: &str) -> bool {
    let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    (1..=40).contains(&id.len()) && id.bytes().all(fine)
}

fn warn_of_anonymity(stream: &Stream, found: &mut Found) {
    let asks = stream.cards.iter().any(|card| match &card.kind {
        CardKind::InfoCapture(info) => info.fields.iter().any(contents::identifies),
        _ => false,
    });
    if !asks {
        let message = "No e-mail address is asked for: visitors stay anonymous.";
        found.checks.warnings.push(Finding {
            card_id: None,
            field: "cards".to_owned(),
            message: message.to_owned(),
        });
    }
}

#[derive(Default)]
struct Found {
    checks: Checks,
}

impl Found {
    fn in_order_of(self, stream: &Stream) -> Checks {
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (place, card) in stream.cards.iter().enumerate() {
            places.entry(card.id.as_str()).or_insert(place);
        }
        let place = |finding: &Finding| finding.card_id.as_deref().and_then(|id| places.get(id)).copied();
        let mut checks = self.checks;
        checks.errors.sort_by_key(place);
        checks.warnings.sort_by_key(place);
        checks
    }

    fn stream_error(&mut self, field: &str, message: &str) {
        let finding = Finding { card_id: None, field: field.to_owned(), message: message.to_owned() };
        self.checks.errors.push(finding);
    }

    fn error(&mut self, card: &Card, field: &str, message: &str) {
        self.checks.errors.push(finding(card, field, message));
    }

    fn warning(&mut self, card: &Card, field: &str, message: &str) {
        self.checks.warnings.push(finding(card, field, message));
    }
}

fn finding(card: &Card, field: &str, message: &str) -> Finding {
    Finding { card_id: Some(card.id.clone()), field: field.to_owned(), message: message.to_owned() }
}
