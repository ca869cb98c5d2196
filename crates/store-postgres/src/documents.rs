//! The library of documents, and how visitors read them.

use crate::{
    codec::{At, Columns, all, document as as_document, instant, maybe_id, uuids},
    paging::{Filter, NewestFirst, anywhere, cut, fixed},
    table::Table,
    unit::Unit,
};
use async_trait::async_trait;
use kernel::{ActivityId, ConversationId, Cursor, DocumentId, Timestamp, UserId, millis, text::fold};
use serde_json::{Value as Json, json};
use sqlx::{postgres::PgRow, query};
use store::{
    DocumentFigures, DocumentOpening, DocumentReads, DocumentRecord, DocumentView, DocumentWrites, Page,
    PageFigures, PageRequest, StoreError, TimeRange,
};
use uuid::Uuid;

const DOCUMENTS: Table = Table {
    name: "documents",
    key: "id",
    columns: "id, name, name_folded, file_id, size, pages, source_url, content_version, created_at, created_by, updated_at, version",
    changeable: "name, name_folded, file_id, size, pages, source_url, content_version, updated_at, version",
};
const VIEWS: Table = Table {
    name: "document_views",
    key: "activity_id",
    columns: "activity_id, document_id, dialogue_id, conversation_id, card_id, opened_at, pages, reading, pages_seen, \
        read_ms, searches, downloads, prints, updated_at",
    changeable: "reading, pages_seen, read_ms, searches, downloads, prints, updated_at",
};

fn document(row: &PgRow) -> Result<DocumentRecord, StoreError> {
    Ok(DocumentRecord {
        id: row.id("id")?,
        name: row.text("name")?,
        file: row.id("file_id")?,
        size: row.count("size")?,
        pages: row.small("pages")?,
        source_url: row.maybe_text("source_url")?,
        content_version: row.small("content_version")?,
        created_at: row.at("created_at")?,
        created_by: row.maybe_id("created_by")?,
        updated_at: row.at("updated_at")?,
        version: row.long("version")?,
    })
}

fn as_row(document: &DocumentRecord, version: i64) -> Json {
    json!({
        "id": document.id.uuid(),
        "name": document.name,
        "name_folded": fold(&document.name),
        "file_id": document.file.uuid(),
        "size": document.size,
        "pages": document.pages,
        "source_url": document.source_url,
        "content_version": document.content_version,
        "created_at": instant(document.created_at),
        "created_by": maybe_id(document.created_by.map(UserId::uuid)),
        "updated_at": instant(document.updated_at),
        "version": version,
    })
}

fn view(row: &PgRow) -> Result<DocumentView, StoreError> {
    Ok(DocumentView {
        activity_id: row.id("activity_id")?,
        document_id: row.id("document_id")?,
        dialogue_id: row.id("dialogue_id")?,
        conversation_id: row.maybe_id("conversation_id")?,
        card_id: row.text("card_id")?,
        opened_at: row.at("opened_at")?,
        pages: row.small("pages")?,
        reading: row.json("reading")?,
        updated_at: row.at("updated_at")?,
    })
}

fn view_row(view: &DocumentView) -> Result<Json, StoreError> {
    let reading = &view.reading;
    Ok(json!({
        "activity_id": view.activity_id.uuid(),
        "document_id": view.document_id.uuid(),
        "dialogue_id": view.dialogue_id.uuid(),
        "conversation_id": maybe_id(view.conversation_id.map(ConversationId::uuid)),
        "card_id": view.card_id,
        "opened_at": instant(view.opened_at),
        "pages": view.pages,
        "reading": as_document(reading)?,
        "pages_seen": reading.pages_seen(),
        "read_ms": reading.total_ms(),
        "searches": reading.search_count,
        "downloads": reading.downloads,
        "prints": reading.prints,
        "updated_at": instant(view.updated_at),
    }))
}

const OPENINGS: NewestFirst = NewestFirst {
    select: "SELECT v.*, p.id AS person_id, p.email AS person_email,
               nullif(coalesce(p.attributes ->> 'full_name',
                 trim(concat_ws(' ', p.attributes ->> 'first_name', p.attributes ->> 'last_name'))), '') AS person_name
             FROM document_views v
               LEFT JOIN activities a ON a.kind = 'document' AND a.at = v.opened_at AND a.id = v.activity_id
               LEFT JOIN people p ON p.id = a.person_id",
    time: "v.opened_at",
    id: "v.activity_id",
};

fn opening(row: &PgRow) -> Result<DocumentOpening, StoreError> {
    Ok(DocumentOpening {
        view: view(row)?,
        person_id: row.maybe_id("person_id")?,
        person_name: row.maybe_text("person_name")?,
        person_email: row.maybe_text("person_email")?,
    })
}

fn figures(row: &PgRow) -> Result<DocumentFigures, StoreError> {
    Ok(DocumentFigures {
        opens: row.count("opens")?,
        people: row.count("people")?,
        share_read: row.column("share_read")?,
        read_ms: row.count("read_ms")?,
        searches: row.count("searches")?,
        downloads: row.count("downloads")?,
        prints: row.count("prints")?,
    })
}

/// All time is from 1970 to 9999.
fn bounds(range: TimeRange) -> (At, At) {
    let (from, to) = range.unwrap_or((millis(0), millis(253_402_214_400_000)));
    (At(from), At(to))
}

#[async_trait]
impl DocumentReads for Unit {
    async fn document(&mut self, id: DocumentId) -> Result<Option<DocumentRecord>, StoreError> {
        let found = query("SELECT * FROM documents WHERE id = $1").bind(id.uuid());
        self.row(found).await?.as_ref().map(document).transpose()
    }

    async fn documents(
        &mut self,
        words: Option<&str>,
        page: &PageRequest,
    ) -> Result<Page<DocumentRecord>, StoreError> {
        let mut wanted = Filter::new();
        wanted.when("name_folded LIKE {}", words.map(|words| anywhere(&fold(words))))?;
        if let Some(cursor) = &page.cursor {
            let (name, id): (String, Uuid) = cursor.key()?;
            let (name, id) = (wanted.bind(name)?, wanted.bind(id)?);
            wanted.and(format!("(name_folded, id) > ({name}, {id})"));
        }
        let limit = page.limit.clamp(1, 200);
        let sql = format!(
            "SELECT * FROM documents {} ORDER BY name_folded, id LIMIT {}",
            wanted.clause(),
            limit + 1
        );
        let rows = self.rows(wanted.statement(sql)).await?;
        cut(&rows, limit, document, |row| {
            Ok(Cursor::of(&(row.text("name_folded")?, row.column::<Uuid>("id")?)))
        })
    }

    async fn all_documents(&mut self) -> Result<Vec<DocumentRecord>, StoreError> {
        all(&self.rows(fixed("SELECT * FROM documents ORDER BY created_at, id")).await?, document)
    }

    async fn document_figures(
        &mut self,
        ids: &[DocumentId],
        range: TimeRange,
    ) -> Result<Vec<(DocumentId, DocumentFigures)>, StoreError> {
        let (from, to) = bounds(range);
        let found = query(
            "SELECT v.document_id, count(*) AS opens, count(DISTINCT a.person_id) AS people,
               avg(least(1.0, v.pages_seen::float8 / v.pages)) AS share_read, sum(v.read_ms)::bigint AS read_ms,
               sum(v.searches) AS searches, count(*) FILTER (WHERE v.downloads > 0) AS downloads,
               count(*) FILTER (WHERE v.prints > 0) AS prints
             FROM document_views v
               LEFT JOIN activities a ON a.kind = 'document' AND a.at = v.opened_at AND a.id = v.activity_id
             WHERE v.document_id = ANY($1) AND v.opened_at >= $2 AND v.opened_at < $3
             GROUP BY v.document_id",
        )
        .bind(uuids(ids, DocumentId::uuid))
        .bind(from)
        .bind(to);
        all(&self.rows(found).await?, |row| Ok((row.id("document_id")?, figures(row)?)))
    }

    async fn document_pages(
        &mut self,
        id: DocumentId,
        range: TimeRange,
    ) -> Result<Vec<PageFigures>, StoreError> {
        let (from, to) = bounds(range);
        let found = query(
            "SELECT p.key::integer AS page, count(*) AS views, sum(p.value::bigint)::bigint AS ms
             FROM document_views v CROSS JOIN jsonb_each_text(v.reading -> 'pages') p
             WHERE v.document_id = $1 AND v.opened_at >= $2 AND v.opened_at < $3
             GROUP BY 1 ORDER BY 1",
        )
        .bind(id.uuid())
        .bind(from)
        .bind(to);
        all(&self.rows(found).await?, |row| {
            Ok(PageFigures { page: row.small("page")?, views: row.count("views")?, ms: row.count("ms")? })
        })
    }

    async fn document_searches(
        &mut self,
        id: DocumentId,
        range: TimeRange,
        limit: u32,
    ) -> Result<Vec<(String, u64)>, StoreError> {
        let (from, to) = bounds(range);
        let found = query(
            "SELECT min(s.value COLLATE \"C\") AS words, count(*) AS n
             FROM document_views v CROSS JOIN jsonb_array_elements_text(v.reading -> 'searches') s (value)
             WHERE v.document_id = $1 AND v.opened_at >= $2 AND v.opened_at < $3 AND v.searches > 0
             GROUP BY lower(s.value) ORDER BY n DESC, lower(s.value) COLLATE \"C\" LIMIT $4",
        )
        .bind(id.uuid())
        .bind(from)
        .bind(to)
        .bind(i64::from(limit));
        all(&self.rows(found).await?, |row| Ok((row.text("words")?, row.count("n")?)))
    }

    async fn document_openings(
        &mut self,
        id: DocumentId,
        range: TimeRange,
        page: &PageRequest,
    ) -> Result<Page<DocumentOpening>, StoreError> {
        let (from, to) = bounds(range);
        let mut wanted = Filter::new();
        wanted.when("v.document_id = {}", Some(id.uuid()))?;
        wanted.when("v.opened_at >= {}", Some(from))?;
        wanted.when("v.opened_at < {}", Some(to))?;
        OPENINGS.page(self, wanted, page, opening).await
    }

    async fn document_views(&mut self, activities: &[ActivityId]) -> Result<Vec<DocumentView>, StoreError> {
        let found = query("SELECT * FROM document_views WHERE activity_id = ANY($1)");
        all(&self.rows(found.bind(uuids(activities, ActivityId::uuid))).await?, view)
    }

    async fn last_document_view(
        &mut self,
        conversation: ConversationId,
        card: &str,
    ) -> Result<Option<DocumentView>, StoreError> {
        let found = query(
            "SELECT * FROM document_views WHERE conversation_id = $1 AND card_id = $2
             ORDER BY opened_at DESC, activity_id DESC LIMIT 1",
        );
        self.row(found.bind(conversation.uuid()).bind(card)).await?.as_ref().map(view).transpose()
    }
}

#[async_trait]
impl DocumentWrites for Unit {
    async fn insert_document(&mut self, document: &DocumentRecord) -> Result<(), StoreError> {
        let row = as_row(document, document.version);
        DOCUMENTS.insert(self.connection(), &[row]).await.map(drop)
    }

    async fn update_document(&mut self, document: &DocumentRecord) -> Result<(), StoreError> {
        let row = as_row(document, document.version + 1);
        if DOCUMENTS.update(self.connection(), &[row], "AND t.version = r.version - 1").await? > 0 {
            return Ok(());
        }
        match self.document(document.id).await? {
            Some(_) => Err(StoreError::Stale),
            None => Err(StoreError::NotFound),
        }
    }

    async fn delete_document(&mut self, id: DocumentId) -> Result<(), StoreError> {
        self.run_on_one(query("DELETE FROM documents WHERE id = $1").bind(id.uuid())).await
    }

    async fn insert_document_views(&mut self, views: &[DocumentView]) -> Result<(), StoreError> {
        let rows = views.iter().map(view_row).collect::<Result<Vec<_>, _>>()?;
        VIEWS.insert(self.connection(), &rows).await.map(drop)
    }

    async fn save_document_view(&mut self, view: &DocumentView) -> Result<(), StoreError> {
        let row = view_row(view)?;
        if VIEWS.update(self.connection(), &[row], "").await? == 0 {
            return Err(StoreError::NotFound);
        }
        Ok(())
    }

    async fn note_document_event(
        &mut self,
        activity: ActivityId,
        client_id: &str,
        digest: &str,
        at: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let note = query(
            "INSERT INTO document_events (activity_id, client_id, digest, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
        )
        .bind(activity.uuid())
        .bind(client_id)
        .bind(digest)
        .bind(At(at));
        if self.run(note).await? > 0 {
            return Ok(None);
        }
        let noted = query("SELECT digest FROM document_events WHERE activity_id = $1 AND client_id = $2")
            .bind(activity.uuid())
            .bind(client_id);
        self.row(noted).await?.map(|row| row.text("digest")).transpose()
    }

    async fn expire_document_events(&mut self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        let delete = query(
            "DELETE FROM document_events WHERE (activity_id, client_id) IN (
               SELECT activity_id, client_id FROM document_events WHERE at < $1 ORDER BY at LIMIT $2)",
        )
        .bind(At(before))
        .bind(i64::from(limit));
        self.run(delete).await
    }
}
