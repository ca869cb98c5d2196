//! What agents and the visitor do with a chat.

use super::{
    list, name_of,
    view::{ChatView, VisitorChat},
    work::Work,
};
use crate::{
    App, AppError,
    access::Actor,
    caller::Caller,
    routing::{Wanted, all_agents, one_agent},
};
use ::livechat::{Event, Role, State};
use ::routing::{Purpose, Wish};
use criteria::{Facts, Moment, Symbols};
use engagement::ActivityType;
use jiff::tz::TimeZone;
use kernel::{ChatId, ConversationId, TeamId, UserId};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

/// The longest note with a transfer, and the longest comment with a rating, in characters.
const MAX_NOTE: usize = 1_000;
/// The best conversation score.
const MAX_SCORE: u8 = 3;

/// The user behind an actor who takes part in chats; tokens do not.
pub(super) fn agent_of(actor: &Actor) -> Result<UserId, AppError> {
    actor.user_id().ok_or_else(|| AppError::Forbidden("this is for signed-in users".to_owned()))
}

async fn change(app: &App, actor: &Actor, id: ChatId, event: Event) -> Result<ChatView, AppError> {
    let mut work = Work::on(app, id).await?;
    work.apply(event).await?;
    work.finish().await?;
    list::show(app, actor, id).await
}

/// Refuses what an agent may not even know of.
async fn must_see(app: &App, actor: &Actor, id: ChatId) -> Result<(), AppError> {
    let chat = app.store().read().await?.chat(id).await?.ok_or(AppError::NotFound("chat"))?;
    if list::may_see(actor, &chat) { Ok(()) } else { Err(AppError::NotFound("chat")) }
}

/// Takes an offered chat.
pub async fn accept(app: &App, actor: &Actor, id: ChatId) -> Result<ChatView, AppError> {
    let by = agent_of(actor)?;
    let mut work = Work::on(app, id).await?;
    let was_asked = work.chat.offers.iter().any(|offer| offer.agent == by);
    if !was_asked && !list::may_see(actor, &work.chat) {
        return Err(AppError::NotFound("chat"));
    }
    if !one_agent(&mut *work.tx, by).await?.live_chat {
        return Err(AppError::Forbidden("you do not take live chats".to_owned()));
    }
    work.apply(Event::Accepted { by }).await?;
    work.finish().await?;
    list::show(app, actor, id).await
}

/// Refuses an offered chat.
pub async fn decline(app: &App, actor: &Actor, id: ChatId) -> Result<(), AppError> {
    let by = agent_of(actor)?;
    let mut work = Work::on(app, id).await?;
    if !work.chat.offers.iter().any(|offer| offer.agent == by) {
        return Err(AppError::NotFound("chat"));
    }
    work.apply(Event::Declined { by }).await?;
    work.finish().await.map(drop)
}

/// Ends the session.
pub async fn end(app: &App, actor: &Actor, id: ChatId) -> Result<ChatView, AppError> {
    must_see(app, actor, id).await?;
    change(app, actor, id, Event::EndedByAgent { by: agent_of(actor)? }).await
}

/// Comes to help in a chat that one may see.
pub async fn join(app: &App, actor: &Actor, id: ChatId) -> Result<ChatView, AppError> {
    must_see(app, actor, id).await?;
    change(app, actor, id, Event::Joined { by: agent_of(actor)? }).await
}

/// Goes. The chat of an owner who goes passes on.
pub async fn leave(app: &App, actor: &Actor, id: ChatId) -> Result<(), AppError> {
    must_see(app, actor, id).await?;
    let mut work = Work::on(app, id).await?;
    work.apply(Event::Left { by: agent_of(actor)? }).await?;
    // Whoever has left may not even see it any more.
    work.finish().await.map(drop)
}

/// To whom a chat is handed over.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// To an agent.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub agent_id: Option<UserId>,
    /// To a member of a team, in turn.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub team_id: Option<TeamId>,
    /// What the other one should know; at most 1,000 characters.
    #[serde(default)]
    pub note: Option<String>,
}

/// Offers one's chat to an agent or a team; it stays one's own until it is taken.
pub async fn transfer(app: &App, actor: &Actor, id: ChatId, to: Transfer) -> Result<ChatView, AppError> {
    must_see(app, actor, id).await?;
    let by = agent_of(actor)?;
    let note = checked_note("/note", to.note)?;
    let mut work = Work::on(app, id).await?;
    let agent = match (to.agent_id, to.team_id) {
        (Some(agent), None) => agent,
        (None, Some(team)) => of_team(app, &mut work, team).await?,
        _ => {
            return Err(AppError::invalid("/agent_id", "required", "must be given, or else the team"));
        }
    };
    can_be_asked(app, &mut work, agent).await?;
    work.apply(Event::HandedOn { by, to: agent, role: Role::Owner, note }).await?;
    work.finish().await?;
    list::show(app, actor, id).await
}

/// Asks a colleague to join.
pub async fn invite(app: &App, actor: &Actor, id: ChatId, agent: UserId) -> Result<(), AppError> {
    must_see(app, actor, id).await?;
    let by = agent_of(actor)?;
    let mut work = Work::on(app, id).await?;
    can_be_asked(app, &mut work, agent).await?;
    work.apply(Event::HandedOn { by, to: agent, role: Role::Guest, note: None }).await?;
    work.finish().await.map(drop)
}

/// Whoever hands on chooses; hours and limits of the other one do not matter, but he or she must be there.
async fn can_be_asked(app: &App, work: &mut Work<'_>, agent: UserId) -> Result<(), AppError> {
    let known = all_agents(&mut *work.tx).await?;
    if !known.iter().any(|one| one.live_chat && one.user.id == agent) {
        return Err(AppError::invalid("/agent_id", "unknown", "is not an agent for live chats"));
    }
    let presence = super::presence::now(app, &mut *work.tx, &[]).await?;
    if presence.connected.is_some_and(|connected| connected.contains(&agent)) {
        return Ok(());
    }
    let name = name_of(app, &mut *work.tx, agent).await?;
    Err(AppError::Conflict(format!("{name} is not connected at the moment")))
}

/// The member of a team whose turn it is, without those who are in the chat.
async fn of_team(app: &App, work: &mut Work<'_>, team: TeamId) -> Result<UserId, AppError> {
    let team =
        work.tx.team(team).await?.ok_or_else(|| AppError::invalid("/team_id", "unknown", "is not a team"))?;
    super::choose::one_at_a_time(&mut *work.tx).await?;
    let there: Vec<UserId> = work.chat.present().map(|one| one.agent).collect();
    let presence = super::presence::now(app, &mut *work.tx, &there).await?;
    let moment = Moment::new(work.now, TimeZone::UTC);
    let facts = |symbols: &Symbols| Facts::prepare(symbols, &moment, [], []);
    let wanted = Wanted {
        purpose: Purpose::LiveChat,
        wish: Wish::Team { team: team.id },
        email_domain: None,
        inferred_domain: None,
        any_available_agent: false,
        include_meeting_booking: false,
        facts: &facts,
        presence: &presence,
    };
    let whom = crate::routing::Whom {
        site: Some(work.conversation.site_id),
        person: Some(work.conversation.person_id),
        conversation: Some(work.conversation.id),
    };
    let given = crate::routing::assign_in(app, &mut *work.tx, &wanted, whom).await?;
    let nobody = || AppError::Conflict(format!("nobody of {} can take the chat now", team.name));
    given.decision.first().map(|(agent, _)| agent).ok_or_else(nobody)
}

fn checked_note(pointer: &str, note: Option<String>) -> Result<Option<String>, AppError> {
    let note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.chars().count() > MAX_NOTE) {
        return Err(AppError::invalid(pointer, "too_long", "must have at most 1,000 characters"));
    }
    if note.as_ref().is_some_and(|note| kernel::text::has_forbidden_controls(note)) {
        return Err(AppError::invalid(pointer, "text", "has characters that cannot be stored"));
    }
    Ok(note)
}

/// Scores a conversation; the score stands once the chat has ended.
pub async fn score(app: &App, actor: &Actor, id: ChatId, score: u8) -> Result<ChatView, AppError> {
    must_see(app, actor, id).await?;
    let by = agent_of(actor)?;
    if score > MAX_SCORE {
        return Err(AppError::invalid("/score", "range", "must be from 0 to 3"));
    }
    let mut work = Work::on(app, id).await?;
    if work.chat.is_over() {
        return Err(AppError::Conflict("the score stands once the chat has ended".to_owned()));
    }
    if !work.chat.has(by) {
        return Err(AppError::Conflict("you are not in this chat".to_owned()));
    }
    work.chat.score = Some(score);
    work.finish().await?;
    list::show(app, actor, id).await
}

async fn visitors(app: &App, caller: &Caller, id: ConversationId) -> Result<(), AppError> {
    let missing = || AppError::NotFound("conversation");
    let known = caller.visitor(app, app.now()).await?.ok_or_else(missing)?;
    let visitor = known.profile.visitor.id;
    let mut session = app.store().read().await?;
    session.visitor_conversation(caller.site.scope(), visitor, id).await?.map(drop).ok_or_else(missing)
}

/// The visitor ends the chat, or does not wait any longer. Once it has ended, that is how it is.
pub async fn end_by_visitor(app: &App, caller: &Caller, id: ConversationId) -> Result<VisitorChat, AppError> {
    visitors(app, caller, id).await?;
    let mut work = Work::in_conversation(app, id).await?;
    if !work.chat.is_over() {
        work.apply(Event::EndedByVisitor).await?;
        let chat = work.finish().await?;
        return super::view::visitor_chat(app, &mut *app.store().read().await?, &chat).await;
    }
    let chat = work.chat;
    super::view::visitor_chat(app, &mut *app.store().read().await?, &chat).await
}

/// The visitor's opinion.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// 1 to 5.
    pub rating: u8,
    /// In words; at most 1,000 characters.
    #[serde(default)]
    pub comment: Option<String>,
}

/// Rates a chat that has ended; once.
pub async fn rate(
    app: &App,
    caller: &Caller,
    id: ConversationId,
    rating: Rating,
) -> Result<VisitorChat, AppError> {
    visitors(app, caller, id).await?;
    if !(1..=5).contains(&rating.rating) {
        return Err(AppError::invalid("/rating", "range", "must be from 1 to 5"));
    }
    let comment = checked_note("/comment", rating.comment)?;
    let mut work = Work::in_conversation(app, id).await?;
    if work.chat.state != State::Ended || work.chat.accepted_at.is_none() {
        return Err(AppError::Conflict("a chat can be rated when it has ended".to_owned()));
    }
    match work.chat.rating {
        Some(given) if given == rating.rating => {}
        Some(_) => return Err(AppError::Conflict("the chat was rated already".to_owned())),
        None => {
            work.chat.rating = Some(rating.rating);
            work.chat.rating_comment = comment;
            let more = json!({ "chat_id": work.chat.id, "rating": rating.rating });
            work.tell(ActivityType::LiveChatRated, more);
            let chat = work.finish().await?;
            return super::view::visitor_chat(app, &mut *app.store().read().await?, &chat).await;
        }
    }
    let chat = work.chat;
    super::view::visitor_chat(app, &mut *app.store().read().await?, &chat).await
}
