//! The visitor's profile: what every page view needs, in one statement that yields one row (or one for each of many).

use crate::{
    codec::{Columns, all, uuids},
    people::person,
    unit::Unit,
};
use kernel::{ConversationId, DialogueId, Domain, ListId, Timestamp, VersionId, VisitId, VisitorId, millis};
use people::{AttributeMap, Company};
use serde::Deserialize;
use serde_json::Value as Json;
use sqlx::{postgres::PgRow, query};
use std::collections::BTreeMap;
use store::{ConversationMark, SiteScope, StoreError, Visit, Visitor, VisitorProfile};
use uuid::Uuid;

/// Times inside the documents are milliseconds since 1970.
macro_rules! profiles {
    ($rest:literal) => {
        concat!(
            "SELECT p.*,
      v.id AS visitor_id, v.token_hash, v.rung AS visitor_rung, v.language, v.dismissed_at,
      v.created_at AS visitor_created_at, v.last_seen_at AS visitor_seen_at, v.person_id AS visitor_person_id,
      (SELECT jsonb_build_array(c.id, c.name, c.attributes, c.owner_id, ms(c.created_at), ms(c.updated_at), c.version,
          ARRAY(SELECT d.domain FROM company_domains d WHERE d.company_id = c.id ORDER BY d.position))
        FROM companies c WHERE c.id = p.company_id) AS company,
      (SELECT jsonb_build_array(s.id, s.number, ms(s.started_at), ms(s.last_at), s.pages, s.visible_ms, s.dialogue_ms,
          s.attributes)
        FROM visits s WHERE s.visitor_id = v.id ORDER BY s.started_at DESC, s.id DESC LIMIT 1) AS visit,
      (SELECT jsonb_agg(jsonb_build_array(t.id, t.dialogue_id, t.version_id, ms(t.triggered_at), ms(t.engaged_at),
          ms(t.completed_at), ms(t.dropped_at), ms(t.dismissed_at), ms(t.last_visitor_at), t.shown_at)
          ORDER BY t.triggered_at, t.id)
        FROM conversations t WHERE t.visitor_id = v.id AND t.site_id = v.site_id AND t.person_id IS NOT NULL
      ) AS conversations,
      ARRAY(SELECT m.list_id FROM list_members m WHERE m.person_id = p.id) AS lists
    FROM visitors v JOIN people p ON p.id = v.person_id
    WHERE v.site_id = $1 AND v.revoked_at IS NULL AND ",
            $rest
        )
    };
}

/// Of the visitor with a token.
const BY_TOKEN: &str = profiles!("v.token_hash = $2");
/// Of many visitors by id.
const BY_IDS: &str = profiles!("v.id = ANY($2)");

#[derive(Deserialize)]
struct CompanyRow(Uuid, String, AttributeMap, Option<Uuid>, i64, i64, i64, Vec<Domain>);

#[derive(Deserialize)]
struct VisitRow(Uuid, u32, i64, i64, u32, u64, BTreeMap<Uuid, u64>, Json);

#[derive(Deserialize)]
struct MarkRow(Uuid, Uuid, Uuid, i64, Option<i64>, Option<i64>, Option<i64>, Option<i64>, i64, Vec<i64>);

pub(crate) async fn read(
    unit: &mut Unit,
    site: SiteScope,
    token_hash: &[u8; 32],
) -> Result<Option<VisitorProfile>, StoreError> {
    let found = query(BY_TOKEN).bind(site.site().uuid()).bind(token_hash.as_slice());
    unit.row(found).await?.as_ref().map(profile).transpose()
}

pub(crate) async fn read_many(
    unit: &mut Unit,
    site: SiteScope,
    visitors: &[VisitorId],
) -> Result<Vec<VisitorProfile>, StoreError> {
    let found = query(BY_IDS).bind(site.site().uuid()).bind(uuids(visitors, VisitorId::uuid));
    all(&unit.rows(found).await?, profile)
}

fn profile(row: &PgRow) -> Result<VisitorProfile, StoreError> {
    let visitor = visitor(row)?;
    let visit: Option<VisitRow> = row.maybe_json("visit")?;
    let marks: Option<Vec<MarkRow>> = row.maybe_json("conversations")?;
    let lists: Vec<Uuid> = row.column("lists")?;
    Ok(VisitorProfile {
        person: person(row)?,
        company: row.maybe_json::<CompanyRow>("company")?.map(company),
        visit: visit.map(|visit| latest(visit, &visitor)),
        conversations: marks.unwrap_or_default().into_iter().map(mark).collect(),
        lists: lists.into_iter().map(ListId::from).collect(),
        visitor,
    })
}

fn visitor(row: &PgRow) -> Result<Visitor, StoreError> {
    Ok(Visitor {
        id: row.id("visitor_id")?,
        token_hash: row.hash("token_hash")?,
        person_id: row.id("visitor_person_id")?,
        rung: row.word("visitor_rung")?,
        language: row.maybe_text("language")?,
        dismissed_at: row.maybe_at("dismissed_at")?,
        created_at: row.at("visitor_created_at")?,
        last_seen_at: row.at("visitor_seen_at")?,
        revoked_at: None,
    })
}

fn company(row: CompanyRow) -> Company {
    let CompanyRow(id, name, attributes, owner, created_at, updated_at, version, domains) = row;
    Company {
        id: id.into(),
        name,
        domains,
        attributes,
        owner_id: owner.map(Into::into),
        created_at: millis(created_at),
        updated_at: millis(updated_at),
        version,
    }
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
    let maybe = |ms: Option<i64>| -> Option<Timestamp> { ms.map(millis) };
    ConversationMark {
        id: ConversationId::from(id),
        dialogue_id: DialogueId::from(dialogue),
        version_id: VersionId::from(version),
        triggered_at: millis(triggered),
        engaged_at: maybe(engaged),
        completed_at: maybe(completed),
        dropped_at: maybe(dropped),
        dismissed_at: maybe(dismissed),
        last_visitor_at: millis(last_visitor),
        shown_at: shown.into_iter().map(millis).collect(),
    }
}
