//! Each operator on each type, for a value that satisfies it, one that does not, and none (spec 03, *Criteria*).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ground;

use criteria::{AttributeType, Operator};
use ground::{holds, holds_at};

/// type, operator and operands as JSON, a value that satisfies it, one that does not, whether an empty one does.
type Row = (&'static str, &'static str, &'static [&'static str], &'static [&'static str], bool);

const TEXTS: &[Row] = &[
    (
        "text",
        r#""op":"is","values":["Zoë","Bob"]"#,
        &[r#""zoe""#, r#"" BOB ""#],
        &[r#""bo""#, r#""bobby""#],
        false,
    ),
    ("text", r#""op":"is_not","values":["Zoë","Bob"]"#, &[r#""Ann""#], &[r#""ZOE""#, r#""bob""#], true),
    ("text", r#""op":"contains","values":["Ö","x"]"#, &[r#""Köln""#, r#""box""#], &[r#""Kiel""#], false),
    ("text", r#""op":"not_contains","values":["o","x"]"#, &[r#""Kiel""#], &[r#""Köln""#, r#""ax""#], true),
    (
        "text",
        r#""op":"starts_with","values":["são","b"]"#,
        &[r#""Sao Paulo""#, r#""BONN""#],
        &[r#""ab""#],
        false,
    ),
    ("text", r#""op":"not_starts_with","values":["a","b"]"#, &[r#""Ca""#], &[r#""Älpen""#, r#""b""#], true),
    ("text", r#""op":"is_empty""#, &[], &[r#""x""#], true),
    ("text", r#""op":"is_not_empty""#, &[r#""x""#], &[], false),
    (
        "email",
        r#""op":"is","values":["A@example.com"]"#,
        &[r#""a@EXAMPLE.com""#],
        &[r#""b@example.com""#],
        false,
    ),
    ("email", r#""op":"contains","values":["@example"]"#, &[r#""a@example.com""#], &[r#""a@b.com""#], false),
    (
        "email",
        r#""op":"domain_is","values":["Example.com","b.org"]"#,
        &[r#""a@example.com""#, r#""a@mail.example.com""#, r#""x@b.org""#],
        &[r#""a@notexample.com""#, r#""a@example.com.evil.org""#],
        false,
    ),
    ("email", r#""op":"is_empty""#, &[], &[r#""a@b.com""#], true),
    (
        "url",
        r#""op":"is","values":["https://example.com"]"#,
        &[r#""https://example.com/""#, r#""HTTPS://Example.com""#],
        &[r#""https://example.com/a""#],
        false,
    ),
    (
        "url",
        r#""op":"domain_is","values":["example.com"]"#,
        &[r#""https://www.example.com:8080/a?b@c""#, r#""http://example.com""#],
        &[r#""https://other.org/example.com""#, r#""https://other.org/?q=@example.com""#],
        false,
    ),
    (
        "url",
        r#""op":"is_not","values":["https://a.com"]"#,
        &[r#""https://b.com""#],
        &[r#""https://a.com/""#],
        true,
    ),
];

const NUMBERS: &[Row] = &[
    ("number", r#""op":"is","values":[5,7.5]"#, &["5", "5.0", "7.5"], &["6"], false),
    ("number", r#""op":"is_not","values":[5,7.5]"#, &["6"], &["5", "7.5"], true),
    ("score", r#""op":"greater_than","values":[50]"#, &["50.1", "51"], &["50", "-51"], false),
    ("currency", r#""op":"less_than","values":[0]"#, &["-0.01"], &["0", "-0.0"], false),
    ("number", r#""op":"at_least","values":[50]"#, &["50"], &["49.9"], false),
    ("number", r#""op":"at_most","values":[50]"#, &["50"], &["50.1"], false),
    ("number", r#""op":"between","values":[1,3]"#, &["1", "2", "3"], &["0.9", "3.1"], false),
    ("number", r#""op":"is_empty""#, &[], &["0"], true),
    ("number", r#""op":"is_not_empty""#, &["0"], &[], false),
];

const OTHERS: &[Row] = &[
    ("boolean", r#""op":"is_true""#, &["true"], &["false"], false),
    ("boolean", r#""op":"is_false""#, &["false"], &["true"], false),
    ("boolean", r#""op":"is_empty""#, &[], &["false"], true),
    ("date", r#""op":"is","values":["2026-05-13"]"#, &[r#""2026-05-13""#], &[r#""2026-05-14""#], false),
    ("date", r#""op":"before","values":["2026-05-13"]"#, &[r#""2026-05-12""#], &[r#""2026-05-13""#], false),
    ("date", r#""op":"after","values":["2026-05-13"]"#, &[r#""2026-05-14""#], &[r#""2026-05-13""#], false),
    (
        "date",
        r#""op":"on_or_after","values":["2026-05-13"]"#,
        &[r#""2026-05-13""#],
        &[r#""2026-05-12""#],
        false,
    ),
    (
        "date",
        r#""op":"between","values":["2026-05-01","2026-05-31"]"#,
        &[r#""2026-05-01""#, r#""2026-05-31""#],
        &[r#""2026-04-30""#, r#""2026-06-01""#],
        false,
    ),
    ("date", r#""op":"is_empty""#, &[], &[r#""2026-05-13""#], true),
    ("date", r#""op":"is_not_empty""#, &[r#""2026-05-13""#], &[], false),
    (
        "datetime",
        r#""op":"is","values":["2026-05-13"]"#,
        &[r#""2026-05-13T00:00:00Z""#, r#""2026-05-13T23:59:59.999Z""#],
        &[r#""2026-05-14T00:00:00Z""#, r#""2026-05-12T23:59:59.999Z""#],
        false,
    ),
    (
        "datetime",
        r#""op":"is","values":["2026-05-13T10:00:00+02:00"]"#,
        &[r#""2026-05-13T08:00:00Z""#],
        &[r#""2026-05-13T08:00:00.001Z""#],
        false,
    ),
    (
        "datetime",
        r#""op":"after","values":["2026-05-13"]"#,
        &[r#""2026-05-14T00:00:00Z""#],
        &[r#""2026-05-13T23:59:59.999Z""#],
        false,
    ),
    (
        "datetime",
        r#""op":"before","values":["2026-05-13T08:00:00Z"]"#,
        &[r#""2026-05-13T07:59:59.999Z""#],
        &[r#""2026-05-13T08:00:00Z""#],
        false,
    ),
    (
        "datetime",
        r#""op":"between","values":["2026-05-13","2026-05-14"]"#,
        &[r#""2026-05-13T00:00:00Z""#, r#""2026-05-14T23:59:59.999Z""#],
        &[r#""2026-05-15T00:00:00Z""#],
        false,
    ),
];

#[test]
fn every_operator_holds_for_what_it_says_and_not_for_empty_unless_negative() {
    for (kind, question, yes, no, empty) in TEXTS.iter().chain(NUMBERS).chain(OTHERS) {
        let path = format!("person.{kind}");
        let criteria = format!(r#"{{"attribute":"{path}",{question}}}"#);
        for value in *yes {
            assert!(holds(&criteria, &[(&path, value)]), "{criteria} should hold for {value}");
        }
        for value in *no {
            assert!(!holds(&criteria, &[(&path, value)]), "{criteria} should not hold for {value}");
        }
        assert_eq!(holds(&criteria, &[]), *empty, "{criteria} for an absent value");
        assert_eq!(holds(&criteria, &[(&path, r#""  ""#)]), *empty, "{criteria} for a blank value");
    }
}

#[test]
fn an_empty_value_satisfies_no_operator_but_is_empty_and_the_negative_ones() {
    for kind in AttributeType::ALL {
        for op in Operator::of(kind) {
            let word = op.as_str();
            let value = if kind.is_numeric() { "1" } else { r#""2026-01-01""# };
            let rest = match op.operand() {
                criteria::Operand::Nothing => String::new(),
                criteria::Operand::Some if *op == Operator::DomainIs => r#","values":["a.com"]"#.to_owned(),
                criteria::Operand::Two => format!(r#","values":[{value},{value}]"#),
                criteria::Operand::Duration => r#","values":[3],"unit":"days""#.to_owned(),
                _ => format!(r#","values":[{value}]"#),
            };
            let criteria = format!(r#"{{"attribute":"person.{}","op":"{word}"{rest}}}"#, kind.as_str());
            let expected = ["is_empty", "is_not", "not_contains", "not_starts_with"].contains(&word);
            assert_eq!(holds(&criteria, &[]), expected, "{criteria}");
        }
    }
}

/// operator, unit or nothing, zone, now, instants inside, instants outside.
type Moving = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const MOVING: &[Moving] = &[
    (
        "in_past",
        "minutes",
        "UTC",
        "2026-05-13T10:00:00Z",
        &["2026-05-13T09:57:00Z", "2026-05-13T10:00:00Z"],
        &["2026-05-13T09:56:59.999Z", "2026-05-13T10:00:00.001Z"],
    ),
    ("in_past", "hours", "UTC", "2026-05-13T10:00:00Z", &["2026-05-13T07:00:00Z"], &["2026-05-13T06:59:59Z"]),
    // The clocks go forward on 29 March in Berlin: three days before noon of the 30th is noon of the 27th, 71 hours.
    (
        "in_past",
        "days",
        "Europe/Berlin",
        "2026-03-30T10:00:00Z",
        &["2026-03-27T11:00:00Z"],
        &["2026-03-27T10:59:59Z"],
    ),
    (
        "in_past",
        "hours",
        "Europe/Berlin",
        "2026-03-29T02:00:00Z",
        &["2026-03-28T23:00:00Z"],
        &["2026-03-28T22:59:59Z"],
    ),
    ("in_past", "weeks", "UTC", "2026-05-13T10:00:00Z", &["2026-04-22T10:00:00Z"], &["2026-04-22T09:59:59Z"]),
    // Three months before 31 May is the last day of February.
    (
        "in_past",
        "months",
        "UTC",
        "2026-05-31T10:00:00Z",
        &["2026-02-28T10:00:00Z"],
        &["2026-02-28T09:59:59Z"],
    ),
    (
        "not_in_past",
        "days",
        "UTC",
        "2026-05-13T10:00:00Z",
        &["2026-05-10T09:59:59Z", "2026-05-13T10:00:01Z"],
        &["2026-05-10T10:00:00Z", "2026-05-13T10:00:00Z"],
    ),
    (
        "in_future",
        "days",
        "UTC",
        "2026-05-13T10:00:00Z",
        &["2026-05-13T10:00:00Z", "2026-05-16T10:00:00Z"],
        &["2026-05-13T09:59:59Z", "2026-05-16T10:00:01Z"],
    ),
    (
        "today",
        "",
        "UTC",
        "2026-05-13T10:00:00Z",
        &["2026-05-13T00:00:00Z", "2026-05-13T23:59:59.999Z"],
        &["2026-05-12T23:59:59.999Z", "2026-05-14T00:00:00Z"],
    ),
    (
        "today",
        "",
        "America/New_York",
        "2026-05-13T02:00:00Z",
        &["2026-05-12T04:00:00Z", "2026-05-13T03:59:59Z"],
        &["2026-05-12T03:59:59Z", "2026-05-13T04:00:00Z"],
    ),
    // The day on which the clocks go back has 25 hours.
    (
        "today",
        "",
        "Europe/Berlin",
        "2026-10-25T12:00:00Z",
        &["2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z"],
        &["2026-10-24T21:59:59Z", "2026-10-25T23:00:00Z"],
    ),
    (
        "yesterday",
        "",
        "Europe/Berlin",
        "2026-03-30T10:00:00Z",
        &["2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z"],
        &["2026-03-28T22:59:59Z", "2026-03-29T22:00:00Z"],
    ),
    // 13 May 2026 is a Wednesday.
    (
        "this_week",
        "",
        "UTC",
        "2026-05-13T10:00:00Z",
        &["2026-05-11T00:00:00Z", "2026-05-17T23:59:59Z"],
        &["2026-05-10T23:59:59Z", "2026-05-18T00:00:00Z"],
    ),
    ("this_week", "", "UTC", "2026-05-17T10:00:00Z", &["2026-05-11T00:00:00Z"], &["2026-05-18T00:00:00Z"]),
    (
        "last_week",
        "",
        "UTC",
        "2026-05-11T00:00:00Z",
        &["2026-05-04T00:00:00Z", "2026-05-10T23:59:59Z"],
        &["2026-05-03T23:59:59Z", "2026-05-11T00:00:00Z"],
    ),
    (
        "this_month",
        "",
        "UTC",
        "2026-02-13T10:00:00Z",
        &["2026-02-01T00:00:00Z", "2026-02-28T23:59:59Z"],
        &["2026-01-31T23:59:59Z", "2026-03-01T00:00:00Z"],
    ),
    (
        "last_month",
        "",
        "UTC",
        "2026-03-31T10:00:00Z",
        &["2026-02-01T00:00:00Z", "2026-02-28T23:59:59Z"],
        &["2026-01-31T23:59:59Z", "2026-03-01T00:00:00Z"],
    ),
    (
        "this_quarter",
        "",
        "UTC",
        "2026-05-13T10:00:00Z",
        &["2026-04-01T00:00:00Z", "2026-06-30T23:59:59Z"],
        &["2026-03-31T23:59:59Z", "2026-07-01T00:00:00Z"],
    ),
    (
        "last_quarter",
        "",
        "UTC",
        "2026-01-01T00:00:00Z",
        &["2025-10-01T00:00:00Z", "2025-12-31T23:59:59Z"],
        &["2025-09-30T23:59:59Z", "2026-01-01T00:00:00Z"],
    ),
];

#[test]
fn relative_times_have_their_bounds_also_when_the_clocks_change() {
    for (op, unit, zone, now, inside, outside) in MOVING {
        let rest = if unit.is_empty() { String::new() } else { format!(r#","values":[3],"unit":"{unit}""#) };
        let criteria = format!(r#"{{"attribute":"person.datetime","op":"{op}"{rest}}}"#);
        let holds = |at: &str| holds_at(&criteria, &[("person.datetime", &format!("\"{at}\""))], now, zone);
        for at in *inside {
            assert!(holds(at), "{op} {unit} at {now} in {zone} should hold for {at}");
        }
        for at in *outside {
            assert!(!holds(at), "{op} {unit} at {now} in {zone} should not hold for {at}");
        }
    }
}

#[test]
fn days_are_days_of_the_zone() {
    let at = |criteria: &str, day: &str, zone: &str| {
        let value = format!("\"{day}\"");
        holds_at(criteria, &[("person.date", &value)], "2026-05-13T02:00:00Z", zone)
    };
    let today = r#"{"attribute":"person.date","op":"today"}"#;
    assert!(at(today, "2026-05-13", "UTC"));
    assert!(at(today, "2026-05-12", "America/New_York"));
    assert!(!at(today, "2026-05-13", "America/New_York"));
    let past = r#"{"attribute":"person.date","op":"in_past","values":[1],"unit":"days"}"#;
    assert!(at(past, "2026-05-12", "UTC") && at(past, "2026-05-13", "UTC"));
    assert!(!at(past, "2026-05-11", "UTC") && !at(past, "2026-05-14", "UTC"));
    let instant = r#"{"attribute":"person.date","op":"is","values":["2026-05-13T02:00:00Z"]}"#;
    assert!(at(instant, "2026-05-12", "America/New_York"));
}

#[test]
fn absurd_durations_neither_panic_nor_wrap() {
    for unit in ["minutes", "hours", "days", "weeks", "months"] {
        let condition = |op| {
            format!(r#"{{"attribute":"person.datetime","op":"{op}","values":[100000],"unit":"{unit}"}}"#)
        };
        let known = [("person.datetime", "\"2026-05-13T10:00:00Z\"")];
        assert!(holds(&condition("in_past"), &known), "{unit}");
        assert!(holds(&condition("in_future"), &known), "{unit}");
        assert!(!holds(&condition("not_in_past"), &known), "{unit}");
    }
}
