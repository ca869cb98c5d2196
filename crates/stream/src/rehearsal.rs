//! Conversations that leave no trace: the preview of a draft, a flow without consent, a scripted test. What they set
//! stays with them.

use crate::{
    compiled::CompiledStream,
    engine::{Effect, Input, ListChange, Profile, Refused, Turn},
    handover::{ChatOutcome, Handover},
    message::{MessageContent, OfferedDocument, superseded_from},
    offer,
    state::ConversationState,
    walk::advance,
};
use criteria::{AttributeRef, AttributeType, Facts, ListRef, Moment, Symbols};
use jiff::tz::TimeZone;
use kernel::{DocumentId, ListId, RichText, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How often one input may lead on by itself; a draft may hold a circle of actions and branches.
pub const MAX_CONTINUATIONS: usize = 100;

/// A rehearsed conversation: where it stands, what was said, and what it did that would otherwise have been recorded.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Rehearsal {
    /// The engine's state.
    pub state: ConversationState,
    /// Attributes as text, by path (`person.first_name`, `visit.path`).
    pub attributes: BTreeMap<String, String>,
    /// The lists that the person is on.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub lists: BTreeSet<ListId>,
    /// The goals reached, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<String>,
    /// What stands in the conversation, oldest first, without what was taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<MessageContent>,
}

/// What a rehearsal is played in.
pub struct Room<'a> {
    /// The stream.
    pub stream: &'a CompiledStream,
    /// Now.
    pub at: Timestamp,
    /// The zone in which days are cut.
    pub zone: TimeZone,
    /// The country guessed from the visit.
    pub country: Option<&'a str>,
    /// The type of an attribute.
    pub attribute_type: &'a dyn Fn(&str) -> Option<AttributeType>,
    /// A document of the library.
    pub document: &'a dyn Fn(DocumentId) -> Option<OfferedDocument>,
    /// What the site says when nobody can be reached.
    pub fallback: &'a dyn Fn(Handover) -> RichText,
    /// Whether the site blocks e-mail addresses of a domain.
    pub blocks: &'a dyn Fn(&str) -> bool,
    /// Looks a question up, among the topics named.
    pub knowledge: &'a dyn Fn(&str, &[String]) -> Option<RichText>,
}

impl Rehearsal {
    /// Somebody with these attributes, before the first word.
    pub fn of(attributes: BTreeMap<String, String>) -> Self {
        Self { attributes, ..Self::default() }
    }

    /// Applies one input and everything that follows from it; refused inputs change nothing. Returns the effects.
    pub fn send(
        &mut self,
        room: &Room<'_>,
        input: &Input,
        client_id: Option<&str>,
    ) -> Result<Vec<Effect>, Refused> {
        let mut effects = self.take(room, input, client_id)?;
        for _ in 0..MAX_CONTINUATIONS {
            let next = if self.state.must_continue() {
                Input::Continue
            } else if let Some((_, question)) = self.state.asked() {
                Input::Knowledge { answer: (room.knowledge)(question, topics(&effects)) }
            } else if self.state.with_people().is_some() {
                // Nobody is fetched for a rehearsal.
                Input::ChatEnded { outcome: ChatOutcome::NobodyCame }
            } else {
                break;
            };
            effects.extend(self.take(room, &next, None)?);
        }
        Ok(effects)
    }

    /// What the conversation waits for now.
    pub fn waiting(&self, room: &Room<'_>) -> Option<crate::Waiting> {
        offer::waiting(room.stream, &self.state, &Player { room, rehearsal: self })
    }

    fn take(
        &mut self,
        room: &Room<'_>,
        input: &Input,
        client_id: Option<&str>,
    ) -> Result<Vec<Effect>, Refused> {
        let turn = Turn { input, client_id, at: room.at };
        let step = advance(room.stream, &self.state, turn, &Player { room, rehearsal: self })?;
        self.state = step.state;
        for effect in &step.effects {
            self.carry_out(effect);
        }
        Ok(step.effects)
    }

    fn carry_out(&mut self, effect: &Effect) {
        self.messages.extend(effect.message());
        match effect {
            Effect::Supersede { from_card } => {
                if let Some(first) = superseded_from(&self.messages, from_card.as_deref()) {
                    self.messages.truncate(first);
                }
            }
            Effect::SetAttribute { attribute, value, overwrite } => {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let keeps = *overwrite == crate::Overwrite::IfEmpty && self.has(attribute);
                if !keeps {
                    self.attributes.insert(attribute.clone(), text);
                }
            }
            Effect::GiveEmail { email } => {
                self.attributes.insert("person.email".to_owned(), email.to_string());
            }
            Effect::ChangeScore { by } => {
                let score = self.attributes.get("person.score").and_then(|text| text.parse::<f64>().ok());
                let score = score.unwrap_or(0.0) + f64::from(*by);
                self.attributes.insert("person.score".to_owned(), score.to_string());
            }
            Effect::ChangeList { list, change: ListChange::Add } => {
                self.lists.insert(*list);
            }
            Effect::ChangeList { list, change: ListChange::Remove } => {
                self.lists.remove(list);
            }
            Effect::ReachGoal { goal, .. } => self.goals.push(goal.clone()),
            _ => {}
        }
    }

    fn has(&self, attribute: &str) -> bool {
        self.attributes.get(attribute).is_some_and(|text| !text.trim().is_empty())
    }
}

fn topics(effects: &[Effect]) -> &[String] {
    let asked = effects.iter().rev().find_map(|effect| match effect {
        Effect::AskKnowledge { topics, .. } => Some(topics.as_slice()),
        _ => None,
    });
    asked.unwrap_or_default()
}

/// Who takes part in a rehearsal, as the engine asks.
struct Player<'a> {
    room: &'a Room<'a>,
    rehearsal: &'a Rehearsal,
}

impl Profile for Player<'_> {
    fn shown(&self, attribute: &str) -> Option<String> {
        self.rehearsal.attributes.get(attribute).filter(|text| !text.trim().is_empty()).cloned()
    }
    fn is_known(&self, attribute: &str) -> bool {
        self.rehearsal.has(attribute)
    }
    fn country(&self) -> Option<&str> {
        self.room.country
    }
    fn is_blocked_domain(&self, domain: &str) -> bool {
        (self.room.blocks)(domain)
    }
    fn facts(&self, symbols: &Symbols, at: Timestamp) -> Facts {
        let values: Vec<(AttributeRef, criteria::Value)> = self
            .rehearsal
            .attributes
            .iter()
            .filter_map(|(path, text)| {
                let kind = (self.room.attribute_type)(path)?;
                Some((path.parse().ok()?, kind.parse_text(text).ok().flatten()?))
            })
            .collect();
        let named = values.iter().map(|(path, value)| (path.of(), path.name(), value));
        let lists = self.rehearsal.lists.iter().map(|list| ListRef::List(*list));
        Facts::prepare(symbols, &Moment::new(at, self.room.zone.clone()), named, lists)
    }
    fn document(&self, id: DocumentId) -> Option<OfferedDocument> {
        (self.room.document)(id)
    }
    fn fallback(&self, handover: Handover) -> RichText {
        (self.room.fallback)(handover)
    }
}
