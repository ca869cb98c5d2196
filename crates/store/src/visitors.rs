//! Visitors, visits, page views, and the marks of guests about whom nothing may be stored in the browser.

use crate::{Page, PageRequest, SiteScope, StoreError};
use async_trait::async_trait;
use kernel::{
    ConversationId, DialogueId, ListId, PageViewId, PersonId, Timestamp, VersionId, VisitId, VisitorId,
};
use people::{Company, Person, Rung};
use serde_json::Value as Json;
use std::sync::Arc;

/// One browser on one site.
#[derive(Debug, Clone, PartialEq)]
pub struct Visitor {
    /// Stable id.
    pub id: VisitorId,
    /// SHA-256 of the token that the browser holds; unique.
    pub token_hash: [u8; 32],
    /// Whom it is associated with now.
    pub person_id: PersonId,
    /// How that association is known.
    pub rung: Rung,
    /// Language of the browser.
    pub language: Option<String>,
    /// Last dismissal of a panel or poke.
    pub dismissed_at: Option<Timestamp>,
    /// First seen.
    pub created_at: Timestamp,
    /// Last seen.
    pub last_seen_at: Timestamp,
    /// Set when the token was revoked (logout, withdrawal): such a token is never accepted again.
    pub revoked_at: Option<Timestamp>,
}

/// Page views of a visitor without a pause of 30 minutes (spec 03, Events).
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// Stable id.
    pub id: VisitId,
    /// Whose.
    pub visitor_id: VisitorId,
    /// 1 for the first visit of the visitor.
    pub number: u32,
    /// First page view.
    pub started_at: Timestamp,
    /// Last sign of life.
    pub last_at: Timestamp,
    /// Page views so far.
    pub pages: u32,
    /// Milliseconds for which pages were visible.
    pub visible_ms: u64,
    /// The same by dialogue: only its target pages (spec 03: time on page adds up over the stays).
    pub dialogue_ms: Vec<(DialogueId, u64)>,
    /// `visit.*` and `inferred.*` attributes taken at the first page view (bare names with prefix).
    pub attributes: Json,
}

/// One recorded page view with its decision trace.
#[derive(Debug, Clone, PartialEq)]
pub struct PageViewRecord {
    /// Made by the loader; the same id is recorded once.
    pub id: PageViewId,
    /// In which visit.
    pub visit_id: VisitId,
    /// By whom.
    pub visitor_id: VisitorId,
    /// Address without fragment.
    pub url: String,
    /// Title of the page.
    pub title: String,
    /// When.
    pub at: Timestamp,
    /// Compact decision trace.
    pub trace: Json,
}

/// What one batch of page views writes: new visitors with their anonymous people first, then visits, then views.
#[derive(Debug, Clone, Default)]
pub struct PageViewBatch {
    /// Visitors to be added if they are not there (by id), each with its new anonymous person.
    pub new_visitors: Vec<(SiteScope, Visitor, Person)>,
    /// Visits to be added or replaced by id (their `dialogue_ms`/`visible_ms` keep the larger value).
    pub visits: Vec<(SiteScope, Arc<Visit>)>,
    /// Views to be added; known ids are skipped.
    pub views: Vec<(SiteScope, PageViewRecord)>,
}

/// What a conversation means for targeting.
#[derive(Debug, Clone, PartialEq)]
pub struct ConversationMark {
    /// The conversation.
    pub id: ConversationId,
    /// Of which dialogue or flow.
    pub dialogue_id: DialogueId,
    /// At which version.
    pub version_id: VersionId,
    /// Shown first.
    pub triggered_at: Timestamp,
    /// First answer.
    pub engaged_at: Option<Timestamp>,
    /// End reached.
    pub completed_at: Option<Timestamp>,
    /// Given up.
    pub dropped_at: Option<Timestamp>,
    /// Last closed by the visitor.
    pub dismissed_at: Option<Timestamp>,
    /// Last sign of the visitor in it.
    pub last_visitor_at: Timestamp,
    /// When it was shown (newest last, at most 50 kept).
    pub shown_at: Vec<Timestamp>,
}

/// Everything that a decision about a visitor needs, in one read.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitorProfile {
    /// The browser.
    pub visitor: Visitor,
    /// The person.
    pub person: Person,
    /// The person's company.
    pub company: Option<Company>,
    /// The latest visit.
    pub visit: Option<Visit>,
    /// All conversations of the visitor on this site, oldest first.
    pub conversations: Vec<ConversationMark>,
    /// Lists of which the person is a member.
    pub lists: Vec<ListId>,
}

/// What is remembered of somebody without stored identity: by a keyed hash that changes daily (spec 02, consent mode *interaction*).
#[derive(Debug, Clone, PartialEq)]
pub struct GuestMark {
    /// Keyed hash of site, address and browser.
    pub hash: [u8; 32],
    /// What was shown.
    pub dialogue_id: DialogueId,
    /// When its trigger was counted; `None` when only time was collected.
    pub shown_at: Option<Timestamp>,
    /// Dismissed.
    pub dismissed_at: Option<Timestamp>,
    /// Milliseconds on its target pages.
    pub visible_ms: u64,
    /// A visitor was made of the guest: the conversation's own trigger counts instead.
    pub converted: bool,
    /// First remembered.
    pub created_at: Timestamp,
}

/// Reading visitors.
#[async_trait]
pub trait VisitorReads {
    /// The profile for a token on a site; `None` for an unknown, foreign or revoked token.
    async fn visitor_profile(
        &mut self,
        site: SiteScope,
        token_hash: &[u8; 32],
    ) -> Result<Option<VisitorProfile>, StoreError>;
    /// True when this token was revoked (so that it must not be taken for a new one).
    async fn token_revoked(&mut self, site: SiteScope, token_hash: &[u8; 32]) -> Result<bool, StoreError>;
    /// Marks of a guest on a site.
    async fn guest_marks(&mut self, site: SiteScope, hash: &[u8; 32]) -> Result<Vec<GuestMark>, StoreError>;
    /// Visitors of a person, newest first, with the site of each.
    async fn visitors_of(&mut self, person: PersonId) -> Result<Vec<(SiteScope, Visitor)>, StoreError>;
    /// Page views of a visitor, newest first.
    async fn page_views_of(
        &mut self,
        visitor: VisitorId,
        page: &PageRequest,
    ) -> Result<Page<PageViewRecord>, StoreError>;
    /// How many visits began in `[from, to)`.
    async fn count_visits(&mut self, from: Timestamp, to: Timestamp) -> Result<u64, StoreError>;
}

/// Writing visitors.
#[async_trait]
pub trait VisitorWrites {
    /// Adds a visitor if its id and hash are not there; returns the one that is stored.
    async fn ensure_visitor(&mut self, site: SiteScope, visitor: &Visitor) -> Result<Visitor, StoreError>;
    /// Writes a batch of page views; each id once, whatever was written before.
    async fn record_page_views(&mut self, batch: &PageViewBatch) -> Result<(), StoreError>;
    /// Moves a visitor to a person.
    async fn associate_visitor(
        &mut self,
        visitor: VisitorId,
        person: PersonId,
        rung: Rung,
    ) -> Result<(), StoreError>;
    /// The visitor goes on under a row and token of its own: `new` is added, conversations, visits and page views of `old`
    /// move to it, and the token of `old` is of no more use.
    async fn replace_visitor(
        &mut self,
        site: SiteScope,
        old: VisitorId,
        new: &Visitor,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// Notes a dismissal.
    async fn dismiss(&mut self, visitor: VisitorId, at: Timestamp) -> Result<(), StoreError>;
    /// Makes the token useless for ever.
    async fn revoke_visitor(&mut self, visitor: VisitorId, at: Timestamp) -> Result<(), StoreError>;
    /// Adds a guest's mark or merges it into the stored one: earliest `shown_at`, latest `dismissed_at`, larger
    /// `visible_ms`, `converted` once true. Returns true when this call was the first to set `shown_at`.
    async fn put_guest_mark(&mut self, site: SiteScope, mark: &GuestMark) -> Result<bool, StoreError>;
    /// Removes marks older than `before` after adding their unconverted triggers to the dialogues' totals.
    async fn fold_guest_marks(&mut self, before: Timestamp) -> Result<u64, StoreError>;
}
