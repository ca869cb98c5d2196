//! What a widget relies on when it sends answers: each is applied once, out of step is told where things stand, and going
//! back and starting again work.

mod support;

use app::{
    App,
    sites::{ConsentMode, SiteView},
};
use serde_json::{Value as Json, json};
use support::*;

const PAGE: &str = "https://www.shop.example/pricing";

async fn talking(server: &Server) -> (SiteView, Browser, Json) {
    let site = server.site(ConsentMode::Open).await;
    server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    browser.shown(&looking).await;
    let talk = browser.open(&looking).await;
    (site, browser, talk)
}

fn path(talk: &Json, what: &str) -> String {
    format!("conversations/{}/{what}", text(&talk["id"]))
}

#[tokio::test]
async fn the_same_request_twice_is_answered_twice_and_applied_once() {
    let server = server().await;
    let (_, mut browser, talk) = talking(&server).await;
    let body = json!({ "client_id": id(), "card_id": "interest", "input": response("demo"), "after": talk["last_seq"] });
    let first = browser.ok(&path(&talk, "input"), body.clone()).await;
    let second = browser.ok(&path(&talk, "input"), body.clone()).await;
    assert_eq!(first, second);
    let mut other = body;
    other["input"] = response("look");
    let refused = browser.post(&path(&talk, "input"), other).await;
    assert_eq!((refused.status, refused.json()["current"].is_null()), (409, true));
    assert_eq!(said(&browser.read(&talk).await).len(), 4);
    server.stop().await;
}

#[tokio::test]
async fn two_tabs_cannot_fork_a_conversation() {
    let server = server().await;
    let (site, mut browser, talk) = talking(&server).await;
    let mut other = server.browser(&site);
    other.token.clone_from(&browser.token);
    let (a, b) = tokio::join!(
        browser.input(&talk, "interest", response("demo")),
        other.input(&talk, "interest", response("look"))
    );
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    let refused = if a.status == 409 { a.json() } else { b.json() };
    assert_eq!(refused["current"]["id"], talk["id"]);
    assert_eq!(refused["current"]["messages"], browser.read(&talk).await["messages"]);
    server.stop().await;
}

#[tokio::test]
async fn a_reload_restores_the_conversation_at_the_same_message() {
    let server = server().await;
    let (site, mut browser, talk) = talking(&server).await;
    let talk = browser.answer(&talk, "interest", response("demo")).await;
    let mut reloaded = server.browser(&site);
    reloaded.token.clone_from(&browser.token);
    let looking = reloaded.page(PAGE).await;
    let restored = &looking.resolved()["conversation"];
    assert_eq!(looking.resolved()["kind"], "continue");
    assert_eq!(restored["waiting"], talk["waiting"]);
    assert_eq!(restored["last_seq"], talk["last_seq"]);
    let rest = reloaded
        .send("GET", &format!("{}?after=3", path(restored, "")[..].trim_end_matches('/')), None)
        .await;
    assert_eq!(said(&rest.json()), ["Whom may we invite?"]);
    server.stop().await;
}

#[tokio::test]
async fn going_back_supersedes_later_answers_and_keeps_goals() {
    let server = server().await;
    let (_, mut browser, talk) = talking(&server).await;
    let talk = browser.answer(&talk, "interest", response("demo")).await;
    let given = values(json!({ "name": "Ada", "email": "ada@lovelace.example" }));
    let talk = browser.answer(&talk, "contact", given).await;
    let body = json!({ "client_id": id(), "card_id": "interest" });
    let back = browser.ok(&path(&talk, "back"), body.clone()).await;
    assert_eq!(back["epoch"].as_u64(), talk["epoch"].as_u64().map(|epoch| epoch + 1));
    assert_eq!(back["waiting"]["card_id"], "interest");
    assert_eq!(said(&back), ["Hello!", "What brings you here?"]);
    let superseded =
        back["messages"].as_array().expect("messages").iter().filter(|m| m["superseded"] == true);
    assert_eq!(superseded.count(), 6, "{back}");
    assert_eq!(browser.ok(&path(&talk, "back"), body).await, back, "the same request again");
    let talk = browser.answer(&back, "interest", response("look")).await;
    assert_eq!(talk["state"], "completed");
    let id = text(&talk["id"]).parse().expect("an id");
    let detail = app::conversations::console::get(&server.app, id).await.expect("a conversation");
    assert_eq!(detail.summary.goals, ["Demo requested"]);
    assert!(detail.transcript.iter().any(|m| m.kind == "event" && !m.superseded));
    server.stop().await;
}

#[tokio::test]
async fn starting_again_counts_nothing_twice() {
    let server = server().await;
    let (_, mut browser, talk) = talking(&server).await;
    let talk = browser.answer(&talk, "interest", response("look")).await;
    assert_eq!(talk["state"], "completed");
    let again = browser.ok(&path(&talk, "restart"), json!({ "client_id": id() })).await;
    assert_eq!(again["waiting"]["card_id"], "interest");
    assert_eq!(said(&again), ["Hello!", "What brings you here?"]);
    let talk = browser.answer(&again, "interest", response("look")).await;
    assert_eq!(talk["state"], "completed");
    let dialogue = text(&talk["dialogue_id"]).parse().expect("an id");
    assert_eq!(server.counts(dialogue).await, [1, 1, 1, 0, 0]);
    server.stop().await;
}

#[tokio::test]
async fn bad_values_are_named_and_change_nothing() {
    let server = server().await;
    let (site, mut browser, talk) = talking(&server).await;
    let security =
        app::sites::Security { blocked_email_domains: vec!["rival.example".into()], ..Default::default() };
    server.secure(site.id, security).await;
    let talk = browser.answer(&talk, "interest", response("demo")).await;
    for (email, code) in
        [("nonsense", "email_syntax"), ("me@mail.rival.example", "email_refused"), ("", "required")]
    {
        let refused = browser.input(&talk, "contact", values(json!({ "name": "Ada", "email": email }))).await;
        assert_eq!(refused.status, 422, "{email}");
        let errors = refused.json()["errors"].clone();
        assert_eq!((&errors[0]["field"], &errors[0]["code"]), (&json!("/input/values/email"), &json!(code)));
    }
    let too_long = json!({ "kind": "text", "text": "x".repeat(4_001) });
    assert!(matches!(browser.input(&talk, "contact", too_long).await.status, 409 | 422));
    assert_eq!(browser.read(&talk).await["last_seq"], talk["last_seq"]);
    let unknown = browser
        .post(
            &path(&talk, "input"),
            json!({ "client_id": id(), "card_id": "contact", "input": { "kind": "skip" }, "more": 1 }),
        )
        .await;
    assert_eq!(unknown.status, 422);
    server.stop().await;
}

#[tokio::test]
async fn who_types_a_customers_address_reads_nothing_of_the_customer() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    server.dialogue(site.id, "Demo", draft("Hello {{person.first_name:\"you\"}}")).await;
    let give = async |server: &Server, name: &str| {
        let mut browser = server.browser(&site);
        let looking = browser.page(PAGE).await;
        let talk = browser.open(&looking).await;
        let talk = browser.answer(&talk, "interest", response("demo")).await;
        let talk = browser
            .answer(&talk, "contact", values(json!({ "name": name, "email": "grace@navy.example" })))
            .await;
        (browser, talk)
    };
    let (mut grace, talk) = give(&server, "Grace").await;
    assert!(said(&talk).contains(&"Thank you, Grace!".to_owned()));
    prove(&server.app, "grace@navy.example").await;
    let (mut mallory, talk) = give(&server, "Mallory").await;
    assert!(said(&talk).contains(&"Thank you, Mallory!".to_owned()), "what one typed oneself is shown");
    mallory.answer(&talk, "more", response("no")).await;
    let mut session = server.app.store().read().await.expect("a session");
    let people =
        session.people_by_email(&["grace@navy.example".parse().expect("address")]).await.expect("people");
    assert_eq!((people.len(), people[0].text("first_name")), (1, Some("Grace")), "a proven value stays");
    assert_eq!(people[0].suggestions[0].value, "Mallory");
    let page = store::PageRequest::first(50);
    let of = |kind| (people[0].id, Some(kind));
    let (person, linked) = of(engagement::ActivityType::Linked);
    let links = session.activities_of(person, linked, &page).await.expect("activities").items;
    assert_eq!((links.len(), &links[0].attributes["rung"]), (1, &json!("claimed")));
    // Two visitors, one person; each sees only the own conversation.
    let theirs = mallory
        .send("GET", &path(&grace.page(PAGE).await.resolved()["conversation"], "").replace("//", "/"), None)
        .await;
    assert_eq!(theirs.status, 404);
    server.stop().await;
}

/// As a signed identification would: the values of the person are proven from now on.
async fn prove(app: &App, address: &str) {
    let mut tx = app.store().begin().await.expect("a unit of work");
    let mut person =
        tx.lock_email(&address.parse().expect("address")).await.expect("read").expect("a person");
    person.rung = people::Rung::Proven;
    for origin in person.origins.values_mut() {
        origin.rung = Some(people::Rung::Proven);
    }
    person.version += 1;
    tx.update_people(&[person]).await.expect("written");
    tx.commit().await.expect("committed");
}
