//! The activity log of a person, with what stands elsewhere: that an import made it, and how opened documents were read.

use crate::{App, AppError, documents};
use engagement::{Activity, ActivityType};
use kernel::{ActivityId, ImportId, PersonId};
use people::{Person, SourceKind};
use serde_json::{Map, json};
use store::{Page, PageRequest, Session};

/// Activities of a person, newest first. A person whom an import made has no row for that in the log (it would cost as much
/// as the person); the entry is made here out of the record's origin and comes last.
pub async fn activities(
    app: &App,
    id: PersonId,
    kind: Option<ActivityType>,
    page: &PageRequest,
) -> Result<Page<Activity>, AppError> {
    let mut session = app.store().read().await?;
    let person = session.person(id).await?.ok_or(AppError::NotFound("person"))?;
    let mut found = session.activities_of(person.id, kind, page).await?;
    documents::reading::join(&mut *session, &mut found.items).await?;
    let wanted = kind.is_none_or(|kind| kind == ActivityType::Imported);
    if wanted && found.next.is_none() {
        found.items.extend(made_by_import(&mut *session, &person).await?);
    }
    Ok(found)
}

/// The entry *imported* of a person made by an import; none for others.
pub(super) async fn made_by_import(
    session: &mut dyn Session,
    person: &Person,
) -> Result<Option<Activity>, AppError> {
    if person.base_origin.source != SourceKind::Import {
        return Ok(None);
    }
    let id = person.base_origin.detail.clone();
    let import = match id.as_ref().and_then(|id| id.parse::<ImportId>().ok()) {
        Some(id) => session.import(id).await?,
        None => None,
    };
    let mut attributes = Map::new();
    attributes.insert("import".to_owned(), json!(id));
    if let Some(import) = import {
        attributes.insert("import_name".to_owned(), json!(import.name));
    }
    Ok(Some(Activity {
        id: ActivityId::from(person.id.uuid()),
        kind: ActivityType::Imported,
        person_id: person.id,
        visitor_id: None,
        site_id: None,
        dialogue_id: None,
        conversation_id: None,
        at: person.created_at,
        attributes,
    }))
}
