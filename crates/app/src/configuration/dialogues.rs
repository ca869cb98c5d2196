//! Dialogues and flows: drafts by name.

use super::{
    folder::{Described, Folder},
    run::{Run, Written, shown_difference},
    shapes::{Action, PlannedChange},
    sites::reference_fits,
    world::{World, text_kind},
};
use crate::{
    AppError,
    access::Permission,
    audit::{self, Note},
    conversations::trigger::tx_session,
    dialogues::{self, DialoguePatch, Draft},
};
use kernel::{DialogueId, SiteId};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use store::{DialogueKind, DialogueRecord, Point};
use stream::{CardKind, Flow};
use textform::{DialogueText, Kind, Place, Places, dialogue};

/// A text whose dialogue or flow is known, or will be made.
struct Met<'f> {
    text: &'f Described,
    site: SiteId,
    id: DialogueId,
    is_new: bool,
}

const fn store_kind(kind: Kind) -> DialogueKind {
    match kind {
        Kind::Flow => DialogueKind::Flow,
        _ => DialogueKind::Dialogue,
    }
}

const fn permission(kind: DialogueKind) -> Permission {
    match kind {
        DialogueKind::Dialogue => Permission::DialoguesManage,
        DialogueKind::Flow => Permission::FlowsManage,
    }
}

impl Run<'_> {
    /// Makes and changes drafts: flows first, so that dialogues can name them.
    pub(super) async fn dialogues(&mut self, folder: &Folder, world: &mut World) -> Result<(), AppError> {
        for kind in [Kind::Flow, Kind::Dialogue] {
            // Flows may name each other: all are met before any is read.
            let met: Vec<Met<'_>> =
                folder.of(kind).filter_map(|text| self.meet(text, store_kind(kind), world)).collect();
            for met in met {
                let names = world.directory(met.site);
                match met.text.document.dialogue(&names) {
                    Ok(read) => self.dialogue(world, &met, read.value, read.places).await?,
                    Err(errors) => self.errors(&met.text.file, errors),
                }
            }
        }
        Ok(())
    }

    /// Finds the dialogue or flow of a text by its name, or prepares a new one.
    fn meet<'f>(&mut self, text: &'f Described, kind: DialogueKind, world: &mut World) -> Option<Met<'f>> {
        let head = text.document.head();
        let label = head.site.as_deref().unwrap_or_default();
        let Some(site) = world.sites.find(label).filter(|id| world.site_records.contains_key(id)) else {
            let known: Vec<&str> = world.sites.labels().collect();
            let message = format!("There is no site called “{label}”{}.", listed(&known));
            self.error(&text.file, text.document.places().of("site"), "site", message);
            return None;
        };
        let names = world.names(site, kind);
        let former = || head.formerly.as_deref().and_then(|former| names.find(former));
        let found = names.find(&head.reference).or_else(former).filter(|id| world.dialogues.contains_key(id));
        if let Some(id) = found {
            world.expect(site, kind, id, &head.reference);
            return Some(Met { text, site, id, is_new: false });
        }
        let id: DialogueId = self.app.id(self.app.now());
        if let Err(message) = reference_fits(head, &names.label_of_next(&head.name)) {
            self.error(&text.file, text.document.places().of("reference"), "reference", message);
            return None;
        }
        world.expect(site, kind, id, &head.reference);
        Some(Met { text, site, id, is_new: true })
    }

    async fn dialogue(
        &mut self,
        world: &World,
        met: &Met<'_>,
        wanted: DialogueText,
        places: Places,
    ) -> Result<(), AppError> {
        let Met { text, site, id, is_new } = met;
        let kind = if wanted.is_flow { DialogueKind::Flow } else { DialogueKind::Dialogue };
        let fresh = || DialogueRecord { id: *id, kind, ..self.fresh(*site) };
        let before = world.dialogues.get(id).cloned();
        let mut record = before.clone().unwrap_or_else(fresh);
        let outcome = dialogues::patch_into(&mut record, patch(wanted)?);
        if self.refused(&text.file, &places, outcome)?.is_none() {
            return Ok(());
        }
        let names = world.directory(*site);
        let said = |record: &DialogueRecord| {
            dialogue::write(&world.described(record, &record.name, &record.draft), &names)
        };
        let after = said(&record);
        let before_text = before.as_ref().map(said);
        let action = match &before_text {
            None => Action::Created,
            Some(before) if *before == after => Action::Unchanged,
            Some(_) => Action::Changed,
        };
        if action != Action::Unchanged {
            self.need(permission(kind), &format!("changing the {}", text_kind(kind).word()), &text.file)?;
            self.goals_of(&text.file, &places, &record.draft.stream).await?;
            self.save_dialogue(text, &mut record, *is_new).await?;
        }
        let change = self.change(PlannedChange {
            action,
            kind: text_kind(kind).word(),
            name: text.document.head().reference.clone(),
            site: Some(world.sites.label(*site)),
            file: Some(text.file.clone()),
            published: false,
            difference: shown_difference(before_text.as_deref().unwrap_or_default(), &after),
        });
        self.written.push(Written { id: *id, file: text.file.clone(), places, change });
        Ok(())
    }

    fn fresh(&self, site: SiteId) -> DialogueRecord {
        let (name, description) = (String::new(), String::new());
        dialogues::fresh(self.app, self.actor, site, name, description, dialogues::templates::empty())
    }

    async fn save_dialogue(
        &mut self,
        text: &Described,
        record: &mut DialogueRecord,
        is_new: bool,
    ) -> Result<(), AppError> {
        record.updated_at = self.app.now();
        record.updated_by = self.actor.user_id();
        if is_new {
            self.tx.insert_dialogue(record).await?;
        } else {
            self.tx.update_dialogue(record).await?;
        }
        let action = match (record.kind, is_new) {
            (DialogueKind::Dialogue, true) => "dialogue.created",
            (DialogueKind::Dialogue, false) => "dialogue.updated",
            (DialogueKind::Flow, true) => "flow.created",
            (DialogueKind::Flow, false) => "flow.updated",
        };
        let note = Note::new(action, text_kind(record.kind).word()).of(record.id, &record.name);
        audit::write(self.app, &mut *self.tx, self.actor, note.details(json!({ "file": text.file }))).await
    }

    /// Deletes what the folder does not have, on the sites that it has.
    pub(super) async fn prune(&mut self, folder: &Folder, world: &World) -> Result<(), AppError> {
        if !self.report.errors.is_empty() {
            return Ok(());
        }
        let kept: HashSet<DialogueId> = self.written.iter().map(|written| written.id).collect();
        let runners = self.runners().await?;
        let heads = folder.texts.iter().map(|text| text.document.head());
        let sites: HashSet<SiteId> = heads
            .filter_map(|head| match head.kind {
                Kind::Site => world.sites.find(&head.reference),
                _ => world.sites.find(head.site.as_deref()?),
            })
            .collect();
        let gone = |record: &&DialogueRecord| sites.contains(&record.site_id) && !kept.contains(&record.id);
        let mut gone: Vec<&DialogueRecord> = world.dialogues.values().filter(gone).collect();
        // Dialogues go before the flows that they run.
        gone.sort_by_key(|record| (record.kind == DialogueKind::Flow, record.created_at, record.id));
        for record in gone {
            match runners.get(&record.id) {
                Some((file, place)) => {
                    let message =
                        format!("The flow “{}” is run here, but the folder does not have it.", record.name);
                    self.error(file, *place, "cards", message);
                }
                None => self.delete(record, world).await?,
            }
        }
        Ok(())
    }

    /// The flows that drafts of the folder run, and where.
    async fn runners(&mut self) -> Result<HashMap<DialogueId, (String, Place)>, AppError> {
        let mut runners = HashMap::new();
        for written in &self.written {
            let Some(record) = self.tx.dialogue(written.id).await? else { continue };
            for card in &record.draft.stream.cards {
                if let CardKind::Flow(Flow { flow: Some(flow), .. }) = &card.kind {
                    let place = written.places.of(&format!("cards/{}/flow", card.id));
                    runners.insert(*flow, (written.file.clone(), place));
                }
            }
        }
        Ok(runners)
    }

    async fn delete(&mut self, record: &DialogueRecord, world: &World) -> Result<(), AppError> {
        let noun = text_kind(record.kind).word();
        self.need(permission(record.kind), &format!("deleting the {noun} “{}”", record.name), "prune")?;
        let free = dialogues::refuse_if_run(tx_session(&mut *self.tx), record).await;
        if self.refused("prune", &Places::default(), free)?.is_none() {
            return Ok(());
        }
        self.tx.delete_dialogue(record.id).await?;
        let action = match record.kind {
            DialogueKind::Dialogue => "dialogue.deleted",
            DialogueKind::Flow => "flow.deleted",
        };
        let note = Note::new(action, noun).of(record.id, &record.name);
        audit::write(self.app, &mut *self.tx, self.actor, note).await?;
        self.change(PlannedChange {
            action: Action::Deleted,
            kind: noun,
            name: world.names(record.site_id, record.kind).label(record.id),
            site: Some(world.sites.label(record.site_id)),
            file: None,
            published: false,
            difference: Vec::new(),
        });
        Ok(())
    }
}

fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        names => {
            let names: Vec<String> = names.iter().take(5).map(|name| format!("“{name}”")).collect();
            format!("; there is {}", names.join(", "))
        }
    }
}

fn patch(text: DialogueText) -> Result<DialoguePatch, AppError> {
    let DialogueText {
        is_flow: _,
        name,
        reference: _,
        site: _,
        description,
        priority,
        enabled,
        language,
        allow_back,
        allow_restart,
        interface,
        targeting,
        stream,
        layout,
        tests,
    } = text;
    let layout: HashMap<String, Point> =
        layout.into_iter().map(|(card, (x, y))| (card, Point { x, y })).collect();
    let draft = Draft {
        stream,
        targeting,
        allow_back,
        allow_restart,
        language,
        interface,
        layout: layout.into_iter().collect(),
        tests,
    };
    Ok(DialoguePatch {
        name: Some(name),
        description: Some(description),
        priority: Some(priority),
        enabled: Some(enabled),
        draft: Some(draft),
    })
}
