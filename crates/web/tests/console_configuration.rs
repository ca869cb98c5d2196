//! Configuration as text over the API: what is exported is applied elsewhere without difference, mistakes name file and
//! line, and nobody changes by text what he or she may not change otherwise.

mod support;

use app::{
    access::Actor,
    sites::{ConsentMode, SitePatch},
    tokens::NewToken,
};
use serde_json::{Value as Json, json};
use support::*;
use testkit::http::{Answer, Client};

struct Script {
    client: Client,
    token: String,
}

const ALL: &[&str] = &[
    "dialogues.view",
    "dialogues.manage",
    "dialogues.publish",
    "flows.view",
    "flows.manage",
    "flows.publish",
    "admin.chatbot_settings",
    "admin.privacy_security",
    "people.view",
    "people.edit",
    "admin.audit_log",
];

impl Script {
    async fn with(server: &Server, scopes: &[&str]) -> Self {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let new = NewToken { name: "Script".to_owned(), scopes, expires_at: None };
        let (secret, _) = app::tokens::create(&server.app, &Actor::system(), new).await.expect("a token");
        Self { client: Client::new(server.address), token: secret.expose().to_owned() }
    }

    async fn send(&mut self, method: &str, path: &str, body: Option<Json>) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str())];
        self.client
            .send(method, &format!("/api/v1/{path}"), &headers, body.as_ref())
            .await
            .expect("an answer")
    }

    async fn ok(&mut self, method: &str, path: &str, body: Option<Json>) -> Json {
        let answer = self.send(method, path, body).await;
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(answer.status < 300, "{method} {path}: {} {text}", answer.status);
        answer.json()
    }

    async fn files(&mut self) -> Json {
        self.ok("GET", "configuration", None).await["files"].clone()
    }

    async fn apply(&mut self, how: &str, files: &Json) -> Json {
        self.ok("POST", &format!("configuration/apply{how}"), Some(json!({ "files": files }))).await
    }

    async fn refused(&mut self, how: &str, files: &Json) -> Answer {
        self.send("POST", &format!("configuration/apply{how}"), Some(json!({ "files": files }))).await
    }
}

const SITE: &str = "kind = \"site\"\nname = \"Shop\"\n\n[style]\nbot_name = \"Ada\"\n";
const ATTRIBUTES: &str = "kind = \"attributes\"\nharmless = [\"person.first_name\"]\n\n[[attributes]]\nattribute = \"company.plan\"\nlabel = \"Plan\"\ntype = \"text\"\n";
const LISTS: &str = "kind = \"lists\"\nlists = [\n  \"Customers\",\n]\n";

const FLOW: &str = r#"kind = "flow"
name = "Qualify"
site = "Shop"
start = "size"

[[cards]]
id = "size"
kind = "question"
text = "How many are you?"
attribute = "company.plan"
responses = [
  { id = "few", label = "Few", next = "bye" },
  { id = "many", label = "Many", next = "bye" },
]

[[cards]]
id = "bye"
kind = "message"
text = "I see."
"#;

const DIALOGUE: &str = r#"kind = "dialogue"
name = "Hello"
site = "Shop"
priority = 3
start = "mail"

[targeting]
audience = 'person.email is empty and not member of list "Customers"'
pages.include = ["https://shop.example"]

[[cards]]
id = "mail"
kind = "info_capture"
text = "Your **address**?"
required = true
next = "more"

[[cards.fields]]
id = "email"
type = "email"
label = "E-mail"

[[cards]]
id = "more"
kind = "flow"
flow = "Qualify"
next = "goal"

[[cards]]
id = "goal"
kind = "goal"
goal = "Qualified"
next = "thanks"

[[cards]]
id = "thanks"
kind = "message"
text = "Thanks!"

[[tests]]
name = "Many"
steps = [
  { fill = { E-mail = "ada@shop.example" } },
  { choose = "Many" },
  { expect_goal = "Qualified" },
  { expect_end = true },
]

[layout]
mail = [40, 40]
"#;

fn folder() -> Json {
    json!({
        "attributes.toml": ATTRIBUTES,
        "lists.toml": LISTS,
        "shop/site.toml": SITE,
        "shop/hello.toml": DIALOGUE,
        "shop/qualify.toml": FLOW,
    })
}

fn actions(report: &Json) -> Vec<(String, String)> {
    let changes = report["changes"].as_array().expect("changes");
    let word = |change: &Json, key: &str| text(&change[key]).to_owned();
    changes.iter().map(|change| (word(change, "name"), word(change, "action"))).collect()
}

fn count(report: &Json, action: &str) -> usize {
    actions(report).iter().filter(|(_, found)| found == action).count()
}

#[tokio::test]
async fn what_one_instance_exports_another_takes_without_difference_and_back() {
    let (first, second) = (server().await, server().await);
    let mut here = Script::with(&first, ALL).await;
    let made = here.apply("?publish=true", &folder()).await;
    assert_eq!((&made["ok"], &made["applied"]), (&json!(true), &json!(true)), "{made}");
    // The goal that a card names is made with it.
    assert_eq!(count(&made, "created"), 6, "{made}");
    let exported = here.files().await;
    let paths: Vec<&String> = exported.as_object().expect("files").keys().collect();
    assert_eq!(
        paths,
        [
            "attributes.toml",
            "dialogues/shop/hello.toml",
            "flows/shop/qualify.toml",
            "goals.toml",
            "lists.toml",
            "sites/shop.toml"
        ]
    );
    assert_eq!(
        exported["dialogues/shop/hello.toml"], DIALOGUE,
        "what was written by hand in the usual order comes back as it was"
    );
    assert_eq!(exported["flows/shop/qualify.toml"], FLOW);

    let mut there = Script::with(&second, ALL).await;
    let promoted = there.apply("?publish=true", &exported).await;
    assert_eq!(promoted["applied"], true, "{promoted}");
    assert_eq!(there.files().await, exported, "no difference");
    let again = there.apply("?publish=true&prune=true", &exported).await;
    assert_eq!(
        (count(&again, "unchanged"), again["changes"].as_array().map(Vec::len)),
        (6, Some(6)),
        "{again}"
    );
    let back = here.apply("", &there.files().await).await;
    assert_eq!(count(&back, "unchanged"), 6, "{back}");
    let live = there.ok("GET", "dialogues?state=published", None).await;
    assert_eq!(live["items"][0]["name"], "Hello");
    assert_eq!(live["items"][0]["has_unpublished_changes"], false);
    first.stop().await;
    second.stop().await;
}

#[tokio::test]
async fn a_change_is_planned_with_its_lines_and_only_applied_when_asked() {
    let server = server().await;
    let mut script = Script::with(&server, ALL).await;
    script.apply("", &folder()).await;
    let mut files = folder();
    files["shop/hello.toml"] =
        json!(DIALOGUE.replace("\"Thanks!\"", "'Thank you, {{person.first_name:\"friend\"}}!'"));
    let plan = script.apply("?dry_run=true", &files).await;
    assert_eq!((&plan["ok"], &plan["applied"]), (&json!(true), &json!(false)));
    let changed = plan["changes"].as_array().expect("changes").iter().find(|c| c["action"] == "changed");
    let lines = changed.expect("a change")["difference"].as_array().expect("lines").clone();
    let of = |sign: &str| lines.iter().find(|l| l["sign"] == sign).map(|l| text(&l["text"]).to_owned());
    assert_eq!(of("removed").as_deref(), Some("text = \"Thanks!\""));
    assert_eq!(of("added").as_deref(), Some("text = 'Thank you, {{person.first_name:\"friend\"}}!'"));
    assert!(
        text(&script.files().await["dialogues/shop/hello.toml"]).contains("Thanks!"),
        "nothing was changed"
    );

    let dialogue = script.ok("GET", "dialogues", None).await["items"][0].clone();
    script.apply("?publish=true", &files).await;
    let after = script.ok("GET", &format!("dialogues/{}", text(&dialogue["id"])), None).await;
    assert_eq!((&after["state"], &after["published"]["version"]), (&json!("published"), &json!(1)));
    let own = script.ok("GET", &format!("dialogues/{}/text", text(&dialogue["id"])), None).await;
    assert_eq!(
        (&own["path"], &own["text"]),
        (&json!("dialogues/shop/hello.toml"), &files["shop/hello.toml"])
    );
    let renamed = text(&files["shop/hello.toml"])
        .replace("name = \"Hello\"", "name = \"Welcome\"\nformerly = \"Hello\"");
    files["shop/hello.toml"] = json!(renamed);
    script.apply("", &files).await;
    let after = script.ok("GET", &format!("dialogues/{}", text(&dialogue["id"])), None).await;
    assert_eq!(after["name"], "Welcome", "renamed, not made anew");
    let audit = script.ok("GET", "audit-log?limit=50", None).await.to_string();
    assert!(audit.contains("configuration.applied") && audit.contains("dialogue.updated"), "{audit}");
    server.stop().await;
}

#[tokio::test]
async fn mistakes_name_file_line_and_field_and_nothing_is_changed() {
    let server = server().await;
    let mut script = Script::with(&server, ALL).await;
    let mut files = folder();
    files["shop/hello.toml"] = json!(
        DIALOGUE
            .replace("Your **address**?", "Your **address?")
            .replace("priority = 3", "priority = 0")
            .replace("Customers", "Clients")
    );
    files["shop/site.toml"] = json!(format!("{SITE}theme = \"pink\"\n"));
    files["broken.toml"] = json!("kind = ");
    let answer = script.refused("", &files).await;
    assert_eq!(answer.status, 422);
    let problem = answer.json();
    assert_eq!(problem["errors"][0]["field"], "/files/broken.toml");
    let errors = problem["report"]["errors"].as_array().expect("errors").clone();
    let found: Vec<(String, u64, String)> = errors
        .iter()
        .map(|e| (text(&e["file"]).to_owned(), e["line"].as_u64().unwrap_or(0), text(&e["field"]).to_owned()))
        .collect();
    let of = |file: &str, line: u64, field: &str| (file.to_owned(), line, field.to_owned());
    assert_eq!(
        found,
        [
            of("broken.toml", 1, ""),
            of("shop/hello.toml", 8, "targeting/audience"),
            of("shop/hello.toml", 14, "cards/mail/text"),
            of("shop/site.toml", 6, "style/theme"),
        ],
        "{problem}"
    );
    assert_eq!(script.files().await, json!({}), "all or nothing");

    files = folder();
    files["shop/hello.toml"] = json!(DIALOGUE.replace("priority = 3", "priority = 0"));
    let report = script.refused("", &files).await.json()["report"].clone();
    assert_eq!(
        (&report["errors"][0]["line"], &report["errors"][0]["field"]),
        (&json!(4), &json!("priority"))
    );
    files["shop/hello.toml"] = json!(DIALOGUE);
    files["copy.toml"] = json!(DIALOGUE);
    let report = script.refused("", &files).await.json()["report"].clone();
    assert_eq!(report["errors"].as_array().map(Vec::len), Some(1), "{report}");
    assert!(text(&report["errors"][0]["message"]).contains("describes the same dialogue"), "{report}");
    let lonely = json!({ "hello.toml": DIALOGUE });
    let report = script.refused("", &lonely).await.json()["report"].clone();
    assert!(text(&report["errors"][0]["message"]).contains("There is no site called “Shop”"), "{report}");
    assert_eq!(script.send("POST", "configuration/check", Some(json!({ "files": {} }))).await.status, 422);
    server.stop().await;
}

#[tokio::test]
async fn what_fails_its_checks_or_tests_is_a_draft_but_never_goes_live() {
    let server = server().await;
    let mut script = Script::with(&server, ALL).await;
    let mut files = folder();
    let failing = DIALOGUE.replace("expect_goal = \"Qualified\"", "expect_goal = \"Sold\"");
    files["shop/hello.toml"] = json!(failing.replace("next = \"thanks\"", "next = \"nowhere\""));
    let checked = script.ok("POST", "configuration/check", Some(json!({ "files": files }))).await;
    assert_eq!(checked["ok"], false);
    let errors = checked["errors"].as_array().expect("errors");
    assert!(errors.iter().all(|e| e["prevents"] == "publishing"), "{checked}");
    assert!(errors.iter().any(|e| e["field"] == "cards/goal/next"), "{checked}");
    files["shop/hello.toml"] = json!(failing);
    let checked = script.ok("POST", "configuration/check", Some(json!({ "files": files }))).await;
    let line = failing.lines().position(|line| line.contains("Sold")).expect("a step") + 1;
    assert_eq!(checked["tests"][0]["line"], line, "{checked}");
    assert!(checked["tests"][0]["transcript"].as_array().is_some_and(|said| said.len() > 3), "{checked}");
    assert_eq!(script.refused("?publish=true", &files).await.status, 422);
    assert_eq!(script.files().await, json!({}), "nothing was changed");
    assert_eq!(script.apply("", &files).await["applied"], true, "drafts may be unfinished");
    assert_eq!(script.ok("GET", "dialogues?state=published", None).await["items"], json!([]));
    server.stop().await;
}

#[tokio::test]
async fn nothing_is_deleted_unless_asked_and_then_only_on_sites_of_the_folder() {
    let server = server().await;
    let mut script = Script::with(&server, ALL).await;
    let mut files = folder();
    files["other/site.toml"] = json!("kind = \"site\"\nname = \"Other\"\n");
    files["other/hello.toml"] = json!(
        "kind = \"dialogue\"\nname = \"Hello\"\nsite = \"Other\"\n\n[[cards]]\nid = \"a\"\nkind = \"message\"\ntext = \"Hi\"\n"
    );
    script.apply("", &files).await;
    let shop = json!({ "site.toml": SITE, "qualify.toml": FLOW });
    assert_eq!(count(&script.apply("", &shop).await, "deleted"), 0);
    let pruned = script.apply("?prune=true", &shop).await;
    assert!(actions(&pruned).contains(&("Hello".to_owned(), "deleted".to_owned())), "{pruned}");
    let lonely = json!({ "site.toml": SITE, "hello.toml": DIALOGUE });
    let refused = script.refused("?prune=true", &lonely).await.json();
    assert!(text(&refused["report"]["errors"][0]["message"]).contains("“Qualify” is run here"), "{refused}");
    let left = script.files().await;
    assert!(
        left.get("dialogues/shop/hello.toml").is_none() && left.get("dialogues/other/hello.toml").is_some()
    );
    server.stop().await;
}

#[tokio::test]
async fn texts_change_nothing_that_the_caller_may_not_change() {
    let server = server().await;
    let mut all = Script::with(&server, ALL).await;
    all.apply("", &folder()).await;
    let mut reader = Script::with(&server, &["dialogues.view", "flows.view"]).await;
    assert_eq!(reader.files().await, all.files().await, "whoever may see everything exports everything");
    let checked = reader.ok("POST", "configuration/check", Some(json!({ "files": folder() }))).await;
    assert_eq!(checked["ok"], true, "{checked}");
    assert_eq!(reader.refused("", &folder()).await.status, 403);

    let mut author = Script::with(&server, &["dialogues.view", "flows.view", "dialogues.manage"]).await;
    assert_eq!(author.apply("", &folder()).await["applied"], true, "nothing changes but what is there");
    for (file, before, after, status) in [
        ("shop/hello.toml", "Thanks!", "Thank you!", 200),
        ("shop/qualify.toml", "I see.", "Ah.", 403),
        ("shop/site.toml", "Ada", "Eve", 403),
        ("attributes.toml", "Plan", "Tariff", 403),
        ("lists.toml", "Customers", "Partners", 403),
    ] {
        let mut files = json!({ "shop/site.toml": SITE });
        files[file] = json!(text(&folder()[file]).replace(before, after));
        let answer = author.refused("", &files).await;
        assert_eq!(answer.status, status, "{file}: {}", String::from_utf8_lossy(&answer.body));
    }
    let mut files = folder();
    files["shop/hello.toml"] = json!(DIALOGUE.replace("Thanks!", "Bye!"));
    assert_eq!(author.refused("?publish=true", &files).await.status, 403, "publishing is a right of its own");
    let mut designer = Script::with(&server, &["dialogues.view", "admin.chatbot_settings"]).await;
    let site = |more: &str| json!({ "site.toml": format!("{SITE}{more}") });
    assert_eq!(designer.refused("", &site("theme = \"dark\"\n")).await.status, 200);
    assert_eq!(
        designer.refused("", &site("theme = \"dark\"\n\n[privacy]\nkeep_ip = true\n")).await.status,
        403
    );
    let half = Script::with(&server, &["dialogues.view"]).await;
    let mut half = half;
    let exported = half.ok("GET", "configuration", None).await;
    assert_eq!(exported["left_out"], json!(["flows (needs the permission flows.view)"]));
    let flow = json!({ "flow.toml": FLOW });
    assert_eq!(half.send("POST", "configuration/check", Some(json!({ "files": flow }))).await.status, 403);
    server.stop().await;
}

/// Every change is read once by who made it and once by who hears of it; the older reading must not be the one that stays.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_last_counts_however_many_read_the_configuration_meanwhile() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    for round in 0..40 {
        let name = format!("Shop {round}");
        let readers = (0..4).map(|_| {
            let app = server.app.clone();
            tokio::spawn(async move { app.reload().await })
        });
        let readers: Vec<_> = readers.collect();
        let patch = SitePatch { name: Some(name.clone()), ..SitePatch::default() };
        server.patch_site(site.id, patch).await;
        for reader in readers {
            reader.await.expect("ends").expect("reads");
        }
        let known = server.app.snapshot().site(site.id).map(|site| site.record.name.clone());
        assert_eq!(known, Some(name));
    }
    server.stop().await;
}
