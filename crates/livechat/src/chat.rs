//! A chat and its parts.

use kernel::{ChatId, ConversationId, Timestamp, UserId};
use routing::Wish;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a chat stands; a conversation without a chat is automated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody is being asked at this moment.
    Waiting,
    /// One agent is being asked.
    Offered,
    /// An agent talks to the visitor.
    WithAgent,
    /// It is over.
    Ended,
}

/// How a chat ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// An agent ended the session.
    EndedByAgent,
    /// The visitor ended it.
    EndedByVisitor,
    /// Neither said anything for too long.
    TimedOut,
    /// It was offered, and nobody took it.
    Missed,
    /// Nobody was there: it was never offered.
    Nobody,
    /// The visitor gave up while waiting.
    Cancelled,
}

/// As what somebody is in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Whose chat it is: one at a time.
    Owner,
    /// Helps.
    Guest,
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferResult {
    /// The agent may still answer.
    Open,
    /// Taken.
    Accepted,
    /// Not answered in time.
    Missed,
    /// Refused.
    Declined,
    /// There is nothing to be answered any more.
    Withdrawn,
}

/// A chat offered to an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// To whom.
    pub agent: UserId,
    /// As what.
    pub role: Role,
    /// Since when.
    pub at: Timestamp,
    /// Until when it can be answered.
    pub answer_by: Timestamp,
    /// What became of it.
    pub result: OfferResult,
    /// The agent who hands over or invites; none when routing chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<UserId>,
    /// What that agent wrote with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Offer {
    /// Whether the agent may still answer.
    pub fn is_open(&self) -> bool {
        self.result == OfferResult::Open
    }
    /// Whether the visitor waits for the answer: routing chose, and nobody is with the visitor.
    pub(crate) fn is_first(&self) -> bool {
        self.role == Role::Owner && self.from.is_none()
    }
}

/// An agent who is or was in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Who.
    pub agent: UserId,
    /// As what (last).
    pub role: Role,
    /// Since when (last).
    pub joined_at: Timestamp,
    /// Until when; none while in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_at: Option<Timestamp>,
}

/// Whom the card asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Who.
    pub wish: Wish,
    /// Any available agent when those cannot be had; only for the first choice.
    pub any_available_agent: bool,
}

/// What was known of the visitor's browser when the chat was requested, for choosing again later.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Background {
    /// Domain of the company that was inferred from the network address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inferred_domain: Option<String>,
    /// The visitor's language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Attributes of the visit by path, as text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub visit: BTreeMap<String, String>,
}

/// One request of a conversation for an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chat {
    /// Stable id.
    pub id: ChatId,
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// The card that asked.
    pub card_id: String,
    /// Whom it asks for.
    pub wanted: Wanted,
    /// What was known of the browser.
    #[serde(default)]
    pub background: Background,
    /// Where it stands.
    pub state: State,
    /// How it ended.
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// Everybody who was asked, oldest first.
    #[serde(default)]
    pub offers: Vec<Offer>,
    /// Whom routing asked since the visitor last began to wait.
    #[serde(default)]
    pub tried: Vec<UserId>,
    /// Everybody who is or was in it, in the order of joining first.
    #[serde(default)]
    pub agents: Vec<Participant>,
    /// Why these were asked, in sentences.
    #[serde(default)]
    pub explanation: Vec<String>,
    /// When it was requested.
    pub requested_at: Timestamp,
    /// When an agent first took it.
    #[serde(default)]
    pub accepted_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// Until when the visitor waits; none while somebody is there.
    #[serde(default)]
    pub waits_until: Option<Timestamp>,
    /// The last word that was looked at.
    pub talked_at: Timestamp,
    /// When a silent chat ends, once both were told.
    #[serde(default)]
    pub ends_at: Option<Timestamp>,
    /// 0 to 3, by an agent; stands once the chat ended.
    #[serde(default)]
    pub score: Option<u8>,
    /// 1 to 5, by the visitor.
    #[serde(default)]
    pub rating: Option<u8>,
    /// The visitor's words with it.
    #[serde(default)]
    pub rating_comment: Option<String>,
    /// Rises by one with every stored change; set by the store.
    #[serde(default)]
    pub revision: u64,
}

impl Chat {
    /// A request that nobody was asked for yet.
    pub fn requested(
        id: ChatId,
        conversation_id: ConversationId,
        card_id: String,
        wanted: Wanted,
        background: Background,
        at: Timestamp,
        rules: &crate::Rules,
    ) -> Self {
        Self {
            id,
            conversation_id,
            card_id,
            wanted,
            background,
            state: State::Waiting,
            outcome: None,
            offers: Vec::new(),
            tried: Vec::new(),
            agents: Vec::new(),
            explanation: Vec::new(),
            requested_at: at,
            accepted_at: None,
            ended_at: None,
            waits_until: Some(at + rules.wait()),
            talked_at: at,
            ends_at: None,
            score: None,
            rating: None,
            rating_comment: None,
            revision: 0,
        }
    }

    /// Whose it is.
    pub fn owner(&self) -> Option<UserId> {
        self.present().find(|one| one.role == Role::Owner).map(|one| one.agent)
    }

    /// Whose it is or was last.
    pub fn last_owner(&self) -> Option<UserId> {
        let owners = self.agents.iter().filter(|one| one.role == Role::Owner);
        // Who is in it comes after all who left.
        owners.max_by_key(|one| (one.left_at.is_none(), one.left_at, one.joined_at)).map(|one| one.agent)
    }

    /// Who is in it.
    pub fn present(&self) -> impl Iterator<Item = &Participant> {
        self.agents.iter().filter(|one| one.left_at.is_none())
    }

    /// Whether an agent is in it.
    pub fn has(&self, agent: UserId) -> bool {
        self.present().any(|one| one.agent == agent)
    }

    /// The offers that can be answered.
    pub fn open_offers(&self) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(|offer| offer.is_open())
    }

    /// The offer that an agent may answer.
    pub fn offer_to(&self, agent: UserId) -> Option<&Offer> {
        self.open_offers().find(|offer| offer.agent == agent)
    }

    /// True once it is over.
    pub fn is_over(&self) -> bool {
        self.state == State::Ended
    }

    /// When time next changes something.
    pub fn due_at(&self, rules: &crate::Rules) -> Option<Timestamp> {
        let offers = self.open_offers().map(|offer| offer.answer_by).min();
        let own = match self.state {
            State::Waiting | State::Offered => self.waits_until,
            State::WithAgent => {
                Some(self.ends_at.unwrap_or_else(|| self.talked_at + rules.idle() - rules.warning()))
            }
            State::Ended => None,
        };
        [offers, own].into_iter().flatten().min()
    }

    /// What must hold at every moment; the name of what does not.
    pub fn unsound(&self) -> Option<&'static str> {
        let owners = self.present().filter(|one| one.role == Role::Owner).count();
        let asked = self.open_offers().filter(|offer| offer.is_first()).count();
        let there = self.present().count();
        let open = self.open_offers().count();
        let wrong = match self.state {
            State::Waiting => there > 0 || open > 0 || self.waits_until.is_none(),
            State::Offered => there > 0 || asked != 1 || open != 1 || self.waits_until.is_none(),
            State::WithAgent => owners != 1 || asked > 0 || self.accepted_at.is_none(),
            State::Ended => there > 0 || open > 0 || self.outcome.is_none() || self.ended_at.is_none(),
        };
        let early = !self.is_over() && (self.outcome.is_some() || self.ended_at.is_some());
        match (wrong, early) {
            (true, _) => Some("agents, offers and state do not fit"),
            (_, true) => Some("it has an outcome before its end"),
            _ => None,
        }
    }
}
