//! Immutable versions of dialogues, and what was counted of them.

use crate::{
    codec::{At, Columns, all, instant, maybe_id, uuids},
    table::Table,
    unit::Unit,
};
use kernel::{DialogueId, Timestamp, UserId, millis};
use serde_json::json;
use sqlx::{postgres::PgRow, query};
use store::{DialogueCounts, DialogueVersion, StoreError};

const VERSIONS: Table = Table {
    name: "dialogue_versions",
    key: "id",
    columns: "id, dialogue_id, number, name, content, draft_version, created_at, created_by",
    changeable: "",
};

/// Each figure by its own time; goals out of the activities, since one conversation may reach many.
const COUNTS: &str = "
    WITH counted AS (
      SELECT dialogue_id AS id,
        count(*) FILTER (WHERE triggered_at >= $2 AND triggered_at < $3) AS triggered,
        count(*) FILTER (WHERE engaged_at >= $2 AND engaged_at < $3) AS engaged,
        count(*) FILTER (WHERE completed_at >= $2 AND completed_at < $3) AS completed,
        count(*) FILTER (WHERE acquired_at >= $2 AND acquired_at < $3) AS acquired,
        0::bigint AS goals
      FROM conversations WHERE dialogue_id = ANY($1) GROUP BY dialogue_id
      UNION ALL
      SELECT dialogue_id, count(*), 0, 0, 0, 0 FROM guest_marks
      WHERE dialogue_id = ANY($1) AND shown_at >= $2 AND shown_at < $3 AND NOT converted GROUP BY dialogue_id
      UNION ALL
      SELECT dialogue_id, sum(triggered)::bigint, 0, 0, 0, 0 FROM dialogue_guest_triggers
      WHERE dialogue_id = ANY($1) AND bucket >= $2 AND bucket < $3 GROUP BY dialogue_id
      UNION ALL
      SELECT dialogue_id, 0, 0, 0, 0, count(*) FROM activities
      WHERE dialogue_id = ANY($1) AND kind = 'goal' AND at >= $2 AND at < $3 GROUP BY dialogue_id
    )
    SELECT id, sum(triggered)::bigint AS triggered, sum(engaged)::bigint AS engaged,
      sum(completed)::bigint AS completed, sum(acquired)::bigint AS acquired, sum(goals)::bigint AS goals
    FROM counted GROUP BY id HAVING sum(triggered + engaged + completed + acquired + goals) > 0";

pub(crate) fn version(row: &PgRow) -> Result<DialogueVersion, StoreError> {
    Ok(DialogueVersion {
        id: row.id("id")?,
        dialogue_id: row.id("dialogue_id")?,
        number: row.small("number")?,
        name: row.text("name")?,
        content: row.json("content")?,
        draft_version: row.long("draft_version")?,
        created_at: row.at("created_at")?,
        created_by: row.maybe_id("created_by")?,
    })
}

pub(crate) async fn insert(unit: &mut Unit, version: &DialogueVersion) -> Result<(), StoreError> {
    let row = json!({
        "id": version.id.uuid(),
        "dialogue_id": version.dialogue_id.uuid(),
        "number": version.number,
        "name": version.name,
        "content": version.content,
        "draft_version": version.draft_version,
        "created_at": instant(version.created_at),
        "created_by": maybe_id(version.created_by.map(UserId::uuid)),
    });
    VERSIONS.insert_or_undo(unit.connection(), &[row]).await
}

pub(crate) async fn counts(
    unit: &mut Unit,
    ids: &[DialogueId],
    range: Option<(Timestamp, Timestamp)>,
) -> Result<Vec<(DialogueId, DialogueCounts)>, StoreError> {
    let (from, to) = range.unwrap_or((millis(0), Timestamp::MAX));
    let found = query(COUNTS).bind(uuids(ids, DialogueId::uuid)).bind(At(from)).bind(At(to));
    all(&unit.rows(found).await?, |row| {
        let counts = DialogueCounts {
            triggered: row.count("triggered")?,
            engaged: row.count("engaged")?,
            completed: row.count("completed")?,
            acquired: row.count("acquired")?,
            goals: row.count("goals")?,
        };
        Ok((row.id("id")?, counts))
    })
}
