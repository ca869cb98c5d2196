//! A visitor talks and nothing is recorded: a flow started without consent, or a draft behind a preview link.

use super::{Did, Scene, is_answer};
use crate::{
    App, AppError,
    caller::Caller,
    conversations::view::ConversationView,
    dialogues::Handle,
    sealed::{seal, unseal},
    snapshot::{LiveVersion, PinnedVersion, Site},
    visit::{self, PageFacts},
};
use jiff::SignedDuration;
use kernel::{DialogueId, SiteId, Timestamp, VersionId, WebUrl};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};
use store::{ConversationStage, DialogueVersion};
use stream::{Interface, Rehearsal};
use utoipa::ToSchema;
use uuid::Uuid;

const LINK: &str = "preview link";
const TALK: &str = "unrecorded conversation";
/// How long a preview link works.
const LINK_HOURS: i64 = 7 * 24;
/// How the token is called in the page's address.
pub const PREVIEW_PARAMETER: &str = "usher_preview";

/// For which page a preview link is made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkRequest {
    /// Any page of an allowed domain that carries the snippet.
    pub url: String,
}

/// A link under which the draft is shown to whoever opens it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewLink {
    /// The page's address with the token.
    pub url: String,
    /// It works until then.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct LinkToken {
    site: SiteId,
    dialogue: DialogueId,
    until: Timestamp,
}

/// Makes a preview link.
pub async fn link(
    app: &App,
    handle: impl Into<Handle>,
    request: &LinkRequest,
) -> Result<PreviewLink, AppError> {
    let record = handle.into().find(&mut *app.store().read().await?).await?;
    let snapshot = app.snapshot();
    let site = snapshot.site(record.site_id).ok_or(AppError::NotFound("site"))?;
    let invalid = |reason: &str| AppError::invalid("/url", "url", reason);
    let page: WebUrl = request
        .url
        .trim()
        .parse()
        .map_err(|_| invalid("is not a web address such as https://example.com"))?;
    let mut url = url::Url::parse(page.as_str()).map_err(|_| invalid("is not a web address"))?;
    if !site.allows_host(url.host_str()) {
        return Err(invalid("is not on one of the site's allowed domains"));
    }
    let expires_at = app.now() + SignedDuration::from_hours(LINK_HOURS);
    let token = LinkToken { site: record.site_id, dialogue: record.id, until: expires_at };
    url.query_pairs_mut().append_pair(PREVIEW_PARAMETER, &seal(app, LINK, &token));
    Ok(PreviewLink { url: url.into(), expires_at })
}

/// Which stream an unrecorded conversation runs on.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Played {
    /// The draft as it stands now.
    Draft { dialogue: DialogueId },
    /// A published version of a flow.
    Version { dialogue: DialogueId, version: VersionId },
}

/// An unrecorded conversation as it travels.
#[derive(Debug, Serialize, Deserialize)]
struct Talk {
    site: SiteId,
    played: Played,
    interface: Option<Interface>,
    rehearsal: Rehearsal,
}

/// A further turn of an unrecorded conversation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnrecordedTurn {
    /// Where it stands, as the answer before said.
    pub state: String,
    /// Made by the widget for this input; the same id is the same input.
    #[schema(value_type = String, format = "uuid")]
    pub client_id: Uuid,
    /// What the visitor does.
    pub did: Did,
}

/// An unrecorded conversation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unrecorded {
    /// To be sent with the next turn.
    pub state: String,
    /// The conversation, whole.
    pub conversation: ConversationView,
}

/// A draft that a page shows because its address has a preview token.
#[derive(Debug, Serialize, ToSchema)]
pub struct PreviewedDialogue {
    /// The dialogue or flow.
    #[schema(value_type = String)]
    pub dialogue_id: DialogueId,
    /// Its name.
    pub name: String,
    /// To be sent with the first turn.
    pub state: String,
    /// What is said first.
    pub conversation: ConversationView,
}

/// The draft behind a preview token; none when the token is of no use (any more).
pub(crate) async fn previewed(
    app: &App,
    caller: &Caller,
    token: &str,
    page: &PageFacts,
) -> Result<Option<PreviewedDialogue>, AppError> {
    let Some(token) = unseal::<LinkToken>(app, LINK, token) else { return Ok(None) };
    if token.until < app.now() || token.site != caller.site.id() {
        return Ok(None);
    }
    let played = Played::Draft { dialogue: token.dialogue };
    let talk = Talk { site: token.site, played, interface: None, rehearsal: begun(app, caller, page) };
    let begun = match turn(app, caller, talk, None, None).await {
        Err(AppError::NotFound(_)) => return Ok(None),
        begun => begun?,
    };
    Ok(Some(PreviewedDialogue {
        dialogue_id: token.dialogue,
        name: begun.conversation.name.clone(),
        state: begun.state,
        conversation: begun.conversation,
    }))
}

/// A flow begins for somebody of whom nothing may be recorded.
pub(crate) async fn flow(
    app: &App,
    caller: &Caller,
    version: &LiveVersion,
    page: &PageFacts,
    interface: Option<Interface>,
    context: BTreeMap<String, String>,
) -> Result<Unrecorded, AppError> {
    let played = Played::Version { dialogue: version.dialogue_id, version: version.id };
    let mut rehearsal = begun(app, caller, page);
    rehearsal.state.context = context;
    rehearsal.state.flows = version.flows.clone();
    let talk = Talk { site: caller.site.id(), played, interface, rehearsal };
    turn(app, caller, talk, None, None).await
}

/// Takes a turn.
pub async fn step(app: &App, caller: &Caller, request: UnrecordedTurn) -> Result<Unrecorded, AppError> {
    let unknown = || AppError::invalid("/state", "unknown", "is not the state of a conversation here");
    let talk = unseal::<Talk>(app, TALK, &request.state).filter(|talk| talk.site == caller.site.id());
    let client_id = request.client_id.to_string();
    turn(app, caller, talk.ok_or_else(unknown)?, Some(request.did), Some(&client_id)).await
}

/// What the page and the browser show, and nothing else, is known.
fn begun(app: &App, caller: &Caller, page: &PageFacts) -> Rehearsal {
    let known = visit::first_page(app, page, &caller.browser, None);
    let mut attributes: BTreeMap<String, String> = known
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(path, value)| Some((path.clone(), value.as_str()?.to_owned())))
        .collect();
    attributes.insert("visit.url".to_owned(), page.url.clone());
    attributes.insert("visit.path".to_owned(), page.path.clone());
    Rehearsal::of(attributes)
}

async fn turn(
    app: &App,
    caller: &Caller,
    mut talk: Talk,
    did: Option<Did>,
    client_id: Option<&str>,
) -> Result<Unrecorded, AppError> {
    let site = &*caller.site;
    let version = version_of(app, site, &talk).await?;
    let language = talk.rehearsal.attributes.get("visit.language").cloned();
    let locale =
        kernel::Locale::from_tag(&version.language).unwrap_or_else(|| site.locale(language.as_deref()));
    let inferred = talk.rehearsal.attributes.get("inferred.country").cloned();
    let country = inferred.or_else(|| crate::visit::country(None, language.as_deref()));
    let scene =
        Scene { app, site, stream: &version.stream, locale, country: country.as_deref(), now: app.now() };
    scene.send(&mut talk.rehearsal, did, client_id)?;
    let conversation = view(&scene, &version, &talk, client_id);
    Ok(Unrecorded { state: seal(app, TALK, &talk), conversation })
}

async fn version_of(app: &App, site: &Site, talk: &Talk) -> Result<Arc<LiveVersion>, AppError> {
    match talk.played {
        Played::Version { dialogue, version } => {
            if !site.record.chat_enabled {
                return Err(AppError::Forbidden("the chat is switched off at the moment".to_owned()));
            }
            let pinned = PinnedVersion { dialogue, version, flows: talk.rehearsal.state.flows.clone() };
            let mut session = app.store().read().await?;
            app.version(site, pinned, &mut *session).await
        }
        Played::Draft { dialogue } => {
            let found = app.store().read().await?.dialogue(dialogue).await?;
            let record = found.filter(|record| record.site_id == site.id());
            let record = record.ok_or(AppError::NotFound("dialogue"))?;
            let draft = DialogueVersion {
                id: VersionId::from(dialogue.uuid()),
                dialogue_id: dialogue,
                number: 0,
                name: record.name,
                content: record.draft,
                draft_version: record.draft_version,
                created_at: record.updated_at,
                created_by: record.updated_by,
            };
            Ok(Arc::new(site.make_live(draft, record.kind)))
        }
    }
}

fn view(scene: &Scene<'_>, version: &LiveVersion, talk: &Talk, client_id: Option<&str>) -> ConversationView {
    let state = &talk.rehearsal.state;
    let mut messages = scene.messages(&talk.rehearsal);
    if let Some(message) = messages.iter_mut().rev().find(|message| is_answer(message)) {
        message.client_id = client_id.map(str::to_owned);
    }
    let reached = match (state.completed, state.engaged) {
        (true, _) => ConversationStage::Completed,
        (false, true) => ConversationStage::Engaged,
        (false, false) => ConversationStage::Triggered,
    };
    ConversationView {
        id: None,
        kind: version.kind,
        dialogue_id: version.dialogue_id,
        name: version.name.clone(),
        ui: talk.interface.unwrap_or(version.interface),
        state: reached,
        allow_restart: version.allow_restart,
        allow_back: version.allow_back,
        last_seq: messages.len() as u64,
        epoch: state.epoch,
        messages,
        waiting: scene.waiting(&talk.rehearsal),
        person_known: talk.rehearsal.attributes.contains_key("person.email"),
        chat: None,
    }
}
