//! Whatever an author draws and a visitor sends, a conversation keeps its promises.

use criteria::{AttributeRef, AttributeType, Catalog, Facts, ListRef, Moment, Symbols};
use jiff::tz::TimeZone;
use kernel::{DocumentId, RichText, SmartListId, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeMap;
use stream::{
    Action, ActionCard, AiAnswer, Answer, Branch, Card, CardKind, Case, ChatOutcome, CheckContext, Checks,
    CompiledStream, ConversationState, Document, Effect, Field, FieldKind, Goal, Handover, InfoCapture,
    Input, Jump, LiveChat, Meeting, Message, MessageContent, OfferedDocument, Overwrite, Profile, Question,
    Refused, Response, ResponseStyle, Routing, Step, Stream, Surroundings, Turn, advance, check,
    message::FieldInput, message::superseded_from, waiting,
};

struct Nobody;
impl Profile for Nobody {
    fn shown(&self, _: &str) -> Option<String> {
        None
    }
    fn is_known(&self, attribute: &str) -> bool {
        attribute == "person.first_name"
    }
    fn country(&self) -> Option<&str> {
        None
    }
    fn is_blocked_domain(&self, _: &str) -> bool {
        false
    }
    fn facts(&self, symbols: &Symbols, at: Timestamp) -> Facts {
        let name = criteria::Value::Text("Ada".to_owned());
        let named = [(criteria::Source::Person, "first_name", &name)];
        Facts::prepare(symbols, &Moment::new(at, TimeZone::UTC), named, [])
    }
    fn document(&self, id: DocumentId) -> Option<OfferedDocument> {
        Some(OfferedDocument {
            id,
            name: "Guide".to_owned(),
            url: "https://a.example".to_owned(),
            pages: None,
        })
    }
    fn fallback(&self, _: Handover) -> RichText {
        RichText::plain("Nobody is there.")
    }
}

impl Catalog for Nobody {
    fn attribute_type(&self, attribute: &AttributeRef) -> Option<AttributeType> {
        kind_of(&attribute.to_string())
    }
    fn list_name(&self, list: ListRef) -> Option<String> {
        Some(list.to_string())
    }
    fn lists_of(&self, _: SmartListId) -> Vec<ListRef> {
        Vec::new()
    }
}

fn kind_of(attribute: &str) -> Option<AttributeType> {
    match attribute {
        "person.email" => Some(AttributeType::Email),
        "person.first_name" => Some(AttributeType::Text),
        _ => None,
    }
}

/// The shape of a card: its kind and four numbers that choose where it leads.
type Shape = (u8, [usize; 4]);

fn id(index: usize) -> String {
    format!("c{index}")
}

/// The card at which every branch ends that does not end at a message.
const BYE: &str = "bye";

/// A card that may not wait leads only forward, so that no circle is silent; others lead anywhere.
fn card(index: usize, count: usize, (kind, leads): Shape) -> Card {
    let anywhere = |lead: usize| {
        let target = lead % (count + 1);
        Some(if target < count { id(target) } else { BYE.to_owned() })
    };
    let forward = |lead: usize| {
        let target = index + 1 + lead % (count - index);
        Some(if target < count { id(target) } else { BYE.to_owned() })
    };
    let text = RichText::plain("Hi {{person.first_name:\"you\"}} {{answer.c0}}");
    let kind = match kind % 13 {
        0 => CardKind::Message(Message { text, next: forward(leads[0]).filter(|next| next != BYE) }),
        1 => CardKind::Goal(Goal { goal: "G".to_owned(), next: forward(leads[0]) }),
        2 | 3 => CardKind::Question(Question {
            text,
            style: ResponseStyle::List,
            responses: (0..3).map(|r| response(r, anywhere(leads[r]))).collect(),
            free_text: (leads[3] % 2 == 0).then(|| stream::AnyText { next: anywhere(leads[3]) }),
            attribute: None,
            overwrite: None,
        }),
        4 => CardKind::InfoCapture(form(text, false, leads[3] % 2 == 0, anywhere(leads[0]))),
        5 => CardKind::Document(Document {
            text,
            document: Some(uuid::Uuid::from_u128(7).into()),
            continue_label: None,
            next: anywhere(leads[0]),
        }),
        6 => CardKind::AiAnswer(AiAnswer {
            follow_up: (leads[2] % 2 == 0).then(|| RichText::plain("More?")),
            fallback: RichText::plain("No idea."),
            questions: u8::try_from(leads[3] % 5).unwrap_or(0) + 1,
            instructions: String::new(),
            topics: Vec::new(),
            next: anywhere(leads[0]),
            not_answered: anywhere(leads[1]),
            text,
        }),
        7 => CardKind::Meeting(Meeting {
            text,
            routing: Routing::RoundRobin,
            save_agent_name: None,
            save_agent_email: None,
            fallback: None,
            booked: forward(leads[0]),
            not_booked: forward(leads[1]),
        }),
        8 => CardKind::LiveChat(LiveChat {
            text,
            routing: Routing::CustomRules,
            any_available_agent: false,
            fallback: (leads[0] % 2 == 0).then(|| RichText::plain("Later.")),
        }),
        9 => CardKind::Action(ActionCard { actions: actions(leads), next: forward(leads[0]) }),
        10 => CardKind::Branch(branch(leads, forward)),
        11 => CardKind::Jump(Jump { to: forward(leads[0]) }),
        _ => CardKind::InfoCapture(form(text, true, true, forward(leads[0]))),
    };
    Card { id: id(index), title: None, kind }
}

fn actions(leads: [usize; 4]) -> Vec<Action> {
    let list = Some(uuid::Uuid::from_u128(9).into());
    let first = match leads[1] % 5 {
        0 => Action::AddToList { list },
        1 => Action::RemoveFromList { list },
        2 => Action::ChangeScore { by: 5 },
        3 => Action::InterestingMoment {
            moment: stream::MomentType::Web,
            text: "{{answer.c0:\"x\"}}".to_owned(),
        },
        _ => Action::CallWebhook { url: "https://a.example/hook".to_owned() },
    };
    let set = Action::SetAttribute {
        attribute: "lead.first_name".to_owned(),
        value: "{{answer.c0:\"Ada\"}}".to_owned(),
        overwrite: Overwrite::IfEmpty,
    };
    vec![first, set]
}

fn branch(leads: [usize; 4], forward: impl Fn(usize) -> Option<String>) -> Branch {
    let asked = ["Ada", "Bob"][leads[2] % 2];
    let criteria = serde_json::json!({"attribute": "person.first_name", "op": "is", "values": [asked]});
    let case = |number: usize| Case {
        id: format!("case{number}"),
        name: format!("Case {number}"),
        criteria: serde_json::from_value(criteria.clone()).expect("criteria"),
        next: forward(leads[number]),
    };
    Branch { cases: vec![case(0), case(1)], otherwise: forward(leads[3]) }
}

fn response(index: usize, next: Option<String>) -> Response {
    Response { id: format!("r{index}"), label: format!("Label {index}"), stored_value: None, next }
}

fn form(text: RichText, skip_if_known: bool, required: bool, next: Option<String>) -> InfoCapture {
    let field = |id: &str, kind, attribute: &str| Field {
        id: id.to_owned(),
        kind,
        label: id.to_owned(),
        placeholder: None,
        options: None,
        attribute: Some(attribute.to_owned()),
        overwrite: Overwrite::Always,
        validation_message: None,
        refuse: Vec::new(),
    };
    let mut fields = vec![field("n", FieldKind::Text, "person.first_name")];
    if !skip_if_known {
        fields.push(field("e", FieldKind::Email, "person.email"));
    }
    InfoCapture { text, fields, skip_if_known, required, next }
}

fn streams() -> impl Strategy<Value = Stream> {
    // `answer.c0` needs a first card that can be answered.
    let shape = || (any::<u8>(), any::<[usize; 4]>());
    (any::<[usize; 4]>(), prop::collection::vec(shape(), 0..12)).prop_map(|(first, rest)| {
        let shapes: Vec<Shape> = std::iter::once((2, first)).chain(rest).collect();
        let count = shapes.len();
        let cards = shapes.into_iter().enumerate().map(|(index, shape)| card(index, count, shape)).collect();
        let mut stream = Stream { start: id(0), cards };
        stream.cards.push(Card {
            id: BYE.to_owned(),
            title: None,
            kind: CardKind::Message(Message { text: RichText::plain("Bye."), next: None }),
        });
        // Only what the rest of the stream leads to can be published.
        while let Some(unreached) = first_unreached(&stream) {
            stream.cards.retain(|card| card.id != unreached);
        }
        stream
    })
}

fn first_unreached(stream: &Stream) -> Option<String> {
    let mut errors = found(stream).errors.into_iter();
    errors.find(|error| error.message == "No branch leads to this card.").and_then(|error| error.card_id)
}

fn found(stream: &Stream) -> Checks {
    let context = CheckContext { has_document: &|_| true, ..CheckContext::bare(&kind_of, &Nobody) };
    check(stream, &context)
}

fn errors(stream: &Stream) -> Vec<String> {
    let checks = found(stream);
    checks
        .errors
        .into_iter()
        .map(|error| format!("{:?} {}: {}", error.card_id, error.field, error.message))
        .collect()
}

/// An input in terms of the conversation: most aim at the card that waits, some at any card.
#[derive(Debug, Clone)]
struct Move {
    kind: u8,
    choice: usize,
    stray: Option<usize>,
    text: String,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = (any::<u8>(), any::<usize>(), prop::option::weighted(0.15, 0_usize..12), ".{0,12}");
    let one = one.prop_map(|(kind, choice, stray, text)| Move { kind, choice, stray, text });
    prop::collection::vec(one, 0..24)
}

fn input(state: &ConversationState, made: &Move) -> Input {
    let waiting = state.waiting_card().unwrap_or("c0").to_owned();
    let card = made.stray.map_or(waiting, id);
    let values = |email: &str| {
        let name = FieldInput::Text(made.text.clone());
        let email = FieldInput::Text(email.to_owned());
        Answer::Values { values: BTreeMap::from([("n".to_owned(), name), ("e".to_owned(), email)]) }
    };
    match made.kind % 12 {
        0 | 1 => {
            Input::Answer { card, answer: Answer::Response { response_id: format!("r{}", made.choice % 4) } }
        }
        2 => Input::Answer { card, answer: Answer::Text { text: made.text.clone() } },
        3 | 4 => Input::Answer { card, answer: values("a@example.com") },
        5 => Input::Answer { card, answer: values(&made.text) },
        6 => Input::Answer { card, answer: Answer::Skip },
        9 | 10 => Input::Answer { card, answer: Answer::Continue },
        11 => Input::OpenDocument { card },
        7 => Input::Back { card: id(made.choice % 12) },
        _ => Input::Restart,
    }
}

/// What the service sends by itself: sometimes it knows an answer, sometimes not.
fn going_on(state: &ConversationState, made: &Move) -> Option<Input> {
    if state.must_continue() {
        return Some(Input::Continue);
    }
    if state.with_people().is_some() {
        let outcome = if made.choice % 3 == 1 { ChatOutcome::Over } else { ChatOutcome::NobodyCame };
        return (!made.choice.is_multiple_of(3)).then_some(Input::ChatEnded { outcome });
    }
    state.asked()?;
    Some(Input::Knowledge { answer: (made.choice.is_multiple_of(2)).then(|| RichText::plain("Because.")) })
}

/// A conversation and everything that came of it, as a service keeps it.
#[derive(Default)]
struct Kept {
    state: ConversationState,
    live: Vec<MessageContent>,
    log: Vec<(Input, Option<String>)>,
    effects: Vec<Effect>,
    engaged: usize,
    completed: usize,
}

impl Kept {
    fn apply(
        &mut self,
        stream: &CompiledStream,
        input: Input,
        client: Option<String>,
    ) -> Result<Step, Refused> {
        let turn = Turn { input: &input, client_id: client.as_deref(), at: Timestamp::UNIX_EPOCH };
        let step = advance(stream, &self.state, turn, &Nobody)?;
        for effect in &step.effects {
            match effect {
                Effect::Supersede { from_card } => {
                    let from = superseded_from(&self.live, from_card.as_deref());
                    self.live.truncate(from.unwrap_or(self.live.len()));
                }
                Effect::Engaged => self.engaged += 1,
                Effect::Completed => self.completed += 1,
                other => self.live.extend(other.message()),
            }
        }
        self.state = step.state.clone();
        self.effects.extend(step.effects.iter().cloned());
        self.log.push((input, client));
        Ok(step)
    }
}

fn promises(
    stream: &CompiledStream,
    before: &ConversationState,
    input: &Input,
    step: &Step,
    kept: &Kept,
) -> Result<(), TestCaseError> {
    if let Input::OpenDocument { card } = input {
        prop_assert_eq!(before.waiting_card(), Some(card.as_str()), "only a document that waits is opened");
        prop_assert_eq!(step.state.waiting_card(), before.waiting_card());
        return Ok(());
    }
    let asks = step.effects.iter().filter(|effect| matches!(effect, Effect::Ask { .. })).count();
    prop_assert!(asks <= 1);
    if asks == 1 {
        prop_assert!(matches!(step.effects.last(), Some(Effect::Ask { .. })), "an Ask is the last effect");
    }
    prop_assert_eq!(asks == 1, step.state.waiting_card().is_some());
    let requests = step.effects.iter().filter(|effect| matches!(effect, Effect::RequestChat { .. })).count();
    prop_assert_eq!(requests == 1, step.state.with_people().is_some());
    if requests == 1 {
        prop_assert!(
            matches!(step.effects.last(), Some(Effect::RequestChat { .. })),
            "a request is the last effect"
        );
    }
    let waits = step.state.waiting_card().is_some() || step.state.with_people().is_some();
    prop_assert_eq!(waiting(stream, &step.state, &Nobody).is_some(), waits);
    if let Input::Answer { card, .. } = input {
        prop_assert_eq!(before.waiting_card(), Some(card.as_str()), "only the waiting card takes an answer");
        prop_assert_eq!(step.state.path.len(), before.path.len() + 1);
    }
    // Nothing that waits is passed without its answer: the live transcript pairs every question but the last.
    let questions = kept
        .live
        .iter()
        .filter(|message| {
            message.from == stream::MessageFrom::Bot && message.kind != stream::MessageKind::Text
        })
        .count();
    let answers = kept.live.iter().filter(|message| message.kind == stream::MessageKind::Answer).count();
    prop_assert_eq!(answers, step.state.path.len());
    prop_assert_eq!(questions, answers + asks);
    prop_assert!(kept.engaged <= 1 && kept.completed <= 1);
    prop_assert_eq!((kept.engaged == 1, kept.completed == 1), (step.state.engaged, step.state.completed));
    Ok(())
}

proptest! {
    #[test]
    fn any_inputs_on_any_stream_keep_the_promises(stream in streams(), moves in moves()) {
        prop_assert_eq!(errors(&stream), Vec::<String>::new());
        let json = serde_json::to_string(&stream).expect("JSON");
        prop_assert_eq!(&serde_json::from_str::<Stream>(&json).expect("reads back"), &stream);
        let surroundings = Surroundings { flow: &|_| None, catalog: &Nobody };
        let compiled = CompiledStream::within(stream, &surroundings);
        let mut kept = Kept::default();
        kept.apply(&compiled, Input::Start, None).expect("starts");
        let first = Move { kind: 0, choice: 1, stray: None, text: String::new() };
        while let Some(next) = going_on(&kept.state, &first) {
            kept.apply(&compiled, next, None).expect("goes on");
        }
        for (number, made) in moves.iter().enumerate() {
            let (before, sent) = (kept.state.clone(), input(&kept.state, made));
            let client = format!("m{number}");
            let Ok(step) = kept.apply(&compiled, sent.clone(), Some(client.clone())) else {
                prop_assert_eq!(&kept.state, &before);
                continue;
            };
            promises(&compiled, &before, &sent, &step, &kept)?;
            while let Some(next) = going_on(&kept.state, made) {
                let before = kept.state.clone();
                let step = kept.apply(&compiled, next.clone(), None).expect("goes on");
                promises(&compiled, &before, &next, &step, &kept)?;
            }
            let again = kept.apply(&compiled, sent, Some(client));
            prop_assert_eq!(again, Err(Refused::AlreadyApplied));
        }
        let state = serde_json::to_string(&kept.state).expect("JSON");
        prop_assert_eq!(&serde_json::from_str::<ConversationState>(&state).expect("reads back"), &kept.state);
        let effects = serde_json::to_string(&kept.effects).expect("JSON");
        prop_assert_eq!(&serde_json::from_str::<Vec<Effect>>(&effects).expect("reads back"), &kept.effects);
        let mut replayed = Kept::default();
        for (input, client) in kept.log.clone() {
            replayed.apply(&compiled, input, client).expect("was applied before");
        }
        prop_assert_eq!(replayed.state, kept.state);
        prop_assert_eq!(replayed.effects, kept.effects);
    }

    #[test]
    fn any_text_can_be_rendered_and_checked(text in "[{}\\\\\":a-z. ]{0,40}") {
        struct Empty;
        impl stream::tokens::TokenSource for Empty {
            fn value(&self, _: &stream::tokens::TokenPath) -> Option<String> { None }
        }
        let rendered = stream::tokens::render(&text, &Empty);
        if stream::tokens::parse(&text).is_empty() {
            prop_assert_eq!(rendered, text);
        }
    }
}
