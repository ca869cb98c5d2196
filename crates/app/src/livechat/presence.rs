//! Which agents are connected and how busy they are. A console that listens is noted again and again by its node; who was
//! not noted for a while is not there, whatever became of the node, unless a browser of his or hers can be pushed to.

use super::{
    name_of,
    view::{AgentState, Me, OfferView},
};
use crate::{
    App, AppError,
    access::Actor,
    notify::{About, settings::Wishes},
    routing::{AgentRecord, Presence, all_agents, chat_standing, chat_state, one_agent},
};
use ::routing::{Away, Standing};
use bus::Hint;
use kernel::{Timestamp, UserId};
use std::collections::{HashMap, HashSet};
use store::Session;

/// Who can be asked now; those who were `asked` already cannot.
pub(super) async fn now(
    app: &App,
    session: &mut dyn Session,
    asked: &[UserId],
) -> Result<Presence, AppError> {
    let since = app.now() - app.settings().live_chat.connection();
    let mut connected: HashSet<UserId> =
        session.agents_seen(since).await?.into_iter().map(|(agent, _)| agent).collect();
    connected.extend(reached_by_push(app, session, &connected).await?);
    let open_chats = session.chat_loads().await?.into_iter().collect();
    Ok(Presence { connected: Some(connected), open_chats, asked: asked.iter().copied().collect() })
}

/// Who has no console open, and is called to offers all the same.
async fn reached_by_push(
    app: &App,
    session: &mut dyn Session,
    connected: &HashSet<UserId>,
) -> Result<Vec<UserId>, AppError> {
    let mut reached = Vec::new();
    for id in session.pushable_users(app.now()).await?.into_iter().filter(|id| !connected.contains(id)) {
        let user = session.user(id).await?;
        reached.extend(user.filter(|user| Wishes::of(user).ways(About::Offer).push).map(|user| user.id));
    }
    Ok(reached)
}

/// Notes that these agents are connected to a node. Tells that somebody can be asked who could not before.
pub async fn note(app: &App, node: &str, agents: &[UserId]) -> Result<(), AppError> {
    if agents.is_empty() {
        return Ok(());
    }
    let now = app.now();
    let since = now - app.settings().live_chat.connection();
    let there: HashMap<UserId, Timestamp> =
        app.store().read().await?.agents_seen(since).await?.into_iter().collect();
    let mut tx = app.store().begin().await?;
    tx.note_agents(node, agents, now).await?;
    tx.commit().await?;
    for agent in agents.iter().filter(|agent| !there.contains_key(agent)) {
        app.hint(Hint::Agent { id: *agent });
    }
    Ok(())
}

/// Oneself as an agent: whether one can be asked, and what one is asked now.
pub async fn me(app: &App, actor: &Actor) -> Result<Me, AppError> {
    let id = actor.user_id().ok_or(AppError::NotFound("agent"))?;
    let mut session = app.store().read().await?;
    let agent = one_agent(&mut *session, id).await?;
    let presence = now(app, &mut *session, &[]).await?;
    let state = chat_state(&agent, app.now());
    let limit = agent.settings.chat_limit;
    Ok(Me {
        available: state.available,
        because: state.because,
        until: state.until,
        connected: presence.connected.as_ref().is_some_and(|connected| connected.contains(&id)),
        open_chats: presence.open_chats.get(&id).copied().unwrap_or_default(),
        limit,
        offers: offers(app, &mut *session, id).await?,
    })
}

async fn offers(app: &App, session: &mut dyn Session, agent: UserId) -> Result<Vec<OfferView>, AppError> {
    let mut offers = Vec::new();
    // An agent has a handful of chats at most.
    for chat in session.chats_of_agent(agent).await? {
        let Some(offer) = chat.offer_to(agent).cloned() else { continue };
        let from = match offer.from {
            Some(from) => Some((from, name_of(app, session, from).await?)),
            None => None,
        };
        offers.extend(super::list::offer(app, session, &chat, &offer, from).await?);
    }
    Ok(offers)
}

/// How every agent of live chat stands, by place.
pub(super) async fn states(app: &App, session: &mut dyn Session) -> Result<Vec<AgentState>, AppError> {
    let presence = now(app, session, &[]).await?;
    let agents = all_agents(session).await?;
    let at = app.now();
    Ok(agents.iter().filter(|agent| agent.live_chat).map(|agent| state(agent, &presence, at)).collect())
}

fn state(agent: &AgentRecord, presence: &Presence, at: Timestamp) -> AgentState {
    let id = agent.user.id;
    let because = match chat_standing(agent, presence, at) {
        Standing::Free => "free",
        Standing::Away(Away::NotConnected) => "not_connected",
        Standing::Away(Away::Full { .. }) => "at_limit",
        Standing::Away(Away::SwitchedOff) => "switch",
        Standing::Away(Away::NoHours) => "no_hours",
        Standing::Away(_) => "schedule",
    };
    AgentState {
        id,
        name: agent.user.name.clone(),
        available: chat_state(agent, at).available,
        because: because.to_owned(),
        connected: presence.connected.as_ref().is_some_and(|connected| connected.contains(&id)),
        open_chats: presence.open_chats.get(&id).copied().unwrap_or_default(),
        limit: agent.settings.chat_limit,
    }
}
