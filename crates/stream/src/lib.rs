//! Streams: the cards of a dialogue, their checks, tokens in texts, and the engine that walks them.
//!
//! Pure: `advance(version, state, input, profile, now) → (state, effects)` (spec 04). What an effect *does* (a row,
//! a mail, a person's attribute) is the business of the service that called; here it is only decided.
//!
//! A further kind of card is a variant of [`CardKind`], if it waits for the visitor a variant of [`Waiting`] and
//! [`Answer`], and if it does something in the world a variant of [`Effect`].

mod answer;
pub mod card;
pub mod check;
mod compiled;
pub mod engine;
mod exits;
pub mod handover;
pub mod mail_domains;
pub mod message;
mod offer;
pub mod rehearsal;
pub mod script;
pub mod state;
pub mod tokens;
mod walk;

pub use card::{
    Action, ActionCard, AiAnswer, AnyText, Branch, Card, CardId, CardKind, Case, Document, Field, FieldKind,
    Flow, Goal, InfoCapture, Jump, Message, MomentType, Overwrite, Question, Refuse, Response, ResponseStyle,
    Stream,
};
pub use check::{CheckContext, Checks, Finding, FlowFacts, check};
pub use compiled::{CompiledStream, Surroundings};
pub use engine::{
    Effect, FieldCode, FieldError, Input, ListChange, Passage, Profile, Refused, Step, Turn, poke,
};
pub use exits::Exit;
pub use handover::{ChatOutcome, Handover, LiveChat, Meeting, Routing};
pub use message::{
    Answer, AnswerRecord, AnsweredValue, FieldInput, MessageContent, MessageFrom, MessageKind,
    OfferedDocument, OfferedField, OfferedResponse, Waiting,
};
pub use offer::waiting;
pub use rehearsal::{Rehearsal, Room};
pub use script::{Script, ScriptFailure, ScriptResult, ScriptStep};
pub use state::{ConversationState, Interface, Phase, Visited};
pub use walk::advance;

/// The longest text a visitor may send, in characters (spec 02).
pub const MAX_TEXT: usize = 4_000;
/// The most cards a stream may have (spec 04).
pub const MAX_CARDS: usize = 500;
/// The fewest responses of a question (spec 04).
pub const MIN_RESPONSES: usize = 2;
/// The most responses of a question (spec 04).
pub const MAX_RESPONSES: usize = 20;
/// The most fields of an info capture card.
pub const MAX_FIELDS: usize = 10;
/// The most actions of an action card.
pub const MAX_ACTIONS: usize = 20;
/// The most cases of a branch card.
pub const MAX_CASES: usize = 20;
/// The most free questions that one card takes (spec 04).
pub const MAX_QUESTIONS: u8 = 5;
