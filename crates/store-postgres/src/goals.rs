//! Goals, shared by dialogues and flows.

use crate::{
    codec::{At, Columns, all, instant, maybe_id},
    paging::fixed,
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{GoalId, UserId, millis, text::fold};
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query};
use store::{GoalFigures, GoalReads, GoalRecord, GoalWrites, StoreError, TimeRange};

const GOALS: Table = Table {
    name: "goals",
    key: "id",
    columns: "id, name, name_folded, names, created_at, created_by, updated_at, version",
    changeable: "name, name_folded, names, updated_at, version",
};

fn goal(row: &PgRow) -> Result<GoalRecord, StoreError> {
    Ok(GoalRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        names: row.json("names")?,
        created_at: row.at("created_at")?,
        created_by: row.maybe_id("created_by")?,
        updated_at: row.at("updated_at")?,
        version: row.long("version")?,
    })
}

fn row(goal: &GoalRecord, version: i64) -> Json {
    json!({
        "id": goal.id.uuid(),
        "name": goal.name,
        "name_folded": fold(&goal.name),
        "names": goal.names,
        "created_at": instant(goal.created_at),
        "created_by": maybe_id(goal.created_by.map(UserId::uuid)),
        "updated_at": instant(goal.updated_at),
        "version": version,
    })
}

#[async_trait]
impl GoalReads for Unit {
    async fn goals(&mut self) -> Result<Vec<GoalRecord>, StoreError> {
        all(&self.rows(fixed("SELECT * FROM goals ORDER BY name_folded COLLATE \"C\", id")).await?, goal)
    }

    async fn goal_figures(&mut self, range: TimeRange) -> Result<Vec<(GoalId, GoalFigures)>, StoreError> {
        // All time is from 1970 to 9999.
        let (from, to) = range.unwrap_or((millis(0), millis(253_402_214_400_000)));
        let found = query(
            "SELECT n.id, count(*) AS reached, count(DISTINCT a.person_id) AS people
             FROM activities a
               JOIN (SELECT g.id, j.name FROM goals g CROSS JOIN jsonb_array_elements_text(g.names) j (name)) n
                 ON n.name = a.attributes ->> 'goal'
             WHERE a.kind = 'goal' AND a.at >= $1 AND a.at < $2 GROUP BY n.id",
        )
        .bind(At(from))
        .bind(At(to));
        all(&self.rows(found).await?, |row| {
            Ok((row.id("id")?, GoalFigures { reached: row.count("reached")?, people: row.count("people")? }))
        })
    }

    async fn goal_names_told(&mut self) -> Result<Vec<String>, StoreError> {
        let found = fixed(
            "SELECT DISTINCT (attributes ->> 'goal') COLLATE \"C\" AS name FROM activities
             WHERE kind = 'goal' AND attributes ->> 'goal' IS NOT NULL ORDER BY 1",
        );
        all(&self.rows(found).await?, |row| row.text("name"))
    }
}

#[async_trait]
impl GoalWrites for Unit {
    async fn insert_goals(&mut self, goals: &[GoalRecord]) -> Result<(), StoreError> {
        let rows: Vec<Json> = goals.iter().map(|goal| row(goal, goal.version)).collect();
        GOALS.insert(self.connection(), &rows).await.map(drop)
    }

    async fn update_goal(&mut self, goal: &GoalRecord) -> Result<(), StoreError> {
        let new = row(goal, goal.version + 1);
        if GOALS.update(self.connection(), &[new], "AND t.version = r.version - 1").await? > 0 {
            return Ok(());
        }
        let there = self.row(query("SELECT 1 FROM goals WHERE id = $1").bind(goal.id.uuid())).await?;
        Err(if there.is_some() { StoreError::Stale } else { StoreError::NotFound })
    }

    async fn delete_goal(&mut self, id: GoalId) -> Result<(), StoreError> {
        self.run_on_one(query("DELETE FROM goals WHERE id = $1").bind(id.uuid())).await
    }
}
