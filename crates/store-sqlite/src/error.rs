//! From SQLite's errors to the port's.

use store::StoreError;

pub(crate) type Result<T> = std::result::Result<T, StoreError>;

/// SQLite names the columns of the index that refused a value.
const TAKEN: [(&str, &str); 14] = [
    ("people.email", "people.email"),
    ("users.email", "users.email"),
    ("company_domains.domain", "company_domains.domain"),
    ("attributes.of, attributes.name", "attributes.name"),
    ("lists.name", "lists.name"),
    ("profiles.name", "profiles.name"),
    ("goals.name_folded", "goals.name"),
    ("canned_responses.shortcut", "canned_responses.shortcut"),
    ("canned_responses.owner_id, canned_responses.shortcut", "canned_responses.shortcut"),
    ("messages.conversation_id, messages.client_id", "conversations.client_id"),
    ("sites.key", "sites.key"),
    ("teams.folded", "teams.name"),
    ("accounts.folded", "accounts.name"),
    ("account_domains.domain", "account_domains.domain"),
];

/// `SQLITE_CONSTRAINT_TRIGGER`: a guard of the schema refused a value, in the words of an index.
const RAISED: &str = "1811";

/// What went wrong in a statement.
pub(crate) fn database(error: sqlx::Error) -> StoreError {
    match &error {
        sqlx::Error::Database(cause) if cause.is_unique_violation() => taken(cause.message()),
        sqlx::Error::Database(cause) if cause.code().as_deref() == Some(RAISED) => taken(cause.message()),
        sqlx::Error::Database(cause) if cause.is_foreign_key_violation() => StoreError::NotFound,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_) | sqlx::Error::Decode(_) => {
            StoreError::Corrupt(error.to_string())
        }
        _ => StoreError::Unavailable(Box::new(error)),
    }
}

fn taken(message: &str) -> StoreError {
    let columns = message.rsplit_once("failed: ").map_or(message, |(_, columns)| columns);
    if columns.starts_with("messages.conversation_id, messages.seq") {
        // The numbers were taken from a conversation that somebody else moved on.
        return StoreError::Stale;
    }
    match TAKEN.iter().find(|(index, _)| *index == columns) {
        Some((_, what)) => StoreError::Taken { what },
        None => StoreError::Corrupt(format!("{columns} is there already")),
    }
}

/// Stored data that this program cannot read.
pub(crate) fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(what.to_string())
}
