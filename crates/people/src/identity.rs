//! Who a visitor is after giving an e-mail address (spec 03, *Known people, in real time*).

use crate::person::{Person, Rung};
use kernel::PersonId;

/// What the decision needs to know of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonFacts {
    /// Whose facts these are.
    pub id: PersonId,
    /// How sure the identity is; known from [`Rung::Claimed`] on.
    pub rung: Rung,
}

impl PersonFacts {
    /// The facts of a record.
    pub const fn of(person: &Person) -> Self {
        let rung = match (person.is_known(), person.rung) {
            (true, Rung::Anonymous) => Rung::Claimed,
            (true, rung) => rung,
            (false, _) => Rung::Anonymous,
        };
        Self { id: person.id, rung }
    }

    const fn is_known(self) -> bool {
        !matches!(self.rung, Rung::Anonymous)
    }
}

/// What is to be done about the visitor's identity. Each variant is one row of the table in spec 03.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdentityStep {
    /// Anonymous, address unknown: the person becomes known with it.
    BecomeKnown {
        /// The visitor's person.
        person: PersonId,
    },
    /// Anonymous, address of a person: the visitor joins that person, and the anonymous person's activities move there,
    /// each saying that it was made under a claim.
    Join {
        /// The person joined.
        person: PersonId,
        /// The anonymous person that is left.
        from: PersonId,
    },
    /// Known, the same address: nothing changes but attributes.
    Stay {
        /// The visitor's person.
        person: PersonId,
    },
    /// Known, address of another person: the visitor moves there; the first keeps its history.
    Move {
        /// The person moved to.
        person: PersonId,
        /// The person left.
        from: PersonId,
    },
    /// Known, address unknown: a new person is made with it and the visitor moves there.
    MoveToNew {
        /// The person left.
        from: PersonId,
    },
}

/// Decides by the table of spec 03. A typed address is a claim, however sure the visitor was before: it links the visitor
/// to a person and never merges records. `address_owner` is the living person with the address, if there is one.
pub fn decide(visitor_person: &PersonFacts, address_owner: Option<&PersonFacts>) -> IdentityStep {
    let from = visitor_person.id;
    match (visitor_person.is_known(), address_owner.map(|owner| owner.id)) {
        (_, Some(owner)) if owner == from => IdentityStep::Stay { person: from },
        (false, None) => IdentityStep::BecomeKnown { person: from },
        (false, Some(person)) => IdentityStep::Join { person, from },
        (true, Some(person)) => IdentityStep::Move { person, from },
        (true, None) => IdentityStep::MoveToNew { from },
    }
}

impl IdentityStep {
    /// Whose the visitor is afterwards; none when that person is still to be made.
    pub const fn person(self) -> Option<PersonId> {
        match self {
            Self::BecomeKnown { person }
            | Self::Join { person, .. }
            | Self::Stay { person }
            | Self::Move { person, .. } => Some(person),
            Self::MoveToNew { .. } => None,
        }
    }

    /// The person whose activities move along; of a known person the history stays.
    pub const fn activities_move_from(self) -> Option<PersonId> {
        match self {
            Self::Join { from, .. } => Some(from),
            _ => None,
        }
    }

    /// True when the visitor is linked to a record that was there before: an activity `linked` says so, so that it can
    /// be undone.
    pub const fn is_link(self) -> bool {
        matches!(self, Self::Join { .. } | Self::Move { .. })
    }

    /// How sure it is who the visitor is afterwards: who changes the person by typing has only claimed it; who repeats
    /// an address stays what the visitor was.
    pub fn visitor_rung(self, before: Rung) -> Rung {
        match self {
            Self::Stay { .. } => before.max(Rung::Claimed),
            _ => Rung::Claimed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::person_id;

    #[test]
    fn the_table_of_the_specification() {
        let anonymous = PersonFacts { id: person_id(1), rung: Rung::Anonymous };
        let known = PersonFacts { id: person_id(1), rung: Rung::Claimed };
        let proven = PersonFacts { id: person_id(1), rung: Rung::Proven };
        let other = PersonFacts { id: person_id(2), rung: Rung::Proven };
        let (person, from) = (other.id, anonymous.id);
        for (visitor, owner, expected) in [
            (anonymous, None, IdentityStep::BecomeKnown { person: from }),
            (anonymous, Some(other), IdentityStep::Join { person, from }),
            (known, Some(known), IdentityStep::Stay { person: from }),
            (known, Some(other), IdentityStep::Move { person, from }),
            (known, None, IdentityStep::MoveToNew { from }),
            (proven, Some(other), IdentityStep::Move { person, from }),
        ] {
            assert_eq!(decide(&visitor, owner.as_ref()), expected, "{visitor:?} gives {owner:?}");
        }
    }

    #[test]
    fn only_an_anonymous_history_moves_and_typing_proves_nothing() {
        let (person, from) = (person_id(2), person_id(1));
        let join = IdentityStep::Join { person, from };
        let moved = IdentityStep::Move { person, from };
        assert_eq!((join.activities_move_from(), moved.activities_move_from()), (Some(from), None));
        assert_eq!(moved.visitor_rung(Rung::Proven), Rung::Claimed);
        assert_eq!(IdentityStep::Stay { person }.visitor_rung(Rung::Proven), Rung::Proven);
        assert!(join.is_link() && moved.is_link() && !IdentityStep::Stay { person }.is_link());
        assert_eq!(IdentityStep::MoveToNew { from }.person(), None);
    }
}
