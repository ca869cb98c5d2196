//! Carrying an import out: batch by batch, each with its progress in one transaction.

use super::mapping::{self, Target};
use super::reader::{self, Batch, Start};
use super::rows::{Row, RowReader};
use super::{Import, cancel_key, companies, targets};
use crate::{App, AppError};
use bus::Hint;
use criteria::{AttributeType, Source};
use engagement::{Activity, ActivityType};
use jiff::ToSpan;
use kernel::{CompanyId, Email, FileId, ImportId, PersonId, Timestamp, text::fold};
use people::setting::{Changes, Existing, Incoming, OverwritePolicy, apply_attributes};
use people::{Origin, Person, RowRefused, Rung, SourceKind};
use serde_json::{Map, json};
use std::collections::{BTreeMap, HashMap};
use store::{ImportMode, ImportRecord, ImportState, Reject, Tx};

/// How long nobody else takes an import over; renewed with every batch.
const LEASE_SECONDS: i64 = 30;
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
        Ok(true) => index(app).await?,
        Ok(false) => {}
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

/// The search index follows in steps of its own, so that other writers come in between.
async fn index(app: &App) -> Result<(), AppError> {
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
    app: &'a App,
    id: ImportId,
    holder: String,
    mode: ImportMode,
    origin: Origin,
    record: ImportRecord,
    reader: RowReader,
    delimiter: u8,
    person_types: HashMap<String, AttributeType>,
    company_types: HashMap<String, AttributeType>,
}

/// How a batch ended.
enum Step {
    /// Stored.
    Stored,
    /// Somebody asked to stop, or carries on in our place.
    Stopped,
}

impl<'a> Runner<'a> {
    async fn prepare(app: &'a App, record: ImportRecord, holder: String) -> Result<Self, AppError> {
        let import = Import::of(record)?;
        let targets = targets(app).await?;
        let columns = import.plan.columns.iter();
        let headers: Vec<String> = columns.clone().map(|c| c.header.clone()).collect();
        let mapping: BTreeMap<_, _> = columns.map(|c| (c.header.clone(), c.attribute.clone())).collect();
        let columns: Vec<Option<Target>> = mapping::checked(&headers, &mapping, &targets)?;
        let mode =
            import.record.mode.ok_or_else(|| AppError::Internal("an import without mode runs".to_owned()))?;
        let users = app.store().read().await?.users().await?.into_iter();
        let users =
            users.flat_map(|user| [(fold(user.email.as_str()), user.id), (fold(&user.name), user.id)]);
        let begun = import.record.started_at.unwrap_or(import.record.created_at);
        let detail = Some(import.record.id.to_string());
        Ok(Self {
            app,
            id: import.record.id,
            holder,
            mode,
            origin: Origin { source: SourceKind::Import, detail, at: begun, rung: None },
            reader: RowReader {
                headers,
                columns,
                users: users.filter(|(name, _)| !name.is_empty()).collect(),
                keep_cells: mode != ImportMode::Upsert,
            },
            delimiter: u8::try_from(import.plan.delimiter).unwrap_or(b','),
            record: import.record,
            person_types: targets.types(Source::Person),
            company_types: targets.types(Source::Company),
        })
    }

    /// True when the file was read to its end.
    async fn all(&mut self) -> Result<bool, AppError> {
        let file: FileId = self.record.file.parse().map_err(|_| AppError::NotFound("file"))?;
        let progress = self.record.progress;
        let start = Start { byte: progress.bytes, line: progress.line, delimiter: self.delimiter };
        let content = self.app.files().open(file, progress.bytes).await?;
        let mut batches = reader::read(content, start, self.reader.clone());
        while let Some(batch) = batches.recv().await {
            let batch = batch.map_err(|error| match error.kind() {
                std::io::ErrorKind::InvalidData => AppError::Internal(error.to_string()),
                _ => AppError::Unavailable(Box::new(error)),
            })?;
            if let Step::Stopped = self.store(batch).await? {
                return Ok(false);
            }
            self.app.hint(Hint::Import { id: self.id });
        }
        self.finish().await
    }

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
        Ok(tx.lease_import(self.id, &self.holder, now, lease_until(now)).await?
            && tx.import(self.id).await?.is_some_and(|record| record.state == ImportState::Running))
    }

    async fn store(&mut self, batch: Batch) -> Result<Step, AppError> {
        let mut tx = self.app.store().begin().await?;
        if !self.still_ours(&mut *tx).await? {
            return Ok(Step::Stopped);
        }
        if tx.setting(&cancel_key(self.id)).await?.is_some() {
            tx.put_setting(&cancel_key(self.id), None).await?;
            self.record.state = ImportState::Cancelled;
            self.record.finished_at = Some(self.app.now());
            tx.update_import(&self.record).await?;
            tx.commit().await?;
            return Ok(Step::Stopped);
        }
        let companies =
            companies::resolve(self.app, &mut *tx, &batch.rows, &self.company_types, &self.origin).await?;
        let emails: Vec<Email> = batch.rows.iter().map(|row| row.email.clone()).collect();
        let existing = tx.people_by_email(&emails).await?;
        let mut effects = Effects::new(self, existing, batch.rows.len());
        for (index, row) in batch.rows.into_iter().enumerate() {
            effects.row(row, companies.get(&index).copied());
        }
        let Effects { people, changed, rejects: refused, counts, touched, .. } = effects;
        let mut rejects = batch.rejects;
        rejects.extend(refused);
        rejects.sort_by_key(|reject| reject.line);
        let written: Vec<Person> =
            people.into_iter().filter(|slot| slot.dirty).map(|slot| slot.person).collect();
        if !written.is_empty() {
            tx.bulk_upsert_people(&written).await?;
        }
        if !rejects.is_empty() {
            tx.insert_rejects(self.id, &rejects).await?;
        }
        let everybody =
            if self.record.list_id.is_some() { touched_ids(&written, &touched) } else { Vec::new() };
        self.log(&mut *tx, &changed, &everybody).await?;
        let progress = &mut self.record.progress;
        progress.bytes = batch.end;
        progress.line = batch.end_line;
        progress.rows += batch.read;
        progress.created += counts.created;
        progress.updated += counts.updated;
        progress.unchanged += counts.unchanged;
        progress.rejected += rejects.len() as u64;
        tx.update_import(&self.record).await?;
        tx.commit().await?;
        Ok(Step::Stored)
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
                    json!({ "import": self.id, "import_name": self.record.name, "attributes": names });
                self.activity(*person, ActivityType::Imported, now, &attributes)
            })
            .collect();
        if let Some(list) = self.record.list_id {
            let added = tx.add_to_list(list, everybody, self.record.created_by, now).await?;
            let name = tx.lists().await?.into_iter().find(|one| one.id == list).map(|one| one.name);
            let details = json!({ "list": list, "list_name": name, "import": self.id });
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

/// A person in the batch.
struct Slot {
    person: Person,
    new: bool,
    dirty: bool,
}

#[derive(Default)]
struct Counts {
    created: u64,
    updated: u64,
    unchanged: u64,
}

/// What a batch comes to, row by row: a later row of the same address changes what an earlier one made.
struct Effects<'a> {
    /// For new people, one for each row at least; in order they are cheaper to store.
    ids: std::vec::IntoIter<uuid::Uuid>,
    mode: ImportMode,
    origin: &'a Origin,
    types: &'a HashMap<String, AttributeType>,
    email_header: String,
    now: Timestamp,
    people: Vec<Slot>,
    by_email: HashMap<Email, usize>,
    changed: HashMap<PersonId, Vec<String>>,
    /// People whom rows named, whether anything changed or not.
    touched: Vec<PersonId>,
    rejects: Vec<Reject>,
    counts: Counts,
}

impl<'a> Effects<'a> {
    fn new(runner: &'a Runner<'_>, existing: Vec<Person>, rows: usize) -> Self {
        let header =
            runner.reader.columns.iter().position(|t| t.as_ref().is_some_and(|t| t.path() == "person.email"));
        let now = runner.app.now();
        let mut effects = Self {
            ids: runner.app.entropy().uuids(now, rows).into_iter(),
            mode: runner.mode,
            origin: &runner.origin,
            types: &runner.person_types,
            email_header: header.map(|index| runner.reader.headers[index].clone()).unwrap_or_default(),
            now,
            people: Vec::with_capacity(rows),
            by_email: HashMap::with_capacity(rows),
            changed: HashMap::new(),
            touched: Vec::new(),
            rejects: Vec::new(),
            counts: Counts::default(),
        };
        for person in existing {
            if let Some(email) = person.email.clone() {
                effects.by_email.insert(email, effects.people.len());
            }
            effects.people.push(Slot { person, new: false, dirty: false });
        }
        effects
    }

    fn row(&mut self, row: Row, company: Option<CompanyId>) {
        let at = self.by_email.get(&row.email).copied();
        // Rows of one file may repeat an address in every mode: the first made the person, later ones change it.
        let known_before = at.is_some_and(|at| !self.people[at].new && !self.is_ours(at));
        match (at, self.mode) {
            (None, ImportMode::Update) => self.refuse(row, &RowRefused::Unknown),
            (Some(_), ImportMode::Create) if known_before => self.refuse(row, &RowRefused::Exists),
            (Some(at), _) => self.change(at, &row, company),
            (None, _) => self.create(row, company),
        }
    }

    /// True for a person whom an earlier batch of this import made.
    fn is_ours(&self, at: usize) -> bool {
        self.people[at].person.base_origin == *self.origin
    }

    fn refuse(&mut self, row: Row, why: &RowRefused) {
        self.rejects.push(Reject {
            line: row.line,
            field: self.email_header.clone(),
            reason: why.to_string(),
            cells: row.cells.unwrap_or_default(),
        });
    }

    fn create(&mut self, row: Row, company: Option<CompanyId>) {
        let id = self.ids.next().expect("there is an id for each row of the batch");
        let person = Person {
            id: id.into(),
            email: Some(row.email.clone()),
            rung: Rung::Claimed,
            attributes: row.attributes,
            origins: BTreeMap::new(),
            base_origin: self.origin.clone(),
            suggestions: Vec::new(),
            company_id: company,
            owner_id: row.owner,
            created_at: self.now,
            updated_at: self.now,
            last_seen_at: None,
            version: 1,
        };
        self.by_email.insert(row.email, self.people.len());
        self.people.push(Slot { person, new: true, dirty: true });
        self.counts.created += 1;
    }

    fn change(&mut self, at: usize, row: &Row, company: Option<CompanyId>) {
        let slot = &mut self.people[at];
        let person = &mut slot.person;
        if !slot.new {
            self.touched.push(person.id);
        }
        let same_values =
            row.attributes.iter().all(|(name, value)| person.attributes.get(name) == Some(value));
        let same_company = company.is_none() || person.company_id == company;
        let same_owner = row.owner.is_none() || person.owner_id == row.owner;
        if same_values && same_company && same_owner {
            self.counts.unchanged += 1;
            return;
        }
        let changes = offers(person, row, self.origin, self.types);
        let mut names: Vec<String> = changes.set.iter().map(|change| change.attribute.clone()).collect();
        changes.apply_to(person);
        if !same_company {
            person.company_id = company;
            names.push("company".to_owned());
        }
        if !same_owner {
            person.owner_id = row.owner;
            person.origins.insert("owner".to_owned(), self.origin.clone());
            names.push("owner".to_owned());
        }
        if names.is_empty() {
            self.counts.unchanged += 1;
            return;
        }
        person.updated_at = self.now;
        if !slot.dirty {
            person.version += 1;
            slot.dirty = true;
        }
        self.counts.updated += 1;
        if !slot.new {
            self.changed.entry(person.id).or_default().extend(names);
        }
    }
}

fn offers(person: &Person, row: &Row, origin: &Origin, types: &HashMap<String, AttributeType>) -> Changes {
    let offer = |(name, value): (&String, &serde_json::Value)| Incoming {
        attribute: name.clone(),
        value: value.clone(),
        overwrite: OverwritePolicy::Always,
    };
    let incoming: Vec<Incoming> = row.attributes.iter().map(offer).collect();
    // An import is as recent as it is carried out; of two rows the later one counts.
    apply_attributes(&Existing::of(person), &incoming, origin, &|name| types.get(name).copied())
}

fn touched_ids(written: &[Person], touched: &[PersonId]) -> Vec<PersonId> {
    let mut ids: Vec<PersonId> =
        written.iter().map(|person| person.id).chain(touched.iter().copied()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
