//! Goals: what visitors are meant to reach, shared by dialogues and flows.

use crate::{StoreError, TimeRange};
use async_trait::async_trait;
use kernel::{GoalId, Timestamp, UserId};

/// A goal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GoalRecord {
    /// Stable id.
    pub id: GoalId,
    /// What it is called now.
    pub name: String,
    /// Every name by which streams and activities may call it, the present one among them, oldest first.
    pub names: Vec<String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
    /// Last change.
    pub updated_at: Timestamp,
    /// Rises by one with every change.
    pub version: i64,
}

/// How often a goal was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GoalFigures {
    /// Every time counts.
    pub reached: u64,
    /// Different people, as far as they are not erased.
    pub people: u64,
}

/// Reading goals.
#[async_trait]
pub trait GoalReads {
    /// All goals by name without case.
    async fn goals(&mut self) -> Result<Vec<GoalRecord>, StoreError>;
    /// How often goals were reached in the range, by any of their names. Goals that nobody reached are absent.
    async fn goal_figures(&mut self, range: TimeRange) -> Result<Vec<(GoalId, GoalFigures)>, StoreError>;
    /// Every name under which activities tell of a goal, by name.
    async fn goal_names_told(&mut self) -> Result<Vec<String>, StoreError>;
}

/// Writing goals.
#[async_trait]
pub trait GoalWrites {
    /// Adds goals. `Taken {goals.name}` when one has such a name (compared by [`kernel::text::fold`]).
    async fn insert_goals(&mut self, goals: &[GoalRecord]) -> Result<(), StoreError>;
    /// Replaces names and `updated_at`; `version` is the one that was read, the stored one becomes one more. `Stale` when
    /// somebody else was first, `NotFound` when it is gone, `Taken {goals.name}`.
    async fn update_goal(&mut self, goal: &GoalRecord) -> Result<(), StoreError>;
    /// Removes a goal; the activities that tell of it stay. `NotFound` when it is gone.
    async fn delete_goal(&mut self, id: GoalId) -> Result<(), StoreError>;
}
