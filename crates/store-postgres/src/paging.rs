//! Pages by the sort key of the last row: newest first over `(time, id)`.

use crate::{
    codec::{At, Columns},
    unit::{Bound, Unit, made},
};
use kernel::{Cursor, Timestamp, millis, to_millis};
use sqlx::{
    Arguments, AssertSqlSafe, Encode, Postgres, Type,
    postgres::{PgArguments, PgRow},
    query_with,
};
use store::{Page, PageRequest, StoreError};
use uuid::Uuid;

/// A query that grows: conditions with their parameters.
pub(crate) struct Filter {
    conditions: Vec<String>,
    arguments: PgArguments,
}

impl Filter {
    pub fn new() -> Self {
        Self { conditions: Vec::new(), arguments: PgArguments::default() }
    }

    /// Adds a parameter and returns its place (`$3`).
    pub fn bind<'v, T>(&mut self, value: T) -> Result<String, StoreError>
    where
        T: Encode<'v, Postgres> + Type<Postgres>,
    {
        self.arguments.add(value).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(format!("${}", self.arguments.len()))
    }

    /// Adds a condition that must hold.
    pub fn and(&mut self, condition: String) {
        self.conditions.push(condition);
    }

    /// Adds a condition on a value; every `{}` stands for its place.
    pub fn when<'v, T>(&mut self, condition: &str, value: Option<T>) -> Result<(), StoreError>
    where
        T: Encode<'v, Postgres> + Type<Postgres>,
    {
        if let Some(value) = value {
            let place = self.bind(value)?;
            self.and(condition.replace("{}", &place));
        }
        Ok(())
    }

    /// `WHERE …`, or nothing.
    pub fn clause(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!("WHERE {}", self.conditions.join(" AND "))
        }
    }

    /// The statement with the parameters so far.
    pub fn statement(self, sql: String) -> Bound<'static> {
        query_with(AssertSqlSafe(sql), self.arguments)
    }
}

/// A list that is read newest first by `time` and `id`, which are columns of `from`.
pub(crate) struct NewestFirst {
    pub select: &'static str,
    pub time: &'static str,
    pub id: &'static str,
}

impl NewestFirst {
    /// The page that `page` asks for; `time` and `id` must be selected under their bare names.
    pub async fn page<T>(
        &self,
        unit: &mut Unit,
        mut filter: Filter,
        page: &PageRequest,
        read: impl Fn(&PgRow) -> Result<T, StoreError>,
    ) -> Result<Page<T>, StoreError> {
        let Self { select, time, id } = self;
        if let Some(cursor) = &page.cursor {
            let (at, last): (i64, Uuid) = cursor.key()?;
            let (at, last) = (filter.bind(At(millis(at)))?, filter.bind(last)?);
            filter.and(format!("({time}, {id}) < ({at}, {last})"));
        }
        let sql = format!(
            "{select} {} ORDER BY {time} DESC, {id} DESC LIMIT {}",
            filter.clause(),
            page.limit.clamp(1, 200) + 1
        );
        let rows = unit.rows(filter.statement(sql)).await?;
        let (time, id) = (bare(time), bare(id));
        cut(&rows, page.limit.clamp(1, 200), read, |row| {
            let at: Timestamp = row.at(time)?;
            Ok(Cursor::of(&(to_millis(at), row.column::<Uuid>(id)?)))
        })
    }
}

fn bare(column: &str) -> &str {
    column.rsplit_once('.').map_or(column, |(_, name)| name)
}

/// The first `limit` rows, and the cursor of the last one when there was one more.
pub(crate) fn cut<T>(
    rows: &[PgRow],
    limit: u32,
    read: impl Fn(&PgRow) -> Result<T, StoreError>,
    key: impl Fn(&PgRow) -> Result<Cursor, StoreError>,
) -> Result<Page<T>, StoreError> {
    let limit = limit as usize;
    let shown = &rows[..rows.len().min(limit)];
    let next = match shown.last() {
        Some(last) if rows.len() > limit => Some(key(last)?),
        _ => None,
    };
    Ok(Page { items: crate::codec::all(shown, read)?, next })
}

/// A statement without parameters that differ.
pub(crate) fn fixed(sql: &'static str) -> Bound<'static> {
    made(sql.to_owned())
}

/// `words` as a pattern of `LIKE` that finds it anywhere.
pub(crate) fn anywhere(words: &str) -> String {
    format!("%{}%", escaped(words))
}

/// `words` for `LIKE`, without special meaning.
pub(crate) fn escaped(words: &str) -> String {
    words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
