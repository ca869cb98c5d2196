//! Use cases, one file each: they own transactions, carry out what the pure crates decide, write activities and the
//! outbox in the same unit of work, and hint on the bus after the commit.
//!
//! Not in here: HTTP, SQL, sockets. [`App`] holds the ports; a use case is a function that takes it first.

pub mod access;
pub mod attributes;
pub mod audit;
pub mod caller;
pub mod canned;
pub mod catalog;
pub mod companies;
pub mod configuration;
pub mod consent;
pub mod context;
pub mod contrast;
pub mod conversations;
pub mod delivery;
pub mod dialogues;
pub mod documents;
pub mod error;
pub mod export;
mod facts;
pub mod forms;
pub mod goals;
pub mod guest;
pub mod home;
pub mod identify;
pub mod import;
pub mod invitations;
pub mod knowledge;
pub mod leave;
pub mod library;
pub mod lists;
pub mod livechat;
pub mod memory;
pub mod notify;
pub mod outbox;
mod page_batch;
pub mod page_view;
pub mod passwords;
pub mod people;
pub mod profiles;
mod recent;
pub mod rehearsals;
pub mod routing;
pub mod running;
mod sealed;
pub mod search;
pub mod sessions;
pub mod sites;
pub mod snapshot;
pub mod sweep;
pub mod tokens;
pub mod traces;
pub mod users;
mod vault;
mod visit;
pub mod visitor_token;
pub mod webhooks;

pub use context::{App, Limits, Ports, Retention, Settings, Sockets};
pub use error::{AppError, FieldError};
pub use running::Running;
