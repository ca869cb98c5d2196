//! Approved knowledge: questions with answers that somebody has approved, and the retrieval that finds the one that
//! answers a visitor's question, or finds none (spec 09, *Response library and AI answers*).
//!
//! Pure and offline: an [`Index`] is built from what is stored and asked in memory. What is found is said word for word, so
//! that nothing is ever said that nobody approved. Retrieval is by words; a language model has no part in it.

mod index;
mod response;
mod words;

pub use index::{Hit, Index, MIN_SHARE};
pub use response::{Link, MAX_LINKS, MAX_QUESTION, MAX_TOPICS, MAX_VARIANTS, Response, ReviewState};
