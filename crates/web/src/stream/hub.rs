//! The sockets of this node. A note to a socket says where to look; a socket that does not take its notes is closed.

use crate::state::Web;
use bus::Hint;
use kernel::{ConversationId, UserId};
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::sync::{broadcast::error::RecvError, mpsc};
use tokio_util::sync::CancellationToken;

/// Notes that may wait for a socket.
pub const NOTES: usize = 256;
/// How often agents are noted as connected.
const NOTE_EVERY: Duration = Duration::from_secs(20);
/// Conversations asked about at once.
const AT_ONCE: usize = 5_000;
/// Conversations with chats that are remembered, for inboxes.
const CHATS: usize = 20_000;

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A watched conversation has further messages: up to this number, as far as that is known.
    Moved(ConversationId, Option<u64>),
    /// The chat of a watched conversation changed.
    Chat(ConversationId),
    /// Offers or availability of the socket's agent changed.
    Me,
    /// Somebody writes in a watched conversation.
    Typing { conversation: ConversationId, agent: Option<UserId>, on: bool },
    /// A watched conversation was read.
    Read { conversation: ConversationId, by_agent: bool, seq: u64 },
    /// Rights or sessions changed.
    Rights,
}

/// A socket as the hub knows it.
struct Handle {
    notes: mpsc::Sender<Note>,
    close: CancellationToken,
    /// The user of a console.
    user: Option<UserId>,
    /// Whoever may take chats counts as connected.
    agent: bool,
}

#[derive(Default)]
struct Sockets {
    next: u64,
    all: HashMap<u64, Handle>,
    /// Those of consoles.
    consoles: HashSet<u64>,
    watchers: HashMap<ConversationId, Watchers>,
    /// Conversations in which chats changed lately: their messages change inboxes.
    chats: HashSet<ConversationId>,
}

#[derive(Default)]
struct Watchers {
    sockets: HashSet<u64>,
    /// The last number and epoch that were told.
    position: (u64, u32),
}

/// All sockets of this node.
pub struct Hub {
    node: String,
    sockets: Mutex<Sockets>,
    /// Rises when a row of inbox or board changes. Consoles look at it once a second: a note for each would fill their queues.
    inbox: AtomicU64,
}

/// What a new socket is.
pub struct Newcomer {
    pub user: Option<UserId>,
    pub console: bool,
    pub agent: bool,
    pub close: CancellationToken,
}

impl Hub {
    /// Of a node by name.
    pub fn new(node: String) -> Self {
        Self { node, sockets: Mutex::default(), inbox: AtomicU64::new(0) }
    }

    /// Name of the node.
    pub fn node(&self) -> &str {
        &self.node
    }

    /// How often rows of inbox and board have changed.
    pub fn inbox(&self) -> u64 {
        self.inbox.load(Ordering::Relaxed)
    }

    fn inbox_changed(&self) {
        self.inbox.fetch_add(1, Ordering::Relaxed);
    }

    fn sockets(&self) -> MutexGuard<'_, Sockets> {
        self.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many sockets there are: of visitors, of consoles.
    pub fn count(&self) -> (usize, usize) {
        let sockets = self.sockets();
        let consoles = sockets.consoles.len();
        (sockets.all.len() - consoles, consoles)
    }

    /// A socket is there.
    pub fn join(&self, newcomer: Newcomer) -> (u64, mpsc::Receiver<Note>) {
        let (notes, receiver) = mpsc::channel(NOTES);
        let Newcomer { user, console, agent, close } = newcomer;
        let mut sockets = self.sockets();
        sockets.next += 1;
        let id = sockets.next;
        if console {
            sockets.consoles.insert(id);
        }
        sockets.all.insert(id, Handle { notes, close, user, agent });
        (id, receiver)
    }

    /// A socket, which watches nothing any more, is gone. Returns its agent when that was the agent's last one here.
    pub fn leave(&self, id: u64) -> Option<UserId> {
        let mut sockets = self.sockets();
        sockets.consoles.remove(&id);
        let agent = sockets.all.remove(&id).filter(|handle| handle.agent)?.user?;
        let another = sockets.consoles().any(|handle| handle.agent && handle.user == Some(agent));
        (!another).then_some(agent)
    }

    /// Whether the agent of a socket counts as connected.
    pub fn count_as_agent(&self, id: u64, agent: bool) {
        if let Some(handle) = self.sockets().all.get_mut(&id) {
            handle.agent = agent;
        }
    }

    /// A socket watches a conversation.
    pub fn watch(&self, id: u64, conversation: ConversationId) {
        self.sockets().watchers.entry(conversation).or_default().sockets.insert(id);
    }

    /// A socket does not watch it any more.
    pub fn unwatch(&self, id: u64, conversation: ConversationId) {
        let mut sockets = self.sockets();
        if let Some(watchers) = sockets.watchers.get_mut(&conversation) {
            watchers.sockets.remove(&id);
            if watchers.sockets.is_empty() {
                sockets.watchers.remove(&conversation);
            }
        }
    }

    fn agents(&self) -> Vec<UserId> {
        let sockets = self.sockets();
        let agents = sockets.consoles().filter(|handle| handle.agent).filter_map(|handle| handle.user);
        let agents: HashSet<UserId> = agents.collect();
        agents.into_iter().collect()
    }

    fn watched(&self) -> Vec<ConversationId> {
        self.sockets().watchers.keys().copied().collect()
    }

    fn pass_on(&self, hint: &Hint) {
        let mut sockets = self.sockets();
        match *hint {
            Hint::Conversation { id, seq } => {
                sockets.moved(id, Some(seq), |position| position.0 = position.0.max(seq));
                if sockets.chats.contains(&id) {
                    self.inbox_changed();
                }
            }
            Hint::Chat { conversation, .. } => {
                sockets.chat(conversation);
                self.inbox_changed();
            }
            Hint::Agent { id } => {
                for handle in sockets.consoles().filter(|handle| handle.user == Some(id)) {
                    handle.tell(&Note::Me);
                }
                self.inbox_changed();
            }
            Hint::Typing { conversation, agent, on } => {
                sockets.to_watchers(conversation, &Note::Typing { conversation, agent, on });
            }
            Hint::Read { conversation, by_agent, seq } => {
                sockets.to_watchers(conversation, &Note::Read { conversation, by_agent, seq });
                if by_agent {
                    self.inbox_changed();
                }
            }
            Hint::User { .. } => sockets.to_consoles(&Note::Rights),
            _ => {}
        }
    }

    /// Hints were lost: everything is looked at.
    fn look_at_everything(&self) {
        let sockets = self.sockets();
        let watched: Vec<ConversationId> = sockets.watchers.keys().copied().collect();
        for conversation in watched {
            sockets.to_watchers(conversation, &Note::Moved(conversation, None));
            sockets.to_watchers(conversation, &Note::Chat(conversation));
        }
        for note in [Note::Rights, Note::Me] {
            sockets.to_consoles(&note);
        }
        self.inbox_changed();
    }

    fn stands_at(&self, positions: &[(ConversationId, u64, u32)]) {
        let mut sockets = self.sockets();
        for (id, seq, epoch) in positions {
            let known = sockets.watchers.get(id).map(|watchers| watchers.position);
            if known.is_some_and(|known| known != (*seq, *epoch)) {
                sockets.moved(*id, None, |position| *position = (*seq, *epoch));
                // What makes a chat change also moves its conversation on.
                sockets.to_watchers(*id, &Note::Chat(*id));
            }
        }
    }
}

impl Sockets {
    fn consoles(&self) -> impl Iterator<Item = &Handle> {
        self.consoles.iter().filter_map(|id| self.all.get(id))
    }

    fn to_consoles(&self, note: &Note) {
        for handle in self.consoles() {
            handle.tell(note);
        }
    }

    fn to_watchers(&self, conversation: ConversationId, note: &Note) {
        let Some(watchers) = self.watchers.get(&conversation) else { return };
        for handle in watchers.sockets.iter().filter_map(|id| self.all.get(id)) {
            handle.tell(note);
        }
    }

    fn moved(&mut self, conversation: ConversationId, known: Option<u64>, to: impl FnOnce(&mut (u64, u32))) {
        let Some(watchers) = self.watchers.get_mut(&conversation) else { return };
        to(&mut watchers.position);
        self.to_watchers(conversation, &Note::Moved(conversation, known));
    }

    fn chat(&mut self, conversation: ConversationId) {
        if self.chats.len() >= CHATS {
            self.chats.clear();
        }
        self.chats.insert(conversation);
        self.to_watchers(conversation, &Note::Chat(conversation));
    }
}

impl Handle {
    /// A socket that has not taken so many notes does not read: it is closed, and comes back for the rest.
    fn tell(&self, note: &Note) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.notes.try_send(note.clone()) {
            self.close.cancel();
        }
    }
}

/// Passes the hints of the bus on.
pub async fn hear(web: Web) {
    let mut hints = web.app().bus().subscribe();
    loop {
        match hints.recv().await {
            Ok(hint) => {
                if matches!(hint, Hint::User { .. }) {
                    // Sockets look at rights next, and must not find what was remembered.
                    web.forget_sign_ins();
                }
                web.hub().pass_on(&hint);
            }
            Err(RecvError::Lagged(_)) => {
                web.forget_sign_ins();
                web.hub().look_at_everything();
            }
            Err(RecvError::Closed) => return,
        }
    }
}

/// Looks now and then whether a watched conversation has moved on without a hint.
pub async fn look(web: Web) {
    let pause = Duration::from_secs(web.app().settings().sockets.look_seconds);
    loop {
        tokio::time::sleep(pause).await;
        for part in web.hub().watched().chunks(AT_ONCE) {
            let positions = match web.app().store().read().await {
                Ok(mut session) => session.conversation_positions(part).await,
                Err(error) => Err(error),
            };
            match positions {
                Ok(positions) => web.hub().stands_at(&positions),
                Err(error) => tracing::warn!(%error, "watched conversations could not be looked at"),
            }
        }
    }
}

/// Notes again and again which agents are connected here.
pub async fn note_agents(web: Web) {
    loop {
        tokio::time::sleep(NOTE_EVERY).await;
        note(&web, &web.hub().agents()).await;
    }
}

/// Notes that agents are connected here now, or were until now.
pub async fn note(web: &Web, agents: &[UserId]) {
    if let Err(error) = app::livechat::presence::note(web.app(), web.hub().node(), agents).await {
        tracing::warn!(%error, "connected agents could not be noted");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn newcomer(user: u128) -> Newcomer {
        let user = Some(UserId::from(Uuid::from_u128(user)));
        Newcomer { user, console: true, agent: true, close: CancellationToken::new() }
    }

    fn moved(id: ConversationId, seq: u64) -> Hint {
        Hint::Conversation { id, seq }
    }

    #[tokio::test]
    async fn whoever_does_not_take_its_notes_is_closed_and_others_are_unharmed() {
        let hub = Hub::new("here".to_owned());
        let conversation = ConversationId::from(Uuid::from_u128(1));
        let (slow, quick) = (newcomer(1), newcomer(2));
        let (slow_closes, quick_closes) = (slow.close.clone(), quick.close.clone());
        let (slow, _waiting) = hub.join(slow);
        let (quick, mut notes) = hub.join(quick);
        hub.watch(slow, conversation);
        hub.watch(quick, conversation);
        for seq in 1..=NOTES as u64 + 1 {
            hub.pass_on(&moved(conversation, seq));
            assert_eq!(notes.recv().await, Some(Note::Moved(conversation, Some(seq))));
        }
        assert!(slow_closes.is_cancelled() && !quick_closes.is_cancelled());
    }

    #[tokio::test]
    async fn any_number_of_messages_elsewhere_costs_a_console_nothing_but_one_look() {
        let hub = Hub::new("here".to_owned());
        let conversation = ConversationId::from(Uuid::from_u128(1));
        let chat = kernel::ChatId::from(Uuid::from_u128(2));
        let console = newcomer(1);
        let closes = console.close.clone();
        let (_id, mut notes) = hub.join(console);
        hub.pass_on(&Hint::Chat { id: chat, conversation });
        let before = hub.inbox();
        for seq in 1..=10 * NOTES as u64 {
            hub.pass_on(&moved(conversation, seq));
        }
        assert!(hub.inbox() > before && notes.try_recv().is_err() && !closes.is_cancelled());
    }

    #[tokio::test]
    async fn an_agent_is_gone_with_the_last_console() {
        let hub = Hub::new("here".to_owned());
        let (first, _one) = hub.join(newcomer(1));
        let (second, _two) = hub.join(newcomer(1));
        let agent = UserId::from(Uuid::from_u128(1));
        assert_eq!(hub.agents(), [agent]);
        assert_eq!(hub.leave(first), None);
        assert_eq!(hub.leave(second), Some(agent));
        assert_eq!((hub.agents(), hub.count()), (Vec::new(), (0, 0)));
    }

    #[tokio::test]
    async fn a_lost_hint_is_made_up_for_by_looking() {
        let hub = Hub::new("here".to_owned());
        let conversation = ConversationId::from(Uuid::from_u128(1));
        let (id, mut notes) = hub.join(newcomer(1));
        hub.watch(id, conversation);
        hub.stands_at(&[(conversation, 7, 1)]);
        assert_eq!(notes.recv().await, Some(Note::Moved(conversation, None)));
        assert_eq!(notes.recv().await, Some(Note::Chat(conversation)));
        hub.stands_at(&[(conversation, 7, 1)]);
        assert!(notes.try_recv().is_err(), "nothing changed since");
    }
}
