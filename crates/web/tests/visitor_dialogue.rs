//! What a visitor and an author rely on when a dialogue is shown, answered, left and taken up again (spec 03, spec 04).

mod support;

use app::sites::ConsentMode;
use serde_json::json;
use support::*;

const PAGE: &str = "https://www.shop.example/pricing";

#[tokio::test]
async fn the_first_page_view_shows_the_dialogue_and_issues_a_token() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    server.dialogue(site.id, "Demo", draft("Hello there!")).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    assert!(browser.token.is_some());
    assert_eq!(looking.answer["consent_mode"], "open");
    assert_eq!(looking.resolved()["kind"], "dialogue");
    assert_eq!(looking.resolved()["poke"], "Hello there!");
    assert_eq!(looking.resolved()["met"], true);
    assert_eq!(looking.resolved()["opening"].as_array().map(Vec::len), Some(2));
    assert_eq!(looking.resolved()["opening_waiting"]["card_id"], "interest");
    assert_eq!(looking.answer["widget"]["bot_name"], "Shop");
    let elsewhere = browser.page("https://other.example/").await;
    assert!(elsewhere.resolved().is_null() && elsewhere.answer["widget"].is_null());
    assert!(elsewhere.answer["visitor_token"].is_null(), "a known visitor keeps the token");
    server.stop().await;
}

#[tokio::test]
async fn a_trigger_is_counted_once_over_reloads_and_tabs() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    let first = browser.page(PAGE).await;
    let conversation = browser.shown(&first).await;
    let mut other_tab = server.browser(&site);
    other_tab.token.clone_from(&browser.token);
    let (a, b) = (browser.page(PAGE).await, other_tab.page(PAGE).await);
    let (again, there) = tokio::join!(browser.shown(&a), other_tab.shown(&b));
    assert_eq!(again["id"], conversation["id"]);
    assert_eq!(there["id"], conversation["id"]);
    assert_eq!(browser.page(PAGE).await.resolved()["conversation"]["id"], conversation["id"]);
    assert_eq!(server.counts(dialogue).await, [1, 0, 0, 0, 0]);
    // Opening without answering is no engagement.
    let looking = browser.page(PAGE).await;
    browser.open(&looking).await;
    assert_eq!(server.counts(dialogue).await, [1, 0, 0, 0, 0]);
    server.stop().await;
}

#[tokio::test]
async fn two_first_tabs_at_once_make_one_conversation() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut one = server.browser(&site);
    let a = one.page(PAGE).await;
    let mut two = server.browser(&site);
    two.token.clone_from(&one.token);
    let b = two.page(PAGE).await;
    let (first, second) = tokio::join!(one.shown(&a), two.shown(&b));
    assert_eq!(first["id"], second["id"]);
    assert_eq!(server.counts(dialogue).await, [1, 0, 0, 0, 0]);
    server.stop().await;
}

#[tokio::test]
async fn an_answer_with_an_address_makes_the_person_known_with_all_activities() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    browser.shown(&looking).await;
    let talk = browser.open(&looking).await;
    let talk = browser.answer(&talk, "interest", response("demo")).await;
    assert_eq!(talk["state"], "engaged");
    assert_eq!(talk["waiting"]["fields"][1]["type"], "email");
    let given = values(json!({ "name": "Ada", "email": "Ada@Lovelace.example" }));
    let talk = browser.answer(&talk, "contact", given).await;
    assert_eq!(talk["person_known"], true);
    assert!(said(&talk).contains(&"Thank you, Ada!".to_owned()), "{talk}");
    let talk = browser.answer(&talk, "more", response("no")).await;
    assert_eq!((&talk["state"], &talk["waiting"]), (&json!("completed"), &json!(null)));
    assert_eq!(server.counts(dialogue).await, [1, 1, 1, 1, 1]);

    server.app.flush_page_views().await;
    let mut session = server.app.store().read().await.expect("a session");
    let found =
        session.people_by_email(&["ada@lovelace.example".parse().expect("address")]).await.expect("people");
    let person = found.first().expect("a known person");
    assert_eq!(person.text("first_name"), Some("Ada"));
    let company = session.company(person.company_id.expect("a company")).await.expect("read").expect("found");
    assert_eq!(company.company.domains[0].as_str(), "lovelace.example");
    let page = store::PageRequest::first(50);
    let activities = session.activities_of(person.id, None, &page).await.expect("activities").items;
    let mut kinds: Vec<&str> = activities.iter().map(|a| a.kind.name()).collect();
    kinds.sort_unstable();
    assert_eq!(
        kinds,
        ["acquired", "attribute_changed", "completed", "engaged", "goal", "triggered", "visited_page"]
    );
    // The completed dialogue is never shown again, not even after it was changed.
    server.republish(dialogue, draft("Something new!")).await;
    assert!(browser.page(PAGE).await.resolved().is_null());
    server.stop().await;
}

#[tokio::test]
async fn an_engaged_conversation_goes_on_elsewhere_at_its_own_version() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let only_pricing = |greeting: &str| {
        draft_on(greeting, &["https://www.shop.example/pricing"], json!({ "mode": "all", "conditions": [] }))
    };
    let first = server.dialogue(site.id, "First", only_pricing("Old text")).await;
    let second = server.dialogue(site.id, "Second", draft("Second")).await;
    server.prioritise(second, 2).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    browser.shown(&looking).await;
    let talk = browser.open(&looking).await;
    browser.answer(&talk, "interest", response("demo")).await;
    server.republish(first, only_pricing("New text")).await;
    let elsewhere = browser.page("https://www.shop.example/other").await;
    assert_eq!(elsewhere.resolved()["kind"], "continue");
    let going_on = &elsewhere.resolved()["conversation"];
    assert_eq!(going_on["waiting"]["card_id"], "contact");
    assert_eq!(said(going_on), ["Old text", "What brings you here?", "A demo", "Whom may we invite?"]);
    assert_eq!(server.counts(second).await, [0, 0, 0, 0, 0]);
    server.stop().await;
}

#[tokio::test]
async fn an_unanswered_dialogue_shows_its_new_text_without_a_second_trigger() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Old text")).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    browser.shown(&looking).await;
    let before = browser.open(&looking).await;
    server.republish(dialogue, draft("New text")).await;
    let looking = browser.page(PAGE).await;
    assert_eq!(looking.resolved()["poke"], "New text");
    let after = browser.shown(&looking).await;
    assert_eq!(after["id"], before["id"]);
    assert_eq!(said(&after)[0], "New text");
    assert!(after["epoch"].as_u64() > before["epoch"].as_u64(), "an open tab must fetch everything again");
    let talk = browser.answer(&after, "interest", response("look")).await;
    assert_eq!(talk["state"], "completed");
    assert_eq!(said(&browser.read(&talk).await)[0], "New text");
    assert_eq!(server.counts(dialogue).await, [1, 1, 1, 0, 0]);
    server.stop().await;
}

#[tokio::test]
async fn unpublishing_lets_the_next_by_priority_take_its_place() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let first = server.dialogue(site.id, "First", draft("First")).await;
    let second = server.dialogue(site.id, "Second", draft("Second")).await;
    server.prioritise(second, 2).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    assert_eq!(looking.resolved()["name"], "First");
    browser.shown(&looking).await;
    let actor = app::access::Actor::system();
    app::dialogues::unpublish(&server.app, &actor, first).await.expect("unpublished");
    let looking = browser.page(PAGE).await;
    assert_eq!(looking.resolved()["name"], "Second");
    browser.shown(&looking).await;
    assert_eq!((server.counts(first).await[0], server.counts(second).await[0]), (1, 1));
    // Chat off stops everything at once, and on resumes it.
    for (on, shown) in [(false, false), (true, true)] {
        let patch = app::sites::SitePatch { chat_enabled: Some(on), ..Default::default() };
        server.patch_site(site.id, patch).await;
        assert_eq!(!browser.page(PAGE).await.resolved().is_null(), shown);
    }
    server.stop().await;
}

#[tokio::test]
async fn time_on_page_adds_up_over_the_stays() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let events = json!({ "mode": "all", "conditions": [{ "kind": "time_on_page", "seconds": 30 }] });
    server.dialogue(site.id, "Late", draft_on("Hello", &["https://www.shop.example/pricing"], events)).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    assert_eq!(looking.resolved()["met"], false);
    let leave = json!({ "page_view_id": looking.page_view_id, "visible_ms": 10_000, "scroll_percent": 5 });
    for _ in 0..2 {
        assert_eq!(browser.post("page/leave", leave.clone()).await.status, 204);
    }
    let elsewhere = browser.page("https://www.shop.example/").await;
    let leave = json!({ "page_view_id": elsewhere.page_view_id, "visible_ms": 7_000, "scroll_percent": 5 });
    browser.post("page/leave", leave).await;
    let back = browser.page(PAGE).await;
    assert_eq!(
        back.resolved()["elapsed"],
        json!({ "page_seconds": 10.0, "site_seconds": 17.0, "page_views": 3 })
    );
    browser.shown(&back).await;
    // Once met it is met for good, also on a later visit.
    server.advance_minutes(120);
    assert_eq!(browser.page(PAGE).await.resolved()["met"], true);
    server.stop().await;
}

#[tokio::test]
async fn silence_for_a_day_drops_the_conversation_and_a_new_one_may_begin() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    browser.shown(&looking).await;
    let talk = browser.open(&looking).await;
    browser.answer(&talk, "interest", response("demo")).await;
    server.advance_minutes(24 * 60);
    let refused = browser.input(&talk, "contact", json!({ "kind": "skip" })).await;
    assert_eq!(refused.status, 409);
    assert_eq!(refused.json()["current"]["state"], "dropped");
    let looking = browser.page(PAGE).await;
    assert_eq!(looking.resolved()["kind"], "dialogue");
    let anew = browser.shown(&looking).await;
    assert_ne!(anew["id"], talk["id"]);
    assert_eq!(server.counts(dialogue).await, [2, 1, 0, 0, 0]);
    server.stop().await;
}

#[tokio::test]
async fn the_sweep_drops_what_is_silent_and_tells_of_it() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    let talk = browser.open(&looking).await;
    browser.answer(&talk, "interest", response("demo")).await;
    server.app.flush_page_views().await;
    assert_eq!(app::sweep::run(&server.app).await.expect("a sweep").dropped, 0);
    server.advance_minutes(24 * 60);
    assert_eq!(app::sweep::run(&server.app).await.expect("a sweep").dropped, 1);
    assert_eq!(app::sweep::run(&server.app).await.expect("a sweep").dropped, 0);
    assert_eq!(browser.read(&talk).await["state"], "dropped");
    // A visitor who engaged stays; page views go after their time.
    server.advance_minutes(91 * 24 * 60);
    let swept = app::sweep::run(&server.app).await.expect("a sweep");
    assert_eq!(
        (swept.people, swept.page_views),
        (0, 4),
        "a view, its visit and activity, and the dialogues it was decided with"
    );
    server.stop().await;
}

#[tokio::test]
async fn an_audience_knows_the_visit_and_the_person_at_once() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let audience = |attribute: &str, value: &str| {
        let mut draft = draft(&format!("For {value}"));
        draft["targeting"]["audience"] =
            json!({ "all": [{ "attribute": attribute, "op": "is", "values": [value] }] });
        draft
    };
    let friends = server.dialogue(site.id, "Ada's", audience("person.first_name", "ada")).await;
    server.dialogue(site.id, "Campaign", audience("visit.utm_campaign", "Spring")).await;
    let everybody = server.dialogue(site.id, "Everybody", draft("For everybody")).await;
    for (dialogue, priority) in [(friends, 1), (everybody, 9)] {
        server.prioritise(dialogue, priority).await;
    }
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    assert_eq!(looking.resolved()["name"], "Everybody");
    let talk = browser.open(&looking).await;
    let talk = browser.answer(&talk, "interest", response("demo")).await;
    let talk =
        browser.answer(&talk, "contact", values(json!({ "name": "Ada", "email": "ada@gmail.com" }))).await;
    browser.answer(&talk, "more", response("no")).await;
    assert_eq!(browser.page(PAGE).await.resolved()["name"], "Ada's", "the profile in memory is fresh");
    let campaign = "https://www.shop.example/?utm_campaign=spring";
    assert_eq!(server.browser(&site).page(campaign).await.resolved()["name"], "Campaign");
    server.stop().await;
}
