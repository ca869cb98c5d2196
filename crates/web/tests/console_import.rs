//! CSV imports through the API: mapping, rejects, and the same end however often they are broken off.

mod console;
mod support;

use app::access::Actor;
use console::{User, console, text};
use kernel::ImportId;
use serde_json::{Value as Json, json};
use support::Server;

const HEADER: &str = "E-Mail,First Name,Last Name,Company,Score,Notes";

fn file(rows: usize) -> String {
    let row = |i: usize| match i % 100 {
        17 => format!("nobody{i},A,B,ACME,1,x\n"),
        53 => format!("p{i}@example.com,A,B,ACME,many,x\n"),
        // Another row of somebody who was there before.
        91 => format!("P{}@example.com,Changed,\"Last\n{i}\",Other,2,x\n", i - 1),
        _ => format!("p{i}@example.com,First{i},\"Last, {i}\",Company {},{},x\n", i % 7, i % 50),
    };
    format!("{HEADER}\n{}", (0..rows).map(row).collect::<String>())
}

fn mapping() -> Json {
    json!({ "E-Mail": "person.email", "First Name": "first_name", "Last Name": "person.last_name", "Company": "company.name", "Score": "score", "Notes": null })
}

async fn upload(owner: &mut User, name: &str, content: &[u8]) -> Json {
    let answer = owner.send_bytes(&format!("/imports?name={name}"), "text/csv", content).await;
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

async fn start(owner: &mut User, import: &Json, mode: &str, list: Json) -> ImportId {
    let id = text(&import["id"]);
    let body = json!({ "mode": mode, "mapping": mapping(), "list_id": list });
    owner.expect(202, "POST", &format!("/imports/{id}/start"), Some(body)).await;
    id.parse().expect("an id")
}

/// Everybody as the export shows them.
async fn people(owner: &mut User) -> Vec<String> {
    let body = json!({ "columns": ["email", "first_name", "last_name", "company", "score"] });
    let answer = owner.send("POST", "/people/export", Some(body)).await;
    let sheet = String::from_utf8(answer.body).expect("text");
    let mut rows: Vec<String> =
        sheet.split("\r\n").filter(|line| !line.is_empty()).map(str::to_owned).collect();
    rows.sort();
    rows
}

async fn finish(server: &Server, id: ImportId) {
    assert!(app::import::run(&server.app, id).await.expect("a run"));
}

#[tokio::test]
async fn good_rows_are_stored_and_bad_ones_come_back_with_reasons() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let import = upload(&mut owner, "fair.csv", file(1_000).as_bytes()).await;
    assert_eq!(
        (&import["state"], &import["delimiter"], &import["encoding"]),
        (&json!("uploaded"), &json!(","), &json!("utf-8"))
    );
    assert_eq!(import["preview"].as_array().map(Vec::len), Some(20));
    let proposed: Vec<&Json> =
        import["columns"].as_array().expect("columns").iter().map(|c| &c["attribute"]).collect();
    assert_eq!(
        proposed,
        [
            &json!("person.email"),
            &json!("person.first_name"),
            &json!("person.last_name"),
            &json!("company.name"),
            &json!("person.score"),
            &Json::Null
        ]
    );
    let list = owner.expect(201, "POST", "/lists", Some(json!({ "name": "Fair" }))).await;
    let id = start(&mut owner, &import, "upsert", list["id"].clone()).await;
    owner
        .expect(
            409,
            "POST",
            &format!("/imports/{id}/start"),
            Some(json!({ "mode": "upsert", "mapping": mapping() })),
        )
        .await;
    finish(&server, id).await;
    let done = owner.get(&format!("/imports/{id}")).await;
    assert_eq!(done["state"], "done");
    let progress = &done["progress"];
    let figures: Vec<_> = ["rows", "created", "updated", "rejected"].map(|key| progress[key].as_u64()).into();
    assert_eq!(figures, [Some(1_000), Some(970), Some(10), Some(20)]);
    assert_eq!(owner.get("/lists").await["items"][0]["size"], 970);
    let rejects = owner.send("GET", &format!("/imports/{id}/rejects"), None).await;
    let rejects = String::from_utf8(rejects.body).expect("text");
    let lines: Vec<&str> = rejects.lines().collect();
    assert_eq!(lines.len(), 21);
    assert_eq!(lines[0], format!("line,field,reason,{HEADER}"));
    assert_eq!(lines[1], "19,E-Mail,is not an e-mail address,nobody17,A,B,ACME,1,x");
    assert_eq!(lines[2], "55,Score,is not a number,p53@example.com,A,B,ACME,many,x");
    // Found by words, with the import as origin and in the log.
    let found = owner.expect(200, "POST", "/people/search", Some(json!({ "q": "first500" }))).await;
    let person = owner.get(&format!("/people/{}", text(&found["items"][0]["id"]))).await;
    assert_eq!(
        (&person["origins"]["score"]["source"], &person["origins"]["score"]["detail"]),
        (&json!("import"), &json!(id.to_string()))
    );
    let log = owner.get(&format!("/people/{}/activities", text(&person["id"]))).await;
    let sentences: Vec<_> =
        log["items"].as_array().expect("log").iter().map(|a| text(&a["summary"])).collect();
    assert_eq!(sentences, ["Was added to the list Fair", "Imported from fair.csv"]);
    server.stop().await;
}

#[tokio::test]
async fn cancelled_and_resumed_it_ends_the_same() {
    let whole = console().await;
    let mut owner = User::owner(&whole).await;
    let import = upload(&mut owner, "a.csv", file(21_000).as_bytes()).await;
    let id = start(&mut owner, &import, "upsert", Json::Null).await;
    finish(&whole, id).await;
    let (expected, figures) =
        (people(&mut owner).await, owner.get(&format!("/imports/{id}")).await["progress"].clone());
    whole.stop().await;

    let broken = console().await;
    let mut owner = User::owner(&broken).await;
    let import = upload(&mut owner, "a.csv", file(21_000).as_bytes()).await;
    let id = start(&mut owner, &import, "upsert", Json::Null).await;
    owner.expect(202, "POST", &format!("/imports/{id}/cancel"), None).await;
    assert_eq!(owner.get(&format!("/imports/{id}")).await["state"], "cancelled");
    owner.expect(409, "POST", &format!("/imports/{id}/cancel"), None).await;
    let mut rounds = 0;
    loop {
        owner.expect(202, "POST", &format!("/imports/{id}/resume"), None).await;
        // Asks to stop as soon as a batch is stored.
        let mut hints = broken.app.bus().subscribe();
        let app = broken.app.clone();
        let running = tokio::spawn(async move { app::import::run(&app, id).await });
        let _ = hints.recv().await;
        let asked = app::import::cancel(&broken.app, &Actor::system(), id).await;
        assert!(running.await.expect("joined").expect("a run"));
        let state = owner.get(&format!("/imports/{id}")).await["state"].clone();
        rounds += 1;
        if state == "done" {
            break;
        }
        assert!(asked.is_ok() && state == "cancelled", "{state}");
        assert!(rounds < 30);
    }
    assert!(rounds > 1, "it was broken off at least once");
    assert_eq!(people(&mut owner).await, expected);
    let end = owner.get(&format!("/imports/{id}")).await["progress"].clone();
    for key in ["rows", "created", "updated", "unchanged", "rejected", "bytes"] {
        assert_eq!(end[key], figures[key], "{key}");
    }
    broken.stop().await;
}

#[tokio::test]
async fn modes_decide_who_is_made_and_who_is_changed() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let first = format!("{HEADER}\na@example.com,A,X,,1,\nb@example.com,B,X,,1,\n");
    let second = format!("{HEADER}\nb@example.com,Bea,,,2,\nc@example.com,C,X,,1,\n");
    for (mode, content, expected) in [
        ("create", &first, [2, 0, 0, 0]),
        ("create", &second, [1, 0, 0, 1]),
        ("update", &second, [0, 1, 1, 0]),
        ("upsert", &second, [0, 0, 2, 0]),
        ("upsert", &first, [0, 1, 1, 0]),
    ] {
        let import = upload(&mut owner, "m.csv", content.as_bytes()).await;
        let id = start(&mut owner, &import, mode, Json::Null).await;
        finish(&server, id).await;
        let progress = owner.get(&format!("/imports/{id}")).await["progress"].clone();
        let figures: Vec<_> = ["created", "updated", "unchanged", "rejected"]
            .map(|key| progress[key].as_u64().expect("a number"))
            .into();
        assert_eq!(figures, expected, "{mode}: {content}");
    }
    let import = upload(&mut owner, "m.csv", format!("{HEADER}\nnew@example.com,N,,,,\n").as_bytes()).await;
    let id = start(&mut owner, &import, "update", Json::Null).await;
    finish(&server, id).await;
    let rejects = owner.send("GET", &format!("/imports/{id}/rejects"), None).await;
    assert!(String::from_utf8_lossy(&rejects.body).contains("there is no person with this e-mail address"));
    server.stop().await;
}

#[tokio::test]
async fn files_of_every_kind_are_read_and_others_refused_in_words() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("E-Mail;Name\na@b.co;Jürgen".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let import = upload(&mut owner, "x.csv", &utf16).await;
    assert_eq!(
        (&import["encoding"], &import["delimiter"], &import["preview"]),
        (&json!("utf-16"), &json!(";"), &json!([["a@b.co", "Jürgen"]]))
    );
    let import = upload(&mut owner, "x.csv", b"E-Mail\tName\na@b.co\tJ\xFCrgen\n").await;
    assert_eq!(
        (&import["encoding"], &import["preview"]),
        (&json!("windows-1252"), &json!([["a@b.co", "Jürgen"]]))
    );
    let form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../etc/wd.csv\"\r\n\r\nE-Mail\na@b.co\n\r\n--b--\r\n";
    let answer = owner.send_bytes("/imports", "multipart/form-data; boundary=b", form.as_bytes()).await;
    assert_eq!((answer.status, &answer.json()["name"]), (201, &json!("wd.csv")));
    for content in [&b""[..], b"PK\x03\x04\x00\x00\x00\x00"] {
        assert_eq!(owner.send_bytes("/imports", "text/csv", content).await.status, 422);
    }
    let id = text(&answer.json()["id"]);
    let wrong = json!({ "mode": "upsert", "mapping": { "E-Mail": "person.created_at" } });
    owner.expect(422, "POST", &format!("/imports/{id}/start"), Some(wrong)).await;
    owner.expect(204, "DELETE", &format!("/imports/{id}"), None).await;
    owner.expect(404, "GET", &format!("/imports/{id}"), None).await;
    server.stop().await;
}

#[tokio::test]
async fn people_whom_a_dead_process_left_out_of_the_index_are_found_after_catching_up() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let import = upload(&mut owner, "m.csv", format!("{HEADER}\na@example.com,Ada,,,,\n").as_bytes()).await;
    let id = start(&mut owner, &import, "upsert", Json::Null).await;
    finish(&server, id).await;
    // As an import that ended without the step behind it.
    let mut tx = server.app.store().begin().await.expect("a unit of work");
    let address = ["a@example.com".parse().expect("an address")];
    let mut people = tx.people_by_email(&address).await.expect("people");
    people[0].attributes.insert("first_name".to_owned(), json!("Wilhelmina"));
    people[0].version += 1;
    tx.bulk_upsert_people(&people).await.expect("written");
    tx.commit().await.expect("committed");
    let question = json!({ "q": "wilhelmina" });
    assert_eq!(owner.expect(200, "POST", "/people/search", Some(question.clone())).await["total"], 0);
    // What a worker does first.
    app::import::catch_up(&server.app).await.expect("caught up");
    assert_eq!(owner.expect(200, "POST", "/people/search", Some(question)).await["total"], 1);
}
