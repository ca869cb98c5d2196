//! TOML as people like to read it: written by hand in a fixed order, read with places.

mod read;
mod write;

pub(crate) use read::{Reading, Section, Text, expected, float, integer, section_of, text_of, word_of};
pub(crate) use write::{Inline, Writer, string};
