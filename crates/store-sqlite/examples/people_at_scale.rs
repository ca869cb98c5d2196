//! Writing, indexing, searching and counting many people.
//! `cargo run -p store-sqlite --example people_at_scale [PEOPLE] [FOLDER]`

#![expect(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stdout, reason = "a measurement")]

use kernel::{PersonId, Timestamp, millis};
use people::{AttributeMap, Origin, Person, Rung, SourceKind};
use serde_json::json;
use std::{collections::BTreeMap, path::PathBuf, time::Instant};
use store::{PageRequest, PeopleQuery, PeopleSort, Store};
use store_sqlite::{SqliteOptions, SqliteStore};
use uuid::Uuid;

const BATCH: u64 = 20_000;
const FIRST: [&str; 8] = ["Ada", "Grace", "José", "Zoë", "Linus", "Wei", "Anna", "Bob"];
const LAST: [&str; 6] = ["Lovelace", "Hopper", "García", "Müller", "Smith", "Zimmermann"];

fn now() -> Timestamp {
    millis(1_772_442_000_000)
}

/// Spreads a number over all 64 bits.
const fn spread(number: u64) -> u64 {
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 29)
}

fn pick<'a>(choices: &[&'a str], number: u64) -> &'a str {
    choices[usize::try_from(spread(number) >> 40).unwrap() % choices.len()]
}

fn person(number: u64) -> Person {
    let (first, last) = (pick(&FIRST, number), pick(&LAST, number ^ 77));
    let mut attributes = AttributeMap::new();
    for (name, value) in [
        ("first_name", json!(first)),
        ("last_name", json!(format!("{last}{}", number % 1_000))),
        ("phone", json!(format!("+4930{number:07}"))),
        ("job_title", json!(pick(&["Head of Sales", "Engineer", "Buyer"], number ^ 5))),
        ("department", json!("Operations")),
        ("address", json!(format!("Main street {}", number % 300))),
        ("city", json!(pick(&["Berlin", "Paris", "Oslo"], number ^ 9))),
        ("postal_code", json!(format!("{:05}", number % 99_999))),
        ("state", json!("Somewhere")),
        ("country", json!(pick(&["Germany", "France", "Norway"], number ^ 9))),
        ("language", json!("de")),
        ("time_zone", json!("Europe/Berlin")),
        ("source", json!("Fair")),
        ("score", json!(number % 100)),
        ("crm_id", json!(format!("00Q{number:012}"))),
    ] {
        attributes.insert(name.to_owned(), value);
    }
    let id = u128::from(1_772_442_000_000_u64 + number / 100) << 80 | u128::from(spread(number));
    Person {
        id: PersonId::from(Uuid::from_u128(id)),
        email: Some(
            format!("{first}.{last}.{:x}@example{}.com", spread(number) >> 16, number % 5_000)
                .to_lowercase()
                .replace(|c: char| !c.is_ascii(), "x")
                .parse()
                .unwrap(),
        ),
        rung: Rung::Claimed,
        attributes,
        origins: BTreeMap::new(),
        base_origin: Origin {
            source: SourceKind::Import,
            detail: Some("imp_1".to_owned()),
            at: now(),
            rung: None,
        },
        suggestions: Vec::new(),
        company_id: None,
        owner_id: None,
        created_at: now(),
        updated_at: now(),
        last_seen_at: None,
        version: 1,
    }
}

/// Processor seconds used so far by all threads; 0 where there is no `/proc`. On a busy machine they say more than the
/// clock does.
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks =
        |field: usize| stat.split(' ').nth(field).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(13) + ticks(14)) / 100.0
}

async fn load(store: &SqliteStore, people: u64) {
    let (mut seconds, mut used) = (0.0, 0.0);
    let start = Instant::now();
    for batch in 0..people.div_ceil(BATCH) {
        let rows: Vec<_> = (batch * BATCH..people.min((batch + 1) * BATCH)).map(person).collect();
        let (start, before) = (Instant::now(), processor());
        let mut tx = store.begin().await.unwrap();
        tx.bulk_upsert_people(&rows).await.unwrap();
        tx.commit().await.unwrap();
        seconds += start.elapsed().as_secs_f64();
        used += processor() - before;
    }
    let count = f64::from(u32::try_from(people).unwrap());
    println!(
        "written   {:>9.0}/s in the store, {:.1} µs of processor each ({:.1} s with making them)",
        count / seconds,
        used * 1e6 / count,
        start.elapsed().as_secs_f64()
    );
    let (start, before) = (Instant::now(), processor());
    loop {
        let mut tx = store.begin().await.unwrap();
        let done = tx.index_people(10_000).await.unwrap();
        tx.commit().await.unwrap();
        if done == 0 {
            break;
        }
    }
    println!(
        "indexed   {:>9.0}/s, {:.1} µs of processor each",
        count / start.elapsed().as_secs_f64(),
        (processor() - before) * 1e6 / count
    );
}

async fn ask(store: &SqliteStore, name: &str, query: &PeopleQuery) {
    let mut session = store.read().await.unwrap();
    let mut best = [f64::MAX; 2];
    let mut answer = String::new();
    for _ in 0..3 {
        let start = Instant::now();
        let page = session.search_people(query, &PageRequest::first(50)).await.unwrap();
        best[0] = best[0].min(start.elapsed().as_secs_f64() * 1_000.0);
        let start = Instant::now();
        let total = session.count_people(query).await.unwrap();
        best[1] = best[1].min(start.elapsed().as_secs_f64() * 1_000.0);
        answer =
            format!("{} of {}{}", page.items.len(), if total.exact { "" } else { "about " }, total.count);
    }
    println!("{name:<40} page {:>7.1} ms   count {:>7.1} ms   {answer}", best[0], best[1]);
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let people = arguments.next().map_or(1_000_000, |count| count.parse().unwrap());
    let folder =
        tempfile::tempdir_in(arguments.next().map_or_else(std::env::temp_dir, PathBuf::from)).unwrap();
    let store = SqliteStore::open(&folder.path().join("usher.db"), SqliteOptions::default()).await.unwrap();
    store.migrate().await.unwrap();
    load(&store, people).await;
    let all = PeopleQuery {
        words: None,
        criteria: None,
        known: None,
        list: None,
        company: None,
        sort: PeopleSort::CreatedAt,
        descending: true,
        now: now(),
        time_zone: "UTC".to_owned(),
    };
    ask(&store, "all, newest first", &all).await;
    ask(&store, "known, newest first", &PeopleQuery { known: Some(true), ..all.clone() }).await;
    for sort in [PeopleSort::LastName, PeopleSort::Score, PeopleSort::Email, PeopleSort::LastSeenAt] {
        ask(&store, &format!("by {sort:?}"), &PeopleQuery { sort, ..all.clone() }).await;
    }
    for words in ["a", "z", "zo", "zoë m", "zimmermann7", "ada lovelace12", "example77", "nobody"] {
        for sort in [PeopleSort::CreatedAt, PeopleSort::LastName] {
            let query = PeopleQuery { words: Some(words.to_owned()), sort, descending: false, ..all.clone() };
            ask(&store, &format!("{words:?} by {sort:?}"), &query).await;
        }
    }
    for criteria in [
        json!({"attribute": "person.city", "op": "is", "values": ["oslo"]}),
        json!({"all": [{"attribute": "person.first_name", "op": "is", "values": ["zoe"]},
            {"attribute": "person.score", "op": "greater_than", "values": [97]},
            {"attribute": "person.email", "op": "domain_is", "values": ["example7.com"]}]}),
    ] {
        let query =
            PeopleQuery { criteria: serde_json::from_value(criteria.clone()).unwrap(), ..all.clone() };
        ask(&store, &criteria.to_string().chars().take(40).collect::<String>(), &query).await;
    }
    store.close().await;
}
