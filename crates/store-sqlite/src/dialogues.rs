//! Dialogues and their versions.

use crate::{
    error::Result,
    rows::{Columns, all, hexes, json, like_inside, limit, one, paged, run, run_found, word},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{DialogueId, Timestamp, UserId, VersionId, text::fold, to_millis};
use sqlx::{query, sqlite::SqliteRow};
use store::{
    DialogueCounts, DialogueFilter, DialogueReads, DialogueRecord, DialogueVersion, DialogueWrites, Page,
    PageRequest, PublicationState, PublishedDialogue, PublishedRef, SiteScope, StoreError,
};
use uuid::Uuid;

macro_rules! select_dialogues {
    ($rest:literal) => {
        concat!(
            "SELECT d.*, v.number AS published_number, v.draft_version AS published_draft_version,
               v.created_at AS published_at, v.created_by AS published_by, v.name AS version_name,
               v.content AS version_content
             FROM dialogues d LEFT JOIN dialogue_versions v ON v.id = d.published_version_id ",
            $rest
        )
    };
}

fn dialogue(row: &SqliteRow) -> Result<DialogueRecord> {
    let published = match row.opt_id("published_version_id")? {
        None => None,
        Some(version_id) => Some(PublishedRef {
            version_id,
            number: row.int("published_number")?,
            draft_version: row.int("published_draft_version")?,
            at: row.at("published_at")?,
            by: row.opt_id("published_by")?,
        }),
    };
    Ok(DialogueRecord {
        id: row.id("id")?,
        site_id: row.id("site_id")?,
        kind: row.word("kind")?,
        name: row.text("name")?,
        description: row.text("description")?,
        priority: row.int("priority")?,
        enabled: row.flag("enabled")?,
        state: row.word("state")?,
        draft: row.json("draft")?,
        draft_version: row.int("draft_version")?,
        published,
        created_at: row.at("created_at")?,
        updated_at: row.at("updated_at")?,
        updated_by: row.opt_id("updated_by")?,
    })
}

fn version(row: &SqliteRow) -> Result<DialogueVersion> {
    Ok(DialogueVersion {
        id: row.id("id")?,
        dialogue_id: row.id("dialogue_id")?,
        number: row.int("number")?,
        name: row.text("name")?,
        content: row.json("content")?,
        draft_version: row.int("draft_version")?,
        created_at: row.at("created_at")?,
        created_by: row.opt_id("created_by")?,
    })
}

fn published(row: &SqliteRow) -> Result<Option<PublishedDialogue>> {
    let dialogue = dialogue(row)?;
    let Some(live) = dialogue.published.clone() else { return Ok(None) };
    let version = DialogueVersion {
        id: live.version_id,
        dialogue_id: dialogue.id,
        number: live.number,
        name: row.text("version_name")?,
        content: row.json("version_content")?,
        draft_version: live.draft_version,
        created_at: live.at,
        created_by: live.by,
    };
    Ok(Some(PublishedDialogue { dialogue, version }))
}

/// Each figure by its own time; goals out of the activities, since one conversation may reach many.
const COUNTS: &str = "
    WITH wanted AS (SELECT unhex(value) AS id FROM json_each(?1)),
    counted AS (
      SELECT c.dialogue_id AS id,
        sum(c.triggered_at >= ?2 AND c.triggered_at < ?3) AS triggered,
        sum(c.engaged_at IS NOT NULL AND c.engaged_at >= ?2 AND c.engaged_at < ?3) AS engaged,
        sum(c.completed_at IS NOT NULL AND c.completed_at >= ?2 AND c.completed_at < ?3) AS completed,
        sum(c.acquired_at IS NOT NULL AND c.acquired_at >= ?2 AND c.acquired_at < ?3) AS acquired,
        0 AS goals
      FROM wanted CROSS JOIN conversations c ON c.dialogue_id = wanted.id GROUP BY 1
      UNION ALL
      SELECT m.dialogue_id, count(*), 0, 0, 0, 0 FROM wanted CROSS JOIN guest_marks m ON m.dialogue_id = wanted.id
      WHERE m.shown_at IS NOT NULL AND m.converted = 0 AND m.shown_at >= ?2 AND m.shown_at < ?3 GROUP BY 1
      UNION ALL
      SELECT g.dialogue_id, sum(g.triggered), 0, 0, 0, 0
      FROM wanted CROSS JOIN dialogue_guest_triggers g ON g.dialogue_id = wanted.id
      WHERE g.bucket >= ?2 AND g.bucket < ?3 GROUP BY 1
      UNION ALL
      SELECT a.dialogue_id, 0, 0, 0, 0, count(*) FROM wanted CROSS JOIN activities a ON a.dialogue_id = wanted.id
      WHERE a.kind = 'goal' AND a.at >= ?2 AND a.at < ?3 GROUP BY 1
    )
    SELECT id, sum(triggered) AS triggered, sum(engaged) AS engaged, sum(completed) AS completed,
      sum(acquired) AS acquired, sum(goals) AS goals
    FROM counted GROUP BY id
    HAVING sum(triggered) + sum(engaged) + sum(completed) + sum(acquired) + sum(goals) > 0";

#[async_trait]
impl<C: Connected> DialogueReads for Handle<C> {
    async fn dialogue(&mut self, id: DialogueId) -> Result<Option<DialogueRecord>> {
        let found = query(select_dialogues!("WHERE d.id = ?")).bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(dialogue).transpose()
    }

    async fn dialogues(
        &mut self,
        filter: &DialogueFilter,
        page: &PageRequest,
    ) -> Result<Page<DialogueRecord>> {
        let after: Option<(u32, i64, Uuid)> = page.cursor.as_ref().map(store::Cursor::key).transpose()?;
        let found = query(select_dialogues!(
            "WHERE (?1 IS NULL OR d.site_id = ?1) AND (?2 IS NULL OR d.state = ?2) AND (?3 IS NULL OR d.kind = ?3)
               AND (?4 IS NULL OR d.name_folded LIKE ?4 ESCAPE '\\')
               AND (?5 IS NULL OR (d.priority, d.created_at, d.id) > (?5, ?6, ?7))
             ORDER BY d.priority, d.created_at, d.id LIMIT ?8"
        ))
        .bind(filter.site.map(kernel::SiteId::uuid))
        .bind(filter.state.map(word))
        .bind(filter.kind.map(word))
        .bind(filter.query.as_deref().map(|words| like_inside(&fold(words))))
        .bind(after.map(|key| key.0))
        .bind(after.map(|key| key.1))
        .bind(after.map(|key| key.2))
        .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(dialogue).collect::<Result<_>>()?;
        Ok(paged(items, page, |d: &DialogueRecord| (d.priority, to_millis(d.created_at), d.id.uuid())))
    }

    async fn published_dialogues(&mut self, site: SiteScope) -> Result<Vec<PublishedDialogue>> {
        let found = query(select_dialogues!(
            "WHERE d.site_id = ? AND d.state = 'published' ORDER BY d.priority, d.created_at, d.id"
        ))
        .bind(site.site().uuid());
        let rows = all(self.connection()?, found).await?;
        rows.iter().filter_map(|row| published(row).transpose()).collect()
    }

    async fn version(&mut self, id: VersionId) -> Result<Option<DialogueVersion>> {
        let found = query("SELECT * FROM dialogue_versions WHERE id = ?").bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(version).transpose()
    }

    async fn versions(&mut self, id: DialogueId) -> Result<Vec<DialogueVersion>> {
        let found = query("SELECT * FROM dialogue_versions WHERE dialogue_id = ? ORDER BY number DESC")
            .bind(id.uuid());
        all(self.connection()?, found).await?.iter().map(version).collect()
    }

    async fn dialogue_counts(
        &mut self,
        ids: &[DialogueId],
        range: Option<(Timestamp, Timestamp)>,
    ) -> Result<Vec<(DialogueId, DialogueCounts)>> {
        let (from, to) = range.map_or((i64::MIN, i64::MAX), |(from, to)| (to_millis(from), to_millis(to)));
        let found = query(COUNTS).bind(hexes(ids.iter().map(|id| id.uuid()))).bind(from).bind(to);
        let rows = all(self.connection()?, found).await?;
        let counts = |row: &SqliteRow| -> Result<DialogueCounts> {
            Ok(DialogueCounts {
                triggered: row.int("triggered")?,
                engaged: row.int("engaged")?,
                completed: row.int("completed")?,
                acquired: row.int("acquired")?,
                goals: row.int("goals")?,
            })
        };
        rows.iter().map(|row| Ok((row.id("id")?, counts(row)?))).collect()
    }
}

#[async_trait]
impl DialogueWrites for Handle<Turn> {
    async fn insert_dialogue(&mut self, dialogue: &DialogueRecord) -> Result<()> {
        let insert = query(
            "INSERT INTO dialogues (id, site_id, kind, name, name_folded, description, priority, enabled, state, draft,
               draft_version, published_version_id, created_at, updated_at, updated_by)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(dialogue.id.uuid())
        .bind(dialogue.site_id.uuid())
        .bind(word(dialogue.kind))
        .bind(dialogue.name.clone())
        .bind(fold(&dialogue.name))
        .bind(dialogue.description.clone())
        .bind(dialogue.priority)
        .bind(dialogue.enabled)
        .bind(word(dialogue.state))
        .bind(json(&dialogue.draft)?)
        .bind(dialogue.draft_version)
        .bind(dialogue.published.as_ref().map(|live| live.version_id.uuid()))
        .bind(to_millis(dialogue.created_at))
        .bind(to_millis(dialogue.updated_at))
        .bind(dialogue.updated_by.map(UserId::uuid));
        run(self.connection()?, insert).await.map(drop)
    }

    async fn update_dialogue(&mut self, dialogue: &DialogueRecord) -> Result<()> {
        let update = query(
            "UPDATE dialogues SET name = ?, name_folded = ?, description = ?, priority = ?, enabled = ?, state = ?,
               draft = ?, draft_version = draft_version + 1, published_version_id = ?, updated_at = ?, updated_by = ?
             WHERE id = ? AND draft_version = ?",
        )
        .bind(dialogue.name.clone())
        .bind(fold(&dialogue.name))
        .bind(dialogue.description.clone())
        .bind(dialogue.priority)
        .bind(dialogue.enabled)
        .bind(word(dialogue.state))
        .bind(json(&dialogue.draft)?)
        .bind(dialogue.published.as_ref().map(|live| live.version_id.uuid()))
        .bind(to_millis(dialogue.updated_at))
        .bind(dialogue.updated_by.map(UserId::uuid))
        .bind(dialogue.id.uuid())
        .bind(dialogue.draft_version);
        if run(self.connection()?, update).await? > 0 {
            return Ok(());
        }
        let there = query("SELECT 1 FROM dialogues WHERE id = ?").bind(dialogue.id.uuid());
        match one(self.connection()?, there).await? {
            Some(_) => Err(StoreError::Stale),
            None => Err(StoreError::NotFound),
        }
    }

    async fn publish_version(&mut self, version: &DialogueVersion) -> Result<()> {
        let insert = query(
            "INSERT INTO dialogue_versions (id, dialogue_id, number, name, content, draft_version, created_at, created_by)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(version.id.uuid())
        .bind(version.dialogue_id.uuid())
        .bind(version.number)
        .bind(version.name.clone())
        .bind(json(&version.content)?)
        .bind(version.draft_version)
        .bind(to_millis(version.created_at))
        .bind(version.created_by.map(UserId::uuid));
        run(self.connection()?, insert).await?;
        let live = query("UPDATE dialogues SET published_version_id = ?, state = 'published' WHERE id = ?")
            .bind(version.id.uuid())
            .bind(version.dialogue_id.uuid());
        run_found(self.connection()?, live).await
    }

    async fn set_dialogue_state(
        &mut self,
        id: DialogueId,
        state: PublicationState,
        at: Timestamp,
    ) -> Result<()> {
        let update = query("UPDATE dialogues SET state = ?, updated_at = ? WHERE id = ?")
            .bind(word(state))
            .bind(to_millis(at))
            .bind(id.uuid());
        run_found(self.connection()?, update).await
    }

    async fn delete_dialogue(&mut self, id: DialogueId) -> Result<()> {
        let marks = query("DELETE FROM guest_marks WHERE dialogue_id = ?").bind(id.uuid());
        run(self.connection()?, marks).await?;
        run_found(self.connection()?, query("DELETE FROM dialogues WHERE id = ?").bind(id.uuid())).await
    }
}
