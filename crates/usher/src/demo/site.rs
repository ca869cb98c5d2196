//! The invented company's website under `/demo/`.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "demo-site"]
struct Files;

fn text(name: &str) -> Option<String> {
    Files::get(name).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
}

/// A page in the layout, with the site's key in the snippet. The first line of a page is its title in a comment.
fn page(name: &str, site_key: &str) -> Option<String> {
    let content = text(&format!("pages/{name}.html"))?;
    let (first, rest) = content.split_once('\n')?;
    let title = first.trim_start_matches("<!--").trim_end_matches("-->").trim();
    let layout = text("layout.html")?;
    Some(layout.replace("%TITLE%", title).replace("%SITE_KEY%", site_key).replace("%CONTENT%", rest))
}

fn answer(path: &str, site_key: &str) -> Response {
    let kind = match path {
        "site.css" => "text/css; charset=utf-8",
        "mark.svg" => "image/svg+xml",
        _ => {
            let name = if path.is_empty() { "index" } else { path.trim_end_matches('/') };
            return page(name, site_key)
                .map_or_else(|| StatusCode::NOT_FOUND.into_response(), |p| Html(p).into_response());
        }
    };
    text(path).map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |t| ([(header::CONTENT_TYPE, kind)], t).into_response(),
    )
}

/// The routes of the website.
pub fn routes(site_key: &str) -> Router {
    let key: Arc<str> = Arc::from(site_key);
    let home = Arc::clone(&key);
    Router::new()
        .route("/demo", get(async || Redirect::temporary("/demo/")))
        .route("/demo/", get(async move || answer("", &home)))
        .route("/demo/{*path}", get(async move |Path(path): Path<String>| answer(&path, &key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_of_the_website_leads_somewhere() {
        for name in ["index", "product", "pricing", "customers", "resources", "contact", "privacy"] {
            let html = page(name, "KEY").expect("the page is there");
            assert!(html.contains("data-site=\"KEY\"") && !html.contains('%'.to_string().repeat(2).as_str()));
            for link in html.split("href=\"/demo/").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert_eq!(answer(link, "KEY").status(), StatusCode::OK, "{name} links to {link}");
            }
        }
    }
}
