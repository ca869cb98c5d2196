//! The line of verdicts that a page view keeps.

use proptest::prelude::*;
use targeting::{CapReached, Obstacle, Trace, Traced};

#[test]
fn a_line_is_read_letter_by_letter() {
    let kept = Traced::Kept;
    for (line, expected) in [
        ("", vec![]),
        ("s", vec![Traced::Shown]),
        (
            "p3sa3o2",
            vec![
                kept(Obstacle::Page),
                kept(Obstacle::Page),
                kept(Obstacle::Page),
                Traced::Shown,
                kept(Obstacle::Audience(3)),
                Traced::Outranked,
                Traced::Outranked,
            ],
        ),
        (
            "x0x12a0dc",
            vec![
                kept(Obstacle::Excluded(0)),
                kept(Obstacle::Excluded(12)),
                kept(Obstacle::Audience(0)),
                kept(Obstacle::Disabled),
                kept(Obstacle::Completed),
            ],
        ),
        (
            "rvw",
            vec![
                kept(Obstacle::Cap(CapReached::Share)),
                kept(Obstacle::Cap(CapReached::PerVisitor)),
                kept(Obstacle::Cap(CapReached::PauseAfterDismissal)),
            ],
        ),
        ("f2", vec![Traced::ChatOff; 2]),
        ("g2", vec![Traced::GoesOn; 2]),
    ] {
        assert_eq!(Trace::read(line), Some(expected), "{line}");
    }
}

#[test]
fn what_is_no_line_is_refused() {
    for line in ["z", "a", "x", "3", "s ", "é", "p99999999999", "p100001", "p100000p"] {
        assert_eq!(Trace::read(line), None, "{line}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(line in ".{0,40}", digits in "[a-z0-9]{0,40}") {
        for text in [line, digits] {
            let read = Trace::read(&text);
            prop_assert!(read.is_none_or(|verdicts| verdicts.len() <= 100_000));
        }
    }
}
