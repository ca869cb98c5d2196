//! Canned responses over real HTTP: shared and own ones, who may change which, and what a text may hold.

mod console;
mod office;
mod support;

use console::{User, console, text as owned};
use office::{Office, accept};
use serde_json::{Value as Json, json};
use support::{response, values};

fn canned(shortcut: &str, text: &str, shared: bool) -> Json {
    json!({ "shortcut": shortcut, "text": text, "shared": shared })
}

fn path(response: &Json) -> String {
    format!("/canned-responses/{}", owned(&response["id"]))
}

async fn shortcuts(user: &mut User) -> Vec<String> {
    let listed = user.get("/canned-responses").await;
    listed["items"].as_array().expect("items").iter().map(|one| owned(&one["shortcut"])).collect()
}

#[tokio::test]
async fn the_shared_ones_are_everybodys_and_the_own_ones_nobody_elses() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let mut ada = User::with_profile(&server, "ada@example.com", "Live agent").await;
    let mut ben = User::with_profile(&server, "ben@example.com", "Live agent").await;
    let shared = canned("/Thanks", "Thank you, {{person.first_name:\"friend\"}}!", true);
    let shared = owner.expect(201, "POST", "/canned-responses", Some(shared)).await;
    assert_eq!((&shared["shortcut"], &shared["shared"]), (&json!("thanks"), &json!(true)));
    let own = canned("bye", "{{agent.first_name}} says good-bye.", false);
    let own = ada.expect(201, "POST", "/canned-responses", Some(own)).await;
    assert_eq!(shortcuts(&mut ada).await, ["bye", "thanks"]);
    assert_eq!(shortcuts(&mut ben).await, ["thanks"]);

    ben.expect(404, "GET", &path(&own), None).await;
    ben.expect(404, "PATCH", &path(&own), Some(json!({ "text": "Mine" }))).await;
    ben.expect(404, "DELETE", &path(&own), None).await;
    ben.expect(403, "PATCH", &path(&shared), Some(json!({ "text": "Mine" }))).await;
    ben.expect(403, "DELETE", &path(&shared), None).await;
    ben.expect(403, "POST", "/canned-responses", Some(canned("all", "For all", true))).await;

    ada.header("if-match", "\"1\"");
    let changed = ada.expect(200, "PATCH", &path(&own), Some(json!({ "shortcut": "ciao" }))).await;
    assert_eq!(
        (&changed["shortcut"], &changed["text"], &changed["version"]),
        (&json!("ciao"), &own["text"], &json!(2))
    );
    ada.expect(412, "PATCH", &path(&own), Some(json!({ "text": "Late" }))).await;
    ada.expect(204, "DELETE", &path(&own), None).await;
    assert_eq!(shortcuts(&mut ada).await, ["thanks"]);

    let mut marketer = User::with_profile(&server, "cy@example.com", "Marketing user").await;
    marketer.expect(403, "GET", "/canned-responses", None).await;
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_said_is_refused_with_field_and_reason() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    owner.expect(201, "POST", "/canned-responses", Some(canned("hi", "Hello", false))).await;
    // Once shared and once one's own: the own one comes first.
    owner.expect(201, "POST", "/canned-responses", Some(canned("hi", "Hello from all", true))).await;
    for (refused, field, reason) in [
        (canned("HI", "Again", false), "/shortcut", "is there already"),
        (canned("hi", "Again", true), "/shortcut", "is there already"),
        (canned("two words", "Text", false), "/shortcut", "letters, digits"),
        (canned(&"x".repeat(41), "Text", false), "/shortcut", "1 to 40"),
        (canned("empty", "  ", false), "/text", "1 to 4,000"),
        (canned("long", &"x".repeat(4_001), false), "/text", "1 to 4,000"),
        (canned("unknown", "{{person.nothing}}", false), "/text", "there is no attribute person.nothing"),
        (canned("answer", "{{answer.Role}}", false), "/text", "the person, the company and the agent"),
        (canned("open", "{{person.first_name", false), "/text", "has no }}"),
    ] {
        let problem = owner.expect(422, "POST", "/canned-responses", Some(refused.clone())).await;
        assert_eq!(problem["errors"][0]["field"], field, "{refused}: {problem}");
        assert!(owned(&problem["errors"][0]["reason"]).contains(reason), "{refused}: {problem}");
    }
    let listed = owner.get("/canned-responses").await;
    let kinds: Vec<_> =
        listed["items"].as_array().expect("items").iter().map(|one| one["shared"] == true).collect();
    assert_eq!(kinds, [false, true]);
    server.stop().await;
}

#[tokio::test]
async fn in_a_chat_they_tell_of_its_person_and_the_agent() {
    let mut office = Office::new().await;
    let (mut ada, _) = office.agent("ada").await;
    let (mut ben, _) = office.agent("ben").await;
    for body in [
        canned(
            "hello",
            "Hello {{person.first_name:\"there\"}}, {{agent.name}} from {{company.name:\"here\"}}.",
            true,
        ),
        canned("mail", "I write to {{person.email}}.", true),
    ] {
        office.owner.expect(201, "POST", "/canned-responses", Some(body)).await;
    }
    ben.expect(201, "POST", "/canned-responses", Some(canned("own", "Mine", false))).await;
    let (mut visitor, opened) = office.ready().await;
    let asked = visitor.answer(&opened, "interest", response("mail")).await;
    visitor.answer(&asked, "contact", values(json!({ "email": "eve@example.com" }))).await;
    let chat = accept(&mut ada).await;
    let listed = ada.get(&format!("/chats/{chat}/canned-responses")).await;
    let texts: Vec<_> =
        listed["items"].as_array().expect("items").iter().map(|one| owned(&one["text"])).collect();
    assert_eq!(texts, ["Hello there, ada@example.com from example.com.", "I write to eve@example.com."]);
    ben.expect(404, "GET", &format!("/chats/{chat}/canned-responses"), None).await;
    office.server.stop().await;
}
