//! The engine: one input takes a conversation from one waiting card to the next (spec 04).

use crate::{
    answer::{self, Content, Taken},
    card::{Action, ActionCard, Branch, Card, CardId, CardKind, InfoCapture},
    compiled::CompiledStream,
    engine::{Effect, Input, ListChange, Passage, Profile, Refused, Step, Turn},
    handover::{ChatOutcome, Handover},
    message::Answer,
    offer::Voice,
    state::{ConversationState, Phase, Visited},
    tokens::canonical_attribute,
};
use kernel::{RichText, Timestamp};
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
    let mut walk = Walk { stream, profile, at: turn.at, state: state.clone(), effects: Vec::new() };
    match turn.input {
        Input::Start => walk.start()?,
        Input::Answer { card, answer } => walk.answer(card, answer)?,
        Input::Back { card } => walk.back(card)?,
        Input::Restart => walk.restart()?,
        Input::Continue => walk.resume()?,
        Input::OpenDocument { card } => walk.open_document(card)?,
        Input::ChatEnded { outcome } => walk.return_from_people(*outcome)?,
        Input::Knowledge { answer } => walk.answer_question(answer.as_ref())?,
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
    at: Timestamp,
    state: ConversationState,
    effects: Vec<Effect>,
}

/// What comes after a card.
enum Way<'a> {
    /// The next card; none ends the branch.
    On(Option<&'a CardId>),
    /// The step ends here.
    Stop,
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
        // A chat with people is ended, not left behind.
        if matches!(self.state.phase, Phase::New | Phase::WithPeople { .. }) {
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
        let question = match &card.kind {
            CardKind::AiAnswer(ai) if !taken.record.skipped => {
                Some((taken.summary.clone(), ai.topics.clone()))
            }
            _ => None,
        };
        let identified = self.accept(card, taken);
        match question {
            Some((question, topics)) => self.look_up(card, question, topics),
            None if identified => self.state.phase = Phase::Continue { next },
            None => self.go(next.as_deref()),
        }
        Ok(())
    }

    fn look_up(&mut self, card: &Card, question: String, topics: Vec<String>) {
        self.state.phase = Phase::Asking { card: card.id.clone(), question: question.clone() };
        self.effects.push(Effect::AskKnowledge { card: card.id.clone(), question, topics });
    }

    /// The chat is over, or never was: then the fallback is said.
    fn return_from_people(&mut self, outcome: ChatOutcome) -> Result<(), Refused> {
        let Phase::WithPeople { card } = self.state.phase.clone() else { return Err(Refused::NotCurrent) };
        let stream: &'a CompiledStream = self.stream;
        if let (ChatOutcome::NobodyCame, Some((card, CardKind::LiveChat(chat)))) =
            (outcome, stream.card(&card).map(|card| (card, &card.kind)))
        {
            self.say_fallback(card, chat.fallback.as_ref(), Handover::LiveChat);
        }
        self.end();
        Ok(())
    }

    /// Says what was found, and takes a further question if there may be one.
    fn answer_question(&mut self, answer: Option<&RichText>) -> Result<(), Refused> {
        let Phase::Asking { card, .. } = self.state.phase.clone() else { return Err(Refused::NotCurrent) };
        let stream: &'a CompiledStream = self.stream;
        let Some((card, CardKind::AiAnswer(ai))) = stream.card(&card).map(|card| (card, &card.kind)) else {
            self.end();
            return Ok(());
        };
        let Some(answer) = answer else {
            self.say(card, &ai.fallback);
            self.go(ai.not_answered.as_deref());
            return Ok(());
        };
        self.effects.push(Effect::Say { card: card.id.clone(), text: answer.clone() });
        if self.state.answered_in_a_row(&card.id) < usize::from(ai.questions) {
            self.ask(card, None);
        } else {
            self.go(ai.next.as_deref());
        }
        Ok(())
    }

    /// Opening a document is an engagement (spec 03, rule 5), but no answer.
    fn open_document(&mut self, id: &str) -> Result<(), Refused> {
        let card = self.stream.card(id).filter(|_| self.state.waiting_card() == Some(id));
        let Some((card, CardKind::Document(shown))) = card.map(|card| (card, &card.kind)) else {
            return Err(Refused::NotCurrent);
        };
        let Some(document) = shown.document else { return Err(Refused::NotCurrent) };
        self.effects.push(Effect::OpenDocument { card: card.id.clone(), document });
        self.engage();
        Ok(())
    }

    fn engage(&mut self) {
        if !self.state.engaged {
            self.state.engaged = true;
            self.effects.push(Effect::Engaged);
        }
    }

    /// Records an answer. True when an identity was given with it. The address comes before the other values,
    /// because they belong to the person whose address it is.
    fn accept(&mut self, card: &Card, taken: Taken) -> bool {
        let text = RichText::plain(&taken.shown);
        self.effects.push(Effect::Answered { card: card.id.clone(), text, answer: taken.record });
        self.engage();
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
            match self.pass(card) {
                Way::On(next) => here = next.and_then(|id| stream.card(id)),
                Way::Stop => return,
            }
        }
        self.end();
    }

    /// Does what a card does without the visitor, or lets it wait.
    fn pass(&mut self, card: &'a Card) -> Way<'a> {
        let stream: &'a CompiledStream = self.stream;
        match &card.kind {
            CardKind::Message(message) => {
                self.say(card, &message.text);
                Way::On(message.next.as_ref())
            }
            CardKind::Goal(goal) => {
                let reached = Effect::ReachGoal { goal: goal.goal.clone(), card: card.id.clone() };
                self.effects.push(reached);
                Way::On(goal.next.as_ref())
            }
            CardKind::InfoCapture(info) if self.knows_all(info) => Way::On(info.next.as_ref()),
            CardKind::Action(action) => {
                self.passed(card, Passage::Action);
                self.act(card, action);
                Way::On(action.next.as_ref())
            }
            CardKind::Branch(branch) => self.choose(card, branch),
            CardKind::Flow(flow) => {
                self.passed(card, Passage::Flow);
                Way::On(stream.entry_of(card, flow.next.as_ref()))
            }
            CardKind::Jump(jump) => {
                self.passed(card, Passage::Jump);
                Way::On(jump.to.as_ref())
            }
            CardKind::Meeting(meeting) => {
                self.say_fallback(card, meeting.fallback.as_ref(), Handover::Meeting);
                Way::On(meeting.not_booked.as_ref())
            }
            CardKind::LiveChat(chat) => {
                self.say(card, &chat.text);
                self.state.phase = Phase::WithPeople { card: card.id.clone() };
                self.effects.push(Effect::RequestChat {
                    card: card.id.clone(),
                    routing: chat.routing.clone(),
                    any_available_agent: chat.any_available_agent,
                });
                Way::Stop
            }
            CardKind::Question(_)
            | CardKind::InfoCapture(_)
            | CardKind::Document(_)
            | CardKind::AiAnswer(_) => {
                self.ask(card, None);
                Way::Stop
            }
        }
    }

    /// A branch asks the record, so what this step has set must be carried out first.
    fn choose(&mut self, card: &'a Card, branch: &'a Branch) -> Way<'a> {
        if self.effects.iter().any(Effect::changes_the_record) {
            self.state.phase = Phase::Continue { next: Some(card.id.clone()) };
            return Way::Stop;
        }
        let facts = self.profile.facts(self.stream.symbols(), self.at);
        let mut cases = self.stream.cases(card, branch);
        let taken = cases.find(|(_, criteria)| criteria.is_some_and(|criteria| criteria.holds(&facts)));
        let (case, next) = match taken {
            Some((case, _)) => (Some(case.name.clone()), case.next.as_ref()),
            None => (None, branch.otherwise.as_ref()),
        };
        self.passed(card, Passage::Branch { case });
        Way::On(next)
    }

    fn act(&mut self, card: &Card, action: &ActionCard) {
        for action in &action.actions {
            let effect = match action {
                Action::SetAttribute { attribute, value, overwrite } => {
                    let attribute = canonical_attribute(attribute);
                    if attribute == "person.email" {
                        continue;
                    }
                    let value = self.voice().plain(value).into();
                    Some(Effect::SetAttribute { attribute, value, overwrite: *overwrite })
                }
                Action::AddToList { list } => {
                    list.map(|list| Effect::ChangeList { list, change: ListChange::Add })
                }
                Action::RemoveFromList { list } => {
                    list.map(|list| Effect::ChangeList { list, change: ListChange::Remove })
                }
                Action::ChangeScore { by } => Some(Effect::ChangeScore { by: *by }),
                Action::InterestingMoment { moment, text } => {
                    Some(Effect::MarkMoment { moment: *moment, text: self.voice().plain(text) })
                }
                Action::CallWebhook { url } => {
                    Some(Effect::CallWebhook { card: card.id.clone(), url: url.clone() })
                }
            };
            self.effects.extend(effect);
        }
    }

    fn passed(&mut self, card: &Card, passage: Passage) {
        self.effects.push(Effect::Passed { card: card.id.clone(), passage });
    }

    fn say_fallback(&mut self, card: &Card, own: Option<&RichText>, handover: Handover) {
        match own.filter(|text| !text.is_blank()) {
            Some(text) => self.say(card, text),
            None => self.say(card, &self.profile.fallback(handover)),
        }
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
            CardKind::Document(document) => &document.text,
            CardKind::AiAnswer(ai) => match &ai.follow_up {
                Some(further) if self.state.answered_in_a_row(&card.id) > 0 => further,
                _ => &ai.text,
            },
            _ => return self.end(),
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
