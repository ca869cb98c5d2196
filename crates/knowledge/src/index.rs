//! Finding the response that answers a question.
//!
//! Every wording of a response (its question and its variants) is scored on its own: words that few responses have weigh
//! more. What is found counts only when it covers enough of what was asked *and* enough of the wording; otherwise nothing is
//! found, because a wrong answer is worse than none.

use crate::{Response, ReviewState, words::stems};
use kernel::text::fold;
use std::collections::{BTreeSet, HashMap};

/// The share of the question's weight, and of the wording's, that must be met together: the smaller of the two counts half.
pub const MIN_SHARE: f64 = 0.6;

/// The approved responses, ready to be asked. Immutable; built anew when a response changes.
#[derive(Debug, Default)]
pub struct Index {
    responses: Vec<Response>,
    wordings: Vec<Wording>,
    /// In how many responses a stem occurs.
    spread: HashMap<String, usize>,
}

#[derive(Debug)]
struct Wording {
    /// Place in `responses`.
    of: usize,
    stems: BTreeSet<String>,
}

/// A response that answers a question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit<'a> {
    /// Which one.
    pub response: &'a Response,
    /// How well it fits, [`MIN_SHARE`] to 1.
    pub score: f64,
}

impl Index {
    /// Of all responses that may be said.
    pub fn of(responses: impl IntoIterator<Item = Response>) -> Self {
        let approved = responses.into_iter().filter(|response| response.state == ReviewState::Approved);
        let mut index = Self { responses: approved.collect(), ..Self::default() };
        for (place, response) in index.responses.iter().enumerate() {
            let asked = std::iter::once(&response.question).chain(&response.variants);
            let wordings = asked.map(|text| Wording { of: place, stems: stems(text) });
            let wordings: Vec<Wording> = wordings.filter(|wording| !wording.stems.is_empty()).collect();
            let mut known: BTreeSet<&String> = BTreeSet::new();
            for stem in wordings.iter().flat_map(|wording| &wording.stems) {
                if known.insert(stem) {
                    *index.spread.entry(stem.clone()).or_default() += 1;
                }
            }
            index.wordings.extend(wordings);
        }
        index
    }

    /// True when there is nothing to be found.
    pub fn is_empty(&self) -> bool {
        self.wordings.is_empty()
    }

    /// The response that answers a question, among those with one of the topics (all, when none is named).
    pub fn find(&self, question: &str, topics: &[String]) -> Option<Hit<'_>> {
        self.ranked(question, topics).into_iter().next().filter(|hit| hit.score >= MIN_SHARE)
    }

    /// The responses that have something to do with a question, the best first; at most ten.
    pub fn ranked(&self, question: &str, topics: &[String]) -> Vec<Hit<'_>> {
        let asked = stems(question);
        let wanted: Vec<String> = topics.iter().map(|topic| fold(topic)).collect();
        let mut best: HashMap<usize, f64> = HashMap::new();
        for wording in &self.wordings {
            if !self.is_about(wording.of, &wanted) {
                continue;
            }
            let score = self.score(&asked, &wording.stems);
            if score > 0.0 {
                let known = best.entry(wording.of).or_default();
                *known = known.max(score);
            }
        }
        let mut hits: Vec<Hit<'_>> =
            best.into_iter().map(|(of, score)| Hit { response: &self.responses[of], score }).collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.response.id.cmp(&b.response.id)));
        hits.truncate(10);
        hits
    }

    fn is_about(&self, of: usize, wanted: &[String]) -> bool {
        wanted.is_empty() || self.responses[of].topics.iter().any(|topic| wanted.contains(&fold(topic)))
    }

    fn score(&self, asked: &BTreeSet<String>, wording: &BTreeSet<String>) -> f64 {
        let weigh =
            |stems: &mut dyn Iterator<Item = &String>| stems.map(|stem| self.weight(stem)).sum::<f64>();
        let common = weigh(&mut asked.intersection(wording));
        if common == 0.0 {
            return 0.0;
        }
        let of_asked = common / weigh(&mut asked.iter());
        let of_wording = common / weigh(&mut wording.iter());
        let (less, more) =
            if of_asked < of_wording { (of_asked, of_wording) } else { (of_wording, of_asked) };
        (less + more) / 2.0
    }

    /// A word that no response has weighs as much as one that a single response has.
    fn weight(&self, stem: &str) -> f64 {
        let spread = self.spread.get(stem).copied().unwrap_or(1).max(1);
        #[expect(clippy::cast_precision_loss, reason = "counts of responses are far below 2^52")]
        let (all, spread) = (self.responses.len().max(1) as f64, spread as f64);
        (1.0 + all / spread).ln()
    }
}
