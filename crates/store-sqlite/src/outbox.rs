//! The outbox.

use crate::{
    error::Result,
    rows::{Columns, after_time, all, hex, json, limit, one, opt_ms, paged, run, run_found, word},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{JobId, Timestamp, to_millis};
use serde_json::json;
use sqlx::{query, sqlite::SqliteRow};
use store::{Job, JobStatus, OutboxReads, OutboxWrites, Page, PageRequest};

fn job(row: &SqliteRow) -> Result<Job> {
    Ok(Job {
        id: row.id("id")?,
        kind: row.text("kind")?,
        payload: row.json("payload")?,
        title: row.text("title")?,
        status: row.word("status")?,
        attempts: row.int("attempts")?,
        next_attempt_at: row.at("next_attempt_at")?,
        last_error: row.opt_text("last_error")?,
        created_at: row.at("created_at")?,
        finished_at: row.opt_at("finished_at")?,
    })
}

#[async_trait]
impl<C: Connected> OutboxReads for Handle<C> {
    async fn jobs(
        &mut self,
        kind: Option<&str>,
        status: Option<JobStatus>,
        page: &PageRequest,
    ) -> Result<Page<Job>> {
        let (at, id) = after_time(page)?;
        let found = query(
            "SELECT * FROM jobs
             WHERE (?1 IS NULL OR kind = ?1) AND (?2 IS NULL OR status = ?2) AND (created_at, id) < (?3, ?4)
             ORDER BY created_at DESC, id DESC LIMIT ?5",
        )
        .bind(kind.map(str::to_owned))
        .bind(status.map(word))
        .bind(at)
        .bind(id)
        .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(job).collect::<Result<_>>()?;
        Ok(paged(items, page, |job: &Job| (to_millis(job.created_at), job.id.uuid())))
    }

    async fn job(&mut self, id: JobId) -> Result<Option<Job>> {
        let found = query("SELECT * FROM jobs WHERE id = ?").bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(job).transpose()
    }

    async fn job_counts(&mut self) -> Result<Vec<(JobStatus, u64)>> {
        let rows =
            all(self.connection()?, query("SELECT status, count(*) AS n FROM jobs GROUP BY status")).await?;
        rows.iter().map(|row| Ok((row.word("status")?, row.int("n")?))).collect()
    }
}

#[async_trait]
impl OutboxWrites for Handle<Turn> {
    async fn enqueue(&mut self, jobs: &[Job]) -> Result<()> {
        let rows: Vec<_> = jobs
            .iter()
            .map(|j| {
                json!([
                    hex(j.id.uuid()),
                    j.kind,
                    j.payload,
                    j.title,
                    word(j.status),
                    j.attempts,
                    to_millis(j.next_attempt_at),
                    j.last_error,
                    to_millis(j.created_at),
                    opt_ms(j.finished_at)
                ])
            })
            .collect();
        let insert = query(
            "INSERT INTO jobs (id, kind, payload, title, status, attempts, next_attempt_at, last_error, created_at,
               finished_at)
             SELECT unhex(value ->> 0), value ->> 1, value -> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
               value ->> 7, value ->> 8, value ->> 9
             FROM json_each(?)",
        )
        .bind(json(&rows)?);
        run(self.connection()?, insert).await.map(drop)
    }

    async fn claim_jobs(
        &mut self,
        kinds: &[&str],
        now: Timestamp,
        lease_until: Timestamp,
        limit: u32,
    ) -> Result<Vec<Job>> {
        let claim = query(
            "UPDATE jobs SET leased_until = ?1
             WHERE id IN (
               SELECT id FROM jobs
               WHERE status = 'waiting' AND next_attempt_at <= ?2 AND (leased_until IS NULL OR leased_until <= ?2)
                 AND kind IN (SELECT value FROM json_each(?3))
               ORDER BY next_attempt_at, id LIMIT ?4)
             RETURNING *",
        )
        .bind(to_millis(lease_until))
        .bind(to_millis(now))
        .bind(json(kinds)?)
        .bind(limit);
        let mut jobs = all(self.connection()?, claim).await?.iter().map(job).collect::<Result<Vec<_>>>()?;
        // RETURNING has no order.
        jobs.sort_by_key(|job| (job.next_attempt_at, job.id));
        Ok(jobs)
    }

    async fn settle_job(&mut self, job: &Job) -> Result<()> {
        let update = query(
            "UPDATE jobs SET status = ?, attempts = ?, next_attempt_at = ?, last_error = ?, finished_at = ?,
               leased_until = NULL
             WHERE id = ?",
        )
        .bind(word(job.status))
        .bind(job.attempts)
        .bind(to_millis(job.next_attempt_at))
        .bind(job.last_error.clone())
        .bind(opt_ms(job.finished_at))
        .bind(job.id.uuid());
        run_found(self.connection()?, update).await
    }

    async fn release_held(&mut self, kind: &str, now: Timestamp) -> Result<u64> {
        let update = query(
            "UPDATE jobs SET status = 'waiting', next_attempt_at = ?, leased_until = NULL
             WHERE status = 'held' AND kind = ?",
        )
        .bind(to_millis(now))
        .bind(kind.to_owned());
        run(self.connection()?, update).await
    }

    async fn expire_jobs(&mut self, kind: &str, before: Timestamp, limit: u32) -> Result<u64> {
        let delete = query(
            "DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE kind = ? AND created_at < ? AND finished_at < ?
               ORDER BY created_at LIMIT ?)",
        )
        .bind(kind.to_owned())
        .bind(to_millis(before))
        .bind(to_millis(before))
        .bind(limit);
        run(self.connection()?, delete).await
    }
}
