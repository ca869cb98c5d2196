//! Ports to the world outside the process: mail, files, what addresses tell, and addresses that people chose. `outbound` and
//! `connect-ip` implement them; `app` speaks only this.
//!
//! Not in here: the store and the bus (ports of their own), and what a mail says.

pub mod files;
pub mod ip;
pub mod mail;
pub mod outgoing;

pub use files::{FileError, FileReader, FileStore};
pub use ip::{Inference, IpIntelligence};
pub use mail::{Mail, MailError, Mailer};
pub use outgoing::{Outgoing, OutgoingAnswer, OutgoingError, OutgoingRequest, Purpose};
