//! Use cases, one file each: they own transactions, carry out what the pure crates decide, write activities and the
//! outbox in the same unit of work, and hint on the bus after the commit.
//!
//! Not in here: HTTP, SQL, sockets. [`App`] holds the ports; a use case is a function that takes it first.

pub mod access;
pub mod users;
pub mod tokens;
pub mod sessions;
pub mod profiles;
pub mod passwords;
pub mod outbox;
pub mod invitations;
pub mod audit;
pub mod context;
pub mod error;

pub use context::{App, Limits, Ports, Retention, Settings};
pub use error::{AppError, FieldError};
