//! Webhooks of action cards, to a real receiver that misbehaves.

mod console;
mod support;

use app::sites::ConsentMode;
use base64::{Engine, prelude::BASE64_STANDARD};
use console::{User, console, text as owned};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value as Json, json};
use sha2::Sha256;
use support::*;
use testkit::receiver::{Received, Receiver, Reply};

const PAGE: &str = "https://www.shop.example/pricing";

/// Asks for an address, calls, says thanks.
fn calling(url: &str) -> Json {
    let mut draft = draft("");
    draft["stream"] = json!({ "start": "mail", "cards": [
        { "id": "mail", "kind": "info_capture", "text": rich("Whom may we ask?"), "fields": [
            { "id": "email", "type": "email", "label": "E-mail", "overwrite": "always" } ],
          "skip_if_known": false, "required": true, "next": "call" },
        { "id": "call", "kind": "action", "actions": [{ "do": "call_webhook", "url": url }], "next": "bye" },
        { "id": "bye", "kind": "message", "text": rich("Bye!"), "next": null } ] });
    draft
}

/// A server with a dialogue that calls, and a visitor who passed the card; the conversation.
async fn called(url: &str) -> (Server, User, Json) {
    let server = console().await;
    let owner = User::owner(&server).await;
    let site = server.site(ConsentMode::Open).await;
    server.dialogue(site.id, "Offer", calling(url)).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    browser.shown(&looking).await;
    let talk = browser.open(&looking).await;
    let talk = browser.answer(&talk, "mail", values(json!({ "email": "ada@example.com" }))).await;
    (server, owner, talk)
}

async fn deliver(server: &Server) {
    app::webhooks::deliver_due(&server.app).await.expect("tried");
}

async fn the_call(owner: &mut User) -> Json {
    let listed = owner.get("/outbox?kind=webhook").await;
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1), "{listed}");
    listed["items"][0].clone()
}

fn signature(secret: &str, call: &Received) -> String {
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").expect("a secret")).expect("base64");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
    for part in ["webhook-id", "webhook-timestamp"] {
        mac.update(call.header(part).expect("a header").as_bytes());
        mac.update(b".");
    }
    mac.update(&call.body);
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

#[tokio::test]
async fn a_passed_card_calls_once_signed_with_the_conversation_so_far() {
    let receiver = Receiver::start([Reply::Status(200)]).await;
    let (server, mut owner, talk) = called(&receiver.url("/hook?k=v")).await;
    let waiting = the_call(&mut owner).await;
    assert_eq!((&waiting["status"], &waiting["subject"]), (&json!("waiting"), &json!("Offer")));
    assert_eq!(waiting["conversation_id"], talk["id"]);
    assert!(receiver.received().is_empty(), "nothing is sent before the step is written down");
    for _ in 0..3 {
        deliver(&server).await;
    }
    let calls = receiver.received();
    assert_eq!(calls.len(), 1);
    let call = &calls[0];
    assert!(call.head.starts_with("POST /hook?k=v HTTP/1.1"), "{}", call.head);
    assert_eq!(call.header("content-type"), Some("application/json"));
    assert_eq!(call.header("webhook-id"), Some(owned(&waiting["id"]).as_str()));
    let secret = owned(&owner.get("/webhook-signing").await["secret"]);
    assert_eq!(call.header("webhook-signature"), Some(signature(&secret, call).as_str()));

    let told: Json = serde_json::from_slice(&call.body).expect("JSON");
    assert_eq!(
        (&told["id"], &told["event"], &told["card_id"]),
        (&waiting["id"], &json!("action"), &json!("call"))
    );
    assert_eq!(
        (&told["person"]["email"], &told["conversation"]["id"]),
        (&json!("ada@example.com"), &talk["id"])
    );
    assert_eq!(told["conversation"]["page_url"], PAGE);
    let transcript = told["conversation"]["transcript"].as_array().expect("a transcript");
    let kinds: Vec<&str> = transcript.iter().map(|message| text(&message["kind"])).collect();
    assert_eq!(&kinds[..2], ["info", "answer"], "{told}");
    assert!(!told.to_string().contains("Bye!"), "what is said later is not told");
    assert_eq!(the_call(&mut owner).await["status"], "sent");

    let fresh = owner.expect(200, "POST", "/webhook-signing/rotate", None).await;
    assert_ne!(owned(&fresh["secret"]), secret);
    let mut marketer = User::with_profile(&server, "m@example.com", "Marketing user").await;
    marketer.expect(403, "GET", "/webhook-signing", None).await;
    server.stop().await;
}

#[tokio::test]
async fn an_address_that_misbehaves_is_tried_again_and_never_followed_inside() {
    let inside = Receiver::start([Reply::Status(200)]).await;
    let receiver = Receiver::start([Reply::Status(500)]).await;
    let (server, mut owner, _) = called(&receiver.url("/hook")).await;
    for (reply, reason) in [
        (Reply::Status(500), "answers 500"),
        (Reply::Status(404), "answers 404"),
        (Reply::Redirect(inside.url("/secret")), "answers 302 and leads elsewhere"),
        (Reply::Silence, "no answer within"),
        (Reply::Endless, "larger than"),
    ] {
        receiver.reply([reply]);
        deliver(&server).await;
        let call = the_call(&mut owner).await;
        assert_eq!(call["status"], "failed", "{reason}");
        assert!(owned(&call["last_error"]).contains(reason), "{call}");
        assert!(call["next_attempt_at"].is_string());
        server.clock.advance_ms(7 * 3_600_000);
    }
    assert!(inside.received().is_empty());
    receiver.reply([Reply::Status(204)]);
    deliver(&server).await;
    assert_eq!(the_call(&mut owner).await["status"], "sent");
    let received = receiver.received();
    let ids: std::collections::BTreeSet<&str> =
        received.iter().filter_map(|call| call.header("webhook-id")).collect();
    assert_eq!((received.len(), ids.len()), (6, 1), "one id in all tries");
    server.stop().await;
}

#[tokio::test]
async fn after_three_days_it_is_given_up_and_can_be_sent_again_by_hand() {
    let receiver = Receiver::start([Reply::Status(503)]).await;
    let (server, mut owner, _) = called(&receiver.url("/hook")).await;
    let mut tries = 0;
    while the_call(&mut owner).await["status"] != "dead" {
        deliver(&server).await;
        server.clock.advance_ms(6 * 3_600_000);
        tries += 1;
        assert!(tries < 20, "it is never given up");
    }
    assert!((11..=13).contains(&tries), "{tries} tries in three days, six hours apart");
    receiver.reply([Reply::Status(200)]);
    deliver(&server).await;
    assert_eq!(receiver.received().len(), tries);
    let call = the_call(&mut owner).await;
    owner.expect(202, "POST", &format!("/outbox/{}/retry", owned(&call["id"])), None).await;
    deliver(&server).await;
    assert_eq!(the_call(&mut owner).await["status"], "sent");
    owner.expect(409, "POST", &format!("/outbox/{}/retry", owned(&call["id"])), None).await;
    server.stop().await;
}

#[tokio::test]
async fn inner_addresses_are_refused_and_erased_people_are_not_told_of() {
    for url in ["http://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/"] {
        let (server, mut owner, _) = called(url).await;
        deliver(&server).await;
        let call = the_call(&mut owner).await;
        assert_eq!((&call["status"], &call["next_attempt_at"]), (&json!("dead"), &Json::Null), "{url}");
        assert!(owned(&call["last_error"]).contains("allowed_webhook_hosts"), "{call}");
        server.stop().await;
    }
    let receiver = Receiver::start([Reply::Status(200)]).await;
    let (server, mut owner, _) = called(&receiver.url("/hook")).await;
    let people = owner.expect(200, "POST", "/people/search", Some(json!({}))).await;
    let person = owned(&people["items"][0]["id"]);
    owner.expect(204, "DELETE", &format!("/people/{person}"), None).await;
    deliver(&server).await;
    assert!(receiver.received().is_empty());
    assert_eq!(the_call(&mut owner).await["status"], "dead");
    server.stop().await;
}
