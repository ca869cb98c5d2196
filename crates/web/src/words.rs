//! Words of a fixed vocabulary and open values, as the OpenAPI file describes them. The types behind them live in crates
//! that know nothing of OpenAPI; these stand in for them in `#[schema(value_type = …)]` and are never made.

use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $($word:literal)+;)+) => {$(
        $(#[$doc])*
        pub enum $name {}
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some([$($word),+])).build().into()
            }
        }
        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )+};
}

words! {
    /// How sure the identity of a person is (spec 08).
    RungWord: "anonymous" "claimed" "proven";
    /// How sure it was who gave a value.
    VisitorRung: "claimed" "proven";
    /// Where a value came from.
    OriginSource: "import" "chat" "form" "user" "api" "crm" "system";
    /// What an attribute belongs to.
    AttributeOwnerWord: "person" "company" "visit" "inferred";
    /// The type of an attribute.
    AttributeTypeWord: "text" "number" "score" "currency" "date" "datetime" "boolean" "email" "url";
    /// How far an import is.
    ImportStateWord: "uploaded" "running" "cancelled" "done" "failed";
    /// What an import does with rows.
    ImportModeWord: "create" "update" "upsert";
    /// How the console looks.
    ThemeChoice: "light" "dark" "auto";
    /// What was found.
    HitKind: "person" "company" "dialogue" "site" "user";
}

/// A value of an attribute: dates as `2026-11-20`, date-times as RFC 3339.
pub enum AttributeValue {}

impl PartialSchema for AttributeValue {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Number, Type::Boolean, Type::Null]))
            .description(Some("A value of an attribute: dates as `2026-11-20`, date-times as RFC 3339."))
            .build()
            .into()
    }
}
impl ToSchema for AttributeValue {
    fn name() -> Cow<'static, str> {
        "AttributeValue".into()
    }
}
