//! The life of a chat: requested, offered, accepted, ended, and never in no state (spec 05).
//!
//! [`Chat::apply`] takes an [`Event`] and answers with [`Effect`]s; whoever calls it carries them out in the same
//! transaction. Not in here: who is asked (`routing`), what is said and stored (`app`), and the clock.

mod chat;
mod event;
pub mod figures;
mod life;
mod rules;

pub use chat::{Background, Chat, Offer, OfferResult, Outcome, Participant, Role, State, Wanted};
pub use event::{Effect, Event, Refused};
pub use rules::Rules;
