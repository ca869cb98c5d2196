//! The cases, by noun.

pub mod access;
pub mod activities;
pub mod attachments;
pub mod canned;
pub mod chats;
pub mod companies;
pub mod conversations;
pub mod criteria;
pub mod dialogues;
pub mod documents;
pub mod goals;
pub mod imports;
pub mod knowledge;
pub mod lists;
pub mod outbox;
pub mod people;
pub mod push;
pub mod reports;
pub mod routing;
pub mod search;
pub mod sites;
pub mod traces;
pub mod units;
pub mod visitors;
