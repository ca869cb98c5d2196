//! The library of documents, and how visitors read them.

use crate::{
    error::{Result, database},
    rows::{Columns, after_time, all, hex, hexes, json, like_inside, limit, one, paged, run, run_found},
    session::{Connected, Handle},
    writer::Turn,
};
use async_trait::async_trait;
use kernel::{ActivityId, ConversationId, Cursor, DocumentId, Timestamp, UserId, text::fold, to_millis};
use serde_json::json;
use sqlx::{Row, query, sqlite::SqliteRow};
use store::{
    DocumentFigures, DocumentOpening, DocumentReads, DocumentRecord, DocumentView, DocumentWrites, Page,
    PageFigures, PageRequest, StoreError, TimeRange,
};
use uuid::Uuid;

fn document(row: &SqliteRow) -> Result<DocumentRecord> {
    Ok(DocumentRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        file: row.id("file_id")?,
        size: row.int("size")?,
        pages: row.int("pages")?,
        source_url: row.opt_text("source_url")?,
        content_version: row.int("content_version")?,
        created_at: row.at("created_at")?,
        created_by: row.opt_id("created_by")?,
        updated_at: row.at("updated_at")?,
        version: row.int("version")?,
    })
}

fn view(row: &SqliteRow) -> Result<DocumentView> {
    Ok(DocumentView {
        activity_id: row.id("activity_id")?,
        document_id: row.id("document_id")?,
        dialogue_id: row.id("dialogue_id")?,
        conversation_id: row.opt_id("conversation_id")?,
        card_id: row.text("card_id")?,
        opened_at: row.at("opened_at")?,
        pages: row.int("pages")?,
        reading: row.json("reading")?,
        updated_at: row.at("updated_at")?,
    })
}

fn opening(row: &SqliteRow) -> Result<DocumentOpening> {
    Ok(DocumentOpening {
        view: view(row)?,
        person_id: row.opt_id("person_id")?,
        person_name: row.opt_text("person_name")?,
        person_email: row.opt_text("person_email")?,
    })
}

fn figures(row: &SqliteRow) -> Result<DocumentFigures> {
    Ok(DocumentFigures {
        opens: row.int("opens")?,
        people: row.int("people")?,
        share_read: row.try_get("share_read").map_err(database)?,
        read_ms: row.int("read_ms")?,
        searches: row.int("searches")?,
        downloads: row.int("downloads")?,
        prints: row.int("prints")?,
    })
}

fn bounds(range: TimeRange) -> (i64, i64) {
    range.map_or((i64::MIN, i64::MAX), |(from, to)| (to_millis(from), to_millis(to)))
}

#[async_trait]
impl<C: Connected> DocumentReads for Handle<C> {
    async fn document(&mut self, id: DocumentId) -> Result<Option<DocumentRecord>> {
        let found = query("SELECT * FROM documents WHERE id = ?").bind(id.uuid());
        one(self.connection()?, found).await?.as_ref().map(document).transpose()
    }

    async fn documents(&mut self, words: Option<&str>, page: &PageRequest) -> Result<Page<DocumentRecord>> {
        let after: Option<(String, Uuid)> = page.cursor.as_ref().map(Cursor::key).transpose()?;
        let (name, id) = after.unzip();
        let found = query(
            "SELECT * FROM documents
             WHERE (?1 IS NULL OR name_folded LIKE ?1 ESCAPE '\\') AND (?2 IS NULL OR (name_folded, id) > (?2, ?3))
             ORDER BY name_folded, id LIMIT ?4",
        )
        .bind(words.map(|words| like_inside(&fold(words))))
        .bind(name)
        .bind(id)
        .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(document).collect::<Result<_>>()?;
        Ok(paged(items, page, |d: &DocumentRecord| (fold(&d.name), d.id.uuid())))
    }

    async fn all_documents(&mut self) -> Result<Vec<DocumentRecord>> {
        let found = query("SELECT * FROM documents ORDER BY created_at, id");
        all(self.connection()?, found).await?.iter().map(document).collect()
    }

    async fn document_figures(
        &mut self,
        ids: &[DocumentId],
        range: TimeRange,
    ) -> Result<Vec<(DocumentId, DocumentFigures)>> {
        let (from, to) = bounds(range);
        let found = query(
            "SELECT v.document_id, count(*) AS opens, count(DISTINCT a.person_id) AS people,
               avg(min(1.0, v.pages_seen * 1.0 / v.pages)) AS share_read, sum(v.read_ms) AS read_ms,
               sum(v.searches) AS searches, sum(v.downloads > 0) AS downloads, sum(v.prints > 0) AS prints
             FROM (SELECT unhex(value) AS id FROM json_each(?1)) wanted
               CROSS JOIN document_views v ON v.document_id = wanted.id
               LEFT JOIN activities a ON a.kind = 'document' AND a.at = v.opened_at AND a.id = v.activity_id
             WHERE v.opened_at >= ?2 AND v.opened_at < ?3
             GROUP BY v.document_id",
        )
        .bind(hexes(ids.iter().map(|id| id.uuid())))
        .bind(from)
        .bind(to);
        let rows = all(self.connection()?, found).await?;
        rows.iter().map(|row| Ok((row.id("document_id")?, figures(row)?))).collect()
    }

    async fn document_pages(&mut self, id: DocumentId, range: TimeRange) -> Result<Vec<PageFigures>> {
        let (from, to) = bounds(range);
        let found = query(
            "SELECT CAST(j.key AS INTEGER) AS page, count(*) AS views, sum(j.value) AS ms
             FROM document_views v CROSS JOIN json_each(v.reading, '$.pages') j
             WHERE v.document_id = ? AND v.opened_at >= ? AND v.opened_at < ?
             GROUP BY 1 ORDER BY 1",
        )
        .bind(id.uuid())
        .bind(from)
        .bind(to);
        let read = |row: &SqliteRow| {
            Ok(PageFigures { page: row.int("page")?, views: row.int("views")?, ms: row.int("ms")? })
        };
        all(self.connection()?, found).await?.iter().map(read).collect()
    }

    async fn document_searches(
        &mut self,
        id: DocumentId,
        range: TimeRange,
        limit: u32,
    ) -> Result<Vec<(String, u64)>> {
        let (from, to) = bounds(range);
        let found = query(
            "SELECT min(j.value) AS words, count(*) AS n
             FROM document_views v CROSS JOIN json_each(v.reading, '$.searches') j
             WHERE v.document_id = ? AND v.opened_at >= ? AND v.opened_at < ? AND v.searches > 0
             GROUP BY lower(j.value) ORDER BY n DESC, lower(j.value) LIMIT ?",
        )
        .bind(id.uuid())
        .bind(from)
        .bind(to)
        .bind(limit);
        let rows = all(self.connection()?, found).await?;
        rows.iter().map(|row| Ok((row.text("words")?, row.int("n")?))).collect()
    }

    async fn document_openings(
        &mut self,
        id: DocumentId,
        range: TimeRange,
        page: &PageRequest,
    ) -> Result<Page<DocumentOpening>> {
        let (from, to) = bounds(range);
        let (at, last) = after_time(page)?;
        let found = query(
            "SELECT v.*, p.id AS person_id, p.email AS person_email,
               nullif(coalesce(p.attributes ->> '$.full_name',
                 trim(coalesce(p.attributes ->> '$.first_name', '') || ' ' || coalesce(p.attributes ->> '$.last_name', ''))
               ), '') AS person_name
             FROM document_views v
               LEFT JOIN activities a ON a.kind = 'document' AND a.at = v.opened_at AND a.id = v.activity_id
               LEFT JOIN people p ON p.id = a.person_id
             WHERE v.document_id = ? AND v.opened_at >= ? AND v.opened_at < ? AND (v.opened_at, v.activity_id) < (?, ?)
             ORDER BY v.opened_at DESC, v.activity_id DESC LIMIT ?",
        )
        .bind(id.uuid())
        .bind(from)
        .bind(to)
        .bind(at)
        .bind(last)
        .bind(limit(page));
        let rows = all(self.connection()?, found).await?;
        let items = rows.iter().map(opening).collect::<Result<_>>()?;
        Ok(paged(items, page, |opening: &DocumentOpening| {
            (to_millis(opening.view.opened_at), opening.view.activity_id.uuid())
        }))
    }

    async fn document_views(&mut self, activities: &[ActivityId]) -> Result<Vec<DocumentView>> {
        let found = query(
            "SELECT * FROM document_views WHERE activity_id IN (SELECT unhex(value) FROM json_each(?))",
        )
        .bind(hexes(activities.iter().map(|id| id.uuid())));
        all(self.connection()?, found).await?.iter().map(view).collect()
    }

    async fn last_document_view(
        &mut self,
        conversation: ConversationId,
        card: &str,
    ) -> Result<Option<DocumentView>> {
        let found = query(
            "SELECT * FROM document_views WHERE conversation_id = ? AND card_id = ?
             ORDER BY opened_at DESC, activity_id DESC LIMIT 1",
        )
        .bind(conversation.uuid())
        .bind(card.to_owned());
        one(self.connection()?, found).await?.as_ref().map(view).transpose()
    }
}

#[async_trait]
impl DocumentWrites for Handle<Turn> {
    async fn insert_document(&mut self, document: &DocumentRecord) -> Result<()> {
        let insert = query(
            "INSERT INTO documents (id, name, name_folded, file_id, size, pages, source_url, content_version, created_at,
               created_by, updated_at, version)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(document.id.uuid())
        .bind(document.name.clone())
        .bind(fold(&document.name))
        .bind(document.file.uuid())
        .bind(i64::try_from(document.size).unwrap_or(i64::MAX))
        .bind(document.pages)
        .bind(document.source_url.clone())
        .bind(document.content_version)
        .bind(to_millis(document.created_at))
        .bind(document.created_by.map(UserId::uuid))
        .bind(to_millis(document.updated_at))
        .bind(document.version);
        run(self.connection()?, insert).await.map(drop)
    }

    async fn update_document(&mut self, document: &DocumentRecord) -> Result<()> {
        let update = query(
            "UPDATE documents SET name = ?, name_folded = ?, file_id = ?, size = ?, pages = ?, source_url = ?,
               content_version = ?, updated_at = ?, version = version + 1
             WHERE id = ? AND version = ?",
        )
        .bind(document.name.clone())
        .bind(fold(&document.name))
        .bind(document.file.uuid())
        .bind(i64::try_from(document.size).unwrap_or(i64::MAX))
        .bind(document.pages)
        .bind(document.source_url.clone())
        .bind(document.content_version)
        .bind(to_millis(document.updated_at))
        .bind(document.id.uuid())
        .bind(document.version);
        if run(self.connection()?, update).await? > 0 {
            return Ok(());
        }
        let there = query("SELECT 1 FROM documents WHERE id = ?").bind(document.id.uuid());
        match one(self.connection()?, there).await? {
            Some(_) => Err(StoreError::Stale),
            None => Err(StoreError::NotFound),
        }
    }

    async fn delete_document(&mut self, id: DocumentId) -> Result<()> {
        run_found(self.connection()?, query("DELETE FROM documents WHERE id = ?").bind(id.uuid())).await
    }

    async fn insert_document_views(&mut self, views: &[DocumentView]) -> Result<()> {
        let rows: Vec<_> = views
            .iter()
            .map(|v| {
                json!([
                    hex(v.activity_id.uuid()),
                    hex(v.document_id.uuid()),
                    hex(v.dialogue_id.uuid()),
                    v.conversation_id.map(|id| hex(id.uuid())),
                    v.card_id,
                    to_millis(v.opened_at),
                    v.pages,
                    v.reading,
                    v.reading.pages_seen(),
                    v.reading.total_ms(),
                    v.reading.search_count,
                    v.reading.downloads,
                    v.reading.prints,
                    to_millis(v.updated_at),
                ])
            })
            .collect();
        let insert = query(
            "INSERT INTO document_views (activity_id, document_id, dialogue_id, conversation_id, card_id, opened_at,
               pages, reading, pages_seen, read_ms, searches, downloads, prints, updated_at)
             SELECT unhex(value ->> 0), unhex(value ->> 1), unhex(value ->> 2), unhex(value ->> 3), value ->> 4,
               value ->> 5, value ->> 6, value -> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11,
               value ->> 12, value ->> 13
             FROM json_each(?)",
        )
        .bind(json(&rows)?);
        run(self.connection()?, insert).await.map(drop)
    }

    async fn save_document_view(&mut self, view: &DocumentView) -> Result<()> {
        let reading = &view.reading;
        let update = query(
            "UPDATE document_views SET reading = ?, pages_seen = ?, read_ms = ?, searches = ?, downloads = ?, prints = ?,
               updated_at = ?
             WHERE activity_id = ?",
        )
        .bind(json(reading)?)
        .bind(reading.pages_seen())
        .bind(i64::try_from(reading.total_ms()).unwrap_or(i64::MAX))
        .bind(reading.search_count)
        .bind(reading.downloads)
        .bind(reading.prints)
        .bind(to_millis(view.updated_at))
        .bind(view.activity_id.uuid());
        run_found(self.connection()?, update).await
    }

    async fn note_document_event(
        &mut self,
        activity: ActivityId,
        client_id: &str,
        digest: &str,
        at: Timestamp,
    ) -> Result<Option<String>> {
        let note = query(
            "INSERT INTO document_events (activity_id, client_id, digest, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(activity.uuid())
        .bind(client_id.to_owned())
        .bind(digest.to_owned())
        .bind(to_millis(at));
        if run(self.connection()?, note).await? > 0 {
            return Ok(None);
        }
        let noted = query("SELECT digest FROM document_events WHERE activity_id = ? AND client_id = ?")
            .bind(activity.uuid())
            .bind(client_id.to_owned());
        one(self.connection()?, noted).await?.map(|row| row.text("digest")).transpose()
    }

    async fn expire_document_events(&mut self, before: Timestamp, limit: u32) -> Result<u64> {
        let delete = query(
            "DELETE FROM document_events WHERE (activity_id, client_id) IN (
               SELECT activity_id, client_id FROM document_events WHERE at < ? ORDER BY at LIMIT ?)",
        )
        .bind(to_millis(before))
        .bind(limit);
        run(self.connection()?, delete).await
    }
}
