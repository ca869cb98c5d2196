//! The library of responses as a file, over real HTTP.

mod console;
mod support;

use console::{User, console};
use serde_json::{Value as Json, json};
use support::*;
use testkit::http::Answer;

const CSV: &str = "text/csv";

async fn read(user: &mut User, how: &str, file: &str) -> Answer {
    user.send_bytes(&format!("/responses/import{how}"), CSV, file.as_bytes()).await
}

async fn done(user: &mut User, how: &str, file: &str) -> Json {
    let answer = read(user, how, file).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

/// Questions and their states, in the order of the alphabet.
async fn questions(user: &mut User) -> Vec<(String, String)> {
    let list = user.get("/responses").await;
    let rows = list["items"].as_array().expect("items").iter();
    let row = |row: &Json| (text(&row["question"]).to_owned(), text(&row["state"]).to_owned());
    let mut found: Vec<_> = rows.map(row).collect();
    found.sort();
    found
}

fn counts(of: &Json) -> [u64; 4] {
    ["created", "changed", "unchanged", "rows_refused"].map(|name| of[name].as_u64().expect("a number"))
}

const FILE: &str = "question,variants,answer,topics,links,state\n\
    How much?,\"What does it cost?\nPrice?\",It is **free**.,Prices,Price list | https://shop.example/prices,approved\n\
    Where?,,\"- here\n- there\",,,\n";

#[tokio::test]
async fn a_file_says_first_what_it_would_do_and_then_does_it() {
    let server = console().await;
    let user = &mut User::owner(&server).await;
    let told = done(user, "", FILE).await;
    assert_eq!((counts(&told), &told["applied"]), ([2, 0, 0, 0], &json!(false)));
    assert_eq!(questions(user).await, []);

    let told = done(user, "?apply=true", FILE).await;
    assert_eq!((counts(&told), &told["applied"]), ([2, 0, 0, 0], &json!(true)));
    let pairs = [("How much?", "approved"), ("Where?", "needs_review")];
    assert_eq!(questions(user).await, pairs.map(|(q, s)| (q.to_owned(), s.to_owned())));
    let asked = json!({ "question": "what does it cost" });
    let tried = user.expect(200, "POST", "/responses/try", Some(asked)).await;
    assert_eq!(tried["found"]["links"][0]["url"], "https://shop.example/prices");

    // The same again does nothing, and neither does what is downloaded.
    assert_eq!(counts(&done(user, "?apply=true", FILE).await), [0, 0, 2, 0]);
    let sheet = user.send("GET", "/responses.csv", None).await;
    assert_eq!(sheet.header("content-type"), Some("text/csv; charset=utf-8"));
    let sheet = String::from_utf8(sheet.body).expect("text");
    assert_eq!(counts(&done(user, "?apply=true", &sheet).await), [0, 0, 2, 0]);
    let changed = sheet.replace("Where?", "Where is it?").replace(",needs_review", ",approved");
    assert_eq!(counts(&done(user, "?apply=true", &changed).await), [0, 1, 1, 0]);
    assert_eq!(questions(user).await[1], ("Where is it?".to_owned(), "approved".to_owned()));
    let log = user.get("/audit-log?action=response").await;
    let mut changed: Vec<_> = log["items"]
        .as_array()
        .expect("items")
        .iter()
        .map(|entry| (text(&entry["action"]), entry["details"]["changed"].as_u64()))
        .collect();
    // The clock of the test stands still, so the two entries come in any order.
    changed.sort_unstable();
    assert_eq!(changed, [("response.imported", Some(0)), ("response.imported", Some(1))]);
    server.stop().await;
}

#[tokio::test]
async fn what_is_refused_is_told_by_line_and_field_and_nothing_is_half_done() {
    let server = console().await;
    let user = &mut User::owner(&server).await;
    let file = format!("{FILE}Why?,,a **b,,javascript:alert(1),\nhow MUCH?,,Again.,,,\n");
    let told = done(user, "?apply=true", &file).await;
    assert_eq!((counts(&told), &told["applied"]), ([2, 0, 0, 2], &json!(false)));
    let refused = told["refused"].as_array().expect("refused").iter();
    let places: Vec<_> = refused.map(|one| (one["line"].as_u64(), text(&one["field"]))).collect();
    assert_eq!(places, [(Some(6), "answer"), (Some(6), "links"), (Some(7), "question")]);
    assert_eq!(questions(user).await, []);

    let told = done(user, "?apply=true&skip_refused=true", &file).await;
    assert_eq!((counts(&told), &told["applied"]), ([2, 0, 0, 2], &json!(true)));
    assert_eq!(questions(user).await.len(), 2);

    let answer = read(user, "?apply=true", "question,reply\na,b\n").await;
    assert_eq!(answer.status, 422);
    assert_eq!(answer.json()["errors"][0]["field"], "/file");
    server.stop().await;
}
