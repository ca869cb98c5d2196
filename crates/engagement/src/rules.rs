//! When each activity is written and how often it counts (spec 08, *Activities*; spec 03, resolution rules 5 to 7).

use crate::ActivityType;

/// How often an activity may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HowOften {
    /// Once per conversation, however often the page is reloaded, in however many tabs.
    OncePerConversation,
    /// Every time it happens.
    EveryTime,
}

/// The rule of one activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountingRule {
    /// Which activity.
    pub kind: ActivityType,
    /// When it is written, for people.
    pub when: &'static str,
    /// How often.
    pub how_often: HowOften,
}

const fn once(kind: ActivityType, when: &'static str) -> CountingRule {
    CountingRule { kind, when, how_often: HowOften::OncePerConversation }
}

const fn every(kind: ActivityType, when: &'static str) -> CountingRule {
    CountingRule { kind, when, how_often: HowOften::EveryTime }
}

/// The rule of an activity.
pub const fn rule(kind: ActivityType) -> CountingRule {
    match kind {
        ActivityType::Triggered => once(kind, "a visitor qualifies for a dialogue or flow and is shown it"),
        ActivityType::Engaged => {
            once(kind, "the visitor first answers a prompt; opening the chat is not enough")
        }
        ActivityType::Completed => once(kind, "the end of a branch is reached"),
        ActivityType::Dropped => {
            once(kind, "an engaged conversation has seen nothing from the visitor for 24 hours")
        }
        ActivityType::Acquired => once(kind, "the visitor gives an e-mail address"),
        ActivityType::Goal => every(kind, "a goal card is passed"),
        ActivityType::Document => every(kind, "the visitor opens a document"),
        ActivityType::InterestingMoment => every(kind, "a card marks a moment for the salesperson"),
        ActivityType::ScoreChanged => every(kind, "points are added to the score or taken away"),
        ActivityType::FilledForm => every(kind, "the visitor sends a form of a page"),
        ActivityType::VisitedPage => every(kind, "a page is visited"),
        ActivityType::AttributeChanged => every(kind, "a value changes"),
        ActivityType::ListAdded => every(kind, "the person is added to a list"),
        ActivityType::ListRemoved => every(kind, "the person is removed from a list"),
        ActivityType::Merged => every(kind, "another record is merged into this one"),
        ActivityType::Linked => every(kind, "a visitor claims to be this person"),
        ActivityType::ConsentGiven => every(kind, "consent is given"),
        ActivityType::ConsentWithdrawn => every(kind, "consent is withdrawn"),
        ActivityType::Imported => every(kind, "an import makes or changes the person"),
        ActivityType::LiveChatRequested => every(kind, "a live chat card asks for an agent"),
        ActivityType::LiveChatInitiated => once(kind, "an agent takes a chat of the conversation"),
        ActivityType::LiveChatMissed => every(kind, "nobody takes a chat that was asked for"),
        ActivityType::LiveChatEnded => every(kind, "a chat with an agent ends"),
        ActivityType::LiveChatRated => every(kind, "the visitor rates a chat"),
    }
}

/// All rules, in the order of the vocabulary.
pub fn rules() -> impl Iterator<Item = CountingRule> {
    ActivityType::ALL.into_iter().map(rule)
}

/// Whether a conversation has at most one activity of this type.
pub const fn once_per_conversation(kind: ActivityType) -> bool {
    matches!(rule(kind).how_often, HowOften::OncePerConversation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_counts_its_stages_once_and_its_goals_every_time() {
        let once: Vec<&str> = rules()
            .filter(|rule| rule.how_often == HowOften::OncePerConversation)
            .map(|rule| rule.kind.name())
            .collect();
        assert_eq!(once, ["triggered", "engaged", "completed", "dropped", "acquired", "live_chat_initiated"]);
        assert!(!once_per_conversation(ActivityType::Goal));
    }
}
