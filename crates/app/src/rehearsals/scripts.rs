//! The scripted conversations that a dialogue keeps as its tests: played while it is edited and before it is published.

use super::Scene;
use crate::{
    App, AppError,
    dialogues::{Draft, FoundProblem, Handle},
    snapshot::Site,
};
use kernel::{Locale, SiteId};
use serde::{Deserialize, Serialize};
use store::DialogueRecord;
use stream::{ScriptResult, script};
use utoipa::ToSchema;

/// What is to be tested.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestRun {
    /// What is on the author's screen; the stored draft when absent.
    #[serde(default)]
    pub draft: Option<Draft>,
}

/// Where a script failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TestFailure {
    /// The step, 0 for the first; none when the conversation could not begin.
    pub step: Option<usize>,
    /// A sentence for the author.
    pub message: String,
    /// The card that waited then.
    pub card_id: Option<String>,
}

/// What a script came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TestResult {
    /// The script's name.
    pub name: String,
    /// Where it failed; none when it passed.
    pub failure: Option<TestFailure>,
    /// What was said, a line a message.
    pub transcript: Vec<String>,
}

impl From<ScriptResult> for TestResult {
    fn from(result: ScriptResult) -> Self {
        let failure = result.failure.map(|failure| TestFailure {
            step: failure.step,
            message: failure.message,
            card_id: failure.card_id,
        });
        Self { name: result.name, failure, transcript: result.transcript }
    }
}

/// What all scripts of a draft came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TestResults {
    /// In the author's order.
    pub results: Vec<TestResult>,
}

/// Plays the scripts of a draft.
pub async fn run(app: &App, handle: impl Into<Handle>, run: TestRun) -> Result<TestResults, AppError> {
    let record = handle.into().find(&mut *app.store().read().await?).await?;
    let draft = run.draft.unwrap_or_else(|| record.draft.into());
    let results = play(app, record.site_id, draft)?;
    Ok(TestResults { results: results.into_iter().map(Into::into).collect() })
}

/// The scripts that keep a draft from being published.
pub(crate) fn failures(app: &App, record: &DialogueRecord) -> Result<Vec<FoundProblem>, AppError> {
    let results = play(app, record.site_id, record.draft.clone().into())?;
    let failed = results.into_iter().enumerate().filter_map(|(index, result)| {
        let failure = result.failure?;
        let step = failure.step.map(|step| format!(", step {}", step + 1)).unwrap_or_default();
        let message = format!("The test “{}” fails{step}: {}", result.name, failure.message);
        Some(FoundProblem { card_id: None, field: format!("tests/{index}"), message })
    });
    Ok(failed.collect())
}

fn play(app: &App, site: SiteId, draft: Draft) -> Result<Vec<ScriptResult>, AppError> {
    if draft.tests.is_empty() {
        return Ok(Vec::new());
    }
    let snapshot = app.snapshot();
    let site = snapshot.site(site).ok_or(AppError::NotFound("site"))?;
    Ok(play_on(app, site, draft))
}

/// Plays the scripts of a draft on a site as it is, or as it is about to be.
pub(crate) fn play_on(app: &App, site: &Site, draft: Draft) -> Vec<ScriptResult> {
    let stream = site.compile(draft.stream);
    let locale = Locale::from_tag(&draft.language).unwrap_or_else(|| site.locale(None));
    let scene = Scene { app, site, stream: &stream, locale, country: None, now: app.now() };
    scene.play(|room| draft.tests.iter().map(|test| script::play(test, room)).collect())
}
