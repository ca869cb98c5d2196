//! What the address of a client tells: it chooses dialogues and is stored with the visit, and the address is not.

mod support;

use app::sites::ConsentMode;
use connect_ip::{IpDatabases, writer::Writer};
use kernel::PersonId;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use support::*;

const PAGE: &str = "https://www.shop.example/";

/// 203.0.113.0/24 is a firm in Kiel, the rest of 203.0.112.0/22 somebody in Graz.
fn networks() -> Arc<IpDatabases> {
    let mut writer = Writer::default();
    let place = |country: &str, city: &str| json!({ "country": { "iso_code": country }, "city": { "names": { "en": city } } });
    writer.insert("203.0.112.0".parse().unwrap(), 22, &place("AT", "Graz"));
    let mut firm = place("DE", "Kiel");
    firm["company"] = json!({ "name": "Förde Foods", "employees": 300 });
    writer.insert("203.0.113.0".parse().unwrap(), 24, &firm);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("networks.mmdb");
    std::fs::write(&path, writer.to_bytes("Test", 0)).unwrap();
    Arc::new(IpDatabases::open(&[path]).unwrap())
}

/// One proxy in front, which says from where a client comes.
async fn server() -> Server {
    server_behind(Extras { ip: Some(networks()), trusted_proxies: 1, mail: None }, |_| {}).await
}

fn from(mut browser: Browser, forwarded: &str) -> Browser {
    browser.headers.push(("x-forwarded-for".to_owned(), forwarded.to_owned()));
    browser
}

#[tokio::test]
async fn a_dialogue_for_a_country_is_shown_to_clients_of_its_networks_only() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    for (audience, cases) in [
        (
            json!({ "attribute": "inferred.country", "op": "is", "values": ["DE"] }),
            [
                ("203.0.113.9", true),
                ("::ffff:203.0.113.9", true),
                ("203.0.112.9", false),
                ("10.0.0.1", false),
            ],
        ),
        (
            json!({ "attribute": "inferred.employees", "op": "at_least", "values": [250] }),
            [("203.0.113.9", true), ("203.0.113.200", true), ("203.0.112.9", false), ("2001:db8::1", false)],
        ),
    ] {
        let mut draft = draft("Moin!");
        draft["targeting"]["audience"] = json!({ "all": [audience] });
        let dialogue = server.dialogue(site.id, "Near", draft).await;
        for (address, shown) in cases {
            let looking = from(server.browser(&site), address).page(PAGE).await;
            assert_eq!(!looking.resolved().is_null(), shown, "{audience} {address}");
        }
        // What a client says of itself does not count: only the last entry is the proxy's.
        let looking = from(server.browser(&site), "203.0.113.9, 192.0.2.1").page(PAGE).await;
        assert!(looking.resolved().is_null());
        app::dialogues::unpublish(&server.app, &app::access::Actor::system(), dialogue).await.unwrap();
    }
    server.stop().await;
}

#[tokio::test]
async fn the_inference_is_kept_and_the_address_is_not() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    server.dialogue(site.id, "All", draft("Hello!")).await;
    let mut browser = from(server.browser(&site), "203.0.113.77");
    let looking = browser.page(PAGE).await;
    let talk = browser.open(&looking).await;
    server.app.flush_page_views().await;
    let mut session = server.app.store().read().await.unwrap();
    let id = text(&talk["id"]).parse().unwrap();
    let conversation = session.conversation(id).await.unwrap().unwrap();
    let person: PersonId = conversation.conversation.person_id;
    let page = store::PageRequest::first(50);
    let log = session.activities_of(person, None, &page).await.unwrap().items;
    let visited =
        log.iter().find(|one| one.kind == engagement::ActivityType::VisitedPage).expect("a page view");
    let expected = json!({ "city": "Kiel", "company": "Förde Foods", "country": "DE", "employees": "300" });
    assert_eq!(visited.attributes["inferred"], expected);
    for one in &log {
        let written = Json::Object(one.attributes.clone()).to_string();
        assert!(!written.contains("203.0.113"), "{written}");
    }
    drop(session);
    server.stop().await;
}

#[tokio::test]
async fn a_number_without_country_code_is_read_as_one_of_the_visitors_country() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let mut draft = draft("Hello!");
    draft["stream"]["cards"][2]["fields"] = json!([{ "id": "phone", "type": "phone", "label": "Phone", "attribute": "person.phone", "overwrite": "always" }]);
    server.dialogue(site.id, "Call", draft).await;
    // The browser speaks English of no country; the address is Austrian.
    let mut browser = from(server.browser(&site), "203.0.112.9");
    let looking = browser.page(PAGE).await;
    let talk = browser.open(&looking).await;
    let talk = browser.answer(&talk, "interest", response("demo")).await;
    let talk = browser.answer(&talk, "contact", values(json!({ "phone": "0316 872 0" }))).await;
    assert!(said(&talk).iter().any(|words| words.starts_with("Thank you")), "{talk}");
    server.stop().await;
}
