//! What goes into a step of a conversation and what comes out of it.

use crate::{
    card::{CardId, MomentType, Overwrite},
    handover::{ChatOutcome, Handover, Routing},
    message::{Answer, AnswerRecord, MessageContent, MessageFrom, MessageKind, OfferedDocument, Waiting},
    state::ConversationState,
};
use criteria::{Facts, Symbols};
use kernel::{DocumentId, Email, ListId, Phone, RichText, Timestamp};
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "snake_case")]
pub enum Input {
    /// The dialogue begins.
    Start,
    /// The visitor answered a card.
    Answer {
        /// The card that the visitor saw waiting.
        card: CardId,
        /// What was answered.
        answer: Answer,
    },
    /// The visitor wants to answer an earlier card again.
    Back {
        /// That card.
        card: CardId,
    },
    /// The visitor wants to start again.
    Restart,
    /// What the last step did is carried out (see [`ConversationState::must_continue`]); not a visitor's input.
    Continue,
    /// The visitor opened the document of the card that waits. The card goes on waiting.
    OpenDocument {
        /// That card.
        card: CardId,
    },
    /// The chat with an agent is over, or there was none (see [`ConversationState::with_people`]); not a visitor's input.
    ChatEnded {
        /// How.
        outcome: ChatOutcome,
    },
    /// The question of the last step was looked up (see [`ConversationState::asked`]); not a visitor's input.
    Knowledge {
        /// The answer with its sources; none when nothing approved answers it.
        answer: Option<RichText>,
    },
}

/// One input with what belongs to it.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// What happened.
    pub input: &'a Input,
    /// The id that the client made for it; an id applied before is refused with [`Refused::AlreadyApplied`]. None for
    /// what the service itself does ([`Input::Start`], [`Input::Continue`]).
    pub client_id: Option<&'a str>,
    /// Now.
    pub at: Timestamp,
}

/// The new state and what is to be done, in this order, in one transaction with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The new state.
    pub state: ConversationState,
    /// What is to be done.
    pub effects: Vec<Effect>,
}

/// Something to be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// Show a text of the dialogue.
    Say {
        /// The card.
        card: CardId,
        /// Rendered.
        text: RichText,
    },
    /// Show a question or a form and wait; always the last effect of a step.
    Ask {
        /// The card.
        card: CardId,
        /// Rendered.
        text: RichText,
        /// What may be answered.
        waiting: Waiting,
    },
    /// Show what the visitor answered.
    Answered {
        /// The card.
        card: CardId,
        /// The answer as text of the visitor.
        text: RichText,
        /// The answer in parts.
        answer: AnswerRecord,
    },
    /// Set an attribute of the person or the company to what the visitor gave.
    SetAttribute {
        /// `person.x` or `company.x`; never `person.email`.
        attribute: String,
        /// A JSON scalar of the field's type; an answer to a question is text, to be read as the attribute's type.
        value: serde_json::Value,
        /// Whether it replaces a value that is there.
        overwrite: Overwrite,
    },
    /// The visitor claims an identity: decide who it is (spec 03), then call again with [`Input::Continue`].
    GiveEmail {
        /// The address.
        email: Email,
    },
    /// The visitor gave a telephone number (also set as attribute when the field has one).
    GivePhone {
        /// The number.
        phone: Phone,
    },
    /// Add the person to a list, or remove him or her.
    ChangeList {
        /// The list.
        list: ListId,
        /// What is done.
        change: ListChange,
    },
    /// Change the person's score.
    ChangeScore {
        /// By how many points.
        by: i32,
    },
    /// Mark an interesting moment.
    MarkMoment {
        /// Of which type.
        moment: MomentType,
        /// What is said of it, rendered.
        text: String,
    },
    /// Call a webhook.
    CallWebhook {
        /// The action card.
        card: CardId,
        /// Where.
        url: String,
    },
    /// Look a question up in the approved knowledge, then call again with [`Input::Knowledge`].
    AskKnowledge {
        /// The card that took it.
        card: CardId,
        /// The question.
        question: String,
        /// Only responses with one of these topics; all when empty.
        topics: Vec<String>,
    },
    /// The visitor opened a document.
    OpenDocument {
        /// The card that shows it.
        card: CardId,
        /// The document.
        document: DocumentId,
    },
    /// Find an agent for the visitor, then call again with [`Input::ChatEnded`] when the chat is over or cannot be.
    RequestChat {
        /// The live chat card.
        card: CardId,
        /// Who is asked.
        routing: Routing,
        /// Ask any available agent when those cannot be had.
        any_available_agent: bool,
    },
    /// A card that the visitor does not see was passed (goals say so themselves).
    Passed {
        /// The card.
        card: CardId,
        /// What it did.
        passage: Passage,
    },
    /// A goal is reached.
    ReachGoal {
        /// Its name.
        goal: String,
        /// The goal card.
        card: CardId,
    },
    /// Mark messages as superseded, from where [`crate::message::superseded_from`] says on to the end.
    Supersede {
        /// The card that is asked again; none: the conversation starts again.
        from_card: Option<CardId>,
    },
    /// The first answer was given (spec 03, resolution rule 5).
    Engaged,
    /// The end of a branch was reached for the first time (rule 6).
    Completed,
}

/// How a card was passed that the visitor does not see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "passage", rename_all = "snake_case")]
pub enum Passage {
    /// An action card did what it does.
    Action,
    /// A branch card chose a way.
    Branch {
        /// The name of the case that held; none when none did.
        case: Option<String>,
    },
    /// A flow begins.
    Flow,
    /// The stream goes on elsewhere.
    Jump,
}

/// What is done to a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListChange {
    /// The person is added.
    Add,
    /// The person is removed.
    Remove,
}

impl Effect {
    /// True when what follows in the stream may depend on it being carried out.
    pub(crate) const fn changes_the_record(&self) -> bool {
        matches!(
            self,
            Self::SetAttribute { .. }
                | Self::GiveEmail { .. }
                | Self::ChangeList { .. }
                | Self::ChangeScore { .. }
        )
    }

    /// The card that it comes from.
    pub fn card(&self) -> Option<&str> {
        match self {
            Self::Say { card, .. }
            | Self::Ask { card, .. }
            | Self::Answered { card, .. }
            | Self::CallWebhook { card, .. }
            | Self::AskKnowledge { card, .. }
            | Self::OpenDocument { card, .. }
            | Self::RequestChat { card, .. }
            | Self::Passed { card, .. }
            | Self::ReachGoal { card, .. } => Some(card),
            _ => None,
        }
    }

    /// The message to store, when the effect is one.
    pub fn message(&self) -> Option<MessageContent> {
        let (from, kind, card, text, answer) = match self {
            Self::Say { card, text } => (MessageFrom::Bot, MessageKind::Text, card, text, None),
            Self::Ask { card, text, waiting } => (MessageFrom::Bot, waiting.message_kind(), card, text, None),
            Self::Answered { card, text, answer } => {
                (MessageFrom::Visitor, MessageKind::Answer, card, text, Some(answer.clone()))
            }
            _ => return None,
        };
        Some(MessageContent { from, kind, card_id: Some(card.clone()), text: text.clone(), answer })
    }
}

/// The words shown beside the icon before the chat is opened: those of the first card that says something (spec 02,
/// poke). `effects` are those of [`Input::Start`].
pub fn poke(effects: &[Effect]) -> Option<String> {
    effects.iter().find_map(Effect::message).map(|message| message.text.to_plain())
}

/// What the engine asks about the visitor. The service builds it from what the request already loaded.
pub trait Profile {
    /// The text of an attribute (`person.first_name`, `company.size`, `visit.path`) that this visitor may see; none when
    /// empty or not theirs to see (spec 03, claimed is not proven).
    fn shown(&self, attribute: &str) -> Option<String>;
    /// Whether an attribute has a value, be it shown or not.
    fn is_known(&self, attribute: &str) -> bool;
    /// The country guessed from the visit (ISO 3166, two letters).
    fn country(&self) -> Option<&str>;
    /// Whether the site blocks e-mail addresses of this domain.
    fn is_blocked_domain(&self, domain: &str) -> bool;
    /// What branches ask about, of the person as he or she stands in the record now.
    fn facts(&self, symbols: &Symbols, at: Timestamp) -> Facts;
    /// A document of the library.
    fn document(&self, id: DocumentId) -> Option<OfferedDocument>;
    /// What the site says when nobody can be reached.
    fn fallback(&self, handover: Handover) -> RichText;
}

/// Why an input has no effect. The state stays as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// This very input was applied before: answer with the current state.
    #[error("the input was applied before")]
    AlreadyApplied,
    /// The card is not the one that waits: answer with the current state.
    #[error("the card does not wait for an answer")]
    NotCurrent,
    /// The values are not what the card asked for.
    #[error("the answer does not fit")]
    Invalid(Vec<FieldError>),
}

/// One value that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// JSON pointer into the request: `/input/values/<field id>`, `/input/text`, `/input/response_id`.
    pub field: String,
    /// Why, for programs.
    pub code: FieldCode,
    /// Why, for people: the author's words where there are some, else English.
    pub message: String,
}

/// Why a value was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    /// Not an e-mail address.
    EmailSyntax,
    /// An address of a class or domain that is not taken.
    EmailRefused,
    /// Not a telephone number.
    Phone,
    /// Not a number.
    Number,
    /// Not a day.
    Date,
    /// Not a web address.
    Url,
    /// Empty, or not ticked.
    Required,
    /// Not one of the options, or no such field.
    Option,
    /// Over the limit.
    TooLong,
}
