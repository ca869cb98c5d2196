use crate::{World, all_pages, fixtures::FIRST, world::at};
use engagement::ActivityType;
use serde_json::json;
use std::sync::Arc;
use store::{
    Conversation, ConversationFilter, ConversationStage, MessageFrom, SiteScope, StepRecord, StoreError,
};

async fn begun(w: &World) -> (SiteScope, Conversation) {
    let (site, dialogue, version) = w.published("k").await;
    let person = w.named("ada@example.com", "Ada", "Lovelace");
    let visitor = w.arrived(site.id, &person, 1).await;
    let conversation = w.conversation(site.id, &visitor, dialogue.id, version.id);
    let mut tx = w.begin().await;
    tx.insert_conversation(&conversation).await.unwrap();
    tx.commit().await.unwrap();
    (SiteScope::new(site.id), conversation)
}

pub async fn a_foreign_site_or_visitor_sees_nothing(w: World) {
    let (site, conversation) = begun(&w).await;
    let mut session = w.read().await;
    let mine = session.visitor_conversation(site, conversation.visitor_id, conversation.id).await.unwrap();
    assert_eq!(mine, Some(conversation.clone()));
    let foreign_site = SiteScope::new(w.id());
    assert_eq!(
        session.visitor_conversation(foreign_site, conversation.visitor_id, conversation.id).await.unwrap(),
        None
    );
    assert_eq!(session.visitor_conversation(site, w.id(), conversation.id).await.unwrap(), None);
    assert_eq!(session.visitor_conversation(site, conversation.visitor_id, w.id()).await.unwrap(), None);
}

pub async fn numbers_have_no_gap_under_concurrency(w: World) {
    let (_, conversation) = begun(&w).await;
    let writers: Vec<_> = (0..100)
        .map(|number| {
            let (w, id) = (w.clone(), conversation.id);
            tokio::spawn(async move {
                let mut tx = w.begin().await;
                let mut locked = tx.lock_conversation(id).await.unwrap().unwrap();
                locked.last_seq += 1;
                let message = w.message(locked.last_seq, &format!("message {number}"));
                tx.insert_messages(id, &[message]).await.unwrap();
                tx.save_conversation(&locked).await.unwrap();
                tx.commit().await.unwrap();
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let mut session = w.read().await;
    let seqs: Vec<_> = session.messages(conversation.id, 0).await.unwrap().iter().map(|m| m.seq).collect();
    assert_eq!(seqs, (1..=100).collect::<Vec<u64>>());
    let row = session.conversation(conversation.id).await.unwrap().unwrap();
    assert_eq!((row.conversation.last_seq, row.messages), (100, 100));
}

pub async fn a_client_id_is_taken_once(w: World) {
    let (_, conversation) = begun(&w).await;
    let mut first = w.message(1, "first");
    first.client_id = Some("c1".to_owned());
    first.from = MessageFrom::Visitor;
    first.body = json!({"text": "ünï ☃ \"quoted\""});
    let mut tx = w.begin().await;
    tx.insert_messages(conversation.id, &[first.clone(), w.message(2, "without client id")]).await.unwrap();
    tx.commit().await.unwrap();
    let mut again = w.message(3, "again");
    again.client_id = Some("c1".to_owned());
    let mut tx = w.begin().await;
    let taken = tx.insert_messages(conversation.id, &[again]).await;
    assert!(matches!(taken, Err(StoreError::Taken { what: "conversations.client_id" })), "{taken:?}");
    tx.rollback().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.conversation_of_client_id(conversation.id, "c1").await.unwrap(), Some(first));
    assert_eq!(session.conversation_of_client_id(conversation.id, "c2").await.unwrap(), None);
    assert_eq!(session.conversation_of_client_id(w.id(), "c1").await.unwrap(), None);
}

pub async fn messages_are_read_from_a_number_and_superseded(w: World) {
    let (_, conversation) = begun(&w).await;
    let messages: Vec<_> = (1..=6).map(|seq| w.message(seq, "text")).collect();
    let mut tx = w.begin().await;
    tx.insert_messages(conversation.id, &messages).await.unwrap();
    tx.supersede_messages(conversation.id, &[2, 4, 99]).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let after: Vec<_> =
        session.messages(conversation.id, 3).await.unwrap().iter().map(|m| (m.seq, m.superseded)).collect();
    assert_eq!(after, vec![(4, true), (5, false), (6, false)]);
    assert_eq!(session.messages(conversation.id, 0).await.unwrap()[0], messages[0]);
    assert_eq!(session.conversation(conversation.id).await.unwrap().unwrap().messages, 4);
}

pub async fn the_open_conversation_is_found_until_it_ends(w: World) {
    let (_, conversation) = begun(&w).await;
    let mut tx = w.begin().await;
    let open = tx.lock_open_conversation(conversation.visitor_id, conversation.dialogue_id).await.unwrap();
    assert_eq!(open, Some(conversation.clone()));
    assert_eq!(tx.lock_open_conversation(conversation.visitor_id, w.id()).await.unwrap(), None);
    let mut changed = conversation.clone();
    changed.stage = ConversationStage::Completed;
    changed.state.engaged = true;
    changed.state.applied = vec!["c1".to_owned()];
    changed.epoch = 3;
    changed.engaged_at = Some(at(11));
    changed.completed_at = Some(at(12));
    changed.acquired_at = Some(at(13));
    changed.dismissed_at = Some(at(14));
    changed.last_visitor_at = at(15);
    changed.shown_at = vec![at(10), at(11)];
    changed.goals = vec!["Demo".to_owned(), "Démo".to_owned()];
    tx.save_conversation(&changed).await.unwrap();
    assert_eq!(
        tx.lock_open_conversation(conversation.visitor_id, conversation.dialogue_id).await.unwrap(),
        None
    );
    let stored = tx.lock_conversation(conversation.id).await.unwrap().unwrap();
    assert!(stored.revision > conversation.revision, "a change raises the revision");
    assert_eq!(Conversation { revision: changed.revision, ..stored }, changed);
    assert_eq!(tx.lock_conversation(w.id()).await.unwrap(), None);
    tx.commit().await.unwrap();
}

/// A step that says one thing more, with a client id of its own.
fn step(w: &World, before: &Conversation, client_id: &str) -> StepRecord {
    let mut after = before.clone();
    after.revision += 1;
    after.last_seq += 2;
    after.state.applied.push(client_id.to_owned());
    after.last_visitor_at = at(20 + i64::try_from(after.last_seq).unwrap());
    let mut answer = w.message(before.last_seq + 1, "answer — ünï \"quoted\"");
    answer.client_id = Some(client_id.to_owned());
    let messages = vec![answer, w.message(before.last_seq + 2, "next")];
    StepRecord { conversation: Arc::new(after), messages, activities: Vec::new() }
}

async fn stored(w: &World, id: kernel::ConversationId) -> (Conversation, Vec<u64>) {
    let mut session = w.read().await;
    let row = session.conversation(id).await.unwrap().unwrap();
    let seqs = session.messages(id, 0).await.unwrap().iter().map(|m| m.seq).collect();
    (row.conversation, seqs)
}

pub async fn a_step_is_stored_whole_or_not_at_all(w: World) {
    let (_, conversation) = begun(&w).await;
    let mut first = step(&w, &conversation, "c1");
    let mut after = (*first.conversation).clone();
    after.stage = ConversationStage::Engaged;
    after.engaged_at = Some(at(21));
    after.goals = vec!["Démo".to_owned()];
    first.conversation = Arc::new(after);
    let mut engaged = w.activity(conversation.person_id, ActivityType::Engaged, 21);
    engaged.conversation_id = Some(conversation.id);
    first.activities = vec![engaged.clone()];
    w.store.commit_step(first.clone()).await.unwrap();
    assert_eq!(stored(&w, conversation.id).await, ((*first.conversation).clone(), vec![1, 2]));
    assert_eq!(w.read().await.messages(conversation.id, 0).await.unwrap(), first.messages);
    let told = w.read().await.activities_of(conversation.person_id, None, &FIRST).await.unwrap().items;
    assert_eq!(told, vec![engaged]);

    // The same again, and another one from where the first began: the conversation has moved on.
    for late in [first.clone(), step(&w, &conversation, "c2")] {
        let refused = w.store.commit_step(late).await;
        assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    }
    // The client id was taken by a message that is no more in the state.
    let refused = w.store.commit_step(step(&w, &first.conversation, "c1")).await;
    assert!(matches!(refused, Err(StoreError::Taken { what: "conversations.client_id" })), "{refused:?}");
    assert_eq!(stored(&w, conversation.id).await, ((*first.conversation).clone(), vec![1, 2]));

    let second = step(&w, &first.conversation, "c2");
    w.store.commit_step(second.clone()).await.unwrap();
    assert_eq!(stored(&w, conversation.id).await, ((*second.conversation).clone(), vec![1, 2, 3, 4]));

    let mut nobodys = (*second.conversation).clone();
    nobodys.id = w.id();
    let refused = w.store.commit_step(step(&w, &nobodys, "c3")).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
}

pub async fn a_step_is_refused_after_any_other_change(w: World) {
    let (_, conversation) = begun(&w).await;
    let mut tx = w.begin().await;
    let mut locked = tx.lock_conversation(conversation.id).await.unwrap().unwrap();
    locked.dismissed_at = Some(at(30));
    tx.save_conversation(&locked).await.unwrap();
    tx.commit().await.unwrap();
    let refused = w.store.commit_step(step(&w, &conversation, "c1")).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    let (now, seqs) = stored(&w, conversation.id).await;
    assert_eq!((now.dismissed_at, seqs), (Some(at(30)), vec![]));
    w.store.commit_step(step(&w, &now, "c1")).await.unwrap();

    let mut tx = w.begin().await;
    tx.erase_people(&[conversation.person_id], at(40)).await.unwrap();
    tx.commit().await.unwrap();
    let mut erased = now;
    erased.revision += 1;
    let refused = w.store.commit_step(step(&w, &erased, "c2")).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
}

/// One of many that cannot be done harms none of the others, and of two from the same place one wins.
pub async fn steps_at_the_same_time_do_not_harm_each_other(w: World) {
    let (site, dialogue, version) = w.published("k").await;
    let visitor = w.arrived(site.id, &w.anonymous(), 1).await;
    let mut conversations = Vec::new();
    let mut tx = w.begin().await;
    for _ in 0..40 {
        let conversation = w.conversation(site.id, &visitor, dialogue.id, version.id);
        tx.insert_conversation(&conversation).await.unwrap();
        conversations.push(conversation);
    }
    let mut taken = w.message(99, "before");
    taken.client_id = Some("c1".to_owned());
    tx.insert_messages(conversations[7].id, &[taken]).await.unwrap();
    tx.commit().await.unwrap();
    let writers: Vec<_> = (0..5)
        .flat_map(|round| conversations.iter().cloned().enumerate().map(move |(n, c)| (round, n, c)))
        .map(|(round, number, conversation)| {
            let w = w.clone();
            tokio::spawn(async move {
                let client_id = if number == 7 { "c1".to_owned() } else { format!("c{round}") };
                (number, w.store.commit_step(step(&w, &conversation, &client_id)).await)
            })
        })
        .collect();
    let mut won = vec![0; conversations.len()];
    for writer in writers {
        match writer.await.unwrap() {
            (number, Ok(())) => won[number] += 1,
            (7, Err(StoreError::Taken { .. })) | (_, Err(StoreError::Stale)) => {}
            (number, Err(error)) => panic!("{number}: {error}"),
        }
    }
    for (number, conversation) in conversations.iter().enumerate() {
        let expected = if number == 7 { (0, 0, vec![99]) } else { (1, 2, vec![1, 2]) };
        let (now, seqs) = stored(&w, conversation.id).await;
        assert_eq!((won[number], now.last_seq, seqs), expected, "{number}");
    }
}

pub async fn the_list_is_filtered_and_paged(w: World) {
    let (site, dialogue, version) = w.published("k").await;
    let (ada, bob) = (w.named("ada@example.com", "Adé", "Lovelace"), w.person("bob@else.com"));
    let first = w.arrived(site.id, &ada, 1).await;
    let second = w.arrived(site.id, &bob, 2).await;
    let mut expected = Vec::new();
    let mut tx = w.begin().await;
    for number in 0..15 {
        let visitor = if number % 3 == 0 { &second } else { &first };
        let mut conversation = w.conversation(site.id, visitor, dialogue.id, version.id);
        conversation.triggered_at = at(number / 2);
        if number % 5 == 0 {
            conversation.stage = ConversationStage::Engaged;
            conversation.engaged_at = Some(at(number));
        }
        tx.insert_conversation(&conversation).await.unwrap();
        expected.push(conversation);
    }
    tx.commit().await.unwrap();
    expected.sort_by_key(|c| std::cmp::Reverse((c.triggered_at, c.id)));
    let mut session = w.read().await;
    let all = ConversationFilter::default();
    let found = all_pages!(4, page => session.conversations(&all, &page));
    assert_eq!(found.iter().map(|row| row.conversation.clone()).collect::<Vec<_>>(), expected);
    let of_ada = found.iter().find(|row| row.conversation.person_id == ada.id).unwrap();
    assert_eq!(of_ada.person_name.as_deref(), Some("Adé Lovelace"));
    assert_eq!(of_ada.person_email.as_deref(), Some("ada@example.com"));
    assert_eq!((of_ada.site_name.as_str(), of_ada.dialogue_name.as_str()), ("Site k", "Dialogue of k"));
    for (filter, count) in [
        (ConversationFilter { stage: Some(ConversationStage::Engaged), ..all.clone() }, 3),
        (ConversationFilter { person: Some(bob.id), ..all.clone() }, 5),
        (ConversationFilter { dialogue: Some(dialogue.id), ..all.clone() }, 15),
        (ConversationFilter { dialogue: Some(w.id()), ..all.clone() }, 0),
        (ConversationFilter { query: Some("BOB@".to_owned()), ..all.clone() }, 5),
        (ConversationFilter { query: Some("ade love".to_owned()), ..all.clone() }, 10),
        (ConversationFilter { query: Some("dialogue of".to_owned()), ..all.clone() }, 15),
        (ConversationFilter { from: Some(at(2)), to: Some(at(4)), ..all.clone() }, 4),
    ] {
        assert_eq!(session.conversations(&filter, &FIRST).await.unwrap().items.len(), count, "{filter:?}");
    }
}

pub async fn stale_conversations_are_those_engaged_and_silent(w: World) {
    let (site, dialogue, version) = w.published("k").await;
    let visitor = w.arrived(site.id, &w.anonymous(), 1).await;
    let make = |stage, silent_since| {
        let mut conversation = w.conversation(site.id, &visitor, dialogue.id, version.id);
        conversation.stage = stage;
        conversation.last_visitor_at = at(silent_since);
        conversation
    };
    let (old, older) = (make(ConversationStage::Engaged, 20), make(ConversationStage::Engaged, 10));
    let mut tx = w.begin().await;
    for conversation in
        [&old, &older, &make(ConversationStage::Engaged, 30), &make(ConversationStage::Triggered, 10)]
    {
        tx.insert_conversation(conversation).await.unwrap();
    }
    let other = w.person("bob@example.com");
    tx.insert_people(std::slice::from_ref(&other)).await.unwrap();
    tx.move_conversations(visitor.id, other.id).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let mut stale = session.stale_conversations(at(30), 10).await.unwrap();
    stale.sort_unstable();
    assert_eq!(stale, vec![old.id, older.id]);
    assert_eq!(session.stale_conversations(at(30), 1).await.unwrap().len(), 1);
    assert_eq!(session.conversation(old.id).await.unwrap().unwrap().conversation.person_id, other.id);
}
