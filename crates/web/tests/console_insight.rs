//! Why was it shown, what would have been shown, and how far conversations came: what marketers rely on over the API.

mod console;
mod support;

use app::sites::ConsentMode;
use console::{User, console};
use kernel::DialogueId;
use serde_json::{Value as Json, json};
use support::*;

const PRICING: &str = "https://www.shop.example/pricing?utm_source=mail";
const HOME: &str = "https://www.shop.example/";
const DAY: i64 = 24 * 60;

fn at_once() -> Json {
    json!({ "mode": "all", "conditions": [] })
}

/// The draft for these pages, for companies of more than fifty people.
fn for_big_companies(pages: &[&str]) -> Json {
    let mut draft = draft_on("Hello, big one!", pages, at_once());
    draft["targeting"]["audience"] =
        json!({ "all": [{ "attribute": "company.size", "op": "greater_than", "values": [50] }] });
    draft
}

/// One card's numbers: reached, answered, left.
fn card(canvas: &Json, id: &str) -> [u64; 3] {
    let cards = canvas["cards"].as_array().expect("cards");
    let found = cards.iter().find(|card| card["card_id"] == id);
    let number = |name| found.and_then(|card| card[name].as_u64()).unwrap_or_default();
    [number("reached"), number("answered"), number("left")]
}

async fn only_person(user: &mut User) -> String {
    let found = user.expect(200, "POST", "/people/search", Some(json!({}))).await;
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1), "{found}");
    console::text(&found["items"][0]["id"])
}

#[tokio::test]
async fn the_canvas_tells_how_far_conversations_came() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let path = format!("/dialogues/{dialogue}/canvas");
    let empty = owner.get(&path).await;
    assert_eq!(empty, json!({ "conversations": 0, "cards": [] }));

    let mut silent = server.browser(&site);
    let looking = silent.page(PRICING).await;
    silent.shown(&looking).await;
    let mut leaving = server.browser(&site);
    let looking = leaving.page(PRICING).await;
    let talk = leaving.open(&looking).await;
    leaving.answer(&talk, "interest", response("demo")).await;
    let mut browsing = server.browser(&site);
    let looking = browsing.page(PRICING).await;
    let talk = browsing.open(&looking).await;
    browsing.answer(&talk, "interest", response("look")).await;

    let now = owner.get(&path).await;
    assert_eq!(now["conversations"], 3);
    assert_eq!(card(&now, "hello"), [3, 0, 0]);
    assert_eq!(card(&now, "interest"), [3, 2, 1], "who never answered has left at the first question");
    assert_eq!(card(&now, "contact"), [1, 0, 0], "who has just answered may still go on");
    assert_eq!(card(&now, "bye"), [1, 0, 0]);

    server.advance_minutes(DAY);
    app::sweep::run(&server.app).await.expect("a sweep");
    let later = owner.get(&path).await;
    assert_eq!(card(&later, "contact"), [1, 0, 1], "dropped after a day of silence");

    server.republish(dialogue, draft("Hello again!")).await;
    let mut late = server.browser(&site);
    let looking = late.page(PRICING).await;
    late.shown(&looking).await;
    assert_eq!(owner.get(&format!("{path}?version=2")).await["conversations"], 1);
    assert_eq!(owner.get(&format!("{path}?version=1")).await["conversations"], 3);
    assert_eq!(card(&owner.get(&format!("{path}?version=2")).await, "interest"), [1, 0, 1]);
    owner.expect(404, "GET", &format!("{path}?version=9"), None).await;
    owner.expect(404, "GET", &format!("/flows/{dialogue}/canvas"), None).await;
    owner
        .expect(422, "GET", &format!("{path}?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z"), None)
        .await;
    server.stop().await;
}

#[tokio::test]
async fn guests_without_identity_stand_at_the_opening() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let site = server.site(ConsentMode::Interaction).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut guest = server.browser(&site);
    let looking = guest.page(PRICING).await;
    guest.ok("shown", json!({ "page_view_id": looking.page_view_id, "dialogue_id": dialogue })).await;
    let canvas = owner.get(&format!("/dialogues/{dialogue}/canvas?version=1")).await;
    assert_eq!(canvas["conversations"], 1);
    assert_eq!((card(&canvas, "hello"), card(&canvas, "interest")), ([1, 0, 0], [1, 0, 1]));
    // Opened, the guest becomes a visitor and is counted once.
    guest.open(&looking).await;
    let canvas = owner.get(&format!("/dialogues/{dialogue}/canvas")).await;
    assert_eq!((canvas["conversations"].as_u64(), card(&canvas, "hello")), (Some(1), [1, 0, 0]));
    server.stop().await;
}

#[tokio::test]
async fn every_page_view_says_why_of_every_dialogue() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let site = server.site(ConsentMode::Open).await;
    let all = &["https://*.shop.example"];
    let big = server.dialogue(site.id, "Big", for_big_companies(all)).await;
    let first = server.dialogue(site.id, "First", draft("Hello!")).await;
    let second = server.dialogue(site.id, "Second", draft("Hello too!")).await;
    let mut jobs = draft_on("Jobs!", &["https://www.shop.example/jobs/*"], at_once());
    let jobs_id = server.dialogue(site.id, "Jobs", jobs.clone()).await;
    jobs["targeting"]["pages"] = json!({ "include": all, "exclude": ["https://*.shop.example/pricing"] });
    let hidden = server.dialogue(site.id, "Hidden", jobs).await;
    let new = json!({ "site_id": site.id, "name": "Unfinished" });
    let unfinished = owner.expect(201, "POST", "/dialogues", Some(new)).await;
    server.prioritise(second, 2).await;

    let mut browser = server.browser(&site);
    let looking = browser.page(PRICING).await;
    assert_eq!(looking.resolved()["dialogue_id"], first.to_string());
    server.app.flush_page_views().await;
    let person = only_person(&mut owner).await;
    let list = owner.get(&format!("/people/{person}/page-views")).await;
    let view = &list["items"][0];
    assert_eq!((&view["title"], &view["site"]["name"]), (&json!("A page"), &json!("Shop")));
    assert_eq!(view["outcome"]["kind"], "show");
    assert_eq!(view["outcome"]["dialogue"], json!({ "id": first.to_string(), "name": "First" }));

    let path = format!("/page-views/{}/explanation", console::text(&view["id"]));
    let told = owner.get(&path).await;
    assert_eq!((&told["url"], &told["person"]["id"]), (&json!(PRICING), &json!(person)));
    let verdict = |told: &Json, id: &str| {
        let found = told["dialogues"].as_array().expect("dialogues").iter().find(|one| one["id"] == id);
        let found = found.unwrap_or_else(|| panic!("{id} is missing in {told}"));
        (console::text(&found["verdict"]), console::text(&found["reason"]))
    };
    for (id, kind, reason) in [
        (big.to_string(), "audience", "company.size greater than 50 → is empty"),
        (first.to_string(), "shown", "The first by priority that matched."),
        (second.to_string(), "outranked", "First came first by priority."),
        (jobs_id.to_string(), "other_page", "The page is none of its target pages."),
        (hidden.to_string(), "excluded_page", "The page is excluded by https://*.shop.example/pricing."),
        (console::text(&unfinished["id"]), "not_published", "It was not published at that time."),
    ] {
        assert_eq!(verdict(&told, &id), (kind.to_owned(), reason.to_owned()));
    }
    assert_eq!(told["dialogues"].as_array().map(Vec::len), Some(6));

    // What was decided then stays told as it was then.
    server.republish(first, draft("Changed")).await;
    let rename = json!({ "name": "Renamed" });
    owner.expect(200, "PATCH", &format!("/dialogues/{second}"), Some(rename)).await;
    assert_eq!(owner.get(&path).await["dialogues"], told["dialogues"]);

    // An engaged conversation goes on, and completed it is never shown again.
    let talk = browser.open(&looking).await;
    browser.answer(&talk, "interest", response("demo")).await;
    browser.page(HOME).await;
    let given = values(json!({ "name": "Ada", "email": "ada@example.com" }));
    browser.answer(&talk, "contact", given).await;
    browser.answer(&talk, "more", response("no")).await;
    browser.page(HOME).await;
    server.app.flush_page_views().await;
    let list = owner.get(&format!("/people/{person}/page-views")).await;
    let outcome = |place: usize| list["items"][place]["outcome"].clone();
    assert_eq!((&outcome(1)["kind"], &outcome(1)["dialogue"]["name"]), (&json!("continue"), &json!("First")));
    assert_eq!(outcome(1)["conversation_id"], talk["id"]);
    assert_eq!(outcome(0)["dialogue"]["name"], "Hidden");
    let told =
        owner.get(&format!("/page-views/{}/explanation", console::text(&list["items"][0]["id"]))).await;
    assert_eq!(verdict(&told, &first.to_string()).0, "completed");
    owner.expect(404, "GET", "/page-views/pgv_00000000000000000000000000/explanation", None).await;
    server.stop().await;
}

#[tokio::test]
async fn a_dialogue_lists_the_page_views_that_concern_it() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let site = server.site(ConsentMode::Open).await;
    let big = server.dialogue(site.id, "Big", for_big_companies(&["https://www.shop.example/pricing"])).await;
    for _ in 0..3 {
        let mut browser = server.browser(&site);
        browser.page(PRICING).await;
        browser.page(HOME).await;
    }
    server.app.flush_page_views().await;
    let path = format!("/dialogues/{big}/page-views");
    let of_its_pages = owner.get(&path).await;
    assert_eq!(of_its_pages["items"].as_array().map(Vec::len), Some(3), "other pages say nothing");
    assert_eq!(of_its_pages["items"][0]["verdict"], "audience");
    assert_eq!(of_its_pages["items"][0]["reason"], "company.size greater than 50 → is empty");
    assert_eq!(owner.get(&format!("{path}?show=all")).await["items"].as_array().map(Vec::len), Some(6));
    assert_eq!(owner.get(&format!("{path}?show=shown")).await["items"], json!([]));
    let mut seen = Vec::new();
    let mut next = String::new();
    loop {
        let page = owner.get(&format!("{path}?show=not_shown&limit=1{next}")).await;
        seen.extend(page["items"].as_array().expect("items").iter().map(|one| one["id"].clone()));
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 3);
    server.stop().await;
}

async fn simulated(owner: &mut User, id: DialogueId, body: Json) -> Json {
    owner.expect(200, "POST", &format!("/dialogues/{id}/simulate"), Some(body)).await
}

#[tokio::test]
async fn a_draft_is_tried_on_the_page_views_of_the_last_days() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let site = server.site(ConsentMode::Open).await;
    let live = server.dialogue(site.id, "Live", draft_on("Hi!", &[&PRICING[..32]], at_once())).await;
    server.prioritise(live, 5).await;
    let new = json!({ "site_id": site.id, "name": "Draft" });
    let made = owner.expect(201, "POST", "/dialogues", Some(new)).await;
    let id: DialogueId = console::text(&made["id"]).parse().expect("an id");
    let path = format!("/dialogues/{id}/simulate");

    // One visitor on both pages, one on the home page only, one who talks, one long ago.
    let mut long_ago = server.browser(&site);
    long_ago.page(PRICING).await;
    server.advance_minutes(10 * DAY);
    let mut both = server.browser(&site);
    both.page(HOME).await;
    both.page(PRICING).await;
    both.page(PRICING).await;
    server.browser(&site).page(HOME).await;
    let mut talking = server.browser(&site);
    let looking = talking.page(PRICING).await;
    let talk = talking.open(&looking).await;
    talking.answer(&talk, "interest", response("demo")).await;
    talking.page(HOME).await;
    server.app.flush_page_views().await;

    let everywhere = draft("Everywhere");
    let found = simulated(&mut owner, id, json!({ "draft": everywhere, "days": 7 })).await;
    assert_eq!((&found["page_views"], &found["recorded_page_views"]), (&json!(6), &json!(6)));
    assert_eq!((&found["visitors"], &found["is_sample"]), (&json!(3), &json!(false)));
    assert_eq!((&found["shown_page_views"], &found["shown_visitors"]), (&json!(5), &json!(3)));
    assert_eq!(found["share"], 1.0);
    assert_eq!(
        found["displaced"],
        json!([{ "id": live.to_string(), "name": "Live", "visitors": 2, "page_views": 3 }])
    );
    assert_eq!(found["hindrances"][0]["verdict"], "conversation_goes_on");
    assert_eq!(simulated(&mut owner, id, json!({ "draft": everywhere, "days": 30 })).await["visitors"], 4);

    // Behind the one that is live it gets only what that one does not take.
    let behind = simulated(&mut owner, id, json!({ "draft": everywhere, "days": 7, "priority": 9 })).await;
    assert_eq!((&behind["shown_visitors"], &behind["displaced"]), (&json!(2), &json!([])));
    let outranked = behind["hindrances"].as_array().expect("hindrances");
    assert!(
        outranked.iter().any(|one| one["reason"] == "Live comes first by priority" && one["page_views"] == 3)
    );

    // Caps, conditions and events as far as they are recorded.
    let mut once = everywhere.clone();
    once["targeting"]["caps"] = json!({ "per_visitor": { "times": 1, "period_days": 7 } });
    let found = simulated(&mut owner, id, json!({ "draft": once, "days": 7 })).await;
    assert_eq!((&found["shown_page_views"], &found["shown_visitors"]), (&json!(3), &json!(3)));
    let found = simulated(
        &mut owner,
        id,
        json!({ "draft": for_big_companies(&["https://*.shop.example"]), "days": 7 }),
    )
    .await;
    assert_eq!((&found["shown_visitors"], &found["share"]), (&json!(0), &json!(0.0)));
    let hindrance =
        json!({ "verdict": "audience", "reason": "company.size greater than 50", "page_views": 5 });
    assert_eq!(found["hindrances"][0], hindrance);
    let mut second_page = everywhere.clone();
    second_page["targeting"]["events"] = json!({ "mode": "all", "conditions": [{ "kind": "page_views", "count": 2 }, { "kind": "exit_intent" }] });
    let found = simulated(&mut owner, id, json!({ "draft": second_page, "days": 7 })).await;
    assert_eq!((&found["shown_page_views"], &found["shown_visitors"]), (&json!(2), &json!(1)));
    assert_eq!(found["events_taken_as_come"], json!(["exit_intent"]));

    // The stored draft has no page yet; a period must be one.
    let refused = owner.expect(422, "POST", &path, Some(json!({ "days": 7 }))).await;
    assert_eq!(refused["errors"][0]["field"], "/draft/targeting/pages/include");
    owner.expect(422, "POST", &path, Some(json!({ "draft": everywhere, "days": 0 }))).await;
    owner.expect(422, "POST", &path, Some(json!({ "draft": everywhere, "days": 91 }))).await;
    server.stop().await;
}

#[tokio::test]
async fn who_may_not_see_people_sees_no_page_views() {
    let server = console().await;
    User::owner(&server).await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut agent = User::with_profile(&server, "agent@example.com", "Live agent").await;
    agent.expect(403, "POST", &format!("/dialogues/{dialogue}/simulate"), Some(json!({ "days": 7 }))).await;
    let mut calendar = User::with_profile(&server, "calendar@example.com", "Calendar agent").await;
    calendar.expect(403, "GET", &format!("/dialogues/{dialogue}/page-views"), None).await;
    calendar.expect(403, "GET", "/page-views/pgv_00000000000000000000000000/explanation", None).await;
    let mut nobody = User::nobody(&server);
    nobody.expect(401, "GET", &format!("/dialogues/{dialogue}/canvas"), None).await;
    server.stop().await;
}

#[tokio::test]
async fn a_report_adds_up_whatever_it_is_cut_by() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut silent = server.browser(&site);
    let looking = silent.page(HOME).await;
    silent.shown(&looking).await;
    let mut guided = server.browser(&site);
    let looking = guided.page(PRICING).await;
    let talk = guided.open(&looking).await;
    guided.answer(&talk, "interest", response("demo")).await;
    let given = values(json!({ "name": "Ada", "email": "ada@example.com" }));
    guided.answer(&talk, "contact", given).await;

    let path = format!("/dialogues/{dialogue}/report");
    let counts =
        json!({ "triggered": 2, "engaged": 1, "completed": 0, "acquired": 1, "goals": 1, "documents": 0 });
    let report = owner.get(&format!("{path}?time_zone=Europe/Berlin")).await;
    assert_eq!(report["counts"], counts);
    assert_eq!(report["before"]["triggered"], 0);
    let days = report["days"].as_array().expect("days");
    assert_eq!(days.iter().map(|day| day["triggered"].as_u64().expect("a count")).sum::<u64>(), 2);
    for by in ["page", "device", "country", "known", "version"] {
        assert_eq!(owner.get(&format!("{path}/parts?by={by}")).await["total"], counts, "{by}");
    }
    let pages = owner.get(&format!("{path}/parts?by=page")).await;
    let keys: Vec<&str> =
        pages["items"].as_array().expect("parts").iter().filter_map(|one| one["key"].as_str()).collect();
    assert_eq!(keys, ["https://www.shop.example", "https://www.shop.example/pricing"]);
    let goals = owner.get(&format!("{path}/names?of=goals")).await;
    assert_eq!(goals["items"], json!([{ "name": "Demo requested", "times": 1, "conversations": 1 }]));

    // Later, the same figures are those of the period before.
    server.advance_minutes(30 * DAY);
    let later = owner.get(&path).await;
    assert_eq!((&later["counts"]["triggered"], &later["before"]), (&json!(0), &counts));
    owner.expect(422, "GET", &format!("{path}?time_zone=Mars/Olympus"), None).await;
    owner.expect(404, "GET", &format!("/flows/{dialogue}/report"), None).await;
    server.stop().await;
}

#[tokio::test]
async fn tables_of_a_report_are_files_for_those_who_may_export() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    let looking = browser.page(PRICING).await;
    browser.shown(&looking).await;
    let path = format!("/dialogues/{dialogue}/report.csv");
    let file = owner.send("GET", &format!("{path}?table=page"), None).await;
    assert_eq!((file.status, file.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    assert_eq!(file.header("content-disposition"), Some("attachment; filename=\"report-page.csv\""));
    assert_eq!(
        String::from_utf8_lossy(&file.body),
        "page,triggered,engaged,completed,acquired,goals,documents\r\nhttps://www.shop.example/pricing,1,0,0,0,0,0\r\n"
    );
    for table in ["days", "device", "country", "known", "version", "goals", "documents"] {
        assert_eq!(owner.send("GET", &format!("{path}?table={table}"), None).await.status, 200, "{table}");
    }
    owner.expect(422, "GET", &format!("{path}?table=people"), None).await;
    let mut agent = User::with_profile(&server, "agent@example.com", "Live agent").await;
    agent.expect(403, "GET", &format!("{path}?table=days"), None).await;
    server.stop().await;
}
