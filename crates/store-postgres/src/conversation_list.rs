//! Conversations as the console lists them: with the names of site, dialogue and person. Those of erased people are only
//! counted, never listed.

use crate::{
    codec::{At, Columns, word},
    conversations::conversation,
    paging::{Filter, NewestFirst, anywhere},
    reports::key_of,
    unit::Unit,
};
use kernel::{ConversationId, DialogueId, PersonId, text::fold};
use sqlx::postgres::PgRow;
use store::{ConversationFilter, ConversationRow, Figure, Page, PageRequest, StoreError};

const LIST: NewestFirst = NewestFirst {
    select: "SELECT c.*, s.name AS site_name, d.name AS dialogue_name, d.kind AS dialogue_kind, p.email AS person_email,
               nullif(coalesce(p.attributes ->> 'full_name',
                 trim(concat_ws(' ', p.attributes ->> 'first_name', p.attributes ->> 'last_name'))), '') AS person_name,
               (SELECT count(*) FROM messages m WHERE m.conversation_id = c.id AND NOT m.superseded) AS messages
             FROM conversations c JOIN sites s ON s.id = c.site_id JOIN dialogues d ON d.id = c.dialogue_id
               LEFT JOIN people p ON p.id = c.person_id",
    time: "c.triggered_at",
    id: "c.id",
};

fn listed(row: &PgRow) -> Result<ConversationRow, StoreError> {
    Ok(ConversationRow {
        conversation: conversation(row)?,
        site_name: row.text("site_name")?,
        dialogue_name: row.text("dialogue_name")?,
        dialogue_kind: row.word("dialogue_kind")?,
        person_name: row.maybe_text("person_name")?,
        person_email: row.maybe_text("person_email")?,
        messages: row.count("messages")?,
    })
}

fn visible() -> Filter {
    let mut filter = Filter::new();
    filter.and("c.person_id IS NOT NULL".to_owned());
    filter
}

pub(crate) async fn one(unit: &mut Unit, id: ConversationId) -> Result<Option<ConversationRow>, StoreError> {
    let mut wanted = visible();
    wanted.when("c.id = {}", Some(id.uuid()))?;
    let page = LIST.page(unit, wanted, &PageRequest::first(1), listed).await?;
    Ok(page.items.into_iter().next())
}

pub(crate) async fn page(
    unit: &mut Unit,
    filter: &ConversationFilter,
    page: &PageRequest,
) -> Result<Page<ConversationRow>, StoreError> {
    let mut wanted = visible();
    wanted.when("c.stage = {}", filter.stage.as_ref().map(word))?;
    wanted.when("c.dialogue_id = {}", filter.dialogue.map(DialogueId::uuid))?;
    wanted.when(
        "c.person_id = coalesce((SELECT person_id FROM person_aliases WHERE id = {}), {})",
        filter.person.map(PersonId::uuid),
    )?;
    counted(&mut wanted, filter)?;
    if let Some((cut, key)) = &filter.part {
        wanted.when(&format!("{} = {{}}", key_of(*cut)), Some(key))?;
    }
    wanted.when(
        "(d.name_folded LIKE {} OR p.email LIKE {}
          OR coalesce(p.folded ->> 'full_name', lower(p.attributes ->> 'full_name')) LIKE {}
          OR concat_ws(' ', coalesce(p.folded ->> 'first_name', lower(p.attributes ->> 'first_name')),
               coalesce(p.folded ->> 'last_name', lower(p.attributes ->> 'last_name'))) LIKE {})",
        filter.query.as_deref().map(|words| anywhere(&fold(words))),
    )?;
    LIST.page(unit, wanted, page, listed).await
}

/// Those that a figure counts in the span of the filter.
fn counted(wanted: &mut Filter, filter: &ConversationFilter) -> Result<(), StoreError> {
    match filter.figure.unwrap_or(Figure::Triggered) {
        Figure::Triggered => staged(wanted, filter, "c.triggered_at"),
        Figure::Engaged => staged(wanted, filter, "c.engaged_at"),
        Figure::Completed => staged(wanted, filter, "c.completed_at"),
        Figure::Acquired => staged(wanted, filter, "c.acquired_at"),
        Figure::Goals => told(wanted, filter, ("goal", "goal")),
        Figure::Documents => told(wanted, filter, ("document", "document_name")),
    }
}

fn staged(wanted: &mut Filter, filter: &ConversationFilter, time: &str) -> Result<(), StoreError> {
    wanted.and(format!("{time} IS NOT NULL"));
    wanted.when(&format!("{time} >= {{}}"), filter.from.map(At))?;
    wanted.when(&format!("{time} < {{}}"), filter.to.map(At))?;
    // Stages have no names.
    wanted.when("{}::text IS NULL", filter.named.as_ref())
}

fn told(
    wanted: &mut Filter,
    filter: &ConversationFilter,
    (kind, name): (&str, &str),
) -> Result<(), StoreError> {
    let mut told = vec![format!("a.kind = '{kind}'")];
    if let Some(dialogue) = filter.dialogue {
        told.push(format!("a.dialogue_id = {}", wanted.bind(dialogue.uuid())?));
    }
    if let Some(from) = filter.from {
        told.push(format!("a.at >= {}", wanted.bind(At(from))?));
    }
    if let Some(to) = filter.to {
        told.push(format!("a.at < {}", wanted.bind(At(to))?));
    }
    if let Some(named) = &filter.named {
        let named = wanted.bind(named)?;
        // A goal is told under every name that it had.
        let former = format!(
            "OR a.attributes ->> 'goal' IN (
               SELECT jsonb_array_elements_text(g.names) FROM goals g WHERE g.name = {named})"
        );
        let former = if kind == "goal" { former.as_str() } else { "" };
        told.push(format!("(a.attributes ->> '{name}' = {named} {former})"));
    }
    wanted.and(format!("c.id IN (SELECT a.conversation_id FROM activities a WHERE {})", told.join(" AND ")));
    Ok(())
}
