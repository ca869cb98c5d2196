//! Values as JSON and as text in CSV cells.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use criteria::{AttributeType, InvalidAttributeValue as Invalid, MAX_TEXT};
use proptest::prelude::*;
use serde_json::json;

#[test]
fn json_is_read_by_type_and_written_plain() {
    for (kind, read, written) in [
        (AttributeType::Text, json!(" Zoë "), json!("Zoë")),
        (AttributeType::Number, json!(5.0), json!(5)),
        (AttributeType::Score, json!(-7), json!(-7)),
        (AttributeType::Currency, json!(1.25), json!(1.25)),
        (AttributeType::Boolean, json!(false), json!(false)),
        (AttributeType::Date, json!("2026-11-20"), json!("2026-11-20")),
        (AttributeType::DateTime, json!("2026-11-20T10:00:00.1239+01:00"), json!("2026-11-20T09:00:00.123Z")),
        (AttributeType::Email, json!("A@Example.com"), json!("a@example.com")),
        (AttributeType::Url, json!("https://Example.com"), json!("https://example.com/")),
    ] {
        let value = kind.parse(&read).unwrap().expect("not empty");
        assert_eq!(value.to_json(), written);
        assert_eq!(serde_json::to_value(&value).unwrap(), written);
        assert_eq!(kind.parse(&written), Ok(Some(value.clone())), "read again");
        assert_eq!(kind.parse_text(&value.to_text()), Ok(Some(value)), "read again from a CSV cell");
    }
}

#[test]
fn null_and_blank_are_empty_for_every_type() {
    for kind in AttributeType::ALL {
        for json in [json!(null), json!(""), json!(" \t ")] {
            assert_eq!(kind.parse(&json), Ok(None), "{kind:?} {json}");
        }
        assert_eq!(kind.parse_text("  "), Ok(None), "{kind:?}");
    }
}

#[test]
fn json_of_another_kind_is_refused_with_a_reason() {
    let long = "x".repeat(MAX_TEXT + 1);
    for (kind, json, error) in [
        (AttributeType::Text, json!(5), Invalid::Text),
        (AttributeType::Text, json!(["a"]), Invalid::Text),
        (AttributeType::Text, json!("a\u{0}b"), Invalid::Control),
        (AttributeType::Text, json!(long), Invalid::TooLong),
        (AttributeType::Number, json!("5"), Invalid::Number),
        (AttributeType::Boolean, json!("true"), Invalid::Boolean),
        (AttributeType::Boolean, json!(1), Invalid::Boolean),
        (AttributeType::Date, json!("2026-02-29"), Invalid::Date),
        (AttributeType::Date, json!("2026-11-20T00:00:00Z"), Invalid::Date),
        (AttributeType::Date, json!(20_261_120), Invalid::Date),
        (AttributeType::DateTime, json!("2026-11-20"), Invalid::DateTime),
        (AttributeType::DateTime, json!("2026-11-20T10:00:00"), Invalid::DateTime),
        (AttributeType::Email, json!("a@b"), Invalid::Email),
        (AttributeType::Url, json!("javascript:alert(1)"), Invalid::Url),
    ] {
        assert_eq!(kind.parse(&json), Err(error), "{kind:?} {json}");
    }
}

#[test]
fn csv_cells_are_read_as_people_write_them() {
    let text =
        |kind: AttributeType, cell: &str| kind.parse_text(cell).map(|value| value.map(|v| v.to_text()));
    let read = |text: &str| Ok(Some(text.to_owned()));
    for yes in ["true", "Yes", "y", "ON", "1"] {
        assert_eq!(text(AttributeType::Boolean, yes), read("true"));
    }
    assert_eq!(text(AttributeType::Boolean, "No"), read("false"));
    assert_eq!(text(AttributeType::Boolean, "maybe"), Err(Invalid::Boolean));
    assert_eq!(text(AttributeType::Number, " 12.50 "), read("12.5"));
    assert_eq!(text(AttributeType::Currency, "€ 12.50"), read("12.5"));
    for number in ["1,234", "NaN", "inf", "1e999", "0x10", "1_000", "5 apples"] {
        assert_eq!(text(AttributeType::Number, number), Err(Invalid::Number), "{number}");
    }
    assert_eq!(text(AttributeType::Date, "2026/11/20"), read("2026-11-20"));
    assert_eq!(text(AttributeType::Date, "11/20/2026"), Err(Invalid::Date));
    assert_eq!(text(AttributeType::DateTime, "2026-11-20"), read("2026-11-20T00:00:00.000Z"));
    assert_eq!(text(AttributeType::DateTime, "2026-11-20 09:30:00"), read("2026-11-20T09:30:00.000Z"));
    assert_eq!(text(AttributeType::DateTime, "soon"), Err(Invalid::DateTime));
}

proptest! {
    #[test]
    fn no_text_makes_a_type_panic_and_what_is_read_is_read_again(cell in ".{0,40}") {
        for kind in AttributeType::ALL {
            if let Ok(Some(value)) = kind.parse_text(&cell) {
                prop_assert_eq!(kind.parse(&value.to_json()), Ok(Some(value)));
            }
        }
    }
}
