//! Where cards lead: branches into nothing, cards nobody reaches, loops in which nobody is asked.

use super::Found;
use crate::card::{Card, CardKind, Stream};
use std::collections::{HashMap, HashSet};

/// Where an exit stands in the card's JSON, and the card it leads to.
struct Exit<'a> {
    field: String,
    target: Option<&'a str>,
}

fn exits(card: &Card) -> Vec<Exit<'_>> {
    match &card.kind {
        CardKind::Message(message) => vec![exit("next", message.next.as_deref())],
        CardKind::Goal(goal) => vec![exit("next", goal.next.as_deref())],
        CardKind::InfoCapture(info) => vec![exit("next", info.next.as_deref())],
        CardKind::Question(question) => {
            let responses = question.responses.iter().enumerate();
            let responses = responses.map(|(index, response)| Exit {
                field: format!("responses/{index}/next"),
                target: response.next.as_deref(),
            });
            let other = question.free_text.iter().map(|other| exit("free_text/next", other.next.as_deref()));
            responses.chain(other).collect()
        }
    }
}

fn exit<'a>(field: &str, target: Option<&'a str>) -> Exit<'a> {
    Exit { field: field.to_owned(), target }
}

/// Whether every walk through the card stops there. A form that is passed over when all is known does not.
fn always_waits(card: &Card) -> bool {
    match &card.kind {
        CardKind::Question(_) => true,
        CardKind::InfoCapture(info) => !info.skip_if_known,
        CardKind::Message(_) | CardKind::Goal(_) => false,
    }
}

pub(super) fn check(stream: &Stream, found: &mut Found) {
    let mut cards: HashMap<&str, &Card> = HashMap::with_capacity(stream.cards.len());
    for card in &stream.cards {
        cards.entry(card.id.as_str()).or_insert(card);
    }
    if !cards.contains_key(stream.start.as_str()) {
        let message = format!("The stream starts at the card “{}”, which does not exist.", stream.start);
        found.stream_error("start", &message);
    }
    check_targets(stream, &cards, found);
    check_reach(stream, &cards, found);
    check_loops(stream, &cards, found);
}

fn check_targets(stream: &Stream, cards: &HashMap<&str, &Card>, found: &mut Found) {
    for card in &stream.cards {
        for exit in exits(card) {
            if let Some(target) = exit.target.filter(|target| !cards.contains_key(target)) {
                let message = format!("This branch leads to the card “{target}”, which does not exist.");
                found.error(card, &exit.field, &message);
            }
        }
        warn_of_silence(card, found);
    }
}

/// A branch may end anywhere, but a visitor who answered and hears nothing will wonder.
fn warn_of_silence(card: &Card, found: &mut Found) {
    if matches!(card.kind, CardKind::Message(_) | CardKind::Goal(_)) {
        return;
    }
    for exit in exits(card) {
        if exit.target.is_none() {
            found.warning(card, &exit.field, "The branch ends here without a word to the visitor.");
        }
    }
}

fn check_reach(stream: &Stream, cards: &HashMap<&str, &Card>, found: &mut Found) {
    let mut reached: HashSet<&str> = HashSet::new();
    let mut open: Vec<&str> = vec![stream.start.as_str()];
    while let Some(id) = open.pop() {
        let Some(card) = cards.get(id) else { continue };
        if reached.insert(card.id.as_str()) {
            open.extend(exits(card).iter().filter_map(|exit| exit.target));
        }
    }
    if reached.is_empty() {
        return;
    }
    for card in stream.cards.iter().filter(|card| !reached.contains(card.id.as_str())) {
        found.error(card, "id", "No branch leads to this card.");
    }
}

/// Marks of the search through the cards that do not always wait.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    OnPath,
    Done,
}

fn check_loops(stream: &Stream, cards: &HashMap<&str, &Card>, found: &mut Found) {
    let mut marks: HashMap<&str, Mark> = HashMap::new();
    for card in &stream.cards {
        if !marks.contains_key(card.id.as_str()) && !always_waits(card) {
            search_loop(card, cards, &mut marks, found);
        }
    }
}

/// A card that does not always wait has one exit, so the search is a walk along a line.
fn search_loop<'a>(
    first: &'a Card,
    cards: &HashMap<&'a str, &'a Card>,
    marks: &mut HashMap<&'a str, Mark>,
    found: &mut Found,
) {
    let mut line: Vec<&'a Card> = Vec::new();
    let mut here = Some(first);
    while let Some(card) = here.filter(|card| !always_waits(card)) {
        match marks.get(card.id.as_str()) {
            Some(Mark::Done) => break,
            Some(Mark::OnPath) => {
                let message = "These cards lead in a circle in which nobody is asked: the conversation \
                               would never stop talking.";
                found.error(card, "next", message);
                break;
            }
            None => {}
        }
        marks.insert(card.id.as_str(), Mark::OnPath);
        line.push(card);
        here = exits(card).first().and_then(|exit| exit.target).and_then(|id| cards.get(id).copied());
    }
    for card in line {
        marks.insert(card.id.as_str(), Mark::Done);
    }
}
