//! The visitor's profile: what every page view needs, in one statement that yields one row (or one for each of many).

use crate::{
    companies,
    error::{Result, corrupt},
    people::person,
    rows::{Columns, all, hexes, one},
};
use kernel::{ConversationId, DialogueId, ListId, Timestamp, VersionId, VisitId, VisitorId, millis};
use serde::Deserialize;
use serde_json::Value as Json;
use sqlx::{SqliteConnection, query, sqlite::SqliteRow};
use store::{ConversationMark, SiteScope, Visit, Visitor, VisitorProfile};
use uuid::Uuid;

// The plus keeps SQLite from reading all conversations of the site instead of those of the visitor.
macro_rules! profiles {
    ($rest:literal) => {
        concat!(
            "SELECT p.*, (SELECT o.origin FROM shared_origins o WHERE o.pk = p.shared_origin) AS shared,
      v.id AS visitor_id, v.token_hash, v.rung AS visitor_rung, v.language, v.dismissed_at,
      v.created_at AS visitor_created_at, v.last_seen_at AS visitor_seen_at, v.person_id AS visitor_person_id,
      (SELECT json_object('id', hex(c.id), 'name', c.name, 'attributes', json(c.attributes),
          'owner_id', hex(c.owner_id), 'created_at', c.created_at, 'updated_at', c.updated_at, 'version', c.version,
          'domains', json((SELECT json_group_array(domain ORDER BY position) FROM company_domains d
            WHERE d.company_id = c.id)))
        FROM companies c WHERE c.id = p.company_id) AS company,
      (SELECT json_array(hex(s.id), s.number, s.started_at, s.last_at, s.pages, s.visible_ms, json(s.dialogue_ms),
          json(s.attributes))
        FROM visits s WHERE s.visitor_id = v.id ORDER BY s.started_at DESC, s.id DESC LIMIT 1) AS visit,
      (SELECT json_group_array(json_array(hex(t.id), hex(t.dialogue_id), hex(t.version_id), t.triggered_at,
          t.engaged_at, t.completed_at, t.dropped_at, t.dismissed_at, t.last_visitor_at, json(t.shown_at))
          ORDER BY t.triggered_at, t.id)
        FROM conversations t WHERE t.visitor_id = v.id AND +t.site_id = v.site_id AND t.person_id IS NOT NULL
      ) AS conversations,
      (SELECT json_group_array(hex(m.list_id)) FROM list_members m WHERE m.person_id = p.id) AS lists
    FROM visitors v JOIN people p ON p.id = v.person_id
    WHERE v.site_id = ?1 AND v.revoked_at IS NULL AND ",
            $rest
        )
    };
}

/// Of the visitor with a token.
const BY_TOKEN: &str = profiles!("v.token_hash = ?2");
/// Of many visitors by id.
const BY_IDS: &str = profiles!("v.id IN (SELECT unhex(value) FROM json_each(?2))");

#[derive(Deserialize)]
struct VisitRow(Uuid, u32, i64, i64, u32, u64, std::collections::BTreeMap<Uuid, u64>, Json);

#[derive(Deserialize)]
struct MarkRow(Uuid, Uuid, Uuid, i64, Option<i64>, Option<i64>, Option<i64>, Option<i64>, i64, Vec<i64>);

pub(crate) async fn read(
    connection: &mut SqliteConnection,
    site: SiteScope,
    token_hash: &[u8; 32],
) -> Result<Option<VisitorProfile>> {
    let found = query(BY_TOKEN).bind(site.site().uuid()).bind(token_hash.to_vec());
    one(connection, found).await?.as_ref().map(profile).transpose()
}

pub(crate) async fn read_many(
    connection: &mut SqliteConnection,
    site: SiteScope,
    visitors: &[VisitorId],
) -> Result<Vec<VisitorProfile>> {
    let found = query(BY_IDS).bind(site.site().uuid()).bind(hexes(visitors.iter().map(|id| id.uuid())));
    all(connection, found).await?.iter().map(profile).collect()
}

fn profile(row: &SqliteRow) -> Result<VisitorProfile> {
    let visitor = Visitor {
        id: row.id("visitor_id")?,
        token_hash: row.hash("token_hash")?,
        person_id: row.id("visitor_person_id")?,
        rung: row.word("visitor_rung")?,
        language: row.opt_text("language")?,
        dismissed_at: row.opt_at("dismissed_at")?,
        created_at: row.at("visitor_created_at")?,
        last_seen_at: row.at("visitor_seen_at")?,
        revoked_at: None,
    };
    let company: Option<Json> = row.opt_json("company")?;
    let visit: Option<VisitRow> = row.opt_json("visit")?;
    let marks: Vec<MarkRow> = row.json("conversations")?;
    let lists: Vec<Uuid> = row.json("lists")?;
    Ok(VisitorProfile {
        person: person(row)?,
        company: company.as_ref().map(companies::from_json).transpose().map_err(corrupt)?,
        visit: visit.map(|visit| latest(visit, &visitor)),
        conversations: marks.into_iter().map(mark).collect(),
        lists: lists.into_iter().map(ListId::from).collect(),
        visitor,
    })
}

fn latest(row: VisitRow, visitor: &Visitor) -> Visit {
    let VisitRow(id, number, started_at, last_at, pages, visible_ms, dialogue_ms, attributes) = row;
    Visit {
        id: VisitId::from(id),
        visitor_id: visitor.id,
        number,
        started_at: millis(started_at),
        last_at: millis(last_at),
        pages,
        visible_ms,
        dialogue_ms: dialogue_ms.into_iter().map(|(id, ms)| (DialogueId::from(id), ms)).collect(),
        attributes,
    }
}

fn mark(row: MarkRow) -> ConversationMark {
    let MarkRow(
        id,
        dialogue,
        version,
        triggered,
        engaged,
        completed,
        dropped,
        dismissed,
        last_visitor,
        shown,
    ) = row;
    let opt = |ms: Option<i64>| -> Option<Timestamp> { ms.map(millis) };
    ConversationMark {
        id: ConversationId::from(id),
        dialogue_id: DialogueId::from(dialogue),
        version_id: VersionId::from(version),
        triggered_at: millis(triggered),
        engaged_at: opt(engaged),
        completed_at: opt(completed),
        dropped_at: opt(dropped),
        dismissed_at: opt(dismissed),
        last_visitor_at: millis(last_visitor),
        shown_at: shown.into_iter().map(millis).collect(),
    }
}
