//! The languages of the widget's system texts (spec 02).

use serde::{Deserialize, Serialize};

/// A language in which Usher speaks to visitors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
pub enum Locale {
    /// English.
    #[default]
    #[serde(rename = "en")]
    En,
    /// French.
    #[serde(rename = "fr")]
    Fr,
    /// German.
    #[serde(rename = "de")]
    De,
    /// Spanish.
    #[serde(rename = "es")]
    Es,
    /// Italian.
    #[serde(rename = "it")]
    It,
    /// Dutch.
    #[serde(rename = "nl")]
    Nl,
    /// Swedish.
    #[serde(rename = "sv")]
    Sv,
    /// Portuguese of Brazil.
    #[serde(rename = "pt-BR")]
    PtBr,
    /// Japanese.
    #[serde(rename = "ja")]
    Ja,
    /// Korean.
    #[serde(rename = "ko")]
    Ko,
    /// Chinese, simplified script.
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// Chinese, traditional script.
    #[serde(rename = "zh-Hant")]
    ZhHant,
}

impl Locale {
    /// All twelve, in the order of the specification.
    pub const ALL: [Self; 12] = [
        Self::En,
        Self::Fr,
        Self::De,
        Self::Es,
        Self::It,
        Self::Nl,
        Self::Sv,
        Self::PtBr,
        Self::Ja,
        Self::Ko,
        Self::ZhHans,
        Self::ZhHant,
    ];

    /// The language tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
            Self::De => "de",
            Self::Es => "es",
            Self::It => "it",
            Self::Nl => "nl",
            Self::Sv => "sv",
            Self::PtBr => "pt-BR",
            Self::Ja => "ja",
            Self::Ko => "ko",
            Self::ZhHans => "zh-Hans",
            Self::ZhHant => "zh-Hant",
        }
    }

    /// The language for an exact tag.
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.tag().eq_ignore_ascii_case(tag))
    }

    /// The best of the twelve for a browser's language (`de-AT` → German, `zh-TW` → traditional Chinese); English when none fits.
    pub fn negotiate(browser: &str) -> Self {
        let tag = browser.trim().to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        let language = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        match language {
            "pt" => Self::PtBr,
            "zh" if rest.iter().any(|p| matches!(*p, "hant" | "tw" | "hk" | "mo")) => Self::ZhHant,
            "zh" => Self::ZhHans,
            other => Self::ALL.into_iter().find(|l| l.tag() == other).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browser_languages_find_their_catalogue() {
        for (browser, expected) in [
            ("de-AT", "de"),
            ("pt-PT", "pt-BR"),
            ("zh-TW", "zh-Hant"),
            ("zh-CN", "zh-Hans"),
            ("zh-Hant-HK", "zh-Hant"),
            ("fi", "en"),
            ("", "en"),
            ("JA", "ja"),
        ] {
            assert_eq!(Locale::negotiate(browser).tag(), expected, "{browser}");
        }
    }
}
