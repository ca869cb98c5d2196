//! What a node keeps in memory: the snapshot, profiles of visitors by token, visits under way, recent page views, and the
//! way to the writer of page views. All of it can be lost: the store has the truth.

use crate::{
    context::Limits,
    page_batch::{self, BatchSender},
    recent::Recent,
    snapshot::{LiveVersion, PinnedVersion, Snapshot},
    visit::PageFacts,
};
use kernel::{
    ConversationId, DecisionSnapshotId, DialogueId, PageViewId, PersonId, SiteId, Timestamp, UserId,
    VisitorId, token::TokenHash,
};
use moka::sync::Cache;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use store::{Conversation, Visit, VisitorProfile};
use targeting::VisitorHistory;
use uuid::Uuid;

/// How long a page view is remembered, for what the widget says about it later.
const PAGE_SECONDS: u64 = 3 * 3_600;

/// How long somebody counts as an editor after the last sign.
const EDITING_SECONDS: u64 = 30;

/// About how many bytes of conversations under way are kept, and for how long after they were stored.
const CONVERSATION_BYTES: u64 = 24 * 1024 * 1024;
const CONVERSATION_SECONDS: u64 = 900;

/// How many talks under way are kept.
const TALKS: u64 = 20_000;

/// Counted since the start, for `/metrics`.
#[derive(Debug, Default)]
pub struct Counters {
    /// Page views answered.
    pub page_views: AtomicU64,
    /// Page views written.
    pub page_views_written: AtomicU64,
    /// Page views dropped, because the writer was behind or the store away.
    pub page_views_dropped: AtomicU64,
    /// Steps of conversations that were stored.
    pub steps: AtomicU64,
    /// Messages between people that were stored.
    pub chat_messages: AtomicU64,
}

impl Counters {
    pub(crate) fn add(counter: &AtomicU64, number: u64) {
        counter.fetch_add(number, Ordering::Relaxed);
    }
}

/// A visitor whose token was presented.
#[derive(Debug, Clone)]
pub struct Known {
    /// What the store knows, or what will be stored.
    pub profile: VisitorProfile,
    /// The same conversations as targeting sees them.
    pub history: VisitorHistory,
    /// False while visitor and person may be waiting to be written.
    pub stored: bool,
    /// The reading of [`Memory::moment`] before the profile was read.
    pub(crate) read_at: u64,
}

/// Who looked at a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looker {
    /// A visitor with a token.
    Visitor(VisitorId),
    /// A guest by today's hash.
    Guest([u8; 32]),
}

/// A page view that was answered.
#[derive(Debug)]
pub struct PageContext {
    /// On which site.
    pub site: SiteId,
    /// By whom.
    pub by: Looker,
    /// Address of the page.
    pub url: String,
    /// The dialogues whose target page it is, with an event that counts time on them.
    pub target_of: Vec<DialogueId>,
    /// Set when the showing was noted, so that a repeated message counts once.
    pub shown: AtomicBool,
    /// Milliseconds of visibility already added to the visit.
    pub visible_ms: AtomicU64,
}

/// The memory of a node.
pub struct Memory {
    snapshot: RwLock<Arc<Snapshot>>,
    /// Held while the snapshot is read anew: of two that read at once the one that began earlier must not come last.
    pub(crate) reloading: tokio::sync::Mutex<()>,
    profiles: Recent<(SiteId, TokenHash), Arc<Known>>,
    /// Visitors and people that changed, with the reading of `moment` then: profiles read before are stale.
    changed: Recent<Uuid, u64>,
    moment: AtomicU64,
    pub(crate) visits: Recent<VisitorId, Arc<Visit>>,
    pub(crate) pages: Recent<PageViewId, Arc<PageContext>>,
    pub(crate) versions: Cache<PinnedVersion, Arc<LiveVersion>>,
    /// Conversations under way as this node last stored them; a step that begins at one that is not the newest any more is
    /// refused by the store.
    pub(crate) conversations: Recent<ConversationId, Arc<Conversation>>,
    /// Conversations with people as this node last stored them, with their chats.
    pub(crate) talks: Recent<ConversationId, Arc<crate::livechat::talk::Talk>>,
    /// What users are called.
    pub(crate) called: Cache<UserId, crate::livechat::Called>,
    /// Since when this node has looked at chats without a break, and when it looked last.
    pub(crate) looking: Mutex<Option<(Timestamp, Timestamp)>>,
    /// Conversations that visitors have open on this node, and how often.
    watched: Mutex<HashMap<ConversationId, usize>>,
    pub(crate) withdrawn: Cache<VisitorId, ()>,
    /// Who has which draft open, by name.
    pub(crate) editors: Cache<(DialogueId, UserId), String>,
    /// Conversations by the id that the widget made for the start of a flow.
    pub(crate) starts: Cache<(SiteId, Uuid), ConversationId>,
    hosts: Recent<(SiteId, String), ()>,
    /// Snapshots of decisions whose use was noted lately.
    pub(crate) noted: Cache<DecisionSnapshotId, ()>,
    pub(crate) batch: BatchSender,
    pub(crate) counters: Counters,
}

fn cache<K, V>(capacity: u64, seconds: u64) -> Cache<K, V>
where
    K: std::hash::Hash + Eq + Send + Sync + 'static,
    V: Clone + Send + Sync + 'static,
{
    Cache::builder().max_capacity(capacity).time_to_live(Duration::from_secs(seconds)).build()
}

fn recent<K: std::hash::Hash + Eq, V: Clone>(capacity: u64, seconds: u64) -> Recent<K, V> {
    Recent::new(capacity, Duration::from_secs(seconds))
}

impl Memory {
    pub(crate) fn new(limits: &Limits) -> Self {
        let capacity = limits.cached_profiles;
        Self {
            snapshot: RwLock::default(),
            reloading: tokio::sync::Mutex::default(),
            profiles: recent(capacity, limits.cached_profile_seconds),
            changed: recent(capacity * 2, limits.cached_profile_seconds * 2),
            moment: AtomicU64::new(1),
            visits: recent(capacity, 3_600),
            pages: recent(capacity * 2, PAGE_SECONDS),
            versions: cache(2_000, 24 * 3_600),
            conversations: recent(CONVERSATION_BYTES, CONVERSATION_SECONDS),
            talks: recent(TALKS, CONVERSATION_SECONDS),
            called: cache(10_000, 60),
            looking: Mutex::default(),
            watched: Mutex::default(),
            withdrawn: cache(capacity, 600),
            editors: cache(10_000, EDITING_SECONDS),
            starts: cache(capacity, 600),
            hosts: recent(10_000, 60),
            noted: cache(10_000, 3_600),
            batch: page_batch::channel(limits.page_batch_capacity),
            counters: Counters::default(),
        }
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshot.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set_snapshot(&self, snapshot: Snapshot) {
        *self.snapshot.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        self.profiles.invalidate_all();
    }

    /// Keeps a conversation that was just stored. Its weight is about its size, since a conversation may be long.
    pub(crate) fn keep_conversation(&self, conversation: Arc<Conversation>) {
        let state = &conversation.state;
        let answers: usize =
            state.path.iter().map(|visited| visited.card.len() + visited.answer.len() + 100).sum();
        let bytes = 1_000 + state.applied.len() * 60 + answers;
        self.conversations.insert_weighing(conversation.id, conversation, bytes as u64);
    }

    /// A visitor opened a conversation on this node, or closed it.
    pub fn watching(&self, conversation: ConversationId, opened: bool) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let number = watched.entry(conversation).or_default();
        *number = if opened { *number + 1 } else { number.saturating_sub(1) };
        if *number == 0 {
            watched.remove(&conversation);
        }
    }

    /// Whether a visitor has a conversation open on this node.
    pub(crate) fn is_watched(&self, conversation: ConversationId) -> bool {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&conversation)
    }

    /// True once a minute for a site and host.
    pub(crate) fn first_sight(&self, site: SiteId, page: &PageFacts) -> bool {
        let Some(host) = page.host() else { return false };
        self.hosts.insert_new((site, host), ())
    }

    /// A reading to be taken before a profile is read.
    pub(crate) fn moment(&self) -> u64 {
        self.moment.load(Ordering::SeqCst)
    }

    /// The profile of a token, unless something changed since it was read.
    pub(crate) fn profile(&self, site: SiteId, token: &TokenHash) -> Option<Arc<Known>> {
        let known = self.profiles.get(&(site, *token))?;
        let fresh = |id: Uuid| self.changed.get(&id).is_none_or(|moment| moment <= known.read_at);
        let (visitor, person) = (known.profile.visitor.id, known.profile.person.id);
        (fresh(visitor.uuid()) && fresh(person.uuid())).then_some(known)
    }

    pub(crate) fn keep_profile(&self, site: SiteId, token: TokenHash, known: Arc<Known>) {
        self.profiles.insert((site, token), known);
    }

    /// What is known of a visitor is stale.
    pub fn forget_visitor(&self, visitor: VisitorId) {
        self.changed(visitor.uuid());
    }

    /// What is known of the visitors of a person is stale.
    pub fn forget_person(&self, person: PersonId) {
        self.changed(person.uuid());
    }

    /// Everything known of visitors is stale (hints were lost).
    pub fn forget_all(&self) {
        self.profiles.invalidate_all();
    }

    fn changed(&self, id: Uuid) {
        let moment = self.moment.fetch_add(1, Ordering::SeqCst) + 1;
        self.changed.insert(id, moment);
    }
}
