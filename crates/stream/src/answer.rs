//! Reading what a visitor answered: which branch it takes and which values it gives, or why it does not fit.

use crate::{
    MAX_TEXT,
    card::{Card, CardId, CardKind, Document, Field, FieldKind, InfoCapture, Overwrite, Question, Refuse},
    engine::{FieldCode, FieldError, Profile},
    mail_domains,
    message::{Answer, AnswerRecord, AnsweredValue, FieldInput},
    offer::Voice,
    tokens::canonical_attribute,
};
use criteria::AttributeType;
use kernel::{
    Email, Phone, WebUrl,
    text::{fold, one_line},
};
use std::collections::BTreeMap;

const TICKED: &str = "✓";
const UNTICKED: &str = "✗";

/// An answer that fits.
pub(crate) struct Taken {
    pub record: AnswerRecord,
    /// The visitor's words, for the transcript.
    pub shown: String,
    /// The answer for `{{answer.…}}`.
    pub summary: String,
    pub values: Vec<GivenValue>,
    pub next: Option<CardId>,
}

/// A value given, checked and in its stored form.
pub(crate) struct GivenValue {
    /// `person.x` or `company.x`; none when the author maps the value to nothing.
    pub attribute: Option<String>,
    pub overwrite: Overwrite,
    pub content: Content,
}

pub(crate) enum Content {
    Email(Email),
    Phone(Phone),
    Other(serde_json::Value),
}

impl Content {
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match self {
            Self::Email(email) => email.as_str().into(),
            Self::Phone(phone) => phone.as_str().into(),
            Self::Other(value) => value.clone(),
        }
    }

    /// The value as the visitor reads it: language-free.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Email(email) => email.to_string(),
            Self::Phone(phone) => phone.to_string(),
            Self::Other(serde_json::Value::Bool(yes)) => (if *yes { TICKED } else { UNTICKED }).to_owned(),
            Self::Other(serde_json::Value::String(text)) => text.clone(),
            Self::Other(value) => value.to_string(),
        }
    }
}

/// Reads an answer to a waiting card.
pub(crate) fn take(card: &Card, answer: &Answer, voice: &Voice<'_>) -> Result<Taken, Vec<FieldError>> {
    match (&card.kind, answer) {
        (CardKind::Question(question), Answer::Response { response_id }) => {
            take_response(card, question, response_id, voice).map_err(|error| vec![error])
        }
        (CardKind::Question(question), Answer::Text { text }) => {
            take_text(card, question, text, voice).map_err(|error| vec![error])
        }
        (CardKind::InfoCapture(info), Answer::Values { values }) => take_values(card, info, values, voice),
        (CardKind::InfoCapture(info), Answer::Skip) if !info.required => {
            Ok(passed_over(card, info.next.as_ref()))
        }
        (CardKind::Document(document), Answer::Continue) => Ok(seen(card, document, voice)),
        (CardKind::AiAnswer(_), Answer::Text { text }) => take_question(card, text).map_err(|e| vec![e]),
        (CardKind::AiAnswer(ai), Answer::Skip) => Ok(passed_over(card, ai.next.as_ref())),
        (_, Answer::Skip) => Err(vec![refusal("/input", FieldCode::Required)]),
        _ => Err(vec![refusal("/input", FieldCode::Option)]),
    }
}

fn refusal(pointer: &str, code: FieldCode) -> FieldError {
    FieldError { field: pointer.to_owned(), code, message: sentence(code).to_owned() }
}

const fn sentence(code: FieldCode) -> &'static str {
    match code {
        FieldCode::EmailSyntax => "This is not an e-mail address.",
        FieldCode::EmailRefused => "Please give another e-mail address.",
        FieldCode::Phone => "This is not a telephone number.",
        FieldCode::Number => "This is not a number.",
        FieldCode::Date => "This is not a date.",
        FieldCode::Url => "This is not a web address.",
        FieldCode::Required => "Please answer this.",
        FieldCode::Option => "Please choose one of the answers offered.",
        FieldCode::TooLong => "This is too long: 4,000 characters at most.",
    }
}

fn take_response(
    card: &Card,
    question: &Question,
    response_id: &str,
    voice: &Voice<'_>,
) -> Result<Taken, FieldError> {
    let response = question.responses.iter().find(|response| response.id == response_id);
    let response = response.ok_or_else(|| refusal("/input/response_id", FieldCode::Option))?;
    let label = voice.plain(&response.label);
    let stored = response.stored_value.as_ref().filter(|value| !value.trim().is_empty()).unwrap_or(&label);
    Ok(Taken {
        record: record(card, Some(&response.id)),
        values: stored_answer(question, stored),
        summary: label.clone(),
        shown: label,
        next: response.next.clone(),
    })
}

fn take_text(card: &Card, question: &Question, text: &str, voice: &Voice<'_>) -> Result<Taken, FieldError> {
    let text = typed_text(text)?;
    let typed = fold(&text);
    let meant = question.responses.iter().find(|response| fold(&voice.plain(&response.label)) == typed);
    if let Some(response) = meant {
        return take_response(card, question, &response.id, voice)
            .map(|taken| Taken { shown: text, ..taken });
    }
    let branch = question.free_text.as_ref().ok_or_else(|| refusal("/input/text", FieldCode::Option))?;
    Ok(Taken {
        record: record(card, None),
        values: stored_answer(question, &text),
        summary: text.clone(),
        shown: text,
        next: branch.next.clone(),
    })
}

fn typed_text(text: &str) -> Result<String, FieldError> {
    let text = clean(text);
    if text.is_empty() {
        return Err(refusal("/input/text", FieldCode::Required));
    }
    if is_too_long(&text) {
        return Err(refusal("/input/text", FieldCode::TooLong));
    }
    Ok(text)
}

fn record(card: &Card, response_id: Option<&str>) -> AnswerRecord {
    AnswerRecord {
        card_id: card.id.clone(),
        response_id: response_id.map(str::to_owned),
        values: None,
        skipped: false,
    }
}

fn stored_answer(question: &Question, stored: &str) -> Vec<GivenValue> {
    let value = |attribute: &String| GivenValue {
        attribute: Some(canonical_attribute(attribute)),
        overwrite: question.overwrite.unwrap_or_default(),
        content: Content::Other(stored.into()),
    };
    question.attribute.iter().map(value).collect()
}

fn passed_over(card: &Card, next: Option<&CardId>) -> Taken {
    Taken {
        record: AnswerRecord { skipped: true, ..record(card, None) },
        shown: String::new(),
        summary: String::new(),
        values: Vec::new(),
        next: next.cloned(),
    }
}

/// The visitor goes on after a document; its name is the answer.
fn seen(card: &Card, document: &Document, voice: &Voice<'_>) -> Taken {
    let shown = document.document.and_then(|id| voice.profile.document(id));
    Taken {
        record: record(card, None),
        shown: document.continue_label.as_deref().map(|label| voice.plain(label)).unwrap_or_default(),
        summary: shown.map(|document| document.name).unwrap_or_default(),
        values: Vec::new(),
        next: document.next.clone(),
    }
}

/// A free question; where it leads depends on what is found.
fn take_question(card: &Card, text: &str) -> Result<Taken, FieldError> {
    let text = typed_text(text)?;
    Ok(Taken {
        record: record(card, None),
        values: Vec::new(),
        summary: text.clone(),
        shown: text,
        next: None,
    })
}

fn take_values(
    card: &Card,
    info: &InfoCapture,
    values: &BTreeMap<String, FieldInput>,
    voice: &Voice<'_>,
) -> Result<Taken, Vec<FieldError>> {
    let mut errors = unknown_fields(info, values);
    let mut labelled = Vec::new();
    let mut given = Vec::new();
    for field in &info.fields {
        match take_field(field, values.get(&field.id), info.required, voice.profile) {
            Ok(None) => {}
            Ok(Some(content)) => {
                labelled.push(AnsweredValue { label: voice.plain(&field.label), value: content.to_text() });
                given.push(GivenValue {
                    attribute: field.target().map(canonical_attribute),
                    overwrite: field.overwrite,
                    content,
                });
            }
            Err(code) => errors.push(field_refusal(field, code, voice)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    if given.is_empty() {
        return Ok(passed_over(card, info.next.as_ref()));
    }
    let texts: Vec<&str> = labelled.iter().map(|value| value.value.as_str()).collect();
    Ok(Taken {
        shown: texts.join("\n"),
        summary: texts.join(", "),
        record: AnswerRecord { values: Some(labelled), ..record(card, None) },
        values: given,
        next: info.next.clone(),
    })
}

fn unknown_fields(info: &InfoCapture, values: &BTreeMap<String, FieldInput>) -> Vec<FieldError> {
    let unknown = values.keys().filter(|id| info.fields.iter().all(|field| field.id != **id));
    unknown.map(|id| refusal(&pointer(id), FieldCode::Option)).collect()
}

/// RFC 6901.
fn pointer(field_id: &str) -> String {
    format!("/input/values/{}", field_id.replace('~', "~0").replace('/', "~1"))
}

fn field_refusal(field: &Field, code: FieldCode, voice: &Voice<'_>) -> FieldError {
    let own = field.validation_message.as_deref().filter(|text| !text.trim().is_empty());
    let message = own.map_or_else(|| sentence(code).to_owned(), |text| voice.plain(text));
    FieldError { field: pointer(&field.id), code, message }
}

/// The value of one field; none when it was left empty and may be.
fn take_field(
    field: &Field,
    input: Option<&FieldInput>,
    required: bool,
    profile: &dyn Profile,
) -> Result<Option<Content>, FieldCode> {
    if field.kind == FieldKind::Consent {
        return take_consent(input, required);
    }
    let text = match input {
        Some(FieldInput::Text(text)) => clean(text),
        Some(FieldInput::Ticked(_)) => return Err(FieldCode::Option),
        None => String::new(),
    };
    if text.is_empty() {
        return if required { Err(FieldCode::Required) } else { Ok(None) };
    }
    if is_too_long(&text) {
        return Err(FieldCode::TooLong);
    }
    read(field, &text, profile).map(Some)
}

/// A box that was left alone says nothing; one that was unticked says no.
fn take_consent(input: Option<&FieldInput>, required: bool) -> Result<Option<Content>, FieldCode> {
    let ticked = match input {
        None => None,
        Some(FieldInput::Ticked(ticked)) => Some(*ticked),
        Some(FieldInput::Text(text)) => match text.trim() {
            "" => None,
            "true" => Some(true),
            "false" => Some(false),
            _ => return Err(FieldCode::Option),
        },
    };
    match ticked {
        Some(true) => Ok(Some(Content::Other(true.into()))),
        _ if required => Err(FieldCode::Required),
        Some(false) => Ok(Some(Content::Other(false.into()))),
        None => Ok(None),
    }
}

fn read(field: &Field, text: &str, profile: &dyn Profile) -> Result<Content, FieldCode> {
    match field.kind {
        FieldKind::Text => Ok(Content::Other(one_line(text).into())),
        FieldKind::LongText => Ok(Content::Other(text.into())),
        FieldKind::Email => read_email(field, text, profile).map(Content::Email),
        FieldKind::Phone => {
            Phone::parse(text, profile.country()).map(Content::Phone).map_err(|_| FieldCode::Phone)
        }
        FieldKind::Number => typed(AttributeType::Number, text, FieldCode::Number),
        FieldKind::Date => typed(AttributeType::Date, text, FieldCode::Date),
        FieldKind::Url => read_url(text).map(|url| Content::Other(url.as_str().into())).ok_or(FieldCode::Url),
        FieldKind::Picklist => {
            let options = field.options.iter().flatten();
            let chosen = options.into_iter().find(|option| option.trim() == text);
            chosen.map(|option| Content::Other(option.trim().into())).ok_or(FieldCode::Option)
        }
        FieldKind::Consent => Err(FieldCode::Option),
    }
}

fn typed(kind: AttributeType, text: &str, code: FieldCode) -> Result<Content, FieldCode> {
    let value = kind.parse_text(text).ok().flatten().ok_or(code)?;
    Ok(Content::Other(value.to_json()))
}

fn read_email(field: &Field, text: &str, profile: &dyn Profile) -> Result<Email, FieldCode> {
    let email: Email = text.parse().map_err(|_| FieldCode::EmailSyntax)?;
    let domain = email.domain();
    let refused = profile.is_blocked_domain(domain)
        || field.refuse.iter().any(|class| match class {
            Refuse::Free => mail_domains::is_free(domain),
            Refuse::Disposable => mail_domains::is_disposable(domain),
        });
    if refused { Err(FieldCode::EmailRefused) } else { Ok(email) }
}

/// A web address as people write it: without a scheme it is taken as https, and its host must have a dot.
fn read_url(text: &str) -> Option<WebUrl> {
    if text.contains("://") {
        return text.parse().ok();
    }
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    if host.contains('.') && !host.contains(':') { format!("https://{text}").parse().ok() } else { None }
}

fn is_too_long(text: &str) -> bool {
    text.chars().nth(MAX_TEXT).is_some()
}

/// Without control characters (no store holds NUL) and without blanks at the ends.
fn clean(text: &str) -> String {
    let fine = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars().filter(fine).collect::<String>().trim().to_owned()
}
