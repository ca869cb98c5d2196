//! Who gets a visitor, and why (spec 06).
//!
//! - [`Schedule`] is what an agent writes about the own hours, [`Hours`] answers *now?* and *until when?*, and [`Switch`]
//!   overrides both for a while.
//! - [`Ring`] remembers whose turn it is: the least recently served first, weights kept exactly.
//! - [`route()`] decides over accounts, the card's wish, rules and fallbacks, and returns the choice together with an
//!   [`Explanation`] that is stored and read out.
//!
//! Not in here: the clock, reading and locking rings (the service does, with the keys that [`rings_of`] names), who is
//! connected or full (a [`Standing`] comes in), and free slots of calendars.

mod explanation;
mod hours;
mod ring;
mod route;
mod schedule;
mod setup;
mod switch;

pub use explanation::{DomainSource, Explanation, Named, Step};
pub use hours::Hours;
pub use ring::{MAX_WEIGHT, Member, Ring, RingKey, Scope, Seat};
pub use route::{Decision, Outcome, Source, rings_of, route};
pub use schedule::{
    Block, ClockTime, ExtraDay, InvalidClockTime, MAX_BLOCKS, MAX_DATES, Mistake, Schedule, Week,
};
pub use setup::{Account, Agent, Away, Purpose, Request, Rule, Setup, Standing, Team, Wish};
pub use switch::{Because, State, Switch};
