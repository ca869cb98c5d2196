//! A visitor gave an e-mail address: who it is from now on (spec 03, *Known people, in real time*). Joining on a claim is
//! a link, not a merge: what is done under it says so.

use super::telling::details;
use super::view::Showing;
use crate::{App, AppError, caller::anonymous, facts::Voice, memory::Known, snapshot::Site};
use kernel::{ConversationId, Domain, Email, ListId, PersonId, Timestamp, VisitorId};
use people::{
    Company, Existing, IdentityStep, Incoming, Origin, OverwritePolicy, Person, PersonFacts, Rung,
    apply_attributes, decide,
};
use serde_json::{Value as Json, json};
use store::{Conversation, StoreError, Tx};
use stream::{ListChange, mail_domains};

/// The visitor's person, locked for writing.
#[derive(Debug)]
pub(crate) struct Bearer {
    pub person: Person,
    pub company: Option<Company>,
    /// How sure it is that the visitor is this person.
    pub rung: Rung,
    /// The lists that the person is on.
    lists: Vec<ListId>,
    person_pending: Pending,
    company_pending: Pending,
}

/// What is to be written of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pending {
    Nothing,
    Change,
    /// It is not in the store yet.
    All,
}

impl Bearer {
    /// Reads the person of a conversation for writing.
    pub(crate) async fn lock(
        tx: &mut dyn Tx,
        conversation: &Conversation,
        known: &Known,
    ) -> Result<Self, AppError> {
        Self::lock_person(tx, conversation.person_id, known).await
    }

    /// Reads a person for writing.
    pub(crate) async fn lock_person(tx: &mut dyn Tx, id: PersonId, known: &Known) -> Result<Self, AppError> {
        let found = tx.lock_person(id).await?;
        // Erased in the meantime: nothing of that person may come back.
        let person = found.ok_or(AppError::NotFound("conversation"))?;
        let profile = &known.profile;
        let same = profile.company.as_ref().filter(|company| Some(company.id) == person.company_id);
        let company = match (same, person.company_id) {
            (Some(company), _) => Some(company.clone()),
            (None, Some(id)) => tx.company(id).await?.map(|row| row.company),
            (None, None) => None,
        };
        let lists = lists_of(tx, &person, known).await?;
        Ok(Self { company, rung: profile.visitor.rung, lists, ..Self::of(person) })
    }

    fn of(person: Person) -> Self {
        Self {
            person,
            company: None,
            rung: Rung::Claimed,
            lists: Vec::new(),
            person_pending: Pending::Nothing,
            company_pending: Pending::Nothing,
        }
    }

    /// A company that is not in the store yet.
    pub(crate) fn found_company(&mut self, company: Company) {
        self.person.company_id = Some(company.id);
        self.company = Some(company);
        self.company_pending = Pending::All;
        self.person_changed();
    }

    /// The person must be written.
    pub(crate) fn person_changed(&mut self) {
        self.person_pending = self.person_pending.max(Pending::Change);
    }

    /// Adds points to the score, which no visitor gives: whoever the visitor is, it counts. Returns it before and after.
    pub(crate) fn add_to_score(&mut self, points: i64, origin: &Origin) -> (f64, f64) {
        let old = self.person.attributes.get("score").and_then(Json::as_f64).unwrap_or(0.0);
        #[expect(clippy::cast_precision_loss, reason = "a step changes a score by far less than 2^52")]
        let new = old + points as f64;
        self.person.attributes.insert("score".to_owned(), json!(new));
        self.person.origins.insert("score".to_owned(), origin.clone());
        self.person_changed();
        (old, new)
    }

    /// The lists that the person is on.
    pub(crate) fn lists(&self) -> &[ListId] {
        &self.lists
    }

    /// A membership was written.
    pub(crate) fn lists_changed(&mut self, list: ListId, change: ListChange) {
        self.lists.retain(|member| *member != list);
        if change == ListChange::Add {
            self.lists.push(list);
        }
    }

    /// A proof is for the record too.
    fn prove(&mut self, proof: Rung) {
        if proof > self.person.rung {
            self.person.rung = proof;
            self.person_changed();
        }
    }

    /// The company must be written.
    pub(crate) fn company_changed(&mut self) {
        self.company_pending = self.company_pending.max(Pending::Change);
    }

    /// The visitor speaks as this person from now on.
    pub(crate) fn voice<'a>(&'a self, showing: &Showing<'a>, own: &'a [ConversationId]) -> Voice<'a> {
        Voice {
            site: showing.site,
            person: Some(&self.person),
            company: self.company.as_ref(),
            rung: self.rung,
            own,
            visitor: showing.voice.visitor,
            typed: self.person.email.as_ref(),
            visit: showing.voice.visit,
            page: showing.voice.page,
            country: showing.voice.country.clone(),
            lists: &self.lists,
            locale: showing.voice.locale,
        }
    }

    /// Writes what changed; true when the person did.
    pub(crate) async fn store(&mut self, tx: &mut dyn Tx, now: Timestamp) -> Result<bool, AppError> {
        let pending = (self.person_pending, self.company_pending);
        if let Some(company) = self.company.as_mut() {
            match pending.1 {
                Pending::Nothing => {}
                Pending::All => {
                    tx.insert_companies(std::slice::from_ref(company)).await.map_err(domain_taken)?;
                }
                Pending::Change => {
                    company.version += 1;
                    company.updated_at = now;
                    tx.update_company(company).await?;
                }
            }
        }
        match pending.0 {
            Pending::Nothing => {}
            Pending::All => tx.insert_people(std::slice::from_ref(&self.person)).await?,
            Pending::Change => {
                self.person.version += 1;
                self.person.updated_at = now;
                tx.update_people(std::slice::from_ref(&self.person)).await?;
            }
        }
        (self.person_pending, self.company_pending) = (Pending::Nothing, Pending::Nothing);
        Ok(pending != (Pending::Nothing, Pending::Nothing))
    }
}

/// What memory says of the visitor's lists, unless the person is another one by now.
async fn lists_of(tx: &mut dyn Tx, person: &Person, known: &Known) -> Result<Vec<ListId>, AppError> {
    if person.id == known.profile.person.id {
        return Ok(known.profile.lists.clone());
    }
    Ok(tx.lists_of(person.id).await?.into_iter().map(|list| list.id).collect())
}

/// Somebody else made a company of this domain at the same moment: the visitor's next try finds it.
fn domain_taken(error: StoreError) -> AppError {
    match error {
        taken @ StoreError::Taken { .. } => AppError::Unavailable(Box::new(taken)),
        other => other.into(),
    }
}

/// An address that was given.
pub(crate) struct Given<'a> {
    pub email: Email,
    pub site: &'a Site,
    pub visitor: VisitorId,
    /// How the address is known: typed ([`Rung::Claimed`]) or signed by the site ([`Rung::Proven`]).
    pub proof: Rung,
    pub origin: Origin,
}

/// What moved with the visitor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Moved {
    /// Everything that the anonymous visitor did.
    pub history: bool,
    /// The visitor was linked to a record that was there before.
    pub linked: bool,
}

/// Decides who the visitor is and links visitor, conversations and activities accordingly.
pub(crate) async fn give(
    app: &App,
    tx: &mut dyn Tx,
    given: Given<'_>,
    mut bearer: Bearer,
) -> Result<(Bearer, Moved), AppError> {
    let Given { email, site, visitor, proof, origin } = given;
    let now = app.now();
    let before = bearer.person.id;
    let stood = bearer.rung;
    let owner = tx.lock_email(&email).await?;
    let step = decide(&PersonFacts::of(&bearer.person), owner.as_ref().map(PersonFacts::of).as_ref());
    let rung = step.visitor_rung(stood).max(proof);
    let origin = Origin { rung: Some(rung), ..origin };
    let mut after = match (step, owner) {
        (IdentityStep::Stay { .. }, _) => bearer,
        (IdentityStep::BecomeKnown { .. }, _) => {
            name(&mut bearer.person, email.clone(), origin.clone());
            bearer.person_changed();
            bearer
        }
        (IdentityStep::MoveToNew { .. }, _) | (_, None) => {
            let mut person = anonymous(app.id(now), now);
            person.base_origin = origin.clone();
            name(&mut person, email.clone(), origin.clone());
            bearer.store(tx, now).await?;
            Bearer { person_pending: Pending::All, ..Bearer::of(person) }
        }
        (IdentityStep::Join { .. } | IdentityStep::Move { .. }, Some(owner)) => {
            bearer.store(tx, now).await?;
            let company = match owner.company_id {
                Some(id) => tx.company(id).await?.map(|row| row.company),
                None => None,
            };
            let lists = tx.lists_of(owner.id).await?.into_iter().map(|list| list.id).collect();
            let mut joined = Bearer { company, lists, ..Bearer::of(owner) };
            if step.activities_move_from().is_some() {
                carry_over(site, &bearer.person, &mut joined, &origin);
            }
            joined
        }
    };
    after.rung = rung;
    after.prove(proof);
    if after.person_pending == Pending::All {
        // The visitor is moved to this person below, so it must be there.
        after.store(tx, now).await?;
    }
    let mut moved = Moved::default();
    if after.person.id != before {
        tx.associate_visitor(visitor, after.person.id, rung).await?;
        if let Some(from) = step.activities_move_from() {
            tx.move_activities(from, after.person.id, Some(visitor)).await?;
            tx.move_conversations(visitor, after.person.id).await?;
            moved.history = true;
        }
        moved.linked = step.is_link();
    } else if rung != stood {
        tx.associate_visitor(visitor, after.person.id, rung).await?;
    }
    belong(app, tx, &email, &mut after).await?;
    Ok((after, moved))
}

fn name(person: &mut Person, email: Email, origin: Origin) {
    person.email = Some(email);
    person.rung = person.rung.max(Rung::Claimed);
    person.origins.insert("email".to_owned(), origin);
}

/// What the visitor told before giving the address fills what is empty at the person joined.
fn carry_over(site: &Site, left: &Person, joined: &mut Bearer, origin: &Origin) {
    let offers: Vec<Incoming> = left
        .attributes
        .iter()
        .map(|(attribute, value)| Incoming {
            attribute: attribute.clone(),
            value: value.clone(),
            overwrite: OverwritePolicy::IfEmpty,
        })
        .collect();
    let types = |name: &str| site.catalog.type_of(&format!("person.{name}"));
    let changes = apply_attributes(&Existing::of(&joined.person), &offers, origin, &types);
    if !changes.is_empty() {
        changes.apply_to(&mut joined.person);
        joined.person_changed();
    }
}

/// The company whose domain the address has: the one that is there, or a new one. Free and throw-away mail has none.
async fn belong(app: &App, tx: &mut dyn Tx, email: &Email, bearer: &mut Bearer) -> Result<(), AppError> {
    let host = email.domain();
    let nobodys = |domain: &str| mail_domains::is_free(domain) || mail_domains::is_disposable(domain);
    if bearer.person.company_id.is_some() || nobodys(host) {
        return Ok(());
    }
    let registered = psl::domain_str(host).unwrap_or(host);
    if nobodys(registered) {
        return Ok(());
    }
    let domains: Vec<Domain> = [host, registered].iter().filter_map(|text| text.parse().ok()).collect();
    let Some(own) = domains.last().cloned() else { return Ok(()) };
    let mut found = tx.companies_by_domain(&domains).await?;
    // The nearest domain first: a subsidiary may have its own.
    found.sort_by_key(|company| !company.domains.iter().any(|domain| domain.as_str() == host));
    if let Some(company) = found.into_iter().next() {
        bearer.person.company_id = Some(company.id);
        bearer.company = Some(company);
        bearer.person_changed();
        return Ok(());
    }
    let now = app.now();
    bearer.found_company(Company {
        id: app.id(now),
        name: own.to_string(),
        domains: vec![own],
        attributes: people::AttributeMap::new(),
        owner_id: None,
        created_at: now,
        updated_at: now,
        version: 1,
    });
    Ok(())
}

/// Details of an activity about a changed value.
pub(crate) fn changed(
    attribute: &str,
    old: Option<&serde_json::Value>,
    new: Option<&serde_json::Value>,
) -> serde_json::Map<String, serde_json::Value> {
    details(json!({ "attribute": attribute, "old": old, "new": new }))
}
