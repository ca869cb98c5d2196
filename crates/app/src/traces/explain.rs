//! The page views of a person or of a dialogue, and the verdicts on one of them (spec 03, *Explain*).

use super::{
    Described, Kept,
    words::{self, Explained, VerdictKind},
};
use crate::{
    App, AppError,
    conversations::console::{PersonName, SiteName},
    dialogues::Handle,
};
use kernel::{ConversationId, Cursor, DecisionSnapshotId, DialogueId, PageViewId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use store::{DialogueFilter, DialogueKind, Page, PageRequest, SeenPage, Session, SiteScope};
use utoipa::ToSchema;

/// Page views looked at for one page of a dialogue's list.
const MOST_LOOKED_AT: usize = 2_000;
/// Page views read at once.
const AT_ONCE: u32 = 200;

/// What a page view got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// A dialogue, shown as soon as its events came.
    Show,
    /// An engaged conversation went on.
    Continue,
    /// Nothing.
    Nothing,
    /// Nothing, because chat was off.
    ChatOff,
    /// It was recorded without a trace.
    Unknown,
}

/// A dialogue or flow by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Got {
    /// Its id.
    #[schema(value_type = String)]
    pub id: DialogueId,
    /// Its name.
    pub name: String,
}

/// What a page view got, with what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutcomeView {
    /// What.
    pub kind: OutcomeKind,
    /// The dialogue, or the dialogue or flow of the conversation.
    pub dialogue: Option<Got>,
    /// The conversation that went on.
    #[schema(value_type = Option<String>)]
    pub conversation_id: Option<ConversationId>,
}

/// A recorded page view.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PageViewSummary {
    /// Its id.
    #[schema(value_type = String)]
    pub id: PageViewId,
    /// Address without fragment.
    pub url: String,
    /// Title of the page.
    pub title: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// On which site.
    pub site: SiteName,
    /// What it got.
    pub outcome: OutcomeView,
}

/// A page view with the verdict on every dialogue of its site.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PageViewExplanation {
    /// What stands in lists too.
    #[serde(flatten)]
    pub view: PageViewSummary,
    /// Whose visitor it was; the person of the visitor now.
    pub person: PersonName,
    /// The verdicts, the highest priority first; then dialogues that were not published. Empty when the page view was
    /// recorded without a trace.
    pub dialogues: Vec<Explained>,
}

/// A page view with the verdict on one dialogue.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DialoguePageView {
    /// What stands in lists too.
    #[serde(flatten)]
    pub view: PageViewSummary,
    /// Whose visitor it was.
    pub person: PersonName,
    /// The verdict.
    pub verdict: VerdictKind,
    /// Why, for people.
    pub reason: String,
}

/// Which page views of a dialogue's site are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Those of its target pages.
    #[default]
    TargetPages,
    /// Those that got it.
    Shown,
    /// Those of its target pages that did not get it.
    NotShown,
    /// All.
    All,
}

impl Wanted {
    const fn takes(self, verdict: VerdictKind) -> bool {
        match self {
            Self::All => true,
            Self::TargetPages => verdict.is_on_target_page(),
            Self::Shown => matches!(verdict, VerdictKind::Shown),
            Self::NotShown => verdict.is_on_target_page() && !matches!(verdict, VerdictKind::Shown),
        }
    }
}

/// Page views of a person, newest first.
pub async fn of_person(
    app: &App,
    person: PersonId,
    page: &PageRequest,
) -> Result<Page<PageViewSummary>, AppError> {
    let mut session = app.store().read().await?;
    let person = session.person(person).await?.ok_or(AppError::NotFound("person"))?;
    let found = session.page_views_of_person(person.id, page).await?;
    let reader = Reader::of(app, &mut *session, &found.items).await?;
    Ok(Page { items: found.items.iter().map(|seen| reader.summary(seen)).collect(), next: found.next })
}

/// Page views of a dialogue's site with the verdict on the dialogue, newest first. A page may be short, or empty, when
/// none was found among those looked at; it still tells where to go on.
pub async fn of_dialogue(
    app: &App,
    id: DialogueId,
    wanted: Wanted,
    page: &PageRequest,
) -> Result<Page<DialoguePageView>, AppError> {
    let mut session = app.store().read().await?;
    let record = Handle::from(id).find(&mut *session).await?;
    let scope = SiteScope::new(record.site_id);
    let size = page.limit.clamp(1, AT_ONCE) as usize;
    let mut items = Vec::new();
    let mut next = page.cursor.clone();
    let mut looked_at = 0;
    loop {
        let request = PageRequest { limit: AT_ONCE, cursor: next };
        let found = session.page_views_of_site(scope, &request).await?;
        let reader = Reader::of(app, &mut *session, &found.items).await?;
        for (place, seen) in found.items.iter().enumerate() {
            items.extend(reader.verdict_on(id, seen).filter(|view| wanted.takes(view.verdict)));
            if items.len() == size {
                let more = place + 1 < found.items.len() || found.next.is_some();
                return Ok(Page { items, next: more.then(|| seen.view.cursor()) });
            }
        }
        looked_at += found.items.len();
        next = found.next;
        if next.is_none() || looked_at >= MOST_LOOKED_AT {
            return Ok(Page { items, next });
        }
    }
}

/// The verdict on every dialogue for a page view.
pub async fn explanation(app: &App, id: PageViewId) -> Result<PageViewExplanation, AppError> {
    let mut session = app.store().read().await?;
    let seen = session.page_view(id).await?.ok_or(AppError::NotFound("page view"))?;
    let reader = Reader::of(app, &mut *session, std::slice::from_ref(&seen)).await?;
    let mut dialogues = reader.verdicts(&seen).unwrap_or_default();
    if reader.kept(&seen).is_some() {
        let known: HashSet<DialogueId> = dialogues.iter().map(|explained| explained.id).collect();
        dialogues.extend(unpublished(&mut *session, &seen, &known).await?);
    }
    Ok(PageViewExplanation { view: reader.summary(&seen), person: person_name(&seen), dialogues })
}

/// Dialogues that existed then and were not published.
async fn unpublished(
    session: &mut dyn Session,
    seen: &SeenPage,
    known: &HashSet<DialogueId>,
) -> Result<Vec<Explained>, AppError> {
    let filter = DialogueFilter {
        site: Some(seen.site.site()),
        kind: Some(DialogueKind::Dialogue),
        ..DialogueFilter::default()
    };
    let mut explained = Vec::new();
    let mut cursor: Option<Cursor> = None;
    loop {
        let page = session.dialogues(&filter, &PageRequest { limit: AT_ONCE, cursor }).await?;
        let then = page.items.into_iter().filter(|record| record.created_at <= seen.view.at);
        let absent = then.filter(|record| !known.contains(&record.id));
        explained.extend(absent.map(|record| Explained::not_published(record.id, record.name)));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(explained);
        }
    }
}

fn person_name(seen: &SeenPage) -> PersonName {
    PersonName { id: seen.person_id, full_name: seen.person_name.clone(), email: seen.person_email.clone() }
}

/// What is needed to read the traces of some page views.
struct Reader {
    snapshots: HashMap<DecisionSnapshotId, Vec<Described>>,
    sites: HashMap<kernel::SiteId, String>,
    conversations: HashMap<ConversationId, Got>,
}

impl Reader {
    async fn of(app: &App, session: &mut dyn Session, seen: &[SeenPage]) -> Result<Self, AppError> {
        let kept: Vec<Kept> = seen.iter().filter_map(|seen| Kept::read(&seen.view.trace)).collect();
        let ids: HashSet<DecisionSnapshotId> = kept.iter().map(|kept| kept.snapshot).collect();
        let ids: Vec<DecisionSnapshotId> = ids.into_iter().collect();
        let stored = session.decision_snapshots(&ids).await?;
        let described = |snapshot: store::DecisionSnapshot| {
            Some((snapshot.id, serde_json::from_value(snapshot.dialogues).ok()?))
        };
        let configuration = app.snapshot();
        let name = |seen: &SeenPage| {
            let site = configuration.site(seen.site.site())?;
            Some((site.id(), site.record.name.clone()))
        };
        let mut conversations = HashMap::new();
        for id in kept.iter().filter_map(|kept| kept.conversation) {
            if !conversations.contains_key(&id)
                && let Some(row) = session.conversation(id).await?
            {
                conversations.insert(id, Got { id: row.conversation.dialogue_id, name: row.dialogue_name });
            }
        }
        Ok(Self {
            snapshots: stored.into_iter().filter_map(described).collect(),
            sites: seen.iter().filter_map(name).collect(),
            conversations,
        })
    }

    /// The trace with the dialogues that it speaks of.
    fn kept(&self, seen: &SeenPage) -> Option<(Kept, &[Described])> {
        let kept = Kept::read(&seen.view.trace)?;
        let dialogues = self.snapshots.get(&kept.snapshot)?;
        Some((kept, dialogues))
    }

    fn verdicts(&self, seen: &SeenPage) -> Option<Vec<Explained>> {
        let (kept, dialogues) = self.kept(seen)?;
        words::read(&kept, dialogues)
    }

    fn verdict_on(&self, id: DialogueId, seen: &SeenPage) -> Option<DialoguePageView> {
        let verdicts = self.verdicts(seen)?;
        let found = verdicts.into_iter().find(|explained| explained.id == id);
        let Explained { verdict, reason, .. } =
            found.unwrap_or_else(|| Explained::not_published(id, String::new()));
        Some(DialoguePageView { view: self.summary(seen), person: person_name(seen), verdict, reason })
    }

    fn summary(&self, seen: &SeenPage) -> PageViewSummary {
        let site = seen.site.site();
        PageViewSummary {
            id: seen.view.id,
            url: seen.view.url.clone(),
            title: seen.view.title.clone(),
            at: seen.view.at,
            site: SiteName { id: site, name: self.sites.get(&site).cloned().unwrap_or_default() },
            outcome: self.outcome(seen),
        }
    }

    fn outcome(&self, seen: &SeenPage) -> OutcomeView {
        let plain = |kind| OutcomeView { kind, dialogue: None, conversation_id: None };
        let Some((kept, _)) = self.kept(seen) else { return plain(OutcomeKind::Unknown) };
        if let Some(id) = kept.conversation {
            let dialogue = self.conversations.get(&id).cloned();
            return OutcomeView { kind: OutcomeKind::Continue, dialogue, conversation_id: Some(id) };
        }
        let verdicts = self.verdicts(seen).unwrap_or_default();
        match verdicts.iter().find(|explained| explained.verdict == VerdictKind::Shown) {
            Some(shown) => OutcomeView {
                kind: OutcomeKind::Show,
                dialogue: Some(Got { id: shown.id, name: shown.name.clone() }),
                conversation_id: None,
            },
            None if verdicts.first().is_some_and(|one| one.verdict == VerdictKind::ChatOff) => {
                plain(OutcomeKind::ChatOff)
            }
            None => plain(OutcomeKind::Nothing),
        }
    }
}
