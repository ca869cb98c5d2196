//! Numbers on the canvas (spec 04): how many conversations reached a card, answered it, and ended at it.
//!
//! What was said is counted from the transcripts. Of a conversation that nobody answered nothing is written down (see
//! [`crate::conversations`]): it stands at the opening of its version, as an anonymous visitor meets it, and so do guests.

use super::{Handle, span::Asked};
use crate::{
    App, AppError,
    conversations::{effects::event, view::Opening},
    facts::Voice,
    snapshot::Site,
};
use kernel::{DialogueId, VersionId};
use serde::Serialize;
use std::collections::BTreeMap;
use store::{CanvasFigures, Session};
use stream::CardId;
use utoipa::ToSchema;

/// A card's conversations; each counts once, however often it came by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CardNumbers {
    /// The card; a card of a flow that another card runs is `flowcard.card`.
    pub card_id: String,
    /// Conversations in which the card was said, asked or passed, also when the visitor went back later.
    pub reached: u64,
    /// Conversations in which the visitor answered it.
    pub answered: u64,
    /// Conversations that ended at it unfinished: dropped after 24 hours of silence, or never answered at all.
    pub left: u64,
}

/// What the canvas shows for a period and version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CanvasNumbers {
    /// Conversations triggered in the period, guests' included.
    pub conversations: u64,
    /// Cards that some conversation reached, by id.
    pub cards: Vec<CardNumbers>,
}

/// The numbers of the conversations triggered in a period; of one version when given.
pub async fn numbers(
    app: &App,
    handle: impl Into<Handle>,
    asked: &Asked,
    version: Option<u32>,
) -> Result<CanvasNumbers, AppError> {
    let period = asked.period(app)?;
    let mut session = app.store().read().await?;
    let record = handle.into().find(&mut *session).await?;
    let id = record.id;
    let version = match version {
        None => None,
        Some(number) => Some(version_of(&mut *session, id, number).await?),
    };
    let figures = session.canvas_figures(id, period.span, version).await?;
    let snapshot = app.snapshot();
    let site = snapshot.site(record.site_id).ok_or(AppError::NotFound("dialogue"))?;
    let mut cards = counted(&figures);
    for (version, conversations) in &figures.unanswered {
        add_opening(app, site, &mut *session, (id, *version, *conversations), &mut cards).await?;
    }
    Ok(CanvasNumbers { conversations: figures.conversations, cards: cards.into_values().collect() })
}

async fn version_of(session: &mut dyn Session, id: DialogueId, number: u32) -> Result<VersionId, AppError> {
    let versions = session.versions(id).await?;
    let found = versions.iter().find(|version| version.number == number);
    found.map(|version| version.id).ok_or(AppError::NotFound("version"))
}

type Cards = BTreeMap<CardId, CardNumbers>;

fn counted(figures: &CanvasFigures) -> Cards {
    let numbers = |card: &store::CardFigures| CardNumbers {
        card_id: card.card_id.clone(),
        reached: card.reached,
        answered: card.answered,
        left: card.left,
    };
    figures.cards.iter().map(|card| (card.card_id.clone(), numbers(card))).collect()
}

fn entry<'c>(cards: &'c mut Cards, card: &str) -> &'c mut CardNumbers {
    cards.entry(card.to_owned()).or_insert_with(|| CardNumbers {
        card_id: card.to_owned(),
        reached: 0,
        answered: 0,
        left: 0,
    })
}

/// Conversations that stand at the opening of a version reached its cards and left at the one that waits.
async fn add_opening(
    app: &App,
    site: &Site,
    session: &mut dyn Session,
    (id, version, conversations): (DialogueId, VersionId, u64),
    cards: &mut Cards,
) -> Result<(), AppError> {
    let version = app.published_version(site, id, version, session).await?;
    let voice = Voice::of_nobody(site).speaking(&version.language);
    let opening = Opening::of(&version, &voice, app.now())?;
    let mut passed: Vec<CardId> = Vec::new();
    for effect in &opening.effects {
        let said = effect.message().and_then(|content| content.card_id);
        let card = said.or_else(|| event(effect).map(|(card, _)| card.to_owned()));
        passed.extend(card.filter(|card| !passed.contains(card)));
    }
    for card in &passed {
        entry(cards, card).reached += conversations;
    }
    if let Some(card) = opening.state.waiting_card() {
        entry(cards, card).left += conversations;
    }
    Ok(())
}
