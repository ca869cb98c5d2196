//! What the engine's effects do to the conversation, the person and the log.

use super::{
    MessageBody, identity,
    request::Did,
    setting,
    telling::Place,
    unit::{Opened, Refusal, Unit},
    view::{from, kind},
};
use crate::{
    AppError,
    caller::Caller,
    livechat::{self, Asked},
    memory::Known,
    webhooks::WebhookPayload,
};
use criteria::{Catalog, ListRef};
use engagement::ActivityType;
use kernel::{DocumentId, Email, ListId, RichText};
use people::Rung;
use serde_json::json;
use store::{Message, MessageFrom, Tx, UnansweredQuestion};
use stream::{
    CardKind, ConversationState, Effect, ListChange, MessageContent, MomentType, Passage, Step,
    message::superseded_from,
};

/// What marks the message that a request made.
pub(super) struct Mark {
    pub client_id: String,
    pub digest: String,
}

/// Something that an effect makes of the record, kept until all messages are made.
enum Change {
    Value(setting::Offer),
    List(ListId, ListChange),
    Score(i32),
}

/// What an effect that is no message leaves in the transcript: the card and a sentence.
pub(crate) fn event(effect: &Effect) -> Option<(&str, String)> {
    let (card, sentence) = match effect {
        Effect::ReachGoal { goal, card } => (card, format!("Goal reached: {goal}")),
        Effect::Passed { card, passage } => (card, sentence(passage)),
        _ => return None,
    };
    Some((card, sentence))
}

fn sentence(passage: &Passage) -> String {
    match passage {
        Passage::Action => "An action was carried out.".to_owned(),
        Passage::Branch { case: Some(case) } => format!("Branch taken: {case}"),
        Passage::Branch { case: None } => "Branch taken: otherwise".to_owned(),
        Passage::Flow => "A flow began.".to_owned(),
        Passage::Jump => "The conversation went on at another card.".to_owned(),
    }
}

impl Unit<'_> {
    pub(super) async fn carry_out(
        &mut self,
        tx: &mut dyn Tx,
        caller: &Caller,
        known: &Known,
        step: Step,
        mut mark: Option<Mark>,
    ) -> Result<(), Refusal> {
        self.stand_at(step.state);
        let mut changes = Vec::new();
        for effect in step.effects {
            self.put_down(&effect, &mut mark);
            match effect {
                Effect::SetAttribute { attribute, value, overwrite } => {
                    changes.push(Change::Value(setting::offer(&attribute, value, overwrite)));
                }
                Effect::ChangeList { list, change } => changes.push(Change::List(list, change)),
                Effect::ChangeScore { by } => changes.push(Change::Score(by)),
                Effect::GiveEmail { email } => self.identify(tx, caller, known, email).await?,
                Effect::OpenDocument { card, document } => self.opened(card, document),
                Effect::CallWebhook { card, url } => self.call(card, url),
                Effect::RequestChat { card, routing, any_available_agent } => {
                    let asked = Asked { card, routing, any_available_agent };
                    self.chat_over = livechat::request(self, tx, known, asked).await?;
                }
                Effect::Supersede { from_card } => self.supersede(tx, from_card.as_deref()).await?,
                Effect::MarkMoment { .. }
                | Effect::ReachGoal { .. }
                | Effect::Engaged
                | Effect::Completed
                | Effect::Say { .. }
                | Effect::Ask { .. }
                | Effect::Answered { .. }
                | Effect::AskKnowledge { .. }
                | Effect::Passed { .. }
                | Effect::GivePhone { .. } => {}
            }
        }
        if !changes.is_empty() {
            self.change_record(tx, known, changes).await?;
        }
        Ok(())
    }

    async fn identify(
        &mut self,
        tx: &mut dyn Tx,
        caller: &Caller,
        known: &Known,
        email: Email,
    ) -> Result<(), AppError> {
        let bearer = self.bearer(tx, known).await?;
        let before = bearer.person.id;
        let given = identity::Given {
            email,
            site: &caller.site,
            visitor: self.conversation.visitor_id,
            proof: Rung::Claimed,
            origin: self.origin(Rung::Claimed),
        };
        let (bearer, moved) = identity::give(self.showing.app, tx, given, bearer).await?;
        if moved.history {
            self.telling.moved(before, bearer.person.id);
        }
        self.conversation.person_id = bearer.person.id;
        if moved.linked {
            let more = json!({ "rung": bearer.rung, "from": before });
            self.telling.of(ActivityType::Linked, &self.conversation, &self.version().name, more);
        }
        self.bearer = Some(bearer);
        self.acquired();
        Ok(())
    }

    /// Carries out a step of which every effect stays within the conversation and the log.
    pub(super) fn note_down(&mut self, step: Step, mut mark: Option<Mark>) {
        self.stand_at(step.state);
        for effect in &step.effects {
            self.put_down(effect, &mut mark);
        }
    }

    fn stand_at(&mut self, state: ConversationState) {
        self.conversation.epoch += state.epoch - self.conversation.state.epoch;
        self.conversation.state = state;
    }

    /// What an effect leaves in the transcript and the log; the mark goes with the answer.
    fn put_down(&mut self, effect: &Effect, mark: &mut Option<Mark>) {
        if let Effect::ReachGoal { goal, card } = effect {
            return self.goal(card, goal);
        }
        if let Some(content) = effect.message() {
            let mark = mark.take_if(|_| content.answer.is_some());
            self.say(content, mark);
        } else if let Some((card, sentence)) = event(effect) {
            self.note(Some(card.to_owned()), &sentence, None);
        }
        match effect {
            Effect::MarkMoment { moment, text } => self.moment(*moment, text),
            Effect::Engaged => self.engaged(),
            Effect::Completed => self.completed(),
            _ => {}
        }
    }

    /// Values first, in one go; then what is counted up, then lists.
    async fn change_record(
        &mut self,
        tx: &mut dyn Tx,
        known: &Known,
        changes: Vec<Change>,
    ) -> Result<(), Refusal> {
        let mut bearer = self.bearer(tx, known).await?;
        let (mut values, mut points, mut lists) = (Vec::new(), 0_i64, Vec::new());
        for change in changes {
            match change {
                Change::Value(offer) => values.push(offer),
                Change::Score(by) => points += i64::from(by),
                Change::List(list, change) => lists.push((list, change)),
            }
        }
        if !values.is_empty() {
            let place = setting::Setting {
                site: self.showing.site,
                place: Place::of(&self.conversation, &self.version().name),
            };
            let origin = self.origin(bearer.rung);
            setting::apply(self.showing.app, tx, place, &mut bearer, values, &origin, &mut self.telling)
                .await?;
        }
        if points != 0 {
            let (old, new) = bearer.add_to_score(points, &self.origin(bearer.rung));
            let more = json!({ "old": old, "new": new, "by": points });
            self.telling.of(ActivityType::ScoreChanged, &self.conversation, &self.version().name, more);
        }
        // Whoever is put on a list must be in the store.
        if !lists.is_empty() {
            bearer.store(tx, self.showing.now).await?;
        }
        for (list, change) in lists {
            if self.change_list(tx, &bearer, list, change).await? {
                bearer.lists_changed(list, change);
                self.person_changed = true;
            }
        }
        self.bearer = Some(bearer);
        Ok(())
    }

    /// True when the membership changed. A list that was deleted since the publication has no members.
    async fn change_list(
        &mut self,
        tx: &mut dyn Tx,
        bearer: &identity::Bearer,
        list: ListId,
        change: ListChange,
    ) -> Result<bool, AppError> {
        let Some(name) = self.showing.site.catalog.list_name(ListRef::List(list)) else { return Ok(false) };
        let people = [bearer.person.id];
        let (changed, activity) = match change {
            ListChange::Add => {
                let added = tx.add_to_list(list, &people, None, self.showing.now).await?;
                (!added.is_empty(), ActivityType::ListAdded)
            }
            ListChange::Remove => {
                let removed = tx.remove_from_list(list, &people).await?;
                (!removed.is_empty(), ActivityType::ListRemoved)
            }
        };
        if changed {
            let more = json!({ "list": list, "list_name": name, "by": self.version().name });
            self.telling.of(activity, &self.conversation, &self.version().name, more);
        }
        Ok(changed)
    }

    /// The approved answer to the question that an answer card took; one that has none is kept for the library.
    pub(super) async fn look_up(
        &mut self,
        tx: &mut dyn Tx,
        card: &str,
        question: &str,
    ) -> Result<Option<RichText>, AppError> {
        let card = self.version().stream.card(card);
        let topics = match card.map(|card| &card.kind) {
            Some(CardKind::AiAnswer(ai)) => ai.topics.as_slice(),
            _ => &[],
        };
        let found = crate::knowledge::answer(self.showing.site, question, topics);
        if found.is_none() {
            let now = self.showing.now;
            let asked = UnansweredQuestion {
                id: self.showing.app.id(now),
                question: question.chars().take(knowledge::MAX_QUESTION).collect(),
                times: 1,
                first_at: now,
                last_at: now,
                dialogue_id: self.conversation.dialogue_id,
                conversation_id: self.conversation.id,
                person_id: self.conversation.person_id,
            };
            tx.note_unanswered(&asked).await?;
        }
        Ok(found)
    }

    fn moment(&mut self, moment: MomentType, text: &str) {
        let more = json!({ "moment": moment, "text": text });
        self.telling.of(ActivityType::InterestingMoment, &self.conversation, &self.version().name, more);
    }

    fn say(&mut self, content: MessageContent, mark: Option<Mark>) {
        let body = MessageBody {
            answer: content.answer,
            request: mark.as_ref().map(|mark| mark.digest.clone()),
            ..MessageBody::of(content.text)
        };
        let client_id = mark.map(|mark| mark.client_id);
        self.message(from(content.from), kind(content.kind), content.card_id, body, client_id);
    }

    fn message(
        &mut self,
        from: MessageFrom,
        kind: &str,
        card_id: Option<String>,
        body: MessageBody,
        client_id: Option<String>,
    ) {
        self.conversation.last_seq += 1;
        self.fresh.push(Message {
            id: self.showing.app.id(self.showing.now),
            seq: self.conversation.last_seq,
            from,
            kind: kind.to_owned(),
            card_id,
            body: serde_json::to_value(body).unwrap_or_default(),
            superseded: false,
            client_id,
            author_id: None,
            at: self.showing.now,
        });
    }

    /// A sentence for the transcript.
    fn note(&mut self, card: Option<String>, sentence: &str, mark: Option<Mark>) {
        let (client_id, request) = match mark {
            Some(mark) => (Some(mark.client_id), Some(mark.digest)),
            None => (None, None),
        };
        let body = MessageBody { request, ..MessageBody::of(RichText::plain(sentence)) };
        self.message(MessageFrom::System, "event", card, body, client_id);
    }

    /// What the visitor did beside answering stands in the transcript, and carries the client's id; an answer carries
    /// it itself, so its mark is given back.
    pub(super) fn event_of(&mut self, what: &Did, mark: Mark) -> Option<Mark> {
        let sentence = match what {
            Did::Answered { .. } => return Some(mark),
            Did::WentBack { .. } => "The visitor went back to an earlier question.".to_owned(),
            Did::Restarted => "The visitor started again.".to_owned(),
            Did::OpenedDocument { card } => self.opening_sentence(card),
        };
        self.note(None, &sentence, Some(mark));
        None
    }

    fn opening_sentence(&self, card: &str) -> String {
        let shown = self.version().stream.card(card).and_then(|card| match &card.kind {
            CardKind::Document(shown) => shown.document,
            _ => None,
        });
        match shown.and_then(|id| self.showing.site.documents.get(&id)) {
            Some(document) => format!("The visitor opened the document “{}”.", document.name),
            None => "The visitor opened the document.".to_owned(),
        }
    }

    /// A document that was removed since the publication cannot be opened.
    fn opened(&mut self, card: String, document: DocumentId) {
        let Some(offered) = self.showing.site.documents.get(&document) else { return };
        let pages = offered.pages.unwrap_or_default();
        let more = json!({ "document": document, "document_name": offered.name, "pages": pages });
        self.telling.of(ActivityType::Document, &self.conversation, &self.version().name, more);
        self.opened.push(Opened { card, document, pages });
    }

    /// Told is the conversation so far.
    fn call(&mut self, card: String, url: String) {
        let call = WebhookPayload {
            url,
            dialogue: self.version().name.clone(),
            conversation: self.conversation.id,
            card,
            seq: self.conversation.last_seq,
            at: self.showing.now,
        };
        self.calls.push(call.job(self.showing.app));
    }

    /// A version that is older than the goal's name tells of it by the present one.
    fn goal(&mut self, card: &str, goal: &str) {
        let goal = self.showing.site.goals.shown(goal.to_owned());
        self.note(Some(card.to_owned()), &format!("Goal reached: {goal}"), None);
        let more = json!({ "goal": goal });
        self.telling.of(ActivityType::Goal, &self.conversation, &self.version().name, more);
        self.conversation.goals.push(goal);
    }

    fn engaged(&mut self) {
        if self.conversation.engaged_at.replace(self.showing.now).is_none() {
            let more = json!({ "status": "initiated" });
            self.telling.of(ActivityType::Engaged, &self.conversation, &self.version().name, more);
        }
    }

    fn completed(&mut self) {
        if self.conversation.completed_at.is_none() {
            self.conversation.completed_at = Some(self.showing.now);
            let more = json!({ "status": "completed" });
            self.telling.of(ActivityType::Completed, &self.conversation, &self.version().name, more);
        }
    }

    fn acquired(&mut self) {
        self.person_changed = true;
        if self.conversation.acquired_at.is_none() {
            self.conversation.acquired_at = Some(self.showing.now);
            self.telling.of(ActivityType::Acquired, &self.conversation, &self.version().name, json!({}));
        }
    }

    async fn supersede(&mut self, tx: &mut dyn Tx, from_card: Option<&str>) -> Result<(), AppError> {
        let stored = tx.messages(self.conversation.id, 0).await?;
        let live: Vec<(u64, MessageContent)> = stored
            .iter()
            .filter(|message| !message.superseded && message.from != MessageFrom::System)
            .filter_map(|message| Some((message.seq, content(message)?)))
            .collect();
        let contents: Vec<MessageContent> = live.iter().map(|(_, content)| content.clone()).collect();
        let Some(first) = superseded_from(&contents, from_card) else { return Ok(()) };
        let seqs: Vec<u64> = live[first..].iter().map(|(seq, _)| *seq).collect();
        Ok(tx.supersede_messages(self.conversation.id, &seqs).await?)
    }
}

/// As the engine said it, or as the visitor answered it; what people said to each other is neither.
fn content(message: &Message) -> Option<MessageContent> {
    let body: MessageBody = serde_json::from_value(message.body.clone()).ok()?;
    let kind = serde_json::from_value(message.kind.as_str().into()).ok()?;
    let from = match message.from {
        MessageFrom::Bot => stream::MessageFrom::Bot,
        MessageFrom::Visitor if message.kind == "answer" => stream::MessageFrom::Visitor,
        MessageFrom::Visitor | MessageFrom::Agent => return None,
        MessageFrom::System => stream::MessageFrom::System,
    };
    Some(MessageContent {
        from,
        kind,
        card_id: message.card_id.clone(),
        text: body.text,
        answer: body.answer,
    })
}
