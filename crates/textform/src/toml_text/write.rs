//! Writing TOML: fixed order, one thing a line, strings in the form that needs the fewest escapes.

use std::fmt::Write as _;

/// Writes a document from top to bottom.
#[derive(Default)]
pub(crate) struct Writer {
    out: String,
}

impl Writer {
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// `[name]` or `[[name]]` with a blank line above.
    pub(crate) fn header(&mut self, header: &str) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out.push_str(header);
        self.out.push('\n');
    }

    /// `key = value`, both written already.
    pub(crate) fn put(&mut self, key: &str, value: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.out, "{key} = {value}");
    }

    /// As [`Writer::put`] for a key that may be anything.
    pub(crate) fn entry(&mut self, key: &str, value: &str) {
        self.put(&quoted_key(key), value);
    }

    pub(crate) fn text(&mut self, key: &str, value: &str) {
        self.put(key, &string(value));
    }

    pub(crate) fn optional(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    /// A text whose form does not care for a line break at its end.
    pub(crate) fn block(&mut self, key: &str, value: &str) {
        self.put(key, &block(value));
    }

    /// A text that may have several lines, exactly as it is.
    pub(crate) fn prose(&mut self, key: &str, value: &str) {
        let block = block(value);
        // The block form has a line break more.
        let exact = block.strip_suffix("\n\"\"\"").map(|rest| format!("{rest}\"\"\""));
        self.put(key, &exact.unwrap_or_else(|| string(value)));
    }

    pub(crate) fn number(&mut self, key: &str, value: impl Into<i64>) {
        self.put(key, &value.into().to_string());
    }

    /// Only what differs from what is meant when nothing is said.
    pub(crate) fn flag(&mut self, key: &str, value: bool, default: bool) {
        if value != default {
            self.put(key, if value { "true" } else { "false" });
        }
    }

    /// A list of texts: short ones on one line, others one a line.
    pub(crate) fn texts<'a>(&mut self, key: &str, values: impl IntoIterator<Item = &'a str>) {
        let values: Vec<String> = values.into_iter().map(string).collect();
        let length: usize = values.iter().map(|value| value.chars().count() + 2).sum();
        if length + key.len() > 80 {
            self.rows(key, &values);
        } else {
            self.put(key, &format!("[{}]", values.join(", ")));
        }
    }

    /// A list with one value a line.
    pub(crate) fn rows(&mut self, key: &str, values: &[String]) {
        if values.is_empty() {
            return self.put(key, "[]");
        }
        self.put(key, &format!("[\n  {},\n]", values.join(",\n  ")));
    }
}

/// A table on one line.
#[derive(Default)]
pub(crate) struct Inline {
    parts: Vec<String>,
}

impl Inline {
    pub(crate) fn put(mut self, key: &str, value: &str) -> Self {
        self.parts.push(format!("{} = {value}", quoted_key(key)));
        self
    }

    pub(crate) fn text(self, key: &str, value: &str) -> Self {
        self.put(key, &string(value))
    }

    pub(crate) fn optional(self, key: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(key, value),
            None => self,
        }
    }

    pub(crate) fn finish(self) -> String {
        if self.parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", self.parts.join(", ")) }
    }
}

fn quoted_key(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if bare { key.to_owned() } else { string(key) }
}

/// A string on one line.
pub(crate) fn string(text: &str) -> String {
    let literal = !text.contains('\'') && !text.chars().any(char::is_control);
    if literal && text.contains(['"', '\\']) {
        return format!("'{text}'");
    }
    format!("\"{}\"", escaped(text, |sign| matches!(sign, '"' | '\\') || sign.is_control()))
}

/// A string of several lines, with a line break at its end; a single line stays one.
fn block(text: &str) -> String {
    let fragile = |line: &str| line.ends_with(char::is_whitespace);
    if !text.contains('\n') || text.split('\n').any(fragile) {
        return string(text);
    }
    let control = |sign: char| sign.is_control() && sign != '\n';
    if text.contains('\\') && !text.contains("'''") && !text.chars().any(control) {
        return format!("'''\n{text}\n'''");
    }
    let escaped = escaped(text, |sign| sign == '\\' || control(sign)).replace("\"\"\"", "\"\"\\\"");
    format!("\"\"\"\n{escaped}\n\"\"\"")
}

fn escaped(text: &str, must: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            plain if !must(plain) => out.push(plain),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '"' | '\\' => {
                out.push('\\');
                out.push(sign);
            }
            other => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(other));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(toml: &str) -> String {
        let table: toml::Table = format!("x = {toml}").parse().unwrap_or_else(|e| panic!("{toml}: {e}"));
        table["x"].as_str().expect("a text").to_owned()
    }

    #[test]
    fn strings_have_the_form_with_the_fewest_escapes() {
        for (text, written) in [
            ("plain", "\"plain\""),
            ("it's", "\"it's\""),
            ("say \"hi\"", "'say \"hi\"'"),
            ("a\\b", "'a\\b'"),
            ("it's \"x\"", "\"it's \\\"x\\\"\""),
            ("a\nb", "\"a\\nb\""),
            ("\u{7}\u{7f}", "\"\\u0007\\u007F\""),
        ] {
            assert_eq!(string(text), written);
        }
        assert_eq!(block("a\nb"), "\"\"\"\na\nb\n\"\"\"");
        assert_eq!(block("a\n\\*"), "'''\na\n\\*\n'''");
        assert_eq!(block("a \nb"), "\"a \\nb\"");
    }

    proptest! {
        #[test]
        fn every_string_is_read_as_it_was_written(text in any::<String>()) {
            prop_assert_eq!(value(&string(&text)), text);
        }

        #[test]
        fn every_block_is_read_as_it_was_written(text in "[a'\"\\\\\n \t\u{7}é]{0,20}") {
            let written = block(&text);
            let read = value(&written);
            let read = if written.starts_with("\"\"\"") || written.starts_with("'''") {
                read.strip_suffix('\n').map(str::to_owned).unwrap_or(read)
            } else { read };
                prop_assert_eq!(read, text);
        }

        #[test]
        fn prose_is_read_as_it_was_written(text in "[a'\"\\\\\n \t\u{7}é]{0,20}") {
            let mut out = Writer::default();
            out.prose("x", &text);
            let written = out.finish();
            prop_assert_eq!(value(written.trim_start_matches("x = ")), text);
        }

        #[test]
        fn every_key_is_read_as_it_was_written(key in any::<String>()) {
            let table: toml::Table = format!("{} = 1", quoted_key(&key)).parse().expect("TOML");
            prop_assert_eq!(table.keys().next(), Some(&key));
        }
    }
}
