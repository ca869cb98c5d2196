//! Whose turn it is. A ring serves its members in order of being served least recently, then by their place; a member with
//! weight 2 is served twice as often, exactly.
//!
//! How: every member stands at a mark, and being served moves it on by a stride that is the shorter the heavier the
//! member. The one that is farthest behind is next. Among equal weights this is the order of being served least
//! recently. Whoever was away does not catch up on missed turns, but is next when back: its mark is first lifted to
//! the floor, the mark at which the last turn was served.

use crate::Purpose;
use kernel::{RoutingRuleId, TeamId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// The greatest weight.
pub const MAX_WEIGHT: u8 = 10;
/// Divisible by every weight from 1 to 10, so that strides are whole numbers and nothing drifts.
const STRIDE: i64 = 2_520;

/// Who takes turns together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Scope {
    /// All agents.
    Everybody,
    /// The members of a team.
    Team(TeamId),
    /// The agents of a rule.
    Rule(RoutingRuleId),
}

/// A ring: those who take turns, for live chats or for meetings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RingKey {
    /// For what.
    pub purpose: Purpose,
    /// Who.
    pub scope: Scope,
}

/// Somebody who takes turns in a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub agent: UserId,
    /// How many turns for one of the others, 1 to [`MAX_WEIGHT`].
    pub weight: u8,
}

/// What a ring remembers of an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// Who.
    pub agent: UserId,
    /// How far the agent has been served.
    pub mark: i64,
    /// The number of the last turn.
    pub last_turn: i64,
    /// When that was.
    pub last_at: Timestamp,
    /// Turns in all.
    pub turns: u64,
}

/// What a ring remembers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ring {
    /// Turns served in all.
    pub turns: i64,
    /// The mark at which the last turn was served.
    pub floor: i64,
    /// Those who had a turn, in no order.
    pub seats: Vec<Seat>,
}

impl Ring {
    /// What is remembered of an agent; none before the first turn.
    pub fn seat(&self, agent: UserId) -> Option<&Seat> {
        self.seats.iter().find(|seat| seat.agent == agent)
    }

    /// The members, the next one first. Those who never had a turn come first, by their place among `members`.
    pub fn order(&self, members: &[Member]) -> Vec<UserId> {
        let seats: HashMap<UserId, &Seat> = self.seats.iter().map(|seat| (seat.agent, seat)).collect();
        let mut order: Vec<UserId> = members.iter().map(|member| member.agent).collect();
        order.sort_by_key(|agent| seats.get(agent).map_or((i64::MIN, 0), |seat| (seat.mark, seat.last_turn)));
        order
    }

    /// Gives a turn to a member; returns what is remembered of it now.
    pub fn serve(&mut self, member: Member, at: Timestamp) -> Seat {
        let before = self.seat(member.agent).copied();
        let served_at = before.map_or(self.floor, |seat| seat.mark.max(self.floor));
        let stride = STRIDE / i64::from(member.weight.clamp(1, MAX_WEIGHT));
        self.floor = served_at;
        self.turns = self.turns.saturating_add(1);
        let seat = Seat {
            agent: member.agent,
            mark: served_at.saturating_add(stride),
            last_turn: self.turns,
            last_at: at,
            turns: before.map_or(0, |seat| seat.turns).saturating_add(1),
        };
        self.seats.retain(|other| other.agent != member.agent);
        self.seats.push(seat);
        seat
    }

    /// In how many turns each of the members is next, if all stay available: 1 is the next turn.
    pub fn upcoming(&self, members: &[Member]) -> HashMap<UserId, u32> {
        let mut ring = self.clone();
        let mut left: HashSet<UserId> = members.iter().map(|member| member.agent).collect();
        let mut found = HashMap::new();
        let most = members.len().saturating_mul(usize::from(MAX_WEIGHT) + 1);
        for turn in 1..=u32::try_from(most).unwrap_or(u32::MAX) {
            let Some(next) = ring.order(members).first().copied() else { break };
            let Some(member) = members.iter().find(|member| member.agent == next) else { break };
            ring.serve(*member, Timestamp::UNIX_EPOCH);
            if left.remove(&next) {
                found.insert(next, turn);
            }
            if left.is_empty() {
                break;
            }
        }
        found
    }
}
