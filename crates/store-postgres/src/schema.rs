//! Bringing the schema up to date, and refusing servers that would lose what they acknowledged (rule R1).

use crate::{codec::Columns, error::store_error};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, query, query_scalar};
use store::StoreError;

/// All migrations in order: number, name, SQL. Numbers and names are those of the SQLite adapter.
const MIGRATIONS: [(i32, &str, &str); 23] = [
    (1, "sites", include_str!("../migrations/0001_sites.sql")),
    (2, "dialogues", include_str!("../migrations/0002_dialogues.sql")),
    (3, "people", include_str!("../migrations/0003_people.sql")),
    (4, "visitors", include_str!("../migrations/0004_visitors.sql")),
    (5, "conversations", include_str!("../migrations/0005_conversations.sql")),
    (6, "activities", include_str!("../migrations/0006_activities.sql")),
    (7, "access", include_str!("../migrations/0007_access.sql")),
    (8, "outbox", include_str!("../migrations/0008_outbox.sql")),
    (9, "imports", include_str!("../migrations/0009_imports.sql")),
    (10, "retention", include_str!("../migrations/0010_retention.sql")),
    (11, "hot_paths", include_str!("../migrations/0011_hot_paths.sql")),
    (12, "bulk", include_str!("../migrations/0012_bulk.sql")),
    (13, "documents", include_str!("../migrations/0013_documents.sql")),
    (16, "knowledge", include_str!("../migrations/0016_knowledge.sql")),
    (17, "traces", include_str!("../migrations/0017_traces.sql")),
    (20, "routing", include_str!("../migrations/0020_routing.sql")),
    (21, "goals", include_str!("../migrations/0021_goals.sql")),
    (22, "chats", include_str!("../migrations/0022_chats.sql")),
    (24, "canned_responses", include_str!("../migrations/0024_canned_responses.sql")),
    (25, "attachments", include_str!("../migrations/0025_attachments.sql")),
    (26, "push", include_str!("../migrations/0026_push.sql")),
    (29, "messages_by_arrival", include_str!("../migrations/0029_messages_by_arrival.sql")),
    (30, "meeting_rules", include_str!("../migrations/0030_meeting_rules.sql")),
];

/// Held while the schema is changed, so that two nodes that start at once do not both do it.
const MIGRATION_LOCK: i64 = 0x5553_4845_5201;
/// For how many months partitions of activities are made ahead.
const MONTHS_AHEAD: i32 = 6;

pub(crate) async fn migrate(pool: &PgPool) -> Result<(), StoreError> {
    let mut work = pool.begin().await.map_err(store_error)?;
    refuse_careless_server(&mut work).await?;
    // A migration may take longer than any statement of the service.
    for limit in ["SET LOCAL statement_timeout = 0", "SET LOCAL lock_timeout = 0"] {
        query(limit).execute(&mut *work).await.map_err(store_error)?;
    }
    query("SELECT pg_advisory_xact_lock($1)")
        .bind(MIGRATION_LOCK)
        .execute(&mut *work)
        .await
        .map_err(store_error)?;
    let done = last_migration(&mut work).await?;
    let newest = MIGRATIONS[MIGRATIONS.len() - 1].0;
    if done > newest {
        return Err(StoreError::Corrupt(format!(
            "the schema is at {done}, this program knows up to {newest}: it is older than the data"
        )));
    }
    for (number, name, sql) in MIGRATIONS.into_iter().filter(|(number, ..)| *number > done) {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *work).await.map_err(store_error)?;
        query("INSERT INTO schema_migrations (number, name) VALUES ($1, $2)")
            .bind(number)
            .bind(name)
            .execute(&mut *work)
            .await
            .map_err(store_error)?;
    }
    query("SELECT prepare_activity_months($1)")
        .bind(MONTHS_AHEAD)
        .execute(&mut *work)
        .await
        .map_err(store_error)?;
    work.commit().await.map_err(store_error)
}

async fn last_migration(work: &mut PgConnection) -> Result<i32, StoreError> {
    query(
        "CREATE TABLE IF NOT EXISTS schema_migrations (
           number integer NOT NULL PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now())",
    )
    .execute(&mut *work)
    .await
    .map_err(store_error)?;
    query_scalar("SELECT coalesce(max(number), 0) FROM schema_migrations")
        .fetch_one(work)
        .await
        .map_err(store_error)
}

async fn refuse_careless_server(connection: &mut PgConnection) -> Result<(), StoreError> {
    let row = query(
        "SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS synchronous_commit,
           current_setting('server_encoding') AS encoding, current_setting('server_version_num')::int AS version",
    )
    .fetch_one(connection)
    .await
    .map_err(store_error)?;
    for setting in ["fsync", "synchronous_commit"] {
        if row.text(setting)? == "off" {
            return Err(StoreError::Corrupt(format!(
                "the server runs with {setting} = off and would lose what it acknowledged; switch it on"
            )));
        }
    }
    if row.text("encoding")? != "UTF8" {
        return Err(StoreError::Corrupt("the database is not encoded in UTF-8".to_owned()));
    }
    if row.column::<i32>("version")? < 140_000 {
        return Err(StoreError::Corrupt("the server is older than PostgreSQL 14".to_owned()));
    }
    Ok(())
}

/// Proves that a write can be made durable: a transaction that writes to the log of the database and waits for the disk.
pub(crate) async fn prove_writable(pool: &PgPool) -> Result<(), StoreError> {
    let mut work = pool.begin().await.map_err(store_error)?;
    // Takes a transaction number, so that the commit writes a record and flushes it, and touches no row.
    query("SELECT pg_current_xact_id(), pg_logical_emit_message(true, 'usher', 'ready')")
        .execute(&mut *work)
        .await
        .map_err(store_error)?;
    work.commit().await.map_err(store_error)
}
