//! From request to end over real HTTP: a visitor asks, agents are asked, one talks, the chat ends. Time is set, and the work
//! that the worker does is done when the test says so.

mod console;
mod office;
mod support;

use console::{User, text};
use office::{Office, accept, offer, path, says};
use serde_json::{Value as Json, json};
use support::{id, response, said};

#[tokio::test]
async fn a_visitor_asks_an_agent_accepts_they_talk_and_it_ends() {
    let mut office = Office::new().await;
    let (mut ada, _) = office.agent("ada").await;
    let (mut visitor, waiting) = office.asks().await;
    assert_eq!(waiting["waiting"]["kind"], "live_chat");
    assert_eq!(said(&waiting).last().map(String::as_str), Some("One moment, please."));
    assert_eq!((&waiting["chat"]["state"], &waiting["chat"]["outcome"]), (&json!("waiting"), &Json::Null));
    assert!(waiting["chat"]["answer_by"].is_string(), "{waiting}");

    let asked = offer(&mut ada).await;
    assert_eq!((&asked["seconds"], &asked["role"]), (&json!(100), &json!("owner")));
    assert_eq!((&asked["site_name"], &asked["dialogue_name"]), (&json!("Shop"), &json!("Help")));
    assert_eq!(asked["said"].as_array().map(Vec::len), Some(3), "{asked}");
    let first = json!({ "client_id": "w-1", "text": "Anybody?" });
    let first_said = visitor.ok(&path(&waiting, "messages"), first.clone()).await;
    let chat = accept(&mut ada).await;
    assert_eq!(ada.get("/live/me").await["offers"], json!([]));
    assert_eq!(ada.get("/live/me").await["open_chats"], 1);

    says(&mut ada, &chat, "text", "Hello, I am Ada.").await;
    says(&mut ada, &chat, "note", "Sounds urgent").await;
    // The same message again is the same message; another one with its id is refused.
    assert_eq!(visitor.ok(&path(&waiting, "messages"), first).await, first_said);
    let other =
        visitor.post(&path(&waiting, "messages"), json!({ "client_id": "w-1", "text": "Else" })).await;
    assert_eq!(other.status, 409);
    visitor.ok(&path(&waiting, "messages"), json!({ "client_id": "w-2", "text": "My oven is cold." })).await;

    let now = visitor.read(&waiting).await;
    assert_eq!(now["chat"]["agents"][0]["name"], "ada@example.com");
    let words = said(&now);
    let expected = ["Anybody?", "ada@example.com joined the chat.", "Hello, I am Ada.", "My oven is cold."];
    assert_eq!(words[words.len() - 4..], expected);
    let by_agent = now["messages"].as_array().and_then(|all| all.iter().find(|one| one["from"] == "agent"));
    let author = &by_agent.expect("an agent's message")["author"];
    assert_eq!((&author["name"], &author["id"]), (&json!("ada@example.com"), &Json::Null));

    let inside = ada.get(&format!("/chats/{chat}/messages?after=0")).await;
    let kinds: Vec<&str> =
        inside["items"].as_array().into_iter().flatten().filter_map(|m| m["kind"].as_str()).collect();
    assert!(kinds.contains(&"note") && kinds.contains(&"event"), "{kinds:?}");
    assert_eq!(inside["upto"], now["last_seq"]);
    let rows = ada.get("/chats?scope=mine").await;
    let row = &rows["items"][0];
    assert_eq!(
        (&row["id"], &row["unread"], &row["agent"]["name"]),
        (&json!(chat), &json!(2), &json!("ada@example.com"))
    );
    assert_eq!(row["last_message"]["text"], "My oven is cold.");

    let ended = ada.expect(200, "POST", &format!("/chats/{chat}/end"), None).await;
    assert_eq!((&ended["state"], &ended["outcome"]), (&json!("ended"), &json!("ended_by_agent")));
    let over = visitor.read(&waiting).await;
    assert_eq!((&over["state"], &over["waiting"]), (&json!("completed"), &Json::Null));
    assert_eq!((&over["chat"]["state"], &over["chat"]["can_rate"]), (&json!("ended"), &json!(true)));
    assert_eq!(said(&over).last().map(String::as_str), Some("The chat has ended."));
    let late = visitor.post(&path(&waiting, "messages"), json!({ "client_id": "w-3", "text": "Wait" })).await;
    assert_eq!(late.status, 409);
    let body = json!({ "client_id": "a-9", "kind": "text", "text": "Bye" });
    ada.expect(409, "POST", &format!("/chats/{chat}/messages"), Some(body)).await;
    office.server.stop().await;
}

/// The same agent in two tabs and a colleague who was too late: all three click at once.
#[tokio::test]
async fn of_agents_who_accept_at_the_same_moment_one_has_it() {
    let mut office = Office::new().await;
    let (mut ada, ada_id) = office.agent("ada").await;
    let (mut ben, ben_id) = office.agent("ben").await;
    let (_visitor, waiting) = office.asks().await;
    let chat = text(&offer(&mut ada).await["chat_id"]);
    office.wait(100, &[ada_id, ben_id]).await;
    assert_eq!(text(&offer(&mut ben).await["chat_id"]), chat);
    let (path, server) = (format!("/chats/{chat}/accept"), &office.server);
    let mut again = User::nobody(server);
    again.cookie.clone_from(&ben.cookie);
    let (late, first, second) = tokio::join!(
        ada.send("POST", &path, None),
        ben.send("POST", &path, None),
        again.send("POST", &path, None)
    );
    assert_eq!((first.status, second.status), (200, 200), "{}", String::from_utf8_lossy(&first.body));
    assert_eq!(late.status, 409, "{}", String::from_utf8_lossy(&late.body));
    let answer = ada.expect(409, "POST", &path, None).await;
    assert_eq!(answer["detail"], "Ben@example.com has taken this chat.");
    let view = ben.get(&format!("/chats/{chat}")).await;
    assert_eq!((&view["agent"]["id"], view["agents"].as_array().map(Vec::len)), (&json!(ben_id), Some(1)));
    assert_eq!(view["conversation_id"], waiting["id"]);
    let results: Vec<&str> =
        view["offers"].as_array().into_iter().flatten().filter_map(|o| o["result"].as_str()).collect();
    assert_eq!(results, ["missed", "accepted"]);
    office.server.stop().await;
}

#[tokio::test]
async fn two_are_asked_then_the_fallback_is_said() {
    let mut office = Office::new().await;
    let (mut ada, ada_id) = office.agent("ada").await;
    let (mut ben, ben_id) = office.agent("ben").await;
    let (mut cleo, cleo_id) = office.agent("cleo").await;
    let all = [ada_id, ben_id, cleo_id];
    let (mut visitor, waiting) = office.asks().await;
    office.wait(99, &all).await;
    let chat = text(&offer(&mut ada).await["chat_id"]);
    office.wait(1, &all).await;
    assert_eq!(offer(&mut ada).await, Json::Null);
    assert_eq!(text(&offer(&mut ben).await["chat_id"]), chat);
    ben.expect(204, "POST", &format!("/chats/{chat}/decline"), None).await;
    assert_eq!(offer(&mut cleo).await, Json::Null, "two in all");
    let over = visitor.read(&waiting).await;
    assert_eq!((&over["chat"]["outcome"], &over["state"]), (&json!("missed"), &json!("completed")));
    assert_eq!(said(&over).last().map(String::as_str), Some("Nobody is here now."));
    // Not taken by anybody, it is not in the inbox; supervisors see it.
    assert_eq!(office.owner.get("/chats").await["items"], json!([]));
    let board = office.owner.get("/live/board").await;
    assert_eq!(board["missed_today"][0]["id"], json!(chat));
    assert_eq!(board["agents"].as_array().map(Vec::len), Some(4));
    office.server.stop().await;
}

#[tokio::test]
async fn when_nobody_is_there_the_fallback_comes_at_once() {
    let mut office = Office::new().await;
    let (mut ada, ada_id) = office.agent("ada").await;
    // Without a console for two minutes nobody is asked.
    office.server.clock.advance_ms(121_000);
    let (_, over) = office.asks().await;
    assert_eq!((&over["chat"]["outcome"], &over["state"]), (&json!("nobody"), &json!("completed")));
    assert!(said(&over).ends_with(&["One moment, please.".to_owned(), "Nobody is here now.".to_owned()]));
    office.there(&[ada_id]).await;
    ada.expect(200, "PUT", "/me/availability/switch", Some(json!({ "available": false }))).await;
    let (_, over) = office.asks().await;
    assert_eq!(over["chat"]["outcome"], "nobody");
    ada.expect(200, "PUT", "/me/availability/switch", Some(json!({ "available": true }))).await;
    let (_, waiting) = office.asks().await;
    assert_eq!(waiting["chat"]["state"], "waiting");
    office.server.stop().await;
}

#[tokio::test]
async fn an_agent_at_the_limit_is_passed_over_and_blocked_domains_reach_nobody() {
    let mut office = Office::new().await;
    let (mut ada, ada_id) = office.agent("ada").await;
    let (mut ben, _) = office.agent("ben").await;
    let limit = json!({ "chat_limit": 1 });
    office.owner.expect(200, "PATCH", &format!("/agents/{ada_id}"), Some(limit)).await;
    let (_first, _) = office.asks().await;
    accept(&mut ada).await;
    let (_second, _) = office.asks().await;
    let (_third, _) = office.asks().await;
    assert_eq!(ada.get("/live/me").await["offers"], json!([]));
    assert_eq!(ben.get("/live/me").await["offers"].as_array().map(Vec::len), Some(2));

    let security = app::sites::Security {
        blocked_email_domains: vec!["rival.example".to_owned()],
        ..app::sites::Security::default()
    };
    let mut visitor = office.server.browser(&office.site);
    let looking = visitor.page("https://www.shop.example/").await;
    let opened = visitor.open(&looking).await;
    let asked = visitor.answer(&opened, "interest", response("mail")).await;
    let values = support::values(json!({ "email": "spy@rival.example" }));
    let given = visitor.answer(&asked, "contact", values).await;
    assert_eq!(given["chat"]["state"], "waiting");
    visitor.ok(&path(&given, "chat/cancel"), json!({})).await;
    office.server.secure(office.site.id, security).await;
    office.server.clock.advance_ms(1);
    let body = json!({ "client_id": id() });
    visitor.ok(&path(&given, "restart"), body).await;
    let again = visitor.read(&given).await;
    let over = visitor.answer(&again, "interest", response("chat")).await;
    assert_eq!(over["chat"]["outcome"], "nobody");
    office.server.stop().await;
}

/// A chat whose agent disappears waits, and is offered to whoever comes next, with everything said so far.
#[tokio::test]
async fn a_lost_agents_chat_goes_to_the_next_who_comes() {
    let mut office = Office::new().await;
    let (mut ada, ada_id) = office.agent("ada").await;
    let (mut visitor, waiting) = office.asks().await;
    let chat = accept(&mut ada).await;
    visitor.ok(&path(&waiting, "messages"), json!({ "client_id": "w-1", "text": "Hello?" })).await;
    office.wait(59, &[]).await;
    assert_eq!(visitor.read(&waiting).await["chat"]["state"], "with_agent");
    office.wait(2, &[]).await;
    let left = visitor.read(&waiting).await;
    assert_eq!((&left["chat"]["state"], &left["chat"]["agents"]), (&json!("waiting"), &json!([])));
    assert_eq!(said(&left).last().map(String::as_str), Some("ada@example.com left the chat."));
    let (mut ben, ben_id) = office.agent("ben").await;
    office.wait(1, &[ben_id]).await;
    let asked = offer(&mut ben).await;
    assert_eq!(asked["chat_id"], json!(chat));
    let words =
        asked["said"].as_array().into_iter().flatten().any(|m| m["text"].to_string().contains("Hello?"));
    assert!(words, "{asked}");
    assert_eq!(accept(&mut ben).await, chat);
    // Disabled, an agent loses the chat at once.
    office.owner.expect(200, "PATCH", &format!("/users/{ben_id}"), Some(json!({ "disabled": true }))).await;
    office.wait(1, &[ada_id, ben_id]).await;
    assert_eq!(offer(&mut ada).await["chat_id"], json!(chat));
    office.server.stop().await;
}

/// What is not for visitors is in no answer of the visitor API, whoever asks; what is somebody else's does not exist.
#[tokio::test]
async fn notes_and_foreign_chats_stay_hidden() {
    let mut office = Office::new().await;
    let (mut ada, _) = office.agent("ada").await;
    let (mut ben, _) = office.agent("ben").await;
    let (mut visitor, waiting) = office.asks().await;
    let chat = accept(&mut ada).await;
    says(&mut ada, &chat, "note", "XYLOPHON").await;
    let said = visitor.ok(&path(&waiting, "messages"), json!({ "client_id": "w-1", "text": "Hm" })).await;
    for after in [0, 3, 5] {
        let page =
            visitor.send("GET", &path(&waiting, &format!("?after={after}")).replace("/?", "?"), None).await;
        assert_eq!(page.status, 200);
        assert!(!String::from_utf8_lossy(&page.body).contains("XYLOPHON"));
    }
    assert!(said["seq"].as_u64() > Some(5));
    let (mut stranger, _) = office.asks().await;
    for (rest, body) in [
        ("messages", json!({ "client_id": "x", "text": "Hi" })),
        ("chat/end", json!({})),
        ("chat/cancel", json!({})),
        ("chat/rating", json!({ "rating": 5 })),
        ("chat/transcript", json!({ "email": "a@example.com" })),
    ] {
        assert_eq!(stranger.post(&path(&waiting, rest), body).await.status, 404, "{rest}");
    }
    // Another agent neither sees nor touches it.
    for (method, rest, body) in [
        ("GET", "", None),
        ("GET", "/messages", None),
        ("GET", "/transcript.txt", None),
        ("POST", "/accept", None),
        ("POST", "/decline", None),
        ("POST", "/end", None),
        ("POST", "/leave", None),
        ("POST", "/messages", Some(json!({ "client_id": "x", "kind": "text", "text": "Hi" }))),
        ("POST", "/transfer", Some(json!({}))),
        ("PUT", "/score", Some(json!({ "score": 3 }))),
    ] {
        ben.expect(404, method, &format!("/chats/{chat}{rest}"), body).await;
    }
    ben.expect(403, "POST", &format!("/chats/{chat}/join"), None).await;
    ben.expect(403, "GET", "/live/board", None).await;
    assert_eq!(ben.get("/chats").await["items"], json!([]));
    // Who sees all, reads; writing needs joining.
    let seen = office.owner.get(&format!("/chats/{chat}")).await;
    assert_eq!((&seen["mine"], &seen["may_write"]), (&json!(false), &json!(false)));
    let body = json!({ "client_id": "o", "kind": "text", "text": "Hi" });
    office.owner.expect(404, "POST", &format!("/chats/{chat}/messages"), Some(body)).await;
    office.server.stop().await;
}
