//! What only Postgres has: several writers at once, and servers that must be refused.

#![expect(clippy::unwrap_used, reason = "a panic is the verdict of a test")]

use engagement::{Activity, ActivityType};
use kernel::{Clock, Entropy, millis};
use people::{AttributeMap, Origin, Person, Rung, SourceKind};
use sqlx::{Connection, PgConnection, Row, query};
use std::{sync::Arc, time::Duration};
use store::{Store, StoreError};
use store_postgres::{PostgresSettings, PostgresStore};
use testkit::{
    SeededEntropy, SetClock,
    postgres::{PostgresServer, TestDatabase},
};
use tokio::{sync::oneshot, time::timeout};

struct Bench {
    store: Arc<PostgresStore>,
    clock: SetClock,
    dice: SeededEntropy,
    database: TestDatabase,
}

impl Bench {
    async fn new() -> Self {
        let database = TestDatabase::empty().await;
        let store = Arc::new(open(database.url()));
        store.migrate().await.unwrap();
        Self { store, clock: SetClock::at("2026-11-20T09:30:00Z"), dice: SeededEntropy::new(7), database }
    }

    fn person(&self, email: Option<&str>) -> Person {
        let now = self.clock.now();
        Person {
            id: self.dice.id(now),
            email: email.map(|email| email.parse().unwrap()),
            rung: if email.is_some() { Rung::Claimed } else { Rung::Anonymous },
            attributes: AttributeMap::new(),
            origins: std::collections::BTreeMap::new(),
            base_origin: Origin { source: SourceKind::Import, detail: None, at: now, rung: None },
            suggestions: Vec::new(),
            company_id: None,
            owner_id: None,
            created_at: now,
            updated_at: now,
            last_seen_at: None,
            version: 1,
        }
    }

    fn activity(&self, person: &Person) -> Activity {
        Activity {
            id: self.dice.id(self.clock.now()),
            kind: ActivityType::Imported,
            person_id: person.id,
            visitor_id: None,
            site_id: None,
            dialogue_id: None,
            conversation_id: None,
            at: self.clock.now(),
            attributes: serde_json::Map::new(),
        }
    }
}

fn open(url: &str) -> PostgresStore {
    PostgresStore::new(&PostgresSettings::new(url)).unwrap()
}

#[tokio::test]
async fn a_server_that_would_lose_acknowledged_work_is_refused() {
    let database = TestDatabase::empty().await;
    for (setting, refused) in [("synchronous_commit=off", true), ("synchronous_commit=on", false)] {
        let separator = if database.url().contains('?') { '&' } else { '?' };
        let url = format!("{}{separator}options[{}", database.url(), setting.replace('=', "]="));
        let result = open(&url).migrate().await;
        match result {
            Err(StoreError::Corrupt(why)) if refused => assert!(why.contains("synchronous_commit"), "{why}"),
            other => assert!(!refused && other.is_ok(), "{setting}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_server_that_does_not_flush_is_refused() {
    let server = PostgresServer::start().await;
    let database = server.database().await;
    let mut admin = server.connect().await.unwrap();
    query("ALTER SYSTEM SET fsync = off").execute(&mut admin).await.unwrap();
    query("SELECT pg_reload_conf()").execute(&mut admin).await.unwrap();
    let careless = async {
        loop {
            if let Err(StoreError::Corrupt(why)) = open(database.url()).migrate().await {
                return why;
            }
        }
    };
    let why = timeout(Duration::from_secs(20), careless).await.expect("the setting comes into force");
    assert!(why.contains("fsync"), "{why}");
}

#[tokio::test]
async fn a_schema_of_a_newer_program_is_refused() {
    let bench = Bench::new().await;
    let mut connection = PgConnection::connect(bench.database.url()).await.unwrap();
    query("INSERT INTO schema_migrations (number, name) VALUES (9999, 'future')")
        .execute(&mut connection)
        .await
        .unwrap();
    assert!(matches!(bench.store.migrate().await, Err(StoreError::Corrupt(_))));
}

#[tokio::test]
async fn many_nodes_may_migrate_at_once() {
    let database = TestDatabase::empty().await;
    let nodes = (0..4).map(|_| {
        let store = open(database.url());
        tokio::spawn(async move { store.migrate().await })
    });
    for node in nodes.collect::<Vec<_>>() {
        node.await.unwrap().unwrap();
    }
    open(database.url()).ready().await.unwrap();
}

#[tokio::test]
async fn partitions_of_coming_months_are_there() {
    let bench = Bench::new().await;
    let mut connection = PgConnection::connect(bench.database.url()).await.unwrap();
    let names = query(
        "SELECT to_char(now() AT TIME ZONE 'UTC' + interval '1 month', '\"activities_\"YYYY_MM') AS next",
    );
    let next: String = names.fetch_one(&mut connection).await.unwrap().get("next");
    let there = query(
        "SELECT FROM pg_inherits WHERE inhparent = 'activities'::regclass AND inhrelid = to_regclass($1)",
    );
    assert!(there.bind(&next).fetch_optional(&mut connection).await.unwrap().is_some(), "{next}");
}

#[tokio::test]
async fn a_reader_waits_for_whoever_appended_first_and_commits_last() {
    let bench = Bench::new().await;
    let person = bench.person(None);
    let mut setup = bench.store.begin().await.unwrap();
    setup.insert_people(std::slice::from_ref(&person)).await.unwrap();
    setup.commit().await.unwrap();

    let (first, second) = (bench.activity(&person), bench.activity(&person));
    let mut slow = bench.store.begin().await.unwrap();
    slow.append_activities(std::slice::from_ref(&first)).await.unwrap();
    let mut quick = bench.store.begin().await.unwrap();
    quick.append_activities(std::slice::from_ref(&second)).await.unwrap();
    quick.commit().await.unwrap();

    let mut reader = bench.store.read().await.unwrap();
    assert_eq!(reader.activities_after(0, 10).await.unwrap(), [], "the first may still come");
    slow.commit().await.unwrap();
    let seen: Vec<_> = reader.activities_after(0, 10).await.unwrap();
    assert_eq!(seen.iter().map(|logged| logged.activity.id).collect::<Vec<_>>(), [first.id, second.id]);
    assert_eq!(reader.activities_after(seen[1].position, 10).await.unwrap(), []);
}

#[tokio::test]
async fn one_address_is_made_by_one() {
    let bench = Bench::new().await;
    let email = "ada@example.com".parse().unwrap();
    let mut first = bench.store.begin().await.unwrap();
    assert_eq!(first.lock_email(&email).await.unwrap(), None);

    let (began, waits) = oneshot::channel();
    let second = tokio::spawn({
        let (store, email) = (Arc::clone(&bench.store), email.clone());
        async move {
            let mut second = store.begin().await.unwrap();
            began.send(()).unwrap();
            second.lock_email(&email).await.unwrap()
        }
    });
    waits.await.unwrap();
    let person = bench.person(Some("ada@example.com"));
    first.insert_people(std::slice::from_ref(&person)).await.unwrap();
    first.commit().await.unwrap();
    assert_eq!(second.await.unwrap().map(|p| p.id), Some(person.id), "the second finds whom the first made");
}

#[tokio::test]
async fn merges_in_opposite_directions_both_end() {
    let bench = Bench::new().await;
    let (a, b) = (bench.person(None), bench.person(None));
    let mut setup = bench.store.begin().await.unwrap();
    setup.insert_people(&[a.clone(), b.clone()]).await.unwrap();
    setup.commit().await.unwrap();
    let merge = |survivor, lost| {
        let (store, now) = (Arc::clone(&bench.store), bench.clock.now());
        tokio::spawn(async move {
            let mut work = store.begin().await.unwrap();
            work.absorb_person(survivor, lost, now).await.unwrap();
            work.commit().await.unwrap();
        })
    };
    let (one, other) = (merge(a.id, b.id), merge(b.id, a.id));
    timeout(Duration::from_secs(20), async { (one.await.unwrap(), other.await.unwrap()) }).await.unwrap();
    let mut reader = bench.store.read().await.unwrap();
    let (from_a, from_b) = (reader.person(a.id).await.unwrap(), reader.person(b.id).await.unwrap());
    assert!(from_a.is_some() && from_a.map(|p| p.id) == from_b.map(|p| p.id));
}

#[tokio::test]
async fn what_is_written_while_a_person_is_merged_goes_to_the_survivor() {
    let bench = Bench::new().await;
    let (survivor, lost) = (bench.person(None), bench.person(None));
    let mut setup = bench.store.begin().await.unwrap();
    setup.insert_people(&[survivor.clone(), lost.clone()]).await.unwrap();
    setup.commit().await.unwrap();

    let mut merge = bench.store.begin().await.unwrap();
    merge.absorb_person(survivor.id, lost.id, bench.clock.now()).await.unwrap();
    let activity = bench.activity(&lost);
    let (began, waits) = oneshot::channel();
    let write = tokio::spawn({
        let store = Arc::clone(&bench.store);
        async move {
            let mut work = store.begin().await.unwrap();
            began.send(()).unwrap();
            work.append_activities(&[activity]).await.unwrap();
            work.commit().await.unwrap();
        }
    });
    waits.await.unwrap();
    merge.commit().await.unwrap();
    write.await.unwrap();
    let mut reader = bench.store.read().await.unwrap();
    let logged = reader.activities_after(0, 10).await.unwrap();
    assert_eq!(logged.iter().map(|l| l.activity.person_id).collect::<Vec<_>>(), [survivor.id]);
}

#[tokio::test]
async fn a_bulk_write_takes_every_character_and_replaces_by_id() {
    let bench = Bench::new().await;
    let mut person = bench.person(Some("ada@münchen.de"));
    for (name, text) in
        [("first_name", "Tab\tback\\slash"), ("last_name", "Łódź\n\\N \"q\""), ("city", "日本 🗾")]
    {
        person.attributes.insert(name.to_owned(), text.into());
    }
    person.attributes.insert("score".to_owned(), serde_json::json!(12.5));
    let mut work = bench.store.begin().await.unwrap();
    work.bulk_upsert_people(std::slice::from_ref(&person)).await.unwrap();
    person.version = 2;
    person.last_seen_at = Some(millis(1_800_000_000_123));
    work.bulk_upsert_people(&[person.clone(), bench.person(None)]).await.unwrap();
    assert_eq!(
        work.index_people(10).await.unwrap(),
        1,
        "who was there; who is new is written with the words"
    );
    assert_eq!(work.index_people(10).await.unwrap(), 0);
    work.commit().await.unwrap();
    let mut reader = bench.store.read().await.unwrap();
    assert_eq!(reader.person(person.id).await.unwrap(), Some(person));
}

#[tokio::test]
async fn a_server_that_is_away_is_unavailable_and_comes_back() {
    let mut server = PostgresServer::start().await;
    let database = server.database().await;
    let settings =
        PostgresSettings { patience: Duration::from_secs(1), ..PostgresSettings::new(database.url()) };
    let store = PostgresStore::new(&settings).unwrap();
    store.migrate().await.unwrap();
    server.stop();
    assert!(matches!(store.ready().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.begin().await.map(drop), Err(StoreError::Unavailable(_))));
    server.start_again().await;
    timeout(Duration::from_secs(10), async { while store.ready().await.is_err() {} })
        .await
        .expect("it is back");
}
