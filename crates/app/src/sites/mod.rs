//! Sites: what they look like, who may use their key, and how they are installed.

pub(crate) mod avatar;
pub mod identity;
mod installation;
mod style;
mod svg;

pub(crate) use identity::{StoredIdentity, keys as public_keys};
pub use installation::{CspLine, Installation, installation};
pub use style::{ConsentMode, MAX_DOMAINS, Padding, Position, Privacy, Security, Sound, Style, Theme};

use crate::{
    App, AppError, FieldError,
    access::{Actor, Permission},
    audit::{self, Note},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bus::Hint;
use kernel::{FileId, Locale, SiteId, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value as Json, json};
use store::{SiteRecord, StoredFile};
use utoipa::ToSchema;

use crate::contrast::Colors;

/// The most minutes between two pokes.
const MOST_PAUSE: u32 = 10_080;

/// The sections of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSettings {
    /// Look.
    pub style: Style,
    /// What may be known of visitors.
    pub privacy: Privacy,
    /// Who may use the key.
    pub security: Security,
}

impl SiteSettings {
    /// Out of a stored record.
    pub fn of(record: &SiteRecord) -> Result<Self, AppError> {
        Ok(Self {
            style: section(record, "style", &record.style)?,
            privacy: section(record, "privacy", &record.privacy)?,
            security: section(record, "security", &record.security)?,
        })
    }
}

fn section<T: DeserializeOwned>(record: &SiteRecord, name: &str, json: &Json) -> Result<T, AppError> {
    let wrong = |error| AppError::Internal(format!("{name} of site {}: {error}", record.id));
    serde_json::from_value(json.clone()).map_err(wrong)
}

/// A site as users see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SiteView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: SiteId,
    /// Name for people.
    pub name: String,
    /// Public key in the snippet.
    pub key: String,
    /// Off: the key answers 403.
    pub enabled: bool,
    /// Off stops all dialogues and flows at once.
    pub chat_enabled: bool,
    /// Rises with every change; send it as `If-Match`.
    pub version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Look.
    pub style: Style,
    /// What may be known of visitors.
    pub privacy: Privacy,
    /// Who may use the key.
    pub security: Security,
    /// Fewest minutes between unprompted pokes; 0 = none.
    pub poke_pause_minutes: u32,
}

impl SiteView {
    fn of(app: &App, record: &SiteRecord) -> Result<Self, AppError> {
        let settings = SiteSettings::of(record)?;
        let avatar_url = avatar_url(&app.settings().public_url, record.avatar);
        Ok(Self {
            id: record.id,
            name: record.name.clone(),
            key: record.key.clone(),
            enabled: record.enabled,
            chat_enabled: record.chat_enabled,
            version: record.version,
            created_at: record.created_at,
            style: Style { avatar_url, ..settings.style },
            privacy: settings.privacy,
            security: settings.security,
            poke_pause_minutes: record.poke_pause_minutes,
        })
    }
}

fn avatar_url(public_url: &str, avatar: Option<FileId>) -> Option<String> {
    avatar.map(|id| format!("{public_url}/api/visitor/v1/avatars/{id}"))
}

/// The look as the widget gets it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WidgetConfig {
    /// Name of the site.
    pub site_name: String,
    /// Label at the top of the panel.
    pub bot_name: String,
    /// Picture of the bot.
    pub avatar_url: Option<String>,
    /// Colours.
    pub colors: Colors,
    /// A CSS font family.
    pub font: Option<String>,
    /// Light or dark.
    pub theme: Theme,
    /// Corner of the icon.
    pub position: Position,
    /// Distance of the icon from the edges.
    pub padding: Padding,
    /// How long the bot seems to type.
    pub response_delay_ms: u32,
    /// What a new message sounds like.
    pub sound: Sound,
    /// Whether the first card is shown beside the icon.
    pub poke: bool,
    /// The same on small screens.
    pub poke_on_mobile: bool,
    /// The site's privacy policy.
    pub privacy_url: Option<String>,
    /// Language of the widget's own texts.
    pub language: String,
    /// The longest text a visitor may send, in characters.
    pub max_text: usize,
}

impl WidgetConfig {
    /// Out of a site's look; the language is the dialogue's, else the site's, else the browser's.
    pub fn of(site: &crate::snapshot::Site, public_url: &str, dialogue: Option<&str>, browser: &str) -> Self {
        let style = site.style.clone();
        let chosen = dialogue.unwrap_or(&style.language);
        let browser = browser.split([',', ';']).next().unwrap_or_default();
        let language = Locale::from_tag(chosen).unwrap_or_else(|| Locale::negotiate(browser));
        Self {
            site_name: site.record.name.clone(),
            bot_name: style.bot_name,
            avatar_url: avatar_url(public_url, site.record.avatar),
            colors: style.colors,
            font: style.font,
            theme: style.theme,
            position: style.position,
            padding: style.padding,
            response_delay_ms: style.response_delay_ms,
            sound: style.sound,
            poke: style.poke,
            poke_on_mobile: style.poke_on_mobile,
            privacy_url: site.privacy.privacy_url.clone(),
            language: language.tag().to_owned(),
            max_text: stream::MAX_TEXT,
        }
    }
}

/// What makes a site.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSite {
    /// Name for people; 1 to 100 characters.
    pub name: String,
}

/// Changes of a site; what is absent stays. Each section is replaced as a whole.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SitePatch {
    /// Name for people.
    #[serde(default)]
    pub name: Option<String>,
    /// Off: the key answers 403.
    #[serde(default)]
    pub enabled: Option<bool>,
    /// Off stops all dialogues and flows at once.
    #[serde(default)]
    pub chat_enabled: Option<bool>,
    /// Look.
    #[serde(default)]
    pub style: Option<Style>,
    /// What may be known of visitors.
    #[serde(default)]
    pub privacy: Option<Privacy>,
    /// Who may use the key.
    #[serde(default)]
    pub security: Option<Security>,
    /// Fewest minutes between unprompted pokes; 0 = none, at most a week.
    #[serde(default)]
    pub poke_pause_minutes: Option<u32>,
}

/// All sites, oldest first.
pub async fn list(app: &App) -> Result<Vec<SiteView>, AppError> {
    let records = app.store().read().await?.sites().await?;
    records.iter().map(|record| SiteView::of(app, record)).collect()
}

/// One site.
pub async fn get(app: &App, id: SiteId) -> Result<SiteView, AppError> {
    SiteView::of(app, &record(app, id).await?)
}

async fn record(app: &App, id: SiteId) -> Result<SiteRecord, AppError> {
    app.store().read().await?.site(id).await?.ok_or(AppError::NotFound("site"))
}

/// Makes a site with a sensible look and a key of its own.
pub async fn create(app: &App, actor: &Actor, new: NewSite) -> Result<SiteView, AppError> {
    let mut errors = Vec::new();
    let name = checked_name(&new.name, &mut errors);
    if !errors.is_empty() {
        return Err(AppError::Invalid(errors));
    }
    let site = fresh(app, name);
    let mut tx = app.store().begin().await?;
    tx.insert_site(&site).await?;
    audit::write(app, &mut *tx, actor, Note::new("site.created", "site").of(site.id, &site.name)).await?;
    tx.commit().await?;
    configuration_changed(app).await?;
    SiteView::of(app, &site)
}

/// The look of a new site.
pub(crate) fn first_look(name: &str) -> Style {
    Style { bot_name: name.chars().take(60).collect(), ..Style::default() }
}

/// A new site that nobody has changed yet.
pub(crate) fn fresh(app: &App, name: String) -> SiteRecord {
    let now = app.now();
    SiteRecord {
        id: app.id(now),
        style: json!(first_look(&name)),
        name,
        key: new_key(app),
        enabled: true,
        chat_enabled: true,
        privacy: json!(Privacy::default()),
        security: json!(Security::default()),
        poke_pause_minutes: 0,
        avatar: None,
        last_seen_at: None,
        seen_hosts: Vec::new(),
        created_at: now,
        version: 1,
    }
}

/// 128 random bits: public, but nobody meets another site's key by chance.
fn new_key(app: &App) -> String {
    let mut bytes = [0_u8; 16];
    app.entropy().fill(&mut bytes);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// This node knows at once; the others hear of it.
pub(crate) async fn configuration_changed(app: &App) -> Result<(), AppError> {
    app.reload().await?;
    app.hint(Hint::Configuration);
    Ok(())
}

fn checked_name(text: &str, errors: &mut Vec<FieldError>) -> String {
    let name = text.trim().to_owned();
    let length = name.chars().count();
    if !(1..=100).contains(&length) || name.chars().any(char::is_control) {
        errors.push(FieldError::new("/name", "text", "must have 1 to 100 characters"));
    }
    name
}

/// Changes a site. Privacy and security need their own permission.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: SiteId,
    version: Option<i64>,
    patch: SitePatch,
) -> Result<SiteView, AppError> {
    let sensitive = patch.privacy.is_some() || patch.security.is_some();
    if sensitive && !actor.may(Permission::AdminPrivacySecurity) {
        let sentence = "changing privacy and security needs the permission admin.privacy_security";
        return Err(AppError::Forbidden(sentence.to_owned()));
    }
    let usual = patch.name.is_some()
        || patch.enabled.is_some()
        || patch.chat_enabled.is_some()
        || patch.style.is_some()
        || patch.poke_pause_minutes.is_some();
    if usual && !actor.may(Permission::AdminChatbotSettings) {
        let sentence = "changing the chatbot's settings needs the permission admin.chatbot_settings";
        return Err(AppError::Forbidden(sentence.to_owned()));
    }
    let mut tx = app.store().begin().await?;
    let mut site = tx.site(id).await?.ok_or(AppError::NotFound("site"))?;
    if version.is_some_and(|version| version != site.version) {
        return Err(AppError::Stale);
    }
    let sections = patch_into(&mut site, patch)?;
    tx.update_site(&site).await?;
    let note =
        Note::new("site.updated", "site").of(site.id, &site.name).details(json!({ "changed": sections }));
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    configuration_changed(app).await?;
    get(app, id).await
}

pub(crate) fn patch_into(site: &mut SiteRecord, patch: SitePatch) -> Result<Vec<&'static str>, AppError> {
    let (mut errors, mut changed) = (Vec::new(), Vec::new());
    if let Some(name) = patch.name {
        site.name = checked_name(&name, &mut errors);
        changed.push("name");
    }
    if let Some(enabled) = patch.enabled {
        site.enabled = enabled;
        changed.push("enabled");
    }
    if let Some(chat_enabled) = patch.chat_enabled {
        site.chat_enabled = chat_enabled;
        changed.push("chat_enabled");
    }
    if let Some(mut style) = patch.style {
        style.check(&mut errors);
        style.avatar_url = None;
        style.bot_name = style.bot_name.trim().to_owned();
        site.style = json!(style);
        changed.push("style");
    }
    if let Some(privacy) = patch.privacy {
        privacy.check(&mut errors);
        site.privacy = json!(privacy);
        changed.push("privacy");
    }
    if let Some(mut security) = patch.security {
        security.normalise(&mut errors);
        site.security = json!(security);
        changed.push("security");
    }
    if let Some(minutes) = patch.poke_pause_minutes {
        if minutes > MOST_PAUSE {
            errors.push(FieldError::new("/poke_pause_minutes", "range", "must be between 0 and 10080"));
        }
        site.poke_pause_minutes = minutes;
        changed.push("poke_pause_minutes");
    }
    if errors.is_empty() { Ok(changed) } else { Err(AppError::Invalid(errors)) }
}

/// Removes a site with its dialogues, visitors and conversations.
pub async fn delete(app: &App, actor: &Actor, id: SiteId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let site = tx.site(id).await?.ok_or(AppError::NotFound("site"))?;
    tx.put_setting(&identity::setting(id), None).await?;
    tx.delete_site(id).await?;
    if let Some(avatar) = site.avatar {
        tx.delete_file(avatar).await?;
    }
    audit::write(app, &mut *tx, actor, Note::new("site.deleted", "site").of(id, &site.name)).await?;
    tx.commit().await?;
    configuration_changed(app).await
}

/// Sets the picture of the bot, or removes it.
pub async fn set_avatar(
    app: &App,
    actor: &Actor,
    id: SiteId,
    content: Option<&[u8]>,
) -> Result<SiteView, AppError> {
    let picture = content.map(avatar::check).transpose()?;
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let mut site = tx.site(id).await?.ok_or(AppError::NotFound("site"))?;
    let before = site.avatar.take();
    if let Some(picture) = picture {
        let file = StoredFile {
            id: app.id(now),
            media_type: picture.media_type.to_owned(),
            bytes: picture.bytes,
            created_at: now,
        };
        tx.insert_file(&file).await?;
        site.avatar = Some(file.id);
    }
    tx.update_site(&site).await?;
    if let Some(before) = before {
        tx.delete_file(before).await?;
    }
    let note =
        Note::new("site.updated", "site").of(site.id, &site.name).details(json!({ "changed": ["avatar"] }));
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    configuration_changed(app).await?;
    get(app, id).await
}

/// A stored picture.
pub async fn avatar(app: &App, id: FileId) -> Result<StoredFile, AppError> {
    app.store().read().await?.file(id).await?.ok_or(AppError::NotFound("picture"))
}
