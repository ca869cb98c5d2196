//! Agents, teams, rules, accounts, fallbacks and the dry run, over the console API.

mod console;
mod support;

use ::routing::{Purpose, Wish};
use app::routing::{Presence, Wanted, Whom, assign_in};
use console::{User, console, text};
use criteria::{Facts, Moment, Symbols};
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use support::Server;

fn always() -> Json {
    let day = json!([{ "from": "00:00", "to": "24:00" }]);
    json!({ "time_zone": "Europe/Berlin", "week": {
        "monday": day, "tuesday": day, "wednesday": day, "thursday": day, "friday": day, "saturday": day, "sunday": day } })
}

/// The owner, and three live agents by name with their ids.
async fn office(server: &Server) -> (User, [String; 3]) {
    let mut owner = User::owner(server).await;
    let mut ids = Vec::new();
    for name in ["ada@example.com", "ben@example.com", "cleo@example.com"] {
        // Agents stand in the order in which they joined.
        server.clock.advance_ms(1);
        User::with_profile(server, name, "Live agent").await;
        let agents = owner.get("/agents").await;
        let agent = agents["items"].as_array().and_then(|all| all.iter().find(|one| one["email"] == name));
        ids.push(text(&agent.expect("an agent")["id"]));
    }
    (owner, ids.try_into().expect("three"))
}

async fn at_work(owner: &mut User, id: &str) {
    owner.expect(200, "PATCH", &format!("/agents/{id}"), Some(json!({ "live_chat": always() }))).await;
}

async fn ask(user: &mut User, mut asked: Json) -> Json {
    asked["purpose"] = json!("live_chat");
    user.expect(200, "POST", "/routing/dry-run", Some(asked)).await
}

fn words(answer: &Json) -> String {
    let sentences = answer["explanation"].as_array().expect("sentences");
    sentences.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn who_would_get_this_visitor_now() {
    let server = console().await;
    let (mut owner, [ada, ben, cleo]) = office(&server).await;
    at_work(&mut owner, &ada).await;
    at_work(&mut owner, &ben).await;
    let team = json!({ "name": "Sales", "members": [cleo, ben] });
    let team = owner.expect(201, "POST", "/teams", Some(team)).await;
    let rule = json!({
        "name": "Bosses", "agents": [ada],
        "criteria": { "attribute": "person.job_title", "op": "is", "values": ["Boss"] },
    });
    let rule = owner.expect(201, "POST", "/routing/rules", Some(rule)).await;
    assert_eq!((&rule["priority"], &rule["enabled"]), (&json!(1), &json!(true)));
    let account = json!({ "name": "Acme", "domains": ["acme.example"], "owner_id": ben });
    owner.expect(201, "POST", "/accounts", Some(account)).await;

    for (asked, expected) in [
        (json!({ "wish": { "by": "round_robin" } }), json!([ada, ben])),
        (json!({ "wish": { "by": "team", "team": team["id"] } }), json!([ben])),
        (json!({ "wish": { "by": "agent", "agent": cleo } }), json!([])),
        (json!({ "wish": { "by": "agent", "agent": cleo }, "any_available_agent": true }), json!([ada])),
        (
            json!({ "wish": { "by": "custom_rules" }, "attributes": { "person.job_title": "boss" } }),
            json!([ada]),
        ),
        (json!({ "wish": { "by": "custom_rules" } }), json!([])),
        (json!({ "wish": { "by": "agent", "agent": ada }, "email": "eve@mail.acme.example" }), json!([ben])),
        (
            json!({ "wish": { "by": "round_robin" }, "attributes": { "inferred.domain": "acme.example" } }),
            json!([ben]),
        ),
    ] {
        let answer = ask(&mut owner, asked.clone()).await;
        assert_eq!(answer["agents"], expected, "{asked}: {answer}");
    }
    let team = ask(&mut owner, json!({ "wish": { "by": "team", "team": team["id"] } })).await;
    assert!(words(&team).contains("cleo@example.com is passed over: has no hours."), "{team}");

    let person = owner
        .expect(201, "POST", "/people", Some(json!({ "attributes": { "email": "eve@acme.example" } })))
        .await;
    let asked = json!({ "wish": { "by": "round_robin" }, "person_id": person["id"] });
    assert_eq!(ask(&mut owner, asked.clone()).await["agents"], json!([ben]));
    let mut agent = User::with_profile(&server, "dan@example.com", "Live agent").await;
    let mut asked = asked;
    asked["purpose"] = json!("live_chat");
    agent.expect(403, "POST", "/routing/dry-run", Some(asked)).await;
    server.stop().await;
}

#[tokio::test]
async fn an_agent_sets_the_own_hours_and_turns_the_switch() {
    let server = console().await;
    User::owner(&server).await;
    let mut ada = User::with_profile(&server, "ada@example.com", "Live agent").await;
    let fresh = ada.get("/me/availability").await;
    assert_eq!(
        (&fresh["weight"], &fresh["chat_limit"], &fresh["live_chat_now"]["because"]),
        (&json!(1), &json!(5), &json!("no_hours"))
    );
    let on = ada.expect(200, "PUT", "/me/availability/switch", Some(json!({ "available": true }))).await;
    assert_eq!(on["live_chat_now"]["words"], "Switched to available");
    assert!(on["live_chat_now"]["until"].is_string());
    ada.header("if-match", "\"1\"");
    let set = ada.expect(200, "PATCH", "/me/availability", Some(json!({ "live_chat": always() }))).await;
    assert_eq!(set["version"], 2);
    ada.expect(412, "PATCH", "/me/availability", Some(json!({ "live_chat": null }))).await;
    ada.more.clear();
    let off = ada.expect(200, "PUT", "/me/availability/switch", Some(json!({ "available": false }))).await;
    assert_eq!(off["live_chat_now"]["words"], "Switched to unavailable");
    let back = ada.expect(200, "PUT", "/me/availability/switch", Some(json!({ "available": true }))).await;
    assert_eq!(back["live_chat_now"]["because"], "schedule");
    // Weight and limit are for those who manage agents, and mistakes are named.
    ada.expect(403, "PATCH", "/me/availability", Some(json!({ "weight": 3 }))).await;
    let wrong = json!({ "live_chat": { "time_zone": "Mars/Olympus", "week": { "monday": [{ "from": "09:00", "to": "09:00" }] } } });
    let refused = ada.expect(422, "PATCH", "/me/availability", Some(wrong)).await;
    let fields: Vec<&str> =
        refused["errors"].as_array().into_iter().flatten().filter_map(|e| e["field"].as_str()).collect();
    assert_eq!(fields, ["/live_chat/time_zone", "/live_chat/week/monday/0"]);
    // Somebody who takes meetings only has no switch.
    let mut cal = User::with_profile(&server, "cal@example.com", "Calendar agent").await;
    cal.expect(403, "PUT", "/me/availability/switch", Some(json!({ "available": true }))).await;
    assert_eq!(cal.get("/me/availability").await["live_chat_now"], Json::Null);
    server.stop().await;
}

#[tokio::test]
async fn whoever_loses_the_permission_is_no_agent_at_once() {
    let server = console().await;
    let (mut owner, [ada, ben, _]) = office(&server).await;
    at_work(&mut owner, &ada).await;
    at_work(&mut owner, &ben).await;
    owner.expect(200, "PATCH", &format!("/users/{ada}"), Some(json!({ "disabled": true }))).await;
    let answer = ask(&mut owner, json!({ "wish": { "by": "round_robin" } })).await;
    assert_eq!(answer["agents"], json!([ben]));
    let named = ask(&mut owner, json!({ "wish": { "by": "agent", "agent": ada } })).await;
    assert!(words(&named).contains("not an agent any more"), "{named}");
    owner.expect(404, "GET", &format!("/agents/{ada}"), None).await;
    let refused = json!({ "name": "Team", "members": [ada] });
    owner.expect(422, "POST", "/teams", Some(refused)).await;
    server.stop().await;
}

#[tokio::test]
async fn accounts_come_out_of_a_file_with_a_report() {
    let server = console().await;
    let (mut owner, _) = office(&server).await;
    let file = "Company;Domains;Owner\n\
        Acme;acme.example acme.test;ada@example.com\n\
        Nobody's;nobody.example;zed@example.com\n\
        Mail;gmail.com;ada@example.com\n\
        Acme;other.example;ada@example.com\n\
        Thief;acme.test;ben@example.com\n\
        ;empty.example;ada@example.com\n\
        Bolt;;ada@example.com\n";
    let answer = owner.send_bytes("/accounts/upload", "text/csv", file.as_bytes()).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let told = answer.json();
    assert_eq!((&told["created"], &told["updated"], &told["refused"]), (&json!(1), &json!(0), &json!(6)));
    let lines: Vec<u64> =
        told["refusals"].as_array().into_iter().flatten().filter_map(|row| row["line"].as_u64()).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7, 8]);
    assert_eq!(told["refusals"][0]["reason"], "The owner is not the e-mail address of an agent.");

    // Again, with another owner and a domain less, and a foreign domain.
    let again = "name,domains,owner\nacme,acme.example,ben@example.com\nBolt,\"bolt.example, acme.test\",ada@example.com\n";
    let told = owner.send_bytes("/accounts/upload", "text/csv", again.as_bytes()).await.json();
    assert_eq!((&told["created"], &told["updated"], &told["refused"]), (&json!(0), &json!(1), &json!(1)));
    assert_eq!(told["refusals"][0]["reason"], "acme.test belongs to the account Acme.");
    let found = owner.get("/accounts?q=ACME").await;
    assert_eq!(found["items"][0]["domains"], json!(["acme.example"]));
    assert_eq!(found["items"][0]["owner_name"], "ben@example.com");

    let broken = owner.send_bytes("/accounts/upload", "text/csv", b"who,what\na,b\n").await;
    assert_eq!(broken.status, 422);
    let ids = json!({ "ids": [found["items"][0]["id"]] });
    let gone = owner.send("POST", "/accounts/delete", Some(ids)).await;
    assert_eq!(gone.status, 204);
    assert_eq!(owner.get("/accounts").await["items"], json!([]));
    let mut viewer = User::with_profile(&server, "max@example.com", "Marketing user").await;
    viewer.get("/accounts").await;
    let refused = viewer.send_bytes("/accounts/upload", "text/csv", file.as_bytes()).await;
    assert_eq!(refused.status, 403);
    server.stop().await;
}

#[tokio::test]
async fn a_site_says_its_own_words_when_nobody_can_be_reached() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let site = owner.expect(201, "POST", "/sites", Some(json!({ "name": "Shop" }))).await;
    let path = format!("/sites/{}/fallbacks", text(&site["id"]));
    let fresh = owner.get(&path).await;
    assert_eq!((&fresh["version"], &fresh["fallbacks"]["live_chat"]), (&json!(0), &Json::Null));
    let words = json!({ "blocks": [{ "type": "paragraph", "spans": [{ "text": "We are at lunch." }] }] });
    let fallbacks = json!({ "live_chat": words, "any_available_agent": true });
    let answer = owner.send("PUT", &path, Some(fallbacks)).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    let snapshot = server.app.snapshot();
    let id = text(&site["id"]).parse().expect("an id");
    let kept = &snapshot.site(id).expect("the site").fallbacks;
    assert_eq!(kept.text(stream::Handover::LiveChat).expect("words").to_plain(), "We are at lunch.");
    assert!(kept.any_available_agent && kept.meeting.is_none());
    server.stop().await;
}

/// Forty visitors at once: everybody's turns differ by at most one, and each assignment keeps its reasons.
#[tokio::test]
async fn turns_that_are_taken_at_once_are_fair_and_explained() {
    let server = console().await;
    let (mut owner, [ada, ben, cleo]) = office(&server).await;
    for id in [&ada, &ben, &cleo] {
        at_work(&mut owner, id).await;
    }
    let turns: Vec<_> = (0..40)
        .map(|_| {
            let app = server.app.clone();
            tokio::spawn(async move {
                let moment = Moment::new(app.now(), TimeZone::UTC);
                let facts = move |symbols: &Symbols| Facts::prepare(symbols, &moment, [], []);
                let wanted = Wanted {
                    purpose: Purpose::LiveChat,
                    wish: Wish::RoundRobin,
                    email_domain: None,
                    inferred_domain: None,
                    any_available_agent: false,
                    include_meeting_booking: false,
                    facts: &facts,
                    presence: &Presence::default(),
                };
                let mut tx = app.store().begin().await.expect("a unit of work");
                let given = assign_in(&app, &mut *tx, &wanted, Whom::default()).await.expect("somebody");
                tx.commit().await.expect("a commit");
                assert!(given.record.is_some());
                given.decision.first().expect("an agent").0
            })
        })
        .collect();
    let mut counts: HashMap<String, u32> = HashMap::new();
    for turn in turns {
        *counts.entry(turn.await.expect("a turn").to_string()).or_default() += 1;
    }
    assert_eq!(counts.values().sum::<u32>(), 40);
    assert!(counts.values().all(|count| (13..=14).contains(count)), "{counts:?}");
    let ring = owner.get("/routing/ring?purpose=live_chat").await;
    assert_eq!(ring["turns"], 40);
    let agents = owner.get("/agents").await;
    let given: u64 =
        agents["items"].as_array().into_iter().flatten().filter_map(|a| a["live_chats_given"].as_u64()).sum();
    assert_eq!(given, 40);
    let page = store::PageRequest::first(1);
    let last = server
        .app
        .store()
        .read()
        .await
        .expect("a session")
        .assignments(None, &page)
        .await
        .expect("assignments");
    let sentences = last.items[0].explanation.sentences();
    assert!(sentences.iter().any(|sentence| sentence.ends_with("turn.")), "{sentences:?}");
    server.stop().await;
}

#[tokio::test]
async fn rules_of_meetings_are_kept_and_show_the_free_times_that_they_give() {
    let server = console().await;
    User::owner(&server).await;
    let mut ivo = User::with_profile(&server, "ivo@example.com", "Calendar agent").await;
    let fresh = ivo.get("/me/availability").await;
    let usual =
        json!({ "lengths": [30], "buffer_before": 0, "buffer_after": 0, "notice": 1440, "horizon_days": 30 });
    assert_eq!(fresh["meeting_rules"], usual);
    let rules = json!({ "lengths": [45, 15], "step": 60, "buffer_after": 15, "notice": 0 });
    let set = json!({ "meetings": always(), "meeting_rules": rules });
    let set = ivo.expect(200, "PATCH", "/me/availability", Some(set)).await;
    assert_eq!(set["meeting_rules"]["lengths"], json!([45, 15]));
    assert_eq!(set["meeting_rules"]["horizon_days"], 30);
    let kept = ivo.get("/me/availability").await;
    assert_eq!(kept["meeting_rules"], set["meeting_rules"]);

    let asked = json!({ "meetings": kept["meetings"], "meeting_rules": kept["meeting_rules"], "days": 3 });
    let free = ivo.expect(200, "POST", "/availability/free-times", Some(asked)).await;
    let days = free["days"].as_array().expect("days");
    assert_eq!((free["length"].as_u64(), days.len()), (Some(45), 3));
    assert_eq!(days[1]["starts"].as_array().map(Vec::len), Some(24), "{free}");

    let broken = json!({ "meeting_rules": { "lengths": [45, 1], "horizon_days": 0 } });
    let refused = ivo.expect(422, "PATCH", "/me/availability", Some(broken)).await;
    let fields: Vec<&str> = refused["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .filter_map(|one| one["field"].as_str())
        .collect();
    assert_eq!(fields, ["/meeting_rules/lengths/1", "/meeting_rules/horizon_days"], "{refused}");
    let asked = json!({ "meetings": always(), "length": 20, "days": 15 });
    let refused = ivo.expect(422, "POST", "/availability/free-times", Some(asked)).await;
    assert_eq!(refused["errors"].as_array().map(Vec::len), Some(2), "{refused}");

    let mut other = User::with_profile(&server, "mia@example.com", "Marketing user").await;
    other.expect(403, "PATCH", "/me/availability", Some(json!({ "meeting_rules": usual }))).await;
    let asked = json!({ "meetings": always() });
    other.expect(403, "POST", "/availability/free-times", Some(asked)).await;
    server.stop().await;
}
