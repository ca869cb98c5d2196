//! The outbox: work that leaves the process, written in the transaction of its cause (rule R7).

use crate::{Page, PageRequest, StoreError};
use async_trait::async_trait;
use kernel::{JobId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobStatus {
    /// To be done at `next_attempt_at`.
    Waiting,
    /// Kept on the outbox screen because nothing is set up to send it.
    Held,
    /// Done.
    Sent,
    /// Given up after the last attempt.
    Dead,
}

/// A piece of work.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Stable id; the idempotency key outside.
    pub id: JobId,
    /// `mail`, `audit_alarm`, `import`…
    pub kind: String,
    /// What it needs; the type stands in `app`.
    pub payload: Json,
    /// Shown on the outbox screen: recipient.
    pub title: String,
    /// Where it stands.
    pub status: JobStatus,
    /// Tries so far.
    pub attempts: u32,
    /// When it is due.
    pub next_attempt_at: Timestamp,
    /// The last error in plain words.
    pub last_error: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// Reading the outbox.
#[async_trait]
pub trait OutboxReads {
    /// Jobs of a kind, newest first; in one status when given.
    async fn jobs(
        &mut self,
        kind: Option<&str>,
        status: Option<JobStatus>,
        page: &PageRequest,
    ) -> Result<Page<Job>, StoreError>;
    /// One job.
    async fn job(&mut self, id: JobId) -> Result<Option<Job>, StoreError>;
    /// How many jobs are in each status.
    async fn job_counts(&mut self) -> Result<Vec<(JobStatus, u64)>, StoreError>;
}

/// Writing the outbox.
#[async_trait]
pub trait OutboxWrites {
    /// Adds jobs.
    async fn enqueue(&mut self, jobs: &[Job]) -> Result<(), StoreError>;
    /// Takes up to `limit` due waiting jobs of these kinds that nobody holds at `now`, and holds them until `lease_until`.
    async fn claim_jobs(
        &mut self,
        kinds: &[&str],
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Job>, StoreError>;
    /// Writes status, attempts, `next_attempt_at`, `last_error`, `finished_at` and ends the lease.
    async fn settle_job(&mut self, job: &Job) -> Result<(), StoreError>;
    /// Makes all held jobs of a kind wait again (mail was set up); returns how many.
    async fn release_held(&mut self, kind: &str, now: Timestamp) -> Result<u64, StoreError>;
    /// Deletes up to `limit` jobs of a kind that ended before `before`; returns how many.
    async fn expire_jobs(&mut self, kind: &str, before: Timestamp, limit: u32) -> Result<u64, StoreError>;
}
