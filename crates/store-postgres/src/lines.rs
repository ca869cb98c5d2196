//! Rows as `COPY` takes them.

use crate::people::folded;
use kernel::{PersonId, Timestamp};
use people::{Origin, Person};
use serde::Serialize;
use std::fmt::{self, Write};
use store::{last_name_key, score_key};

/// The columns of a person, in the order of [`Lines::person`].
macro_rules! columns {
    () => {
        "id, email, rung, attributes, folded, origins, base_origin, suggestions, company_id, owner_id, \
         last_name_sort, company_sort, score, created_at, updated_at, last_seen_at, version"
    };
}
pub(crate) use columns;

/// Lines of `COPY`'s text format.
#[derive(Default)]
pub(crate) struct Lines<'a> {
    pub(crate) text: String,
    /// The origin of the person before, as it is written: in an import all have the same.
    base: Option<(&'a Origin, String)>,
}

impl<'a> Lines<'a> {
    /// A row of [`COLUMNS`]; `company` is the folded name of the person's company.
    pub(crate) fn person(&mut self, person: &'a Person, company: Option<&str>) -> fmt::Result {
        write!(self.text, "{}", person.id.uuid())?;
        self.text(person.email.as_ref().map(kernel::Email::as_str))?;
        self.json(Some(&person.rung), Quotes::Without)?;
        self.json(Some(&person.attributes), Quotes::With)?;
        self.json(folded(person).as_ref(), Quotes::With)?;
        self.json((!person.origins.is_empty()).then_some(&person.origins), Quotes::With)?;
        self.base_origin(&person.base_origin)?;
        self.json((!person.suggestions.is_empty()).then_some(&person.suggestions), Quotes::With)?;
        self.plain(person.company_id.map(kernel::CompanyId::uuid))?;
        self.plain(person.owner_id.map(kernel::UserId::uuid))?;
        self.text(last_name_key(person).as_deref())?;
        self.text(company.filter(|name| !name.is_empty()))?;
        self.plain(score_key(person))?;
        self.instant(Some(person.created_at))?;
        self.instant(Some(person.updated_at))?;
        self.instant(person.last_seen_at)?;
        self.plain(Some(person.version))?;
        self.text.push('\n');
        Ok(())
    }

    /// A row of a person's id and words, as a `tsvector` is written.
    pub(crate) fn words(&mut self, id: PersonId, words: &str) -> fmt::Result {
        write!(self.text, "{}\t", id.uuid())?;
        for (index, word) in words.split(' ').filter(|word| !word.is_empty()).enumerate() {
            // Words are letters and digits, so that nothing in them ends a lexeme or a field.
            write!(self.text, "{}'{word}'", if index == 0 { "" } else { " " })?;
        }
        self.text.push('\n');
        Ok(())
    }

    fn plain(&mut self, value: Option<impl fmt::Display>) -> fmt::Result {
        match value {
            Some(value) => write!(self.text, "\t{value}"),
            None => self.text.write_str("\t\\N"),
        }
    }

    fn instant(&mut self, at: Option<Timestamp>) -> fmt::Result {
        match at {
            Some(at) => write!(self.text, "\t{at:.3}"),
            None => self.text.write_str("\t\\N"),
        }
    }

    fn text(&mut self, text: Option<&str>) -> fmt::Result {
        let Some(text) = text else { return self.text.write_str("\t\\N") };
        self.text.push('\t');
        escape(&mut self.text, text);
        Ok(())
    }

    fn json<T: Serialize>(&mut self, value: Option<&T>, quotes: Quotes) -> fmt::Result {
        let Some(value) = value else { return self.text.write_str("\t\\N") };
        let json = serde_json::to_string(value).map_err(|_| fmt::Error)?;
        self.text(Some(match quotes {
            Quotes::With => &json,
            Quotes::Without => json.trim_matches('"'),
        }))
    }

    fn base_origin(&mut self, origin: &'a Origin) -> fmt::Result {
        let known = self.base.take().filter(|(before, _)| *before == origin);
        let written = match known {
            Some((_, written)) => written,
            None => serde_json::to_string(origin).map_err(|_| fmt::Error)?,
        };
        self.text(Some(&written))?;
        self.base = Some((origin, written));
        Ok(())
    }
}

/// Whether a text is written as JSON or bare.
#[derive(Clone, Copy)]
enum Quotes {
    With,
    Without,
}

fn escape(line: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '\t', '\n', '\r']) {
        line.push_str(&rest[..at]);
        line.push_str(match rest.as_bytes()[at] {
            b'\\' => "\\\\",
            b'\t' => "\\t",
            b'\n' => "\\n",
            _ => "\\r",
        });
        rest = &rest[at + 1..];
    }
    line.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_field_is_escaped() {
        let mut line = String::new();
        escape(&mut line, "a\\b\tc\nd\re\\N é");
        assert_eq!(line, "a\\\\b\\tc\\nd\\re\\\\N é");
    }
}
