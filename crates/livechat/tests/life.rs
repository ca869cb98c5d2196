//! The life of a chat: tables of what leads where, and promises that hold whatever happens in whatever order.

use jiff::SignedDuration;
use kernel::{ChatId, ConversationId, Timestamp, UserId, millis};
use livechat::{Background, Chat, Effect, Event, OfferResult, Outcome, Refused, Role, Rules, State, Wanted};
use proptest::prelude::*;
use routing::Wish;
use uuid::Uuid;

fn agent(number: u128) -> UserId {
    UserId::from(Uuid::from_u128(number))
}

fn at(seconds: i64) -> Timestamp {
    millis(1_790_000_000_000 + seconds * 1_000)
}

fn requested() -> Chat {
    let wanted = Wanted { wish: Wish::RoundRobin, any_available_agent: false };
    let id = ChatId::from(Uuid::from_u128(1));
    let conversation = ConversationId::from(Uuid::from_u128(2));
    let background = Background::default();
    Chat::requested(id, conversation, "chat".to_owned(), wanted, background, at(0), &Rules::default())
}

fn after(events: &[(i64, Event)]) -> (Chat, Vec<Effect>) {
    let mut chat = requested();
    let mut effects = Vec::new();
    for (seconds, event) in events {
        effects = chat.apply(&Rules::default(), at(*seconds), event.clone()).expect("is allowed");
        assert_eq!(chat.unsound(), None, "{event:?}");
    }
    (chat, effects)
}

fn chosen(number: u128) -> Event {
    Event::Chosen { agent: agent(number) }
}
fn accepted(number: u128) -> Event {
    Event::Accepted { by: agent(number) }
}
const PASSED: Event = Event::TimePassed { talked_at: None };
const ENDED: fn(Outcome) -> Effect = |outcome| Effect::Ended { outcome };

#[test]
fn an_offer_is_taken_missed_or_declined_and_two_are_asked_in_all() {
    let (chat, effects) = after(&[(0, chosen(1)), (5, accepted(1))]);
    assert_eq!((chat.state, chat.owner()), (State::WithAgent, Some(agent(1))));
    assert!(effects.contains(&Effect::Joined { agent: agent(1), first: true }));
    // A second tab of the same agent.
    assert_eq!(chat.clone().apply(&Rules::default(), at(6), accepted(1)), Ok(Vec::new()));

    let (chat, effects) = after(&[(0, chosen(1)), (99, PASSED)]);
    assert_eq!((chat.state, effects), (State::Offered, Vec::new()));
    let (chat, effects) = after(&[(0, chosen(1)), (100, PASSED)]);
    let gone = Effect::OfferGone { agent: agent(1), result: OfferResult::Missed };
    assert_eq!((chat.state, effects), (State::Waiting, vec![gone, Effect::Choose]));
    let (chat, _) = after(&[(0, chosen(1)), (100, PASSED), (100, chosen(2)), (110, accepted(2))]);
    assert_eq!(chat.owner(), Some(agent(2)));
    let decline = Event::Declined { by: agent(2) };
    let (chat, effects) = after(&[(0, chosen(1)), (100, PASSED), (100, chosen(2)), (120, decline)]);
    assert_eq!(chat.outcome, Some(Outcome::Missed));
    assert_eq!(effects.last(), Some(&ENDED(Outcome::Missed)));
    let (chat, _) = after(&[(0, chosen(1)), (100, PASSED), (100, Event::NobodyFound)]);
    assert_eq!(chat.outcome, Some(Outcome::Missed));
    let (chat, _) = after(&[(0, Event::NobodyFound)]);
    assert_eq!(chat.outcome, Some(Outcome::Nobody));
}

#[test]
fn whoever_comes_late_is_told_who_has_it() {
    let (mut chat, _) = after(&[(0, chosen(1)), (100, PASSED), (100, chosen(2)), (101, accepted(2))]);
    let late = chat.apply(&Rules::default(), at(101), accepted(1));
    assert_eq!(late, Err(Refused::Taken { by: agent(2) }));
    let (mut chat, _) = after(&[(0, chosen(1)), (100, PASSED), (100, chosen(2))]);
    assert_eq!(chat.apply(&Rules::default(), at(101), accepted(1)), Err(Refused::NotOffered));
    let (mut chat, _) = after(&[(0, chosen(1)), (5, Event::EndedByVisitor)]);
    assert_eq!(chat.outcome, Some(Outcome::Cancelled));
    assert_eq!(chat.apply(&Rules::default(), at(6), accepted(1)), Err(Refused::Ended));
}

#[test]
fn a_transfer_leaves_the_chat_with_its_agent_until_it_is_taken() {
    let hand = Event::HandedOn {
        by: agent(1),
        to: agent(2),
        role: Role::Owner,
        note: Some("Knows ovens".to_owned()),
    };
    let talk = [(0, chosen(1)), (5, accepted(1)), (10, hand)];
    let (chat, _) = after(&talk);
    assert_eq!(chat.owner(), Some(agent(1)));
    let missed = [talk.to_vec(), vec![(110, PASSED)]].concat();
    let (chat, effects) = after(&missed);
    assert_eq!(chat.owner(), Some(agent(1)));
    assert_eq!(effects, [Effect::OfferGone { agent: agent(2), result: OfferResult::Missed }]);
    let (chat, effects) = after(&[talk.to_vec(), vec![(20, accepted(2))]].concat());
    assert_eq!(chat.owner(), Some(agent(2)));
    assert!(!chat.has(agent(1)));
    assert!(effects.contains(&Effect::Left { agent: agent(1) }));
}

#[test]
fn a_lost_agent_gives_the_chat_to_a_guest_or_back_to_routing() {
    let invite = Event::HandedOn { by: agent(1), to: agent(2), role: Role::Guest, note: None };
    let lost = Event::Lost { agent: agent(1) };
    let (chat, effects) = after(&[(0, chosen(1)), (5, accepted(1)), (65, lost.clone())]);
    assert_eq!((chat.state, chat.tried.as_slice()), (State::Waiting, [agent(1)].as_slice()));
    assert_eq!(effects.last(), Some(&Effect::Choose));
    // Whoever had an agent waits a while for another one.
    let (chat, _) = after(&[(0, chosen(1)), (5, accepted(1)), (65, lost.clone()), (65, Event::NobodyFound)]);
    assert_eq!(chat.state, State::Waiting);
    let rest =
        [(0, chosen(1)), (5, accepted(1)), (65, lost.clone()), (65, Event::NobodyFound), (285, PASSED)];
    assert_eq!(after(&rest).0.outcome, Some(Outcome::Missed));
    let (chat, _) = after(&[(0, chosen(1)), (5, accepted(1)), (6, invite), (7, accepted(2)), (65, lost)]);
    assert_eq!((chat.state, chat.owner()), (State::WithAgent, Some(agent(2))));
}

#[test]
fn a_silent_chat_is_announced_and_ends_and_a_word_takes_that_back() {
    let talk = [(0, chosen(1)), (5, accepted(1))];
    let with = |more: &[(i64, Event)]| after(&[talk.to_vec(), more.to_vec()].concat());
    assert_eq!(with(&[(544, PASSED)]).1, []);
    let (chat, effects) = with(&[(545, PASSED)]);
    assert_eq!((effects, chat.ends_at), (vec![Effect::Warned], Some(at(605))));
    assert_eq!(with(&[(545, PASSED), (605, PASSED)]).0.outcome, Some(Outcome::TimedOut));
    let (chat, _) = with(&[(545, PASSED), (550, Event::Spoke), (605, PASSED)]);
    assert_eq!((chat.state, chat.ends_at), (State::WithAgent, None));
    assert_eq!(chat.due_at(&Rules::default()), Some(at(550 + 540)));
    let spoke = Event::TimePassed { talked_at: Some(at(300)) };
    let (chat, effects) = with(&[(545, spoke)]);
    assert_eq!((effects, chat.due_at(&Rules::default())), (Vec::new(), Some(at(840))));
    // Found late, both still have their minute.
    assert_eq!(with(&[(2_000, PASSED)]).0.ends_at, Some(at(2_060)));
}

fn events() -> impl Strategy<Value = Vec<(u32, Event)>> {
    let who = (1_u128..5).prop_map(agent);
    let role = prop_oneof![Just(Role::Owner), Just(Role::Guest)];
    let event = prop_oneof![
        4 => who.clone().prop_map(|agent| Event::Chosen { agent }),
        1 => Just(Event::NobodyFound),
        4 => who.clone().prop_map(|by| Event::Accepted { by }),
        2 => who.clone().prop_map(|by| Event::Declined { by }),
        3 => (who.clone(), who.clone(), role).prop_map(|(by, to, role)| Event::HandedOn { by, to, role, note: None }),
        1 => who.clone().prop_map(|by| Event::Joined { by }),
        1 => who.clone().prop_map(|by| Event::Left { by }),
        1 => who.clone().prop_map(|agent| Event::Lost { agent }),
        2 => Just(Event::Spoke),
        6 => Just(PASSED),
        1 => who.prop_map(|by| Event::EndedByAgent { by }),
        1 => Just(Event::EndedByVisitor),
    ];
    prop::collection::vec((0_u32..200, event), 1..40)
}

proptest! {
    /// Never in no state; one owner at most; every offer ends once; an end is final; time alone always leads on.
    #[test]
    fn any_events_in_any_order_keep_the_promises(events in events()) {
        let rules = Rules::default();
        let (mut chat, mut now) = (requested(), at(0));
        let (mut offered, mut gone, mut ends) = (0, 0, 0);
        for (seconds, event) in events {
            now += SignedDuration::from_secs(i64::from(seconds));
            let before = chat.clone();
            let Ok(mut effects) = chat.apply(&rules, now, event) else {
                prop_assert_eq!(&chat, &before);
                continue;
            };
            if effects.contains(&Effect::Choose) && chat.state == State::Waiting {
                effects.extend(chat.apply(&rules, now, Event::NobodyFound).expect("it waits"));
            }
            prop_assert_eq!(chat.unsound(), None);
            let count = |which: fn(&Effect) -> bool| effects.iter().filter(|effect| which(effect)).count();
            offered += count(|effect| matches!(effect, Effect::Offered { .. }));
            gone += count(|effect| matches!(effect, Effect::OfferGone { .. }));
            ends += count(|effect| matches!(effect, Effect::Ended { .. }));
            prop_assert_eq!(offered - gone, chat.open_offers().count());
            prop_assert_eq!(ends == 1, chat.is_over());
            prop_assert!(ends <= 1);
            prop_assert_eq!(chat.is_over(), chat.due_at(&rules).is_none());
        }
        // Left alone, every chat comes to its end, each step when it is due.
        for _ in 0..100 {
            let Some(due) = chat.due_at(&rules) else { break };
            now = now.max(due);
            let effects = chat.apply(&rules, now, PASSED).expect("it goes on");
            if effects.contains(&Effect::Choose) && chat.state == State::Waiting {
                chat.apply(&rules, now, Event::NobodyFound).expect("it waits");
            }
            prop_assert_eq!(chat.unsound(), None);
        }
        prop_assert!(chat.is_over(), "{:?}", chat);
        let json = serde_json::to_string(&chat).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Chat>(&json).expect("reads back"), chat);
    }
}
