//! Who calls: the site of the key, an origin that the site allows, a client within its limits, and the token if it is a
//! genuine one. A tampered or foreign token is passed over: the caller is then somebody new (spec 02).

use crate::{extract::ClientAddress, problem::Problem, state::Web};
use app::{
    caller::{Browser, Caller},
    visitor_token::VisitorToken,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, Uri, header, request::Parts},
};

const TOKEN: HeaderName = HeaderName::from_static("x-usher-visitor");
/// The longest header text that is looked at.
const MOST: usize = 500;

/// A checked caller.
pub struct Visitor(pub Caller);

impl FromRequestParts<Web> for Visitor {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Problem> {
        let address = ClientAddress::of(&parts.extensions, &parts.headers, web.config().trusted_proxies).0;
        web.limits().address(address)?;
        let key = site_key(&parts.uri)
            .ok_or_else(|| Problem::forbidden("The site key is missing: add ?site=KEY to the address."))?;
        let site = Caller::site(web.app(), &key)?;
        let host = origin_host(&parts.headers);
        if !site.allows_host(host.as_deref()) && !is_own(web, &parts.headers) {
            return Err(foreign(host.as_deref()));
        }
        web.limits().site(site.id())?;
        let settings = web.app().settings();
        let presented = text(&parts.headers, &TOKEN);
        let token = VisitorToken::recognise(&settings.instance_key, site.id(), presented);
        if let Some(token) = &token {
            web.limits().visitor(&token.hash)?;
        }
        let browser = browser(&parts.headers, address.to_string());
        Ok(Self(Caller { site, token, browser }))
    }
}

fn foreign(host: Option<&str>) -> Problem {
    Problem::forbidden(match host {
        Some(host) => format!(
            "Pages of {host} may not use this site key. Add the domain under Configuration, Privacy & security, Allowed domains."
        ),
        None => "The request names no origin, and this site key is for the site's allowed domains only."
            .to_owned(),
    })
}

/// The key in the query.
pub fn site_key(uri: &Uri) -> Option<String> {
    let pairs = uri.query()?.split('&');
    let value = pairs.filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == "site")?.1;
    // Keys are made of letters that need no escaping.
    (value.len() <= 100).then(|| value.to_owned())
}

/// Whether a page of this instance calls: a booking page.
fn is_own(web: &Web, headers: &HeaderMap) -> bool {
    let own = web.app().settings().public_url.trim_end_matches('/');
    let parts =
        |text: &str| text.parse::<Uri>().ok().map(|uri| (uri.scheme().cloned(), uri.authority().cloned()));
    stated_origin(headers).is_some_and(|stated| parts(stated) == parts(own))
}

/// Address of the page that calls, at least its origin.
fn stated_origin(headers: &HeaderMap) -> Option<&str> {
    let stated = [header::ORIGIN, header::REFERER];
    stated.iter().map(|name| text(headers, name)).find(|stated| !stated.is_empty())
}

/// Host of the page that calls.
pub fn origin_host(headers: &HeaderMap) -> Option<String> {
    let uri: Uri = stated_origin(headers)?.parse().ok()?;
    uri.host().map(|host| host.trim_end_matches('.').to_ascii_lowercase())
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> &'h str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .filter(|text| text.len() <= 4_000)
        .unwrap_or_default()
}

fn browser(headers: &HeaderMap, address: String) -> Browser {
    let short = |name: &'static str| match text(headers, &HeaderName::from_static(name)) {
        whole if whole.len() <= MOST => whole.to_owned(),
        long => long.chars().take(MOST).collect(),
    };
    Browser {
        address,
        user_agent: short("user-agent"),
        accept_language: short("accept-language"),
        brands: short("sec-ch-ua"),
        platform: short("sec-ch-ua-platform"),
        mobile: short("sec-ch-ua-mobile"),
        gpc: text(headers, &HeaderName::from_static("sec-gpc")) == "1",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_origin_comes_before_the_referrer_and_null_is_none() {
        let of = |origin: Option<&'static str>, referrer: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            for (name, value) in [(header::ORIGIN, origin), (header::REFERER, referrer)] {
                headers.extend(value.map(|value| (name, HeaderValue::from_static(value))));
            }
            origin_host(&headers)
        };
        assert_eq!(of(Some("https://Shop.example:8443"), None).as_deref(), Some("shop.example"));
        assert_eq!(of(None, Some("https://shop.example/a?b")).as_deref(), Some("shop.example"));
        assert_eq!(of(Some("null"), Some("https://shop.example/")).as_deref(), Some("null"));
        assert_eq!(of(None, None), None);
    }
}
