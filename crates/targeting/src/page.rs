//! Target pages: URL patterns and the decision for a page (spec 03, *Target pages*).

use crate::PagePatterns;
use criteria::CheckError;
use kernel::Domain;
use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};

/// The longest pattern, in characters.
pub const MAX_PATTERN: usize = 2_000;
/// The most patterns in one list.
pub const MAX_PATTERNS: usize = 200;

/// Why a text is not a page pattern; fit for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPattern {
    /// Nothing there.
    #[error("is empty; write an address such as https://example.com/pricing")]
    Empty,
    /// More than [`MAX_PATTERN`] characters.
    #[error("is longer than 2000 characters")]
    TooLong,
    /// Neither http nor https.
    #[error("begins with another scheme than http:// or https://")]
    Scheme,
    /// The host is not a domain.
    #[error("has no host such as example.com or *.example.com")]
    Host,
    /// A `*` within the host.
    #[error("has a * in the host; only *. at its very beginning is possible")]
    Wildcard,
    /// The port is not a number from 1 to 65535.
    #[error("has a port that is not a number from 1 to 65535")]
    Port,
}

/// The address of a page, taken apart once for all patterns.
#[derive(Debug, Clone)]
pub struct Page {
    host: String,
    /// `None` for the default port of the page's scheme.
    port: Option<u16>,
    /// Percent-decoded, with exactly one slash more at its end than [`Page::path`].
    path_and_slash: Vec<u8>,
    query: Vec<(String, String)>,
}

impl Page {
    /// Takes an absolute http or https address apart; `None` for anything else, which no pattern matches.
    pub fn parse(url: &str) -> Option<Self> {
        Self::of(&url::Url::parse(url.trim()).ok()?)
    }

    /// [`Page::parse`] of what is parsed already.
    pub fn of(url: &url::Url) -> Option<Self> {
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let mut path_and_slash: Vec<u8> = percent_decode_str(url.path()).collect();
        if path_and_slash.last() != Some(&b'/') {
            path_and_slash.push(b'/');
        }
        Some(Self {
            host: url.host_str()?.trim_end_matches('.').to_ascii_lowercase(),
            port: url.port(),
            path_and_slash,
            query: url.query_pairs().into_owned().collect(),
        })
    }

    /// The path without a slash at its end; the home page's is empty.
    fn path(&self) -> &[u8] {
        self.path_and_slash.split_last().map_or(&[], |(_, path)| path)
    }
}

/// One parsed pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PagePattern {
    text: String,
    host: String,
    sub_domains: bool,
    /// `None` for the default port; without a scheme both `:80` and `:443` are one.
    port: Option<u16>,
    path: PathPattern,
    query: Vec<(String, Glob)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum PathPattern {
    Every,
    Matches(Glob),
}

/// Literal pieces with anything between them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Glob(Vec<Vec<u8>>);

impl Glob {
    fn parse(text: &str, decode: impl Fn(&str) -> Vec<u8>) -> Self {
        Self(text.split('*').map(decode).collect())
    }

    fn matches(&self, text: &[u8]) -> bool {
        let Some((first, rest)) = self.0.split_first() else { return text.is_empty() };
        let Some((last, middle)) = rest.split_last() else { return text == first.as_slice() };
        let Some(mut text) =
            text.strip_prefix(first.as_slice()).and_then(|t| t.strip_suffix(last.as_slice()))
        else {
            return false;
        };
        // The leftmost place of each piece leaves the most for those behind it.
        for piece in middle {
            match find(text, piece) {
                Some(at) => text = &text[at + piece.len()..],
                None => return false,
            }
        }
        true
    }
}

fn find(text: &[u8], piece: &[u8]) -> Option<usize> {
    if piece.is_empty() { Some(0) } else { text.windows(piece.len()).position(|window| window == piece) }
}

impl PagePattern {
    /// Reads a pattern. The scheme may be left out.
    pub fn parse(text: &str) -> Result<Self, InvalidPattern> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidPattern::Empty);
        }
        if text.chars().nth(MAX_PATTERN).is_some() {
            return Err(InvalidPattern::TooLong);
        }
        let (scheme, rest) = scheme_of(text)?;
        let rest = rest.split('#').next().unwrap_or_default();
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = place.find('/').map_or((place, ""), |at| place.split_at(at));
        let (host, sub_domains, port) = authority_of(authority, scheme)?;
        let path = path.strip_suffix('/').unwrap_or(path);
        let path = if path.is_empty() && sub_domains {
            PathPattern::Every
        } else {
            PathPattern::Matches(Glob::parse(path, |piece| percent_decode_str(piece).collect()))
        };
        Ok(Self { text: text.to_owned(), host, sub_domains, port, path, query: query_of(query) })
    }

    /// The pattern as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True when the page is one of the pattern's.
    pub fn matches(&self, page: &Page) -> bool {
        self.matches_host(page) && self.matches_path(page) && self.matches_query(page)
    }

    fn matches_host(&self, page: &Page) -> bool {
        let below = || page.host.strip_suffix(self.host.as_str()).is_some_and(|rest| rest.ends_with('.'));
        self.port == page.port && (page.host == self.host || (self.sub_domains && below()))
    }

    fn matches_path(&self, page: &Page) -> bool {
        match &self.path {
            PathPattern::Every => true,
            // With and without the slash are the same page, and `/folder/*` means `/folder/` as well.
            PathPattern::Matches(glob) => glob.matches(page.path()) || glob.matches(&page.path_and_slash),
        }
    }

    fn matches_query(&self, page: &Page) -> bool {
        self.query.iter().all(|(name, value)| {
            page.query.iter().any(|(given, text)| given == name && value.matches(text.as_bytes()))
        })
    }
}

/// The default port of the scheme, and what follows it.
fn scheme_of(text: &str) -> Result<(Option<u16>, &str), InvalidPattern> {
    let Some((scheme, rest)) = text.split_once("://") else { return Ok((None, text)) };
    if scheme.eq_ignore_ascii_case("http") {
        Ok((Some(80), rest))
    } else if scheme.eq_ignore_ascii_case("https") {
        Ok((Some(443), rest))
    } else if scheme.contains(['/', '?', '#']) {
        // The "://" stands in a path or a query, so no scheme was written.
        Ok((None, text))
    } else {
        Err(InvalidPattern::Scheme)
    }
}

fn authority_of(
    authority: &str,
    scheme_port: Option<u16>,
) -> Result<(String, bool, Option<u16>), InvalidPattern> {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    };
    let port = match port.map(str::parse::<u16>) {
        None => None,
        Some(Ok(number @ (80 | 443))) if scheme_port.is_none_or(|default| default == number) => None,
        Some(Ok(number)) if number > 0 => Some(number),
        Some(_) => return Err(InvalidPattern::Port),
    };
    let (host, sub_domains) = host.strip_prefix("*.").map_or((host, false), |apex| (apex, true));
    if host.contains('*') {
        return Err(InvalidPattern::Wildcard);
    }
    let host = host.parse::<Domain>().map_err(|_| InvalidPattern::Host)?;
    Ok((host.into(), sub_domains, port))
}

/// A name without `=` asks for its presence only.
fn query_of(query: &str) -> Vec<(String, Glob)> {
    let plain = |text: &str| percent_decode_str(&text.replace('+', " ")).collect::<Vec<u8>>();
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, "*"));
        (String::from_utf8_lossy(&plain(name)).into_owned(), Glob::parse(value, plain))
    };
    query.split('&').filter(|part| !part.is_empty()).map(pair).collect()
}

/// The parsed patterns of a dialogue.
#[derive(Debug, Clone, Default)]
pub struct PageRules {
    include: Vec<PagePattern>,
    exclude: Vec<PagePattern>,
}

/// Whether a page is a target page, and why; as the editor's test box shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Decision<'a> {
    /// The dialogue may appear.
    pub matches: bool,
    /// The pattern that decides.
    pub decided_by: Option<&'a str>,
    /// In which way.
    pub reason: Reason,
}

/// How a page was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// An inclusion matches and no exclusion.
    Included,
    /// An exclusion matches.
    Excluded,
    /// Neither matches.
    NoInclusionMatches,
}

impl PagePatterns {
    /// Parses all patterns; the errors point at `/include/0`, `/exclude/2`, …
    pub fn compile(&self) -> Result<PageRules, Vec<CheckError>> {
        let mut errors = Vec::new();
        let include = parse_all("include", &self.include, &mut errors);
        let exclude = parse_all("exclude", &self.exclude, &mut errors);
        if errors.is_empty() { Ok(PageRules { include, exclude }) } else { Err(errors) }
    }
}

fn parse_all(list: &str, patterns: &[String], errors: &mut Vec<CheckError>) -> Vec<PagePattern> {
    if patterns.len() > MAX_PATTERNS {
        let message = format!("there are {} patterns; at most {MAX_PATTERNS} are possible", patterns.len());
        errors.push(CheckError { path: format!("/{list}"), message });
        return Vec::new();
    }
    let mut parsed = Vec::with_capacity(patterns.len());
    for (index, text) in patterns.iter().enumerate() {
        match PagePattern::parse(text) {
            Ok(pattern) => parsed.push(pattern),
            Err(error) => {
                let shown: String = text.chars().take(80).collect();
                let message = format!("“{}” {error}", kernel::text::one_line(&shown));
                errors.push(CheckError { path: format!("/{list}/{index}"), message });
            }
        }
    }
    parsed
}

const NOWHERE: Decision<'static> =
    Decision { matches: false, decided_by: None, reason: Reason::NoInclusionMatches };

impl PageRules {
    /// Decides for a page; an exclusion wins over any inclusion. An address that is none (`None`) is no target page.
    pub fn decide(&self, page: Option<&Page>) -> Decision<'_> {
        let Some(page) = page else { return NOWHERE };
        if let Some(place) = self.excluding(page) {
            let decided_by = self.exclude.get(place).map(PagePattern::as_str);
            return Decision { matches: false, decided_by, reason: Reason::Excluded };
        }
        match self.include.iter().find(|pattern| pattern.matches(page)) {
            Some(pattern) => {
                Decision { matches: true, decided_by: Some(pattern.as_str()), reason: Reason::Included }
            }
            None => NOWHERE,
        }
    }

    /// The place of the exclusion that matches.
    pub(crate) fn excluding(&self, page: &Page) -> Option<usize> {
        self.exclude.iter().position(|pattern| pattern.matches(page))
    }

    /// The exclusions as they were written, in their order.
    pub fn exclusions(&self) -> impl Iterator<Item = &str> {
        self.exclude.iter().map(PagePattern::as_str)
    }

    pub(crate) fn includes(&self, page: &Page) -> bool {
        self.include.iter().any(|pattern| pattern.matches(page))
    }

    /// True when there is no inclusion, so that no page is a target page.
    pub fn is_nowhere(&self) -> bool {
        self.include.is_empty()
    }
}
