//! Reading TOML: every mistake is noted with its place, and reading goes on.

use crate::{
    Mistake, Places, TextError,
    names::closest,
    place::{Lines, within_string},
};
use std::ops::Range;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// A text that is being read: where things are, and what is wrong so far.
pub(crate) struct Reading<'a> {
    source: &'a str,
    lines: Lines,
    pub(crate) errors: Vec<TextError>,
    pub(crate) places: Places,
}

/// A string of the document.
#[derive(Debug, Clone)]
pub(crate) struct Text<'a> {
    pub(crate) value: &'a str,
    pub(crate) span: Range<usize>,
    pub(crate) field: String,
}

/// A table of the document, with the names that were asked for.
pub(crate) struct Section<'a> {
    table: &'a DeTable<'a>,
    span: Range<usize>,
    field: String,
    asked: Vec<&'static str>,
}

fn article(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotation marks",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn joined(field: &str, key: &str) -> String {
    if field.is_empty() { key.to_owned() } else { format!("{field}/{key}") }
}

impl<'a> Reading<'a> {
    pub(crate) fn of(source: &'a str) -> Self {
        Self { source, lines: Lines::of(source), errors: Vec::new(), places: Places::default() }
    }

    pub(crate) fn error(&mut self, span: &Range<usize>, field: &str, message: impl Into<String>) {
        let place = self.lines.place(self.source, span.start);
        self.errors.push(TextError { place, field: field.to_owned(), message: message.into() });
    }

    pub(crate) fn note(&mut self, span: &Range<usize>, field: &str) {
        self.places.note(field, self.lines.place(self.source, span.start));
    }

    /// A mistake within a text.
    pub(crate) fn mistake(&mut self, text: &Text<'_>, mistake: Mistake) {
        let raw = self.source.get(text.span.clone()).unwrap_or_default();
        let at = within_string(raw, &text.span, mistake.at);
        self.error(&(at..at), &text.field, mistake.message);
    }
}

impl<'a> Section<'a> {
    pub(crate) fn root(table: &'a Spanned<DeTable<'a>>) -> Self {
        Self { table: table.get_ref(), span: 0..0, field: String::new(), asked: Vec::new() }
    }

    pub(crate) fn field(&self) -> &str {
        &self.field
    }

    pub(crate) fn span(&self) -> &Range<usize> {
        &self.span
    }

    /// Calls what it holds by another name: cards by their ids instead of their numbers.
    pub(crate) fn rename(&mut self, reading: &mut Reading<'_>, field: String) {
        reading.note(&self.span, &field);
        self.field = field;
    }

    pub(crate) fn error(&self, reading: &mut Reading<'_>, key: &str, message: impl Into<String>) {
        let span = self.table.get(key).map_or(self.span.clone(), Spanned::span);
        reading.error(&span, &joined(&self.field, key), message);
    }

    /// The value with its field; its place is noted.
    pub(crate) fn get(
        &mut self,
        reading: &mut Reading<'_>,
        key: &'static str,
    ) -> Option<(&'a Spanned<DeValue<'a>>, String)> {
        self.asked.push(key);
        let value = self.table.get(key)?;
        let field = joined(&self.field, key);
        reading.note(&value.span(), &field);
        Some((value, field))
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = (&'a str, &'a Spanned<DeValue<'a>>)> + use<'a> {
        self.table.iter().map(|(key, value)| (key.get_ref().as_ref(), value))
    }

    pub(crate) fn text(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<Text<'a>> {
        let (value, field) = self.get(reading, key)?;
        text_of(reading, value, field)
    }

    pub(crate) fn string(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<String> {
        self.text(reading, key).map(|text| text.value.to_owned())
    }

    /// A text that must be there; an empty one stands in for it.
    pub(crate) fn required(&mut self, reading: &mut Reading<'_>, key: &'static str) -> String {
        if !self.has(key) {
            self.asked.push(key);
            self.error(reading, key, format!("“{key}” is missing."));
        }
        self.string(reading, key).unwrap_or_default()
    }

    pub(crate) fn flag(&mut self, reading: &mut Reading<'_>, key: &'static str, default: bool) -> bool {
        let Some((value, field)) = self.get(reading, key) else { return default };
        value.get_ref().as_bool().unwrap_or_else(|| {
            expected(reading, value, &field, "true or false");
            default
        })
    }

    pub(crate) fn number<T: TryFrom<i64>>(
        &mut self,
        reading: &mut Reading<'_>,
        key: &'static str,
    ) -> Option<T> {
        let (value, field) = self.get(reading, key)?;
        let number = integer(value.get_ref()).and_then(|number| T::try_from(number).ok());
        if number.is_none() {
            expected(reading, value, &field, "a whole number within reason");
        }
        number
    }

    /// One of several words.
    pub(crate) fn word<T: Copy>(
        &mut self,
        reading: &mut Reading<'_>,
        key: &'static str,
        words: &[(&'static str, T)],
    ) -> Option<T> {
        let text = self.text(reading, key)?;
        word_of(reading, &text, words)
    }

    pub(crate) fn texts(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<Vec<Text<'a>>> {
        let (value, field) = self.get(reading, key)?;
        let Some(values) = value.get_ref().as_array() else {
            expected(reading, value, &field, "a list of texts");
            return None;
        };
        let one = |(index, value): (usize, &'a Spanned<DeValue<'a>>)| {
            text_of(reading, value, format!("{field}/{index}"))
        };
        Some(values.iter().enumerate().filter_map(one).collect())
    }

    pub(crate) fn strings(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<Vec<String>> {
        let texts = self.texts(reading, key)?;
        Some(texts.into_iter().map(|text| text.value.to_owned()).collect())
    }

    pub(crate) fn section(&mut self, reading: &mut Reading<'_>, key: &'static str) -> Option<Section<'a>> {
        let (value, field) = self.get(reading, key)?;
        section_of(reading, value, field)
    }

    pub(crate) fn sections(
        &mut self,
        reading: &mut Reading<'_>,
        key: &'static str,
    ) -> Option<Vec<Section<'a>>> {
        let (value, field) = self.get(reading, key)?;
        let Some(values) = value.get_ref().as_array() else {
            expected(reading, value, &field, "a list of tables");
            return None;
        };
        let one = |(index, value): (usize, &'a Spanned<DeValue<'a>>)| {
            section_of(reading, value, format!("{field}/{index}"))
        };
        Some(values.iter().enumerate().filter_map(one).collect())
    }

    /// Names every key that nobody asked for.
    pub(crate) fn finish(self, reading: &mut Reading<'_>) {
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if self.asked.contains(&name) {
                continue;
            }
            let hint = closest(name, self.asked.iter().copied());
            let hint = hint.map(|known| format!(" Perhaps “{known}”?")).unwrap_or_default();
            reading.error(
                &key.span(),
                &joined(&self.field, name),
                format!("“{name}” is not known here.{hint}"),
            );
        }
    }
}

pub(crate) fn section_of<'a>(
    reading: &mut Reading<'_>,
    value: &'a Spanned<DeValue<'a>>,
    field: String,
) -> Option<Section<'a>> {
    reading.note(&value.span(), &field);
    if let DeValue::Table(table) = value.get_ref() {
        return Some(Section { table, span: value.span(), field, asked: Vec::new() });
    }
    expected(reading, value, &field, "a table");
    None
}

pub(crate) fn text_of<'a>(
    reading: &mut Reading<'_>,
    value: &'a Spanned<DeValue<'a>>,
    field: String,
) -> Option<Text<'a>> {
    reading.note(&value.span(), &field);
    if let DeValue::String(text) = value.get_ref() {
        return Some(Text { value: text, span: value.span(), field });
    }
    expected(reading, value, &field, "a text in quotation marks");
    None
}

pub(crate) fn word_of<T: Copy>(
    reading: &mut Reading<'_>,
    text: &Text<'_>,
    words: &[(&'static str, T)],
) -> Option<T> {
    let found = words.iter().find(|(word, _)| *word == text.value);
    if found.is_none() {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let message = format!("“{}” is not one of {}.", text.value, known.join(", "));
        reading.error(&text.span, &text.field, message);
    }
    found.map(|(_, meaning)| *meaning)
}

pub(crate) fn expected(reading: &mut Reading<'_>, value: &Spanned<DeValue<'_>>, field: &str, what: &str) {
    let message = format!("Expected {what}, found {}.", article(value.get_ref()));
    reading.error(&value.span(), field, message);
}

pub(crate) fn integer(value: &DeValue<'_>) -> Option<i64> {
    let number = value.as_integer()?;
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// A whole or broken number.
pub(crate) fn float(value: &DeValue<'_>) -> Option<f64> {
    let number = match value {
        DeValue::Float(number) => number.as_str().parse().ok(),
        #[expect(clippy::cast_precision_loss, reason = "places on a canvas are small")]
        other => integer(other).map(|number| number as f64),
    };
    number.filter(|number: &f64| number.is_finite())
}
