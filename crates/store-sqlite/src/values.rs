//! Statements over rows of parameters. Rows go in batches of a few sizes, filled up with rows of nulls that the statement
//! passes over: then there are few texts to prepare, and a batch is one journey to SQLite's thread.

use crate::rows::Statement;
use sqlx::{AssertSqlSafe, query};

/// The most rows of one statement.
pub(crate) const MOST_ROWS: usize = 256;
/// The sizes.
const SIZES: [usize; 9] = [1, 2, 4, 8, 16, 32, 64, 128, MOST_ROWS];

/// A statement in each size.
pub(crate) struct Values([String; SIZES.len()]);

impl Values {
    /// `of` puts the statement around its rows: `(?,?),(?,?)`, with `columns` parameters each.
    pub(crate) fn new(columns: usize, of: impl Fn(&str) -> String) -> Self {
        let row = format!("({})", vec!["?"; columns].join(","));
        Self(SIZES.map(|size| of(&vec![row.as_str(); size].join(","))))
    }

    /// The statement for so many rows, at most [`MOST_ROWS`], to which their parameters are then bound.
    pub(crate) fn query(&'static self, rows: usize) -> Statement<'static> {
        query(AssertSqlSafe(self.0[fitting(rows)].as_str()))
    }
}

/// Which of the sizes holds so many rows.
fn fitting(rows: usize) -> usize {
    SIZES.iter().position(|size| *size >= rows).unwrap_or(SIZES.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_in_the_smallest_size_that_holds_them() {
        for (rows, size) in [(0, 1), (1, 1), (3, 4), (33, 64), (256, 256)] {
            assert_eq!(SIZES[fitting(rows)], size, "{rows}");
        }
        assert_eq!(Values::new(3, str::to_owned).0[1], "(?,?,?),(?,?,?)");
    }
}
