//! Custom rules: criteria that choose agents and teams, by priority.

use super::{all_agents, check_known, once};
use crate::{
    App, AppError, FieldError,
    access::Actor,
    audit::{self, Note},
    catalog::AttributeCatalog,
    users::checked_name,
};
use criteria::Criteria;
use kernel::{RoutingRuleId, TeamId, Timestamp, UserId};
use serde::{Deserialize, Deserializer, Serialize};
use store::{RuleRecord, Session};
use utoipa::ToSchema;

/// The most rules.
const MAX_RULES: usize = 500;
/// The greatest priority.
const MAX_PRIORITY: u32 = 10_000;

/// A rule as users see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = RoutingRule)]
pub struct RuleView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: RoutingRuleId,
    /// Name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The smaller, the earlier.
    pub priority: u32,
    /// Whether it takes part.
    pub enabled: bool,
    /// Whose visitors; none for everybody's.
    #[schema(value_type = Option<Object>)]
    pub criteria: Option<Criteria>,
    /// Agents by place.
    #[schema(value_type = Vec<String>)]
    pub agents: Vec<UserId>,
    /// Teams, whose members come behind the agents.
    #[schema(value_type = Vec<String>)]
    pub teams: Vec<TeamId>,
    /// What keeps it from being used, in sentences: an attribute that is gone, for instance.
    pub problems: Vec<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Rises with every change; send it as `If-Match`.
    pub version: i64,
}

fn view(rule: RuleRecord, catalog: &AttributeCatalog) -> RuleView {
    let errors = rule.criteria.as_ref().map(|criteria| criteria::check(criteria, catalog));
    RuleView {
        problems: errors.unwrap_or_default().into_iter().map(|error| error.message).collect(),
        id: rule.id,
        name: rule.name,
        description: rule.description,
        priority: rule.priority,
        enabled: rule.enabled,
        criteria: rule.criteria,
        agents: rule.agents,
        teams: rule.teams,
        created_at: rule.created_at,
        version: rule.version,
    }
}

/// What makes a rule.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRule {
    /// 1 to 100 characters.
    pub name: String,
    /// Up to 1,000 characters.
    #[serde(default)]
    pub description: String,
    /// The smaller, the earlier; behind all others when absent.
    #[serde(default)]
    pub priority: Option<u32>,
    /// True when absent.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// Whose visitors; none for everybody's.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub criteria: Option<Criteria>,
    /// Agents by place.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub agents: Vec<UserId>,
    /// Teams.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub teams: Vec<TeamId>,
}

/// Changes of a rule; what is absent stays, criteria that are `null` go.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RulePatch {
    /// New name.
    #[serde(default)]
    pub name: Option<String>,
    /// New description.
    #[serde(default)]
    pub description: Option<String>,
    /// New priority.
    #[serde(default)]
    pub priority: Option<u32>,
    /// Whether it takes part.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// Whose visitors.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    pub criteria: Option<Option<Criteria>>,
    /// All agents, whole.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    pub agents: Option<Vec<UserId>>,
    /// All teams, whole.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    pub teams: Option<Vec<TeamId>>,
}

/// Tells absent from `null`.
#[expect(clippy::option_option, reason = "absent, null and value are three things in a PATCH")]
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(d).map(Some)
}

/// All rules by priority.
pub async fn list(app: &App) -> Result<Vec<RuleView>, AppError> {
    let mut session = app.store().read().await?;
    let catalog = AttributeCatalog::read(&mut *session).await?;
    Ok(session.routing_rules().await?.into_iter().map(|rule| view(rule, &catalog)).collect())
}

/// One rule.
pub async fn show(app: &App, id: RoutingRuleId) -> Result<RuleView, AppError> {
    let mut session = app.store().read().await?;
    let rule = session.routing_rule(id).await?.ok_or(AppError::NotFound("rule"))?;
    Ok(view(rule, &AttributeCatalog::read(&mut *session).await?))
}

/// Makes a rule.
pub async fn create(app: &App, actor: &Actor, new: NewRule) -> Result<RuleView, AppError> {
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let rules = tx.routing_rules().await?;
    if rules.len() >= MAX_RULES {
        return Err(AppError::Conflict("there are 500 rules, which is the most".to_owned()));
    }
    let behind = rules.last().map_or(1, |last| last.priority.saturating_add(1).min(MAX_PRIORITY));
    let mut rule = RuleRecord {
        id: app.id(now),
        name: new.name,
        description: new.description,
        priority: new.priority.unwrap_or(behind),
        enabled: new.enabled.unwrap_or(true),
        criteria: new.criteria,
        agents: new.agents,
        teams: new.teams,
        created_at: now,
        version: 1,
    };
    check(&mut *tx, &mut rule, None).await?;
    tx.insert_routing_rule(&rule).await?;
    let note = Note::new("routing_rule.created", "routing_rule").of(rule.id, &rule.name);
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    show(app, rule.id).await
}

/// Changes a rule.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: RoutingRuleId,
    version: Option<i64>,
    patch: RulePatch,
) -> Result<RuleView, AppError> {
    let mut tx = app.store().begin().await?;
    let before = tx.routing_rule(id).await?.ok_or(AppError::NotFound("rule"))?;
    if version.is_some_and(|version| version != before.version) {
        return Err(AppError::Stale);
    }
    let mut rule = before.clone();
    rule.name = patch.name.unwrap_or(rule.name);
    rule.description = patch.description.unwrap_or(rule.description);
    rule.priority = patch.priority.unwrap_or(rule.priority);
    rule.enabled = patch.enabled.unwrap_or(rule.enabled);
    rule.criteria = patch.criteria.unwrap_or(rule.criteria);
    rule.agents = patch.agents.unwrap_or(rule.agents);
    rule.teams = patch.teams.unwrap_or(rule.teams);
    check(&mut *tx, &mut rule, Some(&before)).await?;
    tx.update_routing_rule(&rule).await?;
    let note = Note::new("routing_rule.updated", "routing_rule").of(id, &rule.name);
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    show(app, id).await
}

/// Removes a rule.
pub async fn delete(app: &App, actor: &Actor, id: RoutingRuleId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let rule = tx.routing_rule(id).await?.ok_or(AppError::NotFound("rule"))?;
    tx.delete_routing_rule(id).await?;
    let note = Note::new("routing_rule.deleted", "routing_rule").of(id, &rule.name);
    audit::write(app, &mut *tx, actor, note).await?;
    Ok(tx.commit().await?)
}

/// What was in the rule before may stay, even when it is gone now.
async fn check(
    session: &mut dyn Session,
    rule: &mut RuleRecord,
    before: Option<&RuleRecord>,
) -> Result<(), AppError> {
    rule.name = checked_name(&rule.name, "/name")?;
    rule.description = std::mem::take(&mut rule.description).trim().to_owned();
    rule.agents = once(std::mem::take(&mut rule.agents));
    rule.teams = once(std::mem::take(&mut rule.teams));
    let mut errors = Vec::new();
    if rule.description.chars().count() > 1_000 {
        errors.push(FieldError::new("/description", "too_long", "is longer than 1,000 characters"));
    }
    if rule.priority > MAX_PRIORITY {
        errors.push(FieldError::new("/priority", "range", "must be from 0 to 10,000"));
    }
    let mut agents: Vec<UserId> = all_agents(session).await?.iter().map(|agent| agent.user.id).collect();
    let mut teams: Vec<TeamId> = session.teams().await?.iter().map(|team| team.id).collect();
    if let Some(before) = before {
        agents.extend(&before.agents);
        teams.extend(&before.teams);
    }
    check_known("/agents", &rule.agents, &agents, "an agent", &mut errors);
    check_known("/teams", &rule.teams, &teams, "a team", &mut errors);
    if rule.agents.is_empty() && rule.teams.is_empty() {
        errors.push(FieldError::new("/agents", "required", "must name an agent or a team"));
    }
    if let Some(criteria) = &rule.criteria {
        let catalog = AttributeCatalog::read(session).await?;
        let refused = |error: criteria::CheckError| {
            FieldError::new(format!("/criteria{}", error.path), "check", error.message)
        };
        errors.extend(criteria::check(criteria, &catalog).into_iter().map(refused));
    }
    if errors.is_empty() { Ok(()) } else { Err(AppError::Invalid(errors)) }
}
