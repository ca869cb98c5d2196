//! People, attributes, companies and lists as users change them.

mod console;
mod support;

use console::{User, console, text};
use serde_json::{Value as Json, json};

async fn ada(owner: &mut User) -> Json {
    let values = json!({ "email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace", "score": 7, "company": "ACME" });
    owner.expect(201, "POST", "/people", Some(json!({ "attributes": values }))).await
}

#[tokio::test]
async fn a_person_is_made_found_changed_and_erased() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let made = ada(&mut owner).await;
    let path = format!("/people/{}", text(&made["id"]));
    assert_eq!((&made["known"], &made["company"]["name"]), (&json!(true), &json!("ACME")));
    assert_eq!(made["origins"]["first_name"]["detail"], "Olga Owner");
    for question in [
        json!({ "q": "love" }),
        json!({ "q": "acme" }),
        json!({ "criteria": { "attribute": "person.score", "op": "at_least", "values": [7] } }),
    ] {
        let found = owner.expect(200, "POST", "/people/search", Some(question.clone())).await;
        assert_eq!(
            (&found["items"][0]["email"], &found["total"]),
            (&json!("ada@example.com"), &json!(1)),
            "{question}"
        );
    }
    let wrong = json!({ "criteria": { "attribute": "person.nonsense", "op": "is", "values": ["x"] } });
    owner.expect(422, "POST", "/people/search", Some(wrong)).await;

    let first = json!({ "attributes": { "first_name": "Augusta", "score": null } });
    owner.header("if-match", "\"1\"");
    let changed = owner.expect(200, "PATCH", &path, Some(first.clone())).await;
    assert_eq!((&changed["version"], &changed["attributes"]["score"]), (&json!(2), &Json::Null));
    owner.expect(412, "PATCH", &path, Some(first)).await;
    owner.more.clear();
    let log = owner.get(&format!("{path}/activities?type=attribute_changed")).await;
    let sentences: Vec<_> =
        log["items"].as_array().expect("log").iter().map(|a| text(&a["summary"])).collect();
    assert_eq!(sentences.len(), 2);
    assert!(sentences.iter().any(|s| s == "First name changed from Ada to Augusta"), "{sentences:?}");

    for (attributes, field) in [
        (json!({ "score": "many" }), "/attributes/score"),
        (json!({ "shoe": "x" }), "/attributes/shoe"),
        (json!({ "email": "nobody" }), "/attributes/email"),
        (json!({ "email": null }), "/attributes/email"),
        (json!({ "created_at": "2026-01-01T00:00:00Z" }), "/attributes/created_at"),
        (json!({ "owner": "usr_00000000000000000000000000" }), "/attributes/owner"),
    ] {
        let problem = owner.expect(422, "PATCH", &path, Some(json!({ "attributes": attributes }))).await;
        assert_eq!(problem["errors"][0]["field"], field);
    }
    let document = owner.get(&format!("{path}/export")).await;
    assert_eq!(document["person"]["email"], "ada@example.com");
    assert_eq!(document["activities"].as_array().map(Vec::len), Some(2));
    owner.expect(204, "DELETE", &path, None).await;
    owner.expect(404, "GET", &path, None).await;
    let trail = owner.get("/audit-log").await.to_string();
    assert!(
        !trail.contains("ada@example.com") && !trail.contains("Lovelace"),
        "erasure leaves no trace in the log"
    );
    server.stop().await;
}

#[tokio::test]
async fn an_address_belongs_to_one_person() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    ada(&mut owner).await;
    owner.expect(409, "POST", "/people", Some(json!({ "attributes": { "email": "ADA@example.com" } }))).await;
    let other = owner
        .expect(201, "POST", "/people", Some(json!({ "attributes": { "email": "b@example.com" } })))
        .await;
    let path = format!("/people/{}", text(&other["id"]));
    owner.expect(409, "PATCH", &path, Some(json!({ "attributes": { "email": "ada@example.com" } }))).await;
    owner.expect(422, "POST", "/people", Some(json!({ "attributes": { "first_name": "X" } }))).await;
    server.stop().await;
}

#[tokio::test]
async fn a_repeated_key_makes_one_person() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    owner.header("idempotency-key", "one");
    let body = json!({ "attributes": { "email": "once@example.com" } });
    let first = owner.send("POST", "/people", Some(body.clone())).await;
    let second = owner.send("POST", "/people", Some(body)).await;
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.json()["id"], second.json()["id"]);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    let other = json!({ "attributes": { "email": "other@example.com" } });
    owner.expect(422, "POST", "/people", Some(other)).await;
    // What was refused may be tried again with the same key.
    owner.header("idempotency-key", "two");
    owner.expect(422, "POST", "/people", Some(json!({ "attributes": {} }))).await;
    owner.expect(422, "POST", "/people", Some(json!({ "attributes": {} }))).await;
    owner.more.clear();
    assert_eq!(owner.expect(200, "POST", "/people/search", Some(json!({}))).await["total"], 1);
    server.stop().await;
}

#[tokio::test]
async fn lists_and_records_are_not_sent_again_to_who_has_them() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let made = ada(&mut owner).await;
    for path in [
        "/lists".to_owned(),
        "/users".to_owned(),
        "/attributes".to_owned(),
        format!("/people/{}", text(&made["id"])),
    ] {
        owner.more.clear();
        let first = owner.send("GET", &path, None).await;
        let tag = first.header("etag").expect("a tag").to_owned();
        let again = owner.header("if-none-match", &tag).send("GET", &path, None).await;
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
    }
    owner.more.clear();
    owner.expect(201, "POST", "/lists", Some(json!({ "name": "VIP" }))).await;
    assert_eq!(owner.get("/lists").await["items"][0]["name"], "VIP");
    server.stop().await;
}

#[tokio::test]
async fn an_attribute_in_use_keeps_its_type() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let new = json!({ "of": "person", "name": "shoe_size", "label": "Shoe size", "type": "number" });
    let made = owner.expect(201, "POST", "/attributes", Some(new.clone())).await;
    let path = format!("/attributes/{}", text(&made["id"]));
    owner.expect(422, "POST", "/attributes", Some(new)).await;
    for name in ["first_name", "Shoe", "1st", "id", ""] {
        let body = json!({ "of": "person", "name": name, "label": "X", "type": "text" });
        owner.expect(422, "POST", "/attributes", Some(body)).await;
    }
    owner.expect(200, "PATCH", &path, Some(json!({ "type": "text", "label": "Size" }))).await;
    let values = json!({ "attributes": { "email": "a@example.com", "shoe_size": "42" } });
    let person = owner.expect(201, "POST", "/people", Some(values)).await;
    owner.expect(409, "PATCH", &path, Some(json!({ "type": "number" }))).await;
    owner.expect(409, "DELETE", &path, None).await;
    let person = format!("/people/{}", text(&person["id"]));
    owner.expect(200, "PATCH", &person, Some(json!({ "attributes": { "shoe_size": null } }))).await;
    owner.expect(200, "PATCH", &path, Some(json!({ "type": "number", "harmless": true }))).await;
    owner.expect(204, "DELETE", &path, None).await;
    let all = owner.get("/attributes?of=person").await;
    let standard =
        all["items"].as_array().expect("all").iter().find(|a| a["name"] == "first_name").expect("there");
    let path = format!("/attributes/{}", text(&standard["id"]));
    assert_eq!(owner.expect(200, "PATCH", &path, Some(json!({ "harmless": true }))).await["harmless"], true);
    owner.expect(409, "PATCH", &path, Some(json!({ "type": "number" }))).await;
    owner.expect(409, "DELETE", &path, None).await;
    server.stop().await;
}

#[tokio::test]
async fn lists_hold_people_and_log_it() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let person = text(&ada(&mut owner).await["id"]);
    let list = owner.expect(201, "POST", "/lists", Some(json!({ "name": "VIP" }))).await;
    let path = format!("/lists/{}/people", text(&list["id"]));
    let members = json!({ "person_ids": [person] });
    assert_eq!(owner.expect(200, "POST", &path, Some(members.clone())).await["size"], 1);
    assert_eq!(owner.expect(200, "POST", &path, Some(members.clone())).await["size"], 1);
    assert_eq!(owner.get(&format!("/people/{person}")).await["lists"][0]["name"], "VIP");
    assert_eq!(owner.expect(200, "DELETE", &path, Some(members)).await["size"], 0);
    let log = owner.get(&format!("/people/{person}/activities")).await;
    let kinds: Vec<_> = log["items"].as_array().expect("log").iter().map(|a| text(&a["type"])).collect();
    assert_eq!(kinds.len(), 2, "{kinds:?}");
    owner.expect(422, "POST", &path, Some(json!({ "person_ids": ["per_00000000000000000000000000"] }))).await;
    owner.expect(422, "POST", "/lists", Some(json!({ "name": "VIP" }))).await;
    server.stop().await;
}

#[tokio::test]
async fn companies_are_found_and_changed() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    ada(&mut owner).await;
    let company = owner.get("/companies?q=ac").await["items"][0].clone();
    assert_eq!(company["people"], 1);
    let path = format!("/companies/{}", text(&company["id"]));
    let change = json!({ "attributes": { "industry": "Anvils", "size": 12, "domain": "acme.com" } });
    let changed = owner.expect(200, "PATCH", &path, Some(change)).await;
    assert_eq!((&changed["domains"], &changed["attributes"]["size"]), (&json!(["acme.com"]), &json!(12)));
    owner.expect(422, "PATCH", &path, Some(json!({ "attributes": { "size": "big" } }))).await;
    assert_eq!(owner.get(&format!("{path}/people")).await["items"][0]["email"], "ada@example.com");
    let hits = owner.get("/search?q=a").await;
    let kinds: Vec<_> = hits["items"].as_array().expect("hits").iter().map(|h| text(&h["kind"])).collect();
    assert!(kinds.contains(&"person".to_owned()) && kinds.contains(&"company".to_owned()), "{kinds:?}");
    let home = owner.get("/home").await;
    assert_eq!(home["recent_people"][0]["email"], "ada@example.com");
    assert!(home["needs"].as_array().expect("needs").iter().any(|n| n["kind"] == "no_site"));
    server.stop().await;
}

#[tokio::test]
async fn exported_cells_are_inert() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    for (number, name) in ["=1+1", "+x", "-x", "@x", "\tx", "plain, \"quoted\""].into_iter().enumerate() {
        let values = json!({ "email": format!("p{number}@example.com"), "first_name": format!("{name}{number}"), "last_name": name, "score": -3 });
        owner.expect(201, "POST", "/people", Some(json!({ "attributes": values }))).await;
    }
    let body = json!({ "columns": ["email", "last_name", "score", "owner"] });
    let answer = owner.send("POST", "/people/export", Some(body)).await;
    assert_eq!(answer.header("content-type"), Some("text/csv; charset=utf-8"));
    let sheet = String::from_utf8(answer.body).expect("text");
    let lines: Vec<&str> = sheet.lines().collect();
    assert_eq!(lines[0], "email,last_name,score,owner");
    assert_eq!(lines.len(), 7);
    assert!(lines.contains(&"p0@example.com,'=1+1,-3,"), "{sheet}");
    for line in &lines[1..] {
        let cell = line.split(',').nth(1).expect("a cell").trim_start_matches('"');
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{line}");
    }
    owner.expect(422, "POST", "/people/export", Some(json!({ "columns": ["nonsense"] }))).await;
    assert_eq!(owner.get("/audit-log?action=people.exported").await["items"][0]["details"]["people"], 6);
    server.stop().await;
}
