//! The demo's conversational flows: what pages start by themselves or after a form.

use super::dialogues::{ask, capture, field, goal, say, text};
use serde_json::{Value as Json, json};

/// A flow to be made.
pub struct Flow {
    /// By which pages of the website call it: `%FLOW_…%`.
    pub slug: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// How it appears when the page does not say.
    pub interface: &'static str,
    /// The cards.
    pub stream: Json,
}

/// All of them.
pub fn flows() -> Vec<Flow> {
    vec![help(), plan(), large(), small()]
}

fn help() -> Flow {
    let useful = [("yes", "Yes", Some("glad")), ("no", "Not quite", Some("where"))];
    let stream = json!({ "start": "ask", "cards": [
        { "id": "ask", "title": "Question", "kind": "ai_answer",
          "text": text("Ask me about prices, sensors, pilots or alarms. I answer with what our engineers have approved."),
          "follow_up": text("Anything else?"), "questions": 3,
          "fallback": text("I have no approved answer to that. I have noted it for our engineers."),
          "next": "useful", "not_answered": "where" },
        ask("useful", "Useful", "Did that help?", &useful),
        say("glad", "I am glad.", None),
        capture("where", "Where may an engineer write to you?", &[field("email", "email", "Work e-mail", "person.email")], "wanted"),
        goal("wanted", "Engineer wanted", "soon"),
        say("soon", "Thank you. You will hear from us within a working day.", None),
    ]});
    Flow {
        slug: "HELP",
        name: "Questions and answers",
        description: "Answers visitors of the help page from the response library, inside the page.",
        interface: "inline",
        stream,
    }
}

fn plan() -> Flow {
    let goods = [
        ("food", "Food", Some("pallets")),
        ("medicines", "Medicines", Some("network")),
        ("other", "Something else", Some("pallets")),
    ];
    let sizes = [
        ("few", "Fewer than 500", Some("start")),
        ("some", "500 to 10,000", Some("growth")),
        ("many", "More than 10,000", Some("network")),
    ];
    let stream = json!({ "start": "goods", "cards": [
        ask("goods", "Goods", "What do you ship?", &goods),
        ask("pallets", "Pallets", "How many pallets a month?", &sizes),
        say("start", "Start is your plan: € 9 a pallet, temperature and doors.", None),
        say("growth", "Growth is your plan: € 6.50 a pallet, with shocks, tilt and duty rosters.", None),
        say("network", "Network is your plan: your own carriers and contracts, and validation documents.", None),
    ]});
    Flow {
        slug: "PLAN",
        name: "Find my plan",
        description: "Two questions over the page; started by a link of the pages about prices.",
        interface: "popup",
        stream,
    }
}

fn large() -> Flow {
    let when = [
        ("soon", "This quarter", Some("phone")),
        ("later", "Later this year", Some("phone")),
        ("idea", "It is an idea so far", Some("bye")),
    ];
    let stream = json!({ "start": "when", "cards": [
        ask("when", "When", "Thank you, {{person.first_name:\"and welcome\"}}. With so many pallets an engineer plans it with you. When would you begin?", &when),
        capture("phone", "On which number may we call?", &[field("phone", "phone", "Telephone", "person.phone")], "call"),
        goal("call", "Call requested", "bye"),
        say("bye", "Thank you. Your quote comes by e-mail.", None),
    ]});
    Flow {
        slug: "LARGE",
        name: "Quote for large shippers",
        description: "Follows the form of the quote page for a thousand pallets a month and more.",
        interface: "popup",
        stream,
    }
}

fn small() -> Flow {
    let trial = [("yes", "Yes, send ten", Some("wanted")), ("no", "No, only the quote", Some("bye"))];
    let stream = json!({ "start": "trial", "cards": [
        ask("trial", "Trial", "Your quote is on its way. Shall we send you ten sensors to try?", &trial),
        goal("wanted", "Trial requested", "bye"),
        say("bye", "Thank you, {{person.first_name:\"and see you soon\"}}!", None),
    ]});
    Flow {
        slug: "SMALL",
        name: "Quote for everybody else",
        description: "Follows the form of the quote page when no other choice fits.",
        interface: "chatbot",
        stream,
    }
}
