//! Working a batch out: who and what of it is there already, and what its rows come to. This needs no unit of work, so
//! that it goes on while the batch before is being written.

use super::companies::{self, Companies};
use super::effects::{Counts, Effects, Rules, Slot};
use super::mapping::{self, Target};
use super::reader::Batch;
use super::rows::RowReader;
use super::{Import, targets};
use crate::{App, AppError};
use criteria::{AttributeType, Source};
use kernel::{Email, ImportId, PersonId, text::fold};
use people::{Company, Origin, SourceKind};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use store::{ImportMode, PageRequest, PeopleQuery, PeopleSort, Reject, Session};
use tokio::sync::mpsc::Receiver;

/// So many rows are worked out before others on this thread have a turn.
const ROWS_AT_A_TIME: usize = 128;

/// What stays the same for all batches.
pub(super) struct Work<'a> {
    pub(super) app: &'a App,
    pub(super) id: ImportId,
    pub(super) reader: RowReader,
    mode: ImportMode,
    origin: Origin,
    email_header: String,
    person_types: HashMap<String, AttributeType>,
    company_types: HashMap<String, AttributeType>,
    /// Addresses are compared by hash: two that share one only cost a wait or a look.
    hasher: RandomState,
    /// The addresses of the file so far, where nobody was there before it: only these need be looked up. None where
    /// people were there, or came in the meantime.
    seen: Mutex<Option<HashSet<u64>>>,
}

/// The batch that comes next.
pub(super) enum Next {
    /// The file is at its end.
    End,
    /// It was worked out.
    Ready(Box<Ready>),
    /// It names people whom the batch before it writes, and has to wait for that.
    Later(Batch),
}

/// A batch that was worked out.
pub(super) struct Ready {
    pub(super) end: u64,
    pub(super) end_line: u64,
    pub(super) read: u64,
    pub(super) companies: Companies,
    pub(super) people: Vec<Slot>,
    pub(super) changed: HashMap<PersonId, Vec<String>>,
    pub(super) touched: Vec<PersonId>,
    /// In order of their lines.
    pub(super) rejects: Vec<Reject>,
    pub(super) counts: Counts,
}

/// What a batch that is being written will have changed.
#[derive(Default)]
pub(super) struct InFlight {
    emails: HashSet<u64>,
    companies: Vec<Company>,
}

/// The next batch of the reader.
pub(super) async fn next(batches: &mut Receiver<io::Result<Batch>>) -> Result<Option<Batch>, AppError> {
    let batch = batches.recv().await.transpose();
    batch.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => AppError::Internal(error.to_string()),
        _ => AppError::Unavailable(Box::new(error)),
    })
}

/// True when an import that has not begun yet finds no person with an address.
async fn nobody_there(app: &App, import: &Import) -> Result<bool, AppError> {
    if import.record.progress.rows > 0 {
        return Ok(false);
    }
    let anybody = PeopleQuery {
        words: None,
        criteria: None,
        known: Some(true),
        list: None,
        company: None,
        sort: PeopleSort::Email,
        descending: false,
        now: app.now(),
        time_zone: app.settings().time_zone.clone(),
    };
    let found = app.store().read().await?.search_people(&anybody, &PageRequest::first(1)).await?;
    Ok(found.items.is_empty())
}

impl<'a> Work<'a> {
    pub(super) async fn prepare(app: &'a App, import: &Import) -> Result<Self, AppError> {
        let targets = targets(app).await?;
        let columns = import.plan.columns.iter();
        let headers: Vec<String> = columns.clone().map(|c| c.header.clone()).collect();
        let mapping: BTreeMap<_, _> = columns.map(|c| (c.header.clone(), c.attribute.clone())).collect();
        let columns: Vec<Option<Target>> = mapping::checked(&headers, &mapping, &targets)?;
        let record = &import.record;
        let mode = record.mode.ok_or_else(|| AppError::Internal("an import without mode runs".to_owned()))?;
        let users = app.store().read().await?.users().await?.into_iter();
        let users =
            users.flat_map(|user| [(fold(user.email.as_str()), user.id), (fold(&user.name), user.id)]);
        let begun = record.started_at.unwrap_or(record.created_at);
        let reader = RowReader {
            headers,
            columns,
            users: users.filter(|(name, _)| !name.is_empty()).collect(),
            keep_cells: mode != ImportMode::Upsert,
        };
        Ok(Self {
            app,
            id: record.id,
            mode,
            origin: Origin {
                source: SourceKind::Import,
                detail: Some(record.id.to_string()),
                at: begun,
                rung: None,
            },
            email_header: reader.email_header(),
            reader,
            person_types: targets.types(Source::Person),
            company_types: targets.types(Source::Company),
            hasher: RandomState::new(),
            seen: Mutex::new(nobody_there(app, import).await?.then(HashSet::new)),
        })
    }

    /// Somebody else adds people, too: from now on every address is looked up.
    pub(super) fn not_alone(&self) {
        *self.seen() = None;
    }

    fn seen(&self) -> MutexGuard<'_, Option<HashSet<u64>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The addresses of a batch whose people may be there.
    fn asked(&self, batch: &Batch) -> Vec<Email> {
        let mut seen = self.seen();
        let may_be_there = |email: &&Email| match &mut *seen {
            Some(seen) => !seen.insert(self.hasher.hash_one(*email)),
            None => true,
        };
        batch.rows.iter().map(|row| &row.email).filter(may_be_there).cloned().collect()
    }

    /// Works out the next batch beside what is being written.
    pub(super) async fn look_ahead(
        &self,
        batches: &mut Receiver<io::Result<Batch>>,
        in_flight: &InFlight,
    ) -> Result<Next, AppError> {
        let Some(batch) = next(batches).await? else { return Ok(Next::End) };
        if batch.rows.iter().any(|row| in_flight.emails.contains(&self.hasher.hash_one(&row.email))) {
            return Ok(Next::Later(batch));
        }
        let mut session = self.app.store().read().await?;
        let ready = self.work_out(&mut *session, batch, &in_flight.companies).await?;
        Ok(Next::Ready(Box::new(ready)))
    }

    /// Works a batch out over what a session sees, and companies that it does not see yet.
    pub(super) async fn work_out(
        &self,
        session: &mut dyn Session,
        batch: Batch,
        unseen: &[Company],
    ) -> Result<Ready, AppError> {
        let companies =
            companies::resolve(self.app, session, &batch.rows, &self.company_types, &self.origin, unseen)
                .await?;
        let emails = self.asked(&batch);
        let existing = if emails.is_empty() { Vec::new() } else { session.people_by_email(&emails).await? };
        let now = self.app.now();
        let rules = Rules {
            mode: self.mode,
            origin: &self.origin,
            types: &self.person_types,
            email_header: &self.email_header,
            now,
        };
        let mut effects = Effects::new(rules, existing, self.app.entropy().uuids(now, batch.rows.len()));
        for (index, row) in batch.rows.into_iter().enumerate() {
            effects.row(row, companies.of_row(index));
            if index % ROWS_AT_A_TIME == 0 {
                tokio::task::yield_now().await;
            }
        }
        let Effects { people, changed, rejects: refused, counts, touched, .. } = effects;
        let mut rejects = batch.rejects;
        rejects.extend(refused);
        rejects.sort_by_key(|reject| reject.line);
        Ok(Ready {
            end: batch.end,
            end_line: batch.end_line,
            read: batch.read,
            companies,
            people,
            changed,
            touched,
            rejects,
            counts,
        })
    }

    /// What a batch will have changed.
    pub(super) fn in_flight(&self, batch: &Ready) -> InFlight {
        let emails = batch.people.iter().filter_map(|slot| slot.person.email.as_ref());
        InFlight {
            emails: emails.map(|email| self.hasher.hash_one(email)).collect(),
            companies: batch.companies.written().cloned().collect(),
        }
    }
}
