//! What appears in a conversation: messages, what the visitor may answer, and what was answered.
//! Sequence numbers, times and storage belong to the service.

use crate::card::{CardId, FieldKind, ResponseStyle};
use kernel::{DocumentId, RichText};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageFrom {
    /// The dialogue.
    Bot,
    /// The visitor.
    Visitor,
    /// Usher itself, about the conversation.
    System,
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// A message card's text.
    Text,
    /// A question's text.
    Question,
    /// An info capture card's text.
    Info,
    /// A document card's text.
    Document,
    /// The invitation to ask freely.
    AiAnswer,
    /// What the visitor answered.
    Answer,
    /// A remark of Usher.
    Notice,
}

/// What a message holds, rendered: tokens are replaced by values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageContent {
    /// Who speaks.
    pub from: MessageFrom,
    /// What it is.
    pub kind: MessageKind,
    /// The card it came from or answers.
    pub card_id: Option<CardId>,
    /// The text as shown.
    pub text: RichText,
    /// What was answered; only on answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<AnswerRecord>,
}

/// What the visitor answered at a card, for transcripts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerRecord {
    /// The card answered.
    pub card_id: CardId,
    /// The response chosen, if one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response_id: Option<String>,
    /// The values sent, if values were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Vec<AnsweredValue>>,
    /// True when the card was skipped.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skipped: bool,
}

/// The index of the first message that [`crate::Effect::Supersede`] marks, in the messages that are not superseded yet,
/// oldest first: the question that the last answer at this card answered; with no card, the very first message.
pub fn superseded_from(live: &[MessageContent], from_card: Option<&str>) -> Option<usize> {
    let Some(card) = from_card else { return (!live.is_empty()).then_some(0) };
    let of_card = |message: &MessageContent| message.card_id.as_deref() == Some(card);
    let answer = live.iter().rposition(|m| m.kind == MessageKind::Answer && of_card(m))?;
    live[..answer].iter().rposition(|m| m.kind != MessageKind::Answer && of_card(m))
}

/// One value of an answer, as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsweredValue {
    /// The field's label.
    pub label: String,
    /// The value as text.
    pub value: String,
}

/// What a visitor sends in answer to the waiting card (the `input` of the visitor API).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// One of the responses offered.
    Response {
        /// Its id.
        response_id: String,
    },
    /// Typed text.
    Text {
        /// As typed.
        text: String,
    },
    /// Values by field id.
    Values {
        /// Texts, and true or false for consent; absent fields are empty.
        values: BTreeMap<String, FieldInput>,
    },
    /// Nothing, where the card allows it.
    Skip,
    /// The visitor has seen enough of what the card shows.
    Continue,
}

/// What a visitor put into one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldInput {
    /// A ticked or unticked box.
    Ticked(bool),
    /// Anything typed or chosen.
    Text(String),
}

/// What the conversation waits for, as the widget draws it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Waiting {
    /// A choice.
    Question {
        /// The card.
        card_id: CardId,
        /// How the responses look.
        style: ResponseStyle,
        /// What may be chosen.
        responses: Vec<OfferedResponse>,
        /// Whether any typed text is taken.
        allow_text: bool,
    },
    /// A form.
    Info {
        /// The card.
        card_id: CardId,
        /// What is asked for.
        fields: Vec<OfferedField>,
        /// Whether the card may be skipped.
        skippable: bool,
    },
    /// A document to be looked at; going on is [`Answer::Continue`].
    Document {
        /// The card.
        card_id: CardId,
        /// What is shown; none when the document is gone.
        document: Option<OfferedDocument>,
        /// What the visitor clicks to go on; the widget's own word when not given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        continue_label: Option<String>,
    },
    /// A free question, as [`Answer::Text`]; no more questions is [`Answer::Skip`].
    AiAnswer {
        /// The card.
        card_id: CardId,
        /// How many more questions are taken, this one included.
        questions_left: u8,
    },
    /// An agent, or the end of the chat with one: the visitor writes messages, which are no answers.
    LiveChat {
        /// The card.
        card_id: CardId,
    },
}

impl Waiting {
    /// The card that waits.
    pub fn card_id(&self) -> &str {
        match self {
            Self::Question { card_id, .. }
            | Self::Info { card_id, .. }
            | Self::Document { card_id, .. }
            | Self::AiAnswer { card_id, .. }
            | Self::LiveChat { card_id } => card_id,
        }
    }

    /// What the message is called with which it is asked.
    pub const fn message_kind(&self) -> MessageKind {
        match self {
            Self::Question { .. } => MessageKind::Question,
            Self::Info { .. } => MessageKind::Info,
            Self::Document { .. } => MessageKind::Document,
            Self::AiAnswer { .. } => MessageKind::AiAnswer,
            Self::LiveChat { .. } => MessageKind::Text,
        }
    }
}

/// A document as the visitor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedDocument {
    /// Its id.
    pub id: DocumentId,
    /// What it is called.
    pub name: String,
    /// Where the viewer fetches it.
    pub url: String,
    /// How many pages it has, when that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pages: Option<u32>,
}

/// A response as the visitor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedResponse {
    /// What is sent back.
    pub id: String,
    /// What is read.
    pub label: String,
}

/// A field as the visitor sees it: no word of where the value goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedField {
    /// Key of the value sent back.
    pub id: String,
    /// What kind of value.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// What is read.
    pub label: String,
    /// Shown in the empty field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// The choices of a picklist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<String>>,
    /// The author's words for a refused value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_message: Option<String>,
    /// A value to start with, only one that this visitor may see (spec 03, claimed is not proven).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}
