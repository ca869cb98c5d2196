//! Teams: named sets of agents, by place.

use super::{all_agents, check_known, once};
use crate::{
    App, AppError,
    access::Actor,
    audit::{self, Note},
    users::checked_name,
};
use kernel::{TeamId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{Session, StoreError, TeamRecord};
use utoipa::ToSchema;

/// The most teams.
const MAX_TEAMS: usize = 500;

/// A team as users see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Team)]
pub struct TeamView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: TeamId,
    /// Name.
    pub name: String,
    /// Members by place.
    #[schema(value_type = Vec<String>)]
    pub members: Vec<UserId>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Rises with every change; send it as `If-Match`.
    pub version: i64,
}

impl From<TeamRecord> for TeamView {
    fn from(TeamRecord { id, name, members, created_at, version }: TeamRecord) -> Self {
        Self { id, name, members, created_at, version }
    }
}

/// What makes a team.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// 1 to 100 characters, unique.
    pub name: String,
    /// Agents by place.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub members: Vec<UserId>,
}

/// Changes of a team; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TeamPatch {
    /// New name.
    #[serde(default)]
    pub name: Option<String>,
    /// All members, whole.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    pub members: Option<Vec<UserId>>,
}

/// All teams by name.
pub async fn list(app: &App) -> Result<Vec<TeamView>, AppError> {
    Ok(app.store().read().await?.teams().await?.into_iter().map(Into::into).collect())
}

/// One team.
pub async fn show(app: &App, id: TeamId) -> Result<TeamView, AppError> {
    Ok(app.store().read().await?.team(id).await?.ok_or(AppError::NotFound("team"))?.into())
}

/// Makes a team.
pub async fn create(app: &App, actor: &Actor, new: NewTeam) -> Result<TeamView, AppError> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    if tx.teams().await?.len() >= MAX_TEAMS {
        return Err(AppError::Conflict("there are 500 teams, which is the most".to_owned()));
    }
    let members = checked_members(&mut *tx, new.members, &[]).await?;
    let name = checked_name(&new.name, "/name")?;
    let team = TeamRecord { id: app.id(now), name, members, created_at: now, version: 1 };
    tx.insert_team(&team).await.map_err(name_taken)?;
    audit::write(app, &mut *tx, actor, Note::new("team.created", "team").of(team.id, &team.name)).await?;
    tx.commit().await?;
    Ok(team.into())
}

/// Changes a team.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: TeamId,
    version: Option<i64>,
    patch: TeamPatch,
) -> Result<TeamView, AppError> {
    let mut tx = app.store().begin().await?;
    let mut team = tx.team(id).await?.ok_or(AppError::NotFound("team"))?;
    if version.is_some_and(|version| version != team.version) {
        return Err(AppError::Stale);
    }
    if let Some(name) = &patch.name {
        team.name = checked_name(name, "/name")?;
    }
    if let Some(members) = patch.members {
        team.members = checked_members(&mut *tx, members, &team.members).await?;
    }
    tx.update_team(&team).await.map_err(name_taken)?;
    audit::write(app, &mut *tx, actor, Note::new("team.updated", "team").of(id, &team.name)).await?;
    tx.commit().await?;
    show(app, id).await
}

/// Removes a team. Cards and rules that name it find nobody there from then on.
pub async fn delete(app: &App, actor: &Actor, id: TeamId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let team = tx.team(id).await?.ok_or(AppError::NotFound("team"))?;
    tx.delete_team(id).await?;
    audit::write(app, &mut *tx, actor, Note::new("team.deleted", "team").of(id, &team.name)).await?;
    Ok(tx.commit().await?)
}

/// Agents only, each once; who was a member before may stay without being an agent now.
async fn checked_members(
    session: &mut dyn Session,
    members: Vec<UserId>,
    before: &[UserId],
) -> Result<Vec<UserId>, AppError> {
    let mut known: Vec<UserId> = all_agents(session).await?.iter().map(|agent| agent.user.id).collect();
    known.extend(before);
    let mut errors = Vec::new();
    check_known("/members", &members, &known, "an agent", &mut errors);
    if errors.is_empty() { Ok(once(members)) } else { Err(AppError::Invalid(errors)) }
}

fn name_taken(error: StoreError) -> AppError {
    match error {
        StoreError::Taken { what: "teams.name" } => {
            AppError::invalid("/name", "taken", "is the name of another team")
        }
        other => other.into(),
    }
}
