//! What a visitor sees of several agents.

use crate::calendar::Slot;
use kernel::UserId;

/// A slot, and who could take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// When.
    pub slot: Slot,
    /// Who is free then, in the order in which they were given.
    pub agents: Vec<UserId>,
}

/// The slots of all agents by start, each once.
pub fn union(agents: impl IntoIterator<Item = (UserId, Vec<Slot>)>) -> Vec<Offer> {
    let mut all: Vec<(Slot, UserId)> = Vec::new();
    for (agent, slots) in agents {
        all.extend(slots.into_iter().map(|slot| (slot, agent)));
    }
    // Stable, so that agents keep their order.
    all.sort_by_key(|(slot, _)| *slot);
    all.chunk_by(|(one, _), (other, _)| one == other)
        .filter_map(|same| {
            let (slot, _) = *same.first()?;
            Some(Offer { slot, agents: same.iter().map(|(_, agent)| *agent).collect() })
        })
        .collect()
}
