//! Conversations as visitors have them: a dialogue of ten answers, opened beforehand, and the visitor who answers it.

use crate::load::{Traffic, post};
use serde_json::{Value as Json, json};
use std::collections::VecDeque;
use std::net::SocketAddr;
use testkit::http::{Answer, Client};

/// Answers of one conversation.
pub const ANSWERS: usize = 10;
/// The answer that a mixed conversation keeps as an attribute of the person.
const KEPT: usize = 4;
/// The last card of a mixed conversation: a form with name and address, by which the visitor becomes known.
const FORM: usize = ANSWERS - 1;

/// What the ten answers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Choices, which change nothing but the conversation.
    Choices,
    /// Eight choices, one choice that becomes an attribute, and a form at the end.
    Mixed,
}

fn text(words: &str) -> Json {
    json!({ "blocks": [{ "type": "paragraph", "spans": [{ "text": words }] }] })
}

fn question(number: usize, kind: Kind) -> Json {
    let next = if number + 1 < ANSWERS { format!("c{}", number + 1) } else { "bye".to_owned() };
    let responses: Vec<Json> = ["Yes, already", "Not yet, but soon", "I only look around"]
        .iter()
        .enumerate()
        .map(|(n, label)| json!({ "id": format!("r{n}"), "label": label, "next": next }))
        .collect();
    let words =
        format!("Question {number}: is your team using something like this today, or do you plan to?");
    let mut card = json!({ "id": format!("c{number}"), "kind": "question", "text": text(&words), "style": "buttons",
        "responses": responses });
    if kind == Kind::Mixed && number == KEPT {
        card["attribute"] = json!("person.job_title");
    }
    card
}

fn form() -> Json {
    json!({ "id": format!("c{FORM}"), "kind": "info_capture", "text": text("Where may we send the summary?"),
        "fields": [
            { "id": "name", "type": "text", "label": "Name", "attribute": "person.first_name", "overwrite": "always" },
            { "id": "email", "type": "email", "label": "E-mail", "overwrite": "always" } ],
        "skip_if_known": false, "required": true, "next": "bye" })
}

/// A dialogue of ten answers.
pub fn dialogue(kind: Kind) -> Json {
    let bye = json!({ "id": "bye", "kind": "message", "text": text("Thank you, we will be in touch."), "next": null });
    let mut cards: Vec<Json> = (0..ANSWERS).map(|number| question(number, kind)).chain([bye]).collect();
    if kind == Kind::Mixed {
        cards[FORM] = form();
    }
    json!({ "start": "c0", "cards": cards })
}

/// An opened conversation that nobody answered yet.
pub struct Talk {
    path: String,
    token: String,
    number: usize,
}

impl Talk {
    /// Where its answers go.
    pub fn path(&self) -> &str {
        &self.path
    }
    /// The visitor's token.
    pub fn token(&self) -> &str {
        &self.token
    }
    /// 0, 1, 2… in the order of opening.
    pub const fn number(&self) -> usize {
        self.number
    }
}

/// Looks at a page as somebody new and opens the dialogue that it shows.
pub async fn open(address: SocketAddr, key: &str, number: usize) -> Result<Talk, String> {
    let mut client = Client::new(address);
    let view = format!("{number:08x}-0000-7000-8000-000000000000");
    let page = json!({ "page_view_id": view, "url": "https://www.example.com/" });
    let path = format!("/api/visitor/v1/page?site={key}");
    let answer = client.send("POST", &path, &[], Some(&page)).await.map_err(|e| e.to_string())?.json();
    let token = answer["visitor_token"].as_str().ok_or_else(|| format!("no token: {answer}"))?.to_owned();
    let begin = json!({ "page_view_id": view, "dialogue_id": answer["resolved"]["dialogue_id"] });
    let path = format!("/api/visitor/v1/conversations?site={key}");
    let opened = client
        .send("POST", &path, &[("x-usher-visitor", &token)], Some(&begin))
        .await
        .map_err(|e| e.to_string())?
        .json();
    let id = opened["conversation"]["id"].as_str().ok_or_else(|| format!("no conversation: {opened}"))?;
    Ok(Talk { path: format!("/api/visitor/v1/conversations/{id}/input?site={key}"), token, number })
}

/// One connection: answers one conversation to its end, then the next.
pub struct Answering {
    kind: Kind,
    talks: VecDeque<Talk>,
    step: usize,
    last_seq: u64,
}

impl Answering {
    /// With conversations to answer.
    pub fn new(kind: Kind, talks: VecDeque<Talk>) -> Self {
        Self { kind, talks, step: 0, last_seq: 1 }
    }

    fn input(&self, number: usize) -> String {
        if self.kind == Kind::Mixed && self.step == FORM {
            let values =
                format!(r#"{{"name":"Ada","email":"ada.{number}@company-{}.example"}}"#, number % 500);
            return format!(r#"{{"kind":"values","values":{values}}}"#);
        }
        format!(r#"{{"kind":"response","response_id":"r{}"}}"#, (number + self.step) % 3)
    }
}

impl Traffic for Answering {
    fn request(&mut self) -> Option<Vec<u8>> {
        if self.step == ANSWERS {
            self.talks.pop_front();
            (self.step, self.last_seq) = (0, 1);
        }
        let talk = self.talks.front()?;
        let (number, step) = (talk.number, self.step);
        let body = format!(
            r#"{{"client_id":"{number:08x}-0000-7000-8000-{step:012x}","card_id":"c{step}","page_url":"https://www.example.com/","after":{},"input":{}}}"#,
            self.last_seq,
            self.input(number)
        );
        self.step += 1;
        Some(post(&talk.path, Some(&talk.token), &body))
    }

    fn answer(&mut self, answer: &Answer) -> bool {
        self.last_seq = last_seq(&answer.body).unwrap_or(0);
        answer.status == 200 && self.last_seq > 0
    }
}

/// The number of the last message, read without taking the whole answer apart: the generator shares the processor.
fn last_seq(body: &[u8]) -> Option<u64> {
    const FIELD: &[u8] = b"\"last_seq\":";
    let begin = body.windows(FIELD.len()).position(|window| window == FIELD)? + FIELD.len();
    let digits = body[begin..].iter().take_while(|byte| byte.is_ascii_digit());
    Some(digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}
