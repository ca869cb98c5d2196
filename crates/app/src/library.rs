//! What dialogues and flows share. Here: which of them uses what.

use crate::{App, AppError};
use jiff::SignedDuration;
use kernel::{DialogueId, DocumentId, Timestamp, text::fold};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use store::{
    DialogueFilter, DialogueKind, DialogueRecord, GoalRecord, PageRequest, Session, SiteScope, TimeRange,
};
use stream::Stream;
use utoipa::ToSchema;

/// The longest time of which figures are asked.
const MOST_DAYS: i64 = 800;

/// A dialogue or flow that uses something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LibraryUse)]
pub struct Use {
    /// Its id.
    #[schema(value_type = String)]
    pub id: DialogueId,
    /// Its name.
    pub name: String,
    /// `dialogue` or `flow`.
    #[schema(value_type = String)]
    pub kind: DialogueKind,
    /// The draft uses it.
    pub draft: bool,
    /// The published version uses it.
    pub published: bool,
}

/// Who uses what, at one moment.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    documents: HashMap<DocumentId, Vec<Use>>,
    /// By folded name.
    goals: HashMap<String, Vec<Use>>,
}

impl Uses {
    /// Looks through all drafts and all published versions.
    pub(crate) async fn read(session: &mut dyn Session) -> Result<Self, AppError> {
        let mut uses = Self::default();
        for record in all_dialogues(session).await? {
            uses.add(&record, &record.draft.stream, |found| found.draft = true);
        }
        for site in session.sites().await? {
            for live in session.published_dialogues(SiteScope::new(site.id)).await? {
                uses.add(&live.dialogue, &live.version.content.stream, |found| found.published = true);
            }
        }
        Ok(uses)
    }

    fn add(&mut self, of: &DialogueRecord, stream: &Stream, mark: impl Fn(&mut Use)) {
        for document in stream.documents() {
            mark(entry(self.documents.entry(document).or_default(), of));
        }
        for goal in stream.goals() {
            mark(entry(self.goals.entry(fold(goal.trim())).or_default(), of));
        }
    }

    /// Who uses a document.
    pub(crate) fn of_document(&self, id: DocumentId) -> &[Use] {
        self.documents.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Who uses a goal, by any of its names.
    pub(crate) fn of_goal(&self, goal: &GoalRecord) -> Vec<Use> {
        let mut all: Vec<Use> = Vec::new();
        let names: BTreeSet<String> = goal.names.iter().map(|name| fold(name.trim())).collect();
        for found in names.iter().filter_map(|name| self.goals.get(name)).flatten() {
            match all.iter_mut().find(|known| known.id == found.id) {
                Some(known) => {
                    known.draft |= found.draft;
                    known.published |= found.published;
                }
                None => all.push(found.clone()),
            }
        }
        all
    }
}

fn entry<'u>(uses: &'u mut Vec<Use>, of: &DialogueRecord) -> &'u mut Use {
    let place = uses.iter().position(|found| found.id == of.id).unwrap_or_else(|| {
        let (name, kind) = (of.name.clone(), of.kind);
        uses.push(Use { id: of.id, name, kind, draft: false, published: false });
        uses.len() - 1
    });
    &mut uses[place]
}

/// All dialogues and flows of all sites.
pub(crate) async fn all_dialogues(session: &mut dyn Session) -> Result<Vec<DialogueRecord>, AppError> {
    let mut page = PageRequest::first(200);
    let mut all = Vec::new();
    loop {
        let found = session.dialogues(&DialogueFilter::default(), &page).await?;
        all.extend(found.items);
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => return Ok(all),
        }
    }
}

/// The names in a sentence: `“A”, “B” and 3 more`.
pub(crate) fn named(uses: &[&Use]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = uses.iter().take(SHOWN).map(|found| format!("“{}”", found.name)).collect();
    match uses.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The time of which figures are asked; all time when nothing is said.
pub(crate) fn checked_range(
    app: &App,
    (from, to): (Option<Timestamp>, Option<Timestamp>),
) -> Result<TimeRange, AppError> {
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    let to = to.unwrap_or_else(|| app.now());
    let most = SignedDuration::from_hours(24 * MOST_DAYS);
    let from = from.unwrap_or(to - most);
    if from >= to || to.duration_since(from) > most {
        return Err(AppError::invalid("/from", "range", "must be before the end, by at most 800 days"));
    }
    Ok(Some((from, to)))
}
