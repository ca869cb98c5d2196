//! What a site relies on that says who its visitors are, and hands its forms over: what is signed is proven, what is typed
//! is claimed, and whoever knew the token before the sign-in knows nothing after it.

mod support;

use app::{
    access::Actor,
    sites::{ConsentMode, SiteView, identity},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use people::Rung;
use serde_json::{Value as Json, json};
use support::*;

const PAGE: &str = "https://www.shop.example/account";
/// Seconds at which tests begin: 2026-11-20T10:00:00Z.
const NOW: i64 = 1_795_168_800;

async fn secret(server: &Server, site: &SiteView) -> String {
    identity::show(&server.app, &Actor::system(), site.id).await.expect("a secret").secret
}

fn signed(secret: &str, claims: &Json) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key).expect("a token")
}

fn ada() -> Json {
    json!({ "email": "ada@acme.example", "exp": NOW + 600, "given_name": "Ada",
        "attributes": { "person.job_title": "Analyst", "company.size": 12, "person.shoe": 42, "person.email": "x@y.example" } })
}

#[tokio::test]
async fn a_signed_token_proves_who_the_visitor_is() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let secret = secret(&server, &site).await;
    server.dialogue(site.id, "Demo", draft("Hello {{person.first_name:\"you\"}}!")).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    browser.shown(&looking).await;
    let talk = browser.open(&looking).await;
    let talk = browser.answer(&talk, "interest", response("demo")).await;
    let planted = browser.token.clone();

    let answer = browser.ok("identify", json!({ "token": signed(&secret, &ada()), "url": PAGE })).await;
    assert_eq!(answer["identified"], true);
    assert_ne!(browser.token, planted, "the token is another one after a sign-in");
    // The conversation goes on under the new token, and the old one opens nothing.
    assert_eq!(browser.read(&talk).await["id"], talk["id"]);
    let mut thief = server.browser(&site);
    thief.token = planted;
    let path = format!("conversations/{}", text(&talk["id"]));
    assert_eq!(thief.send("GET", &path, None).await.status, 404);

    let mut session = server.app.store().read().await.expect("a session");
    let found =
        session.people_by_email(&["ada@acme.example".parse().expect("an address")]).await.expect("people");
    assert_eq!((found.len(), found[0].rung), (1, Rung::Proven));
    assert_eq!(found[0].attributes["job_title"], json!("Analyst"));
    drop(session);

    // Signing in again on the next page changes nothing.
    let before = browser.token.clone();
    browser.ok("identify", json!({ "token": signed(&secret, &ada()) })).await;
    assert_eq!(browser.token, before);
    server.stop().await;
}

/// Spec 03: typing never overwrites what is proven; it is kept as a suggestion.
#[tokio::test]
async fn what_is_proven_is_not_overwritten_by_what_somebody_types() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let secret = secret(&server, &site).await;
    server.browser(&site).ok("identify", json!({ "token": signed(&secret, &ada()) })).await;
    let form = json!({ "start_id": id(), "url": PAGE, "values": { "email": "ada@acme.example", "first_name": "Eve" } });
    server.browser(&site).ok("forms", form).await;
    let mut session = server.app.store().read().await.expect("a session");
    let found =
        session.people_by_email(&["ada@acme.example".parse().expect("an address")]).await.expect("people");
    assert_eq!(found[0].attributes["first_name"], json!("Ada"));
    assert_eq!(found[0].suggestions.iter().map(|s| s.attribute.as_str()).collect::<Vec<_>>(), ["first_name"]);
    drop(session);
    server.stop().await;
}

#[tokio::test]
async fn tokens_that_prove_nothing_are_refused() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let other = server.site(ConsentMode::Open).await;
    let own = secret(&server, &site).await;
    let foreign = secret(&server, &other).await;
    let mut expired = ada();
    expired["exp"] = json!(NOW - 120);
    let mut endless = ada();
    endless["exp"] = json!(NOW + 90_000);
    let none = format!("{}.{}.", "eyJhbGciOiJub25lIn0", "eyJlbWFpbCI6ImFkYUBhY21lLmV4YW1wbGUifQ");
    let mut browser = server.browser(&site);
    for (token, says) in [
        (signed(&foreign, &ada()), "signature"),
        (signed(&own, &expired), "expired"),
        (signed(&own, &endless), "longer than a day"),
        (signed(&own, &json!({ "exp": NOW + 600 })), "email and exp"),
        (signed(&own, &json!({ "email": "nobody", "exp": NOW + 600 })), "not an e-mail address"),
        (none, "not a JSON Web Token"),
        ("x".repeat(9_000), "8 KiB"),
    ] {
        let refused = browser.post("identify", json!({ "token": token })).await;
        let problem = refused.json();
        assert_eq!((refused.status, &problem["errors"][0]["field"]), (422, &json!("/token")));
        assert!(text(&problem["errors"][0]["reason"]).contains(says), "{says}: {problem}");
    }
    identity::rotate(&server.app, &Actor::system(), site.id).await.expect("a new secret");
    assert_eq!(browser.post("identify", json!({ "token": signed(&own, &ada()) })).await.status, 422);
    server.stop().await;
}

#[tokio::test]
async fn before_anything_may_be_stored_nobody_is_identified() {
    let server = server().await;
    for (mode, more, identified) in [
        (ConsentMode::Interaction, json!({}), false),
        (ConsentMode::Interaction, json!({ "clicked": true }), true),
        (ConsentMode::Required, json!({ "clicked": true }), false),
        (ConsentMode::Required, json!({ "granted": true }), true),
    ] {
        let site = server.site(mode).await;
        let mut body = json!({ "token": signed(&secret(&server, &site).await, &ada()) });
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        let answer = server.browser(&site).ok("identify", body).await;
        assert_eq!(
            (&answer["identified"], answer["visitor_token"].is_string()),
            (&json!(identified), identified)
        );
    }
    server.stop().await;
}

fn asking(words: &str) -> Json {
    json!({ "start": "ask", "cards": [
        { "id": "ask", "kind": "question", "text": rich(words), "style": "buttons", "responses": [
            { "id": "a", "label": "A", "next": "end" }, { "id": "b", "label": "B", "next": "end" } ] },
        { "id": "end", "kind": "message", "text": rich("Thanks."), "next": null } ] })
}

#[tokio::test]
async fn a_form_fills_the_record_and_starts_the_first_flow_that_fits() {
    let server = server().await;
    let site = server.site(ConsentMode::Interaction).await;
    let large = server.flow(site.id, "Large", asking("You are large?")).await;
    let member = server.flow(site.id, "Member", asking("You are a fan?")).await;
    let rest = server.flow(site.id, "Rest", asking("Who are you, {{person.first_name:\"stranger\"}}?")).await;
    let list = app::lists::create(&server.app, &Actor::system(), "Fans").await.expect("a list");
    let choices = json!([
        { "mode": "all", "follow": { "flow_id": large, "ui": "popup" }, "conditions": [
            { "field": "Employees", "op": "at_least", "values": ["500"] }, { "field": "Land", "op": "is", "values": ["DE", "AT"] } ] },
        { "mode": "any", "follow": { "flow_id": member }, "conditions": [ { "member_of": list.id, "op": "is_member" } ] } ]);
    let sent = |email: &str, employees: &str| {
        json!({ "start_id": id(), "url": PAGE, "form": "Contact", "choices": choices, "else": { "flow_id": rest },
            "map": { "Land": "person.country" },
            "values": { "Your e-mail": email, "First name": "Ada", "Employees": employees, "Land": "at", "nonsense": "x" } })
    };
    let mut first = server.browser(&site);
    let taken = first.ok("forms", sent("ada@acme.example", "900")).await;
    assert_eq!(
        (text(&taken["started"]["conversation"]["name"]), text(&taken["started"]["conversation"]["ui"])),
        ("Large", "popup")
    );
    let mut second = server.browser(&site);
    let taken = second.ok("forms", sent("bob@acme.example", "20")).await;
    assert_eq!(said(&taken["started"]["conversation"]), ["Who are you, Ada?"]);

    let mut session = server.app.store().read().await.expect("a session");
    let emails = ["ada@acme.example", "bob@acme.example"].map(|text| text.parse().expect("an address"));
    let found = session.people_by_email(&emails).await.expect("people");
    assert_eq!(
        found.iter().map(|p| (p.rung, p.attributes["country"].clone())).collect::<Vec<_>>(),
        [(Rung::Claimed, json!("at")), (Rung::Claimed, json!("at"))]
    );
    let bob = found
        .iter()
        .find(|p| p.email.as_ref().is_some_and(|e| e.as_str() == "bob@acme.example"))
        .expect("Bob")
        .id;
    drop(session);
    app::lists::add(&server.app, &Actor::system(), list.id, &[bob]).await.expect("added");
    let log = app::people::activities(&server.app, bob, None, &store::PageRequest::first(20))
        .await
        .expect("activities");
    assert!(log.items.iter().any(|activity| activity.kind.name() == "filled_form"));
    let taken = second.ok("forms", sent("bob@acme.example", "20")).await;
    assert_eq!(text(&taken["started"]["conversation"]["name"]), "Member");

    let mut bad = sent("ada@acme.example", "1");
    bad["choices"] = json!((0..11).map(|_| choices[0].clone()).collect::<Vec<_>>());
    assert_eq!(first.post("forms", bad).await.status, 422);
    let mut bad = sent("ada@acme.example", "1");
    bad["choices"] = choices.clone();
    bad["choices"][0]["conditions"] = json!([{ "field": "email", "op": "ends_with", "values": ["x"] }]);
    let refused = first.post("forms", bad).await;
    assert_eq!(refused.status, 422);
    assert!(String::from_utf8_lossy(&refused.body).contains("unknown variant `ends_with`"));
    server.stop().await;
}

/// Without consent nothing of a form is kept, but its flow works.
#[tokio::test]
async fn without_consent_a_form_leaves_nothing() {
    let server = server().await;
    let site = server.site(ConsentMode::Required).await;
    let rest = server.flow(site.id, "Rest", asking("Who are you?")).await;
    let form = json!({ "start_id": id(), "url": PAGE, "else": { "flow_id": rest }, "values": { "email": "ada@acme.example" } });
    let taken = server.browser(&site).ok("forms", form).await;
    assert_eq!((text(&taken["started"]["how"]), taken["visitor_token"].is_null()), ("unrecorded", true));
    let mut session = server.app.store().read().await.expect("a session");
    let address = "ada@acme.example".parse().expect("an address");
    assert!(session.people_by_email(&[address]).await.expect("people").is_empty());
    drop(session);
    server.stop().await;
}
