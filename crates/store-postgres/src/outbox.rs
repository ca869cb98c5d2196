//! The outbox. Workers take jobs past each other: `SKIP LOCKED`.

use crate::{
    codec::{At, Columns, all, instant, maybe_instant, word},
    paging::{Filter, NewestFirst, fixed},
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{JobId, Timestamp};
use serde_json::json;
use sqlx::{postgres::PgRow, query};
use store::{Job, JobStatus, OutboxReads, OutboxWrites, Page, PageRequest, StoreError};

const JOBS: Table = Table {
    name: "jobs",
    key: "id",
    columns: "id, kind, payload, title, status, attempts, next_attempt_at, last_error, created_at, finished_at",
    changeable: "",
};
const LIST: NewestFirst = NewestFirst { select: "SELECT * FROM jobs", time: "created_at", id: "id" };

fn job(row: &PgRow) -> Result<Job, StoreError> {
    Ok(Job {
        id: row.id("id")?,
        kind: row.text("kind")?,
        payload: row.json("payload")?,
        title: row.text("title")?,
        status: row.word("status")?,
        attempts: row.small("attempts")?,
        next_attempt_at: row.at("next_attempt_at")?,
        last_error: row.maybe_text("last_error")?,
        created_at: row.at("created_at")?,
        finished_at: row.maybe_at("finished_at")?,
    })
}

#[async_trait]
impl OutboxReads for Unit {
    async fn jobs(
        &mut self,
        kind: Option<&str>,
        status: Option<JobStatus>,
        page: &PageRequest,
    ) -> Result<Page<Job>, StoreError> {
        let mut wanted = Filter::new();
        wanted.when("kind = {}", kind)?;
        wanted.when("status = {}", status.as_ref().map(word))?;
        LIST.page(self, wanted, page, job).await
    }

    async fn job(&mut self, id: JobId) -> Result<Option<Job>, StoreError> {
        let found = query("SELECT * FROM jobs WHERE id = $1").bind(id.uuid());
        self.row(found).await?.as_ref().map(job).transpose()
    }

    async fn job_counts(&mut self) -> Result<Vec<(JobStatus, u64)>, StoreError> {
        let rows = self.rows(fixed("SELECT status, count(*) AS n FROM jobs GROUP BY status")).await?;
        all(&rows, |row| Ok((row.word("status")?, row.count("n")?)))
    }
}

#[async_trait]
impl OutboxWrites for Unit {
    async fn enqueue(&mut self, jobs: &[Job]) -> Result<(), StoreError> {
        let rows: Vec<_> = jobs
            .iter()
            .map(|job| {
                json!({
                    "id": job.id.uuid(),
                    "kind": job.kind,
                    "payload": job.payload,
                    "title": job.title,
                    "status": job.status,
                    "attempts": job.attempts,
                    "next_attempt_at": instant(job.next_attempt_at),
                    "last_error": job.last_error,
                    "created_at": instant(job.created_at),
                    "finished_at": maybe_instant(job.finished_at),
                })
            })
            .collect();
        JOBS.insert(self.connection(), &rows).await.map(drop)
    }

    async fn claim_jobs(
        &mut self,
        kinds: &[&str],
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Job>, StoreError> {
        let claim = query(
            "WITH due AS MATERIALIZED (
               SELECT id FROM jobs
               WHERE status = 'waiting' AND next_attempt_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
                 AND kind = ANY($2)
               ORDER BY next_attempt_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
             UPDATE jobs SET leased_until = $4 FROM due WHERE jobs.id = due.id RETURNING jobs.*",
        )
        .bind(At(now))
        .bind(kinds)
        .bind(i64::from(limit))
        .bind(At(lease_until));
        let mut jobs = all(&self.rows(claim).await?, job)?;
        // RETURNING has no order.
        jobs.sort_by_key(|job| (job.next_attempt_at, job.id));
        Ok(jobs)
    }

    async fn settle_job(&mut self, job: &Job) -> Result<(), StoreError> {
        let update = query(
            "UPDATE jobs SET status = $2, attempts = $3, next_attempt_at = $4, last_error = $5, finished_at = $6,
               leased_until = NULL
             WHERE id = $1",
        )
        .bind(job.id.uuid())
        .bind(word(&job.status))
        .bind(i32::try_from(job.attempts).unwrap_or(i32::MAX))
        .bind(At(job.next_attempt_at))
        .bind(&job.last_error)
        .bind(job.finished_at.map(At));
        self.run_on_one(update).await
    }

    async fn release_held(&mut self, kind: &str, now: Timestamp) -> Result<u64, StoreError> {
        let update = query(
            "UPDATE jobs SET status = 'waiting', next_attempt_at = $2, leased_until = NULL
             WHERE status = 'held' AND kind = $1",
        );
        self.run(update.bind(kind).bind(At(now))).await
    }

    async fn expire_jobs(&mut self, kind: &str, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let delete = query(
            "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE kind = $1 AND created_at < $2 AND finished_at < $2
               ORDER BY created_at LIMIT $3)",
        );
        self.run(delete.bind(kind).bind(At(before)).bind(i64::from(limit))).await
    }
}
