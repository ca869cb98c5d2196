//! Who calls the visitor API: the site that its key names, the token if it is a genuine one, and what the browser shows of
//! itself; and from that the visitor's profile, read once and kept in memory.

use crate::{
    App, AppError,
    guest::{self, Fingerprint},
    memory::Known,
    sites::ConsentMode,
    snapshot::Site,
    visitor_token::VisitorToken,
};
use kernel::{PersonId, Timestamp, VisitorId};
use people::{AttributeMap, Origin, Person, Rung, SourceKind};
use std::{collections::BTreeMap, sync::Arc};
use store::{ConversationMark, GuestMark, Visitor, VisitorProfile};
use targeting::{Mark, Stage, VisitorHistory};

/// What a browser shows of itself with every request.
#[derive(Debug, Clone, Default)]
pub struct Browser {
    /// Address of the client.
    pub address: String,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The `Accept-Language` header.
    pub accept_language: String,
    /// The `Sec-CH-UA` header.
    pub brands: String,
    /// The `Sec-CH-UA-Platform` header.
    pub platform: String,
    /// The `Sec-CH-UA-Mobile` header.
    pub mobile: String,
    /// `Sec-GPC: 1`: Global Privacy Control.
    pub gpc: bool,
}

/// Who calls. Made by the edge after key, origin and limits were checked.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The site of the key; enabled.
    pub site: Arc<Site>,
    /// The token presented, if this instance issued it for this site.
    pub token: Option<VisitorToken>,
    /// What the browser shows of itself.
    pub browser: Browser,
}

impl Caller {
    /// The site for a key, or why the key cannot be used, in words for the developer of the page.
    pub fn site(app: &App, key: &str) -> Result<Arc<Site>, AppError> {
        let snapshot = app.snapshot();
        let site = snapshot.site_by_key(key).ok_or_else(|| {
            AppError::Forbidden("the site key in the snippet (data-site) is not known here".to_owned())
        })?;
        if !site.record.enabled {
            return Err(AppError::Forbidden("the site of this key is switched off".to_owned()));
        }
        Ok(Arc::clone(site))
    }

    /// The consent mode without what the page says.
    pub fn mode(&self) -> ConsentMode {
        let gpc = if self.browser.gpc { ConsentMode::Required } else { ConsentMode::Open };
        self.site.privacy.consent_mode.strictest(gpc)
    }

    /// Today's hash of a guest.
    pub fn guest(&self, app: &App, now: Timestamp) -> [u8; 32] {
        let browser = &self.browser;
        let shown = Fingerprint {
            address: &browser.address,
            user_agent: &browser.user_agent,
            accept_language: &browser.accept_language,
        };
        guest::hash(&app.settings().instance_key, self.site.id(), shown, now)
    }

    /// The visitor behind the token: from memory or by one read. None without a token, and for a revoked, erased or
    /// otherwise useless one: the caller is then somebody new.
    pub async fn visitor(&self, app: &App, now: Timestamp) -> Result<Option<Arc<Known>>, AppError> {
        let Some(token) = &self.token else { return Ok(None) };
        if let Some(known) = app.memory().profile(self.site.id(), &token.hash) {
            return Ok(Some(known));
        }
        let read_at = app.memory().moment();
        let mut session = app.store().read().await?;
        let scope = self.site.scope();
        let known = match session.visitor_profile(scope, &token.hash).await? {
            Some(profile) => Known::stored(profile, read_at),
            None if !token.is_fresh(now) || session.token_revoked(scope, &token.hash).await? => {
                return Ok(None);
            }
            None => Known::fresh(token, &self.browser, read_at),
        };
        let known = Arc::new(known);
        app.memory().keep_profile(self.site.id(), token.hash, Arc::clone(&known));
        Ok(Some(known))
    }

    /// A new visitor with a new token. Nothing is stored yet.
    pub(crate) fn newcomer(&self, app: &App, now: Timestamp) -> (VisitorToken, Arc<Known>) {
        let token = VisitorToken::issue(&app.settings().instance_key, self.site.id(), app.entropy(), now);
        let known = Arc::new(Known::fresh(&token, &self.browser, app.memory().moment()));
        app.memory().keep_profile(self.site.id(), token.hash, Arc::clone(&known));
        (token, known)
    }
}

impl Known {
    fn stored(profile: VisitorProfile, read_at: u64) -> Self {
        let history = history(profile.visitor.id, &profile.conversations);
        Self { profile, history, stored: true, read_at }
    }

    fn fresh(token: &VisitorToken, browser: &Browser, read_at: u64) -> Self {
        let profile = VisitorProfile {
            visitor: Visitor {
                id: token.visitor,
                token_hash: token.hash,
                person_id: token.person,
                rung: Rung::Anonymous,
                language: first_language(&browser.accept_language),
                dismissed_at: None,
                created_at: token.issued_at,
                last_seen_at: token.issued_at,
                revoked_at: None,
            },
            person: anonymous(token.person, token.issued_at),
            company: None,
            visit: None,
            conversations: Vec::new(),
            lists: Vec::new(),
        };
        let history = VisitorHistory::new(token.visitor);
        Self { profile, history, stored: false, read_at }
    }
}

/// The first language of an `Accept-Language` header.
pub(crate) fn first_language(header: &str) -> Option<String> {
    let first = header.split([',', ';']).next().unwrap_or_default().trim();
    let fine = !first.is_empty()
        && first.len() <= 35
        && first != "*"
        && first.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    fine.then(|| first.to_owned())
}

/// A person of whom nothing is known.
pub(crate) fn anonymous(id: PersonId, at: Timestamp) -> Person {
    Person {
        id,
        email: None,
        rung: Rung::Anonymous,
        attributes: AttributeMap::new(),
        origins: BTreeMap::new(),
        base_origin: Origin { source: SourceKind::System, detail: None, at, rung: None },
        suggestions: Vec::new(),
        company_id: None,
        owner_id: None,
        created_at: at,
        updated_at: at,
        last_seen_at: Some(at),
        version: 1,
    }
}

fn history(visitor: VisitorId, conversations: &[ConversationMark]) -> VisitorHistory {
    let marks: Vec<Mark> = conversations.iter().map(mark).collect();
    let last_poke_at = marks.iter().filter_map(|mark| mark.shown_at.last()).max().copied();
    VisitorHistory { visitor, marks, last_poke_at }
}

fn mark(conversation: &ConversationMark) -> Mark {
    let stage = match conversation {
        ConversationMark { completed_at: Some(_), .. } => Stage::Completed,
        ConversationMark { dropped_at: Some(_), .. } => Stage::Dropped,
        ConversationMark { engaged_at: Some(_), .. } => Stage::Engaged,
        _ => Stage::Triggered,
    };
    Mark {
        dialogue: conversation.dialogue_id,
        conversation: conversation.id,
        stage,
        triggered_at: conversation.triggered_at,
        engaged_at: conversation.engaged_at,
        last_visitor_at: Some(conversation.last_visitor_at),
        completed_at: conversation.completed_at,
        dismissed_at: conversation.dismissed_at,
        shown_at: conversation.shown_at.clone(),
    }
}

/// What is remembered of a guest, as targeting sees it. The mark stands in for a conversation that does not exist.
pub(crate) fn guest_history(hash: &[u8; 32], marks: &[GuestMark]) -> VisitorHistory {
    let mut id = [0_u8; 16];
    id.copy_from_slice(&hash[..16]);
    let stand_in = uuid::Uuid::from_bytes(id);
    let shown = |guest: &GuestMark| {
        let shown_at = guest.shown_at.filter(|_| !guest.converted)?;
        Some(Mark {
            dialogue: guest.dialogue_id,
            conversation: stand_in.into(),
            stage: Stage::Triggered,
            triggered_at: shown_at,
            engaged_at: None,
            last_visitor_at: None,
            completed_at: None,
            dismissed_at: guest.dismissed_at,
            shown_at: vec![shown_at],
        })
    };
    let marks: Vec<Mark> = marks.iter().filter_map(shown).collect();
    let last_poke_at = marks.iter().map(|mark| mark.triggered_at).max();
    VisitorHistory { visitor: stand_in.into(), marks, last_poke_at }
}
