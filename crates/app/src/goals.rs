//! Goals: what visitors are meant to reach, shared by dialogues and flows.
//!
//! Streams call a goal by a name. A goal that is renamed keeps the names it had, so that published versions, drafts,
//! texts and activities go on to mean it: renaming changes one row, and no stream. Names are compared without case and
//! accents.

use crate::{
    App, AppError,
    access::Actor,
    audit::{self, Note},
    dialogues::{Author, authors, named as author_named},
    library::{Use, Uses, all_dialogues, checked_range, named},
    sites::configuration_changed,
};
use kernel::{GoalId, Timestamp, text::fold};
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use store::{GoalFigures, GoalRecord, Session, SiteScope, StoreError, Tx};
use stream::{CardKind, ScriptStep};
use utoipa::ToSchema;

/// The longest name, in characters.
pub const MAX_NAME: usize = 100;

/// A goal.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Goal)]
pub struct GoalView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: GoalId,
    /// What it is called.
    pub name: String,
    /// Names that it had before; streams that use one mean this goal.
    pub former_names: Vec<String>,
    /// Times it was reached; every time counts.
    pub reached: u64,
    /// Different people who reached it; erased people are not among them.
    pub people: u64,
    /// Dialogues and flows with a card for it.
    pub used_in: Vec<Use>,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// By whom; none for the command line and tokens, and for goals that streams had before there was a library.
    pub created_by: Option<Author>,
}

/// Which goal is meant by a name.
#[derive(Debug, Clone, Default)]
pub struct GoalNames {
    by_name: HashMap<String, (GoalId, String)>,
}

impl GoalNames {
    /// Reads all goals.
    pub async fn read(session: &mut dyn Session) -> Result<Self, AppError> {
        Ok(Self::of(&session.goals().await?))
    }

    fn of(goals: &[GoalRecord]) -> Self {
        let mut by_name = HashMap::new();
        for goal in goals {
            for name in &goal.names {
                by_name.insert(key(name), (goal.id, goal.name.clone()));
            }
        }
        Self { by_name }
    }

    /// What the goal with this name, present or former, is called now; none when there is no such goal.
    pub fn current(&self, name: &str) -> Option<&str> {
        self.by_name.get(&key(name)).map(|(_, current)| current.as_str())
    }

    /// As [`GoalNames::current`]; the name itself when there is no such goal.
    pub fn shown(&self, name: String) -> String {
        self.current(&name).map_or(name, str::to_owned)
    }

    fn id(&self, name: &str) -> Option<GoalId> {
        self.by_name.get(&key(name)).map(|(id, _)| *id)
    }
}

fn key(name: &str) -> String {
    fold(name.trim())
}

/// All goals by name, with how often they were reached in `[from, to)`; ever, when nothing is said.
pub async fn list(
    app: &App,
    range: (Option<Timestamp>, Option<Timestamp>),
) -> Result<Vec<GoalView>, AppError> {
    let range = checked_range(app, range)?;
    let mut session = app.store().read().await?;
    let goals = session.goals().await?;
    let figures: HashMap<_, _> = session.goal_figures(range).await?.into_iter().collect();
    let uses = Uses::read(&mut *session).await?;
    let authors = authors(&mut *session).await?;
    let view = |goal: GoalRecord| {
        let figures = figures.get(&goal.id).copied().unwrap_or_default();
        GoalView {
            created_by: author_named(&authors, goal.created_by),
            used_in: uses.of_goal(&goal),
            ..bare(goal, figures)
        }
    };
    Ok(goals.into_iter().map(view).collect())
}

fn bare(goal: GoalRecord, figures: GoalFigures) -> GoalView {
    let GoalRecord { id, name, mut names, created_at, .. } = goal;
    names.retain(|former| *former != name);
    let GoalFigures { reached, people } = figures;
    GoalView {
        id,
        name,
        former_names: names,
        reached,
        people,
        used_in: Vec::new(),
        created_at,
        created_by: None,
    }
}

/// One goal, with figures of all time.
pub async fn show(app: &App, id: GoalId) -> Result<GoalView, AppError> {
    list(app, (None, None)).await?.into_iter().find(|goal| goal.id == id).ok_or(AppError::NotFound("goal"))
}

/// Adds a goal.
pub async fn create(app: &App, actor: &Actor, name: &str) -> Result<GoalView, AppError> {
    let name = checked_name(name)?;
    let mut tx = app.store().begin().await?;
    let known = GoalNames::read(&mut *tx).await?;
    if known.current(&name).is_some() {
        return Err(taken());
    }
    let goal = insert(app, &mut *tx, actor, &name).await?;
    tx.commit().await?;
    configuration_changed(app).await?;
    show(app, goal.id).await
}

async fn insert(app: &App, tx: &mut dyn Tx, actor: &Actor, name: &str) -> Result<GoalRecord, AppError> {
    let goal = fresh(app, vec![name.to_owned()], Some(actor));
    tx.insert_goals(std::slice::from_ref(&goal)).await.map_err(name_taken)?;
    audit::write(app, tx, actor, Note::new("goal.created", "goal").of(goal.id, &goal.name)).await?;
    Ok(goal)
}

/// The last of the names is the present one.
fn fresh(app: &App, names: Vec<String>, actor: Option<&Actor>) -> GoalRecord {
    let now = app.now();
    GoalRecord {
        id: app.id(now),
        name: names.last().cloned().unwrap_or_default(),
        names,
        created_at: now,
        created_by: actor.and_then(Actor::user_id),
        updated_at: now,
        version: 1,
    }
}

/// Adds those of the names that are of no goal yet, within a unit of work; tells which were added.
pub(crate) async fn ensure_in(
    app: &App,
    tx: &mut dyn Tx,
    actor: &Actor,
    names: impl IntoIterator<Item = &str>,
) -> Result<Vec<String>, AppError> {
    let mut known = GoalNames::read(&mut *tx).await?;
    let mut added = Vec::new();
    for name in names {
        if name.trim().is_empty() || known.current(name).is_some() {
            continue;
        }
        let goal = insert(app, tx, actor, &checked_name(name)?).await?;
        known.by_name.insert(key(&goal.name), (goal.id, goal.name.clone()));
        added.push(goal.name);
    }
    Ok(added)
}

/// Renames a goal; what calls it by its old name goes on to mean it.
pub async fn rename(app: &App, actor: &Actor, id: GoalId, name: &str) -> Result<GoalView, AppError> {
    let name = checked_name(name)?;
    let mut tx = app.store().begin().await?;
    let mut goal = find(&mut *tx, id).await?;
    if GoalNames::read(&mut *tx).await?.id(&name).is_some_and(|other| other != id) {
        return Err(taken());
    }
    if goal.name != name {
        goal.names.retain(|known| *known != name);
        goal.names.push(name.clone());
        let before = std::mem::replace(&mut goal.name, name);
        goal.updated_at = app.now();
        tx.update_goal(&goal).await.map_err(name_taken)?;
        let note = Note::new("goal.renamed", "goal").of(id, &goal.name);
        audit::write(app, &mut *tx, actor, note.details(json!({ "before": before }))).await?;
        tx.commit().await?;
        configuration_changed(app).await?;
    }
    show(app, id).await
}

/// Removes a goal that no dialogue or flow uses. What was told of it stays in the activities.
pub async fn delete(app: &App, actor: &Actor, id: GoalId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let goal = find(&mut *tx, id).await?;
    let uses = Uses::read(&mut *tx).await?.of_goal(&goal);
    if !uses.is_empty() {
        let uses: Vec<&Use> = uses.iter().collect();
        return Err(AppError::Conflict(format!("it is used in {}; take it out there first", named(&uses))));
    }
    tx.delete_goal(id).await?;
    audit::write(app, &mut *tx, actor, Note::new("goal.deleted", "goal").of(id, &goal.name)).await?;
    tx.commit().await?;
    configuration_changed(app).await
}

/// Takes the goals that streams and activities name into a library that has none: of an instance that is older than the
/// library. Asked at every start; does nothing when there is a goal, or nothing to take.
pub async fn adopt(app: &App) -> Result<usize, AppError> {
    let mut tx = app.store().begin().await?;
    if !tx.goals().await?.is_empty() {
        return Ok(0);
    }
    let mut spellings: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in names_in_use(&mut *tx).await? {
        let names = spellings.entry(key(&name)).or_default();
        if !name.trim().is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    let goals: Vec<GoalRecord> = spellings
        .into_values()
        .filter(|names| !names.is_empty())
        .map(|names| fresh(app, names, None))
        .collect();
    if goals.is_empty() {
        return Ok(0);
    }
    match tx.insert_goals(&goals).await {
        // Another node was first.
        Err(StoreError::Taken { .. }) => return Ok(0),
        outcome => outcome?,
    }
    tx.commit().await?;
    Ok(goals.len())
}

/// What is told, then what drafts say, then what is published: the last spelling is what visitors meet.
async fn names_in_use(session: &mut dyn Session) -> Result<Vec<String>, AppError> {
    let mut names = session.goal_names_told().await?;
    for record in all_dialogues(session).await? {
        names.extend(record.draft.stream.goals().map(str::to_owned));
    }
    for site in session.sites().await? {
        for live in session.published_dialogues(SiteScope::new(site.id)).await? {
            names.extend(live.version.content.stream.goals().map(str::to_owned));
        }
    }
    Ok(names)
}

/// Calls the goals of a content by their present names.
pub(crate) fn call_by_present_names(content: &mut store::DialogueContent, names: &GoalNames) {
    let rename = |goal: &mut String| {
        if let Some(current) = names.current(goal) {
            current.clone_into(goal);
        }
    };
    for card in &mut content.stream.cards {
        if let CardKind::Goal(card) = &mut card.kind {
            rename(&mut card.goal);
        }
    }
    for step in content.tests.iter_mut().flat_map(|test| &mut test.steps) {
        if let ScriptStep::ExpectGoal { goal } | ScriptStep::ExpectNoGoal { goal } = step {
            rename(goal);
        }
    }
}

async fn find(session: &mut dyn Session, id: GoalId) -> Result<GoalRecord, AppError> {
    session.goals().await?.into_iter().find(|goal| goal.id == id).ok_or(AppError::NotFound("goal"))
}

fn checked_name(name: &str) -> Result<String, AppError> {
    let name = name.trim();
    if name.is_empty() || name.chars().nth(MAX_NAME).is_some() || name.chars().any(char::is_control) {
        return Err(AppError::invalid("/name", "text", "must have 1 to 100 characters"));
    }
    Ok(name.to_owned())
}

fn taken() -> AppError {
    AppError::invalid("/name", "taken", "is or was the name of another goal")
}

fn name_taken(error: StoreError) -> AppError {
    match error {
        StoreError::Taken { what: "goals.name" } => taken(),
        other => other.into(),
    }
}
