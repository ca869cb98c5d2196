//! What the rows of a batch come to. Pure: rows and who is there already go in, people to be written and refusals come
//! out.

use super::rows::Row;
use criteria::AttributeType;
use kernel::{CompanyId, Email, PersonId, Timestamp};
use people::setting::{Changes, Existing, Incoming, OverwritePolicy, apply_attributes};
use people::{Origin, Person, RowRefused, Rung};
use std::collections::{BTreeMap, HashMap};
use store::{ImportMode, Reject};
use uuid::Uuid;

/// A person in the batch.
pub(super) struct Slot {
    pub(super) person: Person,
    pub(super) new: bool,
    pub(super) dirty: bool,
}

/// How many rows did what.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) created: u64,
    pub(super) updated: u64,
    pub(super) unchanged: u64,
}

/// By what rules rows act.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) mode: ImportMode,
    pub(super) origin: &'a Origin,
    pub(super) types: &'a HashMap<String, AttributeType>,
    /// Header of the column with addresses, for refusals.
    pub(super) email_header: &'a str,
    pub(super) now: Timestamp,
}

/// What a batch comes to, row by row: a later row of the same address changes what an earlier one made.
pub(super) struct Effects<'a> {
    rules: Rules<'a>,
    /// For new people, one for each row at least; in order they are cheaper to store.
    ids: std::vec::IntoIter<Uuid>,
    by_email: HashMap<Email, usize>,
    pub(super) people: Vec<Slot>,
    pub(super) changed: HashMap<PersonId, Vec<String>>,
    /// People whom rows named, whether anything changed or not.
    pub(super) touched: Vec<PersonId>,
    pub(super) rejects: Vec<Reject>,
    pub(super) counts: Counts,
}

impl<'a> Effects<'a> {
    /// Beginning with who is there already, and with an id for each row.
    pub(super) fn new(rules: Rules<'a>, existing: Vec<Person>, ids: Vec<Uuid>) -> Self {
        let rows = ids.len();
        let mut effects = Self {
            rules,
            ids: ids.into_iter(),
            by_email: HashMap::with_capacity(rows),
            people: Vec::with_capacity(rows),
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

    /// What one more row does.
    pub(super) fn row(&mut self, row: Row, company: Option<CompanyId>) {
        let at = self.by_email.get(&row.email).copied();
        // Rows of one file may repeat an address in every mode: the first made the person, later ones change it.
        let known_before = at.is_some_and(|at| !self.people[at].new && !self.is_ours(at));
        match (at, self.rules.mode) {
            (None, ImportMode::Update) => self.refuse(row, &RowRefused::Unknown),
            (Some(_), ImportMode::Create) if known_before => self.refuse(row, &RowRefused::Exists),
            (Some(at), _) => self.change(at, &row, company),
            (None, _) => self.create(row, company),
        }
    }

    /// True for a person whom an earlier batch of this import made.
    fn is_ours(&self, at: usize) -> bool {
        self.people[at].person.base_origin == *self.rules.origin
    }

    fn refuse(&mut self, row: Row, why: &RowRefused) {
        self.rejects.push(Reject {
            line: row.line,
            field: self.rules.email_header.to_owned(),
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
            base_origin: self.rules.origin.clone(),
            suggestions: Vec::new(),
            company_id: company,
            owner_id: row.owner,
            created_at: self.rules.now,
            updated_at: self.rules.now,
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
        let changes = offers(person, row, self.rules.origin, self.rules.types);
        let mut names: Vec<String> = changes.set.iter().map(|change| change.attribute.clone()).collect();
        changes.apply_to(person);
        if !same_company {
            person.company_id = company;
            names.push("company".to_owned());
        }
        if !same_owner {
            person.owner_id = row.owner;
            person.origins.insert("owner".to_owned(), self.rules.origin.clone());
            names.push("owner".to_owned());
        }
        if names.is_empty() {
            self.counts.unchanged += 1;
            return;
        }
        person.updated_at = self.rules.now;
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
