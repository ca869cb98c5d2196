//! What is counted of a chat, and for whom (spec 05, *Figures*).
//!
//! Everything of a chat counts when the visitor asked for somebody, so that the chats behind a figure are those that the
//! inbox lists for the same days. A chat belongs to the agent who had it last; so the agents' chats, and those of which the
//! agent is not known any more, add up to all. Being asked counts for each agent who was.

use crate::{Chat, OfferResult, Outcome, Role};
use kernel::{Timestamp, UserId};

/// A mean that can be added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mean {
    /// Sum of the values.
    pub sum: i64,
    /// How many there are.
    pub count: u64,
}

impl Mean {
    /// Of one value.
    pub const fn of(value: i64) -> Self {
        Self { sum: value, count: 1 }
    }

    fn from(value: Option<i64>) -> Self {
        value.map_or_else(Self::default, Self::of)
    }

    const fn plus(self, other: Self) -> Self {
        Self { sum: self.sum + other.sum, count: self.count + other.count }
    }

    /// The mean; none of nothing.
    #[expect(clippy::cast_precision_loss, reason = "sums of milliseconds stay far below what a float holds")]
    pub fn value(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }
}

/// Figures of some chats.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Chats with an agent.
    pub chats: u64,
    /// Of these, how many ended because nobody wrote.
    pub timed_out: u64,
    /// Chats that nobody took, also because nobody was there.
    pub unattended: u64,
    /// Offers that were taken.
    pub accepted: u64,
    /// Offers that were not answered in time.
    pub missed: u64,
    /// Offers that were refused.
    pub declined: u64,
    /// Milliseconds from the request until an agent took the chat.
    pub wait: Mean,
    /// Milliseconds from there until the agent's first words.
    pub first_answer: Mean,
    /// Milliseconds from there until the end.
    pub length: Mean,
    /// Scores, 0 to 3.
    pub score: Mean,
    /// Visitors' ratings, 1 to 5.
    pub rating: Mean,
}

impl Figures {
    /// The sum of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            chats: self.chats + other.chats,
            timed_out: self.timed_out + other.timed_out,
            unattended: self.unattended + other.unattended,
            accepted: self.accepted + other.accepted,
            missed: self.missed + other.missed,
            declined: self.declined + other.declined,
            wait: self.wait.plus(other.wait),
            first_answer: self.first_answer.plus(other.first_answer),
            length: self.length.plus(other.length),
            score: self.score.plus(other.score),
            rating: self.rating.plus(other.rating),
        }
    }
}

/// What is known of a chat when it is counted; of the chat of an erased person only the times, the end and the rating.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// When the visitor asked.
    pub requested_at: Timestamp,
    /// When an agent first took it.
    pub accepted_at: Option<Timestamp>,
    /// When an agent first said something after that.
    pub first_answer_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The visitor's rating.
    pub rating: Option<u8>,
    /// The chat; none of an erased person.
    pub chat: Option<Chat>,
}

impl Record {
    /// What it counts for whom; none is nobody in particular. Each agent comes once at the most, and so does nobody.
    pub fn counted(&self) -> Vec<(Option<UserId>, Figures)> {
        let mut found: Vec<(Option<UserId>, Figures)> = Vec::new();
        let mut add =
            |whom: Option<UserId>, figures: Figures| match found.iter_mut().find(|(w, _)| *w == whom) {
                Some((_, sum)) => *sum = sum.plus(figures),
                None => found.push((whom, figures)),
            };
        for (agent, figures) in self.offers() {
            add(Some(agent), figures);
        }
        if let Some(accepted_at) = self.accepted_at {
            add(self.chat.as_ref().and_then(Chat::last_owner), self.taken(accepted_at));
        }
        if matches!(self.outcome, Some(Outcome::Missed | Outcome::Nobody)) {
            add(None, Figures { unattended: 1, ..Figures::default() });
        }
        found
    }

    fn offers(&self) -> impl Iterator<Item = (UserId, Figures)> {
        let offers = self.chat.iter().flat_map(|chat| &chat.offers).filter(|offer| offer.role == Role::Owner);
        offers.filter_map(|offer| {
            let none = Figures::default();
            let figures = match offer.result {
                OfferResult::Accepted => Figures { accepted: 1, ..none },
                OfferResult::Missed => Figures { missed: 1, ..none },
                OfferResult::Declined => Figures { declined: 1, ..none },
                // Nobody was given the time to answer.
                OfferResult::Open | OfferResult::Withdrawn => return None,
            };
            Some((offer.agent, figures))
        })
    }

    fn taken(&self, accepted_at: Timestamp) -> Figures {
        let between = |from: Timestamp, to: Timestamp| to.as_millisecond() - from.as_millisecond();
        let score = self.chat.as_ref().and_then(|chat| chat.score);
        Figures {
            chats: 1,
            timed_out: u64::from(self.outcome == Some(Outcome::TimedOut)),
            wait: Mean::of(between(self.requested_at, accepted_at)),
            first_answer: Mean::from(self.first_answer_at.map(|at| between(accepted_at, at))),
            length: Mean::from(self.ended_at.map(|at| between(accepted_at, at))),
            score: Mean::from(score.map(i64::from)),
            rating: Mean::from(self.rating.map(i64::from)),
            ..Figures::default()
        }
    }
}
