//! What a website relies on that shows documents: the viewer's page can be framed by its pages and by no others, and runs
//! nothing but its own files.

mod support;

use app::sites::{ConsentMode, Security};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use std::{borrow::Cow, sync::Arc};
use support::*;
use tower::ServiceExt;

/// A build of the widget that has only the viewer's page.
struct Viewer;

impl web::Assets for Viewer {
    fn get(&self, path: &str) -> Option<web::Asset> {
        (path == "widget/viewer.html").then_some(web::Asset { bytes: Cow::Borrowed(b"<!doctype html>") })
    }
}

async fn policy(server: &Server, key: &str) -> (StatusCode, String) {
    let router = web::router(server.app.clone(), Arc::new(Viewer), web::WebConfig::default());
    let request = Request::get(format!("/widget/viewer?site={key}")).body(Body::empty()).expect("a request");
    let answer = router.oneshot(request).await.expect("an answer");
    let policy = answer.headers().get(header::CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok());
    if answer.status() == StatusCode::OK {
        assert!(!answer.headers().contains_key(header::X_FRAME_OPTIONS), "the policy alone decides");
    }
    (answer.status(), policy.unwrap_or_default().to_owned())
}

#[tokio::test]
async fn the_viewer_is_framed_by_the_sites_own_pages_only() {
    let server = server().await;
    let open = server.site(ConsentMode::Open).await;
    let (status, anywhere) = policy(&server, &open.key).await;
    assert_eq!(status, StatusCode::OK);
    assert!(anywhere.ends_with("frame-ancestors *"), "{anywhere}");
    for rule in ["default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'"] {
        assert!(anywhere.contains(rule), "{anywhere}");
    }

    let security = Security {
        validate_origin: true,
        allowed_domains: vec!["shop.example".to_owned()],
        ..Security::default()
    };
    server.secure(open.id, security).await;
    let (_, own) = policy(&server, &open.key).await;
    let named =
        "http://shop.example:* https://shop.example:* http://*.shop.example:* https://*.shop.example:*";
    assert!(own.ends_with(&format!("frame-ancestors 'self' {named}")), "{own}");

    assert_eq!(policy(&server, "nobody").await.0, StatusCode::FORBIDDEN);
    server.stop().await;
}
