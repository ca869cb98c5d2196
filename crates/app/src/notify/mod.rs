//! Calling agents who do not look at the console: pushed to their browsers, by mail, and to a chat of theirs (spec 05).
//!
//! - [`settings`]: what everybody chose. - [`browsers`]: which browsers are pushed to. - [`jobs`]: what becomes a job of the
//!   outbox, in the transaction of its cause. - [`deliver`]: sending. - [`unread`]: messages that nobody reads.
//! - [`keys`], [`seal`]: who this instance is to push services, and how they are kept from reading.
//!
//! Nothing of a visitor is in a notification: it says that there is a chat and where, and leads to the console.

pub mod browsers;
pub mod deliver;
mod jobs;
mod keys;
mod seal;
pub mod settings;
pub mod unread;
mod words;

pub use jobs::{ALERT, AlertPayload, Way};
pub(crate) use jobs::{Alert, Place, enqueue, supervisors};

use crate::{App, AppError};
use serde::{Deserialize, Serialize};

/// Why somebody is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// A chat is offered.
    Offer,
    /// The visitor of one's chat wrote, and nobody has read it.
    Message,
    /// One did not answer an offer in time.
    Missed,
    /// Nobody took a chat; for those who see all chats.
    Unattended,
    /// Somebody tries whether it works.
    Trial,
}

/// Makes the key of this instance at its first start.
pub(crate) async fn prepare(app: &App) -> Result<(), AppError> {
    keys::ServerKey::ensure(app).await.map(drop)
}
