//! Sockets with a real WebSocket client: who is told what, in which order, how often, and what happens after a gap.

mod console;
mod office;
mod socket;
mod support;

use console::User;
use office::{Office, accept, path, says};
use serde_json::{Value as Json, json};
use socket::{Socket, connect};
use support::id;

fn seqs(items: &[Json]) -> Vec<u64> {
    items.iter().filter_map(|item| item["seq"].as_u64()).collect()
}

#[tokio::test]
async fn everything_is_told_while_it_happens_and_to_whom_it_belongs() {
    let mut office = Office::new().await;
    let address = office.server.address;
    let (mut ada, _) = office.agent("ada").await;
    let mut console = Socket::of_agent(&ada, address).await;
    assert_eq!(console.until("me").await["me"]["connected"], true);
    let (visitor, waiting) = office.asks().await;
    let mut tab = Socket::of_visitor(&visitor, address).await;
    let conversation = waiting["id"].clone();
    let seen = waiting["last_seq"].as_u64().expect("a number");
    tab.watch(&waiting, seen, &waiting["epoch"]).await;
    assert_eq!(tab.until("chat").await["chat"]["state"], "waiting");

    let offered = console.until("offer").await["offer"].clone();
    assert_eq!((&offered["conversation_id"], &offered["role"]), (&conversation, &json!("owner")));
    assert_eq!(console.until("me").await["me"]["offers"].as_array().map(Vec::len), Some(1));
    let chat = accept(&mut ada).await;
    let gone = console.until("offer_gone").await;
    assert_eq!((&gone["chat_id"], &gone["reason"]), (&json!(chat), &json!("accepted")));
    assert_eq!(console.until("inbox").await, json!({ "t": "inbox" }));
    tab.hears("joined the chat").await;
    let joined = tab.until("chat").await;
    assert_eq!(joined["chat"]["agents"][0]["name"], "ada@example.com");

    console.watch(&waiting, 0, &waiting["epoch"]).await;
    let whole = ada.get(&format!("/chats/{chat}/messages")).await;
    let known = whole["upto"].as_u64().expect("a number");
    let view = console.until("chat").await;
    assert_eq!((&view["chat"]["id"], &view["chat"]["may_write"]), (&json!(chat), &json!(true)));

    tab.send(
        json!({ "t": "say", "conversation": conversation, "client_id": "w-1", "text": "My oven is cold" }),
    )
    .await;
    let ack = tab.until("ack").await;
    assert_eq!((&ack["client_id"], &ack["seq"]), (&json!("w-1"), &json!(known + 1)));
    let heard = console.hears("My oven is cold").await;
    assert_eq!(heard.last().expect("a message")["from"], "visitor");

    console.send(json!({ "t": "typing", "conversation": conversation, "on": true })).await;
    let typing = tab.until("typing").await;
    assert_eq!(
        (&typing["who"], &typing["name"], &typing["on"]),
        (&json!("agent"), &json!("ada@example.com"), &json!(true))
    );
    tab.send(json!({ "t": "typing", "conversation": conversation, "on": true })).await;
    assert_eq!(console.until("typing").await["who"], "visitor");

    let note = json!({ "t": "say", "conversation": conversation, "client_id": "a-1", "kind": "note", "text": "XYLOPHON" });
    console.send(note).await;
    console.until("ack").await;
    let text = json!({ "t": "say", "conversation": conversation, "client_id": "a-2", "text": "Since when?" });
    console.send(text).await;
    console.until("ack").await;
    let heard = tab.hears("Since when?").await;
    assert!(heard.iter().all(|item| !item.to_string().contains("XYLOPHON")), "{heard:?}");
    assert_eq!(heard.last().expect("a message")["author"]["name"], "ada@example.com");

    tab.send(json!({ "t": "read", "conversation": conversation, "seq": 1_000 })).await;
    let read = console.until("read").await;
    assert_eq!(
        (&read["who"], &read["seq"]),
        (&json!("visitor"), &json!(tab.upto)),
        "no further than there is something"
    );
    console.send(json!({ "t": "read", "conversation": conversation, "seq": 3 })).await;
    let mark = loop {
        let read = tab.until("read").await;
        if read["who"] == "agent" {
            break read["seq"].clone();
        }
    };
    assert_eq!(mark, 3);

    ada.expect(200, "POST", &format!("/chats/{chat}/end"), None).await;
    tab.hears("The chat has ended").await;
    loop {
        if tab.until("chat").await["chat"]["state"] == "ended" {
            break;
        }
    }
    tab.send(json!({ "t": "say", "conversation": conversation, "client_id": "w-9", "text": "Wait" })).await;
    let refused = tab.until("refused").await;
    assert_eq!((&refused["client_id"], &refused["code"]), (&json!("w-9"), &json!("conflict")));
    office.server.stop().await;
}

#[tokio::test]
async fn after_a_gap_comes_exactly_what_was_missed_once_to_every_tab() {
    let mut office = Office::new().await;
    let address = office.server.address;
    let (mut ada, _) = office.agent("ada").await;
    let (mut visitor, waiting) = office.asks().await;
    let chat = accept(&mut ada).await;
    let before = visitor.read(&waiting).await;
    let start = before["last_seq"].as_u64().expect("a number");
    let mut first = Socket::of_visitor(&visitor, address).await;
    let mut second = Socket::of_visitor(&visitor, address).await;
    for tab in [&mut first, &mut second] {
        let frame = tab.watch(&waiting, start, &before["epoch"]).await;
        assert_eq!((&frame["items"], &frame["upto"]), (&json!([]), &json!(start)));
    }
    says(&mut ada, &chat, "text", "one").await;
    assert_eq!(seqs(&first.hears("one").await), [start + 1]);
    second.hears("one").await;
    let upto = first.upto.expect("a number");
    drop(first);
    for words in ["two", "three"] {
        says(&mut ada, &chat, "text", words).await;
    }
    says(&mut ada, &chat, "note", "hidden").await;
    visitor.ok(&path(&waiting, "messages"), json!({ "client_id": id(), "text": "four" })).await;

    let mut again = Socket::of_visitor(&visitor, address).await;
    let frame = again.watch(&waiting, upto, &before["epoch"]).await;
    let items = frame["items"].as_array().cloned().unwrap_or_default();
    assert_eq!(seqs(&items), [start + 2, start + 3, start + 5]);
    assert_eq!(frame["upto"], json!(start + 5), "the note has a number, too");
    let rest = second.hears("four").await;
    assert_eq!(seqs(&rest), [start + 2, start + 3, start + 5]);
    // Nothing of it comes a second time.
    let more: Vec<Json> = [again.all().await, second.all().await].concat();
    assert!(more.iter().all(|frame| frame["items"].as_array().is_none_or(Vec::is_empty)), "{more:?}");
    office.server.stop().await;
}

#[tokio::test]
async fn a_client_that_cannot_be_resumed_is_told_to_read_everything() {
    let mut office = Office::new().await;
    let address = office.server.address;
    let (mut ada, _) = office.agent("ada").await;
    let (mut visitor, waiting) = office.asks().await;
    let chat = accept(&mut ada).await;
    let mut tab = Socket::of_visitor(&visitor, address).await;
    let watch = |after: u64, epoch: u64| json!({ "t": "watch", "conversation": waiting["id"], "after": after, "epoch": epoch });
    let epoch = waiting["epoch"].as_u64().expect("a number");
    for wrong in [watch(0, epoch + 1), watch(1_000_000, epoch)] {
        tab.send(wrong).await;
        assert_eq!(tab.until("resync").await["conversation"], waiting["id"]);
    }
    for number in 0..501 {
        says(&mut ada, &chat, "text", &format!("word {number}")).await;
    }
    tab.send(watch(0, epoch)).await;
    assert_eq!(tab.until("resync").await["conversation"], waiting["id"]);
    let now = visitor.read(&waiting).await;
    let last = now["last_seq"].as_u64().expect("a number");
    let frame = tab.watch(&waiting, last - 250, &now["epoch"]).await;
    assert_eq!(frame["items"].as_array().map(Vec::len), Some(100), "in frames of a hundred");
    let rest = tab.hears("word 500").await;
    assert_eq!((rest.len(), tab.upto), (150, Some(last)));
    office.server.stop().await;
}

#[tokio::test]
async fn what_is_somebody_elses_is_refused_in_one_way() {
    let mut office = Office::new().await;
    let address = office.server.address;
    let (mut ada, _) = office.agent("ada").await;
    let (ben, _) = office.agent("ben").await;
    let (_visitor, waiting) = office.asks().await;
    accept(&mut ada).await;
    let (stranger, other) = office.asks().await;
    let missing = kernel::ConversationId::from(uuid::Uuid::from_u128(7)).to_string();
    let mut tab = Socket::of_visitor(&stranger, address).await;
    let mut console = Socket::of_agent(&ben, address).await;
    for socket in [&mut tab, &mut console] {
        for conversation in [waiting["id"].clone(), json!(missing)] {
            for frame in [
                json!({ "t": "watch", "conversation": conversation, "after": 0, "epoch": 1 }),
                json!({ "t": "say", "conversation": conversation, "client_id": "x", "text": "Hi" }),
            ] {
                socket.send(frame).await;
                let refused = socket.until("refused").await;
                assert_eq!(refused["code"], "not_found");
                assert_eq!(refused["detail"], "there is no such conversation");
            }
        }
    }
    // Typing and reading of what is not watched say nothing, and the connection stands.
    tab.send(json!({ "t": "typing", "conversation": waiting["id"], "on": true })).await;
    tab.send(json!({ "t": "read", "conversation": waiting["id"], "seq": 5 })).await;
    let note =
        json!({ "t": "say", "conversation": other["id"], "client_id": "n", "kind": "note", "text": "Hi" });
    tab.send(note).await;
    assert_eq!(tab.until("refused").await["code"], "forbidden");
    for (frame, code) in [
        (json!({ "t": "dance" }), "unknown"),
        (json!({ "t": "watch" }), "invalid"),
        (json!([1]), "invalid"),
        (json!({ "t": "hello", "protocol": 1 }), "invalid"),
    ] {
        tab.send(frame).await;
        assert_eq!(tab.until("refused").await["code"], code);
    }
    // Nothing meant for agents ever came to the visitor.
    for frame in tab.all().await {
        assert!(!["offer", "offer_gone", "me", "inbox"].contains(&support::text(&frame["t"])), "{frame}");
    }
    office.server.stop().await;
}

#[tokio::test]
async fn only_who_may_gets_a_socket() {
    let mut office = Office::new().await;
    let address = office.server.address;
    let (ada, _) = office.agent("ada").await;
    let origin = format!("http://{address}");
    let cookie = ada.cookie.clone().expect("a cookie");
    let user = User::with_profile(&office.server, "mia@example.com", "Marketing user").await;
    let marketing = user.cookie.clone().expect("a cookie");
    for (headers, expected) in [
        (vec![("origin", origin.as_str())], 401),
        (vec![("origin", origin.as_str()), ("cookie", marketing.as_str())], 403),
        (vec![("origin", "https://evil.example"), ("cookie", cookie.as_str())], 403),
        (vec![("cookie", cookie.as_str())], 403),
    ] {
        let refused = connect(address, "/api/v1/socket", &headers).await.err();
        assert_eq!(refused, Some(expected), "{headers:?}");
    }
    let foreign = [("origin", "https://evil.example")];
    assert_eq!(connect(address, "/api/visitor/v1/socket?site=none", &foreign).await.err(), Some(403));
    let path = format!("/api/visitor/v1/socket?site={}", office.site.key);
    for (hello, code) in [
        (json!({ "t": "hello", "protocol": 1, "token": "nonsense" }), "token"),
        (json!({ "t": "hello", "protocol": 2 }), "protocol"),
        (json!({ "t": "ping" }), "hello"),
    ] {
        let mut socket = connect(address, &path, &[("origin", "https://shop.example")]).await.expect("opens");
        socket.send(hello).await;
        assert_eq!(socket.next().await, json!({ "t": "bye", "code": code, "detail": socket_detail(code) }));
        assert_eq!(socket.try_next().await, None);
    }
    // A frame that is too long ends the connection, and nothing else.
    let (visitor, _) = office.asks().await;
    let mut socket = Socket::of_visitor(&visitor, address).await;
    socket.send(json!({ "t": "ping", "more": "x".repeat(20_000) })).await;
    assert_eq!(socket.try_next().await, None);
    let mut socket = Socket::of_visitor(&visitor, address).await;
    assert_eq!(socket.all().await, Vec::<Json>::new());
    office.server.stop().await;
}

fn socket_detail(code: &str) -> &'static str {
    match code {
        "token" => "The token is not one of this site.",
        "protocol" => "This server speaks protocol 1.",
        _ => "The first frame must be hello.",
    }
}

#[tokio::test]
async fn a_disabled_user_is_shown_out_and_an_open_console_makes_an_agent_connected() {
    let mut office = Office::new().await;
    let address = office.server.address;
    let (ada, ada_id) = office.agent("ada").await;
    office.server.advance_minutes(3);
    let (_, over) = office.asks().await;
    assert_eq!(over["chat"]["outcome"], "nobody");
    let mut console = Socket::of_agent(&ada, address).await;
    console.until("me").await;
    let (_, waiting) = office.asks().await;
    assert_eq!(waiting["chat"]["state"], "waiting");
    console.until("offer").await;
    office.owner.expect(200, "PATCH", &format!("/users/{ada_id}"), Some(json!({ "disabled": true }))).await;
    assert_eq!(console.until("bye").await["code"], "signed_out");
    assert_eq!(console.try_next().await, None);
    office.server.stop().await;
}
