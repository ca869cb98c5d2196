//! Ports to the world outside the process: mail and files. `outbound` implements them; `app` speaks only this.
//!
//! Not in here: the store and the bus (ports of their own), and what a mail says.

pub mod files;
pub mod mail;

pub use files::{FileError, FileReader, FileStore};
pub use mail::{Mail, MailError, Mailer};
