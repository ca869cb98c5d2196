//! What sockets read for their viewers: the same that the viewer gets over HTTP. What this node stored itself a moment ago it
//! need not read again: such a message was flushed, with the conversation and the chat that it was written for.

use super::{
    list::{self, ChatMessages},
    name_of,
    talk::Talk,
    view::{ChatView, VisitorChat, name_authors, name_known_authors, visitor_chat},
};
use crate::{App, AppError, access::Actor, caller::Caller, conversations::view::MessageView};
use ::livechat::OfferResult;
use bus::Hint;
use kernel::{ChatId, ConversationId, UserId};
use std::sync::Arc;
use store::{Conversation, Message, Session, Side};

const MISSING: AppError = AppError::NotFound("conversation");

async fn visitors(
    app: &App,
    session: &mut dyn Session,
    caller: &Caller,
    id: ConversationId,
) -> Result<Conversation, AppError> {
    let known = caller.visitor(app, app.now()).await?.ok_or(MISSING)?;
    let found = session.visitor_conversation(caller.site.scope(), known.profile.visitor.id, id).await?;
    found.ok_or(MISSING)
}

/// The talk as this node stored it last, if it reaches up to the number that somebody was told of.
fn remembered(app: &App, id: ConversationId, known: Option<u64>) -> Option<Arc<Talk>> {
    let talk = app.memory().talks.get(&id)?;
    (talk.conversation.last_seq >= known?).then_some(talk)
}

/// Out of a remembered talk; none when something is missing there.
fn out_of(app: &App, talk: &Talk, after: u64, viewer: Side) -> Option<ChatMessages> {
    let items: Result<Vec<_>, _> = talk.after(after)?.map(MessageView::of).collect();
    let mut items = items.ok()?;
    if viewer == Side::Visitor {
        items.retain(MessageView::is_for_visitors);
    }
    let conversation = &talk.conversation;
    name_known_authors(app, &mut items, viewer == Side::Agent).then_some(ChatMessages {
        items,
        upto: conversation.last_seq,
        epoch: conversation.epoch,
    })
}

/// What the visitor may see of the conversation after a number; `known` is the number at which it is, as a hint says.
pub async fn for_visitor(
    app: &App,
    caller: &Caller,
    id: ConversationId,
    after: u64,
    known: Option<u64>,
) -> Result<ChatMessages, AppError> {
    if let Some(talk) = remembered(app, id, known) {
        let visitor = caller.visitor(app, app.now()).await?.ok_or(MISSING)?.profile.visitor.id;
        let conversation = &talk.conversation;
        let own = conversation.visitor_id == visitor && conversation.site_id == caller.site.id();
        let found = own.then(|| out_of(app, &talk, after, Side::Visitor)).flatten();
        if let Some(found) = found {
            return Ok(found);
        }
    }
    let mut session = app.store().read().await?;
    let conversation = visitors(app, &mut *session, caller, id).await?;
    if conversation.last_seq == 0 {
        // What the bot says first is not written down before the first answer.
        return Ok(ChatMessages { items: Vec::new(), upto: after, epoch: conversation.epoch });
    }
    let stored = session.messages(id, after).await?;
    let upto = upto(&stored, conversation.last_seq);
    let mut items = views(&stored)?;
    items.retain(MessageView::is_for_visitors);
    name_authors(app, &mut *session, &mut items, false).await?;
    Ok(ChatMessages { items, upto, epoch: conversation.epoch })
}

/// What an agent may see of it: everything.
pub async fn for_agent(
    app: &App,
    actor: &Actor,
    id: ConversationId,
    after: u64,
    known: Option<u64>,
) -> Result<ChatMessages, AppError> {
    let talk = remembered(app, id, known).filter(|talk| list::may_see(actor, &talk.chat));
    if let Some(found) = talk.and_then(|talk| out_of(app, &talk, after, Side::Agent)) {
        return Ok(found);
    }
    let mut session = app.store().read().await?;
    let chat = session.latest_chat(id).await?.filter(|chat| list::may_see(actor, chat)).ok_or(MISSING)?;
    let position = session.conversation_positions(&[chat.conversation_id]).await?;
    let (_, last_seq, epoch) = position.first().copied().ok_or(MISSING)?;
    let stored = session.messages(id, after).await?;
    let upto = upto(&stored, last_seq);
    let mut items = views(&stored)?;
    name_authors(app, &mut *session, &mut items, true).await?;
    Ok(ChatMessages { items, upto, epoch })
}

fn upto(stored: &[Message], last_seq: u64) -> u64 {
    stored.last().map_or(last_seq, |message| message.seq.max(last_seq))
}

fn views(stored: &[Message]) -> Result<Vec<MessageView>, AppError> {
    stored.iter().map(MessageView::of).collect()
}

/// The chat of a conversation as its visitor sees it.
pub async fn visitors_chat(
    app: &App,
    caller: &Caller,
    id: ConversationId,
) -> Result<Option<VisitorChat>, AppError> {
    let mut session = app.store().read().await?;
    visitors(app, &mut *session, caller, id).await?;
    match session.latest_chat(id).await? {
        Some(chat) => visitor_chat(app, &mut *session, &chat).await.map(Some),
        None => Ok(None),
    }
}

/// The chat of a conversation as an agent sees it.
pub async fn agents_chat(app: &App, actor: &Actor, id: ConversationId) -> Result<Option<ChatView>, AppError> {
    let mut session = app.store().read().await?;
    let chat = session.latest_chat(id).await?.ok_or(MISSING)?;
    match list::show_in(app, &mut *session, actor, chat.id).await {
        Err(AppError::NotFound(_)) => Err(MISSING),
        found => found.map(Some),
    }
}

/// Name of an agent who is in the chat of a conversation.
pub async fn name_in_chat(app: &App, id: ConversationId, agent: UserId) -> Result<Option<String>, AppError> {
    let mut session = app.store().read().await?;
    match session.latest_chat(id).await? {
        Some(chat) if chat.has(agent) => name_of(app, &mut *session, agent).await.map(Some),
        _ => Ok(None),
    }
}

/// Why an agent is not asked for a chat any more.
pub async fn why_gone(app: &App, agent: UserId, chat: ChatId) -> Result<&'static str, AppError> {
    let chat = app.store().read().await?.chat(chat).await?;
    let last = chat.and_then(|chat| chat.offers.into_iter().rev().find(|offer| offer.agent == agent));
    Ok(match last.map(|offer| offer.result) {
        Some(OfferResult::Accepted) => "accepted",
        Some(OfferResult::Missed) => "missed",
        Some(OfferResult::Declined) => "declined",
        Some(OfferResult::Withdrawn | OfferResult::Open) | None => "withdrawn",
    })
}

/// The visitor has read up to a number.
pub async fn read_as_visitor(
    app: &App,
    caller: &Caller,
    id: ConversationId,
    seq: u64,
) -> Result<(), AppError> {
    let mut session = app.store().read().await?;
    let conversation = visitors(app, &mut *session, caller, id).await?;
    let Some(chat) = session.latest_chat(id).await? else { return Ok(()) };
    drop(session);
    note(app, chat.id, id, Side::Visitor, seq.min(conversation.last_seq)).await
}

/// An agent in the chat has read up to a number; whoever only looks on leaves no mark.
pub async fn read_as_agent(app: &App, actor: &Actor, id: ConversationId, seq: u64) -> Result<(), AppError> {
    let mut session = app.store().read().await?;
    let own = |chat: &::livechat::Chat| actor.user_id().is_some_and(|user| chat.has(user));
    let Some(chat) = session.latest_chat(id).await?.filter(own) else { return Ok(()) };
    let position = session.conversation_positions(&[id]).await?;
    let (_, last_seq, _) = position.first().copied().ok_or(MISSING)?;
    drop(session);
    note(app, chat.id, id, Side::Agent, seq.min(last_seq)).await
}

async fn note(
    app: &App,
    chat: ChatId,
    conversation: ConversationId,
    side: Side,
    seq: u64,
) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let further = tx.note_read(chat, side, seq).await?;
    tx.commit().await?;
    if further {
        app.hint(Hint::Read { conversation, by_agent: side == Side::Agent, seq });
    }
    Ok(())
}
