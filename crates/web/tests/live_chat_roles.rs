//! Every call and every frame of live chat by everybody who could try it (rules R11, R17, R21, R23): what is allowed is
//! answered, all else is refused, and a note never reaches a visitor. The tables are the specification of rights.

mod console;
mod office;
mod socket;
mod support;

use console::{User, text};
use office::{Office, accept, path, says};
use serde_json::{Value as Json, json};
use socket::{Socket, connect};
use support::{Browser, id};

/// An internal word.
const NOTE: &str = "XYLOPHON";

/// Everybody, around one chat of Ada's.
struct Crowd {
    office: Office,
    chat: String,
    conversation: Json,
    /// The visitor of the chat, and another one.
    visitor: Browser,
    stranger: Browser,
    /// The agent of the chat, an agent who is not in it, somebody who sees all chats, and somebody who sees none.
    ada: User,
    ben: User,
    supervisor: User,
    marketer: User,
    /// Nobody, and Ada in a browser where she signed out.
    nobody: User,
    gone: User,
}

impl Crowd {
    async fn gather() -> Self {
        let mut office = Office::new().await;
        let (mut ada, _) = office.agent("ada").await;
        let (ben, _) = office.agent("ben").await;
        let server = &office.server;
        let seeing_all = app::profiles::NewProfile {
            name: "Supervisor".to_owned(),
            description: String::new(),
            permissions: vec!["livechat.view_all".to_owned()],
        };
        let actor = app::access::Actor::system();
        app::profiles::create(&server.app, &actor, seeing_all).await.expect("a profile");
        let supervisor = User::with_profile(server, "sue@example.com", "Supervisor").await;
        let marketer = User::with_profile(server, "mia@example.com", "Marketing user").await;
        let nobody = User::nobody(server);
        let mut gone = User::nobody(server);
        assert_eq!(gone.sign_in("ada@example.com", console::PASSWORD).await.status, 200);
        gone.expect(204, "DELETE", "/session", None).await;
        let (visitor, conversation) = office.asks().await;
        let chat = accept(&mut ada).await;
        let (stranger, _) = office.asks().await;
        Self { office, chat, conversation, visitor, stranger, ada, ben, supervisor, marketer, nobody, gone }
    }
}

/// Calls about a chat, and what they answer to a colleague, a supervisor, a marketer, the owner of the instance, nobody, and
/// somebody who signed out. Ada's own follow.
fn calls(ben: &str) -> Vec<(&'static str, &'static str, Option<Json>, [u16; 6])> {
    let message = json!({ "client_id": "x", "kind": "text", "text": "Hi" });
    let note = json!({ "client_id": "y", "kind": "note", "text": "Hi" });
    let to = json!({ "agent_id": ben });
    let readers = [404, 200, 403, 200, 401, 401];
    let agents = [404, 403, 403, 409, 401, 401];
    vec![
        ("GET", "", None, readers),
        ("GET", "/messages?after=0", None, readers),
        ("GET", "/transcript.txt", None, readers),
        ("GET", "/canned-responses", None, [404, 403, 403, 200, 401, 401]),
        ("POST", "/accept", None, agents),
        ("POST", "/decline", None, [404, 403, 403, 404, 401, 401]),
        ("POST", "/end", None, agents),
        ("POST", "/leave", None, agents),
        ("POST", "/transfer", Some(to.clone()), agents),
        ("POST", "/invite", Some(to), agents),
        ("PUT", "/score", Some(json!({ "score": 3 })), agents),
        ("POST", "/messages", Some(message), [404, 403, 403, 404, 401, 401]),
        ("POST", "/messages", Some(note), [404, 403, 403, 404, 401, 401]),
        ("PATCH", "/messages/SEQ", Some(json!({ "text": "Ha" })), [404, 403, 403, 403, 401, 401]),
        ("DELETE", "/messages/SEQ", None, [404, 403, 403, 403, 401, 401]),
    ]
}

#[tokio::test]
async fn every_call_about_a_chat_by_everybody() {
    let mut crowd = Crowd::gather().await;
    let ben_id = text(&crowd.ben.get("/session").await["user"]["id"]);
    let seq = says(&mut crowd.ada, &crowd.chat, "note", NOTE).await["seq"].to_string();
    let (chat, other) = (crowd.chat.clone(), kernel::ChatId::from(uuid::Uuid::from_u128(9)).to_string());
    for (method, rest, body, expected) in calls(&ben_id) {
        let at = |chat: &str| format!("/chats/{chat}{}", rest.replace("SEQ", &seq));
        let Crowd { office, ben, supervisor, marketer, nobody, gone, .. } = &mut crowd;
        let everybody = [ben, supervisor, marketer, &mut office.owner, nobody, gone];
        for (who, (user, status)) in everybody.into_iter().zip(expected).enumerate() {
            let answer = user.send(method, &at(&chat), body.clone()).await;
            let said = String::from_utf8_lossy(&answer.body).into_owned();
            assert_eq!(answer.status, status, "{method} {rest} by {who}: {said}");
            assert!(status == 200 || !said.contains(NOTE), "{method} {rest} by {who}: {said}");
            if status == 404 && who == 0 {
                // What is somebody else's is like what does not exist.
                let missing = user.send(method, &at(&other), body.clone()).await;
                assert_eq!((missing.status, missing.body), (404, answer.body), "{method} {rest}");
            }
        }
    }
    lists(&mut crowd).await;
    agents_own(&mut crowd, &ben_id).await;
    crowd.office.server.stop().await;
}

/// Lists show what somebody may see, and nothing else.
async fn lists(crowd: &mut Crowd) {
    for (path, expected) in [
        ("/live/board", [403, 403, 200, 403, 200, 401, 401]),
        ("/live/me", [200, 200, 403, 403, 200, 401, 401]),
        ("/chats?scope=active", [200, 200, 200, 403, 200, 401, 401]),
    ] {
        let Crowd { office, ada, ben, supervisor, marketer, nobody, gone, .. } = crowd;
        let everybody = [ada, ben, supervisor, marketer, &mut office.owner, nobody, gone];
        for (who, (user, status)) in everybody.into_iter().zip(expected).enumerate() {
            let answer = user.send("GET", path, None).await;
            assert_eq!(answer.status, status, "{path} by {who}");
            if path.starts_with("/chats") && status == 200 {
                let chats = answer.json()["items"].as_array().map(Vec::len);
                // A colleague is not in it; nobody has taken the other one.
                assert_eq!(chats, Some(usize::from(who != 1)), "{path} by {who}");
            }
        }
    }
}

/// What the agent of the chat may do, until it has ended; a supervisor may come in.
async fn agents_own(crowd: &mut Crowd, ben_id: &str) {
    let chat = format!("/chats/{}", crowd.chat);
    let seq = says(&mut crowd.ada, &crowd.chat, "text", "Hello").await["seq"].to_string();
    for rest in ["", "/messages?after=0", "/transcript.txt", "/canned-responses"] {
        crowd.ada.expect(200, "GET", &format!("{chat}{rest}"), None).await;
    }
    crowd.ben.expect(403, "POST", &format!("{chat}/join"), None).await;
    crowd.marketer.expect(403, "POST", &format!("{chat}/join"), None).await;
    crowd.supervisor.expect(200, "POST", &format!("{chat}/join"), None).await;
    for (status, method, rest, body) in [
        (200, "PUT", "/score", Some(json!({ "score": 3 }))),
        (204, "PATCH", &format!("/messages/{seq}"), Some(json!({ "text": "Hello there" }))),
        (204, "DELETE", &format!("/messages/{seq}"), None),
        (204, "POST", "/invite", Some(json!({ "agent_id": ben_id }))),
        (200, "POST", "/end", None),
        (409, "POST", "/end", None),
        (409, "PUT", "/score", Some(json!({ "score": 1 }))),
    ] {
        crowd.ada.expect(status, method, &format!("{chat}{rest}"), body).await;
    }
    // What is over is everybody's who may see chats of their own.
    crowd.ben.expect(200, "GET", &chat, None).await;
}

#[tokio::test]
async fn every_call_of_visitors_by_everybody() {
    let mut crowd = Crowd::gather().await;
    says(&mut crowd.ada, &crowd.chat, "note", NOTE).await;
    let mut without = crowd.office.server.browser(&crowd.office.site);
    let (mut reset, reset_conversation) = crowd.office.asks().await;
    assert_eq!(reset.post("logout", json!({})).await.status, 204);
    let calls = [
        ("messages", json!({ "client_id": "x", "text": "Hi" }), 200),
        ("chat/end", json!({}), 200),
        ("chat/cancel", json!({}), 200),
        ("chat/rating", json!({ "rating": 5 }), 200),
        ("chat/transcript", json!({ "email": "a@example.com" }), 422),
    ];
    for (rest, body, status) in calls {
        let at = path(&crowd.conversation, rest);
        for (who, browser) in [&mut crowd.stranger, &mut without].into_iter().enumerate() {
            assert_eq!(browser.post(&at, body.clone()).await.status, 404, "{rest} by {who}");
        }
        let own = path(&reset_conversation, rest);
        assert_eq!(reset.post(&own, body.clone()).await.status, 404, "{rest} after logout");
        let allowed = crowd.visitor.post(&at, body).await;
        assert_eq!(allowed.status, status, "{rest}: {}", String::from_utf8_lossy(&allowed.body));
        assert!(!String::from_utf8_lossy(&allowed.body).contains(NOTE));
    }
    let show = path(&crowd.conversation, "").trim_end_matches('/').to_owned();
    for browser in [&mut crowd.stranger, &mut without, &mut reset] {
        assert_eq!(browser.send("GET", &show, None).await.status, 404);
    }
    // The token of a visitor opens nothing of the console, nor the cookie of an agent anything of a visitor.
    let mut as_user = User::nobody(&crowd.office.server);
    as_user.header("x-usher-visitor", crowd.visitor.token.as_deref().expect("a token"));
    as_user.expect(401, "GET", &format!("/chats/{}", crowd.chat), None).await;
    without.headers.push(("cookie".to_owned(), crowd.ada.cookie.clone().expect("a cookie")));
    assert_eq!(without.send("GET", &show, None).await.status, 404);
    crowd.office.server.stop().await;
}

/// The frame that answers another one; what is told besides may come before it.
async fn answer(socket: &mut Socket, frame: Json) -> String {
    let watches = frame["t"] == "watch";
    socket.send(frame).await;
    loop {
        let frame = socket.next().await;
        match text(&frame["t"]).as_str() {
            "refused" => return text(&frame["code"]),
            kind @ ("messages" | "resync") if watches => return kind.to_owned(),
            kind @ ("ack" | "pong") => return kind.to_owned(),
            _ => {}
        }
    }
}

#[tokio::test]
async fn every_frame_by_everybody() {
    let crowd = Crowd::gather().await;
    let address = crowd.office.server.address;
    let conversation = &crowd.conversation["id"];
    let watch = json!({ "t": "watch", "conversation": conversation, "after": 0, "epoch": crowd.conversation["epoch"] });
    let say = |kind: &str, client_id: &str| json!({ "t": "say", "conversation": conversation, "kind": kind, "client_id": client_id, "text": "Hi" });
    let mut sockets = [
        Socket::of_visitor(&crowd.visitor, address).await,
        Socket::of_visitor(&crowd.stranger, address).await,
        Socket::of_agent(&crowd.ada, address).await,
        Socket::of_agent(&crowd.ben, address).await,
        Socket::of_agent(&crowd.supervisor, address).await,
        Socket::of_agent(&crowd.office.owner, address).await,
    ];
    let (no, not_mine, read) = ("forbidden", "not_found", "messages");
    // The visitor, another one, the agent, a colleague, a supervisor, the owner of the instance.
    for (frame, expected) in [
        (watch.clone(), [read, not_mine, read, not_mine, read, read]),
        (say("text", "ID-1"), ["ack", not_mine, "ack", not_mine, no, not_mine]),
        (say("note", "ID-2"), [no, no, "ack", not_mine, no, not_mine]),
        (json!({ "t": "ping" }), ["pong"; 6]),
        (json!({ "t": "hello", "protocol": 1 }), ["invalid"; 6]),
        (json!({ "t": "offer" }), ["unknown"; 6]),
        (json!({ "t": "me" }), ["unknown"; 6]),
        (json!({ "t": "watch", "conversation": conversation, "epoch": 1, "agent": true }), ["invalid"; 6]),
    ] {
        for (who, (socket, expected)) in sockets.iter_mut().zip(expected).enumerate() {
            let mut frame = frame.clone();
            if frame["t"] == "say" {
                frame["client_id"] = json!(format!("{who}-{}", text(&frame["client_id"])));
            }
            assert_eq!(answer(socket, frame.clone()).await, expected, "{frame} by {who}");
        }
    }
    // Nobody else has a socket at all.
    let origin = format!("http://{address}");
    for (user, status) in [(&crowd.marketer, 403), (&crowd.nobody, 401), (&crowd.gone, 401)] {
        let mut headers = vec![("origin", origin.as_str())];
        headers.extend(user.cookie.as_deref().map(|cookie| ("cookie", cookie)));
        assert_eq!(connect(address, "/api/v1/socket", &headers).await.err(), Some(status));
    }
    crowd.office.server.stop().await;
}

/// Everything that comes until nothing more is on its way, as text, and the kinds of frames.
async fn everything(socket: &mut Socket) -> (String, Vec<String>) {
    let mut frames = socket.all().await;
    frames.extend(socket.all().await);
    let kinds = frames.iter().map(|frame| text(&frame["t"])).collect();
    (Json::from(frames).to_string(), kinds)
}

#[tokio::test]
async fn who_hears_what() {
    let mut crowd = Crowd::gather().await;
    let address = crowd.office.server.address;
    let conversation = crowd.conversation["id"].clone();
    let mut agent = Socket::of_agent(&crowd.ada, address).await;
    let mut visitor = Socket::of_visitor(&crowd.visitor, address).await;
    let mut stranger = Socket::of_visitor(&crowd.stranger, address).await;
    let mut colleague = Socket::of_agent(&crowd.ben, address).await;
    let mut supervisor = Socket::of_agent(&crowd.supervisor, address).await;
    for socket in [&mut agent, &mut visitor, &mut supervisor] {
        socket.watch(&crowd.conversation, 0, &crowd.conversation["epoch"]).await;
    }
    for frame in [
        json!({ "t": "typing", "conversation": conversation, "on": true }),
        json!({ "t": "say", "conversation": conversation, "client_id": "n-1", "kind": "note", "text": NOTE }),
    ] {
        agent.send(frame).await;
    }
    let note = agent.until("ack").await["seq"].clone();
    let chat = format!("/chats/{}", crowd.chat);
    let again = json!({ "text": format!("{NOTE} again") });
    crowd.ada.expect(204, "PATCH", &format!("{chat}/messages/{note}"), Some(again)).await;
    crowd.ada.expect(204, "DELETE", &format!("{chat}/messages/{note}"), None).await;
    // Whoever only looks on is not seen writing or reading.
    supervisor.send(json!({ "t": "typing", "conversation": conversation, "on": true })).await;
    supervisor.send(json!({ "t": "read", "conversation": conversation, "seq": 2 })).await;
    says(&mut crowd.ada, &crowd.chat, "text", "Since when?").await;

    let heard = visitor.hears("Since when?").await;
    assert!(!Json::from(heard).to_string().contains(NOTE));
    let watched = supervisor.hears("Since when?").await;
    assert!(Json::from(watched).to_string().contains(NOTE));
    let (words, kinds) = everything(&mut visitor).await;
    assert!(!words.contains(NOTE), "{words}");
    assert!(
        !kinds.iter().any(|kind| ["offer", "offer_gone", "me", "inbox"].contains(&kind.as_str())),
        "{kinds:?}"
    );
    let (words, _) = everything(&mut stranger).await;
    assert!(!words.contains(NOTE) && !words.contains("Since when?"), "{words}");
    let (words, kinds) = everything(&mut colleague).await;
    assert!(!words.contains(NOTE) && !words.contains("Since when?"), "{words}");
    assert!(kinds.iter().all(|kind| ["me", "inbox", "offer"].contains(&kind.as_str())), "{kinds:?}");
    let (_, kinds) = everything(&mut supervisor).await;
    assert!(!kinds.iter().any(|kind| ["offer", "offer_gone", "me"].contains(&kind.as_str())), "{kinds:?}");
    let view = crowd.ada.get(&chat).await;
    assert_eq!(view["agent_read"], 0, "a supervisor leaves no mark");
    // Read from the beginning there is no trace of it either.
    let whole = crowd.visitor.read(&crowd.conversation).await;
    assert!(!whole.to_string().contains(NOTE), "{whole}");
    crowd.office.server.stop().await;
}

#[tokio::test]
async fn who_signs_out_hears_nothing_more() {
    let mut crowd = Crowd::gather().await;
    let address = crowd.office.server.address;
    let mut second = User::nobody(&crowd.office.server);
    assert_eq!(second.sign_in("ada@example.com", console::PASSWORD).await.status, 200);
    let mut stays = Socket::of_agent(&crowd.ada, address).await;
    let mut goes = Socket::of_agent(&second, address).await;
    for socket in [&mut stays, &mut goes] {
        socket.watch(&crowd.conversation, 0, &crowd.conversation["epoch"]).await;
    }
    second.expect(204, "DELETE", "/session", None).await;
    assert_eq!(goes.until("bye").await["code"], "signed_out");
    assert_eq!(goes.try_next().await, None);
    assert_eq!(answer(&mut stays, json!({ "t": "ping" })).await, "pong");

    // A visitor who is logged out hears nothing more in the tab that is still open.
    let mut tab = Socket::of_visitor(&crowd.visitor, address).await;
    tab.watch(&crowd.conversation, 0, &crowd.conversation["epoch"]).await;
    assert_eq!(crowd.visitor.post("logout", json!({})).await.status, 204);
    says(&mut crowd.ada, &crowd.chat, "text", "Still there?").await;
    let body =
        json!({ "t": "say", "conversation": crowd.conversation["id"], "client_id": id(), "text": "Hi" });
    assert_eq!(answer(&mut tab, body).await, "not_found");
    let (words, _) = everything(&mut tab).await;
    assert!(!words.contains("Still there?"), "{words}");
    crowd.office.server.stop().await;
}
