//! Erasing people (rule R40): every column that the schema marks *personal* is cleared or its row goes. What is kept
//! counts for dialogues and names nobody. The file is opened with `secure_delete`, so that nothing stays in free pages.

use super::index;
use crate::{
    error::Result,
    rows::{Columns, all, hex, hexes, json, run},
};
use kernel::{PersonId, Timestamp, text::fold, to_millis};
use serde_json::json;
use sqlx::{SqliteConnection, query};

/// `?1`: their ids, those of people merged into them included.
const BY_ID: [&str; 18] = [
    // Before the activities that lead to them go.
    "DELETE FROM document_events WHERE activity_id IN (
       SELECT id FROM activities WHERE kind = 'document' AND person_id IN (SELECT unhex(value) FROM json_each(?1)))",
    "UPDATE document_views SET conversation_id = NULL, reading = json_remove(reading, '$.searches')
     WHERE activity_id IN (
       SELECT id FROM activities WHERE kind = 'document' AND person_id IN (SELECT unhex(value) FROM json_each(?1)))",
    "DELETE FROM messages WHERE conversation_id IN (
       SELECT id FROM conversations WHERE person_id IN (SELECT unhex(value) FROM json_each(?1)))",
    "DELETE FROM chat_agents WHERE chat_id IN (SELECT id FROM chats WHERE conversation_id IN (
       SELECT id FROM conversations WHERE person_id IN (SELECT unhex(value) FROM json_each(?1))))",
    "UPDATE chats SET body = '{}', due_at = NULL, outcome = coalesce(outcome, 'ended_by_agent'), state = 'ended'
     WHERE conversation_id IN (
       SELECT id FROM conversations WHERE person_id IN (SELECT unhex(value) FROM json_each(?1)))",
    // Their content is deleted next, by whoever erases.
    "UPDATE attachments SET conversation_id = NULL, name = '' WHERE conversation_id IN (
       SELECT id FROM conversations WHERE person_id IN (SELECT unhex(value) FROM json_each(?1)))",
    "UPDATE conversations SET person_id = NULL, visitor_id = NULL, state = '{}', page_url = '', last_seq = 0, goals = '[]',
       device = NULL, country = NULL
     WHERE person_id IN (SELECT unhex(value) FROM json_each(?1))",
    "DELETE FROM visitors WHERE person_id IN (SELECT unhex(value) FROM json_each(?1))",
    "DELETE FROM activities WHERE person_id IN (SELECT unhex(value) FROM json_each(?1))
       AND (dialogue_id IS NULL OR kind NOT IN ('triggered', 'engaged', 'completed', 'acquired', 'goal', 'document'))",
    // Which goal it was is the author's word, and counts for it.
    "UPDATE activities SET person_id = NULL, visitor_id = NULL, conversation_id = NULL,
       attributes = CASE WHEN kind = 'goal' AND attributes ->> '$.goal' IS NOT NULL
         THEN json_object('goal', attributes ->> '$.goal') ELSE '{}' END
     WHERE person_id IN (SELECT unhex(value) FROM json_each(?1))",
    "DELETE FROM list_members WHERE person_id IN (SELECT unhex(value) FROM json_each(?1))",
    "DELETE FROM jobs WHERE title IN (
       SELECT email FROM people WHERE id IN (SELECT unhex(value) FROM json_each(?1)) AND email IS NOT NULL)",
    "DELETE FROM import_rejects WHERE EXISTS (
       SELECT 1 FROM people p WHERE p.id IN (SELECT unhex(value) FROM json_each(?1)) AND p.email IS NOT NULL
         AND instr(lower(import_rejects.cells), p.email) > 0)",
    "UPDATE imports SET plan = json_remove(plan, '$.preview', '$.samples') WHERE json_valid(plan) AND EXISTS (
       SELECT 1 FROM people p WHERE p.id IN (SELECT unhex(value) FROM json_each(?1)) AND p.email IS NOT NULL
         AND instr(lower(imports.plan), p.email) > 0)",
    "UPDATE assignments SET person_id = NULL, conversation_id = NULL, explanation = '[]'
     WHERE person_id IN (SELECT unhex(value) FROM json_each(?1))",
    "DELETE FROM unanswered_questions WHERE person_id IN (SELECT unhex(value) FROM json_each(?1))",
    "DELETE FROM person_aliases WHERE person_id IN (SELECT unhex(value) FROM json_each(?1))",
    "DELETE FROM people WHERE id IN (SELECT unhex(value) FROM json_each(?1))",
];

pub(super) async fn people(connection: &mut SqliteConnection, ids: &[PersonId], at: Timestamp) -> Result<()> {
    let asked = hexes(ids.iter().map(|id| id.uuid()));
    let found = query(
        "SELECT pk, id FROM people WHERE id IN (
           SELECT coalesce((SELECT person_id FROM person_aliases WHERE id = unhex(value)), unhex(value)) FROM json_each(?))",
    );
    let rows = all(connection, found.bind(asked)).await?;
    let pks = rows.iter().map(|row| row.int("pk")).collect::<Result<Vec<i64>>>()?;
    let mut names = rows.iter().map(|row| row.id("id")).collect::<Result<Vec<PersonId>>>()?;
    let living = hexes(names.iter().map(|id| id.uuid()));
    let aliases =
        query("SELECT id FROM person_aliases WHERE person_id IN (SELECT unhex(value) FROM json_each(?))");
    for row in all(connection, aliases.bind(living)).await? {
        names.push(row.id("id")?);
    }
    let everyone = hexes(names.iter().map(|id| id.uuid()));
    index::remove(connection, &pks).await?;
    redact_audit(connection, &names).await?;
    for statement in BY_ID {
        run(connection, query(statement).bind(everyone.clone())).await?;
    }
    let erased = query(
        "INSERT INTO erasures (person_id, at) SELECT unhex(value), ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING",
    );
    run(connection, erased.bind(to_millis(at)).bind(everyone)).await.map(drop)
}

/// What was done to them stays in the audit log, without their names.
async fn redact_audit(connection: &mut SqliteConnection, ids: &[PersonId]) -> Result<()> {
    let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let entries =
        query("SELECT id, actor FROM audit_log WHERE object_id IN (SELECT value FROM json_each(?))");
    let rows = all(connection, entries.bind(json(&texts)?)).await?;
    let rows = rows
        .iter()
        .map(|row| Ok(json!([hex(row.id::<uuid::Uuid>("id")?), fold(&row.text("actor")?)])))
        .collect::<Result<Vec<_>>>()?;
    if rows.is_empty() {
        return Ok(());
    }
    let redact = query(
        "UPDATE audit_log SET object_name = NULL, details = '{}', words = j.value ->> 1
         FROM json_each(?) j WHERE audit_log.id = unhex(j.value ->> 0)",
    );
    run(connection, redact.bind(json(&rows)?)).await.map(drop)
}
