//! Streams to start from. Their texts are examples to be rewritten; where they lead is the point.

use serde::Serialize;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use store::{DialogueContent, Interface};
use stream::Stream;
use targeting::Targeting;
use utoipa::ToSchema;

/// A template as the picker shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Template {
    /// What is sent when a dialogue is made from it.
    pub key: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What it does.
    pub description: &'static str,
}

type Cards = fn() -> Json;

const TEMPLATES: [(Template, Cards); 4] = [
    (
        Template {
            key: "book_a_demo",
            name: "Book a demo",
            description: "Asks what brings the visitor, takes name and e-mail address, and marks a demo request.",
        },
        book_a_demo,
    ),
    (
        Template {
            key: "content_offer",
            name: "Content offer",
            description: "Offers a guide or newsletter in exchange for an e-mail address and consent.",
        },
        content_offer,
    ),
    (
        Template {
            key: "qualify",
            name: "Qualify and hand over",
            description: "Finds out role, company size and time frame, and takes the contact of those who fit.",
        },
        qualify,
    ),
    (
        Template {
            key: "faq",
            name: "Frequent questions",
            description: "Answers a few questions and takes a message when none of them fits.",
        },
        faq,
    ),
];

/// All templates.
pub fn list() -> Vec<Template> {
    TEMPLATES.iter().map(|(template, _)| template.clone()).collect()
}

/// The draft of a template.
pub(crate) fn find(key: &str) -> Option<DialogueContent> {
    let (_, cards) = TEMPLATES.iter().find(|(template, _)| template.key == key)?;
    content(cards())
}

/// A draft without template: a greeting with two answers, so that there is something to take hold of.
pub(crate) fn empty() -> DialogueContent {
    content(json!({ "start": "greeting", "cards": [
        question("greeting", "Greeting", "Hello! How can we help?", &[("one", "First answer", None), ("two", "Second answer", None)]),
    ]}))
    .unwrap_or_else(|| framed(Stream::default()))
}

fn content(cards: Json) -> Option<DialogueContent> {
    serde_json::from_value(cards).ok().map(framed)
}

fn framed(stream: Stream) -> DialogueContent {
    DialogueContent {
        stream,
        targeting: Targeting::default(),
        allow_back: true,
        allow_restart: true,
        language: "auto".to_owned(),
        interface: Interface::default(),
        layout: BTreeMap::new(),
        tests: Vec::new(),
    }
}

fn text(words: &str) -> Json {
    json!({ "blocks": [{ "type": "paragraph", "spans": [{ "text": words }] }] })
}

fn message(id: &str, words: &str, next: Option<&str>) -> Json {
    json!({ "id": id, "kind": "message", "text": text(words), "next": next })
}

fn question(id: &str, title: &str, words: &str, responses: &[(&str, &str, Option<&str>)]) -> Json {
    let offered: Vec<Json> =
        responses.iter().map(|(id, label, next)| json!({ "id": id, "label": label, "next": next })).collect();
    json!({ "id": id, "title": title, "kind": "question", "text": text(words), "style": "buttons", "responses": offered })
}

fn stored(mut card: Json, attribute: &str) -> Json {
    card["attribute"] = attribute.into();
    card
}

fn info(id: &str, title: &str, words: &str, fields: &[Json], next: &str) -> Json {
    json!({ "id": id, "title": title, "kind": "info_capture", "text": text(words), "fields": fields,
        "skip_if_known": true, "required": true, "next": next })
}

fn field(id: &str, kind: &str, label: &str, attribute: &str) -> Json {
    json!({ "id": id, "type": kind, "label": label, "attribute": attribute, "overwrite": "always" })
}

fn email() -> Json {
    json!({ "id": "email", "type": "email", "label": "Work e-mail", "placeholder": "you@company.com",
        "overwrite": "always", "refuse": ["disposable"] })
}

fn goal(id: &str, name: &str, next: &str) -> Json {
    json!({ "id": id, "kind": "goal", "goal": name, "next": next })
}

fn book_a_demo() -> Json {
    json!({ "start": "hello", "cards": [
        message("hello", "Hi {{person.first_name:\"there\"}}! Would you like to see it in action?", Some("interest")),
        question("interest", "Interest", "What are you looking for?", &[
            ("demo", "A personal demo", Some("contact")),
            ("price", "Prices", Some("prices")),
            ("look", "Just looking around", Some("later")),
        ]),
        message("prices", "It depends on the size of your team. In a demo we work it out together.", Some("contact")),
        info("contact", "Contact", "Great! Whom may we invite?", &[
            field("first_name", "text", "First name", "person.first_name"), email(),
        ], "requested"),
        goal("requested", "Demo requested", "thanks"),
        message("thanks", "Thank you, {{person.first_name:\"and welcome\"}}! We will write to you within one working day.", None),
        message("later", "Enjoy! We are here if you need us.", None),
    ]})
}

fn content_offer() -> Json {
    json!({ "start": "offer", "cards": [
        question("offer", "Offer", "We have written a short guide on this topic. Would you like it?", &[
            ("yes", "Yes, please", Some("address")),
            ("no", "No, thanks", Some("bye")),
        ]),
        info("address", "Address", "Where shall we send it?", &[
            email(),
            json!({ "id": "news", "type": "consent", "label": "I agree to receive the newsletter",
                "attribute": "person.consent_marketing", "overwrite": "always" }),
        ], "sent"),
        goal("sent", "Guide requested", "done"),
        message("done", "It is on its way to your inbox. Enjoy reading!", None),
        message("bye", "No problem. Have a nice day!", None),
    ]})
}

fn qualify() -> Json {
    json!({ "start": "role", "cards": [
        stored(question("role", "Role", "May I ask what you do?", &[
            ("decide", "I decide on tools", Some("size")),
            ("use", "I would use it", Some("size")),
            ("student", "I am studying", Some("resources")),
        ]), "person.job_title"),
        question("size", "Company size", "How many people work at your company?", &[
            ("small", "Up to 50", Some("when")),
            ("middle", "51 to 500", Some("when")),
            ("large", "More than 500", Some("when")),
        ]),
        question("when", "Time frame", "When would you like to start?", &[
            ("now", "As soon as possible", Some("contact")),
            ("quarter", "Within three months", Some("contact")),
            ("open", "I do not know yet", Some("resources")),
        ]),
        info("contact", "Contact", "Let us put you in touch with the right colleague.", &[
            field("name", "text", "First name", "person.first_name"),
            email(),
            field("phone", "phone", "Phone", "person.phone"),
        ], "qualified"),
        goal("qualified", "Qualified", "thanks"),
        message("thanks", "Thank you! A colleague will be in touch today.", None),
        message("resources", "Our guides are a good place to start. Come back any time!", None),
    ]})
}

fn faq() -> Json {
    json!({ "start": "topics", "cards": [
        question("topics", "Topic", "What would you like to know?", &[
            ("trial", "Is there a free trial?", Some("trial")),
            ("security", "Where are our data?", Some("security")),
            ("other", "Something else", Some("ask")),
        ]),
        message("trial", "Yes: two weeks, with everything, and no card is needed.", Some("enough")),
        message("security", "In your own country, encrypted, and they stay yours.", Some("enough")),
        question("enough", "Enough", "Does this answer your question?", &[
            ("yes", "Yes, thank you", Some("answered")),
            ("no", "Not quite", Some("ask")),
        ]),
        goal("answered", "Question answered", "glad"),
        message("glad", "Glad to hear it!", None),
        info("ask", "Question", "Write to us, and we answer by e-mail.", &[
            json!({ "id": "question", "type": "long_text", "label": "Your question", "overwrite": "always" }),
            email(),
        ], "noted"),
        message("noted", "Thank you, we will answer soon.", None),
    ]})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::AttributeCatalog;
    use stream::CheckContext;

    #[test]
    fn every_template_can_be_published_as_soon_as_it_has_a_page() {
        let catalog = AttributeCatalog::default();
        let attribute_type = |path: &str| catalog.type_of(path);
        let context = CheckContext::bare(&attribute_type, &catalog);
        for template in list() {
            let draft = find(template.key).expect(template.key);
            assert_eq!(stream::check(&draft.stream, &context).errors, [], "{}", template.key);
        }
        assert_eq!(empty().stream.cards.len(), 1);
        assert!(find("no such thing").is_none());
    }
}
