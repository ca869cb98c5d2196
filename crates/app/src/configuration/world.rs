//! What an instance has, by the names that texts use.

use crate::{
    AppError,
    goals::{GoalNames, call_by_present_names},
    library::all_dialogues,
};
use kernel::{DialogueId, ListId, SiteId};
use std::{collections::HashMap, sync::Arc};
use store::{DialogueContent, DialogueKind, DialogueRecord, Point, Session, SiteRecord};
use textform::{DialogueText, Directory, Head, Kind, Names};

/// Sites, dialogues and flows with their names, and everything that they may refer to.
pub(super) struct World {
    pub(super) sites: Names<SiteId>,
    pub(super) site_records: HashMap<SiteId, SiteRecord>,
    pub(super) dialogues: HashMap<DialogueId, DialogueRecord>,
    names: HashMap<(SiteId, DialogueKind), Arc<Names<DialogueId>>>,
    shared: Directory,
    pub(super) goals: GoalNames,
}

impl World {
    pub(super) async fn read(session: &mut dyn Session) -> Result<Self, AppError> {
        let records = session.sites().await?;
        let sites = Names::new(records.iter().map(|site| (site.id, site.name.clone())));
        let mut dialogues = all_dialogues(session).await?;
        dialogues.sort_by_key(|dialogue| (dialogue.created_at, dialogue.id));
        let mut world = Self {
            sites,
            site_records: records.into_iter().map(|site| (site.id, site)).collect(),
            names: HashMap::new(),
            shared: shared(session).await?,
            goals: GoalNames::read(session).await?,
            dialogues: dialogues.iter().map(|record| (record.id, record.clone())).collect(),
        };
        for site in world.site_records.keys() {
            for kind in [DialogueKind::Dialogue, DialogueKind::Flow] {
                let own = dialogues.iter().filter(|one| one.site_id == *site && one.kind == kind);
                let names = Names::new(own.map(|one| (one.id, one.name.clone())));
                world.names.insert((*site, kind), Arc::new(names));
            }
        }
        Ok(world)
    }

    /// The dialogues or flows of a site by name.
    pub(super) fn names(&self, site: SiteId, kind: DialogueKind) -> Arc<Names<DialogueId>> {
        self.names.get(&(site, kind)).cloned().unwrap_or_default()
    }

    /// Notes a dialogue or flow that is made now.
    pub(super) fn expect(&mut self, site: SiteId, kind: DialogueKind, id: DialogueId, label: &str) {
        let names = self.names.entry((site, kind)).or_default();
        Arc::make_mut(names).add(id, label.to_owned());
    }

    /// The lists by name.
    pub(super) fn lists(&self) -> Arc<Names<ListId>> {
        Arc::clone(&self.shared.lists)
    }

    /// Everything that the dialogues and flows of a site may refer to.
    pub(super) fn directory(&self, site: SiteId) -> Directory {
        Directory { flows: self.names(site, DialogueKind::Flow), ..self.shared.clone() }
    }

    /// A dialogue or flow with one of its contents as a text describes it.
    pub(super) fn described(
        &self,
        record: &DialogueRecord,
        name: &str,
        content: &DialogueContent,
    ) -> DialogueText {
        let mut content = content.clone();
        call_by_present_names(&mut content, &self.goals);
        let DialogueContent {
            stream,
            targeting,
            allow_back,
            allow_restart,
            language,
            interface,
            layout,
            tests,
        } = content;
        DialogueText {
            is_flow: record.kind == DialogueKind::Flow,
            name: name.to_owned(),
            reference: self.names(record.site_id, record.kind).label(record.id),
            site: self.sites.label(record.site_id),
            description: record.description.clone(),
            priority: record.priority,
            enabled: record.enabled,
            language,
            allow_back,
            allow_restart,
            interface,
            targeting,
            stream,
            layout: layout.into_iter().map(|(card, Point { x, y })| (card, (x, y))).collect(),
            tests,
        }
    }

    /// The head of a dialogue's or flow's text.
    pub(super) fn head(&self, record: &DialogueRecord) -> Head {
        Head {
            kind: text_kind(record.kind),
            name: record.name.clone(),
            reference: self.names(record.site_id, record.kind).label(record.id),
            formerly: None,
            site: Some(self.sites.label(record.site_id)),
        }
    }

    /// The head of a site's text.
    pub(super) fn site_head(&self, record: &SiteRecord) -> Head {
        let reference = self.sites.label(record.id);
        Head { kind: Kind::Site, name: record.name.clone(), reference, formerly: None, site: None }
    }
}

pub(super) const fn text_kind(kind: DialogueKind) -> Kind {
    match kind {
        DialogueKind::Dialogue => Kind::Dialogue,
        DialogueKind::Flow => Kind::Flow,
    }
}

async fn shared(session: &mut dyn Session) -> Result<Directory, AppError> {
    let mut lists = session.lists().await?;
    lists.sort_by_key(|list| (list.created_at, list.id));
    let users = session.users().await?;
    let mut teams = session.teams().await?;
    teams.sort_by_key(|team| (team.created_at, team.id));
    Ok(Directory {
        teams: Arc::new(Names::new(teams.into_iter().map(|team| (team.id, team.name)))),
        lists: Arc::new(Names::new(lists.into_iter().map(|list| (list.id, list.name)))),
        agents: Arc::new(Names::new(users.into_iter().map(|user| (user.id, user.email.to_string())))),
        ..Directory::default()
    })
}
