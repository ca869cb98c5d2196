//! A stream made ready for walking: cards found by id, answers by title. Compiled once per version.

use crate::card::{Card, CardId, CardKind, Stream};
use kernel::text::fold;
use std::collections::HashMap;

/// A stream with its cards indexed. Also a draft that [`crate::check`] would refuse can be walked (for the preview):
/// a branch that leads nowhere ends there.
#[derive(Debug, Clone)]
pub struct CompiledStream {
    stream: Stream,
    index: HashMap<CardId, usize>,
    titles: HashMap<String, CardId>,
}

impl CompiledStream {
    /// Indexes the cards; of two with one id or title the first counts.
    pub fn new(stream: Stream) -> Self {
        let mut index = HashMap::new();
        let mut titles = HashMap::new();
        for (position, card) in stream.cards.iter().enumerate() {
            index.entry(card.id.clone()).or_insert(position);
            if let Some(title) = card.title.as_deref().filter(|_| card.waits()) {
                titles.entry(fold(title)).or_insert_with(|| card.id.clone());
            }
        }
        Self { stream, index, titles }
    }

    /// The stream as its author wrote it.
    pub fn stream(&self) -> &Stream {
        &self.stream
    }

    /// The card with this id.
    pub fn card(&self, id: &str) -> Option<&Card> {
        self.index.get(id).map(|position| &self.stream.cards[*position])
    }

    /// The card that `{{answer.NAME}}` means: one that can be answered, by id or by title.
    pub fn answered_card(&self, name: &str) -> Option<&str> {
        let by_id = self.card(name).filter(|card| card.waits()).map(|card| card.id.as_str());
        by_id.or_else(|| self.titles.get(&fold(name)).map(String::as_str))
    }
}

impl Card {
    /// True for a card that asks the visitor for something.
    pub const fn waits(&self) -> bool {
        match self.kind {
            CardKind::Question(_) | CardKind::InfoCapture(_) => true,
            CardKind::Message(_) | CardKind::Goal(_) => false,
        }
    }
}
