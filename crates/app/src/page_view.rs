//! A page view: who is shown which dialogue (spec 03). One request, at most one read, no write on the way: what is to be
//! recorded goes to the writer of [`crate::page_batch`].

use crate::{
    App, AppError,
    caller::{Caller, guest_history},
    conversations::view::{ConversationView, MessageView, Opening, own_conversations, read_with},
    facts::{Subject, Voice},
    memory::{Counters, Known, Looker, PageContext},
    page_batch::{Row, ViewRow},
    rehearsals::visitor::{self, PreviewedDialogue},
    running::hand_over,
    sites::{ConsentMode, WidgetConfig},
    snapshot::LiveVersion,
    traces::Kept,
    visit::{self, PageFacts},
};
use criteria::Moment;
use engagement::{Activity, ActivityType};
use jiff::tz::TimeZone;
use kernel::{DialogueId, PageViewId, Timestamp, VisitorId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64},
};
use store::{PageViewRecord, Visit};
use stream::Waiting;
use targeting::{
    EventCondition, EventRule, Observed, Outcome, Show, SiteSnapshot, Trace, View, VisitorHistory,
};
use utoipa::ToSchema;
use uuid::Uuid;

/// Width and height of the window in CSS pixels.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Viewport {
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A page view.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PageRequest {
    /// Made by the loader for this page view.
    #[schema(value_type = String, format = "uuid")]
    pub page_view_id: Uuid,
    /// Address of the page.
    pub url: String,
    /// Title of the page.
    #[serde(default)]
    pub title: Option<String>,
    /// Where the visitor came from.
    #[serde(default)]
    pub referrer: Option<String>,
    /// Language of the browser.
    #[serde(default)]
    pub language: Option<String>,
    /// Time zone of the browser (IANA name).
    #[serde(default)]
    pub time_zone: Option<String>,
    /// Size of the window.
    #[serde(default)]
    pub viewport: Option<Viewport>,
    /// What the snippet declares; counts only when it is stricter than the site's mode.
    #[serde(default)]
    pub consent_mode: Option<ConsentMode>,
    /// Consent was given before.
    #[serde(default)]
    pub granted: bool,
    /// Global Privacy Control is on.
    #[serde(default)]
    pub gpc: bool,
    /// The token of a preview link, when the page's address has one.
    #[serde(default)]
    pub preview: Option<String>,
}

/// What earlier page views of this visit gathered.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Elapsed {
    /// Visible seconds on the dialogue's target pages.
    pub page_seconds: f64,
    /// Visible seconds on the site.
    pub site_seconds: f64,
    /// Page views, this one included.
    pub page_views: u32,
}

/// A dialogue that the visitor gets.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResolvedDialogue {
    /// The dialogue.
    #[schema(value_type = String)]
    pub dialogue_id: DialogueId,
    /// Its name.
    pub name: String,
    /// What must happen before it is shown.
    #[schema(value_type = Object)]
    pub events: EventRule,
    /// The events have come already: it is shown at once.
    pub met: bool,
    /// What was gathered for the events.
    pub elapsed: Elapsed,
    /// Text beside the icon; none when there is to be no poke.
    pub poke: Option<String>,
    /// What the bot says first.
    pub opening: Vec<MessageView>,
    /// What it asks then.
    #[schema(value_type = Option<Object>)]
    pub opening_waiting: Option<Waiting>,
    /// The conversation, when it was triggered before.
    pub conversation: Option<ConversationView>,
    /// The visitor closed it: the panel stays closed and nothing pokes.
    pub dismissed: bool,
}

/// What a page view gets.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Resolved {
    /// The engaged conversation goes on.
    Continue {
        /// The conversation.
        conversation: Box<ConversationView>,
    },
    /// A dialogue.
    Dialogue(Box<ResolvedDialogue>),
    /// A draft behind a preview link. Nothing is recorded.
    Preview(Box<PreviewedDialogue>),
}

/// The answer to a page view.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageAnswer {
    /// To be stored by the widget, when one was issued now.
    pub visitor_token: Option<String>,
    /// The mode that holds.
    pub consent_mode: ConsentMode,
    /// Look of the widget; none when there is nothing to show.
    pub widget: Option<WidgetConfig>,
    /// What is shown.
    pub resolved: Option<Resolved>,
}

/// Decides a page view.
pub async fn page_view(app: &App, caller: &Caller, request: &PageRequest) -> Result<PageAnswer, AppError> {
    let now = app.now();
    Counters::add(&app.counters().page_views, 1);
    let mut mode = caller.mode().strictest(request.consent_mode.unwrap_or(ConsentMode::Open));
    if request.gpc {
        mode = ConsentMode::Required;
    }
    if let Some(token) = &request.preview {
        let page = PageFacts::new(&request.url, request.title.as_deref(), request.referrer.as_deref());
        if let Some(previewed) = visitor::previewed(app, caller, token, &page).await? {
            let widget = Some(widget_for(app, caller, request, None));
            let resolved = Some(Resolved::Preview(Box::new(previewed)));
            return Ok(PageAnswer { visitor_token: None, consent_mode: mode, widget, resolved });
        }
    }
    if mode == ConsentMode::Required && !request.granted {
        return Ok(PageAnswer { visitor_token: None, consent_mode: mode, widget: None, resolved: None });
    }
    let page = PageFacts::new(&request.url, request.title.as_deref(), request.referrer.as_deref());
    note_host(app, caller, &page, now);
    let looking = Looking { app, caller, request, page: &page, now };
    let known = caller.visitor(app, now).await?;
    let (token, resolved) = match known {
        Some(known) => (None, looking.as_visitor(&known).await?),
        None if mode == ConsentMode::Open || request.granted => {
            let (token, known) = caller.newcomer(app, now);
            (Some(token.expose().to_owned()), looking.as_visitor(&known).await?)
        }
        None => (None, looking.as_guest().await?),
    };
    // A booking page is one conversation and nothing beside it.
    let resolved = resolved.filter(|_| !app.is_booking_page(&request.url));
    let widget = resolved
        .as_ref()
        .map(|resolved| widget_for(app, caller, request, looking.dialogue_language(resolved).as_deref()));
    Ok(PageAnswer { visitor_token: token, consent_mode: mode, widget, resolved })
}

fn widget_for(app: &App, caller: &Caller, request: &PageRequest, spoken: Option<&str>) -> WidgetConfig {
    let language = request.language.as_deref().unwrap_or(&caller.browser.accept_language);
    WidgetConfig::of(&caller.site, &app.settings().public_url, spoken, language)
}

/// For the installation screen: where the snippet was seen, noted once a minute and host.
fn note_host(app: &App, caller: &Caller, page: &PageFacts, now: Timestamp) {
    if let Some(host) = page.host().filter(|_| app.memory().first_sight(caller.site.id(), page)) {
        hand_over(app, Row::Seen(caller.site.id(), host, now));
    }
}

struct Looking<'a> {
    app: &'a App,
    caller: &'a Caller,
    request: &'a PageRequest,
    page: &'a PageFacts,
    now: Timestamp,
}

impl Looking<'_> {
    fn page_view_id(&self) -> PageViewId {
        PageViewId::from(self.request.page_view_id)
    }

    fn moment(&self) -> Moment {
        let zone = self.request.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
        let own = || TimeZone::get(&self.app.settings().time_zone).unwrap_or(TimeZone::UTC);
        Moment::new(self.now, zone.unwrap_or_else(own))
    }

    fn visit(&self, visitor: VisitorId, known: Option<&Visit>) -> Visit {
        let language = self.request.language.as_deref();
        let first_page = || visit::first_page(self.app, self.page, &self.caller.browser, language);
        visit::next(self.app, visitor, known, first_page, self.now)
    }

    async fn as_visitor(&self, known: &Known) -> Result<Option<Resolved>, AppError> {
        let profile = &known.profile;
        // The loader repeats a page view whose answer was lost: it is the same view then.
        let repeated = self.app.memory().pages.contains_key(&self.page_view_id());
        let recent = self.app.memory().visits.get(&profile.visitor.id).filter(|_| repeated);
        let visit = match recent {
            Some(visit) => visit,
            None => Arc::new(self.visit(profile.visitor.id, profile.visit.as_ref())),
        };
        let subject = Subject {
            site: &self.caller.site,
            person: Some(&profile.person),
            company: profile.company.as_ref(),
            lists: &profile.lists,
            visit: &visit,
            page: self.page,
        };
        let ((outcome, trace), targets) = self.decided(&subject, &known.history, targeting::decide);
        if !repeated {
            visit::remember(self.app, Arc::clone(&visit));
            self.record(known, &visit, &outcome, trace);
        }
        self.remember(Looker::Visitor(profile.visitor.id), targets);
        match outcome {
            Outcome::Nothing => Ok(None),
            Outcome::Continue { conversation, .. } => {
                let mut session = self.app.store().read().await?;
                let view = read_with(self.app, self.caller, known, &mut *session, conversation, 0).await?;
                Ok(Some(Resolved::Continue { conversation: Box::new(view) }))
            }
            Outcome::Show(show) => {
                let own = own_conversations(known);
                let mut voice = Voice::of(&self.caller.site, known, &own);
                (voice.visit, voice.page) = (Some(&*visit), Some(self.page));
                self.dialogue(&show, &voice, &visit, show.conversation.is_some())
            }
        }
    }

    async fn as_guest(&self) -> Result<Option<Resolved>, AppError> {
        let hash = self.caller.guest(self.app, self.now);
        let marks = if self.caller.site.targeting.dialogues().is_empty() {
            Vec::new()
        } else {
            self.app.store().read().await?.guest_marks(self.caller.site.scope(), &hash).await?
        };
        let history = guest_history(&hash, &marks);
        // In memory only: nothing about a guest is stored but the marks, which help when another node saw the guest.
        let remembered = self.app.memory().visits.contains_key(&history.visitor);
        let mut visit = self.visit(history.visitor, None);
        for mark in marks.iter().filter(|_| !remembered) {
            add_time(&mut visit.dialogue_ms, mark.dialogue_id, mark.visible_ms);
        }
        let visit = Arc::new(visit);
        visit::remember(self.app, Arc::clone(&visit));
        let subject = Subject {
            site: &self.caller.site,
            person: None,
            company: None,
            lists: &[],
            visit: &visit,
            page: self.page,
        };
        // Nothing is recorded of a guest, so that nobody can ask why.
        let (outcome, targets) = self.decided(&subject, &history, targeting::resolve);
        self.remember(Looker::Guest(hash), targets);
        match outcome {
            Outcome::Show(show) => {
                let voice = Voice::of_guest(&self.caller.site, &visit, self.page);
                self.dialogue(&show, &voice, &visit, false)
            }
            _ => Ok(None),
        }
    }

    /// What `how` decides, and the dialogues whose target page it is, with an event that counts time on them.
    fn decided<T>(
        &self,
        subject: &Subject<'_>,
        history: &VisitorHistory,
        how: impl FnOnce(&SiteSnapshot, &View<'_>) -> T,
    ) -> (T, Vec<DialogueId>) {
        let snapshot = &subject.site.targeting;
        let page = self.page.target();
        let facts = subject.facts(&self.moment());
        let view = View { visitor: history, page: page.as_ref(), facts: &facts, now: self.now };
        let decided = how(snapshot, &view);
        let timed = |events: &EventRule| {
            events.conditions.iter().any(|c| matches!(c, EventCondition::TimeOnPage { .. }))
        };
        let on_page = snapshot
            .dialogues()
            .iter()
            .filter(|d| d.enabled && timed(&d.events) && d.pages.decide(page.as_ref()).matches);
        (decided, on_page.map(|d| d.id).collect())
    }

    fn dialogue(
        &self,
        show: &Show,
        voice: &Voice<'_>,
        visit: &Visit,
        conversed: bool,
    ) -> Result<Option<Resolved>, AppError> {
        let site = &self.caller.site;
        let (Some(version), Some(rules)) =
            (site.dialogue(show.dialogue), site.targeting.dialogue(show.dialogue))
        else {
            return Ok(None);
        };
        let opening = Opening::of(version, &voice.clone().speaking(&version.language), self.now)?;
        let elapsed = elapsed(visit, show.dialogue);
        let poke = opening.poke().filter(|_| show.may_poke && site.style.poke);
        let conversation = conversed.then(|| triggered_before(show, version, voice, &opening)).flatten();
        Ok(Some(Resolved::Dialogue(Box::new(ResolvedDialogue {
            dialogue_id: show.dialogue,
            name: version.name.clone(),
            met: show.met_before || rules.events.met(&observed(&elapsed)),
            events: rules.events.clone(),
            elapsed,
            poke,
            opening: opening.messages(),
            opening_waiting: opening.waiting(),
            conversation,
            dismissed: show.dismissed,
        }))))
    }

    fn dialogue_language(&self, resolved: &Resolved) -> Option<String> {
        let dialogue = match resolved {
            Resolved::Dialogue(dialogue) => dialogue.dialogue_id,
            Resolved::Continue { conversation } => conversation.dialogue_id,
            Resolved::Preview(previewed) => previewed.dialogue_id,
        };
        let version = self.caller.site.live(dialogue)?;
        (version.language != "auto").then(|| version.language.clone())
    }

    fn remember(&self, by: Looker, target_of: Vec<DialogueId>) {
        let context = PageContext {
            site: self.caller.site.id(),
            by,
            url: self.page.url.clone(),
            target_of,
            shown: AtomicBool::new(false),
            visible_ms: AtomicU64::new(0),
        };
        self.app.memory().pages.insert_new(self.page_view_id(), Arc::new(context));
    }

    fn record(&self, known: &Known, visit: &Arc<Visit>, outcome: &Outcome, trace: Trace) {
        let profile = &known.profile;
        let decisions = &self.caller.site.decisions;
        let view = PageViewRecord {
            id: self.page_view_id(),
            visit_id: visit.id,
            visitor_id: profile.visitor.id,
            url: self.page.url.clone(),
            title: self.page.title.clone(),
            at: self.now,
            trace: Kept::of(decisions, outcome, trace, visit.pages).json(),
        };
        let mut attributes = json!({ "page_url": self.page.url, "title": self.page.title });
        if let Some(inferred) = visit::inferred(visit).filter(|_| visit.pages == 1) {
            attributes["inferred"] = inferred;
        }
        let serde_json::Value::Object(attributes) = attributes else { return };
        let activity = Activity {
            id: self.app.id(self.now),
            kind: ActivityType::VisitedPage,
            person_id: profile.person.id,
            visitor_id: Some(profile.visitor.id),
            site_id: Some(self.caller.site.id()),
            dialogue_id: None,
            conversation_id: None,
            at: self.now,
            attributes,
        };
        let new_visitor = (!known.stored).then(|| (profile.visitor.clone(), profile.person.clone()));
        let scope = self.caller.site.scope();
        let mut visit = Arc::clone(visit);
        if self.caller.site.privacy.keep_ip && visit.pages == 1 {
            Arc::make_mut(&mut visit).attributes["visit.address"] =
                self.caller.browser.address.clone().into();
        }
        let decisions = Arc::clone(decisions);
        let row = ViewRow { scope, new_visitor, visit, view, decisions, activity };
        hand_over(self.app, Row::View(Box::new(row)));
    }
}

/// An unanswered conversation is nothing but its opening, so it needs no read.
fn triggered_before(
    show: &Show,
    version: &LiveVersion,
    voice: &Voice<'_>,
    opening: &Opening,
) -> Option<ConversationView> {
    let messages = opening.messages();
    Some(ConversationView {
        id: Some(show.conversation?),
        kind: version.kind,
        dialogue_id: show.dialogue,
        name: version.name.clone(),
        ui: version.interface,
        state: store::ConversationStage::Triggered,
        allow_restart: version.allow_restart,
        allow_back: version.allow_back,
        last_seq: messages.len() as u64,
        epoch: version.number,
        messages,
        waiting: opening.waiting(),
        person_known: voice.person.is_some_and(people::Person::is_known),
        chat: None,
    })
}

/// Adds time to a dialogue's.
pub(crate) fn add_time(times: &mut Vec<(DialogueId, u64)>, dialogue: DialogueId, ms: u64) {
    match times.iter_mut().find(|(id, _)| *id == dialogue) {
        Some((_, time)) => *time = time.saturating_add(ms),
        None => times.push((dialogue, ms)),
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a visit are far below 2^52")]
fn elapsed(visit: &Visit, dialogue: DialogueId) -> Elapsed {
    let on_pages = visit.dialogue_ms.iter().find(|(id, _)| *id == dialogue).map_or(0, |(_, ms)| *ms);
    Elapsed {
        page_seconds: on_pages as f64 / 1_000.0,
        site_seconds: visit.visible_ms as f64 / 1_000.0,
        page_views: visit.pages,
    }
}

fn observed(elapsed: &Elapsed) -> Observed {
    Observed {
        page_seconds: elapsed.page_seconds,
        site_seconds: elapsed.site_seconds,
        page_views: elapsed.page_views,
        ..Observed::default()
    }
}
