//! The activity: one immutable fact about a person (spec 08).

use kernel::{ActivityId, ConversationId, DialogueId, PersonId, SiteId, Timestamp, VisitorId};
use serde::{Deserialize, Serialize};

/// What happened. The names are stable: they are stored and stand in the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActivityType {
    /// A visitor qualified for a dialogue or flow and was shown it.
    Triggered,
    /// First click on a prompt of a dialogue or flow.
    Engaged,
    /// The end of a branch was reached.
    Completed,
    /// An engaged conversation saw nothing from the visitor for 24 hours.
    Dropped,
    /// An e-mail address was given.
    Acquired,
    /// A goal card was passed.
    Goal,
    /// A document of a document card was opened.
    Document,
    /// An interesting moment was marked.
    InterestingMoment,
    /// The score changed.
    ScoreChanged,
    /// A form of a page was sent.
    FilledForm,
    /// A page was visited.
    VisitedPage,
    /// A value changed.
    AttributeChanged,
    /// Added to a list.
    ListAdded,
    /// Removed from a list.
    ListRemoved,
    /// Another record was merged into this one.
    Merged,
    /// A visitor was linked to this person on a claim.
    Linked,
    /// Consent was given.
    ConsentGiven,
    /// Consent was withdrawn.
    ConsentWithdrawn,
    /// Created or changed by an import.
    Imported,
    /// An agent was asked for.
    LiveChatRequested,
    /// An agent took the chat: the visitor is engaged with an agent.
    LiveChatInitiated,
    /// Nobody took the chat.
    LiveChatMissed,
    /// A chat with an agent ended.
    LiveChatEnded,
    /// The visitor rated a chat.
    LiveChatRated,
}

impl ActivityType {
    /// Every type, in the order of the declaration.
    pub const ALL: [Self; 24] = [
        Self::Triggered,
        Self::Engaged,
        Self::Completed,
        Self::Dropped,
        Self::Acquired,
        Self::Goal,
        Self::Document,
        Self::InterestingMoment,
        Self::ScoreChanged,
        Self::FilledForm,
        Self::VisitedPage,
        Self::AttributeChanged,
        Self::ListAdded,
        Self::ListRemoved,
        Self::Merged,
        Self::Linked,
        Self::ConsentGiven,
        Self::ConsentWithdrawn,
        Self::Imported,
        Self::LiveChatRequested,
        Self::LiveChatInitiated,
        Self::LiveChatMissed,
        Self::LiveChatEnded,
        Self::LiveChatRated,
    ];

    /// The stored name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Triggered => "triggered",
            Self::Engaged => "engaged",
            Self::Completed => "completed",
            Self::Dropped => "dropped",
            Self::Acquired => "acquired",
            Self::Goal => "goal",
            Self::Document => "document",
            Self::InterestingMoment => "interesting_moment",
            Self::ScoreChanged => "score_changed",
            Self::FilledForm => "filled_form",
            Self::VisitedPage => "visited_page",
            Self::AttributeChanged => "attribute_changed",
            Self::ListAdded => "list_added",
            Self::ListRemoved => "list_removed",
            Self::Merged => "merged",
            Self::Linked => "linked",
            Self::ConsentGiven => "consent_given",
            Self::ConsentWithdrawn => "consent_withdrawn",
            Self::Imported => "imported",
            Self::LiveChatRequested => "live_chat_requested",
            Self::LiveChatInitiated => "live_chat_initiated",
            Self::LiveChatMissed => "live_chat_missed",
            Self::LiveChatEnded => "live_chat_ended",
            Self::LiveChatRated => "live_chat_rated",
        }
    }

    /// The type for a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }
}

/// One fact about a person. Never changed; only its person moves when records are joined or merged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// Time-ordered id.
    pub id: ActivityId,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: ActivityType,
    /// To whom.
    pub person_id: PersonId,
    /// By which browser, if by one.
    pub visitor_id: Option<VisitorId>,
    /// On which site.
    pub site_id: Option<SiteId>,
    /// In which dialogue or flow.
    pub dialogue_id: Option<DialogueId>,
    /// In which conversation.
    pub conversation_id: Option<ConversationId>,
    /// When it happened.
    pub at: Timestamp,
    /// Details by type: `page_url`, `dialogue_name`, `goal`, `status`, `attribute`, `old`, `new`, `rung`…
    pub attributes: serde_json::Map<String, serde_json::Value>,
}
