use crate::{
    World,
    cases::chats::{begun, chat, go, insert},
    world::at,
};
use kernel::UserId;
use livechat::{Event, Rules};
use store::{MessageFrom, PushSubscription, Side, UserSession};

fn signed_in(w: &World, user: UserId, token: u8, until: i64) -> UserSession {
    UserSession {
        id: w.id(),
        token_hash: [token; 32],
        user_id: user,
        user_agent: "Browser".to_owned(),
        created_at: at(0),
        last_seen_at: at(0),
        expires_at: at(until),
    }
}

fn subscription(w: &World, session: &UserSession, name: &str, seconds: i64) -> PushSubscription {
    PushSubscription {
        id: w.id(),
        user_id: session.user_id,
        session_id: session.id,
        endpoint: format!("https://push.example/{name}"),
        p256dh: vec![4; 65],
        auth: vec![0, 255, 7],
        server_key: "BKey".to_owned(),
        user_agent: "Browser".to_owned(),
        created_at: at(seconds),
        pushed_at: None,
    }
}

pub async fn a_browser_has_one_subscription_that_goes_with_the_sign_in(w: World) {
    let (ada, ben) = (w.stored_user("ada@example.com").await, w.stored_user("ben@example.com").await);
    let (at_work, at_home) = (signed_in(&w, ada, 1, 100), signed_in(&w, ada, 2, 1_000));
    let of_ben = signed_in(&w, ben, 3, 1_000);
    let (first, second) = (subscription(&w, &at_work, "a", 1), subscription(&w, &at_home, "b", 2));
    let mut tx = w.begin().await;
    for session in [&at_work, &at_home, &of_ben] {
        tx.insert_session(session).await.unwrap();
    }
    for one in [&second, &first] {
        tx.put_push_subscription(one).await.unwrap();
    }
    tx.note_pushed(second.id, at(9)).await.unwrap();
    tx.commit().await.unwrap();
    let second = PushSubscription { pushed_at: Some(at(9)), ..second };
    let mut session = w.read().await;
    assert_eq!(session.push_subscriptions_of(ada, at(50)).await.unwrap(), [first.clone(), second.clone()]);
    assert_eq!(session.push_subscription(first.id, at(99)).await.unwrap(), Some(first.clone()));
    assert_eq!(session.pushable_users(at(50)).await.unwrap(), [ada]);
    // The sign-in at work has ended.
    assert_eq!(session.push_subscription(first.id, at(100)).await.unwrap(), None);
    assert_eq!(session.push_subscriptions_of(ada, at(100)).await.unwrap(), std::slice::from_ref(&second));
    drop(session);

    // Ben sits down at Ada's browser.
    let taken = PushSubscription { id: w.id(), ..subscription(&w, &of_ben, "b", 3) };
    let mut tx = w.begin().await;
    tx.put_push_subscription(&taken).await.unwrap();
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    assert_eq!(session.push_subscriptions_of(ada, at(50)).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(session.push_subscriptions_of(ben, at(50)).await.unwrap(), std::slice::from_ref(&taken));
    drop(session);

    let mut tx = w.begin().await;
    assert!(tx.delete_push_subscription(taken.id).await.unwrap());
    assert!(!tx.delete_push_subscription(taken.id).await.unwrap());
    tx.delete_session(ada, at_work.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.push_subscription(first.id, at(1)).await.unwrap(), None);
    assert_eq!(w.read().await.pushable_users(at(1)).await.unwrap(), []);
}

pub async fn agents_are_called_once_to_what_nobody_has_read(w: World) {
    let conversation = begun(&w, "k", "Ada").await;
    let agent: UserId = w.id();
    let mut one = chat(&w, &conversation, 0);
    go(&mut one, 1, Event::Chosen { agent });
    go(&mut one, 2, Event::Accepted { by: agent });
    insert(&w, &one).await;
    let said = |seq: u64, from: MessageFrom, seconds: i64| {
        let mut message = w.message(seq, "words");
        (message.from, message.at) = (from, at(seconds));
        message.kind = "text".to_owned();
        message
    };
    let messages = [
        said(1, MessageFrom::Agent, 3),
        said(2, MessageFrom::Visitor, 10),
        said(3, MessageFrom::Visitor, 30),
        said(4, MessageFrom::Agent, 31),
    ];
    let mut tx = w.begin().await;
    tx.insert_messages(conversation.id, &messages).await.unwrap();
    tx.commit().await.unwrap();
    let unread = async |seconds: i64| w.read().await.unread_chats(at(seconds), 10).await.unwrap();
    assert_eq!(unread(9).await, []);
    assert_eq!(unread(10).await, [(one.id, 3)]);

    let mut tx = w.begin().await;
    assert!(tx.note_called(one.id, 3).await.unwrap());
    assert!(!tx.note_called(one.id, 3).await.unwrap(), "another node has called already");
    tx.insert_messages(conversation.id, &[said(5, MessageFrom::Visitor, 40)]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(unread(99).await, [], "called, and nobody has looked since");

    let mut tx = w.begin().await;
    tx.note_read(one.id, Side::Agent, 4).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(unread(39).await, []);
    assert_eq!(unread(99).await, [(one.id, 5)]);
    go(&mut one, 50, Event::EndedByAgent { by: agent });
    let mut tx = w.begin().await;
    tx.save_chat(&one, one.due_at(&Rules::default())).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(unread(99).await, []);
}
