//! What leaves the process or the database: mail by SMTP, files on disk, requests to addresses that people chose.
//! Implements the ports of `connect`.

pub mod address;
pub mod files;
pub mod guarded;
pub mod mail;
pub mod trust;

pub use files::LocalFiles;
pub use guarded::{AllowedHosts, GuardSettings, GuardedClient};
pub use mail::{Encryption, InvalidSettings, SmtpMailer, SmtpSettings};
