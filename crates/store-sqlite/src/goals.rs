//! Goals, shared by dialogues and flows.

use crate::{
    error::Result,
    rows::{Columns, all, json, one, run, run_found},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{GoalId, UserId, text::fold, to_millis};
use sqlx::{query, sqlite::SqliteRow};
use store::{GoalFigures, GoalReads, GoalRecord, GoalWrites, StoreError, TimeRange};

fn goal(row: &SqliteRow) -> Result<GoalRecord> {
    Ok(GoalRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        names: row.json("names")?,
        created_at: row.at("created_at")?,
        created_by: row.opt_id("created_by")?,
        updated_at: row.at("updated_at")?,
        version: row.int("version")?,
    })
}

#[async_trait]
impl<C: Connected> GoalReads for Handle<C> {
    async fn goals(&mut self) -> Result<Vec<GoalRecord>> {
        let found = query("SELECT * FROM goals ORDER BY name_folded, id");
        all(self.connection()?, found).await?.iter().map(goal).collect()
    }

    async fn goal_figures(&mut self, range: TimeRange) -> Result<Vec<(GoalId, GoalFigures)>> {
        let (from, to) = range.map_or((i64::MIN, i64::MAX), |(from, to)| (to_millis(from), to_millis(to)));
        let found = query(
            "SELECT n.id, count(*) AS reached, count(DISTINCT a.person_id) AS people
             FROM activities a
               JOIN (SELECT g.id, j.value AS name FROM goals g CROSS JOIN json_each(g.names) j) n
                 ON n.name = a.attributes ->> '$.goal'
             WHERE a.kind = 'goal' AND a.at >= ? AND a.at < ? GROUP BY n.id",
        )
        .bind(from)
        .bind(to);
        let read = |row: &SqliteRow| {
            Ok((row.id("id")?, GoalFigures { reached: row.int("reached")?, people: row.int("people")? }))
        };
        all(self.connection()?, found).await?.iter().map(read).collect()
    }

    async fn goal_names_told(&mut self) -> Result<Vec<String>> {
        let found = query(
            "SELECT DISTINCT attributes ->> '$.goal' AS name FROM activities
             WHERE kind = 'goal' AND attributes ->> '$.goal' IS NOT NULL ORDER BY 1",
        );
        all(self.connection()?, found).await?.iter().map(|row| row.text("name")).collect()
    }
}

#[async_trait]
impl GoalWrites for Handle<Turn> {
    async fn insert_goals(&mut self, goals: &[GoalRecord]) -> Result<()> {
        for goal in goals {
            let insert = query(
                "INSERT INTO goals (id, name, name_folded, names, created_at, created_by, updated_at, version)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(goal.id.uuid())
            .bind(goal.name.clone())
            .bind(fold(&goal.name))
            .bind(json(&goal.names)?)
            .bind(to_millis(goal.created_at))
            .bind(goal.created_by.map(UserId::uuid))
            .bind(to_millis(goal.updated_at))
            .bind(goal.version);
            run(self.connection()?, insert).await?;
        }
        Ok(())
    }

    async fn update_goal(&mut self, goal: &GoalRecord) -> Result<()> {
        let update = query(
            "UPDATE goals SET name = ?, name_folded = ?, names = ?, updated_at = ?, version = version + 1
             WHERE id = ? AND version = ?",
        )
        .bind(goal.name.clone())
        .bind(fold(&goal.name))
        .bind(json(&goal.names)?)
        .bind(to_millis(goal.updated_at))
        .bind(goal.id.uuid())
        .bind(goal.version);
        if run(self.connection()?, update).await? > 0 {
            return Ok(());
        }
        let there = query("SELECT 1 FROM goals WHERE id = ?").bind(goal.id.uuid());
        match one(self.connection()?, there).await? {
            Some(_) => Err(StoreError::Stale),
            None => Err(StoreError::NotFound),
        }
    }

    async fn delete_goal(&mut self, id: GoalId) -> Result<()> {
        run_found(self.connection()?, query("DELETE FROM goals WHERE id = ?").bind(id.uuid())).await
    }
}
