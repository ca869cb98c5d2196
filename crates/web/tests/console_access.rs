//! Who gets in and what he or she may do: setup, sign-in, sessions, invitations, profiles, tokens.

mod console;
mod support;

use console::{PASSWORD, User, console, text};
use serde_json::json;

#[tokio::test]
async fn of_many_who_set_up_at_once_one_becomes_the_owner() {
    let server = console().await;
    assert_eq!(User::nobody(&server).get("/setup").await["needs_owner"], true);
    let attempts = (0..5).map(|number| {
        let mut user = User::nobody(&server);
        async move {
            let body =
                json!({ "email": format!("o{number}@example.com"), "name": "O", "password": PASSWORD });
            user.send("POST", "/setup", Some(body)).await.status
        }
    });
    let mut statuses = futures_util::future::join_all(attempts).await;
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409]);
    assert_eq!(User::nobody(&server).get("/setup").await["needs_owner"], false);
    server.stop().await;
}

#[tokio::test]
async fn wrong_unknown_and_locked_accounts_get_the_same_answer() {
    let server = support::server_with(|settings| {
        settings.limits.sign_ins_per_minute = 0;
        settings.limits.sign_in_failures = 3;
    })
    .await;
    User::owner(&server).await;
    let mut user = User::nobody(&server);
    let unknown = user.sign_in("nobody@example.com", PASSWORD).await;
    let wrong = user.sign_in("owner@example.com", "not the password").await;
    assert_eq!((unknown.status, wrong.status), (401, 401));
    assert_eq!(unknown.body, wrong.body);
    for _ in 0..2 {
        user.sign_in("owner@example.com", "not the password").await;
    }
    let locked = user.sign_in("owner@example.com", PASSWORD).await;
    assert_eq!((locked.status, &locked.body), (401, &unknown.body), "the right password while locked");
    server.advance_minutes(16);
    assert_eq!(user.sign_in("owner@example.com", PASSWORD).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn too_many_attempts_of_one_address_are_slowed_down() {
    let server = support::server_with(|settings| settings.limits.sign_ins_per_minute = 3).await;
    let mut user = User::nobody(&server);
    let mut last = user.sign_in("x@example.com", "whatever it is").await;
    for _ in 0..3 {
        last = user.header("x-forwarded-for", "203.0.113.9").sign_in("x@example.com", "whatever it is").await;
    }
    assert_eq!(last.status, 429, "a forged forwarding header changes nothing");
    assert!(last.header("retry-after").is_some_and(|s| s.parse::<u64>().is_ok_and(|s| s >= 1)));
    server.stop().await;
}

#[tokio::test]
async fn sessions_are_listed_and_ended_from_elsewhere() {
    let server = console().await;
    let mut here = User::owner(&server).await;
    let mut there = User::nobody(&server);
    there.sign_in("owner@example.com", PASSWORD).await;
    assert_eq!(there.get("/session").await["owner"], true);
    let sessions = here.get("/me/sessions").await;
    let other = sessions["items"].as_array().expect("sessions").iter().find(|s| s["current"] == false);
    let id = text(&other.expect("the other")["id"]);
    here.expect(204, "DELETE", &format!("/me/sessions/{id}"), None).await;
    there.expect(401, "GET", "/session", None).await;
    here.expect(404, "DELETE", &format!("/me/sessions/{id}"), None).await;
    here.expect(204, "DELETE", "/session", None).await;
    here.expect(401, "GET", "/session", None).await;
    server.stop().await;
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let server = console().await;
    let mut here = User::owner(&server).await;
    let mut there = User::nobody(&server);
    there.sign_in("owner@example.com", PASSWORD).await;
    let wrong = json!({ "password": { "current": "no", "new": "another fine password" } });
    let refused = here.expect(422, "PATCH", "/me", Some(wrong)).await;
    assert_eq!(refused["errors"][0]["field"], "/password/current");
    let right = json!({ "password": { "current": PASSWORD, "new": "another fine password" }, "theme": "dark", "time_zone": "Europe/Berlin" });
    let me = here.expect(200, "PATCH", "/me", Some(right)).await;
    assert_eq!((&me["user"]["theme"], &me["user"]["time_zone"]), (&json!("dark"), &json!("Europe/Berlin")));
    there.expect(401, "GET", "/session", None).await;
    here.get("/session").await;
    assert_eq!(there.sign_in("owner@example.com", "another fine password").await.status, 200);
    let cleared = here.expect(200, "PATCH", "/me", Some(json!({ "time_zone": null }))).await;
    assert!(cleared["user"]["time_zone"].is_null());
    server.stop().await;
}

#[tokio::test]
async fn requests_from_other_origins_change_nothing() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    for origin in [None, Some("https://evil.example"), Some("null"), Some("http://127.0.0.1:1")] {
        owner.origin = origin.map(str::to_owned);
        owner.expect(403, "POST", "/lists", Some(json!({ "name": "X" }))).await;
    }
    owner.origin = Some("https://evil.example".to_owned());
    owner.get("/lists").await;
    let mut stranger = User::nobody(&server);
    stranger.origin = Some("https://evil.example".to_owned());
    assert_eq!(stranger.sign_in("owner@example.com", PASSWORD).await.status, 403);
    server.stop().await;
}

#[tokio::test]
async fn every_profile_gets_exactly_what_its_permissions_say() {
    let server = console().await;
    User::owner(&server).await;
    let routes = [
        ("GET", "/users", "admin.users"),
        ("GET", "/profiles", "admin.users"),
        ("GET", "/tokens", "admin.users"),
        ("GET", "/audit-log", "admin.audit_log"),
        ("POST", "/people/search", "people.view"),
        ("POST", "/people", "people.edit"),
        ("GET", "/imports", "people.import"),
        ("POST", "/people/export", "people.export"),
        ("DELETE", "/people/per_00000000000000000000000000", "people.delete"),
        ("GET", "/companies", "people.view"),
        ("POST", "/lists", "people.edit"),
        ("GET", "/dialogues", "dialogues.view"),
        ("POST", "/dialogues", "dialogues.manage"),
        ("GET", "/home", "signed_in"),
        ("GET", "/search?q=a", "signed_in"),
    ];
    let profiles = ["Marketing user", "Live agent", "Calendar agent", "Marketing admin", "Sales admin"];
    for (number, profile) in profiles.into_iter().enumerate() {
        let mut user = User::with_profile(&server, &format!("u{number}@example.com"), profile).await;
        let me = user.get("/session").await;
        let has = |key: &str| me["permissions"].as_array().expect("keys").iter().any(|p| p == key);
        for (method, path, needs) in routes {
            let status = user.send(method, path, (method == "POST").then(|| json!({}))).await.status;
            let allowed = needs == "signed_in" || has(needs);
            assert_eq!(status != 403, allowed, "{profile}: {method} {path} -> {status}");
        }
    }
    for (method, path, _) in routes {
        User::nobody(&server).expect(401, method, path, None).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn rights_taken_away_act_at_once() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let mut user = User::with_profile(&server, "u@example.com", "Marketing user").await;
    user.get("/dialogues").await;
    let users = owner.get("/users").await;
    let id = text(
        &users["items"].as_array().expect("users").iter().find(|u| u["email"] == "u@example.com").expect("u")
            ["id"],
    );
    let made = json!({ "name": "Reader", "description": "Reads people", "permissions": ["people.view"] });
    let profile = owner.expect(201, "POST", "/profiles", Some(made)).await;
    owner.expect(200, "PATCH", &format!("/users/{id}"), Some(json!({ "profile_id": profile["id"] }))).await;
    user.expect(403, "GET", "/dialogues", None).await;
    user.expect(200, "POST", "/people/search", Some(json!({}))).await;
    owner.expect(409, "DELETE", &format!("/profiles/{}", text(&profile["id"])), None).await;
    owner.expect(200, "PATCH", &format!("/users/{id}"), Some(json!({ "disabled": true }))).await;
    user.expect(401, "POST", "/people/search", Some(json!({}))).await;
    assert_eq!(user.sign_in("u@example.com", PASSWORD).await.status, 401);
    server.stop().await;
}

#[tokio::test]
async fn the_owner_cannot_be_locked_out() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let id = text(&owner.get("/session").await["user"]["id"]);
    let profiles = owner.get("/profiles").await;
    let other = &profiles["items"][0]["id"];
    owner.expect(409, "PATCH", &format!("/users/{id}"), Some(json!({ "disabled": true }))).await;
    owner.expect(409, "PATCH", &format!("/users/{id}"), Some(json!({ "profile_id": other }))).await;
    owner.expect(409, "DELETE", &format!("/users/{id}"), None).await;
    assert_eq!(
        owner.get("/session").await["permissions"].as_array().map(Vec::len),
        Some(app::access::Permission::ALL.len())
    );
    server.stop().await;
}

#[tokio::test]
async fn who_is_invited_joins_once_by_the_link_in_the_outbox() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let profiles = owner.get("/profiles").await;
    let profile =
        profiles["items"].as_array().expect("profiles").iter().find(|p| p["name"] == "Marketing admin");
    let body = json!({ "email": "Grace@Example.com", "profile_id": profile.expect("profile")["id"], "name": "Grace" });
    let user = owner.expect(201, "POST", "/users/invitations", Some(body.clone())).await;
    assert_eq!((&user["pending"], &user["email"]), (&json!(true), &json!("grace@example.com")));
    let taken = owner.expect(422, "POST", "/users/invitations", Some(body)).await;
    assert_eq!(taken["errors"][0]["field"], "/email");
    // The mail waits first, and is held when it turns out that there is no mail server.
    let mails = owner.get("/outbox").await;
    let mail = owner.get(&format!("/outbox/{}", text(&mails["items"][0]["id"]))).await;
    let letter = text(&mail["text"]);
    let token =
        letter.split("/join/").nth(1).and_then(|rest| rest.lines().next()).expect("a link").to_owned();

    let mut grace = User::nobody(&server);
    let open = grace.get(&format!("/invitations/{token}")).await;
    assert_eq!(
        (&open["email"], &open["profile_name"]),
        (&json!("grace@example.com"), &json!("Marketing admin"))
    );
    let join = json!({ "token": token, "name": "Grace Hopper", "password": PASSWORD });
    let answer = grace.send("POST", "/invitations/redeem", Some(join.clone())).await;
    assert_eq!(answer.status, 201);
    assert_eq!(answer.json()["user"]["name"], "Grace Hopper");
    grace.expect(404, "POST", "/invitations/redeem", Some(join)).await;
    assert_eq!(grace.sign_in("grace@example.com", PASSWORD).await.status, 200);

    // Whoever sees the outbox but does not manage users must not find a way to act as the owner there.
    User::nobody(&server)
        .expect(202, "POST", "/password-resets", Some(json!({ "email": "owner@example.com" })))
        .await;
    let mut found = json!(null);
    for _ in 0..200 {
        let mails = grace.get("/outbox").await;
        found = mails["items"]
            .as_array()
            .expect("mails")
            .iter()
            .find(|m| m["to"] == "owner@example.com")
            .cloned()
            .unwrap_or_default();
        if !found.is_null() {
            break;
        }
        tokio::task::yield_now().await;
    }
    let path = format!("/outbox/{}", text(&found["id"]));
    assert!(!text(&grace.get(&path).await["text"]).contains("/reset/"));
    let letter = text(&owner.get(&path).await["text"]);
    let token =
        letter.split("/reset/").nth(1).and_then(|rest| rest.lines().next()).expect("a link").to_owned();
    let reset = json!({ "token": token, "password": "a wholly new password" });
    User::nobody(&server).expect(204, "POST", "/password-resets/redeem", Some(reset)).await;
    owner.expect(401, "GET", "/session", None).await;
    assert_eq!(owner.sign_in("owner@example.com", "a wholly new password").await.status, 200);
    User::nobody(&server)
        .expect(202, "POST", "/password-resets", Some(json!({ "email": "nobody@example.com" })))
        .await;
    server.stop().await;
}

#[tokio::test]
async fn tokens_do_what_their_scopes_say_and_no_more() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let made = owner
        .expect(201, "POST", "/tokens", Some(json!({ "name": "Reader", "scopes": ["people.view"] })))
        .await;
    let secret = text(&made["token"]);
    assert!(secret.starts_with("ust_"));
    assert!(!owner.get("/tokens").await.to_string().contains(&secret), "shown once only");
    let mut token = User::token(&server, &secret);
    token.expect(200, "POST", "/people/search", Some(json!({}))).await;
    token.expect(403, "GET", "/users", None).await;
    token.expect(403, "GET", "/session", None).await;
    User::token(&server, "ust_wrong").expect(401, "GET", "/companies", None).await;
    let mut admin = User::with_profile(&server, "a@example.com", "Marketing user").await;
    admin.expect(403, "POST", "/tokens", Some(json!({ "name": "X", "scopes": ["people.view"] }))).await;
    owner.expect(422, "POST", "/tokens", Some(json!({ "name": "X", "scopes": ["people.everything"] }))).await;
    server.advance_minutes(1);
    owner.expect(204, "DELETE", &format!("/tokens/{}", text(&made["id"])), None).await;
    token.expect(401, "POST", "/people/search", Some(json!({}))).await;
    let log = owner.get("/audit-log?action=token.").await;
    let actions: Vec<_> =
        log["items"].as_array().expect("entries").iter().map(|e| text(&e["action"])).collect();
    assert_eq!(actions, ["token.deleted", "token.created"]);
    server.stop().await;
}
