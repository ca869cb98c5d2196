//! Conversations that leave no trace: the author's preview, a page opened by a preview link, a flow that somebody starts
//! without having given consent, and the scripted tests of a dialogue. Where they stand goes out sealed and comes back
//! with the next input; nothing is stored.

pub mod author;
pub mod scripts;
pub mod visitor;

use crate::{
    App, AppError,
    conversations::{unit::field, view::MessageView},
    snapshot::Site,
};
use jiff::tz::TimeZone;
use kernel::{Locale, RichText, Timestamp};
use serde::Deserialize;
use store::MessageFrom;
use stream::{Answer, CompiledStream, Effect, Input, Refused, Rehearsal, Room, handover::standard_fallback};
use utoipa::ToSchema;

/// What somebody does in a rehearsed conversation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Did {
    /// Answers a card.
    Answer {
        /// The card that was seen waiting.
        card_id: String,
        /// What is answered.
        #[schema(value_type = Object)]
        input: Answer,
    },
    /// Answers an earlier card again.
    Back {
        /// That card.
        card_id: String,
    },
    /// Starts again.
    Restart {},
    /// Opens the document of the card that waits.
    OpenDocument {
        /// That card.
        card_id: String,
    },
}

impl Did {
    fn input(self) -> Input {
        match self {
            Self::Answer { card_id, input } => Input::Answer { card: card_id, answer: input },
            Self::Back { card_id } => Input::Back { card: card_id },
            Self::Restart {} => Input::Restart,
            Self::OpenDocument { card_id } => Input::OpenDocument { card: card_id },
        }
    }
}

/// What a rehearsal is played on.
struct Scene<'a> {
    app: &'a App,
    site: &'a Site,
    stream: &'a CompiledStream,
    locale: Locale,
    country: Option<&'a str>,
    now: Timestamp,
}

impl Scene<'_> {
    fn play<T>(&self, act: impl FnOnce(&Room<'_>) -> T) -> T {
        let zone = TimeZone::get(&self.app.settings().time_zone).unwrap_or(TimeZone::UTC);
        let attribute_type = |path: &str| self.site.catalog.type_of(path);
        let document = |id| self.site.documents.get(&id).cloned();
        let fallback = |handover| {
            let own = self.site.fallbacks.text(handover);
            own.cloned().unwrap_or_else(|| standard_fallback(handover, self.locale))
        };
        let blocks = |domain: &str| self.site.blocks_domain(domain);
        let knowledge = |question: &str, topics: &[String]| -> Option<RichText> {
            crate::knowledge::answer(self.site, question, topics)
        };
        act(&Room {
            stream: self.stream,
            at: self.now,
            zone,
            country: self.country,
            attribute_type: &attribute_type,
            document: &document,
            fallback: &fallback,
            blocks: &blocks,
            knowledge: &knowledge,
        })
    }

    /// Begins, if nothing was said yet, and applies what was done. An input that was applied before changes nothing.
    fn send(
        &self,
        rehearsal: &mut Rehearsal,
        did: Option<Did>,
        client_id: Option<&str>,
    ) -> Result<Vec<Effect>, AppError> {
        self.play(|room| {
            let mut effects = Vec::new();
            if rehearsal.state.phase == stream::Phase::New {
                effects.extend(rehearsal.send(room, &Input::Start, None).map_err(refused)?);
            }
            if let Some(did) = did {
                match rehearsal.send(room, &did.input(), client_id) {
                    Err(Refused::AlreadyApplied) => {}
                    sent => effects.extend(sent.map_err(refused)?),
                }
            }
            Ok(effects)
        })
    }

    fn waiting(&self, rehearsal: &Rehearsal) -> Option<stream::Waiting> {
        self.play(|room| rehearsal.waiting(room))
    }

    /// The conversation so far. Nothing is known of when it was said, so everything was said now.
    fn messages(&self, rehearsal: &Rehearsal) -> Vec<MessageView> {
        let numbered = rehearsal.messages.iter().zip(1_u64..);
        numbered.map(|(content, seq)| MessageView::rehearsed(content, seq, self.now)).collect()
    }
}

fn refused(refused: Refused) -> AppError {
    match refused {
        Refused::Invalid(errors) => AppError::Invalid(errors.into_iter().map(field).collect()),
        Refused::NotCurrent | Refused::AlreadyApplied => {
            AppError::Conflict("the card does not wait for this".to_owned())
        }
    }
}

/// True for what the visitor said last.
fn is_answer(message: &MessageView) -> bool {
    message.from == MessageFrom::Visitor
}
