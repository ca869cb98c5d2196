//! Contrast of two colours by the formula of WCAG 2.2; the only place where it is computed.

use crate::FieldError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The least contrast of normal text (WCAG 2.2, level AA).
pub const AA: f64 = 4.5;

/// The colours of the widget, each `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Colors {
    /// Behind the title of the panel, and the icon.
    pub header: String,
    /// Text on it.
    pub header_text: String,
    /// Behind the conversation.
    pub background: String,
    /// Behind what the bot says.
    pub bot_bubble: String,
    /// Text on it.
    pub bot_text: String,
    /// Behind what the visitor says.
    pub visitor_bubble: String,
    /// Text on it.
    pub visitor_text: String,
    /// Buttons.
    pub button: String,
    /// Text on them.
    pub button_text: String,
}

impl Default for Colors {
    fn default() -> Self {
        let of = str::to_owned;
        Self {
            header: of("#1f3a5f"),
            header_text: of("#ffffff"),
            background: of("#ffffff"),
            bot_bubble: of("#eef2f7"),
            bot_text: of("#16202c"),
            visitor_bubble: of("#1f5fbf"),
            visitor_text: of("#ffffff"),
            button: of("#1f5fbf"),
            button_text: of("#ffffff"),
        }
    }
}

/// Two colours that are seen together.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ContrastPair {
    /// Name of the one behind.
    pub a: String,
    /// Name of the one in front.
    pub b: String,
    /// 1 (the same) to 21 (black on white), to two digits.
    pub ratio: f64,
    /// At least 4.5.
    pub ok: bool,
}

impl Colors {
    fn named(&self) -> [(&'static str, &str); 9] {
        [
            ("header", &self.header),
            ("header_text", &self.header_text),
            ("background", &self.background),
            ("bot_bubble", &self.bot_bubble),
            ("bot_text", &self.bot_text),
            ("visitor_bubble", &self.visitor_bubble),
            ("visitor_text", &self.visitor_text),
            ("button", &self.button),
            ("button_text", &self.button_text),
        ]
    }

    /// What is not a colour, under `pointer` (the address of the colours in the request).
    pub fn check(&self, pointer: &str, errors: &mut Vec<FieldError>) {
        for (name, text) in self.named() {
            if channels(text).is_none() {
                let reason = "must be a colour such as #1f3a5f";
                errors.push(FieldError::new(format!("{pointer}/{name}"), "color", reason));
            }
        }
    }

    /// The contrast of each pair that is seen together; colours that are none count as no contrast.
    pub fn contrast(&self) -> Vec<ContrastPair> {
        let pair = |a: &str, behind: &str, b: &str, front: &str| {
            let ratio = (ratio(behind, front).unwrap_or(1.0) * 100.0).floor() / 100.0;
            ContrastPair { a: a.to_owned(), b: b.to_owned(), ratio, ok: ratio >= AA }
        };
        vec![
            pair("header", &self.header, "header_text", &self.header_text),
            pair("bot_bubble", &self.bot_bubble, "bot_text", &self.bot_text),
            pair("visitor_bubble", &self.visitor_bubble, "visitor_text", &self.visitor_text),
            pair("button", &self.button, "button_text", &self.button_text),
        ]
    }
}

fn channels(text: &str) -> Option<[u8; 3]> {
    let hex = text.strip_prefix('#').filter(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

fn luminance([red, green, blue]: [u8; 3]) -> f64 {
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

fn ratio(a: &str, b: &str) -> Option<f64> {
    let (a, b) = (luminance(channels(a)?), luminance(channels(b)?));
    Some((a.max(b) + 0.05) / (a.min(b) + 0.05))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_those_of_wcag() {
        for (a, b, expected) in
            [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.478), ("#abcdef", "#ABCDEF", 1.0)]
        {
            let found = ratio(a, b).expect("colours");
            assert!((found - expected).abs() < 0.01, "{a} {b} {found}");
        }
        assert_eq!(ratio("red", "#ffffff"), None);
    }

    #[test]
    fn what_a_site_starts_with_is_readable() {
        assert!(Colors::default().contrast().iter().all(|pair| pair.ok));
    }
}
