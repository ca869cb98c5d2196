//! Security headers of every answer (rule R12): the policy of the API allows nothing, that of the console its own files.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Response;

/// For the API and everything that is not a page.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// For the console: own files only; nothing inline, and no text ever becomes markup or script, but for the address of the
/// worker that shows pushed notifications. The component kit sets
/// single properties through the object model, which needs no exception.
const CONSOLE: &str = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
    font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types usher-worker";
/// For the page of the API's documentation.
const DOCS: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The part of the product that an address belongs to, as far as headers and limits differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `/api/visitor/v1/…`: called by pages of other sites.
    Visitor,
    /// `/api/v1/…`.
    Api,
    /// The page of the API's documentation.
    Docs,
    /// Other addresses below `/api/`.
    OtherApi,
    /// `/console…`.
    Console,
    /// `/widget/viewer`: framed by pages of other sites.
    Viewer,
    /// `/widget/…`: fetched by pages of other sites.
    Widget,
    /// `/demo…`: a website of its own.
    Demo,
    /// Everything else.
    Other,
}

impl Kind {
    /// Of a path.
    pub fn of(path: &str) -> Self {
        const BEGINNINGS: [(&str, Kind); 8] = [
            ("/api/visitor/", Kind::Visitor),
            ("/api/v1/", Kind::Api),
            ("/api/docs", Kind::Docs),
            ("/api/", Kind::OtherApi),
            ("/console", Kind::Console),
            ("/widget/viewer", Kind::Viewer),
            ("/widget/", Kind::Widget),
            ("/demo/", Kind::Demo),
        ];
        let known = BEGINNINGS.iter().find(|(beginning, _)| path.starts_with(beginning));
        known.map_or(if path == "/demo" { Self::Demo } else { Self::Other }, |(_, kind)| *kind)
    }

    /// True for the routes of the two APIs.
    pub const fn is_api(self) -> bool {
        matches!(self, Self::Visitor | Self::Api)
    }

    const fn policy(self) -> &'static str {
        match self {
            Self::Console => CONSOLE,
            Self::Docs => DOCS,
            _ => NOTHING,
        }
    }

    /// What the widget fetches is fetched by other sites.
    const fn resource_policy(self) -> &'static str {
        if matches!(self, Self::Widget | Self::Viewer | Self::Visitor) {
            "cross-origin"
        } else {
            "same-origin"
        }
    }

    const fn below_api(self) -> bool {
        matches!(self, Self::Visitor | Self::Api | Self::Docs | Self::OtherApi)
    }
}

/// Adds what is not there yet.
pub fn secure(kind: Kind, response: &mut Response) {
    let headers = response.headers_mut();
    headers.reserve(10);
    if kind != Kind::Demo {
        set(headers, header::CONTENT_SECURITY_POLICY, kind.policy());
        // The viewer of documents says itself who may frame it.
        if kind != Kind::Viewer {
            set(headers, header::X_FRAME_OPTIONS, "DENY");
        }
        set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(headers, HeaderName::from_static("cross-origin-resource-policy"), kind.resource_policy());
    }
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    set(headers, HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    if kind.below_api() {
        set(headers, header::CACHE_CONTROL, "no-store");
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_belong_to_parts() {
        for (path, kind) in [
            ("/api/visitor/v1/page", Kind::Visitor),
            ("/api/v1/people", Kind::Api),
            ("/api/docs/style.css", Kind::Docs),
            ("/api/openapi.json", Kind::OtherApi),
            ("/console", Kind::Console),
            ("/widget/v1.js", Kind::Widget),
            ("/demo", Kind::Demo),
            ("/demo/pricing", Kind::Demo),
            ("/demonstration", Kind::Other),
            ("/healthz", Kind::Other),
        ] {
            assert_eq!(Kind::of(path), kind, "{path}");
        }
    }
}
