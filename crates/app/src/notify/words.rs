//! What agents are told when they are called: which chat, on which site. Nothing of the visitor, whose words and name stay in
//! the console.

use super::About;
use kernel::ChatId;

/// In a line.
pub(super) const fn title(about: About) -> &'static str {
    match about {
        About::Offer => "A visitor asks for a chat",
        About::Message => "A visitor wrote to you",
        About::Missed => "You missed a chat",
        About::Unattended => "Nobody took a chat",
        About::Trial => "Notifications work",
    }
}

/// Where it is.
pub(super) fn place(dialogue: &str, site: &str) -> String {
    [dialogue, site].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Where to look, within the console.
pub(super) fn path(about: About, chat: Option<ChatId>) -> String {
    match (about, chat) {
        (About::Offer | About::Message, Some(chat)) => format!("/console/inbox?chat={chat}"),
        (About::Unattended, _) => "/console/inbox/board".to_owned(),
        (About::Trial, _) => "/console/me/notifications".to_owned(),
        _ => "/console/inbox".to_owned(),
    }
}

/// A whole mail.
pub(super) fn letter(about: About, place: &str, link: &str) -> String {
    let why = match about {
        About::Offer => "Whoever is asked has a little time to take the chat; then the next agent is asked.",
        About::Message => "Nobody has read it yet.",
        About::Missed => "You were asked to take it and did not answer in time.",
        About::Unattended => "The visitor was told that nobody is there.",
        About::Trial => "You asked for this mail.",
    };
    let head = title(about);
    let head = if place.is_empty() { head.to_owned() } else { format!("{head}: {place}") };
    format!(
        "{head}\n\n{why}\n\n{link}\n\nYou get this because you chose it under Me, Notifications, in the console.\n"
    )
}
