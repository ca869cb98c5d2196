use crate::{World, fixtures::FIRST, world::at};
use kernel::RichText;
use knowledge::{Link, Response, ReviewState};
use store::{PageRequest, StoreError, UnansweredQuestion};

fn response(w: &World, question: &str) -> Response {
    Response {
        id: w.id(),
        question: question.to_owned(),
        variants: vec!["Auf Deutsch?".to_owned()],
        answer: RichText::plain("It is."),
        topics: vec!["Prices".to_owned()],
        links: vec![Link { title: "More".to_owned(), url: "https://example.com/".parse().unwrap() }],
        state: ReviewState::NeedsReview,
        created_at: at(1),
        updated_at: at(1),
        version: 1,
    }
}

pub async fn responses_are_kept_changed_and_removed(w: World) {
    let (mut one, two) =
        (response(&w, "How much?"), Response { created_at: at(2), ..response(&w, "Where?") });
    let mut tx = w.begin().await;
    tx.insert_responses(&[two.clone(), one.clone()]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(w.read().await.responses().await.unwrap(), [one.clone(), two.clone()]);

    one.state = ReviewState::Approved;
    one.variants.clear();
    one.updated_at = at(5);
    let mut tx = w.begin().await;
    tx.update_responses(&[]).await.unwrap();
    tx.update_responses(std::slice::from_ref(&one)).await.unwrap();
    assert!(matches!(tx.update_responses(std::slice::from_ref(&one)).await, Err(StoreError::Stale)));
    tx.delete_response(two.id).await.unwrap();
    assert!(matches!(tx.delete_response(two.id).await, Err(StoreError::NotFound)));
    assert!(matches!(tx.update_responses(std::slice::from_ref(&two)).await, Err(StoreError::NotFound)));
    tx.commit().await.unwrap();
    one.version = 2;
    let mut session = w.read().await;
    assert_eq!(session.response(one.id).await.unwrap(), Some(one));
    assert_eq!(session.response(two.id).await.unwrap(), None);
}

pub async fn many_responses_change_at_once_or_not_at_all(w: World) {
    let stored: Vec<Response> =
        (0..30).map(|n| Response { created_at: at(n), ..response(&w, &format!("Question {n}?")) }).collect();
    let mut tx = w.begin().await;
    tx.insert_responses(&stored).await.unwrap();
    tx.commit().await.unwrap();
    let approved =
        |one: &Response| Response { state: ReviewState::Approved, updated_at: at(99), ..one.clone() };
    let mut stale: Vec<Response> = stored.iter().map(approved).collect();
    stale[17].version = 7;
    let mut tx = w.begin().await;
    assert!(matches!(tx.update_responses(&stale).await, Err(StoreError::Stale)));
    drop(tx);
    assert_eq!(w.read().await.responses().await.unwrap(), stored);

    let mut tx = w.begin().await;
    tx.update_responses(&stored[5..25].iter().map(approved).collect::<Vec<_>>()).await.unwrap();
    tx.commit().await.unwrap();
    let found = w.read().await.responses().await.unwrap();
    let states = found.iter().map(|one| (one.state, one.version)).collect::<Vec<_>>();
    assert_eq!(states[4], (ReviewState::NeedsReview, 1));
    assert!(states[5..25].iter().all(|state| *state == (ReviewState::Approved, 2)));
    assert_eq!(states[25], (ReviewState::NeedsReview, 1));
}

pub async fn a_question_asked_again_is_counted(w: World) {
    let person = w.person("ada@example.com");
    let asked = |question: &str, second: i64| UnansweredQuestion {
        id: w.id(),
        question: question.to_owned(),
        times: 1,
        first_at: at(second),
        last_at: at(second),
        dialogue_id: w.id(),
        conversation_id: w.id(),
        person_id: person.id,
    };
    let (first, again, other) = (asked("Do you SHIP?", 1), asked("do you ship?", 9), asked("Why?", 5));
    let mut tx = w.begin().await;
    tx.insert_people(std::slice::from_ref(&person)).await.unwrap();
    for question in [&first, &other, &again] {
        tx.note_unanswered(question).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut session = w.read().await;
    let found = session.unanswered_questions(&FIRST).await.unwrap().items;
    let counted = UnansweredQuestion { id: first.id, times: 2, first_at: at(1), ..again };
    assert_eq!(found, [counted, other.clone()]);
    let page = session.unanswered_questions(&PageRequest::first(1)).await.unwrap();
    let rest = PageRequest { limit: 1, cursor: page.next };
    assert_eq!(session.unanswered_questions(&rest).await.unwrap().items, std::slice::from_ref(&other));
    drop(session);

    let mut tx = w.begin().await;
    tx.delete_unanswered(other.id).await.unwrap();
    assert!(matches!(tx.delete_unanswered(other.id).await, Err(StoreError::NotFound)));
    tx.erase_people(&[person.id], at(20)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(w.read().await.unanswered_questions(&FIRST).await.unwrap().items.is_empty());
}
