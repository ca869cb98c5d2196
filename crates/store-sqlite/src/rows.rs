//! Statements and columns: how values go in and come out. Ids are 16 bytes, instants milliseconds, documents JSON text,
//! enums the words of their JSON form.

use crate::error::{Result, corrupt, database};
use kernel::{Cursor, Timestamp, millis, to_millis};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{
    Row, Sqlite, SqliteConnection,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};
use store::{Page, PageRequest, StoreError};
use uuid::Uuid;

pub(crate) type Statement<'q> = Query<'q, Sqlite, SqliteArguments>;

/// All rows.
pub(crate) async fn all(connection: &mut SqliteConnection, query: Statement<'_>) -> Result<Vec<SqliteRow>> {
    query.fetch_all(connection).await.map_err(database)
}

/// The first row.
pub(crate) async fn one(
    connection: &mut SqliteConnection,
    query: Statement<'_>,
) -> Result<Option<SqliteRow>> {
    query.fetch_optional(connection).await.map_err(database)
}

/// How many rows were changed.
pub(crate) async fn run(connection: &mut SqliteConnection, query: Statement<'_>) -> Result<u64> {
    query.execute(connection).await.map(|done| done.rows_affected()).map_err(database)
}

/// `NotFound` when no row was changed.
pub(crate) async fn run_found(connection: &mut SqliteConnection, query: Statement<'_>) -> Result<()> {
    if run(connection, query).await? == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// The number in the first column of the only row.
pub(crate) async fn count(connection: &mut SqliteConnection, query: Statement<'_>) -> Result<u64> {
    let row = query.fetch_one(connection).await.map_err(database)?;
    let number: i64 = row.try_get(0).map_err(database)?;
    Ok(u64::try_from(number).unwrap_or(0))
}

/// Reading columns by name.
pub(crate) trait Columns {
    fn id<T: From<Uuid>>(&self, column: &str) -> Result<T>;
    fn opt_id<T: From<Uuid>>(&self, column: &str) -> Result<Option<T>>;
    fn at(&self, column: &str) -> Result<Timestamp>;
    fn opt_at(&self, column: &str) -> Result<Option<Timestamp>>;
    fn int<T: TryFrom<i64>>(&self, column: &str) -> Result<T>;
    fn flag(&self, column: &str) -> Result<bool>;
    fn text(&self, column: &str) -> Result<String>;
    fn opt_text(&self, column: &str) -> Result<Option<String>>;
    fn hash(&self, column: &str) -> Result<[u8; 32]>;
    fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T>;
    fn opt_json<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>>;
    fn word<T: DeserializeOwned>(&self, column: &str) -> Result<T>;
}

impl Columns for SqliteRow {
    fn id<T: From<Uuid>>(&self, column: &str) -> Result<T> {
        self.try_get::<Uuid, _>(column).map(T::from).map_err(database)
    }
    fn opt_id<T: From<Uuid>>(&self, column: &str) -> Result<Option<T>> {
        Ok(self.try_get::<Option<Uuid>, _>(column).map_err(database)?.map(T::from))
    }
    fn at(&self, column: &str) -> Result<Timestamp> {
        self.try_get(column).map(millis).map_err(database)
    }
    fn opt_at(&self, column: &str) -> Result<Option<Timestamp>> {
        Ok(self.try_get::<Option<i64>, _>(column).map_err(database)?.map(millis))
    }
    fn int<T: TryFrom<i64>>(&self, column: &str) -> Result<T> {
        let number: i64 = self.try_get(column).map_err(database)?;
        T::try_from(number).map_err(|_| corrupt(format!("{column} is {number}")))
    }
    fn flag(&self, column: &str) -> Result<bool> {
        self.try_get::<i64, _>(column).map(|flag| flag != 0).map_err(database)
    }
    fn text(&self, column: &str) -> Result<String> {
        self.try_get(column).map_err(database)
    }
    fn opt_text(&self, column: &str) -> Result<Option<String>> {
        self.try_get(column).map_err(database)
    }
    fn hash(&self, column: &str) -> Result<[u8; 32]> {
        let bytes: &[u8] = self.try_get(column).map_err(database)?;
        bytes.try_into().map_err(|_| corrupt(format!("{column} is not a hash")))
    }
    fn json<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        let text: &str = self.try_get(column).map_err(database)?;
        serde_json::from_str(text).map_err(|error| corrupt(format!("{column}: {error}")))
    }
    fn opt_json<T: DeserializeOwned>(&self, column: &str) -> Result<Option<T>> {
        let text: Option<&str> = self.try_get(column).map_err(database)?;
        text.map(|text| serde_json::from_str(text).map_err(|error| corrupt(format!("{column}: {error}"))))
            .transpose()
    }
    fn word<T: DeserializeOwned>(&self, column: &str) -> Result<T> {
        let text: &str = self.try_get(column).map_err(database)?;
        from_word(text)
    }
}

/// The enum variant with this word.
pub(crate) fn from_word<T: DeserializeOwned>(word: &str) -> Result<T> {
    let deserializer = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(word);
    T::deserialize(deserializer).map_err(|_| corrupt(format!("{word:?} is not a known word")))
}

/// The word of an enum variant.
pub(crate) fn word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A document as text.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(corrupt)
}

/// An instant for a column that may be null.
pub(crate) fn opt_ms(at: Option<Timestamp>) -> Option<i64> {
    at.map(to_millis)
}

/// An id as it goes through JSON into `unhex`.
pub(crate) fn hex(id: Uuid) -> String {
    id.simple().to_string()
}

/// Ids for `SELECT unhex(value) FROM json_each(?)`.
pub(crate) fn hexes(ids: impl IntoIterator<Item = Uuid>) -> String {
    let mut text = String::from("[");
    for id in ids {
        if text.len() > 1 {
            text.push(',');
        }
        text.push('"');
        text.push_str(id.simple().encode_lower(&mut Uuid::encode_buffer()));
        text.push('"');
    }
    text.push(']');
    text
}

/// How many rows to ask for: one more than the page holds, which tells whether there is another.
pub(crate) fn limit(page: &PageRequest) -> i64 {
    i64::from(page.limit.clamp(1, 200)) + 1
}

/// The sort key behind which the page begins in lists that go by time and id, newest first.
pub(crate) fn after_time(page: &PageRequest) -> Result<(i64, Uuid)> {
    page.cursor.as_ref().map_or(Ok((i64::MAX, Uuid::max())), |cursor| cursor.key().map_err(Into::into))
}

/// Cuts the row too many off and makes the cursor out of the last one that stays.
pub(crate) fn paged<T, K: Serialize>(
    mut items: Vec<T>,
    page: &PageRequest,
    key: impl Fn(&T) -> K,
) -> Page<T> {
    let size = page.limit.clamp(1, 200) as usize;
    let more = items.len() > size;
    items.truncate(size);
    let next = if more { items.last().map(|last| Cursor::of(&key(last))) } else { None };
    Page { items, next }
}

/// `words` inside `LIKE … ESCAPE '\'`.
pub(crate) fn like_inside(words: &str) -> String {
    format!("%{}%", escaped(words))
}

/// `words` at the beginning in `LIKE … ESCAPE '\'`.
pub(crate) fn like_start(words: &str) -> String {
    format!("{}%", escaped(words))
}

fn escaped(words: &str) -> String {
    words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
