//! Small shapes shared by answers: times, pages, absent-null-value in changes.

use kernel::{Cursor, Timestamp};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use store::{Page, PageRequest};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

/// An instant: RFC 3339 in UTC with three decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At(pub Timestamp);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&format_args!("{:.3}", self.0))
    }
}

impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let at: Timestamp = text
            .parse()
            .map_err(|_| serde::de::Error::custom("is not a time such as 2026-11-20T09:30:00Z"))?;
        Ok(Self(kernel::millis(kernel::to_millis(at))))
    }
}

impl From<Timestamp> for At {
    fn from(at: Timestamp) -> Self {
        Self(at)
    }
}

impl PartialSchema for At {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .examples(["2026-11-20T09:30:00.000Z"])
            .build()
            .into()
    }
}
impl ToSchema for At {}

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct List<T: ToSchema> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page begins; `null` at the end.
    pub next: Option<String>,
}

impl<T: ToSchema> List<T> {
    /// A list without further pages.
    pub fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
    /// A page of the store, row by row.
    pub fn of<R>(page: Page<R>, row: impl FnMut(R) -> T) -> Self {
        Self {
            items: page.items.into_iter().map(row).collect(),
            next: page.next.map(|cursor| cursor.as_str().to_owned()),
        }
    }
}

/// How many rows from where. Flattened queries cannot refuse unknown parameters, so queries of lists repeat the two fields
/// and make a request with [`page_request`].
pub fn page_request(limit: Option<u32>, cursor: Option<String>) -> PageRequest {
    PageRequest { limit: limit.unwrap_or(50).clamp(1, 200), cursor: cursor.map(Cursor::from_text) }
}

/// The common query of lists.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// Rows a page, 1 to 200; 50 when absent.
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

impl Paging {
    /// As the store takes it.
    pub fn request(self) -> PageRequest {
        page_request(self.limit, self.cursor)
    }
}

/// For PATCH: `#[serde(default, deserialize_with = "maybe_null")]` on `Option<Option<T>>` tells absent from `null`.
pub fn maybe_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    d: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(d).map(Some)
}
