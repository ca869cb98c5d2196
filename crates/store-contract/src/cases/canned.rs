use crate::{World, world::at};
use kernel::UserId;
use store::{CannedResponse, StoreError};

async fn agents(w: &World) -> [UserId; 2] {
    [w.stored_user("ada@example.com").await, w.stored_user("ben@example.com").await]
}

fn response(w: &World, shortcut: &str, owner_id: Option<UserId>) -> CannedResponse {
    CannedResponse {
        id: w.id(),
        shortcut: shortcut.to_owned(),
        text: format!("Text of {shortcut}"),
        owner_id,
        created_at: at(0),
        updated_at: at(0),
        version: 1,
    }
}

pub async fn canned_responses_are_the_shared_and_the_own_ones(w: World) {
    let [ada, ben] = agents(&w).await;
    let (thanks, hello) = (response(&w, "thanks", None), response(&w, "hello", None));
    let (own, foreign) = (response(&w, "hello", Some(ada)), response(&w, "bye", Some(ben)));
    let mut tx = w.begin().await;
    for one in [&thanks, &hello, &own, &foreign] {
        tx.insert_canned_response(one).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let listed = session.canned_responses(Some(ada)).await.unwrap();
    assert_eq!(listed, [own.clone(), hello.clone(), thanks.clone()]);
    assert_eq!(session.canned_responses(None).await.unwrap(), [hello, thanks.clone()]);
    assert_eq!(session.canned_response(foreign.id).await.unwrap(), Some(foreign));
    drop(session);

    let mut changed = CannedResponse { text: "Many thanks".to_owned(), updated_at: at(5), ..thanks };
    let mut tx = w.begin().await;
    tx.update_canned_response(&changed).await.unwrap();
    assert!(matches!(tx.update_canned_response(&changed).await, Err(StoreError::Stale)));
    assert!(matches!(
        tx.update_canned_response(&response(&w, "gone", None)).await,
        Err(StoreError::NotFound)
    ));
    tx.delete_canned_response(own.id).await.unwrap();
    assert!(matches!(tx.delete_canned_response(own.id).await, Err(StoreError::NotFound)));
    tx.commit().await.unwrap();
    changed.version = 2;
    let mut session = w.read().await;
    assert_eq!(session.canned_response(changed.id).await.unwrap(), Some(changed));
    assert_eq!(session.canned_response(own.id).await.unwrap(), None);
}

pub async fn a_shortcut_is_taken_once_by_each_owner_and_once_by_all(w: World) {
    let [ada, ben] = agents(&w).await;
    let mut tx = w.begin().await;
    for owner in [None, Some(ada), Some(ben)] {
        tx.insert_canned_response(&response(&w, "hello", owner)).await.unwrap();
    }
    let other = response(&w, "other", Some(ben));
    tx.insert_canned_response(&other).await.unwrap();
    tx.commit().await.unwrap();
    for owner in [None, Some(ada)] {
        let mut tx = w.begin().await;
        let outcome = tx.insert_canned_response(&response(&w, "hello", owner)).await;
        assert!(matches!(outcome, Err(StoreError::Taken { what: "canned_responses.shortcut" })));
        tx.rollback().await.unwrap();
    }
    let mut tx = w.begin().await;
    let renamed = CannedResponse { shortcut: "hello".to_owned(), ..other };
    let outcome = tx.update_canned_response(&renamed).await;
    assert!(matches!(outcome, Err(StoreError::Taken { what: "canned_responses.shortcut" })));
    tx.rollback().await.unwrap();
}
