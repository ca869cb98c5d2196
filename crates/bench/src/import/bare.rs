//! The bare bulk load of each database: the same cells as sixteen text columns with a unique index on the address, with
//! nothing of Usher. What the importer is compared with.

use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use std::time::Instant;

const SAVED_AS: &str = "c0,c1,c2,c3,c4,c5,c6,c7,c8,c9,c10,c11,c12,c13,c14,c15";

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn columns() -> String {
    (0..16).map(|c| format!("c{c} TEXT")).collect::<Vec<_>>().join(",")
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn rate(rows: usize, begun: Instant) -> f64 {
    rows as f64 / begun.elapsed().as_secs_f64()
}

/// SQLite: one prepared statement of many rows, a transaction per 10,000 rows, same journal and flush settings.
pub async fn sqlite(text: &str) -> Result<f64, String> {
    let folder = tempfile::tempdir().map_err(said)?;
    let options = SqliteConnectOptions::new().filename(folder.path().join("bare.db")).create_if_missing(true);
    let mut connection = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await
        .map_err(said)?;
    let table = format!(
        "CREATE TABLE people (id INTEGER PRIMARY KEY,{}); CREATE UNIQUE INDEX people_email ON people(c0)",
        columns()
    );
    sqlx::raw_sql(AssertSqlSafe(table)).execute(&mut connection).await.map_err(said)?;
    let lines: Vec<&str> = text.lines().skip(1).collect();
    let begun = Instant::now();
    for batch in lines.chunks(10_000) {
        let mut transaction = connection.begin().await.map_err(said)?;
        // Few statements with many rows: the way in which this database is loaded fastest through this driver.
        for rows in batch.chunks(500) {
            let row = format!("({})", ["?"; 16].join(","));
            let sql = format!(
                "INSERT INTO people ({SAVED_AS}) VALUES {} ON CONFLICT (c0) DO UPDATE SET c1=excluded.c1",
                vec![row; rows.len()].join(",")
            );
            let mut query = sqlx::query(AssertSqlSafe(sql));
            for cell in rows.iter().flat_map(|line| line.split(',')) {
                query = query.bind(cell);
            }
            query.execute(&mut *transaction).await.map_err(said)?;
        }
        transaction.commit().await.map_err(said)?;
    }
    let rate = rate(lines.len(), begun);
    connection.close().await.map_err(said)?;
    Ok(rate)
}

/// Postgres: `COPY` into a stage without index, then one upsert out of it.
pub async fn postgres(url: &str, text: &str) -> Result<f64, String> {
    let mut connection = PgConnection::connect(url).await.map_err(said)?;
    let tables = format!(
        "CREATE TABLE bare (id bigserial PRIMARY KEY,{0}); CREATE UNIQUE INDEX bare_email ON bare(c0);
         CREATE TEMPORARY TABLE stage ({0})",
        columns()
    );
    sqlx::raw_sql(AssertSqlSafe(tables)).execute(&mut connection).await.map_err(said)?;
    let (_, rows) = text.split_once('\n').ok_or("an empty file")?;
    let begun = Instant::now();
    let mut transaction = connection.begin().await.map_err(said)?;
    let mut stage = transaction.copy_in_raw("COPY stage FROM STDIN WITH (FORMAT csv)").await.map_err(said)?;
    for chunk in rows.as_bytes().chunks(256 * 1024) {
        stage.send(chunk).await.map_err(said)?;
    }
    stage.finish().await.map_err(said)?;
    let upsert = format!(
        "INSERT INTO bare ({SAVED_AS}) SELECT {SAVED_AS} FROM stage ON CONFLICT (c0) DO UPDATE SET c1=excluded.c1"
    );
    sqlx::query(AssertSqlSafe(upsert)).execute(&mut *transaction).await.map_err(said)?;
    transaction.commit().await.map_err(said)?;
    let rate = rate(rows.lines().count(), begun);
    sqlx::raw_sql("DROP TABLE bare").execute(&mut connection).await.map_err(said)?;
    connection.close().await.map_err(said)?;
    Ok(rate)
}
