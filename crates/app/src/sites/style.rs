//! The sections of a site: look, privacy, security; what they begin with, and what may stand in them.

use crate::{FieldError, contrast::Colors};
use kernel::{Domain, Locale, WebUrl};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The most domains in one list (spec 02).
pub const MAX_DOMAINS: usize = 50;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }
    };
}

words! {
    /// Light or dark.
    Theme {
        /// Always light.
        Light,
        /// Always dark.
        Dark,
        /// As the visitor's system.
        #[default]
        Auto,
    }
}
words! {
    /// The corner of the icon.
    Position {
        /// Bottom right.
        #[default]
        Right,
        /// Bottom left.
        Left,
    }
}
words! {
    /// What a new message sounds like.
    Sound {
        /// Nothing.
        #[default]
        None,
        /// A chime.
        Chime,
        /// A pop.
        Pop,
        /// A bell.
        Bell,
        /// A knock.
        Knock,
    }
}
words! {
    /// When something about the visitor may be stored (spec 02). Ordered: later is stricter.
    ConsentMode {
        /// From the first page view on.
        Open,
        /// From the first click in the chat on.
        #[default]
        Interaction,
        /// When the page says that the visitor agreed.
        Required,
    }
}

impl ConsentMode {
    /// The stricter of the two.
    pub const fn strictest(self, other: Self) -> Self {
        if other as u8 > self as u8 { other } else { self }
    }
}

/// Distance of the icon from the edges, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Padding {
    /// From the side; 0 to 200.
    pub x: u16,
    /// From the bottom; 0 to 200.
    pub y: u16,
}

/// The look of the widget on a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Style {
    /// Colours.
    pub colors: Colors,
    /// A CSS font family, or none for the system's.
    pub font: Option<String>,
    /// Light or dark.
    pub theme: Theme,
    /// Corner of the icon.
    pub position: Position,
    /// Distance of the icon from the edges.
    pub padding: Padding,
    /// Label at the top of the panel; 1 to 60 characters.
    pub bot_name: String,
    /// Address of the picture. Read only: it is set by uploading one, whatever is sent here is not used.
    #[serde(default)]
    pub avatar_url: Option<String>,
    /// How long the bot seems to type, in milliseconds; 0 to 10,000.
    pub response_delay_ms: u32,
    /// What a new message sounds like.
    pub sound: Sound,
    /// Whether the first card is shown beside the icon.
    pub poke: bool,
    /// The same on small screens.
    pub poke_on_mobile: bool,
    /// `auto` or one of the twelve languages of the widget's own texts.
    pub language: String,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            colors: Colors::default(),
            font: None,
            theme: Theme::default(),
            position: Position::default(),
            padding: Padding { x: 20, y: 20 },
            bot_name: "Assistant".to_owned(),
            avatar_url: None,
            response_delay_ms: 600,
            sound: Sound::default(),
            poke: true,
            poke_on_mobile: true,
            language: "auto".to_owned(),
        }
    }
}

/// What may be known of visitors.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// When something may be stored.
    pub consent_mode: ConsentMode,
    /// The site's privacy policy, linked in the panel.
    pub privacy_url: Option<String>,
    /// Whether addresses of visitors are kept with their visits.
    pub keep_ip: bool,
}

/// Who may use the site's key, and whose addresses are not taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Security {
    /// Whether only pages of the allowed domains may use the key.
    pub validate_origin: bool,
    /// Domains, each with its sub-domains; at most 50.
    pub allowed_domains: Vec<String>,
    /// Domains of e-mail addresses that are refused, each with its sub-domains; at most 50.
    pub blocked_email_domains: Vec<String>,
}

impl Style {
    /// What cannot be accepted, under `/style`.
    pub fn check(&self, errors: &mut Vec<FieldError>) {
        self.colors.check("/style/colors", errors);
        let mut refuse = |field: &str, code, reason: &str| {
            errors.push(FieldError::new(format!("/style/{field}"), code, reason));
        };
        if self.font.as_deref().is_some_and(|font| !is_font(font)) {
            refuse("font", "font", "must be a font family such as Inter, sans-serif");
        }
        if self.padding.x > 200 {
            refuse("padding/x", "range", "must be between 0 and 200");
        }
        if self.padding.y > 200 {
            refuse("padding/y", "range", "must be between 0 and 200");
        }
        let name = self.bot_name.trim();
        if name.is_empty() || name.chars().count() > 60 || kernel::text::has_forbidden_controls(name) {
            refuse("bot_name", "text", "must have 1 to 60 characters");
        }
        if self.response_delay_ms > 10_000 {
            refuse("response_delay_ms", "range", "must be between 0 and 10000");
        }
        if self.language != "auto" && Locale::from_tag(&self.language).is_none() {
            refuse("language", "option", "must be auto or one of the widget's languages");
        }
    }
}

/// Family names and quotes only: the text ends in a style sheet, where nothing else may come in with it.
fn is_font(text: &str) -> bool {
    let fine = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | '-' | '_' | '\'' | '"');
    !text.trim().is_empty()
        && text.chars().count() <= 200
        && text.chars().all(fine)
        && text.matches('"').count().is_multiple_of(2)
        && text.matches('\'').count().is_multiple_of(2)
}

impl Privacy {
    /// What cannot be accepted, under `/privacy`.
    pub fn check(&self, errors: &mut Vec<FieldError>) {
        if let Some(Err(problem)) = self.privacy_url.as_deref().map(str::parse::<WebUrl>) {
            errors.push(FieldError::new("/privacy/privacy_url", "url", problem.to_string()));
        }
    }
}

impl Security {
    /// Brings the lists into one form (lower case, each once) or says what cannot be accepted, under `/security`.
    pub fn normalise(&mut self, errors: &mut Vec<FieldError>) {
        self.allowed_domains = domains("/security/allowed_domains", &self.allowed_domains, errors);
        self.blocked_email_domains =
            domains("/security/blocked_email_domains", &self.blocked_email_domains, errors);
        if self.validate_origin && self.allowed_domains.is_empty() {
            let reason = "must name at least one domain while origins are checked";
            errors.push(FieldError::new("/security/allowed_domains", "required", reason));
        }
    }
}

fn domains(pointer: &str, texts: &[String], errors: &mut Vec<FieldError>) -> Vec<String> {
    if texts.len() > MAX_DOMAINS {
        errors.push(FieldError::new(pointer, "too_many", format!("must have at most {MAX_DOMAINS} domains")));
        return Vec::new();
    }
    let mut kept = Vec::with_capacity(texts.len());
    for (index, text) in texts.iter().enumerate() {
        match text.parse::<Domain>() {
            Ok(domain) if kept.contains(&String::from(domain.clone())) => {}
            Ok(domain) => kept.push(String::from(domain)),
            Err(problem) => {
                errors.push(FieldError::new(format!("{pointer}/{index}"), "domain", problem.to_string()));
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(check: impl FnOnce(&mut Vec<FieldError>)) -> Vec<String> {
        let mut errors = Vec::new();
        check(&mut errors);
        errors.into_iter().map(|e| e.field).collect()
    }

    #[test]
    fn each_refused_value_is_named() {
        let mut style = Style { response_delay_ms: 10_001, bot_name: "  ".into(), ..Style::default() };
        style.colors.button = "blue".into();
        style.font = Some("Inter; } body { color: red".into());
        style.language = "tlh".into();
        assert_eq!(
            fields(|e| style.check(e)),
            [
                "/style/colors/button",
                "/style/font",
                "/style/bot_name",
                "/style/response_delay_ms",
                "/style/language"
            ]
        );
        assert_eq!(fields(|e| Style::default().check(e)), Vec::<String>::new());
    }

    #[test]
    fn domains_are_counted_parsed_and_kept_once() {
        let mut security = Security {
            validate_origin: true,
            allowed_domains: vec!["Example.com".into(), "example.com.".into()],
            blocked_email_domains: vec!["not a domain".into()],
        };
        assert_eq!(fields(|e| security.normalise(e)), ["/security/blocked_email_domains/0"]);
        assert_eq!(security.allowed_domains, ["example.com"]);
        security.blocked_email_domains = (0..51).map(|i| format!("d{i}.example")).collect();
        assert_eq!(fields(|e| security.normalise(e)), ["/security/blocked_email_domains"]);
        security.allowed_domains.clear();
        assert_eq!(fields(|e| security.normalise(e)), ["/security/allowed_domains"]);
    }

    #[test]
    fn the_stricter_mode_wins() {
        use ConsentMode::{Interaction, Open, Required};
        assert_eq!(Open.strictest(Interaction), Interaction);
        assert_eq!(Required.strictest(Open), Required);
    }
}
