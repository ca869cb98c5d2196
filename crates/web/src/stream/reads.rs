//! What a socket reads for its viewer: never more than the same viewer gets over HTTP.

use super::{frames::ChatFor, viewer::Viewer};
use crate::state::Web;
use app::{
    AppError,
    conversations::view::MessageView,
    livechat::{list, watching},
};
use kernel::{ChatId, ConversationId, UserId};

/// Messages after a number.
pub struct Page {
    pub items: Vec<MessageView>,
    pub upto: u64,
    pub epoch: u32,
}

/// Everything that the viewer may see after a number. With the number at which the conversation is `known` to be, what this
/// node stored itself is not read again.
pub async fn messages(
    web: &Web,
    viewer: &Viewer,
    conversation: ConversationId,
    after: u64,
    known: Option<u64>,
) -> Result<Page, AppError> {
    let found = match viewer {
        Viewer::Visitor(caller) => {
            watching::for_visitor(web.app(), caller, conversation, after, known).await?
        }
        Viewer::Console(who, _) => watching::for_agent(web.app(), who, conversation, after, known).await?,
    };
    let list::ChatMessages { items, upto, epoch } = found;
    Ok(Page { items, upto, epoch })
}

/// The chat as the viewer may see it; none while there is none.
pub async fn chat(
    web: &Web,
    viewer: &Viewer,
    conversation: ConversationId,
) -> Result<Option<ChatFor>, AppError> {
    match viewer {
        Viewer::Visitor(caller) => {
            let chat = watching::visitors_chat(web.app(), caller, conversation).await?;
            Ok(chat.map(|chat| ChatFor::Visitor(Box::new(chat))))
        }
        Viewer::Console(who, _) => {
            let chat = watching::agents_chat(web.app(), who, conversation).await?;
            Ok(chat.map(|chat| ChatFor::Agent(Box::new(chat))))
        }
    }
}

/// Notes what the viewer has read.
pub async fn note_read(
    web: &Web,
    viewer: &Viewer,
    conversation: ConversationId,
    seq: u64,
) -> Result<(), AppError> {
    match viewer {
        Viewer::Visitor(caller) => watching::read_as_visitor(web.app(), caller, conversation, seq).await,
        Viewer::Console(who, _) => watching::read_as_agent(web.app(), who, conversation, seq).await,
    }
}

/// Name of an agent who writes, if he or she is in the chat.
pub async fn typist(web: &Web, conversation: ConversationId, agent: UserId) -> Option<String> {
    watching::name_in_chat(web.app(), conversation, agent).await.ok().flatten()
}

/// Why an offer is gone.
pub async fn why_gone(web: &Web, agent: Option<UserId>, chat: ChatId) -> &'static str {
    match agent {
        Some(agent) => watching::why_gone(web.app(), agent, chat).await.unwrap_or("withdrawn"),
        None => "withdrawn",
    }
}
