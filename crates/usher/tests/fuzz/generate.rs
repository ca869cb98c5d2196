//! Requests out of the OpenAPI file: what it asks for, nearly what it asks for, and what nobody asked for.

use serde_json::{Map, Value as Json, json};
use std::fmt::Write as _;

/// A repeatable die (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % sides as u64).expect("below sides")
    }
    /// True once in `n`.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.roll(n) == 0
    }
    /// One of them.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

/// Texts that have broken somebody's product.
const TEXTS: [&str; 22] = [
    "",
    " ",
    "Ada",
    "ada@example.com",
    "https://www.example.com/pricing?a=b#c",
    "2026-11-20",
    "2026-11-20T10:00:00Z",
    "9999999999999999999999",
    "-1",
    "<img src=x onerror=alert(1)>",
    "{{7*7}}",
    "' OR 1=1 --",
    "%",
    "_\\",
    "a\u{202e}b",
    "\u{0}",
    "\r\nSet-Cookie: a=b",
    "../../etc/passwd",
    "\u{1F469}\u{200D}\u{1F680}",
    "\u{feff}x",
    "ust_0000000000000000000000000000000000000000000",
    "per_01arz3ndektsv4rrffq69g5fav",
];

/// Texts for paths and queries, written as they go over the wire.
const ENCODED: [&str; 14] = [
    "x",
    "0",
    "-1",
    "%00",
    "%FF",
    "%2e%2e",
    "%F0%9F%92%A9",
    "per_01arz3ndektsv4rrffq69g5fav",
    "%27%20OR%201=1",
    "null",
    "true",
    "1e400",
    "99999999999999999999",
    "%0d%0aX-A:%20b",
];

/// Bodies that are wrong as such, whatever is asked for.
pub fn broken_body(dice: &mut Dice, valid: &Json) -> Vec<u8> {
    let key = valid.as_object().and_then(|o| o.keys().next().cloned()).unwrap_or_else(|| "name".to_owned());
    match dice.roll(15) {
        0 => format!("{{\"{key}\":1e400}}").into_bytes(),
        1 => format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes(),
        2 => format!("{}1{}", format!("{{\"{key}\":").repeat(2_000), "}".repeat(2_000)).into_bytes(),
        3 => format!("{{\"{key}\":\"a\",\"{key}\":\"b\"}}").into_bytes(),
        4 => format!("{{\"{key}\":\"a\\u0000b\"}}").into_bytes(),
        5 => format!("{{\"{key}\":\"\\ud800\"}}").into_bytes(),
        6 => format!("{{\"{key}\":\"{}\"}}", "x".repeat(200_000)).into_bytes(),
        7 => [b"{\"a\":\"", &[0xff, 0xfe, 0xc0, 0x80][..], b"\"}"].concat(),
        8 => valid.to_string().into_bytes().into_iter().take(valid.to_string().len() / 2).collect(),
        9 => b"null".to_vec(),
        10 => b"[]".to_vec(),
        11 => Vec::new(),
        12 => format!("{valid}{valid}").into_bytes(),
        13 => format!("{{\"{key}\":-0.0000000000000000000000000000000000000000001e-400,\"\":{{}}}}")
            .into_bytes(),
        _ => b"\xef\xbb\xbf{}".to_vec(),
    }
}

/// The whole description, in which shapes refer to each other.
pub struct Shapes<'a> {
    pub api: &'a Json,
    /// Identifiers that exist, so that requests reach what stands behind the first check.
    pub ids: &'a [String],
}

impl Shapes<'_> {
    fn resolve<'b>(&'b self, schema: &'b Json) -> &'b Json {
        let mut now = schema;
        while let Some(name) = now["$ref"].as_str() {
            now = self.api.pointer(name.trim_start_matches('#')).unwrap_or(&Json::Null);
        }
        now
    }

    /// A value of a shape; in one of `wrong` places something else (0 = never).
    pub fn value(&self, schema: &Json, dice: &mut Dice, wrong: usize, depth: usize) -> Json {
        let schema = self.resolve(schema);
        if wrong > 0 && dice.once_in(wrong) {
            return anything(dice, 2);
        }
        if depth > 8 {
            return Json::Null;
        }
        for choice in ["oneOf", "anyOf"] {
            if let Some(all) = schema[choice].as_array().filter(|all| !all.is_empty()) {
                return self.value(dice.pick(all), dice, wrong, depth + 1);
            }
        }
        if let Some(all) = schema["allOf"].as_array() {
            let mut whole = Map::new();
            for part in all {
                whole.extend(
                    self.value(part, dice, wrong, depth + 1).as_object().cloned().unwrap_or_default(),
                );
            }
            return Json::Object(whole);
        }
        if let Some(values) = schema["enum"].as_array().filter(|v| !v.is_empty()) {
            return dice.pick(values).clone();
        }
        if !schema["const"].is_null() {
            return schema["const"].clone();
        }
        self.typed(schema, dice, wrong, depth)
    }

    fn typed(&self, schema: &Json, dice: &mut Dice, wrong: usize, depth: usize) -> Json {
        let kind = match &schema["type"] {
            Json::Array(kinds) if !kinds.is_empty() => dice.pick(kinds).as_str().unwrap_or("null").to_owned(),
            other => other.as_str().unwrap_or("any").to_owned(),
        };
        match kind.as_str() {
            "object" => self.object(schema, dice, wrong, depth),
            "array" => {
                let length = dice.roll(4);
                Json::Array(
                    (0..length).map(|_| self.value(&schema["items"], dice, wrong, depth + 1)).collect(),
                )
            }
            "string" => self.text(schema, dice),
            "integer" => (*dice.pick(&[0_i64, 1, 2, 50, -1, i64::from(i32::MAX), i64::MAX, i64::MIN])).into(),
            "number" => (*dice.pick(&[0.0, 1.5, -1.0, 1e308, 5e-324])).into(),
            "boolean" => dice.once_in(2).into(),
            "null" => Json::Null,
            _ => anything(dice, 2),
        }
    }

    fn object(&self, schema: &Json, dice: &mut Dice, wrong: usize, depth: usize) -> Json {
        let mut object = Map::new();
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if required.contains(&name.as_str()) || dice.once_in(2) {
                object.insert(name.clone(), self.value(property, dice, wrong, depth + 1));
            }
        }
        if schema["additionalProperties"].is_object() {
            for _ in 0..dice.roll(3) {
                object.insert(
                    (*dice.pick(&TEXTS)).to_owned(),
                    self.value(&schema["additionalProperties"], dice, wrong, depth + 1),
                );
            }
        }
        if wrong > 0 && dice.once_in(wrong) {
            object.insert("nobody_knows_this".to_owned(), anything(dice, 1));
        }
        Json::Object(object)
    }

    fn text(&self, schema: &Json, dice: &mut Dice) -> Json {
        match schema["format"].as_str() {
            Some("date-time") => "2026-11-20T10:00:00.000Z".into(),
            Some("date") => "2026-11-20".into(),
            Some("uuid") => "0199f7a0-0000-7000-8000-000000000001".into(),
            Some("email") => format!("fuzz{}@example.com", dice.roll(1_000)).into(),
            Some("uri") => "https://www.example.com/".into(),
            _ if !self.ids.is_empty() && dice.once_in(3) => dice.pick(self.ids).clone().into(),
            _ => {
                match schema["examples"].as_array().and_then(|e| e.first()).or_else(|| schema.get("example"))
                {
                    Some(example) if dice.once_in(2) => example.clone(),
                    _ if dice.once_in(40) => "\u{e9}".repeat(5_000).into(),
                    _ => (*dice.pick(&TEXTS)).into(),
                }
            }
        }
    }

    /// The address of an operation with its parameters filled in.
    pub fn address(&self, path: &str, parameters: &[&Json], dice: &mut Dice, wild: bool) -> String {
        let mut address = path.to_owned();
        let mut query = String::new();
        for parameter in parameters {
            let parameter = self.resolve(parameter);
            let Some(name) = parameter["name"].as_str() else { continue };
            match parameter["in"].as_str() {
                Some("path") => {
                    let value = if wild || self.ids.is_empty() {
                        self.wild(dice)
                    } else {
                        dice.pick(self.ids).clone()
                    };
                    address = address.replace(&format!("{{{name}}}"), &value);
                }
                Some("query") if parameter["required"] == json!(true) || dice.once_in(2) => {
                    let value = if wild {
                        self.wild(dice)
                    } else {
                        encode(&self.value(&parameter["schema"], dice, 0, 0))
                    };
                    let _ = write!(query, "{}{name}={value}", if query.is_empty() { '?' } else { '&' });
                }
                _ => {}
            }
        }
        // A parameter that the file forgot is filled as well: no brace goes out.
        while let (Some(open), Some(close)) = (address.find('{'), address.find('}')) {
            let value = self.wild(dice);
            address.replace_range(open..=close, &value);
        }
        address + &query
    }

    fn wild(&self, dice: &mut Dice) -> String {
        if !self.ids.is_empty() && dice.once_in(4) {
            return dice.pick(self.ids).clone();
        }
        if dice.once_in(30) {
            return "a".repeat(4_000);
        }
        (*dice.pick(&ENCODED)).to_owned()
    }
}

/// Percent-encodes whatever is not plain.
fn encode(value: &Json) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// Any JSON at all.
fn anything(dice: &mut Dice, depth: usize) -> Json {
    match dice.roll(if depth == 0 { 5 } else { 7 }) {
        0 => Json::Null,
        1 => dice.once_in(2).into(),
        2 => (*dice.pick(&[0_i64, -1, i64::MAX])).into(),
        3 => (*dice.pick(&[0.5, -1e300])).into(),
        4 => (*dice.pick(&TEXTS)).into(),
        5 => json!([anything(dice, depth - 1), anything(dice, depth - 1)]),
        _ => json!({ (*dice.pick(&TEXTS)): anything(dice, depth - 1) }),
    }
}
