//! Live chat: a conversation asks for an agent, agents are asked one after the other, one talks to the visitor (spec 05).
//!
//! - [`request()`]: a card asks. - [`answer`]: agents take, refuse, hand on, end; the visitor ends and rates.
//! - [`talk`]: messages. - [`due`]: what time and changes of agents make true. - [`presence`]: who can be asked.
//! - [`list`], [`view`], [`watching`]: what agents and visitors see. - [`transcript`]: the talk as text.
//! - [`attachment`]: files. - [`canned`]: texts at hand. - [`report`]: figures.
//!
//! Everything that changes a chat holds its conversation, asks `livechat::Chat` what follows, and writes both in one unit of
//! work; so of two who accept at the same moment on two nodes one comes second.

pub mod answer;
pub mod attachment;
mod background;
pub mod canned;
mod choose;
mod desk;
pub mod due;
pub mod list;
pub mod presence;
pub mod report;
mod request;
pub mod talk;
pub mod transcript;
pub mod view;
pub mod watching;
mod words;
mod work;

pub(crate) use background::background;
pub(crate) use request::{Asked, Requested, request};
pub(crate) use view::complete;

use crate::{App, AppError};
use kernel::UserId;
use store::{ChatRow, Session, User};

/// A user as chats name him or her; nothing of a user who is gone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Called {
    pub name: String,
    pub email: Option<String>,
}

impl From<User> for Called {
    fn from(user: User) -> Self {
        Self { email: Some(user.email.to_string()), name: user.name }
    }
}

/// What a user is called.
pub(crate) async fn called(app: &App, session: &mut dyn Session, user: UserId) -> Result<Called, AppError> {
    if let Some(known) = app.memory().called.get(&user) {
        return Ok(known);
    }
    let found = session.user(user).await?.map(Called::from).unwrap_or_default();
    app.memory().called.insert(user, found.clone());
    Ok(found)
}

/// The name alone.
pub(crate) async fn name_of(app: &App, session: &mut dyn Session, user: UserId) -> Result<String, AppError> {
    called(app, session, user).await.map(|user| user.name)
}

/// Reads all users in one go when some of those who stand in these chats are not known here.
pub(crate) async fn get_to_know(
    app: &App,
    session: &mut dyn Session,
    rows: &[ChatRow],
) -> Result<(), AppError> {
    let known = &app.memory().called;
    if rows.iter().flat_map(|row| &row.chat.agents).all(|one| known.contains_key(&one.agent)) {
        return Ok(());
    }
    for user in session.users().await? {
        known.insert(user.id, Called::from(user));
    }
    Ok(())
}
