//! Origins that many people share: an import's stands once in `shared_origins` instead of in every row.

use crate::{
    error::Result,
    rows::{Columns, json, one},
};
use people::{Origin, Person, SourceKind};
use sqlx::{SqliteConnection, query};
use std::sync::Arc;

/// How the origins of some people are written.
pub(super) struct Origins<'a> {
    shared: Vec<(&'a Origin, i64)>,
    /// The text for those whose origin is shared.
    empty: Arc<str>,
    /// The origin before that is not shared, with its text.
    own: Option<(&'a Origin, Arc<str>)>,
}

impl<'a> Origins<'a> {
    /// Finds or makes the shared ones.
    pub(super) async fn of(connection: &mut SqliteConnection, people: &[&'a Person]) -> Result<Self> {
        let mut origins = Self { shared: Vec::new(), empty: "".into(), own: None };
        for person in people {
            let origin = &person.base_origin;
            if origin.source == SourceKind::Import && origins.key(origin).is_none() {
                origins.shared.push((origin, shared(connection, origin).await?));
            }
        }
        Ok(origins)
    }

    fn key(&self, origin: &Origin) -> Option<i64> {
        self.shared.iter().rev().find(|(known, _)| *known == origin).map(|(_, key)| *key)
    }

    /// The values of `base_origin` and `shared_origin`.
    pub(super) fn columns(&mut self, origin: &'a Origin) -> Result<(Arc<str>, Option<i64>)> {
        if let Some(key) = self.key(origin) {
            return Ok((Arc::clone(&self.empty), Some(key)));
        }
        if let Some((before, text)) = &self.own
            && *before == origin
        {
            return Ok((Arc::clone(text), None));
        }
        let text: Arc<str> = json(origin)?.into();
        self.own = Some((origin, Arc::clone(&text)));
        Ok((text, None))
    }
}

async fn shared(connection: &mut SqliteConnection, origin: &Origin) -> Result<i64> {
    let text = json(origin)?;
    let known = query("SELECT pk FROM shared_origins WHERE origin = ?").bind(text.clone());
    if let Some(row) = one(connection, known).await? {
        return row.int("pk");
    }
    let made = query("INSERT INTO shared_origins (origin) VALUES (?)").bind(text);
    made.execute(connection).await.map(|done| done.last_insert_rowid()).map_err(crate::error::database)
}
