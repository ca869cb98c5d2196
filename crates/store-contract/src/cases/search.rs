use crate::{
    World, all_pages,
    fixtures::{FIRST, with},
    world::at,
};
use ::people::Person;
use kernel::{Cursor, text::fold};
use serde_json::json;
use std::cmp::Ordering;
use store::{PageRequest, PeopleQuery, PeopleSort, StoreError, Total};

const SORTS: [PeopleSort; 7] = [
    PeopleSort::CreatedAt,
    PeopleSort::UpdatedAt,
    PeopleSort::LastSeenAt,
    PeopleSort::Email,
    PeopleSort::LastName,
    PeopleSort::Score,
    PeopleSort::Company,
];

pub(crate) fn everybody() -> PeopleQuery {
    PeopleQuery {
        words: None,
        criteria: None,
        known: None,
        list: None,
        company: None,
        sort: PeopleSort::CreatedAt,
        descending: true,
        now: at(0),
        time_zone: "UTC".to_owned(),
    }
}

pub async fn words_are_beginnings_without_case_and_accents(w: World) {
    let company = w.company("Zürcher Käse-Union", &[]);
    let mut jose =
        with(w.named("j.garcia@bücher.example", "José", "García Márquez"), "job_title", json!("Head of R&D"));
    jose.company_id = Some(company.id);
    let wei = with(w.person("wei@example.cn"), "full_name", json!("王伟"));
    let plain = w.named("anna_b+tag@mail.example.com", "Anna", "O'Brien");
    let mut tx = w.begin().await;
    tx.insert_companies(&[company]).await.unwrap();
    tx.insert_people(&[jose.clone(), wei.clone(), plain.clone(), w.anonymous()]).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    for (words, expected) in [
        ("jose", vec![jose.id]),
        ("JOSÉ gar", vec![jose.id]),
        ("marq  gar jo", vec![jose.id]),
        ("arquez", vec![]),
        ("zur kase", vec![jose.id]),
        ("union head", vec![jose.id]),
        ("garcia@bucher", vec![jose.id]),
        ("王", vec![wei.id]),
        ("anna_b+t", vec![plain.id]),
        ("brien", vec![plain.id]),
        ("mail.exam", vec![plain.id]),
        ("example", vec![jose.id, wei.id, plain.id]),
        ("anna jose", vec![]),
        ("\" OR * NEAR( -a:b", vec![]),
        ("'; DROP TABLE people; --", vec![]),
    ] {
        let query = PeopleQuery { words: Some(words.to_owned()), descending: false, ..everybody() };
        let found: Vec<_> =
            session.search_people(&query, &FIRST).await.unwrap().items.iter().map(|p| p.id).collect();
        assert_eq!(found, expected, "{words}");
        let total = session.count_people(&query).await.unwrap();
        assert_eq!(total, Total { count: expected.len() as u64, exact: true }, "{words}");
    }
    let blank = PeopleQuery { words: Some(" .,- ".to_owned()), ..everybody() };
    assert_eq!(session.count_people(&blank).await.unwrap().count, 4);
    drop(session);
    let mut renamed = with(plain.clone(), "first_name", json!("Ottilie"));
    renamed.version = 2;
    let mut tx = w.begin().await;
    tx.update_people(&[renamed]).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    for (words, count) in [("ottil", 1), ("brien", 1), ("mail ott", 1)] {
        let query = PeopleQuery { words: Some(words.to_owned()), ..everybody() };
        assert_eq!(session.count_people(&query).await.unwrap().count, count, "{words}");
    }
}

/// People with ties, gaps and accents in every sort column.
fn crowd(w: &World) -> (Vec<::people::Company>, Vec<Person>) {
    let companies = vec![w.company("Émile", &[]), w.company("beta", &[]), w.company("Alpha", &[])];
    let names = ["Zoë", "zoe", "Ámbar", "Müller", "Muller"];
    let people = (0..57_usize)
        .map(|n| {
            let mut person =
                if n % 4 == 3 { w.anonymous() } else { w.person(&format!("p{}@example.com", n * 37 % 100)) };
            if n % 3 != 0 {
                person = with(person, "last_name", json!(names[n % names.len()]));
            }
            if n % 5 != 0 {
                person = with(
                    person,
                    "score",
                    if n % 2 == 0 { json!(n % 7) } else { json!(0.5 + (n % 3) as f64) },
                );
            }
            person.company_id = companies.get(n % 5).map(|company| company.id);
            person.created_at = at((n as i64 * 7) % 10);
            person.updated_at = at((n as i64 * 3) % 20);
            person.last_seen_at = (n % 6 != 1).then(|| at(n as i64 % 4));
            person
        })
        .collect();
    (companies, people)
}

fn compared(query: &PeopleQuery, companies: &[::people::Company], a: &Person, b: &Person) -> Ordering {
    let company = |p: &Person| companies.iter().find(|c| Some(c.id) == p.company_id).map(|c| fold(&c.name));
    let score = |p: &Person| p.attributes.get("score").and_then(serde_json::Value::as_f64);
    let ordered = match query.sort {
        PeopleSort::CreatedAt => gap_last(Some(a.created_at), Some(b.created_at), query.descending),
        PeopleSort::UpdatedAt => gap_last(Some(a.updated_at), Some(b.updated_at), query.descending),
        PeopleSort::LastSeenAt => gap_last(a.last_seen_at, b.last_seen_at, query.descending),
        PeopleSort::Email => gap_last(a.email.clone(), b.email.clone(), query.descending),
        PeopleSort::LastName => {
            gap_last(a.text("last_name").map(fold), b.text("last_name").map(fold), query.descending)
        }
        PeopleSort::Score => gap_last(score(a), score(b), query.descending),
        PeopleSort::Company => gap_last(company(a), company(b), query.descending),
    };
    ordered.then_with(|| if query.descending { b.id.cmp(&a.id) } else { a.id.cmp(&b.id) })
}

fn gap_last<T: PartialOrd>(a: Option<T>, b: Option<T>, descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => {
            let ordered = a.partial_cmp(&b).unwrap_or(Ordering::Equal);
            if descending { ordered.reverse() } else { ordered }
        }
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

pub async fn every_order_pages_without_loss_or_repeat(w: World) {
    let (companies, people) = crowd(&w);
    let mut tx = w.begin().await;
    tx.insert_companies(&companies).await.unwrap();
    tx.insert_people(&people).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    for sort in SORTS {
        for descending in [false, true] {
            for (words, known) in
                [(None, None), (Some("example"), None), (None, Some(true)), (None, Some(false))]
            {
                let query =
                    PeopleQuery { sort, descending, known, words: words.map(str::to_owned), ..everybody() };
                let mut expected: Vec<_> = people
                    .iter()
                    .filter(|p| words.is_none() || p.is_known())
                    .filter(|p| known.is_none_or(|known| p.is_known() == known))
                    .collect();
                expected.sort_by(|a, b| compared(&query, &companies, a, b));
                let expected: Vec<_> = expected.into_iter().map(|p| p.id).collect();
                for limit in [1, 4, 200] {
                    let found: Vec<_> = all_pages!(limit, page => session.search_people(&query, &page))
                        .iter()
                        .map(|p| p.id)
                        .collect();
                    assert_eq!(found, expected, "{sort:?} {descending} {words:?} {known:?} by {limit}");
                }
            }
        }
    }
}

pub async fn filters_narrow_pages_and_counts(w: World) {
    let (companies, people) = crowd(&w);
    let list = w.list("Even");
    let members: Vec<_> = people.iter().step_by(2).map(|p| p.id).collect();
    let mut tx = w.begin().await;
    tx.insert_companies(&companies).await.unwrap();
    tx.insert_people(&people).await.unwrap();
    tx.insert_list(&list).await.unwrap();
    tx.add_to_list(list.id, &members, None, at(1)).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let company = companies[1].id;
    for list in [None, Some(list.id)] {
        for company in [None, Some(company)] {
            for known in [None, Some(true), Some(false)] {
                for words in [None, Some("mul")] {
                    let query =
                        PeopleQuery { list, company, known, words: words.map(str::to_owned), ..everybody() };
                    let expected = people
                        .iter()
                        .filter(|p| list.is_none() || members.contains(&p.id))
                        .filter(|p| company.is_none_or(|c| p.company_id == Some(c)))
                        .filter(|p| known.is_none_or(|known| p.is_known() == known))
                        .filter(|p| {
                            words.is_none_or(|w| p.text("last_name").is_some_and(|n| fold(n).starts_with(w)))
                        })
                        .count();
                    let found = all_pages!(5, page => session.search_people(&query, &page));
                    assert_eq!(found.len(), expected, "{query:?}");
                    let total = session.count_people(&query).await.unwrap();
                    assert_eq!(total, Total { count: expected as u64, exact: true }, "{query:?}");
                }
            }
        }
    }
}

pub async fn bulk_writes_are_found_after_indexing(w: World) {
    let mut people: Vec<_> =
        (0..200).map(|n| w.named(&format!("p{n}@example.com"), "Ada", &format!("N{n}"))).collect();
    let mut tx = w.begin().await;
    tx.bulk_upsert_people(&people[..130]).await.unwrap();
    tx.bulk_upsert_people(&[]).await.unwrap();
    tx.commit().await.unwrap();
    people[3] = with(people[3].clone(), "first_name", json!("Grace"));
    people[3].version = 9;
    people[4].email = Some("changed@example.com".parse().unwrap());
    let mut tx = w.begin().await;
    // Known and new ones, one of them twice: the last counts.
    let mut again = people[..200].to_vec();
    again.insert(0, people[199].clone());
    again[0].attributes.clear();
    tx.bulk_upsert_people(&again).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.count_people(&everybody()).await.unwrap(), Total { count: 200, exact: true });
    for person in [&people[3], &people[4], &people[199]] {
        assert_eq!(session.person(person.id).await.unwrap().as_ref(), Some(person));
    }
    drop(session);
    let mut indexed = 0;
    loop {
        let mut tx = w.begin().await;
        let done = tx.index_people(77).await.unwrap();
        tx.commit().await.unwrap();
        indexed += done;
        if done == 0 {
            break;
        }
    }
    // A store may index some at once, but never more than were written.
    assert!(indexed <= 200, "{indexed}");
    let mut session = w.read().await;
    for (words, count) in [("ada", 199), ("grace", 1), ("changed", 1), ("p4", 10), ("n199", 1)] {
        let query = PeopleQuery { words: Some(words.to_owned()), ..everybody() };
        assert_eq!(session.count_people(&query).await.unwrap().count, count, "{words}");
    }
    let by_name = PeopleQuery { sort: PeopleSort::LastName, descending: false, ..everybody() };
    let found = all_pages!(50, page => session.search_people(&by_name, &page));
    assert!(found.is_sorted_by_key(|p| p.text("last_name").map(fold)) && found.len() == 200);
    drop(session);
    let mut tx = w.begin().await;
    let taken = tx.bulk_upsert_people(&[w.person("p7@example.com")]).await;
    assert!(matches!(taken, Err(StoreError::Taken { what: "people.email" })), "{taken:?}");
    tx.rollback().await.unwrap();
}

pub async fn a_foreign_cursor_is_refused(w: World) {
    let mut session = w.read().await;
    for bad in [Cursor::from_text("nonsense"), Cursor::of(&"text"), Cursor::from_text("")] {
        let page = PageRequest { limit: 5, cursor: Some(bad) };
        assert!(matches!(session.search_people(&everybody(), &page).await, Err(StoreError::Cursor)));
        assert!(matches!(session.companies(None, &page).await, Err(StoreError::Cursor)));
        assert!(matches!(session.jobs(None, None, &page).await, Err(StoreError::Cursor)));
    }
}
