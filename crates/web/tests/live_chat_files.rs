//! Files in chats over real HTTP: taken by their content, sent as messages, read by the two sides and by nobody else, gone with
//! the person.

mod console;
mod office;
mod support;

use console::{User, text};
use office::{Office, accept, path, says};
use serde_json::{Value as Json, json};
use support::{Browser, id};
use testkit::{http::Answer, pdf};

/// The head of a picture; nothing looks further.
fn png() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend([0, 0, 0, 40, 0, 0, 0, 30, 8, 6, 0, 0, 0]);
    bytes
}

fn form(file_name: &str, content: &[u8]) -> (String, Vec<u8>) {
    let head = format!(
        "--xyz\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
         content-type: text/html\r\n\r\n"
    );
    ("multipart/form-data; boundary=xyz".to_owned(), [head.as_bytes(), content, b"\r\n--xyz--\r\n"].concat())
}

async fn visitor_sends(
    browser: &mut Browser,
    talk: &Json,
    client_id: &str,
    name: &str,
    content: &[u8],
) -> Answer {
    let (kind, body) = form(name, content);
    browser.send_bytes(&path(talk, &format!("attachments?client_id={client_id}")), &kind, &body).await
}

async fn agent_sends(agent: &mut User, chat: &str, name: &str, content: &[u8]) -> Answer {
    let (kind, body) = form(name, content);
    let client_id = id();
    agent.send_bytes(&format!("/chats/{chat}/attachments?client_id={client_id}"), &kind, &body).await
}

fn body(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

/// The last file that was sent, as `from` it stands in the conversation.
fn last_file(messages: &Json, from: &str) -> Json {
    let all = messages.as_array().expect("messages");
    let file = all.iter().rev().find(|one| one["kind"] == "attachment" && one["from"] == from);
    file.unwrap_or_else(|| panic!("no file from {from}: {messages}")).clone()
}

struct Talking {
    office: Office,
    ada: User,
    visitor: Browser,
    talk: Json,
    chat: String,
}

async fn talking() -> Talking {
    let mut office = Office::new().await;
    let (mut ada, _) = office.agent("ada").await;
    let (visitor, talk) = office.asks().await;
    let chat = accept(&mut ada).await;
    Talking { office, ada, visitor, talk, chat }
}

#[tokio::test]
async fn both_sides_send_files_and_read_them() {
    let Talking { office, mut ada, mut visitor, talk, chat } = talking().await;
    let sent = visitor_sends(&mut visitor, &talk, "f-1", "../Oven <1>.PNG", &png()).await;
    assert_eq!(sent.status, 200, "{}", body(&sent));
    let inside = ada.get(&format!("/chats/{chat}/messages?after=0")).await;
    let message = last_file(&inside["items"], "visitor");
    assert_eq!(message["seq"], sent.json()["seq"]);
    let file = &message["attachment"];
    assert_eq!((&file["name"], &file["media_type"]), (&json!("Oven <1>.png"), &json!("image/png")));
    assert_eq!(
        (&file["width"], &file["height"], &file["size"]),
        (&json!(40), &json!(30), &json!(png().len()))
    );
    let row = &ada.get("/chats?scope=mine").await["items"][0];
    assert_eq!((&row["last_message"]["text"], &row["unread"]), (&json!("Oven <1>.png"), &json!(1)));

    let answer = ada.send("GET", &format!("/chats/{chat}/attachments/{}", text(&file["id"])), None).await;
    assert_eq!((answer.status, answer.body.as_slice()), (200, png().as_slice()));
    for (name, value) in [
        ("content-type", "image/png"),
        ("content-disposition", "attachment; filename=\"Oven _1_.png\"; filename*=UTF-8''Oven%20%3C1%3E.png"),
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "private, max-age=600"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }

    let sent = agent_sends(&mut ada, &chat, "Offer.pdf", &pdf::with_pages(2)).await;
    assert_eq!(sent.status, 200, "{}", body(&sent));
    let seen = last_file(&visitor.read(&talk).await["messages"], "agent");
    assert_eq!(
        (&seen["attachment"]["name"], &seen["text"]["blocks"][0]["spans"][0]["text"]),
        (&json!("Offer.pdf"), &json!("Offer.pdf"))
    );
    let address = path(&talk, &format!("attachments/{}", text(&seen["attachment"]["id"])));
    let read = visitor.send("GET", &address, None).await;
    assert_eq!((read.status, read.body), (200, pdf::with_pages(2)));
    let transcript = ada.send("GET", &format!("/chats/{chat}/transcript.txt"), None).await;
    assert!(body(&transcript).contains("Visitor: (file) Oven <1>.png"), "{}", body(&transcript));
    office.server.stop().await;
}

#[tokio::test]
async fn the_same_upload_again_is_the_same_message() {
    let Talking { mut office, mut ada, mut visitor, talk, chat } = talking().await;
    let first = visitor_sends(&mut visitor, &talk, "f-1", "a.png", &png()).await;
    let again = visitor_sends(&mut visitor, &talk, "f-1", "a.png", &png()).await;
    assert_eq!((again.status, again.json()), (200, first.json()));
    let other = visitor_sends(&mut visitor, &talk, "f-1", "a.pdf", &pdf::with_pages(1)).await;
    assert_eq!(other.status, 409, "{}", body(&other));
    assert_eq!(office.server.kept_files(), 1);
    ada.expect(200, "POST", &format!("/chats/{chat}/end"), None).await;
    // An answer that was lost is given again; something new is not taken.
    let late = visitor_sends(&mut visitor, &talk, "f-1", "a.png", &png()).await;
    assert_eq!((late.status, late.json()), (200, first.json()));
    assert_eq!(visitor_sends(&mut visitor, &talk, "f-2", "a.png", &png()).await.status, 409);
    assert_eq!(agent_sends(&mut ada, &chat, "a.png", &png()).await.status, 409);
    assert_eq!(office.server.kept_files(), 1);
    office.owner.expect(404, "GET", "/chats/cht_00000000000000000000000000/attachments/x", None).await;
    office.server.stop().await;
}

#[tokio::test]
async fn a_file_is_refused_with_its_field_and_the_reason() {
    let Talking { office, mut ada, mut visitor, talk, chat } = talking().await;
    for content in [
        &b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"[..],
        b"<!doctype html><script>",
        b"MZ",
    ] {
        let refused = visitor_sends(&mut visitor, &talk, "f-1", "a.png", content).await;
        assert_eq!(refused.status, 415, "{}", body(&refused));
        let error = &refused.json()["errors"][0];
        assert_eq!((&error["field"], &error["code"]), (&json!("/file"), &json!("media_type")));
    }
    let empty = visitor_sends(&mut visitor, &talk, "f-1", "a.png", b"").await;
    assert_eq!((empty.status, &empty.json()["errors"][0]["field"]), (422, &json!("/file")));
    let damaged = agent_sends(&mut ada, &chat, "a.png", b"\x89PNG\r\n\x1a\nno").await;
    assert_eq!((damaged.status, &damaged.json()["errors"][0]["code"]), (422, &json!("damaged")));
    let large =
        agent_sends(&mut ada, &chat, "a.pdf", &[b"%PDF-1.7".as_slice(), &vec![0; 10 * 1024 * 1024]].concat())
            .await;
    assert_eq!(large.status, 413, "{}", body(&large));
    let error = large.json()["errors"][0].clone();
    assert_eq!((&error["field"], &error["reason"]), (&json!("/file"), &json!("must have at most 10 MB")));
    let nameless = visitor_sends(&mut visitor, &talk, "a%20b", "a.png", &png()).await;
    assert_eq!((nameless.status, &nameless.json()["errors"][0]["field"]), (422, &json!("/client_id")));
    assert_eq!(office.server.kept_files(), 0);
    office.server.stop().await;
}

/// Everybody's token with everybody's ids: nothing, and the same nothing.
#[tokio::test]
async fn nobody_else_gets_a_file_or_may_send_one() {
    let Talking { mut office, mut ada, mut visitor, talk, chat } = talking().await;
    agent_sends(&mut ada, &chat, "a.png", &png()).await;
    let file = text(&last_file(&visitor.read(&talk).await["messages"], "agent")["attachment"]["id"]);
    let (mut ben, _) = office.agent("ben").await;
    let (mut other, others) = office.asks().await;
    let address = path(&talk, &format!("attachments/{file}"));
    let foreign = other.send("GET", &address, None).await;
    let missing = other.send("GET", &path(&others, &format!("attachments/{file}")), None).await;
    assert_eq!((foreign.status, missing.status), (404, 404));
    assert_eq!(foreign.body, missing.body);
    other.token = None;
    assert_eq!(other.send("GET", &address, None).await.status, 404);
    assert_eq!(visitor_sends(&mut other, &talk, "f-1", "a.png", &png()).await.status, 404);
    // Not even what is taken is told to strangers.
    assert_eq!(visitor_sends(&mut other, &talk, "f-1", "a.png", b"<html>").await.status, 404);

    let of_chat = format!("/chats/{chat}/attachments/{file}");
    ben.expect(404, "GET", &of_chat, None).await;
    assert_eq!(agent_sends(&mut ben, &chat, "a.png", &png()).await.status, 404);
    let mut author = User::with_profile(&office.server, "author@example.com", "Marketing user").await;
    author.expect(403, "GET", &of_chat, None).await;
    assert_eq!(agent_sends(&mut author, &chat, "a.png", &png()).await.status, 403);
    User::nobody(&office.server).expect(401, "GET", &of_chat, None).await;
    // Whoever sees all chats reads the file; a past chat is everybody's.
    assert_eq!(office.owner.send("GET", &of_chat, None).await.status, 200);
    ada.expect(200, "POST", &format!("/chats/{chat}/end"), None).await;
    assert_eq!(ben.send("GET", &of_chat, None).await.status, 200);
    office.server.stop().await;
}

#[tokio::test]
async fn a_file_that_is_taken_back_is_gone() {
    let Talking { office, mut ada, mut visitor, talk, chat } = talking().await;
    let sent = agent_sends(&mut ada, &chat, "secret.png", &png()).await.json();
    let file = text(&last_file(&visitor.read(&talk).await["messages"], "agent")["attachment"]["id"]);
    let message = format!("/chats/{chat}/messages/{}", sent["seq"]);
    let words = json!({ "text": "Other words" });
    assert!(
        ada.expect(409, "PATCH", &message, Some(words)).await["detail"].to_string().contains("take it back")
    );
    ada.expect(204, "DELETE", &message, None).await;
    let now = visitor.read(&talk).await;
    assert!(!now["messages"].to_string().contains("secret"), "{now}");
    assert_eq!(visitor.send("GET", &path(&talk, &format!("attachments/{file}")), None).await.status, 404);
    assert_eq!(office.server.kept_files(), 0);
    office.server.stop().await;
}

#[tokio::test]
async fn erasing_the_person_deletes_the_files() {
    let Talking { mut office, mut ada, mut visitor, talk, chat } = talking().await;
    visitor_sends(&mut visitor, &talk, "f-1", "mine.png", &png()).await;
    agent_sends(&mut ada, &chat, "yours.pdf", &pdf::with_pages(1)).await;
    says(&mut ada, &chat, "text", "Here you are.").await;
    assert_eq!(office.server.kept_files(), 2);
    let person = text(&ada.get(&format!("/chats/{chat}")).await["person"]["id"]);
    office.owner.expect(204, "DELETE", &format!("/people/{person}"), None).await;
    assert_eq!(office.server.kept_files(), 0);
    office.server.stop().await;
}

/// What broke off between the file and its message is found by its age.
#[tokio::test]
async fn an_upload_without_a_message_goes_by_itself() {
    let Talking { office, mut visitor, talk, .. } = talking().await;
    visitor_sends(&mut visitor, &talk, "f-1", "kept.png", &png()).await;
    let app = &office.server.app;
    let file = app.id(app.now());
    let record = store::AttachmentRecord {
        id: file,
        conversation_id: text(&talk["id"]).parse().expect("an id"),
        name: "lost.png".to_owned(),
        media_type: "image/png".to_owned(),
        size: 3,
        created_at: app.now(),
    };
    let mut tx = app.store().begin().await.expect("a unit");
    tx.insert_attachment(&record).await.expect("a row");
    tx.commit().await.expect("a commit");
    app.files().put(file, &mut &b"abc"[..], 3).await.expect("a file");
    assert_eq!(app::sweep::run(app).await.expect("a sweep").attachments, 0);
    office.server.advance_minutes(61);
    assert_eq!(app::sweep::run(app).await.expect("a sweep").attachments, 1);
    assert_eq!(office.server.kept_files(), 1);
    office.server.stop().await;
}

#[tokio::test]
async fn a_conversation_holds_so_many_files_and_no_more() {
    let mut office = Office::with(|settings| settings.limits.attachments_per_conversation = 1).await;
    let (mut ada, _) = office.agent("ada").await;
    let (mut visitor, talk) = office.asks().await;
    accept(&mut ada).await;
    assert_eq!(visitor_sends(&mut visitor, &talk, "f-1", "a.png", &png()).await.status, 200);
    let refused = visitor_sends(&mut visitor, &talk, "f-2", "b.png", &png()).await;
    assert_eq!(refused.status, 409, "{}", body(&refused));
    assert_eq!(office.server.kept_files(), 1);
    office.server.stop().await;
}
