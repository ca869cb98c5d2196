//! How values stand in Postgres: ids as `uuid`, instants as `timestamptz` of millisecond precision, words and documents
//! as `text` and `jsonb`.

use kernel::{Timestamp, millis};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use sqlx::{
    Decode, Encode, Postgres, Row, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgHasArrayType, PgRow, PgTypeInfo, PgValueFormat, PgValueRef},
};
use std::str::FromStr;
use store::StoreError;
use uuid::Uuid;

/// Milliseconds from 1970 to 2000, from where Postgres counts microseconds.
const POSTGRES_ZERO_MS: i64 = 946_684_800_000;

/// An instant as `timestamptz`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At(pub Timestamp);

impl Type<Postgres> for At {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("timestamptz")
    }
}

impl PgHasArrayType for At {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_name("_timestamptz")
    }
}

impl Encode<'_, Postgres> for At {
    fn encode_by_ref(&self, buf: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let micros = (self.0.as_millisecond() - POSTGRES_ZERO_MS) * 1_000;
        <i64 as Encode<Postgres>>::encode_by_ref(&micros, buf)
    }
}

impl Decode<'_, Postgres> for At {
    fn decode(value: PgValueRef<'_>) -> Result<Self, BoxDynError> {
        if value.format() == PgValueFormat::Text {
            return Err("instants are read in binary form".into());
        }
        let micros = <i64 as Decode<Postgres>>::decode(value)?;
        Ok(Self(millis(micros.div_euclid(1_000) + POSTGRES_ZERO_MS)))
    }
}

/// An enum of the port that is stored as its word in JSON.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(Json::String(word)) => word,
        _ => String::new(),
    }
}

/// An instant inside a JSON row.
pub(crate) fn instant(at: Timestamp) -> Json {
    Json::String(format!("{at:.3}"))
}

/// An instant inside a JSON row, or null.
pub(crate) fn maybe_instant(at: Option<Timestamp>) -> Json {
    at.map_or(Json::Null, instant)
}

/// An id inside a JSON row, or null.
pub(crate) fn maybe_id(id: Option<Uuid>) -> Json {
    id.map_or(Json::Null, |id| Json::String(id.to_string()))
}

/// Bytes inside a JSON row.
pub(crate) fn hex(bytes: &[u8]) -> Json {
    use std::fmt::Write;
    let mut text = String::with_capacity(2 + bytes.len() * 2);
    text.push_str("\\x");
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Json::String(text)
}

/// A document inside a JSON row.
pub(crate) fn document<T: serde::Serialize>(value: &T) -> Result<Json, StoreError> {
    serde_json::to_value(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Reads columns by name in the port's types.
pub(crate) trait Columns {
    fn column<'r, T: Decode<'r, Postgres> + Type<Postgres>>(&'r self, name: &str) -> Result<T, StoreError>;

    fn id<T: From<Uuid>>(&self, name: &str) -> Result<T, StoreError> {
        self.column::<Uuid>(name).map(T::from)
    }
    fn maybe_id<T: From<Uuid>>(&self, name: &str) -> Result<Option<T>, StoreError> {
        Ok(self.column::<Option<Uuid>>(name)?.map(T::from))
    }
    fn at(&self, name: &str) -> Result<Timestamp, StoreError> {
        Ok(self.column::<At>(name)?.0)
    }
    fn maybe_at(&self, name: &str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.column::<Option<At>>(name)?.map(|at| at.0))
    }
    fn text(&self, name: &str) -> Result<String, StoreError> {
        self.column(name)
    }
    fn maybe_text(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.column(name)
    }
    fn flag(&self, name: &str) -> Result<bool, StoreError> {
        self.column(name)
    }
    fn long(&self, name: &str) -> Result<i64, StoreError> {
        self.column(name)
    }
    /// A count in a `bigint`.
    fn count(&self, name: &str) -> Result<u64, StoreError> {
        u64::try_from(self.long(name)?).map_err(|_| not_as_expected(name))
    }
    /// A small count in an `integer`.
    fn small(&self, name: &str) -> Result<u32, StoreError> {
        u32::try_from(self.column::<i32>(name)?).map_err(|_| not_as_expected(name))
    }
    /// A document. Rows are written out of JSON, where its null becomes the null of SQL.
    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        match self.maybe_json(name)? {
            Some(document) => Ok(document),
            None => serde_json::from_value(Json::Null).map_err(|_| not_as_expected(name)),
        }
    }
    fn maybe_json<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        Ok(self.column::<Option<sqlx::types::Json<T>>>(name)?.map(|json| json.0))
    }
    /// A text that is a value with a grammar of its own.
    fn parsed<T: FromStr>(&self, name: &str) -> Result<T, StoreError> {
        self.text(name)?.parse().map_err(|_| not_as_expected(name))
    }
    fn maybe_parsed<T: FromStr>(&self, name: &str) -> Result<Option<T>, StoreError> {
        self.maybe_text(name)?.map(|text| text.parse().map_err(|_| not_as_expected(name))).transpose()
    }
    /// An enum stored as its word in JSON.
    fn word<T: DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        serde_json::from_value(Json::String(self.text(name)?)).map_err(|_| not_as_expected(name))
    }
    /// A SHA-256.
    fn hash(&self, name: &str) -> Result<[u8; 32], StoreError> {
        self.column::<&[u8]>(name)?.try_into().map_err(|_| not_as_expected(name))
    }
}

impl Columns for PgRow {
    fn column<'r, T: Decode<'r, Postgres> + Type<Postgres>>(&'r self, name: &str) -> Result<T, StoreError> {
        self.try_get(name).map_err(|error| StoreError::Corrupt(error.to_string()))
    }
}

fn not_as_expected(column: &str) -> StoreError {
    StoreError::Corrupt(format!("column {column} holds what it cannot hold"))
}

/// Rows as what `read` makes of them.
pub(crate) fn all<T>(
    rows: &[PgRow],
    read: impl Fn(&PgRow) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    rows.iter().map(read).collect()
}

/// Ids as an array parameter.
pub(crate) fn uuids<T: Copy>(ids: &[T], uuid: impl Fn(T) -> Uuid) -> Vec<Uuid> {
    ids.iter().map(|id| uuid(*id)).collect()
}

/// A count for a `bigint` parameter.
pub(crate) fn long(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
