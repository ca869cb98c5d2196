//! The compiled program against a plain interpreter of the tree, over random criteria and people.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ground;

use criteria::*;
use ground::{Ground, smart};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Timestamp, text::fold};
use proptest::{collection::vec, option, prelude::*, sample::select};
use std::collections::HashMap;

type Person = HashMap<String, Value>;

const NAMES: [&str; 6] = ["text", "number", "boolean", "date", "datetime", "email"];
const TEXTS: [&str; 7] = ["Zoë", "zoe", "Bo", "BOB", "a", "ö", "böb a"];
const EMAILS: [&str; 4] = ["a@b.com", "x@mail.b.com", "a@ab.com", "zoe@example.org"];
const DAYS: [&str; 5] = ["2026-05-12", "2026-05-13", "2026-05-14", "2026-04-30", "2025-12-31"];
const INSTANTS: [&str; 5] = [
    "2026-05-12T23:59:59.999Z",
    "2026-05-13T00:00:00.000Z",
    "2026-05-13T10:00:00.000Z",
    "2026-05-13T10:00:00.001Z",
    "2026-03-31T10:00:00.000Z",
];

fn literal(kind: AttributeType) -> BoxedStrategy<Literal> {
    let text =
        |texts: &'static [&'static str]| select(texts).prop_map(|t| Literal::Text(t.to_owned())).boxed();
    match kind {
        AttributeType::Text => text(&TEXTS),
        AttributeType::Email => text(&EMAILS),
        AttributeType::Date => text(&DAYS),
        AttributeType::DateTime => prop_oneof![text(&DAYS), text(&INSTANTS)].boxed(),
        _ => (-3_i64..4).prop_map(|n| Literal::Number(n.into())).boxed(),
    }
}

fn value(name: &'static str) -> BoxedStrategy<Value> {
    match AttributeType::from_word(name).expect("a word of a type") {
        AttributeType::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        kind => literal(if kind == AttributeType::DateTime { AttributeType::DateTime } else { kind })
            .prop_filter_map("a day is no instant", move |l| kind.parse(&l.to_json()).ok().flatten())
            .boxed(),
    }
}

fn condition() -> impl Strategy<Value = Criteria> {
    let attribute = select(&NAMES[..]).prop_flat_map(|name| {
        let kind = AttributeType::from_word(name).expect("a word of a type");
        select(Operator::of(kind)).prop_flat_map(move |op| {
            let values = match op.operand() {
                Operand::Nothing => Just(Vec::new()).boxed(),
                Operand::Some if op == Operator::DomainIs => {
                    vec(select(&["b.com", "org"][..]).prop_map(|d| Literal::Text(d.to_owned())), 1..3).boxed()
                }
                Operand::Some => vec(literal(kind), 1..4).boxed(),
                Operand::One => vec(literal(kind), 1).boxed(),
                Operand::Two => vec(literal(kind), 2).boxed(),
                Operand::Duration => vec((1_u32..50).prop_map(|n| Literal::Number(n.into())), 1).boxed(),
            };
            let unit = if op.operand() == Operand::Duration { Some(Unit::Days) } else { None };
            values.prop_map(move |values| {
                let attribute = AttributeRef::new(Source::Person, name).expect("well-formed");
                Criteria::Condition(Condition::Attribute(AttributeCondition { attribute, op, values, unit }))
            })
        })
    });
    let member = (0_u128..4, any::<bool>()).prop_map(|(list, is)| {
        let op = if is { MembershipOperator::IsMember } else { MembershipOperator::IsNotMember };
        let member_of = ListRef::SmartList(smart(list));
        Criteria::Condition(Condition::Membership(MembershipCondition { member_of, op }))
    });
    prop_oneof![6 => attribute, 1 => member]
}

fn tree() -> impl Strategy<Value = Criteria> {
    condition().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Criteria::All),
            vec(inner, 1..4).prop_map(Criteria::Any),
        ]
    })
}

fn person() -> impl Strategy<Value = Person> {
    NAMES
        .map(|name| option::weighted(0.8, value(name)).prop_map(move |v| v.map(|v| (name.to_owned(), v))))
        .to_vec()
        .prop_map(|known| known.into_iter().flatten().collect())
}

fn now() -> Timestamp {
    "2026-05-13T10:00:00Z".parse().expect("a time")
}

/// What the specification says, read straight from the tree.
fn interpret(criteria: &Criteria, person: &Person, lists: &[ListRef]) -> bool {
    match criteria {
        Criteria::All(members) => members.iter().all(|member| interpret(member, person, lists)),
        Criteria::Any(members) => members.iter().any(|member| interpret(member, person, lists)),
        Criteria::Condition(Condition::Membership(c)) => {
            lists.contains(&c.member_of) == (c.op == MembershipOperator::IsMember)
        }
        Criteria::Condition(Condition::Attribute(c)) => asked(c, person.get(c.attribute.name())),
    }
}

fn asked(condition: &AttributeCondition, value: Option<&Value>) -> bool {
    let op = condition.op;
    let Some(value) = value else { return op == Operator::IsEmpty || op.is_negative() };
    match op {
        Operator::IsEmpty => false,
        Operator::IsNotEmpty => true,
        Operator::IsTrue => *value == Value::Boolean(true),
        Operator::IsFalse => *value == Value::Boolean(false),
        _ => match value {
            Value::Text(text) => text_asked(op, &fold(text), &condition.values),
            Value::Number(number) => number_asked(op, *number, &condition.values),
            Value::Date(day) => {
                let (first, last) = (day.at(0, 0, 0, 0), day.at(23, 59, 59, 999_000_000));
                let stamp =
                    |at: jiff::civil::DateTime| at.to_zoned(TimeZone::UTC).expect("in range").timestamp();
                time_asked(op, stamp(first), stamp(last), *day, &condition.values, true)
            }
            Value::DateTime(at) => {
                let day = at.to_zoned(TimeZone::UTC).date();
                time_asked(op, *at, *at, day, &condition.values, false)
            }
            Value::Boolean(_) => false,
        },
    }
}

fn text_asked(op: Operator, value: &str, literals: &[Literal]) -> bool {
    let texts = literals.iter().map(|l| if let Literal::Text(t) = l { fold(t) } else { String::new() });
    let mut texts = texts.collect::<Vec<_>>().into_iter();
    let domain = value.rsplit('@').next().unwrap_or_default();
    match op {
        Operator::Is => texts.any(|t| value == t),
        Operator::IsNot => texts.all(|t| value != t),
        Operator::Contains => texts.any(|t| value.contains(&t)),
        Operator::NotContains => texts.all(|t| !value.contains(&t)),
        Operator::StartsWith => texts.any(|t| value.starts_with(&t)),
        Operator::NotStartsWith => texts.all(|t| !value.starts_with(&t)),
        Operator::DomainIs => texts.any(|t| domain == t || domain.ends_with(&format!(".{t}"))),
        other => panic!("{other:?} on text"),
    }
}

fn number_asked(op: Operator, value: f64, literals: &[Literal]) -> bool {
    let numbers: Vec<f64> = literals.iter().filter_map(|l| l.to_json().as_f64()).collect();
    match op {
        Operator::Is => numbers.contains(&value),
        Operator::IsNot => !numbers.contains(&value),
        Operator::GreaterThan => value > numbers[0],
        Operator::LessThan => value < numbers[0],
        Operator::AtLeast => value >= numbers[0],
        Operator::AtMost => value <= numbers[0],
        Operator::Between => value >= numbers[0] && value <= numbers[1],
        other => panic!("{other:?} on a number"),
    }
}

/// In UTC all days have 24 hours, so calendar days are multiples of them.
fn time_asked(
    op: Operator,
    first: Timestamp,
    last: Timestamp,
    day: Date,
    literals: &[Literal],
    whole: bool,
) -> bool {
    let edges = |l: &Literal| {
        let Literal::Text(text) = l else { panic!("{l:?} is no time") };
        if let Ok(at) = text.parse::<Timestamp>() {
            return (at, at);
        }
        let start: Timestamp = format!("{text}T00:00:00Z").parse().expect("a day");
        (start, start + jiff::SignedDuration::from_millis(86_399_999))
    };
    let days_away = |sign: i64| {
        let count = literals[0].to_json().as_i64().expect("a count");
        now() + jiff::SignedDuration::from_hours(24 * count * sign)
    };
    let date = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
    let between = |a: Timestamp, b: Timestamp| {
        if whole { date(a) <= day && day <= date(b) } else { a <= first && last <= b }
    };
    let today = date(now());
    match op {
        Operator::Is => literals.iter().map(edges).any(|(a, b)| between(a, b)),
        Operator::Between => between(edges(&literals[0]).0, edges(&literals[1]).1),
        Operator::Before => last < edges(&literals[0]).0,
        Operator::After => first > edges(&literals[0]).1,
        Operator::OnOrAfter => first >= edges(&literals[0]).0,
        Operator::InPast => between(days_away(-1), now()),
        Operator::NotInPast => !between(days_away(-1), now()),
        Operator::InFuture => between(now(), days_away(1)),
        Operator::Today => day == today,
        Operator::Yesterday => day.tomorrow().is_ok_and(|next| next == today),
        Operator::ThisWeek => day.iso_week_date().week() == today.iso_week_date().week(),
        Operator::LastWeek => day.iso_week_date().week() + 1 == today.iso_week_date().week(),
        Operator::ThisMonth => (day.year(), day.month()) == (2026, 5),
        Operator::LastMonth => (day.year(), day.month()) == (2026, 4),
        Operator::ThisQuarter => day.year() == 2026 && (4..=6).contains(&day.month()),
        Operator::LastQuarter => day.year() == 2026 && (1..=3).contains(&day.month()),
        other => panic!("{other:?} on a time"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn the_program_answers_as_the_tree_does(tree in tree(), person in person(), members in vec(0_u128..4, 0..3)) {
        let ground = Ground {
            smart_lists: (0..4).map(|list| (smart(list), Vec::new())).collect(),
            lists: Vec::new(),
        };
        let mut symbols = Symbols::new();
        // Turned bounds and the like are refused; what is accepted must agree.
        if let Ok(compiled) = compile(&tree, &ground, &mut symbols) {
            let lists: Vec<_> = members.into_iter().map(|list| ListRef::SmartList(smart(list))).collect();
            let known = person.iter().map(|(name, value)| (Source::Person, name.as_str(), value));
            let moment = Moment::new(now(), TimeZone::UTC);
            let facts = Facts::prepare(&symbols, &moment, known, lists.iter().copied());
            let expected = interpret(&tree, &person, &lists);
            prop_assert_eq!(compiled.holds(&facts), expected);
            prop_assert_eq!(compiled.explain(&facts).holds, expected);
        }
    }

    #[test]
    fn a_tree_survives_its_json(tree in tree()) {
        let json = serde_json::to_string(&tree).unwrap();
        prop_assert_eq!(serde_json::from_str::<Criteria>(&json).unwrap(), tree);
    }

    #[test]
    fn values_of_foreign_types_make_nothing_panic(tree in tree(), values in vec(select(&NAMES[..]).prop_flat_map(value), 6)) {
        let mut symbols = Symbols::new();
        let ground = Ground { smart_lists: (0..4).map(|l| (smart(l), Vec::new())).collect(), lists: Vec::new() };
        if let Ok(compiled) = compile(&tree, &ground, &mut symbols) {
            let known = NAMES.iter().zip(&values).map(|(name, value)| (Source::Person, *name, value));
            let facts = Facts::prepare(&symbols, &Moment::new(now(), TimeZone::UTC), known, []);
            prop_assert_eq!(compiled.explain(&facts).holds, compiled.holds(&facts));
        }
    }
}
