//! What agents see: the inbox, a chat with everything said, the board.

use super::{
    answer::agent_of,
    called, get_to_know, name_of, presence,
    view::{
        AgentName, AgentState, AskedView, ChatPerson, ChatRowView, ChatView, LastMessageView, OfferView,
        OwnerView, ParticipantView, name_authors,
    },
};
use crate::{
    App, AppError,
    access::{Actor, Permission},
    conversations::{MessageBody, view::MessageView},
};
use ::livechat::{Chat, Offer, Outcome, State};
use jiff::{SignedDuration, tz::TimeZone};
use kernel::{ChatId, DialogueId, SiteId, TeamId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{ChatFilter, ChatRow, Page, PageRequest, Session};
use utoipa::ToSchema;

/// How many messages an offer shows.
const SAID: usize = 10;
/// The longest text of the last message in a row, in characters.
const LAST_TEXT: usize = 200;
/// How long after the last sign a visitor counts as being there.
const ONLINE: SignedDuration = SignedDuration::from_secs(60);
/// How many rows a part of the board shows.
const BOARD_ROWS: u32 = 200;

/// Whether somebody may see a chat: one's own, one that one is asked for, those that are over, and all with the permission.
pub(super) fn may_see(actor: &Actor, chat: &Chat) -> bool {
    if actor.may(Permission::LivechatViewAll) {
        return true;
    }
    let own = actor.user_id().is_some_and(|user| chat.has(user) || chat.offer_to(user).is_some());
    actor.may(Permission::LivechatViewOwn) && (own || (chat.is_over() && chat.accepted_at.is_some()))
}

/// Which part of the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InboxScope {
    /// Chats that one is or was in.
    Mine,
    /// Those that go on: one's own, or everybody's with *View all conversations*.
    Active,
    /// Those that are over, of everybody.
    Past,
    /// Active and past ones.
    #[default]
    All,
}

/// Which chats.
#[derive(Debug, Clone, Default)]
pub struct InboxFilter {
    /// Which part.
    pub scope: InboxScope,
    /// This agent is or was in it.
    pub agent: Option<UserId>,
    /// A member of this team is or was in it.
    pub team: Option<TeamId>,
    /// On one site.
    pub site: Option<SiteId>,
    /// Of one dialogue.
    pub dialogue: Option<DialogueId>,
    /// With this rating.
    pub rating: Option<u8>,
    /// With this end.
    pub outcome: Option<Outcome>,
    /// Requested at or after.
    pub from: Option<Timestamp>,
    /// Requested before.
    pub to: Option<Timestamp>,
    /// Person's name or address, or dialogue's name, contains.
    pub query: Option<String>,
}

/// Chats that were taken by somebody, newest first.
pub async fn inbox(
    app: &App,
    actor: &Actor,
    filter: InboxFilter,
    page: &PageRequest,
) -> Result<Page<ChatRowView>, AppError> {
    let mut session = app.store().read().await?;
    let wanted = wanted(&mut *session, actor, filter).await?;
    let found = session.chats(&wanted, page).await?;
    Ok(Page { items: views(app, &mut *session, found.items).await?, next: found.next })
}

/// Rows for the screen; users are read once for all of them.
async fn views(
    app: &App,
    session: &mut dyn Session,
    rows: Vec<ChatRow>,
) -> Result<Vec<ChatRowView>, AppError> {
    get_to_know(app, session, &rows).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        views.push(view(app, session, row).await?);
    }
    Ok(views)
}

async fn wanted(
    session: &mut dyn Session,
    actor: &Actor,
    filter: InboxFilter,
) -> Result<ChatFilter, AppError> {
    let viewer = actor.user_id();
    let mut agents = match filter.team {
        Some(team) => Some(session.team(team).await?.map(|team| team.members).unwrap_or_default()),
        None => None,
    };
    let mine = if filter.scope == InboxScope::Mine { Some(agent_of(actor)?) } else { None };
    for one in [filter.agent, mine].into_iter().flatten() {
        agents =
            Some(agents.map_or_else(
                || vec![one],
                |agents| agents.into_iter().filter(|agent| *agent == one).collect(),
            ));
    }
    let states = match filter.scope {
        InboxScope::Active => vec![State::Waiting, State::Offered, State::WithAgent],
        InboxScope::Past => vec![State::Ended],
        InboxScope::Mine | InboxScope::All => Vec::new(),
    };
    let all = actor.may(Permission::LivechatViewAll);
    // A token without the permission sees what is over.
    let nobody = UserId::from(uuid::Uuid::nil());
    Ok(ChatFilter {
        id: None,
        states,
        accepted: Some(true),
        agents,
        visible_to: (!all).then(|| viewer.unwrap_or(nobody)),
        site: filter.site,
        dialogue: filter.dialogue,
        rating: filter.rating,
        outcome: filter.outcome,
        from: filter.from,
        to: filter.to,
        query: filter.query,
    })
}

/// One chat.
pub async fn show(app: &App, actor: &Actor, id: ChatId) -> Result<ChatView, AppError> {
    let mut session = app.store().read().await?;
    show_in(app, &mut *session, actor, id).await
}

pub(crate) async fn row(session: &mut dyn Session, id: ChatId) -> Result<ChatRow, AppError> {
    let filter = ChatFilter { id: Some(id), ..ChatFilter::default() };
    let found = session.chats(&filter, &PageRequest::first(1)).await?;
    found.items.into_iter().next().ok_or(AppError::NotFound("chat"))
}

/// One chat, as a session sees it.
pub(super) async fn show_in(
    app: &App,
    session: &mut dyn Session,
    actor: &Actor,
    id: ChatId,
) -> Result<ChatView, AppError> {
    let row = row(session, id).await?;
    if !may_see(actor, &row.chat) {
        return Err(AppError::NotFound("chat"));
    }
    let viewer = actor.user_id();
    let mine = viewer.is_some_and(|viewer| row.chat.has(viewer));
    let mut offers = Vec::new();
    for offer in &row.chat.offers {
        offers.push(AskedView {
            agent: agent_name(app, session, offer.agent).await?,
            at: offer.at,
            answer_by: offer.answer_by,
            result: offer.result,
            note: offer.note.clone(),
        });
    }
    Ok(ChatView {
        page_url: row.page_url.clone(),
        explanation: row.chat.explanation.clone(),
        offers,
        mine,
        may_write: mine && row.chat.state == State::WithAgent,
        visitor_read: row.visitor_read,
        agent_read: row.agent_read,
        last_seq: row.last_seq,
        epoch: row.epoch,
        ends_at: row.chat.ends_at,
        rating_comment: row.chat.rating_comment.clone(),
        row: view(app, session, row).await?,
    })
}

async fn agent_name(app: &App, session: &mut dyn Session, id: UserId) -> Result<AgentName, AppError> {
    Ok(AgentName { id, name: name_of(app, session, id).await? })
}

async fn view(app: &App, session: &mut dyn Session, row: ChatRow) -> Result<ChatRowView, AppError> {
    let chat = &row.chat;
    let agent = match chat.last_owner() {
        Some(owner) => {
            let user = called(app, session, owner).await?;
            Some(OwnerView { id: owner, name: user.name, email: user.email })
        }
        None => None,
    };
    let mut agents = Vec::new();
    for one in chat.agents.iter().filter(|one| chat.is_over() || one.left_at.is_none()) {
        let name = name_of(app, session, one.agent).await?;
        agents.push(ParticipantView { id: one.agent, name, role: one.role });
    }
    Ok(ChatRowView {
        id: chat.id,
        conversation_id: chat.conversation_id,
        site_id: row.site_id,
        site_name: row.site_name.clone(),
        dialogue_id: row.dialogue_id,
        dialogue_name: row.dialogue_name.clone(),
        person: person(&row),
        state: chat.state,
        outcome: chat.outcome,
        agent,
        agents,
        requested_at: chat.requested_at,
        accepted_at: chat.accepted_at,
        ended_at: chat.ended_at,
        last_message: last_message(&row),
        unread: row.unread,
        visitor_online: is_online(app, &row),
        rating: chat.rating,
        score: chat.score,
        revision: chat.revision,
    })
}

fn person(row: &ChatRow) -> ChatPerson {
    ChatPerson {
        id: row.person_id,
        name: row.person_name.clone(),
        email: row.person_email.clone(),
        company: row.company.clone(),
    }
}

fn last_message(row: &ChatRow) -> Option<LastMessageView> {
    let last = row.last.as_ref()?;
    let body: MessageBody = serde_json::from_value(last.body.clone()).ok()?;
    let text = body.text.to_plain().chars().take(LAST_TEXT).collect();
    Some(LastMessageView { from: last.from, text, at: last.at })
}

fn is_online(app: &App, row: &ChatRow) -> bool {
    let spoke = |last: &store::LastMessage| {
        last.from == store::MessageFrom::Visitor && app.now().duration_since(last.at) < ONLINE
    };
    app.memory().is_watched(row.chat.conversation_id) || row.last.as_ref().is_some_and(spoke)
}

/// Everything said in the conversation of a chat, the automated part and notes included.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChatMessages {
    /// The messages after the number asked for.
    pub items: Vec<MessageView>,
    /// They hold everything up to this number.
    pub upto: u64,
    /// Rises when earlier messages changed: read everything again.
    pub epoch: u32,
}

/// The messages of a chat after a number.
pub async fn messages(app: &App, actor: &Actor, id: ChatId, after: u64) -> Result<ChatMessages, AppError> {
    let mut session = app.store().read().await?;
    let row = row(&mut *session, id).await?;
    if !may_see(actor, &row.chat) {
        return Err(AppError::NotFound("chat"));
    }
    let stored = session.messages(row.chat.conversation_id, after).await?;
    let upto = stored.last().map_or(after.max(row.last_seq), |message| message.seq);
    let items: Result<Vec<_>, _> = stored.iter().map(MessageView::of).collect();
    let mut items = items?;
    name_authors(app, &mut *session, &mut items, true).await?;
    Ok(ChatMessages { items, upto, epoch: row.epoch })
}

/// What an agent is asked.
pub(super) async fn offer(
    app: &App,
    session: &mut dyn Session,
    chat: &Chat,
    offer: &Offer,
    from: Option<(UserId, String)>,
) -> Result<Option<OfferView>, AppError> {
    let row = row(session, chat.id).await?;
    let stored = session.messages(chat.conversation_id, 0).await?;
    let said: Result<Vec<_>, _> = stored
        .iter()
        .filter(|message| !message.superseded && !matches!(message.kind.as_str(), "event" | "changed"))
        .map(MessageView::of)
        .collect();
    let mut said = said?;
    said.drain(..said.len().saturating_sub(SAID));
    name_authors(app, session, &mut said, true).await?;
    let seconds = offer.answer_by.duration_since(offer.at).as_secs();
    Ok(Some(OfferView {
        chat_id: chat.id,
        conversation_id: chat.conversation_id,
        role: offer.role,
        answer_by: offer.answer_by,
        seconds: u32::try_from(seconds).unwrap_or_default(),
        note: offer.note.clone(),
        from: from.map(|(id, name)| AgentName { id, name }),
        person: person(&row),
        page_url: row.page_url,
        site_name: row.site_name,
        dialogue_name: row.dialogue_name,
        said,
    }))
}

/// What a supervisor sees.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = LiveBoard)]
pub struct Board {
    /// Chats that wait or are offered.
    pub waiting: Vec<ChatRowView>,
    /// Chats with an agent.
    pub active: Vec<ChatRowView>,
    /// Chats of today that nobody took.
    pub missed_today: Vec<ChatRowView>,
    /// Every agent of live chat.
    pub agents: Vec<AgentState>,
}

/// The live board.
pub async fn board(app: &App) -> Result<Board, AppError> {
    let mut session = app.store().read().await?;
    let zone = TimeZone::get(&app.settings().time_zone).unwrap_or(TimeZone::UTC);
    let today = app.now().to_zoned(zone).start_of_day().map_or(app.now(), |day| day.timestamp());
    let states = |states: &[State]| ChatFilter { states: states.to_vec(), ..ChatFilter::default() };
    let missed = ChatFilter { outcome: Some(Outcome::Missed), from: Some(today), ..states(&[State::Ended]) };
    Ok(Board {
        waiting: rows(app, &mut *session, &states(&[State::Waiting, State::Offered])).await?,
        active: rows(app, &mut *session, &states(&[State::WithAgent])).await?,
        missed_today: rows(app, &mut *session, &missed).await?,
        agents: presence::states(app, &mut *session).await?,
    })
}

async fn rows(
    app: &App,
    session: &mut dyn Session,
    filter: &ChatFilter,
) -> Result<Vec<ChatRowView>, AppError> {
    let found = session.chats(filter, &PageRequest::first(BOARD_ROWS)).await?;
    views(app, session, found.items).await
}
