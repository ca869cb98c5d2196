//! The contract of the storage port, on SQLite.

#![expect(clippy::unwrap_used, reason = "tests")]

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, ConnectOptions, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use std::path::PathBuf;
use store_contract::{Scan, World};
use store_sqlite::{SqliteOptions, SqliteStore};

struct Tables(PathBuf);

#[async_trait]
impl Scan for Tables {
    async fn places_of(&self, text: &str) -> Vec<String> {
        let options = SqliteConnectOptions::new().filename(&self.0);
        let mut connection: SqliteConnection = options.connect().await.unwrap();
        let columns = sqlx::query(
            "SELECT t.name AS t, c.name AS c FROM sqlite_schema t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'people_fts%'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        let mut places = Vec::new();
        for column in columns {
            let (table, column): (String, String) = (column.get("t"), column.get("c"));
            let sql = format!(
                "SELECT count(*) FROM \"{table}\" WHERE instr(lower(CAST(\"{column}\" AS TEXT)), ?) > 0"
            );
            let holds = sqlx::query_scalar::<_, i64>(AssertSqlSafe(sql)).bind(text.to_lowercase());
            if holds.fetch_one(&mut connection).await.unwrap() > 0 {
                places.push(format!("{table}.{column}"));
            }
        }
        places.extend(self.bytes_of(text, &mut connection).await);
        places
    }
}

impl Tables {
    /// The words in the full-text index, and what is left in the file itself once the log is written back.
    async fn bytes_of(&self, text: &str, connection: &mut SqliteConnection) -> Vec<String> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(connection).await.unwrap();
        let bytes = std::fs::read(&self.0).unwrap().to_ascii_lowercase();
        let found = bytes.windows(text.len()).any(|window| window == text.as_bytes());
        if found { vec!["the file".to_owned()] } else { Vec::new() }
    }
}

async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("usher.db");
    let store = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
    World::new(store, Tables(path), folder).await
}

store_contract::each_case!(store_contract::contract_tests);
