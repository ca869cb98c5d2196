//! What the visitor sees of a waiting card, with tokens rendered.

use crate::{
    card::{AiAnswer, Card, CardKind, Document, Field, InfoCapture, Question},
    compiled::CompiledStream,
    engine::Profile,
    message::{OfferedField, OfferedResponse, Waiting},
    state::{ConversationState, Visited},
    tokens::{self, TokenPath, TokenSource},
};
use kernel::RichText;

/// What the conversation waits for now; the same as the last [`crate::Effect::Ask`] said, for a client that comes back.
pub fn waiting(stream: &CompiledStream, state: &ConversationState, profile: &dyn Profile) -> Option<Waiting> {
    if let Some(card) = state.with_people() {
        return Some(Waiting::LiveChat { card_id: card.to_owned() });
    }
    let card = stream.card(state.waiting_card()?)?;
    Voice { stream, state, profile }.offer(card, None)
}

/// Puts values into texts: first what the visitor gave in this conversation, then what the profile may show.
pub(crate) struct Voice<'a> {
    pub stream: &'a CompiledStream,
    pub state: &'a ConversationState,
    pub profile: &'a dyn Profile,
}

impl TokenSource for Voice<'_> {
    fn value(&self, path: &TokenPath) -> Option<String> {
        match path {
            TokenPath::Attribute(attribute) => self.attribute(attribute),
            TokenPath::Answer(name) => {
                let card = self.stream.answered_card(name)?;
                self.state.answer_at(card).map(str::to_owned)
            }
            TokenPath::Context(name) => self.state.context.get(name).cloned(),
            // Known once an agent or a meeting belongs to the conversation; their default stands until then.
            TokenPath::Agent(_) | TokenPath::Meeting(_) => None,
        }
    }
}

impl Voice<'_> {
    pub(crate) fn plain(&self, text: &str) -> String {
        tokens::render(text, self)
    }

    pub(crate) fn rich(&self, text: &RichText) -> RichText {
        text.map_text(|span| self.plain(span))
    }

    fn attribute(&self, attribute: &str) -> Option<String> {
        let given = self.state.given(attribute).map(str::to_owned);
        given.or_else(|| self.profile.shown(attribute))
    }

    /// The waiting card as the visitor sees it; `before` is what was answered there the last time.
    pub(crate) fn offer(&self, card: &Card, before: Option<&Visited>) -> Option<Waiting> {
        match &card.kind {
            CardKind::Question(question) => Some(self.offer_question(card, question)),
            CardKind::InfoCapture(info) => Some(self.offer_info(card, info, before)),
            CardKind::Document(document) => Some(self.offer_document(card, document)),
            CardKind::AiAnswer(ai) => Some(self.offer_question_time(card, ai)),
            CardKind::Message(_)
            | CardKind::Meeting(_)
            | CardKind::LiveChat(_)
            | CardKind::Goal(_)
            | CardKind::Action(_)
            | CardKind::Branch(_)
            | CardKind::Flow(_)
            | CardKind::Jump(_) => None,
        }
    }

    fn offer_document(&self, card: &Card, document: &Document) -> Waiting {
        Waiting::Document {
            card_id: card.id.clone(),
            document: document.document.and_then(|id| self.profile.document(id)),
            continue_label: document.continue_label.as_deref().map(|label| self.plain(label)),
        }
    }

    fn offer_question_time(&self, card: &Card, ai: &AiAnswer) -> Waiting {
        let asked = u8::try_from(self.state.answered_in_a_row(&card.id)).unwrap_or(u8::MAX);
        Waiting::AiAnswer {
            card_id: card.id.clone(),
            questions_left: ai.questions.saturating_sub(asked).max(1),
        }
    }

    fn offer_question(&self, card: &Card, question: &Question) -> Waiting {
        let responses = question.responses.iter();
        let offered = |response: &crate::card::Response| OfferedResponse {
            id: response.id.clone(),
            label: self.plain(&response.label),
        };
        Waiting::Question {
            card_id: card.id.clone(),
            style: question.style,
            responses: responses.map(offered).collect(),
            allow_text: question.free_text.is_some(),
        }
    }

    fn offer_info(&self, card: &Card, info: &InfoCapture, before: Option<&Visited>) -> Waiting {
        Waiting::Info {
            card_id: card.id.clone(),
            fields: info.fields.iter().map(|field| self.offer_field(field, before)).collect(),
            skippable: !info.required,
        }
    }

    fn offer_field(&self, field: &Field, before: Option<&Visited>) -> OfferedField {
        OfferedField {
            id: field.id.clone(),
            kind: field.kind,
            label: self.plain(&field.label),
            placeholder: field.placeholder.as_deref().map(|text| self.plain(text)),
            options: field.options.clone(),
            validation_message: field.validation_message.as_deref().map(|text| self.plain(text)),
            value: self.prefill(field, before),
        }
    }

    fn prefill(&self, field: &Field, before: Option<&Visited>) -> Option<String> {
        let attribute = tokens::canonical_attribute(field.target()?);
        let before = before.and_then(|visited| visited.given.get(&attribute)).cloned();
        before.or_else(|| self.attribute(&attribute)).filter(|value| !value.is_empty())
    }
}
