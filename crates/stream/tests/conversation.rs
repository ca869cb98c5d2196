//! What visitors and authors rely on when a conversation runs.

use kernel::{Timestamp, millis};
use std::collections::BTreeMap;
use stream::{
    Answer, CompiledStream, ConversationState, Effect, FieldCode, Input, MessageContent, Profile, Refused,
    Step, Turn, Waiting, advance, message::superseded_from, waiting,
};

#[derive(Default)]
struct Visitor {
    attributes: BTreeMap<String, String>,
    hidden: Vec<String>,
}

impl Profile for Visitor {
    fn shown(&self, attribute: &str) -> Option<String> {
        self.attributes.get(attribute).cloned()
    }
    fn is_known(&self, attribute: &str) -> bool {
        self.attributes.contains_key(attribute) || self.hidden.iter().any(|hidden| hidden == attribute)
    }
    fn country(&self) -> Option<&str> {
        Some("DE")
    }
    fn is_blocked_domain(&self, domain: &str) -> bool {
        domain == "rival.example"
    }
    fn facts(&self, symbols: &criteria::Symbols, at: Timestamp) -> criteria::Facts {
        criteria::Facts::prepare(symbols, &criteria::Moment::new(at, jiff::tz::TimeZone::UTC), [], [])
    }
    fn document(&self, _: kernel::DocumentId) -> Option<stream::OfferedDocument> {
        None
    }
    fn fallback(&self, handover: stream::Handover) -> kernel::RichText {
        stream::handover::standard_fallback(handover, kernel::Locale::En)
    }
}

/// A conversation as the service would carry it.
struct Talk {
    stream: CompiledStream,
    state: ConversationState,
    visitor: Visitor,
    live: Vec<MessageContent>,
    inputs: usize,
}

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

impl Talk {
    fn new(json: &str) -> Self {
        let stream = CompiledStream::new(serde_json::from_str(json).expect("a stream"));
        let (state, visitor) = (ConversationState::default(), Visitor::default());
        Self { stream, state, visitor, live: Vec::new(), inputs: 0 }
    }

    fn started(json: &str) -> Self {
        let mut talk = Self::new(json);
        talk.send(&Input::Start).expect("starts");
        talk
    }

    fn try_send(&self, input: &Input, client_id: &str) -> Result<Step, Refused> {
        advance(&self.stream, &self.state, Turn { input, client_id: Some(client_id), at: NOW }, &self.visitor)
    }

    /// Applies an input and goes on as long as the state says so.
    fn send(&mut self, input: &Input) -> Result<Vec<Effect>, Refused> {
        self.inputs += 1;
        let step = self.try_send(input, &format!("client-{}", self.inputs))?;
        let mut effects = self.carry_out(step);
        if self.state.must_continue() {
            effects.extend(self.send(&Input::Continue)?);
        }
        Ok(effects)
    }

    fn carry_out(&mut self, step: Step) -> Vec<Effect> {
        for effect in &step.effects {
            if let Effect::Supersede { from_card } = effect {
                let from = superseded_from(&self.live, from_card.as_deref()).expect("something to supersede");
                self.live.truncate(from);
            }
            if let Effect::SetAttribute { attribute, value, .. } = effect {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.visitor.attributes.insert(attribute.clone(), text);
            }
            self.live.extend(effect.message());
        }
        self.state = step.state;
        step.effects
    }

    fn choose(&mut self, card: &str, response: &str) -> Result<Vec<Effect>, Refused> {
        let answer = Answer::Response { response_id: response.to_owned() };
        self.send(&Input::Answer { card: card.to_owned(), answer })
    }

    fn say(&mut self, card: &str, text: &str) -> Result<Vec<Effect>, Refused> {
        self.send(&Input::Answer { card: card.to_owned(), answer: Answer::Text { text: text.to_owned() } })
    }

    fn fill(&mut self, card: &str, values: &str) -> Result<Vec<Effect>, Refused> {
        let answer = Answer::Values { values: serde_json::from_str(values).expect("values") };
        self.send(&Input::Answer { card: card.to_owned(), answer })
    }

    fn transcript(&self) -> Vec<String> {
        self.live.iter().map(|message| message.text.to_plain()).collect()
    }
}

fn text(plain: &str) -> String {
    serde_json::to_string(&kernel::RichText::plain(plain)).expect("JSON")
}

fn demo() -> String {
    let [hello, role, mail, thanks, bye] = [
        "Hello",
        "Who are you?",
        "Your address?",
        "Thanks {{person.first_name:\"friend\"}}, {{answer.Role}}!",
        "Bye",
    ]
    .map(text);
    format!(
        r#"{{"start":"hello","cards":[
        {{"id":"hello","kind":"message","text":{hello},"next":"role"}},
        {{"id":"role","title":"Role","kind":"question","text":{role},"style":"buttons","attribute":"person.job_title",
          "responses":[{{"id":"dev","label":"Développeur","stored_value":"Developer","next":"mail"}},
                       {{"id":"none","label":"Just looking","next":"bye"}}]}},
        {{"id":"mail","kind":"info_capture","text":{mail},"skip_if_known":true,"required":true,"next":"goal","fields":[
          {{"id":"e","type":"email","label":"E-mail","overwrite":"always","refuse":["free","disposable"]}},
          {{"id":"n","type":"text","label":"First name","overwrite":"if_empty","attribute":"lead.first_name"}}]}},
        {{"id":"goal","kind":"goal","goal":"Lead","next":"thanks"}},
        {{"id":"thanks","kind":"message","text":{thanks},"next":null}},
        {{"id":"bye","kind":"message","text":{bye},"next":null}}]}}"#
    )
}

const VALUES: &str = r#"{"e":"Ada@Example.com","n":"Ada"}"#;

#[test]
fn a_conversation_runs_from_greeting_to_goal() {
    let mut talk = Talk::new(&demo());
    let opening = talk.send(&Input::Start).expect("starts");
    assert_eq!(stream::poke(&opening).as_deref(), Some("Hello"));
    assert_eq!(talk.state.waiting_card(), Some("role"));
    let chosen = talk.choose("role", "dev").expect("fits");
    assert!(chosen.contains(&Effect::Engaged));
    assert!(chosen.iter().any(|effect| matches!(effect, Effect::SetAttribute { attribute, value, .. }
        if attribute == "person.job_title" && value == "Developer")));
    let filled = talk.fill("mail", VALUES).expect("fits");
    let kinds: Vec<String> = filled.iter().map(name).collect();
    assert_eq!(kinds, ["answered", "give_email", "set_attribute", "reach_goal", "say", "completed"]);
    assert!(talk.state.completed);
    assert_eq!(talk.transcript().last().map(String::as_str), Some("Thanks Ada, Développeur!"));
}

fn name(effect: &Effect) -> String {
    serde_json::to_value(effect).expect("JSON")["effect"].as_str().expect("a name").to_owned()
}

#[test]
fn an_address_stops_the_step_until_it_is_decided_who_the_visitor_is() {
    let mut talk = Talk::started(&demo());
    talk.choose("role", "dev").expect("fits");
    let values = serde_json::from_str(r#"{"e":"grace@example.com","n":"G"}"#).expect("values");
    let input = Input::Answer { card: "mail".to_owned(), answer: Answer::Values { values } };
    let step = talk.try_send(&input, "x").expect("fits");
    assert!(step.state.must_continue() && !step.state.completed);
    assert!(
        !step.effects.iter().any(|effect| matches!(effect, Effect::Say { .. } | Effect::ReachGoal { .. }))
    );
    assert_eq!(waiting(&talk.stream, &step.state, &talk.visitor), None);
    let email = step.effects.iter().position(|e| matches!(e, Effect::GiveEmail { .. }));
    let first_value = step.effects.iter().position(|e| matches!(e, Effect::SetAttribute { .. }));
    assert!(email < first_value, "the values belong to the person whose address it is");
}

#[test]
fn the_same_input_twice_has_one_effect_and_a_late_one_is_refused() {
    let mut talk = Talk::started(&demo());
    let input = Input::Answer {
        card: "role".to_owned(),
        answer: Answer::Response { response_id: "none".to_owned() },
    };
    let step = talk.try_send(&input, "same").expect("fits");
    talk.carry_out(step);
    assert_eq!(talk.try_send(&input, "same"), Err(Refused::AlreadyApplied));
    assert_eq!(talk.try_send(&input, "another tab"), Err(Refused::NotCurrent));
    assert_eq!(talk.try_send(&Input::Start, "again"), Err(Refused::NotCurrent));
    assert_eq!(talk.try_send(&Input::Continue, "again"), Err(Refused::NotCurrent));
}

#[test]
fn typed_text_finds_its_response_without_case_and_accents() {
    let mut talk = Talk::started(&demo());
    let refused = talk.say("role", "something else");
    assert!(matches!(refused, Err(Refused::Invalid(errors)) if errors[0].code == FieldCode::Option));
    assert!(
        matches!(talk.say("role", " \u{0} "), Err(Refused::Invalid(errors)) if errors[0].code == FieldCode::Required)
    );
    talk.say("role", "  DEVELOPPEUR ").expect("the first response");
    assert_eq!(talk.state.waiting_card(), Some("mail"));
}

#[test]
fn typed_text_takes_the_other_branch_where_there_is_one() {
    let json = demo().replace(r#""attribute":"person.job_title","#, r#""free_text":{"next":"bye"},"#);
    let mut talk = Talk::started(&json);
    talk.say("role", "{{7*7}}").expect("taken");
    assert!(talk.transcript().contains(&"{{7*7}}".to_owned()));
    assert!(talk.state.completed);
    let mut talk = Talk::started(&json);
    let long = "x".repeat(4_001);
    assert!(
        matches!(talk.say("role", &long), Err(Refused::Invalid(errors)) if errors[0].code == FieldCode::TooLong)
    );
}

#[test]
fn going_back_asks_again_forgets_later_answers_and_keeps_goals() {
    let mut talk = Talk::started(&demo());
    talk.choose("role", "dev").expect("fits");
    talk.fill("mail", VALUES).expect("fits");
    let back = talk.send(&Input::Back { card: "role".to_owned() }).expect("answered before");
    assert!(matches!(back.as_slice(), [Effect::Supersede { .. }, Effect::Ask { .. }]), "{back:?}");
    assert_eq!(talk.transcript(), ["Hello", "Who are you?"]);
    assert_eq!((talk.state.epoch, talk.state.engaged, talk.state.completed), (1, true, true));
    let again = talk.choose("role", "none").expect("fits");
    assert!(again.iter().all(|effect| !matches!(effect, Effect::Engaged | Effect::Completed)), "{again:?}");
    assert!(
        again
            .iter()
            .any(|effect| matches!(effect, Effect::SetAttribute { value, .. } if value == "Just looking"))
    );
    assert_eq!(talk.transcript(), ["Hello", "Who are you?", "Just looking", "Bye"]);
    assert_eq!(talk.send(&Input::Back { card: "mail".to_owned() }), Err(Refused::NotCurrent));
}

#[test]
fn going_back_to_a_known_form_asks_it_with_what_was_given() {
    let mut talk = Talk::started(&demo());
    talk.choose("role", "dev").expect("fits");
    talk.fill("mail", VALUES).expect("fits");
    let asked = talk.send(&Input::Back { card: "mail".to_owned() }).expect("answered before");
    let back = waiting(&talk.stream, &talk.state, &talk.visitor);
    assert!(matches!(back, Some(Waiting::Info { card_id, .. }) if card_id == "mail"));
    let asked = serde_json::to_value(&asked[1]).expect("JSON");
    let values: Vec<&str> = asked["waiting"]["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .filter_map(|f| f["value"].as_str())
        .collect();
    assert_eq!(values, ["ada@example.com", "Ada"]);
    let restart = talk.send(&Input::Restart).expect("restarts");
    assert!(matches!(&restart[0], Effect::Supersede { from_card: None }));
    assert_eq!(talk.transcript(), ["Hello", "Who are you?"]);
}

#[test]
fn a_form_is_passed_over_when_all_is_known_also_what_may_not_be_shown() {
    let mut talk = Talk::new(&demo());
    talk.visitor.hidden = vec!["person.email".to_owned(), "person.first_name".to_owned()];
    talk.send(&Input::Start).expect("starts");
    talk.choose("role", "dev").expect("fits");
    assert_eq!(talk.transcript().last().map(String::as_str), Some("Thanks friend, Développeur!"));
    let mut talk = Talk::new(&demo());
    talk.visitor.hidden = vec!["person.email".to_owned()];
    talk.send(&Input::Start).expect("starts");
    talk.choose("role", "dev").expect("fits");
    assert_eq!(talk.state.waiting_card(), Some("mail"));
}

fn form(fields: &str, required: bool) -> String {
    let ask = text("Please");
    format!(
        r#"{{"start":"f","cards":[{{"id":"f","kind":"info_capture","text":{ask},"skip_if_known":false,
        "required":{required},"next":null,"fields":[{fields}]}}]}}"#
    )
}

/// One field, one input: the stored JSON or the code of the refusal.
fn submit(field: &str, value: &str) -> Result<String, FieldCode> {
    let field = format!(r#"{{"id":"a/b","label":"L","overwrite":"always","attribute":"person.x",{field}}}"#);
    let mut talk = Talk::started(&form(&field, true));
    match talk.fill("f", &format!(r#"{{"a/b":{value}}}"#)) {
        Ok(effects) => Ok(effects
            .iter()
            .find_map(|effect| match effect {
                Effect::SetAttribute { value, .. } => Some(value.to_string()),
                _ => None,
            })
            .expect("stored")),
        Err(Refused::Invalid(errors)) => {
            assert_eq!(errors[0].field, "/input/values/a~1b");
            Err(errors[0].code)
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn values_are_read_by_the_type_of_their_field() {
    let long = format!("\"{}\"", "ä".repeat(4_000));
    for (field, value, expected) in [
        (r#""type":"text""#, r#"" two\nlines ""#, Ok(r#""two lines""#)),
        (r#""type":"long_text""#, r#""two\nlines""#, Ok(r#""two\nlines""#)),
        (r#""type":"long_text""#, long.as_str(), Ok(long.as_str())),
        (r#""type":"text""#, r#""  ""#, Err(FieldCode::Required)),
        (r#""type":"text""#, "true", Err(FieldCode::Option)),
        (r#""type":"phone""#, r#""030 123456""#, Ok(r#""+4930123456""#)),
        (r#""type":"phone""#, r#""12""#, Err(FieldCode::Phone)),
        (r#""type":"number""#, r#""12.5""#, Ok("12.5")),
        (r#""type":"number""#, r#""42""#, Ok("42")),
        (r#""type":"number""#, r#""NaN""#, Err(FieldCode::Number)),
        (r#""type":"date""#, r#""2024-02-29""#, Ok(r#""2024-02-29""#)),
        (r#""type":"date""#, r#""2023-02-29""#, Err(FieldCode::Date)),
        (r#""type":"url""#, r#""example.com/a""#, Ok(r#""https://example.com/a""#)),
        (r#""type":"url""#, r#""javascript:alert(1)""#, Err(FieldCode::Url)),
        (r#""type":"picklist","options":["A","B"]"#, r#""B""#, Ok(r#""B""#)),
        (r#""type":"picklist","options":["A","B"]"#, r#""C""#, Err(FieldCode::Option)),
        (r#""type":"consent""#, "true", Ok("true")),
        (r#""type":"consent""#, "false", Err(FieldCode::Required)),
        (r#""type":"email""#, r#""Ada@Example.com""#, Ok(r#""ada@example.com""#)),
        (r#""type":"email""#, r#""ada""#, Err(FieldCode::EmailSyntax)),
        (r#""type":"email""#, r#""a@rival.example""#, Err(FieldCode::EmailRefused)),
        (r#""type":"email","refuse":["free"]"#, r#""a@gmail.com""#, Err(FieldCode::EmailRefused)),
        (r#""type":"email","refuse":["free"]"#, r#""a@mailinator.com""#, Ok(r#""a@mailinator.com""#)),
        (
            r#""type":"email","refuse":["disposable"]"#,
            r#""a@x.mailinator.com""#,
            Err(FieldCode::EmailRefused),
        ),
    ] {
        assert_eq!(submit(field, value), expected.map(str::to_owned), "{field} {value}");
    }
}

#[test]
fn every_refused_value_is_named_at_once_with_the_authors_words() {
    let fields = r#"{"id":"e","type":"email","label":"E","overwrite":"always","validation_message":"Work address, please"},
        {"id":"p","type":"phone","label":"P","overwrite":"always"}"#;
    let mut talk = Talk::started(&form(fields, true));
    let before = talk.state.clone();
    let Err(Refused::Invalid(errors)) = talk.fill("f", r#"{"e":"x","p":"y","z":"1"}"#) else {
        panic!("refused")
    };
    let told: Vec<(&str, FieldCode)> = errors.iter().map(|e| (e.field.as_str(), e.code)).collect();
    assert_eq!(
        told,
        [
            ("/input/values/z", FieldCode::Option),
            ("/input/values/e", FieldCode::EmailSyntax),
            ("/input/values/p", FieldCode::Phone)
        ]
    );
    assert_eq!(errors[1].message, "Work address, please");
    assert_eq!(talk.state, before);
}

#[test]
fn what_is_not_required_may_be_left_empty_or_skipped() {
    let fields = r#"{"id":"e","type":"email","label":"E","overwrite":"always"},
        {"id":"c","type":"consent","label":"C","overwrite":"always","attribute":"person.consent"}"#;
    for values in [r#"{"e":""}"#, "{}"] {
        let effects = Talk::started(&form(fields, false)).fill("f", values).expect("may be empty");
        assert!(matches!(&effects[0], Effect::Answered { answer, .. } if answer.skipped), "{effects:?}");
    }
    let skip = Input::Answer { card: "f".to_owned(), answer: Answer::Skip };
    assert!(Talk::started(&form(fields, false)).send(&skip).is_ok());
    let refused = Talk::started(&form(fields, true)).send(&skip);
    assert!(matches!(refused, Err(Refused::Invalid(errors)) if errors[0].code == FieldCode::Required));
}

#[test]
fn a_draft_with_loose_ends_can_be_previewed() {
    let hi = text("Hi");
    let circle = format!(
        r#"{{"start":"a","cards":[{{"id":"a","kind":"message","text":{hi},"next":"b"}},
        {{"id":"b","kind":"message","text":{hi},"next":"a"}}]}}"#
    );
    for json in [circle.as_str(), r#"{"start":"nowhere","cards":[]}"#] {
        assert!(Talk::started(json).state.completed, "{json}");
    }
}

#[test]
fn the_json_is_that_of_the_api_and_unknown_members_are_refused() {
    let stream: stream::Stream = serde_json::from_str(&demo()).expect("a stream");
    let json = serde_json::to_value(&stream).expect("JSON");
    assert_eq!(json["cards"][1]["kind"], "question");
    assert_eq!(json["cards"][4]["next"], serde_json::Value::Null);
    assert_eq!(serde_json::from_value::<stream::Stream>(json).expect("reads back"), stream);
    for (known, unknown) in [
        (r#""title":"Role""#, r#""titel":"Role""#),
        (r#""style":"buttons""#, r#""style":"buttons","colour":1"#),
        (r#""label":"Just looking""#, r#""label":"Just looking","x":1"#),
        (r#""kind":"goal""#, r#""kind":"rocket""#),
    ] {
        let bad = demo().replace(known, unknown);
        assert!(serde_json::from_str::<stream::Stream>(&bad).is_err(), "{unknown}");
    }
    let answer: Answer = serde_json::from_str(r#"{"kind":"skip"}"#).expect("an answer");
    assert_eq!(answer, Answer::Skip);
    assert!(serde_json::from_str::<Answer>(r#"{"kind":"text","text":"a","b":1}"#).is_err());
    let mut talk = Talk::started(&demo());
    talk.choose("role", "dev").expect("fits");
    let kept = serde_json::to_string(&talk.state).expect("JSON");
    assert_eq!(serde_json::from_str::<ConversationState>(&kept).expect("reads back"), talk.state);
    assert!(kept.len() < 400, "{kept}");
    assert_eq!(talk.state.last_input_at, Some(millis(0)));
}

fn played(cards: &serde_json::Value, attributes: &[(&str, &str)]) -> (CompiledStream, stream::Rehearsal) {
    let start = &cards[0]["id"];
    let stream = serde_json::json!({"start": start, "cards": cards});
    let inner = serde_json::json!({"start": "ask", "cards": [
        {"id": "ask", "title": "Size", "kind": "question", "text": serde_json::to_value(kernel::RichText::plain("How many?")).expect("JSON"),
         "style": "list", "responses": [{"id": "s", "label": "Few", "next": null}, {"id": "l", "label": "Many", "next": null}]}]});
    let flow = |_| serde_json::from_value(inner.clone()).ok();
    let surroundings = stream::Surroundings { flow: &flow, catalog: &Catalogue };
    let stream = CompiledStream::within(serde_json::from_value(stream).expect("a stream"), &surroundings);
    let given = attributes.iter().map(|(path, value)| ((*path).to_owned(), (*value).to_owned())).collect();
    (stream, stream::Rehearsal::of(given))
}

struct Catalogue;

impl criteria::Catalog for Catalogue {
    fn attribute_type(&self, attribute: &criteria::AttributeRef) -> Option<criteria::AttributeType> {
        criteria::standard::find(attribute).map(|standard| standard.kind)
    }
    fn list_name(&self, _: criteria::ListRef) -> Option<String> {
        Some("Everybody".to_owned())
    }
    fn lists_of(&self, _: kernel::SmartListId) -> Vec<criteria::ListRef> {
        Vec::new()
    }
}

/// Runs `play` in a room in which one question has an answer.
fn in_room<T>(stream: &CompiledStream, play: impl FnOnce(&stream::Room<'_>) -> T) -> T {
    let kind = |path: &str| {
        let path: criteria::AttributeRef = path.parse().ok()?;
        criteria::standard::find(&path).map(|standard| standard.kind)
    };
    let document = |id| {
        let url = "https://a.example/guide.pdf".to_owned();
        Some(stream::OfferedDocument { id, name: "Guide".to_owned(), url, pages: Some(3) })
    };
    let knowledge = |question: &str, topics: &[String]| {
        (question.contains("price") && topics == ["Prices"]).then(|| kernel::RichText::plain("It is free."))
    };
    play(&stream::Room {
        stream,
        at: NOW,
        zone: jiff::tz::TimeZone::UTC,
        country: Some("DE"),
        attribute_type: &kind,
        document: &document,
        fallback: &|handover| stream::handover::standard_fallback(handover, kernel::Locale::En),
        blocks: &|_| false,
        knowledge: &knowledge,
    })
}

fn words(text: &str) -> serde_json::Value {
    serde_json::to_value(kernel::RichText::plain(text)).expect("JSON")
}

fn lines(rehearsal: &stream::Rehearsal) -> Vec<String> {
    rehearsal.messages.iter().map(|message| message.text.to_plain()).collect()
}

fn answer(rehearsal: &mut stream::Rehearsal, room: &stream::Room<'_>, answer: Answer) -> Vec<Effect> {
    let card = rehearsal.state.waiting_card().expect("a card waits").to_owned();
    rehearsal.send(room, &Input::Answer { card, answer }, None).expect("fits")
}

/// An action sets a value, and the branch behind it already asks the changed record.
#[test]
fn branches_see_what_actions_have_just_done() {
    let cards = serde_json::json!([
        {"id": "set", "kind": "action", "next": "which", "actions": [
            {"do": "set_attribute", "attribute": "lead.job_title", "value": "CEO of {{company.name:\"nothing\"}}"},
            {"do": "change_score", "by": 7},
            {"do": "interesting_moment", "moment": "milestone", "text": "Hello {{person.job_title}}"}]},
        {"id": "which", "kind": "branch", "otherwise": "no", "cases": [
            {"id": "a", "name": "Boss", "next": "yes", "criteria": {"all": [
                {"attribute": "person.job_title", "op": "contains", "values": ["ceo of acme"]},
                {"attribute": "person.score", "op": "at_least", "values": [7]}]}}]},
        {"id": "yes", "kind": "message", "text": words("Welcome"), "next": null},
        {"id": "no", "kind": "message", "text": words("Who?"), "next": null}]);
    let (stream, mut rehearsal) = played(&cards, &[("company.name", "Acme")]);
    let effects = in_room(&stream, |room| rehearsal.send(room, &Input::Start, None).expect("starts"));
    assert_eq!(lines(&rehearsal), ["Welcome"]);
    assert_eq!(rehearsal.attributes["person.score"], "7");
    assert!(
        effects.iter().any(
            |effect| matches!(effect, Effect::Passed { card, passage: stream::Passage::Branch { case } }
        if card == "which" && case.as_deref() == Some("Boss"))
        )
    );
    assert!(
        effects.iter().any(|effect| matches!(effect, Effect::MarkMoment { text, .. } if text == "Hello "))
    );
}

/// The cards of a flow run under the flow card's name, and where it ends, the stream goes on.
#[test]
fn a_flow_runs_as_a_part_of_the_stream() {
    let cards = serde_json::json!([
        {"id": "help", "kind": "flow", "flow": "dlg_00000000000000000000000001", "next": "thanks"},
        {"id": "thanks", "kind": "message", "text": words("So {{answer.Size}}, thanks."), "next": null}]);
    let (stream, mut rehearsal) = played(&cards, &[]);
    in_room(&stream, |room| {
        rehearsal.send(room, &Input::Start, None).expect("starts");
        assert_eq!(rehearsal.state.waiting_card(), Some("help.ask"));
        answer(&mut rehearsal, room, Answer::Response { response_id: "l".to_owned() });
    });
    assert_eq!(lines(&rehearsal), ["How many?", "Many", "So Many, thanks."]);
}

#[test]
fn free_questions_are_answered_until_they_are_used_up_or_nothing_is_known() {
    let cards = serde_json::json!([
        {"id": "ask", "kind": "ai_answer", "text": words("Ask me."), "follow_up": words("More?"), "questions": 2,
         "topics": ["Prices"], "fallback": words("I do not know."), "next": "bye", "not_answered": "sorry"},
        {"id": "bye", "kind": "message", "text": words("Bye."), "next": null},
        {"id": "sorry", "kind": "message", "text": words("Sorry."), "next": null}]);
    let text = |text: &str| Answer::Text { text: text.to_owned() };
    let (stream, fresh) = played(&cards, &[]);
    in_room(&stream, |room| {
        let mut rehearsal = fresh.clone();
        rehearsal.send(room, &Input::Start, None).expect("starts");
        answer(&mut rehearsal, room, text("What is the price?"));
        assert!(matches!(rehearsal.waiting(room), Some(Waiting::AiAnswer { questions_left: 1, .. })));
        answer(&mut rehearsal, room, text("The price?"));
        let said =
            ["Ask me.", "What is the price?", "It is free.", "More?", "The price?", "It is free.", "Bye."];
        assert_eq!(lines(&rehearsal), said);

        let mut rehearsal = fresh.clone();
        rehearsal.send(room, &Input::Start, None).expect("starts");
        answer(&mut rehearsal, room, text("Who are you?"));
        assert_eq!(lines(&rehearsal), ["Ask me.", "Who are you?", "I do not know.", "Sorry."]);

        let mut rehearsal = fresh.clone();
        rehearsal.send(room, &Input::Start, None).expect("starts");
        answer(&mut rehearsal, room, Answer::Skip);
        assert_eq!(lines(&rehearsal), ["Ask me.", "", "Bye."]);
    });
}

/// Spec 03, rule 5: opening a document is an engagement; the card waits until the visitor goes on.
#[test]
fn a_document_engages_and_waits() {
    let cards = serde_json::json!([
        {"id": "read", "title": "Guide", "kind": "document", "text": words("Here it is."), "next": "bye",
         "document": "doc_00000000000000000000000001"},
        {"id": "bye", "kind": "message", "text": words("You read {{answer.Guide}}."), "next": null}]);
    let (stream, mut rehearsal) = played(&cards, &[]);
    in_room(&stream, |room| {
        rehearsal.send(room, &Input::Start, None).expect("starts");
        let open = Input::OpenDocument { card: "read".to_owned() };
        let opened = rehearsal.send(room, &open, None).expect("waits");
        assert_eq!(opened.iter().map(name).collect::<Vec<_>>(), ["open_document", "engaged"]);
        let again = rehearsal.send(room, &open, None).expect("waits");
        assert_eq!(again.iter().map(name).collect::<Vec<_>>(), ["open_document"]);
        answer(&mut rehearsal, room, Answer::Continue);
        assert!(rehearsal.send(room, &open, None).is_err());
    });
    assert_eq!(lines(&rehearsal).last().map(String::as_str), Some("You read Guide."));
}

/// Meetings say what they say when none can be booked; nobody is fetched for a rehearsal.
#[test]
fn hand_overs_fall_back() {
    let cards = serde_json::json!([
        {"id": "meet", "kind": "meeting", "text": words("When?"), "routing": {"by": "round_robin"},
         "booked": null, "not_booked": "chat"},
        {"id": "chat", "kind": "live_chat", "text": words("Wait"), "routing": {"by": "custom_rules"},
         "fallback": words("Nobody, {{person.first_name:\"friend\"}}.")}]);
    let (stream, mut rehearsal) = played(&cards, &[("person.first_name", "Ada")]);
    in_room(&stream, |room| rehearsal.send(room, &Input::Start, None).expect("starts"));
    let said = lines(&rehearsal);
    assert!(said[0].starts_with("We cannot offer you a time"), "{said:?}");
    assert_eq!(said[1..], ["Wait", "Nobody, Ada."]);
    assert!(rehearsal.state.completed);
}

/// The card says its text and asks for an agent; until the chat is over the dialogue takes nothing. Only when nobody came
/// it says its fallback.
#[test]
fn a_live_chat_card_waits_for_people() {
    let cards = serde_json::json!([
        {"id": "chat", "kind": "live_chat", "text": words("Wait"), "routing": {"by": "round_robin"},
         "any_available_agent": true, "fallback": words("Nobody.")}]);
    let stream =
        serde_json::from_value(serde_json::json!({"start": "chat", "cards": cards})).expect("a stream");
    let stream = CompiledStream::new(stream);
    fn turn<'a>(input: &'a Input, client_id: Option<&'a str>) -> Turn<'a> {
        Turn { input, client_id, at: NOW }
    }
    let visitor = Visitor::default();
    let started =
        advance(&stream, &ConversationState::default(), turn(&Input::Start, None), &visitor).expect("starts");
    let names: Vec<String> = started.effects.iter().map(name).collect();
    assert_eq!(names, ["say", "request_chat"]);
    assert_eq!(started.state.with_people(), Some("chat"));
    assert!(matches!(stream::waiting(&stream, &started.state, &visitor), Some(Waiting::LiveChat { .. })));
    for refused in [Input::Restart, Input::Back { card: "chat".to_owned() }, Input::Continue] {
        let outcome = advance(&stream, &started.state, turn(&refused, Some("x")), &visitor);
        assert_eq!(outcome, Err(Refused::NotCurrent), "{refused:?}");
    }
    for (outcome, expected) in [
        (stream::ChatOutcome::NobodyCame, vec!["say", "completed"]),
        (stream::ChatOutcome::Over, vec!["completed"]),
    ] {
        let ended = Input::ChatEnded { outcome };
        let step = advance(&stream, &started.state, turn(&ended, None), &visitor).expect("ends");
        assert_eq!(step.effects.iter().map(name).collect::<Vec<_>>(), expected);
        assert_eq!(step.state.phase, stream::Phase::Ended);
        assert!(advance(&stream, &step.state, turn(&ended, None), &visitor).is_err(), "ends once");
    }
}

#[test]
fn scripts_play_conversations_and_say_where_they_fail() {
    let stream = CompiledStream::new(serde_json::from_str(&demo()).expect("a stream"));
    let script = |steps: serde_json::Value| -> stream::Script {
        serde_json::from_value(serde_json::json!({"name": "Lead", "steps": steps})).expect("a script")
    };
    let good = script(serde_json::json!([
        {"step": "expect_says", "text": "who are you"}, {"step": "expect_asks", "card": "Role"},
        {"step": "choose", "response": "developpeur"},
        {"step": "fill", "values": {"E-mail": "ada@acme.example", "First name": "Ada"}},
        {"step": "expect_goal", "goal": "Lead"}, {"step": "expect_attribute", "attribute": "lead.first_name", "value": "Ada"},
        {"step": "expect_end"}, {"step": "back", "card": "role"}, {"step": "choose", "response": "none"},
        {"step": "expect_says", "text": "bye"}]));
    let played = in_room(&stream, |room| stream::script::play(&good, room));
    assert_eq!(played.failure, None, "{:?}", played.transcript);
    for (steps, step, begins) in [
        (serde_json::json!([{"step": "choose", "response": "Nobody"}]), 0, "“role” offers no response"),
        (
            serde_json::json!([{"step": "choose", "response": "dev"}, {"step": "fill", "values": {"E-mail": "x"}}]),
            1,
            "The card “mail” refuses",
        ),
        (serde_json::json!([{"step": "expect_goal", "goal": "Lead"}]), 0, "The goal “Lead” was not reached"),
        (serde_json::json!([{"step": "expect_says", "text": "Good night"}]), 0, "“Good night” was not said"),
        (serde_json::json!([{"step": "expect_end"}]), 0, "The conversation should be at its end"),
        (serde_json::json!([{"step": "skip"}]), 0, "The card “role” refuses"),
    ] {
        let failure =
            in_room(&stream, |room| stream::script::play(&script(steps), room)).failure.expect("fails");
        assert_eq!(failure.step, Some(step));
        assert!(failure.message.starts_with(begins), "{}", failure.message);
    }
}
