//! The activity log: the spine from which everything else is derived.

use crate::{Page, PageRequest, StoreError};
use async_trait::async_trait;
use engagement::{Activity, ActivityType};
use kernel::{PersonId, Timestamp, VisitorId};

/// An activity with its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedActivity {
    /// Strictly rising for readers of the whole log; internal, never shown.
    pub position: i64,
    /// The fact.
    pub activity: Activity,
}

/// Activities of a dialogue on one day of a time zone, as the caller cut it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActivityCount {
    /// What.
    pub kind: ActivityType,
    /// How many.
    pub count: u64,
}

/// Reading activities.
#[async_trait]
pub trait ActivityReads {
    /// Activities of a person, newest first; of one type when given.
    async fn activities_of(
        &mut self,
        person: PersonId,
        kind: Option<ActivityType>,
        page: &PageRequest,
    ) -> Result<Page<Activity>, StoreError>;
    /// Activities of a type in `[from, to)`, newest first.
    async fn activities_by_type(
        &mut self,
        kind: ActivityType,
        from: Timestamp,
        to: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<Activity>, StoreError>;
    /// Counts by type in `[from, to)`.
    async fn count_activities(
        &mut self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<ActivityCount>, StoreError>;
    /// Up to `limit` activities after a position, in log order; never skips one that commits later.
    async fn activities_after(
        &mut self,
        position: i64,
        limit: u32,
    ) -> Result<Vec<LoggedActivity>, StoreError>;
}

/// Writing activities.
#[async_trait]
pub trait ActivityWrites {
    /// Appends facts.
    async fn append_activities(&mut self, activities: &[Activity]) -> Result<(), StoreError>;
    /// Moves what one visitor did as `from` to `to` (join), or everything of `from` when `visitor` is `None` (merge).
    async fn move_activities(
        &mut self,
        from: PersonId,
        to: PersonId,
        visitor: Option<VisitorId>,
    ) -> Result<(), StoreError>;
}
