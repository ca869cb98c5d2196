//! The one error of the port.

/// Why the store did not do what was asked. The cause of `Unavailable` is for logs, never for users.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique value is taken already (`what` names the constraint in the port's words: `people.email`, `users.email`,
    /// `company_domains.domain`, `attributes.name`, `lists.name`, `profiles.name`, `conversations.client_id`, `sites.key`).
    #[error("{what} is taken already")]
    Taken {
        /// Which unique value.
        what: &'static str,
    },
    /// The row changed since it was read.
    #[error("the record was changed in the meantime")]
    Stale,
    /// The row that should be changed is not there.
    #[error("not found")]
    NotFound,
    /// The cursor was not given by this list.
    #[error("the cursor is not one that this list gave")]
    Cursor,
    /// The database could not be reached, is locked, full or failing; worth trying again.
    #[error("the store is not available: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The stored data or schema is not what this program expects.
    #[error("the stored data is not as expected: {0}")]
    Corrupt(String),
}

impl From<kernel::cursor::InvalidCursor> for StoreError {
    fn from(_: kernel::cursor::InvalidCursor) -> Self {
        Self::Cursor
    }
}
