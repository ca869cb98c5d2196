//! What authors are told before a stream is published.

use criteria::{AttributeRef, AttributeType, Catalog, ListRef};
use kernel::SmartListId;
use serde_json::{Value, json};
use stream::{CheckContext, Checks, check};

fn attribute_type(name: &str) -> Option<AttributeType> {
    match name {
        "person.email" => Some(AttributeType::Email),
        "person.first_name" | "person.phone" | "visit.path" => Some(AttributeType::Text),
        "person.score" => Some(AttributeType::Score),
        "person.last_seen_at" => Some(AttributeType::DateTime),
        _ => None,
    }
}

struct Known;

impl Catalog for Known {
    fn attribute_type(&self, attribute: &AttributeRef) -> Option<AttributeType> {
        attribute_type(&attribute.to_string())
    }
    fn list_name(&self, _: ListRef) -> Option<String> {
        None
    }
    fn lists_of(&self, _: SmartListId) -> Vec<ListRef> {
        Vec::new()
    }
}

fn checks(stream: Value) -> Checks {
    let has_goal = |name: &str| name == "Demo booked";
    let context = CheckContext { has_goal: Some(&has_goal), ..CheckContext::bare(&attribute_type, &Known) };
    check(&serde_json::from_value(stream).expect("a stream"), &context)
}

fn text(plain: &str) -> Value {
    serde_json::to_value(kernel::RichText::plain(plain)).expect("JSON")
}

fn message(id: &str, next: Option<&str>) -> Value {
    json!({"id": id, "kind": "message", "text": text("Hello"), "next": next})
}

/// Without a way of its own a response leads to the words of farewell that [`stream`] adds.
const END: &str = "end";

fn question(id: &str, nexts: &[Option<&str>]) -> Value {
    let responses: Vec<Value> = (0..).zip(nexts).map(|(index, next): (i32, _)| {
        json!({"id": format!("r{index}"), "label": format!("Label {index}"), "next": next.unwrap_or(END)})
    }).collect();
    json!({"id": id, "title": "Ask", "kind": "question", "text": text("Well?"), "style": "list", "responses": responses})
}

fn form(id: &str, field: &Value, next: Option<&str>) -> Value {
    let mut whole = json!({"id": "f", "type": "email", "label": "E-mail", "overwrite": "always"});
    for (key, value) in field.as_object().expect("an object") {
        whole[key] = value.clone();
    }
    json!({"id": id, "kind": "info_capture", "text": text("Your address?"), "fields": [whole],
           "skip_if_known": false, "required": true, "next": next.unwrap_or(END)})
}

#[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
fn stream(mut cards: Vec<Value>) -> Value {
    if Value::from(cards.clone()).to_string().contains(&format!("\"{END}\"")) {
        cards.push(message(END, None));
    }
    json!({"start": cards[0]["id"], "cards": cards})
}

/// `card field: message` of every error.
fn errors(stream: Value) -> Vec<String> {
    let line = |finding: stream::Finding| {
        format!("{} {}: {}", finding.card_id.as_deref().unwrap_or("-"), finding.field, finding.message)
    };
    checks(stream).errors.into_iter().map(line).collect()
}

fn only_error(stream: Value, begins: &str) {
    let found = errors(stream);
    assert!(matches!(found.as_slice(), [one] if one.starts_with(begins)), "{begins}: {found:#?}");
}

#[test]
fn a_sound_stream_has_no_error_and_no_warning() {
    let sound = stream(vec![
        question("q", &[Some("f"), Some("bye")]),
        form("f", &json!({}), Some("goal")),
        json!({"id": "goal", "kind": "goal", "goal": "Demo booked", "next": "bye"}),
        message("bye", None),
    ]);
    assert_eq!(checks(sound), Checks::default());
}

#[test]
fn branches_must_lead_somewhere_and_every_card_be_reached() {
    only_error(stream(vec![message("a", Some("b"))]), "a next: This branch leads to the card “b”");
    only_error(stream(vec![question("a", &[None, Some("x")])]), "a responses/1/next: This branch leads");
    only_error(stream(vec![message("a", None), message("b", None)]), "b id: No branch leads");
    only_error(
        json!({"start": "z", "cards": [message("a", None)]}),
        "- start: The stream starts at the card “z”",
    );
    only_error(json!({"start": "z", "cards": []}), "- cards: There is no card");
}

#[test]
fn a_circle_needs_a_card_that_always_waits() {
    only_error(
        stream(vec![message("a", Some("b")), message("b", Some("a"))]),
        "a next: These cards lead in a circle",
    );
    only_error(stream(vec![message("a", Some("a"))]), "a next: These cards lead in a circle");
    let asked = stream(vec![message("a", Some("q")), question("q", &[Some("a"), None])]);
    assert_eq!(errors(asked), Vec::<String>::new());
    let mut passed_over = form("f", &json!({}), Some("a"));
    passed_over["skip_if_known"] = json!(true);
    only_error(stream(vec![message("a", Some("f")), passed_over]), "a next: These cards lead in a circle");
}

#[test]
fn sizes_and_ids_have_limits() {
    only_error(
        stream(vec![question("q", &[None])]),
        "q responses: A question has 2 to 20 responses; this one has 1",
    );
    only_error(stream(vec![question("q", &[None; 21])]), "q responses: A question has 2 to 20");
    only_error(stream(vec![message("A b", None)]), "A b id: A card's id has");
    let mut cards: Vec<Value> =
        (0..501).map(|n| message(&format!("c{n}"), Some(&format!("c{}", n + 1)))).collect();
    cards[500]["next"] = Value::Null;
    only_error(stream(cards), "- cards: There are 501 cards");
    let mut twice = question("q", &[None, None]);
    twice["responses"][1]["id"] = json!("r0");
    only_error(stream(vec![twice]), "q responses/1/id: Every response");
    let doubled = errors(stream(vec![message("a", None), message("a", None)]));
    assert_eq!(doubled, ["a id: Two cards have the id a."]);
}

#[test]
fn texts_tokens_and_links_are_checked() {
    for (words, expected) in [
        ("  ", "a text: The text is empty"),
        ("{{person.shoe}}", "a text: there is no attribute person.shoe."),
        ("{{person.first_name", "a text: a token begins with {{"),
        ("{{7*7}}", "a text: {{7*7}} is not a token"),
        ("{{answer.Nobody}}", "a text: there is no question"),
    ] {
        let card = json!({"id": "a", "kind": "message", "text": text(words), "next": null});
        only_error(stream(vec![card]), expected);
    }
    let fine = json!({"id": "a", "kind": "message", "next": null,
        "text": text("{{lead.first_name:\"you\"}} {{visit.path}} {{answer.ask}}")});
    assert_eq!(errors(stream(vec![question("q", &[Some("a"), Some("a")]), fine])), Vec::<String>::new());
    for link in ["mailto:", "https://example.com/{{person.first_name}}"] {
        let text = json!({"blocks": [{"type": "paragraph", "spans": [{"text": "x", "link": link}]}]});
        let card = json!({"id": "a", "kind": "message", "text": text, "next": null});
        assert_eq!(errors(stream(vec![card])).len(), 1, "{link}");
    }
    let script = json!({"blocks": [{"type": "paragraph", "spans": [{"text": "x", "link": "javascript:x"}]}]});
    assert!(serde_json::from_value::<kernel::RichText>(script).is_err());
}

#[test]
fn values_go_only_where_they_fit() {
    for (field, expected) in [
        (json!({"attribute": "person.shoe"}), "f fields/0/attribute: There is no attribute person.shoe"),
        (
            json!({"attribute": "visit.path", "type": "text"}),
            "f fields/0/attribute: visit.path cannot be set",
        ),
        (
            json!({"attribute": "person.score"}),
            "f fields/0/attribute: What this field takes cannot be stored",
        ),
        (json!({"attribute": "person.email", "type": "text"}), "f fields/0/attribute: Only an e-mail field"),
        (json!({"type": "picklist"}), "f fields/0/options: A picklist needs"),
        (
            json!({"type": "picklist", "options": ["A", "A"]}),
            "f fields/0/options: The option “A” is there twice",
        ),
        (json!({"type": "text", "refuse": ["free"]}), "f fields/0/refuse: Only an e-mail"),
        (json!({"label": " "}), "f fields/0/label: This is empty"),
    ] {
        only_error(stream(vec![form("f", &field, None)]), expected);
    }
    let mut scored = question("q", &[None, None]);
    scored["attribute"] = json!("person.score");
    scored["responses"][0]["stored_value"] = json!("5");
    only_error(
        stream(vec![scored]),
        "q responses/1/label: “Label 1” cannot be stored in person.score: it is not a number",
    );
    let goal = json!({"id": "g", "kind": "goal", "goal": "Unheard of", "next": null});
    only_error(stream(vec![goal]), "g goal: There is no goal “Unheard of”");
}

#[test]
fn findings_come_in_the_authors_order() {
    let cards = vec![message("first", Some("x")), message("second", None), message("Third", None)];
    let found = errors(stream(cards));
    let cards: Vec<&str> = found.iter().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(cards, ["first", "second", "Third", "Third"]);
}

#[test]
fn warnings_name_what_may_stay() {
    let mut twice = question("q", &[None, None]);
    twice["responses"][1]["label"] = json!("LABEL 0");
    let found = checks(stream(vec![twice])).warnings;
    let fields: Vec<&str> = found.iter().map(|warning| warning.field.as_str()).collect();
    assert_eq!(fields, ["cards", "responses/1/label"]);
}

/// Spec 04: a branch end that says nothing is an error; cards of which the visitor sees nothing do not speak.
#[test]
fn whoever_answers_hears_something_before_the_end() {
    let mut silent = question("q", &[Some("a"), None]);
    silent["responses"][1]["next"] = Value::Null;
    only_error(
        stream(vec![silent, message("a", None)]),
        "q responses/1/next: The branch ends here without a word",
    );
    let goal = json!({"id": "g", "kind": "goal", "goal": "Demo booked", "next": null});
    only_error(
        stream(vec![question("q", &[Some("g"), None]), goal]),
        "q responses/0/next: The branch ends here",
    );
    let branch = json!({"id": "b", "kind": "branch", "otherwise": "end", "cases": [
        {"id": "1", "name": "Known", "criteria": {"attribute": "person.email", "op": "is_not_empty"}, "next": null}]});
    assert_eq!(errors(stream(vec![question("q", &[Some("b"), None]), branch])), Vec::<String>::new());
}

#[test]
fn cards_that_act_or_hand_over_name_what_exists() {
    let after = |card: &Value| stream(vec![message("hi", Some("x")), card.clone()]);
    for (card, expected) in [
        (json!({"kind": "action", "actions": [], "next": null}), "x actions: An action card does 1 to 20"),
        (
            json!({"kind": "action", "next": null, "actions": [{"do": "change_score", "by": 0}]}),
            "x actions/0/by: The score changes by",
        ),
        (
            json!({"kind": "action", "next": null, "actions": [{"do": "add_to_list", "list": null}]}),
            "x actions/0/list: No list is chosen",
        ),
        (
            json!({"kind": "action", "next": null, "actions": [
                {"do": "set_attribute", "attribute": "person.score", "value": "many"}]}),
            "x actions/0/value: “many” cannot be stored in person.score",
        ),
        (
            json!({"kind": "action", "next": null, "actions": [
                {"do": "set_attribute", "attribute": "person.email", "value": "a@example.com"}]}),
            "x actions/0/attribute: Only an e-mail field",
        ),
        (
            json!({"kind": "action", "next": null, "actions": [{"do": "call_webhook", "url": "ftp://x"}]}),
            "x actions/0/url: This is not a web address",
        ),
        (json!({"kind": "branch", "cases": [], "otherwise": null}), "x cases: A branch has 1 to 20 cases"),
        (
            json!({"kind": "branch", "otherwise": null, "cases": [
                {"id": "1", "name": "Always", "criteria": {"all": []}, "next": null}]}),
            "x cases/0/criteria: The case has no condition",
        ),
        (
            json!({"kind": "branch", "otherwise": null, "cases": [{"id": "1", "name": "Shoe", "next": null,
                "criteria": {"attribute": "person.shoe", "op": "is", "values": ["42"]}}]}),
            "x cases/0/criteria: ",
        ),
        (json!({"kind": "flow", "flow": null, "next": null}), "x flow: No flow is chosen"),
        (
            json!({"kind": "flow", "flow": "dlg_00000000000000000000000001", "next": null}),
            "x flow: There is no such flow",
        ),
        (json!({"kind": "jump", "to": null}), "x to: The jump leads nowhere"),
        (
            json!({"kind": "document", "text": text("Read"), "document": null, "next": "hi"}),
            "x document: No document is chosen",
        ),
        (
            json!({"kind": "live_chat", "text": text("Wait"), "routing": {"by": "agent", "agent": null}}),
            "x routing/agent: No agent is chosen",
        ),
        (
            json!({"kind": "meeting", "text": text("When?"), "booked": null, "not_booked": null,
                "routing": {"by": "team", "team": "tea_00000000000000000000000001"}}),
            "x routing/team: There is no such team",
        ),
        (
            json!({"kind": "ai_answer", "text": text("Ask"), "questions": 6, "fallback": text("?"),
                "next": "hi", "not_answered": "hi"}),
            "x questions: The card takes 1 to 5",
        ),
    ] {
        let mut card = card;
        card["id"] = json!("x");
        only_error(after(&card), expected);
    }
}

#[test]
fn hand_overs_that_come_too_soon_are_warned_of() {
    let chat =
        json!({"id": "c", "kind": "live_chat", "text": text("Wait"), "routing": {"by": "round_robin"}});
    let warnings =
        |cards: Vec<Value>| checks(stream(cards)).warnings.into_iter().map(|w| w.message).collect::<Vec<_>>();
    let bare = warnings(vec![message("hi", Some("c")), chat.clone()]);
    assert!(bare.iter().any(|w| w.contains("asked anything")), "{bare:?}");
    assert!(bare.iter().any(|w| w.contains("asked for an e-mail")), "{bare:?}");
    let prepared = vec![question("q", &[Some("f"), Some("f")]), form("f", &json!({}), Some("c")), chat];
    assert_eq!(warnings(prepared), Vec::<String>::new());
}
