//! What export, check and apply answer.

use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The text of one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextFile {
    /// Where it stands in a folder.
    #[schema(example = "dialogues/acme/book-a-demo.toml")]
    pub path: String,
    /// The text.
    pub text: String,
}

/// Texts by path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConfigurationFiles {
    /// Path and text.
    pub files: BTreeMap<String, String>,
    /// What is not in it because the caller may not see it, in words.
    pub left_out: Vec<String>,
}

/// What a problem stands against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Prevents {
    /// The text cannot be applied.
    Applying,
    /// The dialogue or flow cannot go live.
    Publishing,
}

/// Something wrong in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextProblem {
    /// The text's path.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// Which field; empty for the text as a whole.
    #[schema(example = "cards/hello/responses/0/label")]
    pub field: String,
    /// A sentence for the author.
    pub message: String,
    /// What it stands against.
    pub prevents: Prevents,
}

/// What happens to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is made.
    Created,
    /// It is changed.
    Changed,
    /// The text says what is there.
    Unchanged,
    /// It is deleted.
    Deleted,
}

/// In which of the two texts a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sign {
    /// In both.
    Same,
    /// Only before.
    Removed,
    /// Only after.
    Added,
    /// Equal lines that are not shown.
    Gap,
}

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShownLine {
    /// Where it stands.
    pub sign: Sign,
    /// The line; for a gap how many lines it stands for.
    pub text: String,
}

/// What applying does to one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlannedChange {
    /// What happens.
    pub action: Action,
    /// `dialogue`, `flow`, `site`, `attribute`, `goal` or `list`.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// The site of a dialogue or flow.
    pub site: Option<String>,
    /// The text's path; none for what is deleted.
    pub file: Option<String>,
    /// It goes live.
    pub published: bool,
    /// The lines that change.
    pub difference: Vec<ShownLine>,
}

/// A scripted conversation that was played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TestedScript {
    /// The text's path.
    pub file: String,
    /// The dialogue or flow.
    pub dialogue: String,
    /// The script's name.
    pub name: String,
    /// Why it failed; none when it passed.
    pub failure: Option<String>,
    /// The line at which it failed.
    pub line: Option<usize>,
    /// What was said, a line a message.
    pub transcript: Vec<String>,
}

/// What applying did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConfigurationReport {
    /// Nothing stands against what was asked for.
    pub ok: bool,
    /// It was done, not only tried.
    pub applied: bool,
    /// What happens to each object.
    pub changes: Vec<PlannedChange>,
    /// What stands against it.
    pub errors: Vec<TextProblem>,
    /// What may stay.
    pub warnings: Vec<TextProblem>,
    /// The scripted conversations, when they were played.
    pub tests: Vec<TestedScript>,
}

impl ConfigurationReport {
    /// How many objects something happens to.
    pub fn count(&self, action: Action) -> usize {
        self.changes.iter().filter(|change| change.action == action).count()
    }
}
