//! What visitors and admins rely on: nothing is stored before it may be, keys work only where they should, tokens open
//! nothing but one's own.

mod support;

use app::sites::{ConsentMode, Security};
use serde_json::json;
use support::*;

const PAGE: &str = "https://www.shop.example/pricing";

async fn visitors(server: &Server) -> u64 {
    server.app.flush_page_views().await;
    let query = store::PeopleQuery {
        words: None,
        criteria: None,
        known: None,
        list: None,
        company: None,
        sort: store::PeopleSort::CreatedAt,
        descending: true,
        now: server.app.now(),
        time_zone: "UTC".to_owned(),
    };
    server.app.store().read().await.expect("a session").count_people(&query).await.expect("a count").count
}

#[tokio::test]
async fn mode_interaction_issues_nothing_before_the_click_and_counts_the_trigger_once() {
    let server = server().await;
    let site = server.site(ConsentMode::Interaction).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    for _ in 0..3 {
        let looking = browser.page(PAGE).await;
        assert_eq!(looking.answer["consent_mode"], "interaction");
        assert!(looking.answer["visitor_token"].is_null());
        assert!(browser.shown(&looking).await.is_null());
    }
    assert_eq!(visitors(&server).await, 0);
    assert_eq!(server.counts(dialogue).await, [1, 0, 0, 0, 0]);
    let looking = browser.page(PAGE).await;
    assert_eq!(looking.resolved()["met"], true);
    let talk = browser.open(&looking).await;
    assert!(browser.token.is_some(), "the click allows it");
    assert_eq!(said(&talk)[0], "Hello!");
    browser.answer(&talk, "interest", response("look")).await;
    assert_eq!(server.counts(dialogue).await, [1, 1, 1, 0, 0], "the guest's trigger is not counted again");
    assert_eq!(visitors(&server).await, 1);
    // The marks of yesterday are folded into the counts.
    let mut guest = server.browser(&site);
    guest.headers[1].1 = "Another browser".to_owned();
    let looking = guest.page(PAGE).await;
    guest.shown(&looking).await;
    server.advance_minutes(24 * 60);
    assert_eq!(app::sweep::run(&server.app).await.expect("a sweep").guest_marks, 2);
    assert_eq!(server.counts(dialogue).await[0], 2);
    server.stop().await;
}

#[tokio::test]
async fn mode_required_shows_nothing_until_consent_is_given() {
    let server = server().await;
    let site = server.site(ConsentMode::Required).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    assert_eq!(looking.answer["consent_mode"], "required");
    assert!(looking.resolved().is_null() && looking.answer["visitor_token"].is_null());
    let on_page = json!({ "page_view_id": looking.page_view_id, "dialogue_id": dialogue });
    assert_eq!(browser.post("shown", on_page.clone()).await.status, 403);
    assert_eq!(browser.post("conversations", on_page).await.status, 403);
    assert_eq!(visitors(&server).await, 0);
    browser.ok("consent", json!({ "granted": true })).await;
    assert!(browser.token.is_some());
    let looking = browser.page_with(PAGE, json!({ "granted": true })).await;
    assert_eq!(looking.resolved()["kind"], "dialogue");
    server.stop().await;
}

#[tokio::test]
async fn the_snippet_may_only_be_stricter_and_privacy_control_counts_as_required() {
    let server = server().await;
    let site = server.site(ConsentMode::Interaction).await;
    server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    for (said, holds) in [
        (json!({ "consent_mode": "open" }), "interaction"),
        (json!({ "consent_mode": "required" }), "required"),
        (json!({ "gpc": true }), "required"),
    ] {
        assert_eq!(browser.page_with(PAGE, said).await.answer["consent_mode"], holds);
    }
    browser.headers.push(("sec-gpc".to_owned(), "1".to_owned()));
    assert_eq!(browser.page(PAGE).await.answer["consent_mode"], "required");
    assert!(browser.token.is_none());
    server.stop().await;
}

#[tokio::test]
async fn withdrawal_erases_who_never_engaged_and_kills_the_token() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    browser.page(PAGE).await;
    let dead = browser.token.clone();
    assert_eq!(visitors(&server).await, 1);
    browser.ok("consent", json!({ "granted": false })).await;
    assert_eq!(visitors(&server).await, 0);
    // The dead token is never accepted again, not even within the time in which new ones are.
    let looking = browser.page(PAGE).await;
    assert!(looking.answer["visitor_token"].is_string());
    assert_ne!(browser.token, dead);
    server.stop().await;
}

#[tokio::test]
async fn after_logout_the_next_person_at_the_computer_is_somebody_new() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    let talk = browser.open(&looking).await;
    browser.answer(&talk, "interest", response("demo")).await;
    let dead = browser.token.clone();
    assert_eq!(browser.post("logout", json!({})).await.status, 204);
    let path = format!("conversations/{}", text(&talk["id"]));
    assert_eq!(browser.send("GET", &path, None).await.status, 404);
    let looking = browser.page(PAGE).await;
    assert_ne!(browser.token, dead);
    assert_eq!(looking.resolved()["kind"], "dialogue", "nothing goes on");
    server.stop().await;
}

#[tokio::test]
async fn foreign_tampered_and_other_sites_tokens_are_passed_over() {
    let server = server().await;
    let (here, there) = (server.site(ConsentMode::Open).await, server.site(ConsentMode::Open).await);
    server.dialogue(here.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&here);
    let looking = browser.page(PAGE).await;
    let talk = browser.open(&looking).await;
    let genuine = browser.token.clone().expect("a token");
    let path = format!("conversations/{}", text(&talk["id"]));
    let tampered = format!("{}A", &genuine[..genuine.len() - 1]);
    for token in [tampered.as_str(), "nonsense", ""] {
        let mut other = server.browser(&here);
        other.token = Some(token.to_owned());
        assert_eq!(other.send("GET", &path, None).await.status, 404, "{token}");
        assert!(other.page(PAGE).await.answer["visitor_token"].is_string());
    }
    let mut elsewhere = server.browser(&there);
    elsewhere.token = Some(genuine);
    assert_eq!(elsewhere.send("GET", &path, None).await.status, 404);
    assert!(elsewhere.page(PAGE).await.answer["visitor_token"].is_string(), "two sites never mix");
    server.stop().await;
}

#[tokio::test]
async fn a_key_works_only_on_the_pages_of_its_site() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let security = Security {
        validate_origin: true,
        allowed_domains: vec!["shop.example".to_owned()],
        ..Security::default()
    };
    server.secure(site.id, security).await;
    let page = json!({ "page_view_id": id(), "url": PAGE });
    let mut browser = server.browser(&site);
    for (origin, status) in [
        ("https://shop.example", 200),
        ("https://www.shop.example:8443", 200),
        ("https://shop.example.evil.example", 403),
        ("https://evilshop.example", 403),
        ("null", 403),
    ] {
        browser.headers[0].1 = origin.to_owned();
        let answer = browser.post("page", page.clone()).await;
        assert_eq!(answer.status, status, "{origin}");
        if status == 200 {
            assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
            assert_eq!(answer.header("access-control-allow-credentials"), None);
        } else {
            assert!(text(&answer.json()["detail"]).len() > 20, "a reason that a developer can read");
        }
        let mut asking = server.browser(&site);
        asking.headers = vec![
            ("origin".to_owned(), origin.to_owned()),
            ("access-control-request-method".to_owned(), "POST".to_owned()),
            ("access-control-request-headers".to_owned(), "x-usher-visitor".to_owned()),
        ];
        let leave = asking.send("OPTIONS", "page", None).await;
        assert_eq!(leave.status, 204);
        assert_eq!(leave.header("access-control-allow-origin"), (status == 200).then_some(origin));
    }
    browser.key = "unknown".to_owned();
    assert_eq!(browser.post("page", page.clone()).await.status, 403);
    let mut browser = server.browser(&site);
    let patch = app::sites::SitePatch { enabled: Some(false), ..Default::default() };
    server.patch_site(site.id, patch).await;
    assert_eq!(browser.post("page", page).await.status, 403);
    server.stop().await;
}

#[tokio::test]
async fn one_visitor_over_the_limit_is_slowed_down_and_the_others_are_not() {
    let server = server_with(|settings| settings.limits.visitor_requests_per_minute = 5).await;
    let site = server.site(ConsentMode::Open).await;
    let mut greedy = server.browser(&site);
    greedy.page(PAGE).await;
    let mut statuses = Vec::new();
    for _ in 0..7 {
        let answer = greedy.post("page", json!({ "page_view_id": id(), "url": PAGE })).await;
        if answer.status == 429 {
            assert!(answer.header("retry-after").and_then(|s| s.parse::<u64>().ok()).is_some_and(|s| s > 0));
        }
        statuses.push(answer.status);
    }
    assert!(statuses.contains(&200) && statuses.ends_with(&[429, 429]), "{statuses:?}");
    server.browser(&site).page(PAGE).await;
    server.stop().await;
}

#[tokio::test]
async fn hostile_bodies_are_refused_and_large_ones_cut_off() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let mut browser = server.browser(&site);
    let large = json!({ "page_view_id": id(), "url": format!("https://a.example/{}", "x".repeat(100_000)) });
    assert_eq!(browser.post("page", large).await.status, 413);
    for body in [
        json!({ "page_view_id": "x", "url": PAGE }),
        json!({ "page_view_id": id() }),
        json!({ "page_view_id": id(), "url": PAGE, "more": true }),
        json!([]),
    ] {
        assert_eq!(browser.post("page", body).await.status, 422);
    }
    let strange = json!({ "page_view_id": id(), "url": "javascript:alert(1)", "title": "<script>\u{7}", "time_zone": "../etc" });
    assert_eq!(browser.post("page", strange).await.status, 200);
    server.stop().await;
}
