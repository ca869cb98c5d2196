//! Which dialogue a page view gets (spec 03, *Resolution: the rules*).

use crate::{CapReached, CompiledDialogue, Mark, Page, Reason, SiteSnapshot, Stage, Trace, VisitorHistory};
use criteria::{Facts, Failure};
use kernel::{ConversationId, DialogueId, Timestamp, VersionId};
use serde::Serialize;

/// A page view that asks for its dialogue.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The visitor.
    pub visitor: &'a VisitorHistory,
    /// The page; `None` when its address cannot be read.
    pub page: Option<&'a Page>,
    /// The person, company and visit, prepared with the snapshot's [`SiteSnapshot::symbols`].
    pub facts: &'a Facts,
    /// The time of the view.
    pub now: Timestamp,
}

/// The answer to a page view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The engaged conversation goes on, at its own version and without any count (rule 1).
    Continue {
        /// The conversation.
        conversation: ConversationId,
        /// Its dialogue or flow.
        dialogue: DialogueId,
    },
    /// The dialogue is shown as soon as its events have come.
    Show(Show),
    /// Nothing.
    Nothing,
}

/// A resolved dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Show {
    /// The dialogue.
    pub dialogue: DialogueId,
    /// Its newest published version.
    pub version: VersionId,
    /// The conversation whose trigger has been counted already: it is shown again, without a second count (rule 3).
    /// `None`: a new conversation is triggered when the events come.
    pub conversation: Option<ConversationId>,
    /// The visitor has met the events before, or there are none: it shows at once.
    pub met_before: bool,
    /// The visitor closed this conversation: the panel stays closed.
    pub dismissed: bool,
    /// It may poke: not dismissed, and the site's pause between pokes is over.
    pub may_poke: bool,
}

/// Why a dialogue is shown or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The visitor gets it.
    Shown,
    /// Chat is off for the site (rule 9).
    ChatOff,
    /// Another conversation is engaged and goes on (rule 1).
    ConversationGoesOn,
    /// Its switch is off.
    Disabled,
    /// The visitor has completed it (rule 2).
    Completed,
    /// The page is none of its target pages.
    Page {
        /// In which way.
        reason: Reason,
        /// The exclusion that decides.
        decided_by: Option<String>,
    },
    /// The visitor is not in its audience.
    Audience(Failure),
    /// A cap forbids it.
    Cap(CapReached),
    /// It matches, but this one comes first by priority.
    Displaced {
        /// The dialogue that the visitor gets.
        by: DialogueId,
    },
}

/// Why a dialogue is no candidate, as small as it can be said: places instead of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Obstacle {
    /// Its switch is off.
    Disabled,
    /// The visitor has completed it (rule 2).
    Completed,
    /// The page is none of its target pages.
    Page,
    /// The exclusion at this place of [`crate::PageRules::exclusions`] matches.
    Excluded(u32),
    /// The condition with this number of [`criteria::Compiled::conditions`] fails first.
    Audience(u32),
    /// A cap forbids it.
    Cap(CapReached),
}

/// The answer with the verdict on every published dialogue, in order of priority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// The answer; the same as [`resolve()`] gives.
    pub outcome: Outcome,
    /// The verdicts.
    pub trace: Vec<(DialogueId, Verdict)>,
}

/// Decides a page view. Stops at the first dialogue that matches and allocates nothing.
pub fn resolve(snapshot: &SiteSnapshot, view: &View<'_>) -> Outcome {
    if !snapshot.rules().chat_enabled {
        return Outcome::Nothing;
    }
    if let Some(mark) = going_on(snapshot, view) {
        return Outcome::Continue { conversation: mark.conversation, dialogue: mark.dialogue };
    }
    let first = snapshot.dialogues().iter().find(|dialogue| is_candidate(dialogue, view));
    first.map_or(Outcome::Nothing, |dialogue| Outcome::Show(shown(snapshot, dialogue, view)))
}

/// Decides a page view as [`resolve()`] does, and leaves a trace of every verdict that costs little to make and to keep.
pub fn decide(snapshot: &SiteSnapshot, view: &View<'_>) -> (Outcome, Trace) {
    if !snapshot.rules().chat_enabled {
        return (Outcome::Nothing, Trace::chat_off(snapshot));
    }
    if let Some(mark) = going_on(snapshot, view) {
        let outcome = Outcome::Continue { conversation: mark.conversation, dialogue: mark.dialogue };
        return (outcome, Trace::goes_on(snapshot));
    }
    let mut trace = Trace::default();
    let mut first = None;
    for dialogue in snapshot.dialogues() {
        let obstacle = dialogue.obstacle(view);
        trace.add(obstacle, first.is_none(), &dialogue.audience, view.facts);
        if obstacle.is_none() && first.is_none() {
            first = Some(dialogue);
        }
    }
    trace.end();
    let outcome = first.map_or(Outcome::Nothing, |dialogue| Outcome::Show(shown(snapshot, dialogue, view)));
    (outcome, trace)
}

/// Decides a page view and says of every dialogue why, in words (spec 03, *Explain*).
pub fn explain(snapshot: &SiteSnapshot, view: &View<'_>) -> Resolution {
    let outcome = resolve(snapshot, view);
    let verdict = |dialogue: &CompiledDialogue| {
        let obstacle = || dialogue.obstacle(view).map(|obstacle| in_words(obstacle, dialogue, view));
        let verdict = match outcome {
            Outcome::Nothing if !snapshot.rules().chat_enabled => Verdict::ChatOff,
            Outcome::Continue { .. } => Verdict::ConversationGoesOn,
            Outcome::Show(show) if show.dialogue == dialogue.id => Verdict::Shown,
            Outcome::Show(show) => obstacle().unwrap_or(Verdict::Displaced { by: show.dialogue }),
            Outcome::Nothing => obstacle().unwrap_or(Verdict::Shown),
        };
        (dialogue.id, verdict)
    };
    Resolution { outcome, trace: snapshot.dialogues().iter().map(verdict).collect() }
}

fn in_words(obstacle: Obstacle, dialogue: &CompiledDialogue, view: &View<'_>) -> Verdict {
    match obstacle {
        Obstacle::Disabled => Verdict::Disabled,
        Obstacle::Completed => Verdict::Completed,
        Obstacle::Page | Obstacle::Excluded(_) => {
            let page = dialogue.pages.decide(view.page);
            Verdict::Page { reason: page.reason, decided_by: page.decided_by.map(str::to_owned) }
        }
        Obstacle::Audience(_) => {
            let failure = dialogue.audience.explain(view.facts).first_failure;
            failure.map_or(Verdict::Shown, Verdict::Audience)
        }
        Obstacle::Cap(cap) => Verdict::Cap(cap),
    }
}

/// Rule 1: the engaged conversation that is neither completed nor dropped; of several the one answered last.
fn going_on<'v>(snapshot: &SiteSnapshot, view: &View<'v>) -> Option<&'v Mark> {
    let open = |mark: &&Mark| mark.is_open(view.now, snapshot.rules().drop_after);
    view.visitor.marks.iter().filter(open).max_by_key(|mark| mark.last_input())
}

/// Rule 2, the cheap questions first.
fn is_candidate(dialogue: &CompiledDialogue, view: &View<'_>) -> bool {
    dialogue.enabled
        && dialogue.pages.decide(view.page).matches
        && !has_completed(dialogue, view)
        && cap(dialogue, view).is_none()
        && dialogue.audience.holds(view.facts)
}

impl CompiledDialogue {
    /// The same questions, in the order in which a person asks them, with the first that fails. Does not allocate.
    pub fn obstacle(&self, view: &View<'_>) -> Option<Obstacle> {
        if !self.enabled {
            return Some(Obstacle::Disabled);
        }
        if has_completed(self, view) {
            return Some(Obstacle::Completed);
        }
        self.page_obstacle(view.page)
            .or_else(|| self.audience_obstacle(view))
            .or_else(|| cap(self, view).map(Obstacle::Cap))
    }

    /// What stands against a page.
    pub fn page_obstacle(&self, page: Option<&Page>) -> Option<Obstacle> {
        let Some(page) = page else { return Some(Obstacle::Page) };
        match self.pages.excluding(page) {
            Some(place) => Some(Obstacle::Excluded(u32::try_from(place).unwrap_or(u32::MAX))),
            None => (!self.pages.includes(page)).then_some(Obstacle::Page),
        }
    }

    fn audience_obstacle(&self, view: &View<'_>) -> Option<Obstacle> {
        if self.audience.holds(view.facts) {
            return None;
        }
        self.audience.first_failing(view.facts).map(Obstacle::Audience)
    }
}

fn has_completed(dialogue: &CompiledDialogue, view: &View<'_>) -> bool {
    view.visitor.of(dialogue.id).any(|mark| mark.stage == Stage::Completed)
}

fn cap(dialogue: &CompiledDialogue, view: &View<'_>) -> Option<CapReached> {
    let visitor = view.visitor;
    dialogue.caps.reached(dialogue.id, visitor.visitor, visitor.of(dialogue.id), view.now)
}

/// Rules 3 and 6: the triggered conversation is shown again; a dropped one is not taken up, a new one begins.
fn shown(snapshot: &SiteSnapshot, dialogue: &CompiledDialogue, view: &View<'_>) -> Show {
    let visitor = view.visitor;
    let triggered = visitor.of(dialogue.id).filter(|mark| mark.stage == Stage::Triggered);
    let again = triggered.max_by_key(|mark| mark.triggered_at);
    let dismissed = again.is_some_and(|mark| mark.dismissed_at.is_some());
    let poked_lately =
        visitor.last_poke_at.is_some_and(|at| view.now.duration_since(at) < snapshot.rules().poke_pause);
    Show {
        dialogue: dialogue.id,
        version: dialogue.version,
        conversation: again.map(|mark| mark.conversation),
        met_before: dialogue.events.is_immediate() || visitor.of(dialogue.id).next().is_some(),
        dismissed,
        may_poke: !dismissed && !poked_lately,
    }
}
