use crate::{World, world::at};
use store::StoreError;

pub async fn membership_changes_are_told_once(w: World) {
    let list = w.list("Friends");
    let people: Vec<_> = (0..4).map(|n| w.person(&format!("p{n}@example.com"))).collect();
    let ids: Vec<_> = people.iter().map(|person| person.id).collect();
    let mut tx = w.begin().await;
    tx.insert_people(&people).await.unwrap();
    tx.insert_list(&list).await.unwrap();
    assert_eq!(tx.add_to_list(list.id, &ids[..2], None, at(1)).await.unwrap(), ids[..2].to_vec());
    assert_eq!(tx.add_to_list(list.id, &ids, Some(w.id()), at(2)).await.unwrap(), ids[2..].to_vec());
    assert_eq!(tx.add_to_list(list.id, &ids, None, at(3)).await.unwrap(), vec![]);
    assert_eq!(tx.remove_from_list(list.id, &[ids[1], w.id()]).await.unwrap(), vec![ids[1]]);
    assert_eq!(tx.remove_from_list(list.id, &[ids[1]]).await.unwrap(), vec![]);
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.lists().await.unwrap()[0].size, 3);
    assert_eq!(session.lists_of(ids[0]).await.unwrap()[0].id, list.id);
    assert!(session.lists_of(ids[1]).await.unwrap().is_empty());
}

pub async fn names_are_unique_and_people_outlive_lists(w: World) {
    let (b, a) = (w.list("B"), w.list("A"));
    let person = w.person("ada@example.com");
    let mut tx = w.begin().await;
    tx.insert_people(std::slice::from_ref(&person)).await.unwrap();
    tx.insert_list(&b).await.unwrap();
    tx.insert_list(&a).await.unwrap();
    tx.add_to_list(a.id, &[person.id], None, at(1)).await.unwrap();
    tx.rename_list(b.id, "C").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = w.begin().await;
    assert!(matches!(tx.insert_list(&w.list("A")).await, Err(StoreError::Taken { what: "lists.name" })));
    tx.rollback().await.unwrap();
    let names: Vec<_> = w.read().await.lists().await.unwrap().into_iter().map(|l| l.name).collect();
    assert_eq!(names, vec!["A", "C"]);
    let mut tx = w.begin().await;
    tx.delete_list(a.id).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert!(session.lists_of(person.id).await.unwrap().is_empty());
    assert!(session.person(person.id).await.unwrap().is_some());
}
