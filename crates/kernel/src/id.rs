//! Typed, prefixed, time-ordered ids: `per_01j9…`. Inside they are UUIDs of version 7; outside they are opaque text.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{fmt, str::FromStr};
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TEXT_LENGTH: usize = 26;

/// The text is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid id: expected {prefix}_ and 26 letters or digits")]
pub struct InvalidId {
    /// The prefix that was expected, without the underscore.
    pub prefix: &'static str,
}

fn encode(uuid: Uuid) -> String {
    let mut number = uuid.as_u128();
    let mut text = [b'0'; TEXT_LENGTH];
    for slot in text.iter_mut().rev() {
        *slot = ALPHABET[(number & 31) as usize];
        number >>= 5;
    }
    text.iter().map(|b| char::from(*b)).collect()
}

fn decode(text: &str) -> Option<Uuid> {
    if text.len() != TEXT_LENGTH {
        return None;
    }
    let mut number: u128 = 0;
    for (index, byte) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|a| *a == byte)? as u128;
        if index == 0 && digit > 7 {
            return None;
        }
        number = (number << 5) | digit;
    }
    Some(Uuid::from_u128(number))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// What the text form begins with, without the underscore.
            pub const PREFIX: &'static str = $prefix;
            /// The number inside; for storage adapters only.
            pub const fn uuid(self) -> Uuid { self.0 }
        }
        impl From<Uuid> for $name { fn from(uuid: Uuid) -> Self { Self(uuid) } }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, concat!($prefix, "_{}"), encode(self.0)) }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
        }
        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix(concat!($prefix, "_")).and_then(decode).map(Self).ok_or(InvalidId { prefix: $prefix })
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A site (brand) that Usher serves.
    SiteId = "sit";
    /// One browser on one site.
    VisitorId = "vis";
    /// One visit of a visitor: page views with no pause of 30 minutes.
    VisitId = "vst";
    /// One page view.
    PageViewId = "pgv";
    /// The published dialogues of a site with which page views were decided.
    DecisionSnapshotId = "dsn";
    /// A person record.
    PersonId = "per";
    /// A company (account) record.
    CompanyId = "com";
    /// A custom attribute definition.
    AttributeId = "att";
    /// An immutable fact about a person.
    ActivityId = "act";
    /// A fixed set of people.
    ListId = "lst";
    /// A saved criteria over people and activities.
    SmartListId = "sml";
    /// A dialogue.
    DialogueId = "dlg";
    /// One immutable published version of a dialogue.
    VersionId = "ver";
    /// One run of a dialogue or flow.
    ConversationId = "cnv";
    /// One message of a conversation.
    MessageId = "msg";
    /// One request of a conversation for an agent.
    ChatId = "cht";
    /// A user of the console.
    UserId = "usr";
    /// A set of permissions.
    ProfileId = "prf";
    /// A signed-in browser of a user.
    SessionId = "ses";
    /// A browser of a user that takes pushed notifications.
    PushSubscriptionId = "psh";
    /// An API token.
    TokenId = "tok";
    /// An invitation or password reset.
    InvitationId = "inv";
    /// A row of the outbox.
    JobId = "job";
    /// An entry of the audit log.
    AuditId = "aud";
    /// A CSV import.
    ImportId = "imp";
    /// A document of the library.
    DocumentId = "doc";
    /// A goal of the library.
    GoalId = "gol";
    /// A text that agents keep at hand.
    CannedResponseId = "can";
    /// A question with its approved answer.
    ResponseId = "rsp";
    /// A question that nothing approved answers.
    QuestionId = "qst";
    /// A set of agents.
    TeamId = "tea";
    /// A routing rule.
    RoutingRuleId = "rul";
    /// A company whose visitors go to its owner.
    AccountId = "acc";
    /// One assignment of a visitor to an agent.
    AssignmentId = "asg";
    /// A stored file (avatars now, documents and attachments in their capabilities).
    FileId = "fil";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_round_trips_and_names_its_kind() {
        let id = PersonId::from(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
        let text = id.to_string();
        assert!(text.starts_with("per_"), "{text}");
        assert_eq!(text.parse::<PersonId>(), Ok(id));
        assert_eq!(text.parse::<VisitorId>(), Err(InvalidId { prefix: "vis" }));
    }

    #[test]
    fn foreign_letters_overflow_and_wrong_length_are_refused() {
        for bad in [
            "per_",
            "per_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "per_0000000000000000000000000u",
            "per_é0000000000000000000000000",
            "",
        ] {
            assert!(bad.parse::<PersonId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn text_order_is_time_order() {
        let early = PersonId::from(Uuid::from_u128(1 << 90)).to_string();
        let late = PersonId::from(Uuid::from_u128(1 << 100)).to_string();
        assert!(early < late);
    }
}
