//! What every use case is given: the ports, the settings, and what this node keeps in memory.

use crate::memory::{Counters, Memory};
use bus::{Bus, Hint};
use connect::{FileStore, Inference, IpIntelligence, Mailer, Outgoing};
use kernel::{Clock, Entropy, Secret, Timestamp};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};
use store::Store;
use uuid::Uuid;

/// Limits that keep one client from harming others; every number is configurable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Requests a minute of one visitor token to the visitor API.
    pub visitor_requests_per_minute: u32,
    /// Requests a minute of one client address to the visitor API.
    pub address_requests_per_minute: u32,
    /// Requests a minute of one site to the visitor API; 0 = no limit.
    pub site_requests_per_minute: u32,
    /// Sign-in attempts a minute of one client address.
    pub sign_ins_per_minute: u32,
    /// Failed sign-ins after which an account is locked for a while.
    pub sign_in_failures: u32,
    /// Minutes for which an account is locked then.
    pub sign_in_lock_minutes: u32,
    /// Bytes of a JSON request body of the visitor API.
    pub visitor_body_bytes: usize,
    /// Bytes of a JSON request body of the console API.
    pub console_body_bytes: usize,
    /// Bytes of a request with the texts of a configuration.
    pub configuration_body_bytes: usize,
    /// Bytes of an uploaded CSV file.
    pub import_bytes: u64,
    /// Bytes of a document of the library.
    pub document_bytes: u64,
    /// Bytes of a file in a chat.
    pub attachment_bytes: u64,
    /// Files that one conversation holds at most.
    pub attachments_per_conversation: u64,
    /// Page views waiting to be written; what is above is dropped and counted.
    pub page_batch_capacity: usize,
    /// Rows after which a batch of page views is written at once.
    pub page_batch_rows: usize,
    /// Milliseconds after which a batch of page views is written at the latest.
    pub page_batch_ms: u64,
    /// Visitor profiles kept in memory.
    pub cached_profiles: u64,
    /// Seconds for which a profile stays in memory at most (a lost hint costs no more than this).
    pub cached_profile_seconds: u64,
    /// Mails a day to an address that nobody has confirmed.
    pub mails_per_day_unconfirmed: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            visitor_requests_per_minute: 240,
            address_requests_per_minute: 1_200,
            site_requests_per_minute: 0,
            sign_ins_per_minute: 20,
            sign_in_failures: 10,
            sign_in_lock_minutes: 15,
            visitor_body_bytes: 64 * 1024,
            console_body_bytes: 2 * 1024 * 1024,
            configuration_body_bytes: 16 * 1024 * 1024,
            import_bytes: 4 * 1024 * 1024 * 1024,
            document_bytes: 25 * 1024 * 1024,
            attachment_bytes: 10 * 1024 * 1024,
            attachments_per_conversation: 100,
            page_batch_capacity: 20_000,
            page_batch_rows: 500,
            page_batch_ms: 50,
            cached_profiles: 50_000,
            cached_profile_seconds: 60,
            mails_per_day_unconfirmed: 3,
        }
    }
}

/// Connections over which conversations are told; every number is configurable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sockets {
    /// Messages that a client may have missed and still be told one by one; who missed more reads everything anew.
    pub replay_messages: u64,
    /// Seconds after which a node that lost a hint sees by itself that a watched conversation has moved on.
    pub look_seconds: u64,
    /// Seconds after which a client is asked for a sign.
    pub ping_seconds: u64,
    /// Seconds without a sign after which a connection ends.
    pub silence_seconds: u64,
    /// Seconds that a client may take to read one frame.
    pub slow_seconds: u64,
    /// Bytes that may wait for a client that reads slowly.
    pub waiting_bytes: u32,
}

impl Default for Sockets {
    fn default() -> Self {
        Self {
            replay_messages: 500,
            look_seconds: 5,
            ping_seconds: 25,
            silence_seconds: 60,
            slow_seconds: 30,
            waiting_bytes: 1024 * 1024,
        }
    }
}

/// How long things are kept (spec 08); every number is configurable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Retention {
    /// Days for which page views and visited-page activities are kept.
    pub page_visits_days: u32,
    /// Days after which anonymous people without any engagement are deleted.
    pub anonymous_people_days: u32,
    /// Days for which dialogue interactions are kept.
    pub dialogue_days: u32,
    /// Hours without the visitor after which an engaged conversation is dropped (spec 03, rule 6).
    pub drop_after_hours: u32,
    /// Minutes without activity that end a visit (spec 03, Events).
    pub visit_pause_minutes: u32,
    /// Days after which sessions of users end.
    pub session_days: u32,
    /// Hours for which an invitation is valid.
    pub invitation_hours: u32,
    /// Hours for which a password reset is valid.
    pub password_reset_hours: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            page_visits_days: 90,
            anonymous_people_days: 90,
            dialogue_days: 90,
            drop_after_hours: 24,
            visit_pause_minutes: 30,
            session_days: 14,
            invitation_hours: 72,
            password_reset_hours: 2,
        }
    }
}

/// What the operator configured.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where this instance is reached from outside, without a slash at the end.
    pub public_url: String,
    /// Name of the instance on screens.
    pub instance_name: String,
    /// True for a demo instance; screens say so.
    pub demo: bool,
    /// The key from which all keyed hashes of this instance are derived.
    pub instance_key: Secret<[u8; 32]>,
    /// IANA name of the zone in which days are cut where no user's zone is at hand.
    pub time_zone: String,
    /// Limits.
    pub limits: Limits,
    /// Retention.
    pub retention: Retention,
    /// How long who may wait for what in live chat.
    pub live_chat: livechat::Rules,
    /// Connections over which conversations are told.
    pub sockets: Sockets,
}

/// The ports that an [`App`] stands on.
pub struct Ports {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Hints to other parts and nodes.
    pub bus: Arc<dyn Bus>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness fit for secrets.
    pub entropy: Arc<dyn Entropy>,
    /// Sends mail; none when nothing is set up.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Keeps uploads.
    pub files: Arc<dyn FileStore>,
    /// Tells places and companies of addresses; none when nothing is set up.
    pub ip: Option<Arc<dyn IpIntelligence>>,
    /// Calls addresses that people chose.
    pub outgoing: Arc<dyn Outgoing>,
}

/// Everything that a use case needs; cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    ports: Ports,
    settings: Settings,
    memory: Memory,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("public_url", &self.settings().public_url).finish_non_exhaustive()
    }
}

impl App {
    /// Puts the parts together; nothing is read yet.
    pub fn new(ports: Ports, settings: Settings) -> Self {
        let memory = Memory::new(&settings.limits);
        Self { inner: Arc::new(Inner { ports, settings, memory }) }
    }
    /// Where everything is kept.
    pub fn store(&self) -> &dyn Store {
        &*self.inner.ports.store
    }
    /// Hints to other parts and nodes.
    pub fn bus(&self) -> &dyn Bus {
        &*self.inner.ports.bus
    }
    /// Sends a hint; call it after the commit, never before.
    pub fn hint(&self, hint: Hint) {
        self.bus().publish(hint);
    }
    /// The current instant.
    pub fn now(&self) -> Timestamp {
        self.inner.ports.clock.now()
    }
    /// Randomness fit for secrets.
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.inner.ports.entropy
    }
    /// A new typed id.
    pub fn id<T: From<Uuid>>(&self, now: Timestamp) -> T {
        kernel::ambient::new_id(self.entropy(), now)
    }
    /// Sends mail; none when nothing is set up.
    pub fn mailer(&self) -> Option<&dyn Mailer> {
        self.inner.ports.mailer.as_deref()
    }
    /// Keeps uploads.
    pub fn files(&self) -> &dyn FileStore {
        &*self.inner.ports.files
    }
    /// What a client's address tells; nothing when nothing is set up.
    pub fn infer(&self, address: &str) -> Inference {
        let address = address.parse().ok();
        let (Some(ip), Some(address)) = (&self.inner.ports.ip, address) else { return Inference::default() };
        ip.look_up(address)
    }
    /// Calls addresses that people chose.
    pub fn outgoing(&self) -> &dyn Outgoing {
        &*self.inner.ports.outgoing
    }
    /// What this node keeps in memory.
    pub fn memory(&self) -> &Memory {
        &self.inner.memory
    }
    /// Counted since the start.
    pub fn counters(&self) -> &Counters {
        &self.inner.memory.counters
    }
    /// What the operator configured.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }
}
