//! When meetings can take place (spec 07).
//!
//! - [`Rules`] is what an agent sets for meetings beside the hours: length, buffers, notice, horizon, most per day, step.
//! - [`blocking()`] tells which events of a calendar keep an agent busy, and for which stretch of time.
//! - [`Calendar`] puts hours, busy times and own meetings together and answers with the slots of a range, or whether one
//!   slot can still be had. All of it is arithmetic on instants; only hours and all-day events know a clock.
//! - [`union()`] is what a visitor sees of several agents.
//!
//! Not in here: the clock, reading calendars, and the guard against two bookings at once (the database has it, over the
//! stretch that [`Rules::guarded`] names).

mod busy;
mod calendar;
mod rules;
mod union;

pub use busy::{Answer, Event, Shows, Stretch, When, blocking};
pub use calendar::{Booked, Calendar, Refusal, Slot};
pub use rules::{MAX_HORIZON_DAYS, MAX_LENGTHS, MAX_MINUTES, Rules};
pub use union::{Offer, union};
