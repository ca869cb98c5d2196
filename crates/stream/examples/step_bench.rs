//! How many steps of a conversation one core walks a second, as one line of JSON.
//! The input is built outside the measure and drawn from a fixed seed.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use kernel::{RichText, Timestamp};
use std::{collections::BTreeMap, hint::black_box, time::Instant};
use stream::{
    Answer, Card, CardKind, CompiledStream, ConversationState, Field, FieldKind, InfoCapture, Input, Message,
    Overwrite, Profile, Question, Response, ResponseStyle, Stream, Turn, advance, message::FieldInput,
};

const CARDS: usize = 300;
const STEPS: u32 = 200_000;

struct Visitor;
impl Profile for Visitor {
    fn shown(&self, attribute: &str) -> Option<String> {
        (attribute == "person.first_name").then(|| "Ada".to_owned())
    }
    fn is_known(&self, attribute: &str) -> bool {
        attribute == "person.first_name"
    }
    fn country(&self) -> Option<&str> {
        Some("DE")
    }
    fn is_blocked_domain(&self, _: &str) -> bool {
        false
    }
    fn facts(&self, symbols: &criteria::Symbols, at: Timestamp) -> criteria::Facts {
        criteria::Facts::prepare(symbols, &criteria::Moment::new(at, jiff::tz::TimeZone::UTC), [], [])
    }
    fn document(&self, _: kernel::DocumentId) -> Option<stream::OfferedDocument> {
        None
    }
    fn fallback(&self, handover: stream::Handover) -> RichText {
        stream::handover::standard_fallback(handover, kernel::Locale::En)
    }
}

/// A circle of messages, questions and forms.
fn card(index: usize) -> Card {
    let next = Some(format!("c{}", (index + 1) % CARDS));
    let text = RichText::plain("Hello {{person.first_name:\"there\"}}, how can we help you today?");
    let kind = match index % 3 {
        0 => CardKind::Message(Message { text, next }),
        1 => CardKind::Question(Question {
            text,
            style: ResponseStyle::Buttons,
            responses: (0..4).map(|r| response(r, next.clone())).collect(),
            free_text: None,
            attribute: Some("person.job_title".to_owned()),
            overwrite: None,
        }),
        _ => {
            let fields = vec![field()];
            CardKind::InfoCapture(InfoCapture { text, fields, skip_if_known: false, required: true, next })
        }
    };
    Card { id: format!("c{index}"), title: None, kind }
}

fn response(index: usize, next: Option<String>) -> Response {
    Response { id: format!("r{index}"), label: format!("Label {index}"), stored_value: None, next }
}

fn field() -> Field {
    Field {
        id: "size".to_owned(),
        kind: FieldKind::Number,
        label: "How many?".to_owned(),
        placeholder: None,
        options: None,
        attribute: Some("company.size".to_owned()),
        overwrite: Overwrite::Always,
        validation_message: None,
        refuse: Vec::new(),
    }
}

/// The answer to card `index`, drawn by a small congruential generator.
fn answer(index: usize, seed: &mut u64) -> Input {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let draw = *seed >> 60;
    let answer = if index % 3 == 1 {
        Answer::Response { response_id: format!("r{}", draw % 4) }
    } else {
        let values = BTreeMap::from([("size".to_owned(), FieldInput::Text(draw.to_string()))]);
        Answer::Values { values }
    };
    Input::Answer { card: format!("c{index}"), answer }
}

fn main() {
    let stream = Stream { start: "c0".to_owned(), cards: (0..CARDS).map(card).collect() };
    let stream = CompiledStream::new(stream);
    let mut seed = 42;
    let round: Vec<(String, Input)> = (0..CARDS)
        .filter(|index| index % 3 != 0)
        .map(|index| (format!("client-{index}"), answer(index, &mut seed)))
        .collect();
    let at = Timestamp::UNIX_EPOCH;
    let opening = |stream| {
        let turn = Turn { input: &Input::Start, client_id: None, at };
        advance(stream, &ConversationState::default(), turn, &Visitor).expect("starts").state
    };
    let mut state = opening(&stream);
    let begin = Instant::now();
    let mut effects = 0;
    for step in 0..STEPS as usize {
        // A conversation of eight answers, then the next visitor.
        let place = step % 8;
        if place == 0 {
            state = opening(&stream);
        }
        let (client, input) = &round[place];
        let turn = Turn { input, client_id: Some(client), at };
        let done = advance(&stream, black_box(&state), turn, &Visitor).expect("fits");
        effects += done.effects.len();
        state = done.state;
    }
    let seconds = begin.elapsed().as_secs_f64();
    let per_second = f64::from(STEPS) / seconds;
    println!(
        "{{\"bench\":\"stream_step\",\"cards\":{CARDS},\"steps\":{STEPS},\"effects\":{effects},\"seconds\":{seconds:.3},\"steps_per_second\":{per_second:.0}}}"
    );
}
