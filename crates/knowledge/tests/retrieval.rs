//! What marketers rely on: approved answers are found in other words, and a question that none answers finds none.

use kernel::{RichText, Timestamp};
use knowledge::{Index, Link, Response, ReviewState};
use proptest::prelude::*;

fn response(number: u128, question: &str, variants: &[&str], topics: &[&str]) -> Response {
    Response {
        id: uuid::Uuid::from_u128(number).into(),
        question: question.to_owned(),
        variants: variants.iter().map(|text| (*text).to_owned()).collect(),
        answer: RichText::plain(&format!("Answer {number}")),
        topics: topics.iter().map(|text| (*text).to_owned()).collect(),
        links: Vec::new(),
        state: ReviewState::Approved,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        version: 1,
    }
}

fn library() -> Vec<Response> {
    vec![
        response(1, "How much does it cost?", &["What are your prices?", "Was kostet das?"], &["Prices"]),
        response(2, "Is there a free trial?", &["Can I try it for free?"], &["Prices", "Start"]),
        response(
            3,
            "Where are our data stored?",
            &["Wo liegen unsere Daten?", "data residency"],
            &["Security"],
        ),
        response(4, "Which integrations do you have?", &["Does it work with Salesforce?"], &["Product"]),
        response(5, "How do I cancel my subscription?", &["Wie kann ich kündigen?"], &["Contract"]),
    ]
}

#[test]
fn questions_find_their_answer_in_other_words_or_none() {
    let index = Index::of(library());
    for (question, expected) in [
        ("what does it COST", Some(1)),
        ("Your price?", Some(1)),
        ("Was kostet es?", Some(1)),
        ("is a trial available for free", Some(2)),
        ("Where do you store data", Some(3)),
        ("Wo sind unsere Daten?", Some(3)),
        ("Salesforce integration?", Some(4)),
        ("I want to cancel", Some(5)),
        ("Wie kündige ich?", Some(5)),
        ("Do you ship to Norway?", None),
        ("Who won the match yesterday?", None),
        ("What is it?", None),
        ("", None),
        ("Can you cancel my flight to Norway tomorrow morning and book a hotel", None),
    ] {
        let found = index.find(question, &[]).map(|hit| hit.response.id.uuid().as_u128());
        assert_eq!(found, expected, "{question}: {:?}", index.ranked(question, &[]).first().map(|h| h.score));
    }
}

#[test]
fn only_what_is_approved_and_on_the_topic_is_found() {
    let mut responses = library();
    responses[0].state = ReviewState::NeedsReview;
    responses[4].state = ReviewState::Rejected;
    let index = Index::of(responses);
    assert!(index.find("How much does it cost?", &[]).is_none());
    assert!(index.find("How do I cancel my subscription?", &[]).is_none());
    assert!(index.find("Is there a free trial?", &["prices".to_owned()]).is_some());
    assert!(index.find("Is there a free trial?", &["Security".to_owned()]).is_none());
}

#[test]
fn an_answer_is_said_with_its_sources() {
    let mut one = response(1, "How much?", &[], &[]);
    one.links =
        vec![Link { title: "Prices".to_owned(), url: "https://example.com/prices".parse().expect("a link") }];
    assert_eq!(one.said().to_plain(), "Answer 1\nPrices");
}

proptest! {
    /// Whatever is asked, what is found fits, and the wording itself is always found.
    #[test]
    fn any_question_is_answered_soundly(question in ".{0,80}", number in 0_usize..5) {
        let index = Index::of(library());
        if let Some(hit) = index.find(&question, &[]) {
            prop_assert!((knowledge::MIN_SHARE..=1.0 + 1e-9).contains(&hit.score));
        }
        let own = &library()[number];
        let found = index.find(&own.question, &[]).map(|hit| hit.response.id);
        prop_assert_eq!(found, Some(own.id));
    }
}
