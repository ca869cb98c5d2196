//! What authors and scripts rely on: sites, dialogues, their checks and versions, conversations, over the console API.

mod support;

use app::{access::Actor, sites::ConsentMode, tokens::NewToken};
use serde_json::{Value as Json, json};
use support::*;
use testkit::http::{Answer, Client};

struct Script {
    client: Client,
    token: String,
}

async fn script(server: &Server, scopes: &[&str]) -> Script {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    let new = NewToken { name: "Script".to_owned(), scopes, expires_at: None };
    let (secret, _) = app::tokens::create(&server.app, &Actor::system(), new).await.expect("a token");
    Script { client: Client::new(server.address), token: secret.expose().to_owned() }
}

impl Script {
    async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Json>,
    ) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let mut all = vec![("authorization", bearer.as_str())];
        all.extend_from_slice(headers);
        let path = format!("/api/v1/{path}");
        self.client.send(method, &path, &all, body.as_ref()).await.expect("an answer")
    }

    async fn ok(&mut self, method: &str, path: &str, body: Option<Json>) -> Json {
        let answer = self.send(method, path, &[], body).await;
        assert!(
            answer.status < 300,
            "{method} {path}: {} {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
        answer.json()
    }
}

const ALL: &[&str] = &[
    "dialogues.view",
    "dialogues.manage",
    "dialogues.publish",
    "admin.chatbot_settings",
    "admin.privacy_security",
    "livechat.view_all",
    "people.view",
];

#[tokio::test]
async fn a_dialogue_from_template_to_visitors_and_back() {
    let server = server().await;
    let mut script = script(&server, ALL).await;
    let site = script.ok("POST", "sites", Some(json!({ "name": "Shop" }))).await;
    let new = json!({ "site_id": site["id"], "name": "Demo", "template": "book_a_demo" });
    let made = script.ok("POST", "dialogues", Some(new)).await;
    let path = format!("dialogues/{}", text(&made["id"]));
    assert_eq!((&made["state"], &made["published"]), (&json!("draft"), &json!(null)));

    let refused = script.send("POST", &format!("{path}/publish"), &[], None).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["errors"][0]["field"], "/draft/targeting/pages/include");
    let found = script.ok("POST", &format!("{path}/check"), None).await;
    assert_eq!(found["errors"].as_array().map(Vec::len), Some(1), "{found}");

    let mut draft = made["draft"].clone();
    draft["targeting"]["pages"]["include"] = json!(["https://shop.example"]);
    let version = format!("\"{}\"", made["draft_version"]);
    let change = json!({ "draft": draft });
    let saved = script.send("PATCH", &path, &[("if-match", &version)], Some(change.clone())).await;
    assert_eq!(saved.status, 200, "{}", String::from_utf8_lossy(&saved.body));
    let second = script.send("PATCH", &path, &[("if-match", &version)], Some(change)).await;
    assert_eq!(second.status, 412, "somebody else was first");

    let live = script.ok("POST", &format!("{path}/publish"), None).await;
    assert_eq!((&live["state"], &live["published"]["version"]), (&json!("published"), &json!(1)));
    assert_eq!(live["has_unpublished_changes"], false);
    script.ok("PATCH", &path, Some(json!({ "name": "Demo for everybody" }))).await;
    assert_eq!(script.ok("GET", &path, None).await["has_unpublished_changes"], true);
    let versions = script.ok("GET", &format!("{path}/versions"), None).await;
    assert_eq!(versions["items"].as_array().map(Vec::len), Some(1));
    let frozen = script.ok("GET", &format!("{path}/versions/1"), None).await;
    assert_eq!(frozen["draft"], draft);
    let copy = script.ok("POST", &format!("{path}/duplicate"), None).await;
    assert_eq!((&copy["state"], &copy["draft"]), (&json!("draft"), &draft));
    assert_eq!(script.ok("POST", &format!("{path}/unpublish"), None).await["state"], "unpublished");
    let list =
        script.ok("GET", &format!("dialogues?site={}&state=unpublished", text(&site["id"])), None).await;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(1));
    assert!(list["items"][0].get("draft").is_none());
    server.stop().await;
}

#[tokio::test]
async fn a_site_is_changed_by_sections_and_each_refused_value_is_named() {
    let server = server().await;
    let mut all = script(&server, ALL).await;
    let site = all.ok("POST", "sites", Some(json!({ "name": "Shop" }))).await;
    let path = format!("sites/{}", text(&site["id"]));
    let mut style = site["style"].clone();
    style["colors"]["header"] = json!("red");
    style["response_delay_ms"] = json!(20_000);
    let refused = all.send("PATCH", &path, &[], Some(json!({ "style": style }))).await;
    let fields: Vec<Json> =
        refused.json()["errors"].as_array().expect("errors").iter().map(|e| e["field"].clone()).collect();
    assert_eq!(
        (refused.status, fields),
        (422, vec![json!("/style/colors/header"), json!("/style/response_delay_ms")])
    );

    let security =
        json!({ "validate_origin": true, "allowed_domains": ["Shop.Example"], "blocked_email_domains": [] });
    let changed = all.ok("PATCH", &path, Some(json!({ "security": security }))).await;
    assert_eq!(changed["security"]["allowed_domains"], json!(["shop.example"]));
    assert_eq!(changed["style"], site["style"], "other sections stay");
    let mut half = script(&server, &["admin.chatbot_settings"]).await;
    assert_eq!(half.send("PATCH", &path, &[], Some(json!({ "security": security }))).await.status, 403);
    assert_eq!(half.send("PATCH", &path, &[], Some(json!({ "name": "Store" }))).await.status, 200);

    let installation = all.ok("GET", &format!("{path}/installation"), None).await;
    assert!(text(&installation["snippet"]).contains(text(&site["key"])));
    let pairs = all.ok("POST", "contrast", Some(json!({ "colors": site["style"]["colors"] }))).await;
    assert!(pairs["pairs"].as_array().expect("pairs").iter().all(|pair| pair["ok"] == true));
    server.stop().await;
}

#[tokio::test]
async fn a_picture_is_checked_by_content_and_served_inert() {
    let server = server().await;
    let mut script = script(&server, ALL).await;
    let site = script.ok("POST", "sites", Some(json!({ "name": "Shop" }))).await;
    let path = format!("/api/v1/sites/{}/avatar", text(&site["id"]));
    let put = |bytes: &[u8]| {
        let head = format!(
            "PUT {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: image/png\r\ncontent-length: {}\r\n\r\n",
            script.token,
            bytes.len()
        );
        [head.as_bytes(), bytes].concat()
    };
    let svg = b"<svg width='20' height='20'><script>alert(1)</script><circle r='9'/></svg>";
    let requests = [put(b"MZ no picture"), put(&vec![0; 300_000]), put(svg)];
    let mut statuses = Vec::new();
    let mut last = Json::Null;
    for request in requests {
        let answer = script.client.send_raw(&request).await.expect("an answer");
        statuses.push(answer.status);
        last = answer.json();
    }
    assert_eq!(statuses, [415, 413, 200]);
    let url = text(&last["style"]["avatar_url"]);
    let place = url.split_once("/api/").map(|(_, rest)| format!("/api/{rest}")).expect("an address");
    let picture = script.client.send("GET", &place, &[], None).await.expect("an answer");
    assert_eq!(picture.header("content-type"), Some("image/svg+xml"));
    assert_eq!(picture.header("content-security-policy"), Some("sandbox; default-src 'none'"));
    assert_eq!(picture.header("x-content-type-options"), Some("nosniff"));
    assert!(!String::from_utf8_lossy(&picture.body).contains("script"));
    server.stop().await;
}

#[tokio::test]
async fn conversations_and_figures_show_what_happened() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    let looking = browser.page("https://www.shop.example/").await;
    browser.shown(&looking).await;
    let talk = browser.open(&looking).await;
    let talk = browser.answer(&talk, "interest", response("demo")).await;
    browser.answer(&talk, "contact", values(json!({ "name": "Ada", "email": "ada@lovelace.example" }))).await;

    let mut script = script(&server, ALL).await;
    let list = script.ok("GET", "conversations?state=engaged&q=ada", None).await;
    let row = &list["items"][0];
    assert_eq!((&row["id"], &row["person"]["email"]), (&talk["id"], &json!("ada@lovelace.example")));
    assert_eq!(row["goals"], json!(["Demo requested"]));
    let detail = script.ok("GET", &format!("conversations/{}", text(&talk["id"])), None).await;
    assert_eq!(detail["version"], 1);
    assert!(detail["transcript"].as_array().expect("messages").iter().any(|m| m["kind"] == "event"));
    let of = format!("people/{}/conversations", text(&row["person"]["id"]));
    assert_eq!(script.ok("GET", &of, None).await["items"][0]["id"], talk["id"]);
    let from = "2026-11-19T00:00:00Z&to=2026-11-21T00:00:00Z";
    let report = script.ok("GET", &format!("dialogues/{dialogue}/report?from={from}"), None).await;
    assert_eq!(
        report["counts"],
        json!({ "triggered": 1, "engaged": 1, "completed": 0, "acquired": 1, "goals": 1, "documents": 0 })
    );
    let today = &report["days"][1];
    assert_eq!(
        (&today["day"], &today["triggered"], &today["goals"]),
        (&json!("2026-11-20"), &json!(1), &json!(1))
    );
    server.stop().await;
}

#[tokio::test]
async fn editors_are_told_what_a_criteria_and_a_pattern_mean() {
    let server = server().await;
    let mut script = script(&server, ALL).await;
    let wrong =
        json!({ "criteria": { "all": [{ "attribute": "person.shoe", "op": "is", "values": ["x"] }] } });
    let found = script.ok("POST", "criteria/check", Some(wrong)).await;
    assert_eq!(found["errors"][0]["path"], "/all/0");
    let anybody = json!({ "criteria": { "all": [] } });
    assert_eq!(script.ok("POST", "people/count", Some(anybody)).await["count"], 0);
    let test = json!({ "include": ["https://*.shop.example"], "exclude": ["https://shop.example/jobs/*"], "url": "http://shop.example/jobs/1" });
    let verdict = script.ok("POST", "page-patterns/test", Some(test)).await;
    assert_eq!(
        verdict,
        json!({ "matches": false, "decided_by": "https://shop.example/jobs/*", "reason": "excluded" })
    );
    server.stop().await;
}
