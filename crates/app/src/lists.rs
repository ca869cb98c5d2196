//! Lists: fixed sets of people.

use crate::access::Actor;
use crate::audit::{self, Note};
use crate::users::checked_name;
use crate::{App, AppError};
use bus::Hint;
use engagement::{Activity, ActivityType};
use kernel::{ListId, PersonId, Timestamp};
use serde_json::{Map, json};
use store::{ListRecord, StoreError, Tx};

/// Most people put on a list or taken off by one request.
pub const MOST_AT_ONCE: usize = 10_000;

/// All lists by name.
pub async fn list(app: &App) -> Result<Vec<ListRecord>, AppError> {
    Ok(app.store().read().await?.lists().await?)
}

/// One list.
pub async fn show(app: &App, id: ListId) -> Result<ListRecord, AppError> {
    let lists = list(app).await?;
    lists.into_iter().find(|one| one.id == id).ok_or(AppError::NotFound("list"))
}

async fn find(tx: &mut dyn Tx, id: ListId) -> Result<ListRecord, AppError> {
    tx.lists().await?.into_iter().find(|one| one.id == id).ok_or(AppError::NotFound("list"))
}

fn name_taken(error: StoreError) -> AppError {
    match error {
        StoreError::Taken { what: "lists.name" } => {
            AppError::invalid("/name", "taken", "is the name of another list")
        }
        other => other.into(),
    }
}

/// Makes a list.
pub async fn create(app: &App, actor: &Actor, name: &str) -> Result<ListRecord, AppError> {
    let mut tx = app.store().begin().await?;
    let list = create_in(app, &mut *tx, actor, name).await?;
    tx.commit().await?;
    app.hint(Hint::Configuration);
    Ok(list)
}

/// Makes a list within a unit of work.
pub(crate) async fn create_in(
    app: &App,
    tx: &mut dyn Tx,
    actor: &Actor,
    name: &str,
) -> Result<ListRecord, AppError> {
    let now = app.now();
    let list = ListRecord { id: app.id(now), name: checked_name(name, "/name")?, size: 0, created_at: now };
    tx.insert_list(&list).await.map_err(name_taken)?;
    audit::write(app, tx, actor, Note::new("list.created", "list").of(list.id, &list.name)).await?;
    Ok(list)
}

/// Renames a list.
pub async fn rename(app: &App, actor: &Actor, id: ListId, name: &str) -> Result<ListRecord, AppError> {
    let name = checked_name(name, "/name")?;
    let mut tx = app.store().begin().await?;
    let before = find(&mut *tx, id).await?;
    tx.rename_list(id, &name).await.map_err(name_taken)?;
    let note = Note::new("list.renamed", "list").of(id, &name).details(json!({ "before": before.name }));
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    app.hint(Hint::Configuration);
    Ok(ListRecord { name, ..before })
}

/// Removes a list; the people stay.
pub async fn delete(app: &App, actor: &Actor, id: ListId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let list = find(&mut *tx, id).await?;
    tx.delete_list(id).await?;
    audit::write(app, &mut *tx, actor, Note::new("list.deleted", "list").of(id, &list.name)).await?;
    tx.commit().await?;
    app.hint(Hint::Configuration);
    Ok(())
}

/// Puts people on a list; who becomes a member gets an activity. Unknown ids are refused together.
pub async fn add(app: &App, actor: &Actor, id: ListId, people: &[PersonId]) -> Result<ListRecord, AppError> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let list = find(&mut *tx, id).await?;
    let people = resolved(&mut *tx, people).await?;
    let added = tx.add_to_list(id, &people, actor.user_id(), now).await?;
    log(app, &mut *tx, actor, &list, ActivityType::ListAdded, &added, now).await?;
    tx.commit().await?;
    app.hint(Hint::Configuration);
    show(app, id).await
}

/// Takes people off a list.
pub async fn remove(
    app: &App,
    actor: &Actor,
    id: ListId,
    people: &[PersonId],
) -> Result<ListRecord, AppError> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let list = find(&mut *tx, id).await?;
    let removed = tx.remove_from_list(id, people).await?;
    log(app, &mut *tx, actor, &list, ActivityType::ListRemoved, &removed, now).await?;
    tx.commit().await?;
    app.hint(Hint::Configuration);
    show(app, id).await
}

/// Ids of merged people lead to the survivors; an id of nobody is refused.
async fn resolved(tx: &mut dyn Tx, ids: &[PersonId]) -> Result<Vec<PersonId>, AppError> {
    if ids.is_empty() || ids.len() > MOST_AT_ONCE {
        return Err(AppError::invalid("/person_ids", "length", "has no person, or more than 10,000"));
    }
    let mut people = Vec::with_capacity(ids.len());
    for (index, id) in ids.iter().enumerate() {
        let unknown = || AppError::invalid(format!("/person_ids/{index}"), "option", "is not a person");
        people.push(tx.person(*id).await?.ok_or_else(unknown)?.id);
    }
    people.sort_unstable();
    people.dedup();
    Ok(people)
}

async fn log(
    app: &App,
    tx: &mut dyn Tx,
    actor: &Actor,
    list: &ListRecord,
    kind: ActivityType,
    people: &[PersonId],
    now: Timestamp,
) -> Result<(), AppError> {
    if people.is_empty() {
        return Ok(());
    }
    let details = json!({ "list": list.id, "list_name": list.name, "by": actor.name });
    let attributes = details.as_object().cloned().unwrap_or_else(Map::new);
    let activity = |person: &PersonId| Activity {
        id: app.id(now),
        kind,
        person_id: *person,
        visitor_id: None,
        site_id: None,
        dialogue_id: None,
        conversation_id: None,
        at: now,
        attributes: attributes.clone(),
    };
    let activities: Vec<Activity> = people.iter().map(activity).collect();
    tx.append_activities(&activities).await?;
    let action = if kind == ActivityType::ListAdded { "list.people_added" } else { "list.people_removed" };
    let note = Note::new(action, "list").of(list.id, &list.name).details(json!({ "people": people.len() }));
    audit::write(app, tx, actor, note).await
}
