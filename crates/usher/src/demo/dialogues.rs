//! The demo's dialogues: what Tidewater says on its pages.

use serde_json::{Value as Json, json};

/// A dialogue to be made.
pub struct Script {
    /// Name for people.
    pub name: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// 1 is highest.
    pub priority: u32,
    /// Whether visitors meet it.
    pub published: bool,
    /// Pages below `/demo/`.
    pub pages: &'static [&'static str],
    /// Who, when.
    pub audience: Json,
    /// What must happen first.
    pub events: Json,
    /// The cards.
    pub stream: Json,
}

pub fn text(words: &str) -> Json {
    json!({ "blocks": [{ "type": "paragraph", "spans": [{ "text": words }] }] })
}

pub fn say(id: &str, words: &str, next: Option<&str>) -> Json {
    json!({ "id": id, "kind": "message", "text": text(words), "next": next })
}

pub fn ask(id: &str, title: &str, words: &str, answers: &[(&str, &str, Option<&str>)]) -> Json {
    let responses: Vec<Json> =
        answers.iter().map(|(id, label, next)| json!({ "id": id, "label": label, "next": next })).collect();
    json!({ "id": id, "title": title, "kind": "question", "text": text(words), "style": "buttons", "responses": responses })
}

pub fn goal(id: &str, name: &str, next: &str) -> Json {
    json!({ "id": id, "kind": "goal", "goal": name, "next": next })
}

pub fn field(id: &str, kind: &str, label: &str, attribute: &str) -> Json {
    json!({ "id": id, "type": kind, "label": label, "attribute": attribute, "overwrite": "always" })
}

pub fn capture(id: &str, words: &str, fields: &[Json], next: &str) -> Json {
    json!({ "id": id, "kind": "info_capture", "text": text(words), "fields": fields, "skip_if_known": true, "required": true, "next": next })
}

/// Where the dialogue appears: the pages under the address at which the demo is reached.
pub fn patterns(pages: &[&str], public_url: &str) -> Json {
    let also = public_url.replace("127.0.0.1", "localhost");
    let of = |base: &str| pages.iter().map(|p| format!("{base}/demo/{p}")).collect::<Vec<_>>();
    let mut include = of(public_url);
    if also != public_url {
        include.extend(of(&also));
    }
    json!({ "include": include, "exclude": [] })
}

/// All of them; `document` is the id of what the field guide's dialogue offers.
pub fn scripts(document: &str) -> Vec<Script> {
    vec![welcome(), pricing(), guide(document), welcome_back(), fair()]
}

fn welcome() -> Script {
    let reasons = [
        ("learn", "I want to see how it works", Some("how")),
        ("price", "What does it cost?", Some("price")),
        ("look", "Just looking", Some("bye")),
    ];
    let stream = json!({ "start": "hello", "cards": [
        say("hello", "Hello! I am Tide. I can show you around, or find you a person.", Some("reason")),
        ask("reason", "Reason", "What brings you here?", &reasons),
        say("how", "A sensor on the pallet, a reading a minute, and a call while there is still time. Shall I send you a short film and three sample reports?", Some("details")),
        say("price", "From € 6.50 a pallet. For an exact figure I need to know where to send it.", Some("details")),
        capture("details", "Who are you, and where shall it go?", &[field("name", "text", "First name", "person.first_name"),
                    field("last_name", "text", "Last name", "person.last_name"), field("email", "email", "Work e-mail", "person.email")], "given"),
        goal("given", "Contact given", "thanks"),
        say("thanks", "Thank you, {{person.first_name:\"and welcome\"}}! It is on its way. Anything else, I am down here in the corner.", None),
        say("bye", "Of course. I am here if you need me.", None),
    ]});
    Script {
        name: "Welcome",
        description: "Greets first-time visitors of the home and product pages and asks what they came for.",
        priority: 3,
        published: true,
        pages: &["", "product", "customers"],
        audience: json!({ "all": [{ "attribute": "person.email", "op": "is_empty" }] }),
        events: json!({ "mode": "any", "conditions": [] }),
        stream,
    }
}

fn pricing() -> Script {
    let sizes = [
        ("few", "Fewer than 500", Some("small")),
        ("some", "500 to 10,000", Some("pilot")),
        ("many", "More than 10,000", Some("pilot")),
    ];
    let stream = json!({ "start": "pallets", "cards": [
        ask("pallets", "Pallets", "How many pallets do you ship a month? I will tell you which plan fits.", &sizes),
        say("small", "Then Start is for you: € 9 a pallet, nothing else. Ten sensors are enough to begin with.", Some("who")),
        say("pilot", "Most of your size begin with a six-week pilot on one lane. I can ask an engineer to plan it with you.", Some("who")),
        capture("who", "Whom may we contact?", &[field("email", "email", "Work e-mail", "person.email"), field("company", "text", "Company", "company.name"), field("title", "text", "What do you do there?", "person.job_title")], "asked"),
        goal("asked", "Pilot requested", "done"),
        say("done", "Wonderful. You will hear from us within a working day.", None),
    ]});
    Script {
        name: "Pricing help",
        description: "Finds the right plan and collects pilot requests on the pricing page.",
        priority: 1,
        published: true,
        pages: &["pricing"],
        audience: json!({ "all": [] }),
        events: json!({ "mode": "any", "conditions": [{ "kind": "time_on_page", "seconds": 3 }, { "kind": "exit_intent" }] }),
        stream,
    }
}

fn guide(document: &str) -> Script {
    let answers = [("yes", "Yes, please", Some("guide")), ("no", "No, thank you", Some("fine"))];
    let stream = json!({ "start": "offer", "cards": [
        ask("offer", "Offer", "Would you like the next three chapters? You can read them here.", &answers),
        { "id": "guide", "title": "Guide", "kind": "document", "text": text("Here they are. Take your time."),
          "document": document, "continue_label": "I have seen enough", "next": "where" },
        capture("where", "Where shall I send the rest of the book?", &[field("email", "email", "E-mail", "person.email")], "wanted"),
        goal("wanted", "Field guide wanted", "sent"),
        say("sent", "It is on its way. Enjoy the reading.", None),
        say("fine", "No problem. Chapter one stays here for you.", None),
    ]});
    Script {
        name: "Field guide",
        description: "Offers the whole guide to readers who are half-way through the first chapter.",
        priority: 2,
        published: true,
        pages: &["resources"],
        audience: json!({ "all": [] }),
        events: json!({ "mode": "all", "conditions": [{ "kind": "scroll_depth", "percent": 40 }] }),
        stream,
    }
}

fn welcome_back() -> Script {
    let answers = [("yes", "Yes, call me", Some("phone")), ("later", "Later", Some("later_on"))];
    let stream = json!({ "start": "again", "cards": [
        ask("again", "Again", "Welcome back! Would a quick call help?", &answers),
        capture("phone", "On which number?", &[field("phone", "phone", "Telephone", "person.phone")], "call"),
        goal("call", "Call requested", "soon"),
        say("soon", "Thank you. We will call today.", None),
        say("later_on", "Whenever you like.", None),
    ]});
    Script {
        name: "Welcome back",
        description: "Offers a call to people whom we know and who come again.",
        priority: 4,
        published: true,
        pages: &["", "product", "customers", "contact"],
        audience: json!({ "all": [{ "attribute": "person.email", "op": "is_not_empty" }] }),
        events: json!({ "mode": "any", "conditions": [{ "kind": "time_on_site", "seconds": 5 }] }),
        stream,
    }
}

fn fair() -> Script {
    let answers = [("yes", "I will be there", Some("meet")), ("no", "Not this year", Some("bye"))];
    let stream = json!({ "start": "fair", "cards": [
        ask("fair", "Fair", "We are at the cold chain fair in March. Shall we keep a chair for you?", &answers),
        capture("meet", "Under which address?", &[field("email", "email", "E-mail", "person.email")], "noted"),
        goal("noted", "Fair meeting", "thanks"),
        say("thanks", "Noted. See you in hall 4.", None),
        say("bye", "Next year, then.", None),
    ]});
    Script {
        name: "Trade fair in March",
        description: "Still being written.",
        priority: 2,
        published: false,
        pages: &["customers"],
        audience: json!({ "all": [] }),
        events: json!({ "mode": "any", "conditions": [] }),
        stream,
    }
}
