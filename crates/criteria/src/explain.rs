//! Why a criteria does not hold: the first condition that failed, in words (spec 03, *Explain*).

use crate::{Compiled, Facts};
use serde::Serialize;
use std::ops::Range;

/// The answer with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// What [`Compiled::holds`] says.
    pub holds: bool,
    /// The first condition that made it fail; in a group with *any* the first of the group.
    pub first_failure: Option<Failure>,
}

/// A condition that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// JSON pointer of the condition.
    pub path: String,
    /// Such as `company.size greater than 50 → is empty`.
    pub sentence: String,
}

/// A condition of a compiled criteria, as it is told later to somebody who has only the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Told<'c> {
    /// Such as `company.size greater than 50`.
    pub words: &'c str,
    /// The slot of its attribute among the symbols that it was compiled with; a membership has none.
    pub slot: Option<u32>,
}

#[derive(Debug, Clone)]
pub(crate) enum Node {
    All(Vec<Node>),
    /// The members, and the path of the group.
    Any(Vec<Node>, Box<str>),
    Leaf(Leaf),
}

#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// Its place among all leaves, in reading order.
    pub number: u32,
    pub path: Box<str>,
    pub words: Box<str>,
    /// The attribute's slot; a membership has none.
    pub slot: Option<u32>,
    /// The places of its tests.
    pub tests: Range<u32>,
    /// All its tests must hold (a negative operator), otherwise one.
    pub every: bool,
}

/// Where a criteria failed first.
enum Failing<'c> {
    At(&'c Leaf),
    /// A group with *any* and without conditions, at this path; the check refuses such a group.
    Empty(&'c str),
}

impl Compiled {
    /// Whether the facts satisfy the criteria, and if not, where it failed first.
    pub fn explain(&self, facts: &Facts) -> Verdict {
        let first_failure = self.failing(&self.tree, facts).map(|failing| match failing {
            Failing::At(leaf) => {
                let fact = leaf.slot.map(|slot| facts.in_words(slot));
                Failure { path: leaf.path.to_string(), sentence: sentence(&leaf.words, fact.as_deref()) }
            }
            Failing::Empty(path) => Failure { path: path.to_owned(), sentence: EMPTY_GROUP.to_owned() },
        });
        Verdict { holds: first_failure.is_none(), first_failure }
    }

    /// The number of the condition that [`Compiled::explain`] names, as [`Compiled::conditions`] counts them; beyond the
    /// last one for a group without conditions. Does not allocate.
    pub fn first_failing(&self, facts: &Facts) -> Option<u32> {
        self.failing(&self.tree, facts).map(|failing| match failing {
            Failing::At(leaf) => leaf.number,
            Failing::Empty(_) => u32::MAX,
        })
    }

    /// The slot of the attribute that the condition with this number asks about; a membership has none.
    pub fn slot_of(&self, number: u32) -> Option<u32> {
        self.slots.get(number as usize).copied().flatten()
    }

    /// All conditions, in the order in which they are read.
    pub fn conditions(&self) -> Vec<Told<'_>> {
        let mut conditions = Vec::new();
        tell(&self.tree, &mut conditions);
        conditions
    }

    fn failing<'c>(&'c self, node: &'c Node, facts: &Facts) -> Option<Failing<'c>> {
        match node {
            Node::All(members) => members.iter().find_map(|member| self.failing(member, facts)),
            Node::Any(members, path) => {
                let mut first = None;
                for member in members {
                    let failing = self.failing(member, facts)?;
                    first.get_or_insert(failing);
                }
                Some(first.unwrap_or(Failing::Empty(path)))
            }
            Node::Leaf(leaf) if self.leaf_holds(leaf, facts) => None,
            Node::Leaf(leaf) => Some(Failing::At(leaf)),
        }
    }
}

const EMPTY_GROUP: &str = "the group has no condition → nobody matches";

/// What [`Compiled::explain`] says of a condition that failed, out of its words and, unless it asks about a list, of what
/// was known of its attribute.
pub fn sentence(words: &str, fact: Option<&str>) -> String {
    match fact {
        Some(fact) => format!("{words} → {fact}"),
        None if words.starts_with("not ") => format!("{words} → is a member"),
        None => format!("{words} → is not a member"),
    }
}

fn tell<'c>(node: &'c Node, conditions: &mut Vec<Told<'c>>) {
    match node {
        Node::All(members) | Node::Any(members, _) => {
            for member in members {
                tell(member, conditions);
            }
        }
        Node::Leaf(leaf) => conditions.push(Told { words: &leaf.words, slot: leaf.slot }),
    }
}

/// Numbers the leaves in reading order, and gathers their slots.
pub(crate) fn number(node: &mut Node, slots: &mut Vec<Option<u32>>) {
    match node {
        Node::All(members) | Node::Any(members, _) => {
            for member in members {
                number(member, slots);
            }
        }
        Node::Leaf(leaf) => {
            leaf.number = u32::try_from(slots.len()).unwrap_or(u32::MAX);
            slots.push(leaf.slot);
        }
    }
}
