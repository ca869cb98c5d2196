//! Reading, checking and explaining criteria: what an author and an operator get to see.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ground;

use criteria::*;
use ground::{Ground, parse, smart};
use jiff::tz::TimeZone;
use kernel::{ListId, Timestamp};
use uuid::Uuid;

#[test]
fn the_json_form_is_kept() {
    for json in [
        r#"{"all":[]}"#,
        r#"{"attribute":"person.email","op":"is_empty"}"#,
        r#"{"all":[{"attribute":"company.size","op":"between","values":[1,50.5]},{"any":[{"attribute":"person.created_at","op":"in_past","values":[3],"unit":"months"},{"attribute":"visit.first_visit","op":"is_true"}]}]}"#,
        r#"{"member_of":"lst_00000000000000000000000001","op":"is_member"}"#,
        r#"{"any":[{"member_of":"sml_00000000000000000000000001","op":"is_not_member"}]}"#,
    ] {
        assert_eq!(serde_json::to_string(&parse(json)).unwrap(), json);
    }
}

#[test]
fn foreign_shapes_are_refused() {
    for json in [
        "[]",
        "null",
        "{}",
        r#"{"all":[],"any":[]}"#,
        r#"{"all":[],"op":"is"}"#,
        r#"{"all":[],"all":[]}"#,
        r#"{"all":[],"extra":1}"#,
        r#"{"all":{}}"#,
        r#"{"op":"is"}"#,
        r#"{"attribute":"person.email"}"#,
        r#"{"attribute":"email","op":"is_empty"}"#,
        r#"{"attribute":"planet.mass","op":"is_empty"}"#,
        r#"{"attribute":"person.E-Mail","op":"is_empty"}"#,
        r#"{"attribute":"person.email","op":"resembles"}"#,
        r#"{"attribute":"person.email","op":"is","values":[{}]}"#,
        r#"{"attribute":"person.email","op":"is","values":[["a"]]}"#,
        r#"{"attribute":"person.score","op":"is","values":[1e400]}"#,
        r#"{"attribute":"person.email","op":"is","values":"a"}"#,
        r#"{"attribute":"person.email","op":"is","op":"is","values":["a"]}"#,
        r#"{"attribute":"person.email","op":"in_past","values":[1],"unit":"years"}"#,
        r#"{"member_of":"lst_1","op":"is_member"}"#,
        r#"{"member_of":"per_00000000000000000000000001","op":"is_member"}"#,
        r#"{"member_of":"lst_00000000000000000000000001","op":"is"}"#,
        r#"{"member_of":"lst_00000000000000000000000001","op":"is_member","values":[]}"#,
        r#"{"member_of":"lst_00000000000000000000000001","attribute":"person.email","op":"is_member"}"#,
    ] {
        assert!(serde_json::from_str::<Criteria>(json).is_err(), "{json} should be refused");
    }
}

#[test]
fn depth_conditions_and_values_are_limited_while_reading() {
    let nested = |depth: usize| format!("{}{}", r#"{"all":["#.repeat(depth), "]}".repeat(depth));
    assert!(serde_json::from_str::<Criteria>(&nested(MAX_DEPTH)).is_ok());
    assert!(serde_json::from_str::<Criteria>(&nested(MAX_DEPTH + 1)).is_err());
    assert!(serde_json::from_str::<Criteria>(&nested(100_000)).is_err());
    let condition = r#"{"attribute":"person.email","op":"is_empty"}"#;
    let wide = |count: usize| format!(r#"{{"all":[{}]}}"#, vec![condition; count].join(","));
    assert!(serde_json::from_str::<Criteria>(&wide(MAX_CONDITIONS)).is_ok());
    assert!(serde_json::from_str::<Criteria>(&wide(MAX_CONDITIONS + 1)).is_err());
    let halves = format!(r#"{{"any":[{},{}]}}"#, wide(300), wide(300));
    assert!(serde_json::from_str::<Criteria>(&halves).is_err());
    let values = |count: usize| {
        format!(r#"{{"attribute":"person.email","op":"is","values":[{}]}}"#, vec!["1"; count].join(","))
    };
    assert!(serde_json::from_str::<Criteria>(&values(MAX_VALUES)).is_ok());
    assert!(serde_json::from_str::<Criteria>(&values(MAX_VALUES + 1)).is_err());
}

/// A condition and what is said about it.
const MISTAKES: &[(&str, &str)] = &[
    (
        r#"{"attribute":"person.shoe","op":"is","values":["9"]}"#,
        "person.shoe is 9: there is no attribute person.shoe",
    ),
    (
        r#"{"attribute":"person.number","op":"is","values":["many"]}"#,
        "person.number is many: “many” is not a number",
    ),
    (r#"{"attribute":"person.number","op":"is"}"#, "person.number is: needs at least one value"),
    (
        r#"{"attribute":"person.number","op":"is","values":[null]}"#,
        "person.number is nothing: a value is missing",
    ),
    (r#"{"attribute":"person.text","op":"is","values":[" "]}"#, "person.text is : a value is missing"),
    (r#"{"attribute":"person.text","op":"is","values":[5]}"#, "person.text is 5: “5” is not a text"),
    (
        r#"{"attribute":"person.text","op":"is_empty","values":["a"]}"#,
        "person.text is empty a: takes no value",
    ),
    (
        r#"{"attribute":"person.text","op":"is","values":["a"],"unit":"days"}"#,
        "person.text is a: takes no unit",
    ),
    (
        r#"{"attribute":"person.number","op":"greater_than","values":[1,2]}"#,
        "person.number greater than 1 or 2: needs exactly one value, not 2",
    ),
    (
        r#"{"attribute":"person.number","op":"between","values":[1]}"#,
        "person.number between 1: needs exactly two values, not 1",
    ),
    (
        r#"{"attribute":"person.number","op":"between","values":[2,1]}"#,
        "person.number between 2 and 1: the first value is above the second",
    ),
    (
        r#"{"attribute":"person.date","op":"before","values":["2026-02-30"]}"#,
        "person.date before 2026-02-30: “2026-02-30” is not a date such as 2026-11-20",
    ),
    (
        r#"{"attribute":"person.datetime","op":"before","values":["noon"]}"#,
        "person.datetime before noon: “noon” is not a time such as 2026-11-20T09:30:00Z",
    ),
    (
        r#"{"attribute":"person.date","op":"in_past","values":[3]}"#,
        "person.date in past 3: needs a unit: minutes, hours, days, weeks or months",
    ),
    (
        r#"{"attribute":"person.date","op":"in_past","values":[0.5],"unit":"days"}"#,
        "person.date in past 0.5 days: “0.5” is not a whole number from 1 to 100000",
    ),
    (
        r#"{"attribute":"person.email","op":"domain_is","values":["no domain"]}"#,
        "person.email domain is no domain: “no domain” is not a domain such as example.com",
    ),
    (
        r#"{"attribute":"person.boolean","op":"is","values":["x"]}"#,
        "person.boolean is x: “is” does not go with the type boolean, which knows: is true, is false, is empty",
    ),
    (r#"{"any":[]}"#, "a group with “any” has no condition, so nobody would match"),
    (
        r#"{"member_of":"lst_00000000000000000000000009","op":"is_member"}"#,
        "member of list lst_00000000000000000000000009: there is no such list",
    ),
];

#[test]
fn a_mistake_is_told_in_words_that_name_the_condition() {
    for (json, message) in MISTAKES {
        let errors = check(&parse(&format!(r#"{{"all":[{{"all":[]}},{json}]}}"#)), &Ground::default());
        let told: Vec<_> = errors.iter().map(|e| (e.path.as_str(), e.message.as_str())).collect();
        assert_eq!(told, [("/all/1", *message)], "{json}");
    }
}

#[test]
fn every_operator_is_refused_on_the_types_that_do_not_know_it() {
    for kind in AttributeType::ALL {
        for op in Operator::ALL.iter().filter(|op| !Operator::of(kind).contains(op)) {
            let json = format!(r#"{{"attribute":"person.{}","op":"{}"}}"#, kind.as_str(), op.as_str());
            assert_eq!(check(&parse(&json), &Ground::default()).len(), 1, "{json}");
        }
    }
}

#[test]
fn a_cycle_of_smart_lists_is_found() {
    let member = |number| {
        Condition::Membership(MembershipCondition {
            member_of: ListRef::SmartList(smart(number)),
            op: MembershipOperator::IsMember,
        })
    };
    let asks = |number| Criteria::All(vec![Criteria::Condition(member(number))]);
    let below = |numbers: &[u128]| numbers.iter().map(|n| ListRef::SmartList(smart(*n))).collect::<Vec<_>>();
    let ground = Ground {
        smart_lists: [(1, vec![2]), (2, vec![3, 4]), (3, vec![4]), (4, vec![]), (8, vec![9]), (9, vec![8])]
            .into_iter()
            .map(|(list, asks)| (smart(list), below(&asks)))
            .collect(),
        lists: Vec::new(),
    };
    assert_eq!(check(&asks(1), &ground), []);
    assert_eq!(check_smart_list(&asks(1), smart(7), &ground), []);
    let told = |errors: Vec<CheckError>| errors.into_iter().map(|e| e.message).collect::<Vec<_>>().join("; ");
    assert_eq!(
        told(check_smart_list(&asks(1), smart(4), &ground)),
        "member of smart list S1: smart list S1 leads back to this smart list, so neither could be computed"
    );
    assert_eq!(
        told(check_smart_list(&asks(4), smart(4), &ground)),
        "member of smart list S4: a smart list cannot ask about itself"
    );
    assert!(told(check(&asks(8), &ground)).contains("S8 leads back to itself"));
}

fn explained(criteria: &str, known: &[(&str, Value)], lists: &[ListRef]) -> Verdict {
    let ground = Ground { lists: vec![ListRef::List(ListId::from(Uuid::from_u128(1)))], ..Ground::default() };
    let mut symbols = Symbols::new();
    let compiled = compile(&parse(criteria), &ground, &mut symbols).unwrap();
    let moment = Moment::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
    let known = known.iter().map(|(name, value)| (Source::Person, *name, value));
    let facts = Facts::prepare(&symbols, &moment, known, lists.iter().copied());
    let verdict = compiled.explain(&facts);
    assert_eq!(verdict.holds, compiled.holds(&facts));
    verdict
}

#[test]
fn an_explanation_names_the_first_condition_that_failed_and_what_it_met() {
    let told = |criteria: &str, known: &[(&str, Value)], lists: &[ListRef]| {
        explained(criteria, known, lists).first_failure.map(|f| format!("{} {}", f.path, f.sentence))
    };
    let text = |text: &str| Value::Text(text.to_owned());
    let size = r#"{"attribute":"company.size","op":"greater_than","values":[50]}"#;
    assert_eq!(told(size, &[], &[]).as_deref(), Some(" company.size greater than 50 → is empty"));
    let either = r#"{"all":[{"any":[{"attribute":"person.text","op":"is","values":["A"]},{"attribute":"person.number","op":"at_least","values":[5]}]},{"attribute":"person.text","op":"contains","values":["ö"]}]}"#;
    let known = [("text", text("Zürich")), ("number", Value::Number(3.0))];
    assert_eq!(told(either, &known, &[]).as_deref(), Some("/all/0/any/0 person.text is A → is Zürich"));
    let known = [("text", text("Zürich")), ("number", Value::Number(5.0))];
    assert_eq!(told(either, &known, &[]).as_deref(), Some("/all/1 person.text contains ö → is Zürich"));
    assert_eq!(told(either, &[("text", text("ao")), ("number", Value::Number(5.0))], &[]), None);
    let friend = ListRef::List(ListId::from(Uuid::from_u128(1)));
    let member = r#"{"member_of":"lst_00000000000000000000000001","op":"is_member"}"#;
    assert_eq!(told(member, &[], &[]).as_deref(), Some(" member of list Friends → is not a member"));
    assert_eq!(told(member, &[], &[friend]), None);
    let stranger = r#"{"member_of":"lst_00000000000000000000000001","op":"is_not_member"}"#;
    assert_eq!(told(stranger, &[], &[friend]).as_deref(), Some(" not member of list Friends → is a member"));
    assert_eq!(told(stranger, &[], &[]), None);
}

#[test]
fn everybody_and_empty_groups() {
    for (criteria, holds) in [
        (r#"{"all":[]}"#, true),
        (r#"{"all":[{"all":[]},{"all":[{"all":[]}]}]}"#, true),
        (r#"{"any":[{"all":[]},{"attribute":"person.text","op":"is_not_empty"}]}"#, true),
        (r#"{"all":[{"all":[]},{"attribute":"person.text","op":"is_not_empty"}]}"#, false),
    ] {
        assert_eq!(explained(criteria, &[], &[]).holds, holds, "{criteria}");
    }
}

#[test]
fn what_a_criteria_asks_about_is_listed_once() {
    let criteria = parse(
        r#"{"all":[{"attribute":"visit.path","op":"is_empty"},{"any":[{"attribute":"person.email","op":"is_empty"},{"attribute":"visit.path","op":"is_empty"},{"member_of":"lst_00000000000000000000000001","op":"is_member"}]}]}"#,
    );
    let used: Vec<_> = criteria.attributes_used().iter().map(ToString::to_string).collect();
    assert_eq!(used, ["person.email", "visit.path"]);
    assert_eq!(criteria.lists_used(), [ListRef::List(ListId::from(Uuid::from_u128(1)))]);
}
