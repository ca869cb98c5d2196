use super::*;
use crate::person::SourceKind;
use crate::testing::{at, origin, person, person_id};
use proptest::prelude::*;
use serde_json::json;

fn kinds(name: &str) -> Option<AttributeType> {
    (name == "score").then_some(AttributeType::Score)
}

fn with(mut person: Person, name: &str, value: Value, seconds: i64) -> Person {
    person.attributes.insert(name.to_owned(), value);
    person.origins.insert(name.to_owned(), origin(SourceKind::Chat, seconds));
    person
}

#[test]
fn the_survivor_is_the_surer_then_the_older_record() {
    let record = |number, rung, seconds| Person { rung, created_at: at(seconds), ..person(number) };
    for (a, b, survivor) in [
        (record(1, Rung::Claimed, 10), record(2, Rung::Claimed, 5), 2),
        (record(1, Rung::Claimed, 1), record(2, Rung::Proven, 5), 2),
        (record(1, Rung::Anonymous, 1), record(2, Rung::Claimed, 5), 2),
        (record(1, Rung::Claimed, 5), record(2, Rung::Claimed, 5), 1),
    ] {
        for merged in [merge(&a, &b, &kinds), merge(&b, &a, &kinds)] {
            assert_eq!(merged.person.id, person_id(survivor));
            assert_eq!(merged.absorbed, Some(person_id(3 - survivor)));
        }
    }
}

#[test]
fn values_are_chosen_field_by_field() {
    let older = with(with(person(1), "first_name", json!("Ada"), 10), "score", json!(50), 10);
    let older = with(with(older, "city", json!("London"), 10), "phone", json!("  "), 90);
    let newer = with(with(person(2), "first_name", json!("Grace"), 20), "score", json!(7), 20);
    let newer = with(with(newer, "city", json!(""), 20), "phone", json!("+44"), 1);
    let merged = merge(&older, &newer, &kinds).person;
    assert_eq!(merged.attributes["first_name"], json!("Grace"));
    assert_eq!(merged.attributes["score"], json!(50));
    assert_eq!(merged.attributes["city"], json!("London"));
    assert_eq!(merged.attributes["phone"], json!("+44"));
    assert_eq!(merged.origin_of("first_name").at, at(20));
}

#[test]
fn the_address_follows_the_surer_identity() {
    let mut proven = Person { rung: Rung::Proven, ..person(1) };
    proven.origins.insert("email".to_owned(), origin(SourceKind::Chat, 1));
    let mut claimed = person(2);
    claimed.origins.insert("email".to_owned(), origin(SourceKind::Chat, 99));
    assert_eq!(merge(&claimed, &proven, &kinds).person.email, proven.email);
}

#[test]
fn a_record_merged_with_itself_absorbs_nobody() {
    let ada = with(person(1), "city", json!("London"), 5);
    let merged = merge(&ada, &ada, &kinds);
    assert_eq!((merged.person, merged.absorbed), (ada, None));
}

fn origins() -> impl Strategy<Value = Origin> {
    let source = prop::sample::select(vec![SourceKind::Chat, SourceKind::User, SourceKind::Import]);
    let rung = prop::option::of(prop::sample::select(vec![Rung::Claimed, Rung::Proven]));
    (source, 0_i64..4, rung, prop::option::of("[ab]")).prop_map(|(source, seconds, rung, detail)| Origin {
        source,
        detail,
        at: at(seconds),
        rung,
    })
}

fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("")),
        Just(Value::Null),
        (0..4).prop_map(|n| json!(n)),
        "[ab]".prop_map(|s| json!(s))
    ]
}

/// Distinct records: the number makes the id, as in a store.
fn people(number: u128) -> impl Strategy<Value = Person> {
    let names = || prop::sample::select(vec!["first_name", "score", "city"]).prop_map(str::to_owned);
    let origin_names = prop::sample::select(vec!["first_name", "score", "city", "email", "company"]);
    let rung = prop::sample::select(vec![Rung::Anonymous, Rung::Claimed, Rung::Proven]);
    let suggestion = (names(), values(), origins()).prop_map(|(attribute, value, origin)| Suggestion {
        attribute,
        value,
        origin,
    });
    let company = prop::option::of(1_u128..4);
    (
        rung,
        prop::collection::btree_map(names(), values(), 0..4),
        prop::collection::btree_map(origin_names.prop_map(str::to_owned), origins(), 0..5),
        origins(),
        prop::collection::vec(suggestion, 0..3),
        (0_i64..3, 0_i64..9, prop::option::of(0_i64..9), 1_i64..4, company),
    )
        .prop_map(
            move |(
                rung,
                attributes,
                origins,
                base_origin,
                suggestions,
                (created, updated, seen, version, company),
            )| {
                Person {
                    rung,
                    email: person(number).email.filter(|_| rung > Rung::Anonymous),
                    attributes,
                    origins,
                    base_origin,
                    suggestions,
                    company_id: company.map(|n| format!("com_{n:026}").parse().expect("an id")),
                    created_at: at(created),
                    updated_at: at(updated),
                    last_seen_at: seen.map(at),
                    version,
                    ..person(number)
                }
            },
        )
}

proptest! {
    #[test]
    fn the_order_of_merging_does_not_matter(a in people(1), b in people(2), c in people(3)) {
        let both = |x: &Person, y: &Person| merge(x, y, &kinds).person;
        prop_assert_eq!(both(&a, &b), both(&b, &a));
        prop_assert_eq!(both(&both(&a, &b), &c), both(&a, &both(&b, &c)));
        prop_assert_eq!(both(&both(&a, &c), &b), both(&a, &both(&b, &c)));
        prop_assert_eq!(both(&both(&a, &b), &b), both(&a, &b));
    }
}
