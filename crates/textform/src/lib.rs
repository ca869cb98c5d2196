//! Conversations as text: dialogues, flows, sites and what they share as TOML files that people read, review and merge.
//!
//! - [`Document`] is a text with its places; [`Document::open`] reads what it is, the methods for each kind read the rest
//!   and tell every mistake with its line. `write` functions print what was read so that nothing is lost and a small
//!   change is a small difference.
//! - Nothing is called by its id: a [`Directory`] gives names to what texts refer to.
//! - [`markdown`] is the form of rich text, [`criteria_text`] that of criteria.
//! - [`trial`] plays the tests of texts without any instance.
//!
//! Not in here: files, stores, and who may change what.

pub mod criteria_text;
pub mod dialogue;
mod difference;
mod document;
pub mod markdown;
mod meaning;
mod names;
mod paths;
mod place;
pub mod shared;
pub mod site;
mod toml_text;
pub mod trial;

pub use dialogue::DialogueText;
pub use difference::{DiffLine, difference};
pub use document::{Document, Head, Kind, Read};
pub use meaning::says_the_same;
pub use names::{Directory, Names};
pub use paths::paths;
pub use place::{Mistake, Place, Places, TextError};
pub use shared::{AttributeText, AttributesText};
pub use site::SiteText;
