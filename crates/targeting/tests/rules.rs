//! Targeting as JSON, its check in words, events and shares.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use criteria::{AttributeRef, AttributeType, Catalog, ListRef};
use kernel::{DialogueId, SmartListId, VisitorId};
use targeting::{EventCondition, EventMode, EventRule, Observed, Targeting, share_of};
use uuid::Uuid;

struct Standard;

impl Catalog for Standard {
    fn attribute_type(&self, attribute: &AttributeRef) -> Option<AttributeType> {
        criteria::standard::find(attribute).map(|standard| standard.kind)
    }
    fn list_name(&self, _: ListRef) -> Option<String> {
        None
    }
    fn lists_of(&self, _: SmartListId) -> Vec<ListRef> {
        Vec::new()
    }
}

const FULL: &str = r#"{"audience":{"all":[{"attribute":"visit.path","op":"contains","values":["pricing"]}]},"pages":{"include":["https://*.website.com"],"exclude":[]},"events":{"mode":"any","conditions":[{"kind":"time_on_page","seconds":30},{"kind":"time_on_site","seconds":60},{"kind":"scroll_depth","percent":50},{"kind":"exit_intent"},{"kind":"page_views","count":3}]},"caps":{"per_visitor":{"times":2,"period_days":7},"pause_after_dismissal_days":3,"share":10}}"#;

fn parse(json: &str) -> Targeting {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

#[test]
fn the_json_form_is_kept_and_a_full_one_is_without_mistakes() {
    let targeting = parse(FULL);
    assert_eq!(serde_json::to_string(&targeting).unwrap(), FULL);
    assert_eq!(targeting.check(&Standard), []);
    let empty = serde_json::to_string(&Targeting::default()).unwrap();
    assert_eq!(
        empty,
        r#"{"audience":{"all":[]},"pages":{"include":[],"exclude":[]},"events":{"mode":"all","conditions":[]},"caps":{}}"#
    );
    assert_eq!(parse(&empty), Targeting::default());
}

#[test]
fn unknown_fields_are_refused() {
    for (known, unknown) in [
        (r#""share":10"#, r#""share":10,"size":1"#),
        (r#""seconds":30"#, r#""seconds":30,"minutes":1"#),
        (r#""kind":"exit_intent""#, r#""kind":"exit_intent","percent":1"#),
        (r#""kind":"exit_intent""#, r#""kind":"mouse_move""#),
        (r#""exclude":[]"#, r#""exclude":[],"only":[]"#),
        (r#""mode":"any""#, r#""mode":"some""#),
        (r#""seconds":30"#, r#""seconds":-1"#),
    ] {
        let json = FULL.replacen(known, unknown, 1);
        assert!(serde_json::from_str::<Targeting>(&json).is_err(), "{unknown} should be refused");
    }
}

#[test]
fn mistakes_are_told_at_their_place() {
    let mut targeting =
        parse(&FULL.replace("visit.path", "visit.colour").replace(r#""share":10"#, r#""share":0"#));
    targeting.pages.include.clear();
    targeting.pages.exclude.push("ftp://x".to_owned());
    targeting.events.conditions[2] = EventCondition::ScrollDepth { percent: 101 };
    let told: Vec<_> =
        targeting.check(&Standard).into_iter().map(|e| format!("{}: {}", e.path, e.message)).collect();
    assert_eq!(
        told,
        [
            "/audience/all/0: visit.colour contains pricing: there is no attribute visit.colour",
            "/pages/include: there is no target page, so it would never be shown",
            "/pages/exclude/0: “ftp://x” begins with another scheme than http:// or https://",
            "/events/conditions/2: scroll depth is more than 100 percent",
            "/caps/share: the share is not 1 to 100 percent",
        ]
    );
}

#[test]
fn any_or_all_events_must_have_come() {
    let conditions = vec![
        EventCondition::TimeOnPage { seconds: 30 },
        EventCondition::ScrollDepth { percent: 50 },
        EventCondition::ExitIntent {},
        EventCondition::PageViews { count: 3 },
        EventCondition::TimeOnSite { seconds: 60 },
    ];
    let any = EventRule { mode: EventMode::Any, conditions: conditions.clone() };
    let all = EventRule { mode: EventMode::All, conditions };
    let none = Observed {
        page_seconds: 29.9,
        site_seconds: 59.9,
        scroll_percent: 49.9,
        exit_intent: false,
        page_views: 2,
    };
    let every = Observed {
        page_seconds: 30.0,
        site_seconds: 60.0,
        scroll_percent: 50.0,
        exit_intent: true,
        page_views: 3,
    };
    assert!(!any.met(&none) && !all.met(&none));
    assert!(any.met(&every) && all.met(&every));
    for one in [
        Observed { page_seconds: 30.0, ..none },
        Observed { site_seconds: 60.0, ..none },
        Observed { scroll_percent: 50.0, ..none },
        Observed { exit_intent: true, ..none },
        Observed { page_views: 3, ..none },
    ] {
        assert!(any.met(&one) && !all.met(&one), "{one:?}");
    }
    assert!(EventRule::default().met(&none), "without conditions it is shown at once");
}

#[test]
fn a_share_is_sticky_even_and_different_for_each_dialogue() {
    let dialogue = |n: u128| DialogueId::from(Uuid::from_u128(n));
    let visitor = |n: u128| VisitorId::from(Uuid::from_u128((0x019a_0000_0000_7000 << 64) | n));
    let places: Vec<u8> = (0..10_000).map(|n| share_of(visitor(n), dialogue(1))).collect();
    assert!(places.iter().all(|place| *place < 100));
    let within = |share: u8| places.iter().filter(|place| **place < share).count();
    for share in [1, 10, 50, 90] {
        let expected = usize::from(share) * 100;
        assert!(within(share).abs_diff(expected) < 200, "{share} % of 10000 visitors are {}", within(share));
    }
    let again: Vec<u8> = (0..10_000).map(|n| share_of(visitor(n), dialogue(1))).collect();
    assert_eq!(places, again);
    let other = (0..10_000).filter(|n| share_of(visitor(*n), dialogue(2)) < 10);
    let both = other.filter(|n| share_of(visitor(*n), dialogue(1)) < 10).count();
    assert!(both < 200, "the shares of two dialogues overlap by chance only, not {both}");
}
