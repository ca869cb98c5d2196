//! Sites as text. What the sections hold is the business of whoever keeps sites; here they are tables.

use crate::{
    Document, Kind, TextError,
    document::Read,
    toml_text::{Inline, Reading, Section, Writer, expected, float, integer},
};
use serde_json::{Map, Value as Json};
use toml::{Spanned, de::DeValue};

/// A site; without its key, which belongs to one instance, and without its picture, which is no text.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteText {
    /// Its name.
    pub name: String,
    /// What texts call it: the name, unless several have it.
    pub reference: String,
    /// False: its key is refused.
    pub enabled: bool,
    /// False stops all dialogues and flows at once.
    pub chat_enabled: bool,
    /// Fewest minutes between unprompted pokes.
    pub poke_pause_minutes: u32,
    /// Look; a section that is not there stays as it is.
    pub style: Option<Map<String, Json>>,
    /// What may be known of visitors.
    pub privacy: Option<Map<String, Json>>,
    /// Who may use the key.
    pub security: Option<Map<String, Json>>,
}

/// The order of what is known today; whatever else comes follows in its own.
const ORDER: [&str; 19] = [
    "bot_name",
    "language",
    "theme",
    "position",
    "padding",
    "font",
    "sound",
    "response_delay_ms",
    "poke",
    "poke_on_mobile",
    "consent_mode",
    "privacy_url",
    "keep_ip",
    "validate_origin",
    "allowed_domains",
    "blocked_email_domains",
    "header",
    "background",
    "button",
];

/// The text of a site.
pub fn write(site: &SiteText) -> String {
    let SiteText { name, reference, enabled, chat_enabled, poke_pause_minutes, style, privacy, security } =
        site;
    let mut out = Writer::default();
    out.text("kind", Kind::Site.word());
    out.text("name", name);
    out.optional("reference", Some(reference.as_str()).filter(|reference| *reference != name));
    out.flag("enabled", *enabled, true);
    out.flag("chat_enabled", *chat_enabled, true);
    if *poke_pause_minutes != 0 {
        out.number("poke_pause_minutes", *poke_pause_minutes);
    }
    for (name, section) in [("style", style), ("privacy", privacy), ("security", security)] {
        if let Some(section) = section {
            write_section(&mut out, name, section);
        }
    }
    out.finish()
}

fn write_section(out: &mut Writer, name: &str, section: &Map<String, Json>) {
    out.header(&format!("[{name}]"));
    let mut inner = Vec::new();
    for (key, value) in ordered(section) {
        match value {
            Json::Null => {}
            Json::Object(table) if table.len() > 2 => inner.push((key, table)),
            Json::Array(values) if values.iter().all(Json::is_string) => {
                out.texts(key, values.iter().filter_map(Json::as_str));
            }
            other => out.entry(key, &inline(other)),
        }
    }
    for (key, table) in inner {
        write_section(out, &format!("{name}.{key}"), table);
    }
}

fn ordered(table: &Map<String, Json>) -> Vec<(&str, &Json)> {
    let mut entries: Vec<(&str, &Json)> = table.iter().map(|(key, value)| (key.as_str(), value)).collect();
    let place = |key: &str| ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len());
    entries.sort_by_key(|(key, _)| (place(key), *key));
    entries
}

fn inline(value: &Json) -> String {
    match value {
        Json::Null => "\"\"".to_owned(),
        Json::Bool(yes) => yes.to_string(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => crate::toml_text::string(text),
        Json::Array(values) => {
            let values: Vec<String> = values.iter().map(inline).collect();
            format!("[{}]", values.join(", "))
        }
        Json::Object(table) => {
            let parts = ordered(table).into_iter().filter(|(_, value)| !value.is_null());
            parts
                .fold(Inline::default(), |inline_table, (key, value)| inline_table.put(key, &inline(value)))
                .finish()
        }
    }
}

impl Document {
    /// Reads a site; all mistakes when it is none.
    pub fn site(&self) -> Result<Read<SiteText>, Vec<TextError>> {
        self.read(|reading, root| SiteText {
            name: self.head().name.clone(),
            reference: self.head().reference.clone(),
            enabled: root.flag(reading, "enabled", true),
            chat_enabled: root.flag(reading, "chat_enabled", true),
            poke_pause_minutes: root.number(reading, "poke_pause_minutes").unwrap_or(0),
            style: section(reading, root, "style"),
            privacy: section(reading, root, "privacy"),
            security: section(reading, root, "security"),
        })
    }
}

fn section(
    reading: &mut Reading<'_>,
    root: &mut Section<'_>,
    key: &'static str,
) -> Option<Map<String, Json>> {
    let (value, field) = root.get(reading, key)?;
    if let Json::Object(table) = json(reading, value, &field) {
        return Some(table);
    }
    expected(reading, value, &field, "a table");
    None
}

fn json(reading: &mut Reading<'_>, value: &Spanned<DeValue<'_>>, field: &str) -> Json {
    reading.note(&value.span(), field);
    match value.get_ref() {
        DeValue::String(text) => text.as_ref().into(),
        DeValue::Boolean(yes) => (*yes).into(),
        DeValue::Integer(_) => integer(value.get_ref()).into(),
        DeValue::Float(_) => float(value.get_ref()).into(),
        DeValue::Array(values) => {
            let one = |(index, value)| json(reading, value, &format!("{field}/{index}"));
            values.iter().enumerate().map(one).collect()
        }
        DeValue::Table(table) => {
            let one = |(key, value): (&Spanned<std::borrow::Cow<'_, str>>, &Spanned<DeValue<'_>>)| {
                let key = key.get_ref().to_string();
                let value = json(reading, value, &format!("{field}/{key}"));
                (key, value)
            };
            Json::Object(table.iter().map(one).collect())
        }
        DeValue::Datetime(_) => {
            expected(reading, value, field, "a text, a number, true or false, a list or a table");
            Json::Null
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = r##"kind = "site"
name = "Acme"
chat_enabled = false
poke_pause_minutes = 5

[style]
bot_name = "Ada"
theme = "auto"
padding = { x = 20, y = 24 }
poke = true

[style.colors]
header = "#1f3a5f"
button = "#1f5fbf"
bot_text = "#16202c"

[security]
validate_origin = true
allowed_domains = ["acme.example"]
"##;

    #[test]
    fn a_site_is_written_as_it_was_read() {
        let site = Document::open(EXAMPLE).expect("a text").site().expect("a site");
        assert_eq!(site.value.privacy, None, "a section that is not there stays as it is");
        assert_eq!(site.value.style.as_ref().expect("a look")["padding"]["y"], 24);
        assert_eq!(site.places.of("style/colors/button").line, 14);
        assert_eq!(write(&site.value), EXAMPLE);
    }

    #[test]
    fn nothing_is_no_value() {
        let mut site = Document::open(EXAMPLE).expect("a text").site().expect("a site").value;
        site.style.as_mut().expect("a look").insert("font".to_owned(), Json::Null);
        assert_eq!(write(&site), EXAMPLE);
    }

    #[test]
    fn what_a_site_does_not_have_is_named() {
        let text = EXAMPLE.replace("chat_enabled", "chat_enable").replace("poke = true", "poke = 2020-01-01");
        let mistakes = Document::open(&text).expect("a text").site().expect_err("mistakes");
        let lines: Vec<usize> = mistakes.iter().map(|mistake| mistake.place.line).collect();
        assert_eq!(lines, [3, 10], "{mistakes:?}");
    }
}
