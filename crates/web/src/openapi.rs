//! The OpenAPI 3.1 file, made out of the routes, and a small page that shows it.

use crate::problem::{FieldProblem, ProblemBody};
use crate::state::Web;
use crate::{console, visitor};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use std::fmt::Write as _;
use std::sync::OnceLock;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, InfoBuilder, OpenApi, Ref, RefOr, ResponseBuilder};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

/// All documented routes. Every module hangs its own in here.
pub fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::with_openapi(head()).merge(visitor::router()).merge(console::router())
}

fn head() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Usher")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(include_str!("openapi_intro.md")))
        .build();
    let mut api = OpenApi::new(info, utoipa::openapi::Paths::new());
    let mut components = utoipa::openapi::Components::new();
    components.schemas.insert("Problem".to_owned(), <ProblemBody as PartialSchema>::schema());
    components.schemas.insert(FieldProblem::name().into_owned(), <FieldProblem as PartialSchema>::schema());
    let session = ApiKey::Cookie(ApiKeyValue::with_description(
        "__Host-usher",
        "Given by POST /api/v1/session; `usher` where the instance is reached over http.",
    ));
    let token = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("An API token that begins with `ust_`; its scopes are permissions."))
        .build();
    components.add_security_scheme("session", SecurityScheme::ApiKey(session));
    components.add_security_scheme("token", SecurityScheme::Http(token));
    api.components = Some(components);
    api
}

/// The document.
pub fn document() -> OpenApi {
    let (_, mut api) = routes().split_for_parts();
    for item in api.paths.paths.values_mut() {
        for operation in operations_mut(item) {
            let problem = ResponseBuilder::new()
                .description("A problem: what is wrong, in words and by field.")
                .content(
                    "application/problem+json",
                    ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name("Problem")))).build(),
                )
                .build();
            operation.responses.responses.entry("default".to_owned()).or_insert_with(|| RefOr::T(problem));
        }
    }
    crate::openapi_answers::require_nullable(&mut api);
    api
}

/// The document as it is published and kept in the repository.
pub fn json() -> String {
    let mut text = document().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// Operations that do not state what they need; the program does not start while there is one (rule R21).
pub fn unguarded() -> Vec<String> {
    let mut missing = Vec::new();
    for (path, mut item) in document().paths.paths {
        for operation in operations_mut(&mut item) {
            let stated = operation.extensions.as_ref().is_some_and(|e| e.contains_key("x-permission"));
            if !stated {
                missing.push(format!("{path} {}", operation.operation_id.as_deref().unwrap_or("?")));
            }
        }
    }
    missing
}

fn operations_mut(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}

fn cached() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(json)
}

/// `GET /api/openapi.json`.
pub async fn show() -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")], cached())
        .into_response()
}

/// `GET /api/docs`: every operation with its permission, parameters and shapes, without scripts.
pub async fn docs() -> Html<&'static str> {
    static PAGE: OnceLock<String> = OnceLock::new();
    Html(PAGE.get_or_init(page))
}

/// `GET /api/docs/style.css`.
pub async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("docs.css")).into_response()
}

fn page() -> String {
    let api: serde_json::Value = serde_json::from_str(cached()).unwrap_or_default();
    let mut html = String::from(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>Usher API</title><link rel=stylesheet href=\"/api/docs/style.css\"><main><h1>Usher API</h1>\
         <p>The machine-readable form is <a href=\"/api/openapi.json\">openapi.json</a> (OpenAPI 3.1).</p>",
    );
    html.push_str(&paragraphs(api["info"]["description"].as_str().unwrap_or_default()));
    for tag in ["visitor", "console"] {
        let _ = write!(html, "<h2>{tag}</h2>");
        for (path, item) in api["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if operation["tags"].as_array().is_some_and(|tags| tags.iter().any(|t| t == tag)) {
                    html.push_str(&operation_html(path, method, operation));
                }
            }
        }
    }
    html.push_str("<h2>Shapes</h2>");
    for (name, schema) in api["components"]["schemas"].as_object().into_iter().flatten() {
        let json = serde_json::to_string_pretty(schema).unwrap_or_default();
        let _ = write!(
            html,
            "<details id=\"{0}\"><summary>{0}</summary><pre>{1}</pre></details>",
            escape(name),
            escape(&json)
        );
    }
    html.push_str("</main></html>");
    html
}

fn operation_html(path: &str, method: &str, operation: &serde_json::Value) -> String {
    let text = |key: &str| escape(operation[key].as_str().unwrap_or_default());
    let mut html = format!(
        "<details><summary><b class={method}>{}</b> <code>{}</code> <span>{}</span></summary><p>{}</p>\
         <p>Permission: <code>{}</code></p>",
        method.to_uppercase(),
        escape(path),
        text("summary"),
        text("description"),
        text("x-permission"),
    );
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let _ = write!(
            html,
            "<p><code>{}</code> ({}) {}</p>",
            escape(parameter["name"].as_str().unwrap_or_default()),
            escape(parameter["in"].as_str().unwrap_or_default()),
            escape(parameter["description"].as_str().unwrap_or_default())
        );
    }
    for part in ["requestBody", "responses"] {
        if !operation[part].is_null() {
            let json = serde_json::to_string_pretty(&operation[part]).unwrap_or_default();
            let _ = write!(html, "<h4>{part}</h4><pre>{}</pre>", escape(&json));
        }
    }
    html.push_str("</details>");
    html
}

fn paragraphs(text: &str) -> String {
    text.split("\n\n").map(|part| format!("<p>{}</p>", escape(part))).collect()
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
