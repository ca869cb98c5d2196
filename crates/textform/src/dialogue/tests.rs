use super::{DialogueText, write};
use crate::{Directory, Document, criteria_text, markdown};
use kernel::RichText;
use proptest::{
    collection::{btree_map, vec},
    option,
    prelude::*,
    sample::select,
};
use stream::{
    Action, ActionCard, AiAnswer, AnyText, Branch, Card, CardKind, Case, Document as DocumentCard, Field,
    FieldKind, Flow, Goal, InfoCapture, Interface, Jump, LiveChat, Meeting, Message, MomentType, Overwrite,
    Question, Refuse, Response, ResponseStyle, Routing, Script, ScriptStep, Stream,
};
use targeting::{Caps, EventCondition, EventMode, EventRule, PagePatterns, PerVisitor, Targeting};
use uuid::Uuid;

const EXAMPLE: &str = include_str!("../../tests/book-a-demo.toml");

fn read(text: &str) -> Result<DialogueText, Vec<crate::TextError>> {
    Document::open(text)?.dialogue(&Directory::anything()).map(|read| read.value)
}

#[test]
fn the_example_is_written_as_it_was_read() {
    let dialogue = read(EXAMPLE).expect("a dialogue");
    assert_eq!(dialogue.stream.cards.len(), 14);
    let mut names = Directory::anything();
    // The open directory knows ids only by their names when it is told them.
    let mut lists = crate::Names::anything();
    lists.add(lists.find("Customers").expect("any"), "Customers".to_owned());
    names.lists = std::sync::Arc::new(lists);
    let mut teams = crate::Names::anything();
    teams.add(teams.find("Sales").expect("any"), "Sales".to_owned());
    names.teams = std::sync::Arc::new(teams);
    let mut agents = crate::Names::anything();
    agents.add(agents.find("ada@acme.example").expect("any"), "ada@acme.example".to_owned());
    names.agents = std::sync::Arc::new(agents);
    let mut documents = crate::Names::anything();
    documents.add(documents.find("Price list").expect("any"), "Price list".to_owned());
    names.documents = std::sync::Arc::new(documents);
    let mut flows = crate::Names::anything();
    flows.add(flows.find("Qualify").expect("any"), "Qualify".to_owned());
    names.flows = std::sync::Arc::new(flows);
    assert_eq!(write(&dialogue, &names), EXAMPLE);
}

/// `line:column field: message` of every mistake.
fn mistakes(text: &str) -> Vec<String> {
    let names = Directory::default();
    let read = Document::open(text).and_then(|document| document.dialogue(&names).map(|read| read.value));
    let line =
        |e: crate::TextError| format!("{}:{} {}: {}", e.place.line, e.place.column, e.field, e.message);
    read.expect_err("mistakes").into_iter().map(line).collect()
}

#[test]
fn all_mistakes_of_a_text_are_named_with_line_and_field() {
    let text = r#"kind = "dialogue"
name = "Book a demo"
site = "Acme"
priorty = 2
enabled = "yes"

[targeting]
audience = 'person.email ist "x"'
events.any = [{ time_on_page_seconds = -1 }, { wait = 3 }]

[[cards]]
id = "hello"
kind = "question"
text = "Hi **there"
responses = [
  { id = "a", label = "A", nxt = "b" },
]

[[cards]]
id = "list"
kind = "action"
actions = [
  { do = "add_to_list", list = "Customers" },
  { do = "dance" },
]

[[cards]]
id = "x"
kind = "massage"

[[tests]]
name = "t"
steps = [{ expect_goal = "Demo" , skip = true }]
"#;
    let found = mistakes(text);
    let expected = [
        "4:1 priorty: “priorty” is not known here. Perhaps “priority”?",
        "5:11 enabled: Expected true or false, found a text.",
        "8:26 targeting/audience: Expected an operator",
        "9:40 targeting/events/any/0/time_on_page_seconds: Expected a whole number within reason, found a whole number.",
        "9:48 targeting/events/any/1/wait: “wait” is not known here.",
        "14:12 cards/hello/text: The ** is never closed",
        "16:28 cards/hello/responses/0/nxt: “nxt” is not known here. Perhaps “next”?",
        "23:32 cards/list/actions/0/list: There is no list called “Customers”.",
        "24:10 cards/list/actions/1/do: “dance” is not one of set_attribute,",
        "29:8 cards/x/kind: “massage” is not one of message,",
        "33:10 tests/0/steps/0: A step is one of choose,",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
}

#[test]
fn what_is_no_dialogue_is_refused_with_a_sentence() {
    for (text, expected) in [
        ("", "1:1 kind: “kind” is missing: one of dialogue, flow"),
        ("kind = \"dialog\"", "1:8 kind: “dialog” is not one of dialogue, flow"),
        ("kind = \"flow\"\nname = 3", "1:1 site: “site” is missing."),
        ("kind = \"flow\"\nname = ", "2:8 : This is not TOML"),
        ("kind = \"flow\"\nkind = \"flow\"", "2:1 : This is not TOML: duplicate key"),
    ] {
        let found = mistakes(text);
        assert!(found[0].starts_with(expected), "{text}: {found:?}");
    }
}

#[test]
fn places_are_found_by_card_and_field() {
    let document = Document::open(EXAMPLE).expect("a text");
    let places = document.dialogue(&Directory::anything()).expect("a dialogue").places;
    let line =
        |field: &str| EXAMPLE.lines().nth(places.of(field).line - 1).expect("a line").trim().to_owned();
    assert!(line("cards/ask/responses/1/label").starts_with("{ id = \"talk\""));
    assert_eq!(line("cards/contact/fields/0/attribute"), "attribute = \"person.email\"");
    assert!(line("cards/contact").starts_with("[[cards]]"), "{}", line("cards/contact"));
    assert!(line("targeting/pages/include/0").starts_with("\"https://www.acme.example/pricing*"));
    assert!(line("targeting/events/conditions/1").starts_with("{ exit_intent"));
    assert!(line("tests/0/steps/1").starts_with("{ choose"));
}

#[test]
fn files_of_other_systems_are_read_too() {
    let windows = format!("\u{feff}{}", EXAMPLE.replace('\n', "\r\n"));
    assert_eq!(read(&windows), read(EXAMPLE));
}

// ---- every dialogue ----

fn word() -> impl Strategy<Value = String> {
    prop_oneof![3 => "[a-z_]{0,8}", 1 => any::<String>()]
}

fn way() -> impl Strategy<Value = Option<String>> {
    option::of(word())
}

fn text() -> BoxedStrategy<RichText> {
    markdown::tests::rich_text().boxed()
}

fn id<T: From<Uuid> + Clone + std::fmt::Debug>() -> impl Strategy<Value = Option<T>> {
    option::of((0_u128..9).prop_map(|number| T::from(Uuid::from_u128(number))))
}

fn overwrite() -> impl Strategy<Value = Overwrite> {
    select(vec![Overwrite::Always, Overwrite::IfEmpty])
}

fn question() -> impl Strategy<Value = CardKind> {
    let response = (word(), word(), way(), way()).prop_map(|(id, label, stored_value, next)| Response {
        id,
        label,
        stored_value,
        next,
    });
    let style = select(vec![ResponseStyle::Buttons, ResponseStyle::List]);
    let free = option::of(way().prop_map(|next| AnyText { next }));
    (text(), style, vec(response, 0..4), free, way(), option::of(overwrite())).prop_map(
        |(text, style, responses, free_text, attribute, overwrite)| {
            CardKind::Question(Question { text, style, responses, free_text, attribute, overwrite })
        },
    )
}

fn info() -> impl Strategy<Value = CardKind> {
    let kinds: Vec<FieldKind> = super::cards::field_kinds();
    let refuse = vec(select(vec![Refuse::Free, Refuse::Disposable]), 0..3);
    let options = option::of(vec(word(), 0..4));
    let field = (word(), select(kinds), word(), way(), options, way(), overwrite(), way(), refuse).prop_map(
        |(id, kind, label, placeholder, options, attribute, overwrite, validation_message, refuse)| Field {
            id,
            kind,
            label,
            placeholder,
            options,
            attribute,
            overwrite,
            validation_message,
            refuse,
        },
    );
    (text(), vec(field, 0..3), any::<bool>(), any::<bool>(), way()).prop_map(
        |(text, fields, skip_if_known, required, next)| {
            CardKind::InfoCapture(InfoCapture { text, fields, skip_if_known, required, next })
        },
    )
}

fn routing() -> impl Strategy<Value = Routing> {
    prop_oneof![
        Just(Routing::RoundRobin),
        Just(Routing::CustomRules),
        id().prop_map(|agent| Routing::Agent { agent }),
        id().prop_map(|team| Routing::Team { team }),
    ]
}

fn handover() -> impl Strategy<Value = CardKind> {
    let meeting = (text(), routing(), way(), way(), option::of(text()), way(), way()).prop_map(
        |(text, routing, save_agent_name, save_agent_email, fallback, booked, not_booked)| {
            CardKind::Meeting(Meeting {
                text,
                routing,
                save_agent_name,
                save_agent_email,
                fallback,
                booked,
                not_booked,
            })
        },
    );
    let chat = (text(), routing(), any::<bool>(), option::of(text())).prop_map(
        |(text, routing, any_available_agent, fallback)| {
            CardKind::LiveChat(LiveChat { text, routing, any_available_agent, fallback })
        },
    );
    prop_oneof![meeting, chat]
}

fn action() -> impl Strategy<Value = CardKind> {
    let moments = vec![MomentType::Email, MomentType::Web, MomentType::Milestone];
    let action = prop_oneof![
        (word(), word(), overwrite()).prop_map(|(attribute, value, overwrite)| Action::SetAttribute {
            attribute,
            value,
            overwrite
        }),
        id().prop_map(|list| Action::AddToList { list }),
        id().prop_map(|list| Action::RemoveFromList { list }),
        any::<i32>().prop_map(|by| Action::ChangeScore { by }),
        (select(moments), word()).prop_map(|(moment, text)| Action::InterestingMoment { moment, text }),
        word().prop_map(|url| Action::CallWebhook { url }),
    ];
    (vec(action, 0..4), way()).prop_map(|(actions, next)| CardKind::Action(ActionCard { actions, next }))
}

fn branch() -> impl Strategy<Value = CardKind> {
    let case = (word(), word(), criteria_text::tests::criteria(), way())
        .prop_map(|(id, name, criteria, next)| Case { id, name, criteria, next });
    (vec(case, 0..3), way()).prop_map(|(cases, otherwise)| CardKind::Branch(Branch { cases, otherwise }))
}

fn ai_answer() -> impl Strategy<Value = CardKind> {
    (text(), option::of(text()), any::<u8>(), word(), vec(word(), 0..3), text(), way(), way()).prop_map(
        |(text, follow_up, questions, instructions, topics, fallback, next, not_answered)| {
            CardKind::AiAnswer(AiAnswer {
                text,
                follow_up,
                questions,
                instructions,
                topics,
                fallback,
                next,
                not_answered,
            })
        },
    )
}

fn card() -> impl Strategy<Value = Card> {
    let kind = prop_oneof![
        (text(), way()).prop_map(|(text, next)| CardKind::Message(Message { text, next })),
        question(),
        info(),
        (text(), id(), way(), way()).prop_map(|(text, document, continue_label, next)| {
            CardKind::Document(DocumentCard { text, document, continue_label, next })
        }),
        handover(),
        (word(), way()).prop_map(|(goal, next)| CardKind::Goal(Goal { goal, next })),
        action(),
        branch(),
        (id(), way()).prop_map(|(flow, next)| CardKind::Flow(Flow { flow, next })),
        ai_answer(),
        way().prop_map(|to| CardKind::Jump(Jump { to })),
    ];
    (word(), way(), kind).prop_map(|(id, title, kind)| Card { id, title, kind })
}

fn targeting() -> impl Strategy<Value = Targeting> {
    let event = prop_oneof![
        any::<u32>().prop_map(|seconds| EventCondition::TimeOnPage { seconds }),
        any::<u32>().prop_map(|seconds| EventCondition::TimeOnSite { seconds }),
        any::<u8>().prop_map(|percent| EventCondition::ScrollDepth { percent }),
        Just(EventCondition::ExitIntent {}),
        any::<u32>().prop_map(|count| EventCondition::PageViews { count }),
    ];
    let events = (select(vec![EventMode::All, EventMode::Any]), vec(event, 0..4))
        .prop_map(|(mode, conditions)| EventRule { mode, conditions });
    let per_visitor = option::of((any::<u32>(), any::<u32>()));
    let caps = (per_visitor, option::of(any::<u32>()), option::of(any::<u8>())).prop_map(
        |(per_visitor, pause_after_dismissal_days, share)| Caps {
            per_visitor: per_visitor.map(|(times, period_days)| PerVisitor { times, period_days }),
            pause_after_dismissal_days,
            share,
        },
    );
    (criteria_text::tests::criteria(), vec(word(), 0..4), vec(word(), 0..3), events, caps).prop_map(
        |(audience, include, exclude, events, caps)| Targeting {
            audience,
            pages: PagePatterns { include, exclude },
            events,
            caps,
        },
    )
}

fn script() -> impl Strategy<Value = Script> {
    let values = || btree_map(word(), word(), 0..3);
    let step = prop_oneof![
        word().prop_map(|response| ScriptStep::Choose { response }),
        word().prop_map(|text| ScriptStep::Type { text }),
        values().prop_map(|values| ScriptStep::Fill { values }),
        Just(ScriptStep::Skip),
        Just(ScriptStep::Continue),
        word().prop_map(|card| ScriptStep::Back { card }),
        word().prop_map(|text| ScriptStep::ExpectSays { text }),
        word().prop_map(|card| ScriptStep::ExpectAsks { card }),
        word().prop_map(|goal| ScriptStep::ExpectGoal { goal }),
        word().prop_map(|goal| ScriptStep::ExpectNoGoal { goal }),
        (word(), word()).prop_map(|(attribute, value)| ScriptStep::ExpectAttribute { attribute, value }),
        Just(ScriptStep::ExpectEnd),
    ];
    (word(), values(), vec(step, 0..6)).prop_map(|(name, visitor, steps)| Script { name, visitor, steps })
}

fn dialogue() -> impl Strategy<Value = DialogueText> {
    let settings = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<u32>());
    let interface = select(vec![Interface::Chatbot, Interface::Popup, Interface::Inline]);
    let words = (word(), word(), word(), any::<String>(), word());
    let points = prop_oneof![(-9_i32..9_999).prop_map(f64::from), -1e9..1e9];
    let layout = btree_map(word(), (points, -1e3..1e300), 0..3);
    let stream = (word(), vec(card(), 0..6)).prop_map(|(start, cards)| Stream { start, cards });
    (settings, interface, words, targeting(), stream, layout, vec(script(), 0..3)).prop_map(
        |(settings, interface, words, targeting, stream, layout, tests)| DialogueText {
            is_flow: settings.0,
            name: words.0.clone(),
            reference: words.1,
            site: words.2,
            description: words.3,
            priority: settings.4,
            enabled: settings.1,
            language: words.4,
            allow_back: settings.2,
            allow_restart: settings.3,
            interface,
            targeting,
            stream,
            layout,
            tests,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_dialogue_is_read_as_it_was_written(dialogue in dialogue()) {
        let names = Directory::anything();
        let written = write(&dialogue, &names);
        let read = read(&written);
        prop_assert_eq!(read.as_ref(), Ok(&dialogue), "{}", written);
        prop_assert_eq!(write(&read.expect("fine"), &names), written);
    }

    #[test]
    fn no_change_of_a_text_breaks_the_reader(at in 0..EXAMPLE.len(), cut in 0_usize..40, put in any::<String>()) {
        let floor = |mut at: usize| { while !EXAMPLE.is_char_boundary(at) { at -= 1; } at };
        let (from, to) = (floor(at), floor((at + cut).min(EXAMPLE.len())));
        let text = format!("{}{put}{}", &EXAMPLE[..from], &EXAMPLE[to..]);
        if let Err(mistakes) = read(&text) {
            prop_assert!(!mistakes.is_empty());
            prop_assert!(mistakes.iter().all(|mistake| mistake.place.line <= text.lines().count() + 1));
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in any::<String>()) {
        drop(read(&text));
        drop(read(&format!("kind = \"dialogue\"\nname = \"x\"\nsite = \"y\"\n{text}")));
    }
}
