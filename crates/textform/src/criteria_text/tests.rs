use super::{print, read};
use crate::Directory;
use criteria::{
    AttributeCondition, AttributeRef, Condition, Criteria, ListRef, Literal, MembershipCondition,
    MembershipOperator, Operator, Source, Unit,
};
use proptest::prelude::*;
use std::sync::Arc;

fn names() -> Directory {
    let lists = crate::Names::new([(id(1), "Customers".to_owned()), (id(2), "“Odd” \"names\"\n".to_owned())]);
    let smart = crate::Names::new([(kernel::SmartListId::from(uuid::Uuid::from_u128(1)), "Hot".to_owned())]);
    Directory { lists: Arc::new(lists), smart_lists: Arc::new(smart), ..Directory::default() }
}

fn id(number: u128) -> kernel::ListId {
    kernel::ListId::from(uuid::Uuid::from_u128(number))
}

fn json(text: &str) -> serde_json::Value {
    serde_json::to_value(read(text, &names()).unwrap_or_else(|e| panic!("{text}: {e:?}"))).expect("JSON")
}

#[test]
fn sentences_mean_what_they_say() {
    use serde_json::json;
    let email = json!({"attribute": "person.email", "op": "is_empty"});
    let size = json!({"attribute": "company.size", "op": "at_least", "values": [50]});
    let country = json!({"attribute": "person.country", "op": "is", "values": ["DE", "AT"]});
    for (text, expected) in [
        ("everybody", json!({"all": []})),
        ("nobody", json!({"any": []})),
        ("person.email is empty", json!({"all": [email]})),
        ("(person.email is empty)", email.clone()),
        ("any(person.email is empty)", json!({"any": [email]})),
        (
            "person.email is empty and (company.size at least 50 or person.country is \"DE\", \"AT\")",
            json!({"all": [email, {"any": [size, country]}]}),
        ),
        (
            "person.email is empty or company.size is at least 50 and person.country is \"DE\",\"AT\"",
            json!({"any": [email, {"all": [size, country]}]}),
        ),
        (
            "(person.email is empty and person.email is empty) and person.email is empty",
            json!({"all": [{"all": [email, email]}, email]}),
        ),
        ("all(everybody)", json!({"all": [{"all": []}]})),
        (
            "company.size between 10 and 50 and person.created_at not in past 3 days",
            json!({"all": [
                {"attribute": "company.size", "op": "between", "values": [10, 50]},
                {"attribute": "person.created_at", "op": "not_in_past", "values": [3], "unit": "days"},
            ]}),
        ),
        (
            "person.created_at is not in past 1 day",
            json!({"all": [{"attribute": "person.created_at", "op": "not_in_past", "values": [1], "unit": "days"}]}),
        ),
        (
            "person.birthday on or after 1990-02-01",
            json!({"all": [{"attribute": "person.birthday", "op": "on_or_after", "values": ["1990-02-01"]}]}),
        ),
        (
            "person.birthday between [] months",
            json!({"all": [{"attribute": "person.birthday", "op": "between", "unit": "months"}]}),
        ),
        ("not member of list \"Customers\"", json!({"all": [{"member_of": id(1), "op": "is_not_member"}]})),
        (
            "member of smart list \"Hot\"",
            json!({"all": [{"member_of": "sml_00000000000000000000000001", "op": "is_member"}]}),
        ),
    ] {
        assert_eq!(json(text), expected, "{text}");
    }
}

#[test]
fn mistakes_are_named_where_they_are() {
    for (text, at, words) in [
        ("", 0, "Expected a condition"),
        ("person.email", 12, "Expected an operator"),
        ("person.email ist \"a\"", 13, "perhaps “is”"),
        ("person.email is", 15, "Expected a value"),
        ("person.email is a", 16, "found “a”"),
        ("person.email is 'a'", 16, "straight double quotation marks"),
        ("person.email is \"a", 16, "never closed"),
        ("person.email is empty und", 22, "“and”, “or” or the end"),
        ("(person.email is empty", 0, "never closed"),
        ("person.email is empty)", 21, "found “)”"),
        ("person.Email is empty", 0, "is not an attribute name"),
        ("persona.email is empty", 0, "is not an attribute such as"),
        ("company.size between 1, 2", 22, "“and” and a second value"),
        ("company.size at least 1, 2", 23, "takes one value"),
        ("company.size at least 12px", 22, "neither a number nor a date"),
        ("person.created_at in past 3", 27, "minutes, hours, days"),
        ("member of list \"Costumers\"", 15, "Perhaps “Customers”?"),
        ("member of smart list \"Cold\"", 21, "no smart list"),
        ("member list \"Customers\"", 7, "of list"),
        ("person.email is \"\\q\"", 16, "escape"),
        ("person.email & x", 13, "The sign “&”"),
    ] {
        let mistake = read(text, &names()).expect_err(text);
        assert_eq!(mistake.at, at, "{text}: {mistake:?}");
        assert!(mistake.message.contains(words), "{text}: {mistake:?}");
    }
}

#[test]
fn more_than_the_limits_is_refused() {
    let deep = format!("{}person.email is empty{}", "all(".repeat(21), ")".repeat(21));
    assert!(read(&deep, &names()).expect_err("too deep").message.contains("20 deep"));
    let absurd = "(".repeat(100_000);
    assert!(read(&absurd, &names()).expect_err("too deep").message.contains("20 deep"));
    let many = vec!["person.email is empty"; 501].join(" and ");
    assert!(read(&many, &names()).expect_err("too many").message.contains("501 conditions"));
    let values = format!("person.email is {}", vec!["\"a\""; 501].join(", "));
    assert!(read(&values, &names()).expect_err("too many").message.contains("500 values"));
}

#[test]
fn long_criteria_are_broken_into_lines() {
    let text = "person.email is empty\nand (\n  company.size at least 50\n  or person.country is \"DE\", \"AT\"\n)\nand not member of list \"Customers\"";
    assert_eq!(print(&read(text, &names()).expect("fine"), &names()), text);
    let short = "person.email is empty and (company.size at least 50 or person.country is \"DE\", \"AT\")";
    assert_eq!(print(&read(short, &names()).expect("fine"), &names()), short);
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<String>().prop_map(Literal::Text),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.Z+-]{0,12})?".prop_map(Literal::Text),
        any::<i64>().prop_map(|n| Literal::Number(n.into())),
        any::<f64>().prop_filter_map("finite", serde_json::Number::from_f64).prop_map(Literal::Number),
        any::<bool>().prop_map(Literal::Boolean),
        Just(Literal::Null),
    ]
}

fn unit() -> impl Strategy<Value = Option<Unit>> {
    let units = [Unit::Minutes, Unit::Hours, Unit::Days, Unit::Weeks, Unit::Months];
    proptest::option::of(proptest::sample::select(units.to_vec()))
}

fn condition() -> impl Strategy<Value = Condition> {
    let attribute = (proptest::sample::select(Source::ALL.to_vec()), "[a-z][a-z0-9_]{0,12}")
        .prop_map(|(of, name)| AttributeRef::new(of, &name).expect("a name"));
    let values = proptest::collection::vec(literal(), 0..4);
    let about = (attribute, proptest::sample::select(Operator::ALL.to_vec()), values, unit()).prop_map(
        |(attribute, op, values, unit)| {
            Condition::Attribute(AttributeCondition { attribute, op, values, unit })
        },
    );
    let list = (any::<bool>(), 0_u128..4, any::<bool>()).prop_map(|(smart, number, is)| {
        let member_of = if smart {
            ListRef::SmartList(uuid::Uuid::from_u128(number).into())
        } else {
            ListRef::List(id(number))
        };
        let op = if is { MembershipOperator::IsMember } else { MembershipOperator::IsNotMember };
        Condition::Membership(MembershipCondition { member_of, op })
    });
    prop_oneof![4 => about, 1 => list]
}

pub(crate) fn criteria() -> impl Strategy<Value = Criteria> {
    let leaf = condition().prop_map(Criteria::Condition);
    leaf.prop_recursive(6, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Criteria::All),
            proptest::collection::vec(inner, 0..5).prop_map(Criteria::Any),
        ]
    })
}

proptest! {
    #[test]
    fn every_criteria_is_read_as_it_was_written(criteria in criteria()) {
        let text = print(&criteria, &names());
        let read = read(&text, &names());
        prop_assert_eq!(read.as_ref(), Ok(&criteria), "{}", text);
        prop_assert_eq!(print(&read.expect("fine"), &names()), text);
    }

    #[test]
    fn no_text_breaks_the_reader(text in any::<String>()) {
        drop(read(&text, &names()));
    }

    #[test]
    fn no_words_break_the_reader(words in proptest::collection::vec(proptest::sample::select(vec![
        "person.email", "is", "not", "empty", "and", "or", "(", ")", "[", "]", ",", "\"a\"", "3", "-3e", "days",
        "member", "of", "list", "smart", "between", "in", "past", "all", "any", "everybody", "2020-01-01", "\"", "é", "\n",
    ]), 0..20)) {
        let text = words.join(" ");
        if let Ok(criteria) = read(&text, &names()) {
            let printed = print(&criteria, &names());
            prop_assert_eq!(read_again(&printed), criteria);
        }
    }
}

fn read_again(text: &str) -> Criteria {
    read(text, &names()).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}
