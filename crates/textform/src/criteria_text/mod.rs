//! Criteria as sentences: `person.email is empty and (company.size at least 50 or person.country is "DE", "AT")`.
//!
//! The grammar stands in `docs/text-form.md`. Every tree of conditions has exactly one printed form and is read back
//! from it as it was, also the half-written ones of a draft; readers may space and bracket more freely.

mod lexer;
mod print;
mod read;
#[cfg(test)]
pub(crate) mod tests;

pub use print::print;
pub use read::read;

use criteria::{Operator, Unit};

/// The words of an operator, one by one.
fn operator_words(op: Operator) -> impl Iterator<Item = &'static str> {
    op.words().split(' ')
}

const UNITS: [(Unit, &str, &str); 5] = [
    (Unit::Minutes, "minute", "minutes"),
    (Unit::Hours, "hour", "hours"),
    (Unit::Days, "day", "days"),
    (Unit::Weeks, "week", "weeks"),
    (Unit::Months, "month", "months"),
];

/// True for a text that is written without quotation marks: a day or an instant.
fn is_bare_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    bytes.len() >= 10
        && digits(0..4)
        && bytes[4] == b'-'
        && digits(5..7)
        && bytes[7] == b'-'
        && digits(8..10)
        && (bytes.len() == 10 || bytes[10] == b'T')
        && bytes.iter().all(|byte| lexer::is_bare(*byte))
}
