//! Writing an instance down.

use super::{
    shapes::{ConfigurationFiles, TextFile},
    shared, sites,
    world::World,
};
use crate::{
    App, AppError,
    access::{Actor, Permission},
    goals::GoalNames,
};
use kernel::DialogueId;
use std::collections::BTreeSet;
use store::{DialogueContent, DialogueKind, DialogueRecord, PublicationState, Session};
use textform::{
    AttributesText, Directory, Head, Kind, Names, dialogue, paths, shared::write_attributes,
    shared::write_names,
};

/// Everything that the caller may see, as texts by path; with `published` the live versions instead of the drafts, and
/// only what is live.
pub async fn export(app: &App, actor: &Actor, published: bool) -> Result<ConfigurationFiles, AppError> {
    let mut session = app.store().read().await?;
    let world = World::read(&mut *session).await?;
    let mut exporter = Exporter { texts: Vec::new(), used: Used::default(), left_out: Vec::new() };
    for record in sites::in_order(&world) {
        let text = sites::described(&world, record)?;
        exporter.texts.push((world.site_head(record), textform::site::write(&text)));
    }
    for kind in [DialogueKind::Flow, DialogueKind::Dialogue] {
        exporter.dialogues(&mut *session, actor, &world, kind, published).await?;
    }
    exporter.shared(&mut *session, &world).await?;
    Ok(exporter.finish())
}

/// The text of a dialogue's or flow's draft.
pub async fn text_of(app: &App, kind: DialogueKind, id: DialogueId) -> Result<TextFile, AppError> {
    let mut session = app.store().read().await?;
    let world = World::read(&mut *session).await?;
    let missing = || AppError::NotFound(super::world::text_kind(kind).word());
    let record = world.dialogues.get(&id).filter(|record| record.kind == kind).ok_or_else(missing)?;
    let text = dialogue::write(
        &world.described(record, &record.name, &record.draft),
        &world.directory(record.site_id),
    );
    // The same file as in an export of everything.
    let heads: Vec<Head> = in_order(&world, kind).into_iter().map(|record| world.head(record)).collect();
    let own = world.head(record);
    let path = heads.iter().zip(paths(&heads)).find(|(head, _)| **head == own).map(|(_, path)| path);
    Ok(TextFile { path: path.unwrap_or_default(), text })
}

/// Dialogues or flows as they stand in a folder.
fn in_order(world: &World, kind: DialogueKind) -> Vec<&DialogueRecord> {
    let mut records: Vec<&DialogueRecord> =
        world.dialogues.values().filter(|record| record.kind == kind).collect();
    records.sort_by_key(|record| (record.created_at, record.id));
    records
}

/// Names that the exported texts use.
#[derive(Default)]
struct Used {
    lists: BTreeSet<String>,
    goals: BTreeSet<String>,
}

impl Used {
    fn note(&mut self, content: &DialogueContent, names: &Directory, goals: &GoalNames) {
        let named = content.stream.goals().filter(|name| !name.trim().is_empty());
        self.goals.extend(named.map(|name| goals.shown(name.to_owned())));
        for list in shared::lists_of(content) {
            self.lists.insert(names.lists.label(list));
        }
    }
}

struct Exporter {
    texts: Vec<(Head, String)>,
    used: Used,
    left_out: Vec<String>,
}

impl Exporter {
    async fn dialogues(
        &mut self,
        session: &mut dyn Session,
        actor: &Actor,
        world: &World,
        kind: DialogueKind,
        published: bool,
    ) -> Result<(), AppError> {
        let (permission, noun) = match kind {
            DialogueKind::Dialogue => (Permission::DialoguesView, "dialogues"),
            DialogueKind::Flow => (Permission::FlowsView, "flows"),
        };
        if !actor.may(permission) {
            self.left_out.push(format!("{noun} (needs the permission {})", permission.key()));
            return Ok(());
        }
        for record in in_order(world, kind) {
            let names = world.directory(record.site_id);
            let (name, content) = match (published, &record.published) {
                (false, _) => (record.name.clone(), record.draft.clone()),
                (true, Some(live)) if record.state == PublicationState::Published => {
                    let Some(version) = session.version(live.version_id).await? else { continue };
                    (record.name.clone(), version.content)
                }
                (true, _) => continue,
            };
            self.used.note(&content, &names, &world.goals);
            let text = dialogue::write(&world.described(record, &name, &content), &names);
            self.texts.push((world.head(record), text));
        }
        Ok(())
    }

    async fn shared(&mut self, session: &mut dyn Session, world: &World) -> Result<(), AppError> {
        let attributes = shared::described_attributes(session).await?;
        if attributes != AttributesText::default() {
            self.texts.push((head_of(Kind::Attributes), write_attributes(&attributes)));
        }
        let known: &Names<_> = &world.lists();
        let lists: Vec<String> =
            std::mem::take(&mut self.used.lists).into_iter().filter(|name| is_label(known, name)).collect();
        let goals: Vec<String> = std::mem::take(&mut self.used.goals).into_iter().collect();
        for (kind, names) in [(Kind::Lists, lists), (Kind::Goals, goals)] {
            if !names.is_empty() {
                self.texts.push((head_of(kind), write_names(kind, &names)));
            }
        }
        Ok(())
    }

    fn finish(self) -> ConfigurationFiles {
        let heads: Vec<&Head> = self.texts.iter().map(|(head, _)| head).collect();
        let paths = paths(heads);
        let files = paths.into_iter().zip(self.texts.into_iter().map(|(_, text)| text)).collect();
        ConfigurationFiles { files, left_out: self.left_out }
    }
}

fn head_of(kind: Kind) -> Head {
    Head { kind, name: String::new(), reference: String::new(), formerly: None, site: None }
}

/// Lists that are gone are called by their ids; they cannot be made anew.
fn is_label(names: &Names<kernel::ListId>, name: &str) -> bool {
    names.labels().any(|label| label == name)
}
