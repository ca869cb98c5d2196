//! Goals, shared by dialogues and flows, over real HTTP.

mod console;
mod support;

use app::sites::ConsentMode;
use console::{User, console, text as owned};
use serde_json::{Value as Json, json};
use support::*;

const PAGE: &str = "https://www.shop.example/pricing";

async fn goal(user: &mut User, name: &str) -> Json {
    let listed = user.get("/goals").await;
    let found = listed["items"].as_array().expect("items").iter().find(|goal| goal["name"] == name);
    found.unwrap_or_else(|| panic!("{name} is not in {listed}")).clone()
}

fn path(goal: &Json) -> String {
    format!("/goals/{}", owned(&goal["id"]))
}

/// A visitor asks for a demo and gives an address.
async fn reach(server: &Server, site: &app::sites::SiteView, email: &str) -> Json {
    let mut browser = server.browser(site);
    let looking = browser.page(PAGE).await;
    browser.shown(&looking).await;
    let talk = browser.open(&looking).await;
    let talk = browser.answer(&talk, "interest", response("demo")).await;
    browser.answer(&talk, "contact", values(json!({ "name": "Ada", "email": email }))).await
}

#[tokio::test]
async fn a_renamed_goal_stays_what_streams_and_figures_mean() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Book a demo", draft("Hello!")).await;
    let first = reach(&server, &site, "ada@example.com").await;
    let before = goal(&mut owner, GOAL).await;
    assert_eq!((&before["reached"], &before["people"]), (&json!(1), &json!(1)));
    let used = json!([{ "id": dialogue, "name": "Book a demo", "kind": "dialogue", "draft": true, "published": true }]);
    assert_eq!(before["used_in"], used);

    let renamed = owner.expect(200, "PATCH", &path(&before), Some(json!({ "name": " Demo wanted " }))).await;
    assert_eq!((&renamed["name"], &renamed["former_names"]), (&json!("Demo wanted"), &json!([GOAL])));
    let second = reach(&server, &site, "bob@example.com").await;
    let after = goal(&mut owner, "Demo wanted").await;
    assert_eq!((&after["reached"], &after["people"], &after["used_in"]), (&json!(2), &json!(2), &used));
    for talk in [&first, &second] {
        let conversation = owner.get(&format!("/conversations/{}", owned(&talk["id"]))).await;
        assert_eq!(conversation["goals"], json!(["Demo wanted"]));
    }
    let checks = owner.expect(200, "POST", &format!("/dialogues/{dialogue}/check"), None).await;
    assert_eq!(checks["errors"], json!([]));
    let text = owner.get(&format!("/dialogues/{dialogue}/text")).await;
    assert!(owned(&text["text"]).contains("goal = \"Demo wanted\""), "{text}");

    owner.expect(422, "POST", "/goals", Some(json!({ "name": "DEMO REQUESTED" }))).await;
    let none = owner.get("/goals?to=2026-11-20T00:00:00Z").await;
    assert_eq!(none["items"][0]["reached"], 0);
    let back = owner.expect(200, "PATCH", &path(&before), Some(json!({ "name": GOAL }))).await;
    assert_eq!((&back["name"], &back["former_names"]), (&json!(GOAL), &json!(["Demo wanted"])));
    server.stop().await;
}

#[tokio::test]
async fn a_goal_goes_when_nothing_uses_it_and_an_unknown_one_is_not_published() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Book a demo", draft("Hello!")).await;
    let used = goal(&mut owner, GOAL).await;
    let refused = owner.expect(409, "DELETE", &path(&used), None).await;
    assert!(owned(&refused["detail"]).contains("“Book a demo”"), "{refused}");

    let mut other = draft("Hello!");
    other["stream"]["cards"][3]["goal"] = json!("Contact");
    let address = format!("/dialogues/{dialogue}");
    let shown = owner.get(&address).await;
    let version = format!("\"{}\"", shown["draft_version"]);
    owner.header("if-match", &version).expect(200, "PATCH", &address, Some(json!({ "draft": other }))).await;
    owner.header("accept", "application/json");
    let refused = owner.expect(422, "POST", &format!("{address}/publish"), None).await;
    assert!(refused["errors"].to_string().contains("There is no goal “Contact”"), "{refused}");
    owner.expect(201, "POST", "/goals", Some(json!({ "name": "contact" }))).await;
    owner.expect(200, "POST", &format!("{address}/publish"), None).await;
    owner.expect(204, "DELETE", &path(&used), None).await;
    owner.expect(404, "GET", &path(&used), None).await;

    let body = json!({ "site_id": site.id, "name": "From a template", "template": "book_a_demo" });
    owner.expect(201, "POST", "/dialogues", Some(body)).await;
    for name in ["Demo requested", "Demo booked"] {
        assert_eq!(goal(&mut owner, name).await["used_in"][0]["name"], "From a template");
    }

    let mut agent = User::with_profile(&server, "agent@example.com", "Live agent").await;
    agent.expect(200, "GET", "/goals", None).await;
    agent.expect(403, "POST", "/goals", Some(json!({ "name": "Mine" }))).await;
    for name in ["", " ", "a\nb", &*"x".repeat(101)] {
        owner.expect(422, "POST", "/goals", Some(json!({ "name": name }))).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_library_that_is_new_takes_the_goals_that_streams_name() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let site = server.site(ConsentMode::Open).await;
    server.dialogue(site.id, "Book a demo", draft("Hello!")).await;
    assert_eq!(app::goals::adopt(&server.app).await.expect("looked"), 0);
    let mut tx = server.app.store().begin().await.expect("a unit of work");
    for record in tx.goals().await.expect("goals") {
        tx.delete_goal(record.id).await.expect("gone");
    }
    tx.commit().await.expect("committed");
    assert_eq!(app::goals::adopt(&server.app).await.expect("taken"), 1);
    assert_eq!(goal(&mut owner, GOAL).await["used_in"][0]["published"], true);
    server.stop().await;
}
