//! A stream made ready for walking: flows put in, cards found by id, answers by title, criteria compiled. Compiled once
//! per version.

use crate::card::{Branch, Card, CardId, CardKind, Stream};
use criteria::{AttributeRef, AttributeType, Catalog, Compiled, ListRef, Symbols};
use kernel::{DialogueId, SmartListId, text::fold};
use std::collections::HashMap;

/// How deep flows may run flows; publishing refuses recursion, this bounds what was stored by other means.
const MAX_FLOW_DEPTH: usize = 8;

/// What a stream refers to.
pub struct Surroundings<'a> {
    /// The stream of a flow; none when it is not there (the conversation goes on after it).
    pub flow: &'a dyn Fn(DialogueId) -> Option<Stream>,
    /// Attributes and lists that criteria may ask about.
    pub catalog: &'a dyn Catalog,
}

/// A stream with its cards indexed and the cards of its flows among them: the card `ask` of a flow that the card `help`
/// runs is called `help.ask`. Also a draft that [`crate::check`] would refuse can be walked (for the preview): a branch
/// that leads nowhere ends there, a condition that cannot be compiled never holds.
#[derive(Debug, Clone)]
pub struct CompiledStream {
    stream: Stream,
    index: HashMap<CardId, usize>,
    titles: HashMap<String, CardId>,
    /// The first card of the flow that a flow card runs.
    entries: HashMap<CardId, CardId>,
    branches: HashMap<CardId, Vec<Option<Compiled>>>,
    symbols: Symbols,
}

impl CompiledStream {
    /// A stream that refers to nothing outside itself.
    pub fn new(stream: Stream) -> Self {
        Self::within(stream, &Surroundings { flow: &|_| None, catalog: &Nothing })
    }

    /// A stream in its surroundings. Of two cards with one id or title the first counts.
    pub fn within(mut stream: Stream, surroundings: &Surroundings<'_>) -> Self {
        let mut entries = HashMap::new();
        put_flows_in(&mut stream.cards, surroundings, &mut entries);
        let mut compiled = Self {
            index: HashMap::new(),
            titles: HashMap::new(),
            entries,
            branches: HashMap::new(),
            symbols: Symbols::new(),
            stream,
        };
        compiled.index_cards(surroundings.catalog);
        compiled
    }

    fn index_cards(&mut self, catalog: &dyn Catalog) {
        for (position, card) in self.stream.cards.iter().enumerate() {
            self.index.entry(card.id.clone()).or_insert(position);
            if let Some(title) = card.title.as_deref().filter(|_| card.waits()) {
                self.titles.entry(fold(title)).or_insert_with(|| card.id.clone());
            }
            if let (Some((_, own)), true) = (card.id.rsplit_once('.'), card.waits()) {
                self.titles.entry(fold(own)).or_insert_with(|| card.id.clone());
            }
            if let CardKind::Branch(branch) = &card.kind {
                let cases = branch.cases.iter();
                let cases =
                    cases.map(|case| criteria::compile(&case.criteria, catalog, &mut self.symbols).ok());
                self.branches.insert(card.id.clone(), cases.collect());
            }
        }
    }

    /// The stream, with the cards of its flows.
    pub fn stream(&self) -> &Stream {
        &self.stream
    }

    /// The attributes that its branches ask about.
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
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

    /// Where a flow card leads: into its flow, or past it when there is none.
    pub(crate) fn entry_of<'a>(&'a self, card: &'a Card, next: Option<&'a CardId>) -> Option<&'a CardId> {
        self.entries.get(&card.id).or(next)
    }

    /// The conditions of a branch card with their ways.
    pub(crate) fn cases<'a>(
        &'a self,
        card: &'a Card,
        branch: &'a Branch,
    ) -> impl Iterator<Item = (&'a crate::card::Case, Option<&'a Compiled>)> {
        let compiled = self.branches.get(&card.id).map(Vec::as_slice).unwrap_or_default();
        branch.cases.iter().zip(compiled.iter().map(Option::as_ref))
    }
}

/// Appends the cards of every flow that is run, and those of the flows that these run.
fn put_flows_in(
    cards: &mut Vec<Card>,
    surroundings: &Surroundings<'_>,
    entries: &mut HashMap<CardId, CardId>,
) {
    let mut done = 0;
    while done < cards.len() {
        let card = &cards[done];
        done += 1;
        let CardKind::Flow(flow) = &card.kind else { continue };
        if card.id.matches('.').count() >= MAX_FLOW_DEPTH {
            continue;
        }
        let Some(inner) = flow.flow.and_then(surroundings.flow) else { continue };
        let (id, next) = (card.id.clone(), flow.next.clone());
        entries.insert(id.clone(), format!("{id}.{}", inner.start));
        cards.extend(inner.cards.into_iter().map(|card| renamed(card, &id, next.as_ref())));
    }
}

/// A card of a flow under the flow card's name; where the flow ends, the conversation goes on after the flow card.
fn renamed(mut card: Card, flow: &str, after: Option<&CardId>) -> Card {
    card.id = format!("{flow}.{}", card.id);
    card.map_exits(|exit| match exit.take() {
        Some(target) => *exit = Some(format!("{flow}.{target}")),
        None => *exit = after.cloned(),
    });
    card
}

/// No attributes and no lists.
struct Nothing;

impl Catalog for Nothing {
    fn attribute_type(&self, _: &AttributeRef) -> Option<AttributeType> {
        None
    }
    fn list_name(&self, _: ListRef) -> Option<String> {
        None
    }
    fn lists_of(&self, _: SmartListId) -> Vec<ListRef> {
        Vec::new()
    }
}
