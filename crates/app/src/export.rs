//! Writing CSV that spreadsheets cannot mistake for formulas (rule R16), and everything about a person as one document.

use serde_json::Value;

/// What a cell must not begin with: spreadsheets take it for a formula or a command.
pub const DANGEROUS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell made inert: a quote in front of what could be a formula. Numbers are what they are and stay.
pub fn inert(text: &str) -> String {
    if text.starts_with(DANGEROUS) { format!("'{text}") } else { text.to_owned() }
}

/// What a cell was before it was made inert.
pub fn outright(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(DANGEROUS)).unwrap_or(cell)
}

/// A value as a cell.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => inert(text),
        Value::Bool(yes) => yes.to_string(),
        Value::Number(number) => number.to_string(),
        other => inert(&other.to_string()),
    }
}

/// A line of CSV (RFC 4180) out of cells that are inert already.
pub fn line<S: AsRef<str>>(cells: &[S]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory does not fail.
    drop(writer.write_record(cells.iter().map(AsRef::as_ref)));
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cells_that_could_be_formulas_are_inert() {
        for (value, expected) in [
            (json!("=1+1"), "'=1+1"),
            (json!("+49 30"), "'+49 30"),
            (json!("-cmd"), "'-cmd"),
            (json!("@SUM(A1)"), "'@SUM(A1)"),
            (json!("\tx"), "'\tx"),
            (json!("\rx"), "'\rx"),
            (json!("plain"), "plain"),
            (json!(-5), "-5"),
            (json!(true), "true"),
            (json!(null), ""),
        ] {
            assert_eq!(cell(&value), expected);
            if let Some(text) = value.as_str() {
                assert_eq!(outright(expected), text);
            }
        }
        assert_eq!(outright("'tis plain"), "'tis plain");
        assert_eq!(line(&["a", "b\"c", "d\ne"]), "a,\"b\"\"c\",\"d\ne\"\r\n");
    }
}
