//! The preview beside the canvas: an author talks to a draft, as nobody in particular or as somebody.

use super::{Did, Scene};
use crate::{
    App, AppError,
    conversations::view::MessageView,
    dialogues::{Draft, Handle},
    facts,
    sealed::{seal, unseal},
};
use kernel::{Locale, PersonId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::DialogueRecord;
use stream::{CompiledStream, Effect, Rehearsal, Waiting};
use utoipa::ToSchema;

const PURPOSE: &str = "author's preview";
/// The most attributes that an author sets for the preview.
const MAX_ATTRIBUTES: usize = 200;

/// A turn of the preview.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewTurn {
    /// What is on the author's screen; the stored draft when absent.
    #[serde(default)]
    pub draft: Option<Draft>,
    /// Talk as this person. Only when it begins.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub person_id: Option<PersonId>,
    /// Talk as somebody with these attributes, as text by path. Only when it begins.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub attributes: BTreeMap<String, String>,
    /// Where it stands, as the turn before said; absent: it begins.
    #[serde(default)]
    pub state: Option<String>,
    /// What the author does; absent: nothing yet.
    #[serde(default)]
    pub did: Option<Did>,
}

/// Where the preview stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewView {
    /// To be sent with the next turn.
    pub state: String,
    /// Everything said so far.
    pub messages: Vec<MessageView>,
    /// What it waits for.
    #[schema(value_type = Option<Object>)]
    pub waiting: Option<Waiting>,
    /// The card that waits.
    pub current_card: Option<String>,
    /// The end of a branch was reached.
    pub ended: bool,
    /// Goals reached, in order.
    pub goals: Vec<String>,
    /// What is known of the visitor now, as text by path.
    #[schema(value_type = Object)]
    pub attributes: BTreeMap<String, String>,
    /// The cards walked in this turn, in order.
    pub passed: Vec<String>,
}

/// Takes a turn. Nothing is recorded.
pub async fn preview(
    app: &App,
    handle: impl Into<Handle>,
    turn: PreviewTurn,
) -> Result<PreviewView, AppError> {
    if turn.attributes.len() > MAX_ATTRIBUTES {
        return Err(AppError::invalid("/attributes", "too_many", "must have at most 200 entries"));
    }
    let mut session = app.store().read().await?;
    let record = handle.into().find(&mut *session).await?;
    let mut rehearsal = match turn.state.as_deref() {
        Some(state) => unseal::<Rehearsal>(app, PURPOSE, state)
            .ok_or_else(|| AppError::invalid("/state", "unknown", "is not the state of a preview"))?,
        None => Rehearsal::of(attributes(app, &mut *session, &turn).await?),
    };
    drop(session);
    play(app, &record, turn, &mut rehearsal)
}

fn play(
    app: &App,
    record: &DialogueRecord,
    turn: PreviewTurn,
    rehearsal: &mut Rehearsal,
) -> Result<PreviewView, AppError> {
    let snapshot = app.snapshot();
    let site = snapshot.site(record.site_id).ok_or(AppError::NotFound("site"))?;
    let (drawn, language) = match turn.draft {
        Some(draft) => (draft.stream, draft.language),
        None => (record.draft.stream.clone(), record.draft.language.clone()),
    };
    let stream = site.compile(drawn);
    let locale = Locale::from_tag(&language).unwrap_or_else(|| site.locale(None));
    let scene = Scene { app, site, stream: &stream, locale, country: None, now: app.now() };
    let effects = scene.send(rehearsal, turn.did, None)?;
    Ok(view(&scene, rehearsal, &effects, &stream))
}

fn view(
    scene: &Scene<'_>,
    rehearsal: &Rehearsal,
    effects: &[Effect],
    stream: &CompiledStream,
) -> PreviewView {
    let mut passed: Vec<String> = Vec::new();
    for card in effects.iter().filter_map(Effect::card).filter(|card| stream.card(card).is_some()) {
        if passed.last().map(String::as_str) != Some(card) {
            passed.push(card.to_owned());
        }
    }
    PreviewView {
        state: seal(scene.app, PURPOSE, rehearsal),
        messages: scene.messages(rehearsal),
        waiting: scene.waiting(rehearsal),
        current_card: rehearsal.state.waiting_card().map(str::to_owned),
        ended: rehearsal.state.phase == stream::Phase::Ended,
        goals: rehearsal.goals.clone(),
        attributes: rehearsal.attributes.clone(),
        passed,
    }
}

async fn attributes(
    app: &App,
    session: &mut dyn store::Session,
    turn: &PreviewTurn,
) -> Result<BTreeMap<String, String>, AppError> {
    let mut known = BTreeMap::new();
    if let Some(id) = turn.person_id {
        let unknown = || AppError::invalid("/person_id", "unknown", "is not a person");
        let person = session.person(id).await?.ok_or_else(unknown)?;
        let company = match person.company_id {
            Some(id) => session.company(id).await?.map(|row| row.company),
            None => None,
        };
        known = facts::as_text(app.snapshot().catalog(), &person, company.as_ref());
    }
    let typed = turn
        .attributes
        .iter()
        .map(|(path, value)| (stream::tokens::canonical_attribute(path), value.clone()));
    known.extend(typed);
    Ok(known)
}
