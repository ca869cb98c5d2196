//! Agents who do not look at the console are called: pushed to their browsers, by mail, and in a chat. The push service is a
//! program of its own that opens what it is sent as a browser would. Time is set, and what the worker does is done when the
//! test says so.

mod console;
mod office;
mod support;

use console::{User, text};
use office::{Office, accept, offer, path};
use serde_json::{Value as Json, json};
use support::{Extras, server_behind};
use testkit::{
    push::PushService,
    receiver::{Receiver, Reply},
    smtp::SmtpServer,
};

async fn deliver(office: &Office) -> usize {
    let app = &office.server.app;
    app::delivery::deliver_due(app).await.expect("mails");
    app::notify::deliver::deliver_due(app).await.expect("alerts")
}

/// The browser of an agent subscribes.
async fn subscribe(agent: &mut User, service: &mut PushService) -> Json {
    let key = agent.get("/me/notifications").await["push_key"].clone();
    let made = service.subscribe(&key).await;
    put(agent, 200, &made).await;
    made
}

async fn put(agent: &mut User, status: u16, subscription: &Json) -> Json {
    let body = json!({ "endpoint": subscription["endpoint"], "p256dh": subscription["p256dh"], "auth": subscription["auth"] });
    agent.expect(status, "PUT", "/me/push-subscriptions", Some(body)).await
}

fn ways(push: bool, email: bool, webhook: bool) -> Json {
    json!({ "push": push, "email": email, "webhook": webhook })
}

async fn alerts(office: &mut Office) -> Vec<Json> {
    let listed = office.owner.get("/outbox?kind=alert").await;
    listed["items"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn an_offer_is_pushed_once_sealed_for_the_browser_and_says_nothing_of_the_visitor() {
    let mut office = Office::new().await;
    let mut service = PushService::start().await;
    let (mut ada, _) = office.agent("ada").await;
    let browser = subscribe(&mut ada, &mut service).await;
    // The same again is the same browser.
    let again = put(&mut ada, 200, &browser).await;
    let shown = ada.get("/me/notifications").await;
    assert_eq!((shown["browsers"].as_array().map(Vec::len), &again["current"]), (Some(1), &json!(true)));

    let (_visitor, waiting) = office.asks().await;
    let chat = text(&offer(&mut ada).await["chat_id"]);
    assert!(service.messages(&browser).await.is_empty(), "nothing is sent before it is written down");
    assert_eq!((deliver(&office).await, deliver(&office).await), (1, 0));
    let pushed = service.messages(&browser).await;
    assert_eq!(pushed.len(), 1);
    let content = &pushed[0]["content"];
    assert_eq!(content["title"], "A visitor asks for a chat");
    assert_eq!((&content["body"], &content["about"]), (&json!("Help · Shop"), &json!("offer")));
    assert_eq!(content["path"], format!("/console/inbox?chat={chat}"));
    assert!(!content.to_string().contains("What brings"), "{content}");
    assert_eq!((&pushed[0]["ttl"], &pushed[0]["urgency"]), (&json!(100), &json!("high")));
    assert_eq!(pushed[0]["topic"].as_str().map(str::len), Some(32));
    let valid = pushed[0]["claims"]["exp"].as_i64().expect("an end") - support_now(&office);
    assert!((1..=86_400).contains(&valid), "{valid} s");
    assert_eq!(waiting["chat"]["state"], "waiting");
    let sent = alerts(&mut office).await;
    assert_eq!((sent.len(), &sent[0]["status"]), (1, &json!("sent")));
    let shown = ada.get("/me/notifications").await;
    assert!(shown["browsers"][0]["pushed_at"].is_string(), "{shown}");
    office.server.stop().await;
}

fn support_now(office: &Office) -> i64 {
    office.server.app.now().as_second()
}

#[tokio::test]
async fn whoever_can_be_pushed_to_is_asked_without_a_console_until_signing_out() {
    let mut office = Office::new().await;
    let mut service = PushService::start().await;
    let (mut ada, _) = office.agent("ada").await;
    let browser = subscribe(&mut ada, &mut service).await;
    office.server.clock.advance_ms(600_000);
    let (_, waiting) = office.asks().await;
    assert_eq!(waiting["chat"]["state"], "waiting");
    accept(&mut ada).await;

    let off = json!({ "offer": ways(false, false, false), "message": ways(true, false, false), "missed": ways(true, false, false) });
    ada.expect(200, "PUT", "/me/notifications", Some(off)).await;
    let (_, over) = office.asks().await;
    assert_eq!(over["chat"]["outcome"], "nobody");
    let on = json!({ "offer": ways(true, false, false), "message": ways(true, false, false), "missed": ways(true, false, false) });
    ada.expect(200, "PUT", "/me/notifications", Some(on)).await;
    let (_, waiting) = office.asks().await;
    assert_eq!(waiting["chat"]["state"], "waiting");

    ada.expect(204, "DELETE", "/session", None).await;
    let (_, over) = office.asks().await;
    assert_eq!(over["chat"]["outcome"], "nobody");
    deliver(&office).await;
    assert!(service.messages(&browser).await.is_empty(), "signed out, nothing arrives any more");
    office.server.stop().await;
}

#[tokio::test]
async fn what_is_settled_is_not_sent_what_fails_is_tried_again_and_a_browser_that_is_gone_is_forgotten() {
    let mut office = Office::new().await;
    let mut service = PushService::start().await;
    let (mut ada, ada_id) = office.agent("ada").await;
    let browser = subscribe(&mut ada, &mut service).await;
    office.asks().await;
    accept(&mut ada).await;
    deliver(&office).await;
    assert!(service.messages(&browser).await.is_empty(), "it was accepted before it was sent");

    service.reply(&browser, &[503, 429]).await;
    office.asks().await;
    deliver(&office).await;
    let failed = alerts(&mut office).await;
    assert_eq!((&failed[0]["status"], &failed[0]["last_error"]), (&json!("failed"), &json!("answers 503")));
    office.wait(6, &[ada_id]).await;
    deliver(&office).await;
    office.wait(60, &[ada_id]).await;
    assert_eq!(deliver(&office).await, 1);
    let pushed = service.messages(&browser).await;
    assert_eq!((pushed.len(), &pushed[0]["ttl"]), (1, &json!(34)), "{pushed:?}");

    service.reply(&browser, &[410]).await;
    office.asks().await;
    deliver(&office).await;
    assert_eq!(ada.get("/me/notifications").await["browsers"], json!([]));
    let states: Vec<_> = alerts(&mut office).await.iter().map(|one| one["status"].clone()).collect();
    assert!(states.iter().all(|status| status == "sent"), "{states:?}");
    office.server.stop().await;
}

#[tokio::test]
async fn an_unread_message_calls_once_until_somebody_looks() {
    let mut office = Office::new().await;
    let mut service = PushService::start().await;
    let (mut ada, ada_id) = office.agent("ada").await;
    let (mut visitor, waiting) = office.asks().await;
    let chat = accept(&mut ada).await;
    let browser = subscribe(&mut ada, &mut service).await;
    let mut number = 0;
    let mut says = async |visitor: &mut support::Browser, words: &str| {
        number += 1;
        let body = json!({ "client_id": format!("w-{number}"), "text": words });
        visitor.ok(&path(&waiting, "messages"), body).await["seq"].as_u64().expect("a number")
    };
    let unread = async |office: &Office, seconds| {
        office.wait(seconds, &[ada_id]).await;
        app::notify::unread::run(&office.server.app).await.expect("a look")
    };
    says(&mut visitor, "XYLOPHON").await;
    assert_eq!(unread(&office, 9).await, 0);
    assert_eq!(unread(&office, 1).await, 1);
    let last = says(&mut visitor, "Hello?").await;
    assert_eq!(unread(&office, 20).await, 0, "called already");
    deliver(&office).await;
    let pushed = service.messages(&browser).await;
    assert_eq!(pushed.len(), 1);
    assert_eq!(pushed[0]["content"]["title"], "A visitor wrote to you");
    assert_eq!(pushed[0]["content"]["path"], format!("/console/inbox?chat={chat}"));
    assert!(!pushed[0]["content"].to_string().contains("XYLOPHON"));

    let mut tx = office.server.app.store().begin().await.expect("a unit");
    let id = chat.parse().expect("an id");
    tx.note_read(id, store::Side::Agent, last).await.expect("read");
    tx.commit().await.expect("stored");
    says(&mut visitor, "And now?").await;
    assert_eq!(unread(&office, 11).await, 1);
    // Read before it is sent.
    let mut tx = office.server.app.store().begin().await.expect("a unit");
    tx.note_read(id, store::Side::Agent, last + 1).await.expect("read");
    tx.commit().await.expect("stored");
    deliver(&office).await;
    assert_eq!(service.messages(&browser).await.len(), 1);
    office.server.stop().await;
}

#[tokio::test]
async fn missed_and_unattended_chats_are_told_by_mail_and_in_a_chat_once_each() {
    let mail = SmtpServer::start().await;
    let extras = Extras { mail: Some(mail.address()), ..Extras::default() };
    let server = server_behind(extras, |settings| settings.limits.sign_ins_per_minute = 0).await;
    let mut office = Office::in_house(server).await;
    let (of_ada, of_owner) =
        (Receiver::start([Reply::Status(200)]).await, Receiver::start([Reply::Status(200)]).await);
    let (mut ada, ada_id) = office.agent("ada").await;
    let choice = json!({
        "offer": ways(true, true, false), "message": ways(true, false, false), "missed": ways(true, true, true),
        "webhook_url": of_ada.url("/hook"),
    });
    let shown = ada.expect(200, "PUT", "/me/notifications", Some(choice)).await;
    assert_eq!((&shown["mail_available"], &shown["unattended"]), (&json!(true), &Json::Null));
    assert_eq!(shown["webhook_url"], of_ada.url("/hook"));
    let choice = json!({
        "offer": ways(true, false, false), "message": ways(true, false, false), "missed": ways(true, false, false),
        "unattended": ways(false, false, true), "webhook_url": of_owner.url("/boss"),
    });
    office.owner.expect(200, "PUT", "/me/notifications", Some(choice)).await;

    let (mut visitor, waiting) = office.asks().await;
    deliver(&office).await;
    office.wait(100, &[ada_id]).await;
    for _ in 0..3 {
        deliver(&office).await;
    }
    assert_eq!(visitor.read(&waiting).await["chat"]["outcome"], "missed");
    let subjects: Vec<_> = mail.mails().iter().filter_map(|one| one.header("subject")).collect();
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    let bodies: Vec<_> = mail.mails().iter().map(|one| one.data.clone()).collect();
    assert!(bodies[0].contains("/console/inbox?chat="), "{}", bodies[0]);
    assert!(bodies[1].contains("did not answer in time"), "{}", bodies[1]);
    let said = |receiver: &Receiver| -> Vec<Json> {
        receiver.received().iter().map(|one| serde_json::from_slice(&one.body).expect("JSON")).collect()
    };
    let told = said(&of_ada);
    assert_eq!(told.len(), 1);
    assert!(text(&told[0]["text"]).starts_with("You missed a chat: Help · Shop\nhttp"), "{}", told[0]);
    let told = said(&of_owner);
    assert_eq!(told.len(), 1);
    assert!(text(&told[0]["text"]).starts_with("Nobody took a chat: Help · Shop\n"), "{}", told[0]);
    office.server.stop().await;
}

#[tokio::test]
async fn only_fitting_keys_own_browsers_and_outside_addresses_are_used() {
    let mut office = Office::new().await;
    let mut service = PushService::start().await;
    let (mut ada, _) = office.agent("ada").await;
    let (mut ben, _) = office.agent("ben").await;
    let key = ada.get("/me/notifications").await["push_key"].clone();
    let good = service.subscribe(&key).await;
    for (field, bad, pointer) in [
        ("endpoint", "ftp://push.example/x", "/endpoint"),
        ("endpoint", "no address", "/endpoint"),
        ("p256dh", "AAAA", "/p256dh"),
        ("auth", "AAAA", "/auth"),
    ] {
        let mut made = good.clone();
        made[field] = json!(bad);
        let refused = put(&mut ada, 422, &made).await;
        assert_eq!(refused["errors"][0]["field"], pointer, "{refused}");
    }
    let off_curve = json!({ "endpoint": good["endpoint"], "auth": good["auth"],
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw5" });
    put(&mut ada, 422, &off_curve).await;

    let made = put(&mut ada, 200, &good).await;
    let id = text(&made["id"]);
    ben.expect(404, "DELETE", &format!("/me/push-subscriptions/{id}"), None).await;
    ben.expect(404, "POST", "/me/notifications/trial", Some(json!({ "browser": id }))).await;
    ben.expect(409, "POST", "/me/notifications/trial", Some(json!({}))).await;
    ada.expect(202, "POST", "/me/notifications/trial", Some(json!({ "browser": id }))).await;
    deliver(&office).await;
    assert_eq!(service.messages(&good).await[0]["content"]["title"], "Notifications work");
    let mut nobody = User::nobody(&office.server);
    nobody.expect(401, "GET", "/me/notifications", None).await;

    // Whoever sees only own chats is not told of others.
    let choice = json!({ "offer": ways(true, false, false), "message": ways(true, false, false),
        "missed": ways(true, false, false), "unattended": ways(true, false, false) });
    ada.expect(403, "PUT", "/me/notifications", Some(choice)).await;
    let choice = json!({ "offer": ways(true, false, true), "message": ways(true, false, false), "missed": ways(true, false, false) });
    ada.expect(422, "PUT", "/me/notifications", Some(choice)).await;

    // A push service inside the network is not called, and one without encryption neither.
    for inside in ["https://169.254.169.254/x", "http://93.184.215.14/x"] {
        let made = service.subscribe(&key).await;
        let body = json!({ "endpoint": inside, "p256dh": made["p256dh"], "auth": made["auth"] });
        let stored = ada.expect(200, "PUT", "/me/push-subscriptions", Some(body)).await;
        let trial = json!({ "browser": stored["id"] });
        ada.expect(202, "POST", "/me/notifications/trial", Some(trial)).await;
        deliver(&office).await;
        let refused = &alerts(&mut office).await[0];
        assert_eq!(refused["status"], "dead", "{refused}");
        assert!(text(&refused["last_error"]).contains("is not called"), "{refused}");
    }
    ada.expect(204, "DELETE", &format!("/me/push-subscriptions/{id}"), None).await;
    ada.expect(404, "DELETE", &format!("/me/push-subscriptions/{id}"), None).await;
    office.server.stop().await;
}
