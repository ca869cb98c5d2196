//! The response library as a table: one response a row, written for spreadsheets and read back. What is written out and read
//! in again changes nothing.
//!
//! A cell with several entries has one a line; answers are Markdown as the console's text field takes it
//! ([`textform::markdown`]); a source is `Title | https://…`.

use super::check;
use crate::{
    AppError,
    export::{inert, line, outright},
    import::{
        sniff,
        text::{AsUtf8, decode},
    },
};
use csv::ByteRecord;
use kernel::{ResponseId, RichText, SafeLink, text::fold};
use knowledge::{Link, Response, ReviewState};
use serde::Serialize;
use std::collections::HashMap;
use textform::markdown;
use tokio::io::AsyncReadExt;
use utoipa::ToSchema;

/// The columns, in the order in which they are written.
const COLUMNS: [&str; 7] = ["id", "question", "variants", "answer", "topics", "links", "state"];
/// Columns without which a file is no library.
const NEEDED: [&str; 2] = ["question", "answer"];

/// A cell that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Refused {
    /// Line of the file on which the row begins, 1 for the first.
    pub line: u64,
    /// The column.
    pub field: String,
    /// Why, for people; follows the name of the column in a sentence.
    pub reason: String,
    /// The question of the row as it was written.
    pub question: String,
}

/// What a row says: nothing for a column that the file does not have.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Line on which it begins.
    pub line: u64,
    /// The response that is meant, when the row says so.
    pub id: Option<ResponseId>,
    pub question: String,
    pub answer: RichText,
    pub variants: Option<Vec<String>>,
    pub topics: Option<Vec<String>>,
    pub links: Option<Vec<Link>>,
    pub state: Option<ReviewState>,
}

/// All responses as CSV with a byte order mark, without which spreadsheets guess wrongly.
pub(super) fn write(responses: &[Response]) -> String {
    let mut text = format!("\u{feff}{}", line(&COLUMNS));
    for response in responses {
        let links: Vec<String> =
            response.links.iter().map(|link| format!("{} | {}", link.title, link.url)).collect();
        let cells = [
            response.id.to_string(),
            response.question.clone(),
            response.variants.join("\n"),
            markdown::write(&response.answer),
            response.topics.join("\n"),
            links.join("\n"),
            word(response.state).to_owned(),
        ];
        text += &line(&cells.map(|cell| inert(&cell)));
    }
    text
}

/// The rows of a file and what is refused of it.
pub(super) async fn read(file: &[u8]) -> Result<(Vec<Row>, Vec<Refused>), AppError> {
    let mut text = Vec::new();
    let unreadable = |_| wrong("is not a text file with separated values");
    AsUtf8::new(file).read_to_end(&mut text).await.map_err(unreadable)?;
    if text.contains(&0) {
        return Err(wrong("is not a text file with separated values"));
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(sniff::delimiter(&text, true))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_slice());
    let mut record = ByteRecord::new();
    let mut next = move |record: &mut ByteRecord| reader.read_byte_record(record).unwrap_or(false);
    if !next(&mut record) {
        return Err(wrong("is empty"));
    }
    let head = Head::of(&record)?;
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    while next(&mut record) {
        let cells = Cells::of(&head, &record);
        match cells.row() {
            _ if cells.is_blank() => {}
            Ok(row) => rows.push(row),
            Err(faults) => refused.extend(faults),
        }
    }
    Ok((rows, refused))
}

fn wrong(reason: &str) -> AppError {
    AppError::invalid("/file", "file", reason)
}

fn word(state: ReviewState) -> &'static str {
    match state {
        ReviewState::NeedsReview => "needs_review",
        ReviewState::Approved => "approved",
        ReviewState::Rejected => "rejected",
    }
}

/// Where which column is.
struct Head(HashMap<&'static str, usize>);

impl Head {
    fn of(record: &ByteRecord) -> Result<Self, AppError> {
        let mut found = HashMap::new();
        for (index, cell) in record.iter().enumerate() {
            let name = fold(&decode(cell)).replace(' ', "_");
            if name.is_empty() {
                continue;
            }
            let Some(column) = COLUMNS.into_iter().find(|known| *known == name) else {
                return Err(wrong(&format!("has a column “{name}”; known are {}", COLUMNS.join(", "))));
            };
            if found.insert(column, index).is_some() {
                return Err(wrong(&format!("has two columns “{column}”")));
            }
        }
        match NEEDED.into_iter().find(|needed| !found.contains_key(needed)) {
            Some(missing) => {
                Err(wrong(&format!("has no column “{missing}”; the first row names the columns")))
            }
            None => Ok(Self(found)),
        }
    }
}

/// The cells of a row by their columns.
struct Cells {
    line: u64,
    by_column: HashMap<&'static str, String>,
}

impl Cells {
    fn of(head: &Head, record: &ByteRecord) -> Self {
        let cell = |index: usize| {
            let text = decode(record.get(index).unwrap_or_default()).replace("\r\n", "\n");
            outright(&text).trim().to_owned()
        };
        Self {
            line: record.position().map_or(0, csv::Position::line),
            by_column: head.0.iter().map(|(column, index)| (*column, cell(*index))).collect(),
        }
    }

    fn is_blank(&self) -> bool {
        self.by_column.values().all(String::is_empty)
    }

    fn cell(&self, column: &str) -> Option<&str> {
        self.by_column.get(column).map(String::as_str)
    }

    fn entries(&self, column: &str) -> Option<Vec<String>> {
        Some(self.cell(column)?.lines().map(|entry| entry.trim().to_owned()).collect())
    }

    fn row(&self) -> Result<Row, Vec<Refused>> {
        let mut faults = Vec::new();
        let row = Row {
            line: self.line,
            id: self.read("id", &mut faults, id),
            question: self.cell("question").unwrap_or_default().to_owned(),
            answer: self.read("answer", &mut faults, answer).unwrap_or_default(),
            variants: self.entries("variants"),
            topics: self.entries("topics"),
            links: self.read("links", &mut faults, links),
            state: self.read("state", &mut faults, state),
        };
        if faults.is_empty() { Ok(row) } else { Err(faults) }
    }

    /// A cell as `reader` reads it; nothing where there is no such column, or nothing can be read.
    fn read<T>(&self, column: &str, faults: &mut Vec<Refused>, reader: Reader<T>) -> Option<T> {
        match reader(self.cell(column)?) {
            Ok(value) => value,
            Err(reason) => {
                faults.push(self.refuse(column, reason));
                None
            }
        }
    }

    fn refuse(&self, column: &str, reason: String) -> Refused {
        refuse(self.line, column, reason, self.cell("question").unwrap_or_default())
    }
}

type Reader<T> = fn(&str) -> Result<Option<T>, String>;

fn refuse(line: u64, field: &str, reason: String, question: &str) -> Refused {
    Refused { line, field: field.to_owned(), reason, question: question.chars().take(200).collect() }
}

fn id(cell: &str) -> Result<Option<ResponseId>, String> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse().map(Some).map_err(|_| "is not the id of a response; leave it empty for a new one".to_owned())
}

fn answer(cell: &str) -> Result<Option<RichText>, String> {
    markdown::read(cell).map(Some).map_err(|mistake| {
        let place = mistake.place_in(cell);
        format!("cannot be read in its line {}, column {}: {}", place.line, place.column, mistake.message)
    })
}

fn links(cell: &str) -> Result<Option<Vec<Link>>, String> {
    cell.lines()
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
        .map(link)
        .collect::<Result<_, _>>()
        .map(Some)
}

/// A link is called what stands before the last bar, or like its address.
fn link(entry: &str) -> Result<Link, String> {
    let (title, address) = entry.rsplit_once('|').unwrap_or(("", entry));
    let (title, address) = (title.trim(), address.trim());
    let url: SafeLink = address.parse().map_err(|_| {
        format!("has “{address}”, which is no address that begins with https://, mailto: or tel:")
    })?;
    Ok(Link { title: if title.is_empty() { address } else { title }.to_owned(), url })
}

fn state(cell: &str) -> Result<Option<ReviewState>, String> {
    let all = [ReviewState::NeedsReview, ReviewState::Approved, ReviewState::Rejected];
    let wanted = fold(cell).replace(' ', "_");
    match all.into_iter().find(|state| word(*state) == wanted) {
        None if wanted.is_empty() => Ok(None),
        None => Err("must be needs_review, approved or rejected".to_owned()),
        found => Ok(found),
    }
}

/// The library as it is, and what rows make of it.
pub(super) struct Library {
    known: HashMap<ResponseId, Response>,
    by_question: HashMap<String, ResponseId>,
    /// The line that has spoken of a response or a question.
    spoken: HashMap<Spoken, u64>,
}

#[derive(PartialEq, Eq, Hash)]
enum Spoken {
    Response(ResponseId),
    Question(String),
}

/// What a row comes to.
pub(super) enum Outcome {
    Created(Response),
    Changed(Response),
    Unchanged,
}

impl Library {
    pub fn of(responses: Vec<Response>) -> Self {
        let by_question = responses.iter().rev().map(|one| (fold(&one.question), one.id)).collect();
        Self {
            known: responses.into_iter().map(|one| (one.id, one)).collect(),
            by_question,
            spoken: HashMap::new(),
        }
    }

    /// A row's response: the one with its id, else the one with its question, else `fresh`, a new and empty one.
    pub fn take(&mut self, row: Row, fresh: Response) -> Result<Outcome, Vec<Refused>> {
        let question = fold(row.question.trim());
        let named = row.id.filter(|id| self.known.contains_key(id));
        let known =
            named.or_else(|| self.by_question.get(&question).copied()).and_then(|id| self.known.get(&id));
        let (line, id) = (row.line, known.map_or(fresh.id, |known| known.id));
        let (asked, old) = (row.question.clone(), known.cloned());
        let mut response = filled(old.clone().unwrap_or(fresh), row);
        if let Err(error) = check(&mut response) {
            return Err(faults(error, line, &asked));
        }
        for spoken in [Spoken::Response(id), Spoken::Question(question)] {
            if let Some(before) = self.spoken.insert(spoken, line) {
                let reason = format!("is the same as on line {before}");
                return Err(vec![refuse(line, "question", reason, &asked)]);
            }
        }
        Ok(match old {
            None => Outcome::Created(response),
            Some(old) if says_the_same(&old, &response) => Outcome::Unchanged,
            Some(_) => Outcome::Changed(response),
        })
    }
}

fn filled(response: Response, row: Row) -> Response {
    Response {
        question: row.question,
        answer: row.answer,
        variants: row.variants.unwrap_or(response.variants),
        topics: row.topics.unwrap_or(response.topics),
        links: row.links.unwrap_or(response.links),
        state: row.state.unwrap_or(response.state),
        ..response
    }
}

fn says_the_same(one: &Response, other: &Response) -> bool {
    let said = |r: &Response| {
        (r.question.clone(), r.variants.clone(), r.answer.clone(), r.topics.clone(), r.links.clone(), r.state)
    };
    said(one) == said(other)
}

/// What the check of a response says against it, by the names of the columns.
fn faults(error: AppError, line: u64, question: &str) -> Vec<Refused> {
    let AppError::Invalid(errors) = error else {
        return vec![refuse(line, "question", error.to_string(), question)];
    };
    let column = |field: &str| field.split('/').nth(1).unwrap_or("question").to_owned();
    errors.into_iter().map(|e| refuse(line, &column(&e.field), e.reason, question)).collect()
}
