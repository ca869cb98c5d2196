//! The settings of agents: their hours, the switch, how many chats and how many turns.

use super::{
    AgentRecord, Presence, all_agents, assign::chat_standing, chat_state, check_settings, hours, one_agent,
};
use crate::{
    App, AppError,
    access::{Actor, Permission},
    audit::{self, Note},
};
use ::routing::{Away, Because, Purpose, Schedule, Standing, State, Switch};
use bus::Hint;
use kernel::{TeamId, Timestamp, UserId};
use scheduling::Rules;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;
use store::{AssignmentTotal, Session, TeamRecord, Tx};
use utoipa::ToSchema;

/// An agent as users see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgentView {
    /// The user.
    #[schema(value_type = String)]
    pub id: UserId,
    /// Name.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// May take live chats.
    pub takes_live_chats: bool,
    /// May take meetings.
    pub takes_meetings: bool,
    /// Live chat now; none when he or she takes none.
    pub live_chat_now: Option<ChatNow>,
    /// Turns for one of the others, 1 to 10.
    pub weight: u8,
    /// The most chats at once, 1 to 20.
    pub chat_limit: u32,
    /// Hours for live chat.
    #[schema(value_type = Option<Object>)]
    pub live_chat: Option<Schedule>,
    /// Hours for meetings.
    #[schema(value_type = Option<Object>)]
    pub meetings: Option<Schedule>,
    /// Length, buffers and limits of meetings.
    #[schema(value_type = Object)]
    pub meeting_rules: Rules,
    /// The teams that he or she is in.
    #[schema(value_type = Vec<String>)]
    pub teams: Vec<TeamId>,
    /// Visitors given for live chats so far.
    pub live_chats_given: u64,
    /// Visitors given for meetings so far.
    pub meetings_given: u64,
    /// When a visitor was given last.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_given_at: Option<Timestamp>,
    /// Rises with every change; send it as `If-Match`.
    pub version: i64,
}

/// Whether an agent can chat now, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChatNow {
    /// Whether hours and switch say that he or she is there.
    pub available: bool,
    /// `schedule`, `switch` or `no_hours`.
    #[schema(value_type = String)]
    pub because: Because,
    /// Until when that stays so; none when no end is in sight.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Why in words.
    pub words: String,
}

/// Changes of an agent; what is absent stays, hours that are `null` go.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AgentPatch {
    /// Turns for one of the others.
    #[serde(default)]
    pub weight: Option<u8>,
    /// The most chats at once.
    #[serde(default)]
    pub chat_limit: Option<u32>,
    /// Hours for live chat.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    pub live_chat: Option<Option<Schedule>>,
    /// Hours for meetings.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Object>)]
    pub meetings: Option<Option<Schedule>>,
    /// Length, buffers and limits of meetings.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub meeting_rules: Option<Rules>,
}

/// Tells absent from `null`.
#[expect(clippy::option_option, reason = "absent, null and value are three things in a PATCH")]
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(d).map(Some)
}

/// All agents by place.
pub async fn list(app: &App) -> Result<Vec<AgentView>, AppError> {
    let mut session = app.store().read().await?;
    let agents = all_agents(&mut *session).await?;
    let (teams, totals) = (session.teams().await?, session.assignment_totals().await?);
    Ok(agents.into_iter().map(|agent| view(agent, &teams, &totals, app.now())).collect())
}

/// One agent.
pub async fn show(app: &App, id: UserId) -> Result<AgentView, AppError> {
    show_in(app, &mut *app.store().read().await?, id).await
}

async fn show_in(app: &App, session: &mut dyn Session, id: UserId) -> Result<AgentView, AppError> {
    let agent = one_agent(session, id).await?;
    let (teams, totals) = (session.teams().await?, session.assignment_totals().await?);
    Ok(view(agent, &teams, &totals, app.now()))
}

fn view(agent: AgentRecord, teams: &[TeamRecord], totals: &[AssignmentTotal], now: Timestamp) -> AgentView {
    let id = agent.user.id;
    let own: Vec<&AssignmentTotal> = totals.iter().filter(|total| total.agent_id == id).collect();
    let count = |purpose| own.iter().find(|total| total.purpose == purpose).map_or(0, |total| total.count);
    AgentView {
        id,
        live_chat_now: agent.live_chat.then(|| chat_now(&agent, now)),
        live_chats_given: count(Purpose::LiveChat),
        meetings_given: count(Purpose::Meeting),
        last_given_at: own.iter().map(|total| total.last_at).max(),
        teams: teams.iter().filter(|team| team.members.contains(&id)).map(|team| team.id).collect(),
        name: agent.user.name,
        email: agent.user.email.to_string(),
        takes_live_chats: agent.live_chat,
        takes_meetings: agent.meetings,
        weight: agent.settings.weight,
        chat_limit: agent.settings.chat_limit,
        live_chat: agent.settings.live_chat,
        meetings: agent.settings.meetings,
        meeting_rules: agent.settings.meeting_rules.unwrap_or_default(),
        version: agent.settings.version,
    }
}

fn chat_now(agent: &AgentRecord, now: Timestamp) -> ChatNow {
    let State { available, because, until } = chat_state(agent, now);
    let words = match (chat_standing(agent, &Presence::default(), now), because) {
        (Standing::Free, Because::Switch) => "Switched to available",
        (Standing::Free, _) => "Within the hours",
        (Standing::Away(Away::SwitchedOff), _) => "Switched to unavailable",
        (Standing::Away(Away::NoHours), _) => "No hours are set",
        (Standing::Away(_), _) => "Outside the hours",
    };
    ChatNow { available, because, until, words: words.to_owned() }
}

/// Changes an agent; `version` is the version that the change is based on.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: UserId,
    version: Option<i64>,
    patch: AgentPatch,
) -> Result<AgentView, AppError> {
    let mut tx = app.store().begin().await?;
    let mut agent = one_agent(&mut *tx, id).await?;
    if version.is_some_and(|version| version != agent.settings.version) {
        return Err(AppError::Stale);
    }
    let settings = &mut agent.settings;
    settings.weight = patch.weight.unwrap_or(settings.weight);
    settings.chat_limit = patch.chat_limit.unwrap_or(settings.chat_limit);
    settings.live_chat = patch.live_chat.unwrap_or(settings.live_chat.take());
    settings.meetings = patch.meetings.unwrap_or(settings.meetings.take());
    settings.meeting_rules = patch.meeting_rules.or(settings.meeting_rules.take());
    save(app, &mut *tx, actor, agent, "agent.updated").await?;
    tx.commit().await?;
    app.hint(Hint::Agent { id });
    show(app, id).await
}

async fn save(
    app: &App,
    tx: &mut dyn Tx,
    actor: &Actor,
    mut agent: AgentRecord,
    action: &'static str,
) -> Result<(), AppError> {
    agent.settings.updated_at = app.now();
    check_settings(&agent.settings)?;
    tx.save_agent_settings(&agent.settings).await?;
    let settings = &agent.settings;
    let note = Note::new(action, "agent").of(agent.user.id, &agent.user.name).details(json!({
        "weight": settings.weight,
        "chat_limit": settings.chat_limit,
        "switch": settings.switch.map(|switch| switch.available),
    }));
    audit::write(app, tx, actor, note).await
}

/// Changes one's own hours. Weight and limit are for those who manage agents.
pub async fn update_own(
    app: &App,
    actor: &Actor,
    version: Option<i64>,
    patch: AgentPatch,
) -> Result<AgentView, AppError> {
    let id = actor.user_id().ok_or(AppError::NotFound("agent"))?;
    for (part, asked, permission) in [
        ("live chat", patch.live_chat.is_some(), Permission::AgentLivechatAvailability),
        (
            "meetings",
            patch.meetings.is_some() || patch.meeting_rules.is_some(),
            Permission::AgentCalendarAvailability,
        ),
    ] {
        if asked && !actor.may(permission) {
            return Err(AppError::Forbidden(format!("you may not set hours for {part}")));
        }
    }
    if (patch.weight.is_some() || patch.chat_limit.is_some()) && !actor.may(Permission::AdminAgents) {
        return Err(AppError::Forbidden("you may not change weight and limit".to_owned()));
    }
    update(app, actor, id, version, patch).await
}

/// Turns one's own switch. Turning it to what the hours say is switching back.
pub async fn switch(app: &App, actor: &Actor, available: bool) -> Result<AgentView, AppError> {
    let id = actor.user_id().ok_or(AppError::NotFound("agent"))?;
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let mut agent = one_agent(&mut *tx, id).await?;
    if !agent.live_chat {
        return Err(AppError::NotFound("agent"));
    }
    agent.settings.switch = Switch::turned(available, &hours(agent.settings.live_chat.as_ref()), now);
    save(app, &mut *tx, actor, agent, "agent.switched").await?;
    tx.commit().await?;
    app.hint(Hint::Agent { id });
    show(app, id).await
}
