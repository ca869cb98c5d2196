//! Chats as agents and visitors see them.

use super::name_of;
use crate::{
    App, AppError,
    conversations::view::{AuthorView, ConversationView, MessageView},
};
use ::livechat::{Chat, OfferResult, Outcome, Role, State};
use ::routing::Because;
use kernel::{ChatId, ConversationId, DialogueId, PersonId, SiteId, Timestamp, UserId};
use serde::Serialize;
use store::{Conversation, Session};
use stream::Phase;
use utoipa::ToSchema;

/// An agent as the visitor sees him or her.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VisitorsAgent {
    /// Name.
    pub name: String,
    /// Picture, when there is one.
    pub avatar_url: Option<String>,
}

/// A chat as its visitor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct VisitorChat {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ChatId,
    /// Rises with every change: the newest counts.
    pub revision: u64,
    /// `waiting`, `with_agent` or `ended`.
    #[schema(value_type = String)]
    pub state: State,
    /// `ended_by_agent`, `ended_by_visitor`, `timed_out`, `missed`, `nobody` or `cancelled`.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<Outcome>,
    /// Who is in it.
    pub agents: Vec<VisitorsAgent>,
    /// Since when the visitor waits, or waited first.
    #[schema(value_type = String, format = DateTime)]
    pub requested_at: Timestamp,
    /// Somebody comes until then, or the visitor is told that nobody does.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answer_by: Option<Timestamp>,
    /// The silent chat ends then, unless somebody writes.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Timestamp>,
    /// It can be rated.
    pub can_rate: bool,
    /// How it was rated.
    pub rated: Option<u8>,
}

/// A user by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ChatAgentName)]
pub struct AgentName {
    /// The user.
    #[schema(value_type = String)]
    pub id: UserId,
    /// Name.
    pub name: String,
}

/// The owner of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ChatOwner)]
pub struct OwnerView {
    /// The user.
    #[schema(value_type = String)]
    pub id: UserId,
    /// Name.
    pub name: String,
    /// E-mail address; none of a user who is gone.
    pub email: Option<String>,
}

/// Somebody in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ChatParticipant)]
pub struct ParticipantView {
    /// The user.
    #[schema(value_type = String)]
    pub id: UserId,
    /// Name.
    pub name: String,
    /// `owner` or `guest`.
    #[schema(value_type = String)]
    pub role: Role,
}

/// The visitor of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChatPerson {
    /// The person.
    #[schema(value_type = String)]
    pub id: PersonId,
    /// Name, when one is known.
    pub name: Option<String>,
    /// E-mail address, when one is known.
    pub email: Option<String>,
    /// Company, when one is known.
    pub company: Option<String>,
}

/// The end of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LastMessageView {
    /// `visitor`, `agent` or `bot`.
    #[schema(value_type = String)]
    pub from: store::MessageFrom,
    /// As text.
    pub text: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// A row of the inbox.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ChatRow)]
pub struct ChatRowView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ChatId,
    /// In which conversation.
    #[schema(value_type = String)]
    pub conversation_id: ConversationId,
    /// On which site.
    #[schema(value_type = String)]
    pub site_id: SiteId,
    /// Its name.
    pub site_name: String,
    /// Of which dialogue or flow.
    #[schema(value_type = String)]
    pub dialogue_id: DialogueId,
    /// Its name.
    pub dialogue_name: String,
    /// With whom.
    pub person: ChatPerson,
    /// `waiting`, `offered`, `with_agent` or `ended`.
    #[schema(value_type = String)]
    pub state: State,
    /// How it ended.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<Outcome>,
    /// Whose it is, or was last.
    pub agent: Option<OwnerView>,
    /// Who is in it; of an ended one, who was.
    pub agents: Vec<ParticipantView>,
    /// When it was requested.
    #[schema(value_type = String, format = DateTime)]
    pub requested_at: Timestamp,
    /// When an agent first took it.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub accepted_at: Option<Timestamp>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// The last thing said, without notes.
    pub last_message: Option<LastMessageView>,
    /// Messages of the visitor that no agent has read.
    pub unread: u64,
    /// The visitor has the conversation open.
    pub visitor_online: bool,
    /// 1 to 5, by the visitor.
    pub rating: Option<u8>,
    /// 0 to 3, by an agent.
    pub score: Option<u8>,
    /// Rises with every change.
    pub revision: u64,
}

/// Somebody who was asked for a chat.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ChatOffer)]
pub struct AskedView {
    /// Who.
    pub agent: AgentName,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub answer_by: Timestamp,
    /// `open`, `accepted`, `missed`, `declined` or `withdrawn`.
    #[schema(value_type = String)]
    pub result: OfferResult,
    /// What the agent who hands over wrote.
    pub note: Option<String>,
}

/// A chat as an agent sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChatView {
    /// What stands in the list too.
    #[serde(flatten)]
    pub row: ChatRowView,
    /// Page on which the conversation began.
    pub page_url: String,
    /// Why these agents were asked, in sentences.
    pub explanation: Vec<String>,
    /// Everybody who was asked, oldest first.
    pub offers: Vec<AskedView>,
    /// The viewer is in it.
    pub mine: bool,
    /// The viewer may write.
    pub may_write: bool,
    /// The last number that the visitor has read.
    pub visitor_read: u64,
    /// The last number that an agent has read.
    pub agent_read: u64,
    /// Number of the last message.
    pub last_seq: u64,
    /// Rises when earlier messages changed: read everything again.
    pub epoch: u32,
    /// When the silent chat ends, once both were told.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ends_at: Option<Timestamp>,
    /// What the visitor wrote with the rating.
    pub rating_comment: Option<String>,
}

/// A chat that an agent is asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Offer)]
pub struct OfferView {
    /// Which.
    #[schema(value_type = String)]
    pub chat_id: ChatId,
    /// In which conversation.
    #[schema(value_type = String)]
    pub conversation_id: ConversationId,
    /// `owner` or `guest`.
    #[schema(value_type = String)]
    pub role: Role,
    /// Until when it can be answered.
    #[schema(value_type = String, format = DateTime)]
    pub answer_by: Timestamp,
    /// How many seconds there are in all.
    pub seconds: u32,
    /// What the agent who hands over wrote.
    pub note: Option<String>,
    /// Who hands over or invites; none when routing chose.
    pub from: Option<AgentName>,
    /// With whom.
    pub person: ChatPerson,
    /// Page on which the conversation began.
    pub page_url: String,
    /// On which site.
    pub site_name: String,
    /// Of which dialogue.
    pub dialogue_name: String,
    /// The last ten messages.
    pub said: Vec<MessageView>,
}

/// An agent of live chat now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AgentState {
    /// The user.
    #[schema(value_type = String)]
    pub id: UserId,
    /// Name.
    pub name: String,
    /// Whether hours and switch say that he or she is there.
    pub available: bool,
    /// `free`, `at_limit`, `not_connected`, `switch`, `schedule` or `no_hours`.
    pub because: String,
    /// A console is open.
    pub connected: bool,
    /// Chats that he or she is in or asked for.
    pub open_chats: u32,
    /// The most.
    pub limit: u32,
}

/// Oneself as an agent now.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = LiveMe)]
pub struct Me {
    /// Whether hours and switch say that one is there.
    pub available: bool,
    /// `schedule`, `switch` or `no_hours`.
    #[schema(value_type = String)]
    pub because: Because,
    /// Until when that stays so; none when no end is in sight.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// A console is open.
    pub connected: bool,
    /// Chats that one is in or asked for.
    pub open_chats: u32,
    /// The most.
    pub limit: u32,
    /// What one is asked now.
    pub offers: Vec<OfferView>,
}

/// A chat as its visitor sees it.
pub(crate) async fn visitor_chat(
    app: &App,
    session: &mut dyn Session,
    chat: &Chat,
) -> Result<VisitorChat, AppError> {
    let mut agents = Vec::new();
    for one in chat.present() {
        agents.push(VisitorsAgent { name: name_of(app, session, one.agent).await?, avatar_url: None });
    }
    let taken = chat.accepted_at.is_some();
    Ok(VisitorChat {
        id: chat.id,
        revision: chat.revision,
        state: if chat.state == State::Offered { State::Waiting } else { chat.state },
        outcome: chat.outcome,
        agents,
        requested_at: chat.requested_at,
        answer_by: chat.waits_until,
        ends_at: chat.ends_at,
        can_rate: chat.is_over() && taken && chat.rating.is_none(),
        rated: chat.rating,
    })
}

/// Adds what the store alone knows to a conversation as its visitor sees it: the chat, and who wrote.
pub(crate) async fn complete(
    app: &App,
    session: &mut dyn Session,
    conversation: &Conversation,
    view: &mut ConversationView,
) -> Result<(), AppError> {
    if !matches!(conversation.state.phase, Phase::WithPeople { .. } | Phase::Ended) {
        return Ok(());
    }
    if let Some(chat) = session.latest_chat(conversation.id).await? {
        view.chat = Some(visitor_chat(app, session, &chat).await?);
    }
    name_authors(app, session, &mut view.messages, false).await
}

/// The same out of memory; false when somebody's name is not there.
pub(super) fn name_known_authors(app: &App, messages: &mut [MessageView], with_ids: bool) -> bool {
    messages.iter_mut().all(|message| {
        let Some(author) = message.author_id else { return true };
        let Some(called) = app.memory().called.get(&author) else { return false };
        let id = with_ids.then(|| author.to_string());
        message.author = Some(AuthorView { id, name: called.name, avatar_url: None });
        true
    })
}

/// Says who wrote; visitors get no ids of users.
pub(crate) async fn name_authors(
    app: &App,
    session: &mut dyn Session,
    messages: &mut [MessageView],
    with_ids: bool,
) -> Result<(), AppError> {
    for message in messages {
        let Some(author) = message.author_id else { continue };
        let name = name_of(app, session, author).await?;
        let id = with_ids.then(|| author.to_string());
        message.author = Some(AuthorView { id, name, avatar_url: None });
    }
    Ok(())
}
