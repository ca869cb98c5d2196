//! Where cards lead: the one place that knows the ways out of every kind of card.

use crate::card::{Card, CardId, CardKind};

/// A way out of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit<'a> {
    /// Where it stands in the card's JSON: `next`, `responses/0/next`, `cases/1/next`.
    pub field: String,
    /// The card it leads to; none ends the branch.
    pub target: Option<&'a str>,
}

impl Card {
    /// The ways out, in the order in which authors see them. A live chat has none.
    pub fn exits(&self) -> Vec<Exit<'_>> {
        let mut exits = Vec::new();
        each(&self.kind, &mut |field, target| exits.push(Exit { field, target: target.as_deref() }));
        exits
    }

    /// Changes every way out.
    pub fn map_exits(&mut self, mut change: impl FnMut(&mut Option<CardId>)) {
        match &mut self.kind {
            CardKind::Message(card) => change(&mut card.next),
            CardKind::Question(card) => {
                card.responses.iter_mut().for_each(|response| change(&mut response.next));
                card.free_text.iter_mut().for_each(|other| change(&mut other.next));
            }
            CardKind::InfoCapture(card) => change(&mut card.next),
            CardKind::Document(card) => change(&mut card.next),
            CardKind::Meeting(card) => {
                change(&mut card.booked);
                change(&mut card.not_booked);
            }
            CardKind::LiveChat(_) => {}
            CardKind::Goal(card) => change(&mut card.next),
            CardKind::Action(card) => change(&mut card.next),
            CardKind::Branch(card) => {
                card.cases.iter_mut().for_each(|case| change(&mut case.next));
                change(&mut card.otherwise);
            }
            CardKind::Flow(card) => change(&mut card.next),
            CardKind::AiAnswer(card) => {
                change(&mut card.next);
                change(&mut card.not_answered);
            }
            CardKind::Jump(card) => change(&mut card.to),
        }
    }

    /// True for a card whose answer has a name in tokens: one that asks the visitor for something.
    pub const fn waits(&self) -> bool {
        matches!(
            self.kind,
            CardKind::Question(_) | CardKind::InfoCapture(_) | CardKind::Document(_) | CardKind::AiAnswer(_)
        )
    }

    /// Whether every walk through the card stops there. A form that is passed over when all is known does not, nor
    /// does a hand-over while nobody can be reached.
    pub const fn always_waits(&self) -> bool {
        match &self.kind {
            CardKind::InfoCapture(info) => !info.skip_if_known,
            _ => self.waits(),
        }
    }

    /// True for a card of which the visitor sees nothing.
    pub const fn is_invisible(&self) -> bool {
        matches!(
            self.kind,
            CardKind::Goal(_)
                | CardKind::Action(_)
                | CardKind::Branch(_)
                | CardKind::Flow(_)
                | CardKind::Jump(_)
        )
    }
}

fn each<'a>(kind: &'a CardKind, tell: &mut impl FnMut(String, &'a Option<CardId>)) {
    match kind {
        CardKind::Message(card) => tell("next".to_owned(), &card.next),
        CardKind::Question(card) => {
            for (index, response) in card.responses.iter().enumerate() {
                tell(format!("responses/{index}/next"), &response.next);
            }
            if let Some(other) = &card.free_text {
                tell("free_text/next".to_owned(), &other.next);
            }
        }
        CardKind::InfoCapture(card) => tell("next".to_owned(), &card.next),
        CardKind::Document(card) => tell("next".to_owned(), &card.next),
        CardKind::Meeting(card) => {
            tell("booked".to_owned(), &card.booked);
            tell("not_booked".to_owned(), &card.not_booked);
        }
        CardKind::LiveChat(_) => {}
        CardKind::Goal(card) => tell("next".to_owned(), &card.next),
        CardKind::Action(card) => tell("next".to_owned(), &card.next),
        CardKind::Branch(card) => {
            for (index, case) in card.cases.iter().enumerate() {
                tell(format!("cases/{index}/next"), &case.next);
            }
            tell("otherwise".to_owned(), &card.otherwise);
        }
        CardKind::Flow(card) => tell("next".to_owned(), &card.next),
        CardKind::AiAnswer(card) => {
            tell("next".to_owned(), &card.next);
            tell("not_answered".to_owned(), &card.not_answered);
        }
        CardKind::Jump(card) => tell("to".to_owned(), &card.to),
    }
}
