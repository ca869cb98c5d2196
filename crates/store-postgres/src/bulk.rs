//! Writing people by the thousand: `COPY` into a temporary stage, then one upsert out of it. The search index follows
//! later; what is sorted by is written at once.

use crate::{error::store_error, people::folded, unit::Unit};
use kernel::Timestamp;
use people::{Origin, Person};
use serde::Serialize;
use sqlx::query;
use std::{
    collections::HashSet,
    fmt::{self, Write},
};
use store::{StoreError, last_name_key, score_key};

const STAGE: &str = "CREATE TEMPORARY TABLE IF NOT EXISTS people_stage (
    id uuid, email text COLLATE \"C\", rung text, attributes jsonb, folded jsonb, origins jsonb, base_origin jsonb,
    suggestions jsonb, company_id uuid, owner_id uuid, last_name_sort text COLLATE \"C\", score double precision,
    created_at timestamptz, updated_at timestamptz, last_seen_at timestamptz, version bigint) ON COMMIT DELETE ROWS";

const UPSERT: &str = "INSERT INTO people (id, email, rung, attributes, folded, origins, base_origin, suggestions,
      company_id, owner_id, last_name_sort, company_sort, score, created_at, updated_at, last_seen_at, version)
    SELECT s.id, s.email, s.rung, s.attributes, s.folded, s.origins, s.base_origin, s.suggestions, s.company_id,
      s.owner_id, s.last_name_sort, nullif(c.name_folded, ''), s.score, s.created_at, s.updated_at, s.last_seen_at,
      s.version
    FROM people_stage s LEFT JOIN companies c ON c.id = s.company_id
    ON CONFLICT (id) DO UPDATE SET email = excluded.email, rung = excluded.rung, attributes = excluded.attributes,
      folded = excluded.folded, origins = excluded.origins, base_origin = excluded.base_origin,
      suggestions = excluded.suggestions, company_id = excluded.company_id, owner_id = excluded.owner_id,
      last_name_sort = excluded.last_name_sort, company_sort = excluded.company_sort, score = excluded.score,
      created_at = excluded.created_at, updated_at = excluded.updated_at, last_seen_at = excluded.last_seen_at,
      version = excluded.version";

/// How many bytes go to the server at once.
const CHUNK: usize = 256 * 1024;

pub(crate) async fn upsert(unit: &mut Unit, people: &[Person]) -> Result<(), StoreError> {
    if people.is_empty() {
        return Ok(());
    }
    // The stage stays with the connection; what an earlier call of this transaction left in it must go.
    for sql in ["SET LOCAL client_min_messages = warning", STAGE, "TRUNCATE people_stage"] {
        unit.run(query(sql)).await?;
    }
    copy(unit, &last_of_each(people)).await?;
    unit.run(query(UPSERT)).await?;
    let queue = "INSERT INTO people_unindexed (person_id) SELECT id FROM people_stage ON CONFLICT DO NOTHING";
    unit.run(query(queue)).await.map(drop)
}

/// Of people with one id the last, since a statement may touch a row once.
fn last_of_each(people: &[Person]) -> Vec<&Person> {
    let mut seen = HashSet::with_capacity(people.len());
    let mut last: Vec<&Person> = people.iter().rev().filter(|person| seen.insert(person.id)).collect();
    last.reverse();
    last
}

async fn copy(unit: &mut Unit, people: &[&Person]) -> Result<(), StoreError> {
    let mut stage =
        unit.connection().copy_in_raw("COPY people_stage FROM STDIN").await.map_err(store_error)?;
    let mut lines = Lines::default();
    for person in people {
        if let Err(error) = lines.person(person) {
            stage.abort("a row could not be written").await.map_err(store_error)?;
            return Err(StoreError::Corrupt(error.to_string()));
        }
        if lines.text.len() >= CHUNK {
            stage.send(lines.text.as_bytes()).await.map_err(store_error)?;
            lines.text.clear();
        }
    }
    stage.send(lines.text.as_bytes()).await.map_err(store_error)?;
    stage.finish().await.map(drop).map_err(store_error)
}

/// Lines of `COPY`'s text format.
#[derive(Default)]
struct Lines<'a> {
    text: String,
    /// The origin of the person before, as it is written: in an import all have the same.
    base: Option<(&'a Origin, String)>,
}

impl<'a> Lines<'a> {
    fn person(&mut self, person: &'a Person) -> Result<(), fmt::Error> {
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
        self.plain(score_key(person))?;
        self.instant(Some(person.created_at))?;
        self.instant(Some(person.updated_at))?;
        self.instant(person.last_seen_at)?;
        self.plain(Some(person.version))?;
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
