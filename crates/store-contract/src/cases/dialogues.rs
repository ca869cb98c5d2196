use crate::{World, all_pages, fixtures::FIRST, world::at};
use engagement::ActivityType;
use store::{
    DialogueCounts, DialogueFilter, DialogueKind, PublicationState, PublishedRef, SiteScope, StoreError,
};

pub async fn drafts_are_versioned(w: World) {
    let site = w.site("k");
    let dialogue = w.dialogue(site.id, "One");
    let mut tx = w.begin().await;
    tx.insert_site(&site).await.unwrap();
    tx.insert_dialogue(&dialogue).await.unwrap();
    assert_eq!(tx.dialogue(dialogue.id).await.unwrap(), Some(dialogue.clone()));
    let mut changed = dialogue.clone();
    changed.name = "Two".to_owned();
    changed.draft = w.content("Ça va? <b>");
    changed.priority = 7;
    changed.enabled = false;
    changed.updated_at = at(9);
    changed.updated_by = Some(w.id());
    tx.update_dialogue(&changed).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = w.begin().await;
    assert!(matches!(tx.update_dialogue(&changed).await, Err(StoreError::Stale)));
    tx.rollback().await.unwrap();
    let mut tx = w.begin().await;
    assert!(matches!(tx.update_dialogue(&w.dialogue(site.id, "gone")).await, Err(StoreError::NotFound)));
    tx.rollback().await.unwrap();
    changed.draft_version = 2;
    assert_eq!(w.read().await.dialogue(dialogue.id).await.unwrap(), Some(changed));
}

pub async fn publishing_makes_a_version_live(w: World) {
    let (site, dialogue, first) = w.published("k").await;
    let second = w.version(&dialogue, 2);
    let mut tx = w.begin().await;
    tx.publish_version(&second).await.unwrap();
    tx.commit().await.unwrap();
    let scope = SiteScope::new(site.id);
    let mut session = w.read().await;
    let stored = session.dialogue(dialogue.id).await.unwrap().unwrap();
    let live =
        PublishedRef { version_id: second.id, number: 2, draft_version: 1, at: second.created_at, by: None };
    assert_eq!(
        (stored.state, stored.draft_version, stored.published),
        (PublicationState::Published, 1, Some(live))
    );
    assert_eq!(session.version(first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(session.versions(dialogue.id).await.unwrap(), vec![second.clone(), first]);
    let published = session.published_dialogues(scope).await.unwrap();
    assert_eq!(published.iter().map(|p| &p.version).collect::<Vec<_>>(), vec![&second]);
    assert!(session.published_dialogues(SiteScope::new(w.id())).await.unwrap().is_empty());
    drop(session);
    let mut tx = w.begin().await;
    tx.set_dialogue_state(dialogue.id, PublicationState::Unpublished, at(50)).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert!(session.published_dialogues(scope).await.unwrap().is_empty());
    let stored = session.dialogue(dialogue.id).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.published.map(|p| p.number)), (PublicationState::Unpublished, Some(2)));
}

pub async fn the_list_is_by_priority_then_age(w: World) {
    let (one, two) = (w.site("one"), w.site("two"));
    let mut tx = w.begin().await;
    tx.insert_site(&one).await.unwrap();
    tx.insert_site(&two).await.unwrap();
    let mut expected = Vec::new();
    for number in 0..13_i64 {
        let site = if number % 4 == 0 { &two } else { &one };
        let mut dialogue = w.dialogue(site.id, &format!("Dialogue É{number}"));
        dialogue.priority = if number % 3 == 0 { 1 } else { 2 };
        dialogue.created_at = at(100 - number / 2);
        if number == 5 {
            dialogue.kind = DialogueKind::Flow;
        }
        tx.insert_dialogue(&dialogue).await.unwrap();
        expected.push(dialogue);
    }
    tx.commit().await.unwrap();
    expected.sort_by_key(|d| (d.priority, d.created_at, d.id));
    let mut session = w.read().await;
    let all = DialogueFilter::default();
    assert_eq!(all_pages!(4, page => session.dialogues(&all, &page)), expected);
    for (filter, count) in [
        (DialogueFilter { site: Some(two.id), ..all.clone() }, 4),
        (DialogueFilter { state: Some(PublicationState::Published), ..all.clone() }, 0),
        (DialogueFilter { kind: Some(DialogueKind::Flow), ..all.clone() }, 1),
        (DialogueFilter { query: Some("e1".to_owned()), ..all.clone() }, 4),
        (DialogueFilter { query: Some("%".to_owned()), ..all.clone() }, 0),
    ] {
        assert_eq!(session.dialogues(&filter, &FIRST).await.unwrap().items.len(), count, "{filter:?}");
    }
}

pub async fn counts_are_each_by_their_own_time(w: World) {
    let (site, dialogue, version) = w.published("k").await;
    let visitor = w.arrived(site.id, &w.anonymous(), 1).await;
    let mut tx = w.begin().await;
    for number in 0..6 {
        let mut conversation = w.conversation(site.id, &visitor, dialogue.id, version.id);
        conversation.triggered_at = at(number * 10);
        conversation.engaged_at = (number % 2 == 0).then(|| at(number * 10 + 100));
        conversation.completed_at = (number == 4).then(|| at(500));
        conversation.acquired_at = (number == 2).then(|| at(600));
        tx.insert_conversation(&conversation).await.unwrap();
    }
    for seconds in [5, 6, 700] {
        let mut goal = w.activity(visitor.person_id, ActivityType::Goal, seconds);
        goal.dialogue_id = Some(dialogue.id);
        tx.append_activities(&[goal]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let ids = [dialogue.id, w.id()];
    let all = DialogueCounts { triggered: 6, engaged: 3, completed: 1, acquired: 1, goals: 3 };
    assert_eq!(session.dialogue_counts(&ids, None).await.unwrap(), vec![(dialogue.id, all)]);
    let some = DialogueCounts { triggered: 2, engaged: 0, completed: 0, acquired: 0, goals: 2 };
    let range = Some((at(0), at(20)));
    assert_eq!(session.dialogue_counts(&ids, range).await.unwrap(), vec![(dialogue.id, some)]);
    assert!(session.dialogue_counts(&ids, Some((at(5_000), at(6_000)))).await.unwrap().is_empty());
}

pub async fn guests_are_counted_before_and_after_their_marks_are_folded(w: World) {
    let (site, dialogue, _) = w.published("k").await;
    let scope = SiteScope::new(site.id);
    let mut tx = w.begin().await;
    for number in 0..5 {
        let mut mark = w.mark(number, dialogue.id);
        mark.shown_at = (number < 4).then(|| at(1_000));
        mark.converted = number == 0;
        mark.created_at = at(900);
        tx.put_guest_mark(scope, &mark).await.unwrap();
    }
    tx.commit().await.unwrap();
    let ids = [dialogue.id];
    let three = vec![(dialogue.id, DialogueCounts { triggered: 3, ..DialogueCounts::default() })];
    assert_eq!(w.read().await.dialogue_counts(&ids, None).await.unwrap(), three);
    let mut tx = w.begin().await;
    assert_eq!(tx.fold_guest_marks(at(900)).await.unwrap(), 0);
    assert_eq!(tx.fold_guest_marks(at(901)).await.unwrap(), 5);
    assert_eq!(tx.fold_guest_marks(at(901)).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert!(session.guest_marks(scope, &[1; 32]).await.unwrap().is_empty());
    assert_eq!(session.dialogue_counts(&ids, None).await.unwrap(), three);
    assert_eq!(session.dialogue_counts(&ids, Some((at(0), at(3_600)))).await.unwrap(), three);
    assert!(session.dialogue_counts(&ids, Some((at(3_600), at(7_200)))).await.unwrap().is_empty());
}

pub async fn deleting_takes_versions_and_conversations_and_leaves_activities(w: World) {
    let (site, dialogue, version) = w.published("k").await;
    let person = w.person("ada@example.com");
    let visitor = w.arrived(site.id, &person, 1).await;
    let conversation = w.conversation(site.id, &visitor, dialogue.id, version.id);
    let mut activity = w.activity(person.id, ActivityType::Triggered, 1);
    activity.dialogue_id = Some(dialogue.id);
    let mut tx = w.begin().await;
    tx.insert_conversation(&conversation).await.unwrap();
    tx.insert_messages(conversation.id, &[w.message(1, "x")]).await.unwrap();
    tx.append_activities(&[activity]).await.unwrap();
    tx.delete_dialogue(dialogue.id).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert!(session.dialogue(dialogue.id).await.unwrap().is_none());
    assert!(session.versions(dialogue.id).await.unwrap().is_empty());
    assert!(session.conversation(conversation.id).await.unwrap().is_none());
    assert!(session.messages(conversation.id, 0).await.unwrap().is_empty());
    assert_eq!(session.activities_of(person.id, None, &FIRST).await.unwrap().items.len(), 1);
}
