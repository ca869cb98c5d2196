//! What whoever sends a link to a booking page relies on: the page declares its flow under a policy that allows only this
//! instance's files, and a link that leads nowhere says so.

mod support;

use app::sites::ConsentMode;
use axum::{
    body::{self, Body},
    http::{Request, StatusCode, header},
};
use serde_json::json;
use std::sync::Arc;
use support::*;
use tower::ServiceExt;

async fn visit(server: &Server, path: &str) -> (StatusCode, String, String) {
    let router = web::router(server.app.clone(), Arc::new(web::NoAssets), web::WebConfig::default());
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let answer = router.oneshot(request).await.expect("an answer");
    let status = answer.status();
    let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
    let body = body::to_bytes(answer.into_body(), 100_000).await.expect("a body");
    (status, policy, String::from_utf8(body.to_vec()).expect("text"))
}

#[tokio::test]
async fn a_flow_has_a_page_of_its_own() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let stream = json!({ "start": "hi", "cards": [
        { "id": "hi", "kind": "message", "text": rich("Hello."), "next": null } ] });
    let flow = server.flow(site.id, "Booking", stream).await;
    let (status, policy, page) = visit(&server, &format!("/meet/{flow}")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains(&format!("data-usher-flow=\"{flow}\"")), "{page}");
    assert!(page.contains(&format!("data-site=\"{}\"", site.key)), "{page}");
    for rule in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types 'none'"]
    {
        assert!(policy.contains(rule), "{policy}");
    }
    for nowhere in ["/meet/dlg_01jaaaaaaaaaaaaaaaaaaaaaaa", "/meet/%3Cscript%3E"] {
        let (status, _, page) = visit(&server, nowhere).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{nowhere}");
        assert!(page.contains("There is nothing here") && !page.contains("<script"), "{page}");
    }
    server.stop().await;
}
