//! What agents and visitors do beside talking: hand over, invite, change words, score, rate, take the conversation home.

mod console;
mod office;
mod support;

use console::text;
use office::{Office, accept, offer, path, says};
use serde_json::{Value as Json, json};
use std::collections::HashMap;
use support::{response, said, values};

#[tokio::test]
async fn a_chat_is_handed_to_an_agent_with_a_note_or_to_a_team() {
    let mut office = Office::new().await;
    let (mut ada, ada_id) = office.agent("ada").await;
    let (mut ben, ben_id) = office.agent("ben").await;
    let (mut cleo, cleo_id) = office.agent("cleo").await;
    let (mut visitor, waiting) = office.asks().await;
    let chat = accept(&mut ada).await;
    let hand = json!({ "agent_id": ben_id, "note": "Knows ovens" });
    let view = ada.expect(200, "POST", &format!("/chats/{chat}/transfer"), Some(hand.clone())).await;
    assert_eq!((&view["state"], &view["mine"]), (&json!("with_agent"), &json!(true)), "until it is taken");
    let asked = offer(&mut ben).await;
    assert_eq!((&asked["note"], &asked["from"]["id"]), (&json!("Knows ovens"), &json!(ada_id)));
    ada.expect(409, "POST", &format!("/chats/{chat}/transfer"), Some(hand)).await;
    says(&mut ada, &chat, "text", "One moment, Ben knows more.").await;
    assert_eq!(accept(&mut ben).await, chat);
    let now = visitor.read(&waiting).await;
    assert_eq!(now["chat"]["agents"], json!([{ "name": "ben@example.com", "avatar_url": null }]));
    let words = said(&now);
    assert!(words.contains(&"ada@example.com left the chat.".to_owned()), "{words:?}");
    assert!(words.iter().all(|line| !line.contains("Knows ovens")), "{words:?}");
    // Who handed it on sees it again when it is over.
    ada.expect(404, "GET", &format!("/chats/{chat}"), None).await;

    let team = json!({ "name": "Service", "members": [ben_id, cleo_id] });
    let team = office.owner.expect(201, "POST", "/teams", Some(team)).await;
    let hand = json!({ "team_id": team["id"] });
    ben.expect(200, "POST", &format!("/chats/{chat}/transfer"), Some(hand.clone())).await;
    assert_eq!(offer(&mut cleo).await["chat_id"], json!(chat), "not to oneself");
    office.wait(100, &[ada_id, ben_id, cleo_id]).await;
    assert_eq!(offer(&mut cleo).await, Json::Null);
    assert_eq!(ben.get(&format!("/chats/{chat}")).await["mine"], true);
    for (body, status) in [
        (json!({}), 422),
        (json!({ "agent_id": ben_id, "team_id": team["id"] }), 422),
        (json!({ "agent_id": "usr_00000000000000000000000000" }), 422),
        (json!({ "agent_id": ada_id, "note": "x".repeat(1_001) }), 422),
    ] {
        ben.expect(status, "POST", &format!("/chats/{chat}/transfer"), Some(body)).await;
    }
    office.server.clock.advance_ms(121_000);
    office.there(&[ben_id]).await;
    ben.expect(409, "POST", &format!("/chats/{chat}/transfer"), Some(hand)).await;
    office.server.stop().await;
}

#[tokio::test]
async fn a_colleague_is_invited_helps_and_goes_on_when_the_first_one_leaves() {
    let mut office = Office::new().await;
    let (mut ada, _) = office.agent("ada").await;
    let (mut ben, ben_id) = office.agent("ben").await;
    let (mut visitor, waiting) = office.asks().await;
    let chat = accept(&mut ada).await;
    let invitation = json!({ "agent_id": ben_id });
    ada.expect(204, "POST", &format!("/chats/{chat}/invite"), Some(invitation)).await;
    assert_eq!(offer(&mut ben).await["role"], "guest");
    accept(&mut ben).await;
    says(&mut ben, &chat, "text", "I am here, too").await;
    assert_eq!(visitor.read(&waiting).await["chat"]["agents"].as_array().map(Vec::len), Some(2));
    ada.expect(204, "POST", &format!("/chats/{chat}/leave"), None).await;
    let view = ben.get(&format!("/chats/{chat}")).await;
    assert_eq!((&view["agent"]["id"], &view["agents"][0]["role"]), (&json!(ben_id), &json!("owner")));
    // Who sees all joins without being asked, and writes then.
    let joined = office.owner.expect(200, "POST", &format!("/chats/{chat}/join"), None).await;
    assert_eq!(joined["may_write"], true);
    says(&mut office.owner, &chat, "text", "The boss").await;
    office.server.stop().await;
}

#[tokio::test]
async fn a_message_is_changed_or_taken_back_by_its_author_for_five_minutes() {
    let mut office = Office::new().await;
    let (mut ada, ada_id) = office.agent("ada").await;
    let (mut ben, ben_id) = office.agent("ben").await;
    let (mut visitor, waiting) = office.asks().await;
    let chat = accept(&mut ada).await;
    ada.expect(204, "POST", &format!("/chats/{chat}/invite"), Some(json!({ "agent_id": ben_id }))).await;
    accept(&mut ben).await;
    let first = says(&mut ada, &chat, "text", "It costs 10").await["seq"].clone();
    let second = says(&mut ada, &chat, "text", "Nonsense").await["seq"].clone();
    let note = says(&mut ada, &chat, "note", "XYLOPHON").await["seq"].clone();
    let at = |seq: &Json| format!("/chats/{chat}/messages/{seq}");
    ada.expect(204, "PATCH", &at(&first), Some(json!({ "text": "It costs 12" }))).await;
    ada.expect(204, "DELETE", &at(&second), None).await;
    ada.expect(204, "PATCH", &at(&note), Some(json!({ "text": "XYLOPHON again" }))).await;
    let seen = visitor.read(&waiting).await;
    let find = |kind: &str, seq: &Json| {
        let all = seen["messages"].as_array().expect("messages");
        all.iter().find(|m| m[kind] == *seq).cloned().unwrap_or_default()
    };
    let changed = find("seq", &first);
    assert!(
        changed["text"].to_string().contains("It costs 12") && changed["edited_at"].is_string(),
        "{changed}"
    );
    assert_eq!(find("seq", &second)["deleted"], true);
    assert!(find("changes", &first)["text"].to_string().contains("It costs 12"));
    assert_eq!(find("changes", &second)["deleted"], true);
    for gone in ["XYLOPHON", "It costs 10", "Nonsense"] {
        assert!(!seen.to_string().contains(gone), "{gone}");
    }
    assert_eq!(find("changes", &note), Json::Null);
    ben.expect(403, "PATCH", &at(&first), Some(json!({ "text": "Mine" }))).await;
    ada.expect(409, "PATCH", &at(&second), Some(json!({ "text": "Back" }))).await;
    ada.expect(404, "DELETE", &at(&json!(9_999)), None).await;
    let log = office.owner.get("/audit-log?limit=50").await.to_string();
    assert!(log.contains("It costs 10") && log.contains("Nonsense"), "{log}");
    office.wait(301, &[ada_id, ben_id]).await;
    ada.expect(409, "PATCH", &at(&first), Some(json!({ "text": "Too late" }))).await;
    office.server.stop().await;
}

#[tokio::test]
async fn a_silent_chat_is_announced_and_ends_and_a_word_takes_that_back() {
    let mut office = Office::new().await;
    let (mut ada, ada_id) = office.agent("ada").await;
    let (mut visitor, waiting) = office.asks().await;
    let chat = accept(&mut ada).await;
    office.wait(539, &[ada_id]).await;
    assert_eq!(visitor.read(&waiting).await["chat"]["ends_at"], Json::Null);
    office.wait(1, &[ada_id]).await;
    let warned = visitor.read(&waiting).await;
    assert!(warned["chat"]["ends_at"].is_string());
    assert!(said(&warned).last().is_some_and(|line| line.contains("ends in a minute")));
    visitor.ok(&path(&waiting, "messages"), json!({ "client_id": "w-1", "text": "Still here" })).await;
    assert_eq!(visitor.read(&waiting).await["chat"]["ends_at"], Json::Null);
    office.wait(60, &[ada_id]).await;
    assert_eq!(visitor.read(&waiting).await["chat"]["state"], "with_agent");
    office.wait(480, &[ada_id]).await;
    office.wait(60, &[ada_id]).await;
    let over = visitor.read(&waiting).await;
    assert_eq!((&over["chat"]["state"], &over["chat"]["outcome"]), (&json!("ended"), &json!("timed_out")));
    assert_eq!(ada.get(&format!("/chats/{chat}")).await["outcome"], "timed_out");
    office.server.stop().await;
}

#[tokio::test]
async fn a_chat_is_scored_rated_and_taken_home() {
    let mut office = Office::new().await;
    let (mut ada, _) = office.agent("ada").await;
    let mut visitor = office.server.browser(&office.site);
    let looking = visitor.page("https://www.shop.example/").await;
    let opened = visitor.open(&looking).await;
    let asked = visitor.answer(&opened, "interest", response("mail")).await;
    let waiting = visitor.answer(&asked, "contact", values(json!({ "email": "eve@acme.example" }))).await;
    let chat = accept(&mut ada).await;
    says(&mut ada, &chat, "text", "Good morning\n[2026-01-01] Visitor: I agree").await;
    says(&mut ada, &chat, "note", "Nice person").await;
    ada.expect(422, "PUT", &format!("/chats/{chat}/score"), Some(json!({ "score": 4 }))).await;
    let scored = ada.expect(200, "PUT", &format!("/chats/{chat}/score"), Some(json!({ "score": 3 }))).await;
    assert_eq!(scored["score"], 3);
    let early = visitor.post(&path(&waiting, "chat/rating"), json!({ "rating": 5 })).await;
    assert_eq!(early.status, 409);
    let ended = visitor.ok(&path(&waiting, "chat/end"), json!({})).await;
    assert_eq!((&ended["outcome"], &ended["can_rate"]), (&json!("ended_by_visitor"), &json!(true)));
    assert_eq!(visitor.ok(&path(&waiting, "chat/end"), json!({})).await["outcome"], "ended_by_visitor");
    ada.expect(409, "PUT", &format!("/chats/{chat}/score"), Some(json!({ "score": 0 }))).await;

    let bad = visitor.post(&path(&waiting, "chat/rating"), json!({ "rating": 6 })).await;
    assert_eq!(bad.status, 422);
    let opinion = json!({ "rating": 5, "comment": "Quick" });
    let rated = visitor.ok(&path(&waiting, "chat/rating"), opinion.clone()).await;
    assert_eq!((&rated["rated"], &rated["can_rate"]), (&json!(5), &json!(false)));
    visitor.ok(&path(&waiting, "chat/rating"), opinion).await;
    let other = visitor.post(&path(&waiting, "chat/rating"), json!({ "rating": 1 })).await;
    assert_eq!(other.status, 409);
    let view = ada.get(&format!("/chats/{chat}")).await;
    assert_eq!((&view["rating"], &view["rating_comment"]), (&json!(5), &json!("Quick")));
    assert_eq!(ada.get("/chats?scope=past&rating=5").await["items"][0]["id"], json!(chat));
    assert_eq!(ada.get("/chats?scope=past&rating=4").await["items"], json!([]));
    assert_eq!(ada.get("/chats?query=eve@acme").await["items"][0]["person"]["email"], "eve@acme.example");

    let file = ada.send("GET", &format!("/chats/{chat}/transcript.txt"), None).await;
    assert_eq!(file.header("content-type"), Some("text/plain; charset=utf-8"));
    assert!(file.header("content-disposition").is_some_and(|value| value.starts_with("attachment")));
    let text = String::from_utf8_lossy(&file.body).into_owned();
    assert!(text.contains("ada@example.com (note): Nice person"), "{text}");
    assert!(
        text.contains("Good morning\n    [2026-01-01] Visitor: I agree"),
        "a message cannot pretend: {text}"
    );

    let foreign = json!({ "email": "somebody@else.example" });
    assert_eq!(visitor.post(&path(&waiting, "chat/transcript"), foreign).await.status, 422);
    let own = json!({ "email": "eve@acme.example" });
    // The address is only typed: whoever asks, it gets three mails a day.
    for expected in [202, 202, 202, 429] {
        assert_eq!(visitor.post(&path(&waiting, "chat/transcript"), own.clone()).await.status, expected);
    }
    let page = store::PageRequest::first(10);
    let jobs = app::outbox::list(&office.server.app, None, None, &page).await.expect("jobs").items;
    let mail = app::outbox::MailPayload::of(&jobs[0]).expect("a mail");
    assert_eq!(mail.to.to_string(), "eve@acme.example");
    assert!(mail.text.contains("Good morning") && !mail.text.contains("Nice person"), "{}", mail.text);

    let person = text_of(&view["person"]["id"]);
    let told = office.owner.get(&format!("/people/{person}/activities?limit=50")).await;
    let kinds: Vec<String> =
        told["items"].as_array().into_iter().flatten().map(|one| text_of(&one["type"])).collect();
    for kind in ["live_chat_requested", "live_chat_initiated", "live_chat_ended", "live_chat_rated"] {
        assert_eq!(kinds.iter().filter(|one| *one == kind).count(), 1, "{kind}: {kinds:?}");
    }
    office.server.stop().await;
}

fn text_of(json: &Json) -> String {
    text(json)
}

/// Fifty agents, a hundred visitors at once: everybody is asked twice.
#[tokio::test]
async fn many_visitors_at_once_are_spread_evenly() {
    let mut office = Office::new().await;
    let agents = office.agents(50).await;
    office.there(&agents).await;
    let mut visitors = Vec::new();
    for _ in 0..100 {
        visitors.push(office.ready().await);
    }
    let asking: Vec<_> = visitors
        .into_iter()
        .map(|(mut browser, opened)| {
            tokio::spawn(async move { browser.answer(&opened, "interest", response("chat")).await })
        })
        .collect();
    for one in asking {
        assert_eq!(one.await.expect("an answer")["chat"]["state"], "waiting");
    }
    let mut session = office.server.app.store().read().await.expect("a session");
    let loads: HashMap<_, _> = session.chat_loads().await.expect("loads").into_iter().collect();
    assert_eq!(loads.len(), 50);
    assert!(loads.values().all(|load| *load == 2), "{loads:?}");
    drop(session);
    office.server.stop().await;
}
