//! Canned responses: texts that agents keep at hand and call by a shortcut. The shared ones are looked after by who manages
//! agents; every agent has own ones beside them.

use crate::{
    App, AppError,
    access::{Actor, Permission},
    audit::{self, Note},
    catalog::AttributeCatalog,
};
use kernel::{CannedResponseId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{CannedResponse, Session, StoreError};
use stream::tokens::{self, TokenCatalog, TokenPath};
use utoipa::ToSchema;

/// The longest shortcut, in characters.
pub const MAX_SHORTCUT: usize = 40;
/// The longest text, in characters.
pub const MAX_TEXT: usize = 4_000;
/// The most shared ones, and the most of one owner.
const MOST: usize = 500;

/// A canned response.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CannedResponse)]
pub struct CannedView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: CannedResponseId,
    /// What is typed behind the slash.
    #[schema(example = "thanks")]
    pub shortcut: String,
    /// What is said; tokens of the person, the company and the agent are filled in when it is used.
    pub text: String,
    /// Everybody's; otherwise one's own.
    pub shared: bool,
    /// Last change.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// Rises with every change; send it as `If-Match`.
    pub version: i64,
}

impl From<CannedResponse> for CannedView {
    fn from(response: CannedResponse) -> Self {
        let CannedResponse { id, shortcut, text, owner_id, updated_at, version, .. } = response;
        Self { id, shortcut, text, shared: owner_id.is_none(), updated_at, version }
    }
}

/// What makes a canned response.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCanned {
    /// 1 to 40 letters, digits, `-` and `_`; unique among the shared ones, and among one's own.
    pub shortcut: String,
    /// 1 to 4,000 characters; may hold tokens like `{{person.first_name:"there"}}` and `{{agent.name}}`.
    pub text: String,
    /// For everybody, which takes the permission *Agents*.
    #[serde(default)]
    pub shared: bool,
}

/// Changes of a canned response; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CannedPatch {
    /// New shortcut.
    #[serde(default)]
    pub shortcut: Option<String>,
    /// New text.
    #[serde(default)]
    pub text: Option<String>,
}

/// Those that somebody can use: the shared ones, and with a user that one's own.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<CannedView>, AppError> {
    usable_by(&mut *app.store().read().await?, actor).await
}

pub(crate) async fn usable_by(session: &mut dyn Session, actor: &Actor) -> Result<Vec<CannedView>, AppError> {
    Ok(session.canned_responses(actor.user_id()).await?.into_iter().map(Into::into).collect())
}

/// One that somebody can use.
pub async fn show(app: &App, actor: &Actor, id: CannedResponseId) -> Result<CannedView, AppError> {
    let mut session = app.store().read().await?;
    Ok(usable(&mut *session, actor, id).await?.into())
}

/// Adds one.
pub async fn create(app: &App, actor: &Actor, new: NewCanned) -> Result<CannedView, AppError> {
    let owner_id = if new.shared { None } else { Some(own(actor)?) };
    may_change(actor, owner_id)?;
    let now = app.now();
    let mut tx = app.store().begin().await?;
    let there = tx.canned_responses(owner_id).await?;
    if there.iter().filter(|one| one.owner_id == owner_id).count() >= MOST {
        return Err(AppError::Conflict(format!("there are {MOST} of them, which is the most")));
    }
    let response = CannedResponse {
        id: app.id(now),
        shortcut: checked_shortcut(&new.shortcut)?,
        text: checked_text(&mut *tx, &new.text).await?,
        owner_id,
        created_at: now,
        updated_at: now,
        version: 1,
    };
    tx.insert_canned_response(&response).await.map_err(taken)?;
    let note = Note::new("canned_response.created", "canned_response").of(response.id, &response.shortcut);
    audit::write(app, &mut *tx, actor, note).await?;
    tx.commit().await?;
    Ok(response.into())
}

/// Changes one.
pub async fn update(
    app: &App,
    actor: &Actor,
    id: CannedResponseId,
    version: Option<i64>,
    patch: CannedPatch,
) -> Result<CannedView, AppError> {
    let mut tx = app.store().begin().await?;
    let mut response = usable(&mut *tx, actor, id).await?;
    may_change(actor, response.owner_id)?;
    if version.is_some_and(|version| version != response.version) {
        return Err(AppError::Stale);
    }
    let before = json!({ "shortcut": response.shortcut, "text": response.text });
    if let Some(shortcut) = &patch.shortcut {
        response.shortcut = checked_shortcut(shortcut)?;
    }
    if let Some(text) = &patch.text {
        response.text = checked_text(&mut *tx, text).await?;
    }
    response.updated_at = app.now();
    tx.update_canned_response(&response).await.map_err(taken)?;
    let note = Note::new("canned_response.updated", "canned_response").of(id, &response.shortcut);
    audit::write(app, &mut *tx, actor, note.details(json!({ "before": before }))).await?;
    tx.commit().await?;
    response.version += 1;
    Ok(response.into())
}

/// Removes one.
pub async fn delete(app: &App, actor: &Actor, id: CannedResponseId) -> Result<(), AppError> {
    let mut tx = app.store().begin().await?;
    let response = usable(&mut *tx, actor, id).await?;
    may_change(actor, response.owner_id)?;
    tx.delete_canned_response(id).await?;
    let note = Note::new("canned_response.deleted", "canned_response").of(id, &response.shortcut);
    audit::write(app, &mut *tx, actor, note).await?;
    Ok(tx.commit().await?)
}

/// Others' own ones are not there at all.
async fn usable(
    session: &mut dyn Session,
    actor: &Actor,
    id: CannedResponseId,
) -> Result<CannedResponse, AppError> {
    let found = session.canned_response(id).await?;
    let usable = |one: &CannedResponse| one.owner_id.is_none() || one.owner_id == actor.user_id();
    found.filter(usable).ok_or(AppError::NotFound("canned response"))
}

fn own(actor: &Actor) -> Result<UserId, AppError> {
    let none =
        || AppError::invalid("/shared", "needs_user", "must be true: a token has no responses of its own");
    actor.user_id().ok_or_else(none)
}

/// One's own may be changed by oneself, the shared ones by who manages agents.
fn may_change(actor: &Actor, owner: Option<UserId>) -> Result<(), AppError> {
    let may = match owner {
        Some(owner) => actor.user_id() == Some(owner),
        None => actor.may(Permission::AdminAgents),
    };
    if may {
        Ok(())
    } else {
        Err(AppError::Forbidden("shared responses are changed by who manages agents".to_owned()))
    }
}

fn checked_shortcut(shortcut: &str) -> Result<String, AppError> {
    let shortcut = shortcut.trim().trim_start_matches('/').to_lowercase();
    let fits = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if shortcut.is_empty() || shortcut.chars().nth(MAX_SHORTCUT).is_some() || !shortcut.chars().all(fits) {
        let reason = "must have 1 to 40 letters, digits, - and _";
        return Err(AppError::invalid("/shortcut", "text", reason));
    }
    Ok(shortcut)
}

async fn checked_text(session: &mut dyn Session, text: &str) -> Result<String, AppError> {
    let text = text.trim();
    if text.is_empty() || text.chars().nth(MAX_TEXT).is_some() || text.contains('\0') {
        return Err(AppError::invalid("/text", "text", "must have 1 to 4,000 characters"));
    }
    let refused = |reason: String| AppError::invalid("/text", "token", reason);
    let catalog = AttributeCatalog::read(session).await?;
    if let Some(error) = tokens::check(text, &Attributes(&catalog)).first() {
        return Err(refused(error.to_string()));
    }
    match tokens::parse(text).into_iter().find(|token| !is_known_in_a_chat(&token.path)) {
        Some(_) => Err(refused("may tell of the person, the company and the agent only".to_owned())),
        None => Ok(text.to_owned()),
    }
}

/// A chat has no cards, no page that started it, and perhaps no meeting; its visit may be over.
fn is_known_in_a_chat(path: &TokenPath) -> bool {
    match path {
        TokenPath::Agent(_) => true,
        TokenPath::Attribute(name) => name.starts_with("person.") || name.starts_with("company."),
        TokenPath::Answer(_) | TokenPath::Meeting(_) | TokenPath::Context(_) => false,
    }
}

struct Attributes<'a>(&'a AttributeCatalog);

impl TokenCatalog for Attributes<'_> {
    fn has_attribute(&self, attribute: &str) -> bool {
        self.0.type_of(attribute).is_some()
    }
    fn has_answer(&self, _card: &str) -> bool {
        // Told apart below, with a sentence that says what may be used.
        true
    }
}

fn taken(error: StoreError) -> AppError {
    match error {
        StoreError::Taken { what: "canned_responses.shortcut" } => {
            AppError::invalid("/shortcut", "taken", "is there already")
        }
        other => other.into(),
    }
}
