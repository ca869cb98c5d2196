//! What a connection asks and is told.

use super::{
    frames::{In, Name, Out, Side},
    hub::Note,
    reads,
    socket::{Arrived, Outgoing},
    viewer::Viewer,
};
use crate::{state::Web, strict};
use app::{
    AppError,
    access::Permission,
    livechat::{
        talk::{self, Saying},
        view::OfferView,
    },
};
use kernel::{ChatId, ConversationId, UserId};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};
use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior, interval},
};
use tokio_util::sync::CancellationToken;

/// The most conversations that one socket watches.
const MOST_WATCHED: usize = 50;
/// How many messages one frame holds.
const FRAME: usize = 100;
/// How often what was put off is done.
const TICK: Duration = Duration::from_secs(1);
/// How often rights are looked at, should a hint be lost.
const RIGHTS: Duration = Duration::from_secs(5);
/// At most one sign of writing a second of a socket.
const TYPING: Duration = Duration::from_millis(900);

/// How far a watched conversation was told.
struct Watch {
    upto: u64,
    epoch: u32,
}

/// One connection.
pub struct Session<'a> {
    web: &'a Web,
    viewer: Viewer,
    id: u64,
    out: &'a Outgoing,
    watched: BTreeMap<ConversationId, Watch>,
    offers: HashMap<ChatId, kernel::Timestamp>,
    /// The hub's count of changed rows when the console was last told of one.
    inbox: u64,
    reads: HashMap<ConversationId, u64>,
    /// Watched conversations that could not be read when something had happened there.
    unread: BTreeSet<ConversationId>,
    /// The agent's own state could not be read.
    me_unread: bool,
    typed: Option<Instant>,
}

impl<'a> Session<'a> {
    /// A greeted viewer.
    pub fn new(web: &'a Web, viewer: Viewer, id: u64, out: &'a Outgoing) -> Self {
        Self {
            web,
            viewer,
            id,
            out,
            watched: BTreeMap::new(),
            offers: HashMap::new(),
            inbox: web.hub().inbox(),
            reads: HashMap::new(),
            unread: BTreeSet::new(),
            me_unread: false,
            typed: None,
        }
    }

    /// Tells an agent how things are.
    pub async fn begin(&mut self) {
        if let (true, Some(user)) = (self.viewer.takes_chats(), self.viewer.user()) {
            super::hub::note(self.web, &[user]).await;
            self.tell_me().await;
        }
    }

    /// Nothing is watched any more.
    pub fn end(&mut self) {
        let watched: Vec<ConversationId> = self.watched.keys().copied().collect();
        for conversation in watched {
            self.unwatch(conversation);
        }
    }

    /// Until the connection ends. What it does now and then is boxed: a silent connection does not keep the room for it.
    pub async fn run(
        &mut self,
        arriving: &mut mpsc::Receiver<Arrived>,
        mut notes: mpsc::Receiver<Note>,
        close: &CancellationToken,
    ) {
        let mut tick = interval(TICK);
        let mut ping = interval(Duration::from_secs(self.web.app().settings().sockets.ping_seconds));
        let mut rights = interval(RIGHTS);
        for timer in [&mut tick, &mut ping, &mut rights] {
            timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
            timer.reset();
        }
        let leaving = self.web.config().leaving.clone();
        let mut heard = Vec::new();
        loop {
            tokio::select! {
                () = close.cancelled() => return,
                () = leaving.begins() => return self.out.leave(self.web.app().entropy()),
                arrived = arriving.recv() => match arrived {
                    Some(Arrived::Text(text)) => Box::pin(self.take(&text)).await,
                    Some(Arrived::Sign) => {}
                    None => return,
                },
                number = notes.recv_many(&mut heard, 64) => {
                    if number == 0 {
                        return;
                    }
                    Box::pin(self.heed(std::mem::take(&mut heard))).await;
                }
                _ = tick.tick(), if self.puts_off() => Box::pin(self.catch_up()).await,
                _ = ping.tick() => self.out.ping(),
                _ = rights.tick(), if self.viewer.is_console() => Box::pin(self.check_rights()).await,
            }
        }
    }

    /// Several notes of the same kind are one.
    async fn heed(&mut self, notes: Vec<Note>) {
        let mut done: Vec<Note> = Vec::with_capacity(notes.len());
        for note in notes {
            if done.contains(&note) {
                continue;
            }
            match &note {
                Note::Moved(conversation, known) => self.tell_messages(*conversation, *known).await,
                Note::Chat(conversation) => self.tell_chat(*conversation).await,
                Note::Me => self.tell_me().await,
                Note::Typing { conversation, agent, on } => {
                    self.tell_typing(*conversation, *agent, *on).await;
                }
                Note::Read { conversation, by_agent, seq } => {
                    let who = if *by_agent { Side::Agent } else { Side::Visitor };
                    self.out.send(&Out::Read { conversation: *conversation, who, seq: *seq });
                }
                Note::Rights => self.check_rights().await,
            }
            done.push(note);
        }
    }

    /// Whether there may be something to catch up with. Most connections are silent visitors, who need no tick.
    fn puts_off(&self) -> bool {
        self.viewer.is_console() || !self.reads.is_empty() || !self.unread.is_empty()
    }

    async fn catch_up(&mut self) {
        let inbox = self.web.hub().inbox();
        if self.viewer.is_console() && inbox != self.inbox {
            self.inbox = inbox;
            self.out.send(&Out::Inbox);
        }
        for conversation in std::mem::take(&mut self.unread) {
            self.tell_everything(conversation).await;
        }
        if std::mem::take(&mut self.me_unread) {
            self.tell_me().await;
        }
        for (conversation, seq) in std::mem::take(&mut self.reads) {
            if let Err(error) = reads::note_read(self.web, &self.viewer, conversation, seq).await {
                tracing::debug!(%error, "a read mark was not noted");
            }
        }
    }

    async fn take(&mut self, text: &str) {
        match strict::from_slice::<In>(text.as_bytes()) {
            Ok(frame) => self.answer(frame).await,
            Err(_) => self.refuse_unread(text),
        }
    }

    fn refuse_unread(&self, text: &str) {
        const KNOWN: [&str; 7] = ["hello", "watch", "unwatch", "say", "typing", "read", "ping"];
        let name = serde_json::from_str::<Name>(text).unwrap_or_default().t;
        let (code, detail) = match name {
            Some(name) if KNOWN.contains(&name.as_str()) => {
                ("invalid", "The frame has not the parts that it needs.")
            }
            Some(_) => ("unknown", "There is no such frame."),
            None => ("invalid", "The frame is not a JSON object with t."),
        };
        self.refuse(None, None, code, detail.to_owned());
    }

    fn refuse(
        &self,
        conversation: Option<ConversationId>,
        client_id: Option<String>,
        code: &'static str,
        detail: String,
    ) {
        self.out.send(&Out::Refused { conversation, client_id, code, detail });
    }

    fn refuse_error(&self, conversation: ConversationId, client_id: Option<String>, error: &AppError) {
        let code = match error {
            AppError::NotFound(_) => "not_found",
            AppError::Forbidden(_) | AppError::Unauthenticated(_) => "forbidden",
            AppError::Conflict(_) | AppError::Stale => "conflict",
            AppError::Invalid(_) | AppError::TooLarge { .. } | AppError::Unsupported(_) => "invalid",
            AppError::TooMany { .. } => "too_many",
            AppError::Unavailable(_) | AppError::Internal(_) => "unavailable",
        };
        let detail = match error {
            AppError::Invalid(fields) => {
                fields.first().map_or_else(String::new, |field| format!("{} {}", field.field, field.reason))
            }
            AppError::Internal(_) => "Something went wrong on our side.".to_owned(),
            other => other.to_string(),
        };
        self.refuse(Some(conversation), client_id, code, detail);
    }

    async fn answer(&mut self, frame: In) {
        match frame {
            In::Hello { .. } => self.refuse(None, None, "invalid", "Hello was said before.".to_owned()),
            In::Watch { conversation, after, epoch } => self.watch(conversation, after, epoch).await,
            In::Unwatch { conversation } => self.unwatch(conversation),
            In::Say { conversation, client_id, kind, text } => {
                self.say(conversation, Saying::words(client_id, kind, text)).await;
            }
            In::Typing { conversation, on } => self.typing(conversation, on),
            In::Read { conversation, seq } => {
                if self.watched.contains_key(&conversation) {
                    let known = self.reads.entry(conversation).or_default();
                    *known = seq.max(*known);
                }
            }
            In::Ping => self.out.send(&Out::Pong),
        }
    }

    async fn watch(&mut self, conversation: ConversationId, after: u64, epoch: u32) {
        let anew = !self.watched.contains_key(&conversation);
        if anew && self.watched.len() >= MOST_WATCHED {
            let detail = "A socket watches at most 50 conversations.".to_owned();
            return self.refuse(Some(conversation), None, "too_many", detail);
        }
        // Before it is read: what comes in between is told twice rather than not at all, and read once.
        self.web.hub().watch(self.id, conversation);
        self.watched.insert(conversation, Watch { upto: after, epoch });
        if anew && !self.viewer.is_console() {
            self.web.app().memory().watching(conversation, true);
        }
        self.tell_everything(conversation).await;
    }

    async fn tell_everything(&mut self, conversation: ConversationId) {
        if self.send_messages(conversation, None, true).await {
            self.tell_chat(conversation).await;
        }
    }

    /// What could not be read now is read again soon; what the viewer may not see is not watched any more.
    fn could_not_read(&mut self, conversation: ConversationId, error: &AppError) {
        if matches!(error, AppError::Unavailable(_)) {
            tracing::debug!(%conversation, %error, "will be read again");
            self.unread.insert(conversation);
        } else {
            self.unwatch(conversation);
            self.refuse_error(conversation, None, error);
        }
    }

    fn unwatch(&mut self, conversation: ConversationId) {
        if self.watched.remove(&conversation).is_some() {
            self.web.hub().unwatch(self.id, conversation);
            if !self.viewer.is_console() {
                self.web.app().memory().watching(conversation, false);
            }
        }
    }

    async fn tell_messages(&mut self, conversation: ConversationId, known: Option<u64>) {
        let told =
            self.watched.get(&conversation).is_some_and(|watch| known.is_some_and(|k| k <= watch.upto));
        if !told {
            self.send_messages(conversation, known, false).await;
        }
    }

    /// Sends what the viewer has not got. False when the viewer may not see the conversation.
    async fn send_messages(
        &mut self,
        conversation: ConversationId,
        known: Option<u64>,
        even_nothing: bool,
    ) -> bool {
        let Some(watch) = self.watched.get(&conversation) else { return false };
        let (after, epoch) = (watch.upto, watch.epoch);
        let page = match reads::messages(self.web, &self.viewer, conversation, after, known).await {
            Ok(page) => page,
            Err(error) => {
                self.could_not_read(conversation, &error);
                return false;
            }
        };
        let replay = self.web.app().settings().sockets.replay_messages;
        if page.epoch != epoch || after > page.upto || page.upto - after > replay {
            self.unwatch(conversation);
            self.out.send(&Out::Resync { conversation });
            return true;
        }
        if page.upto == after && !even_nothing {
            return true;
        }
        self.send_page(conversation, after, page).await;
        true
    }

    async fn send_page(&mut self, conversation: ConversationId, mut after: u64, page: reads::Page) {
        let reads::Page { mut items, upto, epoch } = page;
        while items.len() > FRAME {
            let rest = items.split_off(FRAME);
            let end = items.last().map_or(after, |message| message.seq);
            self.out.send_in_turn(&Out::Messages { conversation, epoch, after, upto: end, items }).await;
            (after, items) = (end, rest);
        }
        self.out.send_in_turn(&Out::Messages { conversation, epoch, after, upto, items }).await;
        if let Some(watch) = self.watched.get_mut(&conversation) {
            watch.upto = upto;
        }
    }

    async fn tell_chat(&mut self, conversation: ConversationId) {
        if !self.watched.contains_key(&conversation) {
            return;
        }
        match reads::chat(self.web, &self.viewer, conversation).await {
            Ok(Some(chat)) => self.out.send(&Out::Chat { conversation, chat }),
            Ok(None) => {}
            Err(error) => self.could_not_read(conversation, &error),
        }
    }

    async fn say(&mut self, conversation: ConversationId, saying: Saying) {
        let app = self.web.app();
        let said = match &self.viewer {
            Viewer::Visitor(caller) => {
                let within =
                    caller.token.as_ref().is_none_or(|token| self.web.limits().visitor(&token.hash).is_ok());
                if within {
                    talk::say_as_visitor(app, caller, conversation, &saying).await
                } else {
                    Err(AppError::TooMany { retry_after: 1 })
                }
            }
            Viewer::Console(who, _) if !who.may(Permission::AgentLivechatAvailability) => {
                Err(AppError::Forbidden("you do not take live chats".to_owned()))
            }
            Viewer::Console(who, _) => talk::say_as_agent(app, who, conversation, &saying).await,
        };
        let client_id = saying.client_id;
        match said {
            Ok(said) => self.out.send(&Out::Ack { conversation, client_id, seq: said.seq, at: said.at }),
            Err(error) => self.refuse_error(conversation, Some(client_id), &error),
        }
    }

    fn typing(&mut self, conversation: ConversationId, on: bool) {
        let often = on && self.typed.is_some_and(|typed| typed.elapsed() < TYPING);
        if often || !self.watched.contains_key(&conversation) {
            return;
        }
        self.typed = on.then(Instant::now);
        let agent = self.viewer.user();
        // Whoever only looks on is not announced.
        if self.viewer.is_console() && !self.viewer.takes_chats() {
            return;
        }
        self.web.app().hint(bus::Hint::Typing { conversation, agent, on });
    }

    async fn tell_typing(&mut self, conversation: ConversationId, agent: Option<UserId>, on: bool) {
        let own = match (agent, self.viewer.side()) {
            (None, Side::Visitor) => true,
            (Some(agent), Side::Agent) => self.viewer.user() == Some(agent),
            _ => false,
        };
        if own {
            return;
        }
        let (who, name) = match agent {
            None => (Side::Visitor, None),
            Some(agent) => match reads::typist(self.web, conversation, agent).await {
                Some(name) => (Side::Agent, Some(name)),
                None => return,
            },
        };
        self.out.send(&Out::Typing { conversation, who, name, on });
    }

    async fn tell_me(&mut self) {
        let Viewer::Console(who, _) = &self.viewer else { return };
        if !self.viewer.takes_chats() {
            return;
        }
        let me = match app::livechat::presence::me(self.web.app(), who).await {
            Ok(me) => me,
            Err(error) => {
                self.me_unread = true;
                return tracing::debug!(%error, "an agent's state could not be read");
            }
        };
        let now: HashMap<ChatId, kernel::Timestamp> =
            me.offers.iter().map(|offer| (offer.chat_id, offer.answer_by)).collect();
        let gone: Vec<ChatId> = self.offers.keys().filter(|chat| !now.contains_key(chat)).copied().collect();
        let fresh: Vec<&OfferView> = me
            .offers
            .iter()
            .filter(|offer| self.offers.get(&offer.chat_id) != Some(&offer.answer_by))
            .collect();
        for chat_id in gone {
            let reason = reads::why_gone(self.web, self.viewer.user(), chat_id).await;
            self.out.send(&Out::OfferGone { chat_id, reason });
        }
        for offer in fresh {
            self.out.send(&Out::Offer { offer: Box::new(offer.clone()) });
        }
        self.offers = now;
        self.out.send(&Out::Me { me: Box::new(me) });
    }

    /// Whoever was disabled, signed out or lost the permission is closed; new rights count from now on.
    async fn check_rights(&mut self) {
        let Viewer::Console(who, headers) = &self.viewer else { return };
        match who.again(self.web, headers).await {
            Ok(Some(now)) if super::console::may_listen(&now) => {
                self.viewer = Viewer::Console(Box::new(now), headers.clone());
                self.web.hub().count_as_agent(self.id, self.viewer.takes_chats());
            }
            Ok(_) => self.out.bye("signed_out", "Sign in again."),
            Err(error) => tracing::debug!(?error, "a sign-in could not be looked at"),
        }
    }
}
