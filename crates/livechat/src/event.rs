//! What happens to a chat, what follows, and why something is refused.

use crate::{OfferResult, Outcome, Role};
use kernel::{Timestamp, UserId};

/// Something that happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Routing chose an agent for a waiting chat.
    Chosen {
        /// Who.
        agent: UserId,
    },
    /// Routing found nobody for a waiting chat.
    NobodyFound,
    /// An agent takes the offer.
    Accepted {
        /// Who.
        by: UserId,
    },
    /// An agent refuses the offer.
    Declined {
        /// Who.
        by: UserId,
    },
    /// An agent in it offers it to another one.
    HandedOn {
        /// Who.
        by: UserId,
        /// To whom.
        to: UserId,
        /// As what: owner is a transfer, guest an invitation.
        role: Role,
        /// What is said with it.
        note: Option<String>,
    },
    /// An agent comes to help without being asked.
    Joined {
        /// Who.
        by: UserId,
    },
    /// An agent goes.
    Left {
        /// Who.
        by: UserId,
    },
    /// An agent cannot go on: without connection, disabled, no agent any more.
    Lost {
        /// Who.
        agent: UserId,
    },
    /// Somebody said something after the warning.
    Spoke,
    /// Time passed. `talked_at` is when somebody last said something.
    TimePassed {
        /// The last word.
        talked_at: Option<Timestamp>,
    },
    /// An agent ends the session.
    EndedByAgent {
        /// Who.
        by: UserId,
    },
    /// The visitor ends it, or gives up waiting.
    EndedByVisitor,
}

/// Something to be done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Choose an agent who is not among those tried, then apply [`Event::Chosen`] or [`Event::NobodyFound`].
    Choose,
    /// An agent is asked.
    Offered {
        /// Who.
        agent: UserId,
        /// As what.
        role: Role,
        /// By whom.
        from: Option<UserId>,
    },
    /// An offer cannot be answered any more.
    OfferGone {
        /// Whose.
        agent: UserId,
        /// Why.
        result: OfferResult,
    },
    /// An agent is in it now.
    Joined {
        /// Who.
        agent: UserId,
        /// True when nobody was before: the visitor is engaged with an agent.
        first: bool,
    },
    /// An agent is not in it any more.
    Left {
        /// Who.
        agent: UserId,
    },
    /// Both sides are to be told that the chat ends unless somebody speaks.
    Warned,
    /// It is over.
    Ended {
        /// How.
        outcome: Outcome,
    },
}

/// Why an event does not change anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is over.
    #[error("the chat has ended")]
    Ended,
    /// Another agent was faster.
    #[error("another agent has taken the chat")]
    Taken {
        /// Who.
        by: UserId,
    },
    /// It is not offered to this agent (any more).
    #[error("the chat is not offered to you any more")]
    NotOffered,
    /// The agent is not in it.
    #[error("you are not in this chat")]
    NotIn,
    /// Nobody is with the visitor yet, so that nothing can be handed on or joined.
    #[error("nobody is with the visitor yet")]
    NotWithAgent,
    /// That agent is in it already, or was asked already.
    #[error("that agent is in the chat or is being asked already")]
    AlreadyThere,
}
