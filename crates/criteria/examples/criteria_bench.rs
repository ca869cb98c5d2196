//! Speed of criteria: 100 rules of 6 conditions on a profile of 50 attributes, one core.
//!
//! `cargo run --release -p criteria --example criteria_bench` prints one line of JSON with two figures: rules of
//! random outcome, where a rule stops at the condition that decides it, and rules in which all six conditions must be
//! asked. Input is made from a fixed seed outside the measure. That nothing is allocated shows in the types:
//! [`Compiled::holds`] only reads borrowed facts and owns nothing but a place in its program.

#![expect(clippy::print_stdout, reason = "the figure is the purpose")]

use criteria::{
    AttributeRef, AttributeType, Catalog, Compiled, Criteria, Facts, ListRef, Literal, Moment, Operator,
    Source, Symbols, Value, compile,
};
use jiff::{SignedDuration, Timestamp, civil::date, tz::TimeZone};
use kernel::SmartListId;
use std::{hint::black_box, time::Instant};

const ROUNDS: usize = 20_000;
const RULES: usize = 100;
const CONDITIONS: usize = 6;
const ATTRIBUTES: u32 = 50;
const WORDS: [&str; 8] = [
    "Manufacturing",
    "Zürich",
    "Head of Marketing",
    "Berlin",
    "software",
    "enterprise",
    "Île-de-France",
    "retail",
];

struct Numbered;

impl Catalog for Numbered {
    fn attribute_type(&self, attribute: &AttributeRef) -> Option<AttributeType> {
        attribute.name().strip_prefix('a').and_then(|n| n.parse().ok()).map(kind_of)
    }
    fn list_name(&self, _: ListRef) -> Option<String> {
        None
    }
    fn lists_of(&self, _: SmartListId) -> Vec<ListRef> {
        Vec::new()
    }
}

fn kind_of(attribute: u32) -> AttributeType {
    match attribute % 10 {
        0..=4 => AttributeType::Text,
        5..=7 => AttributeType::Number,
        8 => AttributeType::Boolean,
        _ => AttributeType::DateTime,
    }
}

/// Numbers that look random and are the same in every run.
struct Seed(u64);

impl Seed {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(bound)).unwrap_or(0)
    }
    fn word(&mut self) -> &'static str {
        WORDS[self.below(8) as usize]
    }
}

fn value(attribute: u32, seed: &mut Seed) -> Value {
    match kind_of(attribute) {
        AttributeType::Text => Value::Text(seed.word().to_owned()),
        AttributeType::Boolean => Value::Boolean(seed.below(2) == 0),
        AttributeType::DateTime => {
            Value::DateTime(start() - SignedDuration::from_hours(i64::from(seed.below(2_000))))
        }
        _ => Value::Number(f64::from(seed.below(1_000))),
    }
}

fn start() -> Timestamp {
    date(2026, 5, 13).at(10, 0, 0, 0).to_zoned(TimeZone::UTC).expect("in range").timestamp()
}

fn first(word: &str, characters: usize) -> String {
    word.chars().take(characters).collect()
}

fn condition(seed: &mut Seed) -> Criteria {
    let attribute = seed.below(ATTRIBUTES);
    let path = AttributeRef::new(Source::Person, &format!("a{attribute}")).expect("well-formed");
    let text = |word: &str| Literal::Text(word.to_owned());
    let (op, values) = match (kind_of(attribute), seed.below(4)) {
        (AttributeType::Text, 0) => (Operator::Is, vec![text(seed.word()), text(seed.word())]),
        (AttributeType::Text, 1) => (Operator::Contains, vec![text(&first(seed.word(), 3))]),
        (AttributeType::Text, 2) => (Operator::StartsWith, vec![text(&first(seed.word(), 1))]),
        (AttributeType::Text, _) => (Operator::IsNot, vec![text(seed.word())]),
        (AttributeType::Boolean, _) => (Operator::IsTrue, Vec::new()),
        (AttributeType::DateTime, 0) => (Operator::ThisMonth, Vec::new()),
        (AttributeType::DateTime, _) => (Operator::After, vec![text("2026-04-01")]),
        (_, 0) => (Operator::Between, vec![Literal::Number(200.into()), Literal::Number(800.into())]),
        (_, 1) => (Operator::LessThan, vec![Literal::Number(seed.below(1_000).into())]),
        (_, _) => (Operator::AtLeast, vec![Literal::Number(seed.below(1_000).into())]),
    };
    Criteria::of(path, op, values)
}

/// `all` of three conditions and an `any` of the other three.
fn rule(seed: &mut Seed) -> Criteria {
    let mut members: Vec<_> = (0..CONDITIONS).map(|_| condition(seed)).collect();
    let either = members.split_off(CONDITIONS / 2);
    members.push(Criteria::Any(either));
    Criteria::All(members)
}

/// Six conditions that hold, so that each must be asked.
fn full_rule(holding: &[Criteria], seed: &mut Seed) -> Criteria {
    let count = u32::try_from(holding.len()).expect("few");
    Criteria::All((0..CONDITIONS).map(|_| holding[seed.below(count) as usize].clone()).collect())
}

fn facts(symbols: &Symbols, known: &[(String, Value)]) -> Facts {
    let attributes = known.iter().map(|(name, value)| (Source::Person, name.as_str(), value));
    Facts::prepare(symbols, &Moment::new(start(), TimeZone::UTC), attributes, [])
}

fn program(criteria: &Criteria, symbols: &mut Symbols) -> Compiled {
    compile(criteria, &Numbered, symbols).expect("made well-formed")
}

/// Rules per second and the share of rules that hold.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn measure(rules: &[Compiled], facts: &Facts) -> (f64, f64) {
    let mut best = f64::MAX;
    let mut held = 0_usize;
    for _ in 0..5 {
        held = 0;
        let began = Instant::now();
        for _ in 0..ROUNDS {
            held += rules.iter().filter(|rule| black_box(*rule).holds(black_box(facts))).count();
        }
        best = best.min(began.elapsed().as_secs_f64());
    }
    let asked = (ROUNDS * rules.len()) as f64;
    (asked / best, held as f64 / asked)
}

fn main() {
    let seed = &mut Seed(42);
    let known: Vec<_> = (0..ATTRIBUTES).map(|n| (format!("a{n}"), value(n, seed))).collect();
    let mut symbols = Symbols::new();
    let random: Vec<_> = (0..RULES).map(|_| program(&rule(seed), &mut symbols)).collect();
    let candidates: Vec<_> = (0..1_000).map(|_| condition(seed)).collect();
    let compiled: Vec<_> = candidates.iter().map(|c| program(c, &mut symbols)).collect();
    let known_to_all = facts(&symbols, &known);
    let holding: Vec<_> = candidates
        .into_iter()
        .zip(&compiled)
        .filter_map(|(candidate, program)| program.holds(&known_to_all).then_some(candidate))
        .collect();
    let full: Vec<_> = (0..RULES).map(|_| program(&full_rule(&holding, seed), &mut symbols)).collect();
    let facts = facts(&symbols, &known);
    let (rate, share) = measure(&random, &facts);
    let (full_rate, full_share) = measure(&full, &facts);
    println!(
        "{{\"bench\":\"criteria\",\"rules\":{RULES},\"conditions\":{CONDITIONS},\"attributes\":{ATTRIBUTES},\
         \"rules_per_second\":{rate:.0},\"share_held\":{share:.2},\
         \"rules_per_second_all_conditions_asked\":{full_rate:.0},\"share_held_all_conditions_asked\":{full_share:.2}}}"
    );
}
