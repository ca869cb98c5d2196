//! Conversations as the console lists them: with the names of site, dialogue and person. Those of erased people are only
//! counted, never listed.

use crate::{
    conversations::conversation,
    error::Result,
    reports::key_of,
    rows::{self, Columns, after_time, all, like_inside, limit, opt_ms, paged, word},
};
use kernel::{ConversationId, DialogueId, PersonId, text::fold, to_millis};
use sqlx::{AssertSqlSafe, SqliteConnection, query, sqlite::SqliteRow};
use store::{ConversationFilter, ConversationRow, Cut, Figure, Page, PageRequest};

/// The conversations that somebody may still see: those of erased people are only counted.
macro_rules! select_rows {
    ($rest:literal) => {
        concat!(
            "SELECT c.*, s.name AS site_name, d.name AS dialogue_name, d.kind AS dialogue_kind, p.email AS person_email,
               nullif(coalesce(p.attributes ->> '$.full_name',
                 trim(coalesce(p.attributes ->> '$.first_name', '') || ' ' || coalesce(p.attributes ->> '$.last_name', ''))
               ), '') AS person_name,
               (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND m.superseded = 0) AS messages
             FROM conversations c JOIN sites s ON s.id = c.site_id JOIN dialogues d ON d.id = c.dialogue_id
               LEFT JOIN people p ON p.id = c.person_id
             WHERE c.person_id IS NOT NULL ",
            $rest
        )
    };
}

fn listed(row: &SqliteRow) -> Result<ConversationRow> {
    Ok(ConversationRow {
        conversation: conversation(row)?,
        site_name: row.text("site_name")?,
        dialogue_name: row.text("dialogue_name")?,
        dialogue_kind: row.word("dialogue_kind")?,
        person_name: row.opt_text("person_name")?,
        person_email: row.opt_text("person_email")?,
        messages: row.int("messages")?,
    })
}

pub(crate) async fn one(
    connection: &mut SqliteConnection,
    id: ConversationId,
) -> Result<Option<ConversationRow>> {
    let found = query(select_rows!("AND c.id = ?")).bind(id.uuid());
    rows::one(connection, found).await?.as_ref().map(listed).transpose()
}

/// Those that the figure of a filter counts. In all conditions here `?2` is the dialogue, `?5` and `?6` are the span, which
/// is without end where the filter says nothing, and `?10` is the name.
fn counted(filter: &ConversationFilter) -> String {
    let staged = |time: &str| format!("AND c.{time} >= ?5 AND c.{time} < ?6 AND ?10 IS NULL");
    let of_dialogue = if filter.dialogue.is_some() { "AND a.dialogue_id = ?2" } else { "" };
    let told = |kind: &str, name: &str, former: &str| {
        format!(
            "AND c.id IN (SELECT a.conversation_id FROM activities a
               WHERE a.kind = '{kind}' {of_dialogue} AND a.at >= ?5 AND a.at < ?6
                 AND (?10 IS NULL OR a.attributes ->> '$.{name}' = ?10 {former}))"
        )
    };
    // A goal is told under every name that it had.
    let former = "OR a.attributes ->> '$.goal' IN (
                   SELECT j.value FROM goals g CROSS JOIN json_each(g.names) j WHERE g.name = ?10)";
    match filter.figure.unwrap_or(Figure::Triggered) {
        Figure::Triggered => staged("triggered_at"),
        Figure::Engaged => staged("engaged_at"),
        Figure::Completed => staged("completed_at"),
        Figure::Acquired => staged("acquired_at"),
        Figure::Goals => told("goal", "goal", former),
        Figure::Documents => told("document", "document_name", ""),
    }
}

fn statement(filter: &ConversationFilter) -> String {
    let counted = counted(filter);
    let key = key_of(filter.part.as_ref().map_or(Cut::Device, |(cut, _)| *cut));
    format!(
        "{} {counted} AND (?11 IS NULL OR {key} = ?11) ORDER BY c.triggered_at DESC, c.id DESC LIMIT ?9",
        select_rows!(
            "AND (?1 IS NULL OR c.stage = ?1) AND (?2 IS NULL OR c.dialogue_id = ?2)
               AND (?3 IS NULL OR c.person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = ?3), ?3))
               AND (?4 IS NULL OR d.name_folded LIKE ?4 ESCAPE '\\' OR p.email LIKE ?4 ESCAPE '\\'
                 OR coalesce(p.folded ->> '$.full_name', lower(p.attributes ->> '$.full_name')) LIKE ?4 ESCAPE '\\'
                 OR coalesce(p.folded ->> '$.first_name', lower(p.attributes ->> '$.first_name'), '') || ' '
                   || coalesce(p.folded ->> '$.last_name', lower(p.attributes ->> '$.last_name'), '')
                   LIKE ?4 ESCAPE '\\')
               AND (c.triggered_at, c.id) < (?7, ?8)"
        )
    )
}

pub(crate) async fn page(
    connection: &mut SqliteConnection,
    filter: &ConversationFilter,
    page: &PageRequest,
) -> Result<Page<ConversationRow>> {
    let (at, id) = after_time(page)?;
    let found = query(AssertSqlSafe(statement(filter)))
        .bind(filter.stage.map(word))
        .bind(filter.dialogue.map(DialogueId::uuid))
        .bind(filter.person.map(PersonId::uuid))
        .bind(filter.query.as_deref().map(|words| like_inside(&fold(words))))
        .bind(opt_ms(filter.from).unwrap_or(i64::MIN))
        .bind(opt_ms(filter.to).unwrap_or(i64::MAX))
        .bind(at)
        .bind(id)
        .bind(limit(page))
        .bind(filter.named.clone())
        .bind(filter.part.as_ref().map(|(_, key)| key.clone()));
    let rows = all(connection, found).await?;
    let items = rows.iter().map(listed).collect::<Result<_>>()?;
    Ok(paged(items, page, |row: &ConversationRow| {
        (to_millis(row.conversation.triggered_at), row.conversation.id.uuid())
    }))
}
