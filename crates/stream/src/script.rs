//! Scripted conversations that a dialogue keeps as its tests (spec 04): *as a known person, answer Yes, give an address,
//! expect the goal Demo booked*.

use crate::{
    card::CardId,
    engine::{Input, Refused},
    message::{Answer, FieldInput, Waiting},
    rehearsal::{Rehearsal, Room},
};
use kernel::text::fold;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most scripts of a dialogue.
pub const MAX_SCRIPTS: usize = 100;
/// The most steps of a script.
pub const MAX_STEPS: usize = 200;

/// A scripted conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// What it shows.
    pub name: String,
    /// Attributes of whoever takes part, as text by path (`person.email`, `company.size`, `visit.path`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub visitor: BTreeMap<String, String>,
    /// What is done and expected, in this order.
    pub steps: Vec<ScriptStep>,
}

/// A step of a script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum ScriptStep {
    /// Chooses a response by its label or id.
    Choose {
        /// The label or id.
        response: String,
    },
    /// Types text.
    Type {
        /// The text.
        text: String,
    },
    /// Fills a form.
    Fill {
        /// Values by label or id of the field; `true` and `false` for consent.
        values: BTreeMap<String, String>,
    },
    /// Skips the card.
    Skip,
    /// Goes on after a document.
    Continue,
    /// Goes back to an earlier card.
    Back {
        /// The card's id or title.
        card: String,
    },
    /// Expects that the last words of the bot contain this (without case).
    ExpectSays {
        /// The words.
        text: String,
    },
    /// Expects that this card waits.
    ExpectAsks {
        /// The card's id or title.
        card: String,
    },
    /// Expects that a goal was reached.
    ExpectGoal {
        /// Its name.
        goal: String,
    },
    /// Expects that a goal was not reached.
    ExpectNoGoal {
        /// Its name.
        goal: String,
    },
    /// Expects the value of an attribute; an empty text means that it is empty.
    ExpectAttribute {
        /// Its path.
        attribute: String,
        /// Its value as text.
        value: String,
    },
    /// Expects that the conversation is at its end.
    ExpectEnd,
}

/// What a script came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScriptResult {
    /// The script's name.
    pub name: String,
    /// Where it failed; none when it passed.
    pub failure: Option<ScriptFailure>,
    /// What was said, a line a message: `bot: Hello`, `visitor: Yes`.
    pub transcript: Vec<String>,
}

/// Where a script failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScriptFailure {
    /// The step, 0 for the first; none when the conversation could not begin.
    pub step: Option<usize>,
    /// A sentence for the author.
    pub message: String,
    /// The card that waited then.
    pub card_id: Option<CardId>,
}

/// Plays a script.
pub fn play(script: &Script, room: &Room<'_>) -> ScriptResult {
    let mut rehearsal = Rehearsal::of(script.visitor.clone());
    let failure = perform(script, room, &mut rehearsal);
    let line = |message: &crate::MessageContent| {
        let from = if message.from == crate::MessageFrom::Visitor { "visitor" } else { "bot" };
        format!("{from}: {}", message.text.to_plain())
    };
    let transcript = rehearsal.messages.iter().map(line).collect();
    ScriptResult { name: script.name.clone(), failure, transcript }
}

fn perform(script: &Script, room: &Room<'_>, rehearsal: &mut Rehearsal) -> Option<ScriptFailure> {
    let failure = |step: Option<usize>, message: String, rehearsal: &Rehearsal| {
        let card_id = rehearsal.state.waiting_card().map(str::to_owned);
        Some(ScriptFailure { step, message, card_id })
    };
    if rehearsal.send(room, &Input::Start, None).is_err() {
        return failure(None, "The conversation does not begin.".to_owned(), rehearsal);
    }
    for (index, step) in script.steps.iter().enumerate() {
        if let Err(message) = take(step, room, rehearsal) {
            return failure(Some(index), message, rehearsal);
        }
    }
    None
}

fn take(step: &ScriptStep, room: &Room<'_>, rehearsal: &mut Rehearsal) -> Result<(), String> {
    match step {
        ScriptStep::Choose { response } => answer(choice(response, room, rehearsal)?, room, rehearsal),
        ScriptStep::Type { text } => answer(Answer::Text { text: text.clone() }, room, rehearsal),
        ScriptStep::Fill { values } => answer(filled(values, room, rehearsal)?, room, rehearsal),
        ScriptStep::Skip => answer(Answer::Skip, room, rehearsal),
        ScriptStep::Continue => answer(Answer::Continue, room, rehearsal),
        ScriptStep::Back { card } => {
            let card = card_called(card, room)?;
            let sent = rehearsal.send(room, &Input::Back { card: card.clone() }, None);
            sent.map(drop).map_err(|_| format!("The card “{card}” was not answered before."))
        }
        ScriptStep::ExpectSays { text } => expect_words(text, rehearsal),
        ScriptStep::ExpectAsks { card } => {
            let wanted = card_called(card, room)?;
            let waiting = rehearsal.state.waiting_card();
            let found = waiting.map_or("nothing waits".to_owned(), |card| format!("“{card}” waits"));
            require(waiting == Some(&wanted), || format!("“{card}” should wait, but {found}."))
        }
        ScriptStep::ExpectGoal { goal } => {
            require(rehearsal.goals.contains(goal), || format!("The goal “{goal}” was not reached."))
        }
        ScriptStep::ExpectNoGoal { goal } => {
            require(!rehearsal.goals.contains(goal), || format!("The goal “{goal}” was reached."))
        }
        ScriptStep::ExpectAttribute { attribute, value } => {
            let path = crate::tokens::canonical_attribute(attribute);
            let found = rehearsal.attributes.get(&path).map(String::as_str).unwrap_or_default();
            require(found == value, || format!("{attribute} should be “{value}”, but is “{found}”."))
        }
        ScriptStep::ExpectEnd => require(rehearsal.state.phase == crate::Phase::Ended, || {
            let card = rehearsal.state.waiting_card().unwrap_or_default();
            format!("The conversation should be at its end, but the card “{card}” waits.")
        }),
    }
}

fn require(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

fn expect_words(text: &str, rehearsal: &Rehearsal) -> Result<(), String> {
    let spoken = rehearsal.messages.iter().rev();
    let spoken = spoken.take_while(|message| message.from != crate::MessageFrom::Visitor);
    let spoken: Vec<String> = spoken.map(|message| message.text.to_plain()).collect();
    require(spoken.iter().any(|words| fold(words).contains(&fold(text))), || {
        let last = spoken.first().map_or("nothing", String::as_str);
        format!("“{text}” was not said; the last words are “{last}”.")
    })
}

fn answer(answer: Answer, room: &Room<'_>, rehearsal: &mut Rehearsal) -> Result<(), String> {
    let waiting = rehearsal.state.waiting_card().map(str::to_owned);
    let card =
        waiting.ok_or_else(|| "The conversation is at its end: nothing can be answered.".to_owned())?;
    rehearsal.send(room, &Input::Answer { card: card.clone(), answer }, None).map(drop).map_err(|refused| {
        match refused {
            Refused::Invalid(errors) => {
                let reasons: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
                format!("The card “{card}” refuses the answer: {}", reasons.join(" "))
            }
            Refused::AlreadyApplied | Refused::NotCurrent => {
                format!("The card “{card}” takes no such answer.")
            }
        }
    })
}

fn choice(wanted: &str, room: &Room<'_>, rehearsal: &Rehearsal) -> Result<Answer, String> {
    let Some(Waiting::Question { responses, card_id, .. }) = rehearsal.waiting(room) else {
        return Err("No question waits.".to_owned());
    };
    let by_label = responses.iter().find(|response| fold(&response.label) == fold(wanted));
    let chosen = by_label.or_else(|| responses.iter().find(|response| response.id == wanted));
    let chosen = chosen.ok_or_else(|| format!("“{card_id}” offers no response “{wanted}”."))?;
    Ok(Answer::Response { response_id: chosen.id.clone() })
}

fn filled(
    values: &BTreeMap<String, String>,
    room: &Room<'_>,
    rehearsal: &Rehearsal,
) -> Result<Answer, String> {
    let Some(Waiting::Info { fields, card_id, .. }) = rehearsal.waiting(room) else {
        return Err("No form waits.".to_owned());
    };
    let mut given = BTreeMap::new();
    for (name, value) in values {
        let field = fields.iter().find(|field| fold(&field.label) == fold(name) || field.id == *name);
        let field = field.ok_or_else(|| format!("“{card_id}” has no field “{name}”."))?;
        let input = match (field.kind, value.as_str()) {
            (crate::FieldKind::Consent, "true") => FieldInput::Ticked(true),
            (crate::FieldKind::Consent, "false") => FieldInput::Ticked(false),
            _ => FieldInput::Text(value.clone()),
        };
        given.insert(field.id.clone(), input);
    }
    Ok(Answer::Values { values: given })
}

fn card_called(name: &str, room: &Room<'_>) -> Result<CardId, String> {
    let by_id = room.stream.card(name).map(|card| card.id.clone());
    let titled = || {
        let mut cards = room.stream.stream().cards.iter();
        let card = cards.find(|card| card.title.as_deref().is_some_and(|title| fold(title) == fold(name)));
        card.map(|card| card.id.clone())
    };
    by_id.or_else(titled).ok_or_else(|| format!("There is no card “{name}”."))
}
