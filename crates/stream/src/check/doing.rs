//! What is inside cards that act, branch or hand over: lists, documents, flows, criteria, people.

use super::{FlowFacts, Found, contents::Scope, texts};
use crate::{
    MAX_ACTIONS, MAX_CASES, MAX_QUESTIONS,
    card::{Action, ActionCard, AiAnswer, Branch, Card, Document},
    handover::{LiveChat, Meeting, Routing},
    tokens::canonical_attribute,
};
use criteria::{AttributeType, ListRef};
use kernel::{DialogueId, ListId, WebUrl};
use std::collections::HashSet;

/// The most points by which a card changes a score, up or down.
const MAX_SCORE_CHANGE: i32 = 1_000;
/// The longest instructions of an answer card, in characters.
const MAX_INSTRUCTIONS: usize = 2_000;

impl Scope<'_> {
    pub(super) fn check_document(&self, card: &Card, document: &Document, found: &mut Found) {
        texts::check_rich(card, &document.text, self, found);
        let label = document.continue_label.as_deref().unwrap_or_default();
        texts::check_tokens(card, "continue_label", label, self, found);
        match document.document {
            None => found.error(card, "document", "No document is chosen."),
            Some(id) if !(self.context.has_document)(id) => {
                found.error(card, "document", "The document is not in the library any more.");
            }
            Some(_) => {}
        }
    }

    pub(super) fn check_meeting(&self, card: &Card, meeting: &Meeting, found: &mut Found) {
        texts::check_rich(card, &meeting.text, self, found);
        self.check_routing(card, &meeting.routing, found);
        self.check_own_fallback(card, meeting.fallback.as_ref(), found);
        for (field, attribute) in
            [("save_agent_name", &meeting.save_agent_name), ("save_agent_email", &meeting.save_agent_email)]
        {
            let Some(attribute) = attribute else { continue };
            match self.writable(card, field, attribute, found) {
                Some(AttributeType::Text) | None => {}
                Some(AttributeType::Email)
                    if field == "save_agent_email" && canonical_attribute(attribute) != "person.email" => {}
                Some(_) => {
                    found.error(card, field, &format!("This cannot be stored in {attribute}."));
                }
            }
        }
    }

    pub(super) fn check_live_chat(&self, card: &Card, chat: &LiveChat, found: &mut Found) {
        texts::check_rich(card, &chat.text, self, found);
        self.check_routing(card, &chat.routing, found);
        self.check_own_fallback(card, chat.fallback.as_ref(), found);
    }

    fn check_own_fallback(&self, card: &Card, own: Option<&kernel::RichText>, found: &mut Found) {
        if let Some(text) = own {
            texts::check_rich_at(card, "fallback", text, self, found);
        }
    }

    fn check_routing(&self, card: &Card, routing: &Routing, found: &mut Found) {
        match routing {
            Routing::Agent { agent: None } => found.error(card, "routing/agent", "No agent is chosen."),
            Routing::Agent { agent: Some(agent) } if !(self.context.has_agent)(*agent) => {
                found.error(card, "routing/agent", "There is no such agent.");
            }
            Routing::Team { team: None } => found.error(card, "routing/team", "No team is chosen."),
            Routing::Team { team: Some(team) } if !(self.context.has_team)(*team) => {
                found.error(card, "routing/team", "There is no such team.");
            }
            Routing::RoundRobin | Routing::CustomRules | Routing::Agent { .. } | Routing::Team { .. } => {}
        }
    }

    pub(super) fn check_action(&self, card: &Card, card_actions: &ActionCard, found: &mut Found) {
        let count = card_actions.actions.len();
        if !(1..=MAX_ACTIONS).contains(&count) {
            let message = format!("An action card does 1 to {MAX_ACTIONS} things; this one does {count}.");
            found.error(card, "actions", &message);
        }
        for (index, action) in card_actions.actions.iter().enumerate() {
            self.check_one_action(card, &format!("actions/{index}"), action, found);
        }
    }

    fn check_one_action(&self, card: &Card, at: &str, action: &Action, found: &mut Found) {
        match action {
            Action::SetAttribute { attribute, value, .. } => {
                self.check_setting(card, at, attribute, value, found);
            }
            Action::AddToList { list } | Action::RemoveFromList { list } => {
                self.check_list(card, &format!("{at}/list"), *list, found);
            }
            Action::ChangeScore { by } => {
                if *by == 0 || by.abs() > MAX_SCORE_CHANGE {
                    let message = "The score changes by 1 to 1,000 points, up or down.";
                    found.error(card, &format!("{at}/by"), message);
                }
            }
            Action::InterestingMoment { text, .. } => {
                texts::check_line(card, &format!("{at}/text"), text, self, found);
            }
            Action::CallWebhook { url } => {
                if url.parse::<WebUrl>().is_err() {
                    let message = "This is not a web address such as https://example.com/hook.";
                    found.error(card, &format!("{at}/url"), message);
                }
            }
        }
    }

    fn check_setting(&self, card: &Card, at: &str, attribute: &str, value: &str, found: &mut Found) {
        let place = format!("{at}/value");
        texts::check_line(card, &place, value, self, found);
        let Some(kind) = self.writable(card, &format!("{at}/attribute"), attribute, found) else { return };
        if canonical_attribute(attribute) == "person.email" {
            found.error(card, &format!("{at}/attribute"), "Only an e-mail field can set person.email.");
        } else if !value.contains("{{")
            && let Err(reason) = kind.parse_text(value)
        {
            let message = format!("“{value}” cannot be stored in {attribute}: it {reason}.");
            found.error(card, &place, &message);
        }
    }

    fn check_list(&self, card: &Card, at: &str, list: Option<ListId>, found: &mut Found) {
        match list {
            None => found.error(card, at, "No list is chosen."),
            Some(list) if self.context.catalog.list_name(ListRef::List(list)).is_none() => {
                found.error(card, at, "There is no such list any more.");
            }
            Some(_) => {}
        }
    }

    pub(super) fn check_branch(&self, card: &Card, branch: &Branch, found: &mut Found) {
        let count = branch.cases.len();
        if !(1..=MAX_CASES).contains(&count) {
            let message = format!("A branch has 1 to {MAX_CASES} cases; this one has {count}.");
            found.error(card, "cases", &message);
        }
        let mut ids = HashSet::new();
        for (index, case) in branch.cases.iter().enumerate() {
            let at = format!("cases/{index}");
            if case.id.is_empty() || !ids.insert(case.id.as_str()) {
                found.error(card, &format!("{at}/id"), "Every case needs an id of its own.");
            }
            if case.name.trim().is_empty() {
                found.error(card, &format!("{at}/name"), "This is empty.");
            }
            if matches!(&case.criteria, criteria::Criteria::All(members) if members.is_empty()) {
                let message = "The case has no condition: it would always be taken.";
                found.error(card, &format!("{at}/criteria"), message);
            }
            for mistake in criteria::check(&case.criteria, self.context.catalog) {
                found.error(card, &format!("{at}/criteria{}", mistake.path), &mistake.message);
            }
        }
    }

    pub(super) fn check_flow(&self, card: &Card, flow: Option<DialogueId>, found: &mut Found) {
        let Some(flow) = flow else {
            found.error(card, "flow", "No flow is chosen.");
            return;
        };
        match (self.context.flow)(flow) {
            None => found.error(card, "flow", "There is no such flow any more."),
            Some(FlowFacts { runs_this: true, .. }) => {
                found.error(card, "flow", "The flow would run itself.");
            }
            Some(FlowFacts { published: false, .. }) => {
                found.error(card, "flow", "The flow is not published.");
            }
            Some(_) => {}
        }
    }

    pub(super) fn check_ai_answer(&self, card: &Card, ai: &AiAnswer, found: &mut Found) {
        texts::check_rich(card, &ai.text, self, found);
        texts::check_rich_at(card, "fallback", &ai.fallback, self, found);
        if let Some(further) = &ai.follow_up {
            texts::check_rich_at(card, "follow_up", further, self, found);
        }
        if !(1..=MAX_QUESTIONS).contains(&ai.questions) {
            let message = format!("The card takes 1 to {MAX_QUESTIONS} questions.");
            found.error(card, "questions", &message);
        }
        if ai.instructions.chars().count() > MAX_INSTRUCTIONS {
            found.error(card, "instructions", "The instructions are longer than 2,000 characters.");
        }
    }
}
