//! Writes small databases in the MMDB format (version 2.0), for the demo, for tests, and for a company's own list of
//! networks. Everything is kept in memory until it is written: not meant for the whole internet.
//!
//! A file is a binary tree over the bits of addresses, 24 bits a record; sixteen zero bytes; the values; and behind a
//! marker the description. IPv4 networks stand at `::/96`.

use serde_json::{Map, Value, json};
use std::net::IpAddr;

const MARKER: &[u8] = b"\xAB\xCD\xEFMaxMind.com";
const SEPARATOR: usize = 16;

#[derive(Clone, Copy)]
enum Record {
    Empty,
    Node(usize),
    Data(usize),
}

/// A database in the making.
pub struct Writer {
    nodes: Vec<[Record; 2]>,
    data: Vec<u8>,
}

impl Default for Writer {
    fn default() -> Self {
        Self { nodes: vec![[Record::Empty; 2]], data: Vec::new() }
    }
}

impl Writer {
    /// Says something of a network. A network inside another is to be added after it.
    pub fn insert(&mut self, network: IpAddr, prefix: u8, value: &Value) {
        let (bits, length) = match network {
            IpAddr::V4(v4) => (u128::from(v4.to_bits()), 96 + prefix.min(32)),
            IpAddr::V6(v6) => (v6.to_bits(), prefix.min(128)),
        };
        let data = Record::Data(self.data.len());
        encode(&mut self.data, value);
        if length == 0 {
            self.nodes[0] = [data; 2];
        }
        let mut node = 0;
        for depth in 0..length {
            let side = usize::from(bits >> (127 - depth) & 1 == 1);
            if depth + 1 == length {
                self.nodes[node][side] = data;
                return;
            }
            node = match self.nodes[node][side] {
                Record::Node(next) => next,
                // The two halves begin as what the whole was.
                other => {
                    self.nodes.push([other; 2]);
                    let next = self.nodes.len() - 1;
                    self.nodes[node][side] = Record::Node(next);
                    next
                }
            };
        }
    }

    /// The file. `made` is when, in seconds since 1970.
    pub fn to_bytes(&self, kind: &str, made: u64) -> Vec<u8> {
        let mut file = Vec::with_capacity(self.nodes.len() * 6 + self.data.len() + 256);
        for record in self.nodes.as_flattened() {
            let number = match record {
                Record::Empty => self.nodes.len(),
                Record::Node(node) => *node,
                Record::Data(place) => self.nodes.len() + SEPARATOR + place,
            };
            let [_, high, middle, low] = u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes();
            file.extend([high, middle, low]);
        }
        file.extend([0; SEPARATOR]);
        file.extend(&self.data);
        file.extend(MARKER);
        self.describe(&mut file, kind, made);
        file
    }

    /// Readers want each number in the width that the format names.
    fn describe(&self, out: &mut Vec<u8>, kind: &str, made: u64) {
        let short = [
            ("binary_format_major_version", 2_u16),
            ("binary_format_minor_version", 0),
            ("ip_version", 6),
            ("record_size", 24),
        ];
        let words = [
            ("database_type", json!(kind)),
            ("languages", json!(["en"])),
            ("description", json!({ "en": kind })),
            ("node_count", json!(self.nodes.len())),
        ];
        control(out, 7, short.len() + words.len() + 1);
        for (key, number) in short {
            text(out, key);
            unsigned(out, 5, &number.to_be_bytes());
        }
        for (key, value) in words {
            pair(out, key, &value);
        }
        text(out, "build_epoch");
        long(out, made);
    }
}

fn encode(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Object(map) => object(out, map),
        Value::Array(items) => {
            control(out, 11, items.len());
            for item in items {
                encode(out, item);
            }
        }
        Value::Bool(truth) => control(out, 14, usize::from(*truth)),
        Value::Number(number) => match number.as_u64() {
            Some(whole) => match u32::try_from(whole) {
                Ok(short) => unsigned(out, 6, &short.to_be_bytes()),
                Err(_) => long(out, whole),
            },
            None => {
                control(out, 3, 8);
                out.extend(number.as_f64().unwrap_or_default().to_be_bytes());
            }
        },
        Value::String(words) => text(out, words),
        Value::Null => text(out, ""),
    }
}

fn object(out: &mut Vec<u8>, map: &Map<String, Value>) {
    control(out, 7, map.len());
    map.iter().for_each(|(key, value)| pair(out, key, value));
}

fn pair(out: &mut Vec<u8>, key: &str, value: &Value) {
    text(out, key);
    encode(out, value);
}

fn text(out: &mut Vec<u8>, words: &str) {
    control(out, 2, words.len());
    out.extend(words.as_bytes());
}

fn long(out: &mut Vec<u8>, number: u64) {
    unsigned(out, 9, &number.to_be_bytes());
}

/// Without leading zero bytes.
fn unsigned(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    let begin = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    control(out, kind, bytes.len() - begin);
    out.extend(&bytes[begin..]);
}

/// Type and size. Types from 8 on stand in a second byte; sizes from 29 on behind it.
fn control(out: &mut Vec<u8>, kind: u8, size: usize) {
    let (code, rest): (u8, Vec<u8>) = match size {
        0..29 => (u8::try_from(size).unwrap_or_default(), Vec::new()),
        29..285 => (29, vec![u8::try_from(size - 29).unwrap_or_default()]),
        285..65_821 => (30, u16::try_from(size - 285).unwrap_or_default().to_be_bytes().to_vec()),
        _ => (31, u32::try_from(size - 65_821).unwrap_or(u32::MAX).to_be_bytes()[1..].to_vec()),
    };
    if kind < 8 {
        out.push(kind << 5 | code);
    } else {
        out.extend([code, kind - 7]);
    }
    out.extend(rest);
}
