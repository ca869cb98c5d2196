//! Everything about a person as one JSON document (spec 08, GDPR).

use super::activities::made_by_import;
use crate::access::Actor;
use crate::audit::{self, Note};
use crate::documents::reading;
use crate::{App, AppError};
use engagement::summary;
use kernel::{PersonId, VisitorId};
use serde_json::{Value, json};
use store::{ConversationFilter, PageRequest, Session};

/// The document; the access stands in the audit log.
pub async fn document(app: &App, actor: &Actor, id: PersonId) -> Result<Value, AppError> {
    let detail = super::show(app, id).await?;
    let person = &detail.row.person;
    let mut session = app.store().read().await?;
    let document = json!({
        "format": "usher-person/1",
        "exported_at": app.now(),
        "person": person,
        "origins": detail.origins,
        "company": detail.row.company.as_ref().map(|(id, name)| json!({ "id": id, "name": name })),
        "owner": detail.row.owner.as_ref().map(|(_, name)| name),
        "lists": detail.lists.iter().map(|list| list.name.clone()).collect::<Vec<_>>(),
        "visitors": visitors(&mut *session, person.id).await?,
        "conversations": conversations(&mut *session, person.id).await?,
        "activities": activities(&mut *session, person).await?,
    });
    audit::write_alone(app, actor, Note::new("person.exported", "person").with_id(person.id)).await?;
    Ok(document)
}

async fn visitors(session: &mut dyn Session, person: PersonId) -> Result<Vec<Value>, AppError> {
    let mut all = Vec::new();
    for (site, visitor) in session.visitors_of(person).await? {
        let views = page_views(session, visitor.id).await?;
        all.push(json!({
            "id": visitor.id, "site": site.site(), "language": visitor.language, "identity": visitor.rung,
            "first_seen_at": visitor.created_at, "last_seen_at": visitor.last_seen_at, "page_views": views,
        }));
    }
    Ok(all)
}

async fn page_views(session: &mut dyn Session, visitor: VisitorId) -> Result<Vec<Value>, AppError> {
    let mut page = PageRequest::first(200);
    let mut all = Vec::new();
    loop {
        let found = session.page_views_of(visitor, &page).await?;
        all.extend(found.items.iter().map(|v| json!({ "url": v.url, "title": v.title, "at": v.at })));
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => return Ok(all),
        }
    }
}

async fn conversations(session: &mut dyn Session, person: PersonId) -> Result<Vec<Value>, AppError> {
    let filter = ConversationFilter { person: Some(person), ..ConversationFilter::default() };
    let mut page = PageRequest::first(200);
    let mut all = Vec::new();
    loop {
        let found = session.conversations(&filter, &page).await?;
        for row in found.items {
            let conversation = row.conversation;
            let said = session.messages(conversation.id, 0).await?;
            let said = said.iter().map(|m| {
                json!({ "seq": m.seq, "from": m.from, "kind": m.kind, "body": m.body, "at": m.at, "superseded": m.superseded })
            });
            all.push(json!({
                "id": conversation.id, "site": row.site_name, "dialogue": row.dialogue_name,
                "page_url": conversation.page_url, "state": conversation.stage,
                "started_at": conversation.triggered_at, "engaged_at": conversation.engaged_at,
                "completed_at": conversation.completed_at, "goals": conversation.goals,
                "messages": said.collect::<Vec<_>>(),
            }));
        }
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => return Ok(all),
        }
    }
}

async fn activities(session: &mut dyn Session, person: &people::Person) -> Result<Vec<Value>, AppError> {
    let mut page = PageRequest::first(200);
    let mut all = Vec::new();
    loop {
        let mut found = session.activities_of(person.id, None, &page).await?;
        reading::join(session, &mut found.items).await?;
        all.extend(found.items);
        match found.next {
            Some(next) => page.cursor = Some(next),
            None => break,
        }
    }
    all.extend(made_by_import(session, person).await?);
    let entry = |activity: &engagement::Activity| json!({ "at": activity.at, "type": activity.kind, "summary": summary(activity), "attributes": activity.attributes });
    Ok(all.iter().map(entry).collect())
}
