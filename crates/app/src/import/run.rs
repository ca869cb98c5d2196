//! Carrying an import out: batch by batch, each with its progress in one transaction.

use super::reader::{self, Batch, Start};
use super::work::{self, InFlight, Next, Ready, Work};
use super::{Import, cancel_key};
use crate::{App, AppError};
use bus::Hint;
use engagement::{Activity, ActivityType};
use jiff::ToSpan;
use kernel::{Email, FileId, ImportId, PersonId, Timestamp};
use people::Person;
use serde_json::{Map, json};
use std::collections::HashMap;
use store::{ImportRecord, ImportState, StoreError, Tx};

/// How long nobody else takes an import over; renewed with every batch.
const LEASE_SECONDS: i64 = 30;
/// How often an import may find that somebody else wrote what it was about to write, before it gives up.
const CLASHES: u32 = 20;
/// People brought into the search index in one transaction.
const INDEX_ROWS: u32 = 2_000;

/// Carries out a running import until its file ends, it is cancelled, or it fails; `false` when somebody else is at it.
/// Called by the worker for every import in state *running*, and by the command line.
pub async fn run(app: &App, id: ImportId) -> Result<bool, AppError> {
    let now = app.now();
    let holder = app.entropy().uuid(now).to_string();
    let mut tx = app.store().begin().await?;
    if !tx.lease_import(id, &holder, now, lease_until(now)).await? {
        return Ok(false);
    }
    let record = tx.import(id).await?.ok_or(AppError::NotFound("import"))?;
    tx.commit().await?;
    if record.state != ImportState::Running {
        release(app, id, &holder).await?;
        return Ok(true);
    }
    let outcome = match Runner::prepare(app, record, holder.clone()).await {
        Ok(mut runner) => runner.all().await,
        Err(error) => Err(error),
    };
    release(app, id, &holder).await?;
    match outcome {
        // Also when it was stopped: what was written is to be found.
        Ok(_) => catch_up(app).await?,
        // Worth another try by whoever takes the lease next.
        Err(error @ AppError::Unavailable(_)) => return Err(error),
        Err(error) => fail(app, id, &error).await?,
    }
    app.hint(Hint::Import { id });
    Ok(true)
}

/// Whoever goes on with the import need not wait for the lease to end.
async fn release(app: &App, id: ImportId, holder: &str) -> Result<(), AppError> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    tx.lease_import(id, holder, now, now).await?;
    Ok(tx.commit().await?)
}

fn lease_until(now: Timestamp) -> Timestamp {
    now.checked_add(LEASE_SECONDS.seconds()).unwrap_or(now)
}

/// The search index follows in steps of its own, so that other writers come in between. Called after every import, and by
/// the worker when it starts: a process that died between the two left people whose new words nobody finds.
pub async fn catch_up(app: &App) -> Result<(), AppError> {
    loop {
        let mut tx = app.store().begin().await?;
        let done = tx.index_people(INDEX_ROWS).await?;
        tx.commit().await?;
        if done == 0 {
            return Ok(());
        }
    }
}

async fn fail(app: &App, id: ImportId, error: &AppError) -> Result<(), AppError> {
    tracing::warn!(import = %id, %error, "an import failed");
    let mut tx = app.store().begin().await?;
    if let Some(mut record) = tx.import(id).await? {
        record.state = ImportState::Failed;
        record.error = Some(match error {
            AppError::Internal(cause) => cause.clone(),
            other => other.to_string(),
        });
        record.finished_at = Some(app.now());
        tx.update_import(&record).await?;
        tx.commit().await?;
    }
    Ok(())
}

struct Runner<'a> {
    work: Work<'a>,
    writer: Writer<'a>,
    delimiter: u8,
}

/// How a pass over the file ended.
enum Pass {
    /// At its end.
    Read,
    /// Somebody asked to stop, or carries on in our place.
    Stopped,
    /// Somebody else wrote in the meantime what a batch was about to write; nothing of the batch was written.
    Clashed,
}

/// How a batch ended.
enum Step {
    /// Stored.
    Stored,
    /// As [`Pass::Stopped`].
    Stopped,
    /// As [`Pass::Clashed`].
    Clashed,
}

impl<'a> Runner<'a> {
    async fn prepare(app: &'a App, record: ImportRecord, holder: String) -> Result<Self, AppError> {
        let import = Import::of(record)?;
        let work = Work::prepare(app, &import).await?;
        let delimiter = u8::try_from(import.plan.delimiter).unwrap_or(b',');
        Ok(Self { work, writer: Writer { app, holder, record: import.record }, delimiter })
    }

    /// True when the file was read to its end.
    async fn all(&mut self) -> Result<bool, AppError> {
        let mut clashes = 0;
        loop {
            match self.pass(clashes > 0).await? {
                Pass::Read => return self.writer.finish().await,
                Pass::Stopped => return Ok(false),
                Pass::Clashed if clashes < CLASHES => {
                    clashes += 1;
                    self.work.not_alone();
                }
                Pass::Clashed => {
                    let text = "people of the file were changed again and again while they were imported";
                    return Err(AppError::Conflict(text.to_owned()));
                }
            }
        }
    }

    /// Reads on behind the last stored batch. While a batch is written, the next is looked up and worked out.
    async fn pass(&mut self, after_clash: bool) -> Result<Pass, AppError> {
        let Self { work, writer, delimiter } = self;
        let file: FileId = writer.record.file.parse().map_err(|_| AppError::NotFound("file"))?;
        let progress = writer.record.progress;
        let start = Start { byte: progress.bytes, line: progress.line, delimiter: *delimiter };
        let content = work.app.files().open(file, progress.bytes).await?;
        let mut batches = reader::read(content, start, work.reader.clone());
        let mut next = if after_clash {
            work::next(&mut batches).await?.map_or(Next::End, Next::Later)
        } else {
            work.look_ahead(&mut batches, &InFlight::default()).await?
        };
        loop {
            let (step, ahead) = match next {
                Next::End => return Ok(Pass::Read),
                Next::Later(batch) => (
                    writer.work_out_and_store(work, batch).await?,
                    work.look_ahead(&mut batches, &InFlight::default()).await,
                ),
                Next::Ready(batch) => {
                    let in_flight = work.in_flight(&batch);
                    let (step, ahead) =
                        tokio::join!(writer.store(*batch), work.look_ahead(&mut batches, &in_flight));
                    (step?, ahead)
                }
            };
            match step {
                Step::Stored => work.app.hint(Hint::Import { id: work.id }),
                Step::Stopped => return Ok(Pass::Stopped),
                Step::Clashed => return Ok(Pass::Clashed),
            }
            next = ahead?;
        }
    }
}

/// Stores batches with their progress.
struct Writer<'a> {
    app: &'a App,
    holder: String,
    record: ImportRecord,
}

/// What the store says to a write.
enum Written {
    Done,
    Clashed,
}

/// Somebody else's write that came before ours is no failure: the batch is worked out once more.
fn written(outcome: Result<(), StoreError>) -> Result<Written, AppError> {
    match outcome {
        Ok(()) => Ok(Written::Done),
        Err(StoreError::Taken { .. } | StoreError::Stale) => Ok(Written::Clashed),
        Err(error) => Err(error.into()),
    }
}

impl Writer<'_> {
    async fn finish(&mut self) -> Result<bool, AppError> {
        let mut tx = self.app.store().begin().await?;
        if !self.still_ours(&mut *tx).await? {
            return Ok(false);
        }
        self.record.state = ImportState::Done;
        self.record.progress.bytes = self.record.size_bytes;
        self.record.finished_at = Some(self.app.now());
        self.record.plan = without_rows(&self.record)?;
        tx.update_import(&self.record).await?;
        tx.commit().await?;
        if let Ok(file) = self.record.file.parse::<FileId>() {
            self.app.files().delete(file).await?;
        }
        Ok(true)
    }

    /// Renews the lease, which also keeps others from writing this import until the end of the unit of work, and looks
    /// whether it shall go on.
    async fn still_ours(&mut self, tx: &mut dyn Tx) -> Result<bool, AppError> {
        let now = self.app.now();
        Ok(tx.lease_import(self.record.id, &self.holder, now, lease_until(now)).await?
            && tx.import(self.record.id).await?.is_some_and(|record| record.state == ImportState::Running))
    }

    /// True when the import shall not go on: somebody asked to stop, which is then noted, or another is at work.
    async fn stopped(&mut self, tx: &mut dyn Tx) -> Result<bool, AppError> {
        if !self.still_ours(tx).await? {
            return Ok(true);
        }
        let key = cancel_key(self.record.id);
        if tx.setting(&key).await?.is_none() {
            return Ok(false);
        }
        tx.put_setting(&key, None).await?;
        self.record.state = ImportState::Cancelled;
        self.record.finished_at = Some(self.app.now());
        tx.update_import(&self.record).await?;
        Ok(true)
    }

    /// Stores a batch that was worked out before, unless what it rests on has changed since.
    async fn store(&mut self, mut batch: Ready) -> Result<Step, AppError> {
        let mut tx = self.app.store().begin().await?;
        if self.stopped(&mut *tx).await? {
            tx.commit().await?;
            return Ok(Step::Stopped);
        }
        if !still_so(&mut *tx, &mut batch).await? {
            tx.rollback().await?;
            return Ok(Step::Clashed);
        }
        self.write(tx, batch).await
    }

    /// Looks up and stores in one unit of work, where nobody comes in between.
    async fn work_out_and_store(&mut self, work: &Work<'_>, batch: Batch) -> Result<Step, AppError> {
        let mut tx = self.app.store().begin().await?;
        if self.stopped(&mut *tx).await? {
            tx.commit().await?;
            return Ok(Step::Stopped);
        }
        let batch = work.work_out(&mut *tx, batch, &[]).await?;
        self.write(tx, batch).await
    }

    async fn write(&mut self, mut tx: Box<dyn Tx>, batch: Ready) -> Result<Step, AppError> {
        let people: Vec<Person> =
            batch.people.into_iter().filter(|slot| slot.dirty).map(|slot| slot.person).collect();
        let mut outcome = batch.companies.write(&mut *tx).await;
        if outcome.is_ok() && !people.is_empty() {
            outcome = tx.bulk_upsert_people(&people).await;
        }
        if let Written::Clashed = written(outcome)? {
            tx.rollback().await?;
            return Ok(Step::Clashed);
        }
        if !batch.rejects.is_empty() {
            tx.insert_rejects(self.record.id, &batch.rejects).await?;
        }
        let everybody =
            if self.record.list_id.is_some() { touched_ids(&people, &batch.touched) } else { Vec::new() };
        self.log(&mut *tx, &batch.changed, &everybody).await?;
        let before = self.record.progress;
        let progress = &mut self.record.progress;
        progress.bytes = batch.end;
        progress.line = batch.end_line;
        progress.rows += batch.read;
        progress.created += batch.counts.created;
        progress.updated += batch.counts.updated;
        progress.unchanged += batch.counts.unchanged;
        progress.rejected += batch.rejects.len() as u64;
        tx.update_import(&self.record).await?;
        // On some stores only the commit shows that somebody else was first.
        match written(tx.commit().await)? {
            Written::Done => Ok(Step::Stored),
            Written::Clashed => {
                self.record.progress = before;
                Ok(Step::Clashed)
            }
        }
    }

    async fn log(
        &self,
        tx: &mut dyn Tx,
        changed: &HashMap<PersonId, Vec<String>>,
        everybody: &[PersonId],
    ) -> Result<(), AppError> {
        let now = self.app.now();
        let mut activities: Vec<Activity> = changed
            .iter()
            .map(|(person, names)| {
                let attributes =
                    json!({ "import": self.record.id, "import_name": self.record.name, "attributes": names });
                self.activity(*person, ActivityType::Imported, now, &attributes)
            })
            .collect();
        if let Some(list) = self.record.list_id {
            let added = tx.add_to_list(list, everybody, self.record.created_by, now).await?;
            let name = tx.lists().await?.into_iter().find(|one| one.id == list).map(|one| one.name);
            let details = json!({ "list": list, "list_name": name, "import": self.record.id });
            activities.extend(
                added.into_iter().map(|person| self.activity(person, ActivityType::ListAdded, now, &details)),
            );
        }
        if !activities.is_empty() {
            tx.append_activities(&activities).await?;
        }
        Ok(())
    }

    fn activity(
        &self,
        person_id: PersonId,
        kind: ActivityType,
        at: Timestamp,
        attributes: &serde_json::Value,
    ) -> Activity {
        Activity {
            id: self.app.id(at),
            kind,
            person_id,
            visitor_id: None,
            site_id: None,
            dialogue_id: None,
            conversation_id: None,
            at,
            attributes: attributes.as_object().cloned().unwrap_or_else(Map::new),
        }
    }
}

/// The plan without the people in it: once everything is stored, nothing but the records themselves names them, so that
/// erasing a record erases the person.
fn without_rows(record: &ImportRecord) -> Result<serde_json::Value, AppError> {
    let mut plan = Import::of(record.clone())?.plan;
    plan.preview.clear();
    plan.columns.iter_mut().for_each(|column| column.samples.clear());
    super::to_json(&plan)
}

/// Whether what a batch rests on is still as it was looked up: the people it changes, the companies it makes. Sightings
/// since then are taken over.
async fn still_so(tx: &mut dyn Tx, batch: &mut Ready) -> Result<bool, AppError> {
    if !batch.companies.still_new(&mut *tx).await? {
        return Ok(false);
    }
    let changing = || batch.people.iter().filter(|slot| slot.dirty && !slot.new);
    let emails: Vec<Email> = changing().filter_map(|slot| slot.person.email.clone()).collect();
    if emails.is_empty() {
        return Ok(true);
    }
    let now: HashMap<PersonId, Person> =
        tx.people_by_email(&emails).await?.into_iter().map(|person| (person.id, person)).collect();
    for slot in batch.people.iter_mut().filter(|slot| slot.dirty && !slot.new) {
        match now.get(&slot.person.id) {
            Some(person) if person.version + 1 == slot.person.version => {
                slot.person.last_seen_at = person.last_seen_at;
            }
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn touched_ids(written: &[Person], touched: &[PersonId]) -> Vec<PersonId> {
    let mut ids: Vec<PersonId> =
        written.iter().map(|person| person.id).chain(touched.iter().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
