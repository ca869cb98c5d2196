//! Time of one resolution: 100 published dialogues with two page patterns and two conditions each.
//!
//! `cargo run --release -p targeting --example resolve_bench` prints one line of JSON with microseconds per page view
//! for a page on which only the last dialogue matches (all patterns are tried), and for one on which all pages match and
//! only the last audience does. Facts and page are taken apart in every round, as a request does.

#![expect(clippy::print_stdout, reason = "the figure is the purpose")]

use criteria::{AttributeRef, AttributeType, Catalog, Criteria, Facts, ListRef, Moment, Source, Value};
use jiff::{Timestamp, tz::TimeZone};
use kernel::{DialogueId, SmartListId, VersionId, VisitorId};
use std::{hint::black_box, time::Instant};
use targeting::{
    Outcome, Page, PagePatterns, Published, SiteRules, SiteSnapshot, Targeting, View, VisitorHistory, resolve,
};
use uuid::Uuid;

const DIALOGUES: u32 = 100;
const ROUNDS: u32 = 20_000;

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

fn dialogue(number: u32, include: Vec<String>, size: u32) -> Published {
    let audience = format!(
        r#"{{"all":[{{"attribute":"person.country","op":"is","values":["Germany"]}},{{"attribute":"company.size","op":"at_least","values":[{size}]}}]}}"#
    );
    let audience: Criteria = serde_json::from_str(&audience).expect("well-formed");
    Published {
        id: DialogueId::from(Uuid::from_u128(number.into())),
        version: VersionId::from(Uuid::from_u128(number.into())),
        created_at: Timestamp::UNIX_EPOCH,
        priority: number,
        enabled: true,
        targeting: Targeting {
            audience,
            pages: PagePatterns { include, exclude: vec!["https://website.com/jobs/*".to_owned()] },
            ..Targeting::default()
        },
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn microseconds(snapshot: &SiteSnapshot) -> f64 {
    let visitor = VisitorHistory::new(VisitorId::from(Uuid::from_u128(7)));
    let country = Value::Text("Germany".to_owned());
    let size = Value::Number(50.0);
    let known = [(Source::Person, "country", &country), (Source::Company, "size", &size)];
    let last = DialogueId::from(Uuid::from_u128(u128::from(DIALOGUES)));
    let began = Instant::now();
    for _ in 0..ROUNDS {
        let page = Page::parse(black_box("https://website.com/products/100/details?utm_source=mail"));
        let moment = Moment::new(Timestamp::UNIX_EPOCH, TimeZone::UTC);
        let facts = Facts::prepare(snapshot.symbols(), &moment, known, []);
        let view = View { visitor: &visitor, page: page.as_ref(), facts: &facts, now: Timestamp::UNIX_EPOCH };
        let outcome = resolve(snapshot, &view);
        assert!(matches!(outcome, Outcome::Show(show) if show.dialogue == last));
    }
    began.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS)
}

fn main() {
    let built = |dialogues: Vec<Published>| SiteSnapshot::build(SiteRules::default(), dialogues, &Standard).0;
    let by_page = built(
        (1..=DIALOGUES)
            .map(|n| dialogue(n, vec![format!("https://website.com/products/{n}/*")], 1))
            .collect(),
    );
    let by_audience = built(
        (1..=DIALOGUES)
            .map(|n| {
                dialogue(n, vec!["https://*.website.com".to_owned()], if n == DIALOGUES { 50 } else { 1_000 })
            })
            .collect(),
    );
    println!(
        "{{\"bench\":\"resolve\",\"dialogues\":{DIALOGUES},\"last_page_us\":{:.2},\"last_audience_us\":{:.2}}}",
        microseconds(&by_page),
        microseconds(&by_audience)
    );
}
