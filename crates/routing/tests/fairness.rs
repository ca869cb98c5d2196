//! Turns: the order of the specification, exact weights, and that nobody who was away loses or hoards turns.

use kernel::UserId;
use proptest::prelude::*;
use routing::{Member, Ring};
use std::collections::HashMap;

fn agent(number: u8) -> UserId {
    UserId::from(uuid::Uuid::from_u128(u128::from(number)))
}

fn members(weights: &[u8]) -> Vec<Member> {
    (1..).zip(weights).map(|(number, weight)| Member { agent: agent(number), weight: *weight }).collect()
}

/// Gives the next turn to the first of those who are there.
fn turn(ring: &mut Ring, members: &[Member], away: &[u8]) -> Option<UserId> {
    let next = ring.order(members).into_iter().find(|id| !away.iter().any(|number| agent(*number) == *id))?;
    let member = members.iter().find(|member| member.agent == next)?;
    ring.serve(*member, kernel::millis(0));
    Some(next)
}

fn turns(ring: &mut Ring, members: &[Member], away: &[u8], count: usize) -> Vec<u8> {
    let mut served = Vec::new();
    for _ in 0..count {
        let next = turn(ring, members, away);
        served.extend((1..=255).find(|number| next == Some(agent(*number))));
    }
    served
}

#[test]
fn turns_are_sequential() {
    let five = members(&[1; 5]);
    let mut ring = Ring::default();
    assert_eq!(turns(&mut ring, &five, &[], 3), [1, 2, 3]);
    assert_eq!(turns(&mut ring, &five, &[], 4), [4, 5, 1, 2]);
}

#[test]
fn being_away_is_not_a_turn_lost_and_not_a_claim_to_several() {
    let three = members(&[1; 3]);
    let mut ring = Ring::default();
    assert_eq!(turns(&mut ring, &three, &[2], 7), [1, 3, 1, 3, 1, 3, 1]);
    // Back: the next turn is his, then it goes on by who was served least recently.
    assert_eq!(turns(&mut ring, &three, &[], 6), [2, 3, 1, 2, 3, 1]);
}

#[test]
fn whoever_joins_is_next_and_then_one_of_all() {
    let mut ring = Ring::default();
    turns(&mut ring, &members(&[1; 2]), &[], 9);
    assert_eq!(turns(&mut ring, &members(&[1; 3]), &[], 6), [3, 2, 1, 3, 2, 1]);
}

#[test]
fn weight_two_gets_two_of_three() {
    let two = members(&[2, 1]);
    let mut ring = Ring::default();
    for round in 0..100 {
        let served = turns(&mut ring, &two, &[], 3);
        assert_eq!(served.iter().copied().filter(|number| *number == 1).count(), 2, "{round}");
    }
}

#[test]
fn upcoming_turns_are_told_for_everybody() {
    let three = members(&[1, 3, 1]);
    let mut ring = Ring::default();
    turns(&mut ring, &three, &[], 1);
    let upcoming = ring.upcoming(&three);
    assert_eq!(upcoming, HashMap::from([(agent(2), 1), (agent(3), 2), (agent(1), 5)]));
    assert!(Ring::default().upcoming(&[]).is_empty());
}

proptest! {
    #[test]
    fn equal_agents_differ_by_at_most_one(agents in 1_usize..40, count in 0_usize..400) {
        let members = members(&vec![1; agents]);
        let mut ring = Ring::default();
        let mut counts: HashMap<UserId, u64> = members.iter().map(|member| (member.agent, 0)).collect();
        for _ in 0..count {
            if let Some(next) = turn(&mut ring, &members, &[]) {
                *counts.entry(next).or_default() += 1;
            }
        }
        let (least, most) = (counts.values().min().copied(), counts.values().max().copied());
        prop_assert!(most <= least.map(|least| least + 1));
    }

    #[test]
    fn weights_are_kept_exactly_in_every_round(weights in prop::collection::vec(1_u8..=10, 1..8), rounds in 1_usize..6) {
        let members = members(&weights);
        let mut ring = Ring::default();
        let whole: usize = weights.iter().map(|weight| usize::from(*weight)).sum();
        for _ in 0..rounds {
            let served = turns(&mut ring, &members, &[], whole);
            for (number, weight) in (1..).zip(&weights) {
                prop_assert_eq!(served.iter().copied().filter(|other| *other == number).count(), usize::from(*weight));
            }
        }
    }

    /// Among equals the next one is always whoever of those there was served least recently, then the first by place.
    #[test]
    fn the_order_is_by_least_recently_served(away in prop::collection::vec(prop::collection::vec(1_u8..=5, 0..4), 1..60)) {
        let members = members(&[1; 5]);
        let mut ring = Ring::default();
        let mut last: HashMap<UserId, usize> = HashMap::new();
        for (number, away) in away.iter().enumerate() {
            let there = members.iter().filter(|m| !away.iter().any(|number| agent(*number) == m.agent));
            let expected = there.min_by_key(|m| last.get(&m.agent).map_or(0, |turn| turn + 1)).map(|m| m.agent);
            let next = turn(&mut ring, &members, away);
            prop_assert_eq!(next, expected);
            last.extend(next.map(|next| (next, number)));
        }
    }
}
