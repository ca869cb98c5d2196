//! The contract of the storage port on a real Postgres.

#![expect(clippy::unwrap_used, reason = "a panic is the verdict of a test")]

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, PgPool, Row, query};
use store::Store;
use store_contract::{Scan, World};
use store_postgres::{PostgresSettings, PostgresStore};
use testkit::postgres::TestDatabase;

struct Tables(PgPool);

#[async_trait]
impl Scan for Tables {
    async fn places_of(&self, text: &str) -> Vec<String> {
        let columns = query(
            "SELECT c.table_name::text, c.column_name::text, c.data_type::text
             FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'",
        );
        let mut places = Vec::new();
        for row in columns.fetch_all(&self.0).await.unwrap() {
            let (table, column, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
            let value = match kind.as_str() {
                "bytea" => format!("encode({column}, 'escape')"),
                _ => format!("{column}::text"),
            };
            let sql =
                format!("SELECT EXISTS (SELECT FROM {table} WHERE strpos(lower({value}), lower($1)) > 0)");
            let found = query(AssertSqlSafe(sql)).bind(text).fetch_one(&self.0).await.unwrap();
            if found.get(0) {
                places.push(format!("{table}.{column}"));
            }
        }
        places
    }
}

async fn migrate(url: String) {
    let store = PostgresStore::new(&PostgresSettings::new(url)).unwrap();
    store.migrate().await.unwrap();
    store.close().await;
}

async fn world() -> World {
    let database = TestDatabase::migrated(migrate).await;
    let store = PostgresStore::new(&PostgresSettings::new(database.url())).unwrap();
    let tables = Tables(PgPool::connect_lazy(database.url()).unwrap());
    World::new(store, tables, database).await
}

store_contract::each_case!(store_contract::contract_tests);
