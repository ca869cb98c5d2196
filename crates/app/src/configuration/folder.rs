//! Texts by path, opened and sorted by what they describe.

use super::shapes::{Prevents, TextProblem};
use std::collections::{BTreeMap, HashMap};
use textform::{Document, Kind, Place, TextError};

/// A text with its path.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) file: String,
    pub(super) document: Document,
}

/// Texts in the order in which they are worked through: what others refer to first.
#[derive(Debug, Default)]
pub(super) struct Folder {
    pub(super) texts: Vec<Described>,
}

pub(super) fn problem(file: &str, error: TextError, prevents: Prevents) -> TextProblem {
    let TextError { place: Place { line, column }, field, message } = error;
    TextProblem { file: file.to_owned(), line, column, field, message, prevents }
}

impl Folder {
    /// Opens every text; what cannot be opened is told.
    pub(super) fn open(files: &BTreeMap<String, String>) -> (Self, Vec<TextProblem>) {
        let (mut folder, mut problems) = (Self::default(), Vec::new());
        for (file, text) in files {
            match Document::open(text) {
                Ok(document) => folder.texts.push(Described { file: file.clone(), document }),
                Err(errors) => {
                    problems.extend(errors.into_iter().map(|error| problem(file, error, Prevents::Applying)));
                }
            }
        }
        folder.texts.sort_by_key(|text| order(&text.document));
        problems.extend(folder.drop_doubled());
        (folder, problems)
    }

    /// Of two texts of one object the first stays.
    fn drop_doubled(&mut self) -> Vec<TextProblem> {
        let mut first: HashMap<_, String> = HashMap::new();
        let mut problems = Vec::new();
        self.texts.retain(|Described { file, document }| {
            let head = document.head();
            let key = (head.kind, head.site.clone(), head.reference.clone());
            let Some(other) = first.get(&key) else {
                first.insert(key, file.clone());
                return true;
            };
            let message = format!("The file {other} describes the same {}.", head.kind.word());
            let error = TextError { place: document.places().of("name"), field: "name".to_owned(), message };
            problems.push(problem(file, error, Prevents::Applying));
            false
        });
        problems
    }

    pub(super) fn of(&self, kind: Kind) -> impl Iterator<Item = &Described> {
        self.texts.iter().filter(move |text| text.document.head().kind == kind)
    }
}

/// By kind; `Name` before `Name (2)` before `Name (10)`.
fn order(document: &Document) -> (Kind, Option<String>, String, usize, String) {
    let head = document.head();
    (head.kind, head.site.clone(), head.name.clone(), head.reference.len(), head.reference.clone())
}
