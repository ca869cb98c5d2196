//! Going live: checks, scripted conversations and versions of what a folder describes.

use super::{
    folder::problem,
    run::{Run, Written, sentence},
    shapes::{Prevents, TestedScript},
};
use crate::{
    AppError,
    access::Permission,
    dialogues::{self, FoundProblem, checks},
    rehearsals::scripts,
    snapshot::Snapshot,
};
use kernel::DialogueId;
use std::collections::{HashMap, HashSet};
use store::{DialogueKind, DialogueRecord, PublicationState};
use textform::{Place, Places, TextError, trial::place_of};

impl Run<'_> {
    /// Checks every dialogue and flow of the folder, plays its tests and makes it live where it differs from what is live.
    pub(super) async fn publish(&mut self) -> Result<(), AppError> {
        let mut records = Vec::new();
        for written in self.written.clone() {
            records.extend(self.tx.dialogue(written.id).await?.map(|record| (written, record)));
        }
        for (written, record) in in_order(records) {
            self.publish_one(&written, &record).await?;
        }
        self.play().await
    }

    async fn publish_one(&mut self, written: &Written, record: &DialogueRecord) -> Result<(), AppError> {
        if !self.mode.look && self.is_live(record).await? {
            return Ok(());
        }
        let checked = checks::of_record(&mut *self.tx, record).await?;
        let fine = checked.errors.is_empty();
        let told = |found: FoundProblem| found_in(written, found);
        self.report.warnings.extend(checked.warnings.into_iter().map(told));
        self.report.errors.extend(checked.errors.into_iter().map(told));
        if fine && !self.is_live(record).await? {
            let (permission, what) = match record.kind {
                DialogueKind::Dialogue => (Permission::DialoguesPublish, "publishing the dialogue"),
                DialogueKind::Flow => (Permission::FlowsPublish, "publishing the flow"),
            };
            self.need(permission, what, &written.file)?;
            dialogues::publish_in(self.app, &mut *self.tx, self.actor, record).await?;
            self.report.changes[written.change].published = true;
        }
        Ok(())
    }

    async fn is_live(&mut self, record: &DialogueRecord) -> Result<bool, AppError> {
        let Some(live) = record.published.as_ref().filter(|_| record.state == PublicationState::Published)
        else {
            return Ok(false);
        };
        let version = self.tx.version(live.version_id).await?;
        Ok(version.is_some_and(|version| dialogues::says_the_same(&version, record)))
    }

    /// Plays the tests on the sites as they are now within this unit of work.
    async fn play(&mut self) -> Result<(), AppError> {
        let snapshot = Snapshot::read_in(self.app, &mut *self.tx).await?;
        for written in self.written.clone() {
            let Some(record) = self.tx.dialogue(written.id).await? else { continue };
            let Some(site) = snapshot.site(record.site_id) else { continue };
            let results = scripts::play_on(self.app, site, record.draft.clone().into());
            for (index, result) in results.into_iter().enumerate() {
                let failure = result
                    .failure
                    .map(|failure| (place_of(&written.places, index, failure.step), failure.message));
                if let Some((place, message)) = &failure {
                    let message = format!("The test “{}” fails: {}", result.name, sentence(message));
                    let error = TextError { place: *place, field: format!("tests/{index}"), message };
                    self.report.errors.push(problem(&written.file, error, Prevents::Publishing));
                }
                self.report.tests.push(TestedScript {
                    file: written.file.clone(),
                    dialogue: record.name.clone(),
                    name: result.name,
                    line: failure.as_ref().map(|(place, _)| place.line),
                    failure: failure.map(|(_, message)| message),
                    transcript: result.transcript,
                });
            }
        }
        Ok(())
    }
}

/// Where a finding of the checks stands in the text.
fn found_in(written: &Written, found: FoundProblem) -> super::shapes::TextProblem {
    let field = match &found.card_id {
        Some(card) => format!("cards/{card}/{}", found.field),
        None => found.field,
    };
    let place: Place = Places::of(&written.places, &field);
    problem(&written.file, TextError { place, field, message: found.message }, Prevents::Publishing)
}

/// A flow goes live before what runs it.
fn in_order(records: Vec<(Written, DialogueRecord)>) -> Vec<(Written, DialogueRecord)> {
    let runs: HashMap<DialogueId, Vec<DialogueId>> =
        records.iter().map(|(_, record)| (record.id, record.draft.stream.flows().collect())).collect();
    let mut places: HashMap<DialogueId, usize> = HashMap::new();
    for (_, record) in &records {
        visit(record.id, &runs, &mut HashSet::new(), &mut places);
    }
    let mut records = records;
    records.sort_by_key(|(_, record)| places.get(&record.id).copied());
    records
}

/// Numbers what a dialogue or flow runs, then itself.
fn visit(
    id: DialogueId,
    runs: &HashMap<DialogueId, Vec<DialogueId>>,
    open: &mut HashSet<DialogueId>,
    places: &mut HashMap<DialogueId, usize>,
) {
    let Some(inner) = runs.get(&id).filter(|_| !places.contains_key(&id) && open.insert(id)) else { return };
    for flow in inner {
        visit(*flow, runs, open, places);
    }
    places.insert(id, places.len());
}
