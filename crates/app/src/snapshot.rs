//! Published configuration, compiled once and held in memory: sites by key, their dialogues, the attributes. Immutable;
//! swapped whole when the hint *configuration* comes. Versions that conversations are pinned to are kept beside it.

use crate::{
    App, AppError,
    catalog::AttributeCatalog,
    documents::all_offered,
    goals::GoalNames,
    routing::fallbacks::Fallbacks,
    sites::{Privacy, Security, SiteSettings, Style},
    traces::Decisions,
};
use criteria::{AttributeRef, AttributeType, Catalog};
use jiff::SignedDuration;
use kernel::{DialogueId, DocumentId, Domain, Locale, SiteId, VersionId};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use store::{
    Conversation, DialogueKind, DialogueVersion, Interface, PublishedDialogue, Session, SiteRecord, SiteScope,
};
use stream::{CompiledStream, OfferedDocument, Stream, Surroundings};
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
    /// The same as the traces of page views speak of them.
    pub decisions: Arc<Decisions>,
    /// The attributes that some audience asks about, with their types.
    pub wanted: Vec<(AttributeRef, AttributeType)>,
    /// Attributes and lists.
    pub catalog: Arc<AttributeCatalog>,
    /// The documents of the library, as visitors see them.
    pub documents: Arc<HashMap<DocumentId, OfferedDocument>>,
    /// What is said when nobody can be reached.
    pub fallbacks: Fallbacks,
    /// The approved responses.
    pub knowledge: Arc<knowledge::Index>,
    /// What goals are called.
    pub goals: Arc<GoalNames>,
    /// IANA name of the zone in which days are cut.
    pub time_zone: String,
    allowed: Vec<Domain>,
    blocked: Vec<Domain>,
    dialogues: HashMap<DialogueId, Arc<LiveVersion>>,
    /// Flows that are switched on or off, by the switch.
    flows: HashMap<DialogueId, bool>,
    /// The streams of the published flows.
    streams: Flows,
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
    /// How a flow appears when its start says nothing else.
    pub interface: Interface,
    /// The versions of the flows that its cards run; fixed for a conversation when it begins.
    pub flows: FlowVersions,
    /// The cards.
    pub stream: CompiledStream,
}

/// Which version of each flow.
pub type FlowVersions = BTreeMap<DialogueId, VersionId>;

/// The flows that a stream may run: their versions with their streams.
type Flows = HashMap<DialogueId, (VersionId, Stream)>;

impl LiveVersion {
    fn new(version: DialogueVersion, kind: DialogueKind, flows: &Flows, catalog: &dyn Catalog) -> Self {
        let flow = |id: DialogueId| flows.get(&id).map(|(_, stream)| stream.clone());
        let surroundings = Surroundings { flow: &flow, catalog };
        Self {
            interface: version.content.interface,
            flows: flows_run(&version.content.stream, flows),
            id: version.id,
            dialogue_id: version.dialogue_id,
            kind,
            number: version.number,
            name: version.name,
            allow_back: version.content.allow_back,
            allow_restart: version.content.allow_restart,
            language: version.content.language,
            stream: CompiledStream::within(version.content.stream, &surroundings),
        }
    }
}

/// The flows that a stream runs, by itself or through other flows, as far as they are there.
fn flows_run(stream: &Stream, flows: &Flows) -> FlowVersions {
    let mut run = FlowVersions::new();
    let mut open: Vec<DialogueId> = stream.flows().collect();
    while let Some(id) = open.pop() {
        let Some((version, inner)) = flows.get(&id) else { continue };
        if run.insert(id, *version).is_none() {
            open.extend(inner.flows());
        }
    }
    run
}

impl Snapshot {
    /// Reads and compiles everything.
    pub async fn read(app: &App) -> Result<Self, AppError> {
        Self::read_in(app, &mut *app.store().read().await?).await
    }

    /// As [`Snapshot::read`], as a session sees it.
    pub(crate) async fn read_in(app: &App, session: &mut dyn Session) -> Result<Self, AppError> {
        let catalog = Arc::new(AttributeCatalog::read(session).await?);
        let mut snapshot = Self { catalog: Arc::clone(&catalog), ..Self::default() };
        let around = Around {
            catalog,
            documents: Arc::new(all_offered(&mut *session, &app.settings().public_url).await?),
            knowledge: Arc::new(knowledge::Index::of(session.responses().await?)),
            goals: Arc::new(GoalNames::read(&mut *session).await?),
            drop_after: SignedDuration::from_hours(i64::from(app.settings().retention.drop_after_hours)),
            time_zone: app.settings().time_zone.clone(),
        };
        for record in session.sites().await? {
            let site = Arc::new(Site::read(session, record, &around).await?);
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
    /// The enabled site with this flow, if the flow is published and switched on.
    pub fn site_of_flow(&self, id: DialogueId) -> Option<&Arc<Site>> {
        self.by_id.values().find(|site| site.record.enabled && site.flow(id).is_some())
    }
    /// Attributes and lists.
    pub fn catalog(&self) -> &Arc<AttributeCatalog> {
        &self.catalog
    }
}

/// What all sites share.
struct Around {
    catalog: Arc<AttributeCatalog>,
    documents: Arc<HashMap<DocumentId, OfferedDocument>>,
    knowledge: Arc<knowledge::Index>,
    goals: Arc<GoalNames>,
    drop_after: SignedDuration,
    time_zone: String,
}

impl Site {
    async fn read(session: &mut dyn Session, record: SiteRecord, around: &Around) -> Result<Self, AppError> {
        let catalog = &around.catalog;
        let settings = SiteSettings::of(&record)?;
        let rules = SiteRules {
            chat_enabled: record.chat_enabled,
            poke_pause: SignedDuration::from_mins(i64::from(record.poke_pause_minutes)),
            drop_after: around.drop_after,
        };
        let fallbacks = Fallbacks::read(session, record.id).await?;
        let live = session.published_dialogues(SiteScope::new(record.id)).await?;
        let is_flow = |live: &&PublishedDialogue| live.dialogue.kind == DialogueKind::Flow;
        let streams: Flows = live
            .iter()
            .filter(is_flow)
            .map(|flow| (flow.dialogue.id, (flow.version.id, flow.version.content.stream.clone())))
            .collect();
        let flows =
            live.iter().filter(is_flow).map(|flow| (flow.dialogue.id, flow.dialogue.enabled)).collect();
        let mut dialogues = HashMap::new();
        let mut published = Vec::new();
        for live in live {
            let (id, kind) = (live.dialogue.id, live.dialogue.kind);
            if kind == DialogueKind::Flow {
                let version = LiveVersion::new(live.version, kind, &streams, &**catalog);
                dialogues.insert(id, Arc::new(version));
                continue;
            }
            published.push(Published {
                id: live.dialogue.id,
                version: live.version.id,
                created_at: live.dialogue.created_at,
                priority: live.dialogue.priority,
                enabled: live.dialogue.enabled,
                targeting: live.version.content.targeting.clone(),
            });
            let version = LiveVersion::new(live.version, kind, &streams, &**catalog);
            dialogues.insert(id, Arc::new(version));
        }
        let (targeting, unusable) = SiteSnapshot::build(rules, published, &**catalog);
        for dialogue in unusable {
            let errors: Vec<&str> = dialogue.errors.iter().map(|e| e.message.as_str()).collect();
            tracing::warn!(dialogue = %dialogue.dialogue, ?errors, "a published dialogue cannot be shown");
        }
        let wanted = |(path, _): &(AttributeRef, _)| targeting.symbols().wants(path.of(), path.name());
        let named =
            |id| dialogues.get(&id).map_or_else(Default::default, |live| (live.name.clone(), live.number));
        let decisions = Arc::new(Decisions::of(record.id, &targeting, named));
        Ok(Self {
            wanted: catalog.all().filter(wanted).collect(),
            allowed: domains(&settings.security.allowed_domains),
            blocked: domains(&settings.security.blocked_email_domains),
            style: settings.style,
            privacy: settings.privacy,
            security: settings.security,
            catalog: Arc::clone(catalog),
            targeting,
            decisions,
            dialogues,
            flows,
            streams,
            documents: Arc::clone(&around.documents),
            fallbacks,
            knowledge: Arc::clone(&around.knowledge),
            goals: Arc::clone(&around.goals),
            time_zone: around.time_zone.clone(),
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
    /// A dialogue or flow that is published, whether it is switched on or off.
    pub fn live(&self, id: DialogueId) -> Option<&Arc<LiveVersion>> {
        self.dialogues.get(&id)
    }
    /// A draft with the flows that are published now.
    pub fn compile(&self, stream: Stream) -> CompiledStream {
        let flow = |id: DialogueId| self.streams.get(&id).map(|(_, stream)| stream.clone());
        CompiledStream::within(stream, &Surroundings { flow: &flow, catalog: &*self.catalog })
    }
    /// A version made ready with the flows that are published now.
    pub(crate) fn make_live(&self, version: DialogueVersion, kind: DialogueKind) -> LiveVersion {
        LiveVersion::new(version, kind, &self.streams, &*self.catalog)
    }
    /// The live version of a flow that is switched on.
    pub fn flow(&self, id: DialogueId) -> Option<&Arc<LiveVersion>> {
        let on = self.record.chat_enabled && self.flows.get(&id) == Some(&true);
        self.dialogues.get(&id).filter(|_| on)
    }
    /// The live version with this id, running these flows.
    fn live_version(&self, pinned: &PinnedVersion) -> Option<&Arc<LiveVersion>> {
        let same = |live: &&Arc<LiveVersion>| live.id == pinned.version && live.flows == pinned.flows;
        self.dialogues.get(&pinned.dialogue).filter(same)
    }
    /// The language of Usher's own words: the site's, else the browser's.
    pub fn locale(&self, browser: Option<&str>) -> Locale {
        Locale::from_tag(&self.style.language)
            .unwrap_or_else(|| browser.map_or(Locale::En, Locale::negotiate))
    }
    /// Whether pages of this host may use the key (spec 02).
    pub fn allows_host(&self, host: Option<&str>) -> bool {
        !self.security.validate_origin
            || host.is_some_and(|host| self.allowed.iter().any(|domain| domain.covers(host)))
    }
    /// The pages that may show Usher's own pages in a frame, as a policy names them.
    pub fn frame_ancestors(&self) -> String {
        if !self.security.validate_origin {
            return "*".to_owned();
        }
        let sources = |domain: &Domain| {
            let hosts = ["", "*."].map(|prefix| format!("{prefix}{domain}:*"));
            hosts.map(|host| format!("http://{host} https://{host}")).join(" ")
        };
        // Booking pages show documents, too.
        std::iter::once("'self'".to_owned())
            .chain(self.allowed.iter().map(sources))
            .collect::<Vec<_>>()
            .join(" ")
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
    /// Whether a page's address is that of a booking page of this instance.
    pub fn is_booking_page(&self, url: &str) -> bool {
        let host = self.settings().public_url.trim_end_matches('/');
        url.strip_prefix(host).is_some_and(|path| path.starts_with("/meet/"))
    }
    /// The current snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.memory().snapshot()
    }

    /// Reads the configuration again and swaps the snapshot. Profiles in memory go too: what they mean may have changed.
    pub async fn reload(&self) -> Result<(), AppError> {
        let _turn = self.memory().reloading.lock().await;
        let snapshot = Snapshot::read(self).await?;
        self.memory().set_snapshot(snapshot);
        Ok(())
    }

    /// The version that a conversation is pinned to. Versions never change, so they stay in memory.
    pub(crate) async fn version(
        &self,
        site: &Site,
        pinned: PinnedVersion,
        session: &mut dyn Session,
    ) -> Result<Arc<LiveVersion>, AppError> {
        if let Some(known) = self.known_version(site, &pinned) {
            return Ok(known);
        }
        let mut flows = Flows::new();
        for (flow, version) in &pinned.flows {
            flows.insert(*flow, (*version, stored(session, *version).await?.content.stream));
        }
        let version = stored(session, pinned.version).await?;
        let kind =
            session.dialogue(pinned.dialogue).await?.map_or(DialogueKind::Dialogue, |record| record.kind);
        let live = Arc::new(LiveVersion::new(version, kind, &flows, &*site.catalog));
        self.memory().versions.insert(pinned, Arc::clone(&live));
        Ok(live)
    }
}

impl App {
    /// The version that a conversation is pinned to, if it is in memory.
    pub(crate) fn known_version(&self, site: &Site, pinned: &PinnedVersion) -> Option<Arc<LiveVersion>> {
        site.live_version(pinned).cloned().or_else(|| self.memory().versions.get(pinned))
    }
    /// A published version as a conversation would meet it now; an older one without the flows that it ran.
    pub(crate) async fn published_version(
        &self,
        site: &Site,
        dialogue: DialogueId,
        version: VersionId,
        session: &mut dyn Session,
    ) -> Result<Arc<LiveVersion>, AppError> {
        match site.dialogues.get(&dialogue).filter(|live| live.id == version) {
            Some(live) => Ok(Arc::clone(live)),
            None => {
                self.version(site, PinnedVersion { dialogue, version, flows: FlowVersions::new() }, session)
                    .await
            }
        }
    }
}

async fn stored(session: &mut dyn Session, version: VersionId) -> Result<DialogueVersion, AppError> {
    let missing = || AppError::Internal(format!("version {version} is not there"));
    session.version(version).await?.ok_or_else(missing)
}

/// What a conversation is pinned to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct PinnedVersion {
    pub dialogue: DialogueId,
    pub version: VersionId,
    pub flows: FlowVersions,
}

impl PinnedVersion {
    pub(crate) fn of(conversation: &Conversation) -> Self {
        Self {
            dialogue: conversation.dialogue_id,
            version: conversation.version_id,
            flows: conversation.state.flows.clone(),
        }
    }
}
