//! Dialogues and their drafts.

use crate::{
    codec::{At, Columns, all, instant, maybe_id, word},
    paging::{Filter, anywhere, cut},
    table::Table,
    unit::Unit,
    versions,
};
use async_trait::async_trait;
use kernel::{Cursor, DialogueId, SiteId, Timestamp, UserId, VersionId, millis, text::fold, to_millis};
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query};
use store::{
    DialogueCounts, DialogueFilter, DialogueReads, DialogueRecord, DialogueVersion, DialogueWrites, Page,
    PageRequest, PublicationState, PublishedDialogue, PublishedRef, SiteScope, StoreError,
};
use uuid::Uuid;

const DIALOGUES: Table = Table {
    name: "dialogues",
    key: "id",
    columns: "id, site_id, kind, name, name_folded, description, priority, enabled, state, draft, draft_version, \
              published_version_id, created_at, updated_at, updated_by",
    changeable: "name, name_folded, description, priority, enabled, state, draft, draft_version, \
                 published_version_id, updated_at, updated_by",
};

/// Dialogues `d` with their published version.
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

fn dialogue(row: &PgRow) -> Result<DialogueRecord, StoreError> {
    Ok(DialogueRecord {
        id: row.id("id")?,
        site_id: row.id("site_id")?,
        kind: row.word("kind")?,
        name: row.text("name")?,
        description: row.text("description")?,
        priority: row.small("priority")?,
        enabled: row.flag("enabled")?,
        state: row.word("state")?,
        draft: row.json("draft")?,
        draft_version: row.long("draft_version")?,
        published: published_ref(row)?,
        created_at: row.at("created_at")?,
        updated_at: row.at("updated_at")?,
        updated_by: row.maybe_id("updated_by")?,
    })
}

fn published_ref(row: &PgRow) -> Result<Option<PublishedRef>, StoreError> {
    let Some(version_id) = row.maybe_id("published_version_id")? else { return Ok(None) };
    Ok(Some(PublishedRef {
        version_id,
        number: row.small("published_number")?,
        draft_version: row.long("published_draft_version")?,
        at: row.at("published_at")?,
        by: row.maybe_id("published_by")?,
    }))
}

fn published(row: &PgRow) -> Result<Option<PublishedDialogue>, StoreError> {
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

fn as_row(dialogue: &DialogueRecord, draft_version: i64) -> Json {
    json!({
        "id": dialogue.id.uuid(),
        "site_id": dialogue.site_id.uuid(),
        "kind": dialogue.kind,
        "name": dialogue.name,
        "name_folded": fold(&dialogue.name),
        "description": dialogue.description,
        "priority": dialogue.priority,
        "enabled": dialogue.enabled,
        "state": dialogue.state,
        "draft": dialogue.draft,
        "draft_version": draft_version,
        "published_version_id": maybe_id(dialogue.published.as_ref().map(|live| live.version_id.uuid())),
        "created_at": instant(dialogue.created_at),
        "updated_at": instant(dialogue.updated_at),
        "updated_by": maybe_id(dialogue.updated_by.map(UserId::uuid)),
    })
}

#[async_trait]
impl DialogueReads for Unit {
    async fn dialogue(&mut self, id: DialogueId) -> Result<Option<DialogueRecord>, StoreError> {
        let found = query(select_dialogues!("WHERE d.id = $1")).bind(id.uuid());
        self.row(found).await?.as_ref().map(dialogue).transpose()
    }

    async fn dialogues(
        &mut self,
        filter: &DialogueFilter,
        page: &PageRequest,
    ) -> Result<Page<DialogueRecord>, StoreError> {
        let mut wanted = Filter::new();
        wanted.when("d.site_id = {}", filter.site.map(SiteId::uuid))?;
        wanted.when("d.state = {}", filter.state.as_ref().map(word))?;
        wanted.when("d.kind = {}", filter.kind.as_ref().map(word))?;
        wanted.when("d.name_folded LIKE {}", filter.query.as_deref().map(|words| anywhere(&fold(words))))?;
        if let Some(cursor) = &page.cursor {
            let (priority, at, id): (i32, i64, Uuid) = cursor.key()?;
            let places = [wanted.bind(priority)?, wanted.bind(At(millis(at)))?, wanted.bind(id)?];
            wanted.and(format!("(d.priority, d.created_at, d.id) > ({})", places.join(", ")));
        }
        let limit = page.limit.clamp(1, 200);
        let sql = format!(
            "{} {} ORDER BY d.priority, d.created_at, d.id LIMIT {}",
            select_dialogues!(""),
            wanted.clause(),
            limit + 1
        );
        let rows = self.rows(wanted.statement(sql)).await?;
        cut(&rows, limit, dialogue, |row| {
            let key = (row.small("priority")?, to_millis(row.at("created_at")?), row.column::<Uuid>("id")?);
            Ok(Cursor::of(&key))
        })
    }

    async fn published_dialogues(&mut self, site: SiteScope) -> Result<Vec<PublishedDialogue>, StoreError> {
        let found = query(select_dialogues!(
            "WHERE d.site_id = $1 AND d.state = 'published' ORDER BY d.priority, d.created_at, d.id"
        ))
        .bind(site.site().uuid());
        let rows = self.rows(found).await?;
        rows.iter().filter_map(|row| published(row).transpose()).collect()
    }

    async fn version(&mut self, id: VersionId) -> Result<Option<DialogueVersion>, StoreError> {
        let found = query("SELECT * FROM dialogue_versions WHERE id = $1").bind(id.uuid());
        self.row(found).await?.as_ref().map(versions::version).transpose()
    }

    async fn versions(&mut self, id: DialogueId) -> Result<Vec<DialogueVersion>, StoreError> {
        let found = query("SELECT * FROM dialogue_versions WHERE dialogue_id = $1 ORDER BY number DESC");
        let rows = self.rows(found.bind(id.uuid())).await?;
        all(&rows, versions::version)
    }

    async fn dialogue_counts(
        &mut self,
        ids: &[DialogueId],
        range: Option<(Timestamp, Timestamp)>,
    ) -> Result<Vec<(DialogueId, DialogueCounts)>, StoreError> {
        versions::counts(self, ids, range).await
    }
}

#[async_trait]
impl DialogueWrites for Unit {
    async fn insert_dialogue(&mut self, dialogue: &DialogueRecord) -> Result<(), StoreError> {
        DIALOGUES.insert_or_undo(self.connection(), &[as_row(dialogue, dialogue.draft_version)]).await
    }

    async fn update_dialogue(&mut self, dialogue: &DialogueRecord) -> Result<(), StoreError> {
        let row = as_row(dialogue, dialogue.draft_version + 1);
        let unchanged = "AND t.draft_version = r.draft_version - 1";
        if DIALOGUES.update(self.connection(), &[row], unchanged).await? == 1 {
            return Ok(());
        }
        let there = query("SELECT FROM dialogues WHERE id = $1").bind(dialogue.id.uuid());
        Err(if self.row(there).await?.is_some() { StoreError::Stale } else { StoreError::NotFound })
    }

    async fn publish_version(&mut self, version: &DialogueVersion) -> Result<(), StoreError> {
        versions::insert(self, version).await?;
        let live = query("UPDATE dialogues SET published_version_id = $1, state = 'published' WHERE id = $2")
            .bind(version.id.uuid())
            .bind(version.dialogue_id.uuid());
        self.run_on_one(live).await
    }

    async fn set_dialogue_state(
        &mut self,
        id: DialogueId,
        state: PublicationState,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let update = query("UPDATE dialogues SET state = $2, updated_at = $3 WHERE id = $1")
            .bind(id.uuid())
            .bind(word(&state))
            .bind(At(at));
        self.run_on_one(update).await
    }

    async fn delete_dialogue(&mut self, id: DialogueId) -> Result<(), StoreError> {
        self.run(query("DELETE FROM guest_marks WHERE dialogue_id = $1").bind(id.uuid())).await?;
        self.run_on_one(query("DELETE FROM dialogues WHERE id = $1").bind(id.uuid())).await
    }
}
