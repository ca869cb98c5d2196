//! Values with a grammar of their own: e-mail address, domain, telephone number, web address, safe link.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Why a text is not a value of its type; the text of each is fit for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidValue {
    /// Not an e-mail address.
    #[error("is not an e-mail address")]
    Email,
    /// Not a host name.
    #[error("is not a domain such as example.com")]
    Domain,
    /// Not a telephone number of its country.
    #[error("is not a telephone number")]
    Phone,
    /// Not an absolute http or https address.
    #[error("is not a web address that begins with http:// or https://")]
    Url,
    /// A link with another scheme than http, https, mailto or tel.
    #[error("is not a link with http, https, mailto or tel")]
    Link,
}

macro_rules! text_value {
    ($name:ident) => {
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl TryFrom<String> for $name {
            type Error = InvalidValue;
            fn try_from(text: String) -> Result<Self, InvalidValue> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }
    };
}

/// An e-mail address, as written but trimmed and in lower case. At most 254 characters.
/// Plus-addresses are different addresses (spec 08).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);
text_value!(Email);

impl Email {
    /// The part behind the last `@`.
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl FromStr for Email {
    type Err = InvalidValue;
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let text = text.trim().to_lowercase();
        let plain = text.len() <= 254
            && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>(),;:\\[]".contains(c));
        let domain_ok =
            text.rsplit_once('@').is_some_and(|(_, d)| d.contains('.') && d.parse::<Domain>().is_ok());
        if plain && domain_ok && email_address::EmailAddress::is_valid(&text) {
            Ok(Self(text))
        } else {
            Err(InvalidValue::Email)
        }
    }
}

/// A host name in lower case without port or trailing dot.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Domain(String);
text_value!(Domain);

impl Domain {
    /// True for the same domain and for every sub-domain of this one.
    pub fn covers(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        host == self.0 || host.strip_suffix(self.0.as_str()).is_some_and(|rest| rest.ends_with('.'))
    }
}

impl FromStr for Domain {
    type Err = InvalidValue;
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let text = text.trim().trim_end_matches('.');
        if is_plain_host(text) {
            return Ok(Self(text.to_owned()));
        }
        let host = url::Host::parse(text).map_err(|_| InvalidValue::Domain)?;
        let name = host.to_string().to_ascii_lowercase();
        let well_formed = name.len() <= 253
            && (matches!(host, url::Host::Ipv4(_) | url::Host::Ipv6(_)) || name.split('.').all(is_label));
        if well_formed { Ok(Self(name)) } else { Err(InvalidValue::Domain) }
    }
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// True for host names as nearly all are, which the full parser would give back as they are: small ASCII labels, none
/// of them encoded, the last one no number.
fn is_plain_host(text: &str) -> bool {
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= 253
        && last.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.bytes().any(|b| b.is_ascii_uppercase() || b == b'_')
        && text.split('.').all(|label| is_label(label) && !label.starts_with("xn--"))
}

/// A telephone number in E.164 (`+4930123456`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);
text_value!(Phone);

impl Phone {
    /// Parses a number as people write it; `country` (ISO 3166, two letters) serves numbers without a country code.
    pub fn parse(text: &str, country: Option<&str>) -> Result<Self, InvalidValue> {
        let country = country.and_then(|c| c.to_ascii_uppercase().parse::<phonenumber::country::Id>().ok());
        let number = phonenumber::parse(country, text).map_err(|_| InvalidValue::Phone)?;
        if !phonenumber::is_valid(&number) {
            return Err(InvalidValue::Phone);
        }
        Ok(Self(number.format().mode(phonenumber::Mode::E164).to_string()))
    }
}

impl FromStr for Phone {
    type Err = InvalidValue;
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        Self::parse(text, None)
    }
}

/// An absolute http or https address without credentials. At most 2,000 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WebUrl(String);
text_value!(WebUrl);

impl WebUrl {
    /// The parsed address.
    pub fn parsed(&self) -> url::Url {
        url::Url::parse(&self.0).expect("checked when made")
    }
    /// The host in lower case.
    pub fn host(&self) -> String {
        self.parsed().host_str().unwrap_or_default().to_ascii_lowercase()
    }
}

impl FromStr for WebUrl {
    type Err = InvalidValue;
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let text = text.trim();
        let url = url::Url::parse(text).map_err(|_| InvalidValue::Url)?;
        let fine = text.len() <= 2_000
            && matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none();
        if fine { Ok(Self(url.into())) } else { Err(InvalidValue::Url) }
    }
}

/// A link that may be shown to people: http, https, mailto or tel.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SafeLink(String);
text_value!(SafeLink);

impl FromStr for SafeLink {
    type Err = InvalidValue;
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let text = text.trim();
        let url = url::Url::parse(text).map_err(|_| InvalidValue::Link)?;
        let fine = text.len() <= 2_000
            && matches!(url.scheme(), "http" | "https" | "mailto" | "tel")
            && !text.contains(char::is_control);
        if fine { Ok(Self(text.to_owned())) } else { Err(InvalidValue::Link) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn email_addresses() {
        for (text, ok) in [
            ("Ada@Example.COM", true),
            (" ada+x@example.co.uk ", true),
            ("ada@münchen.de", true),
            ("ada", false),
            ("ada@localhost", false),
            ("a@b..c", false),
            ("a b@example.com", false),
            ("a@example.com\r\nBcc: x@y.z", false),
            ("<a@example.com>", false),
        ] {
            assert_eq!(text.parse::<Email>().is_ok(), ok, "{text:?}");
        }
        assert_eq!(
            "Ada@Example.COM".parse::<Email>().map(|e| e.to_string()),
            Ok("ada@example.com".to_owned())
        );
    }

    #[test]
    fn phones_become_e164() {
        assert_eq!(Phone::parse("030 123456", Some("de")).map(String::from), Ok("+4930123456".to_owned()));
        assert_eq!(Phone::parse("+1 (415) 555-2671", None).map(String::from), Ok("+14155552671".to_owned()));
        assert_eq!(Phone::parse("12", Some("DE")), Err(InvalidValue::Phone));
    }

    #[test]
    fn links_of_other_schemes_are_refused() {
        for bad in
            ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "/relative"]
        {
            assert_eq!(bad.parse::<SafeLink>(), Err(InvalidValue::Link), "{bad}");
        }
        assert!("tel:+4930123456".parse::<SafeLink>().is_ok());
    }

    #[test]
    fn a_domain_covers_its_sub_domains_only() {
        let domain: Domain = "Example.com".parse().expect("valid");
        assert!(domain.covers("www.EXAMPLE.com") && domain.covers("example.com"));
        assert!(!domain.covers("badexample.com") && !domain.covers("example.com.evil.org"));
    }
}
