//! What a database error means in the port's words.

use sqlx::error::DatabaseError;
use store::StoreError;

/// Constraints that the port names.
const UNIQUE: [(&str, &str); 15] = [
    ("people_email", "people.email"),
    ("people_pkey", "people.id"),
    ("users_email_key", "users.email"),
    ("company_domains_pkey", "company_domains.domain"),
    ("attributes_of_name_key", "attributes.name"),
    ("lists_name_key", "lists.name"),
    ("profiles_name_key", "profiles.name"),
    ("goals_name_folded_key", "goals.name"),
    ("canned_responses_shared", "canned_responses.shortcut"),
    ("canned_responses_own", "canned_responses.shortcut"),
    ("messages_client_id", "conversations.client_id"),
    ("sites_key_key", "sites.key"),
    ("teams_folded_key", "teams.name"),
    ("accounts_folded_key", "accounts.name"),
    ("account_domains_pkey", "account_domains.domain"),
];

/// Classes of SQLSTATE that another try may not meet again: connection, rollback (serialisation, deadlock), resources, lock,
/// cancelled by a time-out or an operator, and the disk.
const PASSING: [&str; 7] = ["08", "40", "53", "55", "57", "58", "25"];

/// The error for callers; unavailable when another try may succeed.
pub(crate) fn store_error(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(cause) => database_error(cause),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::Protocol(_) => StoreError::Unavailable(Box::new(error)),
        other => StoreError::Corrupt(other.to_string()),
    }
}

fn database_error(cause: Box<dyn DatabaseError>) -> StoreError {
    let state = cause.code().unwrap_or_default().into_owned();
    if state == "23505"
        && let Some((_, what)) = UNIQUE.iter().find(|(name, _)| cause.constraint() == Some(name))
    {
        return StoreError::Taken { what };
    }
    // A row that it should belong to is gone.
    if state == "23503" {
        return StoreError::NotFound;
    }
    if PASSING.iter().any(|class| state.starts_with(class)) {
        return StoreError::Unavailable(Box::new(sqlx::Error::Database(cause)));
    }
    StoreError::Corrupt(cause.to_string())
}
