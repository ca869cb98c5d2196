//! Import of people from CSV, beside the bare bulk load of the same database in the same run.

use crate::{Options, figures};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};
use std::fs;
use std::path::Path;
use std::time::Instant;
use testkit::instance::Server;
use tokio::process::Command;

/// A file of invented people with sixteen columns.
async fn sample(server: &Server, rows: u64, broken_every: u64) -> Result<std::path::PathBuf, String> {
    let file = server.data().join("people.csv");
    let path = file.to_string_lossy().into_owned();
    server
        .run(&[
            "sample-people",
            "--rows",
            &rows.to_string(),
            "--broken-every",
            &broken_every.to_string(),
            "--out",
            &path,
        ])
        .await?;
    Ok(file)
}

/// Fills an instance that does not run with people, through the real importer.
pub async fn fill(server: &Server, rows: u64) -> Result<(), String> {
    let file = sample(server, rows, 0).await?;
    server.run(&["import", "people", &file.to_string_lossy(), "--mode", "upsert"]).await?;
    fs::remove_file(file).map_err(|e| e.to_string())
}

/// The bare load: the same cells as sixteen text columns with a unique index on the address, prepared statement, one
/// transaction per 10,000 rows, same journal and flush settings.
async fn bare(file: &Path) -> Result<f64, String> {
    let said = |e: sqlx::Error| e.to_string();
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let options = SqliteConnectOptions::new().filename(folder.path().join("bare.db")).create_if_missing(true);
    let mut connection = options
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .connect()
        .await
        .map_err(said)?;
    let columns = (0..16).map(|c| format!("c{c} TEXT")).collect::<Vec<_>>().join(",");
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE TABLE people (id INTEGER PRIMARY KEY,{columns});CREATE UNIQUE INDEX people_email ON people(c0)")))
        .execute(&mut connection)
        .await
        .map_err(said)?;
    let text = fs::read_to_string(file).map_err(|e| e.to_string())?;
    let begun = Instant::now();
    let mut rows = 0_u32;
    let lines: Vec<&str> = text.lines().skip(1).collect();
    for batch in lines.chunks(10_000) {
        let mut transaction = connection.begin().await.map_err(said)?;
        // Few statements with many rows: the way in which this database is loaded fastest through this driver.
        for rows_of_one in batch.chunks(500) {
            let row = format!("({})", ["?"; 16].join(","));
            let sql = format!(
                "INSERT INTO people (c0,c1,c2,c3,c4,c5,c6,c7,c8,c9,c10,c11,c12,c13,c14,c15) VALUES {} ON CONFLICT (c0) DO UPDATE SET c1=excluded.c1",
                vec![row; rows_of_one.len()].join(",")
            );
            let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
            for cell in rows_of_one.iter().flat_map(|line| line.split(',')) {
                query = query.bind(cell);
            }
            query.execute(&mut *transaction).await.map_err(said)?;
            rows += u32::try_from(rows_of_one.len()).unwrap_or(0);
        }
        transaction.commit().await.map_err(said)?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    connection.close().await.map_err(said)?;
    Ok(f64::from(rows) / seconds)
}

/// Imports with the command line, timed as a whole process; returns rows a second and peak memory in MiB.
async fn import(server: &Server, file: &Path, extra: &[&str]) -> Result<(f64, f64, String), String> {
    let program = "/usr/bin/env";
    let mut args = vec!["import", "people"];
    let path = file.to_string_lossy().into_owned();
    args.push(&path);
    args.extend(["--mode", "upsert", "--json"]);
    args.extend(extra);
    let begun = Instant::now();
    let child = Command::new(program)
        .arg("--")
        .arg(server.binary())
        .args(&args)
        .env("USHER_DATA_DIR", server.data())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .map_err(|e| e.to_string())?;
    let pid = child.id().unwrap_or(0);
    let watch = tokio::spawn(async move {
        let mut peak: f64 = 0.0;
        loop {
            let now = figures::memory_mib(pid, "VmHWM");
            if now == 0.0 {
                return peak;
            }
            peak = peak.max(now);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    });
    let out = child.wait_with_output().await.map_err(|e| e.to_string())?;
    let seconds = begun.elapsed().as_secs_f64();
    let peak = watch.await.map_err(|e| e.to_string())?;
    if !out.status.success() {
        return Err("the import failed".to_owned());
    }
    Ok((seconds, peak, String::from_utf8_lossy(&out.stdout).into_owned()))
}

/// Measures the importer, then a file in which one row in a hundred is broken.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub async fn run(options: &Options) -> Result<(), String> {
    let server = Server::new(&options.binary, &[("USHER_LOG_LEVEL", "error")]);
    let file = sample(&server, options.rows, 0).await?;
    let floor = bare(&file).await?;
    println!("  bare load of the same rows: {floor:.0} rows/s");
    let (seconds, peak, said) = import(&server, &file, &[]).await?;
    println!("  {}", said.trim());
    let rate = options.rows as f64 / seconds;
    figures::at_least("import of people, whole process", rate, 60_000.0, "rows/s");
    figures::at_least("import against the bare load of the same run", rate / floor * 100.0, 60.0, "%");
    figures::at_most("peak memory of the import", peak, 200.0, "MiB");

    let broken = Server::new(&options.binary, &[("USHER_LOG_LEVEL", "error")]);
    let file = sample(&broken, options.rows, 100).await?;
    let rejects = broken.data().join("rejects.csv");
    let (seconds, _, said) = import(&broken, &file, &["--rejects", &rejects.to_string_lossy()]).await?;
    println!(
        "  with one broken row in a hundred: {:.0} rows/s; {}",
        options.rows as f64 / seconds,
        said.trim()
    );
    let refused = fs::read_to_string(&rejects).map_err(|e| e.to_string())?.lines().count() as u64 - 1;
    figures::zero("rows refused that were not broken, or the reverse", refused.abs_diff(options.rows / 100));
    Ok(())
}
