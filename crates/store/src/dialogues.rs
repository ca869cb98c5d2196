//! Dialogues, their drafts and immutable published versions. Flows live in the same tables with another kind.

use crate::{Page, PageRequest, SiteScope, StoreError};
use async_trait::async_trait;
use kernel::{DialogueId, SiteId, Timestamp, UserId, VersionId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
pub use stream::Interface;
use stream::{CardId, Script, Stream};
use targeting::Targeting;

/// Dialogue or conversational flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DialogueKind {
    /// Shown to visitors who meet its audience on its target pages.
    Dialogue,
    /// Started by an action.
    Flow,
}

/// Whether visitors can meet it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicationState {
    /// Never published.
    Draft,
    /// Live.
    Published,
    /// Was live.
    Unpublished,
}

/// What an author edits and a version freezes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DialogueContent {
    /// The cards.
    pub stream: Stream,
    /// Who, where, when.
    pub targeting: Targeting,
    /// The visitor may change an earlier answer.
    pub allow_back: bool,
    /// The visitor may start again.
    pub allow_restart: bool,
    /// `auto` or a language tag.
    pub language: String,
    /// How a flow appears when its start says nothing else.
    #[serde(default)]
    pub interface: Interface,
    /// Where authors put the cards on the canvas, by card id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub layout: BTreeMap<CardId, Point>,
    /// Scripted conversations that must pass.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<Script>,
}

/// A place on the canvas, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A dialogue with its draft.
#[derive(Debug, Clone, PartialEq)]
pub struct DialogueRecord {
    /// Stable id.
    pub id: DialogueId,
    /// Its site.
    pub site_id: SiteId,
    /// Dialogue or flow.
    pub kind: DialogueKind,
    /// Name for people.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// 1 is highest.
    pub priority: u32,
    /// False hides it without unpublishing.
    pub enabled: bool,
    /// Whether visitors can meet it.
    pub state: PublicationState,
    /// What is being edited.
    pub draft: DialogueContent,
    /// Rises with every change of the draft; compared on update.
    pub draft_version: i64,
    /// The published version, also kept when unpublished.
    pub published: Option<PublishedRef>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: Option<UserId>,
}

/// Which version is the published one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedRef {
    /// The version.
    pub version_id: VersionId,
    /// 1, 2, 3…
    pub number: u32,
    /// The draft version from which it was made.
    pub draft_version: i64,
    /// When it was published.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<UserId>,
}

/// An immutable version.
#[derive(Debug, Clone, PartialEq)]
pub struct DialogueVersion {
    /// Stable id; conversations are pinned to it.
    pub id: VersionId,
    /// Of which dialogue.
    pub dialogue_id: DialogueId,
    /// 1, 2, 3…
    pub number: u32,
    /// Name at the time.
    pub name: String,
    /// What was frozen.
    pub content: DialogueContent,
    /// The draft version from which it was made.
    pub draft_version: i64,
    /// When it was published.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
}

/// A published dialogue as the targeting snapshot needs it.
#[derive(Debug, Clone)]
pub struct PublishedDialogue {
    /// The dialogue (its draft is not used).
    pub dialogue: DialogueRecord,
    /// The live version.
    pub version: DialogueVersion,
}

/// Which dialogues a list shows.
#[derive(Debug, Clone, Default)]
pub struct DialogueFilter {
    /// Of one site.
    pub site: Option<SiteId>,
    /// In one state.
    pub state: Option<PublicationState>,
    /// Dialogues or flows.
    pub kind: Option<DialogueKind>,
    /// Name contains (without case).
    pub query: Option<String>,
}

/// Counted conversations of a dialogue (spec 11): each at most one of a kind per conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DialogueCounts {
    /// Shown to somebody who qualified, guests without stored identity included.
    pub triggered: u64,
    /// First answer given.
    pub engaged: u64,
    /// End of a branch reached.
    pub completed: u64,
    /// E-mail address given.
    pub acquired: u64,
    /// Goals reached (every time).
    pub goals: u64,
}

/// Reading dialogues.
#[async_trait]
pub trait DialogueReads {
    /// One dialogue.
    async fn dialogue(&mut self, id: DialogueId) -> Result<Option<DialogueRecord>, StoreError>;
    /// Dialogues by priority, then age.
    async fn dialogues(
        &mut self,
        filter: &DialogueFilter,
        page: &PageRequest,
    ) -> Result<Page<DialogueRecord>, StoreError>;
    /// Everything that is live on a site, by priority, then age.
    async fn published_dialogues(&mut self, site: SiteScope) -> Result<Vec<PublishedDialogue>, StoreError>;
    /// One version.
    async fn version(&mut self, id: VersionId) -> Result<Option<DialogueVersion>, StoreError>;
    /// All versions of a dialogue, newest first.
    async fn versions(&mut self, id: DialogueId) -> Result<Vec<DialogueVersion>, StoreError>;
    /// Counts of many dialogues at once, for conversations triggered/engaged/… in `[from, to)`; all time when `None`.
    /// Each figure is counted by its own time. Dialogues without any are absent.
    async fn dialogue_counts(
        &mut self,
        ids: &[DialogueId],
        range: Option<(Timestamp, Timestamp)>,
    ) -> Result<Vec<(DialogueId, DialogueCounts)>, StoreError>;
}

/// Writing dialogues.
#[async_trait]
pub trait DialogueWrites {
    /// Adds a dialogue.
    async fn insert_dialogue(&mut self, dialogue: &DialogueRecord) -> Result<(), StoreError>;
    /// Replaces everything but id, site, kind and `created_at`; `draft_version` is the one that was read, the stored one
    /// becomes one more. `Stale` when somebody else was first.
    async fn update_dialogue(&mut self, dialogue: &DialogueRecord) -> Result<(), StoreError>;
    /// Stores a version and makes it the live one (`published`, state *published*) without raising the draft version.
    async fn publish_version(&mut self, version: &DialogueVersion) -> Result<(), StoreError>;
    /// Sets the publication state.
    async fn set_dialogue_state(
        &mut self,
        id: DialogueId,
        state: PublicationState,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Removes a dialogue with its versions and conversations; activities stay.
    async fn delete_dialogue(&mut self, id: DialogueId) -> Result<(), StoreError>;
}
