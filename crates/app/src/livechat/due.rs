//! What time makes true, and what follows when agents come and go. Nothing waits for a timer in some process: every due time
//! stands beside its chat, whoever looks at it next acts, and of two who look at the same time the second finds it done.

use super::{choose, work::Work};
use crate::{App, AppError, routing::all_agents};
use ::livechat::{Event, State};
use jiff::SignedDuration;
use kernel::{ChatId, UserId};
use std::{collections::HashSet, sync::PoisonError};

/// Chats worked on in one round.
const AT_ONCE: u32 = 100;
/// A longer pause between two rounds is a break: the node or its store was away.
const BREAK: SignedDuration = SignedDuration::from_secs(10);

/// Does everything that is due. Returns how many chats changed.
pub async fn run(app: &App) -> Result<u64, AppError> {
    Ok(time_passes(app).await? + lost_agents(app).await? + offer_waiting(app).await?)
}

/// One chat that fails does not keep the others waiting.
fn settle(outcome: Result<bool, AppError>, chat: ChatId) -> u64 {
    match outcome {
        Ok(changed) => u64::from(changed),
        // Somebody else was faster, or the person was erased in the meantime.
        Err(AppError::NotFound(_) | AppError::Conflict(_) | AppError::Stale) => 0,
        Err(error) => {
            tracing::warn!(%chat, %error, "a chat could not be moved on; it will be tried again");
            0
        }
    }
}

async fn time_passes(app: &App) -> Result<u64, AppError> {
    let due = app.store().read().await?.due_chats(app.now(), AT_ONCE).await?;
    let mut changed = 0;
    for id in due {
        changed += settle(time_passed(app, id).await, id);
    }
    Ok(changed)
}

async fn time_passed(app: &App, id: ChatId) -> Result<bool, AppError> {
    let mut work = Work::on(app, id).await?;
    if work.chat.due_at(&app.settings().live_chat).is_none_or(|due| due > work.now) {
        return Ok(false);
    }
    let talked_at = work.tx.last_word(work.conversation.id).await?;
    work.apply(Event::TimePassed { talked_at }).await?;
    work.finish().await?;
    Ok(true)
}

/// Whether this node has looked long enough to say that somebody did not come back: after a break of its own, or of the
/// store, in which no connection could be noted, agents have the whole time to reconnect again.
fn knows_who_is_gone(app: &App) -> bool {
    let now = app.now();
    let mut looking = app.memory().looking.lock().unwrap_or_else(PoisonError::into_inner);
    let since = match *looking {
        Some((since, last)) if now.duration_since(last) <= BREAK => since,
        _ => now,
    };
    *looking = Some((since, now));
    now.duration_since(since) >= app.settings().live_chat.reconnect()
}

/// Agents without a connection, disabled, or no agents any more give their chats back.
async fn lost_agents(app: &App) -> Result<u64, AppError> {
    let knows = knows_who_is_gone(app);
    let mut session = app.store().read().await?;
    let owners = session.chat_owners().await?;
    if owners.is_empty() {
        return Ok(0);
    }
    let since = app.now() - app.settings().live_chat.reconnect();
    let seen: HashSet<UserId> =
        session.agents_seen(since).await?.into_iter().map(|(agent, _)| agent).collect();
    let agents: HashSet<UserId> = all_agents(&mut *session)
        .await?
        .into_iter()
        .filter(|agent| agent.live_chat)
        .map(|agent| agent.user.id)
        .collect();
    drop(session);
    let mut changed = 0;
    for (owner, id) in
        owners.into_iter().filter(|(owner, _)| (knows && !seen.contains(owner)) || !agents.contains(owner))
    {
        changed += settle(lose(app, id, owner).await, id);
    }
    Ok(changed)
}

async fn lose(app: &App, id: ChatId, agent: UserId) -> Result<bool, AppError> {
    let mut work = Work::on(app, id).await?;
    if work.chat.owner() != Some(agent) {
        return Ok(false);
    }
    work.apply(Event::Lost { agent }).await?;
    work.finish().await?;
    Ok(true)
}

/// Chats that wait are offered as soon as somebody can be asked, the oldest first.
async fn offer_waiting(app: &App) -> Result<u64, AppError> {
    let waiting = app.store().read().await?.chats_in(State::Waiting, AT_ONCE).await?;
    let mut changed = 0;
    for id in waiting {
        changed += settle(offer(app, id).await, id);
    }
    Ok(changed)
}

async fn offer(app: &App, id: ChatId) -> Result<bool, AppError> {
    let mut session = app.store().read().await?;
    let Some(chat) = session.chat(id).await? else { return Ok(false) };
    let Some(found) = session.conversation(chat.conversation_id).await? else { return Ok(false) };
    let snapshot = app.snapshot();
    let Some(site) = snapshot.site(found.conversation.site_id) else { return Ok(false) };
    if !choose::is_possible(app, &mut *session, site, &found.conversation, &chat).await? {
        return Ok(false);
    }
    drop(session);
    let mut work = Work::on(app, id).await?;
    if work.chat.state != State::Waiting {
        return Ok(false);
    }
    work.choose().await?;
    work.finish().await?;
    Ok(true)
}
