//! The invented company's website under `/demo/`.

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(RustEmbed)]
#[folder = "demo-site"]
struct Files;

fn text(name: &str) -> Option<String> {
    Files::get(name).and_then(|file| String::from_utf8(file.data.into_owned()).ok())
}

/// What the pages name.
struct Names {
    site_key: String,
    /// Ids of flows by what pages call them.
    flows: BTreeMap<String, String>,
}

/// A page in the layout, with the site's key in the snippet and the flows where they are named. The first line of a page is
/// its title in a comment.
fn page(name: &str, names: &Names) -> Option<String> {
    let content = text(&format!("pages/{name}.html"))?;
    let (first, rest) = content.split_once('\n')?;
    let title = first.trim_start_matches("<!--").trim_end_matches("-->").trim();
    let mut page = text("layout.html")?.replace("%TITLE%", title).replace("%CONTENT%", rest);
    page = page.replace("%SITE_KEY%", &names.site_key);
    for (slug, id) in &names.flows {
        page = page.replace(&format!("%FLOW_{slug}%"), id);
    }
    Some(page)
}

fn answer(path: &str, names: &Names) -> Response {
    let kind = match path {
        "site.css" => "text/css; charset=utf-8",
        "mark.svg" => "image/svg+xml",
        "quote.js" => "text/javascript; charset=utf-8",
        _ => {
            let name = if path.is_empty() { "index" } else { path.trim_end_matches('/') };
            return page(name, names)
                .map_or_else(|| StatusCode::NOT_FOUND.into_response(), |p| Html(p).into_response());
        }
    };
    text(path).map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |t| ([(header::CONTENT_TYPE, kind)], t).into_response(),
    )
}

/// The routes of the website.
pub fn routes(site_key: &str, flows: &BTreeMap<String, String>) -> Router {
    let names = Arc::new(Names { site_key: site_key.to_owned(), flows: flows.clone() });
    let home = Arc::clone(&names);
    Router::new()
        .route("/demo", get(async || Redirect::temporary("/demo/")))
        .route("/demo/", get(async move || answer("", &home)))
        .route("/demo/{*path}", get(async move |Path(path): Path<String>| answer(&path, &names)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_of_the_website_leads_somewhere() {
        let flows = super::super::flows::flows();
        let flows = flows.iter().map(|flow| (flow.slug.to_owned(), "flw_1".to_owned())).collect();
        let names = Names { site_key: "KEY".to_owned(), flows };
        let pages = Files::iter()
            .filter_map(|path| Some(path.strip_prefix("pages/")?.strip_suffix(".html")?.to_owned()));
        for name in pages {
            let html = page(&name, &names).expect("the page is there");
            assert!(
                html.contains("data-site=\"KEY\"") && !html.contains("%FLOW") && !html.contains("%SITE"),
                "{name}"
            );
            for link in ["href=\"/demo/", "src=\"/demo/", "action=\"/demo/"] {
                for link in html.split(link).skip(1).filter_map(|rest| rest.split('"').next()) {
                    assert_eq!(answer(link, &names).status(), StatusCode::OK, "{name} links to {link}");
                }
            }
        }
    }
}
