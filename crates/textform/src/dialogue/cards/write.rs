//! Writing cards.

use super::{FIELD_KINDS, MOMENTS, OVERWRITES, REFUSALS, STYLES, word};
use crate::{
    Directory, criteria_text, markdown,
    toml_text::{Inline, Writer},
};
use kernel::RichText;
use stream::{
    Action, ActionCard, AiAnswer, AnyText, Branch, Card, CardKind, Case, Document, Field, Flow, Goal,
    InfoCapture, Jump, LiveChat, Meeting, Message, Overwrite, Question, Response, ResponseStyle, Routing,
};

pub(in crate::dialogue) fn write(out: &mut Writer, cards: &[Card], names: &Directory) {
    for Card { id, title, kind } in cards {
        out.header("[[cards]]");
        out.text("id", id);
        out.text("kind", kind.name());
        out.optional("title", title.as_deref());
        CardWriter { out, names }.kind(kind);
    }
}

struct CardWriter<'a> {
    out: &'a mut Writer,
    names: &'a Directory,
}

impl CardWriter<'_> {
    fn kind(&mut self, kind: &CardKind) {
        match kind {
            CardKind::Message(Message { text, next }) => {
                self.words("text", text);
                self.way("next", next.as_ref());
            }
            CardKind::Question(question) => self.question(question),
            CardKind::InfoCapture(info) => self.info(info),
            CardKind::Document(document) => self.document(document),
            CardKind::Meeting(meeting) => self.meeting(meeting),
            CardKind::LiveChat(chat) => self.live_chat(chat),
            CardKind::Goal(Goal { goal, next }) => {
                self.out.text("goal", goal);
                self.way("next", next.as_ref());
            }
            CardKind::Action(ActionCard { actions, next }) => {
                let rows: Vec<String> = actions.iter().map(|action| self.action(action)).collect();
                self.out.rows("actions", &rows);
                self.way("next", next.as_ref());
            }
            CardKind::Branch(branch) => self.branch(branch),
            CardKind::Flow(Flow { flow, next }) => {
                self.out.optional("flow", flow.map(|flow| self.names.flows.label(flow)).as_deref());
                self.way("next", next.as_ref());
            }
            CardKind::AiAnswer(ai) => self.ai_answer(ai),
            CardKind::Jump(Jump { to }) => self.way("to", to.as_ref()),
        }
    }

    fn words(&mut self, key: &str, text: &RichText) {
        self.out.block(key, &markdown::write(text));
    }

    fn optional_words(&mut self, key: &str, text: Option<&RichText>) {
        if let Some(text) = text {
            self.words(key, text);
        }
    }

    fn way(&mut self, key: &str, card: Option<&String>) {
        self.out.optional(key, card.map(String::as_str));
    }

    fn overwrite(&mut self, overwrite: Option<Overwrite>) {
        self.out.optional("overwrite", overwrite.map(|overwrite| word(&OVERWRITES, overwrite)));
    }

    fn question(&mut self, question: &Question) {
        let Question { text, style, responses, free_text, attribute, overwrite } = question;
        self.words("text", text);
        if *style != ResponseStyle::Buttons {
            self.out.text("style", word(&STYLES, *style));
        }
        self.out.optional("attribute", attribute.as_deref());
        self.overwrite(*overwrite);
        let rows: Vec<String> = responses.iter().map(response).collect();
        self.out.rows("responses", &rows);
        if let Some(AnyText { next }) = free_text {
            self.out.put("free_text", &Inline::default().optional("next", next.as_deref()).finish());
        }
    }

    fn info(&mut self, info: &InfoCapture) {
        let InfoCapture { text, fields, skip_if_known, required, next } = info;
        self.words("text", text);
        self.out.flag("required", *required, false);
        self.out.flag("skip_if_known", *skip_if_known, false);
        self.way("next", next.as_ref());
        for field in fields {
            self.out.header("[[cards.fields]]");
            self.field(field);
        }
    }

    fn field(&mut self, field: &Field) {
        let Field { id, kind, label, placeholder, options, attribute, overwrite, validation_message, refuse } =
            field;
        self.out.text("id", id);
        self.out.text("type", word(&FIELD_KINDS, *kind));
        self.out.text("label", label);
        self.out.optional("placeholder", placeholder.as_deref());
        if let Some(options) = options {
            self.out.texts("options", options.iter().map(String::as_str));
        }
        self.out.optional("attribute", attribute.as_deref());
        self.overwrite(Some(*overwrite).filter(|overwrite| *overwrite != Overwrite::Always));
        self.out.optional("validation_message", validation_message.as_deref());
        if !refuse.is_empty() {
            self.out.texts("refuse", refuse.iter().map(|refuse| word(&REFUSALS, *refuse)));
        }
    }

    fn document(&mut self, card: &Document) {
        let Document { text, document, continue_label, next } = card;
        self.words("text", text);
        self.out.optional("document", document.map(|id| self.names.documents.label(id)).as_deref());
        self.out.optional("continue_label", continue_label.as_deref());
        self.way("next", next.as_ref());
    }

    fn meeting(&mut self, meeting: &Meeting) {
        let Meeting { text, routing, save_agent_name, save_agent_email, fallback, booked, not_booked } =
            meeting;
        self.words("text", text);
        self.routing(routing);
        self.out.optional("save_agent_name", save_agent_name.as_deref());
        self.out.optional("save_agent_email", save_agent_email.as_deref());
        self.optional_words("fallback", fallback.as_ref());
        self.way("booked", booked.as_ref());
        self.way("not_booked", not_booked.as_ref());
    }

    fn live_chat(&mut self, chat: &LiveChat) {
        let LiveChat { text, routing, any_available_agent, fallback } = chat;
        self.words("text", text);
        self.routing(routing);
        self.out.flag("any_available_agent", *any_available_agent, false);
        self.optional_words("fallback", fallback.as_ref());
    }

    fn routing(&mut self, routing: &Routing) {
        let to = |key: &str, name: Option<String>| match name {
            Some(name) => Inline::default().text(key, &name).finish(),
            None => format!("\"{key}\""),
        };
        let value = match routing {
            Routing::RoundRobin => "\"round_robin\"".to_owned(),
            Routing::CustomRules => "\"custom_rules\"".to_owned(),
            Routing::Agent { agent } => to("agent", agent.map(|id| self.names.agents.label(id))),
            Routing::Team { team } => to("team", team.map(|id| self.names.teams.label(id))),
        };
        self.out.put("routing", &value);
    }

    fn action(&self, action: &Action) -> String {
        let done = |what: &str| Inline::default().text("do", what);
        let list = |id: &Option<kernel::ListId>| id.map(|id| self.names.lists.label(id));
        match action {
            Action::SetAttribute { attribute, value, overwrite } => {
                let overwrite = Some(*overwrite).filter(|overwrite| *overwrite != Overwrite::Always);
                done("set_attribute")
                    .text("attribute", attribute)
                    .text("value", value)
                    .optional("overwrite", overwrite.map(|overwrite| word(&OVERWRITES, overwrite)))
            }
            Action::AddToList { list: id } => done("add_to_list").optional("list", list(id).as_deref()),
            Action::RemoveFromList { list: id } => {
                done("remove_from_list").optional("list", list(id).as_deref())
            }
            Action::ChangeScore { by } => done("change_score").put("by", &by.to_string()),
            Action::InterestingMoment { moment, text } => {
                done("interesting_moment").text("moment", word(&MOMENTS, *moment)).text("text", text)
            }
            Action::CallWebhook { url } => done("call_webhook").text("url", url),
        }
        .finish()
    }

    fn branch(&mut self, Branch { cases, otherwise }: &Branch) {
        self.way("otherwise", otherwise.as_ref());
        for Case { id, name, criteria, next } in cases {
            self.out.header("[[cards.cases]]");
            self.out.text("id", id);
            self.out.text("name", name);
            self.out.block("criteria", &criteria_text::print(criteria, self.names));
            self.way("next", next.as_ref());
        }
    }

    fn ai_answer(&mut self, ai: &AiAnswer) {
        let AiAnswer { text, follow_up, questions, instructions, topics, fallback, next, not_answered } = ai;
        self.words("text", text);
        self.optional_words("follow_up", follow_up.as_ref());
        self.out.number("questions", *questions);
        if !instructions.is_empty() {
            self.out.prose("instructions", instructions);
        }
        if !topics.is_empty() {
            self.out.texts("topics", topics.iter().map(String::as_str));
        }
        self.words("fallback", fallback);
        self.way("next", next.as_ref());
        self.way("not_answered", not_answered.as_ref());
    }
}

fn response(Response { id, label, stored_value, next }: &Response) -> String {
    Inline::default()
        .text("id", id)
        .text("label", label)
        .optional("stored_value", stored_value.as_deref())
        .optional("next", next.as_deref())
        .finish()
}
