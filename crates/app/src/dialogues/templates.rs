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

/// A template with what it makes: the content of a dialogue, but for what every draft has.
type Made = fn() -> Json;

const TEMPLATES: [(Template, Made); 7] = [
    (
        Template {
            key: "book_a_demo",
            name: "Book a demo",
            description: "Asks what brings the visitor, takes name and e-mail address, and offers a meeting in the calendar.",
        },
        book_a_demo,
    ),
    (
        Template {
            key: "qualify",
            name: "Qualify and hand over",
            description: "Finds out role, company size and time frame, scores the answers, and hands those who fit to an agent.",
        },
        qualify,
    ),
    (
        Template {
            key: "content_offer",
            name: "Content offer",
            description: "Offers a guide in exchange for an e-mail address, and the newsletter with consent.",
        },
        content_offer,
    ),
    (
        Template {
            key: "event_sign_up",
            name: "Event sign-up",
            description: "Signs visitors up for one of several dates and remembers what they would like to hear about.",
        },
        event_sign_up,
    ),
    (
        Template {
            key: "faq",
            name: "Frequent questions",
            description: "Answers free questions from your approved responses, and takes a message when none fits.",
        },
        faq,
    ),
    (
        Template {
            key: "abandoned_pricing",
            name: "Abandoned pricing page",
            description: "Speaks up when somebody is about to leave the prices, and finds out what is missing.",
        },
        abandoned_pricing,
    ),
    (
        Template {
            key: "account_welcome",
            name: "Account-based welcome",
            description: "Greets people of larger companies by their company's name and everybody else as usual.",
        },
        account_welcome,
    ),
];

/// All templates.
pub fn list() -> Vec<Template> {
    TEMPLATES.iter().map(|(template, _)| template.clone()).collect()
}

/// The draft of a template.
pub(crate) fn find(key: &str) -> Option<DialogueContent> {
    let (_, made) = TEMPLATES.iter().find(|(template, _)| template.key == key)?;
    content(made())
}

/// A draft without template: a greeting with two answers, so that there is something to take hold of.
pub(crate) fn empty() -> DialogueContent {
    content(json!({ "stream": { "start": "greeting", "cards": [
        question("greeting", "Greeting", "Hello! How can we help?", &[("one", "First answer", Some("thanks")), ("two", "Second answer", Some("thanks"))]),
        message("thanks", "Thank you!", None),
    ]}}))
    .unwrap_or_else(|| framed(Stream::default()))
}

/// What stands in the template, and the rest as in every new draft.
fn content(made: Json) -> Option<DialogueContent> {
    let mut whole = serde_json::to_value(framed(Stream::default())).ok()?;
    let Json::Object(made) = made else { return None };
    whole.as_object_mut()?.extend(made);
    serde_json::from_value(whole).ok()
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

fn action(id: &str, actions: &[Json], next: &str) -> Json {
    json!({ "id": id, "kind": "action", "actions": actions, "next": next })
}

fn score(by: i32) -> Json {
    json!({ "do": "change_score", "by": by })
}

fn moment(words: &str) -> Json {
    json!({ "do": "interesting_moment", "moment": "web", "text": words })
}

fn choose(response: &str) -> Json {
    json!({ "step": "choose", "response": response })
}

fn fill(values: &Json) -> Json {
    json!({ "step": "fill", "values": values })
}

fn reaches(goal: &str) -> Json {
    json!({ "step": "expect_goal", "goal": goal })
}

fn test(name: &str, visitor: &Json, steps: &[Json]) -> Json {
    json!({ "name": name, "visitor": visitor, "steps": steps })
}

const END: fn() -> Json = || json!({ "step": "expect_end" });

fn book_a_demo() -> Json {
    let contact = json!({ "First name": "Ada", "Work e-mail": "ada@example.com" });
    json!({ "stream": { "start": "hello", "cards": [
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
        goal("requested", "Demo requested", "calendar"),
        json!({ "id": "calendar", "title": "Calendar", "kind": "meeting", "text": text("When would suit you?"),
            "routing": { "by": "round_robin" }, "booked": "booked", "not_booked": "thanks" }),
        goal("booked", "Demo booked", "see_you"),
        message("see_you", "Wonderful, {{person.first_name:\"see you soon\"}}! The invitation is on its way.", None),
        message("thanks", "Thank you, {{person.first_name:\"and welcome\"}}! We will write to you within one working day.", None),
        message("later", "Enjoy! We are here if you need us.", None),
    ]}, "tests": [
        test("Somebody asks for a demo", &json!({}), &[choose("A personal demo"), fill(&contact), reaches("Demo requested"),
            json!({ "step": "expect_attribute", "attribute": "person.email", "value": "ada@example.com" }), END()]),
        test("Somebody only looks around", &json!({}), &[choose("Just looking around"),
            json!({ "step": "expect_no_goal", "goal": "Demo requested" }), END()]),
    ]})
}

fn qualify() -> Json {
    let contact = json!({ "First name": "Ada", "Work e-mail": "ada@example.com", "Phone": "+49 30 901820" });
    json!({ "stream": { "start": "role", "cards": [
        stored(question("role", "Role", "May I ask what you do?", &[
            ("decide", "I decide on tools", Some("decides")),
            ("use", "I would use it", Some("size")),
            ("student", "I am studying", Some("resources")),
        ]), "person.job_title"),
        action("decides", &[score(20)], "size"),
        question("size", "Company size", "How many people work at your company?", &[
            ("small", "Up to 50", Some("when")),
            ("middle", "51 to 500", Some("larger")),
            ("large", "More than 500", Some("larger")),
        ]),
        action("larger", &[score(20)], "when"),
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
        goal("qualified", "Qualified", "moment"),
        action("moment", &[moment("Wants to start: {{answer.Time frame}}. Company size: {{answer.Company size}}.")], "fit"),
        json!({ "id": "fit", "title": "Fit", "kind": "branch", "otherwise": "thanks", "cases": [
            { "id": "hot", "name": "Score of 20 or more", "next": "agent",
              "criteria": { "all": [{ "attribute": "person.score", "op": "at_least", "values": [20] }] } } ] }),
        json!({ "id": "agent", "title": "Agent", "kind": "live_chat", "text": text("One moment, I am fetching a colleague."),
            "routing": { "by": "round_robin" },
            "fallback": text("Everybody is in a conversation right now. Thank you, {{person.first_name:\"and welcome\"}}: we will call you today.") }),
        message("thanks", "Thank you! A colleague will be in touch today.", None),
        message("resources", "Our guides are a good place to start. Come back any time!", None),
    ]}, "tests": [
        test("A decision maker of a large company is handed over", &json!({}), &[choose("I decide on tools"), choose("More than 500"),
            choose("As soon as possible"), fill(&contact), reaches("Qualified"),
            json!({ "step": "expect_attribute", "attribute": "person.score", "value": "40" }),
            json!({ "step": "expect_says", "text": "we will call you today" }), END()]),
        test("A student is shown the guides", &json!({}), &[choose("I am studying"), json!({ "step": "expect_says", "text": "guides" }), END()]),
    ]})
}

fn content_offer() -> Json {
    let address = json!({ "Work e-mail": "ada@example.com", "I agree to receive the newsletter": "true" });
    json!({ "stream": { "start": "offer", "cards": [
        question("offer", "Offer", "We have written a short guide on this topic. Would you like it?", &[
            ("yes", "Yes, please", Some("address")),
            ("no", "No, thanks", Some("bye")),
        ]),
        info("address", "Address", "Where shall we send it?", &[
            email(),
            json!({ "id": "news", "type": "consent", "label": "I agree to receive the newsletter",
                "attribute": "person.consent_marketing", "overwrite": "always" }),
        ], "sent"),
        goal("sent", "Guide requested", "interest"),
        action("interest", &[score(5)], "done"),
        message("done", "It is on its way to your inbox. Enjoy reading!", None),
        message("bye", "No problem. Have a nice day!", None),
    ]}, "tests": [
        test("Somebody takes the guide", &json!({}), &[choose("Yes, please"), fill(&address), reaches("Guide requested"), END()]),
        test("Somebody does not", &json!({}), &[choose("No, thanks"), END()]),
    ]})
}

fn event_sign_up() -> Json {
    let who = json!({ "First name": "Ada", "Work e-mail": "ada@example.com", "What would you like to hear about?": "New features" });
    json!({ "stream": { "start": "invite", "cards": [
        message("invite", "We are meeting online, for half an hour, with time for your questions.", Some("date")),
        question("date", "Date", "Which date suits you?", &[
            ("first", "Tuesday, 10:00", Some("who")),
            ("second", "Thursday, 16:00", Some("who")),
            ("none", "Neither", Some("recording")),
        ]),
        question("recording", "Recording", "Shall we send you the recording?", &[
            ("yes", "Yes, please", Some("who")),
            ("no", "No, thanks", Some("bye")),
        ]),
        info("who", "Who", "Whom may we expect?", &[
            field("first_name", "text", "First name", "person.first_name"),
            email(),
            json!({ "id": "topic", "type": "picklist", "label": "What would you like to hear about?", "overwrite": "always",
                "options": ["How to begin", "New features", "How others do it"] }),
        ], "signed_up"),
        goal("signed_up", "Signed up for the event", "moment"),
        action("moment", &[moment("Signed up for the event: {{answer.Date}}"), score(10)], "thanks"),
        message("thanks", "Thank you, {{person.first_name:\"and welcome\"}}! You will get a mail with everything you need.", None),
        message("bye", "All right. Perhaps another time!", None),
    ]}, "tests": [
        test("Somebody signs up", &json!({}), &[choose("Tuesday, 10:00"), fill(&who), reaches("Signed up for the event"), END()]),
        test("Somebody wants the recording", &json!({}), &[choose("Neither"), choose("Yes, please"), fill(&who), reaches("Signed up for the event")]),
    ]})
}

fn faq() -> Json {
    let message_left = json!({ "Your question": "Do you ship to Norway?", "Work e-mail": "ada@example.com" });
    json!({ "stream": { "start": "topics", "cards": [
        question("topics", "Topic", "What would you like to know?", &[
            ("trial", "Is there a free trial?", Some("trial")),
            ("security", "Where are our data?", Some("security")),
            ("other", "Something else", Some("free")),
        ]),
        message("trial", "Yes: two weeks, with everything, and no card is needed.", Some("enough")),
        message("security", "In your own country, encrypted, and they stay yours.", Some("enough")),
        json!({ "id": "free", "title": "Free question", "kind": "ai_answer", "text": text("Ask me anything."),
            "follow_up": text("What else would you like to know?"), "questions": 3,
            "fallback": text("I would rather not guess. A colleague will answer that."), "next": "enough", "not_answered": "ask" }),
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
    ]}, "tests": [
        test("A frequent question is answered", &json!({}), &[choose("Is there a free trial?"), choose("Yes, thank you"), reaches("Question answered"), END()]),
        test("A question that nobody has answered yet is taken down", &json!({}), &[choose("Something else"),
            json!({ "step": "type", "text": "Do you ship to Norway?" }), json!({ "step": "expect_asks", "card": "Question" }),
            fill(&message_left), END()]),
    ]})
}

fn abandoned_pricing() -> Json {
    let contact = json!({ "Work e-mail": "ada@example.com" });
    json!({ "targeting": { "audience": { "all": [] }, "pages": { "include": [], "exclude": [] }, "caps": { "pause_after_dismissal_days": 7 },
        "events": { "mode": "any", "conditions": [{ "kind": "exit_intent" }, { "kind": "time_on_page", "seconds": 45 }] } },
      "stream": { "start": "leaving", "cards": [
        question("leaving", "What is missing", "Before you go: what would you need to decide?", &[
            ("price", "A price for our size", Some("known")),
            ("talk", "To talk to somebody", Some("known")),
            ("time", "More time", Some("later")),
        ]),
        json!({ "id": "known", "title": "Known", "kind": "branch", "otherwise": "contact", "cases": [
            { "id": "known", "name": "We know the address", "next": "wanted",
              "criteria": { "all": [{ "attribute": "person.email", "op": "is_not_empty" }] } } ] }),
        info("contact", "Contact", "Where shall we send it?", &[email()], "wanted"),
        goal("wanted", "Offer requested", "moment"),
        action("moment", &[moment("On the pricing page: {{answer.What is missing}}"), score(15)], "soon"),
        message("soon", "Thank you! You will hear from us today.", None),
        message("later", "Of course. This page stays where it is, and so do we.", None),
    ]}, "tests": [
        test("A stranger leaves an address", &json!({}), &[choose("A price for our size"), fill(&contact), reaches("Offer requested"), END()]),
        test("Somebody we know is not asked again", &json!({ "person.email": "ada@example.com" }),
            &[choose("To talk to somebody"), reaches("Offer requested"), END()]),
    ]})
}

fn account_welcome() -> Json {
    let contact = json!({ "First name": "Ada", "Work e-mail": "ada@acme.example" });
    json!({ "stream": { "start": "who", "cards": [
        json!({ "id": "who", "title": "Which company", "kind": "branch", "otherwise": "hello", "cases": [
            { "id": "large", "name": "More than 200 people", "next": "named", "criteria": { "any": [
                { "attribute": "company.size", "op": "greater_than", "values": [200] },
                { "attribute": "inferred.employees", "op": "greater_than", "values": [200] } ] } } ] }),
        message("named", "Welcome to everybody from {{company.name:\"your company\"}}! We have put together what teams of your size ask first.", Some("offer")),
        message("hello", "Hello! Good to see you here.", Some("offer")),
        question("offer", "Offer", "What can we do for you?", &[
            ("talk", "Talk to somebody who knows our industry", Some("contact")),
            ("cases", "See how others do it", Some("cases")),
            ("look", "Just looking", Some("bye")),
        ]),
        message("cases", "You will find our customers' stories in the menu above.", Some("contact")),
        info("contact", "Contact", "Whom may we write to?", &[
            field("first_name", "text", "First name", "person.first_name"), email(),
        ], "reached"),
        goal("reached", "Account reached", "moment"),
        action("moment", &[moment("{{company.name:\"A company\"}} asks: {{answer.Offer}}"), score(25)], "thanks"),
        message("thanks", "Thank you, {{person.first_name:\"and welcome\"}}! Your contact will write to you today.", None),
        message("bye", "Make yourself at home.", None),
    ]}, "tests": [
        test("A large company is greeted by name", &json!({ "company.name": "Acme", "company.size": "900" }), &[
            json!({ "step": "expect_says", "text": "everybody from Acme" }), choose("Talk to somebody who knows our industry"), fill(&contact),
            reaches("Account reached"), END()]),
        test("Everybody else is greeted as usual", &json!({}), &[json!({ "step": "expect_says", "text": "Good to see you" }), choose("Just looking"), END()]),
    ]})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::AttributeCatalog;
    use jiff::tz::TimeZone;
    use kernel::{Locale, Timestamp};
    use stream::{
        CheckContext, CompiledStream, Room, Surroundings, handover::standard_fallback, script::play,
    };

    #[test]
    fn every_template_can_be_published_as_soon_as_it_has_a_page() {
        let catalog = AttributeCatalog::default();
        let attribute_type = |path: &str| catalog.type_of(path);
        let context = CheckContext::bare(&attribute_type, &catalog);
        for template in list() {
            let mut draft = find(template.key).expect(template.key);
            assert_eq!(stream::check(&draft.stream, &context).errors, [], "{}", template.key);
            draft.targeting.pages.include = vec!["https://example.com".to_owned()];
            assert_eq!(draft.targeting.check(&catalog), [], "{}", template.key);
        }
        assert_eq!(stream::check(&empty().stream, &context).errors, []);
        assert!(find("no such thing").is_none());
    }

    #[test]
    fn the_tests_of_every_template_pass() {
        let catalog = AttributeCatalog::default();
        let attribute_type = |path: &str| catalog.type_of(path);
        for template in list() {
            let draft = find(template.key).expect(template.key);
            let surroundings = Surroundings { flow: &|_| None, catalog: &catalog };
            let stream = CompiledStream::within(draft.stream, &surroundings);
            let room = Room {
                stream: &stream,
                at: Timestamp::UNIX_EPOCH,
                zone: TimeZone::UTC,
                country: None,
                attribute_type: &attribute_type,
                document: &|_| None,
                fallback: &|handover| standard_fallback(handover, Locale::En),
                blocks: &|_| false,
                knowledge: &|_, _| None,
            };
            assert!(draft.tests.len() >= 2, "{}", template.key);
            for script in &draft.tests {
                let result = play(script, &room);
                assert_eq!(result.failure, None, "{}: {:?}", template.key, result.transcript);
            }
        }
    }
}
