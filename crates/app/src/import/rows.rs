//! One row of a file as typed values. Pure: cells in, values or the reason of refusal out.

use super::mapping::Target;
use super::text::decode;
use criteria::{AttributeType, Source};
use csv::ByteRecord;
use kernel::{Domain, Email, UserId, text::fold};
use people::AttributeMap;
use std::borrow::Cow;
use std::collections::HashMap;
use store::Reject;

/// A row that can be stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Line on which it begins.
    pub line: u64,
    /// Whom it is about.
    pub email: Email,
    /// Values of the person; empty cells are not there.
    pub attributes: AttributeMap,
    /// The owner that a cell named.
    pub owner: Option<UserId>,
    /// The company that cells named.
    pub company: Option<CompanyCells>,
    /// The cells, kept where the row may still be refused.
    pub cells: Option<Vec<String>>,
}

/// What a row says of the person's company.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CompanyCells {
    /// Name; the domain when only that is given.
    pub name: String,
    /// Domain.
    pub domain: Option<Domain>,
    /// Other values.
    pub attributes: AttributeMap,
}

/// How rows are read.
#[derive(Debug, Clone)]
pub struct RowReader {
    /// Headers, for naming what is refused.
    pub headers: Vec<String>,
    /// Targets, one a column.
    pub columns: Vec<Option<Target>>,
    /// Users by folded address and name, for the owner.
    pub users: HashMap<String, UserId>,
    /// Keep the cells of good rows too.
    pub keep_cells: bool,
}

impl RowReader {
    /// Reads a row.
    pub fn read(&self, record: &ByteRecord, line: u64) -> Result<Row, Reject> {
        self.typed(record, line).map_err(|(field, reason)| Reject {
            line,
            field,
            reason,
            cells: cells(record),
        })
    }

    fn typed(&self, record: &ByteRecord, line: u64) -> Result<Row, (String, String)> {
        if record.len() != self.columns.len() {
            let reason = format!("the row has {} cells, the header has {}", record.len(), self.columns.len());
            return Err((String::new(), reason));
        }
        let mut email = None;
        let mut row = Draft::default();
        for (index, (cell, target)) in record.iter().zip(&self.columns).enumerate() {
            let Some(target) = target else { continue };
            let text = plain(decode(cell));
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            let refused = |reason: String| (self.headers[index].clone(), reason);
            if is(target, Source::Person, "email") {
                email = Some(text.parse::<Email>().map_err(|error| refused(error.to_string()))?);
            } else {
                self.value(target, text, &mut row).map_err(refused)?;
            }
        }
        let missing = || (self.email_header(), "there is no e-mail address".to_owned());
        Ok(Row {
            line,
            email: email.ok_or_else(missing)?,
            attributes: row.attributes,
            owner: row.owner,
            company: row.company.map(named),
            cells: self.keep_cells.then(|| cells(record)),
        })
    }

    fn value(&self, target: &Target, text: &str, row: &mut Draft) -> Result<(), String> {
        match (target.of, target.name.as_str()) {
            (Source::Person, "owner") => {
                let user = self.users.get(&fold(text)).ok_or("is neither name nor address of a user")?;
                row.owner = Some(*user);
            }
            (Source::Company, "name") => row.company_mut().name = text.to_owned(),
            (Source::Company, "domain") => {
                row.company_mut().domain = Some(domain(text)?);
            }
            (Source::Company, _) => {
                let value = typed(target, text)?;
                row.company_mut().attributes.insert(target.name.clone(), value);
            }
            _ => {
                let value = typed(target, text)?;
                row.attributes.insert(target.name.clone(), value);
            }
        }
        Ok(())
    }

    /// Header of the column with the addresses.
    pub fn email_header(&self) -> String {
        let index =
            self.columns.iter().position(|t| t.as_ref().is_some_and(|t| is(t, Source::Person, "email")));
        index.map(|index| self.headers[index].clone()).unwrap_or_default()
    }
}

#[derive(Default)]
struct Draft {
    attributes: AttributeMap,
    owner: Option<UserId>,
    company: Option<CompanyCells>,
}

impl Draft {
    fn company_mut(&mut self) -> &mut CompanyCells {
        self.company.get_or_insert_default()
    }
}

fn named(mut company: CompanyCells) -> CompanyCells {
    if company.name.is_empty()
        && let Some(domain) = &company.domain
    {
        company.name = domain.to_string();
    }
    company
}

fn is(target: &Target, of: Source, name: &str) -> bool {
    target.of == of && target.name == name
}

fn typed(target: &Target, text: &str) -> Result<serde_json::Value, String> {
    if target.kind == AttributeType::Text
        && matches!(target.name.as_str(), "phone" | "mobile")
        && !is_phone(text)
    {
        return Err("is not a telephone number".to_owned());
    }
    if target.kind == AttributeType::Date
        && let Some(date) = dotted_date(text)
    {
        return Ok(date.into());
    }
    match target.kind.parse_text(text) {
        Ok(Some(value)) => Ok(value.into_json()),
        Ok(None) => Err("is empty".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// `20.11.2026` as most of Europe writes it; forms in which day and month could be taken for each other are not guessed.
fn dotted_date(text: &str) -> Option<String> {
    let mut parts = text.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let date = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    Some(date.to_string())
}

/// What can be dialled: 4 to 20 digits and the signs that people put between them.
fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let (main, _) = text.split_once(['x', 'X', 'e', 'E']).unwrap_or((text, ""));
    (4..=20).contains(&digits) && main.chars().all(|c| c.is_ascii_digit() || " +-()/.\u{a0}".contains(c))
}

/// A domain, also out of a web address.
fn domain(text: &str) -> Result<Domain, String> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    host.parse::<Domain>().map_err(|error| error.to_string())
}

/// Cells that our own export made inert come back as they were.
fn plain(cell: Cow<'_, str>) -> Cow<'_, str> {
    let escaped = cell.strip_prefix('\'').is_some_and(|rest| rest.starts_with(crate::export::DANGEROUS));
    if !escaped {
        return cell;
    }
    match cell {
        Cow::Borrowed(text) => Cow::Borrowed(&text[1..]),
        Cow::Owned(text) => Cow::Owned(text[1..].to_owned()),
    }
}

fn cells(record: &ByteRecord) -> Vec<String> {
    record.iter().map(|cell| decode(cell).replace('\0', "\u{fffd}").chars().take(10_000).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn reader(paths: &[&str]) -> RowReader {
        let targets = super::super::mapping::Targets::standard();
        let mut columns: Vec<_> = paths.iter().map(|path| targets.find(path).cloned()).collect();
        if let Some(last) = columns.last_mut()
            && last.is_none()
        {
            *last = Some(Target { of: Source::Person, name: "day".to_owned(), kind: AttributeType::Date });
        }
        let users = HashMap::from([("grace@example.com".to_owned(), UserId::from(uuid::Uuid::nil()))]);
        RowReader {
            headers: paths.iter().map(|p| (*p).to_owned()).collect(),
            columns,
            users,
            keep_cells: false,
        }
    }

    fn read(paths: &[&str], cells: &[&str]) -> Result<Row, (String, String)> {
        let record = ByteRecord::from(cells.to_vec());
        reader(paths).read(&record, 7).map_err(|reject| (reject.field, reject.reason))
    }

    #[test]
    fn cells_become_typed_values() {
        let paths =
            ["email", "first_name", "score", "unsubscribed", "phone", "owner", "company.domain", "day"];
        let row = read(
            &paths,
            &[
                "Ada@Example.com",
                " Ada ",
                "12",
                "yes",
                "'+49 30 1234",
                "Grace@example.com",
                "https://www.acme.com/x",
                "20.11.2026",
            ],
        )
        .expect("a row");
        assert_eq!(row.email.as_str(), "ada@example.com");
        assert_eq!(row.attributes["first_name"], json!("Ada"));
        assert_eq!(row.attributes["score"], json!(12));
        assert_eq!(row.attributes["unsubscribed"], json!(true));
        assert_eq!(row.attributes["phone"], json!("+49 30 1234"));
        assert_eq!(row.attributes["day"], json!("2026-11-20"));
        assert!(row.owner.is_some());
        assert_eq!(row.company.expect("company").name, "acme.com");
    }

    #[test]
    fn refusals_name_the_column_and_the_reason() {
        let paths = ["email", "score", "phone", "day"];
        for (cells, field, reason) in [
            (&["", "1", "", ""][..], "email", "there is no e-mail address"),
            (&["nobody", "1", "", ""], "email", "is not an e-mail address"),
            (&["a@b.co", "many", "", ""], "score", "is not a number"),
            (&["a@b.co", "1e999", "", ""], "score", "is not a number"),
            (&["a@b.co", "1", "call me", ""], "phone", "is not a telephone number"),
            (&["a@b.co", "1", "", "31.02.2026"], "day", "is not a date such as 2026-11-20"),
            (&["a@b.co", "1"], "", "the row has 2 cells, the header has 4"),
        ] {
            assert_eq!(read(&paths, cells), Err((field.to_owned(), reason.to_owned())), "{cells:?}");
        }
    }
}
