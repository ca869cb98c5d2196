//! What visitors write and nobody reads: the agents of the chat are called. A tab that is looked at reads at once, so that
//! only those are called who look elsewhere, whatever their browser did with the tab.

use super::{
    About,
    jobs::{Alert, Place, enqueue},
    settings::Wishes,
};
use crate::{App, AppError, livechat::list::row};
use ::livechat::State;
use bus::Hint;
use jiff::SignedDuration;
use kernel::ChatId;
use store::Session;

/// How long a message may be unread before somebody is called.
const PATIENCE: SignedDuration = SignedDuration::from_secs(10);
/// How long a call to a message is worth something.
const WORTH: SignedDuration = SignedDuration::from_mins(10);
/// Chats worked on in one round.
const AT_ONCE: u32 = 100;

/// Calls the agents of chats with unread messages, once until they have looked. Returns to how many chats.
pub async fn run(app: &App) -> Result<usize, AppError> {
    let mut session = app.store().read().await?;
    if !is_wanted(app, &mut *session).await? {
        return Ok(0);
    }
    let unread = session.unread_chats(app.now() - PATIENCE, AT_ONCE).await?;
    drop(session);
    let mut called = 0;
    for (chat, seq) in unread {
        called += usize::from(call(app, chat, seq).await?);
    }
    Ok(called)
}

/// Whether anybody can be called to a message at all; usually nobody can, and then nothing more is read.
async fn is_wanted(app: &App, session: &mut dyn Session) -> Result<bool, AppError> {
    if !session.pushable_users(app.now()).await?.is_empty() {
        return Ok(true);
    }
    let otherwise = |user: &store::User| {
        let ways = Wishes::of(user).ways(About::Message);
        ways.email || ways.webhook
    };
    Ok(session.users().await?.iter().any(otherwise))
}

async fn call(app: &App, id: ChatId, seq: u64) -> Result<bool, AppError> {
    let mut tx = app.store().begin().await?;
    // First, so that of two nodes the second one finds it done.
    if !tx.note_called(id, seq).await? {
        return Ok(false);
    }
    let row = match row(&mut *tx, id).await {
        Ok(row) => row,
        Err(AppError::NotFound(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    if row.chat.state != State::WithAgent {
        return Ok(false);
    }
    let until = app.now() + WORTH;
    let of = |agent| Alert { user: agent, about: About::Message, seq: Some(seq), until };
    let alerts: Vec<Alert> = row.chat.present().map(|one| of(one.agent)).collect();
    let place = Place { chat: id, site: &row.site_name, dialogue: &row.dialogue_name };
    let any = enqueue(app, &mut *tx, place, &alerts).await?;
    tx.commit().await?;
    if any {
        app.hint(Hint::Outbox);
    }
    Ok(any)
}
