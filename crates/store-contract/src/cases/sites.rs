use crate::{World, world::at};
use serde_json::json;
use store::{SiteScope, StoreError, StoredFile};

pub async fn a_site_comes_back_as_it_went_in(w: World) {
    let (mut one, two) = (w.site("k1"), w.site("k2"));
    one.avatar = Some(w.id());
    one.enabled = false;
    let mut tx = w.begin().await;
    tx.insert_site(&one).await.unwrap();
    tx.insert_site(&two).await.unwrap();
    assert!(matches!(tx.insert_site(&w.site("k1")).await, Err(StoreError::Taken { what: "sites.key" })));
    tx.rollback().await.unwrap();
    let mut tx = w.begin().await;
    tx.insert_site(&one).await.unwrap();
    tx.insert_site(&two).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.site(one.id).await.unwrap(), Some(one.clone()));
    assert_eq!(session.sites().await.unwrap(), vec![one, two]);
    assert_eq!(session.site(w.id()).await.unwrap(), None);
}

pub async fn versions_are_compared(w: World) {
    let site = w.site("k");
    let mut tx = w.begin().await;
    tx.insert_site(&site).await.unwrap();
    tx.touch_site(site.id, &["example.com".to_owned()], at(5)).await.unwrap();
    let mut changed = site.clone();
    changed.name = "Renamed".to_owned();
    changed.key = "other".to_owned();
    tx.update_site(&changed).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = w.begin().await;
    assert!(matches!(tx.update_site(&changed).await, Err(StoreError::Stale)));
    tx.rollback().await.unwrap();
    let mut tx = w.begin().await;
    assert!(matches!(tx.update_site(&w.site("gone")).await, Err(StoreError::NotFound)));
    tx.rollback().await.unwrap();
    let stored = w.read().await.site(site.id).await.unwrap().unwrap();
    assert_eq!((stored.name.as_str(), stored.key.as_str(), stored.version), ("Renamed", "k", 2));
    assert_eq!((stored.last_seen_at, stored.seen_hosts), (Some(at(5)), vec!["example.com".to_owned()]));
}

pub async fn deleting_takes_what_belongs_to_the_site_and_leaves_people(w: World) {
    let (site, dialogue, version) = w.published("k").await;
    let person = w.person("ada@example.com");
    let visitor = w.arrived(site.id, &person, 1).await;
    let conversation = w.conversation(site.id, &visitor, dialogue.id, version.id);
    let activity = w.activity(person.id, engagement::ActivityType::Triggered, 1);
    let mut tx = w.begin().await;
    tx.insert_conversation(&conversation).await.unwrap();
    tx.append_activities(&[activity]).await.unwrap();
    tx.delete_site(site.id).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert!(session.site(site.id).await.unwrap().is_none());
    assert!(session.dialogue(dialogue.id).await.unwrap().is_none());
    assert!(session.version(version.id).await.unwrap().is_none());
    assert!(session.conversation(conversation.id).await.unwrap().is_none());
    assert!(session.visitors_of(person.id).await.unwrap().is_empty());
    assert!(session.visitor_profile(SiteScope::new(site.id), &[1; 32]).await.unwrap().is_none());
    assert!(session.person(person.id).await.unwrap().is_some());
    assert_eq!(session.activities_of(person.id, None, &crate::fixtures::FIRST).await.unwrap().items.len(), 1);
}

pub async fn files_and_settings_are_kept(w: World) {
    let file =
        StoredFile { id: w.id(), media_type: "image/png".into(), bytes: vec![0, 255, 7], created_at: at(1) };
    let mut tx = w.begin().await;
    tx.insert_file(&file).await.unwrap();
    tx.put_setting("a", Some(&json!({"x": [1, "é"]}))).await.unwrap();
    tx.put_setting("a", Some(&json!(2))).await.unwrap();
    tx.put_setting("b", Some(&json!(true))).await.unwrap();
    tx.put_setting("b", None).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.file(file.id).await.unwrap(), Some(file.clone()));
    assert_eq!(session.setting("a").await.unwrap(), Some(json!(2)));
    assert_eq!(session.setting("b").await.unwrap(), None);
    drop(session);
    let mut tx = w.begin().await;
    tx.delete_file(file.id).await.unwrap();
    tx.delete_file(file.id).await.unwrap();
    assert_eq!(tx.file(file.id).await.unwrap(), None);
    tx.commit().await.unwrap();
}
