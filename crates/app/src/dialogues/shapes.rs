//! Dialogues as users see and send them.

use kernel::{DialogueId, SiteId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{DialogueContent, DialogueCounts, DialogueKind, Interface, Point, PublicationState};
use stream::{CardId, Script, Stream};
use targeting::Targeting;
use utoipa::ToSchema;

/// What an author edits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// The cards.
    #[schema(value_type = Object)]
    pub stream: Stream,
    /// Who, where, when.
    #[schema(value_type = Object)]
    pub targeting: Targeting,
    /// The visitor may change an earlier answer.
    pub allow_back: bool,
    /// The visitor may start again.
    pub allow_restart: bool,
    /// `auto` or a language tag.
    pub language: String,
    /// How a flow appears when its start says nothing else: `chatbot`, `popup` or `inline`.
    #[serde(default)]
    #[schema(value_type = String)]
    pub interface: Interface,
    /// Where authors put the cards on the canvas, by card id: `{"x": 0, "y": 0}`.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub layout: BTreeMap<CardId, Point>,
    /// Scripted conversations that must pass.
    #[serde(default)]
    #[schema(value_type = Vec<Object>)]
    pub tests: Vec<Script>,
}

impl From<DialogueContent> for Draft {
    fn from(content: DialogueContent) -> Self {
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
        Self { stream, targeting, allow_back, allow_restart, language, interface, layout, tests }
    }
}

impl From<Draft> for DialogueContent {
    fn from(draft: Draft) -> Self {
        let Draft { stream, targeting, allow_back, allow_restart, language, interface, layout, tests } =
            draft;
        Self { stream, targeting, allow_back, allow_restart, language, interface, layout, tests }
    }
}

/// Counted conversations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counts {
    /// Shown to somebody who qualified.
    pub triggered: u64,
    /// First answer given.
    pub engaged: u64,
    /// End of a branch reached.
    pub completed: u64,
    /// E-mail address given.
    pub acquired: u64,
    /// Goals reached, every time.
    pub goals: u64,
}

impl From<DialogueCounts> for Counts {
    fn from(counts: DialogueCounts) -> Self {
        let DialogueCounts { triggered, engaged, completed, acquired, goals } = counts;
        Self { triggered, engaged, completed, acquired, goals }
    }
}

/// A user by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Author {
    /// The user.
    #[schema(value_type = String)]
    pub id: UserId,
    /// The user's name; empty when the user is gone.
    pub name: String,
}

/// The published version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublishedView {
    /// 1, 2, 3…
    pub version: u32,
    /// When it was published.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// By whom; none for the command line and tokens.
    pub by: Option<Author>,
}

/// A dialogue in lists.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DialogueSummary {
    /// Its id.
    #[schema(value_type = String)]
    pub id: DialogueId,
    /// `dialogue` or `flow`.
    #[schema(value_type = String)]
    pub kind: DialogueKind,
    /// On which site.
    #[schema(value_type = String)]
    pub site_id: SiteId,
    /// Name for people.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// `draft`, `published` or `unpublished`.
    #[schema(value_type = String)]
    pub state: PublicationState,
    /// Off hides it without unpublishing.
    pub enabled: bool,
    /// 1 is highest.
    pub priority: u32,
    /// Rises with every change; send it as `If-Match`.
    pub draft_version: i64,
    /// The draft is not what is published.
    pub has_unpublished_changes: bool,
    /// The published version, also kept when unpublished.
    pub published: Option<PublishedView>,
    /// Of all time.
    pub counts: Counts,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Last change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: Option<Author>,
}

/// A dialogue with its draft.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DialogueView {
    /// What stands in lists too.
    #[serde(flatten)]
    pub summary: DialogueSummary,
    /// What is being edited.
    pub draft: Draft,
}

/// An immutable version.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionView {
    /// 1, 2, 3…
    pub version: u32,
    /// When it was published.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// By whom.
    pub by: Option<Author>,
}

/// An immutable version with its content.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionContent {
    /// What stands in the list too.
    #[serde(flatten)]
    pub version: VersionView,
    /// What was frozen.
    pub draft: Draft,
}

/// What makes a dialogue.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDialogue {
    /// On which site.
    #[schema(value_type = String)]
    pub site_id: SiteId,
    /// Name for people; 1 to 100 characters.
    pub name: String,
    /// Key of a template to start from.
    #[serde(default)]
    pub template: Option<String>,
}

/// Changes of a dialogue; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DialoguePatch {
    /// Name for people.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is for; at most 1,000 characters.
    #[serde(default)]
    pub description: Option<String>,
    /// 1 to 10,000; 1 is highest.
    #[serde(default)]
    pub priority: Option<u32>,
    /// Off hides it without unpublishing.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// The whole draft.
    #[serde(default)]
    pub draft: Option<Draft>,
}
