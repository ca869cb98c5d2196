//! Sites, their files and instance settings.

use crate::StoreError;
use async_trait::async_trait;
use kernel::{FileId, SiteId, Timestamp};
use serde_json::Value as Json;

/// A website that Usher serves. The sections are JSON documents whose types stand in `app::sites`.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteRecord {
    /// Stable id.
    pub id: SiteId,
    /// Name for people.
    pub name: String,
    /// Public key in the snippet; unique.
    pub key: String,
    /// False: the key answers 403.
    pub enabled: bool,
    /// False stops all dialogues and flows at once (spec 03, rule 9).
    pub chat_enabled: bool,
    /// Look.
    pub style: Json,
    /// Consent mode, privacy link, kept addresses.
    pub privacy: Json,
    /// Allowed and blocked domains.
    pub security: Json,
    /// Fewest minutes between unprompted pokes; 0 = none.
    pub poke_pause_minutes: u32,
    /// Picture of the bot.
    pub avatar: Option<FileId>,
    /// When a page with the snippet was seen last, and on which hosts (at most 20).
    pub last_seen_at: Option<Timestamp>,
    /// Hosts on which the snippet was seen.
    pub seen_hosts: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Rises by one with every change.
    pub version: i64,
}

/// A small file kept in the store (≤ 256 kB): avatars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Stable id.
    pub id: FileId,
    /// Media type found in the content.
    pub media_type: String,
    /// The content.
    pub bytes: Vec<u8>,
    /// When it was stored.
    pub created_at: Timestamp,
}

/// Reading sites.
#[async_trait]
pub trait SiteReads {
    /// All sites, oldest first.
    async fn sites(&mut self) -> Result<Vec<SiteRecord>, StoreError>;
    /// One site.
    async fn site(&mut self, id: SiteId) -> Result<Option<SiteRecord>, StoreError>;
    /// A stored file.
    async fn file(&mut self, id: FileId) -> Result<Option<StoredFile>, StoreError>;
    /// An instance setting.
    async fn setting(&mut self, key: &str) -> Result<Option<Json>, StoreError>;
}

/// Writing sites.
#[async_trait]
pub trait SiteWrites {
    /// Adds a site. `Taken` when the key exists.
    async fn insert_site(&mut self, site: &SiteRecord) -> Result<(), StoreError>;
    /// Replaces everything but id, key, `created_at`, `last_seen_at` and `seen_hosts`; `site.version` is the version that
    /// was read, the stored one becomes one more. `Stale` when somebody else was first, `NotFound` when it is gone.
    async fn update_site(&mut self, site: &SiteRecord) -> Result<(), StoreError>;
    /// Notes that a page with the snippet was seen; does not raise the version.
    async fn touch_site(&mut self, id: SiteId, hosts: &[String], at: Timestamp) -> Result<(), StoreError>;
    /// Removes a site with its dialogues, visitors and conversations; people and their activities stay.
    async fn delete_site(&mut self, id: SiteId) -> Result<(), StoreError>;
    /// Stores a file.
    async fn insert_file(&mut self, file: &StoredFile) -> Result<(), StoreError>;
    /// Removes a file; nothing happens when it is not there.
    async fn delete_file(&mut self, id: FileId) -> Result<(), StoreError>;
    /// Sets an instance setting (`None` removes it).
    async fn put_setting(&mut self, key: &str, value: Option<&Json>) -> Result<(), StoreError>;
}
