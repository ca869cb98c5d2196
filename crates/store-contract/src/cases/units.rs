use crate::World;
use serde_json::json;
use std::time::Duration;

pub async fn what_is_committed_is_seen_at_once_by_readers(w: World) {
    let mut session = w.read().await;
    for round in 0..20 {
        let mut tx = w.begin().await;
        tx.put_setting("round", Some(&json!(round))).await.unwrap();
        assert_ne!(session.setting("round").await.unwrap(), Some(json!(round)));
        tx.commit().await.unwrap();
        assert_eq!(session.setting("round").await.unwrap(), Some(json!(round)));
        assert_eq!(w.read().await.setting("round").await.unwrap(), Some(json!(round)));
    }
}

pub async fn a_unit_that_is_dropped_or_rolled_back_leaves_nothing(w: World) {
    let mut tx = w.begin().await;
    tx.put_setting("dropped", Some(&json!(1))).await.unwrap();
    drop(tx);
    let mut tx = w.begin().await;
    assert_eq!(tx.setting("dropped").await.unwrap(), None);
    tx.put_setting("rolled back", Some(&json!(1))).await.unwrap();
    tx.rollback().await.unwrap();
    let mut tx = w.begin().await;
    tx.put_setting("kept", Some(&json!(1))).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.setting("dropped").await.unwrap(), None);
    assert_eq!(session.setting("rolled back").await.unwrap(), None);
    assert_eq!(session.setting("kept").await.unwrap(), Some(json!(1)));
}

pub async fn a_unit_reads_its_own_writes(w: World) {
    let mut tx = w.begin().await;
    let person = w.person("ada@example.com");
    tx.insert_people(std::slice::from_ref(&person)).await.unwrap();
    assert_eq!(tx.person(person.id).await.unwrap(), Some(person.clone()));
    assert!(w.read().await.person(person.id).await.unwrap().is_none());
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.person(person.id).await.unwrap(), Some(person));
}

/// Of many units at once every third fails, every third is dropped; the others are there, and only they.
pub async fn a_failing_unit_does_not_disturb_the_others(w: World) {
    let mut tx = w.begin().await;
    tx.insert_people(&[w.person("taken@example.com")]).await.unwrap();
    tx.commit().await.unwrap();
    let units = (0..60).map(|number| {
        let w = w.clone();
        tokio::spawn(async move {
            let mut tx = w.begin().await;
            tx.put_setting(&format!("n{number}"), Some(&json!(number))).await.unwrap();
            match number % 3 {
                0 => tx.commit().await.unwrap(),
                1 => drop(tx),
                _ => {
                    assert!(tx.insert_people(&[w.person("taken@example.com")]).await.is_err());
                    tx.rollback().await.unwrap();
                }
            }
        })
    });
    for unit in units.collect::<Vec<_>>() {
        unit.await.unwrap();
    }
    let mut session = w.read().await;
    for number in 0..60 {
        let expected = (number % 3 == 0).then(|| json!(number));
        assert_eq!(session.setting(&format!("n{number}")).await.unwrap(), expected, "{number}");
    }
}

/// Each sees its own write after its commit; callers who go away in the middle leave the store in order.
pub async fn many_units_at_once_are_all_there(w: World) {
    let units: Vec<_> = (0..150)
        .map(|number| {
            let w = w.clone();
            tokio::spawn(async move {
                let key = format!("n{number}");
                let mut tx = w.begin().await;
                tx.put_setting(&key, Some(&json!(number))).await.unwrap();
                if number % 5 == 4 {
                    let gone = tokio::time::timeout(Duration::from_micros(number * 7), tx.commit()).await;
                    return if matches!(gone, Ok(Ok(()))) { Some(key) } else { None };
                }
                tx.commit().await.unwrap();
                assert_eq!(w.read().await.setting(&key).await.unwrap(), Some(json!(number)));
                Some(key)
            })
        })
        .collect();
    for unit in units {
        if let Some(key) = unit.await.unwrap() {
            assert!(w.read().await.setting(&key).await.unwrap().is_some(), "{key}");
        }
    }
    w.store.ready().await.unwrap();
}

pub async fn migrating_again_changes_nothing(w: World) {
    let mut tx = w.begin().await;
    tx.put_setting("a", Some(&json!(1))).await.unwrap();
    tx.commit().await.unwrap();
    w.store.migrate().await.unwrap();
    assert_eq!(w.read().await.setting("a").await.unwrap(), Some(json!(1)));
    w.store.close().await;
    assert!(w.store.begin().await.is_err() && w.store.read().await.is_err());
}
