//! Bad input is answered with words, whatever it is; every route says what it needs.

mod console;
mod support;

use console::{User, console};
use serde_json::Value as Json;

#[tokio::test]
async fn bad_bodies_are_refused_and_nothing_breaks() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let deep = format!("{{\"q\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let wide = format!("{{\"q\":\"{}\"}}", "x".repeat(10 * 1024 * 1024));
    let criteria = format!("{{\"criteria\":{}{}}}", "{\"all\":[".repeat(25), "]}".repeat(25));
    for (body, status, field) in [
        (&b"{\"limit\":\"ten\"}"[..], 422, "/limit"),
        (b"{\"limit\":-1}", 422, "/limit"),
        (b"{\"limit\":1e400}", 400, ""),
        (b"{\"q\":1}", 422, "/q"),
        (b"{\"q\":null,\"q\":\"x\"}", 400, ""),
        (b"{\"q\":\"\\u0000\"}", 400, ""),
        (b"{\"q\":\"\\ud800\"}", 400, ""),
        (b"{\"q\":\"\xff\"}", 400, ""),
        (b"{\"nonsense\":1}", 422, "/nonsense"),
        (b"{\"sort\":{\"by\":\"height\"}}", 422, "/sort/by"),
        (b"{\"cursor\":\"nonsense\"}", 422, "/cursor"),
        (b"[]", 422, ""),
        (b"{", 400, ""),
        (b"", 400, ""),
        (deep.as_bytes(), 400, ""),
        (criteria.as_bytes(), 422, ""),
        (wide.as_bytes(), 413, ""),
    ] {
        let answer = owner.send_bytes("/people/search", "application/json", body).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        assert_eq!(answer.status, status, "{shown}: {}", String::from_utf8_lossy(&answer.body));
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        if !field.is_empty() {
            assert_eq!(answer.json()["errors"][0]["field"], field, "{shown}");
        }
    }
    assert_eq!(owner.send_bytes("/people/search", "text/plain", b"{}").await.status, 415);
    assert_eq!(
        owner.send_bytes("/people/search", "application/x-www-form-urlencoded", b"q=1").await.status,
        415
    );
    server.stop().await;
}

#[tokio::test]
async fn addresses_methods_and_queries_that_are_wrong_get_problems() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    for (method, path, status) in [
        ("GET", "/nothing", 404),
        ("PUT", "/people/search", 405),
        ("GET", "/people/per_x", 404),
        ("GET", "/people/%00", 404),
        ("GET", "/people/usr_00000000000000000000000000", 404),
        ("GET", "/companies?q=%00", 422),
        ("GET", "/companies?limit=x", 422),
        ("GET", "/companies?nonsense=1", 422),
        ("GET", "/audit-log?from=yesterday", 422),
        ("GET", "/outbox?status=lost", 422),
        ("GET", "/attributes?of=dog", 422),
    ] {
        owner.expect(status, method, path, None).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn answers_carry_what_keeps_browsers_safe() {
    let server = console().await;
    let mut owner = User::owner(&server).await;
    let answer = owner.send("GET", "/session", None).await;
    for (name, part) in [
        ("content-security-policy", "default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin"),
        ("cross-origin-opener-policy", "same-origin"),
    ] {
        assert!(answer.header(name).is_some_and(|value| value.contains(part)), "{name}: {}", answer.head);
    }
    let mut plain = testkit::http::Client::new(server.address);
    let page = plain.send("GET", "/console/", &[], None).await.expect("an answer");
    assert!(
        page.header("content-security-policy")
            .is_some_and(|v| v.contains("require-trusted-types-for 'script'"))
    );
    for path in ["/healthz", "/readyz", "/metrics", "/api/docs", "/api/openapi.json"] {
        assert_eq!(plain.send("GET", path, &[], None).await.expect("an answer").status, 200, "{path}");
    }
    let metrics = plain.send("GET", "/metrics", &[], None).await.expect("an answer");
    assert!(String::from_utf8_lossy(&metrics.body).contains("usher_http_requests_total{"));
    server.stop().await;
}

#[test]
fn every_operation_states_the_permission_it_needs() {
    assert_eq!(web::openapi::unguarded(), Vec::<String>::new());
    let document: Json = serde_json::from_str(&web::openapi_json()).expect("JSON");
    assert!(document["openapi"].as_str().is_some_and(|v| v.starts_with("3.1")));
    let known: Vec<&str> = app::access::Permission::ALL.iter().map(|p| p.key()).collect();
    let mut count = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let stated = operation["x-permission"].as_str().unwrap_or_else(|| panic!("{method} {path}"));
            let words = ["none", "site_key", "signed_in"];
            assert!(
                words.contains(&stated) || stated.split(" | ").all(|key| known.contains(&key)),
                "{method} {path}: {stated}"
            );
            assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{method} {path}");
            count += 1;
        }
    }
    assert!(count > 60, "{count} operations");
}
