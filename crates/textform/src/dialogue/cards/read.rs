//! Reading cards.

use super::{FIELD_KINDS, MOMENTS, OVERWRITES, REFUSALS, STYLES};
use crate::{
    Directory, criteria_text, markdown,
    names::{Names, unknown},
    toml_text::{Reading, Section, Text, expected, section_of, word_of},
};
use criteria::Criteria;
use kernel::RichText;
use std::{collections::HashSet, fmt, hash::Hash, str::FromStr};
use stream::{
    Action, ActionCard, AiAnswer, AnyText, Branch, Card, CardKind, Case, Document, Field, FieldKind, Flow,
    Goal, InfoCapture, Jump, LiveChat, Meeting, Message, Overwrite, Question, Response, ResponseStyle,
    Routing,
};
use toml::de::DeValue;
use uuid::Uuid;

pub(in crate::dialogue) fn read(
    reading: &mut Reading<'_>,
    root: &mut Section<'_>,
    names: &Directory,
) -> Vec<Card> {
    let sections = root.sections(reading, "cards").unwrap_or_default();
    let mut seen = HashSet::new();
    let card = |mut section: Section<'_>| {
        let id = section.required(reading, "id");
        // Of two cards with one id, which a draft may have, the first is found by it.
        if !id.is_empty() && seen.insert(id.clone()) {
            section.rename(reading, format!("cards/{id}"));
        }
        CardReader { reading: &mut *reading, section, names }.card(id)
    };
    sections.into_iter().filter_map(card).collect()
}

/// The words for kinds of cards.
const KINDS: [(&str, &str); 12] = [
    ("message", "message"),
    ("question", "question"),
    ("info_capture", "info_capture"),
    ("document", "document"),
    ("meeting", "meeting"),
    ("live_chat", "live_chat"),
    ("goal", "goal"),
    ("action", "action"),
    ("branch", "branch"),
    ("flow", "flow"),
    ("ai_answer", "ai_answer"),
    ("jump", "jump"),
];

struct CardReader<'r, 's, 'a> {
    reading: &'r mut Reading<'s>,
    section: Section<'a>,
    names: &'r Directory,
}

impl<'a> CardReader<'_, '_, 'a> {
    fn card(mut self, id: String) -> Option<Card> {
        if !self.section.has("kind") {
            self.section.error(self.reading, "kind", "“kind” is missing: what kind of card it is.");
            return None;
        }
        let kind = self.section.word(self.reading, "kind", &KINDS)?;
        let title = self.string("title");
        let kind = self.kind(kind);
        self.section.finish(self.reading);
        Some(Card { id, title, kind })
    }

    fn kind(&mut self, kind: &str) -> CardKind {
        match kind {
            "message" => CardKind::Message(Message { text: self.words("text"), next: self.string("next") }),
            "question" => CardKind::Question(self.question()),
            "info_capture" => CardKind::InfoCapture(self.info()),
            "document" => CardKind::Document(self.document()),
            "meeting" => CardKind::Meeting(self.meeting()),
            "live_chat" => CardKind::LiveChat(self.live_chat()),
            "goal" => CardKind::Goal(Goal {
                goal: self.string("goal").unwrap_or_default(),
                next: self.string("next"),
            }),
            "action" => CardKind::Action(ActionCard {
                actions: self.parts("actions", action),
                next: self.string("next"),
            }),
            "branch" => CardKind::Branch(Branch {
                cases: self.parts("cases", case),
                otherwise: self.string("otherwise"),
            }),
            "flow" => {
                let names = self.names;
                CardKind::Flow(Flow {
                    flow: self.named("flow", "flow", &names.flows),
                    next: self.string("next"),
                })
            }
            "ai_answer" => CardKind::AiAnswer(self.ai_answer()),
            _ => CardKind::Jump(Jump { to: self.string("to") }),
        }
    }

    fn string(&mut self, key: &'static str) -> Option<String> {
        self.section.string(self.reading, key)
    }

    fn words(&mut self, key: &'static str) -> RichText {
        self.optional_words(key).unwrap_or_default()
    }

    fn optional_words(&mut self, key: &'static str) -> Option<RichText> {
        let text = self.section.text(self.reading, key)?;
        let read = markdown::read(text.value);
        Some(read.map_err(|mistake| self.reading.mistake(&text, mistake)).unwrap_or_default())
    }

    fn overwrite(&mut self) -> Option<Overwrite> {
        self.section.word(self.reading, "overwrite", &OVERWRITES)
    }

    /// Something that is called by its name.
    fn named<T>(&mut self, key: &'static str, noun: &str, names: &Names<T>) -> Option<T>
    where
        T: Copy + Ord + Hash + From<Uuid> + FromStr + fmt::Display,
    {
        let text = self.section.text(self.reading, key)?;
        find(self.reading, &text, noun, names)
    }

    /// The tables under a key.
    fn parts<T>(&mut self, key: &'static str, part: fn(&mut CardReader<'_, '_, 'a>) -> Option<T>) -> Vec<T> {
        let sections = self.section.sections(self.reading, key).unwrap_or_default();
        let one = |section: Section<'a>| {
            let mut reader = CardReader { reading: &mut *self.reading, section, names: self.names };
            let found = part(&mut reader);
            reader.section.finish(self.reading);
            found
        };
        sections.into_iter().filter_map(one).collect()
    }

    fn question(&mut self) -> Question {
        Question {
            text: self.words("text"),
            style: self.section.word(self.reading, "style", &STYLES).unwrap_or(ResponseStyle::Buttons),
            responses: self.parts("responses", response),
            free_text: self.free_text(),
            attribute: self.string("attribute"),
            overwrite: self.overwrite(),
        }
    }

    fn free_text(&mut self) -> Option<AnyText> {
        let mut section = self.section.section(self.reading, "free_text")?;
        let next = section.string(self.reading, "next");
        section.finish(self.reading);
        Some(AnyText { next })
    }

    fn info(&mut self) -> InfoCapture {
        InfoCapture {
            text: self.words("text"),
            fields: self.parts("fields", field),
            skip_if_known: self.section.flag(self.reading, "skip_if_known", false),
            required: self.section.flag(self.reading, "required", false),
            next: self.string("next"),
        }
    }

    fn document(&mut self) -> Document {
        let names = self.names;
        Document {
            text: self.words("text"),
            document: self.named("document", "document", &names.documents),
            continue_label: self.string("continue_label"),
            next: self.string("next"),
        }
    }

    fn meeting(&mut self) -> Meeting {
        Meeting {
            text: self.words("text"),
            routing: self.routing(),
            save_agent_name: self.string("save_agent_name"),
            save_agent_email: self.string("save_agent_email"),
            fallback: self.optional_words("fallback"),
            booked: self.string("booked"),
            not_booked: self.string("not_booked"),
        }
    }

    fn live_chat(&mut self) -> LiveChat {
        LiveChat {
            text: self.words("text"),
            routing: self.routing(),
            any_available_agent: self.section.flag(self.reading, "any_available_agent", false),
            fallback: self.optional_words("fallback"),
        }
    }

    /// `"round_robin"`, `"custom_rules"`, `{ agent = "ada@example.com" }` or `{ team = "Sales" }`.
    fn routing(&mut self) -> Routing {
        let Some((value, field)) = self.section.get(self.reading, "routing") else {
            return Routing::default();
        };
        match value.get_ref() {
            DeValue::String(word) => {
                let text = Text { value: word, span: value.span(), field };
                let words = [("round_robin", 0), ("custom_rules", 1), ("agent", 2), ("team", 3)];
                match word_of(self.reading, &text, &words) {
                    Some(1) => Routing::CustomRules,
                    Some(2) => Routing::Agent { agent: None },
                    Some(3) => Routing::Team { team: None },
                    _ => Routing::RoundRobin,
                }
            }
            DeValue::Table(_) => self.routing_to(value, field),
            _ => {
                expected(
                    self.reading,
                    value,
                    &field,
                    "\"round_robin\", \"custom_rules\", { agent = … } or { team = … }",
                );
                Routing::default()
            }
        }
    }

    fn routing_to(&mut self, value: &'a toml::Spanned<DeValue<'a>>, field: String) -> Routing {
        let Some(mut section) = section_of(self.reading, value, field) else { return Routing::default() };
        let agent = section.text(self.reading, "agent");
        let team = section.text(self.reading, "team");
        let routing = match (agent, team) {
            (Some(name), None) => {
                Routing::Agent { agent: find(self.reading, &name, "agent", &self.names.agents) }
            }
            (None, Some(name)) => {
                Routing::Team { team: find(self.reading, &name, "team", &self.names.teams) }
            }
            _ => {
                section.error(
                    self.reading,
                    "agent",
                    "Expected either { agent = \"ada@example.com\" } or { team = \"Sales\" }.",
                );
                Routing::default()
            }
        };
        section.finish(self.reading);
        routing
    }

    fn ai_answer(&mut self) -> AiAnswer {
        AiAnswer {
            text: self.words("text"),
            follow_up: self.optional_words("follow_up"),
            questions: self.section.number(self.reading, "questions").unwrap_or(1),
            instructions: self.string("instructions").unwrap_or_default(),
            topics: self.section.strings(self.reading, "topics").unwrap_or_default(),
            fallback: self.words("fallback"),
            next: self.string("next"),
            not_answered: self.string("not_answered"),
        }
    }
}

fn find<T>(reading: &mut Reading<'_>, name: &Text<'_>, noun: &str, names: &Names<T>) -> Option<T>
where
    T: Copy + Ord + Hash + From<Uuid> + FromStr + fmt::Display,
{
    let found = names.find(name.value);
    if found.is_none() {
        reading.error(&name.span, &name.field, unknown(noun, name.value, names.closest(name.value)));
    }
    found
}

#[expect(clippy::unnecessary_wraps, reason = "parts may be left out where they cannot be read")]
fn response(reader: &mut CardReader<'_, '_, '_>) -> Option<Response> {
    Some(Response {
        id: reader.section.required(reader.reading, "id"),
        label: reader.string("label").unwrap_or_default(),
        stored_value: reader.string("stored_value"),
        next: reader.string("next"),
    })
}

fn field(reader: &mut CardReader<'_, '_, '_>) -> Option<Field> {
    let id = reader.section.required(reader.reading, "id");
    if !reader.section.has("type") {
        reader.section.error(
            reader.reading,
            "type",
            "“type” is missing: what kind of value the field takes.",
        );
        return None;
    }
    let kind: FieldKind = reader.section.word(reader.reading, "type", &FIELD_KINDS)?;
    let refuse = reader.section.texts(reader.reading, "refuse").unwrap_or_default();
    Some(Field {
        id,
        kind,
        label: reader.string("label").unwrap_or_default(),
        placeholder: reader.string("placeholder"),
        options: reader.section.strings(reader.reading, "options"),
        attribute: reader.string("attribute"),
        overwrite: reader.overwrite().unwrap_or_default(),
        validation_message: reader.string("validation_message"),
        refuse: refuse.iter().filter_map(|word| word_of(reader.reading, word, &REFUSALS)).collect(),
    })
}

#[expect(clippy::unnecessary_wraps, reason = "parts may be left out where they cannot be read")]
fn case(reader: &mut CardReader<'_, '_, '_>) -> Option<Case> {
    Some(Case {
        id: reader.section.required(reader.reading, "id"),
        name: reader.string("name").unwrap_or_default(),
        criteria: criteria(reader),
        next: reader.string("next"),
    })
}

fn criteria(reader: &mut CardReader<'_, '_, '_>) -> Criteria {
    let Some(text) = reader.section.text(reader.reading, "criteria") else { return Criteria::everybody() };
    let read = criteria_text::read(text.value, reader.names);
    read.map_err(|mistake| reader.reading.mistake(&text, mistake)).unwrap_or_default()
}

const DEEDS: [(&str, &str); 6] = [
    ("set_attribute", "set_attribute"),
    ("add_to_list", "add_to_list"),
    ("remove_from_list", "remove_from_list"),
    ("change_score", "change_score"),
    ("interesting_moment", "interesting_moment"),
    ("call_webhook", "call_webhook"),
];

fn action(reader: &mut CardReader<'_, '_, '_>) -> Option<Action> {
    if !reader.section.has("do") {
        let words: Vec<&str> = DEEDS.iter().map(|(word, _)| *word).collect();
        reader.section.error(reader.reading, "do", format!("“do” is missing: one of {}.", words.join(", ")));
        return None;
    }
    let names = reader.names;
    Some(match reader.section.word(reader.reading, "do", &DEEDS)? {
        "set_attribute" => Action::SetAttribute {
            attribute: reader.string("attribute").unwrap_or_default(),
            value: reader.string("value").unwrap_or_default(),
            overwrite: reader.overwrite().unwrap_or_default(),
        },
        "add_to_list" => Action::AddToList { list: reader.named("list", "list", &names.lists) },
        "remove_from_list" => Action::RemoveFromList { list: reader.named("list", "list", &names.lists) },
        "change_score" => {
            Action::ChangeScore { by: reader.section.number(reader.reading, "by").unwrap_or(0) }
        }
        "interesting_moment" => Action::InterestingMoment {
            moment: reader.section.word(reader.reading, "moment", &MOMENTS)?,
            text: reader.string("text").unwrap_or_default(),
        },
        _ => Action::CallWebhook { url: reader.string("url").unwrap_or_default() },
    })
}
