//! The graph that authors draw: cards and where each leads. A draft may be incomplete; [`crate::check`] says what
//! keeps it from being published, so nothing but the JSON's shape is refused here.

use kernel::RichText;
use serde::{Deserialize, Serialize};

/// Names a card within its stream: `[a-z0-9_-]{1,40}`.
pub type CardId = String;

/// What a dialogue says and asks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// The first card.
    pub start: CardId,
    /// The cards in the author's order; at most [`crate::MAX_CARDS`].
    pub cards: Vec<Card>,
}

impl Stream {
    /// The card with this id; the first one when an unfinished draft has two.
    pub fn card(&self, id: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.id == id)
    }
}

/// One step of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Unique in its stream.
    pub id: CardId,
    /// What authors call it; also the name of its answer in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it does.
    #[serde(flatten)]
    pub kind: CardKind,
}

/// What a card does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CardKind {
    /// Says something and goes on.
    Message(Message),
    /// Offers responses and waits.
    Question(Question),
    /// Asks for values and waits.
    InfoCapture(InfoCapture),
    /// Marks a goal reached and goes on; invisible to the visitor.
    Goal(Goal),
}

/// Says something and goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// What is said; may hold tokens.
    pub text: RichText,
    /// The next card; none ends the branch.
    pub next: Option<CardId>,
}

/// Offers responses and waits for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What is asked; may hold tokens.
    pub text: RichText,
    /// How the responses look.
    pub style: ResponseStyle,
    /// 2 to 20 responses.
    pub responses: Vec<Response>,
    /// The branch for typed text that matches no response. Without it such text is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_text: Option<AnyText>,
    /// Where the answer is stored (`person.x` or `company.x`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Whether the answer replaces a value that is there; always when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overwrite: Option<Overwrite>,
}

/// How a question's responses look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseStyle {
    /// A row of buttons.
    Buttons,
    /// A list, one a line.
    List,
}

/// One answer that a question offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// Unique in its question.
    pub id: String,
    /// What the visitor reads.
    pub label: String,
    /// What is stored instead of the label when the question has an attribute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored_value: Option<String>,
    /// The next card; none ends the branch.
    pub next: Option<CardId>,
}

/// The branch of a question for text that matches no response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnyText {
    /// The next card; none ends the branch.
    pub next: Option<CardId>,
}

/// Asks for one or more values and waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InfoCapture {
    /// What is asked; may hold tokens.
    pub text: RichText,
    /// 1 to 10 fields.
    pub fields: Vec<Field>,
    /// Pass over the card when every field's attribute has a value already.
    pub skip_if_known: bool,
    /// False: the visitor may skip the card, and may leave fields empty.
    pub required: bool,
    /// The next card; none ends the branch.
    pub next: Option<CardId>,
}

/// One value that an info capture card asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Unique in its card.
    pub id: String,
    /// What kind of value.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// What the visitor reads.
    pub label: String,
    /// Shown in the empty field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// The choices of a picklist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<String>>,
    /// Where the value is stored (`person.x` or `company.x`); see [`Field::target`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute: Option<String>,
    /// Whether the value replaces one that is there.
    pub overwrite: Overwrite,
    /// What the visitor reads when the value is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation_message: Option<String>,
    /// Which e-mail addresses are refused, besides the site's blocked domains.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refuse: Vec<Refuse>,
}

impl Field {
    /// Where the value is stored: the author's choice, and `person.email` for an e-mail field without one.
    pub fn target(&self) -> Option<&str> {
        match (self.attribute.as_deref(), self.kind) {
            (Some(attribute), _) => Some(attribute),
            (None, FieldKind::Email) => Some("person.email"),
            (None, _) => None,
        }
    }
}

/// What kind of value a field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines, at most [`crate::MAX_TEXT`] characters.
    LongText,
    /// An e-mail address.
    Email,
    /// A telephone number, stored in E.164.
    Phone,
    /// A number.
    Number,
    /// A day, `2026-11-20`.
    Date,
    /// A web address.
    Url,
    /// One of the author's options.
    Picklist,
    /// A checkbox; when the card is required it must be ticked.
    Consent,
}

/// Whether a new value replaces one that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Overwrite {
    /// It does.
    #[default]
    Always,
    /// Only an empty one.
    IfEmpty,
}

/// A class of e-mail addresses that a field refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refuse {
    /// Addresses of free mail providers.
    Free,
    /// Throw-away addresses.
    Disposable,
}

/// Marks a goal reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// The goal's name, shared between dialogues.
    pub goal: String,
    /// The next card; none ends the branch.
    pub next: Option<CardId>,
}
