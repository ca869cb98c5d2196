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

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::millis;

    fn response(question: &str, answer: &str) -> Response {
        Response {
            id: uuid::Uuid::from_u128(question.len() as u128).into(),
            question: question.to_owned(),
            variants: vec!["=What, else?".to_owned(), "Wie, \"bitte\"?".to_owned()],
            answer: markdown::read(answer).expect("readable"),
            topics: vec!["Prices".to_owned(), "Plans".to_owned()],
            links: vec![Link {
                title: "A | B".to_owned(),
                url: "https://example.com/a".parse().expect("a link"),
            }],
            state: ReviewState::Approved,
            created_at: millis(1),
            updated_at: millis(1),
            version: 1,
        }
    }

    fn fresh() -> Response {
        Response {
            id: uuid::Uuid::from_u128(99).into(),
            variants: Vec::new(),
            topics: Vec::new(),
            links: Vec::new(),
            state: ReviewState::NeedsReview,
            ..response("", "x")
        }
    }

    async fn rows(text: &str) -> (Vec<Row>, Vec<(u64, String, String)>) {
        let (rows, refused) = read(text.as_bytes()).await.expect("a table");
        (rows, refused.into_iter().map(|one| (one.line, one.field, one.reason)).collect())
    }

    #[tokio::test]
    async fn what_is_written_and_read_again_changes_nothing() {
        let all = [
            response("How much?", "- **free**\n- really\n\nSee [prices](https://example.com/p)."),
            response("+ or -?", "- either"),
        ];
        let text = write(&all);
        assert!(text.contains("\"'=What, else?\n"), "inert for spreadsheets: {text}");
        let (rows, refused) = read(text.as_bytes()).await.expect("a table");
        assert!(refused.is_empty(), "{refused:?}");
        let mut library = Library::of(all.to_vec());
        for row in rows {
            assert!(matches!(library.take(row, fresh()), Ok(Outcome::Unchanged)));
        }
    }

    #[tokio::test]
    async fn a_row_means_the_response_of_its_id_or_of_its_question() {
        let old = response("How much?", "Nothing.");
        let text = format!(
            "question;answer;id;state\nHow MUCH?;Little.;;\nWhat does it cost?;A lot.;{};rejected\nNew?;Yes.;;\n",
            old.id
        );
        let (rows, _) = rows(&text).await;
        let mut library = Library::of(vec![old.clone()]);
        let mut taken = rows.into_iter().map(|row| library.take(row, fresh()));
        let Some(Ok(Outcome::Changed(changed))) = taken.next() else { panic!("changed") };
        assert_eq!((changed.id, changed.state, changed.topics), (old.id, old.state, old.topics));
        let again = taken.next().expect("a row").err().expect("the same response twice");
        assert_eq!((again[0].line, again[0].reason.as_str()), (3, "is the same as on line 2"));
        let Some(Ok(Outcome::Created(new))) = taken.next() else { panic!("created") };
        assert_eq!(new.state, ReviewState::NeedsReview);
    }

    #[tokio::test]
    async fn what_is_wrong_is_told_with_its_line_and_column() {
        let (rows, refused) = rows(
            "Question,Answer,Links,State,Id\n\
             Good?,\"two\nlines\",,,\n\
             Bad?,a **b,javascript:alert(1),maybe,x\n\
             ,,,,\n\
             Fine?,Yes.,https://example.com,Needs review,\n",
        )
        .await;
        let lines = rows.iter().map(|row| (row.line, row.question.as_str())).collect::<Vec<_>>();
        assert_eq!(lines, [(2, "Good?"), (6, "Fine?")]);
        let places = refused.iter().map(|(line, field, _)| (*line, field.as_str())).collect::<Vec<_>>();
        assert_eq!(places, [(4, "id"), (4, "answer"), (4, "links"), (4, "state")]);
        let mut library = Library::of(Vec::new());
        let empty = Row { question: String::new(), ..rows[0].clone() };
        let faults = library.take(empty, fresh()).err().expect("refused");
        assert_eq!((faults[0].line, faults[0].field.as_str()), (2, "question"));
    }

    #[tokio::test]
    async fn a_file_that_is_no_library_is_refused_as_a_whole() {
        for (file, word) in [
            ("", "is empty"),
            ("PK\u{3}\u{4}\0\0", "not a text file"),
            ("question,reply\n", "“reply”"),
            ("question,topics\n", "no column “answer”"),
            ("question,answer,answer\n", "two columns"),
        ] {
            let AppError::Invalid(errors) = read(file.as_bytes()).await.expect_err("refused") else {
                panic!("{file}");
            };
            assert!(errors[0].reason.contains(word), "{file}: {}", errors[0].reason);
        }
    }
}
