//! Reading JSON without surprises: what two readers could understand differently is refused.
//!
//! Duplicate keys, NUL in texts, more than [`MAX_DEPTH`] levels, numbers outside a double and lone surrogates are errors.
//! The result is a plain value, from which the request type is then read with the path of the first wrong field.

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

/// The deepest nesting of arrays and objects that is read.
pub const MAX_DEPTH: usize = 64;

/// Why JSON was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refused {
    /// Not JSON, or JSON that is refused as such. The text says where and why.
    Syntax(String),
    /// JSON of another shape than asked for.
    Shape {
        /// JSON pointer of the place.
        field: String,
        /// Why.
        reason: String,
    },
}

/// Reads a value of `T`; unknown fields are refused where `T` says so.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refused> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict { depth: 0 }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| Refused::Syntax(error.to_string()))?;
    serde_path_to_error::deserialize(value)
        .map_err(|error| Refused::Shape { field: pointer(error.path()), reason: error.inner().to_string() })
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: Error>(&self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(Self { depth: self.depth + 1 })
    }
}

fn text<E: Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') { Err(E::custom("a text holds the character NUL")) } else { Ok(()) }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_bool<E: Error>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::Bool(yes))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.into()))
    }
    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Number::from_f64(number).map(Value::Number).ok_or_else(|| E::custom("a number is too large"))
    }
    fn visit_str<E: Error>(self, string: &str) -> Result<Value, E> {
        text(string)?;
        Ok(Value::String(string.to_owned()))
    }
    fn visit_string<E: Error>(self, string: String) -> Result<Value, E> {
        text(&string)?;
        Ok(Value::String(string))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.deeper()?)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            text(&key)?;
            let value = entries.next_value_seed(self.deeper()?)?;
            if map.contains_key(&key) {
                return Err(A::Error::custom(format!("the field `{key}` stands there twice")));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "only its type matters")]
        number: f64,
    }
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code, reason = "only its type matters")]
        items: Vec<Inner>,
    }

    #[test]
    fn what_readers_could_understand_differently_is_refused() {
        let deep = format!("{}{}", "[".repeat(MAX_DEPTH + 1), "]".repeat(MAX_DEPTH + 1));
        for text in [
            r#"{"items":[],"items":[]}"#,
            r#"{"items":[{"number":1e400}]}"#,
            r#"{"items":["\ud800"]}"#,
            "{\"items\":[\"\\u0000\"]}",
            "{\"items\":[]} x",
            "",
            "{'items':[]}",
            "\u{feff}{}",
            &deep,
        ] {
            assert!(matches!(from_slice::<Value>(text.as_bytes()), Err(Refused::Syntax(_))), "{text}");
        }
        assert!(matches!(from_slice::<Value>(b"\"\xff\""), Err(Refused::Syntax(_))));
    }

    #[test]
    fn the_wrong_field_is_named_by_pointer() {
        for (text, field) in [
            (r#"{"items":[{"number":1},{"number":"x"}]}"#, "/items/1/number"),
            (r#"{"items":[{"number":1,"other":2}]}"#, "/items/0/other"),
            (r#"{"items":{}}"#, "/items"),
            ("[]", ""),
        ] {
            match from_slice::<Outer>(text.as_bytes()) {
                Err(Refused::Shape { field: found, .. }) => assert_eq!(found, field, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
