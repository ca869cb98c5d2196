//! The visit that is going on: when one begins, what its attributes are, and how long its pages were visible.

use crate::{App, caller::Browser};
use connect::Inference;
use criteria::Value;
use jiff::SignedDuration;
use kernel::{Timestamp, VisitId, VisitorId, text::one_line};
use serde_json::{Map, Value as Json};
use std::sync::Arc;
use store::{Visit, VisitorProfile};
use targeting::Page;
use url::Url;

/// The page being looked at, taken apart once.
#[derive(Debug, Clone)]
pub struct PageFacts {
    /// Address without fragment, at most 2,000 characters.
    pub url: String,
    /// Path of the address.
    pub path: String,
    /// Title, at most 300 characters.
    pub title: String,
    /// Where the visitor came from.
    pub referrer: Option<String>,
    parsed: Option<Url>,
}

impl PageFacts {
    /// Out of what the loader sends.
    pub fn new(url: &str, title: Option<&str>, referrer: Option<&str>) -> Self {
        let plain = cut(url.split('#').next().unwrap_or_default(), 2_000);
        let parsed = Url::parse(&plain).ok();
        Self {
            path: parsed.as_ref().map(|url| url.path().to_owned()).unwrap_or_default(),
            title: cut(&one_line(title.unwrap_or_default()), 300),
            referrer: referrer.map(|text| cut(text.trim(), 2_000)).filter(|text| !text.is_empty()),
            url: plain,
            parsed,
        }
    }
    /// The page as target pages are compared with it.
    pub(crate) fn target(&self) -> Option<Page> {
        self.parsed.as_ref().and_then(Page::of)
    }
    /// Host of the page in lower case.
    pub fn host(&self) -> Option<String> {
        self.parsed.as_ref()?.host_str().map(str::to_ascii_lowercase)
    }
}

fn cut(text: &str, most: usize) -> String {
    if text.len() <= most && text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return text.to_owned();
    }
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

/// The visit that a page view belongs to: the one before when it is not over, else a new one.
pub(crate) fn next(
    app: &App,
    visitor: VisitorId,
    known: Option<&Visit>,
    first_page: impl FnOnce() -> Json,
    now: Timestamp,
) -> Visit {
    let recent = app.memory().visits.get(&visitor);
    let last = newer(known, recent.as_deref());
    let pause = SignedDuration::from_mins(i64::from(app.settings().retention.visit_pause_minutes));
    match last {
        Some(last) if now.duration_since(last.last_at) < pause => {
            Visit { pages: last.pages + 1, last_at: now.max(last.last_at), ..last.clone() }
        }
        other => Visit {
            id: app.id::<VisitId>(now),
            visitor_id: visitor,
            number: other.map_or(1, |last| last.number + 1),
            started_at: now,
            last_at: now,
            pages: 1,
            visible_ms: 0,
            dialogue_ms: Vec::new(),
            attributes: first_page(),
        },
    }
}

/// What this node saw may be ahead of what is written, and the other way round when another node saw the visitor since.
fn newer<'v>(stored: Option<&'v Visit>, recent: Option<&'v Visit>) -> Option<&'v Visit> {
    match (stored, recent) {
        (Some(stored), Some(recent)) => {
            let key = |visit: &Visit| (visit.started_at, visit.pages, visit.visible_ms);
            Some(if key(stored) > key(recent) { stored } else { recent })
        }
        (stored, recent) => recent.or(stored),
    }
}

/// The visit that a visitor's profile belongs to, also before it is written.
pub(crate) fn current(app: &App, profile: &VisitorProfile) -> Option<Visit> {
    let recent = app.memory().visits.get(&profile.visitor.id);
    newer(profile.visit.as_ref(), recent.as_deref()).cloned()
}

pub(crate) fn remember(app: &App, visit: Arc<Visit>) {
    app.memory().visits.insert(visit.visitor_id, visit);
}

/// What is taken at the first page view of a visit.
pub(crate) fn first_page(app: &App, page: &PageFacts, browser: &Browser, language: Option<&str>) -> Json {
    attributes(page, browser, language, &app.infer(&browser.address))
}

/// `visit.*`, and `inferred.*` out of the client's address, which itself
/// is not among it.
fn attributes(page: &PageFacts, browser: &Browser, language: Option<&str>, inference: &Inference) -> Json {
    let mut map = Map::new();
    for (name, value) in inference.parts() {
        map.insert(format!("inferred.{name}"), Json::String(value));
    }
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            map.insert(format!("visit.{name}"), Json::String(value));
        }
    };
    let (device, name, system) = browser_names(browser);
    put("device", Some(device));
    put("browser", name);
    put("os", system);
    let spoken = language.and_then(crate::caller::first_language);
    put("language", spoken.or_else(|| crate::caller::first_language(&browser.accept_language)));
    let referrer = page.referrer.as_deref().and_then(|text| Url::parse(text).ok());
    let web = referrer.filter(|url| matches!(url.scheme(), "http" | "https"));
    put("referrer_domain", web.as_ref().and_then(|url| url.host_str().map(str::to_ascii_lowercase)));
    put("referrer", web.map(String::from));
    if let Some(url) = &page.parsed {
        for (key, value) in url.query_pairs() {
            if let "utm_source" | "utm_medium" | "utm_campaign" | "utm_term" | "utm_content" = &*key {
                put(&key, Some(cut(&value, 200)));
            }
        }
    }
    Json::Object(map)
}

/// Device, browser and operating system. The hints that newer browsers send are believed before the long text.
fn browser_names(browser: &Browser) -> (String, Option<String>, Option<String>) {
    let found = woothee::parser::Parser::new().parse(&browser.user_agent);
    let category = found.as_ref().map_or("", |f| f.category);
    let device = match category {
        _ if browser.mobile.trim() == "?1" => "mobile",
        "smartphone" | "mobilephone" => "mobile",
        "crawler" => "crawler",
        "appliance" => "appliance",
        "" | "UNKNOWN" => "unknown",
        _ => "desktop",
    };
    let tablet = browser.user_agent.contains("iPad") || browser.user_agent.contains("Tablet");
    let known = |text: &str| (!text.is_empty() && text != "UNKNOWN").then(|| text.to_owned());
    let platform = browser.platform.trim().trim_matches('"');
    let system = known(platform).filter(|_| platform != "Unknown");
    (
        if tablet { "tablet".to_owned() } else { device.to_owned() },
        brand(&browser.brands).or_else(|| found.as_ref().and_then(|f| known(f.name))),
        system.or_else(|| found.as_ref().and_then(|f| known(f.os))),
    )
}

/// The brand that is neither the engine nor a decoy: `"Chromium";v="130", "Microsoft Edge";v="130", "Not?A_Brand";v="99"`.
fn brand(header: &str) -> Option<String> {
    let names = header.split(',').filter_map(|entry| {
        let name = entry.split(';').next()?.trim().trim_matches('"');
        (!name.is_empty() && name.len() <= 40).then_some(name)
    });
    let real = |name: &&str| *name != "Chromium" && !(name.contains("Not") && name.contains("Brand"));
    names
        .filter(real)
        .map(|name| name.trim_start_matches("Google ").trim_start_matches("Microsoft ").to_owned())
        .next()
}

/// The value of a `visit.*` attribute.
pub(crate) fn value(visit: &Visit, page: &PageFacts, name: &str) -> Option<Value> {
    let text = |text: &str| (!text.is_empty()).then(|| Value::Text(text.to_owned()));
    match name {
        "url" => text(&page.url),
        "path" => text(&page.path),
        "title" => text(&page.title),
        "first_visit" => Some(Value::Boolean(visit.number == 1)),
        "visits" => Some(Value::Number(f64::from(visit.number))),
        "pages" => Some(Value::Number(f64::from(visit.pages))),
        _ => stored_text(visit, "visit", name).and_then(text),
    }
}

/// A text taken at the first page view, such as `visit.browser` or `inferred.country`.
pub(crate) fn stored_text<'v>(visit: &'v Visit, of: &str, name: &str) -> Option<&'v str> {
    let Json::Object(map) = &visit.attributes else { return None };
    let found =
        map.iter().find(|(key, _)| key.strip_prefix(of).and_then(|k| k.strip_prefix('.')) == Some(name));
    found.and_then(|(_, value)| value.as_str())
}

/// What was inferred from the client's address at the first page view, by name without prefix.
pub(crate) fn inferred(visit: &Visit) -> Option<Json> {
    let Json::Object(map) = &visit.attributes else { return None };
    let found: Map<String, Json> = map
        .iter()
        .filter_map(|(key, value)| Some((key.strip_prefix("inferred.")?.to_owned(), value.clone())))
        .collect();
    (!found.is_empty()).then_some(Json::Object(found))
}

/// The country from which a visit seems to come, for numbers without a country code: that of the address, else that of
/// the language.
pub(crate) fn country(visit: Option<&Visit>, language: Option<&str>) -> Option<String> {
    let inferred = visit.and_then(|visit| stored_text(visit, "inferred", "country"));
    inferred.map(str::to_owned).or_else(|| country_of(language))
}

/// The country in a language tag: `de-AT` → `AT`. A guess.
fn country_of(language: Option<&str>) -> Option<String> {
    let country = language?.rsplit('-').next().filter(|part| part.len() == 2)?;
    let upper = country.chars().all(|c| c.is_ascii_uppercase());
    upper.then(|| country.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_first_page_tells() {
        let page = PageFacts::new(
            "https://Shop.example/a/b?utm_source=News&utm_campaign=x%20y&q=1#part",
            Some(" Title\r\n"),
            Some("https://www.Search.example/?q=secret"),
        );
        assert_eq!((page.path.as_str(), page.title.as_str()), ("/a/b", "Title"));
        assert!(!page.url.contains('#'));
        let browser = Browser {
            user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
                .into(),
            accept_language: "de-AT,de;q=0.8".into(),
            ..Browser::default()
        };
        let inference =
            Inference { country: Some("AT".to_owned()), employees: Some(40), ..Inference::default() };
        let found = attributes(&page, &browser, None, &inference);
        for (name, expected) in [
            ("visit.browser", "Firefox"),
            ("visit.device", "desktop"),
            ("visit.language", "de-AT"),
            ("visit.referrer_domain", "www.search.example"),
            ("visit.utm_source", "News"),
            ("visit.utm_campaign", "x y"),
            ("inferred.country", "AT"),
            ("inferred.employees", "40"),
        ] {
            assert_eq!(found[name], expected, "{name}");
        }
    }

    #[test]
    fn hints_are_believed_before_the_long_text() {
        let browser = Browser {
            user_agent:
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
                    .into(),
            brands: r#""Chromium";v="130", "Microsoft Edge";v="130", "Not?A_Brand";v="99""#.into(),
            platform: "\"Android\"".into(),
            mobile: "?1".into(),
            ..Browser::default()
        };
        let page = PageFacts::new("https://a.example/", None, Some("javascript:alert(1)"));
        let found = attributes(&page, &browser, Some("fr"), &Inference::default());
        assert_eq!(found["visit.browser"], "Edge");
        assert_eq!(found["visit.os"], "Android");
        assert_eq!(found["visit.device"], "mobile");
        assert_eq!(found["visit.language"], "fr");
        assert!(found.get("visit.referrer").is_none());
    }

    #[test]
    fn the_country_of_a_visit() {
        for (language, country) in
            [("de-AT", Some("AT")), ("de", None), ("zh-Hant-TW", Some("TW")), ("pt-br", None)]
        {
            assert_eq!(super::country(None, Some(language)).as_deref(), country, "{language}");
        }
    }
}
