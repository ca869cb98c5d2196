//! Where cards lead: branches into nothing, cards nobody reaches, loops in which nobody is asked, hand-overs without a
//! word before.

use super::{Found, contents::identifies};
use crate::card::{Card, CardKind, Stream};
use std::collections::{HashMap, HashSet};

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
    warn_of_hand_overs(stream, &cards, found);
}

fn check_targets(stream: &Stream, cards: &HashMap<&str, &Card>, found: &mut Found) {
    for card in &stream.cards {
        for exit in card.exits() {
            if let Some(target) = exit.target.filter(|target| !cards.contains_key(target)) {
                let message = format!("This branch leads to the card “{target}”, which does not exist.");
                found.error(card, &exit.field, &message);
            } else if card.waits() && !speaks(exit.target, cards) {
                found.error(card, &exit.field, "The branch ends here without a word to the visitor.");
            }
        }
    }
}

/// Whether a visitor who goes this way hears something before the conversation ends. Of a card that leads to several
/// others it is enough that one of its ways speaks: which of them is taken, the record decides.
fn speaks(target: Option<&str>, cards: &HashMap<&str, &Card>) -> bool {
    let mut seen = HashSet::new();
    let mut open: Vec<&str> = target.into_iter().collect();
    while let Some(id) = open.pop() {
        let Some(card) = cards.get(id).filter(|_| seen.insert(id)) else { continue };
        let flow = matches!(card.kind, CardKind::Flow(_));
        if flow || !card.is_invisible() {
            return true;
        }
        open.extend(card.exits().iter().filter_map(|exit| exit.target));
    }
    false
}

fn check_reach(stream: &Stream, cards: &HashMap<&str, &Card>, found: &mut Found) {
    let mut reached: HashSet<&str> = HashSet::new();
    let mut open: Vec<&str> = vec![stream.start.as_str()];
    while let Some(id) = open.pop() {
        let Some(card) = cards.get(id) else { continue };
        if reached.insert(card.id.as_str()) {
            open.extend(card.exits().iter().filter_map(|exit| exit.target));
        }
    }
    if reached.is_empty() {
        return;
    }
    for card in stream.cards.iter().filter(|card| !reached.contains(card.id.as_str())) {
        found.error(card, "id", "No branch leads to this card.");
    }
}

fn check_loops(stream: &Stream, cards: &HashMap<&str, &Card>, found: &mut Found) {
    let mut done: HashSet<&str> = HashSet::new();
    for card in &stream.cards {
        search_loop(card, cards, &mut done, found);
    }
}

/// A step of the search: a card with the ways that are still to be followed.
struct Visit<'a> {
    card: &'a Card,
    ways: Vec<&'a str>,
}

impl<'a> Visit<'a> {
    fn of(card: &'a Card) -> Self {
        Self { card, ways: card.exits().iter().filter_map(|exit| exit.target).collect() }
    }
}

/// Depth first through the cards that do not always wait; a card met again while it is still on the way closes a loop.
fn search_loop<'a>(
    first: &'a Card,
    cards: &HashMap<&'a str, &'a Card>,
    done: &mut HashSet<&'a str>,
    found: &mut Found,
) {
    if first.always_waits() || !done.insert(first.id.as_str()) {
        return;
    }
    let mut line = vec![Visit::of(first)];
    let mut on_line: HashSet<&str> = HashSet::from([first.id.as_str()]);
    while let Some(visit) = line.last_mut() {
        let Some(way) = visit.ways.pop() else {
            on_line.remove(visit.card.id.as_str());
            line.pop();
            continue;
        };
        let Some(next) = cards.get(way).copied().filter(|card| !card.always_waits()) else { continue };
        if on_line.contains(next.id.as_str()) {
            let message = "These cards lead in a circle in which nobody is asked: the conversation \
                           would never stop talking.";
            found.error(next, "next", message);
        } else if done.insert(next.id.as_str()) {
            on_line.insert(next.id.as_str());
            line.push(Visit::of(next));
        }
    }
}

/// What a visitor may have been asked on some way to a card.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Met {
    question: bool,
    address: bool,
}

/// Follows every way from the start with what was asked on it, and warns of hand-overs that come too soon.
fn warn_of_hand_overs(stream: &Stream, cards: &HashMap<&str, &Card>, found: &mut Found) {
    let mut seen: HashSet<(&str, Met)> = HashSet::new();
    let mut open = vec![(stream.start.as_str(), Met { question: false, address: false })];
    let (mut unasked, mut unknown) = (HashSet::new(), HashSet::new());
    while let Some((id, met)) = open.pop() {
        let Some(card) = cards.get(id).filter(|_| seen.insert((id, met))) else { continue };
        let chat = matches!(card.kind, CardKind::LiveChat(_));
        if chat && !met.question {
            unasked.insert(card.id.as_str());
        }
        if (chat || matches!(card.kind, CardKind::Meeting(_))) && !met.address {
            unknown.insert(card.id.as_str());
        }
        let after = Met {
            question: met.question || matches!(card.kind, CardKind::Question(_)),
            address: met.address || asks_address(card),
        };
        open.extend(card.exits().iter().filter_map(|exit| exit.target).map(|target| (target, after)));
    }
    for card in &stream.cards {
        if unasked.contains(card.id.as_str()) {
            found.warning(card, "text", "Visitors can come here without having been asked anything before.");
        }
        if unknown.contains(card.id.as_str()) {
            found.warning(
                card,
                "text",
                "Visitors can come here without having been asked for an e-mail address.",
            );
        }
    }
}

fn asks_address(card: &Card) -> bool {
    matches!(&card.kind, CardKind::InfoCapture(info) if info.fields.iter().any(identifies))
}
