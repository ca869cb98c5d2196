//! Dialogues: drafts, their checks, publishing, versions.
//!
//! A draft may be anything that has the right shape; what keeps it from being published is found by [`checks`]. Publishing
//! freezes it as an immutable version; conversations are pinned to versions, so nothing that is said is ever changed.

pub mod canvas;
pub mod checks;
pub mod editing;
pub mod report;
pub mod report_sheet;
mod shapes;
pub mod span;
pub mod templates;

pub use checks::{Checked, FoundProblem};
pub use shapes::{
    Author, Counts, DialoguePatch, DialogueSummary, DialogueView, Draft, NewDialogue, PublishedView,
    VersionContent, VersionView,
};

use crate::{
    App, AppError, FieldError,
    access::Actor,
    audit::{self, Note},
    conversations::trigger::tx_session,
    goals,
    rehearsals::scripts,
    sites::configuration_changed,
};
use kernel::{DialogueId, Locale, SiteId, UserId};
use serde_json::json;
use std::collections::BTreeMap;
use store::{
    DialogueContent, DialogueFilter, DialogueKind, DialogueRecord, DialogueVersion, Page, PageRequest,
    PublicationState, Session, SiteScope, Tx,
};

/// Names a dialogue or a flow: an id is only good for its own kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handle {
    /// Dialogue or flow.
    pub kind: DialogueKind,
    /// Which.
    pub id: DialogueId,
}

impl Handle {
    /// A conversational flow.
    pub const fn flow(id: DialogueId) -> Self {
        Self { kind: DialogueKind::Flow, id }
    }
    const fn noun(self) -> &'static str {
        noun(self.kind)
    }
    /// The record, when it is of this kind.
    pub(crate) async fn find(self, session: &mut dyn Session) -> Result<DialogueRecord, AppError> {
        let found = session.dialogue(self.id).await?.filter(|record| record.kind == self.kind);
        found.ok_or(AppError::NotFound(self.noun()))
    }
}

impl From<DialogueId> for Handle {
    fn from(id: DialogueId) -> Self {
        Self { kind: DialogueKind::Dialogue, id }
    }
}

impl From<&DialogueRecord> for Handle {
    fn from(record: &DialogueRecord) -> Self {
        Self { kind: record.kind, id: record.id }
    }
}

const fn noun(kind: DialogueKind) -> &'static str {
    match kind {
        DialogueKind::Dialogue => "dialogue",
        DialogueKind::Flow => "flow",
    }
}

/// An entry of the audit log about a dialogue or flow.
fn note(record: &DialogueRecord, what: What) -> Note {
    let action = match (record.kind, what) {
        (DialogueKind::Dialogue, What::Created) => "dialogue.created",
        (DialogueKind::Dialogue, What::Updated) => "dialogue.updated",
        (DialogueKind::Dialogue, What::Published) => "dialogue.published",
        (DialogueKind::Dialogue, What::Unpublished) => "dialogue.unpublished",
        (DialogueKind::Dialogue, What::Deleted) => "dialogue.deleted",
        (DialogueKind::Flow, What::Created) => "flow.created",
        (DialogueKind::Flow, What::Updated) => "flow.updated",
        (DialogueKind::Flow, What::Published) => "flow.published",
        (DialogueKind::Flow, What::Unpublished) => "flow.unpublished",
        (DialogueKind::Flow, What::Deleted) => "flow.deleted",
    };
    Note::new(action, noun(record.kind)).of(record.id, &record.name)
}

#[derive(Clone, Copy)]
enum What {
    Created,
    Updated,
    Published,
    Unpublished,
    Deleted,
}

async fn author(session: &mut dyn Session, id: Option<UserId>) -> Result<Option<Author>, AppError> {
    let Some(id) = id else { return Ok(None) };
    let name = session.user(id).await?.map(|user| user.name).unwrap_or_default();
    Ok(Some(Author { id, name }))
}

/// Names of all users at once, for lists.
pub(crate) async fn authors(session: &mut dyn Session) -> Result<Vec<Author>, AppError> {
    let users = session.users().await?;
    Ok(users.into_iter().map(|user| Author { id: user.id, name: user.name }).collect())
}

pub(crate) fn named(authors: &[Author], id: Option<UserId>) -> Option<Author> {
    let id = id?;
    let known = authors.iter().find(|author| author.id == id).cloned();
    Some(known.unwrap_or(Author { id, name: String::new() }))
}

fn summary(record: &DialogueRecord, counts: Counts, authors: &[Author]) -> DialogueSummary {
    let published = record.published.as_ref();
    DialogueSummary {
        id: record.id,
        kind: record.kind,
        site_id: record.site_id,
        name: record.name.clone(),
        description: record.description.clone(),
        state: record.state,
        enabled: record.enabled,
        priority: record.priority,
        draft_version: record.draft_version,
        has_unpublished_changes: published.is_some_and(|p| p.draft_version != record.draft_version),
        published: published.map(|p| PublishedView { version: p.number, at: p.at, by: named(authors, p.by) }),
        counts,
        created_at: record.created_at,
        updated_at: record.updated_at,
        updated_by: named(authors, record.updated_by),
    }
}

async fn view(session: &mut dyn Session, record: DialogueRecord) -> Result<DialogueView, AppError> {
    let counts = session.dialogue_counts(&[record.id], None).await?;
    let counts = counts.first().map(|(_, counts)| (*counts).into()).unwrap_or_default();
    let mut names = Vec::new();
    let ids = [record.updated_by, record.published.as_ref().and_then(|published| published.by)];
    for id in ids {
        names.extend(author(session, id).await?);
    }
    let mut summary = summary(&record, counts, &names);
    summary.has_unpublished_changes = differs(session, &record).await?;
    Ok(DialogueView { summary, draft: record.draft.into() })
}

/// Renaming and switching raise the draft's version too; only another content is an unpublished change.
async fn differs(session: &mut dyn Session, record: &DialogueRecord) -> Result<bool, AppError> {
    let Some(published) = &record.published else { return Ok(true) };
    if published.draft_version == record.draft_version {
        return Ok(false);
    }
    let version = session.version(published.version_id).await?;
    Ok(version.is_none_or(|version| !says_the_same(&version, record)))
}

/// Where the cards stand on the canvas and what the tests are, no visitor notices.
pub(crate) fn says_the_same(version: &DialogueVersion, record: &DialogueRecord) -> bool {
    let bare = |content: &DialogueContent| DialogueContent {
        layout: BTreeMap::new(),
        tests: Vec::new(),
        ..content.clone()
    };
    version.name == record.name && bare(&version.content) == bare(&record.draft)
}

/// Dialogues by priority, then age.
pub async fn list(
    app: &App,
    filter: &DialogueFilter,
    page: &PageRequest,
) -> Result<Page<DialogueSummary>, AppError> {
    let mut session = app.store().read().await?;
    let found = session.dialogues(filter, page).await?;
    let ids: Vec<DialogueId> = found.items.iter().map(|record| record.id).collect();
    let counts = session.dialogue_counts(&ids, None).await?;
    let names = authors(&mut *session).await?;
    let mut items = Vec::with_capacity(found.items.len());
    for record in &found.items {
        let counts = counts.iter().find(|(id, _)| *id == record.id).map(|(_, counts)| (*counts).into());
        let mut summary = summary(record, counts.unwrap_or_default(), &names);
        summary.has_unpublished_changes = differs(&mut *session, record).await?;
        items.push(summary);
    }
    Ok(Page { items, next: found.next })
}

/// One dialogue.
pub async fn get(app: &App, handle: impl Into<Handle>) -> Result<DialogueView, AppError> {
    let mut session = app.store().read().await?;
    let record = handle.into().find(&mut *session).await?;
    view(&mut *session, record).await
}

/// Makes a dialogue: empty, or from a template.
pub async fn create(app: &App, actor: &Actor, new: NewDialogue) -> Result<DialogueView, AppError> {
    create_kind(app, actor, DialogueKind::Dialogue, new).await
}

/// Makes a dialogue or flow: empty, or from a template.
pub async fn create_kind(
    app: &App,
    actor: &Actor,
    kind: DialogueKind,
    new: NewDialogue,
) -> Result<DialogueView, AppError> {
    let mut errors = Vec::new();
    let name = checked_name(&new.name, &mut errors);
    let draft = match new.template.as_deref() {
        None => Some(templates::empty()),
        Some(key) => templates::find(key),
    };
    if draft.is_none() {
        errors.push(FieldError::new("/template", "option", "is not the key of a template"));
    }
    let (Some(draft), true) = (draft, errors.is_empty()) else { return Err(AppError::Invalid(errors)) };
    let mut tx = app.store().begin().await?;
    if tx.site(new.site_id).await?.is_none() {
        return Err(AppError::invalid("/site_id", "unknown", "is not a site"));
    }
    // Goals of a template are there when it is: it can be published as it is.
    goals::ensure_in(app, &mut *tx, actor, draft.stream.goals()).await?;
    let record = DialogueRecord { kind, ..fresh(app, actor, new.site_id, name, String::new(), draft) };
    insert(app, tx, actor, record).await
}

/// Makes a copy that is a draft.
pub async fn duplicate(
    app: &App,
    actor: &Actor,
    handle: impl Into<Handle>,
) -> Result<DialogueView, AppError> {
    let handle = handle.into();
    let mut tx = app.store().begin().await?;
    let original = handle.find(tx_session(&mut *tx)).await?;
    let name: String = format!("Copy of {}", original.name).chars().take(100).collect();
    let mut record = fresh(app, actor, original.site_id, name, original.description, original.draft);
    record.priority = original.priority;
    record.kind = original.kind;
    insert(app, tx, actor, record).await
}

pub(crate) fn fresh(
    app: &App,
    actor: &Actor,
    site_id: SiteId,
    name: String,
    description: String,
    draft: DialogueContent,
) -> DialogueRecord {
    let now = app.now();
    DialogueRecord {
        id: app.id(now),
        site_id,
        kind: DialogueKind::Dialogue,
        name,
        description,
        priority: 1,
        enabled: true,
        state: PublicationState::Draft,
        draft,
        draft_version: 1,
        published: None,
        created_at: now,
        updated_at: now,
        updated_by: actor.user_id(),
    }
}

async fn insert(
    app: &App,
    mut tx: Box<dyn Tx>,
    actor: &Actor,
    record: DialogueRecord,
) -> Result<DialogueView, AppError> {
    tx.insert_dialogue(&record).await?;
    audit::write(app, &mut *tx, actor, note(&record, What::Created)).await?;
    tx.commit().await?;
    get(app, &record).await
}

fn checked_name(text: &str, errors: &mut Vec<FieldError>) -> String {
    let name = text.trim().to_owned();
    if !(1..=100).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        errors.push(FieldError::new("/name", "text", "must have 1 to 100 characters"));
    }
    name
}

/// Changes a dialogue; `version` is the draft version that the change is based on.
pub async fn update(
    app: &App,
    actor: &Actor,
    handle: impl Into<Handle>,
    version: Option<i64>,
    patch: DialoguePatch,
) -> Result<DialogueView, AppError> {
    let handle = handle.into();
    let mut tx = app.store().begin().await?;
    let mut record = handle.find(tx_session(&mut *tx)).await?;
    if version.is_some_and(|version| version != record.draft_version) {
        return Err(AppError::Stale);
    }
    let live = patch.priority.is_some_and(|p| p != record.priority)
        || patch.enabled.is_some_and(|e| e != record.enabled);
    let changed = patch_into(&mut record, patch)?;
    record.updated_at = app.now();
    record.updated_by = actor.user_id();
    tx.update_dialogue(&record).await?;
    // Every keystroke saves the draft; what matters to others is what goes live.
    if changed != ["draft"] {
        let note = note(&record, What::Updated).details(json!({ "changed": changed }));
        audit::write(app, &mut *tx, actor, note).await?;
    }
    tx.commit().await?;
    if live && record.state == PublicationState::Published {
        configuration_changed(app).await?;
    }
    get(app, handle).await
}

pub(crate) fn patch_into(
    record: &mut DialogueRecord,
    patch: DialoguePatch,
) -> Result<Vec<&'static str>, AppError> {
    let (mut errors, mut changed) = (Vec::new(), Vec::new());
    if let Some(name) = patch.name {
        record.name = checked_name(&name, &mut errors);
        changed.push("name");
    }
    if let Some(description) = patch.description {
        if description.chars().count() > 1_000 || kernel::text::has_forbidden_controls(&description) {
            errors.push(FieldError::new("/description", "too_long", "must have at most 1000 characters"));
        }
        record.description = description;
        changed.push("description");
    }
    if let Some(priority) = patch.priority {
        if !(1..=10_000).contains(&priority) {
            errors.push(FieldError::new("/priority", "range", "must be between 1 and 10000"));
        }
        record.priority = priority;
        changed.push("priority");
    }
    if let Some(enabled) = patch.enabled {
        record.enabled = enabled;
        changed.push("enabled");
    }
    if let Some(draft) = patch.draft {
        check_shape(&draft, &mut errors);
        record.draft = draft.into();
        changed.push("draft");
    }
    if errors.is_empty() { Ok(changed) } else { Err(AppError::Invalid(errors)) }
}

/// Limits that hold for drafts too; everything else is found by the checks before publishing.
fn check_shape(draft: &Draft, errors: &mut Vec<FieldError>) {
    if draft.language != "auto" && Locale::from_tag(&draft.language).is_none() {
        let reason = "must be auto or one of the widget's languages";
        errors.push(FieldError::new("/draft/language", "option", reason));
    }
    if draft.tests.len() > stream::script::MAX_SCRIPTS
        || draft.tests.iter().any(|test| test.steps.len() > stream::script::MAX_STEPS)
    {
        let reason = "must have at most 100 tests of 200 steps";
        errors.push(FieldError::new("/draft/tests", "too_many", reason));
    }
    if draft.layout.len() > stream::MAX_CARDS {
        errors.push(FieldError::new("/draft/layout", "too_many", "must have at most one place a card"));
    }
    if draft.stream.cards.len() > stream::MAX_CARDS {
        let reason = format!("must have at most {} cards", stream::MAX_CARDS);
        errors.push(FieldError::new("/draft/stream/cards", "too_many", reason));
    }
}

/// Publishes the draft as a new version; fails with everything that [`checks::check`] calls an error.
pub async fn publish(app: &App, actor: &Actor, handle: impl Into<Handle>) -> Result<DialogueView, AppError> {
    let handle = handle.into();
    let mut tx = app.store().begin().await?;
    let record = handle.find(tx_session(&mut *tx)).await?;
    let mut checked = checks::of_record(&mut *tx, &record).await?;
    checked.errors.extend(scripts::failures(app, &record)?);
    if !checked.errors.is_empty() {
        return Err(AppError::Invalid(checked.errors.into_iter().map(checks::as_field).collect()));
    }
    publish_in(app, &mut *tx, actor, &record).await?;
    tx.commit().await?;
    configuration_changed(app).await?;
    get(app, handle).await
}

/// Makes a draft that was checked the live version.
pub(crate) async fn publish_in(
    app: &App,
    tx: &mut dyn Tx,
    actor: &Actor,
    record: &DialogueRecord,
) -> Result<(), AppError> {
    let now = app.now();
    let version = DialogueVersion {
        id: app.id(now),
        dialogue_id: record.id,
        number: record.published.as_ref().map_or(0, |published| published.number) + 1,
        name: record.name.clone(),
        content: record.draft.clone(),
        draft_version: record.draft_version,
        created_at: now,
        created_by: actor.user_id(),
    };
    tx.publish_version(&version).await?;
    let note = note(record, What::Published).details(json!({ "version": version.number }));
    audit::write(app, tx, actor, note).await
}

/// Takes a dialogue off; engaged conversations go on.
pub async fn unpublish(
    app: &App,
    actor: &Actor,
    handle: impl Into<Handle>,
) -> Result<DialogueView, AppError> {
    let handle = handle.into();
    let mut tx = app.store().begin().await?;
    let record = handle.find(tx_session(&mut *tx)).await?;
    if record.state != PublicationState::Published {
        return Err(AppError::Conflict(format!("the {} is not published", handle.noun())));
    }
    refuse_if_run(tx_session(&mut *tx), &record).await?;
    tx.set_dialogue_state(record.id, PublicationState::Unpublished, app.now()).await?;
    audit::write(app, &mut *tx, actor, note(&record, What::Unpublished)).await?;
    tx.commit().await?;
    configuration_changed(app).await?;
    get(app, handle).await
}

/// Removes a dialogue with its versions and conversations.
pub async fn delete(app: &App, actor: &Actor, handle: impl Into<Handle>) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let record = handle.into().find(tx_session(&mut *tx)).await?;
    refuse_if_run(tx_session(&mut *tx), &record).await?;
    tx.delete_dialogue(record.id).await?;
    audit::write(app, &mut *tx, actor, note(&record, What::Deleted)).await?;
    tx.commit().await?;
    configuration_changed(app).await
}

/// A flow that something published runs stays.
pub(crate) async fn refuse_if_run(
    session: &mut dyn Session,
    record: &DialogueRecord,
) -> Result<(), AppError> {
    let live = session.published_dialogues(SiteScope::new(record.site_id)).await?;
    let mut runners =
        live.iter().filter(|other| other.version.content.stream.flows().any(|id| id == record.id));
    match runners.next() {
        Some(runner) => {
            let sentence = format!(
                "“{}” runs this flow: publish it without, or unpublish it, first",
                runner.dialogue.name
            );
            Err(AppError::Conflict(sentence))
        }
        None => Ok(()),
    }
}

fn version_view(version: &DialogueVersion, authors: &[Author]) -> VersionView {
    let by = named(authors, version.created_by);
    VersionView { version: version.number, at: version.created_at, by }
}

/// All versions, newest first.
pub async fn versions(app: &App, handle: impl Into<Handle>) -> Result<Vec<VersionView>, AppError> {
    let mut session = app.store().read().await?;
    let record = handle.into().find(&mut *session).await?;
    let names = authors(&mut *session).await?;
    Ok(session.versions(record.id).await?.iter().map(|version| version_view(version, &names)).collect())
}

/// One version with its content.
pub async fn version(app: &App, handle: impl Into<Handle>, number: u32) -> Result<VersionContent, AppError> {
    let mut session = app.store().read().await?;
    let record = handle.into().find(&mut *session).await?;
    let versions = session.versions(record.id).await?;
    let found = versions.into_iter().find(|version| version.number == number);
    let version = found.ok_or(AppError::NotFound("version"))?;
    let names = author(&mut *session, version.created_by).await?;
    let shown = version_view(&version, names.as_slice());
    Ok(VersionContent { version: shown, draft: version.content.into() })
}
