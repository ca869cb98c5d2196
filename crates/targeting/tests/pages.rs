//! Target pages as an author writes them (spec 03, *Target pages*): every rule and every example.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use targeting::{InvalidPattern, Page, PagePattern, PagePatterns, Reason};

fn matches(pattern: &str, url: &str) -> bool {
    let pattern = PagePattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern} {error}"));
    Page::parse(url).is_some_and(|page| pattern.matches(&page))
}

/// rule, pattern, pages that it matches, pages that it does not.
type Row = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

const TABLE: &[Row] = &[
    (
        "an exact host without a path is the home page only",
        "https://website.com",
        &["https://website.com", "https://website.com/", "http://website.com/", "https://website.com/?a=1#b"],
        &["https://website.com/pricing", "https://www.website.com/", "https://other.com/"],
    ),
    (
        "a path is that page",
        "https://website.com/pricing",
        &[
            "https://website.com/pricing",
            "https://website.com/pricing?x=1",
            "https://website.com/pricing#top",
        ],
        &["https://website.com/pricing/more", "https://website.com/pricin", "https://website.com/"],
    ),
    (
        "a wildcard host without a path is every page of the apex and every sub-domain at any depth",
        "https://*.website.com",
        &[
            "https://website.com/",
            "https://website.com/a/b",
            "https://www.website.com/a",
            "https://a.b.c.website.com/x?y",
        ],
        &["https://mywebsite.com/", "https://website.com.evil.org/", "https://website.co/"],
    ),
    (
        "a * in the path is anything, slashes included, and nothing",
        "http://website.com/folder/*",
        &[
            "http://website.com/folder/a",
            "https://website.com/folder/a/b/c",
            "https://website.com/folder/",
            "https://website.com/folder",
        ],
        &["https://website.com/folders", "https://website.com/", "https://www.website.com/folder/a"],
    ),
    (
        "wildcard host and wildcard path",
        "https://*.website.com/folder/*",
        &["https://website.com/folder/a", "http://x.y.website.com/folder/a/b"],
        &["https://x.website.com/other/a", "https://x.website.org/folder/a"],
    ),
    (
        "the scheme is not compared",
        "http://website.com/a",
        &["https://website.com/a", "http://website.com/a"],
        &["ftp://website.com/a", "file:///website.com/a"],
    ),
    (
        "the host is compared without case and without default port",
        "https://WebSite.COM:443/a",
        &[
            "https://website.com/a",
            "https://WEBSITE.com:443/a",
            "http://website.com:80/a",
            "https://website.com./a",
        ],
        &["https://website.com:8443/a"],
    ),
    (
        "another port is another host",
        "http://localhost:8080/demo/*",
        &["http://localhost:8080/demo/pricing", "https://localhost:8080/demo"],
        &["http://localhost/demo/pricing", "http://localhost:8081/demo/x"],
    ),
    (
        "www. is a sub-domain like any other",
        "https://www.website.com/a",
        &["https://www.website.com/a"],
        &["https://website.com/a"],
    ),
    (
        "a trailing slash makes no difference",
        "https://website.com/pricing/",
        &["https://website.com/pricing", "https://website.com/pricing/"],
        &["https://website.com/pricing/x"],
    ),
    (
        "paths are compared case-sensitively",
        "https://website.com/Pricing",
        &["https://website.com/Pricing"],
        &["https://website.com/pricing"],
    ),
    (
        "paths are compared after percent-decoding",
        "https://website.com/caf%C3%A9/über uns",
        &["https://website.com/café/%C3%BCber%20uns", "https://website.com/caf%c3%a9/über%20uns"],
        &["https://website.com/cafe/uber%20uns"],
    ),
    (
        "an encoded star is a star",
        "https://website.com/a%2Ab",
        &["https://website.com/a*b", "https://website.com/a%2ab"],
        &["https://website.com/axb"],
    ),
    (
        "stars in the middle",
        "https://website.com/*/edit/*.html",
        &["https://website.com/a/edit/b.html", "https://website.com/a/b/edit/edit/c.html"],
        &["https://website.com/edit/b.html", "https://website.com/a/edit/b.htm"],
    ),
    (
        "each name=value of a query part must be present, in any order, others do not matter",
        "https://website.com/a?utm_source=mail&plan=pro+max",
        &[
            "https://website.com/a?plan=pro%20max&x=1&utm_source=mail",
            "https://website.com/a/?utm_source=mail&plan=pro+max#f",
        ],
        &[
            "https://website.com/a",
            "https://website.com/a?utm_source=mail",
            "https://website.com/a?utm_source=ads&plan=pro+max",
        ],
    ),
    (
        "* as the value of a query part: present with any value",
        "https://*.website.com?ref=*",
        &["https://website.com/?ref=x", "https://www.website.com/deep/page?ref="],
        &["https://website.com/", "https://website.com/?referrer=x"],
    ),
    (
        "international names are the same in both spellings",
        "https://bücher.example/",
        &["https://xn--bcher-kva.example/", "https://BÜCHER.example"],
        &["https://bucher.example/"],
    ),
    (
        "the scheme may be left out",
        "*.website.com/x",
        &["https://a.website.com/x"],
        &["https://a.website.com/y"],
    ),
    ("a fragment in a pattern does not count", "https://website.com/a#b", &["https://website.com/a"], &[]),
];

#[test]
fn every_rule_of_target_pages_holds() {
    for (rule, pattern, yes, no) in TABLE {
        for url in *yes {
            assert!(matches(pattern, url), "{rule}: {pattern} should match {url}");
        }
        for url in *no {
            assert!(!matches(pattern, url), "{rule}: {pattern} should not match {url}");
        }
    }
}

#[test]
fn what_is_no_pattern_is_refused_with_its_reason() {
    for (text, reason) in [
        ("  ", InvalidPattern::Empty),
        ("ftp://website.com", InvalidPattern::Scheme),
        ("javascript://website.com", InvalidPattern::Scheme),
        ("https://", InvalidPattern::Host),
        ("https:///path", InvalidPattern::Host),
        ("/pricing", InvalidPattern::Host),
        ("https://web site.com", InvalidPattern::Host),
        ("https://user@website.com", InvalidPattern::Host),
        ("https://www.*.com", InvalidPattern::Wildcard),
        ("https://*website.com", InvalidPattern::Wildcard),
        ("https://*", InvalidPattern::Wildcard),
        ("https://website.com:0", InvalidPattern::Port),
        ("https://website.com:http", InvalidPattern::Port),
    ] {
        assert_eq!(PagePattern::parse(text), Err(reason), "{text}");
    }
    assert_eq!(PagePattern::parse(&"a".repeat(2_001)), Err(InvalidPattern::TooLong));
}

fn patterns(include: &[&str], exclude: &[&str]) -> PagePatterns {
    let owned = |list: &[&str]| list.iter().map(|&text| text.to_owned()).collect();
    PagePatterns { include: owned(include), exclude: owned(exclude) }
}

#[test]
fn an_exclusion_wins_and_the_deciding_pattern_is_named() {
    let rules = patterns(&["https://*.website.com"], &["https://website.com/jobs/*"]).compile().unwrap();
    let decide = |url: &str| {
        let page = Page::parse(url);
        let decision = rules.decide(page.as_ref());
        (decision.matches, decision.decided_by.map(str::to_owned), decision.reason)
    };
    let included = Some("https://*.website.com".to_owned());
    assert_eq!(decide("https://website.com/a"), (true, included, Reason::Included));
    let excluded = Some("https://website.com/jobs/*".to_owned());
    assert_eq!(decide("https://website.com/jobs/1"), (false, excluded, Reason::Excluded));
    assert_eq!(decide("https://other.com/"), (false, None, Reason::NoInclusionMatches));
    assert_eq!(decide("no address"), (false, None, Reason::NoInclusionMatches));
}

#[test]
fn errors_point_at_the_pattern() {
    let errors = patterns(&["https://ok.com", "ftp://x"], &["*"]).compile().unwrap_err();
    let paths: Vec<_> = errors.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(paths, ["/include/1", "/exclude/0"]);
    assert!(errors[0].message.contains("“ftp://x”"), "{}", errors[0].message);
}

proptest! {
    #[test]
    fn no_text_makes_a_pattern_or_a_page_panic(pattern in ".{0,60}", url in ".{0,60}") {
        let page = Page::parse(&format!("https://website.com/{url}"));
        for text in [pattern.clone(), format!("https://*.website.com/{pattern}")] {
            if let (Ok(pattern), Some(page)) = (PagePattern::parse(&text), page.as_ref()) {
                pattern.matches(page);
            }
        }
    }

    #[test]
    fn a_page_matches_the_pattern_made_of_its_own_path(path in "(/[a-z0-9%é-]{1,6}){0,4}") {
        let url = format!("https://website.com{}", path.replace('%', "%25"));
        prop_assert!(matches(&url, &url));
        let below = format!("{url}/*");
        prop_assert!(matches(&below, &url));
    }
}
