//! The engine: one input takes a conversation from one waiting card to the next (spec 04).

use crate::{
    answer::{self, Content, Taken},
    card::{Card, CardId, CardKind, InfoCapture},
    compiled::CompiledStream,
    engine::{Effect, Input, Profile, Refused, Step, Turn},
    message::Answer,
    offer::Voice,
    state::{ConversationState, Phase, Visited},
    tokens::canonical_attribute,
};
use kernel::RichText;
use std::collections::{BTreeMap, HashSet};

/// Applies one input. Nothing is changed in `state`; the same inputs give the same states and effects.
///
/// When the new state [must continue](ConversationState::must_continue), an e-mail address was given: the service
/// carries the effects out, decides who the visitor is now, and calls again with [`Input::Continue`] and that person's
/// profile, in the same transaction. So the very next card already speaks to the right person (spec 03).
pub fn advance(
    stream: &CompiledStream,
    state: &ConversationState,
    turn: Turn<'_>,
    profile: &dyn Profile,
) -> Result<Step, Refused> {
    if turn.client_id.is_some_and(|id| state.has_applied(id)) {
        return Err(Refused::AlreadyApplied);
    }
    let mut walk = Walk { stream, profile, state: state.clone(), effects: Vec::new() };
    match turn.input {
        Input::Start => walk.start()?,
        Input::Answer { card, answer } => walk.answer(card, answer)?,
        Input::Back { card } => walk.back(card)?,
        Input::Restart => walk.restart()?,
        Input::Continue => walk.resume()?,
    }
    if let Some(id) = turn.client_id {
        walk.state.remember(id);
    }
    walk.state.last_input_at = Some(turn.at);
    Ok(Step { state: walk.state, effects: walk.effects })
}

struct Walk<'a> {
    stream: &'a CompiledStream,
    profile: &'a dyn Profile,
    state: ConversationState,
    effects: Vec<Effect>,
}

impl<'a> Walk<'a> {
    fn voice(&self) -> Voice<'_> {
        Voice { stream: self.stream, state: &self.state, profile: self.profile }
    }

    fn start(&mut self) -> Result<(), Refused> {
        if self.state.phase != Phase::New {
            return Err(Refused::NotCurrent);
        }
        self.go(Some(&self.stream.stream().start));
        Ok(())
    }

    fn resume(&mut self) -> Result<(), Refused> {
        let Phase::Continue { next } = self.state.phase.clone() else { return Err(Refused::NotCurrent) };
        self.go(next.as_deref());
        Ok(())
    }

    fn restart(&mut self) -> Result<(), Refused> {
        if self.state.phase == Phase::New {
            return Err(Refused::NotCurrent);
        }
        self.state.path.clear();
        self.state.epoch += 1;
        self.effects.push(Effect::Supersede { from_card: None });
        self.go(Some(&self.stream.stream().start));
        Ok(())
    }

    /// Rewinds to the last time that the card was answered and asks it again.
    fn back(&mut self, id: &str) -> Result<(), Refused> {
        let stands = matches!(self.state.phase, Phase::Waiting { .. } | Phase::Ended);
        let passed = self.state.path.iter().rposition(|visited| visited.card == id);
        let (true, Some(passed), Some(card)) = (stands, passed, self.stream.card(id)) else {
            return Err(Refused::NotCurrent);
        };
        let before = self.state.path.split_off(passed);
        self.state.epoch += 1;
        self.effects.push(Effect::Supersede { from_card: Some(card.id.clone()) });
        self.ask(card, before.first());
        Ok(())
    }

    fn answer(&mut self, id: &str, answer: &Answer) -> Result<(), Refused> {
        let card = self.stream.card(id).filter(|_| self.state.waiting_card() == Some(id));
        let card = card.ok_or(Refused::NotCurrent)?;
        let taken = answer::take(card, answer, &self.voice()).map_err(Refused::Invalid)?;
        let next = taken.next.clone();
        if self.accept(card, taken) {
            self.state.phase = Phase::Continue { next };
        } else {
            self.go(next.as_deref());
        }
        Ok(())
    }

    /// Records an answer. True when an identity was given with it. The address comes before the other values,
    /// because they belong to the person whose address it is.
    fn accept(&mut self, card: &Card, taken: Taken) -> bool {
        let text = RichText::plain(&taken.shown);
        self.effects.push(Effect::Answered { card: card.id.clone(), text, answer: taken.record });
        if !self.state.engaged {
            self.state.engaged = true;
            self.effects.push(Effect::Engaged);
        }
        let mut given = BTreeMap::new();
        let (mut identity, mut values) = (None, Vec::new());
        for value in taken.values {
            if let Some(attribute) = &value.attribute {
                given.insert(attribute.clone(), value.content.to_text());
            }
            match (value.attribute, value.content) {
                (Some(attribute), Content::Email(email)) if attribute == "person.email" => {
                    identity = Some(email);
                }
                // Only a checked address may become one; other cards cannot set it (a check refuses them too).
                (Some(attribute), _) if attribute == "person.email" => {
                    given.remove(&attribute);
                }
                (attribute, content) => values.push((attribute, value.overwrite, content)),
            }
        }
        let identified = identity.is_some();
        self.effects.extend(identity.map(|email| Effect::GiveEmail { email }));
        for (attribute, overwrite, content) in values {
            if let Content::Phone(phone) = &content {
                self.effects.push(Effect::GivePhone { phone: phone.clone() });
            }
            let value = content.to_json();
            self.effects.extend(attribute.map(|attribute| Effect::SetAttribute {
                attribute,
                value,
                overwrite,
            }));
        }
        self.state.pass(Visited { card: card.id.clone(), answer: taken.summary, given });
        identified
    }

    /// Walks from card to card until one waits or the branch ends.
    fn go(&mut self, first: Option<&str>) {
        let stream: &'a CompiledStream = self.stream;
        let mut passed = HashSet::new();
        let mut here = first.and_then(|id| stream.card(id));
        while let Some(card) = here {
            // A draft may hold a loop in which nothing waits; published streams cannot.
            if !passed.insert(card.id.as_str()) {
                break;
            }
            let next: Option<&CardId> = match &card.kind {
                CardKind::Message(message) => {
                    self.say(card, &message.text);
                    message.next.as_ref()
                }
                CardKind::Goal(goal) => {
                    let reached = Effect::ReachGoal { goal: goal.goal.clone(), card: card.id.clone() };
                    self.effects.push(reached);
                    goal.next.as_ref()
                }
                CardKind::InfoCapture(info) if self.knows_all(info) => info.next.as_ref(),
                CardKind::Question(_) | CardKind::InfoCapture(_) => return self.ask(card, None),
            };
            here = next.and_then(|id| stream.card(id));
        }
        self.end();
    }

    fn say(&mut self, card: &Card, text: &RichText) {
        let text = self.voice().rich(text);
        if !text.is_blank() {
            self.effects.push(Effect::Say { card: card.id.clone(), text });
        }
    }

    fn ask(&mut self, card: &Card, before: Option<&Visited>) {
        let text = match &card.kind {
            CardKind::Question(question) => &question.text,
            CardKind::InfoCapture(info) => &info.text,
            CardKind::Message(_) | CardKind::Goal(_) => return self.end(),
        };
        let text = self.voice().rich(text);
        let Some(waiting) = self.voice().offer(card, before) else { return self.end() };
        self.state.phase = Phase::Waiting { card: card.id.clone() };
        self.effects.push(Effect::Ask { card: card.id.clone(), text, waiting });
    }

    fn end(&mut self) {
        self.state.phase = Phase::Ended;
        if !self.state.completed {
            self.state.completed = true;
            self.effects.push(Effect::Completed);
        }
    }

    /// Spec 04, *skip if known*: every field's attribute has a value. A field that is stored nowhere is never known.
    fn knows_all(&self, info: &InfoCapture) -> bool {
        let known =
            |attribute: String| self.state.given(&attribute).is_some() || self.profile.is_known(&attribute);
        info.skip_if_known
            && !info.fields.is_empty()
            && info.fields.iter().all(|field| field.target().map(canonical_attribute).is_some_and(known))
    }
}
