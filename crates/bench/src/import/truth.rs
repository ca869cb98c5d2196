//! What a file says, and whether that is what stands in the store afterwards.

use sqlx::{Connection, Row};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::Path;

/// Positions of the cells that are compared, in the order of [`STORED`].
const CELLS: [usize; 10] = [0, 1, 2, 3, 7, 9, 10, 11, 13, 14];
/// The same out of a store; both databases understand it.
const STORED: &str = "SELECT p.email, p.attributes ->> 'first_name', p.attributes ->> 'last_name', c.name,
    p.attributes ->> 'job_title', p.attributes ->> 'phone', p.attributes ->> 'city', p.attributes ->> 'country',
    p.attributes ->> 'source', CAST(p.attributes ->> 'score' AS text)
    FROM people p LEFT JOIN companies c ON c.id = p.company_id WHERE p.email IS NOT NULL";

/// How many people, and the sum of the hashes of what stands of each; the order does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Content {
    people: u64,
    sum: u64,
}

impl Content {
    fn add<'a>(&mut self, values: impl Iterator<Item = &'a str>) {
        let mut hasher = DefaultHasher::new();
        values.for_each(|value| value.hash(&mut hasher));
        self.people += 1;
        self.sum = self.sum.wrapping_add(hasher.finish());
    }
}

/// What the good rows of a sample say; its cells hold neither quotes nor delimiters.
pub fn of_file(text: &str) -> Content {
    let mut content = Content::default();
    for line in text.lines().skip(1).filter(|line| broken(line).is_none()) {
        let cells: Vec<&str> = line.split(',').collect();
        content.add(CELLS.iter().map(|at| cells[*at]));
    }
    content
}

/// Why a row of a sample is to be refused: field and reason.
fn broken(line: &str) -> Option<(&'static str, &'static str)> {
    if line.contains("(at)") {
        Some(("Email", "is not an e-mail address"))
    } else if line.contains(",many,") {
        Some(("Score", "is not a number"))
    } else {
        None
    }
}

/// Line, field and reason of each row that is to be refused.
pub fn refusals(text: &str) -> Vec<String> {
    let lines = text.lines().enumerate().skip(1);
    lines
        .filter_map(|(index, line)| {
            broken(line).map(|(field, reason)| format!("{},{field},{reason}", index + 1))
        })
        .collect()
}

/// The same out of the file of refused rows.
pub fn refused(text: &str) -> Vec<String> {
    text.lines().skip(1).map(|line| line.splitn(4, ',').take(3).collect::<Vec<_>>().join(",")).collect()
}

/// What stands in a SQLite file.
pub async fn of_sqlite(path: &Path) -> Result<Content, String> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).read_only(true);
    let mut connection =
        sqlx::SqliteConnection::connect_with(&options).await.map_err(|error| error.to_string())?;
    let rows = sqlx::query(STORED).fetch_all(&mut connection).await.map_err(|error| error.to_string())?;
    let mut content = Content::default();
    for row in rows {
        content.add((0..CELLS.len()).map(|at| row.get::<Option<&str>, _>(at).unwrap_or_default()));
    }
    Ok(content)
}

/// What stands in a Postgres database.
pub async fn of_postgres(url: &str) -> Result<Content, String> {
    let mut connection = sqlx::PgConnection::connect(url).await.map_err(|error| error.to_string())?;
    let rows = sqlx::query(STORED).fetch_all(&mut connection).await.map_err(|error| error.to_string())?;
    let mut content = Content::default();
    for row in rows {
        content.add((0..CELLS.len()).map(|at| row.get::<Option<&str>, _>(at).unwrap_or_default()));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_rows_are_told_with_line_field_and_reason() {
        let row = |email: &str, score: &str| format!("{email},A,B,C,w,i,1,t,d,+49,X,Y,de,s,{score},no");
        let text =
            format!("head\n{}\n{}\n{}\n", row("a@b.co", "1"), row("a(at)b.co", "1"), row("c@b.co", "many"));
        assert_eq!(refusals(&text), ["3,Email,is not an e-mail address", "4,Score,is not a number"]);
        assert_eq!(of_file(&text).people, 1);
        assert_eq!(refused("line,field,reason,Email\n3,Email,is not an e-mail address,a(at)b.co\n").len(), 1);
    }
}
