//! The report of live chat over real HTTP, of chats that were held over real HTTP.

mod console;
mod office;
mod support;

use console::{User, text};
use office::{Office, accept, offer, path, says};
use serde_json::{Value as Json, json};

fn share<'a>(report: &'a Json, table: &str, name: &str) -> &'a Json {
    let rows = report[table].as_array().expect("rows");
    rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("no {name} in {report}"))
}

#[tokio::test]
async fn chats_are_counted_for_their_agents_teams_and_days() {
    let mut office = Office::new().await;
    let (mut ada, ada_id) = office.agent("ada").await;
    let (mut ben, ben_id) = office.agent("ben").await;
    let both = [ada_id, ben_id];
    let team = json!({ "name": "=Sales", "members": both });
    let team = text(&office.owner.expect(201, "POST", "/teams", Some(team)).await["id"]);

    // Ada misses it, Ben takes it after 10 s more, answers after 5, and ends it after a minute.
    let (mut visitor, waiting) = office.asks().await;
    office.wait(100, &both).await;
    office.wait(10, &both).await;
    let chat = accept(&mut ben).await;
    office.wait(5, &both).await;
    says(&mut ben, &chat, "note", "not yet an answer").await;
    says(&mut ben, &chat, "text", "Hello").await;
    ben.expect(200, "PUT", &format!("/chats/{chat}/score"), Some(json!({ "score": 2 }))).await;
    office.wait(55, &both).await;
    ben.expect(200, "POST", &format!("/chats/{chat}/end"), None).await;
    visitor.ok(&path(&waiting, "chat/rating"), json!({ "rating": 4 })).await;

    // A day later Ada declines, and nobody else can be asked.
    office.wait(86_400, &[ada_id]).await;
    let (_, asked) = office.asks().await;
    assert_eq!(asked["chat"]["state"], "waiting");
    let other = text(&offer(&mut ada).await["chat_id"]);
    ada.expect(204, "POST", &format!("/chats/{other}/decline"), None).await;
    office.wait(300, &[ada_id]).await;

    let report = ada.get("/reports/live-chat?time_zone=Europe/Berlin").await;
    let total = &report["total"];
    for (figure, expected) in [
        ("chats", json!(1)),
        ("timed_out", json!(0)),
        ("unattended", json!(1)),
        ("accepted", json!(1)),
        ("missed", json!(1)),
        ("declined", json!(1)),
        ("wait_ms", json!(110_000.0)),
        ("first_answer_ms", json!(5_000.0)),
        ("length_ms", json!(60_000.0)),
        ("score", json!(2.0)),
        ("rating", json!(4.0)),
        ("ratings", json!(1)),
    ] {
        assert_eq!(total[figure], expected, "{figure}: {report}");
    }
    let of_ada = share(&report, "agents", "ada@example.com");
    assert_eq!((&of_ada["missed"], &of_ada["declined"], &of_ada["chats"]), (&json!(1), &json!(1), &json!(0)));
    let of_ben = share(&report, "agents", "ben@example.com");
    assert_eq!(
        (&of_ben["accepted"], &of_ben["chats"], &of_ben["rating"]),
        (&json!(1), &json!(1), &json!(4.0))
    );
    let of_team = share(&report, "teams", "=Sales");
    assert_eq!(
        (&of_team["chats"], &of_team["missed"], &of_team["declined"]),
        (&json!(1), &json!(1), &json!(1))
    );
    let days = report["days"].as_array().expect("days");
    let of_day = |day: &str, figure: &str| -> Json {
        days.iter().find(|one| one["day"] == day).map(|one| one[figure].clone()).expect("a day")
    };
    assert_eq!((of_day("2026-11-20", "chats"), of_day("2026-11-20", "unattended")), (json!(1), json!(0)));
    assert_eq!((of_day("2026-11-21", "chats"), of_day("2026-11-21", "unattended")), (json!(0), json!(1)));
    assert_eq!(days.len(), 31, "thirty days back, and the beginning of today");

    let narrow = ada.get(&format!("/reports/live-chat?agent_id={ada_id}")).await;
    assert_eq!((&narrow["total"]["missed"], &narrow["total"]["chats"]), (&json!(1), &json!(0)));
    assert_eq!(narrow["agents"].as_array().map(Vec::len), Some(2), "the tables are of all");
    let narrow = ada.get(&format!("/reports/live-chat?team_id={team}")).await;
    assert_eq!((&narrow["total"]["chats"], &narrow["total"]["unattended"]), (&json!(1), &json!(0)));
    let before = "/reports/live-chat?from=2026-10-01T00:00:00Z&to=2026-11-20T00:00:00Z";
    assert_eq!(ada.get(before).await["total"]["accepted"], 0);
    ada.expect(422, "GET", "/reports/live-chat?from=2026-11-20T00:00:00Z&to=2026-11-19T00:00:00Z", None)
        .await;

    let sheet = office.owner.send("GET", "/reports/live-chat.csv?table=teams", None).await;
    assert_eq!((sheet.status, sheet.header("content-type")), (200, Some("text/csv; charset=utf-8")));
    let lines: Vec<String> = String::from_utf8_lossy(&sheet.body).lines().map(str::to_owned).collect();
    assert!(
        lines[0].starts_with("team,chats,timed_out,unattended,accepted,missed,declined,wait_ms"),
        "{lines:?}"
    );
    assert_eq!(lines[1], "'=Sales,1,0,0,1,1,1,110000,5000,60000,2.00,4.00,1");
    ada.expect(403, "GET", "/reports/live-chat.csv?table=days", None).await;
    let mut nobody = User::with_profile(&office.server, "x@example.com", "Calendar agent").await;
    nobody.get("/reports/live-chat").await;
    office.server.stop().await;
}
