//! Published configuration, compiled once and held in memory: sites by key, their dialogues, the attributes. Immutable;
//! swapped whole when the hint *configuration* comes. Versions that conversations are pinned to are kept beside it.

use crate::{
    App, AppError,
    catalog::AttributeCatalog,
    sites::{Privacy, Security, SiteSettings, Style},
};
use criteria::{AttributeRef, AttributeType};
use jiff::SignedDuration;
use kernel::{DialogueId, Domain, SiteId, VersionId};
use std::{collections::HashMap, sync::Arc};
use store::{DialogueKind, DialogueVersion, Session, SiteRecord, SiteScope};
use stream::CompiledStream;
use targeting::{Published, SiteRules, SiteSnapshot};

/// Everything that is published.
#[derive(Debug, Default)]
pub struct Snapshot {
    by_key: HashMap<String, Arc<Site>>,
    by_id: HashMap<SiteId, Arc<Site>>,
    catalog: Arc<AttributeCatalog>,
}

/// A site, ready for page views.
#[derive(Debug)]
pub struct Site {
    /// The record as it is stored.
    pub record: SiteRecord,
    /// Look.
    pub style: Style,
    /// What may be known of visitors.
    pub privacy: Privacy,
    /// Who may use the key.
    pub security: Security,
    /// The compiled dialogues.
    pub targeting: SiteSnapshot,
    /// The attributes that some audience asks about, with their types.
    pub wanted: Vec<(AttributeRef, AttributeType)>,
    /// Attributes and lists.
    pub catalog: Arc<AttributeCatalog>,
    allowed: Vec<Domain>,
    blocked: Vec<Domain>,
    dialogues: HashMap<DialogueId, Arc<LiveVersion>>,
}

/// A version of a dialogue, ready for walking.
#[derive(Debug)]
pub struct LiveVersion {
    /// The version.
    pub id: VersionId,
    /// Of which dialogue.
    pub dialogue_id: DialogueId,
    /// Dialogue or flow.
    pub kind: DialogueKind,
    /// 1, 2, 3… within its dialogue.
    pub number: u32,
    /// Name at the time of publication.
    pub name: String,
    /// The visitor may change an earlier answer.
    pub allow_back: bool,
    /// The visitor may start again.
    pub allow_restart: bool,
    /// `auto` or a language tag.
    pub language: String,
    /// The cards.
    pub stream: CompiledStream,
}

impl LiveVersion {
    fn new(version: DialogueVersion, kind: DialogueKind) -> Self {
        Self {
            id: version.id,
            dialogue_id: version.dialogue_id,
            kind,
            number: version.number,
            name: version.name,
            allow_back: version.content.allow_back,
            allow_restart: version.content.allow_restart,
            language: version.content.language,
            stream: CompiledStream::new(version.content.stream),
        }
    }
}

impl Snapshot {
    /// Reads and compiles everything.
    pub async fn read(app: &App) -> Result<Self, AppError> {
        let mut session = app.store().read().await?;
        let catalog = Arc::new(AttributeCatalog::read(&mut *session).await?);
        let mut snapshot = Self { catalog: Arc::clone(&catalog), ..Self::default() };
        let drop_after = SignedDuration::from_hours(i64::from(app.settings().retention.drop_after_hours));
        for record in session.sites().await? {
            let site = Arc::new(Site::read(&mut *session, record, &catalog, drop_after).await?);
            snapshot.by_key.insert(site.record.key.clone(), Arc::clone(&site));
            snapshot.by_id.insert(site.record.id, site);
        }
        Ok(snapshot)
    }

    /// The site with this key, the disabled ones included.
    pub fn site_by_key(&self, key: &str) -> Option<&Arc<Site>> {
        self.by_key.get(key)
    }
    /// The site with this id.
    pub fn site(&self, id: SiteId) -> Option<&Arc<Site>> {
        self.by_id.get(&id)
    }
    /// Attributes and lists.
    pub fn catalog(&self) -> &Arc<AttributeCatalog> {
        &self.catalog
    }
}

impl Site {
    async fn read(
        session: &mut dyn Session,
        record: SiteRecord,
        catalog: &Arc<AttributeCatalog>,
        drop_after: SignedDuration,
    ) -> Result<Self, AppError> {
        let settings = SiteSettings::of(&record)?;
        let rules = SiteRules {
            chat_enabled: record.chat_enabled,
            poke_pause: SignedDuration::from_mins(i64::from(record.poke_pause_minutes)),
            drop_after,
        };
        let mut dialogues = HashMap::new();
        let mut published = Vec::new();
        for live in session.published_dialogues(SiteScope::new(record.id)).await? {
            published.push(Published {
                id: live.dialogue.id,
                version: live.version.id,
                created_at: live.dialogue.created_at,
                priority: live.dialogue.priority,
                enabled: live.dialogue.enabled,
                targeting: live.version.content.targeting.clone(),
            });
            let version = LiveVersion::new(live.version, live.dialogue.kind);
            dialogues.insert(live.dialogue.id, Arc::new(version));
        }
        let (targeting, unusable) = SiteSnapshot::build(rules, published, &**catalog);
        for dialogue in unusable {
            let errors: Vec<&str> = dialogue.errors.iter().map(|e| e.message.as_str()).collect();
            tracing::warn!(dialogue = %dialogue.dialogue, ?errors, "a published dialogue cannot be shown");
        }
        let wanted = |(path, _): &(AttributeRef, _)| targeting.symbols().wants(path.of(), path.name());
        Ok(Self {
            wanted: catalog.all().filter(wanted).collect(),
            allowed: domains(&settings.security.allowed_domains),
            blocked: domains(&settings.security.blocked_email_domains),
            style: settings.style,
            privacy: settings.privacy,
            security: settings.security,
            catalog: Arc::clone(catalog),
            targeting,
            dialogues,
            record,
        })
    }

    /// The site.
    pub fn id(&self) -> SiteId {
        self.record.id
    }
    /// Its scope.
    pub fn scope(&self) -> SiteScope {
        SiteScope::new(self.record.id)
    }
    /// The live version of a dialogue that is switched on.
    pub fn dialogue(&self, id: DialogueId) -> Option<&Arc<LiveVersion>> {
        let on = self.record.chat_enabled && self.targeting.dialogue(id).is_some_and(|d| d.enabled);
        self.dialogues.get(&id).filter(|_| on)
    }
    /// The live version with this id.
    pub fn live_version(&self, dialogue: DialogueId, version: VersionId) -> Option<&Arc<LiveVersion>> {
        self.dialogues.get(&dialogue).filter(|live| live.id == version)
    }
    /// Whether pages of this host may use the key (spec 02).
    pub fn allows_host(&self, host: Option<&str>) -> bool {
        !self.security.validate_origin
            || host.is_some_and(|host| self.allowed.iter().any(|domain| domain.covers(host)))
    }
    /// Whether e-mail addresses of this domain are refused.
    pub fn blocks_domain(&self, domain: &str) -> bool {
        self.blocked.iter().any(|blocked| blocked.covers(domain))
    }
}

/// Stored domains were checked when they were saved.
fn domains(texts: &[String]) -> Vec<Domain> {
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

impl App {
    /// The current snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.memory().snapshot()
    }

    /// Reads the configuration again and swaps the snapshot. Profiles in memory go too: what they mean may have changed.
    pub async fn reload(&self) -> Result<(), AppError> {
        let snapshot = Snapshot::read(self).await?;
        self.memory().set_snapshot(snapshot);
        Ok(())
    }

    /// The version that a conversation is pinned to. Versions never change, so they stay in memory.
    pub(crate) async fn version(
        &self,
        site: &Site,
        dialogue: DialogueId,
        version: VersionId,
        session: &mut dyn Session,
    ) -> Result<Arc<LiveVersion>, AppError> {
        if let Some(live) = site.live_version(dialogue, version) {
            return Ok(Arc::clone(live));
        }
        if let Some(known) = self.memory().versions.get(&version) {
            return Ok(known);
        }
        let missing = || AppError::Internal(format!("version {version} is not there"));
        let stored = session.version(version).await?.ok_or_else(missing)?;
        let kind = session.dialogue(dialogue).await?.map_or(DialogueKind::Dialogue, |record| record.kind);
        let live = Arc::new(LiveVersion::new(stored, kind));
        self.memory().versions.insert(version, Arc::clone(&live));
        Ok(live)
    }
}
