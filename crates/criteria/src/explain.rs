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

#[derive(Debug, Clone)]
pub(crate) enum Node {
    All(Vec<Node>),
    /// The members, and the path of the group.
    Any(Vec<Node>, Box<str>),
    Leaf(Leaf),
}

#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    pub path: Box<str>,
    pub words: Box<str>,
    /// The attribute's slot; a membership has none.
    pub slot: Option<u32>,
    /// The places of its tests.
    pub tests: Range<u32>,
    /// All its tests must hold (a negative operator), otherwise one.
    pub every: bool,
}

impl Compiled {
    /// Whether the facts satisfy the criteria, and if not, where it failed first.
    pub fn explain(&self, facts: &Facts) -> Verdict {
        let first_failure = self.failure(&self.tree, facts);
        Verdict { holds: first_failure.is_none(), first_failure }
    }

    fn failure(&self, node: &Node, facts: &Facts) -> Option<Failure> {
        match node {
            Node::All(members) => members.iter().find_map(|member| self.failure(member, facts)),
            Node::Any(members, path) => self.any_failure(members, path, facts),
            Node::Leaf(leaf) if self.leaf_holds(leaf, facts) => None,
            Node::Leaf(leaf) => {
                Some(Failure { path: leaf.path.to_string(), sentence: sentence(leaf, facts) })
            }
        }
    }

    fn any_failure(&self, members: &[Node], path: &str, facts: &Facts) -> Option<Failure> {
        let mut first = None;
        for member in members {
            let failure = self.failure(member, facts)?;
            first.get_or_insert(failure);
        }
        let nothing = || Failure {
            path: path.to_owned(),
            sentence: "the group has no condition → nobody matches".into(),
        };
        Some(first.unwrap_or_else(nothing))
    }
}

fn sentence(leaf: &Leaf, facts: &Facts) -> String {
    match leaf.slot {
        Some(slot) => format!("{} → {}", leaf.words, facts.fact(slot).in_words()),
        None if leaf.words.starts_with("not ") => format!("{} → is a member", leaf.words),
        None => format!("{} → is not a member", leaf.words),
    }
}
