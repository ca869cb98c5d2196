//! Verdicts in words.

use super::{Described, Kept};
use kernel::DialogueId;
use serde::{Deserialize, Serialize};
use targeting::{CapReached, Obstacle, Trace, Traced};
use utoipa::ToSchema;

/// What a page view meant for a dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerdictKind {
    /// The visitor got it.
    Shown,
    /// A conversation that was engaged went on.
    ConversationGoesOn,
    /// Chat was off for the site.
    ChatOff,
    /// It was not published then.
    NotPublished,
    /// Its switch was off.
    Disabled,
    /// The visitor had completed it.
    Completed,
    /// The page is none of its target pages.
    OtherPage,
    /// The page is excluded.
    ExcludedPage,
    /// The visitor was not in its audience.
    Audience,
    /// The visitor is not in the share of visitors.
    Share,
    /// It had been shown as often as allowed.
    ShownOften,
    /// The visitor had closed it, and it paused.
    Paused,
    /// Another one came first by priority.
    Outranked,
}

impl VerdictKind {
    /// The page was one of the dialogue's.
    pub(crate) const fn is_on_target_page(self) -> bool {
        !matches!(self, Self::OtherPage | Self::ExcludedPage | Self::NotPublished)
    }
}

/// A verdict with its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Explained {
    /// The dialogue.
    #[schema(value_type = String)]
    pub id: DialogueId,
    /// Its name at that time.
    pub name: String,
    /// The number of its version; none when it was not published.
    pub version: Option<u32>,
    /// The verdict.
    pub verdict: VerdictKind,
    /// Why, for people: `company.size greater than 50 → is empty`.
    pub reason: String,
}

impl Explained {
    pub(crate) fn not_published(id: DialogueId, name: String) -> Self {
        let reason = "It was not published at that time.".to_owned();
        Self { id, name, version: None, verdict: VerdictKind::NotPublished, reason }
    }
}

/// The verdicts of a trace, in the order of the snapshot; none when the two do not fit together.
pub(crate) fn read(kept: &Kept, dialogues: &[Described]) -> Option<Vec<Explained>> {
    let traced = Trace::read(&kept.verdicts)?;
    if traced.len() != dialogues.len() {
        return None;
    }
    let shown = traced.iter().position(|verdict| *verdict == Traced::Shown);
    let first = shown.and_then(|place| dialogues.get(place)).map(|dialogue| dialogue.name.as_str());
    let explained = |(dialogue, traced): (&Described, Traced)| {
        let (verdict, reason) = in_words(traced, dialogue, kept, first);
        Explained {
            id: dialogue.id,
            name: dialogue.name.clone(),
            version: Some(dialogue.version),
            verdict,
            reason,
        }
    };
    Some(dialogues.iter().zip(traced).map(explained).collect())
}

fn in_words(traced: Traced, dialogue: &Described, kept: &Kept, first: Option<&str>) -> (VerdictKind, String) {
    let (verdict, reason) = match traced {
        Traced::Shown if dialogue.waits => {
            (VerdictKind::Shown, "The first by priority that matched; shown as soon as its events came.")
        }
        Traced::Shown => (VerdictKind::Shown, "The first by priority that matched."),
        Traced::ChatOff => (VerdictKind::ChatOff, "Chat was off for the site."),
        Traced::GoesOn => (VerdictKind::ConversationGoesOn, "A conversation that was engaged went on."),
        Traced::Outranked => {
            let first = first.unwrap_or("Another dialogue");
            return (VerdictKind::Outranked, format!("{first} came first by priority."));
        }
        Traced::Kept(obstacle) => return of_obstacle(obstacle, dialogue, kept),
    };
    (verdict, reason.to_owned())
}

fn of_obstacle(obstacle: Obstacle, dialogue: &Described, kept: &Kept) -> (VerdictKind, String) {
    let (verdict, reason) = match obstacle {
        Obstacle::Disabled => (VerdictKind::Disabled, "It was switched off."),
        Obstacle::Completed => (VerdictKind::Completed, "The visitor had completed it before."),
        Obstacle::Page => (VerdictKind::OtherPage, "The page is none of its target pages."),
        Obstacle::Excluded(place) => {
            let pattern = dialogue.exclude.get(place as usize).map_or("one of its patterns", String::as_str);
            return (VerdictKind::ExcludedPage, format!("The page is excluded by {pattern}."));
        }
        Obstacle::Audience(number) => return (VerdictKind::Audience, condition(number, dialogue, kept)),
        Obstacle::Cap(CapReached::Share) => {
            (VerdictKind::Share, "The visitor is not in the share of visitors who may see it.")
        }
        Obstacle::Cap(CapReached::PerVisitor) => {
            (VerdictKind::ShownOften, "It had been shown to the visitor as often as its cap allows.")
        }
        Obstacle::Cap(CapReached::PauseAfterDismissal) => {
            (VerdictKind::Paused, "The visitor had closed it, and its pause was not over.")
        }
    };
    (verdict, reason.to_owned())
}

fn condition(number: u32, dialogue: &Described, kept: &Kept) -> String {
    let Some((words, slot)) = dialogue.conditions.get(number as usize) else {
        return "A condition of its audience failed.".to_owned();
    };
    let fact = slot.and_then(|slot| kept.facts.get(&slot));
    criteria::sentence(words, fact.map(String::as_str))
}
