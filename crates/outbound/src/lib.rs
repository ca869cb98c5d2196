//! What leaves the process or the database: mail by SMTP and files on disk. Implements the ports of `connect`.

pub mod files;
pub mod mail;

pub use files::LocalFiles;
pub use mail::{Encryption, InvalidSettings, SmtpMailer, SmtpSettings};
