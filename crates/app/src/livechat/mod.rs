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
use store::Session;

/// What a user is called; nothing of a user who is gone.
pub(crate) async fn name_of(app: &App, session: &mut dyn Session, user: UserId) -> Result<String, AppError> {
    if let Some(name) = app.memory().names.get(&user) {
        return Ok(name);
    }
    let name = session.user(user).await?.map(|user| user.name).unwrap_or_default();
    app.memory().names.insert(user, name.clone());
    Ok(name)
}
