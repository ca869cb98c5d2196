use crate::{World, all_pages, fixtures::FIRST};
use serde_json::json;
use store::StoreError;

pub async fn companies_are_found_by_domain_name_and_words(w: World) {
    let mut acme = w.company("Acmé Söhne", &["acme.com", "acme.de"]);
    acme.attributes.insert("size".to_owned(), json!(50));
    acme.owner_id = Some(w.id());
    let others: Vec<_> =
        (0..12).map(|n| w.company(&format!("Other {n:02}"), &[&format!("other{n}.com")])).collect();
    let mut person = w.person("ada@acme.com");
    person.company_id = Some(acme.id);
    let mut tx = w.begin().await;
    tx.insert_companies(std::slice::from_ref(&acme)).await.unwrap();
    tx.insert_companies(&others).await.unwrap();
    tx.insert_people(&[person]).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let row = session.company(acme.id).await.unwrap().unwrap();
    assert_eq!((row.company, row.people), (acme.clone(), 1));
    let by_domain =
        session.companies_by_domain(&["acme.de".parse().unwrap(), "no.com".parse().unwrap()]).await;
    assert_eq!(by_domain.unwrap(), vec![acme.clone()]);
    let by_name = session.companies_by_name(&["acme sohne".to_owned(), "Nobody".to_owned()]).await.unwrap();
    assert_eq!(by_name, vec![acme.clone()]);
    let names = all_pages!(5, page => session.companies(None, &page));
    let names: Vec<_> = names.into_iter().map(|row| row.company.name).collect();
    let expected: Vec<_> =
        std::iter::once(acme.name.clone()).chain(others.iter().map(|other| other.name.clone())).collect();
    assert_eq!(names, expected);
    for (words, expected) in [("ACME", 1), ("other", 12), ("other1.", 1), ("cme", 0), ("100%", 0)] {
        assert_eq!(session.companies(Some(words), &FIRST).await.unwrap().items.len(), expected, "{words}");
    }
}

pub async fn a_domain_belongs_to_one_company(w: World) {
    let mut tx = w.begin().await;
    tx.insert_companies(&[w.company("One", &["one.com"])]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = w.begin().await;
    let taken = tx.insert_companies(&[w.company("Two", &["two.com", "one.com"])]).await;
    assert!(matches!(taken, Err(StoreError::Taken { what: "company_domains.domain" })), "{taken:?}");
    tx.rollback().await.unwrap();
    assert!(w.read().await.companies_by_domain(&["two.com".parse().unwrap()]).await.unwrap().is_empty());
}

pub async fn companies_are_versioned_and_rename_their_people(w: World) {
    let mut company = w.company("Old name", &["old.com"]);
    let mut person = w.person("ada@old.com");
    person.company_id = Some(company.id);
    let mut tx = w.begin().await;
    tx.insert_companies(std::slice::from_ref(&company)).await.unwrap();
    tx.insert_people(std::slice::from_ref(&person)).await.unwrap();
    company.name = "Zephyr".to_owned();
    company.domains = vec!["zephyr.com".parse().unwrap(), "old.com".parse().unwrap()];
    company.version = 2;
    tx.update_company(&company).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.company(company.id).await.unwrap().unwrap().company, company);
    let mut tx = w.begin().await;
    assert!(matches!(tx.update_company(&company).await, Err(StoreError::Stale)));
    tx.rollback().await.unwrap();
    let mut tx = w.begin().await;
    while tx.index_people(100).await.unwrap() > 0 {}
    tx.commit().await.unwrap();
    let mut query = super::search::everybody();
    query.words = Some("zeph".to_owned());
    let found = w.read().await.search_people(&query, &FIRST).await.unwrap().items;
    assert_eq!(found, vec![person]);
}
