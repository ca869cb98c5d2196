//! Why page views got what they got: the traces that they keep, the dialogues that these speak of, and what a simulation
//! reads to decide the same page views anew.

use crate::{Page, PageRequest, PageViewRecord, SiteScope, Span, StoreError, Visit, VisitorProfile};
use async_trait::async_trait;
use kernel::{Cursor, DecisionSnapshotId, PageViewId, PersonId, Timestamp, VisitorId, to_millis};
use serde_json::Value as Json;

/// The dialogues of a site as they were when page views were decided.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionSnapshot {
    /// Made of the content, so that the same dialogues have the same id on every node.
    pub id: DecisionSnapshotId,
    /// The dialogues in the order of their verdicts; its type stands in `app::traces`.
    pub dialogues: Json,
    /// The latest note that page views are decided with it.
    pub used_at: Timestamp,
}

/// A page view with its site and the person of its visitor.
#[derive(Debug, Clone, PartialEq)]
pub struct SeenPage {
    /// The view.
    pub view: PageViewRecord,
    /// On which site.
    pub site: SiteScope,
    /// Whose visitor it is now.
    pub person_id: PersonId,
    /// Name of the person, if any is known.
    pub person_name: Option<String>,
    /// Address of the person.
    pub person_email: Option<String>,
}

impl PageViewRecord {
    /// Where a list of page views goes on behind this one.
    pub fn cursor(&self) -> Cursor {
        Cursor::of(&(to_millis(self.at), self.id.uuid()))
    }
}

/// A recorded page view with its visit, as a simulation needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedView {
    /// The view.
    pub view: PageViewRecord,
    /// The visit; none when it is gone.
    pub visit: Option<Visit>,
}

/// Which recorded page views a simulation reads: those of a site in a span, of a part of the visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recorded {
    /// The site.
    pub site: SiteScope,
    /// When.
    pub span: Span,
    /// Of 256 equal parts of the visitors, told apart by the last byte of their ids, the first so many; 256 is everybody.
    pub visitors: u16,
}

/// Reading traces.
#[async_trait]
pub trait TraceReads {
    /// One page view.
    async fn page_view(&mut self, id: PageViewId) -> Result<Option<SeenPage>, StoreError>;
    /// Page views of all visitors of a person, newest first.
    async fn page_views_of_person(
        &mut self,
        person: PersonId,
        page: &PageRequest,
    ) -> Result<Page<SeenPage>, StoreError>;
    /// Page views of a site, newest first.
    async fn page_views_of_site(
        &mut self,
        site: SiteScope,
        page: &PageRequest,
    ) -> Result<Page<SeenPage>, StoreError>;
    /// The snapshots with these ids, in any order; unknown ones are absent.
    async fn decision_snapshots(
        &mut self,
        ids: &[DecisionSnapshotId],
    ) -> Result<Vec<DecisionSnapshot>, StoreError>;
    /// How many page views were recorded.
    async fn count_recorded(&mut self, recorded: &Recorded) -> Result<u64, StoreError>;
    /// Up to `limit` recorded page views behind one by time and id, oldest first.
    async fn recorded_views(
        &mut self,
        recorded: &Recorded,
        after: Option<(Timestamp, PageViewId)>,
        limit: u32,
    ) -> Result<Vec<RecordedView>, StoreError>;
    /// The profiles of visitors of a site as they are now, in any order; revoked and unknown ones are absent.
    async fn visitor_profiles(
        &mut self,
        site: SiteScope,
        visitors: &[VisitorId],
    ) -> Result<Vec<VisitorProfile>, StoreError>;
}

/// Writing what traces speak of.
#[async_trait]
pub trait TraceWrites {
    /// Adds snapshots that are not there; of those that are, `used_at` goes forward.
    async fn keep_decision_snapshots(
        &mut self,
        snapshots: &[(SiteScope, DecisionSnapshot)],
    ) -> Result<(), StoreError>;
}
