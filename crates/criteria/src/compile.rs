//! Criteria as a program: a row of tests, each with the place to go to when it holds and when it does not.
//!
//! A condition with several values becomes several tests, so that a test has one operand and its size is fixed.
//! Jumps only lead back to steps that were made earlier, which is why evaluation ends.

use crate::{
    Catalog, CheckError, Condition, Criteria, Facts, ListRef, MembershipOperator, Symbols, check, describe,
    explain::{self, Leaf, Node},
    facts::Fact,
    tree::within,
    typed::{Range, TextMatch, Typed},
    window::Relation,
};

const ACCEPT: u32 = u32::MAX;
const REFUSE: u32 = u32::MAX - 1;

/// A criteria ready to be asked. Immutable; made once per published version.
#[derive(Debug, Clone)]
pub struct Compiled {
    steps: Box<[Step]>,
    start: u32,
    pub(crate) tree: Node,
    /// The slots of the leaves, by their numbers.
    pub(crate) slots: Box<[Option<u32>]>,
}

#[derive(Debug, Clone)]
struct Step {
    test: Test,
    yes: u32,
    no: u32,
}

#[derive(Debug, Clone)]
enum Test {
    Empty(u32),
    Present(u32),
    Text(u32, TextMatch, Box<str>),
    NotText(u32, TextMatch, Box<str>),
    Domain(u32, Box<str>),
    Number(u32, Range),
    NotNumber(u32, f64),
    Boolean(u32, bool),
    Time(u32, Relation, u32),
    Member(ListRef),
    NotMember(ListRef),
}

/// Compiles `criteria`, taking slots from `symbols`; fails with everything that [`check()`] finds.
pub fn compile(
    criteria: &Criteria,
    catalog: &dyn Catalog,
    symbols: &mut Symbols,
) -> Result<Compiled, Vec<CheckError>> {
    let errors = check(criteria, catalog);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut compiler = Compiler { catalog, symbols, steps: Vec::new() };
    let (mut tree, start) = compiler.node(criteria, &mut String::new(), Exits { yes: ACCEPT, no: REFUSE });
    let mut slots = Vec::new();
    explain::number(&mut tree, &mut slots);
    Ok(Compiled { steps: compiler.steps.into_boxed_slice(), start, tree, slots: slots.into_boxed_slice() })
}

impl Compiled {
    /// True when the facts satisfy the criteria. Does not allocate.
    pub fn holds(&self, facts: &Facts) -> bool {
        let mut at = self.start;
        while let Some(step) = self.steps.get(at as usize) {
            at = if step.test.holds(facts) { step.yes } else { step.no };
        }
        at == ACCEPT
    }

    /// Whether the condition made of these tests holds on its own.
    pub(crate) fn leaf_holds(&self, leaf: &Leaf, facts: &Facts) -> bool {
        let span = leaf.tests.start as usize..leaf.tests.end as usize;
        let mut tests = self.steps.get(span).unwrap_or_default().iter().map(|step| step.test.holds(facts));
        if leaf.every { tests.all(|held| held) } else { tests.any(|held| held) }
    }
}

impl Test {
    fn holds(&self, facts: &Facts) -> bool {
        match self {
            Self::Text(slot, how, text) => facts.text(*slot).is_some_and(|value| matches(value, *how, text)),
            Self::NotText(slot, how, text) => {
                !facts.text(*slot).is_some_and(|value| matches(value, *how, text))
            }
            Self::Number(slot, range) => facts.number(*slot).is_some_and(|value| range.holds(value)),
            Self::NotNumber(slot, number) => {
                !facts.number(*slot).is_some_and(|value| Range::Exactly(*number).holds(value))
            }
            Self::Boolean(slot, wanted) => {
                matches!(facts.fact(*slot), Fact::Boolean(value) if value == wanted)
            }
            Self::Empty(slot) => matches!(facts.fact(*slot), Fact::Empty),
            Self::Present(slot) => !matches!(facts.fact(*slot), Fact::Empty),
            Self::Domain(slot, domain) => facts.text(*slot).is_some_and(|value| belongs(host(value), domain)),
            Self::Time(slot, relation, window) => {
                facts.bounds(*window).is_some_and(|bounds| match facts.fact(*slot) {
                    Fact::Date(day) => bounds.day(*day, *relation),
                    Fact::Instant(at) => bounds.instant(*at, *relation),
                    _ => false,
                })
            }
            Self::Member(list) => facts.is_member(*list),
            Self::NotMember(list) => !facts.is_member(*list),
        }
    }
}

impl Facts {
    fn text(&self, slot: u32) -> Option<&str> {
        if let Fact::Text(folded, _) = self.fact(slot) { Some(folded) } else { None }
    }
    fn number(&self, slot: u32) -> Option<f64> {
        if let Fact::Number(number) = self.fact(slot) { Some(*number) } else { None }
    }
}

fn matches(value: &str, how: TextMatch, wanted: &str) -> bool {
    match how {
        TextMatch::Is => value == wanted,
        TextMatch::Contains => value.len() >= wanted.len() && value.contains(wanted),
        TextMatch::StartsWith => value.starts_with(wanted),
    }
}

/// The host of an e-mail or web address.
pub(crate) fn host(address: &str) -> &str {
    let Some((_, rest)) = address.split_once("://") else {
        return address.rsplit_once('@').map_or(address, |(_, domain)| domain);
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let server = authority.rsplit_once('@').map_or(authority, |(_, server)| server);
    match server.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => server,
    }
}

/// `host` is `domain` or a sub-domain of it; both in lower case.
fn belongs(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Emits steps from the end to the beginning, so that the place a step leads to is known when it is made; a group
/// without conditions emits nothing and passes on where it would lead.
struct Compiler<'a> {
    catalog: &'a dyn Catalog,
    symbols: &'a mut Symbols,
    steps: Vec<Step>,
}

/// Where to go when something holds and when it does not.
#[derive(Clone, Copy)]
struct Exits {
    yes: u32,
    no: u32,
}

impl Compiler<'_> {
    /// The node for explanations, and the place where its evaluation begins.
    fn node(&mut self, criteria: &Criteria, path: &mut String, exits: Exits) -> (Node, u32) {
        match criteria {
            Criteria::Condition(condition) => self.leaf(condition, path, exits),
            Criteria::All(members) => {
                let (nodes, entry) = self.group(members, true, path, exits);
                (Node::All(nodes), entry)
            }
            Criteria::Any(members) => {
                let (nodes, entry) = self.group(members, false, path, exits);
                (Node::Any(nodes, path.as_str().into()), entry)
            }
        }
    }

    /// In an `all` a member that holds leads to the next one, in an `any` one that does not.
    fn group(
        &mut self,
        members: &[Criteria],
        every: bool,
        path: &mut String,
        exits: Exits,
    ) -> (Vec<Node>, u32) {
        let word = if every { "all" } else { "any" };
        let mut next = if every { exits.yes } else { exits.no };
        let mut nodes = Vec::with_capacity(members.len());
        for (index, member) in members.iter().enumerate().rev() {
            let (node, entry) =
                within(path, word, index, |path| self.node(member, path, exits.through(every, next)));
            nodes.push(node);
            next = entry;
        }
        nodes.reverse();
        (nodes, next)
    }

    fn leaf(&mut self, condition: &Condition, path: &str, exits: Exits) -> (Node, u32) {
        let (slot, every, tests) = self.tests(condition);
        let first = number(self.steps.len());
        let mut next = if every { exits.yes } else { exits.no };
        for test in tests.into_iter().rev() {
            let place = number(self.steps.len());
            let Exits { yes, no } = exits.through(every, next);
            self.steps.push(Step { test, yes, no });
            next = place;
        }
        let words = describe(condition, self.catalog).into();
        let tests = first..number(self.steps.len());
        (Node::Leaf(Leaf { number: 0, path: path.into(), words, slot, tests, every }), next)
    }

    /// The slot, whether all tests must hold, and the tests.
    fn tests(&mut self, condition: &Condition) -> (Option<u32>, bool, Vec<Test>) {
        match condition {
            Condition::Attribute(condition) => {
                let slot = self.symbols.slot(&condition.attribute);
                let typed =
                    self.catalog.attribute_type(&condition.attribute).map(|kind| condition.typed(kind));
                let tests = if let Some(Ok(typed)) = typed { self.typed(slot, typed) } else { Vec::new() };
                (Some(slot), condition.op.is_negative(), tests)
            }
            Condition::Membership(condition) => {
                let list = condition.member_of;
                let is = condition.op == MembershipOperator::IsMember;
                (None, false, vec![if is { Test::Member(list) } else { Test::NotMember(list) }])
            }
        }
    }

    fn typed(&mut self, slot: u32, typed: Typed) -> Vec<Test> {
        match typed {
            Typed::Empty => vec![Test::Empty(slot)],
            Typed::Present => vec![Test::Present(slot)],
            Typed::Boolean(wanted) => vec![Test::Boolean(slot, wanted)],
            Typed::Text(how, texts) => {
                texts.into_iter().map(|text| Test::Text(slot, how, text.into())).collect()
            }
            Typed::NotText(how, texts) => {
                texts.into_iter().map(|text| Test::NotText(slot, how, text.into())).collect()
            }
            Typed::Domain(domains) => {
                domains.into_iter().map(|domain| Test::Domain(slot, domain.as_str().into())).collect()
            }
            Typed::Number(ranges) => ranges.into_iter().map(|range| Test::Number(slot, range)).collect(),
            Typed::NotNumber(numbers) => numbers.into_iter().map(|n| Test::NotNumber(slot, n)).collect(),
            Typed::Time(relation, windows) => {
                let symbols = &mut *self.symbols;
                windows.into_iter().map(|window| Test::Time(slot, relation, symbols.window(window))).collect()
            }
        }
    }
}

impl Exits {
    /// The exits of one of several parts that are joined by *all* (`every`) or *any*.
    fn through(self, every: bool, next: u32) -> Self {
        if every { Self { yes: next, no: self.no } } else { Self { yes: self.yes, no: next } }
    }
}

/// The check bounds conditions and values far below what fits.
fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(REFUSE)
}
