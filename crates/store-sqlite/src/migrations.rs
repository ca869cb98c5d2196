//! The schema: numbered files, applied forward only. The numbers and names are those of `store-postgres`.

use crate::{
    error::{Result, corrupt, database},
    rows::{Columns, all, run},
};
use sqlx::SqliteConnection;

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        /// Name and text of each, in order.
        pub(crate) const ALL: &[(&str, &str)] = &[$(($name, include_str!(concat!("../migrations/", $name, ".sql")))),*];
    };
}

migrations!(
    "0001_sites",
    "0002_dialogues",
    "0003_people",
    "0004_visitors",
    "0005_conversations",
    "0006_activities",
    "0007_access",
    "0008_outbox",
    "0009_imports",
    "0010_retention",
    "0011_hot_paths",
    "0012_bulk",
    "0013_documents",
    "0016_knowledge",
    "0017_traces",
    "0020_routing",
    "0021_goals",
    "0022_chats",
    "0024_canned_responses",
    "0025_attachments",
    "0026_push",
    "0029_messages_by_arrival",
    "0030_meeting_rules",
);

const TABLE: &str = "CREATE TABLE IF NOT EXISTS schema_versions (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  checksum INTEGER NOT NULL,
  probes INTEGER NOT NULL DEFAULT 0
)";

/// Applies what is missing. Refuses a schema of a newer program, and one whose applied files were changed since.
pub(crate) async fn apply(connection: &mut SqliteConnection) -> Result<()> {
    run(connection, sqlx::query(TABLE)).await?;
    let applied =
        all(connection, sqlx::query("SELECT name, checksum FROM schema_versions ORDER BY number")).await?;
    for (index, row) in applied.iter().enumerate() {
        let name = row.text("name")?;
        match ALL.get(index) {
            None => return Err(corrupt(format!("the schema is newer than this program: it has {name}"))),
            Some((expected, sql)) if *expected != name || row.int::<i64>("checksum")? != checksum(sql) => {
                return Err(corrupt(format!("the schema was made by another program: {name} differs")));
            }
            Some(_) => {}
        }
    }
    for (index, &(name, sql)) in ALL.iter().enumerate().skip(applied.len()) {
        sqlx::raw_sql(sql).execute(&mut *connection).await.map_err(database)?;
        let insert = sqlx::query("INSERT INTO schema_versions (number, name, checksum) VALUES (?, ?, ?)");
        let number = i64::try_from(index + 1).unwrap_or(i64::MAX);
        run(connection, insert.bind(number).bind(name).bind(checksum(sql))).await?;
    }
    Ok(())
}

/// Writes something that means nothing, to see whether writing works.
pub(crate) async fn probe(connection: &mut SqliteConnection) -> Result<()> {
    let probe = sqlx::query("UPDATE schema_versions SET probes = probes + 1 WHERE number = 1");
    run(connection, probe).await.map(drop)
}

/// FNV-1a: guards against an edited file, not against an enemy.
#[expect(clippy::cast_possible_wrap, reason = "all 64 bits are kept; SQLite only knows signed integers")]
fn checksum(text: &str) -> i64 {
    let step = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, step) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rule R40: whoever adds a column says whether erasing a person must clear it.
    #[test]
    fn every_column_says_whether_it_names_a_person() {
        let mut columns = 0;
        for (name, sql) in ALL {
            let mut inside = false;
            for line in sql.lines() {
                let text = line.trim();
                let starts = |word: &str| text.starts_with(word);
                if starts("CREATE TABLE") {
                    inside = true;
                } else if starts(")") {
                    inside = false;
                } else if inside && !starts("--") && !starts("PRIMARY KEY") && !starts("UNIQUE") {
                    columns += 1;
                    assert!(
                        text.ends_with("-- personal") || text.ends_with("-- plain"),
                        "{name}: {text:?} does not say whether it is personal or plain"
                    );
                }
            }
        }
        assert!(columns > 150, "{columns}");
    }
}
