//! What pages and authors rely on: flows that a page starts, flows inside dialogues, cards that act and branch, drafts
//! behind preview links, and conversations of which nothing is recorded.

mod support;

use app::{
    access::Actor,
    dialogues::{self, DialoguePatch, Draft, Handle},
    rehearsals::{author, scripts, visitor},
    sites::ConsentMode,
};
use serde_json::{Value as Json, json};
use support::*;

const PAGE: &str = "https://www.shop.example/pricing";

/// Asks for a colour, and says what was chosen.
fn colours(words: &str) -> Json {
    json!({ "start": "ask", "cards": [
        { "id": "ask", "title": "Colour", "kind": "question", "text": rich(words), "style": "buttons", "responses": [
            { "id": "red", "label": "Red", "next": "said" }, { "id": "blue", "label": "Blue", "next": "said" } ] },
        { "id": "said", "kind": "message", "text": rich("So {{answer.Colour}} for {{context.plan:\"everybody\"}}."), "next": null },
    ] })
}

fn start(flow: impl ToString, more: &Json) -> Json {
    let mut body = json!({ "start_id": id(), "flow_id": flow.to_string(), "url": PAGE });
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

#[tokio::test]
async fn each_start_of_a_flow_is_a_new_conversation_and_an_engaged_one_goes_on() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let flow = server.flow(site.id, "Colours", colours("Which colour?")).await;
    let mut browser = server.browser(&site);
    let body = start(flow, &json!({ "ui": "popup", "context": { "plan": "Pro" } }));
    let first = browser.ok("flows/start", body.clone()).await;
    assert_eq!((text(&first["how"]), text(&first["conversation"]["ui"])), ("recorded", "popup"));
    assert_eq!(browser.ok("flows/start", body).await["conversation"]["id"], first["conversation"]["id"]);
    let second = browser.ok("flows/start", start(flow, &json!({ "context": { "plan": "Pro" } }))).await;
    assert_ne!(second["conversation"]["id"], first["conversation"]["id"]);
    let talk = browser.answer(&second["conversation"], "ask", response("red")).await;
    assert_eq!(said(&talk), ["Red", "So Red for Pro."]);
    assert_eq!(said(&browser.read(&talk).await), ["Which colour?", "Red", "So Red for Pro."]);
    let third = browser.ok("flows/start", start(flow, &json!({}))).await;
    assert_ne!(third["conversation"]["id"], second["conversation"]["id"], "the second one was finished");
    server.stop().await;
}

#[tokio::test]
async fn an_engaged_flow_goes_on_at_its_version_and_on_every_page() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let mut stream = colours("Which colour?");
    stream["cards"][1] = json!({ "id": "said", "kind": "question", "text": rich("Sure?"), "style": "buttons", "responses": [
        { "id": "yes", "label": "Yes", "next": "end" }, { "id": "no", "label": "No", "next": "ask" } ] });
    let end = json!({ "id": "end", "kind": "message", "text": rich("Fine."), "next": null });
    stream["cards"].as_array_mut().expect("cards").push(end);
    let flow = server.flow(site.id, "Colours", stream).await;
    let mut browser = server.browser(&site);
    let begun = browser.ok("flows/start", start(flow, &json!({}))).await;
    let talk = browser.answer(&begun["conversation"], "ask", response("red")).await;
    server.republish_flow(flow, colours("Another colour?")).await;
    let again = browser.ok("flows/start", start(flow, &json!({}))).await;
    assert_eq!(again["conversation"]["id"], talk["id"]);
    assert_eq!(said(&again["conversation"]), ["Which colour?", "Red", "Sure?"]);
    let elsewhere = browser.page("https://www.shop.example/about").await;
    assert_eq!(elsewhere.resolved()["kind"], "continue");
    assert_eq!(elsewhere.resolved()["conversation"]["kind"], "flow");
    server.stop().await;
}

/// Spec 02: in the mode `required` a flow that the visitor starts works for that page view, unrecorded.
#[tokio::test]
async fn without_consent_a_flow_works_and_nothing_is_recorded() {
    let server = server().await;
    let site = server.site(ConsentMode::Required).await;
    let flow = server.flow(site.id, "Colours", colours("Which colour?")).await;
    let mut browser = server.browser(&site);
    let begun = browser.ok("flows/start", start(flow, &json!({ "clicked": true }))).await;
    assert_eq!((text(&begun["how"]), begun["visitor_token"].is_null()), ("unrecorded", true));
    assert!(begun["conversation"]["id"].is_null());
    let answer = |state: &Json| json!({ "state": state, "client_id": id(), "did": { "answer": { "card_id": "ask", "input": response("blue") } } });
    let talk = browser.ok("unrecorded", answer(&begun["state"])).await;
    assert_eq!(said(&talk["conversation"]), ["Which colour?", "Blue", "So Blue for everybody."]);
    let back = json!({ "state": talk["state"], "client_id": id(), "did": { "back": { "card_id": "ask" } } });
    let back = browser.ok("unrecorded", back).await;
    assert_eq!(said(&back["conversation"]), ["Which colour?"]);
    let mut forged = text(&begun["state"]).to_owned();
    forged.insert(3, 'A');
    assert_eq!(browser.post("unrecorded", answer(&json!(forged))).await.status, 422);
    let counts = dialogues::get(&server.app, Handle::flow(flow)).await.expect("a flow").summary.counts;
    assert_eq!((counts.triggered, counts.engaged), (0, 0));
    server.stop().await;
}

#[tokio::test]
async fn before_the_first_click_nothing_is_stored() {
    let server = server().await;
    let site = server.site(ConsentMode::Interaction).await;
    let flow = server.flow(site.id, "Colours", colours("Which colour?")).await;
    let mut browser = server.browser(&site);
    let loaded = browser.ok("flows/start", start(flow, &json!({}))).await;
    assert_eq!((text(&loaded["how"]), loaded["visitor_token"].is_null()), ("waiting_for_click", true));
    assert_eq!(said(&loaded["conversation"]), ["Which colour?"]);
    let clicked = browser.ok("flows/start", start(flow, &json!({ "clicked": true }))).await;
    assert_eq!(text(&clicked["how"]), "recorded");
    let talk = browser.answer(&clicked["conversation"], "ask", response("red")).await;
    assert_eq!(said(&talk), ["Red", "So Red for everybody."]);
    server.stop().await;
}

#[tokio::test]
async fn what_a_page_hands_over_and_which_flow_it_names_is_checked() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let other = server.site(ConsentMode::Open).await;
    let flow = server.flow(other.id, "Colours", colours("Which colour?")).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let mut browser = server.browser(&site);
    for (body, status) in [
        (start(flow, &json!({})), 404),
        (start(dialogue, &json!({})), 404),
        (start(flow, &json!({ "context": { "Not fine": "x" } })), 422),
        (start(flow, &json!({ "context": { "plan": "x".repeat(501) } })), 422),
        (start(flow, &json!({ "more": 1 })), 422),
    ] {
        assert_eq!(browser.post("flows/start", body.clone()).await.status, status, "{body}");
    }
    server.stop().await;
}

/// A dialogue that greets, sets values, branches by them, runs a flow and goes on.
#[tokio::test]
async fn cards_act_branch_and_run_flows() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let list = app::lists::create(&server.app, &Actor::system(), "Fans").await.expect("a list");
    let flow = server.flow(site.id, "Colours", colours("Which colour?")).await;
    let mut content = draft("Hello!");
    content["stream"] = json!({ "start": "role", "cards": [
        { "id": "role", "kind": "question", "text": rich("Who are you?"), "style": "buttons", "attribute": "person.job_title",
          "responses": [ { "id": "boss", "label": "Boss", "next": "mark" }, { "id": "other", "label": "Other", "next": "mark" } ] },
        { "id": "mark", "kind": "action", "next": "which", "actions": [
            { "do": "change_score", "by": 5 }, { "do": "add_to_list", "list": list.id },
            { "do": "interesting_moment", "moment": "web", "text": "A {{person.job_title}} came" } ] },
        { "id": "which", "kind": "branch", "otherwise": "bye", "cases": [ { "id": "1", "name": "Bosses who are fans", "next": "colours",
            "criteria": { "all": [ { "attribute": "person.job_title", "op": "is", "values": ["boss"] },
                { "attribute": "person.score", "op": "at_least", "values": [5] }, { "member_of": list.id, "op": "is_member" } ] } } ] },
        { "id": "colours", "kind": "flow", "flow": flow, "next": "bye" },
        { "id": "bye", "kind": "message", "text": rich("Bye {{answer.Colour:\"stranger\"}}!"), "next": null },
    ] });
    server.dialogue(site.id, "Demo", content).await;

    let mut browser = server.browser(&site);
    let looking = browser.page(PAGE).await;
    browser.shown(&looking).await;
    let talk = browser.open(&looking).await;
    let talk = browser.answer(&talk, "role", response("boss")).await;
    assert_eq!(talk["waiting"]["card_id"], "colours.ask");
    // The flow goes on at the version at which the conversation began.
    server.republish_flow(flow, colours("Another one?")).await;
    let whole = browser.read(&talk).await;
    assert_eq!(said(&whole), ["Who are you?", "Boss", "Which colour?"]);
    browser.answer(&talk, "colours.ask", response("blue")).await;
    assert_eq!(
        said(&browser.read(&talk).await),
        ["Who are you?", "Boss", "Which colour?", "Blue", "So Blue for everybody.", "Bye Blue!"]
    );

    let found = server
        .app
        .store()
        .read()
        .await
        .expect("a session")
        .conversations(&store::ConversationFilter::default(), &store::PageRequest::first(10))
        .await
        .expect("conversations");
    let person = found.items[0].conversation.person_id;
    let mut session = server.app.store().read().await.expect("a session");
    let record = session.person(person).await.expect("read").expect("a person");
    assert_eq!(record.attributes["score"], json!(5.0));
    assert_eq!(session.lists_of(person).await.expect("lists").len(), 1);
    let activities = app::people::activities(&server.app, person, None, &store::PageRequest::first(50))
        .await
        .expect("activities");
    let kinds: Vec<&str> = activities.items.iter().map(|a| a.kind.name()).collect();
    for expected in ["score_changed", "list_added", "interesting_moment", "engaged", "completed"] {
        assert!(kinds.contains(&expected), "{expected}: {kinds:?}");
    }
    drop(session);

    let mut other = server.browser(&site);
    let looking = other.page(PAGE).await;
    other.shown(&looking).await;
    let talk = other.open(&looking).await;
    let talk = other.answer(&talk, "role", response("other")).await;
    assert_eq!(said(&talk).last().map(String::as_str), Some("Bye stranger!"));
    server.stop().await;
}

#[tokio::test]
async fn a_flow_that_something_published_runs_stays_published_and_none_runs_itself() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let inner = server.flow(site.id, "Inner", colours("Which colour?")).await;
    let run =
        json!({ "start": "in", "cards": [ { "id": "in", "kind": "flow", "flow": inner, "next": null } ] });
    server.flow(site.id, "Outer", run.clone()).await;
    let refused = dialogues::unpublish(&server.app, &Actor::system(), Handle::flow(inner)).await;
    assert!(matches!(refused, Err(app::AppError::Conflict(sentence)) if sentence.contains("Outer")));
    let draft: Draft = serde_json::from_value({
        let mut draft = draft("");
        draft["stream"] = run;
        draft
    })
    .expect("a draft");
    let patch = DialoguePatch { draft: Some(draft), ..DialoguePatch::default() };
    dialogues::update(&server.app, &Actor::system(), Handle::flow(inner), None, patch)
        .await
        .expect("a change");
    let refused = dialogues::publish(&server.app, &Actor::system(), Handle::flow(inner)).await;
    assert!(
        matches!(refused, Err(app::AppError::Invalid(errors)) if errors[0].reason.contains("run itself"))
    );
    server.stop().await;
}

#[tokio::test]
async fn a_preview_link_shows_the_draft_to_whoever_opens_it_and_counts_nothing() {
    let server = server().await;
    let site = server.site(ConsentMode::Required).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello!")).await;
    let changed: Draft = serde_json::from_value(draft("A new greeting")).expect("a draft");
    let patch = DialoguePatch { draft: Some(changed), ..DialoguePatch::default() };
    dialogues::update(&server.app, &Actor::system(), dialogue, None, patch).await.expect("a change");
    let request = visitor::LinkRequest { url: format!("{PAGE}?a=1") };
    let link = visitor::link(&server.app, dialogue, &request).await.expect("a link");
    let token = link.url.split("usher_preview=").nth(1).expect("a token").to_owned();

    let mut browser = server.browser(&site);
    let looking = browser.page_with(PAGE, json!({ "preview": token })).await;
    let resolved = looking.resolved().clone();
    assert_eq!(resolved["kind"], "preview");
    assert_eq!(said(&resolved["conversation"]), ["A new greeting", "What brings you here?"]);
    assert!(looking.answer["visitor_token"].is_null());
    let turn = json!({ "state": resolved["state"], "client_id": id(),
        "did": { "answer": { "card_id": "interest", "input": response("look") } } });
    assert_eq!(
        said(&browser.ok("unrecorded", turn).await["conversation"]).last().map(String::as_str),
        Some("Bye!")
    );
    assert_eq!(server.counts(dialogue).await, [0; 5]);

    server.advance_minutes(8 * 24 * 60);
    assert!(browser.page_with(PAGE, json!({ "preview": token })).await.resolved().is_null());
    let mut stranger = server.browser(&server.site(ConsentMode::Open).await);
    assert!(stranger.page_with(PAGE, json!({ "preview": token })).await.resolved().is_null());
    server.stop().await;
}

#[tokio::test]
async fn authors_talk_to_a_draft_as_somebody_and_its_tests_keep_it_from_being_published() {
    let server = server().await;
    let site = server.site(ConsentMode::Open).await;
    let dialogue = server.dialogue(site.id, "Demo", draft("Hello {{person.first_name:\"you\"}}!")).await;
    let turn = author::PreviewTurn {
        attributes: [("lead.first_name".to_owned(), "Ada".to_owned())].into(),
        ..author::PreviewTurn::default()
    };
    let begun = author::preview(&server.app, dialogue, turn).await.expect("a preview");
    assert_eq!(begun.current_card.as_deref(), Some("interest"));
    assert_eq!(begun.passed, ["hello", "interest"]);
    let did =
        serde_json::from_value(json!({ "answer": { "card_id": "interest", "input": response("look") } }))
            .expect("a deed");
    let turn =
        author::PreviewTurn { state: Some(begun.state), did: Some(did), ..author::PreviewTurn::default() };
    let ended = author::preview(&server.app, dialogue, turn).await.expect("a preview");
    assert!(ended.ended);
    assert_eq!(ended.messages[0].text.to_plain(), "Hello Ada!");
    assert_eq!(server.counts(dialogue).await, [0; 5]);

    let mut tested = draft("Hello!");
    tested["tests"] = json!([
        { "name": "Leaves", "steps": [ { "step": "choose", "response": "Just looking" }, { "step": "expect_says", "text": "bye" } ] },
        { "name": "Is a lead", "steps": [ { "step": "choose", "response": "A demo" }, { "step": "expect_goal", "goal": "Demo requested" } ] } ]);
    let draft: Draft = serde_json::from_value(tested).expect("a draft");
    let results = scripts::run(&server.app, dialogue, scripts::TestRun { draft: Some(draft.clone()) })
        .await
        .expect("results");
    assert_eq!(results.results.iter().map(|r| r.failure.is_none()).collect::<Vec<_>>(), [true, false]);
    let patch = DialoguePatch { draft: Some(draft), ..DialoguePatch::default() };
    dialogues::update(&server.app, &Actor::system(), dialogue, None, patch).await.expect("a change");
    let refused = dialogues::publish(&server.app, &Actor::system(), dialogue).await;
    assert!(matches!(refused, Err(app::AppError::Invalid(errors)) if errors[0].field == "/draft/tests/1"));
    server.stop().await;
}
