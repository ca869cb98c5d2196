//! Joining two people (rule R38) and erasing people (rule R40).

use crate::{
    codec::{At, Columns, all},
    unit::Unit,
};
use kernel::{PersonId, Timestamp, text::fold};
use sqlx::query;
use store::StoreError;
use uuid::Uuid;

/// What moves from `$2` to `$1`.
const MOVES: [&str; 10] = [
    "INSERT INTO list_members (list_id, person_id, added_by, added_at)
       SELECT list_id, $1, added_by, added_at FROM list_members WHERE person_id = $2 ON CONFLICT DO NOTHING",
    "DELETE FROM list_members WHERE person_id = $2",
    "UPDATE visitors SET person_id = $1 WHERE person_id = $2",
    "UPDATE conversations SET person_id = $1 WHERE person_id = $2",
    "UPDATE activities SET person_id = $1 WHERE person_id = $2",
    "UPDATE assignments SET person_id = $1 WHERE person_id = $2",
    "UPDATE person_aliases SET person_id = $1 WHERE person_id = $2",
    "DELETE FROM people_words WHERE person_id = $2",
    "DELETE FROM people_unindexed WHERE person_id = $2",
    "DELETE FROM people WHERE id = $2",
];

/// Doing it twice, or for two ids of one person, changes nothing. An alias always leads straight to the survivor.
pub(crate) async fn absorb(
    unit: &mut Unit,
    survivor: PersonId,
    lost: PersonId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let (survivor, lost) = lock_both(unit, survivor, lost).await?;
    if survivor == lost {
        return Ok(());
    }
    for statement in MOVES {
        unit.run(query(statement).bind(survivor).bind(lost)).await?;
    }
    unit.held.remove(&PersonId::from(lost));
    let alias = query("INSERT INTO person_aliases (id, person_id, at) VALUES ($1, $2, $3)");
    unit.run(alias.bind(lost).bind(survivor).bind(At(at))).await.map(drop)
}

/// Locks both living people, the smaller id first, so that two merges in opposite directions wait for each other.
/// Somebody may have merged one of them while this waited: then it looks again.
async fn lock_both(unit: &mut Unit, survivor: PersonId, lost: PersonId) -> Result<(Uuid, Uuid), StoreError> {
    loop {
        let (survivor, lost) = (living(unit, survivor).await?, living(unit, lost).await?);
        let lock = query("SELECT id FROM people WHERE id = ANY($1) ORDER BY id FOR UPDATE");
        let locked = unit.rows(lock.bind(vec![survivor, lost])).await?.len();
        if locked == if survivor == lost { 1 } else { 2 } {
            return Ok((survivor, lost));
        }
    }
}

async fn living(unit: &mut Unit, id: PersonId) -> Result<Uuid, StoreError> {
    let found = query(
        "SELECT id FROM people WHERE id = coalesce((SELECT person_id FROM person_aliases WHERE id = $1), $1)",
    );
    unit.row(found.bind(id.uuid())).await?.ok_or(StoreError::NotFound)?.column("id")
}

/// `$1`: their ids, those of people merged into them included. What is kept counts for dialogues and names nobody.
const ERASURE: [&str; 20] = [
    // Before the activities that lead to them go.
    "DELETE FROM document_events WHERE activity_id IN (
       SELECT id FROM activities WHERE kind = 'document' AND person_id = ANY($1))",
    "UPDATE document_views SET conversation_id = NULL, reading = reading - 'searches' WHERE activity_id IN (
       SELECT id FROM activities WHERE kind = 'document' AND person_id = ANY($1))",
    "DELETE FROM messages WHERE conversation_id IN (SELECT id FROM conversations WHERE person_id = ANY($1))",
    "DELETE FROM chat_agents WHERE chat_id IN (SELECT id FROM chats WHERE conversation_id IN (
       SELECT id FROM conversations WHERE person_id = ANY($1)))",
    "UPDATE chats SET body = '{}', due_at = NULL, outcome = coalesce(outcome, 'ended_by_agent'), state = 'ended'
     WHERE conversation_id IN (SELECT id FROM conversations WHERE person_id = ANY($1))",
    // Their content is deleted next, by whoever erases.
    "UPDATE attachments SET conversation_id = NULL, name = '' WHERE conversation_id IN (
       SELECT id FROM conversations WHERE person_id = ANY($1))",
    "UPDATE conversations SET person_id = NULL, visitor_id = NULL, state = '{}', page_url = '', last_seq = 0,
       goals = '[]', device = NULL, country = NULL
     WHERE person_id = ANY($1)",
    "DELETE FROM visitors WHERE person_id = ANY($1)",
    "DELETE FROM activities WHERE person_id = ANY($1)
       AND (dialogue_id IS NULL OR kind NOT IN ('triggered', 'engaged', 'completed', 'acquired', 'goal', 'document'))",
    // Which goal it was is the author's word, and counts for it.
    "UPDATE activities SET person_id = NULL, visitor_id = NULL, conversation_id = NULL,
       attributes = CASE WHEN kind = 'goal' AND attributes ->> 'goal' IS NOT NULL
         THEN jsonb_build_object('goal', attributes ->> 'goal') ELSE '{}'::jsonb END
     WHERE person_id = ANY($1)",
    "DELETE FROM list_members WHERE person_id = ANY($1)",
    "DELETE FROM jobs WHERE title IN (SELECT email FROM people WHERE id = ANY($1) AND email IS NOT NULL)",
    "DELETE FROM import_rejects r USING people p
     WHERE p.id = ANY($1) AND p.email IS NOT NULL AND strpos(lower(r.cells::text), p.email) > 0",
    "UPDATE imports i SET plan = plan - 'preview' - 'samples' FROM people p
     WHERE p.id = ANY($1) AND p.email IS NOT NULL AND jsonb_typeof(i.plan) = 'object'
       AND strpos(lower(i.plan::text), p.email) > 0",
    "DELETE FROM people_words WHERE person_id = ANY($1)",
    "DELETE FROM people_unindexed WHERE person_id = ANY($1)",
    "UPDATE assignments SET person_id = NULL, conversation_id = NULL, explanation = '[]' WHERE person_id = ANY($1)",
    "DELETE FROM unanswered_questions WHERE person_id = ANY($1)",
    "DELETE FROM person_aliases WHERE person_id = ANY($1)",
    "DELETE FROM people WHERE id = ANY($1)",
];

pub(crate) async fn erase(unit: &mut Unit, ids: &[PersonId], at: Timestamp) -> Result<(), StoreError> {
    let asked: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let living = query(
        "SELECT id FROM people WHERE id IN (
           SELECT coalesce(a.person_id, n.id) FROM unnest($1::uuid[]) AS n (id)
             LEFT JOIN person_aliases a ON a.id = n.id)
         ORDER BY id FOR UPDATE",
    );
    let mut everyone: Vec<Uuid> = all(&unit.rows(living.bind(asked)).await?, |row| row.column("id"))?;
    let aliases = query("SELECT id FROM person_aliases WHERE person_id = ANY($1)").bind(everyone.clone());
    everyone.extend(all(&unit.rows(aliases).await?, |row| row.column::<Uuid>("id"))?);
    redact_audit(unit, &everyone).await?;
    for statement in ERASURE {
        unit.run(query(statement).bind(everyone.clone())).await?;
    }
    for id in &everyone {
        unit.held.remove(&PersonId::from(*id));
    }
    let erased =
        query("INSERT INTO erasures (person_id, at) SELECT unnest($1::uuid[]), $2 ON CONFLICT DO NOTHING");
    unit.run(erased.bind(everyone).bind(At(at))).await.map(drop)
}

/// What was done to them stays in the audit log, without their names.
async fn redact_audit(unit: &mut Unit, people: &[Uuid]) -> Result<(), StoreError> {
    let texts: Vec<String> = people.iter().map(|id| PersonId::from(*id).to_string()).collect();
    let found = query("SELECT id, actor FROM audit_log WHERE object_id = ANY($1)").bind(texts);
    let entries: Vec<(Uuid, String)> =
        all(&unit.rows(found).await?, |row| Ok((row.column("id")?, fold(&row.text("actor")?))))?;
    let (ids, words): (Vec<Uuid>, Vec<String>) = entries.into_iter().unzip();
    let redact = query(
        "UPDATE audit_log SET object_name = NULL, details = '{}', words = n.words
         FROM unnest($1::uuid[], $2::text[]) AS n (id, words) WHERE audit_log.id = n.id",
    );
    unit.run(redact.bind(ids).bind(words)).await.map(drop)
}
