//! The graph that authors draw: cards and where each leads. A draft may be incomplete; [`crate::check`] says what
//! keeps it from being published, so nothing but the JSON's shape is refused here.

use crate::handover::{LiveChat, Meeting};
use criteria::Criteria;
use kernel::{DialogueId, DocumentId, ListId, RichText};
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

    /// The flows that its cards run.
    pub fn flows(&self) -> impl Iterator<Item = DialogueId> + '_ {
        self.cards.iter().filter_map(|card| match &card.kind {
            CardKind::Flow(flow) => flow.flow,
            _ => None,
        })
    }

    /// The documents that its cards show.
    pub fn documents(&self) -> impl Iterator<Item = DocumentId> + '_ {
        self.cards.iter().filter_map(|card| match &card.kind {
            CardKind::Document(shown) => shown.document,
            _ => None,
        })
    }

    /// The names of the goals that its cards reach.
    pub fn goals(&self) -> impl Iterator<Item = &str> {
        self.cards.iter().filter_map(|card| match &card.kind {
            CardKind::Goal(goal) => Some(goal.goal.as_str()),
            _ => None,
        })
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
    /// Shows a document inside the chat and waits until the visitor has seen enough.
    Document(Document),
    /// Offers free slots of a calendar.
    Meeting(Meeting),
    /// Hands over to an agent.
    LiveChat(LiveChat),
    /// Marks a goal reached and goes on; invisible to the visitor.
    Goal(Goal),
    /// Does something with the record and goes on; invisible to the visitor.
    Action(ActionCard),
    /// Chooses the way on by criteria; invisible to the visitor.
    Branch(Branch),
    /// Runs a conversational flow and goes on.
    Flow(Flow),
    /// Takes free questions and answers them from approved knowledge.
    AiAnswer(AiAnswer),
    /// Continues at another card.
    Jump(Jump),
}

impl CardKind {
    /// The name of the kind, as in JSON (`info_capture`).
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Question(_) => "question",
            Self::InfoCapture(_) => "info_capture",
            Self::Document(_) => "document",
            Self::Meeting(_) => "meeting",
            Self::LiveChat(_) => "live_chat",
            Self::Goal(_) => "goal",
            Self::Action(_) => "action",
            Self::Branch(_) => "branch",
            Self::Flow(_) => "flow",
            Self::AiAnswer(_) => "ai_answer",
            Self::Jump(_) => "jump",
        }
    }
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

/// Shows a document inside the chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What is said with it; may hold tokens.
    pub text: RichText,
    /// Which document of the library; none in an unfinished draft.
    pub document: Option<DocumentId>,
    /// What the visitor clicks to go on; the widget's own word when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continue_label: Option<String>,
    /// The next card; none ends the branch.
    pub next: Option<CardId>,
}

/// Does something with the record and goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionCard {
    /// What is done, in this order; 1 to 20.
    pub actions: Vec<Action>,
    /// The next card; none ends the branch.
    pub next: Option<CardId>,
}

/// One thing that an action card does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Sets an attribute of the person or company.
    SetAttribute {
        /// `person.x` or `company.x`; never `person.email`.
        attribute: String,
        /// The value as text of the attribute's type; may hold tokens.
        value: String,
        /// Whether it replaces a value that is there.
        #[serde(default)]
        overwrite: Overwrite,
    },
    /// Adds the person to a list.
    AddToList {
        /// Which list; none in an unfinished draft.
        list: Option<ListId>,
    },
    /// Removes the person from a list.
    RemoveFromList {
        /// Which list; none in an unfinished draft.
        list: Option<ListId>,
    },
    /// Changes the score.
    ChangeScore {
        /// By how many points, -1,000 to 1,000, not 0.
        by: i32,
    },
    /// Marks an interesting moment for the salesperson.
    InterestingMoment {
        /// Of which type.
        moment: MomentType,
        /// What to say of it; may hold tokens.
        text: String,
    },
    /// Calls a webhook with the conversation so far.
    CallWebhook {
        /// `https://…`
        url: String,
    },
}

/// The type of an interesting moment (spec 08).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MomentType {
    /// About an e-mail.
    Email,
    /// About a visit of the website.
    Web,
    /// A point reached.
    Milestone,
}

/// Chooses the way on by criteria.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// Asked in this order; the first that holds is taken. 1 to 20.
    pub cases: Vec<Case>,
    /// The way when none holds; none ends the branch.
    pub otherwise: Option<CardId>,
}

/// One way of a branch card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Unique in its card.
    pub id: String,
    /// What authors call it.
    pub name: String,
    /// When it is taken.
    pub criteria: Criteria,
    /// The next card; none ends the branch.
    pub next: Option<CardId>,
}

/// Runs a conversational flow as a part of this stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Which flow; none in an unfinished draft.
    pub flow: Option<DialogueId>,
    /// The card after the flow's end; none ends the branch.
    pub next: Option<CardId>,
}

/// Takes free questions and answers them from approved knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AiAnswer {
    /// The invitation to ask; may hold tokens.
    pub text: RichText,
    /// What is said before a further question is taken; may hold tokens. The invitation again when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<RichText>,
    /// How many questions are taken, 1 to 5.
    pub questions: u8,
    /// What a language model is told, where one is set up.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub instructions: String,
    /// Only responses with one of these topics are used; all when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    /// What is said when nothing approved answers the question; may hold tokens.
    pub fallback: RichText,
    /// The next card after the last answer, or when the visitor has no more questions; none ends the branch.
    pub next: Option<CardId>,
    /// The next card after the fallback; none ends the branch.
    pub not_answered: Option<CardId>,
}

/// Continues at another card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jump {
    /// The card; none in an unfinished draft.
    pub to: Option<CardId>,
}
