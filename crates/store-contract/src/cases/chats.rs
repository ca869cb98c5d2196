use crate::{World, all_pages, fixtures::FIRST, world::at};
use kernel::UserId;
use livechat::{Background, Chat, Event, Outcome, Role, Rules, State, Wanted};
use routing::Wish;
use serde_json::json;
use std::collections::HashMap;
use store::{ChatFilter, Conversation, MessageFrom, Side, Span, StoreError};

pub(crate) async fn begun(w: &World, key: &str, name: &str) -> Conversation {
    let (site, dialogue, version) = w.published(key).await;
    let person = w.named(&format!("{}@example.com", name.to_lowercase()), name, "Lovelace");
    let visitor = w.arrived(site.id, &person, key.as_bytes()[0]).await;
    let conversation = w.conversation(site.id, &visitor, dialogue.id, version.id);
    let mut tx = w.begin().await;
    tx.insert_conversation(&conversation).await.unwrap();
    tx.commit().await.unwrap();
    conversation
}

pub(crate) fn chat(w: &World, conversation: &Conversation, seconds: i64) -> Chat {
    let wanted = Wanted { wish: Wish::RoundRobin, any_available_agent: true };
    let background = Background { language: Some("xylofon-language".to_owned()), ..Background::default() };
    Chat::requested(
        w.id(),
        conversation.id,
        "chat".to_owned(),
        wanted,
        background,
        at(seconds),
        &Rules::default(),
    )
}

pub(crate) fn go(chat: &mut Chat, seconds: i64, event: Event) {
    chat.apply(&Rules::default(), at(seconds), event).unwrap();
}

pub(crate) async fn insert(w: &World, chat: &Chat) {
    let mut tx = w.begin().await;
    tx.insert_chat(chat, chat.due_at(&Rules::default())).await.unwrap();
    tx.commit().await.unwrap();
}

async fn save(w: &World, chat: &mut Chat) {
    let mut tx = w.begin().await;
    tx.save_chat(chat, chat.due_at(&Rules::default())).await.unwrap();
    tx.commit().await.unwrap();
    chat.revision += 1;
}

pub async fn a_chat_comes_back_as_it_went_in_and_is_compared(w: World) {
    let conversation = begun(&w, "k", "Ada").await;
    let mut one = chat(&w, &conversation, 1);
    insert(&w, &one).await;
    assert_eq!(w.read().await.chat(one.id).await.unwrap(), Some(one.clone()));
    assert_eq!(w.read().await.chat(w.id()).await.unwrap(), None);
    let stale = one.clone();
    go(&mut one, 2, Event::Chosen { agent: w.id() });
    save(&w, &mut one).await;
    assert_eq!(w.read().await.chat(one.id).await.unwrap(), Some(one.clone()));
    let mut tx = w.begin().await;
    assert!(matches!(tx.save_chat(&stale, None).await, Err(StoreError::Stale)));
    drop(tx);
    go(&mut one, 3, Event::EndedByVisitor);
    save(&w, &mut one).await;
    let later = chat(&w, &conversation, 4);
    insert(&w, &later).await;
    let mut session = w.read().await;
    assert_eq!(session.latest_chat(conversation.id).await.unwrap(), Some(later));
    assert_eq!(session.latest_chat(w.id()).await.unwrap(), None);
}

pub async fn loads_owners_and_due_times_follow_the_chat(w: World) {
    let conversation = begun(&w, "k", "Ada").await;
    let (ada, ben): (UserId, UserId) = (w.id(), w.id());
    let mut one = chat(&w, &conversation, 0);
    insert(&w, &one).await;
    let mut session = w.read().await;
    assert_eq!(session.chats_in(State::Waiting, 10).await.unwrap(), [one.id]);
    assert_eq!(session.due_chats(at(219), 10).await.unwrap(), []);
    assert_eq!(session.due_chats(at(220), 10).await.unwrap(), [one.id]);
    drop(session);

    go(&mut one, 1, Event::Chosen { agent: ada });
    save(&w, &mut one).await;
    let mut session = w.read().await;
    assert_eq!(session.chat_loads().await.unwrap(), [(ada, 1)]);
    assert_eq!(session.chats_of_agent(ada).await.unwrap(), [one.clone()]);
    assert_eq!(session.due_chats(at(101), 10).await.unwrap(), [one.id]);
    assert_eq!(session.chat_owners().await.unwrap(), []);
    assert_eq!(session.accepted_chats(conversation.id).await.unwrap(), 0);
    drop(session);

    go(&mut one, 2, Event::Accepted { by: ada });
    go(&mut one, 3, Event::HandedOn { by: ada, to: ben, role: Role::Guest, note: None });
    save(&w, &mut one).await;
    let mut session = w.read().await;
    let loads: HashMap<UserId, u32> = session.chat_loads().await.unwrap().into_iter().collect();
    assert_eq!(loads, HashMap::from([(ada, 1), (ben, 1)]));
    assert_eq!(session.chat_owners().await.unwrap(), [(ada, one.id)]);
    assert_eq!(session.accepted_chats(conversation.id).await.unwrap(), 1);
    drop(session);

    go(&mut one, 4, Event::EndedByAgent { by: ada });
    save(&w, &mut one).await;
    let mut session = w.read().await;
    assert_eq!(session.chat_loads().await.unwrap(), []);
    assert_eq!(session.chats_of_agent(ada).await.unwrap(), []);
    assert_eq!(session.chat_owners().await.unwrap(), []);
    assert_eq!(session.due_chats(at(1_000_000), 10).await.unwrap(), []);
}

/// Two who read the same chat and accept it at once: the one who is second finds it taken.
pub async fn of_many_who_accept_at_once_one_is_the_owner(w: World) {
    let conversation = begun(&w, "k", "Ada").await;
    let mut one = chat(&w, &conversation, 0);
    let owner: UserId = w.id();
    go(&mut one, 1, Event::Chosen { agent: owner });
    go(&mut one, 2, Event::Accepted { by: owner });
    let agents: Vec<UserId> = (0..20).map(|_| w.id()).collect();
    for agent in &agents {
        go(&mut one, 3, Event::HandedOn { by: owner, to: *agent, role: Role::Guest, note: None });
    }
    // Each of them is offered the whole chat.
    for offer in one.offers.iter_mut().filter(|offer| offer.role == Role::Guest) {
        offer.role = Role::Owner;
    }
    insert(&w, &one).await;
    let tries: Vec<_> = agents
        .iter()
        .map(|agent| {
            let (w, id, conversation, by) = (w.clone(), one.id, conversation.id, *agent);
            tokio::spawn(async move {
                let mut tx = w.begin().await;
                tx.lock_conversation(conversation).await.unwrap().unwrap();
                let mut chat = tx.chat(id).await.unwrap().unwrap();
                if chat.apply(&Rules::default(), at(5), Event::Accepted { by }).is_err() {
                    return false;
                }
                tx.save_chat(&chat, None).await.unwrap();
                tx.commit().await.unwrap();
                true
            })
        })
        .collect();
    let mut taken = 0;
    for one in tries {
        taken += u32::from(one.await.unwrap());
    }
    assert_eq!(taken, 1);
    let stored = w.read().await.chat(one.id).await.unwrap().unwrap();
    assert_eq!((stored.unsound(), stored.present().count()), (None, 1));
}

pub async fn the_inbox_is_filtered_and_paged(w: World) {
    let first = begun(&w, "a", "Ada").await;
    let second = begun(&w, "b", "Berta").await;
    let (ada, ben): (UserId, UserId) = (w.id(), w.id());
    let mut ended = chat(&w, &first, 10);
    go(&mut ended, 11, Event::Chosen { agent: ada });
    go(&mut ended, 12, Event::Accepted { by: ada });
    go(&mut ended, 13, Event::EndedByAgent { by: ada });
    ended.rating = Some(4);
    let mut active = chat(&w, &second, 20);
    go(&mut active, 21, Event::Chosen { agent: ben });
    go(&mut active, 22, Event::Accepted { by: ben });
    let mut offered = chat(&w, &first, 30);
    go(&mut offered, 31, Event::Chosen { agent: ada });
    for one in [&ended, &active, &offered] {
        insert(&w, one).await;
    }
    let mut text = w.message(1, "Hello");
    (text.from, text.body) = (MessageFrom::Visitor, json!({"text": {"blocks": []}}));
    let mut note = w.message(2, "Secret");
    (note.from, note.kind, note.author_id) = (MessageFrom::Agent, "note".to_owned(), Some(ben));
    let mut tx = w.begin().await;
    tx.insert_messages(second.id, &[text.clone(), note.clone()]).await.unwrap();
    assert!(tx.note_read(active.id, Side::Visitor, 2).await.unwrap());
    assert!(!tx.note_read(active.id, Side::Visitor, 1).await.unwrap());
    tx.commit().await.unwrap();

    let all = ChatFilter::default();
    for (filter, expected) in [
        (all.clone(), vec![offered.id, active.id, ended.id]),
        (ChatFilter { accepted: Some(true), ..all.clone() }, vec![active.id, ended.id]),
        (ChatFilter { accepted: Some(false), ..all.clone() }, vec![offered.id]),
        (ChatFilter { states: vec![State::Ended], ..all.clone() }, vec![ended.id]),
        (
            ChatFilter { states: vec![State::Ended, State::WithAgent], ..all.clone() },
            vec![active.id, ended.id],
        ),
        (ChatFilter { agents: Some(vec![ada]), ..all.clone() }, vec![ended.id]),
        (ChatFilter { agents: Some(vec![ada, ben]), ..all.clone() }, vec![active.id, ended.id]),
        (ChatFilter { agents: Some(Vec::new()), ..all.clone() }, vec![]),
        (ChatFilter { visible_to: Some(ben), ..all.clone() }, vec![active.id, ended.id]),
        (ChatFilter { visible_to: Some(ada), ..all.clone() }, vec![offered.id, ended.id]),
        (ChatFilter { site: Some(second.site_id), ..all.clone() }, vec![active.id]),
        (ChatFilter { dialogue: Some(second.dialogue_id), ..all.clone() }, vec![active.id]),
        (ChatFilter { rating: Some(4), ..all.clone() }, vec![ended.id]),
        (ChatFilter { outcome: Some(Outcome::EndedByAgent), ..all.clone() }, vec![ended.id]),
        (ChatFilter { from: Some(at(20)), to: Some(at(30)), ..all.clone() }, vec![active.id]),
        (ChatFilter { query: Some("BERTA love".to_owned()), ..all.clone() }, vec![active.id]),
        (ChatFilter { query: Some("nobody".to_owned()), ..all.clone() }, vec![]),
        (ChatFilter { id: Some(active.id), ..all.clone() }, vec![active.id]),
    ] {
        let found = w.read().await.chats(&filter, &FIRST).await.unwrap().items;
        let ids: Vec<_> = found.iter().map(|row| row.chat.id).collect();
        assert_eq!(ids, expected, "{filter:?}");
    }
    let mut session = w.read().await;
    let paged = all_pages!(1, page => session.chats(&all, &page));
    assert_eq!(paged.len(), 3);
    let row = paged.into_iter().find(|row| row.chat.id == active.id).unwrap();
    assert_eq!((row.chat.clone(), row.visitor_read, row.agent_read, row.unread), (active.clone(), 2, 0, 1));
    assert_eq!(row.person_name.as_deref(), Some("Berta Lovelace"));
    let last = row.last.unwrap();
    assert_eq!((last.from, last.body, last.at), (MessageFrom::Visitor, text.body.clone(), text.at));
    assert_eq!(session.messages(second.id, 0).await.unwrap(), [text.clone(), note]);
    let positions = session.conversation_positions(&[second.id, w.id()]).await.unwrap();
    assert_eq!(positions, [(second.id, 0, 0)]);
    assert_eq!(session.last_word(second.id).await.unwrap(), Some(text.at));
    assert_eq!(session.last_word(first.id).await.unwrap(), None);
}

pub async fn agents_are_seen_on_any_node_and_never_earlier(w: World) {
    let (ada, ben): (UserId, UserId) = (w.id(), w.id());
    let mut tx = w.begin().await;
    tx.note_agents("one", &[ada, ben], at(10)).await.unwrap();
    tx.note_agents("two", &[ada], at(30)).await.unwrap();
    tx.note_agents("two", &[ada], at(20)).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let all: HashMap<_, _> = session.agents_seen(at(10)).await.unwrap().into_iter().collect();
    assert_eq!(all, HashMap::from([(ada, at(30)), (ben, at(10))]));
    assert_eq!(session.agents_seen(at(11)).await.unwrap(), [(ada, at(30))]);
    assert_eq!(session.agents_seen(at(31)).await.unwrap(), []);
}

pub async fn chats_are_counted_by_the_time_of_the_request(w: World) {
    let (first, second) = (begun(&w, "k", "Ada").await, begun(&w, "l", "Berta").await);
    let agent: UserId = w.id();
    let mut taken = chat(&w, &first, 10);
    go(&mut taken, 11, Event::Chosen { agent });
    go(&mut taken, 12, Event::Accepted { by: agent });
    go(&mut taken, 90, Event::EndedByAgent { by: agent });
    taken.rating = Some(4);
    let (waiting, later) = (chat(&w, &second, 20), chat(&w, &second, 30));
    for one in [&taken, &waiting, &later] {
        insert(&w, one).await;
    }
    let said = |seq: u64, from: MessageFrom, seconds: i64| {
        let mut message = w.message(seq, "words");
        (message.from, message.at, message.kind) = (from, at(seconds), "text".to_owned());
        message
    };
    let messages = [
        said(1, MessageFrom::Agent, 5),
        said(2, MessageFrom::Visitor, 13),
        said(3, MessageFrom::Agent, 15),
        said(4, MessageFrom::Agent, 16),
    ];
    let mut tx = w.begin().await;
    tx.insert_messages(first.id, &messages).await.unwrap();
    tx.commit().await.unwrap();
    let span = |from, to| Span { from: at(from), to: at(to) };
    let mut session = w.read().await;
    let found = session.chat_records(span(10, 30), None, None, 9).await.unwrap();
    let ids: Vec<_> = found.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, [taken.id, waiting.id]);
    let (_, record) = &found[0];
    assert_eq!((record.requested_at, record.accepted_at), (at(10), Some(at(12))));
    assert_eq!((record.first_answer_at, record.ended_at), (Some(at(15)), Some(at(90))));
    assert_eq!((record.outcome, record.rating), (Some(Outcome::EndedByAgent), Some(4)));
    assert_eq!(record.chat, Some(taken.clone()));
    let after = Some((at(10), taken.id));
    let rest = session.chat_records(span(0, 99), None, after, 1).await.unwrap();
    assert_eq!(rest.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [waiting.id]);
    let there = session.chat_records(span(0, 99), Some(second.site_id), None, 9).await.unwrap();
    assert_eq!(there.len(), 2);
    drop(session);

    let mut tx = w.begin().await;
    tx.erase_people(&[first.person_id], at(100)).await.unwrap();
    tx.commit().await.unwrap();
    let found = w.read().await.chat_records(span(10, 11), None, None, 9).await.unwrap();
    let (_, record) = &found[0];
    assert_eq!((record.accepted_at, record.rating, &record.chat), (Some(at(12)), Some(4), &None));
}

pub async fn a_message_is_rewritten_in_its_place(w: World) {
    let conversation = begun(&w, "k", "Ada").await;
    let (first, second) = (w.message(1, "one"), w.message(2, "two"));
    let mut tx = w.begin().await;
    tx.insert_messages(conversation.id, &[first.clone(), second.clone()]).await.unwrap();
    tx.rewrite_message(conversation.id, 1, &json!({"text": "changed"})).await.unwrap();
    tx.rewrite_message(conversation.id, 9, &json!({})).await.unwrap();
    tx.commit().await.unwrap();
    let stored = w.read().await.messages(conversation.id, 0).await.unwrap();
    assert_eq!(stored, [store::Message { body: json!({"text": "changed"}), ..first }, second]);
}

/// Of an erased person nothing of the chats is left that can be read, and no agent is busy with them.
pub async fn erasing_ends_chats_and_leaves_nothing_of_them(w: World) {
    let conversation = begun(&w, "k", "Ada").await;
    let agent: UserId = w.id();
    let mut one = chat(&w, &conversation, 0);
    go(&mut one, 1, Event::Chosen { agent });
    go(&mut one, 2, Event::Accepted { by: agent });
    insert(&w, &one).await;
    assert_ne!(w.places_of("xylofon").await, [] as [&str; 0]);
    let mut tx = w.begin().await;
    tx.erase_people(&[conversation.person_id], at(9)).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.chat(one.id).await.unwrap(), None);
    assert_eq!(session.latest_chat(conversation.id).await.unwrap(), None);
    assert_eq!(session.chats(&ChatFilter::default(), &FIRST).await.unwrap().items, []);
    assert_eq!(session.chat_loads().await.unwrap(), []);
    assert_eq!(session.chat_owners().await.unwrap(), []);
    assert_eq!(session.due_chats(at(1_000_000), 10).await.unwrap(), []);
    assert_eq!(w.places_of("xylofon").await, [] as [&str; 0]);
}
