//! Plays the service's part in resolution: keeps the history, counts, and measures the visit.

use criteria::{
    AttributeRef, AttributeType, Catalog, Criteria, Facts, ListRef, Literal, Moment, Operator, Source, Value,
};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use kernel::{ConversationId, DialogueId, SmartListId, VersionId, VisitorId};
use std::collections::HashMap;
use targeting::*;
use uuid::Uuid;

/// What happens.
#[derive(Clone)]
pub enum Step {
    /// A page is loaded.
    View(&'static str),
    /// The visitor turns to another tab; what happened in each tab stays there, the visitor is the same.
    Tab(u8),
    /// The page stays visible for so many seconds.
    Stay(u32),
    /// So many percent of the page are scrolled into view.
    Scroll(u8),
    /// The pointer leaves the page at its top.
    ExitIntent,
    /// The visitor begins the flow of this name and answers in it.
    AnswerInFlow(&'static str),
    /// The visitor opens the panel.
    Open,
    /// The visitor answers.
    Answer,
    /// The visitor answers to the end of a branch.
    Complete,
    /// The visitor closes the panel.
    Dismiss,
    /// Time passes within the visit.
    WaitMinutes(i64),
    /// The visit ends and another begins.
    NewVisit,
    /// A dialogue is published, or published again.
    Publish(Draft),
    /// A dialogue is unpublished.
    Unpublish(&'static str),
    /// The switch of the site.
    ChatEnabled(bool),
    /// The visitor's company becomes known.
    CompanySize(u32),
}

/// A dialogue as its author has it.
#[derive(Clone)]
pub struct Draft {
    name: &'static str,
    version: u128,
    created: i64,
    priority: u32,
    enabled: bool,
    targeting: Targeting,
}

pub fn dialogue(name: &'static str) -> Draft {
    let created = name.bytes().last().map_or(0, i64::from);
    Draft { name, version: 1, created, priority: 1, enabled: true, targeting: Targeting::default() }
}

impl Draft {
    pub fn on(mut self, page: &str) -> Self {
        self.targeting.pages.include.push(page.to_owned());
        self
    }
    pub fn not_on(mut self, page: &str) -> Self {
        self.targeting.pages.exclude.push(page.to_owned());
        self
    }
    pub fn priority(mut self, priority: u32) -> Self {
        self.priority = priority;
        self
    }
    pub fn version(mut self, version: u128) -> Self {
        self.version = version;
        self
    }
    pub fn made_at(mut self, second: i64) -> Self {
        self.created = second;
        self
    }
    pub fn disabled(mut self) -> Self {
        self.enabled = false;
        self
    }
    pub fn event(mut self, event: EventCondition) -> Self {
        self.targeting.events.conditions.push(event);
        self
    }
    pub fn any_event(mut self) -> Self {
        self.targeting.events.mode = EventMode::Any;
        self
    }
    pub fn at_most(mut self, times: u32, period_days: u32) -> Self {
        self.targeting.caps.per_visitor = Some(PerVisitor { times, period_days });
        self
    }
    pub fn share(mut self, percent: u8) -> Self {
        self.targeting.caps.share = Some(percent);
        self
    }
    pub fn pause(mut self, days: u32) -> Self {
        self.targeting.caps.pause_after_dismissal_days = Some(days);
        self
    }
    pub fn for_companies_above(mut self, size: u32) -> Self {
        let size = vec![Literal::Number(size.into())];
        let attribute: AttributeRef = "company.size".parse().unwrap();
        self.targeting.audience = Criteria::All(vec![Criteria::of(attribute, Operator::GreaterThan, size)]);
        self
    }
    fn published(&self) -> Published {
        Published {
            id: id(self.name),
            version: VersionId::from(Uuid::from_u128(self.version)),
            created_at: Timestamp::from_second(self.created).unwrap(),
            priority: self.priority,
            enabled: self.enabled,
            targeting: self.targeting.clone(),
        }
    }
}

fn id(name: &str) -> DialogueId {
    DialogueId::from(Uuid::from_u128(name.bytes().fold(0, |sum, byte| (sum << 8) | u128::from(byte))))
}

/// The place of the scenarios' visitor in the share of a dialogue.
pub fn place(name: &str) -> u8 {
    share_of(visitor(), id(name))
}

fn visitor() -> VisitorId {
    VisitorId::from(Uuid::from_u128(7))
}

struct Standard;

impl Catalog for Standard {
    fn attribute_type(&self, attribute: &AttributeRef) -> Option<AttributeType> {
        criteria::standard::find(attribute).map(|standard| standard.kind)
    }
    fn list_name(&self, _: ListRef) -> Option<String> {
        None
    }
    fn lists_of(&self, _: SmartListId) -> Vec<ListRef> {
        Vec::new()
    }
}

#[derive(Default, Clone, Copy, PartialEq, Debug)]
struct Counts {
    triggered: u32,
    engaged: u32,
    completed: u32,
}

/// A tab of the visitor's browser.
#[derive(Clone, Copy)]
struct Tab {
    page: &'static str,
    resolved: Outcome,
    scrolled: u8,
    left: bool,
}

const EMPTY_TAB: Tab = Tab { page: "", resolved: Outcome::Nothing, scrolled: 0, left: false };

/// One visitor on one site.
pub struct Scenario {
    drafts: Vec<Draft>,
    rules: SiteRules,
    now: Timestamp,
    visitor: VisitorHistory,
    tabs: [Tab; 2],
    tab: usize,
    trace: Vec<(DialogueId, Verdict)>,
    seconds_on: HashMap<DialogueId, u32>,
    seconds_on_site: u32,
    page_views: u32,
    company_size: Option<Value>,
    counts: HashMap<DialogueId, Counts>,
    versions: HashMap<ConversationId, VersionId>,
}

impl Scenario {
    pub fn new(drafts: impl IntoIterator<Item = Draft>) -> Self {
        Self {
            drafts: drafts.into_iter().collect(),
            rules: SiteRules::default(),
            now: "2026-03-02T09:00:00Z".parse().unwrap(),
            visitor: VisitorHistory::new(visitor()),
            tabs: [EMPTY_TAB; 2],
            tab: 0,
            trace: Vec::new(),
            seconds_on: HashMap::new(),
            seconds_on_site: 0,
            page_views: 0,
            company_size: None,
            counts: HashMap::new(),
            versions: HashMap::new(),
        }
    }

    pub fn poke_pause_minutes(mut self, minutes: i64) -> Self {
        self.rules.poke_pause = SignedDuration::from_mins(minutes);
        self
    }

    /// Plays the steps; behind each stands what the visitor has then (`-`: not looked at).
    pub fn play(mut self, steps: &[(Step, &str)]) -> Self {
        for (number, (step, expected)) in steps.iter().enumerate() {
            let seen = self.step(step.clone());
            if *expected != "-" {
                assert_eq!(seen, *expected, "after step {}", number + 1);
            }
        }
        self
    }

    pub fn counts(self, name: &str, triggered: u32, engaged: u32, completed: u32) -> Self {
        let counted = self.counts.get(&id(name)).copied().unwrap_or_default();
        assert_eq!(counted, Counts { triggered, engaged, completed }, "{name}");
        self
    }

    pub fn conversation_version(self, name: &str, version: u128) -> Self {
        let mark = self.visitor.of(id(name)).next().expect("the dialogue was met");
        assert_eq!(self.versions[&mark.conversation], VersionId::from(Uuid::from_u128(version)));
        self
    }

    pub fn verdict(self, name: &str, expected: &Verdict) -> Self {
        assert_eq!(self.verdict_of(name), expected, "{name}");
        self
    }

    pub fn displaced(self, name: &str, by: &str) -> Self {
        self.verdict(name, &Verdict::Displaced { by: id(by) })
    }

    pub fn sentence(self, name: &str, expected: &str) -> Self {
        match self.verdict_of(name) {
            Verdict::Audience(failure) => assert_eq!(failure.sentence, expected),
            other => panic!("{name}: {other:?}"),
        }
        self
    }

    fn verdict_of(&self, name: &str) -> &Verdict {
        let found = self.trace.iter().find(|(dialogue, _)| *dialogue == id(name));
        &found.expect("the dialogue is published").1
    }

    fn snapshot(&self) -> SiteSnapshot {
        let published = self.drafts.iter().map(Draft::published);
        let (snapshot, unusable) = SiteSnapshot::build(self.rules, published, &Standard);
        assert_eq!(unusable, []);
        snapshot
    }

    fn step(&mut self, step: Step) -> String {
        match step {
            Step::View(page) => self.view(page),
            Step::Tab(tab) => {
                self.tab = usize::from(tab) - 1;
                self.in_step();
            }
            Step::Stay(seconds) => return self.stay(seconds),
            Step::Scroll(percent) => {
                self.tabs[self.tab].scrolled = percent;
                self.show_if_met(&self.snapshot());
            }
            Step::ExitIntent => {
                self.tabs[self.tab].left = true;
                self.show_if_met(&self.snapshot());
            }
            Step::AnswerInFlow(name) => self.answer_in_flow(name),
            Step::Open => {}
            Step::Answer => self.answer(),
            Step::Complete => self.complete(),
            Step::Dismiss => {
                let now = self.now;
                self.current().dismissed_at = Some(now);
            }
            Step::WaitMinutes(minutes) => self.now += SignedDuration::from_mins(minutes),
            Step::NewVisit => {
                self.now += SignedDuration::from_mins(31);
                self.seconds_on.clear();
                (self.seconds_on_site, self.page_views) = (0, 0);
            }
            Step::Publish(draft) => {
                self.drafts.retain(|known| known.name != draft.name);
                self.drafts.push(draft);
            }
            Step::Unpublish(name) => self.drafts.retain(|draft| draft.name != name),
            Step::ChatEnabled(on) => self.rules.chat_enabled = on,
            Step::CompanySize(size) => self.company_size = Some(Value::Number(size.into())),
        }
        self.in_words()
    }

    fn view(&mut self, page: &'static str) {
        self.tabs[self.tab] = Tab { page, ..EMPTY_TAB };
        self.page_views += 1;
        self.now += SignedDuration::from_secs(1);
        let snapshot = self.snapshot();
        let moment = Moment::new(self.now, TimeZone::UTC);
        let known = self.company_size.iter().map(|size| (Source::Company, "size", size));
        let facts = Facts::prepare(snapshot.symbols(), &moment, known, []);
        let page = Page::parse(page);
        let view = View { visitor: &self.visitor, page: page.as_ref(), facts: &facts, now: self.now };
        let Resolution { outcome, trace } = explain(&snapshot, &view);
        assert_eq!(resolve(&snapshot, &view), outcome);
        let (decided, kept) = decide(&snapshot, &view);
        assert_eq!(decided, outcome);
        assert_eq!(read_back(&snapshot, &kept), trace);
        self.tabs[self.tab].resolved = outcome;
        self.trace = trace;
        self.show_if_met(&snapshot);
    }

    fn stay(&mut self, seconds: u32) -> String {
        self.now += SignedDuration::from_secs(i64::from(seconds));
        let snapshot = self.snapshot();
        let page = Page::parse(self.tabs[self.tab].page);
        self.seconds_on_site += seconds;
        for dialogue in snapshot.dialogues() {
            if dialogue.pages.decide(page.as_ref()).matches {
                *self.seconds_on.entry(dialogue.id).or_default() += seconds;
            }
        }
        self.show_if_met(&snapshot);
        self.in_words()
    }

    /// What the widget and `/shown` do: once the events have come, count the trigger unless it has been counted.
    fn show_if_met(&mut self, snapshot: &SiteSnapshot) {
        let tab = &mut self.tabs[self.tab];
        let Outcome::Show(show) = &mut tab.resolved else { return };
        let on_page = self.seconds_on.get(&show.dialogue).copied().unwrap_or_default();
        let observed = Observed {
            page_seconds: on_page.into(),
            site_seconds: self.seconds_on_site.into(),
            scroll_percent: tab.scrolled.into(),
            exit_intent: tab.left,
            page_views: self.page_views,
        };
        let events = &snapshot.dialogue(show.dialogue).expect("resolved from this snapshot").events;
        if !show.met_before && !events.met(&observed) {
            return;
        }
        show.met_before = true;
        if show.may_poke {
            self.visitor.last_poke_at = Some(self.now);
        }
        let number = self.visitor.marks.len() as u128;
        // The other tab may have triggered it meanwhile: the service finds the open conversation.
        let (now, drop_after) = (self.now, self.rules.drop_after);
        let lives = |mark: &Mark| mark.stage == Stage::Triggered || mark.is_open(now, drop_after);
        let open = |mark: &&Mark| mark.dialogue == show.dialogue && lives(mark);
        let known = self.visitor.marks.iter().filter(open).map(|mark| mark.conversation).next_back();
        show.conversation = show.conversation.or(known);
        let conversation = *show.conversation.get_or_insert_with(|| {
            self.counts.entry(show.dialogue).or_default().triggered += 1;
            self.visitor.marks.push(Mark {
                dialogue: show.dialogue,
                conversation: ConversationId::from(Uuid::from_u128(number)),
                stage: Stage::Triggered,
                triggered_at: self.now,
                engaged_at: None,
                last_visitor_at: None,
                completed_at: None,
                dismissed_at: None,
                shown_at: Vec::new(),
            });
            ConversationId::from(Uuid::from_u128(number))
        });
        self.versions.insert(conversation, show.version);
        let now = self.now;
        self.current().shown_at.push(now);
    }

    fn current(&mut self) -> &mut Mark {
        let (Outcome::Continue { conversation, .. }
        | Outcome::Show(Show { conversation: Some(conversation), .. })) = self.tabs[self.tab].resolved
        else {
            panic!("there is no conversation");
        };
        self.visitor.marks.iter_mut().find(|mark| mark.conversation == conversation).expect("kept")
    }

    fn answer(&mut self) {
        let now = self.now;
        let mark = self.current();
        mark.last_visitor_at = Some(now);
        let (conversation, dialogue, first) = (mark.conversation, mark.dialogue, mark.engaged_at.is_none());
        mark.engaged_at.get_or_insert(now);
        mark.stage = Stage::Engaged;
        if first {
            self.counts.entry(dialogue).or_default().engaged += 1;
        }
        self.tabs[self.tab].resolved = Outcome::Continue { conversation, dialogue };
    }

    /// Two tabs show one conversation (rule 10): what one of them answered goes on in the other.
    fn in_step(&mut self) {
        let now = self.now;
        let open = |mark: &&Mark| mark.is_open(now, self.rules.drop_after);
        let tab = &mut self.tabs[self.tab];
        if let (Outcome::Show(_), Some(mark)) = (tab.resolved, self.visitor.marks.iter().find(open)) {
            tab.resolved = Outcome::Continue { conversation: mark.conversation, dialogue: mark.dialogue };
        }
    }

    fn answer_in_flow(&mut self, name: &'static str) {
        let conversation = ConversationId::from(Uuid::from_u128(self.visitor.marks.len() as u128));
        self.visitor.marks.push(Mark {
            dialogue: id(name),
            conversation,
            stage: Stage::Engaged,
            triggered_at: self.now,
            engaged_at: Some(self.now),
            last_visitor_at: Some(self.now),
            completed_at: None,
            dismissed_at: None,
            shown_at: Vec::new(),
        });
        self.tabs[self.tab].resolved = Outcome::Continue { conversation, dialogue: id(name) };
    }

    fn complete(&mut self) {
        self.answer();
        let now = self.now;
        let mark = self.current();
        mark.stage = Stage::Completed;
        mark.completed_at = Some(now);
        let dialogue = mark.dialogue;
        self.counts.entry(dialogue).or_default().completed += 1;
        self.tabs[self.tab].resolved = Outcome::Nothing;
    }

    fn in_words(&self) -> String {
        let name = |dialogue: DialogueId| {
            let known = ["D1", "D2", "D3", "D4"].into_iter().find(|name| id(name) == dialogue);
            known.expect("scenarios have four dialogues at most")
        };
        match self.tabs[self.tab].resolved {
            Outcome::Nothing => "nothing".to_owned(),
            Outcome::Continue { dialogue, .. } => format!("{} goes on", name(dialogue)),
            Outcome::Show(show) if !show.met_before => format!("{} waits", name(show.dialogue)),
            Outcome::Show(show) if !show.may_poke => format!("{} quietly", name(show.dialogue)),
            Outcome::Show(show) if show.version.uuid().as_u128() > 1 => {
                format!("{} v{}", name(show.dialogue), show.version.uuid().as_u128())
            }
            Outcome::Show(show) => name(show.dialogue).to_owned(),
        }
    }
}

/// What a trace says once it is read with the dialogues of its snapshot.
fn read_back(snapshot: &SiteSnapshot, trace: &Trace) -> Vec<(DialogueId, Verdict)> {
    let read = Trace::read(&trace.verdicts).expect("a line that was just written");
    let dialogues = snapshot.dialogues();
    assert_eq!(read.len(), dialogues.len(), "{}", trace.verdicts);
    let shown = read.iter().position(|verdict| *verdict == Traced::Shown).map(|place| dialogues[place].id);
    let verdict = |dialogue: &CompiledDialogue, traced: Traced| match traced {
        Traced::Shown => Verdict::Shown,
        Traced::ChatOff => Verdict::ChatOff,
        Traced::GoesOn => Verdict::ConversationGoesOn,
        Traced::Outranked => Verdict::Displaced { by: shown.expect("something is shown") },
        Traced::Kept(Obstacle::Disabled) => Verdict::Disabled,
        Traced::Kept(Obstacle::Completed) => Verdict::Completed,
        Traced::Kept(Obstacle::Page) => {
            Verdict::Page { reason: Reason::NoInclusionMatches, decided_by: None }
        }
        Traced::Kept(Obstacle::Excluded(place)) => Verdict::Page {
            reason: Reason::Excluded,
            decided_by: dialogue.pages.exclusions().nth(place as usize).map(str::to_owned),
        },
        Traced::Kept(Obstacle::Cap(cap)) => Verdict::Cap(cap),
        Traced::Kept(Obstacle::Audience(number)) => {
            let condition = dialogue.audience.conditions()[number as usize];
            let fact = condition.slot.and_then(|slot| trace.facts.iter().find(|(known, _)| *known == slot));
            let sentence = criteria::sentence(condition.words, fact.map(|(_, words)| words.as_str()));
            Verdict::Audience(criteria::Failure { path: format!("/all/{number}"), sentence })
        }
    };
    dialogues.iter().zip(read).map(|(dialogue, traced)| (dialogue.id, verdict(dialogue, traced))).collect()
}
