//! Ground of the house: typed ids, time, randomness, secrets and the small value types that every
//! other crate speaks in.
//!
//! Nothing here does I/O. Time and randomness are *traits*: [`Clock`] and [`Entropy`] are implemented
//! by the binary and by the test kit, and handed in.

pub mod ambient;
pub mod cursor;
pub mod id;
pub mod locale;
pub mod rich_text;
pub mod secret;
pub mod text;
pub mod token;
pub mod value_types;

pub use ambient::{Clock, Entropy, Timestamp, millis, to_millis};
pub use cursor::Cursor;
pub use id::*;
pub use locale::Locale;
pub use rich_text::{Block, RichText, Span};
pub use secret::Secret;
pub use token::OpaqueToken;
pub use value_types::{Domain, Email, InvalidValue, Phone, SafeLink, WebUrl};
