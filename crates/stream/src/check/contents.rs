//! What is inside a card: responses, fields, attributes, goals.

use super::{CheckContext, Found, texts};
use crate::{
    MAX_FIELDS, MAX_RESPONSES, MIN_RESPONSES,
    card::{Card, CardKind, Field, FieldKind, Goal, InfoCapture, Question, Stream},
    compiled::{CompiledStream, Surroundings},
    tokens::{TokenCatalog, canonical_attribute},
};
use criteria::AttributeType;
use kernel::text::fold;
use std::collections::HashSet;

/// A field that makes an anonymous visitor known.
pub(super) fn identifies(field: &Field) -> bool {
    field.kind == FieldKind::Email
        && field.target().map(canonical_attribute).as_deref() == Some("person.email")
}

/// What the contents of a card may refer to.
pub(super) struct Scope<'a> {
    pub(super) context: &'a CheckContext<'a>,
    stream: CompiledStream,
}

impl TokenCatalog for Scope<'_> {
    fn has_attribute(&self, attribute: &str) -> bool {
        (self.context.attribute_type)(attribute).is_some()
    }
    fn has_answer(&self, card: &str) -> bool {
        self.stream.answered_card(card).is_some()
    }
}

impl<'a> Scope<'a> {
    pub(super) fn new(stream: &Stream, context: &'a CheckContext<'a>) -> Self {
        let surroundings = Surroundings { flow: context.flow_stream, catalog: context.catalog };
        Self { context, stream: CompiledStream::within(stream.clone(), &surroundings) }
    }

    pub(super) fn check(&self, card: &Card, found: &mut Found) {
        match &card.kind {
            CardKind::Message(message) => texts::check_rich(card, &message.text, self, found),
            CardKind::Question(question) => self.check_question(card, question, found),
            CardKind::InfoCapture(info) => self.check_info(card, info, found),
            CardKind::Goal(goal) => self.check_goal(card, goal, found),
            CardKind::Document(document) => self.check_document(card, document, found),
            CardKind::Meeting(meeting) => self.check_meeting(card, meeting, found),
            CardKind::LiveChat(chat) => self.check_live_chat(card, chat, found),
            CardKind::Action(action) => self.check_action(card, action, found),
            CardKind::Branch(branch) => self.check_branch(card, branch, found),
            CardKind::Flow(flow) => self.check_flow(card, flow.flow, found),
            CardKind::AiAnswer(ai) => self.check_ai_answer(card, ai, found),
            CardKind::Jump(jump) => {
                if jump.to.is_none() {
                    found.error(card, "to", "The jump leads nowhere.");
                }
            }
        }
    }

    fn check_goal(&self, card: &Card, goal: &Goal, found: &mut Found) {
        if goal.goal.trim().is_empty() {
            found.error(card, "goal", "The goal has no name.");
        } else if self.context.has_goal.is_some_and(|has_goal| !has_goal(&goal.goal)) {
            found.error(card, "goal", &format!("There is no goal “{}”.", goal.goal));
        }
    }

    fn check_question(&self, card: &Card, question: &Question, found: &mut Found) {
        texts::check_rich(card, &question.text, self, found);
        let count = question.responses.len();
        if !(MIN_RESPONSES..=MAX_RESPONSES).contains(&count) {
            let message =
                format!("A question has {MIN_RESPONSES} to {MAX_RESPONSES} responses; this one has {count}.");
            found.error(card, "responses", &message);
        }
        self.check_responses(card, question, found);
        if let Some(attribute) = &question.attribute {
            self.check_answer_attribute(card, question, attribute, found);
        }
    }

    fn check_responses(&self, card: &Card, question: &Question, found: &mut Found) {
        let (mut ids, mut labels) = (HashSet::new(), HashSet::new());
        for (index, response) in question.responses.iter().enumerate() {
            let label = format!("responses/{index}/label");
            texts::check_line(card, &label, &response.label, self, found);
            if response.id.is_empty() || !ids.insert(response.id.as_str()) {
                let message = "Every response needs an id of its own.";
                found.error(card, &format!("responses/{index}/id"), message);
            }
            if !response.label.trim().is_empty() && !labels.insert(fold(&response.label)) {
                let message = format!(
                    "Two responses are called “{}”: whoever types it reaches only the first.",
                    response.label
                );
                found.warning(card, &label, &message);
            }
        }
    }

    /// Both what is chosen and what is typed must be storable.
    fn check_answer_attribute(&self, card: &Card, question: &Question, attribute: &str, found: &mut Found) {
        let Some(kind) = self.writable(card, "attribute", attribute, found) else { return };
        if canonical_attribute(attribute) == "person.email" {
            found.error(card, "attribute", "Only an e-mail field can set person.email.");
            return;
        }
        for (index, response) in question.responses.iter().enumerate() {
            let (field, stored) = match &response.stored_value {
                Some(value) if !value.trim().is_empty() => ("stored_value", value),
                _ => ("label", &response.label),
            };
            if let Err(reason) = kind.parse_text(stored) {
                let message = format!("“{stored}” cannot be stored in {attribute}: it {reason}.");
                found.error(card, &format!("responses/{index}/{field}"), &message);
            }
        }
        if question.free_text.is_some() && kind != AttributeType::Text {
            let message = format!("Typed text cannot be stored in {attribute}, which is not a text.");
            found.error(card, "attribute", &message);
        }
    }

    fn check_info(&self, card: &Card, info: &InfoCapture, found: &mut Found) {
        texts::check_rich(card, &info.text, self, found);
        let count = info.fields.len();
        if !(1..=MAX_FIELDS).contains(&count) {
            let message = format!("A form has 1 to {MAX_FIELDS} fields; this one has {count}.");
            found.error(card, "fields", &message);
        }
        let (mut ids, mut targets) = (HashSet::new(), HashSet::new());
        for (index, field) in info.fields.iter().enumerate() {
            let at = format!("fields/{index}");
            if field.id.is_empty() || !ids.insert(field.id.as_str()) {
                found.error(card, &format!("{at}/id"), "Every field needs an id of its own.");
            }
            if let Some(target) = field.target().map(canonical_attribute)
                && !targets.insert(target.clone())
            {
                let message = format!("Two fields of this card set {target}.");
                found.error(card, &format!("{at}/attribute"), &message);
            }
            self.check_field(card, &at, field, found);
        }
    }

    fn check_field(&self, card: &Card, at: &str, field: &Field, found: &mut Found) {
        texts::check_line(card, &format!("{at}/label"), &field.label, self, found);
        let placeholder = field.placeholder.as_deref().unwrap_or_default();
        texts::check_tokens(card, &format!("{at}/placeholder"), placeholder, self, found);
        let own_words = field.validation_message.as_deref().unwrap_or_default();
        texts::check_tokens(card, &format!("{at}/validation_message"), own_words, self, found);
        if field.kind == FieldKind::Picklist {
            check_options(card, at, field, found);
        }
        if !field.refuse.is_empty() && field.kind != FieldKind::Email {
            found.error(card, &format!("{at}/refuse"), "Only an e-mail field can refuse addresses.");
        }
        if let Some(target) = field.target() {
            self.check_field_attribute(card, &format!("{at}/attribute"), field, target, found);
        }
    }

    fn check_field_attribute(&self, card: &Card, at: &str, field: &Field, target: &str, found: &mut Found) {
        let Some(kind) = self.writable(card, at, target, found) else { return };
        if canonical_attribute(target) == "person.email" && field.kind != FieldKind::Email {
            found.error(card, at, "Only an e-mail field can set person.email.");
        } else if !fits(field.kind, kind) {
            let message = format!(
                "What this field takes cannot be stored in {target}, which is of the type {}.",
                kind.as_str()
            );
            found.error(card, at, &message);
        }
    }

    /// The type of an attribute that an answer may set.
    pub(super) fn writable(
        &self,
        card: &Card,
        at: &str,
        attribute: &str,
        found: &mut Found,
    ) -> Option<AttributeType> {
        let name = canonical_attribute(attribute);
        let kind = (self.context.attribute_type)(&name);
        if kind.is_none() {
            found.error(card, at, &format!("There is no attribute {attribute}."));
        } else if !name.starts_with("person.") && !name.starts_with("company.") {
            let message = format!("{attribute} cannot be set: only attributes of a person or company can.");
            found.error(card, at, &message);
            return None;
        } else if is_kept_by_usher(&name) {
            found.error(card, at, &format!("{attribute} cannot be set: Usher keeps it itself."));
            return None;
        }
        kind
    }
}

fn is_kept_by_usher(attribute: &str) -> bool {
    let standard = attribute.parse().ok().and_then(|path| criteria::standard::find(&path));
    standard.is_some_and(|standard| !standard.editable)
}

fn check_options(card: &Card, at: &str, field: &Field, found: &mut Found) {
    let options = field.options.as_deref().unwrap_or_default();
    let at = format!("{at}/options");
    if options.is_empty() {
        found.error(card, &at, "A picklist needs at least one option.");
    }
    if options.iter().any(|option| option.trim().is_empty()) {
        found.error(card, &at, "An option is empty.");
    }
    let mut seen = HashSet::new();
    if let Some(twice) = options.iter().find(|option| !seen.insert(option.trim())) {
        found.error(card, &at, &format!("The option “{twice}” is there twice."));
    }
}

/// Which values an attribute of a type can hold.
fn fits(field: FieldKind, attribute: AttributeType) -> bool {
    match field {
        FieldKind::Text | FieldKind::LongText | FieldKind::Phone | FieldKind::Picklist => {
            attribute == AttributeType::Text
        }
        FieldKind::Email => matches!(attribute, AttributeType::Email | AttributeType::Text),
        FieldKind::Url => matches!(attribute, AttributeType::Url | AttributeType::Text),
        FieldKind::Number => attribute.is_numeric(),
        FieldKind::Date => attribute == AttributeType::Date,
        FieldKind::Consent => attribute == AttributeType::Boolean,
    }
}
