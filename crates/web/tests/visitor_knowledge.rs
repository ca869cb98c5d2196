//! What visitors and marketers rely on of answers: what is approved is said with its sources, what is not known is not
//! made up but kept as a question, and a response that is approved later answers from then on.

mod support;

use ::knowledge::ReviewState;
use app::{
    access::Actor,
    knowledge::{self, NewResponse, ResponsePatch},
    sites::ConsentMode,
};
use serde_json::{Value as Json, json};
use store::PageRequest;
use support::*;

const PAGE: &str = "https://www.shop.example/help";

fn new(question: &str, state: ReviewState) -> NewResponse {
    serde_json::from_value(
        json!({ "question": question, "answer": rich("It is free."), "topics": ["Prices"], "state": state,
        "links": [{ "title": "Price list", "url": "https://shop.example/prices" }] }),
    )
    .expect("a response")
}

async fn asking(server: &Server) -> (Browser, Json) {
    let site = server.site(ConsentMode::Open).await;
    let mut content = draft("");
    content["stream"] = json!({ "start": "ask", "cards": [
        { "id": "ask", "title": "Question", "kind": "ai_answer", "text": rich("Ask me."), "questions": 2, "topics": ["prices"],
          "fallback": rich("I do not know."), "next": "bye", "not_answered": "bye" },
        { "id": "bye", "kind": "message", "text": rich("Bye."), "next": null } ] });
    server.dialogue(site.id, "Help", content).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    browser.shown(&looking).await;
    let talk = browser.open(&looking).await;
    (browser, talk)
}

fn typed(text: &str) -> Json {
    json!({ "kind": "text", "text": text })
}

#[tokio::test]
async fn an_approved_response_is_said_with_its_source() {
    let server = server().await;
    knowledge::create(&server.app, &Actor::system(), new("How much does it cost?", ReviewState::Approved))
        .await
        .expect("made");
    let (mut browser, talk) = asking(&server).await;
    assert_eq!(talk["waiting"], json!({ "kind": "ai_answer", "card_id": "ask", "questions_left": 2 }));
    let talk = browser.answer(&talk, "ask", typed("what does it cost")).await;
    assert_eq!(talk["waiting"]["questions_left"], 1);
    assert_eq!(said(&talk), ["what does it cost", "It is free.", "Ask me."]);
    let whole = browser.read(&talk).await;
    assert!(whole["messages"].to_string().contains("https://shop.example/prices"));
    let talk = browser.answer(&talk, "ask", json!({ "kind": "skip" })).await;
    assert_eq!(said(&talk).last().map(String::as_str), Some("Bye."));
    server.stop().await;
}

#[tokio::test]
async fn what_nobody_approved_is_not_said_but_asked_for() {
    let server = server().await;
    let actor = Actor::system();
    let waiting =
        knowledge::create(&server.app, &actor, new("How much does it cost?", ReviewState::NeedsReview))
            .await
            .expect("made");
    let (mut browser, talk) = asking(&server).await;
    let talk = browser.answer(&talk, "ask", typed("What does it cost?")).await;
    assert_eq!(said(&talk), ["What does it cost?", "I do not know.", "Bye."]);
    let asked = knowledge::unanswered(&server.app, &PageRequest::first(10)).await.expect("questions").items;
    assert_eq!(
        asked.iter().map(|q| (q.question.as_str(), q.times)).collect::<Vec<_>>(),
        [("What does it cost?", 1)]
    );

    let patch = ResponsePatch { state: Some(ReviewState::Approved), ..ResponsePatch::default() };
    knowledge::update(&server.app, &actor, waiting.id, Some(1), patch.clone()).await.expect("approved");
    assert!(matches!(
        knowledge::update(&server.app, &actor, waiting.id, Some(1), patch).await,
        Err(app::AppError::Stale)
    ));
    let (mut browser, talk) = asking(&server).await;
    let talk = browser.answer(&talk, "ask", typed("What does it cost?")).await;
    assert_eq!(said(&talk)[1], "It is free.");

    let mut answer = new("What is the price?", ReviewState::Approved);
    answer.answers = Some(asked[0].id);
    knowledge::create(&server.app, &actor, answer).await.expect("made");
    assert!(
        knowledge::unanswered(&server.app, &PageRequest::first(10))
            .await
            .expect("questions")
            .items
            .is_empty()
    );
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_a_response_is_named() {
    let server = server().await;
    let mut bad = new(" ", ReviewState::Approved);
    bad.topics = vec!["x".repeat(61)];
    bad.answer = kernel::RichText::plain(" ");
    let refused = knowledge::create(&server.app, &Actor::system(), bad).await;
    let Err(app::AppError::Invalid(errors)) = refused else { panic!("{refused:?}") };
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["/question", "/topics", "/answer"]);
    server.stop().await;
}
