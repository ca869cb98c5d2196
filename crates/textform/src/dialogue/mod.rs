//! Dialogues and flows as text.

mod cards;
mod read;
mod scripts;
mod targets;
#[cfg(test)]
mod tests;
mod write;

pub use write::write;

use crate::{Directory, Document, Kind, TextError, document::Read};
use std::collections::BTreeMap;
use stream::{CardId, Interface, Script, Stream};
use targeting::Targeting;

/// A dialogue or flow with everything that its author writes; no versions, no figures.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, each a field of the text")]
pub struct DialogueText {
    /// A flow instead of a dialogue.
    pub is_flow: bool,
    /// Its name.
    pub name: String,
    /// What texts call it: the name, unless several have it.
    pub reference: String,
    /// What texts call its site.
    pub site: String,
    /// What it is for.
    pub description: String,
    /// 1 is highest.
    pub priority: u32,
    /// False hides it without unpublishing.
    pub enabled: bool,
    /// `auto` or a language tag.
    pub language: String,
    /// The visitor may change an earlier answer.
    pub allow_back: bool,
    /// The visitor may start again.
    pub allow_restart: bool,
    /// How it appears.
    pub interface: Interface,
    /// Who, where, when.
    pub targeting: Targeting,
    /// The cards.
    pub stream: Stream,
    /// Where authors put the cards on the canvas: from the left and from the top.
    pub layout: BTreeMap<CardId, (f64, f64)>,
    /// Scripted conversations that must pass.
    pub tests: Vec<Script>,
}

impl Document {
    /// Reads a dialogue or flow; all mistakes when it is not one.
    pub fn dialogue(&self, names: &Directory) -> Result<Read<DialogueText>, Vec<TextError>> {
        debug_assert!(
            matches!(self.head().kind, Kind::Dialogue | Kind::Flow),
            "the caller looks at the kind"
        );
        self.read(|reading, root| read::dialogue(reading, root, self.head(), names))
    }
}
