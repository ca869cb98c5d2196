//! A site's published dialogues, compiled and sorted once; swapped whole when anything is published.

use crate::{Caps, EventRule, PageRules, Targeting, check::within};
use criteria::{Catalog, CheckError, Compiled, Symbols, compile};
use jiff::SignedDuration;
use kernel::{DialogueId, Timestamp, VersionId};
use std::collections::HashMap;

/// A published dialogue as the store knows it.
#[derive(Debug, Clone)]
pub struct Published {
    /// The dialogue.
    pub id: DialogueId,
    /// Its newest published version.
    pub version: VersionId,
    /// When the dialogue was made; the older one wins among equals.
    pub created_at: Timestamp,
    /// 1 is the highest.
    pub priority: u32,
    /// Not paused by its switch.
    pub enabled: bool,
    /// The targeting of that version.
    pub targeting: Targeting,
}

/// A dialogue, ready for resolution.
#[derive(Debug, Clone)]
pub struct CompiledDialogue {
    /// The dialogue.
    pub id: DialogueId,
    /// Its newest published version.
    pub version: VersionId,
    /// When the dialogue was made.
    pub created_at: Timestamp,
    /// 1 is the highest.
    pub priority: u32,
    /// Not paused by its switch.
    pub enabled: bool,
    /// Its target pages.
    pub pages: PageRules,
    /// Its audience.
    pub audience: Compiled,
    /// What must happen before it is shown.
    pub events: EventRule,
    /// How often it is shown.
    pub caps: Caps,
}

/// What holds for the whole site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteRules {
    /// Off: nothing is shown, and nothing continues (spec 03, rule 9).
    pub chat_enabled: bool,
    /// The least time between two unprompted pokes; zero for no limit.
    pub poke_pause: SignedDuration,
    /// How long an engaged conversation waits for the visitor (spec 03, rule 6: 24 hours).
    pub drop_after: SignedDuration,
}

impl Default for SiteRules {
    fn default() -> Self {
        Self {
            chat_enabled: true,
            poke_pause: SignedDuration::ZERO,
            drop_after: SignedDuration::from_hours(24),
        }
    }
}

/// A site as resolution sees it.
#[derive(Debug, Clone, Default)]
pub struct SiteSnapshot {
    rules: SiteRules,
    symbols: Symbols,
    dialogues: Vec<CompiledDialogue>,
    places: HashMap<DialogueId, usize>,
}

/// A dialogue that no longer compiles, for instance since an attribute has been deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// The dialogue.
    pub dialogue: DialogueId,
    /// What is wrong.
    pub errors: Vec<CheckError>,
}

impl SiteSnapshot {
    /// Compiles what is published. A dialogue that does not compile is left out and reported; the others work on.
    pub fn build(
        rules: SiteRules,
        published: impl IntoIterator<Item = Published>,
        catalog: &dyn Catalog,
    ) -> (Self, Vec<Unusable>) {
        let mut snapshot = Self { rules, ..Self::default() };
        let mut unusable = Vec::new();
        for dialogue in published {
            let id = dialogue.id;
            match compiled(dialogue, catalog, &mut snapshot.symbols) {
                Ok(dialogue) => snapshot.dialogues.push(dialogue),
                Err(errors) => unusable.push(Unusable { dialogue: id, errors }),
            }
        }
        snapshot.dialogues.sort_by_key(|d| (d.priority, d.created_at, d.id));
        snapshot.places = snapshot.dialogues.iter().enumerate().map(|(place, d)| (d.id, place)).collect();
        (snapshot, unusable)
    }

    /// What holds for the whole site.
    pub fn rules(&self) -> &SiteRules {
        &self.rules
    }
    /// The attributes that the audiences ask about; for [`criteria::Facts::prepare`].
    pub fn symbols(&self) -> &Symbols {
        &self.symbols
    }
    /// The dialogues, the first by priority first.
    pub fn dialogues(&self) -> &[CompiledDialogue] {
        &self.dialogues
    }
    /// One dialogue; `None` when it is not published.
    pub fn dialogue(&self, id: DialogueId) -> Option<&CompiledDialogue> {
        self.places.get(&id).and_then(|place| self.dialogues.get(*place))
    }
}

fn compiled(
    dialogue: Published,
    catalog: &dyn Catalog,
    symbols: &mut Symbols,
) -> Result<CompiledDialogue, Vec<CheckError>> {
    let Targeting { audience, pages, events, caps } = dialogue.targeting;
    Ok(CompiledDialogue {
        pages: pages.compile().map_err(|errors| within("/pages", errors))?,
        audience: compile(&audience, catalog, symbols).map_err(|errors| within("/audience", errors))?,
        id: dialogue.id,
        version: dialogue.version,
        created_at: dialogue.created_at,
        priority: dialogue.priority,
        enabled: dialogue.enabled,
        events,
        caps,
    })
}
