//! What keeps a dialogue from being published, and what its author should look at: the checks of its cards, its targeting
//! and its audience together. Also the checks of single parts that editors ask for while typing.

use super::Handle;
use crate::{App, AppError, FieldError, catalog::AttributeCatalog, goals::GoalNames};
use criteria::{CheckError, Criteria};
use kernel::{DialogueId, DocumentId, TeamId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use store::{DialogueKind, DialogueRecord, Session, SiteScope};
use stream::{CheckContext, Finding, FlowFacts, Stream};
use targeting::{Page, PagePatterns, Reason};
use utoipa::ToSchema;

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundProblem {
    /// The card; none for the dialogue as a whole.
    pub card_id: Option<String>,
    /// Where in the card or in the targeting: `text`, `responses/0/label`, `targeting/pages/include`.
    pub field: String,
    /// A sentence for the author.
    pub message: String,
}

/// What the checks found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Checked {
    /// What must be mended before publishing.
    pub errors: Vec<FoundProblem>,
    /// What may stay.
    pub warnings: Vec<FoundProblem>,
}

impl From<Finding> for FoundProblem {
    fn from(finding: Finding) -> Self {
        Self { card_id: finding.card_id, field: finding.field, message: finding.message }
    }
}

fn of_targeting(error: &CheckError) -> FoundProblem {
    FoundProblem {
        card_id: None,
        field: format!("targeting{}", error.path),
        message: sentence(&error.message),
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
    let rest = letters.as_str();
    let stop = if rest.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{rest}{stop}")
}

/// As the refusal of a publication names it.
pub(crate) fn as_field(problem: FoundProblem) -> FieldError {
    let field = match &problem.card_id {
        Some(card) => format!("/draft/stream/cards/{card}/{}", problem.field),
        None => format!("/draft/{}", problem.field),
    };
    FieldError::new(field, "check", problem.message)
}

/// Checks the draft of a dialogue or flow.
pub async fn check(app: &App, handle: impl Into<Handle>) -> Result<Checked, AppError> {
    let mut session = app.store().read().await?;
    let record = handle.into().find(&mut *session).await?;
    of_record(&mut *session, &record).await
}

pub(crate) async fn of_record(
    session: &mut dyn Session,
    record: &DialogueRecord,
) -> Result<Checked, AppError> {
    let catalog = AttributeCatalog::read(session).await?;
    let attribute_type = |path: &str| catalog.type_of(path);
    let (flows, streams) = flows_of(session, record).await?;
    let flow = |id: DialogueId| flows.get(&id).copied();
    let flow_stream = |id: DialogueId| streams.get(&id).cloned();
    let documents: HashSet<DocumentId> =
        session.all_documents().await?.into_iter().map(|document| document.id).collect();
    let has_document = |id: DocumentId| documents.contains(&id);
    let agents: HashSet<UserId> =
        crate::routing::all_agents(session).await?.into_iter().map(|agent| agent.user.id).collect();
    let teams: HashSet<TeamId> = session.teams().await?.into_iter().map(|team| team.id).collect();
    let (has_agent, has_team) = (|id: UserId| agents.contains(&id), |id: TeamId| teams.contains(&id));
    let goals = GoalNames::read(session).await?;
    let has_goal = |name: &str| goals.current(name).is_some();
    let context = CheckContext {
        has_goal: Some(&has_goal),
        flow: &flow,
        flow_stream: &flow_stream,
        has_document: &has_document,
        has_agent: &has_agent,
        has_team: &has_team,
        ..CheckContext::bare(&attribute_type, &catalog)
    };
    let cards = stream::check(&record.draft.stream, &context);
    let mut checked = Checked {
        errors: cards.errors.into_iter().map(Into::into).collect(),
        warnings: cards.warnings.into_iter().map(Into::into).collect(),
    };
    if record.kind == DialogueKind::Dialogue {
        checked.errors.extend(record.draft.targeting.check(&catalog).iter().map(of_targeting));
    }
    Ok(checked)
}

/// The flows of the site as this stream may run them.
async fn flows_of(
    session: &mut dyn Session,
    record: &DialogueRecord,
) -> Result<(HashMap<DialogueId, FlowFacts>, HashMap<DialogueId, Stream>), AppError> {
    let live = session.published_dialogues(SiteScope::new(record.site_id)).await?;
    let streams: HashMap<DialogueId, Stream> = live
        .into_iter()
        .filter(|flow| flow.dialogue.kind == DialogueKind::Flow)
        .map(|flow| (flow.dialogue.id, flow.version.content.stream))
        .collect();
    let facts = |id: &DialogueId| FlowFacts { published: true, runs_this: runs(*id, record.id, &streams) };
    let mut flows: HashMap<DialogueId, FlowFacts> = streams.keys().map(|id| (*id, facts(id))).collect();
    for id in record.draft.stream.flows() {
        if flows.contains_key(&id) {
            continue;
        }
        let Some(other) = session.dialogue(id).await? else { continue };
        if other.kind == DialogueKind::Flow && other.site_id == record.site_id {
            flows.insert(id, FlowFacts { published: false, runs_this: id == record.id });
        }
    }
    Ok((flows, streams))
}

/// Whether a flow runs another one, by itself or through others.
fn runs(flow: DialogueId, wanted: DialogueId, streams: &HashMap<DialogueId, Stream>) -> bool {
    let (mut seen, mut open) = (HashSet::new(), vec![flow]);
    while let Some(id) = open.pop() {
        if id == wanted {
            return true;
        }
        if seen.insert(id) {
            open.extend(streams.get(&id).into_iter().flat_map(|stream| stream.flows()));
        }
    }
    false
}

/// A criteria to be looked at.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CriteriaRequest {
    /// The criteria.
    #[schema(value_type = Object)]
    pub criteria: Criteria,
}

/// One mistake in a criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CriteriaMistake {
    /// JSON pointer of the condition or group.
    pub path: String,
    /// A sentence that names the condition.
    pub message: String,
}

/// What is wrong with a criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CriteriaChecked {
    /// All mistakes; none: it can be used.
    pub errors: Vec<CriteriaMistake>,
}

/// Checks a criteria (spec 03: *a criteria is checked when saved*).
pub async fn criteria(app: &App, request: &CriteriaRequest) -> Result<CriteriaChecked, AppError> {
    let catalog = AttributeCatalog::read(&mut *app.store().read().await?).await?;
    let errors = criteria::check(&request.criteria, &catalog);
    let mistake = |error: CheckError| CriteriaMistake { path: error.path, message: error.message };
    Ok(CriteriaChecked { errors: errors.into_iter().map(mistake).collect() })
}

/// An address to be tried against patterns.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PatternTest {
    /// Patterns of pages on which it may appear.
    pub include: Vec<String>,
    /// Patterns of pages on which it may not.
    #[serde(default)]
    pub exclude: Vec<String>,
    /// The address.
    pub url: String,
}

/// Whether the address matches, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PatternVerdict {
    /// The dialogue may appear there.
    pub matches: bool,
    /// The pattern that decides.
    pub decided_by: Option<String>,
    /// `included`, `excluded` or `no_inclusion_matches`.
    #[schema(value_type = String)]
    pub reason: Reason,
}

/// Tries an address against patterns (spec 03: the editor's box).
pub fn pattern(test: PatternTest) -> Result<PatternVerdict, AppError> {
    let Some(page) = Page::parse(&test.url) else {
        return Err(AppError::invalid(
            "/url",
            "url",
            "is not a web address such as https://example.com/pricing",
        ));
    };
    let patterns = PagePatterns { include: test.include, exclude: test.exclude };
    let rules = patterns.compile().map_err(|errors| {
        AppError::Invalid(errors.into_iter().map(|e| FieldError::new(e.path, "pattern", e.message)).collect())
    })?;
    let decision = rules.decide(Some(&page));
    Ok(PatternVerdict {
        matches: decision.matches,
        decided_by: decision.decided_by.map(str::to_owned),
        reason: decision.reason,
    })
}
