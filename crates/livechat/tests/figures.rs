//! Chats as they go, and what is counted of them.

use kernel::{Timestamp, UserId, millis};
use livechat::{
    Chat, Event, Outcome, Role, Rules, Wanted,
    figures::{Figures, Mean, Record},
};
use routing::Wish;
use uuid::Uuid;

const NONE: Figures = Figures {
    chats: 0,
    timed_out: 0,
    unattended: 0,
    accepted: 0,
    missed: 0,
    declined: 0,
    wait: Mean { sum: 0, count: 0 },
    first_answer: Mean { sum: 0, count: 0 },
    length: Mean { sum: 0, count: 0 },
    score: Mean { sum: 0, count: 0 },
    rating: Mean { sum: 0, count: 0 },
};

fn at(seconds: i64) -> Timestamp {
    millis(1_772_442_000_000 + seconds * 1_000)
}

fn agent(number: u128) -> UserId {
    UserId::from(Uuid::from_u128(number))
}

/// A chat requested at the beginning, to which these things happened.
fn chat(events: &[(i64, Event)]) -> Chat {
    let wanted = Wanted { wish: Wish::RoundRobin, any_available_agent: false };
    let rules = Rules::default();
    let id = Uuid::from_u128(9);
    let mut chat =
        Chat::requested(id.into(), id.into(), "c".to_owned(), wanted, Default::default(), at(0), &rules);
    for (seconds, event) in events {
        chat.apply(&rules, at(*seconds), event.clone()).expect("it can happen");
    }
    chat
}

fn counted(chat: Chat, first_answer: Option<i64>) -> Vec<(Option<UserId>, Figures)> {
    let record = Record {
        requested_at: chat.requested_at,
        accepted_at: chat.accepted_at,
        first_answer_at: first_answer.map(at),
        ended_at: chat.ended_at,
        outcome: chat.outcome,
        rating: chat.rating,
        chat: Some(chat),
    };
    record.counted()
}

const ADA: u128 = 1;
const BEN: u128 = 2;

fn chosen(number: u128) -> Event {
    Event::Chosen { agent: agent(number) }
}
fn accepted(number: u128) -> Event {
    Event::Accepted { by: agent(number) }
}

#[test]
fn a_chat_counts_for_whom_it_concerns() {
    let seconds = |n: i64| Mean::of(n * 1_000);
    let taken = Figures { chats: 1, accepted: 1, ..NONE };
    for (what, events, first_answer, expected) in [
        (
            "taken, answered, ended",
            vec![(0, chosen(ADA)), (20, accepted(ADA)), (320, Event::EndedByAgent { by: agent(ADA) })],
            Some(25),
            vec![(
                Some(agent(ADA)),
                Figures { wait: seconds(20), first_answer: seconds(5), length: seconds(300), ..taken },
            )],
        ),
        (
            "missed by one, taken by the next, silent until it ends",
            vec![
                (0, chosen(ADA)),
                (100, Event::TimePassed { talked_at: None }),
                (100, chosen(BEN)),
                (110, accepted(BEN)),
                (700, Event::TimePassed { talked_at: None }),
                (760, Event::TimePassed { talked_at: None }),
            ],
            None,
            vec![
                (Some(agent(ADA)), Figures { missed: 1, ..NONE }),
                (
                    Some(agent(BEN)),
                    Figures { wait: seconds(110), length: seconds(650), timed_out: 1, ..taken },
                ),
            ],
        ),
        (
            "declined and missed: nobody took it",
            vec![
                (0, chosen(ADA)),
                (5, Event::Declined { by: agent(ADA) }),
                (5, chosen(BEN)),
                (105, Event::TimePassed { talked_at: None }),
            ],
            None,
            vec![
                (Some(agent(ADA)), Figures { declined: 1, ..NONE }),
                (Some(agent(BEN)), Figures { missed: 1, ..NONE }),
                (None, Figures { unattended: 1, ..NONE }),
            ],
        ),
        (
            "nobody was there",
            vec![(0, Event::NobodyFound)],
            None,
            vec![(None, Figures { unattended: 1, ..NONE })],
        ),
        ("the visitor gave up", vec![(0, chosen(ADA)), (9, Event::EndedByVisitor)], None, vec![]),
        (
            "handed on: it belongs to whoever had it last",
            vec![
                (0, chosen(ADA)),
                (10, accepted(ADA)),
                (60, Event::HandedOn { by: agent(ADA), to: agent(BEN), role: Role::Owner, note: None }),
                (70, accepted(BEN)),
                (130, Event::EndedByVisitor),
            ],
            Some(12),
            vec![
                (Some(agent(ADA)), Figures { accepted: 1, ..NONE }),
                (
                    Some(agent(BEN)),
                    Figures { wait: seconds(10), first_answer: seconds(2), length: seconds(120), ..taken },
                ),
            ],
        ),
        (
            "it goes on",
            vec![(0, chosen(ADA)), (10, accepted(ADA))],
            None,
            vec![(Some(agent(ADA)), Figures { wait: seconds(10), ..taken })],
        ),
    ] {
        assert_eq!(counted(chat(&events), first_answer), expected, "{what}");
    }
}

#[test]
fn scores_and_ratings_are_means_of_those_that_were_given() {
    let mut one = chat(&[(0, chosen(ADA)), (1, accepted(ADA)), (2, Event::EndedByVisitor)]);
    (one.score, one.rating) = (Some(3), Some(4));
    let other = chat(&[(0, chosen(ADA)), (1, accepted(ADA)), (2, Event::EndedByVisitor)]);
    let sum = counted(one, None)[0].1.plus(counted(other, None)[0].1);
    assert_eq!((sum.chats, sum.score.value(), sum.rating.value()), (2, Some(3.0), Some(4.0)));
    assert_eq!(NONE.rating.value(), None);
}

/// Of a person who is erased it is not known any more who had the chat; it still counts.
#[test]
fn an_erased_persons_chat_counts_for_nobody_in_particular() {
    let record = Record {
        requested_at: at(0),
        accepted_at: Some(at(10)),
        first_answer_at: None,
        ended_at: Some(at(70)),
        outcome: Some(Outcome::EndedByVisitor),
        rating: Some(5),
        chat: None,
    };
    let figures =
        Figures { chats: 1, wait: Mean::of(10_000), length: Mean::of(60_000), rating: Mean::of(5), ..NONE };
    assert_eq!(record.counted(), [(None, figures)]);
}
